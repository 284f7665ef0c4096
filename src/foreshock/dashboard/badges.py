"""How fresh is what stands on the page? Three clocks per connection become one badge.

message age   receive minus venue time, p95 of the last window
data clock    since any byte of data arrived on the connection
check clock   since a book read by REST last agreed with the folded one

A book is traded on only while all three are within bounds; the badge says which one is not.
"""

from collections.abc import Iterable

import msgspec

from foreshock.core.domain.units import DAY, MICRO, SECOND
from foreshock.dashboard.views import BadgeState, BadgeView

MESSAGE_AGE_MAX_US = 2 * SECOND
DATA_AGE_MAX_US = 8 * SECOND
CHECK_AGE_MAX_US = 60 * SECOND
QUIET_AFTER_US = 10 * SECOND
"""A book that did not change for this long is quiet, which is fine while the link is."""
QUIET_MAX_US = 600 * SECOND

BEST_TO_WORST: tuple[BadgeState, ...] = (
    "LIVE",
    "QUIET",
    "HALTED",
    "POLLED",
    "LATE",
    "STALE",
    "GAP",
    "OFF",
)
"""HALTED stands before the states that put the data itself in doubt: it must never hide those."""

MINUTE_US = 60 * SECOND
HOUR_US = 60 * MINUTE_US
TENTHS_BELOW_US = 10 * SECOND


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one connection. `gap_us`: when messages went missing, None once mended."""

    is_open: bool
    opened_us: int
    closed_us: int | None
    message_age_p95_us: int | None
    data_at_us: int
    checked_at_us: int | None
    gap_us: int | None
    is_polled: bool


class BookAge(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one book. `lost_us`: since when it cannot be trusted, None while it can."""

    recv_us: int | None
    lost_us: int | None
    is_polled: bool
    paused_by: str | None
    """The venue, while it has this market paused."""


def connection_badge(clocks: Clocks | None, now_us: int) -> BadgeView:
    """Freshness of a connection; None: there never was one."""
    if clocks is None:
        return off("not connected")
    if not clocks.is_open:
        return _gap(clocks.closed_us, now_us)
    if clocks.gap_us is not None:
        return _gap(clocks.gap_us, now_us)
    age_us = max(0, now_us - clocks.data_at_us)
    if clocks.is_polled:
        return BadgeView("POLLED", f"POLLED {duration(age_us)}", age_us)
    return _clocks_badge(clocks, age_us, now_us) or BadgeView(
        "LIVE", f"LIVE {duration(age_us)}", age_us
    )


def book_badge(book: BookAge | None, clocks: Clocks | None, now_us: int) -> BadgeView:
    """Freshness of one market's book, given the connection that carries it."""
    if book is None or (book.recv_us is None and book.lost_us is None):
        return off("no book yet")
    if book.lost_us is not None or book.recv_us is None:
        return _gap(book.lost_us, now_us)
    age_us = max(0, now_us - book.recv_us)
    if book.is_polled:
        return BadgeView("POLLED", f"POLLED {duration(age_us)}", age_us)
    link = connection_badge(clocks, now_us)
    if link.state in {"OFF", "GAP", "STALE", "LATE"}:
        return link
    return _quiet_or_live(book, age_us)


def worst(badges: Iterable[BadgeView]) -> BadgeView:
    """The least fresh one; of equals the oldest. OFF when there is none."""
    ranked = sorted(badges, key=lambda b: (BEST_TO_WORST.index(b.state), b.age_us or 0))
    return ranked[-1] if ranked else off("nothing watched")


def halted(badge: BadgeView, by: str, since_us: int, now_us: int) -> BadgeView:
    """The badge of something the desk may not trade: says so unless the data is worse."""
    if badge.state not in {"LIVE", "QUIET"}:
        return badge
    words = f"HALTED by {by} {clock(since_us)}"
    return BadgeView("HALTED", words, max(0, now_us - since_us))


def off(reason: str) -> BadgeView:
    """Nothing is known, and nothing was."""
    return BadgeView("OFF", f"OFF - {reason}", None)


def duration(micros: int) -> str:
    """Short words for a length of time: `0.4 s`, `41 s`, `3 m`, `3 m 12 s`, `2 h 5 m`, `3 d`."""
    if micros < TENTHS_BELOW_US:
        return f"{micros // (SECOND // 10) // 10}.{micros // (SECOND // 10) % 10} s"
    if micros < MINUTE_US:
        return f"{micros // SECOND} s"
    if micros < HOUR_US:
        return _two(micros // MINUTE_US, "m", micros % MINUTE_US // SECOND, "s")
    if micros < DAY:
        return _two(micros // HOUR_US, "h", micros % HOUR_US // MINUTE_US, "m")
    return f"{micros // DAY} d"


def clock(at_us: int) -> str:
    """Time of day in UTC: `12:03:11Z`."""
    seconds = at_us // MICRO % 86_400
    return f"{seconds // 3_600:02d}:{seconds % 3_600 // 60:02d}:{seconds % 60:02d}Z"


def _clocks_badge(clocks: Clocks, data_age_us: int, now_us: int) -> BadgeView | None:
    """The badge of the clock that is out of bounds, worst first; None when all are within."""
    if data_age_us > DATA_AGE_MAX_US:
        return _stale(data_age_us, "not traded")
    checked_us = clocks.opened_us if clocks.checked_at_us is None else clocks.checked_at_us
    check_age_us = now_us - checked_us
    if check_age_us > CHECK_AGE_MAX_US:
        return _stale(check_age_us, "not compared with REST, not traded")
    late_us = clocks.message_age_p95_us
    if late_us is not None and late_us > MESSAGE_AGE_MAX_US:
        return BadgeView("LATE", f"LATE {duration(late_us)}", late_us)
    return None


def _quiet_or_live(book: BookAge, age_us: int) -> BadgeView:
    if book.paused_by is not None:
        return BadgeView("HALTED", f"PAUSED by {book.paused_by}", age_us)
    if age_us > QUIET_MAX_US:
        return _stale(age_us, "not traded")
    if age_us > QUIET_AFTER_US:
        return BadgeView("QUIET", f"QUIET {duration(age_us)} (link ok)", age_us)
    return BadgeView("LIVE", f"LIVE {duration(age_us)}", age_us)


def _stale(age_us: int, why: str) -> BadgeView:
    return BadgeView("STALE", f"STALE {duration(age_us)} - {why}", age_us)


def _gap(since_us: int | None, now_us: int) -> BadgeView:
    if since_us is None:
        return BadgeView("GAP", "GAP", None)
    return BadgeView("GAP", f"GAP since {clock(since_us)}", max(0, now_us - since_us))


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"
