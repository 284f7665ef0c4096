"""What does an RSS or Atom feed tell? Read by feedparser, without entities or surprises; pure.

A document that defines entities is refused unread: a few lines of them can fill a memory. The
parser gets bytes only, never a name that it might open, and never the network.
"""

import calendar
import io
import re
import time
from collections.abc import Mapping
from typing import Final, cast

from foreshock.adapters.news.items import ITEMS_MAX, check_size, item, known
from foreshock.core.domain.errors import ConfigError, DataError
from foreshock.core.domain.messages.signals import NewsSeen
from foreshock.core.domain.units import SECOND, Instant

_ENTITY: Final = re.compile(rb"<!\s*(?:ENTITY|DOCTYPE[^>]{0,1000}\[)", re.IGNORECASE)
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
"""Encodings in which the pattern above would see nothing; feeds come in UTF-8 or Latin-1."""

_FAILURES: Final = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What the parser raises on bytes that nobody meant to be a feed."""

_Entry = Mapping[str, object]


class RssFeed:
    """One feed. name: what its items are said to come from, such as the feed's host."""

    def __init__(self, name: str, path: str) -> None:
        self.name = name
        self.path = path

    def read(self, body: bytes, recv_us: Instant) -> tuple[NewsSeen, ...]:
        """The dated entries. Raises DataError for no feed, ConfigError without the extra."""
        check_size(body)
        if _ENTITY.search(body) or body[:4].startswith(_WIDE):
            raise DataError("a feed with entities or in a wide encoding is not read")
        entries = _entries(body)
        return known(self._item(entry, recv_us) for entry in entries[:ITEMS_MAX])

    def _item(self, entry: _Entry, recv_us: Instant) -> NewsSeen | None:
        """None for an entry that does not say when: it would be no evidence."""
        said = [name for name in ("published_parsed", "updated_parsed") if name in set(entry)]
        moment = entry.get(said[0]) if said else None
        if not isinstance(moment, time.struct_time):
            return None
        words = (str(entry.get("title", "")), str(entry.get("link", "")))
        try:
            published_us = Instant(calendar.timegm(moment) * SECOND)
        except (ValueError, OverflowError):
            return None
        return item(self.name, words, published_us, recv_us)


def _entries(body: bytes) -> list[_Entry]:
    try:
        import feedparser  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs] - an extra, without stubs
    except ImportError as error:
        raise ConfigError("RSS needs the extra `news`: pip install 'foreshock[news]'") from error
    try:
        found = cast("_Entry", feedparser.parse(io.BytesIO(body)))  # pyright: ignore[reportUnknownMemberType] - the library has no stubs
    except _FAILURES as error:
        raise DataError(f"not a feed: {error!s:.150}") from error
    entries = cast("list[_Entry]", found.get("entries", []))
    if not entries and not found.get("version"):
        raise DataError(f"not a feed: {found.get('bozo_exception', 'no entries')!s:.150}")
    return entries
