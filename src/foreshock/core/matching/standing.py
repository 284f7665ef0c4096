"""What has been found and decided about a pair, on which terms, and may it trade on that?

found tradable, or accepted by a person --a side changes--> reopened --decided again--> ...
blocked: nothing but a person's later word changes that
"""

import hashlib

import msgspec

from foreshock.core.domain.markets import MarketId, Pair
from foreshock.core.domain.messages.advice import PairAdvised
from foreshock.core.domain.messages.matching import PairDecided, PairRelated
from foreshock.core.domain.terms import Terms

ID_CHARS = 12
TRADED_RELATIONS = ("identity", "complement")


class Standing(msgspec.Struct):
    """One pair. filed: what the pairs file says and is not decided yet.

    filed_last: the newest verdict that came from a file. listed: what was said to take part.
    advised: what a second reader said last. version: of the newest verdict, 0 before the first.
    """

    pair_id: str
    a: MarketId
    b: MarketId
    related: PairRelated | None = None
    decided: PairDecided | None = None
    is_reopened: bool = False
    filed: Pair | None = None
    filed_last: PairDecided | None = None
    listed: Pair | None = None
    advised: PairAdvised | None = None
    version: int = 0


class Standings:
    """Every pair worth remembering, by id, by its two markets and by each of them."""

    def __init__(self) -> None:
        self._by_id: dict[str, Standing] = {}
        self._by_markets: dict[frozenset[MarketId], Standing] = {}
        self._by_market: dict[MarketId, list[Standing]] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, pair_id: str) -> Standing | None:
        """The pair of this id."""
        return self._by_id.get(pair_id)

    def between(self, a: MarketId, b: MarketId) -> Standing | None:
        """The pair of two markets, whichever comes first."""
        return self._by_markets.get(frozenset((a, b)))

    def of(self, market: MarketId) -> list[Standing]:
        """Every pair that holds a market."""
        return self._by_market.get(market, [])

    def take(self, pair_id: str, a: MarketId, b: MarketId) -> Standing | None:
        """The pair of two markets, new under this id; None when another pair has the id."""
        known = self.between(a, b)
        if known is not None:
            return known
        if pair_id in self._by_id:
            return None
        standing = Standing(pair_id, a, b)
        self._by_id[pair_id] = standing
        self._by_markets[frozenset((a, b))] = standing
        for market in (a, b):
            self._by_market.setdefault(market, []).append(standing)
        return standing


def found_id(a: MarketId, b: MarketId) -> str:
    """Id of a pair that was found rather than named: the same markets give the same id."""
    text = "\n".join(sorted((a, b)))
    return f"m-{hashlib.sha256(text.encode()).hexdigest()[:ID_CHARS]}"


def fallen_market(standing: Standing, terms: Terms) -> MarketId | None:
    """The first side whose terms are no longer those the pair stands on; None when it holds."""
    rests_on = _rests_on(standing)
    if rests_on is None:
        return None
    if rests_on.a != terms.a:
        return standing.a
    return standing.b if rests_on.b != terms.b else None


def pair_to_trade(
    standing: Standing, terms: Terms | None, *, trade_proven: bool, await_reader: bool
) -> Pair | None:
    """What may take part now; None when nothing may.

    terms: of both markets now, None while one is not listed. trade_proven: what the rules prove
    needs no person. await_reader: it needs a second reader to have been asked.
    """
    decided = standing.decided
    if terms is None or standing.is_reopened or standing.filed is not None:
        return None
    if decided is not None:
        return _confirmed(decided) if decided.terms == terms else None
    related = standing.related
    if related is None or related.terms != terms or not trade_proven:
        return None
    if not may_pass(advice_on(standing, terms), await_reader=await_reader):
        return None
    return _proven(standing, related)


def advice_on(standing: Standing, terms: Terms) -> PairAdvised | None:
    """What a second reader said of these very terms."""
    advised = standing.advised
    return advised if advised is not None and advised.terms == terms else None


def may_pass(advised: PairAdvised | None, *, await_reader: bool) -> bool:
    """Advice only ever takes away: silence passes where nobody is asked."""
    if advised is None:
        return not await_reader
    return advised.advice in {"agrees", "unreviewed"}


def repeats_file(standing: Standing, pair: Pair) -> bool:
    """Whether a file says what it said when it was last heard: no new verdict."""
    last = standing.filed_last
    said = (pair.relation, pair.label, pair.confirmed_by, pair.note)
    return last is not None and said == (last.relation, last.label, last.by, last.note)


def _rests_on(standing: Standing) -> Terms | None:
    """The terms under the verdict or the listing in force."""
    if standing.is_reopened:
        return None
    if standing.decided is not None:
        return None if standing.decided.verdict == "block" else standing.decided.terms
    if standing.listed is not None and standing.related is not None:
        return standing.related.terms
    return None


def _confirmed(decided: PairDecided) -> Pair | None:
    relation = decided.relation
    if decided.verdict != "accept" or (relation != "identity" and relation != "complement"):
        return None
    return Pair(
        id=decided.pair_id,
        a=decided.a,
        b=decided.b,
        relation=relation,
        label=decided.label,
        confirmed_by=decided.by,
        note=decided.note,
    )


def _proven(standing: Standing, related: PairRelated) -> Pair | None:
    found = related.comparison
    if not found.is_tradable or found.decision != "accept":
        return None
    if found.relation != "identity" and found.relation != "complement":
        return None
    return Pair(
        id=standing.pair_id,
        a=standing.a,
        b=standing.b,
        relation=found.relation,
        label=related.label,
        confirmed_by=f"the rules alone ({found.matcher})",
        note=found.reason,
    )
