"""In which words does the simulated exchange take orders and tell what happened?"""

from collections.abc import Callable
from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.sim.order_groups import GroupChanged
from foreshock.core.domain.markets import Action, FeeTerms, Market, MarketStatus, Outcome, PriceGrid
from foreshock.core.domain.units import Duration, Instant, Money, Price, Quantity
from foreshock.core.pricing.fees import Fill

FeeFunction: TypeAlias = Callable[[Market, Fill, Instant, Money], tuple[Money, Money]]
"""fee_of(market, fill, at_us, carried) -> (fee, carried on).

`fill.price` is of the outcome the order names. carried: 0 for an order's first fill, then what the
fill before handed on. Must answer for every market listed: see `packed_fees` in `exchange_fees.py`.
"""

BookSide: TypeAlias = Literal["bid", "ask"]
"""Seen from YES: bid buys YES or sells NO; ask sells YES or buys NO."""
TimeInForce: TypeAlias = Literal["gtc", "gtd", "ioc", "fok"]
"""ioc is also called FAK: what does not fill at once is cancelled."""
SelfTrade: TypeAlias = Literal["taker_at_cross", "maker"]
"""Who yields when an account meets itself: the incoming order, or the resting one."""
OrderStatus: TypeAlias = Literal["resting", "executed", "canceled"]
MarketEnd: TypeAlias = Literal["closed", "paused", "resumed", "cleared"]
OwnEnd: TypeAlias = Literal["user", "remainder", "self_trade", "reduce_only", "expired", "fee"]
CancelReason: TypeAlias = Literal[MarketEnd, OwnEnd, "group", "post_only_cross"]
RefusalCode: TypeAlias = Literal[
    "account_unknown",
    "market_unknown",
    "market_not_open",
    "price_off_grid",
    "quantity_below_min",
    "quantity_off_lot",
    "expiry_in_past",
    "expiry_mismatch",
    "duplicate_order_id",
    "duplicate_client_order_id",
    "post_only_cross",
    "fok_shortfall",
    "insufficient_balance",
    "reduce_only",
    "order_not_found",
    "group_unknown",
    "group_triggered",
]


class VenuePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Where the two venues differ.

    nets: opposite contracts of one account cancel at once and pay a dollar a set; otherwise the
    account holds both tokens and only sells what it holds. cancels_on_resume: reopening after a
    pause empties the book.
    """

    venue: str
    nets: bool
    cancels_on_resume: bool


KALSHI_POLICY = VenuePolicy(venue="kalshi", nets=True, cancels_on_resume=True)
POLYMARKET_POLICY = VenuePolicy(venue="polymarket", nets=False, cancels_on_resume=False)


class EventInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What groups markets. `id` is Polymarket's event slug or Kalshi's event ticker.

    number: small counter, 1-based, in order of listing. series: series slug or ticker.
    exclusive: exactly one market of the event pays (neg-risk, MECNET).
    strikes_us: the moment the event is about.
    """

    id: str
    number: int
    series: str
    series_title: str
    frequency: str
    title: str
    subtitle: str
    category: str
    tags: tuple[str, ...]
    source_name: str
    source_url: str
    exclusive: bool
    is_augmented: bool
    strikes_us: Instant | None


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A market as the venue publishes it: the shared contract plus what only the wire shows.

    number: small counter, 1-based, in order of listing. short_title: label inside the event.
    strike_type, floor_strike, cap_strike: decimal texts, None when not numeric.
    grid_label: the venue's name of the price grid. settlement_timer: from named to paid.
    starts_us: game or window start; the book is cleared then when `clears_on_start`.
    taker_delay: how long the venue holds crossing orders.
    """

    market: Market
    event: EventInfo
    number: int
    slug: str
    short_title: str
    rules_secondary: str
    strike_type: str | None
    floor_strike: str | None
    cap_strike: str | None
    grid_label: str
    settlement_timer: Duration
    starts_us: Instant | None
    clears_on_start: bool
    taker_delay: Duration
    created_us: Instant


class OrderRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An order as an account sends it; `price` is of the named outcome.

    order_id: given where the venue derives it from the signed order, else the exchange makes one.
    group: the order group whose fuse the order burns, see `order_groups.py`.
    ignores_min: at some venues the smallest quantity binds only what rests.
    """

    account: str
    native_id: str
    outcome: Outcome
    action: Action
    price: Price
    quantity: Quantity
    time_in_force: TimeInForce = "gtc"
    expires_us: Instant | None = None
    post_only: bool = False
    reduce_only: bool = False
    cancel_on_pause: bool = False
    self_trade: SelfTrade = "taker_at_cross"
    order_id: str | None = None
    client_order_id: str | None = None
    group: str | None = None
    ignores_min: bool = False


class OrderState(msgspec.Struct, frozen=True, kw_only=True):
    """One order now. remaining is 0 once canceled; quantity - filled is then what was canceled.

    price, outcome, action as sent; yes_price and side as they stand in the book. cost: notional
    paid or received over the fills, in prices of the sent outcome; fees are beside it.
    """

    order_id: str
    number: int
    client_order_id: str | None
    account: str
    native_id: str
    outcome: Outcome
    action: Action
    side: BookSide
    price: Price
    yes_price: Price
    quantity: Quantity
    filled: Quantity
    remaining: Quantity
    taker_filled: Quantity
    taker_cost: Money
    maker_cost: Money
    taker_fees: Money
    maker_fees: Money
    status: OrderStatus
    cancel_reason: CancelReason | None
    time_in_force: TimeInForce
    expires_us: Instant | None
    self_trade: SelfTrade
    cancel_on_pause: bool
    created_us: Instant
    updated_us: Instant
    trades: tuple[int, ...]
    group: str | None = None


