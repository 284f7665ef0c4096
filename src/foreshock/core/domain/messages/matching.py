"""Which contracts are the same bet, who said so, and does it still hold?

MarketListed -> PairRelated -> (tradable) PairListed
                            -> (unsure)   PairNeedsReview -> VerdictRequested -> PairDecided
a side changes its terms    -> PairReopened, PairUnlisted, until a person decides again
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.markets import MarketId, Pair, Relation
from foreshock.core.domain.relations import Comparison, RelationKind
from foreshock.core.domain.terms import Terms
from foreshock.core.domain.units import Instant

Verdict: TypeAlias = Literal["accept", "reject", "block"]
"""accept: may trade. reject: not as these texts stand. block: never again, whatever they say."""
VerdictOrigin: TypeAlias = Literal["person", "file"]


class PairFiled(msgspec.Struct, frozen=True, tag=True):
    """A pairs file names a confirmed pair; it is decided once both markets are listed."""

    pair: Pair


class PairRelated(msgspec.Struct, frozen=True, tag=True):
    """Two contracts were compared and are worth a word: new, or said of other terms than before."""

    pair_id: str
    label: str
    comparison: Comparison
    terms: Terms


class PairNeedsReview(msgspec.Struct, frozen=True, tag=True):
    """Only a person can say whether this is the same bet; it is not traded until one does."""

    pair_id: str
    a: MarketId
    b: MarketId
    reason: str


class VerdictRequested(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Somebody decides a pair. terms: of the texts that were read.

    relation: needed to accept what was not found to be identity or complement.
    """

    pair_id: str
    verdict: Verdict
    relation: Relation | None
    by: str
    note: str
    terms: Terms


class VerdictRefused(msgspec.Struct, frozen=True, tag=True):
    """A verdict was not taken, for instance because a rule text changed while it was read."""

    pair_id: str
    by: str
    reason: str


class PairDecided(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A verdict on a pair, on these terms; version counts the verdicts of this pair from 1."""

    pair_id: str
    a: MarketId
    b: MarketId
    relation: RelationKind
    label: str
    verdict: Verdict
    origin: VerdictOrigin
    by: str
    note: str
    version: int
    terms: Terms
    decided_us: Instant


class PairReopened(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A side's title, rules, source or outcomes changed: what was decided is void from now on.

    version: of the verdict that fell, 0 when the rules alone had proven the pair.
    """

    pair_id: str
    a: MarketId
    b: MarketId
    version: int
    market: MarketId
    reason: str
    terms: Terms
    reopened_us: Instant


class SourcesRequested(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Somebody asks that two resolution sources count as one, or no longer do."""

    sources: tuple[str, str]
    are_same: bool
    by: str
    note: str


class SourcesRuled(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The allow-list of resolution sources changed."""

    sources: tuple[str, str]
    are_same: bool
    by: str
    note: str
    ruled_us: Instant


class MatchingMeasured(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """What matching has done so far. relations: comparisons by what they found.

    waiting_count: markets still to be compared. untold_count: relations beyond what is kept.
    """

    contracts_count: int
    compared_count: int
    relations: dict[str, int]
    waiting_count: int
    untold_count: int


MatchingFact: TypeAlias = (
    PairFiled
    | PairRelated
    | PairNeedsReview
    | VerdictRequested
    | VerdictRefused
    | PairDecided
    | PairReopened
    | SourcesRequested
    | SourcesRuled
    | MatchingMeasured
)
