"""What do the rules say about sources, stations, voids, ties, delays and announcements?

Read from the rule text and the source field by pattern, never by obeying them: a sentence that is
not recognised leaves its clause unknown, and an unknown clause never trades.
"""

import re
from typing import NamedTuple

from foreshock.core.matching import civil
from foreshock.core.matching.quantities import find_thresholds
from foreshock.core.matching.text import Folded, fold, words
from foreshock.core.matching.when import days_of, find_dates

SPANS_MAX = 6
NUMBERS_MAX = 20

_SOURCES = {
    "national weather service": r"national weather service|\bnws\b|weather\.gov"
    r"|climatological report",
    "weather underground": r"weather ?underground|wunderground",
    "noaa": r"\bnoaa\b|national oceanic",
    "binance": r"\bbinance\b",
    "coinbase": r"\bcoinbase\b",
    "kraken": r"kraken\.com",
    "cf benchmarks": r"cf benchmarks|\bbrti\b|\bbrr\b|real-?time index",
    "chainlink": r"\bchainlink\b",
    "pyth": r"\bpyth\b",
    "coingecko": r"coingecko",
    "coinmarketcap": r"coinmarketcap",
    "bureau of labor statistics": r"bureau of labor statistics|\bbls\b|bls\.gov",
    "bureau of economic analysis": r"bureau of economic analysis|\bbea\b|bea\.gov",
    "federal reserve": r"federal reserve|federalreserve\.gov|\bfomc\b",
    "associated press": r"associated press|\bthe ap\b|apnews|ap\.org",
    "fox news": r"fox news|foxnews",
    "nbc": r"\bnbc\b",
    "cnn": r"\bcnn\b",
    "reuters": r"\breuters\b",
    "the new york times": r"new york times|nytimes",
    "espn": r"\bespn\b",
    "fifa": r"\bfifa\b",
    "uefa": r"\buefa\b",
    "nba": r"\bnba\b",
    "nfl": r"\bnfl\b",
    "mlb": r"\bmlb\b",
    "nhl": r"\bnhl\b",
    "box office mojo": r"box ?office ?mojo",
    "the numbers": r"the-numbers|\bthe numbers\b",
    "rotten tomatoes": r"rotten ?tomatoes",
    "billboard": r"\bbillboard\b",
    "spotify": r"\bspotify\b|spotifycharts",
    "netflix": r"\bnetflix\b",
    "tsa": r"\btsa\b",
    "silver bulletin": r"silver bulletin|natesilver",
    "realclearpolitics": r"real ?clear ?(?:politics|polling)",
    "lmarena": r"lmarena|chatbot arena|lmsys|lm arena",
    "credible reporting": r"credible (?:reporting|news|sources|media)",
}
_SOURCE = re.compile(
    "|".join(f"(?P<s{i}>{pattern})" for i, pattern in enumerate(_SOURCES.values()))
)
_SOURCE_NAMES = tuple(_SOURCES)
_SENTENCE = re.compile(r"[^\n]+?(?:\.\s|\n|$)")
_ABOUT_SOURCE = re.compile(
    r"resolution sources?|as reported by|according to|reported (?:by|on)|published by"
    r"|source agenc|official information|based on|data from|as per|https?://"
)
_SITE = re.compile(r"https?://(?:www\.)?(?P<site>[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,40}){1,4})")
_NAME = re.compile(r"[^\s,;\n][^,;\n]{1,60}")
_STATION = re.compile(
    r"central park|laguardia|jfk|newark liberty|o'?hare|midway"
    r"|\b[a-z]{2,24} (?:international )?airport"
    r"|\bk[a-z]{3} station|station [a-z]{4}\b"
)
_TO = r"resolves? (?:to )?[\"']?"
_CANCELLED = r"cancel+ed[^.\n]{0,120}?"
_DELAYED = r"(?:postponed|delayed|rescheduled)[^.\n]{0,120}?"
_CLAUSES: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    kind: tuple((value, re.compile(pattern)) for value, pattern in readings)
    for kind, readings in {
        "tie": (
            ("half", r"\bt(?:ie|ied|ies)\b[^.\n]{0,80}?50[-/ ]50|50[-/ ]50[^.\n]{0,60}?\btie"),
            ("no", rf"\b(?:tie|draw)\b[^.\n]{{0,80}}?{_TO}no\b"),
            ("yes", rf"\b(?:tie|tied)\b[^.\n]{{0,80}}?{_TO}yes\b"),
            ("unread", r"\btie\b|\bdead heat\b|\bends in a draw\b"),
        ),
        "cancel": (
            ("half", _CANCELLED + r"50[-/ ]50"),
            ("no", _CANCELLED + _TO + r"no\b"),
            ("other", _CANCELLED + _TO + r"other\b"),
            ("price", _CANCELLED + r"(?:fair (?:market )?(?:price|value)|last (?:traded|fair))"),
            ("unread", r"cancel+ed|\bvoid(?:ed)?\b|abandoned"),
        ),
        "delay": (
            ("open", _DELAYED + r"(?:remain open|stay open)"),
            ("window", _DELAYED + r"within \w+"),
            ("unread", r"postponed|rescheduled"),
        ),
    }.items()
}
_STATEMENT = re.compile(
    r'resolves? (?:immediately )?to "?yes"? if (?P<poly>[^\n]{1,600}?)(?:\.\s|\.$|\n|$)'
    r'|\bif (?P<kalshi>[^\n]{1,600}?),? then the market resolves to "?yes'
)
_CLOCKS = re.compile(r"\b\d{1,2}(?::\d\d)?(?::\d\d)?\s?(?:am|pm|a\.m\.|p\.m\.)|\b\d{1,2}:\d\d\b")
_ANNOUNCED = re.compile(r"\b(?:announc(?:ed?|es|ement)|confirm(?:ed|s)? (?:as|an|that))\b")


