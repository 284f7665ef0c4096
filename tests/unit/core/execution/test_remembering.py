"""Is everything that outlives a process learnt, and does what follows from it state what is open?"""

import pytest

from foreshock.core.domain.memory import DeskMemory
from foreshock.core.domain.messages import conversions as c
from foreshock.core.domain.messages.account import FeesVaried
from foreshock.core.domain.messages.decisions import (
    IncidentOpened,
    PackageClosed,
    PackageMoved,
    PackageOpened,
)
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.messages.risk import DeskRestored, RiskRemembered
from foreshock.core.domain.messages.trading import FillSettled, OrderClosed, OrderUnknown
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration, Money
from foreshock.core.execution.remembering import (
    REVERT_COOLDOWN,
    Remembering,
    missing_capital,
    resumption,
)
from tests.trading import START, A, B, closed, contracts, dollars, filled, order, request
from tests.unit.dashboard.risk_told import risk_memory

BANKROLL = {"polymarket": dollars(100), "kalshi": dollars(100)}
SECOND_LEG = order("r1/1.1", market=B, outcome="no", purpose="hedge")
OPENED = PackageOpened("r1", request())


def learnt(*messages: Message) -> DeskMemory:
    fold = Remembering(BANKROLL)
    for message in messages:
        fold.hear(message, START)
    return fold.memory()


def both_legs(*, final: bool = True) -> list[Message]:
    return [
        OPENED,
        order("r1/0.0"),
        filled("r1/0.0", 1, 10, final=final),
        closed("r1/0.0", 10),
        SECOND_LEG,
        filled("r1/1.1", 1, 10, 48),
        closed("r1/1.1", 10),
    ]


def test_a_restart_of_a_restart_changes_nothing() -> None:
    memory = learnt(*both_legs(), RiskRemembered(risk_memory()))
    again = learnt(DeskRestored("run", 7, memory, Duration(0)))
    assert again == memory
    assert memory.risk == risk_memory()


def test_a_larger_bankroll_is_put_in_at_the_restart() -> None:
    memory = learnt(*both_legs())
    fold = Remembering({"polymarket": dollars(150), "kalshi": dollars(80)})
    fold.hear(DeskRestored("run", 7, memory, Duration(0)), START)
    assert fold.ledger.capital() == {"polymarket": dollars(150), "kalshi": dollars(80)}
    assert missing_capital(fold.ledger, BANKROLL) == {
        "polymarket": dollars(-50),
        "kalshi": dollars(20),
    }


def test_pairs_rest_and_wait_across_a_restart() -> None:
    varied = FeesVaried("r1", "pair-1", A, dollars(1), dollars(2))
    memory = learnt(OPENED, PackageMoved("r1", "second_leg", "reverted"), varied)
    assert memory.cooled == {"pair-1": START + REVERT_COOLDOWN}
    assert memory.mischarged == ("pair-1",)
    assert learnt(varied, ResumeRequested("all", "a person")).mischarged == ()
    tolerated = FeesVaried("r1", "pair-1", A, Money(1), Money(2), is_tolerated=True)
    assert learnt(tolerated).mischarged == ()


def kinds(said: list[Message]) -> list[str]:
    return [type(message).__name__ for message in said]


def test_a_level_package_ends_hedged_and_halts_nothing() -> None:
    said = list(resumption(learnt(*both_legs()), ()))
    (ended,) = said
    assert isinstance(ended, PackageClosed)
    assert (ended.outcome, ended.quantity) == ("hedged", contracts(10))


def test_on_paper_what_was_provisional_is_settled_by_now() -> None:
    said = list(resumption(learnt(*both_legs(final=False)), ()))
    assert said[0] == FillSettled("r1/0.0", "r1/0.0#1")
    assert kinds(said[1:]) == ["PackageClosed"]


def test_a_leg_alone_is_an_incident_that_names_it_and_a_halt() -> None:
    memory = learnt(OPENED, order("r1/0.0"), filled("r1/0.0", 1, 4))
    said = list(resumption(memory, ()))
    assert said[0] == OrderClosed("r1/0.0", contracts(4), "the paper venue began anew")
    assert said[1] == IncidentOpened(
        "r1/left", "r1", f"the desk ended while it was open: unhedged: 4 yes of {A}"
    )
    assert isinstance(said[2], PackageClosed)
    assert said[2].outcome == "residual"
    assert isinstance(said[3], HaltRequested)


@pytest.mark.parametrize("silent", [True, False])
def test_an_order_at_a_real_venue_is_never_ended_from_here(*, silent: bool) -> None:
    words: list[Message] = [OPENED, order("r1/0.0")]
    words += [OrderUnknown("r1/0.0", "no answer")] if silent else []
    said = list(resumption(learnt(*words), ("polymarket", "kalshi")))
    assert kinds(said) == ["IncidentOpened", "PackageClosed", "HaltRequested"]


def test_a_package_that_had_ended_is_not_ended_again() -> None:
    memory = learnt(*both_legs(), *resumption(learnt(*both_legs()), ()))
    assert memory.packages == ()
    assert list(resumption(memory, ())) == []


ASKED = c.ConversionRequested("s1", "split", A, contracts(10), "a person")
MADE = c.ConvertSets("s1", "split", A, contracts(10), START, contracts(3), contracts(4))
PREPARED = c.ConversionPrepared("s1", 7, "digest")
LEFT = c.SendConversion("s1", A)
TOLD = c.ConversionTold(conversion_id="s1", verdict="pending", words="", transaction_id="t-1")


def test_everything_said_of_a_conversion_that_is_not_over_outlives_the_desk() -> None:
    words = (ASKED, MADE, PREPARED, LEFT, TOLD)
    memory = learnt(*words)
    assert memory.conversions == (words,)
    assert learnt(DeskRestored("run", 7, memory, Duration(0))) == memory
    assert list(resumption(memory, ["polymarket"])) == []


@pytest.mark.parametrize("words", [(ASKED,), (ASKED, MADE), (ASKED, MADE, PREPARED)])
def test_one_that_never_left_is_over(words: tuple[Message, ...]) -> None:
    memory = learnt(*words)
    (refused,) = resumption(memory, ["polymarket"])
    assert isinstance(refused, c.ConversionRefused)
    assert refused.refusal.code == "NOT_SENT"
    assert learnt(*words, refused).conversions == ()


def test_one_that_is_closed_is_remembered_by_the_books_alone() -> None:
    over = c.ConversionClosed(
        conversion_id="s1",
        kind="split",
        market=A,
        quantity=contracts(10),
        ours=contracts(10),
        outcome="confirmed",
        words="",
    )
    memory = learnt(ASKED, MADE, PREPARED, LEFT, TOLD, over)
    assert memory.conversions == ()
    assert {(t.outcome, t.bought) for t in memory.ledger.turnovers} == {
        ("yes", contracts(10)),
        ("no", contracts(10)),
    }
