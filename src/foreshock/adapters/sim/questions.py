"""What does the simulated world bet on? Questions, and where and how each venue asks them.

Everything here is fixed text and fixed identifiers: the pairs file of the demo names them. Which of
them are the same bet is decided here and nowhere else; look-alikes that differ in a deadline, a
threshold, a source or a station are questions of their own.
"""

import hashlib
from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.markets import Relation

Shape: TypeAlias = Literal["threshold", "exclusive", "single"]
"""threshold: one of a ladder over one quantity. exclusive: one of a set of which one happens."""
Style: TypeAlias = Literal["normal", "thin", "one_sided", "stale"]
MINUTE_S = 60
HOUR_S = 3_600
DAY_S = 86_400


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One venue's market on a question. is_inverted: its YES is the question's NO."""

    venue: Literal["polymarket", "kalshi"]
    native_id: str
    event_id: str
    series: str
    event_title: str
    title: str
    short_title: str
    rules: str
    source_name: str
    source_url: str
    is_inverted: bool = False
    strike_type: str | None = None
    floor_strike: str | None = None
    labels: tuple[str, str] = ("Yes", "No")


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that will turn out true or false.

    offset: log-odds at the start. family: questions that move together. closes_s: seconds after
    the world's start when trading ends.
    """

    key: str
    family: str
    shape: Shape
    offset: float
    category: str
    fee_rate_ppm: int
    closes_s: int
    places: tuple[Place, ...]
    style: Style = "normal"


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


def slug(text: str) -> str:
    """The venue's spelling of a title in an address."""
    letters = "".join(c if c.isalnum() else " " for c in text.lower())
    return "-".join(letters.split())


def both_places(  # noqa: PLR0913 - the fields of one sentence
    key: str,
    event: str,
    ticker: str,
    title: str,
    short: str,
    rules: str,
    source: tuple[str, str],
    strike: str | None = None,
) -> tuple[Place, Place]:
    """The same question at both venues; event: `EVENTTICKER|title`, ticker: the last part."""
    event_ticker, event_title = event.split("|")
    native = condition_id(key)
    polymarket = Place(
        venue="polymarket",
        native_id=native,
        event_id=slug(event_title),
        series=slug(event_ticker.partition("-")[0]),
        event_title=event_title,
        title=title,
        short_title=short,
        rules=f'This market will resolve to "Yes" if {rules} Otherwise it will resolve to "No".',
        source_name=source[0],
        source_url=source[1],
    )
    kalshi = Place(
        venue="kalshi",
        native_id=f"{event_ticker}-{ticker}",
        event_id=event_ticker,
        series=event_ticker.partition("-")[0],
        event_title=event_title,
        title=title,
        short_title=short,
        rules=f"If {rules}".removesuffix(".") + ", then the market resolves to Yes.",
        source_name=source[0],
        source_url=source[1],
        strike_type="greater" if strike else None,
        floor_strike=strike,
    )
    return polymarket, kalshi


def pair_of(question: Question, label: str, kalshi: Place | None = None) -> TruePair:
    """The pair of a question's Polymarket market with one of its Kalshi markets."""
    polymarket = next(p for p in question.places if p.venue == "polymarket")
    other = kalshi or next(p for p in question.places if p.venue == "kalshi")
    return TruePair(
        id=question.key,
        question=question.key,
        polymarket=polymarket.native_id,
        kalshi=other.native_id,
        relation="complement" if other.is_inverted != polymarket.is_inverted else "identity",
        label=label,
    )


def ladder(strikes: list[str], middle: float, width: float) -> Iterator[tuple[str, float]]:
    """(strike, log-odds of exceeding it), falling with the strike."""
    for strike in strikes:
        yield strike, (middle - float(strike)) / width
