"""What does our Kalshi account hold, owe and wait for? Requests and pages, pure.

Orders and fills are stated as purchases: a bid buys YES, an ask buys NO at the complement, because
the venue's own words do not tell a sale from a purchase of the other outcome. Reads lag writes:
an order read right after its cancel was still resting.
"""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.kalshi import order_wire, wire
from foreshock.adapters.venues.kalshi.markets import VENUE, market_id
from foreshock.adapters.venues.kalshi.numbers import (
    amount,
    count,
    instant,
    level_price,
    signed_count,
)
from foreshock.adapters.venues.kalshi.order_wire import FillRow, OrderRow
from foreshock.adapters.venues.kalshi.outcomes import retry_after_us
from foreshock.adapters.venues.kalshi.rest import OK, body_of, error_words, escaped, get
from foreshock.adapters.venues.order_path import Reading, Unsigned
from foreshock.core.domain.accounts import AccountPart, VenueFill, VenueOrder, VenuePosition
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.units import PAYOUT, SECOND, Instant, Money, Price, Quantity

PAGE_MAX = 1_000
CENT = 10_000
OUTCOMES: Mapping[tuple[str, str], Outcome] = {("yes", "bid"): "yes", ("no", "ask"): "no"}
"""The outcome bought, by (outcome_side, book_side): the two fields that are there to stay."""
OPEN: Mapping[str, bool] = {"resting": True, "canceled": False, "executed": False}
RESULTS = frozenset({"yes", "no", "scalar"})

Shape = TypeVar("Shape")


class Balances(msgspec.Struct, frozen=True):
    """Dollars available, in all and by shard; an order needs them on the shard of its market.

    Whether dollars behind resting orders are still in here is not documented. by_shard: empty for
    a key that is locked to a subaccount.
    """

    cash: Money
    by_shard: Mapping[int, Money]
    updated_us: Instant


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """A market that paid. payout: of one YES contract, None where the venue does not say.

    fees: those of trading, stated once more; settling itself costs nothing.
    """

    market: MarketId
    result: str
    yes: Quantity
    no: Quantity
    revenue: Money
    payout: Price | None
    fees: Money
    settled_us: Instant


class KalshiReader:
    """An `AccountReader`. subaccount: None leaves it to the venue."""

    def __init__(self, subaccount: int | None = None) -> None:
        self._subaccount = subaccount

    def read(self, part: AccountPart, since_us: Instant, cursor: str | None) -> Unsigned:
        """The request for a page; the cursor goes with the same filters it came from."""
        query: dict[str, str | int] = {}
        if part != "balance":
            query["limit"] = PAGE_MAX
        match part:
            case "orders":
                query["status"] = "resting"
            case "fills":
                query["min_ts"] = max(0, since_us) // SECOND
            case "positions":
                query["count_filter"] = "position"
            case "balance":
                pass
        if self._subaccount is not None:
            query["subaccount"] = self._subaccount
        if cursor:
            query["cursor"] = cursor
        return reading(f"/portfolio/{part}", **query)

    def wait_us(self, answer: HttpResponse) -> int | None:
        """As a proxy says, or until tokens are back."""
        return retry_after_us(answer)

    def heard(self, part: AccountPart, answer: HttpResponse) -> Reading:
        """Raises DataError for a shape nobody knows, VenueUnavailableError for anything but 200."""
        if answer.status != OK:
            words = error_words(answer.body)
            raise VenueUnavailableError(f"Kalshi answered {answer.status}: {words}")
        match part:
            case "orders":
                orders = read_orders(answer)
                still_open = tuple(order for order in orders.orders if order.is_open)
                return msgspec.structs.replace(orders, orders=still_open)
            case "fills":
                return read_fills(answer)
            case "positions":
                return read_positions(answer)
            case "balance":
                return Reading(cash=read_balances(answer).cash)


def reading(path: str, **query: str | int) -> Unsigned:
    """A signed GET."""
    return Unsigned(venue=VENUE, kind="read", method="GET", path=get(path, **query).path)


def order_reading(venue_order_id: str) -> Unsigned:
    """One order by the venue's id; 404 may follow right after it was placed."""
    return reading(f"/portfolio/orders/{escaped(venue_order_id)}")


