"""Where does an order stand, and how many contracts may it have traded?

    submitted -> live -> partial ------------------------.
        |  \\       \\        \\                             v
        |   `-------`---------`-> cancelling, unknown -> counting -> provisional
        |                                  |                |            |
        v                                  v                v            v
    refused, rejected          rejected, or the end: filled | killed | cancelled | reverted

The end is the venue's final word (`OrderClosed`, or every contract filled). `counting`: the word
is in, some fills it counted are not. `provisional`: all fills are in, some may still be reverted.
Silence moves an order to `unknown` and nothing but the venue's proof moves it out again; until
then it counts with everything it could have traded.

Answers arrive in any order and more than once: repeats change nothing, a fill may precede its
acknowledgement and its settlement may precede the fill.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.messages.trading import (
    FillReverted,
    FillSettled,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderRejected,
    OrderUnknown,
    PlaceOrder,
    SendRefused,
)
from foreshock.core.domain.units import Money, Price, Quantity, Rounding, notional

OrderState: TypeAlias = Literal[
    "submitted",
    "live",
    "partial",
    "cancelling",
    "unknown",
    "counting",
    "provisional",
    "filled",
    "killed",
    "cancelled",
    "reverted",
    "rejected",
    "refused",
]
OrderEvent: TypeAlias = Literal[
    "accepted",
    "traded",
    "cancel_asked",
    "silent",
    "rejected",
    "refused",
    "ended_counting",
    "ended_provisional",
    "ended_filled",
    "ended_killed",
    "ended_cancelled",
    "ended_reverted",
]
"""ended_*: the final word is known, and this is what the fills then say."""
FillStatus: TypeAlias = Literal["provisional", "settled", "reverted"]
OrderFact: TypeAlias = (
    SendRefused
    | OrderAccepted
    | OrderFilled
    | FillSettled
    | FillReverted
    | OrderClosed
    | OrderRejected
    | OrderUnknown
)
"""Everything that can be said about a sent order; all of them carry `order_id`."""

_ENDS: Mapping[OrderEvent, OrderState] = {
    "ended_counting": "counting",
    "ended_provisional": "provisional",
    "ended_filled": "filled",
    "ended_killed": "killed",
    "ended_cancelled": "cancelled",
    "ended_reverted": "reverted",
}

TRANSITIONS: Mapping[OrderState, Mapping[OrderEvent, OrderState]] = {
    "submitted": {
        "accepted": "live",
        "traded": "partial",
        "cancel_asked": "cancelling",
        "silent": "unknown",
        "rejected": "rejected",
        "refused": "refused",
        **_ENDS,
    },
    "live": {
        "accepted": "live",
        "traded": "partial",
        "cancel_asked": "cancelling",
        "silent": "unknown",
        **_ENDS,
    },
    "partial": {
        "accepted": "partial",
        "traded": "partial",
        "cancel_asked": "cancelling",
        "silent": "unknown",
        **_ENDS,
    },
    "cancelling": {
        "accepted": "cancelling",
        "traded": "cancelling",
        "cancel_asked": "cancelling",
        "silent": "unknown",
        "rejected": "rejected",
        "refused": "refused",
        **_ENDS,
    },
    # Neither an acknowledgement nor a fill says what became of the rest.
    "unknown": {
        "accepted": "unknown",
        "traded": "unknown",
        "cancel_asked": "unknown",
        "silent": "unknown",
        "rejected": "rejected",
        "refused": "refused",  # silent because it had not left: the gate's word proves it
        **_ENDS,
    },
    "counting": {
        "accepted": "counting",
        "cancel_asked": "counting",
        "silent": "counting",
        **_ENDS,
    },
    "provisional": {
        "accepted": "provisional",
        "cancel_asked": "provisional",
        "silent": "provisional",
        "ended_provisional": "provisional",
        "ended_filled": "filled",
        "ended_killed": "killed",
        "ended_cancelled": "cancelled",
        "ended_reverted": "reverted",
    },
    "filled": {
        "accepted": "filled",
        "cancel_asked": "filled",
        "silent": "filled",
        "ended_filled": "filled",
    },
    "killed": {
        "accepted": "killed",
        "cancel_asked": "killed",
        "silent": "killed",
        "ended_killed": "killed",
    },
    "cancelled": {
        "accepted": "cancelled",
        "cancel_asked": "cancelled",
        "silent": "cancelled",
        "ended_cancelled": "cancelled",
    },
    "reverted": {
        "accepted": "reverted",
        "cancel_asked": "reverted",
        "silent": "reverted",
        "ended_reverted": "reverted",
    },
    # A later "closed with nothing filled" says the same once more.
    "rejected": {
        "rejected": "rejected",
        "cancel_asked": "rejected",
        "silent": "rejected",
        "ended_killed": "rejected",
        "ended_cancelled": "rejected",
    },
    "refused": {"refused": "refused", "cancel_asked": "refused"},
}
"""The one table of the life-cycle; a pair that is not in it cannot happen."""

OVER: frozenset[OrderState] = frozenset({
    "provisional",
    "filled",
    "killed",
    "cancelled",
    "reverted",
    "rejected",
    "refused",
})
"""Nothing more will trade and every fill is known."""
FINAL: frozenset[OrderState] = OVER - {"provisional"}


class Fill(msgspec.Struct, frozen=True):
    """Part of an order that traded. price is of the order's outcome."""

    id: str
    quantity: Quantity
    price: Price
    fee: Money


