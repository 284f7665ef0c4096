"""May a package be begun at Kalshi now? Asks for status and schedule, and combines the two; pure.

It has the shape of a pulse: `due` says what to ask, `answered` hears what came of it, and
`may_submit` is false from ten minutes before a pause, during it, and while the exchange has not
said for a while that it trades. Hedges, unwinds and cancels do not ask here.
"""

from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.kalshi.maintenance import (
    ExchangeSaid,
    Schedule,
    Window,
    new_york,
    outlook,
    pauses,
    read_schedule,
    read_status,
    routine_pauses,
    schedule_reading,
    status_reading,
    worst_of,
)
from foreshock.adapters.venues.kalshi.numbers import EPOCH
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.units import SECOND, Duration, Instant

STATUS_EVERY = Duration(5 * SECOND)
STATUS_AGE_MAX = Duration(30 * SECOND)
"""A status told longer ago is not believed: six questions went unanswered."""
SCHEDULE_EVERY = Duration(3_600 * SECOND)
SCHEDULE_RETRY = Duration(60 * SECOND)
ANSWER_WAIT = Duration(10 * SECOND)
KNOWN_FOR = Duration(3_600 * SECOND)
"""Pauses are worked out from the schedule anew this often."""


class KalshiHours:
    """Status and calendar of one exchange. zone: None takes New York's from the system."""

    def __init__(self, zone: ZoneInfo | None = None) -> None:
        self._zone = zone or new_york()
        self._asked: Literal["status", "schedule"] | None = None
        self._sent_us = Instant(0)
        self._status: ExchangeSaid | None = None
        self._status_us = Instant(0)
        self._status_asked_us: Instant | None = None
        self._schedule: Schedule | None = None
        self._schedule_asked_us: Instant | None = None
        self._pauses: tuple[Window, ...] = ()
        self._pauses_us: Instant | None = None

    def due(self, now_us: Instant) -> Unsigned | None:
        """What to ask now, None when nothing is due. One question is under way at a time."""
        if self._asked is not None and 0 <= now_us - self._sent_us < ANSWER_WAIT:
            return None
        if _is_due(self._status_asked_us, STATUS_EVERY, now_us):
            self._asked, self._sent_us, self._status_asked_us = "status", now_us, now_us
            return status_reading()
        every = SCHEDULE_RETRY if self._schedule is None else SCHEDULE_EVERY
        if _is_due(self._schedule_asked_us, every, now_us):
            self._asked, self._sent_us, self._schedule_asked_us = "schedule", now_us, now_us
            return schedule_reading()
        return None

    def answered(self, answer: HttpResponse | None) -> None:
        """What came of the question under way; what cannot be read changes nothing."""
        asked, self._asked = self._asked, None
        if answer is None or asked is None:
            return
        try:
            if asked == "status":
                self._status, self._status_us = read_status(answer), self._sent_us
            else:
                schedule = read_schedule(answer)
                self._pauses = pauses(schedule, self._sent_us, self._zone)
                self._schedule, self._pauses_us = schedule, self._sent_us
        except (DataError, VenueUnavailableError):
            return

    def may_submit(self, now_us: Instant) -> bool:
        """Whether a package may be begun."""
        return self.condition(now_us)[0] == "open"

    def condition(self, now_us: Instant) -> tuple[VenueCondition, str]:
        """What the venue lets us do, as far as we know, and why. not_ready: begin nothing."""
        status = self._status
        if status is None or not 0 <= now_us - self._status_us <= STATUS_AGE_MAX:
            return "not_ready", f"Kalshi told no status for {STATUS_AGE_MAX // SECOND} s"
        seen = outlook(self._known(now_us), now_us)
        worst = worst_of((seen.condition, status.condition))
        if status.condition == worst != "open":
            resumes = "" if status.resumes_us is None else f", until about {_at(status.resumes_us)}"
            return worst, f"Kalshi says that it is paused{resumes}"
        if seen.pause is not None and worst != "open":
            return worst, f"Kalshi pauses until {_at(seen.pause.end_us)}"
        if seen.pause is not None and not seen.may_enter:
            return "not_ready", f"Kalshi pauses at {_at(seen.pause.start_us)}"
        return "open", "Kalshi trades"

    def _known(self, now_us: Instant) -> tuple[Window, ...]:
        """Pauses of the schedule, or of the documented rule while there is none to believe."""
        if self._pauses_us is not None and 0 <= now_us - self._pauses_us < KNOWN_FOR:
            return self._pauses
        self._pauses, self._pauses_us = self._worked_out(now_us), now_us
        return self._pauses

    def _worked_out(self, now_us: Instant) -> tuple[Window, ...]:
        if self._schedule is None:
            return routine_pauses(now_us, self._zone)
        try:
            return pauses(self._schedule, now_us, self._zone)
        except DataError:  # it has run out since
            self._schedule = None
            return routine_pauses(now_us, self._zone)


def _is_due(asked_us: Instant | None, every: Duration, now_us: Instant) -> bool:
    """Also when it was asked in our future, before the clock was set back."""
    return asked_us is None or not 0 <= now_us - asked_us < every


def _at(at_us: Instant) -> str:
    moment = EPOCH + timedelta(microseconds=at_us)
    return f"{moment:%Y-%m-%d %H:%M} UTC"
