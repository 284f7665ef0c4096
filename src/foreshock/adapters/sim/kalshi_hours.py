"""When does Kalshi trade? Always, save Thursdays from 03:00 to 05:00 Eastern Time, and when paused.

A trading pause refuses orders and amendments and takes cancels; an exchange pause takes neither.
Nothing but `/exchange/status` announces either.
"""

import calendar
from datetime import UTC, date, datetime, timedelta

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.kalshi_pages import nested_error
from foreshock.adapters.sim.wire_text import iso
from foreshock.core.domain.units import SECOND, Instant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
THURSDAY = calendar.THURSDAY
PAUSE_HOURS = range(3, 5)
ALL_DAY = [{"open_time": "00:00", "close_time": "00:00"}]
PAUSED_DAY = [
    {"open_time": "00:00", "close_time": "03:00"},
    {"open_time": "05:00", "close_time": "00:00"},
]
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHARDS = ((0, "Default"), (1, "Combos"), (2, "Crypto and commodities"))
"""Exchange shards and what lives on them."""


class Hours:
    """Whether the venue trades. keeps_hours: whether it pauses on Thursdays by itself."""

    def __init__(self, *, keeps_hours: bool) -> None:
        self.keeps_hours = keeps_hours
        self.is_trading = True
        self.is_active = True

    def trades(self, now_us: Instant) -> bool:
        """Whether orders are taken."""
        return self.is_trading and not self.rests(now_us)

    def rests(self, now_us: Instant) -> bool:
        """Whether the venue is away altogether: streams end, nothing is written."""
        return not self.is_active or self._is_night(now_us)

    def refusal(self, now_us: Instant, *, is_cancel: bool) -> HttpResponse | None:
        """Why nothing is written now: cancels pass while only trading is paused."""
        if self.trades(now_us) or (is_cancel and self.is_active):
            return None
        return nested_error(409, "trading_is_paused")

    def status(self, now_us: Instant) -> dict[str, object]:
        """The status page: of the default shard on top, then of each."""
        trades = self.trades(now_us)
        flags: dict[str, object] = {
            "exchange_active": self.is_active,
            "trading_active": trades,
            "intra_exchange_transfers_active": self.is_active,
        }
        body = dict(flags)
        body["exchange_index_statuses"] = [
            {"exchange_index": index, "description": words, **flags} for index, words in SHARDS
        ]
        if self._is_night(now_us):
            body["exchange_estimated_resume_time"] = iso(_resumes_us(now_us))
        return body

    def _is_night(self, now_us: Instant) -> bool:
        return self.keeps_hours and is_maintenance(now_us)


def schedule_body() -> dict[str, object]:
    """Weekly hours, Eastern Time; 00:00 closes at midnight."""
    hours: dict[str, object] = {
        name: PAUSED_DAY if name == "thursday" else ALL_DAY for name in DAYS
    }
    hours |= {"start_time": "2025-09-01T00:00:00Z", "end_time": "2200-12-01T00:00:00Z"}
    return {"schedule": {"standard_hours": [hours], "maintenance_windows": []}}


def is_maintenance(now_us: Instant) -> bool:
    """Whether it is Thursday between 03:00 and 05:00 in New York."""
    local = _eastern(now_us)
    return local.weekday() == THURSDAY and local.hour in PAUSE_HOURS


def _resumes_us(now_us: Instant) -> Instant:
    local = _eastern(now_us)
    passed = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    left = timedelta(hours=PAUSE_HOURS.stop - local.hour) - passed
    return Instant(now_us + left // timedelta(microseconds=1))


def _eastern(now_us: Instant) -> datetime:
    """Local time of New York by the rule in force since 2007, whatever the machine has installed.

    Summer time runs from 07:00 UTC on March's second Sunday to 06:00 UTC on November's first.
    """
    utc = EPOCH + timedelta(seconds=now_us // SECOND, microseconds=now_us % SECOND)
    begins = _sunday(utc.year, 3, 2) + timedelta(hours=7)
    ends = _sunday(utc.year, 11, 1) + timedelta(hours=6)
    return utc - timedelta(hours=4 if begins <= utc < ends else 5)


def _sunday(year: int, month: int, number: int) -> datetime:
    first = date(year, month, 1)
    day = 1 + (calendar.SUNDAY - first.weekday()) % 7 + 7 * (number - 1)
    return datetime(year, month, day, tzinfo=UTC)
