"""Does a guardian that is told what an earlier one left judge as that one would have?"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.memory import DeskMemory
from foreshock.core.domain.messages.decisions import (
    Halted,
    IncidentOpened,
    LimitsMeasured,
    PackageOpened,
)
from foreshock.core.domain.messages.operations import ResumeRequested
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.trading import FillReverted, OrderRejected
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration
from foreshock.core.execution.remembering import Remembering
from foreshock.core.risk.limits import Limits
from tests.trading import START, A, dollars, filled, order, request
from tests.unit.core.risk.desk import RiskDesk, healthy, limits
from tests.unit.core.risk.test_guardian import package_closed
from tests.unit.core.risk.test_rules import lost_package
from tests.unit.core.risk.test_stops import hedged_legs


class Remembered(RiskDesk):
    """A guardian, and a memory that hears all that it hears and says."""

    def __init__(self, wanted: Limits) -> None:
        self.fold = Remembering(wanted.bankroll)
        super().__init__(wanted)

    def say(self, *messages: Message, now_us: int = START) -> list[Message]:
        said = super().say(*messages, now_us=now_us)
        for message in (*messages, *said):
            self.fold.hear(message, START)
        return said


def restart(memory: DeskMemory, wanted: Limits) -> tuple[RiskDesk, list[Message]]:
    wire = msgspec.msgpack.decode(msgspec.msgpack.encode(memory), type=DeskMemory)
    desk = RiskDesk(wanted, [])
    said = desk.say(DeskRestored("run", 7, wire, Duration(0)))
    desk.say(*healthy())
    return desk, said


def used(said: list[Message]) -> dict[tuple[str, str], int]:
    (*_, last) = [m for m in said if isinstance(m, LimitsMeasured)]
    return {(use.code, use.scope): use.used for use in last.uses}


ROOMY = limits(drawdown_max_ppm=900_000, daily_loss_max=dollars(99))


@pytest.mark.parametrize(
    ("wanted", "loss", "code"),
    [
        (limits(drawdown_max_ppm=900_000), 20, "DAILY_LOSS"),
        (msgspec.structs.replace(ROOMY, weekly_loss_max=dollars(20)), 20, "WEEKLY_LOSS"),
        (msgspec.structs.replace(ROOMY, monthly_loss_max=dollars(20)), 20, "MONTHLY_LOSS"),
        (limits(daily_loss_max=dollars(99), drawdown_max_ppm=100_000), 20, "DRAWDOWN"),
        (ROOMY, 20, "APPROVED"),
    ],
)
def test_a_stop_that_was_reached_stands_in_the_next_run(
    wanted: Limits, loss: int, code: str
) -> None:
    first = Remembered(wanted)
    first.ask(request("r1"))
    first.say(*lost_package("r1", loss))
    second, _ = restart(first.fold.memory(), wanted)
    assert second.ask(request("r2")) == code
    second.say(ResumeRequested("all", "a person"))
    after = "HALTED" if code in {"MONTHLY_LOSS", "DRAWDOWN"} else code
    assert second.ask(request("r3")) == ("APPROVED" if code == "WEEKLY_LOSS" else after)


@given(st.lists(st.integers(1, 4), max_size=4), st.integers(0, 3))
def test_losses_add_up_over_restarts(losses: list[int], cut: int) -> None:
    whole, parts = Remembered(ROOMY), Remembered(ROOMY)
    for number, loss in enumerate(losses):
        if number == cut:
            memory = parts.fold.memory()
            parts = Remembered(ROOMY)
            parts.say(DeskRestored("run", 7, memory, Duration(0)))
        for desk in (whole, parts):
            desk.ask(request(f"r{number}"))
            desk.say(*lost_package(f"r{number}", loss))
    assert whole.fold.memory().risk == parts.fold.memory().risk


def test_another_bankroll_is_no_profit_and_no_loss() -> None:
    first = Remembered(ROOMY)
    first.ask(request("r1"))
    first.say(*lost_package("r1", 7))
    richer = msgspec.structs.replace(
        ROOMY, bankroll={"polymarket": dollars(500), "kalshi": dollars(50)}
    )
    _, said = restart(first.fold.memory(), richer)
    assert used(said)["DRAWDOWN", "all"] == dollars(7) == used(said)["DAILY_LOSS", "all"]


def test_what_an_open_package_may_still_spend_is_reserved() -> None:
    first = Remembered(ROOMY)
    said = first.say(request("r1"))
    first.say(PackageOpened("r1", request("r1")), order("o1"), filled("o1", 1, 4, fee=40_000))
    _, again = restart(first.fold.memory(), ROOMY)
    assert used(again)["PACKAGES_OPEN_MAX", "all"] == 1
    assert used(again)["MARKET_LIMIT", A] == used(said)["MARKET_LIMIT", A] - 40_000


def test_a_run_of_rejects_goes_on_where_it_was() -> None:
    first = Remembered(ROOMY)
    for number in range(2):
        first.say(order(f"o{number}"), OrderRejected(f"o{number}", "tick"))
    first.ask(request("r1"))
    first.say(package_closed("r1"))
    second, _ = restart(first.fold.memory(), ROOMY)
    said = second.say(order("o9"), OrderRejected("o9", "tick"))
    assert [m.scope for m in said if isinstance(m, Halted)] == ["polymarket"]


def test_a_match_that_reverts_after_its_package_ended_is_told_and_halts_its_venue() -> None:
    first = Remembered(ROOMY)
    first.ask(request("r1"))
    provisional = filled("o1", 1, 10, 45, final=False)
    legs = [
        provisional if message == filled("o1", 1, 10, 45) else message for message in hedged_legs()
    ]
    first.say(*legs, package_closed("r1"))
    second, _ = restart(first.fold.memory(), ROOMY)
    said = second.say(FillReverted("o1", "o1#1", "the match failed"))
    (incident,) = [m for m in said if isinstance(m, IncidentOpened)]
    assert "10 yes of o1 was reverted after its package had ended" in incident.words
    assert [m.scope for m in said if isinstance(m, Halted)] == ["polymarket"]
