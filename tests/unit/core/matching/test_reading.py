"""What is read from a contract: text, words, phrases, games, identifiers, rules."""

from time import process_time

import pytest

from foreshock.core.domain.markets import MarketId
from foreshock.core.matching.atoms import read_atoms, with_clubs, without_fillers
from foreshock.core.matching.clauses import NO_TERMS, read_terms
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.editions import edition_of
from foreshock.core.matching.evidence import Evidence, from_slug, from_ticker
from foreshock.core.matching.fixtures import Side, find_fixture, pick_of, same_side
from foreshock.core.matching.lexicon import PHRASES, STOP, as_words
from foreshock.core.matching.places import COUNTRIES, STATES
from foreshock.core.matching.reading import TITLE_MAX, read
from foreshock.core.matching.teams import CLUBS, Club, clubs_of
from foreshock.core.matching.text import fold, words
from tests.unit.core.matching.test_when import day
from tests.unit.core.matching.written import kalshi, poly


def names(contract: ContractText) -> set[tuple[str, str]]:
    return {atom.key for atom in read(contract).atoms}


# ---- text ----------------------------------------------------------------------------------


def test_folding_keeps_the_way_back_to_the_text_as_written() -> None:
    raw = "Will T\u200bit\u00ed beat \u0130mamo\u011flu \u2265 3?"
    folded = fold(raw)
    assert folded.text == "will titi beat imamoglu >= 3?"
    start = folded.text.index("imamoglu")
    assert raw[slice(*folded.place(start, start + 8))] == "\u0130mamo\u011flu"
    start = folded.text.index("titi")
    assert raw[slice(*folded.place(start, start + 4))] == "T\u200bit\u00ed"


def test_words_have_one_spelling() -> None:
    text = "J.B. Pritzker's GPT-5.3, O\u2019Rourke WI-03 #1 M\u00b4gladbach 98th 3,000.50"
    assert [w.text for w in words(fold(text))] == [
        *("jb", "pritzker", "gpt5.3", "orourke", "wi03", "#1", "mgladbach", "98th", "3000.50")
    ]


# ---- vocabulary ----------------------------------------------------------------------------


def test_the_tables_hold_together() -> None:
    assert COUNTRIES["turkish"] == COUNTRIES["turkiye"] == "turkey"
    assert len(STATES) == 50
    assert {len({c.nickname for c in CLUBS[league].values()}) for league in ("nba", "mlb")} == {30}
    assert all(phrase[0] == first for first, found in PHRASES.items() for phrase, _ in found)
    assert not {"not", "no", "first", "before", "any"} & STOP
    assert as_words("Men's World Cup") == ("men", "world", "cup")


def test_clubs_are_known_by_city_nickname_or_both_within_a_league() -> None:
    lakers = Club("nba", "lakers")
    for name in ("los angeles l", "lakers", "los angeles lakers"):
        assert CLUBS["nba"][tuple(name.split())] == lakers
    assert ("los", "angeles") not in CLUBS["nba"]
    assert clubs_of((("giants",), ("jets",)), "") == (Club("nfl", "giants"), Club("nfl", "jets"))
    assert clubs_of((("kings",), ("boston",)), "") is None
    assert clubs_of((("kings",),), "epl") is None


@pytest.mark.parametrize(
    ("title", "meaning"),
    [
        ("Will Democratic win the Presidency in 2028?", ("party", "democratic")),
        ("Will the GOP win?", ("party", "republican")),
        ("Federal Reserve", ("body", "fed")),
        ("the 2026 Men's World Cup", ("league", "fifa world cup")),
        ("the high temp in Miami", ("measure", "tempmax")),
        ("Will the US win?", ("place", "us")),
        ("West Virginia Senate", ("place", "state of west virginia")),
    ],
)
def test_what_means_the_same_is_one_meaning(title: str, meaning: tuple[str, str]) -> None:
    assert meaning in names(poly(title))


def test_us_the_pronoun_is_not_a_country() -> None:
    assert ("place", "us") not in names(poly("Will it help us all?"))


def test_words_without_content_in_their_company_go() -> None:
    won = names(poly("Will the Boston Celtics win the 2026 NBA Finals?"))
    assert won == {("club", "nba celtics"), ("relation", "win"), ("league", "nba")}
    award = names(poly("Will Jokic win the 2026 NBA Finals MVP?"))
    assert ("filler", "finals") in award


