"""Which questions does a world ask, and which of its markets are truly the same bet?

Some three hundred markets a venue, some forty pairs: everything else that looks alike is not.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import msgspec

from foreshock.adapters.sim.questions import (
    Place,
    Question,
    TruePair,
    VenueName,
    pair_of,
)
from foreshock.adapters.sim.subjects import ENDING_GAMES, all_questions

PAIRED_STRIKES = {
    "fed-27JAN": ("3.25", "3.50", "3.75", "4.00"),
    "cpi-26NOV": ("2.7", "2.8", "2.9", "3.0", "3.1"),
    "u3-26NOV": ("4.1", "4.2", "4.3", "4.4"),
    "btc-26DEC04": ("94000", "96000", "98000", "100000", "102000"),
    "eth-26DEC04": ("3600", "3800", "4000"),
    "race-GOVOH": ("Abbott", "Baker"),
    "race-SENTX": ("Keller",),
    "topic-00": ("40",),
    "topic-01": ("40",),
    "topic-05": ("40",),
    "topic-06": ("40",),
}
PAIRED_GAMES = (*range(12), ENDING_GAMES[0])
"""The last one settles within minutes."""


class Catalogue(msgspec.Struct, frozen=True):
    """Everything the world asks, and which places are the same bet."""

    questions: tuple[Question, ...]
    pairs: tuple[TruePair, ...]


def catalogue(markets_max: int, pair_ids: Collection[str] | None = None) -> Catalogue:
    """The questions of pairs first, then others while no venue exceeds `markets_max` markets.

    Those of pairs are never left out, whatever the ceiling; an exclusive set is whole or absent.
    pair_ids: the pairs that there are, None for all.
    """
    questions = list(all_questions())
    pairs = tuple(p for p in _pairs(questions) if pair_ids is None or p.id in pair_ids)
    paired = {pair.question for pair in pairs}
    groups: dict[str, list[Question]] = {}
    for question in questions:
        name = question.family if question.shape == "exclusive" else question.key
        groups.setdefault(name, []).append(question)
    needed = {name for name, group in groups.items() if any(q.key in paired for q in group)}
    kept: list[Question] = []
    counts = Counter[VenueName]()
    for name in sorted(groups, key=lambda name: name not in needed):
        after = counts + Counter[VenueName](p.venue for q in groups[name] for p in q.places)
        if name in needed or max(after.values()) <= markets_max:
            kept += groups[name]
            counts = after
    return Catalogue(tuple(kept), pairs)


def _pairs(questions: Sequence[Question]) -> Iterator[TruePair]:
    by_key = {question.key: question for question in questions}
    for family, members in PAIRED_STRIKES.items():
        for member in members:
            question = by_key[f"{family}-{member}"]
            yield pair_of(question, _at_kalshi(question)[0])
    games = [question for question in questions if question.key.startswith("game-")]
    for number in PAIRED_GAMES:
        offered = _at_kalshi(games[number])
        yield pair_of(games[number], offered[number % len(offered)])


def _at_kalshi(question: Question) -> list[Place]:
    return [place for place in question.places if place.venue == "kalshi"]
