"""Tokens of ingest become rules, and an open door is for the demo alone."""

from pathlib import Path

import pytest

from foreshock.app.config import IngestSection, load_settings
from foreshock.app.ingest_rules import ingest_rules
from foreshock.app.wiring import desk_agents, desk_config
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.messages.alerting import ObservationReceived
from foreshock.core.domain.messages.signals import AlertRaised
from foreshock.core.execution.gate import Gate
from foreshock.dashboard.ingest import TokenRule


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORESHOCK_HOME", str(tmp_path))


def section(token: str, relay: str = "") -> IngestSection:
    return load_settings({"ingest": {"token": token, "relay_token": relay}}).ingest


def test_a_bare_token_speaks_for_anybody_and_a_named_one_for_its_source() -> None:
    rules = ingest_rules(section("long-enough, scraper:another-one"), "watch")
    assert rules.tokens == (TokenRule("", "long-enough"), TokenRule("scraper", "another-one"))
    assert not rules.is_open


def test_without_a_token_the_door_is_open_in_the_demo_only() -> None:
    assert ingest_rules(section(""), "demo").is_open
    assert not ingest_rules(section("long-enough"), "demo").is_open
    for mode in ("watch", "paper", "live"):
        assert not ingest_rules(section(""), mode).is_open


@pytest.mark.parametrize(
    ("token", "relay"), [("short", ""), ("", "short"), ("@all:long-enough", "")]
)
def test_what_could_be_guessed_is_refused_without_being_quoted(token: str, relay: str) -> None:
    with pytest.raises(ConfigError) as refused:
        ingest_rules(section(token, relay), "watch")
    assert "short" not in str(refused.value)


def test_what_outsiders_tell_reaches_nobody_who_trades() -> None:
    config = desk_config("paper", "TEST", load_settings({}))
    agents = desk_agents(config, Gate(config.gate, ()))
    told = {agent.name for agent in agents if ObservationReceived in agent.hears}
    assert told == {"spikes", "alert-router"}
    alerted = {agent.name for agent in agents if AlertRaised in agent.hears}
    assert not alerted & {"risk-guardian", "executor", "gate", "atomic-arb", "sender"}
