"""Which settings are in force? Flags over environment over the user's file over the defaults.

The only module that reads the environment. A key nobody knows is an error: a misspelt limit must
never go unnoticed.
"""

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from foreshock.core.domain.errors import ConfigError

HOME_VARIABLE = "FORESHOCK_HOME"
USER_FILE = "config.toml"
DOCUMENTED_VARIABLES = {"APP_HOST": ("dashboard", "host"), "APP_PORT": ("dashboard", "port")}
PORT_MAX = 65_535

HTTP_URL = r"^https?://[^\s/]+$"
STREAM_URL = r"^wss?://[^\s/]+$"
DOLLARS = r"^\d{1,9}(\.\d{1,6})?$"


class Section(BaseModel):
    """Settings that belong together; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DashboardSection(Section):
    """Where the dashboard listens."""

    host: str = Field(min_length=1)
    port: int = Field(ge=0, le=PORT_MAX)


class PolymarketSection(Section):
    """Hosts of Polymarket."""

    gamma_url: str = Field(pattern=HTTP_URL)
    clob_url: str = Field(pattern=HTTP_URL)
    stream_url: str = Field(pattern=STREAM_URL)


class KalshiSection(Section):
    """Hosts of Kalshi, and where the key lies (never the key itself)."""

    rest_url: str = Field(pattern=HTTP_URL)
    stream_url: str = Field(pattern=STREAM_URL)
    key_id: str
    key_file: str


class WatchSection(Section):
    """How much is watched and how often it is checked."""

    markets_max: int = Field(ge=0, le=50_000)
    check_interval_s: int = Field(ge=1, le=60)
    poll_interval_s: int = Field(ge=1, le=3_600)
    relist_interval_s: int = Field(ge=5, le=86_400)
    catalogue_max: int = Field(ge=0, le=100_000)
    catalogue_interval_s: int = Field(ge=60, le=86_400)


class DemoSection(Section):
    """The simulated world."""

    seed: int = Field(ge=0)
    markets: int = Field(ge=60, le=5_000)
    bankroll_dollars: str = Field(pattern=DOLLARS)


class MatchingSection(Section):
    """How pairs are found, and whether what is proven may trade without a person."""

    trade_proven: bool
    comparisons_max: int = Field(ge=1, le=1_000)
    candidates_max: int = Field(ge=1, le=1_000)
    embeddings_folder: str
    relations_max: int = Field(ge=1, le=1_000_000)
    pause_ms: int = Field(ge=1, le=60_000)


class AdviceSection(Section):
    """Which language models read pairs a second time, and for how much."""

    models: str
    spend_per_day_dollars: str = Field(pattern=DOLLARS)


class ScannerSection(Section):
    """When an edge counts as an opportunity."""

    net_min_cents: str = Field(pattern=DOLLARS)
    completion_min_percent: str = Field(pattern=DOLLARS)
    leg_cost_max_dollars: str = Field(pattern=DOLLARS)


class LimitsSection(Section):
    """Which limits apply to how much money."""

    profile: str
    bankroll_dollars: str = Field(pattern=DOLLARS)


class PaperSection(Section):
    """How slow the paper venues answer."""

    polymarket_latency_ms: int = Field(ge=0, le=60_000)
    kalshi_latency_ms: int = Field(ge=0, le=60_000)
    polymarket_settlement_ms: int = Field(ge=0, le=3_600_000)


class LiveSection(Section):
    """Trading with real money: where keys come from, and the most one order may cost."""

    polymarket_key: str
    polymarket_wallet: str
    polymarket_signature_type: int = Field(ge=0, le=3)
    polymarket_data_url: str = Field(pattern=HTTP_URL)
    kalshi_key: str
    clip_max_dollars: str = Field(pattern=DOLLARS)


class Settings(BaseSettings):
    """Everything that can be set. `config/default.toml` says what each key means."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="FORESHOCK_", env_nested_delimiter="__"
    )

    dashboard: DashboardSection
    polymarket: PolymarketSection
    kalshi: KalshiSection
    watch: WatchSection
    demo: DemoSection
    matching: MatchingSection
    advice: AdviceSection
    scanner: ScannerSection
    limits: LimitsSection
    paper: PaperSection
    live: LiveSection

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, environment, the user's file, the defaults - the first that speaks wins."""
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls, home_folder() / USER_FILE),
            TomlConfigSettingsSource(settings_cls, config_folder() / "default.toml"),
        )


def home_folder() -> Path:
    """The data folder: FORESHOCK_HOME, or ~/.foreshock."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named).expanduser() if named else Path.home() / ".foreshock"


@cache
def config_folder() -> Path:
    """The folder of shipped configuration: inside the wheel, or at the root of the source tree."""
    package = Path(str(files("foreshock")))
    for folder in (package / "config", package.parents[1] / "config"):
        if (folder / "default.toml").is_file():
            return folder
    raise ConfigError("the shipped configuration is missing: install foreshock again")


def load_settings(flags: Mapping[str, Mapping[str, object]]) -> Settings:
    """The settings in force. flags: section -> key -> value, as given on the command line.

    Raises ConfigError naming the key, what is wrong and where it can be set.
    """
    named = _documented_variables()
    merged = {s: {**named.get(s, {}), **flags.get(s, {})} for s in {*named, *flags}}
    try:
        return Settings(**merged)  # pyright: ignore[reportArgumentType] - the model checks the values
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"setting {key}: {first['msg']} (set in {home_folder() / USER_FILE}, "
            f"the environment or a flag; meanings are in {config_folder() / 'default.toml'})"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{home_folder() / USER_FILE} is not valid TOML: {error}") from error


def _documented_variables() -> dict[str, dict[str, object]]:
    """Variables under the names that the source documents gave them."""
    found: dict[str, dict[str, object]] = {}
    for name, (section, key) in DOCUMENTED_VARIABLES.items():
        value = os.environ.get(name)
        if value:
            found.setdefault(section, {})[key] = value
    return found