class Clause(NamedTuple):
    """One clause read from the rules: its value and where it stands in `field`, as written."""

    value: str
    field: str
    start: int
    end: int


class Terms(NamedTuple):
    """What the rules settle by. Empty or None: the rules do not say, or are not there."""

    has_rules: bool
    sources: tuple[Clause, ...]
    stations: tuple[Clause, ...]
    voids: tuple[Clause, ...]
    announced: Clause | None
    deadlines: tuple[Clause, ...]
    numbers: tuple[Clause, ...]


NO_TERMS = Terms(False, (), (), (), None, (), ())  # noqa: FBT003 - a record, not a switch


def read_terms(rules: str, source: str) -> Terms:
    """The clauses of a rule text and a source field."""
    if not rules and not source:
        return NO_TERMS
    folded, where = fold(rules), fold(source)
    sources = _named(where, "source", 0, len(where.text))
    sources.extend(_listed(where, sources))
    for match in _SENTENCE.finditer(folded.text):
        if _ABOUT_SOURCE.search(folded.text, *match.span()):
            sources.extend(_named(folded, "rules", *match.span()))
    stations = [
        Clause(match[0].strip(), "rules", *folded.place(*match.span()))
        for match in _STATION.finditer(folded.text)
    ]
    announced = _ANNOUNCED.search(folded.text)
    return Terms(
        bool(rules.strip()),
        tuple(sources[:SPANS_MAX]),
        tuple(stations[:SPANS_MAX]),
        tuple(_voids(folded)),
        Clause("announced", "rules", *folded.place(*announced.span())) if announced else None,
        _deadlines(folded),
        _numbers(folded),
    )


def _numbers(folded: Folded) -> tuple[Clause, ...]:
    """The bare numbers of the sentence that says what makes YES: "game 8", "round 2"."""
    found: list[Clause] = []
    for match in _STATEMENT.finditer(folded.text):
        start, end = match.span("poly") if match["poly"] else match.span("kalshi")
        left = list(" " * start + folded.text[start:end])
        for read in (*find_dates("".join(left)), *find_thresholds("".join(left))):
            left[read.start : read.end] = " " * (read.end - read.start)
        text = _CLOCKS.sub(lambda clock: " " * len(clock[0]), "".join(left))
        found.extend(
            Clause(word.text, "rules", *folded.place(word.start, word.end))
            for word in words(folded, text)
            if word.text[:1].isdigit() or word.text[-1:].isdigit()
        )
    return tuple(found[:NUMBERS_MAX])


def _deadlines(folded: Folded) -> tuple[Clause, ...]:
    """The first days that no longer count, of every deadline the rules write with its year."""
    found: list[Clause] = []
    for mention in find_dates(folded.text):
        days = days_of(mention, None, None)
        if mention.role == "deadline" and days is not None and days.has_year:
            last = days.first if mention.is_exclusive else days.last
            place = folded.place(mention.start, mention.end)
            found.append(Clause(civil.text_of(last), "rules", *place))
    return tuple(found)


def _named(folded: Folded, field: str, start: int, end: int) -> list[Clause]:
    found: list[Clause] = []
    for match in _SOURCE.finditer(folded.text, start, end):
        name = _SOURCE_NAMES[int((match.lastgroup or "s0")[1:])]
        found.append(Clause(name, field, *folded.place(*match.span())))
    known = {clause.start for clause in found}
    for match in _SITE.finditer(folded.text, start, end):
        span = folded.place(*match.span())
        if not any(span[0] <= place < span[1] for place in known):
            found.append(Clause(match["site"], field, *span))
    return found


def _listed(folded: Folded, known: list[Clause]) -> list[Clause]:
    """The names of a source field that no table knows, each as it is written."""
    found: list[Clause] = []
    for match in _NAME.finditer(folded.text):
        span = folded.place(*match.span())
        if not any(span[0] <= clause.start < span[1] for clause in known):
            found.append(Clause(" ".join(match[0].split()), "source", *span))
    return found


def _voids(folded: Folded) -> list[Clause]:
    found: list[Clause] = []
    for kind, readings in _CLAUSES.items():
        for value, pattern in readings:
            if match := pattern.search(folded.text):
                found.append(Clause(f"{kind}: {value}", "rules", *folded.place(*match.span())))
                break
    return found
