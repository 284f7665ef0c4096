"""Which markets did a person mean? Identifiers of any kind against what the venue lists. Pure.

An identifier is a condition id, a token id, the slug of a market, event or series, or the address
of one of their pages. What is over or not found is left out and named.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

import msgspec

from foreshock.adapters.venues.polymarket.discovery import Listed
from foreshock.adapters.venues.polymarket.listing import CONDITION_CHARS
from foreshock.core.domain.markets import Market, MarketId

NAMES_A_REQUEST_MAX = 40
"""Names in one query string: token ids are long, and addresses must stay below 8 KiB."""
TOKEN_DIGITS_MIN, TOKEN_DIGITS_MAX = 30, 78
"""A 256-bit number; shorter digits are a slug."""
WATCHABLE = {"listed", "open", "paused", "unknown"}
RESERVED_BITS = ((1 << 64) - 1) << 40
"""Always zero in position ids of protocol v2, practically never in token ids of v1."""


class Resolution(msgspec.Struct, frozen=True):
    """What a watch list came to. expired: found, but its markets are over; unresolved: not found.

    truncated: a listing was longer than we read; some markets of it are missing.
    """

    markets: tuple[Market, ...]
    expired: tuple[str, ...]
    unresolved: tuple[str, ...]
    refused: tuple[str, ...] = ()
    is_truncated: bool = False

    def summary(self) -> str:
        """One line for a person."""
        text = f"{len(self.markets)} active, {len(self.unresolved)} unresolved"
        if self.expired:
            text += f", {len(self.expired)} expired"
        return f"{text}, list cut off" if self.is_truncated else text


class WatchList:
    """What was asked for, and what of it has been found so far."""

    def __init__(self, identifiers: Sequence[str]) -> None:
        self._given = {_name(identifier): identifier for identifier in identifiers}
        self._is_alive: dict[str, bool] = {}
        self._markets: dict[MarketId, Market] = {}

    def queries(self) -> list[list[tuple[str, str]]]:
        """Parameters for `/markets/keyset` that ask for everything still missing."""
        groups: dict[str, list[str]] = {
            "condition_ids": [],
            "clob_token_ids": [],
            "position_ids": [],
            "slug": [],
        }
        for name in self._missing():
            groups[_parameter(name)].append(name)
        return [
            [(parameter, name) for name in batch]
            for parameter, names in groups.items()
            for batch in _batches(names)
        ]

    def slugs(self) -> list[list[str]]:
        """Batches of names still missing that may be those of an event or a series."""
        return _batches([name for name in self._missing() if _parameter(name) == "slug"])

    def take_markets(self, found: Iterable[Listed]) -> None:
        """Markets that may have been asked for by their own names."""
        for listed in found:
            market = listed.market
            self._take(market, (market.native_id.lower(), listed.slug, *market.outcome_ids))

    def take_events(self, found: Iterable[Listed], series: str | None = None) -> None:
        """Markets that were asked for by the name of their event, or of its series."""
        for listed in found:
            self._take(listed.market, (series or listed.event_slug,))

    def resolution(self, refused: Sequence[str], *, is_truncated: bool) -> Resolution:
        """What the list came to."""
        return Resolution(
            markets=tuple(self._markets.values()),
            expired=tuple(self._given[name] for name, alive in self._is_alive.items() if not alive),
            unresolved=tuple(self._given[name] for name in self._missing()),
            refused=tuple(refused),
            is_truncated=is_truncated,
        )

    def _missing(self) -> list[str]:
        return [name for name in self._given if name not in self._is_alive]

    def _take(self, market: Market, names: Iterable[str]) -> None:
        is_alive = market.status in WATCHABLE
        for name in names:
            if name in self._given:
                self._is_alive[name] = is_alive or self._is_alive.get(name, False)
                if is_alive:
                    self._markets[market.id] = market


def _name(identifier: str) -> str:
    """The venue's own spelling: the last part of a page's address, ids in lower case."""
    text = identifier.strip()
    if text.startswith(("https://", "http://")):
        text = urlsplit(text).path.rstrip("/").rpartition("/")[2]
    return text.lower()


def _parameter(name: str) -> str:
    """The query parameter that finds a name of this form."""
    if name.startswith("0x") and len(name) == CONDITION_CHARS:
        return "condition_ids"
    if name.isdecimal() and len(name) >= TOKEN_DIGITS_MIN:
        return "clob_token_ids" if int(name[:TOKEN_DIGITS_MAX]) & RESERVED_BITS else "position_ids"
    return "slug"


def _batches(names: list[str]) -> list[list[str]]:
    return [
        names[start : start + NAMES_A_REQUEST_MAX]
        for start in range(0, len(names), NAMES_A_REQUEST_MAX)
    ]
