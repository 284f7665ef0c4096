"""Which packages cost less than they pay, after everything?

For each pair both packages, for each market YES + NO, for each complete exclusive set all YES: on a
change of a book the packages that hold it are priced again. What changed visibly is told as
`EdgeQuoted`, what can no longer be priced as `EdgeWithdrawn`, what passes every gate also as
`Opportunity`.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import msgspec

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.market_facts import TERMS_FACTS, TermsFact, changed
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.decisions import EdgeQuoted, PairListed, PairUnlisted
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookLost,
    ConnectionClosed,
    ConnectionOpened,
    FeeChanged,
    FeedMeasured,
    GridChanged,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
    MarketsWatched,
)
from foreshock.core.domain.messages.signals import LeadMeasured
from foreshock.core.domain.messages.trading import TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    SECOND,
    Duration,
    Instant,
    Money,
    Price,
    Quantity,
)
from foreshock.core.pricing.edge import (
    Costs,
    PackageLeg,
    best_edge,
    leg_of,
    smallest_clip,
)
from foreshock.core.pricing.gates import GateLimits, refusals
from foreshock.core.pricing.packages import (
    Legs,
    both_outcomes,
    set_id,
    whole_set,
    whole_set_id,
)
from foreshock.core.pricing.sizing import ClipLimits
from foreshock.core.signals.edge_quotes import EdgeQuotes, QuoteState, Visibility
from foreshock.core.signals.feed_health import FeedHealth
from foreshock.core.signals.leg_order import LegOrder
from foreshock.core.signals.touches import (
    EVERYTHING,
    Touch,
    depth_counted,
    is_sure_loss,
    steady_depth,
    touch_of,
)
from foreshock.core.signals.turns import Turns

LOSSES_AT_ONCE_MAX = 4
"""Sure losses priced at once after a while in which none was; they never crowd out the others."""
PACKAGE_CHANGED = Refusal(
    "PACKAGE_CHANGED", "this package is no longer one: its markets or their set changed"
)
PairFact: TypeAlias = PairListed | PairUnlisted | LeadMeasured
PAIRS = (PairListed, PairUnlisted, LeadMeasured)
FEEDS = (ConnectionOpened, MarketsWatched, ConnectionClosed, FeedMeasured)


class ScannerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Every threshold of the scanner.

    Money in micro-dollars, quantities in micro-contracts, durations in microseconds. A change of
    `quote_step_min` in net per contract or of `quote_quantity_ppm_min` in the clip is visible.
    Packages that cost more than they pay before any fee take turns: one a `loss_interval_min`.
    slippage_max: how far beyond the best offer a leg may reach, as the guardian will judge it.
    book_age_max counts only while the feed's own clocks (message and data age) are over theirs.
    lead_min: how far a venue must lead before the other's leg is bought first; None: never.
    """

    net_per_contract_min: Money = Money(25_000)
    completion_ppm_min: int = 990_000
    return_over_cash_ppm_min: int = 0
    legs_count_max: int = 2
    clip_quantity_max: Quantity = Quantity(500 * MICRO)
    leg_cost_max: Money = Money(250 * MICRO)
    quote_step_min: Money = Money(1_000)
    quote_quantity_ppm_min: int = 100_000
    quote_interval_min: Duration = Duration(SECOND // 4)
    loss_interval_min: Duration = Duration(SECOND // 500)
    book_age_max: Duration = Duration(10 * SECOND)
    message_age_max: Duration = Duration(2 * SECOND)
    data_age_max: Duration = Duration(8 * SECOND)
    slippage_max: Price = PAYOUT
    venue_order: tuple[str, ...] = ("polymarket", "kalshi")
    lead_min: Duration | None = None


class _Watched(msgspec.Struct):
    """A package, what its last sum depended on, and what was last said of it.

    rests_on: contracts at the best prices beyond which more of them, and whatever lies behind,
    change nothing; EVERYTHING while the whole ladders count.
    """

    legs: Legs
    state: QuoteState
    smallest: Quantity = Quantity(0)
    touch: Touch | None = None
    rests_on: int = EVERYTHING
    is_put_off: bool = False
    """It surely loses, has changed since it was priced, and waits for its turn."""


class ArbitrageScanner:
    """Keeps what pricing needs to know of each market and says what the packages are worth."""

    name = "arbitrage-scanner"
    hears = frozenset((
        BookChanged,
        BookLost,
        MarketListed,
        TimerFired,
        *TERMS_FACTS,
        *PAIRS,
        *FEEDS,
    ))

    def __init__(self, costs: Costs, settings: ScannerSettings) -> None:
        self._costs = costs
        self._settings = settings
        self._clip = ClipLimits(
            quantity_max=settings.clip_quantity_max,
            leg_cost_max=settings.leg_cost_max,
            net_per_contract_min=settings.net_per_contract_min,
            completion_ppm_min=settings.completion_ppm_min,
        )
        self._gates = GateLimits(
            net_per_contract_min=settings.net_per_contract_min,
            completion_ppm_min=settings.completion_ppm_min,
            cash_ppm=costs.frictions.cash_ppm,
            return_over_cash_ppm_min=settings.return_over_cash_ppm_min,
            legs_count_max=settings.legs_count_max,
        )
        self._markets: dict[MarketId, Market] = {}
        self._sets: dict[str, dict[MarketId, None]] = {}
        self._books: dict[MarketId, BookChanged] = {}
        self._lost_epochs: dict[MarketId, int] = {}
        self._watched: dict[str, _Watched] = {}
        self._by_market: dict[MarketId, list[_Watched]] = {}
        self._order = LegOrder(settings.venue_order, settings.lead_min)
        self._put_off: deque[_Watched] = deque()
        self._turns = Turns(settings.loss_interval_min, LOSSES_AT_ONCE_MAX)
        self._health = FeedHealth(
            settings.message_age_max, settings.data_age_max, settings.book_age_max
        )
        self._quotes = EdgeQuotes(
            Visibility(
                step_min=settings.quote_step_min,
                quantity_ppm_min=settings.quote_quantity_ppm_min,
                interval_min=settings.quote_interval_min,
            )
        )

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        said: list[Message] = []
        match message:
            case BookChanged():
                self._see_book(message, now_us, said)
            case MarketStatusChanged() | GridChanged() | FeeChanged() | MarketResolved():
                self._change_terms(message, now_us, said)
            case MarketListed(market):
                self._list(market, now_us, said)
            case PairListed() | PairUnlisted() | LeadMeasured():
                self._hear_pair(message, now_us, said)
            case _:
                self._hear_feed(message, now_us, said)
        self._quotes.release(now_us, said)
        if self._put_off:
            self._catch_up(now_us, said)
        return said

    # ---- what the venues say -------------------------------------------------------------

    def _see_book(self, book: BookChanged, now_us: Instant, said: list[Message]) -> None:
        lost_epoch = self._lost_epochs.get(book.market)
        if lost_epoch is not None and book.epoch <= lost_epoch:
            return
        steady = steady_depth(self._books.get(book.market), book)
        self._books[book.market] = book
        for watched in self._by_market.get(book.market, ()):
            if watched.rests_on > steady:
                self._reprice(watched, now_us, said)

    def _list(self, market: Market, now_us: Instant, said: list[Message]) -> None:
        is_new = market.id not in self._markets
        self._markets[market.id] = market
        if is_new:
            package, legs = both_outcomes(market)
            self._watch(_Watched(legs, QuoteState(package, is_quiet=True)), now_us, said)
        if market.exclusive_group is not None:
            self._list_set(market, now_us, said)
        self._reprice_market(market.id, now_us, said)

    def _list_set(self, market: Market, now_us: Instant, said: list[Message]) -> None:
        """Watch the whole set as soon as the venue vouches for it, and no longer than that."""
        members = self._sets.setdefault(set_id(market), {})
        members[market.id] = None
        whole = whole_set([self._markets[member] for member in members])
        if whole is not None:
            package, legs = whole
            self._watch(_Watched(legs, QuoteState(package, is_quiet=True)), now_us, said)
            return
        known = self._watched.get(whole_set_id(market))
        if known is not None:
            self._unwatch(known, PACKAGE_CHANGED, said)

    def _change_terms(self, message: TermsFact, now_us: Instant, said: list[Message]) -> None:
        market = self._markets.get(message.market)
        if market is None:
            return
        self._markets[market.id] = changed(market, message)
        self._reprice_market(market.id, now_us, said)

    def _lose(self, market: MarketId, reason: str, said: list[Message]) -> None:
        if self._books.pop(market, None) is None:
            return
        refusal = Refusal("BOOK_MISSING", f"the book of {market} is gone: {reason}")
        for watched in self._by_market.get(market, ()):
            self._withdraw(watched, refusal, said)

    def _hear_feed(self, message: Message, now_us: Instant, said: list[Message]) -> None:
        match message:
            case BookLost(market, epoch, reason):
                self._lost_epochs[market] = epoch
                self._lose(market, reason, said)
            case ConnectionOpened() | MarketsWatched():
                self._health.watch(message)
            case ConnectionClosed(reason=reason):
                for market in self._health.lose(message):
                    self._lose(market, reason, said)
            case FeedMeasured():
                for market in self._health.measure(message, now_us):
                    self._reprice_market(market, now_us, said)
            case _:
                pass

    # ---- which pairs, which packages ----------------------------------------------------

    def _hear_pair(self, message: PairFact, now_us: Instant, said: list[Message]) -> None:
        match message:
            case PairListed(pair):
                for package, legs in self._order.packages(pair):
                    state = QuoteState(package, is_quiet=False)
                    self._watch(_Watched(legs, state), now_us, said)
            case LeadMeasured(pair_id=pair_id):
                for watched in self._of(pair_id) if self._order.hear(message) else ():
                    package, watched.legs = self._order.arranged(
                        watched.state.package, watched.legs
                    )
                    watched.state.package = package
                    self._renew(watched, now_us, said)
            case PairUnlisted(pair_id, reason):
                self._order.forget(pair_id)
                for watched in self._of(pair_id):
                    self._unwatch(watched, Refusal("PAIR_STOPPED", reason), said)

    def _watch(self, watched: _Watched, now_us: Instant, said: list[Message]) -> None:
        """Take a package up; one known under its id is replaced when it differs."""
        known = self._watched.get(watched.state.package.id)
        if known is not None:
            if (known.state.package, known.legs) == (watched.state.package, watched.legs):
                return
            self._unwatch(known, PACKAGE_CHANGED, said)
        self._watched[watched.state.package.id] = watched
        for market in dict.fromkeys(market for market, _ in watched.legs):
            self._by_market.setdefault(market, []).append(watched)
        self._reprice(watched, now_us, said)

    def _of(self, pair_id: str) -> list[_Watched]:
        return [w for w in self._watched.values() if w.state.package.pair_id == pair_id]

    def _unwatch(self, watched: _Watched, refusal: Refusal, said: list[Message]) -> None:
        self._withdraw(watched, refusal, said)
        self._watched.pop(watched.state.package.id, None)
        for market in dict.fromkeys(market for market, _ in watched.legs):
            self._by_market[market].remove(watched)

    def _withdraw(self, watched: _Watched, refusal: Refusal, said: list[Message]) -> None:
        watched.touch, watched.rests_on = None, EVERYTHING
        self._quotes.withdraw(watched.state, refusal, said)

    # ---- pricing -------------------------------------------------------------------------

    def _reprice_market(self, market: MarketId, now_us: Instant, said: list[Message]) -> None:
        """The terms of a market changed: what was known of its packages no longer counts."""
        for watched in self._by_market.get(market, ()):
            self._renew(watched, now_us, said)

    def _renew(self, watched: _Watched, now_us: Instant, said: list[Message]) -> None:
        watched.touch, watched.rests_on = None, EVERYTHING
        self._reprice(watched, now_us, said)

    def _catch_up(self, now_us: Instant, said: list[Message]) -> None:
        """Price what was put off, oldest first, as far as its turn has come."""
        while self._put_off and self._turns.take(now_us):
            watched = self._put_off.popleft()
            watched.is_put_off = False
            if self._watched.get(watched.state.package.id) is watched:
                watched.touch = None
                self._reprice(watched, now_us, said)

    def _reprice(self, watched: _Watched, now_us: Instant, said: list[Message]) -> None:
        """Price a package unless nothing that matters changed since the last time."""
        present: list[BookChanged] = []
        for market, _ in watched.legs:
            book = self._books.get(market)
            if book is None or market not in self._markets:
                return
            present.append(book)
        loses = is_sure_loss(watched.legs, watched.state.package.paying_count, present)
        if loses:
            if watched.state.is_quiet and watched.state.quoted is None:
                watched.rests_on = depth_counted(present, Quantity(0))
                return
            if watched.touch is not None and self._is_settled(watched, present, now_us):
                return
        legs = [
            leg_of(self._markets[market], outcome, book, self._settings.slippage_max)
            for (market, outcome), book in zip(watched.legs, present, strict=True)
        ]
        self._judge(watched, legs, now_us, said)
        watched.touch = touch_of(present, watched.smallest)
        watched.rests_on = depth_counted(present, watched.smallest) if loses else EVERYTHING

    def _is_settled(self, watched: _Watched, books: Sequence[BookChanged], now_us: Instant) -> bool:
        """Whether a sure loss needs no sum now: nothing of it changed, or it may not be due."""
        if watched.is_put_off:
            return True
        if watched.touch == touch_of(books, watched.smallest):
            watched.rests_on = depth_counted(books, watched.smallest)
            return True
        quoted = watched.state.quoted
        if quoted is None or not quoted.refusals or self._turns.take(now_us):
            return False
        watched.state.held_back = None
        watched.is_put_off = True
        watched.rests_on = depth_counted(books, Quantity(0))
        self._put_off.append(watched)
        return True

    def _judge(
        self,
        watched: _Watched,
        legs: Sequence[PackageLeg],
        now_us: Instant,
        said: list[Message],
    ) -> None:
        settled = next((leg.market for leg in legs if leg.market.status == "settled"), None)
        if settled is not None:
            words = f"the {settled.venue} market has settled"
            self._withdraw(watched, Refusal("MARKET_NOT_OPEN", words), said)
            return
        smallest = smallest_clip(legs, self._costs.frictions)
        if isinstance(smallest, Refusal):
            self._withdraw(watched, smallest, said)
            return
        edge = best_edge(watched.state.package, legs, smallest, self._clip, self._costs, now_us)
        if isinstance(edge, Refusal):
            self._withdraw(watched, edge, said)
            return
        watched.smallest = smallest
        reasons = refusals(edge, legs, smallest, self._gates)
        stale = tuple(self._stale(legs, now_us))
        self._quotes.tell(watched.state, EdgeQuoted(edge, (*reasons, *stale)), now_us, said)

    def _stale(self, legs: Sequence[PackageLeg], now_us: Instant) -> Iterable[Refusal]:
        for leg in legs:
            ailment = self._health.ailment(leg.market.id)
            age = now_us - leg.book.recv_us
            if ailment and age > self._settings.book_age_max:
                words = f"the {leg.market.venue} book is {age // SECOND} s old and {ailment}"
                yield Refusal("BOOK_STALE", words)
