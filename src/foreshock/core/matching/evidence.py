"""What do a ticker and a slug say that the title leaves out?

Kalshi tickers carry series, date, hour, strike and outcome: `KXETHD-26JUN3017-T1629.99`,
`KXNBAGAME-26JAN09MILLAL-LAL`, `KXPRESPERSON-28-JSHA`. Polymarket slugs of games carry league,
codes and date: `nba-mil-lal-2026-01-09`. Evidence fills what a title does not say; it never
overrules a title.
"""

import re
from typing import NamedTuple

from foreshock.core.matching import civil
from foreshock.core.matching.quantities import micros_of
from foreshock.core.matching.when import CENTURY, MONTHS

_MONTH = "|".join(sorted({name[:3] for name in MONTHS}))
_DATE = re.compile(
    r"(?P<year>\d\d)(?:(?P<month>"
    + _MONTH
    + r")(?P<day>\d\d)?(?P<clock>\d{4}|\d\d)?)?(?P<codes>[a-z]*)$"
)
_LONG_YEAR = re.compile(r"20\d\d$")
_STRIKE = re.compile(r"(?P<kind>[tb])(?P<value>-?\d+(?:\.\d+)?)$")
_SLUG = re.compile(
    r"(?P<league>[a-z0-9]{2,12})-(?P<one>[a-z0-9]{2,8})-(?P<two>[a-z0-9]{2,8})-"
    r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?:-|$)"
)
_LEAGUE_IN_SERIES = (
    ("wnba", "wnba"),
    ("nba", "nba"),
    ("ncaaf", "ncaaf"),
    ("ncaawb", "ncaawb"),
    ("ncaamb", "ncaab"),
    ("ncaab", "ncaab"),
    ("nfl", "nfl"),
    ("mlb", "mlb"),
    ("nhl", "nhl"),
    ("epl", "epl"),
    ("laliga", "laliga"),
    ("bundesliga", "bundesliga"),
    ("seriea", "seriea"),
    ("ligue1", "ligue1"),
    ("ucl", "ucl"),
    ("mls", "mls"),
)
_SLUG_LEAGUES = {
    "cfp": "ncaaf",
    "cfb": "ncaaf",
    "cbb": "ncaab",
    "lal": "laliga",
    "bun": "bundesliga",
    "sea": "seriea",
    "fl1": "ligue1",
}


class Evidence(NamedTuple):
    """What identifiers say; None or "" where they say nothing.

    day: day number. minute: of that day, in New York. strike: millionths. strike_kind: t is one
    end, b the middle of a bucket. codes: of the teams, joined.
    """

    series: str = ""
    league: str = ""
    year: int | None = None
    day: int | None = None
    minute: int | None = None
    strike: int | None = None
    strike_kind: str = ""
    outcome: str = ""


def from_ticker(ticker: str) -> Evidence:
    """Evidence of a Kalshi market ticker."""
    series, *parts = ticker.lower().split("-")
    year, day, minute = None, None, None
    for part in parts:
        if _LONG_YEAR.match(part):
            year = int(part)
        elif (match := _DATE.match(part)) and year is None:
            year, day, minute = _date(match)
    strike = _STRIKE.match(parts[-1]) if parts else None
    return Evidence(
        series=series,
        league=league_of_series(series),
        year=year,
        day=day,
        minute=minute,
        strike=micros_of(strike["value"]) if strike else None,
        strike_kind=strike["kind"] if strike else "",
        outcome=parts[-1] if parts and not strike else "",
    )


def from_slug(slug: str) -> Evidence:
    """Evidence of a Polymarket slug; empty unless it names a game."""
    match = _SLUG.match(slug.lower())
    if match is None:
        return Evidence()
    league = _SLUG_LEAGUES.get(match["league"], match["league"])
    day = civil.day_number(int(match["year"]), int(match["month"]), int(match["day"]))
    return Evidence(series=match["league"], league=league, year=int(match["year"]), day=day)


def league_of_series(series: str) -> str:
    """The league a Kalshi series name begins with, e.g. `kxnbagame`; "" when none."""
    name = series.removeprefix("kx")
    return next((league for key, league in _LEAGUE_IN_SERIES if name.startswith(key)), "")


def _date(match: re.Match[str]) -> tuple[int, int | None, int | None]:
    year = CENTURY + int(match["year"])
    if not match["month"] or not match["day"]:
        return year, None, None
    day = civil.day_number(year, MONTHS[match["month"]], int(match["day"]))
    clock = match["clock"]
    if not clock:
        return year, day, None
    hour, minute = int(clock[:2]), int(clock[2:] or 0)
    valid = hour < 24 and minute < 60  # noqa: PLR2004 - hours of a day, minutes of an hour
    return year, day, hour * 60 + minute if valid else None
