"""What does a venue say about our account? Orders, fills and positions in the venue's own keys."""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.markets import Action, MarketId, Outcome
from foreshock.core.domain.units import Instant, Money, Price, Quantity

VenueCondition: TypeAlias = Literal[
    "open",
    "cancel_only",
    "trading_disabled",
    "paused",
    "restarting",
    "geoblocked",
    "closing_only",
    "not_ready",
]
"""What the venue says it lets us do. closing_only: the account may sell what it holds, no more.
trading_disabled, paused: not even cancels on some venues."""
AccountPart: TypeAlias = Literal["orders", "fills", "positions", "balance"]
"""What can be read of an account; orders: those that can still trade."""


class VenueOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as the venue states it. client_id: None where the venue keeps none."""

    venue_order_id: str
    client_id: str | None
    market: MarketId
    outcome: Outcome
    action: Action
    limit: Price
    quantity: Quantity
    filled: Quantity
    is_open: bool


class VenueFill(msgspec.Struct, frozen=True, kw_only=True):
    """One of our fills as the venue states it. id is unique per (venue, trade, order, sequence)."""

    id: str
    venue_order_id: str
    market: MarketId
    outcome: Outcome
    action: Action
    quantity: Quantity
    price: Price
    fee: Money
    status: Literal["provisional", "settled", "reverted"]
    event_us: Instant


class VenuePosition(msgspec.Struct, frozen=True):
    """Contracts of one outcome that the venue says we hold."""

    market: MarketId
    outcome: Outcome
    quantity: Quantity
