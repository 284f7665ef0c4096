"""Which bytes place, change or cancel an order at Kalshi? Checked before anything is sent.

    buy YES at p, sell NO at 1 - p   ->  bid at p      one book, seen from YES
    sell YES at p, buy NO at 1 - p   ->  ask at p

A sale that meets no holding opens the other outcome, so it is counted as that purchase. Only the
`/portfolio/events/orders` routes are live: the older ones answer 410 since June 2026.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from foreshock.adapters.venues.kalshi.markets import QUANTITY_STEP, VENUE
from foreshock.adapters.venues.kalshi.numbers import count as parse_count
from foreshock.adapters.venues.kalshi.numbers import level_price
from foreshock.adapters.venues.kalshi.order_wire import (
    Amendment,
    BookSide,
    CancelItem,
    CancelItems,
    Decrease,
    NewOrder,
    NewOrders,
    SelfTrade,
    WireForce,
)
from foreshock.adapters.venues.kalshi.rest import BASE, escaped, get
from foreshock.adapters.venues.order_path import OrderRef, Prepared, Unsigned
from foreshock.core.domain.errors import InvariantError, OrderRejectedError, OrderUnknownError
from foreshock.core.domain.markets import Action, Market, Outcome
from foreshock.core.domain.messages.trading import PlaceOrder, TimeInForce
from foreshock.core.domain.units import (
    NOTHING,
    SECOND,
    Instant,
    Money,
    Price,
    Quantity,
    Rounding,
    complement,
    format_micros,
    notional,
)

ORDERS = f"{BASE}/portfolio/events/orders"
BATCH = f"{ORDERS}/batched"
PRICE_DECIMALS = 4
PRICE_STEP = 100
"""$0.0001: prices are sent with at most four decimals."""
COUNT_DECIMALS = 2
BATCH_MAX = 10
"""Orders in one request. A batch must fit whole into the write bucket: 100 tokens in the lowest
tier, 10 an order."""
CANCELS_MAX = 50
FORCES: dict[TimeInForce, WireForce] = {
    "ioc": "immediate_or_cancel",
    "fok": "fill_or_kill",
    "gtc": "good_till_canceled",
}
ID_BYTES = 16

Body = TypeVar("Body", bound=msgspec.Struct)


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """What an order carries beyond its terms. expires_us: when a resting one ends by itself.

    group: the order group, an exchange-side fuse, that it counts toward.
    """

    expires_us: Instant | None = None
    is_post_only: bool = False
    self_trade: SelfTrade = "taker_at_cross"
    group: str | None = None
    subaccount: int | None = None


PLAIN = Style()


def client_id(order_id: str) -> str:
    """What Kalshi is told to call an order: always the same for the same order, never reused.

    The venue documents neither length nor alphabet; every recorded one is shaped like this.
    """
    digest = hashlib.sha256(b"foreshock kalshi order\0" + order_id.encode()).digest()
    return str(UUID(bytes=digest[:ID_BYTES]))


def book_side(outcome: Outcome, action: Action) -> BookSide:
    """On which side of the YES book an order stands."""
    return "bid" if (outcome == "yes") == (action == "buy") else "ask"


def price_text(price: Price) -> str:
    """`0.4200`. Raises OrderRejectedError for a price finer than the venue takes."""
    if price % PRICE_STEP:
        raise OrderRejectedError(f"{format_micros(price)} has more than {PRICE_DECIMALS} decimals")
    return format_micros(price, PRICE_DECIMALS)


def count_text(quantity: Quantity) -> str:
    """`10.00`. Raises OrderRejectedError for less than, or no multiple of, 0.01 contract."""
    if quantity <= 0 or quantity % QUANTITY_STEP:
        raise OrderRejectedError(f"{format_micros(quantity)} is no multiple of 0.01 contract")
    return format_micros(quantity, COUNT_DECIMALS)


def prepare(order: PlaceOrder, market: Market, style: Style, now_us: Instant) -> Prepared:
    """The order as it will leave.

    Raises OrderRejectedError for what the venue would refuse, InvariantError for another market.
    """
    if order.market != market.id or market.venue != VENUE:
        raise InvariantError(f"{order.order_id} is for {order.market}, not for {market.id}")
    _refuse_size(order, market)
    _refuse_style(order, style, now_us)
    is_resting = order.time_in_force == "gtc"
    new = NewOrder(
        ticker=market.native_id,
        client_order_id=client_id(order.order_id),
        side=book_side(order.outcome, order.action),
        count=count_text(order.quantity),
        price=_yes_price_text(order, market),
        time_in_force=FORCES[order.time_in_force],
        self_trade_prevention_type=style.self_trade,
        expiration_time=UNSET if style.expires_us is None else style.expires_us // SECOND,
        post_only=style.is_post_only,
        # The venue takes the flag from what takes at once or dies in part, from nothing else.
        reduce_only=order.purpose == "unwind" and order.time_in_force == "ioc",
        cancel_order_on_pause=is_resting,
        order_group_id=style.group or UNSET,
        subaccount=_given(style.subaccount),
    )
    request = Unsigned(
        venue=VENUE,
        kind="place",
        method="POST",
        path=ORDERS,
        body=msgspec.json.encode(new),
        spend=spend_of(new),
    )
    return Prepared(
        order_id=order.order_id,
        client_id=new.client_order_id,
        venue_order_id=None,
        request=request,
    )


def batch(orders: Sequence[Prepared]) -> Unsigned:
    """One request for several orders, each judged by itself; never both legs of a package.

    Raises InvariantError for none or too many.
    """
    if not 1 <= len(orders) <= BATCH_MAX:
        raise InvariantError(f"1 to {BATCH_MAX} orders a request, not {len(orders)}")
    news = tuple(read_order(prepared.request.body) for prepared in orders)
    return msgspec.structs.replace(
        orders[0].request,
        path=BATCH,
        body=msgspec.json.encode(NewOrders(news)),
        spend=Money(sum(spend_of(new) for new in news)),
    )


def cancel(order: OrderRef, subaccount: int | None = None) -> Unsigned:
    """Cancel one order. Raises OrderUnknownError while Kalshi has not named it."""
    named, ticker = _named(order), order.market.partition(":")[2]
    query: dict[str, str | int] = {"market_ticker": ticker}
    if subaccount is not None:
        query["subaccount"] = subaccount
    path = get(f"/portfolio/events/orders/{escaped(named)}", **query).path
    return Unsigned(venue=VENUE, kind="cancel", method="DELETE", path=path)


def cancel_many(orders: Sequence[OrderRef], subaccount: int | None = None) -> Unsigned:
    """Cancel several orders. Raises OrderUnknownError as `cancel`, InvariantError for too many."""
    if not 1 <= len(orders) <= CANCELS_MAX:
        raise InvariantError(f"1 to {CANCELS_MAX} cancels a request, not {len(orders)}")
    items = tuple(
        CancelItem(_named(order), order.market.partition(":")[2], _given(subaccount))
        for order in orders
    )
    body = msgspec.json.encode(CancelItems(items))
    return Unsigned(venue=VENUE, kind="cancel", method="DELETE", path=BATCH, body=body)


def cancel_all(subaccount: int | None = None) -> Unsigned:
    """Cancel everything on every shard; what is placed in the minute after may go too."""
    query = {} if subaccount is None else {"subaccount": subaccount}
    path = get("/portfolio/events/orders", **query).path
    return Unsigned(venue=VENUE, kind="cancel", method="DELETE", path=path)


def amend(
    order: OrderRef, placed: PlaceOrder, market: Market, expires_us: Instant | None = None
) -> Unsigned:
    """Change price, size and expiry of a resting order to those of `placed`.

    placed.quantity counts what is filled already. Only less size or another expiry keeps the
    place in the queue. Raises as `prepare` and `cancel`.
    """
    _refuse_size(placed, market)
    amendment = Amendment(
        ticker=market.native_id,
        side=book_side(placed.outcome, placed.action),
        price=_yes_price_text(placed, market),
        count=count_text(placed.quantity),
        client_order_id=order.client_id,
        expiration_time=UNSET if expires_us is None else expires_us // SECOND,
    )
    return Unsigned(
        venue=VENUE,
        kind="amend",
        method="POST",
        path=f"{ORDERS}/{escaped(_named(order))}/amend",
        body=msgspec.json.encode(amendment),
        spend=spend_of(amendment),
    )


def decrease(order: OrderRef, left: Quantity) -> Unsigned:
    """Leave only so much of a resting order. Raises OrderRejectedError for no valid size."""
    body = Decrease(count_text(left), order.market.partition(":")[2])
    return Unsigned(
        venue=VENUE,
        kind="amend",
        method="POST",
        path=f"{ORDERS}/{escaped(_named(order))}/decrease",
        body=msgspec.json.encode(body),
    )


def spend_of(order: NewOrder | Amendment) -> Money:
    """The most an order can cost, fees aside: a price that holds whatever we own.

    Raises DataError for impossible numbers.
    """
    price, quantity = level_price(order.price), parse_count(order.count)
    if isinstance(order, NewOrder) and order.reduce_only:
        return NOTHING  # capped by what we hold of the other outcome: it only closes
    cost = price if order.side == "bid" else complement(price)
    return notional(cost, quantity, Rounding.UP)


def read_order(body: bytes) -> NewOrder:
    """The order in a placing request of ours. Raises InvariantError for anything else in it."""
    return read_back(body, NewOrder)


def read_back(body: bytes, shape: type[Body]) -> Body:
    """A body of ours, as one of our structs. Raises InvariantError unless it is exactly that."""
    try:
        found = msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvariantError(f"a request that is no {shape.__name__}") from error
    if msgspec.json.encode(found) != body:
        raise InvariantError(f"a request with more in it than its {shape.__name__}")
    return found


def _yes_price_text(order: PlaceOrder, market: Market) -> str:
    price = order.limit if order.outcome == "yes" else complement(order.limit)
    if not market.grid.accepts(price):
        raise OrderRejectedError(
            f"{order.order_id}: {format_micros(order.limit)} for {order.outcome} is no price of"
            f" {market.id}, whose step there is {_step_words(market, price)}"
        )
    return price_text(price)


def _step_words(market: Market, price: Price) -> str:
    step = market.grid.step_at(price)
    return "none" if step is None else format_micros(step)


def _refuse_size(order: PlaceOrder, market: Market) -> None:
    if order.quantity < market.quantity_min or order.quantity % market.quantity_step:
        raise OrderRejectedError(
            f"{order.order_id}: {format_micros(order.quantity)} contracts; {market.id} takes"
            f" {format_micros(market.quantity_min)} and more, in steps of"
            f" {format_micros(market.quantity_step)}"
        )


def _refuse_style(order: PlaceOrder, style: Style, now_us: Instant) -> None:
    if order.time_in_force != "gtc" and (style.is_post_only or style.expires_us is not None):
        raise OrderRejectedError(
            f"{order.order_id}: {order.time_in_force} can neither be post-only nor expire"
        )
    if style.expires_us is not None and style.expires_us // SECOND <= now_us // SECOND:
        raise OrderRejectedError(f"{order.order_id} would expire before it arrives")


def _named(order: OrderRef) -> str:
    if order.venue_order_id is None:
        raise OrderUnknownError(f"{order.order_id}: Kalshi has not named it yet, look it up first")
    return order.venue_order_id


def _given(number: int | None) -> int | UnsetType:
    return UNSET if number is None else number
