"""When does a contract look, and until when? Dates, deadlines and clock times in a folded text.

A period is what is measured ("on March 2", "in February", "2026 NBA Finals"); a deadline is the
first day that no longer counts ("by December 31, 2026" and "before Jan 1, 2027" are one deadline).
A year that is not written stays None until evidence outside the sentence gives it.
"""

import re
from typing import Literal, NamedTuple, TypeAlias

from foreshock.core.matching import civil

Grain: TypeAlias = Literal["day", "week", "month", "quarter", "year", "season"]
Role: TypeAlias = Literal["period", "deadline", "start"]
CENTURY = 2000
NOON = 720
MENTIONS_MAX = 12
"""Dates of one text that are read; a text with more is not a contract's title."""

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_LEAD = (
    r"(?P<lead>\b(?:(?:by|before|until|through|till|prior to|no later than|since|from|between"
    r"|in|on|for|during|of|the|end|start|week|ending|at|and|to|-)\s+){0,6})"
)
_ORDINAL = r"(?:st|nd|rd|th)?"


def _named(pattern: str, number: str) -> str:
    """A month's or year's pattern with its group's name numbered."""
    return pattern.replace("<month>", f"<month{number}>").replace("<year>", f"<year{number}>")


_SHAPES = re.compile(
    _LEAD + r"(?:"
    r"(?P<iso>(?P<iy>(?:19|20|21)\d\d)-(?P<im>\d\d)-(?P<id>\d\d))(?!\d)"
    r"|(?P<season>(?P<sa>(?:19|20)\d\d)\s?[-/]\s?(?P<sb>(?:20)?\d\d))(?![\d%])(?:\s+season)?"
    rf"|{_MONTH}\s*(?P<day>[0-3]?\d){_ORDINAL}(?![\d.%])(?:\s*,?\s*(?:in\s+)?{_YEAR})?"
    rf"|(?P<day2>[0-3]?\d){_ORDINAL}\s+(?:of\s+)?"
    + _named(rf"{_MONTH}(?:\s*,?\s*{_YEAR})?", "2")
    + r"|q(?P<quarter>[1-4])\s*(?:of\s+)?" + _named(_YEAR, "3")
    + _named(rf"|{_MONTH}(?:,?\s+(?:of\s+)?{_YEAR})?", "4")
    + r"|" + _named(_YEAR, "5") + r"(?![\d,.%]*\d|\s?[%k°])"
    r")"
)  # fmt: skip
_CLOCK = re.compile(
    r"(?:\bat\s+|\b)(?:(?P<noon>noon|midnight)|(?P<hour>1?\d)(?::(?P<minute>[0-5]\d))?\s*"
    r"(?P<half>am|pm|a\.m\.|p\.m\.))(?:\s*\(?(?P<zone>" + "|".join(civil.ZONES) + r")\b\)?)?"
)
_DEADLINE = re.compile(r"\b(by|before|until|through|till|prior to|no later than)\b")
_EXCLUSIVE = re.compile(r"\b(before|prior to)\b")
_END = re.compile(r"\bend\b")
_START = re.compile(r"\b(since|from|between)\b")
_AMBIGUOUS_MONTHS = {"may", "march", "mar", "dec", "sep", "jan", "jun"}
_NOT_MONTH_NEXT = re.compile(r"\s*(?:madness|on |for |\d{3,})")


class Mention(NamedTuple):
    """One date as written. Unwritten parts are None. start, end: its stretch of the text."""

    grain: Grain
    role: Role
    year: int | None
    month: int | None
    day: int | None
    is_end: bool
    is_exclusive: bool
    start: int
    end: int


class Moment(NamedTuple):
    """A time of day. zone: IANA name, "" when the text does not say."""

    minute: int
    zone: str
    start: int
    end: int


class Days(NamedTuple):
    """Days [first, last), as day numbers. has_year: False when the year was nowhere to be found."""

    first: int
    last: int
    has_year: bool = True

    def __str__(self) -> str:
        shown = civil.text_of(self.first)
        if self.last - self.first > 1:
            shown += ".." + civil.text_of(self.last - 1)
        return shown if self.has_year else f"{shown[5:]} of an unstated year"


def find_dates(text: str, raw_capital: "list[bool] | None" = None) -> list[Mention]:
    """Every date of a folded text. raw_capital: whether each character was a capital as written."""
    found: list[Mention] = []
    for match in _SHAPES.finditer(text):
        if _is_word(text, match, raw_capital):
            continue
        mention = _mention(match)
        if mention is not None:
            found.append(mention)
        if len(found) >= MENTIONS_MAX:
            break
    return found


