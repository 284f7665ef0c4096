"""What is a question of the simulated world, and where and how does each venue ask it?

Identifiers are fixed: the pairs file of the demo names them. Which questions are the same bet is
decided by construction: one question asked at both venues. Look-alikes that differ in a deadline,
a source or a station are questions of their own.
"""

import hashlib
from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.markets import Relation

VenueName: TypeAlias = Literal["polymarket", "kalshi"]
Shape: TypeAlias = Literal["threshold", "exclusive", "single"]
"""threshold: one of a ladder over one quantity. exclusive: one of a set of which one happens."""
Liquidity: TypeAlias = Literal["deep", "normal", "thin", "one_sided", "stale"]
Tick: TypeAlias = Literal["cent", "tenth", "tapered"]
"""tenth: a tenth of a cent everywhere. tapered: that only below 10 and above 90 cents."""
MINUTE_S = 60
HOUR_S = 3_600
DAY_S = 86_400
MONTHS = {"NOV": "November", "DEC": "December", "JAN": "January"}
"""Months of the world by the letters that tickers use."""


class Source(msgspec.Struct, frozen=True):
    """Who says what happened."""

    name: str
    url: str


class Subject(msgspec.Struct, frozen=True):
    """What a question is about, and what Polymarket charges there."""

    name: str
    fee_rate_ppm: int


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """A question in words, the same at both venues.

    event: Kalshi's event ticker. ticker: last part of Kalshi's market ticker. rules: the rest of
    a sentence that begins with "If". floor_strike: decimal text, None when not numeric.
    """

    event: str
    event_title: str
    ticker: str
    title: str
    short_title: str
    rules: str
    source: Source
    floor_strike: str | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One venue's market on a question. is_inverted: its YES is the question's NO."""

    venue: VenueName
    native_id: str
    event_id: str
    series: str
    event_title: str
    title: str
    short_title: str
    rules: str
    source: Source
    is_inverted: bool = False
    strike_type: str | None = None
    floor_strike: str | None = None
    labels: tuple[str, str] = ("Yes", "No")
    tick: Tick = "cent"


class CoinTerms(msgspec.Struct, frozen=True):
    """A bet on where a coin ends: at or above `strike` dollars.

    When that is None: at or above its price `starts_s` seconds after the world's start.
    """

    coin: str
    strike: int | None
    starts_s: int = 0


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that will turn out true or false.

    family: questions that move together. offset: log-odds at the start (of an exclusive set: the
    logarithm of its weight). opens_s, closes_s: seconds after the world's start when trading
    begins and ends. coin: where a coin's price decides; then the offset says nothing.
    """

    key: str
    family: str
    shape: Shape
    offset: float
    subject: Subject
    closes_s: int
    places: tuple[Place, ...]
    opens_s: int = 0
    liquidity: Liquidity = "normal"
    coin: CoinTerms | None = None


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """One quantity asked about at many strikes.

    Texts of the wording may hold {strike}, as in the ticker, and {amount}, with thousands
    separated. Log-odds of exceeding a strike: (middle - strike) / width.
    """

    family: str
    wording: Wording
    subject: Subject
    closes_s: int
    strikes: tuple[str, ...]
    middle: float
    width: float
    ticks: tuple[Tick, Tick] = ("cent", "cent")
    """At Polymarket, at Kalshi."""
    liquidity: Liquidity = "normal"
    coin: str | None = None
    """The coin whose price decides; then the middle and the width say nothing."""


class TruePair(msgspec.Struct, frozen=True, kw_only=True):
    """Two places that are the same bet by construction."""

    id: str
    question: str
    polymarket: str
    kalshi: str
    relation: Relation
    label: str


def condition_id(key: str) -> str:
    """The condition id of a Polymarket market of the world."""
    return "0x" + hashlib.sha256(f"foreshock simulated world {key}".encode()).hexdigest()


def token_ids(native_id: str) -> tuple[str, str]:
    """YES and NO token ids of a condition."""
    yes, no = (
        str(int(hashlib.sha256(f"{native_id} {outcome}".encode()).hexdigest(), 16))
        for outcome in ("yes", "no")
    )
    return yes, no


def day_in_words(code: str) -> str:
    """A day as people write it; `26DEC04` is December 4, 2026."""
    year, month, day = code[:2], code[2:5], int(code[5:])
    return f"{MONTHS[month]} {day}, 20{year}"


def slug(text: str) -> str:
    """The venue's spelling of a title in an address."""
    letters = "".join(c if c.isalnum() else " " for c in text.lower())
    return "-".join(letters.split())


def at_polymarket(key: str, wording: Wording, tick: Tick = "cent") -> Place:
    """The question as Polymarket asks it; `key` makes its condition id."""
    return Place(
        venue="polymarket",
        native_id=condition_id(key),
        event_id=slug(wording.event_title),
        series=slug(wording.event.partition("-")[0]),
        event_title=wording.event_title,
        title=wording.title,
        short_title=wording.short_title,
        rules=f'This market will resolve to "Yes" if {wording.rules} '
        'Otherwise it will resolve to "No".',
        source=wording.source,
        tick=tick,
    )


def at_kalshi(wording: Wording, tick: Tick = "cent") -> Place:
    """The question as Kalshi asks it."""
    return Place(
        venue="kalshi",
        native_id=f"{wording.event}-{wording.ticker}",
        event_id=wording.event,
        series=wording.event.partition("-")[0],
        event_title=wording.event_title,
        title=wording.title,
        short_title=wording.short_title,
        rules=f"If {wording.rules}".removesuffix(".") + ", then the market resolves to Yes.",
        source=wording.source,
        strike_type="greater" if wording.floor_strike else None,
        floor_strike=wording.floor_strike,
        tick=tick,
    )


def rungs(ladder: Ladder) -> Iterator[Question]:
    """The questions of a ladder, asked at both venues; its keys are `family-strike`."""
    for strike in ladder.strikes:
        key = f"{ladder.family}-{strike}"
        wording = _at_strike(ladder.wording, strike)
        yield Question(
            key=key,
            family=ladder.family,
            shape="threshold",
            offset=(ladder.middle - float(strike)) / ladder.width,
            subject=ladder.subject,
            closes_s=ladder.closes_s,
            places=(
                at_polymarket(key, wording, ladder.ticks[0]),
                at_kalshi(wording, ladder.ticks[1]),
            ),
            liquidity=ladder.liquidity,
            coin=None if ladder.coin is None else CoinTerms(ladder.coin, int(strike)),
        )


def pair_of(question: Question, kalshi: Place) -> TruePair:
    """The pair of a question's Polymarket market with one of its Kalshi markets."""
    polymarket = next(p for p in question.places if p.venue == "polymarket")
    is_inverse = kalshi.is_inverted != polymarket.is_inverted
    return TruePair(
        id=question.key,
        question=question.key,
        polymarket=polymarket.native_id,
        kalshi=kalshi.native_id,
        relation="complement" if is_inverse else "identity",
        label=polymarket.title,
    )


def _at_strike(wording: Wording, strike: str) -> Wording:
    amount = f"{int(strike):,}" if strike.isdigit() else strike
    texts = {
        name: getattr(wording, name).format(strike=strike, amount=amount)
        for name in ("ticker", "title", "short_title", "rules")
    }
    return msgspec.structs.replace(wording, floor_strike=strike, **texts)