def settlements_reading(since_us: Instant, cursor: str | None = None) -> Unsigned:
    """What was settled since."""
    query: dict[str, str | int] = {"limit": PAGE_MAX, "min_ts": max(0, since_us) // SECOND}
    return reading("/portfolio/settlements", **query, **({"cursor": cursor} if cursor else {}))


def queue_reading(tickers: tuple[str, ...]) -> Unsigned:
    """Where our resting orders of these markets stand."""
    return reading("/portfolio/orders/queue_positions", market_tickers=",".join(tickers))


def freshness_reading() -> Unsigned:
    """How far reads of the account lag behind the exchange."""
    return reading("/exchange/user_data_timestamp")


def read_orders(answer: HttpResponse) -> Reading:
    """One page of orders, open or not. Raises as `body_of`, and DataError."""
    page = wire.decoded(body_of(answer), order_wire.OrdersPage)
    return Reading(orders=tuple(map(venue_order, page.orders)), cursor=page.cursor or None)


def read_fills(answer: HttpResponse) -> Reading:
    """One page of fills. Raises as `read_orders`."""
    page = wire.decoded(body_of(answer), order_wire.FillsPage)
    return Reading(fills=tuple(map(venue_fill, page.fills)), cursor=page.cursor or None)


def read_positions(answer: HttpResponse) -> Reading:
    """One page of holdings; a market that is flat again holds nothing. Raises as `read_orders`."""
    page = wire.decoded(body_of(answer), order_wire.PositionsPage)
    found = (venue_position(row.ticker, row.position_fp) for row in page.market_positions)
    held = tuple(position for position in found if position is not None)
    return Reading(positions=held, cursor=page.cursor or None)


def read_balances(answer: HttpResponse) -> Balances:
    """Dollars in all and by shard. Raises as `read_orders`."""
    body = wire.decoded(body_of(answer), order_wire.BalanceBody)
    rows = body.balance_breakdown or []
    by_shard = {row.exchange_index: Money(amount(row.balance)) for row in rows}
    if len(by_shard) != len(rows):
        raise DataError("a balance for the same shard twice")
    return Balances(
        Money(amount(body.balance_dollars)), by_shard, Instant(body.updated_ts * SECOND)
    )


def read_settlements(answer: HttpResponse) -> tuple[tuple[Settlement, ...], str | None]:
    """One page of settlements and the next cursor. Raises as `read_orders`."""
    page = wire.decoded(body_of(answer), order_wire.SettlementsPage)
    return tuple(map(_settlement, page.settlements)), page.cursor or None


def read_queue(answer: HttpResponse) -> dict[str, Quantity]:
    """Contracts before each of our orders, by the venue's id. Raises as `read_orders`."""
    body = wire.decoded(body_of(answer), order_wire.QueueBody)
    return {row.order_id: count(row.queue_position_fp) for row in body.queue_positions}


def read_freshness(answer: HttpResponse) -> Instant:
    """Up to when reads are complete. Raises as `read_orders`."""
    return instant(wire.decoded(body_of(answer), order_wire.FreshnessBody).as_of_time)


def venue_order(row: OrderRow) -> VenueOrder:
    """An order of a page. Raises DataError for what cannot be."""
    outcome, limit = direction(row.outcome_side, row.book_side), _own_price(row)
    is_open = OPEN.get(row.status)
    if is_open is None:
        raise DataError(f"order {row.order_id} has the status {row.status[:40]!r}")
    filled, left = count(row.fill_count_fp), count(row.remaining_count_fp)
    if not is_open and (left > 0 or (row.status == "executed" and filled == 0)):
        raise DataError(f"order {row.order_id}: {row.status} with {filled} filled, {left} left")
    return VenueOrder(
        venue_order_id=row.order_id,
        client_id=row.client_order_id or None,
        market=market_id(row.ticker),
        outcome=outcome,
        action="buy",
        limit=limit,
        # An amended order is no longer as large as it was first.
        quantity=Quantity(filled + left) if is_open else count(row.initial_count_fp),
        filled=filled,
        is_open=is_open,
    )


def venue_fill(row: FillRow) -> VenueFill:
    """A fill of a page: final at once. Raises DataError for what cannot be."""
    if row.created_time is not None:
        event_us = instant(row.created_time)
    elif row.ts is not None:
        event_us = Instant(row.ts * SECOND)
    else:
        raise DataError(f"fill {row.trade_id} has no time")
    return VenueFill(
        id=row.trade_id,
        venue_order_id=row.order_id,
        market=market_id(row.ticker),
        outcome=direction(row.outcome_side, row.book_side),
        action="buy",
        quantity=traded(row.count_fp),
        price=_own_price(row),
        fee=Money(amount(row.fee_cost)),
        status="settled",
        event_us=event_us,
    )


def venue_position(ticker: str, position_fp: str) -> VenuePosition | None:
    """What is held of a market, None when nothing. Raises DataError."""
    held = signed_count(position_fp)
    if held == 0:
        return None
    return VenuePosition(market_id(ticker), "yes" if held > 0 else "no", Quantity(abs(held)))


def direction(outcome_side: str, book_side: str) -> Outcome:
    """The outcome bought. Raises DataError when the two fields disagree or are new."""
    outcome = OUTCOMES.get((outcome_side, book_side))
    if outcome is None:
        raise DataError(f"direction {outcome_side[:20]!r} on the side {book_side[:20]!r}")
    return outcome


def traded(text: str) -> Quantity:
    """Contracts of a fill. Raises DataError unless there are some."""
    quantity = count(text)
    if quantity == 0:
        raise DataError("a fill of nothing")
    return quantity


def _own_price(row: OrderRow | FillRow) -> Price:
    """Price of the outcome bought; both legs are stated and must make a dollar."""
    yes, no = level_price(row.yes_price_dollars), level_price(row.no_price_dollars)
    if yes + no != PAYOUT:
        raise DataError(f"YES at {yes} and NO at {no} millionths make no dollar")
    return yes if direction(row.outcome_side, row.book_side) == "yes" else no


def _settlement(row: order_wire.SettlementRow) -> Settlement:
    if row.market_result not in RESULTS:
        raise DataError(f"{row.ticker} settled as {row.market_result[:40]!r}")
    if row.revenue < 0 or not (row.value is None or 0 <= row.value * CENT <= PAYOUT):
        raise DataError(f"{row.ticker} settled at {row.value} cents, revenue {row.revenue}")
    return Settlement(
        market=market_id(row.ticker),
        result=row.market_result,
        yes=count(row.yes_count_fp),
        no=count(row.no_count_fp),
        revenue=Money(row.revenue * CENT),
        payout=None if row.value is None else Price(row.value * CENT),
        fees=Money(amount(row.fee_cost)),
        settled_us=instant(row.settled_time),
    )
