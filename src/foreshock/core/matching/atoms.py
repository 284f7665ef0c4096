"""Which words of a statement carry content, and what does each mean?

Known phrases become concepts, everything else that is not a stop word stays a word of its own.
Nothing is thrown away because it is unknown.
"""

from typing import NamedTuple

from foreshock.core.matching.lexicon import (
    AWARDS,
    CLUB_AFFIXES,
    GENERAL,
    INDEXES,
    ORDINALS,
    PHRASES,
    PLACEHOLDERS,
    PRIZES,
    SOCCER,
    STOP,
    TENNIS,
    Concept,
)
from foreshock.core.matching.teams import CLUBS, FULL_NAMES, Club
from foreshock.core.matching.text import Folded, Word, words

WORDS_MAX = 80
"""Words of one statement; a longer one is cut and never accepted."""
PLACEHOLDER_WIDTH = 2
"""Letters of a placeholder's number: "Person AO", "Movie F", "Placeholder 11"."""
PLURAL_MIN = 4
_KEPT_S = ("ss", "us", "is")
_ES = ("ches", "shes", "sses", "xes")
"""Endings of which `es` makes the plural or the third person: "launches", "boxes"."""


def stemmed(text: str) -> str:
    """One form of a word: ordinals as numbers, no plural s."""
    text = ORDINALS.get(text, text)
    if text.endswith(_ES) and len(text) > PLURAL_MIN:
        return text[:-2]
    if len(text) >= PLURAL_MIN and text.endswith("s") and not text.endswith(_KEPT_S):
        return text[:-1]
    return text


def _stemmed(names: dict[tuple[str, ...], Club]) -> dict[tuple[str, ...], Club]:
    return {tuple(stemmed(word) for word in name): club for name, club in names.items()}


_AWARD_KEYS = {("word", word) for word in AWARDS}
_AFFIX_KEYS = {("word", affix) for affix in CLUB_AFFIXES}
_PRIZE_KEYS = {("word", word) for word in PRIZES}
_INDEX_KEYS = {("measure", name) for name in INDEXES}
_TENNIS_KEYS = {("league", name) for name in TENNIS}
_SINGLES_KEYS = {("word", word) for word in ("men", "women", "single")}
_CHAMBER_KEYS = {("office", "senate"), ("office", "house")}
_FULL_NAME = 2
"""Words of a person's name: who it is says which of the singles it is."""
_SOCCER_KEYS = {("league", league) for league in SOCCER}
_CLUB_NAMES = {league: _stemmed(names) for league, names in CLUBS.items()}
_FULL_NAMES = _stemmed(FULL_NAMES)


class Atom(NamedTuple):
    """One meaning and the stretch of `field`, as written, that it was read from.

    kind: a concept's, or `name` for a capitalised word, `word` for another.
    """

    kind: str
    name: str
    field: str
    start: int
    end: int

    @property
    def key(self) -> tuple[str, str]:
        """What must be equal: a word is the same word whether capitalised or not."""
        return ("word", self.name) if self.kind == "name" else (self.kind, self.name)


class Statement(NamedTuple):
    """The meanings of one text.

    holes: why it is not a complete statement. is_choice: it says "or" between things.
    """

    atoms: tuple[Atom, ...]
    holes: tuple[str, ...]
    is_choice: bool = False


def read_atoms(folded: Folded, left: str, field: str) -> Statement:
    """The meanings of what `left` still holds: the folded text with what was read blanked out."""
    found: list[Atom] = []
    holes: list[str] = []
    todo = words(folded, left)
    if len(todo) > WORDS_MAX:
        holes.append(f"more than {WORDS_MAX} words")
        todo = todo[:WORDS_MAX]
    index = 0
    while index < len(todo):
        if hole := _hole(todo, index, folded):
            holes.append(hole)
        concepts, count = _longest(todo, index, folded)
        span = folded.place(todo[index].start, todo[index + count - 1].end)
        if concepts:
            found.extend(Atom(c.kind, c.name, field, *span) for c in concepts)
        elif not _is_empty(todo, index, folded):
            word = todo[index]
            found.append(Atom("name" if word.is_capital else "word", _stem(word), field, *span))
        index += count
    is_choice = any(word.text == "or" for word in todo)
    return Statement(tuple(found), tuple(holes), is_choice)


def with_clubs(atoms: tuple[Atom, ...], league: str) -> tuple[Atom, ...]:
    """Words that name a club become that club; the longest name first.

    Within `league` a city or a nickname is enough; without one only both together are.
    """
    names = _CLUB_NAMES.get(league, _FULL_NAMES)
    spelled = [_spelling(atom) for atom in atoms]
    found: list[Atom] = []
    index = 0
    while index < len(atoms):
        for count in (4, 3, 2, 1):
            club = names.get(tuple(w for part in spelled[index : index + count] for w in part))
            if club and index + count <= len(atoms):
                break
        else:
            found.append(atoms[index])
            index += 1
            continue
        first, last = atoms[index], atoms[index + count - 1]
        end = last.end if last.field == first.field else first.end
        found.append(Atom("club", f"{club.league} {club.nickname}", first.field, first.start, end))
        index += count
    return tuple(found)


