"""Two titles hold the same words: do these stand to each other in the same way?

Who does it to whom, whose it is, from where to where, what is denied, which number belongs to
what. A set of words loses all of that; what it loses is compared here. The answer to each
question is in words, "" where nothing is wrong.
"""

import re
from itertools import pairwise

from foreshock.core.matching.atoms import Atom
from foreshock.core.matching.lexicon import SYMMETRIC
from foreshock.core.matching.reading import Reading
from foreshock.core.matching.text import fold

ACTORS = frozenset({"name", "place", "body", "club"})
MOVED_GROUPS = (ACTORS, frozenset({"party"}), frozenset({"office"}))
"""What acts and is acted on: changing places with one of its group changes the statement."""
VERB_KINDS = frozenset({"relation", "word"})
GOVERNED_KINDS = ACTORS | {"party", "office"}
"""What stands behind "by", "from" or "to"."""
PARTICLES = frozenset({"by", "from", "to", "into", "about"})
DECISIVE = frozenset({"by", "from", "about"})
"""Particles that change who does what even against none: "be bought by X" and "buy X"."""
PLAIN_KINDS = frozenset({"name", "word", "relation", "filler", "negation"})
"""Meanings that are not what somebody says, or are their own spelling."""
ARTICLES = frozenset({"the", "a", "an"})
_WORD = re.compile(r"[a-z]+")
_DENIAL = re.compile(r"\b(?:not|no|never|without|won't|fails? to)\b")
_OWNS = re.compile(r"'(?:s\b|(?=\s|$))")

Key = tuple[str, str]


def other_roles(a: Reading, b: Reading) -> str:
    """What certainly makes the same words another statement: places or offices exchanged."""
    if verb := _turned_round(a, b):
        return f'who comes before "{verb}" and who after is turned round'
    return "the offices are not given to the same" if _offices_differ(a, b) else ""


def doubtful_roles(a: Reading, b: Reading) -> str:
    """What may make the same words another statement: particles, owners, denials."""
    first, second = _particles(a), _particles(b)
    for key in sorted(first.keys() & second.keys()):
        said = {first[key], second[key]}
        if len(said) > 1 and said & DECISIVE:
            shown = " against ".join(f'"{each or "no word"}"' for each in sorted(said))
            return f"{shown} before {key[1]}"
    first, second = _owners(a), _owners(b)
    for key in sorted(first.keys() & second.keys()):
        if first[key] != second[key]:
            return f"{key[1]} is {first[key]}'s on one side, {second[key]}'s on the other"
    if words := _other_speech(a, b) or _other_exit(a, b):
        return words
    denied = _denied(a), _denied(b)
    return "other words are denied" if all(denied) and denied[0] != denied[1] else ""


def bound_numbers(reading: Reading) -> frozenset[tuple[Key, str]]:
    """Each number with the word before it: "unemployment above 4 %, inflation above 3 %"."""
    found: set[tuple[Key, str]] = set()
    for threshold, place in zip(reading.thresholds, reading.threshold_places, strict=True):
        before = [x for x in reading.atoms if x.field == place[0] and x.end <= place[1]]
        nearest = max(before, key=lambda x: x.start, default=None)
        found.add((nearest.key if nearest else ("", ""), str(threshold)))
    return frozenset(found)


def _turned_round(a: Reading, b: Reading) -> str:
    """The first word around which two things of a kind change places."""
    order_a, order_b = _order(a), _order(b)
    both = order_a.keys() & order_b.keys()
    groups = [_of_kinds(a, kinds) & both for kinds in MOVED_GROUPS]
    for verb in sorted(both, key=order_a.__getitem__):
        if verb[0] not in VERB_KINDS or verb[1] in SYMMETRIC:
            continue
        before_a = {key for key, place in order_a.items() if place < order_a[verb]}
        before_b = {key for key, place in order_b.items() if place < order_b[verb]}
        for group in groups:
            if (before_a - before_b) & group and (before_b - before_a) & group:
                return verb[1]
    return ""


