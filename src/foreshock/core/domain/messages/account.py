"""What did the venues say about our account, and what may we do there?

A user channel says `AccountOrderSeen` and `AccountFillSeen`; requests are answered with the rest.
All of it is in the venue's own keys: the reconciler finds our orders behind them.
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.accounts import (
    AccountPart,
    VenueCondition,
    VenueFill,
    VenueOrder,
    VenuePosition,
)
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.trading import (
    OrderAccepted,
    OrderClosed,
    OrderRejected,
    OrderUnknown,
)
from foreshock.core.domain.units import Instant, Money

AnsweredFact: TypeAlias = OrderAccepted | OrderClosed | OrderRejected | OrderUnknown
VenueState: TypeAlias = Literal["reconciling", "active", "reducing"]
"""reducing: only hedges, unwinds and cancels pass until a person resumes."""


class OrderPrepared(msgspec.Struct, frozen=True, tag=True):
    """An order is signed and may leave once this is on record.

    venue_order_id: the hash known before the send, None where the venue names it later.
    digest: SHA-256 of the body as hex; a repetition must carry the very same bytes.
    """

    order_id: str
    client_id: str
    venue_order_id: str | None
    digest: str


class OrderAnswered(msgspec.Struct, frozen=True, tag=True):
    """What one answer about an order says: words on its state, and fills with the venue's keys."""

    order_id: str
    facts: tuple[AnsweredFact, ...]
    fills: tuple[VenueFill, ...]


class AccountOrderSeen(msgspec.Struct, frozen=True, tag=True):
    """The user channel told how an order of the account stands."""

    venue: str
    order: VenueOrder


class AccountFillSeen(msgspec.Struct, frozen=True, tag=True):
    """The user channel told a fill of the account, or what became of one."""

    venue: str
    fill: VenueFill


class AccountPositionSeen(msgspec.Struct, frozen=True, tag=True):
    """The user channel told what the account holds of a market now: YES, or NO when negative."""

    venue: str
    market: MarketId
    held: int


class OpenOrdersRead(msgspec.Struct, frozen=True, tag=True):
    """All orders of the account that could still trade between these two instants."""

    venue: str
    asked_us: Instant
    recv_us: Instant
    orders: tuple[VenueOrder, ...]


class FillsRead(msgspec.Struct, frozen=True, tag=True):
    """All fills of the account since an instant."""

    venue: str
    asked_us: Instant
    recv_us: Instant
    since_us: Instant
    fills: tuple[VenueFill, ...]


class PositionsRead(msgspec.Struct, frozen=True, tag=True):
    """Everything the account holds.

    unlisted: markets of rows that cannot be read yet, as this desk does not list them.
    """

    venue: str
    asked_us: Instant
    recv_us: Instant
    positions: tuple[VenuePosition, ...]
    unlisted: tuple[MarketId, ...] = ()


class BalanceRead(msgspec.Struct, frozen=True, tag=True):
    """The dollars of the account, those behind open orders included."""

    venue: str
    asked_us: Instant
    recv_us: Instant
    cash: Money


class AccountReadFailed(msgspec.Struct, frozen=True, tag=True):
    """A part of the account could not be read."""

    venue: str
    part: AccountPart
    reason: str


class ExternalHeld(msgspec.Struct, frozen=True, tag=True):
    """Contracts that came or went without us; replaces what was said of this outcome before.

    quantity: negative when less is there than we booked. worth: what limits count for it.
    """

    market: MarketId
    outcome: Outcome
    quantity: int
    worth: Money


class DustBooked(msgspec.Struct, frozen=True, tag=True):
    """A difference too small to trade was moved to the dust account; negative: we gained."""

    market: MarketId
    outcome: Outcome
    quantity: int


class FeesVaried(msgspec.Struct, frozen=True, tag=True):
    """A package paid other fees at a market than it was quoted, for the same contracts.

    is_tolerated: too little to doubt the fees of its pair, or less than was quoted.
    """

    package_id: str
    pair_id: str
    market: MarketId
    quoted: Money
    charged: Money
    is_tolerated: bool = False


class VenueConditionTold(msgspec.Struct, frozen=True, tag=True):
    """The venue said what it lets us do now."""

    venue: str
    condition: VenueCondition
    words: str


class VenueStateChanged(msgspec.Struct, frozen=True, tag=True):
    """What the desk allows itself at a venue, and why."""

    venue: str
    state: VenueState
    reason: str


class VenueArmed(msgspec.Struct, frozen=True, tag=True):
    """A person lets the desk add risk with real money at a venue until an instant."""

    venue: str
    until_us: Instant
    by: str
    words: str


class VenueDisarmed(msgspec.Struct, frozen=True, tag=True):
    """No more risk at a venue."""

    venue: str
    by: str


AccountFact: TypeAlias = (
    OrderPrepared
    | OrderAnswered
    | AccountOrderSeen
    | AccountFillSeen
    | AccountPositionSeen
    | OpenOrdersRead
    | FillsRead
    | PositionsRead
    | BalanceRead
    | AccountReadFailed
    | ExternalHeld
    | DustBooked
    | FeesVaried
    | VenueConditionTold
    | VenueStateChanged
    | VenueArmed
    | VenueDisarmed
)
