"""Is a question published with the identity, grid and terms that its venue would give it?"""

import pytest

from foreshock.adapters.sim.catalogue import catalogue
from foreshock.adapters.sim.listings import GRIDS, listing_of, tick_at
from foreshock.adapters.sim.questions import Place, Question, token_ids
from foreshock.core.domain.markets import CurveFee, SeriesFee
from foreshock.core.domain.units import MICRO, SECOND, Price
from tests.unit.adapters.sim.world_judge import START

QUESTIONS = {question.key: question for question in catalogue(300).questions}


def places_of(key: str) -> tuple[Question, Place, Place]:
    """A question with its Polymarket place and its last place, at Kalshi."""
    question = QUESTIONS[key]
    return question, question.places[0], question.places[-1]


def test_identifiers_are_the_venues() -> None:
    question, polymarket, kalshi = places_of("fed-27JAN-3.50")
    first = listing_of(question, polymarket, (4, 2), 0.5, START)
    second = listing_of(question, kalshi, (5, 2), 0.5, START)
    assert first.market.id == f"polymarket:{polymarket.native_id}"
    assert first.market.outcome_ids == token_ids(polymarket.native_id)
    assert second.market.id == "kalshi:KXFED-27JAN-T3.50"
    assert second.market.event_id == second.event.id == "KXFED-27JAN"
    assert (second.strike_type, second.floor_strike) == ("greater", "3.50")
    assert (first.number, first.event.number) == (4, 2)


def test_fees_follow_subject_and_venue() -> None:
    expected = {
        "fed-27JAN-3.50": (CurveFee(50_000, 1), SeriesFee("quadratic_with_maker_fees", MICRO)),
        "btc-26DEC04-98000": (CurveFee(70_000, 1), SeriesFee("quadratic", MICRO)),
        "topic-00-40": (CurveFee(0, 1), SeriesFee("quadratic", MICRO)),
    }
    for key, fees in expected.items():
        question, polymarket, kalshi = places_of(key)
        listed = [
            listing_of(question, place, (1, 1), 0.5, START).market.fee
            for place in (polymarket, kalshi)
        ]
        assert tuple(listed) == fees


def test_moments_count_from_the_worlds_start() -> None:
    question, place, _ = places_of("btc-15m-1-polymarket")
    listing = listing_of(question, place, (9, 3), 0.5, START)
    assert listing.market.opens_us == START + 240 * SECOND
    assert listing.market.closes_us == START + 19 * 60 * SECOND
    assert START < listing.created_us <= (listing.market.opens_us or 0) + 9
    early = listing_of(*places_of("fed-27JAN-3.50")[:2], (1, 1), 0.5, START)
    assert early.created_us < START


def test_exclusive_markets_share_their_group() -> None:
    question, polymarket, _ = places_of("race-GOVOH-Baker")
    listing = listing_of(question, polymarket, (1, 1), 0.5, START)
    assert listing.event.exclusive
    assert listing.market.exclusive_group == polymarket.event_id
    alone = listing_of(*places_of("topic-00-40")[:2], (1, 1), 0.5, START)
    assert alone.market.exclusive_group is None


@pytest.mark.parametrize(
    ("fair", "tick"), [(0.5, "cent"), (0.04, "cent"), (0.039, "tenth"), (0.961, "tenth")]
)
def test_polymarket_prices_near_the_edges_move_in_finer_steps(fair: float, tick: str) -> None:
    _, polymarket, kalshi = places_of("fed-27JAN-3.50")
    assert tick_at(polymarket, fair) == tick
    assert tick_at(kalshi, fair) == "cent"


def test_a_tapered_grid_is_fine_at_the_edges_only() -> None:
    question, place, _ = places_of("btc-15m-0-kalshi")
    listing = listing_of(question, place, (1, 1), 0.5, START)
    assert listing.grid_label == "tapered_deci_cent"
    grid = GRIDS["tapered"][0]
    assert listing.market.grid == grid
    accepted = [cents for cents in (0.5, 9.9, 10.0, 10.5, 50.0, 89.5, 90.1) if accepts(cents)]
    assert accepted == [0.5, 9.9, 10.0, 50.0, 90.1]


def accepts(cents: float) -> bool:
    return GRIDS["tapered"][0].accepts(Price(round(cents * 10_000)))


def test_addresses_are_unique() -> None:
    slugs = [
        listing_of(question, place, (1, 1), 0.5, START).slug
        for question in QUESTIONS.values()
        for place in question.places
        if place.venue == "polymarket"
    ]
    assert len(set(slugs)) == len(slugs)
