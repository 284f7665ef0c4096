"""What do the bodies of Kalshi's private REST API look like, as far as we send and read them?

As in `wire.py`: needed fields only, a required field has no default, others are tolerated. What is
sent forbids others, so that a signer reading it back sees everything in it. Source: OpenAPI 3.34.0
of October 2026, and answers recorded at the demo exchange in June 2026.
"""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from foreshock.adapters.venues.kalshi.wire import Milliseconds, Moment, Number, Seconds, Shard

BookSide: TypeAlias = Literal["bid", "ask"]
"""Of the one book, seen from YES: `ask` sells YES, which is buying NO at the complement."""
WireForce: TypeAlias = Literal["good_till_canceled", "immediate_or_cancel", "fill_or_kill"]
SelfTrade: TypeAlias = Literal["taker_at_cross", "maker"]
"""Who is cancelled where our own orders would meet: the incoming one, or the resting one."""
Subaccount: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=63)]
Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]

# ---- sent ----------------------------------------------------------------------------------


class NewOrder(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One order. price is a YES price; count and price are texts, numbers are refused."""

    ticker: Name
    client_order_id: Name
    side: BookSide
    count: str
    price: str
    time_in_force: WireForce
    self_trade_prevention_type: SelfTrade
    expiration_time: Seconds | UnsetType = UNSET
    post_only: bool = False
    reduce_only: bool = False
    cancel_order_on_pause: bool = False
    order_group_id: Name | UnsetType = UNSET
    subaccount: Subaccount | UnsetType = UNSET


class NewOrders(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Several orders in one request, each judged by itself."""

    orders: tuple[NewOrder, ...]


class CancelItem(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """market_ticker routes it to its shard: an order id alone would mean shard 0."""

    order_id: Name
    market_ticker: Name
    subaccount: Subaccount | UnsetType = UNSET


class CancelItems(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Several cancels in one request."""

    orders: tuple[CancelItem, ...]


class Amendment(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """count: what is filled already plus what shall rest. expiration_time: 0 removes the expiry."""

    ticker: Name
    side: BookSide
    price: str
    count: str
    client_order_id: Name
    updated_client_order_id: Name | UnsetType = UNSET
    expiration_time: Seconds | UnsetType = UNSET


class Decrease(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What shall be left of an order."""

    reduce_to: str
    market_ticker: Name


class GroupLimit(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Most contracts a group may trade in any 15 seconds; the shard only when it is created."""

    contracts_limit_fp: str
    exchange_index: Shard | UnsetType = UNSET
    subaccount: Subaccount | UnsetType = UNSET


# ---- read ----------------------------------------------------------------------------------


class CreatedOrder(msgspec.Struct, frozen=True):
    """Answer of a create. remaining_count of what may not rest is what is left: nothing."""

    order_id: Name
    fill_count: str
    remaining_count: str
    ts_ms: Milliseconds
    client_order_id: str | None = None


class ItemError(msgspec.Struct, frozen=True):
    """Why one item of a batch failed."""

    code: str
    message: str = ""
    details: str = ""


class BatchItem(msgspec.Struct, frozen=True):
    """One item of a batch answer, create or cancel. Everything may be missing beside an error."""

    order_id: str | None = None
    client_order_id: str | None = None
    fill_count: str | None = None
    remaining_count: str | None = None
    reduced_by: str | None = None
    ts_ms: Milliseconds | None = None
    error: ItemError | None = None


class BatchBody(msgspec.Struct, frozen=True):
    """Answer of a batch."""

    orders: list[BatchItem]


class CancelledOrder(msgspec.Struct, frozen=True):
    """Answer of a cancel: reduced_by was resting and no longer is. It counts no fills."""

    order_id: Name
    reduced_by: str
    ts_ms: Milliseconds


class ChangedOrder(msgspec.Struct, frozen=True):
    """Answer of a decrease or an amend. An amend states the count only when it changed."""

    order_id: Name
    ts_ms: Milliseconds
    remaining_count: str | None = None


class OrderRow(msgspec.Struct, frozen=True):
    """An order of ours. The prices stay the limit, also when it filled better."""

    order_id: Name
    client_order_id: str
    ticker: Name
    outcome_side: str
    book_side: str
    status: str
    yes_price_dollars: str
    no_price_dollars: str
    fill_count_fp: str
    remaining_count_fp: str
    initial_count_fp: str


class OrderBody(msgspec.Struct, frozen=True):
    """Answer of `GET /portfolio/orders/{id}`."""

    order: OrderRow


class OrdersPage(msgspec.Struct, frozen=True):
    """One page, newest first; an empty cursor marks the last."""

    orders: list[OrderRow]
    cursor: str


class FillRow(msgspec.Struct, frozen=True):
    """A fill of ours. fee_cost is the net fee; trade_id is what the stream calls it too."""

    trade_id: Name
    order_id: Name
    ticker: Name
    outcome_side: str
    book_side: str
    count_fp: str
    yes_price_dollars: str
    no_price_dollars: str
    fee_cost: str
    created_time: Moment | None = None
    ts: Seconds | None = None


class FillsPage(msgspec.Struct, frozen=True):
    """One page, newest first."""

    fills: list[FillRow]
    cursor: str


class PositionRow(msgspec.Struct, frozen=True):
    """position_fp above 0 is YES, below 0 is NO: the two net at once."""

    ticker: Name
    position_fp: str


class PositionsPage(msgspec.Struct, frozen=True):
    """One page; the cursor may be absent from the last."""

    market_positions: list[PositionRow]
    cursor: str = ""


class ShardBalance(msgspec.Struct, frozen=True):
    """Dollars on one shard."""

    exchange_index: Shard
    balance: str


class BalanceBody(msgspec.Struct, frozen=True):
    """balance_breakdown is left out for a key that is locked to a subaccount."""

    balance_dollars: str
    updated_ts: Seconds
    balance_breakdown: list[ShardBalance] | None = None


class SettlementRow(msgspec.Struct, frozen=True):
    """revenue and value are cents. fee_cost repeats the trading fees: it is no further charge."""

    ticker: Name
    market_result: str
    yes_count_fp: str
    no_count_fp: str
    revenue: int
    settled_time: Moment
    fee_cost: str
    value: int | None = None


class SettlementsPage(msgspec.Struct, frozen=True):
    """One page; the cursor may be absent from the last."""

    settlements: list[SettlementRow]
    cursor: str = ""


class QueueRow(msgspec.Struct, frozen=True):
    """Contracts that stand before an order."""

    order_id: Name
    queue_position_fp: str


class QueueBody(msgspec.Struct, frozen=True):
    """Answer of `GET /portfolio/orders/queue_positions`."""

    queue_positions: list[QueueRow]


class FreshnessBody(msgspec.Struct, frozen=True):
    """How fresh orders, fills, positions and balance read by REST are."""

    as_of_time: Moment


class CreatedGroup(msgspec.Struct, frozen=True):
    """Answer of a created group."""

    order_group_id: Name
    exchange_index: Shard = 0


class GroupBody(msgspec.Struct, frozen=True):
    """One group: whether it trips at all, at how many contracts, and its orders."""

    is_auto_cancel_enabled: bool
    orders: list[str]
    contracts_limit_fp: str | None = None
    exchange_index: Shard | None = None


class GroupRow(msgspec.Struct, frozen=True):
    """A group in the list of groups."""

    id: Name
    is_auto_cancel_enabled: bool
    contracts_limit_fp: str | None = None
    exchange_index: Shard | None = None


class GroupsBody(msgspec.Struct, frozen=True):
    """All groups of the account; the key is absent when there are none."""

    order_groups: list[GroupRow] = []


class BucketRow(msgspec.Struct, frozen=True):
    """Tokens a bucket gains a second, and holds at most."""

    refill_rate: Annotated[int, msgspec.Meta(gt=0, le=10_000_000)]
    bucket_capacity: Annotated[int, msgspec.Meta(gt=0, le=10_000_000)]


class LimitsBody(msgspec.Struct, frozen=True):
    """Answer of `GET /account/limits`."""

    usage_tier: str
    read: BucketRow
    write: BucketRow


class CostRow(msgspec.Struct, frozen=True):
    """An endpoint whose cost is not the default; the path holds `:name` and `*name` segments."""

    method: str
    path: str
    cost: Number


class CostsBody(msgspec.Struct, frozen=True):
    """Answer of `GET /account/endpoint_costs`."""

    default_cost: Number
    endpoint_costs: list[CostRow]
