"""Do the windows of losses begin and end where calendars say?"""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.units import DAY, Instant, Money
from foreshock.core.risk.losses import Losses, month_index, window_index
from tests.trading import dollars

EPOCH = date(1970, 1, 1)


@given(st.dates(min_value=date(1600, 1, 1), max_value=date(2400, 12, 31)))
def test_months_are_those_of_the_calendar(day: date) -> None:
    following = day + timedelta(days=1)
    changed = month_index((following - EPOCH).days) - month_index((day - EPOCH).days)
    assert changed == (following.month != day.month)
    assert month_index((day - EPOCH).days) == day.year * 12 + day.month - 1


@given(st.dates(min_value=date(1970, 1, 5), max_value=date(2400, 12, 31)))
def test_weeks_begin_on_monday(day: date) -> None:
    index = window_index("week", Instant((day - EPOCH).days * DAY))
    assert index == (day - date(1969, 12, 29)).days // 7


def instant(text: str) -> Instant:
    return Instant(int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000)


def test_a_gain_offsets_a_loss_of_the_same_day_only() -> None:
    losses = Losses()
    losses.add(dollars(-5), instant("2026-11-20T23:59:59"))
    assert losses.lost("day", instant("2026-11-20T23:59:59")) == dollars(5)
    losses.add(dollars(3), instant("2026-11-20T23:59:59"))
    assert losses.lost("day", instant("2026-11-20T23:59:59")) == dollars(2)
    assert losses.lost("day", instant("2026-11-21T00:00:00")) == 0
    losses.add(dollars(-1), instant("2026-11-21T00:00:00"))
    assert losses.lost("day", instant("2026-11-21T00:00:00")) == dollars(1)
    assert losses.lost("week", instant("2026-11-21T00:00:00")) == dollars(3)
    assert losses.lost("month", instant("2026-12-01T00:00:00")) == 0


def test_profit_is_no_loss() -> None:
    losses = Losses()
    losses.add(Money(7), instant("2026-11-20T12:00:00"))
    assert losses.lost("day", instant("2026-11-20T12:00:00")) == 0
