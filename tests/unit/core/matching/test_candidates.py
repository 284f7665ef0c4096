"""A contract's twin is among its candidates, whatever else is listed and in whatever order."""

from collections.abc import Sequence
from random import Random

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreshock.core.domain.markets import MarketId
from foreshock.core.matching.candidates import CandidateIndex, block
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.index_shard import CLOSE_PPM, PPM, Floats


def contract(market: str, title: str, **fields: str) -> ContractText:
    plain = ContractText(id=MarketId(market), venue=market.partition(":")[0], title=title)
    return msgspec.structs.replace(plain, **fields)


# Titles as both venues listed them on 2026-01-09, 2026-03-01 and 2026-07-01.
POLYMARKET = [
    contract("polymarket:1", "Bucks vs. Lakers", slug="nba-mil-lal-2026-01-09"),
    contract("polymarket:2", "Kings vs. Warriors", slug="nba-sac-gsw-2026-01-09"),
    contract("polymarket:3", "Will the February 2026 unemployment rate be ≤4.0%?"),
    contract("polymarket:4", "Donovan Clingan: Points O/U 14.5"),
    contract("polymarket:5", "Udinese Calcio vs. ACF Fiorentina: Both Teams to Score"),
    contract("polymarket:6", "Will JD Vance win the 2028 US Presidential Election?"),
    contract("polymarket:7", "Will the price of Bitcoin be above $60,000 on July 2?"),
    contract("polymarket:8", "Will the Cleveland Cavaliers win the 2026 NBA Finals?"),
    contract("polymarket:9", "Will Tití Me Preguntó by Bad Bunny be the Billboard #1 song?"),
]
KALSHI = [
    contract("kalshi:KXNBAGAME-26JAN09MILLAL-LAL", "Milwaukee at Los Angeles L - Los Angeles L"),
    contract("kalshi:KXNBAGAME-26JAN09SACGSW-GSW", "Sacramento at Golden State - Golden State"),
    contract("kalshi:U3", "Will the unemployment rate (U-3) be above 4.0% in February?"),
    contract("kalshi:U4", "Will the unemployment rate (U-3) be above 4.7% in February?"),
    contract("kalshi:PTS15", "Donovan Clingan: 15+ points"),
    contract("kalshi:PTS10", "Donovan Clingan: 10+ points"),
    contract("kalshi:BTTS", "Fiorentina at Udinese: Both Teams to Score"),
    contract(
        "kalshi:KXPRESPERSON-28-JVAN",
        "Who will win the next presidential election?",
        yes_label="J.D. Vance",
    ),
    contract("kalshi:KXBTCD-26JUL0217-T59999.99", "Bitcoin price on Jul 2, 2026?"),
    contract("kalshi:KXBTCD-26JUL0217-T60999.99", "Bitcoin price on Jul 2, 2026?"),
    contract("kalshi:KXNBA-26-CLE", "Will the Cleveland win the 2026 Pro Basketball Finals?"),
    contract("kalshi:SONG", "Will Titi Me Pregunto be the #1 song on the Billboard Hot 100?"),
]
TWINS = {
    "polymarket:1": "kalshi:KXNBAGAME-26JAN09MILLAL-LAL",
    "polymarket:2": "kalshi:KXNBAGAME-26JAN09SACGSW-GSW",
    "polymarket:3": "kalshi:U3",
    "polymarket:4": "kalshi:PTS15",
    "polymarket:5": "kalshi:BTTS",
    "polymarket:6": "kalshi:KXPRESPERSON-28-JVAN",
    "polymarket:7": "kalshi:KXBTCD-26JUL0217-T59999.99",
    "polymarket:8": "kalshi:KXNBA-26-CLE",
    "polymarket:9": "kalshi:SONG",
}
HOSTILE = [
    "",
    " ",
    "?!$%&",
    "\x00\u202e\u200b",
    "9" * 500,
    "1,,,.5.5..",
    "٣٤٥ ﷺ ½ ² ①",
    "-0-0-0-0-0",
    "0.5" * 300,
    "May " * 200,
    "\U0001d56d\U0001d58e\U0001d599 " * 50,
    "(" * 5_000,
    "a" * 100_000,
    "2026-99-99 99jan99",
]


