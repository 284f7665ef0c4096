"""Settings come from where they should, and nothing misspelt goes unnoticed."""

import tomllib
from pathlib import Path

import pytest

from foreshock.app.config import config_folder, home_folder, load_settings
from foreshock.core.domain.errors import ConfigError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORESHOCK_HOME", str(tmp_path))
    return tmp_path


def test_the_defaults_are_those_of_the_shipped_file() -> None:
    shipped = tomllib.loads((config_folder() / "default.toml").read_text())
    assert load_settings({}).model_dump() == shipped


def test_every_key_is_explained_where_it_is_set() -> None:
    lines = (config_folder() / "default.toml").read_text().splitlines()
    bare = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if "=" in line and not line.startswith("#") and not before.startswith("#")
    ]
    assert bare == ["kalshi_latency_ms = 60"], "explained with the line above it"


def test_flags_win_over_environment_over_file_over_defaults(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings({}).dashboard.port == 8765
    (home / "config.toml").write_text("[dashboard]\nport = 1\n")
    assert load_settings({}).dashboard.port == 1
    monkeypatch.setenv("FORESHOCK_DASHBOARD__PORT", "2")
    assert load_settings({}).dashboard.port == 2
    assert load_settings({"dashboard": {"port": 3}}).dashboard.port == 3


def test_documented_variables_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_HOST", "localhost")
    monkeypatch.setenv("APP_PORT", "8090")
    dashboard = load_settings({}).dashboard
    assert (dashboard.host, dashboard.port) == ("localhost", 8090)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[dashboard]\nprot = 1\n", "dashboard.prot"),
        ("[dashboard]\nport = 70000\n", "dashboard.port"),
        ("[scanner]\nnet_min_cents = 'a lot'\n", "scanner.net_min_cents"),
        ("[nonsense]\nx = 1\n", "nonsense"),
        ("not toml", "not valid TOML"),
    ],
)
def test_nonsense_is_named_with_where_to_mend_it(home: Path, text: str, named: str) -> None:
    (home / "config.toml").write_text(text)
    with pytest.raises(ConfigError, match=named) as error:
        load_settings({})
    assert str(home / "config.toml") in str(error.value)


def test_the_data_folder_is_where_the_variable_says(tmp_path: Path) -> None:
    assert home_folder() == tmp_path


def test_without_the_variable_the_data_folder_is_in_the_home(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("FORESHOCK_HOME")
    assert home_folder() == Path.home() / ".foreshock"
