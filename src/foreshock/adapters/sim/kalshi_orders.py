"""How does Kalshi take orders, amendments and cancels? The V2 calls, one by one and in batches.

An ask sells YES, which is buying NO at a dollar less the price. Nothing here is late: the answers
to writes come from the matching engine. What cannot be cancelled is not found, whether it was
cancelled, executed or never there.
"""

from collections.abc import Callable
from typing import Literal, cast

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.corrections import clearing_trade_account
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import (
    OrderRefused,
    OrderRequest,
    OrderState,
    RefusalCode,
    TimeInForce,
)
from foreshock.adapters.sim.kalshi_bodies import Fields, wrong
from foreshock.adapters.sim.kalshi_members import Members
from foreshock.adapters.sim.kalshi_objects import Body, count, dollars
from foreshock.adapters.sim.kalshi_pages import RefusedError, nested_error
from foreshock.adapters.sim.matching import Amendment
from foreshock.adapters.sim.wire_text import Query, answer, milliseconds, whole_or_none
from foreshock.core.domain.units import MICRO, Duration, Instant, Quantity, complement

AUTO_ROUTE = -1
LIFETIMES: dict[str, TimeInForce] = {
    "good_till_canceled": "gtc",
    "immediate_or_cancel": "ioc",
    "fill_or_kill": "fok",
}
SELF_TRADES = ("taker_at_cross", "maker")
SIDES = ("bid", "ask")
REFUSALS: dict[RefusalCode, tuple[int, str, str]] = {
    "market_unknown": (404, "market_not_found", ""),
    "price_off_grid": (400, "invalid_price", ""),
    "quantity_below_min": (400, "invalid_order", "count is too small"),
    "quantity_off_lot": (400, "invalid_order", "count is no multiple of 0.01"),
    "expiry_in_past": (400, "invalid_order", "expiration_time must be in the future"),
    "duplicate_client_order_id": (409, "order_already_exists", ""),
    "post_only_cross": (400, "invalid_order", "post only cross"),
    "fok_shortfall": (409, "fill_or_kill_insufficient_resting_volume", ""),
    "insufficient_balance": (400, "insufficient_balance", ""),
    "reduce_only": (400, "invalid_order", "reduce_only: no position to reduce"),
    "order_not_found": (404, "not_found", ""),
    "group_unknown": (404, "not_found", ""),
    "group_triggered": (400, "invalid_order", "order group limit reached"),
}
"""The documented answers; `group_*` and the words of an empty reduce_only are guesses."""
Act = Callable[[str, Fields, Instant], Body]


