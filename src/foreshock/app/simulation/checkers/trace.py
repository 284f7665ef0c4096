"""Which order of ours stands behind what the venues hold? One fold that several checkers read.

Whose an order is follows from the bytes that left: its keys were on the wire under our order id.
What became of it follows from the exchange alone.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from foreshock.app.simulation.observed import (
    Arrived,
    Hearing,
    Lost,
    PhaseBegan,
    ProcessEnded,
    ProcessStarted,
    Said,
    Sent,
    TrueFill,
    TrueOrder,
    TruePayout,
    Violation,
)
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.decisions import (
    PackageClosed,
    TradeApproved,
    TradeRequest,
)
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.units import MICRO, PAYOUT, Price

JOURNAL_SUFFIX = "journal.fsj"
Leg: TypeAlias = tuple[str, MarketId, Outcome]
"""(package, market, outcome)."""
TrueId: TypeAlias = tuple[str, str]
"""(venue, venue order id)."""
FillId: TypeAlias = tuple[str, str, str]
"""(venue, fill id, venue order id): one trade can fill two orders of one account."""


class LegTruth(msgspec.Struct):
    """What the exchange did for one leg, reverted fills left out. cost: fees apart."""

    bought: int = 0
    sold: int = 0
    cost: int = 0
    received: int = 0
    fees: int = 0

    @property
    def held(self) -> int:
        """Contracts still held."""
        return self.bought - self.sold


class Trace:
    """Hears first, so that every checker after it reads the world as of this observation."""

    invariant = "trace"

    def __init__(self) -> None:
        self.phase = "hurt"
        self.processes: dict[int, ProcessStarted] = {}
        self.placed: dict[str, PlaceOrder] = {}
        self.packages: dict[str, TradeRequest] = {}
        self.approved_by: dict[str, int] = {}
        self.closed: dict[str, PackageClosed] = {}
        self.flying: dict[int, Sent] = {}
        self.orders: dict[TrueId, TrueOrder] = {}
        self.fills: dict[FillId, TrueFill] = {}
        self.legs: dict[Leg, LegTruth] = {}
        self.payouts: dict[MarketId, Price] = {}
        self._by_key: dict[str, str] = {}

    def hearings(self) -> Mapping[type, Hearing]:
        return {
            PhaseBegan: self._enter,
            ProcessStarted: self._start,
            ProcessEnded: self._end,
            PlaceOrder: self._place,
            TradeApproved: self._approve,
            PackageClosed: self._close,
            Sent: self._send,
            Arrived: self._land,
            Lost: self._land,
            TrueOrder: self._see_order,
            TrueFill: self._see_fill,
            TruePayout: self._pay,
        }

    def owner(self, true_id: TrueId) -> str | None:
        """Our order id behind an order of the venue, None when somebody else placed it."""
        order = self.orders.get(true_id)
        keys = (true_id[1], *(() if order is None else order.keys))
        return next((self._by_key[key] for key in keys if key in self._by_key), None)

    def leg_of(self, order_id: str) -> Leg:
        """The leg that an order of ours works on."""
        placed = self.placed[order_id]
        return placed.package_id, placed.market, placed.outcome

    def truth(self, leg: Leg) -> LegTruth:
        """What the exchange did for a leg."""
        return self.legs.setdefault(leg, LegTruth())

    # ---- hearing -----------------------------------------------------------------------------

    def _enter(self, began: PhaseBegan) -> Iterable[Violation]:
        self.phase = began.phase
        return ()

    def _start(self, started: ProcessStarted) -> Iterable[Violation]:
        self.processes[started.process] = started
        return ()

    def _end(self, ended: ProcessEnded) -> Iterable[Violation]:
        self.processes.pop(ended.process, None)
        return ()

    def _place(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, PlaceOrder):
            self.placed.setdefault(said.message.order_id, said.message)
        return ()

    def _approve(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, TradeApproved):
            request = said.message.request
            self.packages[request.id] = request
            self.approved_by[request.id] = said.process
        return ()

    def _close(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, PackageClosed):
            self.closed[said.message.package_id] = said.message
        return ()

    def _send(self, sent: Sent) -> Iterable[Violation]:
        if sent.kind == "place":
            self.flying[sent.number] = sent
            for key in sent.keys:
                self._by_key[key] = sent.order_id
        return ()

    def _land(self, landed: Arrived | Lost) -> Iterable[Violation]:
        self.flying.pop(landed.number, None)
        return ()

    def _see_order(self, order: TrueOrder) -> Iterable[Violation]:
        self.orders[order.venue, order.venue_order_id] = order
        return ()

    def _see_fill(self, fill: TrueFill) -> Iterable[Violation]:
        fill_id = (fill.venue, fill.fill_id, fill.venue_order_id)
        before = self.fills.get(fill_id)
        self.fills[fill_id] = fill
        order_id = self.owner((fill.venue, fill.venue_order_id))
        placed = self.placed.get(order_id or "")
        if placed is not None:
            truth = self.truth(self.leg_of(placed.order_id))
            _count(truth, placed, before, -1)
            _count(truth, placed, fill, 1)
        return ()

    def _pay(self, paid: TruePayout) -> Iterable[Violation]:
        self.payouts[paid.market] = paid.yes_payout
        return ()


def _count(truth: LegTruth, placed: PlaceOrder, fill: TrueFill | None, sign: int) -> None:
    """As the order was meant: where contracts net, selling NO is told as buying YES."""
    if fill is None or fill.status == "reverted":
        return
    price = fill.price if fill.outcome == placed.outcome else PAYOUT - fill.price
    worth = price * fill.quantity // MICRO
    truth.fees += sign * fill.fee
    if placed.action == "buy":
        truth.bought += sign * fill.quantity
        truth.cost += sign * worth
    else:
        truth.sold += sign * fill.quantity
        truth.received += sign * worth