class OrderRefused(msgspec.Struct, frozen=True):
    """The order was not taken; nothing changed."""

    code: RefusalCode
    words: str


class Trade(msgspec.Struct, frozen=True, gc=False, tag=True):
    """One match, at the maker's price. price is of YES.

    taker_side: bid when the taker bought YES or sold NO. *_outcome and *_action as the orders were
    sent, so mint (buy yes x buy no), merge and complementary matches can be told apart.
    """

    native_id: str
    event_us: Instant
    clock: int
    number: int
    price: Price
    quantity: Quantity
    taker_side: BookSide
    taker_outcome: Outcome
    taker_action: Action
    maker_outcome: Outcome
    maker_action: Action
    taker_order: str
    maker_order: str
    taker_account: str
    maker_account: str


class LevelChanged(msgspec.Struct, frozen=True, gc=False, tag=True):
    """The total at one YES price became `total`, by `delta`; caused by one order."""

    native_id: str
    event_us: Instant
    clock: int
    side: BookSide
    price: Price
    total: Quantity
    delta: int
    order_id: str


class OrderUpdated(msgspec.Struct, frozen=True, tag=True):
    """An order of a reported account was accepted, filled in part or whole, or ended."""

    native_id: str
    event_us: Instant
    clock: int
    order: OrderState


class Filled(msgspec.Struct, frozen=True, tag=True):
    """A reported account's part in a trade.

    yes_price: of the book; price: of the outcome its order named. cash: signed change of its cash,
    netting and fee included. position: signed YES net after it.
    """

    native_id: str
    event_us: Instant
    clock: int
    trade: int
    account: str
    order_id: str
    client_order_id: str | None
    outcome: Outcome
    action: Action
    side: BookSide
    price: Price
    yes_price: Price
    quantity: Quantity
    is_taker: bool
    fee: Money
    cash: Money
    position: int


class StatusChanged(msgspec.Struct, frozen=True, gc=False, tag=True):
    """The life-cycle moved on."""

    native_id: str
    event_us: Instant
    clock: int
    before: MarketStatus
    status: MarketStatus


class GridChanged(msgspec.Struct, frozen=True, tag=True):
    """New orders obey another grid; resting orders keep their prices."""

    native_id: str
    event_us: Instant
    clock: int
    before: PriceGrid
    grid: PriceGrid
    label: str


class FeeChanged(msgspec.Struct, frozen=True, tag=True):
    """Fills from now on are charged by these terms; `is_override` False = back to the listed."""

    native_id: str
    event_us: Instant
    clock: int
    fee: FeeTerms | None
    is_override: bool


class Resolved(msgspec.Struct, frozen=True, gc=False, tag=True):
    """Positions were paid: YES at `yes_payout`, NO at a dollar less that."""

    native_id: str
    event_us: Instant
    clock: int
    yes_payout: Price


class MarketCreated(msgspec.Struct, frozen=True, tag=True):
    """A market appeared in the listing."""

    native_id: str
    event_us: Instant
    clock: int
    listing: Listing


ExchangeEvent: TypeAlias = (
    LevelChanged
    | Trade
    | OrderUpdated
    | Filled
    | StatusChanged
    | GridChanged
    | FeeChanged
    | GroupChanged
    | Resolved
    | MarketCreated
)


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Contracts an account holds in one market.

    *_cost: what the held contracts cost, fees apart. traded: notional of all fills, both legs.
    realized: profit of what was closed or netted, fees apart. fees: paid in this market.
    """

    native_id: str
    yes: Quantity
    no: Quantity
    yes_cost: Money
    no_cost: Money
    traded: Money
    realized: Money
    fees: Money
    updated_us: Instant

    @property
    def net(self) -> int:
        """Signed YES contracts."""
        return self.yes - self.no


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What an account was paid when a market settled; costs are of the contracts held then."""

    native_id: str
    yes: Quantity
    no: Quantity
    yes_cost: Money
    no_cost: Money
    yes_payout: Price
    revenue: Money
    fees: Money
    settled_us: Instant


class Balances(msgspec.Struct, frozen=True, kw_only=True):
    """cash: all of it; reserved: promised to open orders; available: what new orders may use."""

    cash: Money
    reserved: Money
    available: Money


class MarketView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything published about one market now. `listing.market` carries current grid and fee.

    clock: number of the market's last event, 0 before any. changed_us: last change of its book.
    yes_payout: known from `proposed` on. proposed_us, settled_us: None until then.
    """

    listing: Listing
    status: MarketStatus
    clock: int
    changed_us: Instant
    updated_us: Instant
    closes_us: Instant | None
    fee_is_override: bool
    best_bid: Price | None
    best_ask: Price | None
    bid_size: Quantity
    ask_size: Quantity
    last_price: Price | None
    last_taker_side: BookSide | None
    volume: Quantity
    volume_cost: Money
    open_interest: Quantity
    yes_payout: Price | None
    closed_us: Instant | None
    proposed_us: Instant | None
    settled_us: Instant | None
    was_disputed: bool
