"""What does one contract say, clause by clause, and where does it say so?

A title is read in passes: game, dates, clock time, numbers, known phrases, and what is left word
by word. Ticker, slug, strike fields and close date fill gaps and are marked as evidence. What
cannot be read is a hole, and a contract with a hole is never accepted as another's equal.
"""

import msgspec

from foreshock.core.matching import civil
from foreshock.core.matching.atoms import (
    Atom,
    Statement,
    read_atoms,
    with_clubs,
    with_company,
    without_fillers,
)
from foreshock.core.matching.clauses import Terms, read_terms
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.editions import edition_of
from foreshock.core.matching.evidence import Evidence, from_slug, from_ticker
from foreshock.core.matching.fixtures import Fixture, find_fixture, pick_of
from foreshock.core.matching.lexicon import (
    CRYPTO,
    DRAWLESS,
    ELECTED,
    QUESTIONS,
    TRADED_PRICE,
    US_MEASURES,
    US_OFFICES,
    WEATHER,
)
from foreshock.core.matching.quantities import Threshold, find_thresholds, micros_of
from foreshock.core.matching.strikes import strike_threshold, ticker_threshold
from foreshock.core.matching.text import Folded, fold
from foreshock.core.matching.when import Days, Moment
from foreshock.core.matching.windows import NO_WINDOW, Window, merge, read_window

INDICES = frozenset({"spx", "ndx"})
SEQUENCED = frozenset({"party", "name", "word", "office"})
TITLE_MAX = 400
"""Characters of a title that are read; the venues' longest are near 200."""
TOTALS = frozenset({"total", "points", "goals", "runs", "scored"})
"""Words for what a game's over/under counts; the game says which."""
CONTESTS = frozenset({
    ("filler", "election"),
    ("relation", "win"),
    *(("office", name) for name in ELECTED),
})
"""What takes place in the year that a ticker names; of other offices it names a deadline."""
GROWTH = frozenset({("measure", "gdp"), ("measure", "yoy"), ("measure", "mom")})
"""Measures that are a growth themselves: to increase by 2.9 % is to be 2.9 %."""
PLAIN_LABELS = frozenset({"", "yes", "no"})
OUTCOME_MARKS = (" - ", "?:", ": ")
"""What stands between a question and the outcome it is asked of, in a folded title."""
HOUSE_SOURCES = {
    ("kalshi", "weather"): "National Weather Service daily climate report",
    ("polymarket", "weather"): "Weather Underground history of an airport station",
    ("kalshi", "crypto"): "CF Benchmarks real-time index, average of 60 seconds",
    ("polymarket", "crypto"): "Binance one-minute candle",
}
"""What each venue settles such markets by when nothing else is said, as its rule texts show."""


Place = tuple[str, int, int]
"""A field and a stretch of it, as written."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One contract, read.

    atoms: every meaning that must be matched, once. sequence: of parties, names, words and
    offices in the title's order, each as often as it is said.
    thresholds: of the title, equal ones once.
    window: period, deadline, moment. holes: what keeps it from being a complete statement.
    house_source: what the venue settles this kind of market by when its rules are not at hand.
    needs_source: settled by a traded price or the weather, of which there are many readings.
    choice: of a question with "or", the meanings of the outcome that YES pays on; None for others.
    outcome_at: where the title names the outcome of its question, or its length.
    inferred: which clauses rest on a default or an identifier instead of the title.
    """

    contract: ContractText
    atoms: tuple[Atom, ...]
    sequence: tuple[tuple[str, str], ...]
    thresholds: tuple[Threshold, ...]
    threshold_places: tuple[Place, ...]
    window: Window
    fixture: Fixture | None
    terms: Terms
    evidence: Evidence
    holes: tuple[str, ...]
    house_source: str
    inferred: tuple[str, ...]
    is_negated: bool
    needs_source: bool
    choice: frozenset[tuple[str, str]] | None
    outcome_at: int

    def has(self, kind: str, *names: str) -> bool:
        """Whether a meaning of this kind (and one of these names) was read."""
        return any(a.kind == kind and (not names or a.name in names) for a in self.atoms)


