"""What does Polymarket's data host answer about a wallet? Positions, trades, activity, value.

Everything comes from the chain: a match appears once it is confirmed. Amounts are JSON numbers,
moments are seconds; a list comes with its page marks.
"""

from collections.abc import Callable, Iterator, Sequence

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.accounts import outcome_index
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import Filled, MarketView, Position
from foreshock.adapters.sim.polymarket_chain import Deed
from foreshock.adapters.sim.polymarket_eip712 import ADDRESS
from foreshock.adapters.sim.polymarket_private import PrivateSide
from foreshock.adapters.sim.polymarket_terms import outcome_prices
from foreshock.adapters.sim.polymarket_trades import Settlement
from foreshock.adapters.sim.wire_text import (
    Query,
    answer,
    day,
    number,
    page_mark,
    read_page_mark,
    seconds,
    whole,
)
from foreshock.core.domain.units import MICRO, Instant

PAGE_DEFAULT, PAGE_MAX = 100, 1_000
NO_OUTCOME = 999
FAR_FUTURE_S = 1 << 62
DUST = 100_000
"""Positions below a tenth of a contract are not shown."""
Row = dict[str, object]
RowsOf = Callable[[str], Iterator[Row]]


class DataFace:
    """The data host: REST only, public. Give it the private side of the CLOB face it tells of."""

    heartbeat: bytes | None = None

    def __init__(self, exchange: Exchange, private: PrivateSide) -> None:
        self._exchange = exchange
        self._private = private

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """Any read of version 2; version 1 is gone."""
        query = Query(request)
        if request.method != "GET":
            return answer(405, {"error": "method not allowed"})
        self._private.desk.refresh()
        self._private.advance(now_us)
        lists: dict[tuple[str, ...], RowsOf] = {
            ("v2", "positions"): self._positions,
            ("v2", "trades"): self._trades,
            ("v2", "activity"): self._activity,
        }
        if query.parts in lists:
            return self._of_user(query, lists[query.parts])
        return self._value(query) if query.parts == ("v2", "value") else _not_found()

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """This host has no streams."""
        return _not_found()

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """Never called: no stream is ever open."""

    def close(self, connection: int) -> None:
        """Nothing to forget."""

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """Nothing to say."""
        return []

    def take_cuts(self) -> list[int]:
        """Nothing to cut."""
        return []

    # ---- lists

    def _of_user(self, query: Query, rows_of: RowsOf) -> HttpResponse:
        user = query.text("user")
        if not ADDRESS.fullmatch(user):
            return answer(400, {"error": "user is not an address"})
        return _page([row for row in rows_of(user.lower()) if _fits(row, query)], query)

    def _positions(self, account: str) -> Iterator[Row]:
        for position, index, quantity in self._held(account):
            view = self._exchange.market(position.native_id)
            yield self._position(view, position, index, quantity) | {"proxy_wallet": account}

    def _trades(self, account: str) -> Iterator[Row]:
        for found, fill in self._confirmed(account):
            yield self._trade(found, fill)

    def _activity(self, account: str) -> Iterator[Row]:
        """Trades and what else moved the wallet, newest first."""
        rows = [self._deed(deed) for deed in self._private.chain.of(account)]
        for found, fill in self._confirmed(account):
            amount = fill.price * fill.quantity // MICRO
            extra = {"type": "TRADE", "usdc_size": number(amount), "is_combo": False}
            rows.append(self._trade(found, fill) | extra)
        yield from sorted(rows, key=lambda row: str(row["timestamp"]), reverse=True)

    def _value(self, query: Query) -> HttpResponse:
        account = query.text("user").lower()
        total = 0
        for position, index, quantity in self._held(account):
            price = outcome_prices(self._exchange.market(position.native_id))[index]
            total += price * quantity // MICRO
        return answer(200, {"data": {"user": account, "value": number(total)}})

    # ---- rows

    def _held(self, account: str) -> Iterator[tuple[Position, int, int]]:
        """Holdings as the chain shows them: position, outcome index, contracts."""
        if not self._exchange.has_account(account):
            return
        settlements = self._private.desk.settlements
        for position in self._exchange.positions(account):
            for index in (0, 1):
                quantity = settlements.shown_contracts(account, position.native_id, index)
                if quantity >= DUST:
                    yield position, index, quantity

    def _confirmed(self, account: str) -> Iterator[tuple[Settlement, Filled]]:
        for found in self._private.desk.settlements.of(account):
            fill = found.fill_of(account)
            if fill is not None and found.status == "CONFIRMED":
                yield found, fill

    def _position(self, view: MarketView, position: Position, index: int, quantity: int) -> Row:
        market = view.listing.market
        held, cost = ((position.yes, position.yes_cost), (position.no, position.no_cost))[index]
        average = cost * MICRO // held if held else 0
        price = outcome_prices(view)[index]
        paid, worth = average * quantity // MICRO, price * quantity // MICRO
        unrealized = worth - paid
        is_over = view.status == "settled"
        return {
            **self._market_words(view, index),
            "current_size": number(quantity),
            "avg_price": number(average),
            "entry_cost_usdc": number(paid),
            "entry_fees_usdc": number(position.fees),
            "total_cost_usdc": number(paid + position.fees),
            "current_price": number(price),
            "current_value": number(worth),
            "total_size": number(quantity),
            "realized_pnl": number(position.realized),
            "unrealized_pnl": number(unrealized),
            "total_pnl": number(position.realized + unrealized),
            "percent_pnl": number(unrealized * 100 * MICRO // paid if paid else 0),
            "percent_realized_pnl": number(0),
            "status": "REDEEMABLE" if is_over else "OPEN",
            "redeemable": is_over,
            "mergeable": bool(position.yes and position.no),
            "negative_risk": view.listing.event.exclusive,
            "archived": False,
            "verified": True,
            "opposite_token_id": market.outcome_ids[1 - index],
            "opposite_outcome": market.outcome_labels[1 - index],
            "end_date": "" if view.closes_us is None else day(view.closes_us),
            "first_entry_at": seconds(position.updated_us),
            "last_event_at": seconds(position.updated_us),
        }

    def _trade(self, found: Settlement, fill: Filled) -> Row:
        view = self._exchange.market(fill.native_id)
        return {
            "proxy_wallet": fill.account,
            "side": fill.action.upper(),
            **self._market_words(view, outcome_index(fill.outcome)),
            "size": number(fill.quantity),
            "price": number(fill.price),
            "timestamp": seconds(found.matched_us),
            "transaction_hash": found.tx_hash or "",
            "name": "",
            "pseudonym": "",
            "bio": "",
            "profile_image": "",
            "profile_image_optimized": "",
        }

    def _deed(self, deed: Deed) -> Row:
        """Sets concern both outcomes, so none is named."""
        words = self._market_words(self._exchange.market(deed.native_id), 0)
        return {
            "proxy_wallet": deed.account,
            **words,
            "token_id": "",
            "outcome": "",
            "outcome_index": NO_OUTCOME,
            "type": deed.kind,
            "side": "",
            "size": number(deed.quantity),
            "usdc_size": number(deed.dollars),
            "price": number(0),
            "timestamp": seconds(deed.at_us),
            "transaction_hash": deed.tx_hash,
            "is_combo": False,
        }

    def _market_words(self, view: MarketView, index: int) -> Row:
        listing, market = view.listing, view.listing.market
        return {
            "token_id": market.outcome_ids[index],
            "condition_id": market.native_id,
            "title": market.title,
            "slug": listing.slug,
            "icon": "",
            "event_id": listing.event.number,
            "event_slug": listing.event.id,
            "outcome": market.outcome_labels[index],
            "outcome_index": index,
        }


def _not_found() -> HttpResponse:
    return answer(404, {"error": "not found"})


def _fits(row: Row, query: Query) -> bool:
    """Whether a row is among what was asked: by market, side, kind and time."""
    markets, kinds = query.texts("condition_id"), query.texts("type")
    at_s = whole(str(row.get("timestamp", "")), 0)
    return (
        (not markets or row["condition_id"] in markets)
        and (not kinds or row.get("type") in kinds)
        and query.text("side") in {"", row.get("side", "")}
        and whole(query.text("start"), 0) <= at_s
        and at_s <= whole(query.text("end"), FAR_FUTURE_S)
    )


def _page(rows: Sequence[Row], query: Query) -> HttpResponse:
    """One page: by offset or by page mark."""
    size = min(max(whole(query.text("limit"), PAGE_DEFAULT), 1), PAGE_MAX)
    start = whole(read_page_mark(query.text("cursor")) or query.text("offset"), 0)
    end = start + size
    has_more = end < len(rows)
    pagination = {
        "limit": size,
        "offset": start,
        "has_more": has_more,
        "next_cursor": page_mark(str(end)) if has_more else None,
    }
    return answer(200, {"data": rows[start:end], "pagination": pagination})