def index_of(contracts: list[ContractText]) -> CandidateIndex:
    index = CandidateIndex()
    for each in contracts:
        index.add(each)
    return index


@pytest.mark.parametrize("asked", POLYMARKET, ids=lambda c: c.title)
def test_the_twin_comes_first_among_look_alikes(asked: ContractText) -> None:
    found = index_of(KALSHI).candidates(asked, 3)
    assert found[0].id == TWINS[asked.id]
    assert 0 < found[0].score_ppm <= PPM


@pytest.mark.parametrize("asked", KALSHI[:4:2], ids=lambda c: c.title)
def test_twins_find_each_other_from_either_side(asked: ContractText) -> None:
    found = index_of(POLYMARKET).candidates(asked, 1)
    assert TWINS[found[0].id] == asked.id


def test_a_family_of_near_identical_titles_still_gives_the_right_strike_and_day() -> None:
    ladder = [
        contract(f"kalshi:KXBTCD-26JUL{day:02}17-T{strike - 1}.99", f"Bitcoin price on Jul {day}?")
        for day in range(1, 29)
        for strike in range(40_000, 80_000, 250)
    ]
    index = index_of(ladder)
    for day, strike in ((2, 60_000), (17, 41_750), (28, 79_750)):
        asked = contract("polymarket:x", f"Will Bitcoin be above ${strike:,} on July {day}?")
        assert index.candidates(asked, 1)[0].id == f"kalshi:KXBTCD-26JUL{day:02}17-T{strike - 1}.99"


def test_only_other_venues_answer_unless_venues_are_named() -> None:
    index = index_of(POLYMARKET + KALSHI)
    asked = POLYMARKET[2]
    assert {c.id.partition(":")[0] for c in index.candidates(asked, 50)} == {"kalshi"}
    own = index.candidates(KALSHI[2], 50, venues=["kalshi"])
    assert own[0].id == "kalshi:U4"
    assert KALSHI[2].id not in {c.id for c in own}
    assert index.candidates(asked, 50, venues=["predictit"]) == []


def test_what_is_removed_is_found_no_more() -> None:
    index = index_of(KALSHI)
    index.remove(MarketId("kalshi:PTS15"))
    index.remove(MarketId("kalshi:never listed"))
    assert "kalshi:PTS15" not in {c.id for c in index.candidates(POLYMARKET[3], 50)}
    assert MarketId("kalshi:PTS15") not in index
    assert len(index) == len(KALSHI) - 1


def test_an_edited_contract_is_found_by_its_new_words_only() -> None:
    index = index_of(KALSHI)
    index.add(contract("kalshi:PTS15", "Will Starmer leave office by December 31, 2026?"))
    asked = contract("polymarket:s", "Starmer out by December 31, 2026?")
    assert index.candidates(asked, 1)[0].id == "kalshi:PTS15"
    assert "kalshi:PTS15" not in {c.id for c in index.candidates(POLYMARKET[3], 50)}
    assert len(index) == len(KALSHI)


def test_nothing_is_proposed_where_no_word_is_shared() -> None:
    asked = contract("polymarket:z", "Zxqv wkjh?")
    assert index_of(KALSHI).candidates(asked, 5) == []
    assert index_of([]).candidates(asked, 5) == []
    assert index_of(KALSHI).candidates(POLYMARKET[0], 0) == []


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_titles_are_indexed_asked_and_removed(title: str) -> None:
    index = index_of(KALSHI)
    before = answers(index)
    odd = contract("kalshi:odd-9.9", title, slug=title, group_item=title, yes_label=title)
    index.add(odd)
    index.candidates(msgspec.structs.replace(odd, id=MarketId("p:1"), venue="p"), 5)
    index.remove(odd.id)
    assert answers(index) == before


# ---- embeddings ----------------------------------------------------------------------------


