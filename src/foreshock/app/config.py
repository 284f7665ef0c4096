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
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from foreshock.app.dotenv_file import read_dotenv
from foreshock.core.domain.errors import ConfigError

HOME_VARIABLE = "FORESHOCK_HOME"
USER_FILE = "config.toml"
DOCUMENTED_VARIABLES = {
    "APP_HOST": ("dashboard", "host"),
    "APP_PORT": ("dashboard", "port"),
    "ACTIVE_MODE": ("start", "active_mode"),
    "ENABLE_SIMULATION": ("start", "simulation"),
    "ENABLE_KALSHI": ("start", "kalshi"),
    "KALSHI_API_KEY_ID": ("kalshi", "key_id"),
    "KALSHI_PRIVATE_KEY_PATH": ("kalshi", "key_file"),
    "KALSHI_MARKETS": ("start", "kalshi_markets"),
    "POLYALERTHUB_TOKEN": ("ingest", "relay_token"),
    "INGEST_API_TOKEN": ("ingest", "token"),
    "ANTHROPIC_API_KEY": ("analyst", "anthropic_key"),
    "PERPLEXITY_API_KEY": ("analyst", "perplexity_key"),
    "DISCORD_WEBHOOK_URL": ("alerts", "discord_webhook"),
    "DISCORD_WEBHOOK_ROUTES": ("alerts", "discord_routes"),
    "DISCORD_ALERT_MODE": ("alerts", "discord_mode"),
    "DISCORD_ANALYST_FOLLOWUP": ("alerts", "discord_followup"),
    "DISCORD_ANALYST_MIN_CONFIDENCE": ("alerts", "discord_confidence_min"),
    "SLACK_WEBHOOK_URL": ("alerts", "slack_webhook"),
    "SPIKE_MIN_VOLUME_DELTA": ("spikes", "volume_delta_min"),
    "SPIKE_MIN_PRICE_MOVE": ("spikes", "price_move_min"),
    "SPIKE_SCORE_THRESHOLD": ("spikes", "score_threshold"),
    "SPIKE_BASELINE_POINTS": ("spikes", "baseline_points"),
    "SPIKE_COOLDOWN_SECONDS": ("spikes", "cooldown_s"),
    "RETENTION_DAYS": ("retention", "days"),
    "QUIET_MODE": ("alerts", "quiet"),
}
"""Names that programs before this one gave, each with the setting it sets."""
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
    follower_first: bool
    lead_min_ms: int = Field(ge=1, le=60_000)


class ExecutionSection(Section):
    """How packages are brought to their end."""

    fee_variance_max_cents: str = Field(pattern=DOLLARS)
    dust_max_dollars: str = Field(pattern=DOLLARS)


class LimitsSection(Section):
    """Which limits apply to how much money."""

    profile: str
    bankroll_dollars: str = Field(pattern=DOLLARS)


class RiskSection(Section):
    """Over which time, and how surely, value at risk is told."""

    confidence_percent: str = Field(pattern=r"^(5\d|[6-9]\d)(\.\d{1,4})?$")
    horizon_hours: int = Field(ge=1, le=720)


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
    polymarket_website_url: str = Field(pattern=HTTP_URL)
    polymarket_relayer_url: str = Field(pattern=HTTP_URL)
    polymarket_relayer_key: str
    kalshi_key: str
    clip_max_dollars: str = Field(pattern=DOLLARS)
    lease_folder: str = Field(min_length=1)
    sets_max_dollars: str = Field(pattern=DOLLARS)
    stop_s_max: int = Field(ge=0, le=600)


class StartSection(Section):
    """What a start without a command does, in the words of the documented variables."""

    active_mode: Literal["", "live", "simulation"]
    simulation: bool
    kalshi: bool
    kalshi_markets: str


