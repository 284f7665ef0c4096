"""Which of the listed markets are the same bet, and may they trade as a pair?

Markets queue up as they are listed or change; a slice of comparisons is made each time the timer
fires, so that a whole catalogue never holds the desk up. What stops a pair is never queued: a
changed rule text withdraws it in the step that brings the change.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.advice import PairAdvised
from foreshock.core.domain.messages.decisions import PairListed, PairUnlisted
from foreshock.core.domain.messages.market_data import MarketListed, MarketResolved
from foreshock.core.domain.messages.matching import (
    MatchingMeasured,
    PairDecided,
    PairFiled,
    PairNeedsReview,
    PairRelated,
    PairReopened,
    SourcesRequested,
    SourcesRuled,
    VerdictRefused,
    VerdictRequested,
)
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.relations import Comparison, RelationKind
from foreshock.core.domain.terms import Terms, terms_digest
from foreshock.core.domain.units import Duration, Instant
from foreshock.core.matching.candidates import CandidateIndex, Embed
from foreshock.core.matching.contract import ContractText, contract_of
from foreshock.core.matching.deciding import (
    filed_verdict,
    verdict_of,
    what_changed,
    why_not_taken,
)
from foreshock.core.matching.standing import (
    Standing,
    Standings,
    fallen_market,
    found_id,
    may_pass,
    pair_to_trade,
    repeats_file,
)

TIMER = "market-matcher"
MEASURED_EVERY = 50
"""Slices between two counts while there is work."""
DULL: tuple[RelationKind, ...] = ("disjoint", "unknown")
"""Relations that are counted and not told, unless a person should look."""
Said = list[Message]


class MatcherSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How much is compared at once and kept, and whether proof alone may trade.

    await_reader: a proven pair waits until a second reader was asked.
    comparisons_max: a slice. pause: between slices. candidates_max: compared with one market.
    venue_order: whose market is `a` of a pair that was found.
    """

    trade_proven: bool = True
    await_reader: bool = False
    comparisons_max: int = 20
    candidates_max: int = 40
    relations_max: int = 20_000
    pause: Duration = Duration(20_000)
    venue_order: tuple[str, ...] = ("polymarket", "kalshi")


class _Change(msgspec.Struct, frozen=True):
    """Why a pair is looked at again: what happened to the terms, and what was decided."""

    terms: str
    verdict: str = "what was decided no longer holds"


Compare = Callable[[ContractText, ContractText], Comparison]
Handler = Callable[[Any, Instant], Iterable[Message]]
"""One kind of message each; the key it stands under says which."""


