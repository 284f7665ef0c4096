"""Does one clause of two readings agree? Subject, relation, competition, numbers, sources, voids.

Every check answers for one clause alone. `unknown` means that one side says what the other does
not, or that it cannot be read: it never counts as agreement.
"""

from typing import NamedTuple

from foreshock.core.domain.relations import ClauseAgreement, ClauseName, RelationKind, Span
from foreshock.core.domain.units import MICRO
from foreshock.core.matching.atoms import Atom
from foreshock.core.matching.clauses import Clause
from foreshock.core.matching.fixtures import same_side
from foreshock.core.matching.lexicon import GENERATIONS, GENERIC
from foreshock.core.matching.quantities import Threshold, relate
from foreshock.core.matching.reading import Reading
from foreshock.core.matching.strikes import step_of
from foreshock.core.matching.wording import (
    bound_numbers,
    doubtful_roles,
    other_roles,
)

SUBJECT_KINDS = frozenset({"name", "place", "party", "body", "club"})
Spans = tuple[Span, ...]
HALF = MICRO // 2


class Check(NamedTuple):
    """One clause compared. set_relation: how the sets of YES worlds relate if only this differs."""

    clause: ClauseName
    agreement: ClauseAgreement
    a: str
    b: str
    words: str
    spans_a: tuple[Span, ...] = ()
    spans_b: tuple[Span, ...] = ()
    set_relation: RelationKind = "unknown"


class Difference(NamedTuple):
    """The meanings that only one side has, by clause."""

    only_a: tuple[Atom, ...]
    only_b: tuple[Atom, ...]
    common: frozenset[tuple[str, str]]


def difference(a: Reading, b: Reading) -> Difference:
    """What the statements do not share."""
    keys_a, keys_b = {x.key for x in a.atoms}, {x.key for x in b.atoms}
    return Difference(
        tuple(x for x in a.atoms if x.key not in keys_b),
        tuple(x for x in b.atoms if x.key not in keys_a),
        frozenset(keys_a & keys_b),
    )


def check_subject(a: Reading, b: Reading, found: Difference) -> Check:
    """Whom or what it is about."""
    if a.fixture is not None or b.fixture is not None:
        return _check_sides(a, b)
    said_a, said_b = _said(a, SUBJECT_KINDS), _said(b, SUBJECT_KINDS)
    spans = _spans(said_a), _spans(said_b)
    shown = _shown(said_a), _shown(said_b)
    only_a, only_b = _of(found.only_a, SUBJECT_KINDS), _of(found.only_b, SUBJECT_KINDS)
    if a.holes or b.holes:
        words = "; ".join(dict.fromkeys((*a.holes, *b.holes)))
        return Check("subject", "unknown", *shown, words, *spans)
    if not only_a and not only_b:
        return _check_same(a, b, shown, spans)
    extra = {x.name for x in (*only_a, *only_b)}
    shares = any(kind in SUBJECT_KINDS or kind == "word" for kind, _ in found.common)
    if (only_a and only_b) or not shares or extra & GENERATIONS:
        words = f"{_shown(only_a) or 'no more'} against {_shown(only_b) or 'no more'}"
        return Check("subject", "differ", *shown, words, *spans)
    words = f"only one side says {_shown(only_a or only_b)}"
    return Check("subject", "unknown", *shown, words, *spans)


def check_atoms(
    clause: ClauseName, kinds: frozenset[str], pair: tuple[Reading, Reading], found: Difference
) -> Check:
    """Whether both sides use the same words of some kinds, the announcement's apart."""
    said_a, said_b = _said(pair[0], kinds), _said(pair[1], kinds)
    spans = _spans(said_a), _spans(said_b)
    shown = _shown(said_a), _shown(said_b)
    only_a, only_b = _of(found.only_a, kinds), _of(found.only_b, kinds)
    if not only_a and not only_b:
        agreement: ClauseAgreement = "agree" if said_a or said_b else "absent"
        return Check(clause, agreement, *shown, f"the same {clause}", *spans, "identity")
    if only_a and only_b:
        words = f"{_shown(only_a)} against {_shown(only_b)}"
        return Check(clause, "differ", *shown, words, *spans)
    return Check(
        clause, "unknown", *shown, f"only one side says {_shown(only_a or only_b)}", *spans
    )


def check_announcement(a: Reading, b: Reading) -> Check:
    """Whether both settle by the event, or both by its announcement."""
    said = a.has("relation", "announced"), b.has("relation", "announced")
    spans = _announced_spans(a), _announced_spans(b)
    shown = ["when announced" if s else "when it happens" for s in said]
    if said[0] != said[1]:
        words = "one side pays on the announcement, the other on the event"
        return Check("announcement", "differ", shown[0], shown[1], words, spans[0], spans[1])
    if any(said):
        words = "both pay on the announcement"
        return Check("announcement", "agree", shown[0], shown[1], words, spans[0], spans[1])
    return _announced_by_rules(a.terms.announced, b.terms.announced, a, b)


