"""Which ceilings does a desk run under? Read from the text of its start record alone."""

from typing import Any

import msgspec

from foreshock.app.simulation.observed import Said
from foreshock.core.domain.messages.operations import DeskStarted


class Freshness(msgspec.Struct, frozen=True):
    """Ages in microseconds; see the operator's `limits.toml`."""

    message_age_max: int
    data_age_max: int
    check_age_max: int
    quiet_max: int


class Ceilings(msgspec.Struct, frozen=True):
    """Dollars in millionths, counts as they are."""

    market_max: int
    platform_max: int
    portfolio_max: int
    packages_open_max: int
    identical_rejects_max: int
    freshness: Freshness


class Fuse(msgspec.Struct, frozen=True):
    """What may leave in a minute."""

    orders_per_minute_max: int


class Rules(msgspec.Struct, frozen=True):
    """The part of a desk's configuration that checkers hold it to."""

    limits: Ceilings
    gate: Fuse
    live_venues: tuple[str, ...]


def rules_of(said: Said) -> Rules | None:
    """The rules in a start record; None for any other message."""
    message: Any = said.message
    if not isinstance(message, DeskStarted):
        return None
    return msgspec.json.decode(message.config, type=Rules)
