"""Is every market's identity its own, and is exactly what should be a pair one?"""

from collections import Counter
from pathlib import Path

import pytest

from foreshock.adapters.sim.catalogue import Catalogue, catalogue
from foreshock.adapters.sim.questions import Place, Question
from foreshock.app.pairs_file import DEMO_PAIRS_FILE, load_pairs
from tests.unit.adapters.sim.world_judge import domain_pair

CONFIG = Path(__file__).resolve().parents[4] / "config"
WHOLE = catalogue(300)


def places(asked: Catalogue) -> list[Place]:
    return [place for question in asked.questions for place in question.places]


def venue_counts(asked: Catalogue) -> Counter[str]:
    return Counter(place.venue for place in places(asked))


def test_identifiers_are_unique() -> None:
    keys = [question.key for question in WHOLE.questions]
    natives = [(place.venue, place.native_id) for place in places(WHOLE)]
    ids = [pair.id for pair in WHOLE.pairs]
    for names in (keys, natives, ids):
        assert len(set(names)) == len(names)


def test_pairs_of_the_demo_file_are_the_pairs_of_the_catalogue() -> None:
    loaded = {pair.id: pair for pair in load_pairs(CONFIG / DEMO_PAIRS_FILE)}
    assert loaded == {pair.id: domain_pair(pair) for pair in WHOLE.pairs}


def test_identifiers_of_pairs_do_not_change() -> None:
    """Recordings and people's own pairs files name them."""
    by_id = {pair.id: pair for pair in WHOLE.pairs}
    assert by_id["fed-27JAN-3.25"].kalshi == "KXFED-27JAN-T3.25"
    assert by_id["fed-27JAN-3.25"].polymarket == (
        "0xfea9233dfa39b4c713826743e37a71fb9d2d671186731f064464cbc3e5bcfc6d"
    )
    assert by_id["game-01-boston-miami"].kalshi == "KXSIMGAME-G01BOSMIA-MIA2"
    assert by_id["topic-00-40"].kalshi == "KXSIMTOPIC00-D40-Y"


def test_about_forty_pairs_some_of_them_complements() -> None:
    relations = Counter(pair.relation for pair in WHOLE.pairs)
    assert 40 <= len(WHOLE.pairs) <= 50
    assert relations["complement"] >= 3


def test_both_sides_of_a_pair_ask_one_question() -> None:
    by_key = {question.key: question for question in WHOLE.questions}
    for pair in WHOLE.pairs:
        asked = {place.native_id: place for place in by_key[pair.question].places}
        polymarket, kalshi = asked[pair.polymarket], asked[pair.kalshi]
        assert (polymarket.venue, kalshi.venue) == ("polymarket", "kalshi")
        assert polymarket.source == kalshi.source
        is_inverse = polymarket.is_inverted != kalshi.is_inverted
        assert is_inverse == (pair.relation == "complement")


def of_family(prefix: str) -> list[Question]:
    return [question for question in WHOLE.questions if question.key.startswith(prefix)]


@pytest.mark.parametrize("prefix", ["btc-15m", "high-NY"])
def test_look_alikes_have_the_same_title_but_another_source_of_truth(prefix: str) -> None:
    asked: dict[str, list[Place]] = {}
    for question in of_family(prefix):
        for place in question.places:
            asked.setdefault(place.title, []).append(place)
    assert asked
    for twins in asked.values():
        first, second = twins
        assert first.venue != second.venue
        assert first.rules.partition(" if ")[2] != second.rules.removeprefix("If ")
        assert core(first) != core(second)
    paired = {pair.question for pair in WHOLE.pairs}
    assert not any(question.key in paired for question in of_family(prefix))


def core(place: Place) -> str:
    """The condition itself, without the venue's way of putting it."""
    text = place.rules.removeprefix('This market will resolve to "Yes" if ').removeprefix("If ")
    return text.partition(". Otherwise")[0].partition(", then the market")[0]


def test_what_is_asked_at_both_venues_has_one_condition() -> None:
    for question in WHOLE.questions:
        assert len({core(place) for place in question.places if not place.is_inverted}) == 1


def test_later_deadlines_are_listed_at_one_venue_only() -> None:
    venues = {
        question.key.rpartition("-")[2]: {place.venue for place in question.places}
        for question in of_family("topic-00")
    }
    assert venues == {"40": {"polymarket", "kalshi"}, "71": {"polymarket"}, "131": {"kalshi"}}


@pytest.mark.parametrize("markets_max", [100, 150, 200, 300])
def test_the_setting_bounds_the_markets_of_a_venue(markets_max: int) -> None:
    counts = venue_counts(catalogue(markets_max))
    assert max(counts.values()) <= markets_max
    assert max(counts.values()) > markets_max * 3 // 4


def test_pairs_are_never_left_out_and_sets_never_cut() -> None:
    few = catalogue(1)
    assert few.pairs == WHOLE.pairs
    assert {pair.question for pair in few.pairs} <= {question.key for question in few.questions}
    for asked in (few, catalogue(170), catalogue(222)):
        kept = Counter(q.family for q in asked.questions if q.shape == "exclusive")
        whole = Counter(q.family for q in WHOLE.questions if q.shape == "exclusive")
        assert all(count == whole[family] for family, count in kept.items())


def test_a_pair_and_some_look_alikes_end_within_minutes() -> None:
    soon = {question.key for question in WHOLE.questions if question.closes_s <= 6 * 60}
    assert len(soon) >= 4
    assert len(soon & {pair.question for pair in WHOLE.pairs}) == 1
