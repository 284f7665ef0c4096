"""Do guardian, executor, bookkeeper, gate and paper venue close packages together?"""

import heapq

import msgspec
import pytest

from foreshock.adapters.venues.paper import PaperTerms, PaperVenue
from foreshock.core.domain.messages.decisions import (
    Halted,
    LimitsMeasured,
    PackageClosed,
    PackageOpened,
    PositionSettled,
    TradeRefused,
)
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.trading import (
    CancelOrder,
    OrderFilled,
    PlaceOrder,
    ReadAccount,
    SendOrder,
    SendRefused,
    SetTimer,
    TimerFired,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import Ledger
from foreshock.core.domain.units import PAYOUT, Duration, Instant, Price
from foreshock.core.engine import Engine
from foreshock.core.execution.bookkeeper import Bookkeeper
from foreshock.core.execution.executor import Executor
from foreshock.core.execution.gate import Gate, GateLimits
from foreshock.core.risk.guardian import RiskGuardian
from tests.trading import START, A, B, book, contracts, dollars, request
from tests.unit.adapters.venues.test_paper import one_percent
from tests.unit.core.risk.desk import LIMITS, healthy

GATE = GateLimits(
    decision_age_max=Duration(1_000_000),
    book_age_max=Duration(600_000_000),
    collar=Price(30_000),
    collar_ppm=150_000,
    collar_floor=Price(10_000),
    orders_per_minute_max=30,
    notional_per_minute_max={"polymarket": dollars(50), "kalshi": dollars(50)},
)


class PaperDesk:
    """The desk's loop without I/O: steps, the gate, the paper venue and timers on one clock."""

    def __init__(self, **faults: int) -> None:
        slow = {"polymarket": (120_000, Duration(4_000_000)), "kalshi": (60_000, None)}
        self.venue = PaperVenue(
            {
                name: msgspec.structs.replace(
                    PaperTerms(latency=Duration(latency), settlement=settlement), **faults
                )
                for name, (latency, settlement) in slow.items()
            },
            one_percent,
        )
        self.gate = Gate(GATE)
        agents = [RiskGuardian(LIMITS), Executor(), Bookkeeper(Ledger()), self.gate]
        self.engine = Engine(agents)
        self.now = START
        self.timers: list[tuple[int, str]] = []
        self.said: list[Message] = []

    def work(self, *inputs: Message) -> None:
        result = self.engine.step(inputs, self.now)
        for entry in result.entries:
            self.venue.observe(entry.message, self.now)
            self.said.append(entry.message)
        for command in result.commands:
            match command:
                case SetTimer():
                    heapq.heappush(self.timers, (self.now + command.after, command.timer_id))
                case CancelOrder() | SendOrder() | ReadAccount():
                    self.venue.perform(command, self.now)
                case PlaceOrder():
                    refused = self.gate.judge(command, self.now)
                    if refused is None:
                        self.venue.perform(command, self.now)
                    else:
                        self.work(refused)
                case _:
                    pass

    def run(self) -> None:
        while self.timers or self.venue.next_due_us() is not None:
            due_us = self.venue.next_due_us()
            if due_us is not None and (not self.timers or due_us <= self.timers[0][0]):
                self.now = Instant(due_us)
                self.work(*self.venue.due(self.now))
            else:
                at_us, timer_id = heapq.heappop(self.timers)
                self.now = Instant(at_us)
                self.work(TimerFired(timer_id))

    def ends(self) -> list[PackageClosed]:
        return [m for m in self.said if isinstance(m, PackageClosed)]


def test_a_package_is_hedged_and_later_paid_out() -> None:
    desk = PaperDesk()
    desk.work(*healthy())
    desk.work(request())
    desk.run()
    (end,) = desk.ends()
    assert (end.outcome, end.quantity) == ("hedged", contracts(10))
    assert end.realised > 0
    assert 0 < end.naked_for < 250_000
    desk.work(MarketResolved(A, PAYOUT, desk.now), MarketResolved(B, PAYOUT, desk.now))
    paid = [m for m in desk.said if isinstance(m, PositionSettled)]
    assert sum(m.received for m in paid) == end.locked
    last = [m for m in desk.said if isinstance(m, LimitsMeasured)][-1]
    assert all(u.used == 0 for u in last.uses)


def test_the_book_gives_only_once() -> None:
    """Twelve contracts are displayed: the second package gets the two that are left."""
    desk = PaperDesk()
    desk.work(*healthy())
    desk.work(book(A, 43, 45, size=12), book(B, 52, 54, size=100))
    desk.work(request("r1"), request("r2"))
    desk.run()
    assert sorted(end.quantity for end in desk.ends()) == [contracts(2), contracts(10)]


def test_a_halt_between_decision_and_send_stops_the_entry() -> None:
    desk = PaperDesk()
    desk.work(*healthy())
    desk.work(request(), HaltRequested("all", "operator", "stop"))
    desk.run()
    assert any(isinstance(m, Halted) for m in desk.said)
    assert any(isinstance(m, SendRefused) for m in desk.said)
    assert not any(isinstance(m, OrderFilled) for m in desk.said)
    assert desk.ends()[0].outcome == "missed"
    desk.work(request("r2"))
    assert any(isinstance(m, TradeRefused) for m in desk.said)


@pytest.mark.parametrize("seed", range(40))
def test_faulty_paper_leaves_no_package_open(seed: int) -> None:
    """Answers lost and late, matches reverted: every package still ends, level or told."""
    desk = PaperDesk(seed=seed, silent_ppm=200_000, late_ppm=200_000, revert_ppm=200_000)
    desk.work(*healthy())
    desk.work(*(request(f"r{number}") for number in range(3)))
    desk.run()
    opened = [m for m in desk.said if isinstance(m, PackageOpened)]
    assert len(desk.ends()) == len(opened) > 0
