"""Which sources are heard follows from the settings, and trust from the shipped score alone."""

import tomllib
from pathlib import Path

import pytest

from foreshock.app.config import config_folder, load_settings
from foreshock.app.evaluate_fair_value import evaluate
from foreshock.app.oracle_settings import MODEL_FILE, load_model_score, oracle_config
from foreshock.app.oracles import oracle_feeds, oracle_links
from foreshock.core.domain.errors import ConfigError

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
KNYC = "KNYC 40.7789 -73.9692 America/New_York"


def configured(**oracles: object) -> object:
    return oracle_config(load_settings({"oracles": oracles}), config_folder())


def test_the_defaults_hear_both_exchanges_and_trust_nothing() -> None:
    found = oracle_config(load_settings({}), config_folder())
    assert found.coin_sources == ("binance", "coinbase")
    assert found.stations == ()
    assert not found.gaps.is_trusted
    assert found.model is not None
    assert not found.model.beats_market


def test_every_feed_has_a_way_to_be_reached() -> None:
    settings = load_settings({"oracles": {"stations": KNYC, "contact": "a@b.test", "coins": "BTC"}})
    found = oracle_config(settings, config_folder())
    feeds = oracle_feeds(found)
    assert list(feeds) == [
        "oracle:binance",
        "oracle:binance minutes BTC",
        "oracle:coinbase",
        "oracle:noaa KNYC",
        "oracle:open-meteo KNYC",
    ]
    assert [link.feed for link in oracle_links(settings.oracles, found)] == list(feeds)
    for make in feeds.values():
        assert make(1).drain() == []


def test_the_weather_service_is_not_asked_by_somebody_without_an_address() -> None:
    found = oracle_config(load_settings({"oracles": {"stations": KNYC}}), config_folder())
    assert "oracle:noaa KNYC" not in oracle_feeds(found)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("coin_sources", "kraken"),
        ("coins", "DOGE"),
        ("stations", "Central Park"),
        ("stations", "KNYC 1 2"),
    ],
)
def test_what_cannot_be_heard_is_refused_by_name(key: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"oracles.{key}"):
        configured(**{key: value})


def test_no_coin_source_means_no_coin() -> None:
    found = oracle_config(load_settings({"oracles": {"coin_sources": ""}}), config_folder())
    assert oracle_feeds(found) == {}


def test_a_score_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="oracle_model"):
        load_model_score(tmp_path / MODEL_FILE)
    (tmp_path / MODEL_FILE).write_text("model_brier = 0.1", encoding="utf8")
    with pytest.raises(ConfigError, match="oracle_model"):
        load_model_score(tmp_path / MODEL_FILE)


def test_only_a_difference_that_chance_cannot_explain_beats_the_market(tmp_path: Path) -> None:
    text = (config_folder() / MODEL_FILE).read_text(encoding="utf8")
    assert tomllib.loads(text)["difference_high"] > 0
    path = tmp_path / MODEL_FILE
    path.write_text(text.replace("difference_high = 0.0185", "difference_high = -0.0001"))
    assert load_model_score(path).beats_market


def test_the_shipped_score_is_what_the_evaluation_says() -> None:
    if not DATA.is_dir():
        pytest.skip(f"no recordings at {DATA}: the score cannot be measured again")
    shipped, found = load_model_score(config_folder() / MODEL_FILE), evaluate(DATA)
    assert (shipped.rows_count, shipped.markets_count) == (found.rows_count, found.markets_count)
    for name in ("model_brier", "market_brier", "difference", "difference_low", "difference_high"):
        assert getattr(shipped, name) == pytest.approx(getattr(found, name), abs=5e-5), name
    assert shipped.beats_market == found.beats_market
