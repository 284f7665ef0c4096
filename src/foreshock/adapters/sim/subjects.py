"""Which questions does the simulated world ask? Numbers, weather, elections, games, events."""

from collections.abc import Iterator

import msgspec

from foreshock.adapters.sim.quantities import crypto, economics
from foreshock.adapters.sim.questions import (
    DAY_S,
    HOUR_S,
    MINUTE_S,
    Liquidity,
    Place,
    Question,
    Source,
    Subject,
    Wording,
    at_kalshi,
    at_polymarket,
    day_in_words,
)

WEATHER_SERVICE = Source("National Weather Service", "https://www.weather.gov")
PRESS = Source("consensus of credible reporting", "https://apnews.com")
LEAGUE = Source("the league's official result", "https://www.espn.com")
RACE_CALLS = Source("Associated Press race calls", "https://apnews.com/hub/elections")

WEATHER = Subject("weather", 50_000)
POLITICS = Subject("politics", 40_000)
GEOPOLITICS = Subject("geopolitics", 0)
TECH = Subject("tech", 40_000)
SPORTS = Subject("sports", 50_000)

CITIES = (("NY", "New York"), ("CHI", "Chicago"), ("MIA", "Miami"), ("AUS", "Austin"))
WEATHER_DAYS = ("26NOV22", "26NOV23")
TEMPERATURE_WEIGHTS = (-1.6, -0.4, 0.3, 0.2, -0.7, -2.0)
TEMPERATURE_MIN_F = 48
STATION_SHIFT = 0.15
"""The two stations of a city do not expect the same."""

RACES = (
    ("GOVOH", "Ohio governor", ("Abbott", "Baker", "Carver", "Dunn", "Ellis")),
    ("GOVAZ", "Arizona governor", ("Flores", "Grant", "Hale", "Irwin", "Juarez")),
    ("SENTX", "Texas senate", ("Keller", "Lopez", "Mason", "Nash", "Ortiz")),
    ("SENNC", "North Carolina senate", ("Pratt", "Quinn", "Reyes", "Stone", "Tate")),
    ("MAYNYC", "New York mayor", ("Underhill", "Vance", "Weiss", "Xu", "Young")),
    ("MAYLA", "Los Angeles mayor", ("Zeller", "Ames", "Brandt", "Cruz", "Doyle")),
)

TEAMS = (
    *("Atlanta", "Boston", "Chicago", "Cleveland", "Dallas", "Denver", "Detroit", "Houston"),
    *("Indiana", "Memphis", "Miami", "Milwaukee", "Minnesota", "Orlando", "Philadelphia"),
    *("Phoenix", "Portland", "Sacramento", "Toronto", "Utah"),
)
GAMES_COUNT = 40
ENDING_GAMES = (30, 31)
"""Games in their last minutes when the world begins."""
ENDING_S = 6 * MINUTE_S

TOPICS = (
    ("the two sides sign a ceasefire", GEOPOLITICS),
    ("a trade agreement is announced", GEOPOLITICS),
    ("the canal reopens to all traffic", GEOPOLITICS),
    ("a new sanctions package passes", GEOPOLITICS),
    ("the summit takes place in person", GEOPOLITICS),
    ("the government shuts down", POLITICS),
    ("the spending bill becomes law", POLITICS),
    ("the nominee is confirmed", POLITICS),
    ("the court hears the appeal", POLITICS),
    ("the debt ceiling is raised", POLITICS),
    ("the flagship phone is released", TECH),
    ("the model tops the public leaderboard", TECH),
    ("the merger closes", TECH),
    ("the launch reaches orbit", TECH),
    ("the outage lasts over an hour", TECH),
)
DEADLINES = (
    (40, "December 31, 2026", ("polymarket", "kalshi")),
    (71, "January 31, 2027", ("polymarket",)),
    (131, "March 31, 2027", ("kalshi",)),
)
"""Days from the start, date, venues: later dates are listed at one venue only, as look-alikes."""
TOPIC_LIQUIDITY: tuple[Liquidity, ...] = ("normal", "normal", "thin", "one_sided", "stale")


def all_questions() -> Iterator[Question]:
    """Every question, always in the same order."""
    yield from economics()
    yield from crypto()
    yield from weather()
    yield from politics()
    yield from sports()
    yield from topics()


# ---- one of a set --------------------------------------------------------------------------


def weather() -> Iterator[Question]:
    """The venues settle on different stations: look-alikes, never pairs."""
    for code, city in CITIES:
        for day in WEATHER_DAYS:
            event = f"KXHIGH{code}-{day}"
            yield from _station(event, city, day, "polymarket")
            yield from _station(event, city, day, "kalshi")


