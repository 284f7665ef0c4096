"""What does a member of Kalshi read about orders, fills, positions, settlements and money?"""

from collections.abc import Callable

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import Filled, OrderState, Position, Settlement
from foreshock.adapters.sim.kalshi_account_objects import (
    event_position_object,
    fill_object,
    order_object,
    position_object,
    settlement_object,
)
from foreshock.adapters.sim.kalshi_members import Members, user_id
from foreshock.adapters.sim.kalshi_objects import Body, count, dollars
from foreshock.adapters.sim.kalshi_pages import (
    RefusedError,
    nested_error,
    page_limit,
    paged,
    within,
)
from foreshock.adapters.sim.kalshi_records import Records, Shown
from foreshock.adapters.sim.wire_text import Query, answer_sorted, iso, seconds, whole_or_none
from foreshock.core.domain.units import MICRO, PAYOUT, Duration, Instant

CENT = MICRO // 100
CENTI_CENT = 100
TICKERS_MAX = 100
Keeps = Callable[[Instant], bool]


class Portfolio:
    """The reads of one venue's members. live_window: see `KalshiRules`."""

    def __init__(
        self, exchange: Exchange, members: Members, records: Records, live_window: Duration
    ) -> None:
        self._exchange = exchange
        self._members = members
        self._records = records
        self._live_window = live_window

    def cutoff(self, now_us: Instant) -> HttpResponse:
        """Before when things are found in the archive only."""
        at = iso(self._cutoff_us(now_us))
        names = ("market_settled", "trades_created", "orders_updated")
        body = {f"{name}_ts": at for name in (*names, "market_positions_last_updated")}
        return answer_sorted(200, body)

    def _cutoff_us(self, now_us: Instant) -> Instant:
        return Instant(now_us - self._live_window)

    # ---- money

    def balance(self, member: str, query: Query, now_us: Instant) -> HttpResponse:
        """Available cash over all shards, or on one, and what the positions are worth."""
        shown = self._records.shown(member, now_us)
        wanted = _shard_filter(query)
        balances = {
            index: amount // CENTI_CENT * CENTI_CENT
            for index, amount in shown.snapshot.balances.items()
            if wanted in {None, index}
        }
        total = sum(balances.values())
        body: Body = {
            "balance": total // CENT,
            "balance_dollars": dollars(total),
            "portfolio_value": self._worth(shown, wanted) // CENT,
            "updated_ts": seconds(now_us),
            "balance_breakdown": [
                {"exchange_index": index, "balance": dollars(amount)}
                for index, amount in balances.items()
            ],
        }
        return answer_sorted(200, body)

    def _worth(self, shown: Shown, wanted: int | None) -> int:
        worth = 0
        for index, positions in shown.snapshot.positions.items():
            for position in positions if wanted in {None, index} else ():
                last = self._exchange.market(position.native_id).last_price or 0
                worth += (position.yes * last + position.no * (PAYOUT - last)) // MICRO
        return worth

    # ---- orders

    def orders(self, member: str, query: Query, now_us: Instant) -> HttpResponse:
        """Newest first: resting ones, and those ended since the cutoff."""
        cutoff_us = self._cutoff_us(now_us)

        def is_live(order: OrderState) -> bool:
            return order.status == "resting" or order.updated_us >= cutoff_us

        return self._orders(member, query, now_us, is_live)

    def old_orders(self, member: str, query: Query, now_us: Instant) -> HttpResponse:
        """Orders that ended before the cutoff."""
        cutoff_us = self._cutoff_us(now_us)

        def is_old(order: OrderState) -> bool:
            return order.status != "resting" and order.updated_us < cutoff_us

        return self._orders(member, query, now_us, is_old)

    def order(self, member: str, query: Query, now_us: Instant) -> HttpResponse:
        """One order of the member that reads know already."""
        found = self._known(member, query.parts[-1], now_us)
        return answer_sorted(200, {"order": self._order_body(member, found)})

    def _orders(
        self, member: str, query: Query, now_us: Instant, keeps: Callable[[OrderState], bool]
    ) -> HttpResponse:
        limit = page_limit(query, "GetOrders", default=100, high=1000)
        status, shard = query.text("status"), _shard_filter(query)
        rows = [
            order
            for order in self._records.shown(member, now_us).orders.values()
            if keeps(order)
            and status in {"", order.status}
            and _is_named(order.native_id, query, "ticker")
            and _is_named(self._members.event_of(order.native_id), query, "event_ticker")
            and within(order.created_us, query, "ts")
            and shard in {None, self._members.shard_of(order.native_id)}
        ]
        page, cursor = paged(rows, lambda o: (o.created_us, "", o.number), limit, query)
        bodies = [self._order_body(member, order) for order in page]
        return answer_sorted(200, {"orders": bodies, "cursor": cursor})

    def _order_body(self, member: str, order: OrderState) -> Body:
        return order_object(order, user_id(member), self._members.shard_of(order.native_id))

    def _known(self, member: str, order_id: str, now_us: Instant) -> OrderState:
        found = self._records.shown(member, now_us).orders.get(order_id)
        if found is None or (
            found.status != "resting" and found.updated_us < self._cutoff_us(now_us)
        ):
            raise RefusedError(nested_error(404, "not_found"))
        return found

    def queue_position(self, member: str, query: Query, now_us: Instant) -> HttpResponse:
        """Contracts ahead of one resting order."""
        order = self._known(member, query.parts[-2], now_us)
        ahead = self._exchange.desk.ahead_of(order.order_id)
        if ahead is None:
            return nested_error(404, "not_found")
        return answer_sorted(200, {"queue_position_fp": count(ahead)})

    def queue_positions(self, member: str, query: Query, now_us: Instant) -> HttpResponse:
        """Contracts ahead of every resting order of some markets or of an event."""
        if not query.texts("market_tickers") and not query.text("event_ticker"):
            words = "market_tickers or event_ticker"
            return nested_error(400, "missing_parameters", details=words)
        found: list[Body] = []
        for order in self._records.shown(member, now_us).orders.values():
            ahead = self._exchange.desk.ahead_of(order.order_id)
            if (
                ahead is not None
                and _is_named(order.native_id, query, "market_tickers")
                and _is_named(self._members.event_of(order.native_id), query, "event_ticker")
            ):
                told: Body = {"order_id": order.order_id, "market_ticker": order.native_id}
                found.append(told | {"queue_position_fp": count(ahead)})
        return answer_sorted(200, {"queue_positions": found})

    # ---- fills

    def fills(self, member: str, query: Query, now_us: Instant) -> HttpResponse:
        """Newest first, since the cutoff."""
        cutoff_us = self._cutoff_us(now_us)
        return self._fills(member, query, now_us, lambda at_us: at_us >= cutoff_us)

    def old_fills(self, member: str, query: Query, now_us: Instant) -> HttpResponse:
        """Fills before the cutoff."""
        cutoff_us = self._cutoff_us(now_us)
        return self._fills(member, query, now_us, lambda at_us: at_us < cutoff_us)

    def _fills(self, member: str, query: Query, now_us: Instant, keeps: Keeps) -> HttpResponse:
        limit = page_limit(query, "GetFills", default=100, high=1000)
        shard = _shard_filter(query)
        rows: list[Filled] = [
            fill
            for fill in self._records.shown(member, now_us).fills
            if keeps(fill.event_us)
            and _is_named(fill.native_id, query, "ticker")
            and query.text("order_id") in {"", fill.order_id}
            and within(fill.event_us, query, "ts")
            and shard in {None, self._members.shard_of(fill.native_id)}
        ]
        page, cursor = paged(rows, lambda f: (f.trade, f.order_id, 0), limit, query)
        bodies = [fill_object(f, self._members.shard_of(f.native_id)) for f in page]
        return answer_sorted(200, {"fills": bodies, "cursor": cursor})

    # ---- positions and settlements

    def positions(self, member: str, query: Query, now_us: Instant) -> HttpResponse:
        """Of markets not settled yet, unless asked otherwise; and of their events."""
        wanted = query.text("settlement_status") or "unsettled"
        if wanted not in {"unsettled", "settled", "all"}:
            return nested_error(400, "invalid_parameters", details="settlement_status")
        shown, cutoff_us = self._records.shown(member, now_us), self._cutoff_us(now_us)
        rows = [
            (index, position)
            for index, position, is_settled in self._held(shown)
            if wanted in {"all", "settled" if is_settled else "unsettled"}
            and (not is_settled or position.updated_us >= cutoff_us)
        ]
        return self._position_page(shown, rows, query)

    def old_positions(self, member: str, query: Query, now_us: Instant) -> HttpResponse:
        """Settled positions that were last updated before the cutoff."""
        shown, cutoff_us = self._records.shown(member, now_us), self._cutoff_us(now_us)
        rows = [
            (index, position)
            for index, position, is_settled in self._held(shown)
            if is_settled and position.updated_us < cutoff_us
        ]
        return self._position_page(shown, rows, query)

    def _held(self, shown: Shown) -> list[tuple[int, Position, bool]]:
        unsettled = {p.native_id for held in shown.snapshot.positions.values() for p in held}
        return [(index, p, p.native_id not in unsettled) for index, p in shown.last.values()]

    def _position_page(
        self, shown: Shown, rows: list[tuple[int, Position]], query: Query
    ) -> HttpResponse:
        limit = page_limit(query, "GetPositions", default=100, high=1000)
        shard = _shard_filter(query)
        named = [
            (index, position)
            for index, position in rows
            if _counts(position, query)
            and _is_named(position.native_id, query, "ticker")
            and _is_named(self._members.event_of(position.native_id), query, "event_ticker")
            and shard in {None, index}
        ]
        page, cursor = paged(named, lambda row: (0, row[1].native_id, 0), limit, query)
        by_event: dict[str, list[Position]] = {}
        for _, position in page:
            by_event.setdefault(self._members.event_of(position.native_id), []).append(position)
        body: Body = {
            "market_positions": [position_object(position, index) for index, position in page],
            "event_positions": [
                event_position_object(
                    event, held, sum(shown.volumes.get(p.native_id, 0) for p in held)
                )
                for event, held in by_event.items()
            ],
            "cursor": cursor,
        }
        return answer_sorted(200, body)

    def settlements(self, member: str, query: Query, now_us: Instant) -> HttpResponse:
        """What was paid, newest first, since the cutoff."""
        limit = page_limit(query, "GetSettlements", default=100, high=1000)
        shown, cutoff_us = self._records.shown(member, now_us), self._cutoff_us(now_us)
        rows: list[tuple[int, Settlement]] = [
            (index, paid)
            for index, settlements in shown.snapshot.settlements.items()
            for paid in settlements
            if paid.settled_us >= cutoff_us
            and _is_named(paid.native_id, query, "ticker")
            and _is_named(self._members.event_of(paid.native_id), query, "event_ticker")
            and within(paid.settled_us, query, "ts")
        ]
        page, cursor = paged(rows, lambda r: (r[1].settled_us, r[1].native_id, 0), limit, query)
        bodies = [
            settlement_object(paid, self._members.event_of(paid.native_id), index)
            for index, paid in page
        ]
        return answer_sorted(200, {"settlements": bodies, "cursor": cursor})


def _is_named(value: str, query: Query, name: str) -> bool:
    names = query.texts(name)
    if len(names) > TICKERS_MAX:
        raise RefusedError(nested_error(400, "invalid_parameters", details=name))
    return not names or value in names


def _shard_filter(query: Query) -> int | None:
    text = query.text("exchange_index")
    if text and whole_or_none(text) is None:
        raise RefusedError(nested_error(400, "invalid_parameters", details="exchange_index"))
    return whole_or_none(text)


def _counts(position: Position, query: Query) -> bool:
    """Whether every quantity asked for is there."""
    there = {"position": bool(position.net), "total_traded": bool(position.traded)}
    return all(there.get(name, True) for name in query.texts("count_filter"))