def read(contract: ContractText) -> Reading:
    """Read a contract. Never raises: what is not understood stays a word or a hole."""
    evidence = _evidence(contract)
    fields = _fields(contract)
    fixture = find_fixture(fields[0][1], evidence.league)
    hint = civil.day_of(contract.closes_us) if contract.closes_us is not None else evidence.day
    statements: list[Statement] = []
    numbers: list[tuple[Threshold, Place]] = []
    window = NO_WINDOW
    for name, folded in _unpicked(fields, fixture):
        left = _without_game(folded.text, fixture if name == "title" else None)
        left, part = read_window(folded, left, name, (hint, evidence.year))
        window = merge(window, part)
        left = _read_numbers(folded, left, name, numbers)
        statements.append(read_atoms(folded, left, name))
    inferred: list[str] = []
    league = evidence.league or (fixture.league if fixture else "")
    atoms, window = _settled(statements, evidence, league, window, inferred)
    atoms, numbers = _of_measure(atoms, numbers, fixture)
    numbers, problem = _with_strikes(contract, atoms, numbers, inferred)
    holes = [hole for statement in statements for hole in statement.holes]
    holes += [*problem, *_gaps(fields, numbers, window)]
    return Reading(
        contract=contract,
        atoms=tuple(a for a in atoms if a.kind != "negation"),
        thresholds=tuple(threshold for threshold, _ in numbers),
        sequence=tuple(a.key for a in statements[0].atoms if a.kind in SEQUENCED),
        threshold_places=tuple(place for _, place in numbers),
        window=window,
        fixture=_picked(fixture, contract),
        terms=read_terms(contract.rules, contract.source),
        evidence=evidence,
        holes=tuple(holes),
        house_source=_house_source(contract.venue, atoms),
        inferred=tuple(inferred),
        is_negated=_is_negated(contract, atoms),
        needs_source=_needs_source(atoms, numbers),
        choice=_choice(contract, statements),
        outcome_at=_outcome_at(fields[0][1]),
    )


def _evidence(contract: ContractText) -> Evidence:
    native = contract.id.partition(":")[2]
    if contract.venue == "kalshi":
        return from_ticker(native)
    return from_slug(contract.slug or contract.event)


def _fields(contract: ContractText) -> list[tuple[str, Folded]]:
    """The texts that make the statement, title first.

    Polymarket's questions are complete; Kalshi's titles are of the event, and the outcome stands
    in the label or the group item.
    """
    fields = [("title", fold(contract.title[:TITLE_MAX]))]
    if contract.venue == "polymarket" and not _asks(fields[0][1]):
        return fields
    if contract.group_item:
        fields.append(("group_item", fold(contract.group_item[:TITLE_MAX])))
    elif contract.yes_label.lower() not in PLAIN_LABELS:
        fields.append(("yes_label", fold(contract.yes_label[:TITLE_MAX])))
    return fields


def _unpicked(
    fields: list[tuple[str, Folded]], fixture: Fixture | None
) -> list[tuple[str, Folded]]:
    """The fields without a label that only names a side of the game."""
    if fixture is None:
        return fields
    return [f for f in fields if f[0] == "title" or pick_of(fixture, f[1].text) is None]


def _asks(title: Folded) -> bool:
    return title.text.split(" ", 1)[0] in QUESTIONS


def _without_game(text: str, fixture: Fixture | None) -> str:
    """The text with only what follows the two sides left to read."""
    if fixture is None:
        return text
    start, end = fixture.rest
    return " " * start + text[start:end] + " " * (len(text) - end)


def _read_numbers(
    folded: Folded, left: str, field: str, numbers: list[tuple[Threshold, Place]]
) -> str:
    for found in find_thresholds(left):
        left = left[: found.start] + " " * (found.end - found.start) + left[found.end :]
        if not any(found.same_numbers(known) for known, _ in numbers):
            numbers.append((found, (field, *folded.place(found.start, found.end))))
    return left


