"""How are Kalshi's order groups made, read, limited, reset, triggered and deleted?

A group lives on one shard of its member and blows by what its orders match in fifteen seconds.
"""

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.kalshi_bodies import Fields, wrong
from foreshock.adapters.sim.kalshi_members import Members
from foreshock.adapters.sim.kalshi_objects import Body, count
from foreshock.adapters.sim.kalshi_pages import RefusedError, nested_error
from foreshock.adapters.sim.order_groups import OrderGroup
from foreshock.adapters.sim.wire_text import Query, answer, answer_sorted, uuid_of, whole_or_none
from foreshock.core.domain.units import MICRO, Instant, Quantity

GROUPS_MAX = 100_000


class Groups:
    """The order groups of one venue's members; raises RefusedError for what cannot be."""

    def __init__(self, exchange: Exchange, members: Members) -> None:
        self._exchange = exchange
        self._members = members
        self._count = 0

    def create(self, member: str, fields: Fields, now_us: Instant) -> HttpResponse:
        """A new group with a limit."""
        limit, shard = _limit(fields), fields.integer("exchange_index") or 0
        if fields.integer("subaccount") or shard < 0:
            raise RefusedError(wrong("exchange_index" if shard < 0 else "subaccount"))
        account = self._members.account(member, shard)
        if len(self._exchange.desk.groups(account)) >= GROUPS_MAX:
            raise RefusedError(nested_error(400, "bad_request", details="too many order groups"))
        self._count += 1
        name = uuid_of(f"group/{account}/{self._count}/{now_us}")
        self._exchange.desk.open_group(account, name, limit, now_us)
        return answer(201, {"order_group_id": name, "subaccount": 0, "exchange_index": shard})

    def list_all(self, member: str) -> HttpResponse:
        """Every group, oldest first."""
        found: list[Body] = [
            {"id": group.name, **_told(group, shard)}
            for shard, account in self._members.accounts(member).items()
            for group in self._exchange.desk.groups(account)
        ]
        return answer_sorted(200, {"order_groups": found})

    def get(self, member: str, name: str) -> HttpResponse:
        """One group and its resting orders, on whatever shard."""
        for shard, account in self._members.accounts(member).items():
            for group in self._exchange.desk.groups(account):
                if group.name == name:
                    resting = self._exchange.desk.resting(account)
                    ids = [order.order_id for order in resting if order.group == name]
                    return answer_sorted(200, {**_told(group, shard), "orders": ids})
        raise RefusedError(nested_error(404, "not_found"))

    def change(
        self, member: str, query: Query, fields: Fields | None, now_us: Instant
    ) -> HttpResponse:
        """`.../{id}/limit`, `/reset` or `/trigger`. fields: of `limit` alone."""
        group, desk = self._named(member, query.parts[-2], query), self._exchange.desk
        if fields is not None:
            desk.limit_group(group, _limit(fields), now_us)
        elif query.parts[-1] == "reset":
            desk.reset_group(group, now_us)
        else:
            desk.trigger_group(group, now_us)
        return answer(200, {})

    def delete(self, member: str, query: Query, now_us: Instant) -> HttpResponse:
        """The group and its orders are gone."""
        group = self._named(member, query.parts[-1], query)
        self._exchange.desk.delete_group(group, now_us)
        return answer(200, {})

    def _named(self, member: str, name: str, query: Query) -> OrderGroup:
        """A group on the shard the query names; it defaults to 0."""
        index = whole_or_none(query.text("exchange_index") or "0")
        if index is None:
            raise RefusedError(wrong("exchange_index"))
        account = self._members.accounts(member).get(index, "")
        found = [g for g in self._exchange.desk.groups(account) if g.name == name]
        if not found:
            raise RefusedError(nested_error(404, "not_found"))
        return found[0]


def _told(group: OrderGroup, shard: int) -> Body:
    return {
        "contracts_limit_fp": count(group.limit),
        "is_auto_cancel_enabled": True,
        "exchange_index": shard,
    }


def _limit(fields: Fields) -> Quantity:
    """The limit, given as whole contracts or as a text; both must agree."""
    whole, exact = fields.integer("contracts_limit"), fields.optional_count("contracts_limit_fp")
    given = {q for q in (None if whole is None else whole * MICRO, exact) if q is not None}
    if not given:
        raise RefusedError(nested_error(400, "missing_parameters", details="contracts_limit"))
    if len(given) > 1 or min(given) <= 0:
        raise RefusedError(wrong("contracts_limit"))
    return Quantity(given.pop())