class Orders:
    """The writes of one venue's members. Each method answers one call, or raises RefusedError."""

    def __init__(self, exchange: Exchange, members: Members) -> None:
        self.leaves: list[Quantity] = []
        """What strangers leave in reach of the next orders, having come a moment before them."""
        self.cancel_tail = Duration(0)
        self._ended_all_us: dict[str, Instant] = {}
        self._exchange = exchange
        self._members = members

    # ---- creating

    def create(self, member: str, fields: Fields, now_us: Instant) -> Body:
        """Place one order."""
        request = self._request(member, fields, now_us)
        name = request.client_order_id
        if name is not None and self._members.is_used(member, name):
            raise _refused("duplicate_client_order_id")
        if self.leaves:
            self._forestall(request, self.leaves.pop(0), now_us)
        placed = self._exchange.place(request, now_us)
        if isinstance(placed, OrderRefused):
            if placed.code == "fok_shortfall" and name is not None:
                self._members.use(member, name)  # a killed order uses up its name
            raise self._refusal(member, request, placed)
        if name is not None:
            self._members.use(member, name)
        if now_us < self._ended_all_us.get(member, 0) + self.cancel_tail:
            self._exchange.cancel(request.account, placed.order_id, now_us)
        body: Body = {"order_id": placed.order_id}
        return body | _name(placed) | _filled(placed, None) | _at(now_us)

    def create_all(self, member: str, orders: list[Fields], now_us: Instant) -> HttpResponse:
        """Place several orders, each for itself."""
        found = [self._item(self.create, member, order, now_us, is_new=True) for order in orders]
        return answer(201, {"orders": found})

    def _request(self, member: str, fields: Fields, now_us: Instant) -> OrderRequest:
        ticker, side = fields.needed("ticker"), fields.choice("side", SIDES)
        quantity, price = fields.count("count"), fields.price("price")
        lifetime = LIFETIMES[fields.choice("time_in_force", tuple(LIFETIMES))]
        self_trade = fields.choice("self_trade_prevention_type", SELF_TRADES)
        expires_us = fields.moment("expiration_time") or None
        if not quantity:
            raise RefusedError(wrong("count"))
        if expires_us is not None and lifetime != "gtc":
            words = "expiration_time can only be used with good_till_canceled orders"
            raise RefusedError(nested_error(400, "invalid_order", details=words))
        if fields.flag("reduce_only") and lifetime != "ioc":
            words = "reduce_only can only be used with IoC orders"
            raise RefusedError(nested_error(400, "invalid_order", details=words))
        if price > MICRO:
            raise _refused("price_off_grid")
        shard = self._route(ticker, fields)
        return OrderRequest(
            account=self._members.account(member, shard),
            native_id=ticker,
            outcome="yes" if side == "bid" else "no",
            action="buy",
            price=price if side == "bid" else complement(price),
            quantity=quantity,
            time_in_force=lifetime if expires_us is None else "gtd",
            expires_us=expires_us,
            post_only=fields.flag("post_only"),
            reduce_only=fields.flag("reduce_only"),
            cancel_on_pause=fields.flag("cancel_order_on_pause"),
            self_trade=cast("Literal['taker_at_cross', 'maker']", self_trade),
            order_id=self._members.next_order_id(member, now_us),
            client_order_id=fields.text("client_order_id"),
            group=fields.text("order_group_id"),
        )

    def _forestall(self, request: OrderRequest, left: Quantity, now_us: Instant) -> None:
        """A stranger takes what the order would reach, save so much."""
        price = request.price if request.outcome == "yes" else complement(request.price)
        is_bid = request.outcome == "yes"
        levels = self._exchange.levels(request.native_id, "ask" if is_bid else "bid")
        reach = sum(size for at, size in levels if (at <= price if is_bid else at >= price))
        if reach > left:
            stranger = clearing_trade_account(self._exchange, request.native_id, 0)
            taken = msgspec.structs.replace(
                request,
                account=stranger,
                quantity=Quantity(reach - left),
                time_in_force="ioc",
                expires_us=None,
                post_only=False,
                reduce_only=False,
                group=None,
                order_id=None,
                client_order_id=None,
            )
            self._exchange.place(taken, now_us)

    def _route(self, ticker: str, fields: Fields) -> int:
        """The shard of a market; naming another one finds nothing there."""
        _primary(fields.integer("subaccount"))
        if not self._exchange.has_market(ticker):
            raise _refused("market_unknown")
        shard = self._members.shard_of(ticker)
        if fields.integer("exchange_index") not in {None, AUTO_ROUTE, shard}:
            raise _refused("market_unknown")
        return shard

    def _refusal(self, member: str, request: OrderRequest, refused: OrderRefused) -> RefusedError:
        if refused.code == "market_not_open":
            return RefusedError(self._not_open(request.native_id))
        shard = self._members.shard_of(request.native_id)
        is_elsewhere = self._members.has_enough_elsewhere(member, shard)
        if refused.code == "insufficient_balance" and is_elsewhere:
            account = self._members.account(member, shard)
            if not self._members.available(account):
                return RefusedError(nested_error(404, "insufficient_shard_balance"))
        return _refused(refused.code)

    def _not_open(self, ticker: str) -> HttpResponse:
        is_over = self._exchange.market(ticker).status not in {"listed", "paused"}
        return nested_error(400, "MARKET_INACTIVE" if is_over else "MARKET_NOT_ACTIVE")

    # ---- ending and changing

    def cancel(self, member: str, order_id: str, fields: Fields, now_us: Instant) -> Body:
        """Cancel one order: 404 for whatever does not rest where it is looked for."""
        order = self._resting(member, order_id, fields)
        self._exchange.cancel(order.account, order.order_id, now_us)
        body: Body = {"order_id": order.order_id}
        return body | _name(order) | {"reduced_by": count(order.remaining)} | _at(now_us)

    def cancel_named(self, member: str, fields: Fields, now_us: Instant) -> Body:
        """One item of a batch."""
        return self.cancel(member, fields.needed("order_id"), fields, now_us)

    def cancel_many(self, member: str, orders: list[Fields], now_us: Instant) -> HttpResponse:
        """Cancel several orders, each for itself."""
        items = [
            self._item(self.cancel_named, member, order, now_us, is_new=False) for order in orders
        ]
        return answer(200, {"orders": items})

    def cancel_all(self, member: str, now_us: Instant) -> HttpResponse:
        """Cancel every resting order on every shard, and what still arrives during the tail."""
        self._ended_all_us[member] = now_us
        for account in self._members.accounts(member).values():
            self._exchange.cancel_all(account, now_us)
        return HttpResponse(204, b"")

    def decrease(self, member: str, order_id: str, fields: Fields, now_us: Instant) -> Body:
        """Make a resting order smaller in its place; to nothing cancels it."""
        order = self._resting(member, order_id, fields)
        less, target = fields.optional_count("reduce_by"), fields.optional_count("reduce_to")
        if (less is None) == (target is None):
            words = "exactly one of reduce_by and reduce_to"
            raise RefusedError(nested_error(400, "invalid_parameters", details=words))
        left = target if target is not None else Quantity(order.remaining - (less or 0))
        if not 0 <= left <= order.remaining or left == order.remaining:
            words = "the order would not become smaller"
            raise RefusedError(nested_error(400, "invalid_order", details=words))
        self._exchange.decrease(order.account, order.order_id, left, now_us)
        body: Body = {"order_id": order.order_id}
        return body | _name(order) | {"remaining_count": count(left)} | _at(now_us)

    def amend(self, member: str, order_id: str, fields: Fields, now_us: Instant) -> Body:
        """Give a resting order another price, total size, expiry or name."""
        ticker, side = fields.needed("ticker"), fields.choice("side", SIDES)
        price, quantity = fields.price("price"), fields.count("count")
        expires_us = fields.moment("expiration_time")
        self._route(ticker, fields)
        before = self._resting(member, order_id, fields, ticker=ticker)
        name = fields.text("updated_client_order_id")
        if (before.native_id, before.side) != (ticker, side):
            raise RefusedError(wrong("side" if before.native_id == ticker else "ticker"))
        if fields.text("client_order_id") not in {None, before.client_order_id}:
            raise RefusedError(wrong("client_order_id"))
        if name not in {None, before.client_order_id} and self._members.is_used(member, name or ""):
            raise _refused("duplicate_client_order_id")
        if price > MICRO:
            raise _refused("price_off_grid")
        change = Amendment(
            price=price if side == "bid" else complement(price),
            quantity=quantity,
            expires_us=before.expires_us if expires_us is None else expires_us or None,
            client_order_id=name,
        )
        after = self._exchange.amend(before.account, before.order_id, change, now_us)
        if isinstance(after, OrderRefused):
            is_closed = after.code == "market_not_open"
            raise RefusedError(self._not_open(ticker)) if is_closed else _refused(after.code)
        if name is not None:
            self._members.use(member, name)
        body: Body = {"order_id": after.order_id}
        is_told = (after.filled, after.remaining) != (before.filled, before.remaining)
        told = _filled(after, before) if is_told else {}
        return body | _name(after) | told | _at(now_us)

    def _resting(
        self, member: str, order_id: str, fields: Fields, *, ticker: str | None = None
    ) -> OrderState:
        """The order where it is looked for: an id alone is looked up on the default shard."""
        _primary(fields.integer("subaccount"))
        index = fields.integer("exchange_index")
        named = ticker or fields.text("market_ticker")
        if index in {None, AUTO_ROUTE}:
            if named is None and index == AUTO_ROUTE:
                raise RefusedError(nested_error(400, "missing_parameters", details="market_ticker"))
            if named is not None and not self._exchange.has_market(named):
                raise _refused("order_not_found")
            index = 0 if named is None else self._members.shard_of(named)
        account = self._members.accounts(member).get(index or 0)
        order = self._exchange.order(order_id)
        if order is None or order.account != account or order.status != "resting":
            raise _refused("order_not_found")
        return order

    # ---- batches

    def _item(
        self, act: Act, member: str, fields: Fields, now_us: Instant, *, is_new: bool
    ) -> Body:
        """What one call of a batch gets; an error stands beside empty figures."""
        try:
            return act(member, fields, now_us)
        except RefusedError as error:
            blank: Body = {"order_id": (None if is_new else fields.text("order_id")) or ""}
            if is_new:
                blank |= {"client_order_id": fields.text("client_order_id")}
                blank |= {"fill_count": count(0), "remaining_count": count(0)}
            else:
                blank |= {"reduced_by": count(0)}
            return blank | {"ts_ms": None, "error": _flat(error.response)}