def _settled(
    statements: list[Statement],
    evidence: Evidence,
    league: str,
    window: Window,
    inferred: list[str],
) -> tuple[tuple[Atom, ...], Window]:
    """The atoms of all statements, once each, with what their company and the ticker settle."""
    once: dict[tuple[str, str], Atom] = {}
    for atom in (a for s in statements for a in s.atoms):
        once.setdefault(atom.key, atom)
    atoms = tuple(once.values())
    named = [a.name for a in atoms if a.kind == "league" and a.name in DRAWLESS]
    atoms = with_clubs(atoms, league or (named[0] if len(named) == 1 else ""))
    keys = {a.key for a in atoms}
    if window.period is None and window.deadline is None:
        atoms, window = _dated(atoms, keys, evidence, window, inferred)
    if window.moment is None and evidence.minute is not None and evidence.day is not None:
        window = window._replace(moment=Moment(evidence.minute, "America/New_York", 0, 0))
    if window.is_week:
        atoms = (*atoms, Atom("word", "week", "title", 0, 0))
    return without_fillers(with_company(_placed(atoms, keys, inferred))), window


def _of_measure(
    atoms: tuple[Atom, ...], numbers: list[tuple[Threshold, Place]], fixture: Fixture | None
) -> tuple[tuple[Atom, ...], list[tuple[Threshold, Place]]]:
    """What a number makes of its words: a move by 0 is none, a game's line is on its total.

    A game without a line is about who wins it, whether it says so or not.
    """
    keys = {a.key for a in atoms}
    moves = {("relation", "cut"), ("relation", "hike")}
    if ("measure", "rate") in keys and keys & moves and [t[0][0] for t in numbers] == [0]:
        held = tuple(a._replace(name="hold") if a.key in moves else a for a in atoms)
        return held, []
    if keys & GROWTH and [t[0].unit for t in numbers] == ["%"]:
        return tuple(a for a in atoms if a.key != ("relation", "hike")), numbers
    if fixture is not None and not numbers:
        return tuple(a for a in atoms if a.key != ("relation", "win")), numbers
    if fixture is None:
        return atoms, numbers
    return tuple(a for a in atoms if a.name not in TOTALS), numbers


def _is_negated(contract: ContractText, atoms: tuple[Atom, ...]) -> bool:
    """Whether YES pays on the statement's opposite: a denial in words, or the side "Under"."""
    denials = sum(a.kind == "negation" for a in atoms) + (contract.yes_label.lower() == "under")
    return denials % 2 == 1


def _needs_source(atoms: tuple[Atom, ...], numbers: list[tuple[Threshold, Place]]) -> bool:
    names = {a.name for a in atoms}
    is_dollars = any(threshold.unit == "$" for threshold, _ in numbers)
    is_market = bool(names & (CRYPTO | INDICES)) or is_dollars
    return bool(names & WEATHER) or (is_market and bool(names & TRADED_PRICE))


def _choice(
    contract: ContractText, statements: list[Statement]
) -> frozenset[tuple[str, str]] | None:
    """What YES picks of a question that offers several things; empty when it does not say."""
    if not statements[0].is_choice:
        return None
    title = fold(contract.title)
    mark = title.text.rfind(OUTCOME_MARKS[0])
    if mark >= 0:
        left = " " * mark + title.text[mark:]
        return frozenset(a.key for a in read_atoms(title, left, "title").atoms)
    label = contract.group_item or contract.yes_label
    text = fold("" if label.lower() in PLAIN_LABELS else label)
    return frozenset(a.key for a in read_atoms(text, text.text, "yes_label").atoms)


def _outcome_at(title: Folded) -> int:
    """Where the outcome begins in the title as written; its length when it names none."""
    mark = max(title.text.rfind(each) for each in OUTCOME_MARKS)
    return len(title.raw) if mark < 0 else title.place(mark, mark + 1)[0]


def _dated(
    atoms: tuple[Atom, ...],
    keys: set[tuple[str, str]],
    evidence: Evidence,
    window: Window,
    inferred: list[str],
) -> tuple[tuple[Atom, ...], Window]:
    """The year of an election or competition, from its edition or the ticker."""
    edition = edition_of(atoms)
    is_contest = bool(keys & CONTESTS or evidence.league) or any(k == "league" for k, _ in keys)
    if edition is not None:
        year = edition[1]
        atoms = tuple(a for a in atoms if a is not edition[0])
    elif is_contest and evidence.year is not None and evidence.day is None:
        year = evidence.year
        atoms = tuple(a for a in atoms if a.key != ("relation", "next"))
    else:
        return atoms, window
    first, last = civil.day_number(year, 1, 1), civil.day_number(year + 1, 1, 1)
    if first is None or last is None:
        return atoms, window
    inferred.append("window")
    return atoms, window._replace(period=Days(first, last))