def by_theme(texts: Sequence[str]) -> Floats:
    """A stand-in for embeddings: which of three themes a text speaks of."""
    themes = (("oust", "leave"), ("rain", "storm"), ("goal", "score"))
    found = np.array(
        [[sum(w in text.lower() for w in theme) for theme in themes] for text in texts], np.float32
    )
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), np.float32(1))


OUSTED = contract("polymarket:o", "Starmer ousted?")
LEAVES = contract("kalshi:l", "Will the PM leave Downing Street?")
RAINS = contract("kalshi:r", "Storm over London")


def test_what_shares_no_word_is_found_by_its_meaning() -> None:
    index = CandidateIndex(by_theme)
    for each in (LEAVES, RAINS, *KALSHI):
        index.add(each)
    (found,) = index.candidates(OUSTED, 5)
    assert found == (LEAVES.id, CLOSE_PPM)
    assert index_of([LEAVES, RAINS]).candidates(OUSTED, 5) == []
    index.remove(LEAVES.id)
    assert index.candidates(OUSTED, 5) == []


def test_meaning_is_not_asked_where_words_are_close() -> None:
    asked = contract("polymarket:x", "Storm over London, goal by goal")
    scorer = contract("kalshi:s", "To score")
    plain = block([asked], [RAINS, scorer, LEAVES], 5)
    assert plain[asked.id][0].score_ppm >= CLOSE_PPM
    assert block([asked], [RAINS, scorer, LEAVES], 5, by_theme) == plain


@given(st.integers(0, 99))
def test_with_meaning_too_the_order_of_listing_does_not_matter(seed: int) -> None:
    listed = [*KALSHI, LEAVES, RAINS]
    found = block([OUSTED, *POLYMARKET], listed, 4, by_theme)
    assert block([OUSTED, *POLYMARKET], Random(seed).sample(listed, 14), 4, by_theme) == found


# ---- properties ----------------------------------------------------------------------------

WORDS = st.sampled_from([
    "bitcoin",
    "eth",
    "above",
    "below",
    "60,000",
    "4.5",
    "5+",
    "july",
    "2",
    "fed",
    "cut",
])
TITLES = st.lists(WORDS, max_size=6).map(" ".join) | st.text(max_size=30)
CATALOGUES = st.lists(TITLES, min_size=1, max_size=12).map(
    lambda titles: [contract(f"kalshi:{n}", title) for n, title in enumerate(titles)]
)


def answers(index: CandidateIndex) -> list[object]:
    return [index.candidates(asked, 4) for asked in POLYMARKET]


@given(CATALOGUES, CATALOGUES)
def test_adding_and_removing_restores_every_answer(
    kept: list[ContractText], gone: list[ContractText]
) -> None:
    index = index_of(kept)
    before = answers(index)
    others = [msgspec.structs.replace(c, id=MarketId(f"{c.id} gone")) for c in gone]
    for other in others:
        index.add(other)
    for other in others:
        index.remove(other.id)
    assert answers(index) == before
    assert len(index) == len(kept)


@given(CATALOGUES, st.integers(0, 99))
def test_the_order_of_listing_does_not_matter(catalogue: list[ContractText], seed: int) -> None:
    shuffled = Random(seed).sample(catalogue, len(catalogue))
    assert answers(index_of(shuffled)) == answers(index_of(catalogue))


@given(CATALOGUES, CATALOGUES)
def test_one_by_one_gives_what_blocking_gives(a: list[ContractText], b: list[ContractText]) -> None:
    asking = [msgspec.structs.replace(c, id=MarketId(f"polymarket:{c.id}"), venue="p") for c in a]
    index = index_of(b)
    assert block(asking, b, 3) == {c.id: index.candidates(c, 3) for c in asking}


@settings(max_examples=50)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_is_too_odd(title: str, label: str) -> None:
    odd = contract("kalshi:odd", title, yes_label=label, slug=label, strike_floor=label)
    index = index_of([*KALSHI, odd])
    asked = msgspec.structs.replace(odd, id=MarketId("p:odd"), venue="p")
    for found in index.candidates(asked, 20):
        assert 0 < found.score_ppm <= PPM