class FillChange(msgspec.Struct, frozen=True):
    """What a fact did to one fill; before is None when the fill is new."""

    fill: Fill
    before: FillStatus | None
    after: FillStatus


class Order:
    """The fold of everything said about one order."""

    __slots__ = ("_fates", "_final", "_statuses", "cancel_asked", "fills", "placed", "state")

    def __init__(self, placed: PlaceOrder) -> None:
        self.placed = placed
        self.state: OrderState = "submitted"
        self.cancel_asked = False
        self.fills: dict[str, Fill] = {}
        self._statuses: dict[str, FillStatus] = {}
        self._fates: dict[str, FillStatus] = {}
        self._final: Quantity | None = None

    def apply(self, fact: OrderFact) -> FillChange | None:
        """Take in one fact; returns the fill it changed, None when no fill changed.

        Raises InvariantError for what cannot happen: an illegal transition, more filled than
        ordered or counted, one fill id with two contents, a settled fill reverted.
        """
        change: FillChange | None = None
        match fact:
            case OrderFilled():
                change = self._fill(fact)
            case FillSettled():
                change = self._resolve(fact.fill_id, "settled")
            case FillReverted():
                change = self._resolve(fact.fill_id, "reverted")
            case OrderClosed():
                self._close(fact.filled)
            case _:
                pass
        self._move(self._event(fact))
        return change

    def ask_cancel(self) -> None:
        """A cancel was asked for: a request, so nothing ends by it."""
        self.cancel_asked = self.cancel_asked or not self.is_over
        self._move("cancel_asked")

    def matched(self) -> Quantity:
        """Contracts that traded, those reverted later included."""
        return Quantity(sum(f.quantity for f in self.fills.values()))

    def held(self) -> Quantity:
        """Contracts that traded and were not reverted."""
        return Quantity(sum(f.quantity for f in self.lasting()))

    def provisional(self) -> Quantity:
        """Contracts of fills that may still be reverted."""
        quantities = (f.quantity for f in self.fills.values() if self.is_provisional(f.id))
        return Quantity(sum(quantities))

    def is_provisional(self, fill_id: str) -> bool:
        """Whether a fill may still be reverted."""
        return self._statuses.get(fill_id) == "provisional"

    def status_of(self, fill_id: str) -> FillStatus:
        """How a fill of this order stands. Raises KeyError for one that is not."""
        return self._statuses[fill_id]

    def lasting(self) -> list[Fill]:
        """The fills that were not reverted, in the order of arrival."""
        return [f for f in self.fills.values() if self._statuses[f.id] != "reverted"]

    def cash(self) -> Money:
        """Dollars paid (buy, rounded up) or received (sell, rounded down), fees aside."""
        rounding = Rounding.UP if self.placed.action == "buy" else Rounding.DOWN
        return Money(sum(notional(f.price, f.quantity, rounding) for f in self.lasting()))

    def fees(self) -> Money:
        """Fees of the fills that were not reverted."""
        return Money(sum(f.fee for f in self.lasting()))

    def worst_case(self) -> Quantity:
        """Most contracts this order may turn out to have traded."""
        if self.state in {"rejected", "refused"}:
            return Quantity(0)
        if self._final is not None:
            return self._final
        return self.placed.quantity

    @property
    def is_over(self) -> bool:
        """Nothing more will trade and every fill is known, provisional ones included."""
        return self.state in OVER

    @property
    def is_final(self) -> bool:
        """Over, and nothing can be reverted any more."""
        return self.state in FINAL

    def _fill(self, fact: OrderFilled) -> FillChange | None:
        fill = Fill(fact.fill_id, fact.quantity, fact.price, fact.fee)
        known = self.fills.get(fill.id)
        if known is None:
            return self._new_fill(fill, is_provisional=fact.is_provisional)
        if known != fill:
            raise InvariantError(f"{self.placed.order_id}: fill {fill.id} told in two ways")
        if not fact.is_provisional:  # the venue repeats it, now as final
            return self._resolve(fill.id, "settled")
        return None

    def _new_fill(self, fill: Fill, *, is_provisional: bool) -> FillChange:
        if fill.quantity <= 0:
            raise InvariantError(f"{self.placed.order_id}: fill {fill.id} of nothing")
        self.fills[fill.id] = fill
        early = self._fates.pop(fill.id, None)
        status: FillStatus = early or ("provisional" if is_provisional else "settled")
        if early == "reverted" and not is_provisional:
            raise InvariantError(f"{self.placed.order_id}: final fill {fill.id} reverted")
        self._statuses[fill.id] = status
        if self.matched() > self.worst_case():
            raise InvariantError(f"{self.placed.order_id}: more filled than ordered or counted")
        if self.matched() == self.placed.quantity:
            self._final = self.placed.quantity
        return FillChange(fill, None, status)

    def _resolve(self, fill_id: str, fate: FillStatus) -> FillChange | None:
        """A provisional fill found its end; one not seen yet is remembered."""
        status = self._statuses.get(fill_id) or self._fates.setdefault(fill_id, fate)
        if status == fate:
            return None
        if status != "provisional":
            raise InvariantError(f"{self.placed.order_id}: fill {fill_id} {status} and {fate}")
        self._statuses[fill_id] = fate
        return FillChange(self.fills[fill_id], status, fate)

    def _close(self, filled: Quantity) -> None:
        if self._final not in {None, filled} or not self.matched() <= filled <= self.worst_case():
            raise InvariantError(
                f"{self.placed.order_id}: closed with {filled}, matched {self.matched()}"
                f" of {self.placed.quantity}"
            )
        self._final = filled

    def _event(self, fact: OrderFact) -> OrderEvent:
        match fact:
            case OrderAccepted():
                return "accepted"
            case OrderUnknown():
                return "silent"
            case OrderRejected():
                return self._nothing_traded("rejected")
            case SendRefused():
                return self._nothing_traded("refused")
            case _:
                return "traded" if self._final is None else self._ending()

    def _nothing_traded(self, event: OrderEvent) -> OrderEvent:
        if self.fills:
            raise InvariantError(f"{self.placed.order_id}: {event} after it traded")
        return event

    def _ending(self) -> OrderEvent:
        statuses = self._statuses.values()
        if self.matched() != self._final:
            return "ended_counting"
        if "provisional" in statuses:
            return "ended_provisional"
        if "reverted" in statuses:
            return "ended_reverted"
        if self._final == self.placed.quantity:
            return "ended_filled"
        return "ended_cancelled" if self.cancel_asked else "ended_killed"

    def _move(self, event: OrderEvent) -> None:
        # A fate heard before its fill says nothing about what trades.
        if event == "traded" and not self.fills:
            return
        following = TRANSITIONS[self.state].get(event)
        if following is None:
            raise InvariantError(f"{self.placed.order_id}: {event} while {self.state}")
        self.state = following
