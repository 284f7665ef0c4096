"""How many requests does Kalshi take from us, and what is kept back for hedges and cancels? Pure.

Reads and writes have a bucket of tokens each. Of the reads, one half belongs to the public books
(`PollBudget`), which are asked for beside the account; the other half is what the lanes share.
"""

from collections.abc import Mapping, Sequence

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.budget import BucketTerms, BudgetTerms
from foreshock.adapters.venues.kalshi import order_wire, wire
from foreshock.adapters.venues.kalshi.account import reading
from foreshock.adapters.venues.kalshi.orders import BATCH, ORDERS
from foreshock.adapters.venues.kalshi.polled import BUDGET_PPM
from foreshock.adapters.venues.kalshi.rest import BASE, body_of
from foreshock.adapters.venues.order_path import RequestKind, Unsigned
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import MICRO

HEDGES_KEPT = 2
CANCELS_KEPT = 5
"""Writes that entries always leave in the bucket: they go out at once, however busy entries are."""
LOOKS_KEPT = 3
"""Questions about orders that reads of the account always leave."""
ENTRIES_LEFT_BY_SCANS = 1
DEFAULT_COST = 10
PER_ITEM = (BATCH,)


class Costs(msgspec.Struct, frozen=True):
    """Tokens by endpoint. listed: (method, path of the venue's router) to tokens."""

    default: int
    listed: Mapping[tuple[str, str], int]

    def of(self, unsigned: Unsigned) -> int:
        """Tokens of one request; a batch is billed for each of its items."""
        path = unsigned.path.partition("?")[0]
        cost = self.at(unsigned.method, path)
        return cost * _items(unsigned.body) if path in PER_ITEM else cost

    def at(self, method: str, path: str) -> int:
        """Tokens of an endpoint; a fixed path goes before one with names in it."""
        exact = self.listed.get((method, path))
        if exact is not None:
            return exact
        asked = path.split("/")
        found = [
            cost
            for (listed_method, pattern), cost in self.listed.items()
            if listed_method == method and _matches(pattern.split("/"), asked)
        ]
        return max(found, default=self.default)


BASIC = Costs(
    DEFAULT_COST,
    {
        ("DELETE", f"{ORDERS}/:order_id"): 2,
        ("DELETE", BATCH): 2,
        ("DELETE", ORDERS): 2,
        ("GET", f"{BASE}/portfolio/orders/:order_id"): 2,
    },
)
"""What is documented, for the time before the venue has said it."""


def limits_reading() -> Unsigned:
    """The buckets of the account's tier."""
    return reading("/account/limits")


def costs_reading() -> Unsigned:
    """What each endpoint costs."""
    return reading("/account/endpoint_costs")


def read_costs(answer: HttpResponse) -> Costs:
    """Raises as `body_of`, and DataError."""
    body = wire.decoded(body_of(answer), order_wire.CostsBody)
    listed = {(row.method, row.path): row.cost for row in body.endpoint_costs}
    return Costs(body.default_cost, listed)


def read_terms(answer: HttpResponse, costs: Costs = BASIC) -> BudgetTerms:
    """The budget of the account's tier.

    Raises as `body_of`, and DataError for buckets too small to trade with a reserve.
    """
    body = wire.decoded(body_of(answer), order_wire.LimitsBody)
    return terms(body.read, body.write, costs)


def terms(
    read: order_wire.BucketRow, write: order_wire.BucketRow, costs: Costs = BASIC
) -> BudgetTerms:
    """What may leave when, from the venue's buckets. Raises as `read_terms`."""
    by_kind = kind_costs(costs)
    kept = HEDGES_KEPT * by_kind["place"] + CANCELS_KEPT * by_kind["cancel"]
    looks = LOOKS_KEPT * by_kind["read"]
    return BudgetTerms(
        read=_bucket(_rest(read), looks, by_kind["read"]),
        write=_bucket(write, kept, by_kind["place"]),
        costs=by_kind,
    )


def kind_costs(costs: Costs) -> dict[RequestKind, int]:
    """Tokens by kind of request: the dearest of those of one order that the desk sends."""
    order = f"{ORDERS}/id"
    return {
        "place": costs.at("POST", ORDERS),
        "cancel": costs.at("DELETE", order),
        "amend": max(costs.at("POST", f"{order}/amend"), costs.at("POST", f"{order}/decrease")),
        "read": max(costs.default, costs.at("GET", f"{BASE}/portfolio/orders/id")),
        "heartbeat": costs.default,
        "settle": costs.default,
    }


def _bucket(row: order_wire.BucketRow, kept: int, cost: int) -> BucketTerms:
    left_by_scans = kept + ENTRIES_LEFT_BY_SCANS * cost
    if row.bucket_capacity < left_by_scans + cost:
        raise DataError(
            f"a bucket of {row.bucket_capacity} tokens: at least {left_by_scans + cost} are needed"
            " to trade with a reserve for hedges and cancels"
        )
    return BucketTerms(
        capacity=row.bucket_capacity,
        per_second=row.refill_rate,
        left_by_entries=kept,
        left_by_scans=left_by_scans,
    )


def _rest(read: order_wire.BucketRow) -> order_wire.BucketRow:
    """What the public books leave of the reads."""
    return order_wire.BucketRow(
        max(1, read.refill_rate * (MICRO - BUDGET_PPM) // MICRO),
        max(1, read.bucket_capacity * (MICRO - BUDGET_PPM) // MICRO),
    )


def _matches(pattern: Sequence[str], asked: Sequence[str]) -> bool:
    if pattern and pattern[-1].startswith("*"):
        pattern, asked = pattern[:-1], asked[: len(pattern) - 1]
    return len(pattern) == len(asked) and all(
        part == given or part.startswith(":") for part, given in zip(pattern, asked, strict=True)
    )


def _items(body: bytes) -> int:
    try:
        found = msgspec.json.decode(body, type=dict[str, list[msgspec.Raw]])
    except wire.MALFORMED:
        return 1
    return max(1, len(found.get("orders", [])))
