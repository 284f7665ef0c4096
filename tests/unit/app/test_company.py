"""What keeps a person's desk company is put together from its settings."""

from pathlib import Path

import pytest

from foreshock.app.company import Company, open_company
from foreshock.app.config import load_settings
from foreshock.app.desk_run import Plan
from foreshock.app.wiring import desk_config
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.messages.operations import Mode


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORESHOCK_HOME", str(tmp_path))
    monkeypatch.setenv("KALSHI_MARKETS", "kxbtc15m, KXTRUMPSAY,")
    return tmp_path


def company(home: Path, mode: Mode) -> Company:
    settings = load_settings({})
    plan = Plan(desk_config(mode, "TEST", settings), settings, (), ())
    return open_company(plan, home, "run", lambda _: None)


def test_names_of_the_settings_are_watched_where_data_are_real(home: Path) -> None:
    assert company(home, "watch").names == ("KXBTC15M", "KXTRUMPSAY")
    assert company(home, "demo").names == ()


def test_a_wrong_webhook_stops_the_start_and_is_not_quoted(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_WEBHOOK_URL", "https://169.254.169.254/a-secret")
    with pytest.raises(ConfigError) as refused:
        company(home, "watch")
    assert "a-secret" not in str(refused.value)


def test_the_rules_are_on_record_and_the_addresses_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISCORD_WEBHOOK_URL", "https://discord.com/api/webhooks/1/a-secret")
    monkeypatch.setenv("INGEST_API_TOKEN", "a-secret-token")
    settings = load_settings({})
    config = desk_config("watch", "TEST", settings)
    assert [rule.sink for rule in config.alerts.sinks] == ["file", "console", "discord"]
    assert "a-secret" not in repr(config)
