"""What does the matcher make of the simulated catalogues by itself, where the truth is known?"""

import asyncio
from collections import Counter

import pytest

from foreshock.adapters.sim.catalogue import catalogue
from foreshock.adapters.sim.loopback import Loopback
from foreshock.adapters.sim.questions import TruePair
from foreshock.adapters.venues.kalshi.signing import ApiKey
from foreshock.app.venues import KalshiLink, PolymarketLink
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.decisions import PairListed
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.matching import MatchingMeasured, PairRelated
from foreshock.core.domain.messages.trading import TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.relations import Comparison
from foreshock.core.engine import Engine
from foreshock.core.matching.compare import Comparer
from foreshock.core.matching.matcher import TIMER, Matcher, MatcherSettings
from tests.scenarios.stepped import KEY_ID, SEED_KEY, Venues, VirtualClock

MARKETS_MAX = 300
SLICES_MAX = 2_000


async def listed() -> list[Market]:
    """Every market that the simulated venues publish, read over their own wire."""
    venues, clock = Venues(7, MARKETS_MAX), VirtualClock()

    async def never() -> None:
        raise AssertionError("nothing is streamed here")

    hosts = {name: Loopback(face, clock, never) for name, face in venues.faces.items()}
    links = (
        PolymarketLink(hosts["gamma"], hosts["clob"], hosts["clob"]),
        KalshiLink(hosts["kalshi"], hosts["kalshi"], ApiKey(KEY_ID, SEED_KEY)),
    )
    return [market for link in links for market in (await link.discover((), 5_000)).markets]


@pytest.fixture(scope="module")
def told() -> list[Message]:
    """What the matcher says of all of them, to the last comparison."""
    engine = Engine([Matcher(MatcherSettings(), Comparer())])
    start = VirtualClock().now_us
    said: list[Message] = []
    inputs: list[Message] = [MarketListed(market) for market in asyncio.run(listed())]
    for _ in range(SLICES_MAX):
        said += [e.message for e in engine.step(inputs, start).entries if e.cause is not None]
        if isinstance(said[-1], MatchingMeasured) and said[-1].waiting_count == 0:
            return said
        inputs = [TimerFired(TIMER)]
    raise AssertionError("the matcher does not come to an end")


def relations(told: list[Message]) -> list[PairRelated]:
    return [message for message in told if isinstance(message, PairRelated)]


def questions() -> dict[str, str]:
    """The question that each market asks, by its id."""
    asked = catalogue(MARKETS_MAX).questions
    return {f"{place.venue}:{place.native_id}": q.key for q in asked for place in q.places}


def between(told: list[Message], pair: TruePair) -> Comparison | None:
    """What was told of a true pair."""
    wanted = {f"polymarket:{pair.polymarket}", f"kalshi:{pair.kalshi}"}
    found = (r.comparison for r in relations(told))
    return next((c for c in found if {str(c.a), str(c.b)} == wanted), None)


def test_every_market_and_its_twin_are_proposed_as_accept_or_review(told: list[Message]) -> None:
    decisions = Counter[str]()
    for pair in catalogue(MARKETS_MAX).pairs:
        if pair.relation == "identity":
            comparison = between(told, pair)
            assert comparison is not None, f"{pair.label} was not proposed"
            assert comparison.decision != "reject", f"{pair.label}: {comparison.reason}"
            assert comparison.reason
            decisions[comparison.decision] += 1
    assert decisions["accept"] > 0


def test_an_opposite_is_never_taken_for_a_twin(told: list[Message]) -> None:
    """Boston beats Miami, Miami beats Boston: a person may say so, the same bet it is not."""
    opposites = [p for p in catalogue(MARKETS_MAX).pairs if p.relation == "complement"]
    assert opposites
    for pair in opposites:
        comparison = between(told, pair)
        assert comparison is None or comparison.relation != "identity", pair.label


def test_no_look_alike_is_accepted_or_traded(told: list[Message]) -> None:
    """Other stations, indices, deadlines, strikes, games: one question at both venues or none."""
    of = questions()
    accepted = [r.comparison for r in relations(told) if r.comparison.decision == "accept"]
    assert accepted
    wrong = [(c.a, c.b, c.reason) for c in accepted if of[c.a] != of[c.b]]
    assert wrong == []
    traded = [message.pair for message in told if isinstance(message, PairListed)]
    assert [pair.label for pair in traded if of[pair.a] != of[pair.b]] == []


def test_a_rejected_neighbour_says_which_clause_differs(told: list[Message]) -> None:
    rejected = [r.comparison for r in relations(told) if r.comparison.decision == "reject"]
    assert rejected
    for comparison in rejected:
        assert any(clause.agreement == "differ" for clause in comparison.clauses)
        assert comparison.relation in {"subset", "superset", "overlap"}
