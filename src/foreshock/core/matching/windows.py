"""Over which days does a contract look, and by when must it have happened?

`by December 31, 2026` and `before Jan 1, 2027` are one deadline; `March 7, 2026` inside `2026` is
the narrower period. Dates that contradict each other leave a hole instead of a choice.
"""

from typing import NamedTuple

from foreshock.core.matching.text import Folded
from foreshock.core.matching.when import (
    Days,
    Mention,
    Moment,
    days_of,
    find_dates,
    find_moment,
)

Place = tuple[int, int]


class Window(NamedTuple):
    """What one contract says about time.

    period: days that are measured. deadline: first day that no longer counts. start: first day.
    is_week: the period is the week of that day. is_season: named by the year a season ends in.
    places: stretches as written. holes: why time is not clear.
    """

    period: Days | None = None
    deadline: Days | None = None
    start: Days | None = None
    moment: Moment | None = None
    is_week: bool = False
    is_season: bool = False
    places: tuple[tuple[str, int, int], ...] = ()
    holes: tuple[str, ...] = ()


NO_WINDOW = Window()
LAST_MINUTE = 23 * 60 + 59


def read_window(
    folded: Folded, left: str, field: str, hint: tuple[int | None, int | None]
) -> tuple[str, Window]:
    """The window of one text, and the text without its dates and clock time.

    hint: a day near which dates without a year lie, and a year to give them; each may be None.
    """
    capitals = [folded.raw[folded.place(i, i + 1)[0]].isupper() for i in range(len(folded.text))]
    mentions = find_dates(left, capitals)
    places = [(field, *folded.place(m.start, m.end)) for m in mentions]
    window = NO_WINDOW
    for mention in mentions:
        left = _blank(left, mention.start, mention.end)
        days = days_of(mention, *hint)
        if days is None:
            window = window._replace(holes=(*window.holes, "a date that does not exist"))
            continue
        window = merge(window, _window_of(mention, days))
    moment = find_moment(left)
    if moment is not None:
        left = _blank(left, moment.start, moment.end)
        places.append((field, *folded.place(moment.start, moment.end)))
        if moment.minute == LAST_MINUTE:
            moment = None  # 11:59 PM is the end of the day, which the date says already
    return left, window._replace(moment=moment, places=tuple(places))


def merge(a: Window, b: Window) -> Window:
    """What two texts, or two dates of one text, say together."""
    period, clash = _narrower(a.period, b.period)
    deadline = a.deadline or b.deadline
    holes = (*a.holes, *b.holes)
    if clash:
        holes = (*holes, "two periods")
    if a.deadline and b.deadline and a.deadline.first != b.deadline.first:
        holes = (*holes, "two deadlines")
    return Window(
        period=period,
        deadline=deadline,
        start=a.start or b.start,
        moment=a.moment or b.moment,
        is_week=a.is_week or b.is_week,
        is_season=a.is_season or b.is_season,
        places=(*a.places, *b.places),
        holes=holes,
    )


def _window_of(mention: Mention, days: Days) -> Window:
    if mention.role == "start":
        return Window(start=days)
    if mention.role == "deadline":
        last = days.first if mention.is_exclusive else days.last
        holes: tuple[str, ...] = ()
        if mention.grain == "year" and not (mention.is_exclusive or mention.is_end):
            holes = ("by a year: before it or until its end",)
        return Window(deadline=Days(last, last + 1, days.has_year), holes=holes)
    if mention.is_end and mention.grain in {"month", "quarter", "year"}:
        days = days._replace(first=days.last - 1)  # what is looked at is its last day
    return Window(period=days, is_week=mention.grain == "week", is_season=mention.grain == "season")


def _narrower(a: Days | None, b: Days | None) -> tuple[Days | None, bool]:
    if a is None or b is None:
        return a or b, False
    if a.first <= b.first and b.last <= a.last:
        return b, False
    if b.first <= a.first and a.last <= b.last:
        return a, False
    return a, True


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]