def _station(event: str, city: str, day: str, venue: str) -> Iterator[Question]:
    is_kalshi, date = venue == "kalshi", day_in_words(day)
    station = "city park" if is_kalshi else "airport"
    family = f"{event.removeprefix('KX').replace('HIGH', 'high-')}-{venue}"
    for number, weight in enumerate(TEMPERATURE_WEIGHTS):
        low = TEMPERATURE_MIN_F + 2 * number
        key = f"{event.removeprefix('KX').replace('HIGH', 'high-')}-{low}-{venue}"
        wording = Wording(
            event=event,
            event_title=f"Highest temperature in {city} on {date}",
            ticker=f"B{low}.5",
            title=f"Will the high in {city} be {low}-{low + 1}F on {date}?",
            short_title=f"{low}-{low + 1}F",
            rules=f"the highest temperature at the {city} {station} station on {date} is "
            f"{low} or {low + 1} degrees Fahrenheit.",
            source=WEATHER_SERVICE,
        )
        yield Question(
            key=key,
            family=family,
            shape="exclusive",
            offset=weight + (STATION_SHIFT * number if is_kalshi else 0.0),
            subject=WEATHER,
            closes_s=20 * HOUR_S,
            places=(at_kalshi(wording) if is_kalshi else at_polymarket(key, wording),),
            liquidity="thin" if number in {0, len(TEMPERATURE_WEIGHTS) - 1} else "normal",
        )


def politics() -> Iterator[Question]:
    """Elections with five candidates each."""
    for code, race, names in RACES:
        for number, name in enumerate(names):
            key = f"race-{code}-{name}"
            wording = Wording(
                event=f"KX{code}-27",
                event_title=f"Who will win the {race} election?",
                ticker=name[:3].upper(),
                title=f"Will {name} win the {race} election?",
                short_title=name,
                rules=f"{name} wins the {race} election held in 2027.",
                source=RACE_CALLS,
            )
            yield Question(
                key=key,
                family=f"race-{code}",
                shape="exclusive",
                offset=1.1 - 0.8 * number,
                subject=POLITICS,
                closes_s=120 * DAY_S,
                places=(at_polymarket(key, wording), at_kalshi(wording)),
            )


# ---- one by one ----------------------------------------------------------------------------


def sports() -> Iterator[Question]:
    """Games, two of them about to end."""
    for number in range(GAMES_COUNT):
        home = TEAMS[number % len(TEAMS)]
        away = TEAMS[(number * 7 + 3) % len(TEAMS)]
        if home == away:
            away = TEAMS[(number * 7 + 4) % len(TEAMS)]
        yield _game(number, home, away)


def _game(number: int, home: str, away: str) -> Question:
    """Polymarket asks once, Kalshi once for each team: the away one is the complement."""
    key = f"game-{number:02d}-{home}-{away}".lower()
    of_home = _team_wording(number, (home, away), home[:3].upper(), is_home=True)
    of_away = _team_wording(number, (home, away), away[:3].upper() + "2", is_home=False)
    places: tuple[Place, ...] = (
        msgspec.structs.replace(at_polymarket(key, of_home), labels=(home, away)),
        at_kalshi(of_home),
        msgspec.structs.replace(at_kalshi(of_away), is_inverted=True),
    )
    return Question(
        key=key,
        family=key,
        shape="single",
        offset=0.25 * (number % 9 - 4),
        subject=SPORTS,
        closes_s=ENDING_S if number in ENDING_GAMES else (2 + number % 5) * HOUR_S,
        places=places,
        liquidity="deep" if number in ENDING_GAMES else "normal",
    )


def _team_wording(number: int, teams: tuple[str, str], ticker: str, *, is_home: bool) -> Wording:
    home, away = teams
    team, other = teams if is_home else (away, home)
    return Wording(
        event=f"KXSIMGAME-G{number:02d}{home[:3]}{away[:3]}".upper(),
        event_title=f"{away} at {home}, game {number}",
        ticker=ticker,
        title=f"Will {team} beat {other}?",
        short_title=team,
        rules=f"{team} wins the game against {other} (game {number} of the simulated season), "
        "overtime included.",
        source=LEAGUE,
    )


def topics() -> Iterator[Question]:
    """Whether something happens by a date."""
    for number, (what, subject) in enumerate(TOPICS):
        for days, date, venues in DEADLINES:
            key = f"topic-{number:02d}-{days}"
            wording = Wording(
                event=f"KXSIMTOPIC{number:02d}-D{days}",
                event_title=f"Will it happen: {what}?",
                ticker="Y",
                title=f"Will it happen by {date}: {what}?",
                short_title=date,
                rules=f"{what} (topic {number} of the simulated world) by {date}, 11:59 PM ET.",
                source=PRESS,
            )
            places = (at_polymarket(key, wording), at_kalshi(wording))
            yield Question(
                key=key,
                family=f"topic-{number:02d}",
                shape="single",
                offset=-1.4 + 0.2 * (number % 7) + 0.012 * days,
                subject=subject,
                closes_s=days * DAY_S,
                places=tuple(place for place in places if place.venue in venues),
                liquidity=TOPIC_LIQUIDITY[number % len(TOPIC_LIQUIDITY)],
            )
