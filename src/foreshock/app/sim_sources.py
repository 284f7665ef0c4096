"""Which sources outside the venues does the simulated world have, and how are they addressed?"""

from collections.abc import Mapping

from foreshock.adapters.sim.face import VenueFace
from foreshock.adapters.sim.oracles import BinanceFace, CoinbaseFace
from foreshock.adapters.sim.oracles_weather import noaa, open_meteo
from foreshock.adapters.sim.rest_face import RestFace
from foreshock.adapters.sim.world import World
from foreshock.app.config import Settings

STATIONS = "KNYC 40.7789 -73.9692 America/New_York,KMDW 41.7860 -87.7524 America/Chicago"
"""Of the demo, where nobody named any."""
CONTACT = "demo@foreshock.invalid"


def source_faces(world: World) -> dict[str, VenueFace]:
    """The hosts of all sources by name; those of coins show the world's own walk."""
    return {
        "binance": BinanceFace(world.coins),
        "coinbase": CoinbaseFace(world.coins),
        "noaa": RestFace(noaa),
        "open_meteo": RestFace(open_meteo),
    }


def with_demo_sources(settings: Settings) -> Settings:
    """Settings that hear the weather too, where a person named no stations."""
    oracles = settings.oracles
    wanted = {
        "stations": oracles.stations or STATIONS,
        "contact": oracles.contact or CONTACT,
    }
    return settings.model_copy(update={"oracles": oracles.model_copy(update=wanted)})


def at_sources(settings: Settings, urls: Mapping[str, str]) -> Settings:
    """Settings that ask the simulated sources and no others."""
    update = {
        "binance_stream_url": _stream(urls["binance"]),
        "binance_rest_url": urls["binance"],
        "coinbase_stream_url": _stream(urls["coinbase"]),
        "noaa_url": urls["noaa"],
        "open_meteo_url": urls["open_meteo"],
    }
    return settings.model_copy(update={"oracles": settings.oracles.model_copy(update=update)})


def _stream(url: str) -> str:
    return url.replace("http", "ws", 1)
