"""What does Polymarket tell a signed caller about its orders, trades and balances?

Reads may lag behind writes. The order reads see active orders only: one that ended is absent,
whether it traded or not. Balances are those of the chain, so they move at confirmation.
"""

from collections.abc import Iterator, Sequence

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.lagging import Lag, LaggingTable
from foreshock.adapters.sim.polymarket_clob import BAD_TOKEN, LAST_PAGE
from foreshock.adapters.sim.polymarket_keys import Credentials
from foreshock.adapters.sim.polymarket_order_log import OrderRecord, order_row
from foreshock.adapters.sim.polymarket_orders import OrderDesk
from foreshock.adapters.sim.polymarket_trade_rows import Sides, TradeState
from foreshock.adapters.sim.polymarket_wallets import Wallet
from foreshock.adapters.sim.wire_text import (
    Query,
    answer,
    page_mark,
    read_page_mark,
    seconds,
    whole,
)
from foreshock.core.domain.units import Instant

ORDERS_PAGE = 100
TRADES_PAGE = 300
UNKNOWN_KIND = -1
FAR_FUTURE_S = 1 << 62
COLLATERAL = "COLLATERAL"
CONDITIONAL = ("CONDITIONAL", "CONDITIONAL-V2")


class AccountReads:
    """Signed reads of one venue."""

    def __init__(self, exchange: Exchange, desk: OrderDesk, sides: Sides, lag: Lag) -> None:
        self._exchange = exchange
        self._desk = desk
        self._sides = sides
        self._trades: LaggingTable[TradeState] = LaggingTable(lag)

    def trade_changed(self, state: TradeState) -> None:
        """Remember a match at its new status."""
        self._trades.put(state.settlement.id, state, state.updated_us)

    def orders(self, caller: Credentials, query: Query, now_us: Instant) -> HttpResponse:
        """GET /data/orders."""
        wanted = {name: query.text(name) for name in ("id", "market", "asset_id")}
        rows = [
            row
            for record in self._desk.records.seen_values(now_us)
            if self._is_active_of(caller, record)
            for row in (order_row(record),)
            if all(value in {"", row[name]} for name, value in wanted.items())
        ]
        return _page(rows, query, ORDERS_PAGE)

    def order(self, caller: Credentials, order_id: str, now_us: Instant) -> HttpResponse:
        """GET /data/order/{id}: an active order, or nothing."""
        record = self._desk.records.seen(order_id, now_us)
        if record is None or not self._is_active_of(caller, record):
            return answer(200, None)
        return answer(200, order_row(record))

    def trades(self, caller: Credentials, query: Query, now_us: Instant) -> HttpResponse:
        """GET /data/trades, newest first."""
        rows = [row for row in self._trade_rows(caller, query, now_us) if _fits(row, query)]
        return _page(rows, query, TRADES_PAGE)

    def balance(self, caller: Credentials, query: Query) -> HttpResponse:
        """GET /balance-allowance: of the caller's wallet of the signature type named."""
        kind = whole(query.text("signature_type") or "0", UNKNOWN_KIND)
        wallets = self._desk.wallets.of_owner(caller.address, kind)
        asset = query.text("asset_type")
        if asset not in {COLLATERAL, *CONDITIONAL}:
            return answer(400, {"error": "assetAddress invalid"})
        if asset == COLLATERAL:
            return _balance(wallets, self._cash(wallets[0]) if wallets else 0)
        try:
            native_id, index = self._exchange.native_of(query.text("token_id"))
        except KeyError:
            return answer(400, {"error": BAD_TOKEN})
        shown = (
            self._desk.settlements.shown_contracts(wallets[0].address, native_id, index)
            if wallets
            else 0
        )
        return _balance(wallets, shown)

    def scoring(self, caller: Credentials, request: HttpRequest, query: Query) -> HttpResponse:
        """Whether orders count for rewards: here every resting one does."""
        if request.method == "GET":
            return answer(200, {"scoring": self._is_resting(caller, query.text("order_id"))})
        try:
            ids = msgspec.json.decode(request.body, type=list[str])
        except msgspec.DecodeError:
            return answer(400, {"error": "Invalid payload"})
        return answer(200, {order_id: self._is_resting(caller, order_id) for order_id in ids})

    def empty(self, query: Query) -> HttpResponse:
        """A list that never has anything in it here."""
        return _page([], query, ORDERS_PAGE)

    def _trade_rows(
        self, caller: Credentials, query: Query, now_us: Instant
    ) -> Iterator[dict[str, object]]:
        after = whole(query.text("after"), -1)
        before = whole(query.text("before"), FAR_FUTURE_S)
        for state in self._trades.seen_values(now_us):
            matched_s = seconds(state.settlement.matched_us)
            if not after < matched_s < before:
                continue
            for fill in state.settlement.fills:
                if self._desk.owner_of(fill.account) == caller.address:
                    yield self._sides.row(state, fill.account)

    def _is_active_of(self, caller: Credentials, record: OrderRecord) -> bool:
        is_own = self._desk.owner_of(record.intent.account) == caller.address
        return is_own and record.is_active

    def _is_resting(self, caller: Credentials, order_id: str) -> bool:
        record = self._desk.records.latest(order_id)
        return record is not None and self._is_active_of(caller, record)

    def _cash(self, wallet: Wallet) -> int:
        cash = self._exchange.balances(wallet.address).cash
        return cash + self._desk.settlements.unsettled_cash(wallet.address)


def _fits(row: dict[str, object], query: Query) -> bool:
    names = ("id", "market", "asset_id", "maker_address")
    return all(query.text(name).lower() in {"", str(row[name]).lower()} for name in names)


def _balance(wallets: Sequence[Wallet], amount: int) -> HttpResponse:
    allowances = wallets[0].allowances() if wallets else {}
    return answer(200, {"balance": str(amount), "allowances": allowances})


def _page(rows: Sequence[dict[str, object]], query: Query, size: int) -> HttpResponse:
    start = whole(read_page_mark(query.text("next_cursor").rstrip("=")) or "", 0)
    end = start + size
    following = LAST_PAGE if end >= len(rows) else page_mark(str(end))
    page = rows[start:end]
    body = {"data": page, "next_cursor": following, "limit": size, "count": len(page)}
    return answer(200, body)