def with_company(atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """The meanings that words take in their company.

    A party that controls a chamber has won it; inflation "for the year" is year over year; a
    prize that somebody is named for, without a verb, is won.
    """
    keys = {atom.key for atom in atoms}
    kinds = {kind for kind, _ in keys}
    if "party" in kinds and keys & _CHAMBER_KEYS:
        atoms = _renamed(atoms, ("relation", "control"), ("relation", "win"))
    if keys & _INDEX_KEYS:
        atoms = _renamed(atoms, ("word", "year"), ("measure", "yoy"))
    if keys & _PRIZE_KEYS and "league" in kinds and "relation" not in kinds:
        atoms = (*atoms, Atom("relation", "win", "title", 0, 0))
    return atoms


def _renamed(
    atoms: tuple[Atom, ...], old: tuple[str, str], new: tuple[str, str]
) -> tuple[Atom, ...]:
    kept = tuple(x for x in atoms if x.key != new or all(y.key != old for y in atoms))
    return tuple(x._replace(kind=new[0], name=new[1]) if x.key == old else x for x in kept)


def without_fillers(atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """The meanings without words that add nothing in their company.

    "win the election", "win the nomination", "win the NBA finals": election, win, finals. They
    stay where an award's or a round's word makes them matter ("Finals MVP").
    """
    keys = {atom.key for atom in atoms}
    kinds = {kind for kind, _ in keys}
    idle = _idle_in_contests(keys, kinds)
    if "party" in kinds:
        idle |= {("filler", "party"), ("word", "candidate")}
    if keys & _SOCCER_KEYS:
        idle |= _AFFIX_KEYS
    if "club" in kinds:
        idle.add(("filler", "team"))
    if ("filler", "meeting") in keys or "body" in kinds:
        idle |= {("filler", "meeting"), ("after", "after")}
    if ("body", "fed") in keys:
        idle.add(("place", "us"))
    if keys & _TENNIS_KEYS and not keys & _AWARD_KEYS and _names_count(atoms) >= _FULL_NAME:
        idle |= _SINGLES_KEYS
    return tuple(atom for atom in atoms if atom.key not in idle)


def _names_count(atoms: tuple[Atom, ...]) -> int:
    return len({x.key for x in atoms if x.kind == "name" and x.key not in _SINGLES_KEYS})


def _idle_in_contests(keys: set[tuple[str, str]], kinds: set[str]) -> set[tuple[str, str]]:
    idle: set[tuple[str, str]] = set()
    if ("relation", "nominee") in keys and ("filler", "election") not in keys:
        idle.add(("relation", "win"))
    if ("relation", "win") not in keys:
        return idle | ({("filler", "election")} if ("relation", "nominee") in keys else set())
    idle.add(("filler", "election"))
    if ("filler", "election") in keys:
        idle.add(("after", "after"))
    if "league" in kinds and not keys & _AWARD_KEYS:
        idle |= {("filler", "finals"), ("filler", "league")}
    return idle


def _longest(todo: list[Word], index: int, folded: Folded) -> tuple[tuple[Concept, ...], int]:
    first = todo[index]
    for phrase, concepts in PHRASES.get(first.text, ()):
        count = len(phrase)
        if count > 1 and tuple(w.text for w in todo[index : index + count]) != phrase:
            continue
        if phrase == ("us",) and not _is_written_large(first, folded):
            continue
        return concepts, count
    return (), 1


def _is_written_large(word: Word, folded: Folded) -> bool:
    start, end = folded.place(word.start, word.end)
    return folded.raw[start:end].isupper()


def _is_empty(todo: list[Word], index: int, folded: Folded) -> bool:
    """Whether a word adds nothing: a stop word, or an initial in the middle of a name."""
    word = todo[index]
    before = todo[index - 1] if index else None
    if before is not None and before.text in {"which", "what"} and word.text in PLACEHOLDERS:
        return True  # "which company": the outcome is one
    if len(word.text) > 1 or not word.is_capital:
        return word.text in STOP
    after = todo[index + 1] if index + 1 < len(todo) else None
    if word.text == "a" and (before is None or before.text in STOP):
        return True  # the article of a title: "A House of Dynamite"
    is_dotted = folded.text[word.end : word.end + 1] == "."
    if before is None or after is None or before.text in STOP:
        return False
    return is_dotted and before.is_capital and after.is_capital


def _hole(todo: list[Word], index: int, folded: Folded) -> str:
    word = todo[index].text
    is_named = todo[index].is_capital and index > 0
    if word in GENERAL and not is_named:
        return f'"{word}" stands for whatever has no market of its own'
    if word not in PLACEHOLDERS or index + 1 == len(todo):
        return ""
    mark = todo[index + 1]
    is_short = len(mark.text) <= PLACEHOLDER_WIDTH
    if is_short and (mark.text.isdigit() or _is_written_large(mark, folded)):
        return f'"{word} {mark.text}" holds a place for a name to come'
    return ""


def _spelling(atom: Atom) -> tuple[str, ...]:
    """The words of an atom that may be part of a club's name."""
    if atom.kind in {"name", "word"}:
        return (atom.name,)
    if atom.kind == "place":
        return tuple(stemmed(w) for w in atom.name.removeprefix("state of ").split())
    return ("\0",)


def _stem(word: Word) -> str:
    return stemmed(word.text)