class Matcher:
    """Proposes pairs, says how they relate, and keeps out of trade what is not proven or fell."""

    name = "market-matcher"

    def __init__(
        self, settings: MatcherSettings, compare: Compare, embed: Embed | None = None
    ) -> None:
        self._settings = settings
        self._compare = compare
        self._candidates = CandidateIndex(embed)
        self._markets: dict[MarketId, Market] = {}
        self._terms: dict[MarketId, str] = {}
        self._waiting: dict[MarketId, None] = {}
        self._is_awake = False
        self._standings = Standings()
        self._one_source: set[frozenset[str]] = set()
        self._relations: Counter[str] = Counter()
        self._compared_count = self._untold_count = self._slices_count = 0
        self._handlers: dict[type[Message], Handler] = {
            MarketListed: self._list,
            MarketResolved: self._forget,
            TimerFired: self._fire,
            PairFiled: self._file,
            VerdictRequested: self._decide,
            PairDecided: self._hear_decided,
            PairReopened: self._hear_reopened,
            SourcesRequested: self._rule,
            SourcesRuled: self._hear_ruled,
            PairAdvised: self._hear_advised,
        }
        self.hears = frozenset(self._handlers)

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    # ---- what the venues say -------------------------------------------------------------

    def _list(self, message: MarketListed, now_us: Instant) -> Iterable[Message]:
        market = message.market
        before, digest = self._markets.get(market.id), terms_digest(market)
        is_same = before is not None and contract_of(before) == contract_of(market)
        self._markets[market.id] = market
        if is_same and self._terms[market.id] == digest:
            return ()
        self._terms[market.id] = digest
        said: Said = []
        change = _Change(what_changed(before, market))
        for standing in self._standings.of(market.id):
            self._check(standing, change, now_us, said)
        self._await(market.id, said)
        return said

    def _forget(self, message: MarketResolved, _now_us: Instant) -> Iterable[Message]:
        """A settled market is no candidate any more."""
        self._waiting.pop(message.market, None)
        self._candidates.remove(message.market)
        return ()

    def _check(self, standing: Standing, change: _Change, now_us: Instant, said: Said) -> None:
        """Terms or verdict changed: decide what was filed, reopen what fell, settle the rest."""
        terms = self._terms_of(standing)
        if terms is None:
            return
        if standing.filed is not None:
            said.append(filed_verdict(standing, standing.filed, terms, now_us))
            return
        fallen = fallen_market(standing, terms)
        if fallen is None:
            self._settle(standing, change.verdict, said)
            return
        reason = f"{change.terms} of {fallen}"
        standing.is_reopened = True
        said.append(
            PairReopened(
                pair_id=standing.pair_id,
                a=standing.a,
                b=standing.b,
                version=standing.version,
                market=fallen,
                reason=reason,
                terms=terms,
                reopened_us=now_us,
            )
        )
        self._settle(standing, reason, said)
        said.append(PairNeedsReview(standing.pair_id, standing.a, standing.b, reason))

    # ---- comparing, slice by slice -------------------------------------------------------

    def _await(self, market: MarketId, said: Said) -> None:
        self._waiting[market] = None
        if not self._is_awake:
            self._is_awake = True
            said.append(SetTimer(TIMER, self._settings.pause))

    def _fire(self, message: TimerFired, _now_us: Instant) -> Iterable[Message]:
        if message.timer_id != TIMER:
            return ()
        said: Said = []
        before, markets_count = self._compared_count, 0
        while self._waiting and (
            self._compared_count - before + markets_count < self._settings.comparisons_max
        ):
            market = next(iter(self._waiting))
            del self._waiting[market]
            self._relate(self._markets[market], said)
            markets_count += 1  # reading and indexing one costs about what a comparison does
        self._slices_count += 1
        self._is_awake = bool(self._waiting)
        if self._is_awake:
            said.append(SetTimer(TIMER, self._settings.pause))
        if not self._is_awake or self._slices_count % MEASURED_EVERY == 0:
            said.append(self._measured())
        return said

    def _relate(self, market: Market, said: Said) -> None:
        """Compare a market with what may relate to it; whoever still waits compares with it."""
        contract = contract_of(market)
        near = self._candidates.candidates(contract, self._settings.candidates_max)
        found = [candidate.id for candidate in near]
        found += [_other(standing, market.id) for standing in self._standings.of(market.id)]
        self._candidates.remove(market.id)
        self._candidates.add(contract)
        for other in dict.fromkeys(found):
            if other in self._markets and other not in self._waiting and other != market.id:
                a, b = self._ordered(market, self._markets[other])
                self._compare_two(a, b, said)

    def _compare_two(self, a: Market, b: Market, said: Said) -> None:
        found = self._compare(contract_of(a), self._with_source(b, a.resolution_source))
        self._compared_count += 1
        self._relations[found.relation] += 1
        is_told = found.relation not in DULL or found.decision != "reject"
        standing = self._standings.between(a.id, b.id)
        if standing is None:
            if not is_told:
                return
            if len(self._standings) >= self._settings.relations_max:
                self._untold_count += 1
                return
            standing = self._standings.take(found_id(a.id, b.id), a.id, b.id)
        if standing is not None:
            terms = Terms(self._terms[a.id], self._terms[b.id])
            self._take_found(standing, a.title, found, terms, said)

    def _take_found(
        self, standing: Standing, label: str, found: Comparison, terms: Terms, said: Said
    ) -> None:
        before = standing.related
        related = PairRelated(standing.pair_id, label, found, terms)
        if before == related:
            return
        standing.related = related
        said.append(related)
        self._settle(standing, found.reason, said)
        is_open = standing.decided is None and standing.filed is None and not standing.is_reopened
        if is_open and found.decision != "reject" and standing.listed is None:
            reason = "; ".join(found.refusals) or found.reason
            said.append(PairNeedsReview(standing.pair_id, standing.a, standing.b, reason))

    def _measured(self) -> MatchingMeasured:
        return MatchingMeasured(
            contracts_count=len(self._markets),
            compared_count=self._compared_count,
            relations=dict(sorted(self._relations.items())),
            waiting_count=len(self._waiting),
            untold_count=self._untold_count,
        )

    # ---- what people say -----------------------------------------------------------------

    def _file(self, message: PairFiled, now_us: Instant) -> Iterable[Message]:
        pair = message.pair
        standing = self._standings.take(pair.id, pair.a, pair.b)
        if standing is None:
            reason = f"the id {pair.id} already names another pair: give this one its own"
            return (VerdictRefused(pair.id, pair.confirmed_by, reason),)
        if repeats_file(standing, pair):
            return ()
        if standing.decided is not None and standing.decided.verdict == "block":
            reason = "the pair is blocked: accept it in the review before a file may name it"
            return (VerdictRefused(standing.pair_id, pair.confirmed_by, reason),)
        standing.filed = pair
        said: Said = []
        self._check(standing, _Change("the pairs file was read anew"), now_us, said)
        return said

    def _decide(self, message: VerdictRequested, now_us: Instant) -> Iterable[Message]:
        standing = self._standings.get(message.pair_id)
        terms = None if standing is None else self._terms_of(standing)
        reason = why_not_taken(standing, message, terms)
        if standing is None or reason is not None:
            return (VerdictRefused(message.pair_id, message.by, reason or ""),)
        return (verdict_of(standing, message, self._label(standing), now_us),)

    def _hear_decided(self, message: PairDecided, now_us: Instant) -> Iterable[Message]:
        """Said just now, or carried over from an earlier run: either way it counts from here."""
        standing = self._standings.take(message.pair_id, message.a, message.b)
        if standing is None:
            return ()
        standing.decided = message
        standing.version = message.version
        standing.is_reopened = False
        standing.filed = None
        if message.origin == "file":
            standing.filed_last = message
        said: Said = []
        words = f"the verdict of {message.by}: {message.verdict}"
        self._check(
            standing, _Change("the terms were changed before it counted", words), now_us, said
        )
        return said

    def _hear_reopened(self, message: PairReopened, _now_us: Instant) -> Iterable[Message]:
        """Carried over from an earlier run; one said just now has already taken effect."""
        standing = self._standings.take(message.pair_id, message.a, message.b)
        if standing is not None:
            standing.is_reopened = True
        return ()

    def _rule(self, message: SourcesRequested, now_us: Instant) -> Iterable[Message]:
        return (
            SourcesRuled(
                sources=message.sources,
                are_same=message.are_same,
                by=message.by,
                note=message.note,
                ruled_us=now_us,
            ),
        )

    def _hear_ruled(self, message: SourcesRuled, _now_us: Instant) -> Iterable[Message]:
        """Whoever names one of the sources is compared again."""
        one = frozenset(message.sources)
        if message.are_same:
            self._one_source.add(one)
        else:
            self._one_source.discard(one)
        said: Said = []
        for market in self._markets.values():
            if market.resolution_source in one:
                self._await(market.id, said)
        return said

    def _hear_advised(self, message: PairAdvised, _now_us: Instant) -> Iterable[Message]:
        """A second reader may take a proven pair out of trade and before a person, no more."""
        standing = self._standings.get(message.pair_id)
        if standing is None or self._terms_of(standing) != message.terms:
            return ()
        standing.advised = message
        said: Said = []
        claims = "; ".join(message.differences) or message.words
        reason = f"a second reader {message.advice}: {claims}"
        self._settle(standing, reason, said)
        is_open = standing.decided is None and standing.filed is None
        if is_open and not may_pass(message, await_reader=True):
            said.append(PairNeedsReview(standing.pair_id, standing.a, standing.b, reason))
        return said

    # ---- what follows for trading --------------------------------------------------------

    def _settle(self, standing: Standing, reason: str, said: Said) -> None:
        """Say what changed in who takes part."""
        wanted = pair_to_trade(
            standing,
            self._terms_of(standing),
            trade_proven=self._settings.trade_proven,
            await_reader=self._settings.await_reader,
        )
        if wanted == standing.listed:
            return
        if standing.listed is not None:
            said.append(PairUnlisted(standing.pair_id, reason))
        standing.listed = wanted
        if wanted is not None:
            said.append(PairListed(wanted))

    def _terms_of(self, standing: Standing) -> Terms | None:
        a, b = self._terms.get(standing.a), self._terms.get(standing.b)
        return None if a is None or b is None else Terms(a, b)

    def _label(self, standing: Standing) -> str:
        if standing.decided is not None:
            return standing.decided.label
        return self._markets[standing.a].title

    def _ordered(self, one: Market, other: Market) -> tuple[Market, Market]:
        """The order of the pair where it has one, else by venue."""
        standing = self._standings.between(one.id, other.id)
        if standing is not None:
            return (one, other) if standing.a == one.id else (other, one)
        order = self._settings.venue_order
        places = [order.index(m.venue) if m.venue in order else len(order) for m in (one, other)]
        return (one, other) if places[0] <= places[1] else (other, one)

    def _with_source(self, market: Market, source: str) -> ContractText:
        """The contract, under the other's source where both are allowed to count as one."""
        contract = contract_of(market)
        if frozenset((market.resolution_source, source)) in self._one_source:
            return msgspec.structs.replace(contract, source=source)
        return contract


def _other(standing: Standing, market: MarketId) -> MarketId:
    return standing.b if standing.a == market else standing.a