class AlertsSection(Section):
    """Who is told what. The addresses of webhooks are secrets: they are never shown."""

    quiet: bool
    console_severity_min: int = Field(ge=1, le=5)
    discord_webhook: str = Field(repr=False)
    discord_routes: str = Field(repr=False)
    discord_mode: Literal["all", "detector-only", "analyst-signals-only"]
    discord_followup: bool
    discord_confidence_min: Literal["low", "medium", "high"]
    discord_severity_min: int = Field(ge=1, le=5)
    slack_webhook: str = Field(repr=False)
    slack_severity_min: int = Field(ge=1, le=5)
    hourly_max: int = Field(ge=1, le=1_000)
    group_wait_s: int = Field(ge=0, le=600)
    cooldown_s: int = Field(ge=0, le=86_400)
    tell_trades: bool
    webhook_hosts: str
    allow_loopback: bool


class IngestSection(Section):
    """Who may tell us of markets and alerts of others. Tokens are never shown."""

    token: str = Field(repr=False)
    relay_token: str = Field(repr=False)
    relay_signed: bool
    per_minute_max: int = Field(ge=1, le=100_000)


class SpikesSection(Section):
    """When a market's newest point stands out, as documented."""

    volume_delta_min: float = Field(ge=0)
    price_move_min: float = Field(gt=0, le=1)
    score_threshold: float = Field(gt=0)
    baseline_points: int = Field(ge=2, le=10_000)
    cooldown_s: int = Field(ge=0, le=86_400)


class OraclesSection(Section):
    """Which sources outside the venues are heard, and where they are."""

    coin_sources: str
    coins: str
    binance_stream_url: str = Field(pattern=STREAM_URL)
    binance_rest_url: str = Field(pattern=HTTP_URL)
    coinbase_stream_url: str = Field(pattern=STREAM_URL)
    stations: str
    contact: str
    noaa_url: str = Field(pattern=HTTP_URL)
    open_meteo_url: str = Field(pattern=HTTP_URL)


class VolumeSection(Section):
    """Of how many markets volume is measured, and how often a market is told."""

    markets_max: int = Field(ge=1, le=100_000)
    cooldown_s: int = Field(ge=0, le=86_400)
    backfill: bool


class LeadLagSection(Section):
    """How bars are cut in which leaders are looked for."""

    bar_ms: int = Field(ge=100, le=60_000)
    window_bars: int = Field(ge=20, le=2_000)
    demo_bar_ms: int = Field(ge=100, le=60_000)
    demo_window_bars: int = Field(ge=20, le=2_000)
    pairs_max: int = Field(ge=1, le=5_000)


class NewsSection(Section):
    """Which headlines and calendars are asked for, and where."""

    interval_s: int = Field(ge=1, le=86_400)
    gdelt_url: str = Field(pattern=HTTP_URL)
    gdelt_query: str = Field(max_length=500)
    feeds: str
    fred_url: str = Field(pattern=HTTP_URL)
    fred_key: str
    bls_url: str = Field(pattern=f"{HTTP_URL}|^$")
    calendar_file: str
    precedes_for_s: int = Field(ge=60, le=604_800)


class AnalystSection(Section):
    """Keys of language models that judge signals. They are never shown."""

    anthropic_key: str = Field(repr=False)
    perplexity_key: str = Field(repr=False)


class RetentionSection(Section):
    """How long recordings are kept; 0 keeps them for good."""

    days: int = Field(ge=0, le=36_500)
    live_days: int = Field(ge=0, le=36_500)


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
    execution: ExecutionSection
    limits: LimitsSection
    risk: RiskSection
    paper: PaperSection
    live: LiveSection
    start: StartSection
    alerts: AlertsSection
    ingest: IngestSection
    spikes: SpikesSection
    volume: VolumeSection
    lead_lag: LeadLagSection
    oracles: OraclesSection
    news: NewsSection
    analyst: AnalystSection
    retention: RetentionSection

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
    """Variables under their documented names: of the environment, or of `.env` beside the data."""
    found: dict[str, dict[str, object]] = {}
    written = read_dotenv(home_folder())
    for name, (section, key) in DOCUMENTED_VARIABLES.items():
        value = os.environ.get(name) or written.get(name)
        if value:
            found.setdefault(section, {})[key] = value
    return found