def _placed(
    atoms: tuple[Atom, ...], keys: set[tuple[str, str]], inferred: list[str]
) -> tuple[Atom, ...]:
    """The country a US office or statistic belongs to when none is named."""
    places = {name for kind, name in keys if kind == "place"}
    if any(name.startswith("state of ") for name in places):
        return tuple(a for a in atoms if a.key != ("place", "us"))
    wants = any(name in US_OFFICES or name in US_MEASURES for _, name in keys)
    if places or not wants:
        return atoms
    inferred.append("subject")
    return (*atoms, Atom("place", "us", "title", 0, 0))


def _with_strikes(
    contract: ContractText,
    atoms: tuple[Atom, ...],
    found: list[tuple[Threshold, Place]],
    inferred: list[str],
) -> tuple[list[tuple[Threshold, Place]], list[str]]:
    """The numbers, with those of strike fields or ticker where the title has none."""
    strike = strike_threshold(contract)
    evidence = _evidence(contract)
    if strike is None and not found and evidence.strike is not None:
        strike = ticker_threshold(evidence)
        if strike is None:
            return found, _unread_strike(evidence, atoms)
    if strike is None or any(strike[:4] == threshold[:4] for threshold, _ in found):
        return found, []
    nowhere = ("title", 0, 0)
    if not found:
        inferred.append("threshold")
        return [(strike, nowhere)], []
    return [(strike, nowhere)], [f"the strike fields say {strike}, the title {found[0][0]}"]


def _unread_strike(evidence: Evidence, atoms: tuple[Atom, ...]) -> list[str]:
    """A hole, unless the ticker only repeats a number that the title says as a word."""
    said = {micros_of(a.name) for a in atoms if a.name.isdecimal()}
    if evidence.strike in said:
        return []
    return ["the ticker names a strike, not which side of it pays"]


def _gaps(
    fields: list[tuple[str, Folded]], numbers: list[tuple[Threshold, Place]], window: Window
) -> list[str]:
    """Why a title is no complete statement."""
    title = fields[0][1]
    text = title.text.strip()
    has_outcome = len(fields) > 1 or _outcome_at(title) < len(title.raw)
    gaps: list[str] = []
    if not text:
        gaps.append("no title")
    if len(title.raw) >= TITLE_MAX:
        gaps.append(f"a title of {TITLE_MAX} characters or more")
    if _asks(title) and not has_outcome:
        gaps.append("a question without its outcome")
    if text.startswith("how many") and not numbers and not has_outcome:
        gaps.append("a count without its number")
    if text.startswith("when ") and window.deadline is None and not has_outcome:
        gaps.append("a date question without its date")
    if text.startswith(("yes ", "no ")) and "," in text:
        gaps.append("a combination of several bets")
    if "will  " in title.text:
        gaps.append("a name is missing from the title")
    return gaps


def _picked(fixture: Fixture | None, contract: ContractText) -> Fixture | None:
    """The game with the side YES pays on, where a label or the venue's habit tells."""
    if fixture is None:
        return None
    sides = {pick_of(fixture, contract.yes_label), pick_of(fixture, contract.no_label)}
    fixture = fixture._replace(is_two_way=sides == {0, 1})
    if fixture.pick is not None:
        return fixture
    for label in (contract.group_item, contract.yes_label):
        if label.lower() not in PLAIN_LABELS:
            return fixture._replace(pick=pick_of(fixture, label))
    is_bare = fixture.rest[0] == fixture.rest[1] and fixture.score is None
    if contract.venue == "polymarket" and is_bare:
        # its first outcome is the team named first, its second the other
        return fixture._replace(pick=0, is_two_way=True)
    return fixture


def _house_source(venue: str, atoms: tuple[Atom, ...]) -> str:
    names = {a.name for a in atoms}
    if names & WEATHER:
        return HOUSE_SOURCES.get((venue, "weather"), "")
    if names & CRYPTO and names & TRADED_PRICE:
        return HOUSE_SOURCES.get((venue, "crypto"), "")
    return ""
