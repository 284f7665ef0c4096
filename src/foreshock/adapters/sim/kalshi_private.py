"""Which signed call of a Kalshi member is this, what does it cost, and who answers it?"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.kalshi_bodies import Fields, read_body, wrong
from foreshock.adapters.sim.kalshi_hours import Hours
from foreshock.adapters.sim.kalshi_limits import (
    BALANCE_COST,
    CANCEL_COST,
    COST_DEFAULT,
    ORDER_READ_COST,
    TIERS,
    Budget,
    MemberBudget,
    TierName,
    limits_body,
)
from foreshock.adapters.sim.kalshi_members import Members
from foreshock.adapters.sim.kalshi_order_groups import Groups
from foreshock.adapters.sim.kalshi_orders import Orders, query_fields
from foreshock.adapters.sim.kalshi_pages import RefusedError, nested_error
from foreshock.adapters.sim.kalshi_portfolio import Portfolio
from foreshock.adapters.sim.kalshi_records import Records
from foreshock.adapters.sim.kalshi_rules import KalshiRules
from foreshock.adapters.sim.wire_text import Query, answer, answer_sorted, iso, uuid_of
from foreshock.core.domain.units import Instant, Money

CENTI_CENT = 100
EVENT_CONTRACT = "event_contract"
ROOTS = (
    ("portfolio",),
    ("account", "limits"),
    ("historical", "fills"),
    ("historical", "orders"),
    ("historical", "positions"),
)
V2 = ("portfolio", "events", "orders")
V1 = ("portfolio", "orders")
GROUPS = ("portfolio", "order_groups")


class Call(msgspec.Struct, frozen=True):
    """One signed call, on its way. parts: of the path below the API's root."""

    member: str
    request: HttpRequest
    query: Query
    parts: tuple[str, ...]
    now_us: Instant


Answer: TypeAlias = Callable[[Call], HttpResponse]
Route: TypeAlias = tuple[Budget, int, Answer]
"""Which bucket, how many tokens, who answers. Batches pay the rest once they are read."""


def is_private(parts: tuple[str, ...]) -> bool:
    """Whether a path below the API's root belongs to a member."""
    return any(parts[: len(root)] == root for root in ROOTS)


