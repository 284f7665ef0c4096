"""How do two venues word the same bets? Template families, each told in two ways.

Titles and tickers have the forms of 2026; people, clubs and numbers are drawn from a seed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import NamedTuple, TypeAlias

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
COINS = (
    ("Bitcoin", "BTC", 60_000, 250),
    ("Ethereum", "ETH", 1_800, 20),
    ("Solana", "SOL", 150, 1),
    ("XRP", "XRP", 2, 1),
    ("Dogecoin", "DOGE", 1, 1),
)
"""Name, symbol, lowest strike, step between strikes, in dollars."""
STRIKES = 200
CITIES = (
    *("New York", "Chicago", "Miami", "Austin", "Denver", "Los Angeles", "Philadelphia"),
    *("Boston", "Seattle", "Atlanta", "Dallas", "Houston", "Paris", "London", "Tokyo"),
)
STATS = ("points", "rebounds", "assists", "strikeouts", "shots", "receptions", "passing yards")
OFFICES = ("Governor", "Senate", "Mayor", "House", "Attorney General", "Secretary of State")
DEEDS = (
    *("resign", "visit China", "win the Nobel Peace Prize", "be arrested", "announce a run"),
    *("testify before Congress", "leave the company", "release an album", "be indicted"),
    *("sign the treaty", "buy the club", "host the show"),
)
PLACES = (
    *("Texas", "Ohio", "Georgia", "Arizona", "Nevada", "Florida", "Michigan", "Wisconsin"),
    *("Maine", "Virginia", "Iowa", "Kansas", "Oregon", "Utah", "Alaska", "Montana"),
)
CLUB_ENDINGS = (" FC", " SC", " United FC", " City FC", " CF", " Calcio", "")
CONSONANTS, VOWELS = "bcdfghjklmnprstvwz", "aeiou"
FIRST, LAST, CLUBS, PEOPLE = 400, 2_500, 900, 5_000
"""First and last names, clubs, and people: two share each last name."""
CLOSE_HOUR = 17

Key: TypeAlias = tuple[int, ...]


class Told(NamedTuple):
    """How one venue lists a bet."""

    reference: str
    title: str
    label: str = ""
    event: str = ""


class Names:
    """People and clubs that exist in no league."""

    def __init__(self, rng: Random) -> None:
        self.first = [_name(rng, 2) for _ in range(FIRST)]
        self.last = [_name(rng, 3) for _ in range(LAST)]
        self.clubs = [(_name(rng, 3), rng.choice(CLUB_ENDINGS)) for _ in range(CLUBS)]

    def person(self, number: int) -> str:
        """First and last name of one of PEOPLE."""
        return f"{self.first[number * 7 % FIRST]} {self.last[number % LAST]}"

    def club(self, number: int) -> str:
        """Its full name, of which other people use the first word."""
        return "".join(self.clubs[number])


@dataclass(frozen=True)
class Family:
    """Bets of one template. Shares are of the venue's catalogue; twins of the first venue's."""

    name: str
    share_a: float
    share_b: float
    twins: float
    draw: Callable[[Random], Key]
    tell_a: Callable[[Names, Key], Told]
    tell_b: Callable[[Names, Key], Told]


def _name(rng: Random, syllables: int) -> str:
    spelt = "".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(syllables))
    return (spelt + rng.choice(("", "n", "r", "s", "l"))).capitalize()


def _reference(head: str, key: Key) -> str:
    return "-".join((head, *map(str, key)))


def _day(rng: Random) -> Key:
    return rng.randrange(len(MONTHS)), rng.randint(1, 28)


def _day_code(month: int, day: int) -> str:
    return f"26{MONTHS[month][:3].upper()}{day:02}"


# ---- numbers -------------------------------------------------------------------------------


def _crypto(rng: Random) -> Key:
    """Half at the close of the day, half at some hour before it."""
    early = rng.randrange(12) if rng.random() < 0.5 else 0
    return rng.randrange(len(COINS)), *_day(rng), rng.randrange(STRIKES), CLOSE_HOUR - early


def _crypto_a(_: Names, key: Key) -> Told:
    coin, month, day, step, hour = key
    name, _symbol, low, size = COINS[coin]
    clock = "" if hour == CLOSE_HOUR else f" at {hour}:00 ET"
    when = f"{MONTHS[month]} {day}{clock}"
    title = f"Will the price of {name} be above ${low + step * size:,} on {when}?"
    return Told(_reference("c", key), title)


def _crypto_b(_: Names, key: Key) -> Told:
    coin, month, day, step, hour = key
    name, symbol, low, size = COINS[coin]
    strike = low + step * size - 1
    title = f"{name} price at {MONTHS[month][:3]} {day}, 2026 at {hour}:00 EDT?"
    ticker = f"KX{symbol}D-{_day_code(month, day)}{hour:02}-T{strike}.99"
    return Told(ticker, title, f"${strike:,}.99 or above")


def _weather(rng: Random) -> Key:
    return rng.randrange(len(CITIES)), *_day(rng), rng.randrange(20, 100)


def _weather_a(_: Names, key: Key) -> Told:
    city, month, day, low = key
    span, when = f"between {low}-{low + 1}°F", f"{MONTHS[month]} {day}"
    title = f"Will the highest temperature in {CITIES[city]} be {span} on {when}?"
    return Told(_reference("w", key), title)


def _weather_b(_: Names, key: Key) -> Told:
    city, month, day, low = key
    span, when = f"{low}-{low + 1}°", f"{MONTHS[month][:3]} {day}, 2026"
    title = f"Will the high temp in {CITIES[city]} be {span} on {when}?"
    return Told(f"KXHIGH{city}-{_day_code(month, day)}-B{low}.5", title)


# ---- sport ---------------------------------------------------------------------------------


def _score(rng: Random) -> Key:
    home = rng.randrange(CLUBS)
    return home, (home + rng.randrange(1, 4)) % CLUBS, rng.randrange(5), rng.randrange(5)


def _score_a(names: Names, key: Key) -> Told:
    home, away = names.club(key[0]), names.club(key[1])
    return Told(_reference("s", key), f"Exact Score: {home} {key[2]} - {key[3]} {away}?")


def _score_b(names: Names, key: Key) -> Told:
    home, away = names.clubs[key[0]][0], names.clubs[key[1]][0]
    title = f"{away} at {home}: Correct score"
    return Told(_reference("KXSCORE", key), title, f"{home} {key[2]}-{key[3]}")


def _btts(rng: Random) -> Key:
    home = rng.randrange(CLUBS)
    return home, (home + rng.randrange(1, 20)) % CLUBS


def _btts_a(names: Names, key: Key) -> Told:
    title = f"{names.club(key[0])} vs. {names.club(key[1])}: Both Teams to Score"
    return Told(_reference("t", key), title)


def _btts_b(names: Names, key: Key) -> Told:
    title = f"{names.clubs[key[1]][0]} at {names.clubs[key[0]][0]}: Both Teams to Score"
    return Told(_reference("KXBTTS", key), title)


def _prop(rng: Random) -> Key:
    return rng.randrange(PEOPLE), rng.randrange(len(STATS)), rng.randrange(1, 40)


def _prop_a(names: Names, key: Key) -> Told:
    person, stat, line = key
    title = f"{names.person(person)}: {STATS[stat].title()} O/U {line - 1}.5"
    return Told(_reference("p", key), title)


def _prop_b(names: Names, key: Key) -> Told:
    person, stat, line = key
    return Told(_reference("KXPROP", key), f"{names.person(person)}: {line}+ {STATS[stat]}")


# ---- people --------------------------------------------------------------------------------


def _office(rng: Random) -> Key:
    where = rng.randrange(len(OFFICES)), rng.randrange(len(PLACES))
    return rng.randrange(PEOPLE), *where, rng.choice((2026, 2028))


def _office_a(names: Names, key: Key) -> Told:
    person, office, place, year = key
    race = f"{year} {PLACES[place]} {OFFICES[office]} election"
    return Told(_reference("o", key), f"Will {names.person(person)} win the {race}?")


def _office_b(names: Names, key: Key) -> Told:
    person, office, place, year = key
    seat = f"{PLACES[place]} {OFFICES[office]}"
    title, event = f"Who will win the {seat} race?", f"{seat} winner {year}"
    return Told(_reference("KXOFFICE", key), title, names.person(person), event)


def _deed(rng: Random) -> Key:
    what = rng.randrange(PEOPLE), rng.randrange(len(DEEDS))
    return *what, rng.randrange(len(MONTHS)), rng.choice((2026, 2027))


def _deed_a(names: Names, key: Key) -> Told:
    person, deed, month, year = key
    title = f"Will {names.person(person)} {DEEDS[deed]} by {MONTHS[month]} 28, {year}?"
    return Told(_reference("e", key), title)


def _deed_b(names: Names, key: Key) -> Told:
    person, deed, month, year = key
    title = f"{names.person(person)} to {DEEDS[deed]} before {MONTHS[month][:3]} 28, {year}?"
    return Told(_reference("KXDEED", key), title)


FAMILIES = (
    Family("crypto", 0.20, 0.40, 0.30, _crypto, _crypto_a, _crypto_b),
    Family("weather", 0.10, 0.10, 0.30, _weather, _weather_a, _weather_b),
    Family("exact score", 0.25, 0.12, 0.20, _score, _score_a, _score_b),
    Family("both to score", 0.07, 0.05, 0.30, _btts, _btts_a, _btts_b),
    Family("player prop", 0.18, 0.20, 0.30, _prop, _prop_a, _prop_b),
    Family("office", 0.10, 0.07, 0.30, _office, _office_a, _office_b),
    Family("deed", 0.10, 0.06, 0.20, _deed, _deed_a, _deed_b),
)
