"""What was sent to a venue, and what did it answer?"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.accounts import AccountPart
from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.markets import Action, MarketId, Outcome
from foreshock.core.domain.messages.advice import AskModel
from foreshock.core.domain.messages.alerting import Notify
from foreshock.core.domain.messages.conversions import ConversionCommand
from foreshock.core.domain.units import Duration, Instant, Money, Price, Quantity

TimeInForce: TypeAlias = Literal["ioc", "fok", "gtc"]
Purpose: TypeAlias = Literal["enter", "hedge", "unwind"]


class PlaceOrder(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Send one limit order. limit is a price of `outcome`. book_epoch, edge_id: what it rests on.

    Only `enter` adds risk; `hedge` and `unwind` reduce it and pass halts.
    """

    order_id: str
    package_id: str
    market: MarketId
    outcome: Outcome
    action: Action
    limit: Price
    quantity: Quantity
    time_in_force: TimeInForce
    purpose: Purpose
    edge_id: str
    book_epoch: int
    decided_us: Instant


class SendOrder(msgspec.Struct, frozen=True, tag=True):
    """Let a prepared order leave: it is on record."""

    order_id: str
    market: MarketId


class CancelOrder(msgspec.Struct, frozen=True, tag=True):
    """Cancel whatever is left of an order: a request, not a fact."""

    order_id: str
    market: MarketId


class ReadAccount(msgspec.Struct, frozen=True, tag=True):
    """Read a part of a venue account. since_us: how far back, only for fills."""

    venue: str
    part: AccountPart
    since_us: Instant


class SetTimer(msgspec.Struct, frozen=True, tag=True):
    """Deliver `TimerFired` after this delay."""

    timer_id: str
    after: Duration


class TimerFired(msgspec.Struct, frozen=True, tag=True):
    """A timer set by `SetTimer` has elapsed."""

    timer_id: str


class SendRefused(msgspec.Struct, frozen=True, tag=True):
    """The gate did not let an order leave; nothing was sent."""

    order_id: str
    refusal: Refusal


class OrderAccepted(msgspec.Struct, frozen=True, tag=True):
    """The venue took the order and named it."""

    order_id: str
    venue_order_id: str


class OrderFilled(msgspec.Struct, frozen=True, tag=True):
    """Part of an order traded. price is of the order's outcome; fee is what the venue charged.

    is_provisional: the match may still be reverted (Polymarket MATCHED); FillSettled ends that.
    """

    order_id: str
    fill_id: str
    quantity: Quantity
    price: Price
    fee: Money
    is_provisional: bool


class FillSettled(msgspec.Struct, frozen=True, tag=True):
    """A provisional fill became final."""

    order_id: str
    fill_id: str


class FillReverted(msgspec.Struct, frozen=True, tag=True):
    """A provisional fill failed: it never happened."""

    order_id: str
    fill_id: str
    reason: str


class OrderClosed(msgspec.Struct, frozen=True, tag=True):
    """The venue's final word: `filled` contracts in all, nothing more will trade."""

    order_id: str
    filled: Quantity
    reason: str


class OrderRejected(msgspec.Struct, frozen=True, tag=True):
    """The venue refused the order for good; nothing traded."""

    order_id: str
    reason: str


class OrderUnknown(msgspec.Struct, frozen=True, tag=True):
    """The order was sent and its fate is not known: counts at worst case until proven."""

    order_id: str
    reason: str


VenueCommand: TypeAlias = PlaceOrder | SendOrder | CancelOrder | ReadAccount | ConversionCommand
"""What goes to a venue. On paper orders leave as they are placed: the others mean nothing there."""
Command: TypeAlias = VenueCommand | SetTimer | AskModel | Notify
TradingFact: TypeAlias = (
    TimerFired
    | SendRefused
    | OrderAccepted
    | OrderFilled
    | FillSettled
    | FillReverted
    | OrderClosed
    | OrderRejected
    | OrderUnknown
)
