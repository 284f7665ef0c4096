"""Every variable of the documented table is accepted, with its default, and the page says so."""

import re
from pathlib import Path

import pytest

from foreshock.app.config import DOCUMENTED_VARIABLES, Settings, load_settings
from foreshock.app.dotenv_file import variables_of
from foreshock.core.domain.errors import ConfigError

TABLE: dict[str, tuple[object, str, object]] = {
    "APP_HOST": ("127.0.0.1", "localhost", "localhost"),
    "APP_PORT": (8765, "8090", 8090),
    "ACTIVE_MODE": ("", "live", "live"),
    "ENABLE_SIMULATION": (True, "false", False),
    "ENABLE_KALSHI": (False, "true", True),
    "KALSHI_API_KEY_ID": ("", "key-1", "key-1"),
    "KALSHI_PRIVATE_KEY_PATH": ("", "/keys/kalshi.key", "/keys/kalshi.key"),
    "KALSHI_MARKETS": ("", "KXBTC15M,KXTRUMPSAY", "KXBTC15M,KXTRUMPSAY"),
    "POLYALERTHUB_TOKEN": ("", "relay-token", "relay-token"),
    "INGEST_API_TOKEN": ("", "ingest-token", "ingest-token"),
    "ANTHROPIC_API_KEY": ("", "key-2", "key-2"),
    "PERPLEXITY_API_KEY": ("", "key-3", "key-3"),
    "DISCORD_WEBHOOK_URL": ("", "https://x.test", "https://x.test"),
    "DISCORD_WEBHOOK_ROUTES": ("", "crypto=https://x.test;a=b", "crypto=https://x.test;a=b"),
    "DISCORD_ALERT_MODE": ("all", "detector-only", "detector-only"),
    "DISCORD_ANALYST_FOLLOWUP": (True, "false", False),
    "DISCORD_ANALYST_MIN_CONFIDENCE": ("medium", "high", "high"),
    "SPIKE_MIN_VOLUME_DELTA": (120, "200", 200),
    "SPIKE_MIN_PRICE_MOVE": (0.03, "0.05", 0.05),
    "SPIKE_SCORE_THRESHOLD": (3.0, "4", 4),
    "SPIKE_BASELINE_POINTS": (24, "12", 12),
    "SPIKE_COOLDOWN_SECONDS": (300, "60", 60),
    "RETENTION_DAYS": (7, "30", 30),
    "QUIET_MODE": (False, "true", True),
}
"""Variable: its documented default, another value as text, and what that becomes. The default of
ACTIVE_MODE is derived, and those written as a dash are nothing."""
OUR_OWN = {"SLACK_WEBHOOK_URL"}
PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "environment.md"
SECRETS = {
    "POLYALERTHUB_TOKEN",
    "INGEST_API_TOKEN",
    "ANTHROPIC_API_KEY",
    "PERPLEXITY_API_KEY",
    "DISCORD_WEBHOOK_URL",
    "DISCORD_WEBHOOK_ROUTES",
    "SLACK_WEBHOOK_URL",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORESHOCK_HOME", str(tmp_path))
    return tmp_path


def value_of(settings: Settings, variable: str) -> object:
    section, key = DOCUMENTED_VARIABLES[variable]
    return getattr(getattr(settings, section), key)


def test_the_table_is_whole() -> None:
    assert set(TABLE) == set(DOCUMENTED_VARIABLES) - OUR_OWN


@pytest.mark.parametrize("variable", TABLE)
def test_a_variable_has_its_default_and_is_heard(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    default, text, meaning = TABLE[variable]
    assert value_of(load_settings({}), variable) == default
    monkeypatch.setenv(variable, text)
    assert value_of(load_settings({}), variable) == meaning
    monkeypatch.setenv(variable, "")
    assert value_of(load_settings({}), variable) == default


@pytest.mark.parametrize(
    "variable", ["DISCORD_ALERT_MODE", "APP_PORT", "ENABLE_KALSHI", "RETENTION_DAYS"]
)
def test_nonsense_is_an_error_that_names_the_setting(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "nonsense")
    section, key = DOCUMENTED_VARIABLES[variable]
    with pytest.raises(ConfigError, match=f"setting {section}.{key}"):
        load_settings({})


@pytest.mark.parametrize("variable", sorted(SECRETS))
def test_secrets_are_in_no_representation(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "a-very-secret-value")
    assert "a-very-secret-value" not in repr(load_settings({}))


def test_the_page_names_every_variable_with_its_setting_and_no_other() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| `([a-z_]+\.[a-z_]+)` \|", PAGE.read_text(), re.MULTILINE)
    assert dict(rows) == {
        name: f"{section}.{key}" for name, (section, key) in DOCUMENTED_VARIABLES.items()
    }


def test_a_file_in_the_data_folder_speaks_for_the_environment_and_below_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".env").write_text(
        "# a comment\n\nexport ENABLE_KALSHI=true\nRETENTION_DAYS = 9 # kept short\n"
        "DISCORD_WEBHOOK_ROUTES='crypto=https://x.test#1'\nINGEST_API_TOKEN=\"a b\"\nSOMETHING=else\n"
    )
    settings = load_settings({})
    assert settings.start.kalshi
    assert settings.retention.days == 9
    assert settings.alerts.discord_routes == "crypto=https://x.test#1"
    assert settings.ingest.token == "a b"
    monkeypatch.setenv("RETENTION_DAYS", "11")
    assert load_settings({}).retention.days == 11


@pytest.mark.parametrize("line", ["NO EQUALS", "=x", "lower case=1", "A='open"])
def test_a_line_that_is_none_is_named(line: str) -> None:
    with pytest.raises(ConfigError, match="line 1"):
        variables_of(line, ".env")
