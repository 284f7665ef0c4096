"""Which sources outside the venues does the simulated world have, and how are they addressed?"""

from collections.abc import Mapping
from importlib.util import find_spec

from foreshock.adapters.sim.coin_paths import PAST_S
from foreshock.adapters.sim.face import VenueFace
from foreshock.adapters.sim.news import Headline, NewsHosts, Release
from foreshock.adapters.sim.oracles import BinanceFace, CoinbaseFace
from foreshock.adapters.sim.oracles_weather import noaa, open_meteo
from foreshock.adapters.sim.rest_face import RestFace
from foreshock.adapters.sim.world import World
from foreshock.app.config import Settings
from foreshock.core.domain.units import SECOND, Instant

STATIONS = "KNYC 40.7789 -73.9692 America/New_York,KMDW 41.7860 -87.7524 America/Chicago"
"""Of the demo, where nobody named any."""
CONTACT = "demo@foreshock.invalid"
QUERY = '("federal reserve" OR bitcoin OR election) sourcelang:english'
FRED_KEY = "demo" * 8
NEWS_EVERY_S, WINDOW_S = 5, 600
"""Of a demo: nobody waits a day to see whether an alert came before its news."""
RELEASES = (
    (1_800, "Consumer Price Index, the CPI of November 2026"),
    (5_400, "Employment Situation, the unemployment rate of November 2026"),
    (10_800, "Federal Reserve rate decision of January 2027"),
)
"""Seconds after the world's start, and what is then released."""


def source_faces(world: World) -> dict[str, VenueFace]:
    """The hosts of all sources by name; those of coins show the world's own walk."""

    def headlines() -> list[Headline]:
        return [Headline(told.at_us, told.title) for told in world.news]

    start_us = Instant(world.coins.begins_us + PAST_S * SECOND)
    releases = [Release(Instant(start_us + after * SECOND), name) for after, name in RELEASES]
    press = NewsHosts(headlines, releases)
    return {
        "gdelt": RestFace(press.gdelt),
        "press": RestFace(press.feed),
        "fred": RestFace(press.fred),
        "bls": RestFace(press.bls),
        "binance": BinanceFace(world.coins),
        "coinbase": CoinbaseFace(world.coins),
        "noaa": RestFace(noaa),
        "open_meteo": RestFace(open_meteo),
    }


def with_demo_sources(settings: Settings) -> Settings:
    """Settings that hear the weather too and ask for news all the time."""
    oracles = settings.oracles
    wanted = {
        "stations": oracles.stations or STATIONS,
        "contact": oracles.contact or CONTACT,
    }
    asked = {
        "interval_s": NEWS_EVERY_S,
        "precedes_for_s": WINDOW_S,
        "gdelt_query": settings.news.gdelt_query or QUERY,
        "fred_key": FRED_KEY,
    }
    news = settings.news.model_copy(update=asked)
    return settings.model_copy(update={"oracles": oracles.model_copy(update=wanted), "news": news})


def at_sources(settings: Settings, urls: Mapping[str, str]) -> Settings:
    """Settings that ask the simulated sources and no others."""
    update = {
        "binance_stream_url": _stream(urls["binance"]),
        "binance_rest_url": urls["binance"],
        "coinbase_stream_url": _stream(urls["coinbase"]),
        "noaa_url": urls["noaa"],
        "open_meteo_url": urls["open_meteo"],
    }
    feeds = f"{urls['press']}/press.xml" if find_spec("feedparser") else ""
    told = {
        "gdelt_url": urls["gdelt"],
        "fred_url": urls["fred"],
        "bls_url": urls["bls"],
        "feeds": feeds,
    }
    return settings.model_copy(
        update={
            "oracles": settings.oracles.model_copy(update=update),
            "news": settings.news.model_copy(update=told),
        }
    )


def _stream(url: str) -> str:
    return url.replace("http", "ws", 1)
