"""Which contracts of the other venues are worth comparing with this one?

Similarity proposes and never decides: a cut and a hike read alike. What comes back is a short list
to compare clause by clause.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

from foreshock.core.domain.markets import MarketId
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.index_features import features_of, text_of
from foreshock.core.matching.index_shard import Candidate, Floats, Shard

Embed: TypeAlias = Callable[[Sequence[str]], Floats]
"""Vectors of texts, one row of length one each; always the same ones for the same text."""


class CandidateIndex:
    """Every listed contract, by venue; ask it for one contract or for a whole catalogue."""

    def __init__(self, embed: Embed | None = None) -> None:
        self._embed = embed
        self._shards: dict[str, Shard] = {}
        self._venue_of: dict[MarketId, str] = {}

    def __len__(self) -> int:
        return len(self._venue_of)

    def __contains__(self, market: MarketId) -> bool:
        return market in self._venue_of

    def add(self, contract: ContractText) -> None:
        """Index a contract, replacing what was known under its id."""
        self.remove(contract.id)
        shard = self._shards.setdefault(contract.venue, Shard())
        shard.add(contract.id, features_of(contract), _vector(self._embed, contract))
        self._venue_of[contract.id] = contract.venue

    def remove(self, market: MarketId) -> None:
        """Forget a contract; an unknown one is no error."""
        venue = self._venue_of.pop(market, None)
        if venue is not None:
            self._shards[venue].remove(market)

    def candidates(
        self, contract: ContractText, limit_max: int, venues: Collection[str] | None = None
    ) -> list[Candidate]:
        """The best at most `limit_max` of each venue asked, best first, equal ones by id.

        venues: None asks every venue but the contract's own. The contract itself is never among
        them and need not be indexed.
        """
        asked = set(self._shards) - {contract.venue} if venues is None else set(venues)
        features, vector = features_of(contract), _vector(self._embed, contract)
        found = [
            candidate
            for venue in sorted(asked & set(self._shards))
            for candidate in self._shards[venue].nearest(features, limit_max, contract.id, vector)
        ]
        return sorted(found, key=lambda c: (-c.score_ppm, c.id))


def block(
    a: Sequence[ContractText],
    b: Sequence[ContractText],
    per_market_max: int,
    embed: Embed | None = None,
) -> dict[MarketId, list[Candidate]]:
    """For each contract of `a` its candidates in `b`, whatever their venues; one answer per id."""
    shard = Shard()
    for contract in b:
        shard.add(contract.id, features_of(contract), _vector(embed, contract))
    return {c.id: shard.nearest(features_of(c), per_market_max, c.id, _vector(embed, c)) for c in a}


def _vector(embed: Embed | None, contract: ContractText) -> Floats | None:
    return None if embed is None else embed([text_of(contract)])[0]