def _offices_differ(a: Reading, b: Reading) -> bool:
    """Whether of several offices one goes to another: "D Senate, R House" and the reverse."""
    held = [
        {(before, after) for before, after in pairwise(r.sequence) if after[0] == "office"}
        for r in (a, b)
    ]
    return max(map(len, held)) > 1 and held[0] != held[1]


def _of_kinds(reading: Reading, kinds: frozenset[str]) -> set[Key]:
    return {x.key for x in reading.atoms if x.kind in kinds}


def _order(reading: Reading) -> dict[Key, int]:
    """Where each meaning of the title's question stands; its outcome only repeats a name."""
    return {x.key: x.start for x in _in_question(reading)}


def _in_question(reading: Reading) -> list[Atom]:
    ends = reading.outcome_at
    found = [x for x in reading.atoms if x.field == "title" and x.start < x.end <= ends]
    return sorted(found, key=lambda x: x.start)


def _particles(reading: Reading) -> dict[Key, str]:
    """What stands directly before each person, place, body, party or office."""
    found: dict[Key, str] = {}
    ends = 0
    for atom in _in_question(reading):
        said = [w for w in _WORD.findall(_plain(reading, ends, atom.start)) if w not in ARTICLES]
        if atom.kind in GOVERNED_KINDS:
            found[atom.key] = said[-1] if said and said[-1] in PARTICLES else ""
        ends = atom.end
    return found


def _owners(reading: Reading) -> dict[Key, str]:
    """What belongs to whom: "Trump's lawyer"."""
    found: dict[Key, str] = {}
    for owner, owned in pairwise(_in_question(reading)):
        between = _plain(reading, owner.start, owned.start)
        if owner.kind in GOVERNED_KINDS and _OWNS.search(between):
            found[owned.key] = owner.name
    return found


def _other_speech(a: Reading, b: Reading) -> str:
    """A saying is on the very words: "bitcoin" and "BTC" are one coin and two sayings."""
    if not (a.has("relation", "say") and b.has("relation", "say")):
        return ""
    first, second = _spelled(a), _spelled(b)
    for key in sorted(first.keys() & second.keys()):
        if first[key] != second[key]:
            return f'"{first[key]}" against "{second[key]}" in what is said'
    return ""


def _other_exit(a: Reading, b: Reading) -> str:
    """Leaving a country or a club is not leaving an office in it."""
    if not (a.has("relation", "leave") and b.has("relation", "leave")):
        return ""
    left = [_left(reading) for reading in (a, b)]
    return "an office is left on one side only" if left[0] != left[1] else ""


def _left(reading: Reading) -> Key | None:
    """Whom or what a bare "leave" directly names."""
    for verb, after in pairwise(_in_question(reading)):
        is_bare = _plain(reading, verb.start, verb.end) in {"leave", "leaves"}
        if verb.key == ("relation", "leave") and is_bare and after.kind in ACTORS:
            said = _WORD.findall(_plain(reading, verb.end, after.start))
            return after.key if not set(said) - ARTICLES else None
    return None


def _plain(reading: Reading, start: int, end: int) -> str:
    """A stretch of the title as everybody would type it."""
    return fold(reading.contract.title[start:end]).text


def _spelled(reading: Reading) -> dict[Key, str]:
    """What the title writes for each meaning that has several spellings."""
    return {
        x.key: _plain(reading, x.start, x.end)
        for x in reading.atoms
        if x.field == "title" and x.kind not in PLAIN_KINDS and x.start < x.end
    }


def _denied(reading: Reading) -> frozenset[Key]:
    """What each denial stands directly before; a "no" within a phrase denies nothing."""
    atoms = _in_question(reading)
    found: set[Key] = set()
    for match in _DENIAL.finditer(reading.contract.title.lower()):
        if any(x.start <= match.start() < x.end for x in atoms):
            continue
        after = next((x for x in atoms if x.start >= match.end()), None)
        if after is not None:
            found.add(after.key)
    return frozenset(found)
