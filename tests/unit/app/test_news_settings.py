"""Which sources are asked follows from the settings; what cannot be asked is refused by name."""

from pathlib import Path

import pytest

from foreshock.adapters.sim.exchange_fees import packed_fees
from foreshock.adapters.sim.world import World, WorldSettings
from foreshock.app.config import Settings, config_folder, load_settings
from foreshock.app.fee_packs import load_fee_packs
from foreshock.app.news_settings import calendar_items, news_links
from foreshock.app.sim_sources import at_sources, source_faces, with_demo_sources
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import SECOND
from tests.trading import START

HOSTS = ("gdelt", "press", "fred", "bls", "binance", "coinbase", "noaa", "open_meteo")
SMALL = WorldSettings(markets_max=60)
QUIET = {"gdelt_query": "", "bls_url": ""}


def configured(**changes: object) -> Settings:
    return load_settings({"news": {**QUIET, **changes}})


def names(settings: Settings) -> list[str]:
    return [link.source.name for link in news_links(settings.news, START)]


def test_the_defaults_ask_the_press_and_one_calendar() -> None:
    assert names(load_settings({})) == ["gdelt", "bls"]


def test_every_source_can_be_asked_and_none_must() -> None:
    assert names(configured()) == []
    feeds = "https://a.test/feed.xml?x=1, http://b.test"
    found = configured(feeds=feeds, fred_key="k" * 32, gdelt_query="fed", bls_url="https://c.test")
    links = news_links(found.news, START)
    assert [link.source.name for link in links] == [
        "gdelt",
        "rss:a.test",
        "rss:b.test",
        "fred",
        "bls",
    ]
    assert [link.source.path for link in links[1:3]] == ["/feed.xml?x=1", "/"]


def test_gdelt_is_never_asked_twice_within_five_seconds() -> None:
    (link,) = news_links(configured(gdelt_query="fed", interval_s=1).news, START)
    assert link.every > 5 * SECOND


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "press.test/feed", "https://user:secret@a.test/x"]
)
def test_a_feed_that_is_no_plain_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match=r"news\.feeds"):
        names(configured(feeds=address))


def test_a_calendar_of_ones_own_is_read_or_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[[event]]\ntitle = "FOMC"\nat = 2026-12-09T14:00:00-05:00\n', encoding="utf8")
    (item,) = calendar_items(configured(calendar_file=str(path)).news, START)
    assert (item.title, item.is_scheduled) == ("FOMC", True)
    assert calendar_items(configured().news, START) == ()
    path.write_text('[[event]]\ntitle = "FOMC"\n', encoding="utf8")
    with pytest.raises(ConfigError, match=r"mine\.toml"):
        calendar_items(configured(calendar_file=str(path)).news, START)
    with pytest.raises(ConfigError, match="absent"):
        calendar_items(configured(calendar_file=str(tmp_path / "absent")).news, START)


def test_a_demo_asks_its_own_world_and_nobody_else() -> None:
    urls = {name: f"http://127.0.0.1:{port}" for port, name in enumerate(HOSTS, start=1)}
    found = at_sources(with_demo_sources(load_settings({})), urls)
    assert {link.source.name.partition(":")[0] for link in news_links(found.news, START)} == {
        *("gdelt", "rss", "fred", "bls"),
    }
    addresses = [
        *(found.news.gdelt_url, found.news.fred_url, found.news.bls_url, found.news.feeds),
        *(found.oracles.binance_rest_url, found.oracles.binance_stream_url),
        *(found.oracles.coinbase_stream_url, found.oracles.noaa_url, found.oracles.open_meteo_url),
    ]
    assert all("127.0.0.1" in address for address in addresses)


def test_the_worlds_hosts_are_those_that_a_demo_asks() -> None:
    world = World(7, START, packed_fees(load_fee_packs(config_folder() / "fees")), SMALL)
    assert set(source_faces(world)) == set(HOSTS)
