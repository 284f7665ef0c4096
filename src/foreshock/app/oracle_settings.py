"""Which sources of values does this desk hear, and how good is what it makes of them?

The value is journalled with the run's configuration, so a replay reads the same frames alike.
"""

import re
import tomllib
from pathlib import Path

import msgspec

from foreshock.adapters.oracles.open_meteo import Spot
from foreshock.app.config import Settings
from foreshock.core.domain.coin_bets import COINS
from foreshock.core.domain.errors import ConfigError
from foreshock.core.signals.oracle_gap import OracleGapSettings

MODEL_FILE = "oracle_model.toml"
COIN_SOURCES = ("binance", "coinbase")
STATIONS_MAX = 50
STATION = re.compile(
    r"(?P<name>[A-Z0-9]{4}) (?P<lat>-?\d{1,2}(\.\d{1,4})?) (?P<lon>-?\d{1,3}(\.\d{1,4})?)"
    r" (?P<zone>[\w/+-]{1,40})"
)


class ModelScore(msgspec.Struct, frozen=True):
    """What the shipped evaluation says of the model, beside the market's own price."""

    evaluated: str
    data: str
    rows_count: int
    markets_count: int
    model_brier: float
    market_brier: float
    difference: float
    difference_low: float
    difference_high: float

    @property
    def beats_market(self) -> bool:
        """Only where chance cannot explain it."""
        return self.difference_high < 0


class OracleConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What is heard. coin_sources: those of COIN_SOURCES that are; stations: whose weather is.

    has_contact: the weather service demands to know who asks; without it it is not asked.
    """

    coin_sources: tuple[str, ...] = ()
    coins: tuple[str, ...] = COINS
    stations: tuple[Spot, ...] = ()
    has_contact: bool = False
    model: ModelScore | None = None
    gaps: OracleGapSettings = OracleGapSettings()


def oracle_config(settings: Settings, folder: Path) -> OracleConfig:
    """Raises ConfigError naming what to change. folder: of the shipped configuration."""
    section = settings.oracles
    sources = _names(section.coin_sources)
    if unknown := [name for name in sources if name not in COIN_SOURCES]:
        raise ConfigError(
            f"oracles.coin_sources: no source {unknown[0]!r}: {_any_of(COIN_SOURCES)}"
        )
    coins = _names(section.coins)
    if unknown := [name for name in coins if name not in COINS]:
        raise ConfigError(f"oracles.coins: no coin {unknown[0]!r}: {_any_of(COINS)}")
    model = load_model_score(folder / MODEL_FILE)
    return OracleConfig(
        coin_sources=sources if coins else (),
        coins=coins,
        stations=tuple(_station(text) for text in _names(section.stations)[:STATIONS_MAX]),
        has_contact="@" in section.contact or "://" in section.contact,
        model=model,
        gaps=OracleGapSettings(is_trusted=model.beats_market),
    )


def load_model_score(path: Path) -> ModelScore:
    """Raises ConfigError when the file is missing or says something else."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf8"))
        return msgspec.convert(found, ModelScore)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path}: {error}") from error


def _station(text: str) -> Spot:
    match = STATION.fullmatch(text)
    if match is None:
        raise ConfigError(
            f"oracles.stations: {text!r} is not `STATION LATITUDE LONGITUDE ZONE`, as in "
            "`KNYC 40.7789 -73.9692 America/New_York`"
        )
    return Spot(match["name"], match["lat"], match["lon"], match["zone"])


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _any_of(names: tuple[str, ...]) -> str:
    return "any of " + ", ".join(names)
