"""Two spellings of one thing give one feature; what differs keeps its own."""

import pytest

from foreshock.core.domain.markets import MarketId
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.index_features import FEATURES_MAX, WEIGHT_MAX, features_of


def features(title: str, market: str = "polymarket:1", slug: str = "") -> dict[str, int]:
    venue = market.partition(":")[0]
    return features_of(ContractText(id=MarketId(market), venue=venue, title=title, slug=slug))


@pytest.mark.parametrize(
    ("one", "other", "feature"),
    [
        ("Points O/U 14.5", "15+ points", "n:15"),
        ("above $60,000", "$59,999.99 or above", "n:60000"),
        ("above $60,000", "over 60k", "n:60000"),
        ("market cap above $1.5T", "above 1.5 trillion", "n:1500000000000"),
        ("≤4.0%?", "above 4%", "n:4"),
        ("25+ bps", "25bps", "n:25"),
        ("on March 7?", "on Mar 7, 2026?", "d:3-7"),
        ("on July 2nd", "by 2 July 2026", "d:7-2"),
        ("in February?", "Feb 2026", "m:2"),
        ("by June 30?", "before Jul 1, 2026?", "d:6-30"),
        ("by December 31, 2026?", "before Jan 1, 2027?", "d:12-31"),
        ("in 2026?", "before Jan 1, 2027?", "y:2026"),
        ("end of June?", "on Jun 30, 2026?", "d:6-30"),
        ("by end of 2026", "by December 31", "d:12-31"),
        ("by the end of the year", "by Dec 31", "d:12-31"),
        ("2 - 1 Manchester", "2-1", "s:2-1"),
        ("Bitcoin", "BTC", "w:btc"),
        ("Tití", "Titi", "w:titi"),
        ("J.D. Vance", "JD Vance", "w:jd"),
        ("Josh O'Connor", "Josh O\u2019Connor", "w:oconnor"),
        ("Men's World Cup", "Men World Cup", "w:men"),
        ("2026 NBA Finals", "2026 Pro Basketball Final", "w:nba"),
        ("Lakers", "Los Angeles L", "w:losangele"),
        ("Federal Reserve", "Fed", "w:fed"),
        ("Republicans", "GOP", "w:republican"),
    ],
)
def test_both_spellings_meet(one: str, other: str, feature: str) -> None:
    assert feature in features(one)
    assert feature in features(other)


def test_a_day_of_the_month_is_no_threshold() -> None:
    assert "n:7" not in features("Week of March 7?")
    assert "n:2026" not in features("by end of 2026")


def test_ticker_and_slug_give_their_day_and_strike() -> None:
    ladder = features("Bitcoin price?", "kalshi:KXBTCD-26JUL0217-T59999.99")
    assert {"d:7-2", "y:2026", "n:60000"} <= set(ladder)
    assert {"d:1-9", "y:2026"} <= set(features("Bucks vs. Lakers", slug="nba-mil-lal-2026-01-09"))
    assert "d:1-9" not in features("Bucks vs. Lakers")


def test_an_impossible_day_is_kept_out() -> None:
    assert not [f for f in features("x", slug="a-2026-99-99") if f.startswith("m:99")]


def test_a_contract_has_a_limited_number_of_features() -> None:
    long = " ".join(f"word{n}" for n in range(500))
    assert len(features(long)) == FEATURES_MAX


def test_weights_fit_a_byte_and_numbers_weigh_most() -> None:
    found = features("Will Bitcoin be above $60,000 on March 7, 2026?")
    assert all(0 < weight <= WEIGHT_MAX for weight in found.values())
    assert max(found, key=lambda name: found[name]) == "n:60000"
