"""How does foreign text become an item of news? Bounded, printable, its link fit to be shown."""

import hashlib
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from foreshock.core.domain.errors import DataError
from foreshock.core.domain.messages.signals import NewsSeen
from foreshock.core.domain.units import SECOND, Duration, Instant

BODY_BYTES_MAX: Final = 4 * 1024 * 1024
ITEMS_MAX: Final = 500
TITLE_CHARS_MAX: Final = 300
URL_CHARS_MAX: Final = 1_000
AHEAD_MAX: Final = Duration(600 * SECOND)
"""News dated further in the future have a wrong clock; what is scheduled may lie ahead."""
ID_CHARS: Final = 16


def check_size(body: bytes) -> None:
    """Raises DataError for a body that nobody should parse."""
    if len(body) > BODY_BYTES_MAX:
        raise DataError(f"an answer of {len(body)} bytes, at most {BODY_BYTES_MAX} are read")


def item(
    source: str,
    words: tuple[str, str],
    published_us: Instant,
    recv_us: Instant,
    *,
    is_scheduled: bool = False,
) -> NewsSeen | None:
    """One item of (title, url); None without a title, or when it claims to be from the future.

    Its id follows from source, link, title and, where it is scheduled, its time: a date that was
    moved is another item.
    """
    title, url = printable(words[0]), link(words[1])
    is_future = not is_scheduled and published_us > recv_us + AHEAD_MAX
    if not title or is_future:
        return None
    moment = str(published_us) if is_scheduled else ""
    seed = "\x1f".join((source, url, title, moment))
    return NewsSeen(
        item_id=hashlib.sha256(seed.encode()).hexdigest()[:ID_CHARS],
        source=source,
        title=title,
        url=url,
        published_us=published_us,
        recv_us=recv_us,
        is_scheduled=is_scheduled,
    )


def known(found: Iterable[NewsSeen | None]) -> tuple[NewsSeen, ...]:
    """The items there are, each id once, in order, at most ITEMS_MAX."""
    once = {each.item_id: each for each in found if each is not None}
    return tuple(once.values())[:ITEMS_MAX]


def printable(text: str) -> str:
    """One line without control or direction characters."""
    kept = "".join(c if c.isprintable() else " " for c in text[: 4 * TITLE_CHARS_MAX])
    return " ".join(kept.split())[:TITLE_CHARS_MAX]


def link(url: str) -> str:
    """The address if a page may link to it, else nothing."""
    if len(url) > URL_CHARS_MAX or not url.isprintable():
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""
