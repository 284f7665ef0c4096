"""Which signed request of Polymarket's CLOB host is it, and who answers it?

Keys by wallet signature; everything else by the keys' secret. What the venue's condition forbids
is refused before anything is looked at.
"""

import contextlib
from collections.abc import Callable, Sequence

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import ExchangeEvent, Resolved
from foreshock.adapters.sim.lagging import Lag
from foreshock.adapters.sim.polymarket_account_reads import AccountReads
from foreshock.adapters.sim.polymarket_chain import ChainLog
from foreshock.adapters.sim.polymarket_condition import Refusal
from foreshock.adapters.sim.polymarket_heartbeats import Heartbeats
from foreshock.adapters.sim.polymarket_keys import Credentials, KeyVault
from foreshock.adapters.sim.polymarket_limits import BucketKind, RateLimits, with_headers
from foreshock.adapters.sim.polymarket_order_log import OrderIntent
from foreshock.adapters.sim.polymarket_orders import OrderDesk
from foreshock.adapters.sim.polymarket_trade_rows import Sides, TradeState
from foreshock.adapters.sim.polymarket_trades import Settlement
from foreshock.adapters.sim.polymarket_transactions import Transactions
from foreshock.adapters.sim.polymarket_user_stream import UserStreams
from foreshock.adapters.sim.wire_text import Query, answer
from foreshock.core.domain.units import Duration, Instant

ORDERS_MAX = 15
CANCELS_MAX = 1_000
"""The venue's changelog says so; its clients send up to 3000."""
BAD_PAYLOAD = "Invalid order payload"
Answering = Callable[[Credentials, HttpRequest, Query, Instant], HttpResponse]


class CancelOne(msgspec.Struct, frozen=True):
    """Body of DELETE /order."""

    orderID: str  # noqa: N815 - the venue's spelling


class CancelMarket(msgspec.Struct, frozen=True):
    """Body of DELETE /cancel-market-orders."""

    market: str = ""
    asset_id: str = ""