def check_threshold(a: Reading, b: Reading) -> Check:
    """Whether the same numbers make YES."""
    shown = _numbers(a.thresholds), _numbers(b.thresholds)
    if not a.thresholds and not b.thresholds:
        return Check("threshold", "absent", *shown, "no number to reach", (), (), "identity")
    if not a.thresholds or not b.thresholds:
        return Check("threshold", "unknown", *shown, "only one side names a number")
    if len(a.thresholds) == 1 == len(b.thresholds):
        return _one_threshold(a, b, a.thresholds[0], b.thresholds[0])
    same = set(map(_bare, a.thresholds)) == set(map(_bare, b.thresholds))
    if same and bound_numbers(a) != bound_numbers(b):
        return Check("threshold", "unknown", *shown, "which number belongs to what is not clear")
    agreement: ClauseAgreement = "agree" if same else "differ"
    return Check("threshold", agreement, *shown, "several numbers, compared as written")


def check_source(a: Reading, b: Reading) -> Check:
    """Whether the same source, and the same station, decides."""
    named = [r.terms.sources for r in (a, b)]
    shown = [
        ", ".join(dict.fromkeys(c.value for c in n)) or r.house_source
        for n, r in zip(named, (a, b), strict=True)
    ]
    spans = _clause_spans(named[0]), _clause_spans(named[1])
    if not shown[0] and not shown[1]:
        return Check("source", "absent", "", "", "neither side names its source")
    if not shown[0] or not shown[1]:
        return Check("source", "unknown", shown[0], shown[1], "one side names no source", *spans)
    names = [{c.value for c in n} or {s} for n, s in zip(named, shown, strict=True)]
    stations = [{c.value for c in r.terms.stations} for r in (a, b)]
    if not names[0] & names[1]:
        return Check("source", "differ", shown[0], shown[1], "no source in common", *spans)
    if stations[0] != stations[1]:
        said = " / ".join(", ".join(sorted(s)) or "none named" for s in stations)
        agreement: ClauseAgreement = "differ" if stations[0] and stations[1] else "unknown"
        return Check("source", agreement, shown[0], shown[1], f"stations: {said}", *spans)
    return Check("source", "agree", shown[0], shown[1], "a source in common", *spans, "identity")


def check_void(a: Reading, b: Reading) -> Check:
    """Whether ties, cancellations and delays end the same way."""
    said = [{c.value for c in r.terms.voids} for r in (a, b)]
    shown = [", ".join(sorted(s)) for s in said]
    spans = _clause_spans(a.terms.voids), _clause_spans(b.terms.voids)
    if not said[0] and not said[1]:
        return Check("void", "absent", "", "", "neither side says what voids it")
    if any("unread" in value for value in said[0] | said[1]):
        return Check("void", "unknown", shown[0], shown[1], "a clause that is not read", *spans)
    if said[0] == said[1]:
        return Check("void", "agree", shown[0], shown[1], "the same void rules", *spans)
    kinds = [{value.partition(":")[0] for value in s} for s in said]
    agreement: ClauseAgreement = "differ" if kinds[0] == kinds[1] else "unknown"
    return Check("void", agreement, shown[0], shown[1], "different void rules", *spans)


def check_rule_numbers(a: Reading, b: Reading) -> tuple[Check, ...]:
    """Whether both rules say with the same numbers what makes YES: "game 8" is not "game 28"."""
    first, second = ({c.value: c for c in r.terms.numbers} for r in (a, b))
    only_a, only_b = first.keys() - second.keys(), second.keys() - first.keys()
    if not only_a or not only_b:
        return ()
    shown = ", ".join(sorted(only_a)), ", ".join(sorted(only_b))
    spans = [_clause_spans(tuple(known[n] for n in sorted(only))) for known, only in
             ((first, only_a), (second, only_b))]  # fmt: skip
    words = f"the rule texts say {shown[0]} against {shown[1]}"
    return (Check("relation", "unknown", *shown, words, spans[0], spans[1]),)


def check_polarity(a: Reading, b: Reading) -> Check:
    """Whether YES means the same end of the statement."""
    shown = "not so" if a.is_negated else "so", "not so" if b.is_negated else "so"
    if a.is_negated != b.is_negated:
        return Check("polarity", "differ", *shown, "one side is denied", (), (), "complement")
    return Check("polarity", "agree", *shown, "YES means the same", (), (), "identity")


def _check_same(
    a: Reading, b: Reading, shown: tuple[str, str], spans: tuple[Spans, Spans]
) -> Check:
    """The same things are named: does YES pick the same of them, and who does it to whom?"""
    if a.choice != b.choice or a.choice == frozenset():
        is_known = a.choice and b.choice
        words = "the question offers several things, and YES picks others of them"
        return Check("subject", "differ" if is_known else "unknown", *shown, words, *spans)
    if not {name for name in shown[0].split() if name not in GENERIC}:
        return Check("subject", "unknown", *shown, "neither side names whom it is about", *spans)
    if words := other_roles(a, b):
        return Check("subject", "differ", *shown, words, *spans)
    if words := doubtful_roles(a, b):
        return Check("subject", "unknown", *shown, words, *spans)
    return Check("subject", "agree", *shown, "the same subject", *spans, "identity")