def query_fields(query: Query) -> Fields:
    """The parameters of a cancel, which come in the query."""
    found: Body = {}
    for name in ("subaccount", "exchange_index"):
        text = query.text(name)
        number = AUTO_ROUTE if text == str(AUTO_ROUTE) else whole_or_none(text)
        if text and number is None:
            raise RefusedError(wrong(name))
        found[name] = number
    found["market_ticker"] = query.text("market_ticker") or None
    return Fields(found, "CancelOrderV2Request")


def _primary(subaccount: int | None) -> None:
    """Only the primary account exists here."""
    if subaccount:
        raise RefusedError(wrong("subaccount"))


def _refused(code: RefusalCode) -> RefusedError:
    status, word, details = REFUSALS[code]
    return RefusedError(nested_error(status, word, details=details))


def _flat(response: HttpResponse) -> object:
    """The error of a batch's item, which is never nested."""
    body = msgspec.json.decode(response.body, type=dict[str, object])
    return body.get("error", body)


def _name(order: OrderState) -> Body:
    return {} if order.client_order_id is None else {"client_order_id": order.client_order_id}


def _at(now_us: Instant) -> Body:
    return {"ts_ms": milliseconds(now_us)}


def _filled(order: OrderState, before: OrderState | None) -> Body:
    """What one call filled and left; averages only when it filled, in YES prices."""
    filled = order.filled - (before.filled if before else 0)
    body: Body = {"fill_count": count(filled), "remaining_count": count(order.remaining)}
    if filled:
        cost = order.taker_cost - (before.taker_cost if before else 0)
        fees = order.taker_fees - (before.taker_fees if before else 0)
        paid = _average(cost, filled)
        body["average_fill_price"] = dollars(paid if order.side == "bid" else MICRO - paid)
        body["average_fee_paid"] = dollars(_average(fees, filled))
    return body


def _average(amount: int, quantity: int) -> int:
    """Per contract, to the nearest millionth."""
    return (2 * amount * MICRO + quantity) // (2 * quantity)
