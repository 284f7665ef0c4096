"""How much was lost today, this week, this month? Days are UTC, weeks begin on Monday.

A package counts with its realised result in the window in which it closed; gains of a window
offset its losses.
"""

from typing import Literal, TypeAlias

from foreshock.core.domain.units import DAY, Instant, Money

Window: TypeAlias = Literal["day", "week", "month"]
WINDOWS: tuple[Window, ...] = ("day", "week", "month")
WEEKDAY_OF_EPOCH = 3
"""1970-01-01 was a Thursday, three days after a Monday."""


class Losses:
    """Results summed by calendar window."""

    def __init__(self) -> None:
        self._sums: dict[Window, tuple[int, int]] = {}

    def add(self, realised: Money, now_us: Instant) -> None:
        """A package closed with this result."""
        for window in WINDOWS:
            index = window_index(window, now_us)
            current, total = self._sums.get(window, (index, 0))
            self._sums[window] = (index, realised + (total if current == index else 0))

    def lost(self, window: Window, now_us: Instant) -> Money:
        """Net loss of the current window, 0 when it stands in profit."""
        index, total = self._sums.get(window, (0, 0))
        return Money(max(0, -total) if index == window_index(window, now_us) else 0)


def window_index(window: Window, now_us: Instant) -> int:
    """Number of the day, week or month in which an instant lies."""
    days = now_us // DAY
    if window == "day":
        return days
    return (days + WEEKDAY_OF_EPOCH) // 7 if window == "week" else month_index(days)


def month_index(days: int) -> int:
    """Months since year 0 of the day `days` after 1970-01-01, in the Gregorian calendar.

    Years are counted from March, so that the leap day is the last day of a year.
    """
    days += 719_468  # from 0000-03-01 to 1970-01-01
    era, day_of_era = divmod(days, 146_097)  # 400 years
    leaps = day_of_era // 1_460 - day_of_era // 36_524 + day_of_era // 146_096
    year_of_era = (day_of_era - leaps) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    return (era * 400 + year_of_era) * 12 + month_from_march + 2
