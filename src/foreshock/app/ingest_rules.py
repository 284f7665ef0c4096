"""Whose tokens may tell us something from outside? Settings in, rules of the door out."""

import re

from foreshock.app.config import IngestSection
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.messages.operations import Mode
from foreshock.dashboard.ingest import IngestRules, TokenRule

TOKEN_CHARS_MIN = 8
SOURCE = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


def ingest_rules(section: IngestSection, mode: Mode) -> IngestRules:
    """The rules of a run. Raises ConfigError that quotes no token."""
    tokens = tuple(_rule(entry) for entry in section.token.split(",") if entry.strip())
    relay = section.relay_token.strip()
    if relay and len(relay) < TOKEN_CHARS_MIN:
        raise ConfigError(f"ingest.relay_token needs at least {TOKEN_CHARS_MIN} characters")
    return IngestRules(
        tokens=tokens,
        relay_token=relay,
        is_relay_signed=section.relay_signed,
        is_open=mode == "demo" and not tokens,
        is_simulated=mode == "demo",
        per_minute_max=section.per_minute_max,
    )


def _rule(entry: str) -> TokenRule:
    """`token`, or `source:token`."""
    source, colon, token = entry.strip().rpartition(":")
    if len(token) < TOKEN_CHARS_MIN:
        raise ConfigError(f"a token in ingest.token has less than {TOKEN_CHARS_MIN} characters")
    if colon and not SOURCE.fullmatch(source):
        raise ConfigError("the source of a token in ingest.token is no plain lower-case name")
    return TokenRule(source, token)