class PrivateSide:
    """Everything behind a signature: keys, orders, reads, heartbeats, and the user stream."""

    def __init__(self, exchange: Exchange, seed: int) -> None:
        self.lag = Lag(seed)
        self.keys = KeyVault()
        self.desk = OrderDesk(exchange, seed, self.lag)
        self.sides = Sides(exchange, self.desk.wallets)
        self.reads = AccountReads(exchange, self.desk, self.sides, self.lag)
        self.streams = UserStreams(self.keys, self.desk.wallets, self.sides)
        self._exchange = exchange
        self.limits = RateLimits()
        self.chain = ChainLog(exchange, self.desk.wallets)
        self.transactions = Transactions(
            exchange, self.desk.wallets, self.chain, self.desk.settlements
        )
        self._heartbeats = Heartbeats()
        self.desk.changed = self.streams.order_changed
        self.desk.killed = self.streams.order_killed
        self.desk.settlements.changed = self._trade_changed
        self._routes = self._make_routes()

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse | None:
        """The answer to a signed request; None when the path is a public one."""
        query = Query(request)
        route = "/".join(query.parts)
        if (request.method, route) == GEOBLOCK:
            return self._geoblock()
        if (request.method, route) in L1_ROUTES:
            return self.keys.hand_out(request, now_us)
        if route.startswith("data/order/"):
            route = "data/order"
        answering = self._routes.get((request.method, route))
        if answering is None:
            return None
        caller = self.keys.caller(request, now_us)
        if isinstance(caller, HttpResponse):
            return caller
        return self._within_limits(answering, caller, request, now_us)

    def _within_limits(
        self, answering: Answering, caller: Credentials, request: HttpRequest, now_us: Instant
    ) -> HttpResponse:
        """Orders and cancels say how many more may come; too many may be refused."""
        query = Query(request)
        kind = LIMITED.get((request.method, query.parts[0]))
        if kind is None:
            return answering(caller, request, query, now_us)
        cost = self._cost(caller, request, query)
        headers, refused = self.limits.spend(caller.address, kind, cost, now_us)
        response = refused or answering(caller, request, query, now_us)
        return with_headers(response, headers)

    def _cost(self, caller: Credentials, request: HttpRequest, query: Query) -> int:
        """A batch costs its length; cancelling all costs one more than there is to cancel."""
        if query.parts[0] == "orders":
            with contextlib.suppress(msgspec.DecodeError):
                return max(1, len(msgspec.json.decode(request.body, type=list[msgspec.Raw])))
        if query.parts[0].startswith("cancel-"):
            return 1 + len(self.desk.active_ids(caller.address, lambda _: True))
        return 1

    def hold(self, request: HttpRequest) -> Duration:
        """How long orders that would take wait before they are looked at."""
        route = (request.method, request.path.partition("?")[0])
        if route == ("POST", "/order"):
            return self.desk.hold(msgspec.Raw(request.body))
        if route != ("POST", "/orders"):
            return Duration(0)
        try:
            bodies = msgspec.json.decode(request.body, type=list[msgspec.Raw])
        except msgspec.DecodeError:
            return Duration(0)
        return max(map(self.desk.hold, bodies[:ORDERS_MAX]), default=Duration(0))

    def fold(self, events: Sequence[ExchangeEvent]) -> None:
        """What the exchange did, in order."""
        self.desk.fold(events)
        for event in events:
            if isinstance(event, Resolved):
                self.chain.paid(event.native_id, event.event_us)

    def advance(self, now_us: Instant) -> None:
        """Settlements, delayed orders, expiries, transactions, and keys that fell silent."""
        if not self.desk.wallets.count():
            return
        self._exchange.advance(now_us)
        self.desk.refresh()
        self.desk.advance(now_us)
        self.transactions.advance(now_us)
        for key in self._heartbeats.take_silent(now_us):
            self._cancel_of_key(key, now_us)

    # ---- within

    def _make_routes(self) -> dict[tuple[str, str], Answering]:
        reads = self.reads
        return {
            ("GET", "auth/api-keys"): self._keys,
            ("DELETE", "auth/api-key"): self._revoke,
            ("GET", "auth/ban-status/closed-only"): self._closed_only,
            ("POST", "order"): self._place,
            ("POST", "orders"): self._place_many,
            ("DELETE", "order"): self._cancel,
            ("DELETE", "orders"): self._cancel_many,
            ("DELETE", "cancel-all"): self._cancel_all,
            ("DELETE", "cancel-market-orders"): self._cancel_market,
            ("POST", "v1/heartbeats"): self._beat,
            ("GET", "data/orders"): lambda c, _, q, now: reads.orders(c, q, now),
            ("GET", "data/order"): lambda c, _, q, now: reads.order(c, q.parts[-1], now),
            ("GET", "data/trades"): lambda c, _, q, now: reads.trades(c, q, now),
            ("GET", "data/pre-migration-orders"): lambda _c, _r, q, _now: reads.empty(q),
            ("GET", "builder/trades"): lambda _c, _r, q, _now: reads.empty(q),
            ("GET", "balance-allowance"): lambda c, _, q, _now: reads.balance(c, q),
            ("GET", "balance-allowance/update"): lambda c, _, q, _now: reads.balance(c, q),
            ("GET", "order-scoring"): lambda c, r, q, _now: reads.scoring(c, r, q),
            ("POST", "orders-scoring"): lambda c, r, q, _now: reads.scoring(c, r, q),
            ("GET", "notifications"): lambda _c, _r, _q, _now: answer(200, []),
            ("DELETE", "notifications"): lambda _c, _r, _q, _now: answer(200, "OK"),
        }

    def _geoblock(self) -> HttpResponse:
        """The live venue asks its web host; here the one host answers."""
        is_blocked = self.desk.condition.name == "geoblocked"
        body = {"blocked": is_blocked, "ip": "127.0.0.1", "country": "IS", "region": ""}
        return answer(200, body)

    def _keys(
        self, caller: Credentials, request: HttpRequest, query: Query, now_us: Instant
    ) -> HttpResponse:
        return answer(200, {"apiKeys": self.keys.keys_of(caller.address)})

    def _revoke(
        self, caller: Credentials, request: HttpRequest, query: Query, now_us: Instant
    ) -> HttpResponse:
        self.keys.revoke(caller.key)
        return answer(200, "OK")

    def _closed_only(
        self, caller: Credentials, request: HttpRequest, query: Query, now_us: Instant
    ) -> HttpResponse:
        wallets = self.desk.wallets.of_owner(caller.address)
        return answer(200, {"closed_only": any(wallet.is_closed_only for wallet in wallets)})

    def _place(
        self, caller: Credentials, request: HttpRequest, query: Query, now_us: Instant
    ) -> HttpResponse:
        placed = self.desk.place(caller, msgspec.Raw(request.body), now_us)
        return placed.response() if isinstance(placed, Refusal) else answer(200, placed)

    def _place_many(
        self, caller: Credentials, request: HttpRequest, query: Query, now_us: Instant
    ) -> HttpResponse:
        """Not atomic: a refused order is told in its place. The venue's condition refuses all."""
        try:
            bodies = msgspec.json.decode(request.body, type=list[msgspec.Raw])
        except msgspec.DecodeError:
            return answer(400, {"error": BAD_PAYLOAD})
        if not bodies or len(bodies) > ORDERS_MAX:
            words = f"Too many orders in payload: {len(bodies)}, max allowed: {ORDERS_MAX}"
            return answer(400, {"error": words if bodies else BAD_PAYLOAD})
        placed = [self.desk.place(caller, body, now_us) for body in bodies]
        whole = [one for one in placed if isinstance(one, Refusal) and one.status not in OWN_STATUS]
        if whole:
            return whole[0].response()
        return answer(200, [_leg(one) for one in placed])

    def _cancel(
        self, caller: Credentials, request: HttpRequest, query: Query, now_us: Instant
    ) -> HttpResponse:
        try:
            ids = [msgspec.json.decode(request.body, type=CancelOne).orderID]
        except msgspec.DecodeError:
            return answer(400, {"error": BAD_PAYLOAD})
        return self._cancel_ids(caller, ids, now_us)

    def _cancel_many(
        self, caller: Credentials, request: HttpRequest, query: Query, now_us: Instant
    ) -> HttpResponse:
        try:
            ids = msgspec.json.decode(request.body, type=list[str])
        except msgspec.DecodeError:
            return answer(400, {"error": BAD_PAYLOAD})
        if len(ids) > CANCELS_MAX:
            words = f"Too many orders in payload: {len(ids)}, max allowed: {CANCELS_MAX}"
            return answer(400, {"error": words})
        return self._cancel_ids(caller, ids, now_us)

    def _cancel_all(
        self, caller: Credentials, request: HttpRequest, query: Query, now_us: Instant
    ) -> HttpResponse:
        ids = self.desk.active_ids(caller.address, lambda _: True)
        return self._cancel_ids(caller, ids, now_us)

    def _cancel_market(
        self, caller: Credentials, request: HttpRequest, query: Query, now_us: Instant
    ) -> HttpResponse:
        try:
            asked = msgspec.json.decode(request.body, type=CancelMarket)
        except msgspec.DecodeError:
            return answer(400, {"error": BAD_PAYLOAD})
        if not (asked.market or asked.asset_id):
            return answer(400, {"error": BAD_PAYLOAD})

        def fits(intent: OrderIntent) -> bool:
            is_market = asked.market in {"", intent.native_id}
            return is_market and asked.asset_id in {"", intent.token}

        return self._cancel_ids(caller, self.desk.active_ids(caller.address, fits), now_us)

    def _cancel_ids(self, caller: Credentials, ids: list[str], now_us: Instant) -> HttpResponse:
        refusal = self.desk.condition.refusal("cancel", now_us)
        if refusal is not None:
            return refusal.response()
        return answer(200, self.desk.cancel(caller.address, ids, now_us))

    def _cancel_of_key(self, key: str, now_us: Instant) -> None:
        for record in list(self.desk.records.latest_values()):
            if record.status == "LIVE" and record.intent.owner == key:
                owner = self.desk.owner_of(record.intent.account)
                self.desk.cancel(owner, [record.intent.id], now_us)

    def _beat(
        self, caller: Credentials, request: HttpRequest, query: Query, now_us: Instant
    ) -> HttpResponse:
        return self._heartbeats.beat(caller.key, request.body, now_us)

    def _trade_changed(self, found: Settlement) -> None:
        state = TradeState(found, found.status, found.updated_us, found.tx_hash)
        self.reads.trade_changed(state)
        self.streams.trade_changed(state)


def _leg(placed: dict[str, object] | Refusal) -> dict[str, object]:
    """One answer of a batch; a refused order still says success, as the venue's does."""
    if not isinstance(placed, Refusal):
        return placed
    return {
        "errorMsg": placed.words,
        "orderID": "",
        "takingAmount": "",
        "makingAmount": "",
        "status": "",
        "transactionsHashes": [],
        "tradeIDs": [],
        "success": True,
    }


OWN_STATUS = {400, 404, 500}
"""Refusals that are about one order, not about the venue."""
LIMITED: dict[tuple[str, str], BucketKind] = {
    ("POST", "order"): "place",
    ("POST", "orders"): "place",
    ("DELETE", "order"): "cancel",
    ("DELETE", "orders"): "cancel",
    ("DELETE", "cancel-all"): "cancel",
    ("DELETE", "cancel-market-orders"): "cancel",
}
GEOBLOCK = ("GET", "api/geoblock")
L1_ROUTES = {("POST", "auth/api-key"), ("GET", "auth/derive-api-key")}