def _check_sides(a: Reading, b: Reading) -> Check:
    if a.fixture is None or b.fixture is None:
        words = "one side is about a game, the other is not"
        return Check("subject", "differ", _sides(a), _sides(b), words)
    straight = [same_side(a.fixture.sides[i], b.fixture.sides[i]) for i in (0, 1)]
    crossed = [same_side(a.fixture.sides[i], b.fixture.sides[1 - i]) for i in (0, 1)]
    best = min(straight, crossed, key=lambda found: (found.count("differ"), found.count("short")))
    leagues = {r.fixture.league for r in (a, b) if r.fixture and r.fixture.league}
    spans = [(Span("title", r.fixture.start, r.fixture.end),) for r in (a, b) if r.fixture]
    shown = _sides(a), _sides(b)
    if "differ" in best or len(leagues) > 1:
        words = "other leagues" if "differ" not in best else "other teams"
        return Check("subject", "differ", *shown, words, spans[0], spans[1], "unknown")
    words = "the same two teams" if "short" not in best else "the same two teams, one shortened"
    return Check("subject", "agree", *shown, words, spans[0], spans[1], "identity")


def _one_threshold(a: Reading, b: Reading, first: Threshold, second: Threshold) -> Check:
    shown = str(first), str(second)
    spans = _threshold_span(a), _threshold_span(b)
    unit = _common_unit(first.unit, second.unit)
    if unit is None:
        return Check("threshold", "differ", *shown, "units that do not convert", *spans)
    names = frozenset(x.name for r in (a, b) for x in r.atoms)
    step = step_of(names, unit)
    if step is None and not unit and _is_half(first) != _is_half(second):
        step = MICRO  # a line at a half is drawn between whole numbers
    found = relate(first, second, step)
    grid = "" if step is None else f" in steps of {step / MICRO:g}{unit}"
    if found == "identity":
        return Check("threshold", "agree", *shown, f"the same numbers{grid}", *spans, found)
    return Check("threshold", "differ", *shown, f"{found} of numbers{grid}", *spans, found)


def _bare(threshold: Threshold) -> Threshold:
    return threshold._replace(start=0, end=0)


def _common_unit(a: str, b: str) -> str | None:
    if a == b:
        return a
    if {a, b} <= {"°", "°F"} or {a, b} <= {"°", "°C"}:
        return a if len(a) > len(b) else b
    if "" in {a, b} and "$" in {a, b}:
        return "$"
    return None


def _is_half(threshold: Threshold) -> bool:
    ends = [e for e in (threshold.low, threshold.high) if e is not None]
    return any(end % MICRO == HALF for end in ends)


def _announced_by_rules(
    first: Clause | None, second: Clause | None, a: Reading, b: Reading
) -> Check:
    spans = [_clause_spans((c,) if c else ()) for c in (first, second)]
    shown = ["the rules speak of an announcement" if c else "" for c in (first, second)]
    if first is None and second is None:
        return Check("announcement", "absent", "", "", "neither side speaks of an announcement")
    if first is not None and second is not None:
        words = "both rules speak of an announcement"
        return Check("announcement", "agree", shown[0], shown[1], words, spans[0], spans[1])
    if not (a.terms.has_rules and b.terms.has_rules):
        words = "one side's rules are not at hand"
    else:
        words = "only one side's rules speak of an announcement"
    return Check("announcement", "unknown", shown[0], shown[1], words, spans[0], spans[1])


def _announced_spans(reading: Reading) -> tuple[Span, ...]:
    return _spans(tuple(x for x in reading.atoms if x.key == ("relation", "announced")))


def _sides(reading: Reading) -> str:
    fixture = reading.fixture
    return f"{fixture.sides[0]} - {fixture.sides[1]}" if fixture else ""


def _said(reading: Reading, kinds: frozenset[str]) -> tuple[Atom, ...]:
    return _of(reading.atoms, kinds)


def _of(atoms: tuple[Atom, ...], kinds: frozenset[str]) -> tuple[Atom, ...]:
    return tuple(a for a in atoms if a.kind in kinds and a.name != "announced")


def _shown(atoms: tuple[Atom, ...]) -> str:
    return " ".join(a.name for a in atoms)


def _numbers(thresholds: tuple[Threshold, ...]) -> str:
    return ", ".join(map(str, thresholds))


def _spans(atoms: tuple[Atom, ...]) -> tuple[Span, ...]:
    return tuple(Span(a.field, a.start, a.end) for a in atoms if a.end > a.start)


def _clause_spans(clauses: tuple[Clause, ...]) -> tuple[Span, ...]:
    return tuple(Span(c.field, c.start, c.end) for c in clauses)


def _threshold_span(reading: Reading) -> tuple[Span, ...]:
    return tuple(Span(*place) for place in reading.threshold_places if place[2] > place[1])