def test_an_edition_is_a_year() -> None:
    folded = fold("win best picture at the 98th academy awards")
    atoms = read_atoms(folded, folded.text, "title").atoms
    found = edition_of(atoms)
    assert found is not None
    assert (found[0].name, found[1]) == ("98th", 2026)
    folded = fold("win Super Bowl LXI")
    found = edition_of(read_atoms(folded, folded.text, "title").atoms)
    assert found is not None
    assert found[1] == 2027
    assert edition_of(()) is None


def test_clubs_need_their_league() -> None:
    folded = fold("will the boston win")
    atoms = read_atoms(folded, folded.text, "title").atoms
    assert [a.name for a in with_clubs(atoms, "nba")] == ["nba celtics", "win"]
    assert with_clubs(atoms, "epl") == atoms
    assert without_fillers(atoms) == atoms


# ---- identifiers ---------------------------------------------------------------------------


def test_tickers_carry_series_date_hour_strike_and_outcome() -> None:
    ladder = from_ticker("KXETHD-26JUN3017-T1629.99")
    assert (ladder.series, ladder.day, ladder.minute) == ("kxethd", day("2026-06-30"), 17 * 60)
    assert (ladder.strike, ladder.strike_kind) == (1_629_990_000, "t")
    game = from_ticker("KXMLBGAME-26AUG091340LAAMIA-LAA")
    assert (game.league, game.day, game.minute) == ("mlb", day("2026-08-09"), 13 * 60 + 40)
    assert game.outcome == "laa"
    assert from_ticker("KXPRESPARTY-2028-R").year == 2028
    assert from_ticker("KXPRESPERSON-28-JSHA").year == 2028
    assert from_ticker("") == Evidence(outcome="")


def test_slugs_of_games_carry_league_and_day() -> None:
    found = from_slug("nba-mil-lal-2026-01-09")
    assert (found.league, found.day) == ("nba", day("2026-01-09"))
    assert from_slug("will-trump-resign") == Evidence()


# ---- games ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "sides"),
    [
        ("Udinese Calcio vs. ACF Fiorentina: Both Teams to Score", ("udinese", "fiorentina")),
        ("Chelsea at Aston Villa: Both Teams to Score", ("chelsea", "aston villa")),
        ("NBA: Miami at Indiana - pacers", ("miami", "indiana")),
        ("Exact Score: Aston Villa FC 2 - 0 Chelsea FC?", ("aston villa", "chelsea")),
    ],
)
def test_games_are_found(title: str, sides: tuple[str, str]) -> None:
    found = find_fixture(fold(title), "")
    assert found is not None
    assert (str(found.sides[0]), str(found.sides[1])) == sides


@pytest.mark.parametrize(
    "title",
    [
        "Ethereum price at Jul 1, 2026 at 7am EDT?",
        "Will Paul Skenes win MVP at the 2026 World Baseball Classic?",
        "Protests at Columbia University",
        "Kraken IPO by December 31, 2026?",
    ],
)
def test_what_is_no_game_is_none(title: str) -> None:
    assert find_fixture(fold(title), "") is None


def test_the_side_that_pays_is_named_after_the_dash_or_by_the_label() -> None:
    game = find_fixture(fold("Milwaukee at Los Angeles L - Los Angeles L"), "nba")
    assert game is not None
    assert game.pick == 1
    assert pick_of(game, "Bucks") == 0
    assert pick_of(game, "Celtics") is None
    labelled = read(
        kalshi("KXNBAGAME-26JAN09MILLAL-LAL", "Milwaukee vs Los Angeles L", label="Lakers")
    )
    assert labelled.fixture is not None
    assert labelled.fixture.pick == 1


@pytest.mark.parametrize(
    ("a", "b", "match"),
    [
        ("salt lake", "real salt lake", "short"),
        ("los angeles g", "los angeles galaxy", "short"),
        ("brest", "brestois", "short"),
        ("arsenal", "arsenal wfc", "differ"),
        ("real sociedad", "real sociedad b", "differ"),
        ("manchester city", "manchester united", "differ"),
        ("roma", "roma", "same"),
        ("", "", "same"),
    ],
)
def test_a_short_name_is_part_of_a_long_one(a: str, b: str, match: str) -> None:
    assert same_side(Side(tuple(a.split()), None), Side(tuple(b.split()), None)) == match