def find_moment(text: str) -> Moment | None:
    """The one time of day a text names; None when it names none, or several."""
    found = list(_CLOCK.finditer(text))
    if len(found) != 1:
        return None
    match = found[0]
    zone = civil.ZONES.get(match["zone"] or "", "")
    if match["noon"]:
        return Moment(NOON if match["noon"] == "noon" else 0, zone, *match.span())
    hour = int(match["hour"]) % 12 + (12 if match["half"].startswith("p") else 0)
    return Moment(hour * 60 + int(match["minute"] or 0), zone, *match.span())


def days_of(mention: Mention, hint_day: int | None, hint_year: int | None) -> Days | None:
    """The days a mention stands for; None when they do not exist.

    hint_day: a day near which it must lie, hint_year: the year a ticker names; both for a date
    without a year.
    """
    year = mention.year
    if year is None:
        year = _near(mention, hint_day) if hint_day is not None else hint_year
    days = _span(mention, year if year is not None else CENTURY)
    if days is None:
        return None
    return Days(days[0], days[1], year is not None)


def _near(mention: Mention, hint_day: int) -> int:
    around = civil.date_of(hint_day)[0]

    def distance(year: int) -> int:
        days = _span(mention, year)
        return abs(days[1] - 1 - hint_day) if days else 10_000

    return min((around - 1, around, around + 1), key=distance)


def _span(mention: Mention, year: int) -> tuple[int, int] | None:
    match mention.grain:
        case "day" | "week":
            first = civil.day_number(year, mention.month or 1, mention.day or 1)
            last = None if first is None else first + 1
        case "month":
            first = civil.day_number(year, mention.month or 1, 1)
            last = None if first is None else first + civil.month_days(year, mention.month or 1)
        case "quarter":
            first = civil.day_number(year, 3 * (mention.month or 1) - 2, 1)
            end_month = 3 * (mention.month or 1)
            last = (civil.day_number(year, end_month, civil.month_days(year, end_month)) or 0) + 1
        case "year" | "season":
            first = civil.day_number(year, 1, 1)
            last = civil.day_number(year + 1, 1, 1)
    return None if first is None or last is None else (first, last)


def _mention(match: re.Match[str]) -> Mention | None:
    grain, year, month, day = _parts(match)
    lead = match["lead"]
    role: Role = "period"
    if _START.search(lead) and grain in {"day", "month", "year"}:
        role = "start"
    if _DEADLINE.search(lead) or (lead.startswith(("and", "to", "-")) and grain == "day"):
        role = "deadline"
    if grain == "day" and "week" in lead:
        grain = "week"
    start, end = match.span()
    return Mention(
        grain,
        role,
        year,
        month,
        day,
        bool(_END.search(lead)),
        bool(_EXCLUSIVE.search(lead)),
        start,
        end,
    )


def _parts(match: re.Match[str]) -> tuple[Grain, int | None, int | None, int | None]:
    if match["iso"]:
        return "day", int(match["iy"]), int(match["im"]), int(match["id"])
    if match["season"]:
        return "season", _season_end(int(match["sa"]), match["sb"]), None, None
    if match["quarter"]:
        return "quarter", int(match["year3"]), int(match["quarter"]), None
    if match["year5"]:
        return "year", int(match["year5"]), None, None
    for suffix, day in (("", match["day"]), ("2", match["day2"]), ("4", None)):
        if name := match[f"month{suffix}"]:
            year = match[f"year{suffix}"]
            grain: Grain = "day" if day else "month"
            return grain, int(year) if year else None, MONTHS[name], int(day) if day else None
    raise AssertionError("unreachable: one shape matched")


def _season_end(first: int, last: str) -> int:
    """The year a season ends in: 2025-26 is 2026; 2025-27 is a span and keeps its last year."""
    return int(last) if len(last) > 2 else first - first % 100 + int(last)  # noqa: PLR2004 - four digits are a year


def _is_word(text: str, match: re.Match[str], raw_capital: "list[bool] | None") -> bool:
    """Whether a month's name is only a word: "may", "march on", "march madness"."""
    group = next((g for g in ("month", "month2", "month4") if match[g]), None)
    if group is None:
        return False
    name, before = match[group], match.start(group)
    is_inside = before > 0 and text[before - 1] not in " (,"
    is_small = raw_capital is not None and not raw_capital[before]
    if is_inside or is_small:
        return True
    is_doubtful = group == "month4" and not match["year4"] and name in _AMBIGUOUS_MONTHS
    return is_doubtful and _NOT_MONTH_NEXT.match(text, match.end("month4")) is not None
