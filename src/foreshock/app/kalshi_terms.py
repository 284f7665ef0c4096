"""What does Kalshi grant a live desk, and which fuse guards it? Asked once, before it starts.

The account's buckets take the place of the lowest tier's. Each strategy gets an order group on
every shard that the exchange names; one of an earlier run is used again, so that a restart mends no
blown fuse. What cannot be had is said: the desk then goes by the lowest tier, or its entries leave
without a fuse.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import msgspec

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpResponse, HttpTransport
from foreshock.adapters.venues.budget import BucketTerms, BudgetTerms
from foreshock.adapters.venues.kalshi.budgets import (
    costs_reading,
    limits_reading,
    read_costs,
    read_terms,
)
from foreshock.adapters.venues.kalshi.maintenance import read_status, status_reading
from foreshock.adapters.venues.kalshi.order_groups import (
    create,
    fuse_limit,
    groups_reading,
    read_created,
    read_groups,
    reset,
)
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.core.domain.errors import (
    ConfigError,
    DataError,
    InvariantError,
    VenueUnavailableError,
)
from foreshock.core.domain.markets import Market
from foreshock.core.domain.units import Instant, Quantity, format_micros

BASIC_BUDGET = BudgetTerms(
    read=BucketTerms(capacity=200, per_second=200, left_by_entries=40, left_by_scans=80),
    write=BucketTerms(capacity=100, per_second=100, left_by_entries=24, left_by_scans=34),
    costs={"place": 10, "cancel": 2, "amend": 10, "read": 10, "heartbeat": 10, "settle": 10},
)
"""The Basic tier: what every member has. Source: Kalshi's rate limits, November 2026."""
DEFAULT_SHARD = 0
ELSEWHERE = frozenset({"Crypto", "Commodities", "Sports"})
"""Categories with series on other shards. Source: Kalshi's shards, November 2026. It only counts
where the exchange does not say the shard of a market."""
FAILURES = (ConfigError, DataError, InvariantError, VenueUnavailableError)

NO_GROUPS: Mapping[tuple[str, int], str] = MappingProxyType({})
Sign = Callable[[Unsigned, Instant], HttpRequest]


class KalshiTerms(msgspec.Struct, frozen=True):
    """groups: order groups by strategy and shard. words: what a person should know."""

    budget: BudgetTerms = BASIC_BUDGET
    groups: Mapping[tuple[str, int], str] = NO_GROUPS
    words: tuple[str, ...] = ()

    def resets(self) -> tuple[Unsigned, ...]:
        """What makes the fuses whole again: leaves only when a person resumes."""
        return tuple(reset(group, shard) for (_, shard), group in self.groups.items())


def shard_of(market: Market) -> int | None:
    """Where a market trades; None where nobody can tell: there no group is named."""
    if market.shard is not None:
        return market.shard
    return None if market.category in ELSEWHERE else DEFAULT_SHARD


async def ask_terms(
    host: HttpTransport, sign: Sign, strategies: Sequence[str], largest_clip: Quantity
) -> KalshiTerms:
    """Ask for the budget, and find or make the fuses. What fails is in its words."""
    asking = _Asking(host, sign)
    words: list[str] = []
    budget = BASIC_BUDGET
    try:
        budget = await _budget(asking)
    except FAILURES as error:
        words.append(f"Kalshi's limits cannot be read ({error}): its lowest tier is assumed")
    shards: tuple[int, ...] = (DEFAULT_SHARD,)
    try:
        shards = tuple(sorted(read_status(await asking.ask(status_reading())).by_shard))
    except FAILURES as error:
        words.append(f"Kalshi's shards cannot be read ({error}): fuses only on the default one")
    groups, missing = await _fuses(asking, strategies, fuse_limit(largest_clip), shards)
    words += missing
    return KalshiTerms(budget, groups, tuple(words))


class _Asking:
    """Signs a request and sends it once."""

    def __init__(self, host: HttpTransport, sign: Sign) -> None:
        self._host = host
        self._sign = sign

    async def ask(self, unsigned: Unsigned) -> HttpResponse:
        """Raises as the signer and the transport."""
        request = await asyncio.to_thread(self._sign, unsigned, wall_clock_us())
        return await self._host.send(request)


async def _budget(asking: _Asking) -> BudgetTerms:
    costs = read_costs(await asking.ask(costs_reading()))
    return read_terms(await asking.ask(limits_reading()), costs)


async def _fuses(
    asking: _Asking, strategies: Sequence[str], limit: Quantity, shards: Sequence[int]
) -> tuple[dict[tuple[str, int], str], list[str]]:
    """A group has no name of ours: those of the right limit are handed out in their order."""
    found: dict[tuple[str, int], str] = {}
    try:
        groups = read_groups(await asking.ask(groups_reading()))
    except FAILURES as error:
        return found, [f"no order group at Kalshi ({error}): entries leave without that fuse"]
    missing: list[str] = []
    for shard in shards:
        ours = [g.id for g in groups if g.limit == limit and (g.shard or DEFAULT_SHARD) == shard]
        try:
            for strategy in strategies:
                name = ours.pop(0) if ours else await _created(asking, limit, shard)
                found[strategy, shard] = name
        except FAILURES as error:
            words = f"no order group on Kalshi's shard {shard} ({error})"
            missing.append(f"{words}: entries there leave without that fuse")
    return found, missing


async def _created(asking: _Asking, limit: Quantity, shard: int) -> str:
    return read_created(await asking.ask(create(limit, shard)))


def terms_words(terms: KalshiTerms, limit: Quantity) -> str:
    """The budget and the fuses in a line."""
    read, write = terms.budget.read.per_second, terms.budget.write.per_second
    shards = len({shard for _, shard in terms.groups})
    fuse = f"{len(terms.groups)} fuse(s) on {shards} shard(s)"
    fuse += f" at {format_micros(limit, 0)} contracts in 15 s"
    return f"Kalshi grants {write} write tokens a second, {read} for reads of ours; {fuse}"
