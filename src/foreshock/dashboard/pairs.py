"""How does each pair stand? A fold of what was found, decided and reopened, and its views."""

from collections.abc import Iterable

import msgspec

from foreshock.core.domain.markets import MarketId, Pair
from foreshock.core.domain.messages.advice import PairAdvised
from foreshock.core.domain.messages.decisions import PairListed, PairUnlisted
from foreshock.core.domain.messages.matching import (
    MatchingMeasured,
    PairDecided,
    PairFiled,
    PairNeedsReview,
    PairRelated,
    PairReopened,
    SourcesRuled,
    VerdictRefused,
)
from foreshock.core.domain.relations import RelationKind
from foreshock.core.domain.units import Instant
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.pair_views import EventView, PairState, SourcesView

PAIRS_MAX = 20_000
HISTORY_MAX = 50
SOURCES_MAX = 2_000


class Known(msgspec.Struct):
    """All that is known of one pair. since_us: when its standing last changed."""

    id: str
    a: MarketId
    b: MarketId
    label: str
    since_us: Instant
    related: PairRelated | None = None
    decided: PairDecided | None = None
    listed: Pair | None = None
    filed: Pair | None = None
    is_reopened: bool = False
    asked: str = ""
    """Why a person is asked."""
    stopped: str = ""
    """Why it takes part no longer."""
    advised: PairAdvised | None = None
    history: list[EventView] = msgspec.field(default_factory=list[EventView])

    def relation(self) -> RelationKind:
        """What was decided where somebody decided, else what was found."""
        pair = self.listed or self.filed
        if pair is not None:
            return pair.relation
        if self.decided is not None and self.decided.verdict == "accept":
            return self.decided.relation
        return "unknown" if self.related is None else self.related.comparison.relation

    def is_confirmed(self) -> bool:
        """Takes part, did until a side changed, or somebody said it should."""
        accepted = self.decided is not None and self.decided.verdict == "accept"
        takes_part = self.listed is not None or self.filed is not None
        return takes_part or accepted or (self.decided is None and self.is_reopened)

    def is_asked(self) -> bool:
        """Whether a person has to say something."""
        return standing(self)[0] in {"review", "reopened"}

    def version(self) -> int:
        """Of the newest verdict, 0 before the first."""
        return 0 if self.decided is None else self.decided.version


def standing(known: Known) -> tuple[PairState, str]:
    """How a pair stands, and why in words."""
    return _decided(known) or _confirmed(known) or _found(known)


