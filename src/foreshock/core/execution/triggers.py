"""Has completing an unequal package become the worse way out? Judged at each book of its legs.

    ADVERSE_MOVE         what is held more of sells for less than when it came to be unequal, by a
                         limit and for a time
    LIQUIDITY_COLLAPSE   too little rests to sell it to, or to buy what is missing from
    EDGE_DECAYED         buying what is missing leaves less than the least net worth completing for

A book that is gone says nothing: what is not seen is not known to have got worse.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.messages.risk import LimitChanged, UnwindAdvised
from foreshock.core.domain.units import (
    MICRO,
    SECOND,
    Instant,
    Price,
    Quantity,
    Rounding,
    divide,
    format_micros,
)
from foreshock.core.domain.unwinding import UnwindLimits
from foreshock.core.execution.package import Package
from foreshock.core.pricing.depth import demand, offers, total

CENTS = 100
PART = "unwind."
Books: TypeAlias = Mapping[MarketId, BookChanged]
Trigger: TypeAlias = tuple[str, str]
"""(code, words)."""


class Standing(msgspec.Struct):
    """What the legs of a package sold for when they came to be unequal, and since when it is worse.

    bids: by leg; None while the legs are as good as equal.
    """

    package: Package
    bids: dict[int, Price] | None = None
    worse_since: Instant | None = None


class Triggers:
    """The open packages, by the markets of their legs. Without limits nothing is ever judged."""

    def __init__(self, limits: UnwindLimits | None) -> None:
        self._limits = limits
        self._standings: dict[str, Standing] = {}
        self._by_market: dict[MarketId, dict[str, Package]] = {}

    def change(self, changed: LimitChanged) -> None:
        """One of the limits is another one."""
        name = changed.key.removeprefix(PART)
        if self._limits is not None and name != changed.key and changed.after is not None:
            self._limits = msgspec.structs.replace(self._limits, **{name: changed.after})

    def open(self, package: Package) -> None:
        """From now on the books of its legs count."""
        self._standings[package.id] = Standing(package)
        for leg in package.edge.legs:
            self._by_market.setdefault(leg.market, {})[package.id] = package

    def close(self, package: Package) -> None:
        """It has ended."""
        del self._standings[package.id]
        for market in {leg.market: None for leg in package.edge.legs}:
            del self._by_market[market][package.id]
            if not self._by_market[market]:
                del self._by_market[market]

    def concerned(self, market: MarketId) -> list[Package]:
        """The packages that a book of this market may say something about."""
        return list(self._by_market.get(market, {}).values())

    def heed(self, package: Package, books: Books, now_us: Instant) -> Iterator[UnwindAdvised]:
        """Give a package up that is still being completed when a trigger holds.

        Not while an order of it can still trade: what the books show then may be its own doing.
        """
        limits, is_given_up = self._limits, package.target == package.hedged()
        if limits is None or package.state != "second_leg" or is_given_up:
            return
        found = judge(self._standings[package.id], books, limits, now_us)
        if found is not None and package.is_at_rest():
            package.give_up()
            yield UnwindAdvised(package.id, *found)


def judge(
    standing: Standing, books: Books, limits: UnwindLimits, now_us: Instant
) -> Trigger | None:
    """The first trigger that holds, None while none does or the legs are as good as equal."""
    package = standing.package
    if package.residual() <= limits.mismatch_max:
        standing.bids, standing.worse_since = None, None
        return None
    if standing.bids is None:
        standing.bids = {leg: bid for leg, bid in bids(package, books) if bid is not None}
    found = adverse(standing, books, limits, now_us)
    return found or collapsed(package, books, limits) or decayed(package, books, limits)


def adverse(
    standing: Standing, books: Books, limits: UnwindLimits, now_us: Instant
) -> Trigger | None:
    """Whether what is held more of has sold for less for long enough."""
    before = standing.bids or {}
    now = bids(standing.package, books)
    worse = max((before[leg] - (bid or 0) for leg, bid in now if leg in before), default=0)
    if worse < limits.adverse_max:
        standing.worse_since = None
        return None
    if standing.worse_since is None:
        standing.worse_since = now_us
    worse_for = now_us - standing.worse_since
    if worse_for < limits.adverse_for:
        return None
    words = f"what is held sells for {cents(worse)} less, for {worse_for // SECOND} s"
    return "ADVERSE_MOVE", words


def bids(package: Package, books: Books) -> Iterator[tuple[int, Price | None]]:
    """(leg, best bid) of each leg that is held more of and has a book; None: nobody bids."""
    hedged = package.hedged()
    for leg, quoted in enumerate(package.edge.legs):
        book = books.get(quoted.market)
        if package.held(leg) > hedged and book is not None:
            levels = demand(book, quoted.outcome)
            yield leg, (levels[0][0] if levels else None)


def collapsed(package: Package, books: Books, limits: UnwindLimits) -> Trigger | None:
    """Whether too little rests on the side that a way out needs: neither sale nor purchase is."""
    hedged, most = package.hedged(), max(package.all_held())
    for leg, quoted in enumerate(package.edge.legs):
        book = books.get(quoted.market)
        surplus, missing = package.held(leg) - hedged, most - package.held(leg)
        if book is None or not (surplus or missing):
            continue
        levels = demand(book, quoted.outcome) if surplus else offers(book, quoted.outcome)
        amount, there = surplus or missing, total(levels)
        if there < divide(amount * limits.depth_min_ppm, MICRO, Rounding.UP):
            verb = "bid for" if surplus else "offered"
            have, need = format_micros(there), format_micros(amount)
            return "LIQUIDITY_COLLAPSE", f"{have} are {verb} of {quoted.market}, {need} are needed"
    return None


def decayed(package: Package, books: Books, limits: UnwindLimits) -> Trigger | None:
    """Whether completing at the best offers leaves less than is worth completing for."""
    most, spent = max(package.all_held()), 0
    for leg, quoted in enumerate(package.edge.legs):
        spent += package.cost_per_contract(leg) if package.held(leg) >= most else 0
        if package.held(leg) >= most:
            continue
        book = books.get(quoted.market)
        levels = () if book is None else offers(book, quoted.outcome)
        if not levels:
            return None
        spent += levels[0][0] + divide(quoted.fee * MICRO, quoted.quantity, Rounding.UP)
    net = package.payout_of(Quantity(MICRO)) - spent
    if net >= limits.exit_net_min:
        return None
    verb, asked = "lose" if net < 0 else "leave", cents(limits.exit_net_min)
    return "EDGE_DECAYED", (
        f"completing would {verb} {cents(abs(net))} a contract, and must leave at least {asked}"
    )


def cents(micros: int) -> str:
    """An amount in cents."""
    return f"{format_micros(micros * CENTS)} cents"
