"""Which different words name the same thing often enough that an index must know it?

General knowledge only: what both venues call months, coins, leagues, countries and clubs. An alias
here widens a search; it never decides that two contracts are the same bet.
"""

import re
from collections.abc import Iterator
from typing import Final

from foreshock.core.matching.teams import CLUBS

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_OF: Final = {name: number for number, name in enumerate(MONTHS, start=1)}

_WORDS = """
january jan|february feb|march mar|april apr|june jun|july jul|august aug|sept sep|september sep
october oct|november nov|december dec
bitcoin btc|xbt btc|ethereum eth|ether eth|solana sol|dogecoin doge|ripple xrp|cardano ada
litecoin ltc|avalanche avax|chainlink link|nasdaq ndx|nasdaq100 ndx|sp500 spx|russell rut
fomc fed|inflation cpi|jobless unemployment|payrolls nfp|bps bp
usa us|america us|britain uk|england eng|turkiye turkey|czechia czech|holland netherlands
cabo cape|gop republican|republicans republican|democrats democratic|democrat democratic
dems democratic|presidency president|presidential president|nominee nomination|nominated nomination
winner win|wins win|won win|winning win|championship champion|championships champion
temp temperature|highest max|high max|maximum max|lowest min|low min|minimum min
btts bothteamsscore|film movie|governor gubernatorial|governorship gubernatorial
hike raise|increase raise|decrease cut|reduce cut|lower cut
leaves out|leave out|resign out|resigns out|departs out|fired out|removed out|exit out
"""
WORD_ALIASES: Final = {
    other: known
    for line in _WORDS.split("\n")
    for entry in line.split("|")
    if entry
    for other, known in (entry.split(),)
}
"""Other word -> the word it is indexed as, both already folded and without a plural s."""

_PHRASES = {
    "pro basketball": "nba",
    "pro football": "nfl",
    "pro baseball": "mlb",
    "pro hockey": "nhl",
    "women pro basketball": "wnba",
    "federal reserve": "fed",
    "s&p 500": "spx",
    "s&p500": "spx",
    "s&p": "spx",
    "nasdaq-100": "ndx",
    "nonfarm payrolls": "nfp",
    "non-farm payrolls": "nfp",
    "both teams to score": "bothteamsscore",
    "united states": "us",
    "united kingdom": "uk",
    "u.s.": "us",
    "u.k.": "uk",
    "korea republic": "south korea",
    "cote divoire": "ivory coast",
    "prime minister": "pm",
    "basis points": "bp",
    "new york city": "nyc new york",
}


def _clubs() -> Iterator[tuple[str, tuple[str, ...]]]:
    """A nickname and a place of that club, without the letters that tell two clubs apart."""
    for names in CLUBS.values():
        for name, club in names.items():
            nickname = tuple(club.nickname.split())
            place = name[: -len(nickname)]
            if place and name == (*place, *nickname):
                others = [n for n, same in names.items() if same == club and n[0] not in place]
                plain = _without_teller(place)
                yield from ((n[-1].removesuffix("s"), plain) for n in (nickname, *others))


def _without_teller(place: tuple[str, ...]) -> tuple[str, ...]:
    is_told_apart = len(place) > 1 and len(place[-1]) <= TELLER_LETTERS_MAX
    return place[:-1] if is_told_apart else place


def _club_cities() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for word, place in _clubs():
        if len(word) > TELLER_LETTERS_MAX:
            found.setdefault(word, set()).add("".join(place))
    return {word: tuple(sorted(places)) for word, places in sorted(found.items())}


TELLER_LETTERS_MAX: Final = 2
CLUB_CITIES: Final = _club_cities()
"""Last word of a club's nickname -> the places it may stand for, spelt as one word."""
_CITIES = {" ".join(place): "".join(place) for _, place in _clubs() if len(place) > 1}
PHRASE_ALIASES: Final = dict(sorted((_CITIES | _PHRASES).items()))
PHRASES: Final = re.compile(
    r"(?<![a-z0-9])(?:"
    + "|".join(re.escape(p) for p in sorted(PHRASE_ALIASES, key=lambda p: (-len(p), p)))
    + r")(?![a-z0-9])"
)
"""The longest phrase wins. Cities of two words become one, so that no half of them matches."""
