"""Every order in which three intents of four steps can meet: no luck, no seeds.

The guardian, executor, sender and gate are the desk's own. A package asks, its order is signed and
leaves, it fills, and its hedge leaves and fills; a person halts and resumes in between. Whatever
the order: one live order a leg (I2), nothing that adds risk behind a halt (I5), no limit exceeded
(I7).
"""

from collections.abc import Callable, Iterator, Sequence

import pytest

from foreshock.core.domain.messages.account import OrderPrepared
from foreshock.core.domain.messages.decisions import Halted, Resumed, TradeApproved
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.messages.trading import (
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    PlaceOrder,
    SendOrder,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant, Money
from foreshock.core.engine import Engine
from foreshock.core.execution.executor import Executor
from foreshock.core.execution.gate import Gate
from foreshock.core.execution.sender import Sender
from foreshock.core.risk.guardian import RiskGuardian
from tests.trading import START, A, request
from tests.unit.core.execution.test_chain import GATE
from tests.unit.core.risk.desk import healthy, limits

PACKAGE_COST = 4_600_000
"""Of the first leg: ten contracts at 45 cents, and ten cents of fees."""
ROOM = Money(11_500_000)
"""Two packages fit into a market, three do not."""
Act = Callable[["Meeting"], None]


class Meeting:
    """One small world; `sent` are orders that left and have not ended."""

    def __init__(self) -> None:
        self.gate = Gate(GATE)
        guardian = RiskGuardian(limits(market_max=ROOM))
        self.engine = Engine([guardian, Executor(), Sender(), self.gate])
        self.now_us = START
        self.decided: dict[str, PlaceOrder] = {}
        self.sent: dict[str, PlaceOrder] = {}
        self.halted: set[str] = set()
        self.approved_count = 0
        self.sends_count = 0
        self.tell(*healthy())

    def tell(self, *messages: Message) -> None:
        self.now_us = Instant(self.now_us + 1_000)
        result = self.engine.step(messages, self.now_us)
        for entry in result.entries:
            self._note(entry.message)
        for command in result.commands:
            if isinstance(command, PlaceOrder):
                refused = self.gate.judge(command, self.now_us)
                if refused is None:
                    self.decided[command.order_id] = command
                else:
                    self.tell(refused)
            elif isinstance(command, SendOrder):
                self._send(self.decided.pop(command.order_id))

    def _note(self, message: Message) -> None:
        match message:
            case TradeApproved():
                self.approved_count += 1
                assert self.approved_count * PACKAGE_COST <= ROOM, "I7"
            case Halted(scope=scope):
                self.halted.add(scope)
            case Resumed(scope=scope):
                self.halted.discard(scope)
            case _:
                pass

    def _send(self, placed: PlaceOrder) -> None:
        """The gate's last look, then the wire."""
        refused = self.gate.judge_again(placed, self.now_us)
        if refused is not None:
            self.tell(refused)
            return
        leg = (placed.package_id, placed.market, placed.outcome)
        alive = {(o.package_id, o.market, o.outcome) for o in self.sent.values()}
        assert leg not in alive, f"I2: {placed.order_id}"
        if placed.purpose == "enter":
            venue = placed.market.partition(":")[0]
            assert not self.halted & {"all", venue}, f"I5: {placed.order_id}"
        self.sent[placed.order_id] = placed
        self.sends_count += 1

    def of(self, orders: dict[str, PlaceOrder], package: str) -> list[PlaceOrder]:
        return [placed for placed in orders.values() if placed.package_id == package]


# ---- the intents ---------------------------------------------------------------------------


def asks(package: str) -> Act:
    return lambda at: at.tell(request(package))


def signs(package: str) -> Act:
    def act(at: Meeting) -> None:
        for placed in at.of(at.decided, package):
            at.tell(OrderPrepared(placed.order_id, "c", None, "d"))

    return act


def fills(package: str) -> Act:
    def act(at: Meeting) -> None:
        for placed in at.of(at.sent, package):
            del at.sent[placed.order_id]
            fill = OrderFilled(
                placed.order_id,
                f"{placed.order_id}#1",
                placed.quantity,
                placed.limit,
                Money(0),
                is_provisional=False,
            )
            end = OrderClosed(placed.order_id, placed.quantity, "filled")
            at.tell(OrderAccepted(placed.order_id, "v"), fill, end)

    return act


def hedges(package: str) -> Act:
    def act(at: Meeting) -> None:
        signs(package)(at)
        fills(package)(at)

    return act


def package_of(name: str) -> tuple[Act, ...]:
    return (asks(name), signs(name), fills(name), hedges(name))


PERSON: tuple[Act, ...] = (
    lambda at: at.tell(HaltRequested("all", "a person", "x")),
    lambda at: at.tell(ResumeRequested("all", "a person")),
    lambda at: at.tell(HaltRequested(A.partition(":")[0], "a person", "y")),
)


def interleavings(counts: Sequence[int], alike: int) -> Iterator[tuple[int, ...]]:
    """Every order of so many steps each; the first `alike` intents begin in their order."""
    order: list[int] = []
    left = list(counts)

    def go(begun: int) -> Iterator[tuple[int, ...]]:
        if not any(left):
            yield tuple(order)
            return
        for intent, count in enumerate(left):
            is_new = count == counts[intent] and intent < alike
            if not count or (is_new and intent > begun):
                continue
            left[intent] -= 1
            order.append(intent)
            yield from go(begun + (is_new and intent == begun))
            order.pop()
            left[intent] += 1

    return go(0)


def meet(intents: Sequence[Sequence[Act]], alike: int) -> tuple[int, int]:
    """Run every interleaving; returns how many there were and how many orders left in all."""
    count = sends = 0
    for order in interleavings([len(intent) for intent in intents], alike):
        at = Meeting()
        steps = [iter(intent) for intent in intents]
        for intent in order:
            next(steps[intent])(at)
        count += 1
        sends += at.sends_count
    return count, sends


def test_all_interleavings_are_counted_once() -> None:
    found = list(interleavings((2, 2), alike=0))
    assert len(found) == len(set(found)) == 6
    assert len(list(interleavings((2, 2), alike=2))) == 3
    assert len(list(interleavings((4, 4, 4), alike=3))) == 5_775


def test_F4_three_packages_never_pass_one_limit_together() -> None:
    count, sends = meet([package_of(name) for name in ("r1", "r2", "r3")], alike=3)
    assert count == 5_775
    assert sends > count, "packages did trade"


def test_F4_a_person_who_halts_and_resumes_is_obeyed_in_every_order() -> None:
    """Up to the fill of the first legs; with the hedges it is one of the long tests."""
    count, sends = meet([*(package_of(name)[:3] for name in ("r1", "r2")), PERSON], alike=2)
    assert count == 840
    assert sends > count // 2


@pytest.mark.soak
def test_F4_a_person_is_obeyed_in_every_order_hedges_and_all() -> None:
    count, sends = meet([*(package_of(name) for name in ("r1", "r2")), PERSON], alike=2)
    assert count == 5_775
    assert sends > count
