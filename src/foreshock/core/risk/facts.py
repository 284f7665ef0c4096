"""What does the guardian know when it judges? One fold of everything that only has to be known."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from foreshock.core.domain.edges import LegCost
from foreshock.core.domain.markets import MarketId, MarketStatus
from foreshock.core.domain.memory import DeskMemory
from foreshock.core.domain.messages.account import (
    VenueArmed,
    VenueConditionTold,
    VenueDisarmed,
    VenueStateChanged,
)
from foreshock.core.domain.messages.decisions import TradeRequest
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookLost,
    ConnectionClosed,
    ConnectionOpened,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
    MarketsWatched,
)
from foreshock.core.domain.messages.matching import PairRelated
from foreshock.core.domain.messages.operations import ClockJudged, LoopLagged
from foreshock.core.domain.messages.risk import DiskMeasured, VenueHealthChanged
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import Ledger, venue_of
from foreshock.core.domain.units import MICRO, NOTHING, Instant, Money
from foreshock.core.domain.venue_states import VenueStates
from foreshock.core.risk.correlation import MarketTerms, Moves, terms_of
from foreshock.core.risk.exposure import Exposure
from foreshock.core.risk.feeds import Feeds
from foreshock.core.risk.halts import Halts
from foreshock.core.risk.limits import Limits
from foreshock.core.risk.stops import Stops
from foreshock.core.risk.valuation import Valuation

MEBIBYTE = 1024 * 1024


class Facts(msgspec.Struct, kw_only=True):
    """All that rules may look at; the guardian's fold.

    unknown, pending: venue of each order whose fate is unknown, and of each that is not over.
    health: why a venue cannot be relied on. disk: why nothing more should be recorded, if so.
    doubts: by the sorted markets of a pair, the chance in millionths that it is not one.
    """

    limits: Limits
    exposure: Exposure
    feeds: Feeds
    halts: Halts
    stops: Stops
    valuation: Valuation
    moves: Moves
    venues: VenueStates
    books: dict[MarketId, BookChanged] = msgspec.field(default_factory=dict[MarketId, BookChanged])
    statuses: dict[MarketId, MarketStatus] = msgspec.field(
        default_factory=dict[MarketId, MarketStatus]
    )
    terms: dict[MarketId, MarketTerms] = msgspec.field(default_factory=dict[MarketId, MarketTerms])
    unknown: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    pending: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    health: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    disk: str | None = None
    doubts: dict[tuple[MarketId, ...], int] = msgspec.field(
        default_factory=dict[tuple[MarketId, ...], int]
    )

    def recall(self, memory: DeskMemory) -> None:
        """Carry on where an earlier desk ended; another bankroll is no profit and no loss."""
        self.exposure.recall(memory)
        for order in self.exposure.orders():
            venue = venue_of(order.placed.market)
            if not order.is_over:
                self.pending[order.placed.order_id] = venue
            if order.state == "unknown":
                self.unknown[order.placed.order_id] = venue
        if memory.risk is not None:
            self.valuation.hedged = list(memory.risk.hedged)
            self.stops.recall(memory.risk, self.value())
        there = self.exposure.capital()
        for venue, wanted in self.limits.bankroll.items():
            missing = Money(wanted - there.get(venue, NOTHING))
            if missing:
                self.exposure.deposit(venue, missing)
                self.stops.deposit(missing)

    def take_limits(self, limits: Limits) -> None:
        """These are the limits from now on."""
        self.limits = self.stops.limits = limits
        self.feeds.freshness = limits.freshness

    def value(self) -> Money:
        """What the account is worth."""
        held = self.valuation.worth(self.books, self.exposure.is_in_package)
        return Money(self.exposure.cash_total() + held)


class Case(msgspec.Struct, frozen=True):
    """One request under judgement. budget: its worst cost by market."""

    request: TradeRequest
    budget: dict[MarketId, Money]
    now_us: Instant

    @property
    def legs(self) -> tuple[LegCost, ...]:
        """The legs of its edge."""
        return self.request.edge.legs

    def by_venue(self) -> dict[str, Money]:
        """Its worst cost by venue."""
        return sum_by_venue(self.budget)


def sum_by_venue(amounts: dict[MarketId, Money]) -> dict[str, Money]:
    """Amounts of markets summed by their venues."""
    sums: dict[str, Money] = {}
    for market, amount in amounts.items():
        venue = venue_of(market)
        sums[venue] = Money(sums.get(venue, NOTHING) + amount)
    return sums


def opening_facts(limits: Limits, live_venues: Iterable[str] = ()) -> Facts:
    """What is known before the first message: the bankroll lies at its venues."""
    ledger = Ledger()
    for venue, amount in limits.bankroll.items():
        ledger.deposit(venue, amount)
    return Facts(
        limits=limits,
        exposure=Exposure(ledger),
        feeds=Feeds(limits.freshness),
        halts=Halts(),
        stops=Stops(limits, Money(sum(limits.bankroll.values()))),
        valuation=Valuation(ledger),
        moves=Moves(),
        venues=VenueStates(live_venues),
    )


def observe(facts: Facts, message: Message, now_us: Instant) -> None:
    """Take in what a message says; only those in `OBSERVED` say anything."""
    OBSERVED[type(message)](facts, message, now_us)


def _feed(facts: Facts, message: Message, now_us: Instant) -> None:
    facts.feeds.observe(message, now_us)


def _venue(facts: Facts, message: Message, now_us: Instant) -> None:
    facts.venues.hear(message)


def _lose_book(facts: Facts, lost: BookLost, now_us: Instant) -> None:
    facts.books.pop(lost.market, None)


def _list_market(facts: Facts, listed: MarketListed, now_us: Instant) -> None:
    """A category that only the package told stays."""
    market = listed.market
    facts.statuses[market.id] = market.status
    known, terms = facts.terms.get(market.id), terms_of(market)
    if known is not None and not terms.category:
        terms = msgspec.structs.replace(terms, category=known.category)
    facts.terms[market.id] = terms


def _change_status(facts: Facts, changed: MarketStatusChanged, now_us: Instant) -> None:
    facts.statuses[changed.market] = changed.status


def _resolve(facts: Facts, resolved: MarketResolved, now_us: Instant) -> None:
    facts.statuses[resolved.market] = "settled"


def _health(facts: Facts, changed: VenueHealthChanged, now_us: Instant) -> None:
    facts.health.pop(changed.venue, None)
    if changed.health != "active":
        words = f"{changed.venue} is {changed.health}: {changed.reason}"
        facts.health[changed.venue] = words


def _disk(facts: Facts, measured: DiskMeasured, now_us: Instant) -> None:
    facts.disk = None
    if measured.free_bytes < measured.floor_bytes:
        free, floor = measured.free_bytes // MEBIBYTE, measured.floor_bytes // MEBIBYTE
        facts.disk = f"{free} MiB are free to record on, entries need {floor}"


def _relate(facts: Facts, related: PairRelated, now_us: Instant) -> None:
    """How sure it is that two markets are one bet, or the two sides of one."""
    found = related.comparison
    markets = tuple(sorted((found.a, found.b)))
    facts.doubts.pop(markets, None)
    if found.relation in {"identity", "complement"}:
        facts.doubts[markets] = MICRO - found.confidence_ppm


Observe = Callable[[Facts, Any, Instant], None]
OBSERVED: Mapping[type[Message], Observe] = {
    **dict.fromkeys((ConnectionOpened, ConnectionClosed, MarketsWatched, LoopLagged), _feed),
    **dict.fromkeys(
        (VenueArmed, VenueDisarmed, VenueStateChanged, VenueConditionTold, ClockJudged), _venue
    ),
    BookLost: _lose_book,
    MarketListed: _list_market,
    MarketStatusChanged: _change_status,
    MarketResolved: _resolve,
    VenueHealthChanged: _health,
    DiskMeasured: _disk,
    PairRelated: _relate,
}