class Pairs:
    """Every pair that was told of, and the allow-list of sources."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._by_markets: dict[frozenset[MarketId], Known] = {}
        self._sources: dict[frozenset[str], SourcesView] = {}
        self._queue: list[Known] | None = None
        """Who is asked about, None when something changed since it was last put in order."""
        self.measured = MatchingMeasured(
            contracts_count=0, compared_count=0, relations={}, waiting_count=0, untold_count=0
        )

    # ---- what is shown -----------------------------------------------------------------------

    def get(self, pair_id: str) -> Known | None:
        """The pair of this id."""
        return self._known.get(pair_id)

    def all(self) -> Iterable[Known]:
        """Every pair, in the order in which they became known."""
        return self._known.values()

    def between(self, one: MarketId, other: MarketId) -> Known | None:
        """The pair of two markets."""
        return self._by_markets.get(frozenset((one, other)))

    def queue(self) -> list[Known]:
        """Whoever a person should look at: reopened first, then the most confident."""
        if self._queue is None:
            asked = [known for known in self._known.values() if known.is_asked()]
            asked.sort(key=lambda known: (not known.is_reopened, -_confidence(known)))
            self._queue = asked
        return self._queue

    def sources(self) -> list[SourcesView]:
        """Resolution sources that count as one."""
        return list(self._sources.values())

    # ---- what is heard -----------------------------------------------------------------------

    def file(self, message: PairFiled, now_us: Instant) -> None:
        """A pairs file names a pair; one that was decided before stands as it was decided."""
        pair = message.pair
        known = self._take(pair.id, pair.a, pair.b, now_us)
        if known.decided is None:
            known.filed, known.label = pair, pair.label

    def relate(self, message: PairRelated, now_us: Instant) -> None:
        """Two contracts were compared."""
        found = message.comparison
        known = self._take(message.pair_id, found.a, found.b, now_us)
        known.related = message
        known.label = known.label or message.label

    def ask(self, message: PairNeedsReview, now_us: Instant) -> None:
        """A person should look."""
        known = self._take(message.pair_id, message.a, message.b, now_us)
        known.asked, known.since_us = message.reason, now_us

    def decide(self, message: PairDecided, now_us: Instant) -> None:
        """A verdict counts from here."""
        known = self._take(message.pair_id, message.a, message.b, now_us)
        known.decided, known.label = message, message.label
        known.is_reopened, known.filed = False, None
        known.asked = known.stopped = ""
        self._remember(
            known,
            EventView(
                kind=message.verdict,
                version=message.version,
                at_us=message.decided_us,
                by=message.by,
                note=message.note,
                origin=message.origin,
                relation=message.relation,
                terms_a=message.terms.a,
                terms_b=message.terms.b,
                holds=True,
            ),
        )

    def reopen(self, message: PairReopened, now_us: Instant) -> None:
        """What was decided fell; carried over, it fell in an earlier run."""
        known = self._take(message.pair_id, message.a, message.b, now_us)
        known.is_reopened, known.asked = True, message.reason
        known.since_us = message.reopened_us
        self._remember(
            known,
            EventView(
                kind="reopened",
                version=message.version,
                at_us=message.reopened_us,
                by=message.market,
                note=message.reason,
                origin="",
                relation="",
                terms_a=message.terms.a,
                terms_b=message.terms.b,
                holds=True,
            ),
        )

    def advise(self, message: PairAdvised) -> None:
        """A language model has read the pair, or could not."""
        known = self._known.get(message.pair_id)
        if known is not None:
            known.advised = message

    def refuse(self, message: VerdictRefused, now_us: Instant) -> None:
        """Somebody's verdict was not taken."""
        known = self._known.get(message.pair_id)
        if known is None:
            return
        refused = EventView(
            kind="refused",
            version=known.version(),
            at_us=now_us,
            by=message.by,
            note=message.reason,
            origin="",
            relation="",
            terms_a="",
            terms_b="",
            holds=False,
        )
        known.history = [refused, *known.history][:HISTORY_MAX]

    def list_pair(self, message: PairListed, now_us: Instant) -> None:
        """A pair takes part from now on."""
        pair = message.pair
        known = self._take(pair.id, pair.a, pair.b, now_us)
        known.listed, known.label, known.stopped = pair, pair.label, ""
        known.filed, known.since_us = None, now_us

    def unlist(self, message: PairUnlisted, now_us: Instant) -> None:
        """A pair takes part no longer."""
        self._queue = None
        known = self._known.get(message.pair_id)
        if known is not None:
            known.listed, known.stopped, known.since_us = None, message.reason, now_us

    def rule(self, message: SourcesRuled) -> None:
        """The allow-list of sources changed."""
        one = frozenset(message.sources)
        self._sources.pop(one, None)
        if message.are_same:
            self._sources[one] = SourcesView(
                a=message.sources[0],
                b=message.sources[1],
                by=message.by,
                note=message.note,
                since_us=message.ruled_us,
            )
            evict(self._sources, SOURCES_MAX)

    def measure(self, message: MatchingMeasured) -> None:
        """How far matching is."""
        self.measured = message

    def _take(self, pair_id: str, a: MarketId, b: MarketId, now_us: Instant) -> Known:
        """The pair to be changed, known from now on."""
        self._queue = None
        known = self._known.get(pair_id)
        if known is not None:
            return known
        known = self._known[pair_id] = Known(pair_id, a, b, "", now_us)
        self._by_markets[frozenset((a, b))] = known
        for gone in evict(self._known, PAIRS_MAX, _may_go):
            self._by_markets.pop(frozenset((gone.a, gone.b)), None)
        return known

    def _remember(self, known: Known, event: EventView) -> None:
        """The newest verdict or reopening is what holds."""
        older = [msgspec.structs.replace(one, holds=False) for one in known.history]
        known.history = [event, *older][:HISTORY_MAX]


def _confidence(known: Known) -> int:
    return 0 if known.related is None else known.related.comparison.confidence_ppm


def _may_go(known: Known) -> bool:
    return known.decided is None and known.listed is None and known.filed is None


def _decided(known: Known) -> tuple[PairState, str] | None:
    """What takes part, and what a person or a venue took out."""
    decided = known.decided
    verdict, by = ("", "") if decided is None else (decided.verdict, decided.by)
    if verdict == "block":
        return "blocked", f"blocked for good by {by}"
    if known.listed is not None:
        return "trading", f"takes part, confirmed by {known.listed.confirmed_by}"
    if known.is_reopened:
        return "reopened", f"not traded until a person decides again: {known.asked}"
    return ("rejected", f"rejected by {by}") if verdict == "reject" else None


def _confirmed(known: Known) -> tuple[PairState, str] | None:
    """What was accepted and does not take part."""
    if known.filed is None and known.decided is None:
        return None
    if known.filed is None and known.stopped:
        return "held", known.stopped
    return "waiting", "confirmed; counts once both markets are listed"


def _found(known: Known) -> tuple[PairState, str]:
    """What nobody decided."""
    if known.related is None:
        return "apart", known.asked
    found = known.related.comparison
    if found.decision == "reject":
        return "apart", found.reason
    return "review", known.asked or found.reason