class KalshiPrivate:
    """Everything a member asks for, given that the signature is good."""

    def __init__(
        self,
        exchange: Exchange,
        members: Members,
        records: Records,
        hours: Hours,
        rules: KalshiRules,
    ) -> None:
        self.rules = rules
        self._members = members
        self._records = records
        self._hours = hours
        self.orders = Orders(exchange, members)
        self.orders.cancel_tail = rules.cancel_tail
        self._groups = Groups(exchange, members)
        self._portfolio = Portfolio(exchange, members, records, rules.live_window)
        self._budgets: dict[tuple[str, TierName], MemberBudget] = {}
        self._routes = self._all_routes()
        self._transfers: set[str] = set()

    def handle(self, member: str, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """The answer to a signed call."""
        query = Query(request)
        parts = query.parts[2:]
        if request.method != "GET" and parts[:2] == V1:
            return nested_error(410, "deprecated_v1_order_endpoint")
        route = self._route(request.method, parts)
        if route is None:
            return nested_error(404, "not_found")
        budget, cost, respond = route
        call = Call(member, request, query, parts, now_us)
        try:
            self._spend(call, budget, cost)
            return respond(call)
        except RefusedError as error:
            return error.response

    def told_to_all(
        self, method: str, parts: tuple[str, ...], now_us: Instant
    ) -> HttpResponse | None:
        """How members' data are kept is no secret; None for what is not asked here."""
        match method, parts:
            case "GET", ("historical", "cutoff"):
                return self._portfolio.cutoff(now_us)
            case "GET", ("exchange", "user_data_timestamp"):
                moments = [self._records.as_of(name, now_us) for name in self._members.names()]
                return answer(200, {"as_of_time": iso(min(moments, default=now_us))})
            case _:
                return None

    # ---- routes

    def _route(self, method: str, parts: tuple[str, ...]) -> Route | None:
        """The exact path, or the one with a name in it: third or fourth from the front."""
        for place in (len(parts), 3, 2):
            named = (*parts[:place], "*", *parts[place + 1 :]) if place < len(parts) else parts
            if found := self._routes.get((method, named)):
                return found
        return None

    def _all_routes(self) -> Mapping[tuple[str, tuple[str, ...]], Route]:
        routes: dict[tuple[str, tuple[str, ...]], Route] = {
            ("POST", V2): ("write", COST_DEFAULT, self._create),
            ("DELETE", V2): ("write", CANCEL_COST, self._cancel_all),
            ("POST", (*V2, "batched")): ("write", 0, self._create_all),
            ("DELETE", (*V2, "batched")): ("write", 0, self._cancel_many),
            ("DELETE", (*V2, "*")): ("write", CANCEL_COST, self._cancel),
            ("POST", (*V2, "*", "amend")): ("write", COST_DEFAULT, self._amend),
            ("POST", (*V2, "*", "decrease")): ("write", COST_DEFAULT, self._decrease),
            ("POST", (*GROUPS, "create")): ("write", COST_DEFAULT, self._create_group),
            ("GET", GROUPS): ("read", COST_DEFAULT, lambda c: self._groups.list_all(c.member)),
            ("GET", (*GROUPS, "*")): ("read", COST_DEFAULT, self._group),
            ("DELETE", (*GROUPS, "*")): ("write", COST_DEFAULT, self._delete_group),
        }
        for name in ("limit", "reset", "trigger"):
            routes["PUT", (*GROUPS, "*", name)] = ("write", COST_DEFAULT, self._change_group)
        transfer = ("portfolio", "intra_exchange_instance_transfer")
        routes["POST", transfer] = ("read", COST_DEFAULT, self._transfer)
        return routes | self._read_routes()

    def _read_routes(self) -> dict[tuple[str, tuple[str, ...]], Route]:
        own = self._portfolio
        reads = {
            V1: own.orders,
            (*V1, "queue_positions"): own.queue_positions,
            (*V1, "*", "queue_position"): own.queue_position,
            ("portfolio", "fills"): own.fills,
            ("portfolio", "positions"): own.positions,
            ("portfolio", "settlements"): own.settlements,
            ("historical", "orders"): own.old_orders,
            ("historical", "fills"): own.old_fills,
            ("historical", "positions"): own.old_positions,
        }
        routes: dict[tuple[str, tuple[str, ...]], Route] = {
            ("GET", path): ("read", COST_DEFAULT, _reading(read)) for path, read in reads.items()
        }
        routes["GET", ("portfolio", "balance")] = ("balance", BALANCE_COST, _reading(own.balance))
        routes["GET", (*V1, "*")] = ("read", ORDER_READ_COST, _reading(own.order))
        routes["GET", ("account", "limits")] = ("read", COST_DEFAULT, self._limits)
        for name in ("deposits", "withdrawals"):
            routes["GET", ("portfolio", name)] = ("read", COST_DEFAULT, _nothing)
        value = ("portfolio", "summary", "total_resting_order_value")
        routes["GET", value] = ("read", COST_DEFAULT, _members_of_brokers_only)
        return routes

    # ---- budgets

    def _spend(self, call: Call, budget: Budget, cost: int) -> None:
        if not self.rules.is_throttled:
            return
        key = (call.member, self.rules.tier)
        if key not in self._budgets:
            self._budgets[key] = MemberBudget(TIERS[self.rules.tier])
        refusal = self._budgets[key].refusal(budget, cost, call.now_us)
        if refusal is not None:
            raise RefusedError(refusal)

    def _limits(self, _call: Call) -> HttpResponse:
        return answer(200, limits_body(self.rules.tier))

    # ---- orders

    def _permit(self, call: Call, *, is_cancel: bool = False) -> None:
        refusal = self._hours.refusal(call.now_us, is_cancel=is_cancel)
        if refusal is not None:
            raise RefusedError(refusal)

    def _create(self, call: Call) -> HttpResponse:
        fields = read_body(call.request, "CreateOrderV2Request")
        self._permit(call)
        return answer_sorted(201, self.orders.create(call.member, fields, call.now_us))

    def _create_all(self, call: Call) -> HttpResponse:
        orders = self._batch(call, "BatchCreateOrdersV2Request", COST_DEFAULT)
        self._permit(call)
        return self.orders.create_all(call.member, orders, call.now_us)

    def _cancel(self, call: Call) -> HttpResponse:
        fields = query_fields(call.query)
        self._permit(call, is_cancel=True)
        body = self.orders.cancel(call.member, call.parts[3], fields, call.now_us)
        return answer_sorted(200, body)

    def _cancel_many(self, call: Call) -> HttpResponse:
        orders = self._batch(call, "BatchCancelOrdersV2Request", CANCEL_COST)
        self._permit(call, is_cancel=True)
        return self.orders.cancel_many(call.member, orders, call.now_us)

    def _cancel_all(self, call: Call) -> HttpResponse:
        self._permit(call, is_cancel=True)
        return self.orders.cancel_all(call.member, call.now_us)

    def _amend(self, call: Call) -> HttpResponse:
        fields = read_body(call.request, "AmendOrderV2Request")
        self._permit(call)
        body = self.orders.amend(call.member, call.parts[3], fields, call.now_us)
        return answer_sorted(200, body)

    def _decrease(self, call: Call) -> HttpResponse:
        fields = read_body(call.request, "DecreaseOrderV2Request")
        self._permit(call, is_cancel=True)
        body = self.orders.decrease(call.member, call.parts[3], fields, call.now_us)
        return answer_sorted(200, body)

    def _batch(self, call: Call, name: str, cost: int) -> list[Fields]:
        """The items of a batch, once it is paid for as a whole."""
        item = name.replace("Batch", "").replace("Orders", "Order")
        orders = read_body(call.request, name).objects("orders", item)
        self._spend(call, "write", cost * len(orders))
        return orders

    # ---- order groups

    def _create_group(self, call: Call) -> HttpResponse:
        fields = read_body(call.request, "CreateOrderGroupRequest")
        return self._groups.create(call.member, fields, call.now_us)

    def _group(self, call: Call) -> HttpResponse:
        return self._groups.get(call.member, call.parts[-1])

    def _change_group(self, call: Call) -> HttpResponse:
        is_limit = call.parts[-1] == "limit"
        fields = read_body(call.request, "UpdateOrderGroupLimitRequest") if is_limit else None
        return self._groups.change(call.member, call.query, fields, call.now_us)

    def _delete_group(self, call: Call) -> HttpResponse:
        return self._groups.delete(call.member, call.query, call.now_us)

    # ---- money

    def _transfer(self, call: Call) -> HttpResponse:
        """Cash from shard to shard. The venue does it a little later, the simulator at once."""
        fields = read_body(call.request, "IntraExchangeInstanceTransferRequest")
        source, target = (
            fields.integer(f"{end}_exchange_shard") or 0 for end in ("source", "destination")
        )
        amount = fields.integer("amount") or 0
        for name in ("source", "destination"):
            if fields.needed(name) != EVENT_CONTRACT:
                raise RefusedError(wrong(name))
        name = fields.text("client_transfer_id")
        if name in self._transfers:
            raise RefusedError(nested_error(409, "transfer_already_exists"))
        if source == target or min(source, target) < 0 or amount <= 0:
            raise RefusedError(wrong("amount" if amount <= 0 else "destination_exchange_shard"))
        if not self._members.move(call.member, source, target, Money(amount * CENTI_CENT)):
            raise RefusedError(nested_error(400, "insufficient_balance"))
        if name is not None:
            self._transfers.add(name)
        self._records.touch(call.member, call.now_us)
        told = name or f"{call.now_us}/{source}/{target}/{amount}"
        return answer(200, {"transfer_id": uuid_of(f"transfer/{call.member}/{told}")})


def _reading(read: Callable[[str, Query, Instant], HttpResponse]) -> Answer:
    return lambda call: read(call.member, call.query, call.now_us)


def _nothing(call: Call) -> HttpResponse:
    """Money comes to the simulated venue by control only."""
    return answer(200, {call.parts[-1]: [], "cursor": ""})


def _members_of_brokers_only(_call: Call) -> HttpResponse:
    return nested_error(403, "forbidden")