# ---- rules ---------------------------------------------------------------------------------


def test_rules_name_sources_stations_and_voids_with_their_place() -> None:
    rules = (
        "This resolves according to the National Weather Service at Central Park. "
        "If the game is canceled this market resolves 50-50.\n"
        "If the game is postponed the market will remain open until it is played."
    )
    terms = read_terms(rules, "")
    assert [c.value for c in terms.sources] == ["national weather service"]
    assert [c.value for c in terms.stations] == ["central park"]
    assert {c.value for c in terms.voids} == {"cancel: half", "delay: open"}
    clause = terms.sources[0]
    assert rules[clause.start : clause.end] == "National Weather Service"


def test_a_void_clause_that_is_not_understood_stays_unread() -> None:
    assert [c.value for c in read_terms("In case of a tie, the referee decides.", "").voids] == [
        "tie: unread"
    ]


def test_source_fields_are_read_name_by_name() -> None:
    found = [
        c.value
        for c in read_terms("", "The Associated Press, Le Monde; https://www.ine.es").sources
    ]
    assert found == ["associated press", "ine.es", "le monde"]


def test_no_rules_say_nothing() -> None:
    assert read_terms("", "") is NO_TERMS


# ---- the whole -----------------------------------------------------------------------------


def test_a_title_reads_the_same_with_its_label_repeated() -> None:
    label = read(
        kalshi("KXBOND-30-TOM", "Will Tom Hardy be the next James Bond?", label="Tom Hardy")
    )
    plain = read(kalshi("KXBOND-30-TOM", "Will Tom Hardy be the next James Bond?"))
    assert label.atoms == plain.atoms


def test_the_outcome_of_a_question_comes_from_the_label() -> None:
    assert ("word", "shapiro") in names(
        kalshi(
            "KXPRESPERSON-28-JSHA",
            "Who will win the next presidential election?",
            label="Josh Shapiro",
        )
    )


@pytest.mark.parametrize(
    "title",
    [
        "Who will run for the Democratic presidential nomination in 2028?",
        "How many justices will there be",
        "When will it happen",
        "Will  become President of the United States before 2045?",
        "Will Player A win MVP?",
        "Will another player win MVP?",
        "yes New York,yes Breanna Stewart: 15+,no New York wins by over 12.5 points",
        "",
        "x" * TITLE_MAX,
    ],
)
def test_an_incomplete_statement_has_a_hole(title: str) -> None:
    assert read(poly(title)).holes


def test_strike_fields_win_over_a_title_without_numbers_and_clash_with_another() -> None:
    def strike(title: str) -> ContractText:
        return ContractText(
            id=MarketId("kalshi:KXHIGHNY-26MAR02-B42.5"),
            venue="kalshi",
            title=title,
            strike_type="between",
            strike_floor="42",
            strike_cap="43",
        )

    assert [str(t) for t in read(strike("High in NYC on Mar 2, 2026")).thresholds] == [
        ">= 42 and <= 43"
    ]
    assert not read(strike("High in NYC 42-43° on Mar 2, 2026")).holes
    assert read(strike("High in NYC 44-45° on Mar 2, 2026")).holes


def test_prices_and_weather_need_their_source() -> None:
    assert read(poly("Will the price of Bitcoin be above $58,000 on July 3?")).needs_source
    assert read(poly("Will the highest temperature in Paris be 16°C on March 2?")).needs_source
    assert not read(poly("Will Avatar 3 opening weekend be more than $100m?")).needs_source


SLOW_PIECES = """a|1|by |to |the |vs |. |a-|between 1 and |tie |cancelled |$1,|jan |https://a.
|greater than |k airport | |\u202e"""


@pytest.mark.parametrize("piece", SLOW_PIECES.split("|"))
def test_text_written_to_be_slow_is_read_at_once(piece: str) -> None:
    """A quadratic pattern takes seconds here; the limit leaves room for a busy machine."""
    text = (piece * 20_000)[:20_000]
    contract = ContractText(
        id=MarketId("kalshi:" + text[:200]),
        venue="kalshi",
        title=text,
        rules=text,
        source=text,
        group_item=text,
    )
    started = process_time()
    read(contract)
    assert process_time() - started < 1
