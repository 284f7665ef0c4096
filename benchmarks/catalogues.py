"""What do two venues' whole catalogues look like? Seeded and synthetic, twins planted and known.

Template families in which thousands of contracts differ by a strike, a day, a score or a name. A
twin is one bet told by both venues; every other bet stands at one venue only.
"""

from random import Random
from typing import NamedTuple

from benchmarks.families import FAMILIES, Family, Key, Names, Told
from foreshock.core.domain.markets import MarketId
from foreshock.core.matching.contract import ContractText

FILLERS = ("officially", "the", "first", "ever", "next", "season", "game", "market", "today")
FILLED, DROPPED, SWAPPED = 0.15, 0.10, 0.05
"""Shares of the second venue's titles with a word too many, a word missing, two letters swapped."""
LETTERS_MIN = 5
"""Shorter words are neither dropped nor misspelt."""


class Catalogues(NamedTuple):
    """Both venues' contracts in random order; `twins` maps the first venue's to the second's."""

    a: list[ContractText]
    b: list[ContractText]
    twins: dict[MarketId, MarketId]
    family_of: dict[MarketId, str]


def make_catalogues(seed: int, a_count: int, b_count: int) -> Catalogues:
    """About `a_count` contracts at Polymarket and `b_count` at Kalshi."""
    rng = Random(seed)
    names = Names(rng)
    made = Catalogues([], [], {}, {})
    for family in FAMILIES:
        _fill(
            made,
            family,
            names,
            rng,
            (round(family.share_a * a_count), round(family.share_b * b_count)),
        )
    rng.shuffle(made.a)
    rng.shuffle(made.b)
    return made


def _fill(
    made: Catalogues, family: Family, names: Names, rng: Random, counts: tuple[int, int]
) -> None:
    """Distinct bets: twins first, then those of the first venue, then those of the second."""
    a_count, b_count = counts
    twin_count = min(round(family.twins * a_count), b_count)
    keys: dict[Key, None] = {}
    while len(keys) < a_count + b_count - twin_count:
        keys[family.draw(rng)] = None
    for number, key in enumerate(keys):
        here = there = None
        if number < a_count:
            here = _contract("polymarket", family, family.tell_a(names, key))
            made.a.append(here)
        if number < twin_count or number >= a_count:
            there = _contract("kalshi", family, _worn(family.tell_b(names, key), rng))
            made.b.append(there)
        if here is not None and there is not None:
            made.twins[here.id] = there.id
            made.family_of[here.id] = family.name


def _contract(venue: str, family: Family, told: Told) -> ContractText:
    return ContractText(
        id=MarketId(f"{venue}:{told.reference}"),
        venue=venue,
        title=told.title,
        slug=told.reference if venue == "polymarket" else "",
        event_title=told.event,
        yes_label=told.label,
        category=family.name,
    )


def _worn(told: Told, rng: Random) -> Told:
    """Titles are typed by people: a word left out or added, two letters swapped, never a number."""
    words = told.title.split()
    if rng.random() < FILLED:
        words.insert(rng.randrange(len(words)), rng.choice(FILLERS))
    wordy = [n for n, word in enumerate(words) if word.isalpha() and len(word) >= LETTERS_MIN]
    if wordy and rng.random() < DROPPED:
        del words[rng.choice(wordy)]
    elif wordy and rng.random() < SWAPPED:
        n = rng.choice(wordy)
        words[n] = words[n][:2] + words[n][3] + words[n][2] + words[n][4:]
    return told._replace(title=" ".join(words))
