"""How do two contracts relate, how sure is that, and what does it rest on?

Every clause is compared by itself; the relation follows from the clauses that differ. Identity or
complement is accepted only when nothing differs and nothing is unknown in what the statements
say; unknown clauses go to a person, contradictions are rejected.
"""

from typing import NamedTuple

from foreshock.core.domain.relations import (
    ClauseComparison,
    Comparison,
    Decision,
    RelationKind,
)
from foreshock.core.matching.atoms import Atom
from foreshock.core.matching.calibration import Tier, confidence_ppm
from foreshock.core.matching.checks import (
    SUBJECT_KINDS,
    Check,
    Difference,
    check_announcement,
    check_atoms,
    check_polarity,
    check_rule_numbers,
    check_source,
    check_subject,
    check_threshold,
    check_void,
    difference,
)
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.fixtures import Fixture, is_shortened, turned
from foreshock.core.matching.lexicon import DRAWLESS, DRAWN
from foreshock.core.matching.payoffs import payoff_matrix
from foreshock.core.matching.reading import Reading, read
from foreshock.core.matching.time_checks import (
    check_deadline,
    check_moment,
    check_window,
    is_same_kickoff,
)
from foreshock.core.matching.tradable import refusals_of

MATCHER = "clauses-1"
"""Version of these rules; a pair decided by another version is compared again."""
ACCEPT_PPM = 920_000
UNKNOWN_MAX = 2
"""Unknown clauses a person is asked about; with more there is nothing to read side by side."""
EXTRA_MAX = 4
"""Words only one side has, in all, beyond which the two are about different things."""
RELATION_KINDS = frozenset({"relation", "measure", "office", "word", "filler", "after"})
COMPETITION_KINDS = frozenset({"league"})
RULES_ONLY = ("source", "void", "announcement")
"""Clauses that only rule texts state: unknown keeps from trading, not from accepting."""
SOFT = (*RULES_ONLY, "polarity")
"""Clauses whose difference a person may judge: the statements themselves are the same."""
ONE_WINNER = frozenset({("relation", "win"), ("relation", "nominee"), ("relation", "next")})
WINNER_KINDS = frozenset({"name", "club", "party"})
UNSAID = ("unknown", "absent")
READINGS_MAX = 50_000


class Verdict(NamedTuple):
    """What the checks come to."""

    relation: RelationKind
    decision: Decision
    tier: Tier
    reason: str


class Comparer:
    """Compares contracts and remembers their readings."""

    def __init__(self, readings_max: int = READINGS_MAX) -> None:
        self._readings_max = readings_max
        self._readings: dict[ContractText, Reading] = {}

    @property
    def readings_count(self) -> int:
        """Readings that are remembered."""
        return len(self._readings)

    def __call__(self, a: ContractText, b: ContractText) -> Comparison:
        """Relate two contracts."""
        return compare(self._reading(a), self._reading(b))

    def _reading(self, contract: ContractText) -> Reading:
        known = self._readings.get(contract)
        if known is None:
            if len(self._readings) >= self._readings_max:
                self._readings.pop(next(iter(self._readings)))
            known = self._readings[contract] = read(contract)
        return known


def compare(a: Reading, b: Reading) -> Comparison:
    """Relate two readings."""
    checks = _checks(a, b)
    verdict = _verdict(a, b, checks)
    clauses = tuple(_as_clause(check) for check in checks)
    void = next(check for check in checks if check.clause == "void")
    pair = (a.contract, b.contract)
    refusals = refusals_of(pair, (verdict.relation, verdict.decision), clauses)
    return Comparison(
        a=a.contract.id,
        b=b.contract.id,
        relation=verdict.relation,
        decision=verdict.decision,
        confidence_ppm=confidence_ppm(verdict.tier),
        clauses=clauses,
        payoffs=payoff_matrix(verdict.relation, void.agreement),
        reason=verdict.reason,
        is_tradable=not refusals,
        refusals=refusals,
        matcher=MATCHER,
    )


def _checks(a: Reading, b: Reading) -> tuple[Check, ...]:
    found = difference(a, b)
    is_game = a.fixture is not None and b.fixture is not None
    # what a game's title says besides its teams tells which market it is
    kinds = RELATION_KINDS | SUBJECT_KINDS if is_game else RELATION_KINDS
    return (
        check_subject(a, b, found),
        check_atoms("relation", kinds, (a, b), found),
        check_threshold(a, b),
        _worse(check_window(a, b), check_moment(a, b)),
        check_deadline(a, b),
        check_source(a, b),
        check_atoms("competition", COMPETITION_KINDS, (a, b), found),
        check_void(a, b),
        check_announcement(a, b),
        check_polarity(a, b),
        *check_rule_numbers(a, b),
        *_game_checks(a, b),
    )


def _verdict(a: Reading, b: Reading, checks: tuple[Check, ...]) -> Verdict:
    if a.contract == b.contract:
        return Verdict("identity", "accept", "stated", "one and the same contract")
    against = [c for c in checks if c.agreement == "differ"]
    hard = [c for c in against if c.clause not in SOFT and c.set_relation != "complement"]
    unknown = [c for c in checks if c.agreement == "unknown" and c.clause not in RULES_ONLY]
    if a.needs_source or b.needs_source:
        unknown += [c for c in checks if c.clause == "source" and c.agreement in UNSAID]
    relation = _relation(a, b, checks, hard, unknown)
    mirrored = [c for c in against if c.clause == "threshold" and c.set_relation == "complement"]
    if against == mirrored and not unknown and relation in {"identity", "complement"}:
        tier = tier_of(a, b)
        decision: Decision = "accept" if confidence_ppm(tier) >= ACCEPT_PPM else "review"
        return Verdict(relation, decision, tier, _why_equal(relation, checks))
    if _is_hopeless(a, b, hard, unknown, relation):
        return Verdict(relation, "reject", "reject", _why_not((*hard, *unknown, *against)))
    open_clauses = (*unknown, *against)
    return Verdict(relation, "review", "review", _why_ask(open_clauses))


def _relation(
    a: Reading, b: Reading, checks: tuple[Check, ...], hard: list[Check], unknown: list[Check]
) -> RelationKind:
    """What the clauses that differ leave of the payoffs."""
    soft = [c for c in checks if c.agreement == "differ" and c.clause in RULES_ONLY]
    if unknown or soft or len(hard) > 1:
        return "unknown"
    if not hard:
        mirrored = any(c.clause == "threshold" and c.set_relation == "complement" for c in checks)
        return _flipped("identity", a, b, is_mirrored=mirrored)
    only = hard[0]
    if only.clause in {"threshold", "deadline"}:
        return _flipped(only.set_relation, a, b)
    is_exclusive = only.clause == "subject" and _is_one_winner(a, b)
    return "disjoint" if is_exclusive else "unknown"


def _flipped(
    relation: RelationKind, a: Reading, b: Reading, *, is_mirrored: bool = False
) -> RelationKind:
    """The relation after the sides that YES picks and denials are taken into account."""
    turns = int(a.is_negated != b.is_negated) + int(is_mirrored)
    picks = _picks(a, b)
    if picks is not None and picks[0] != picks[1]:
        if _may_be_drawn(a, b):
            return "disjoint" if relation == "identity" else "unknown"
        turns += 1
    if turns % 2 == 0:
        return relation
    return {"identity": "complement", "complement": "identity"}.get(relation, "unknown")  # pyright: ignore[reportReturnType]  # both are relations


def _picks(a: Reading, b: Reading) -> tuple[int, int] | None:
    """The side each pays on, as a side of `a`'s game; None when a game has no side to pay on."""
    if a.fixture is None or b.fixture is None:
        return None
    if a.fixture.pick is None or b.fixture.pick is None:
        return None
    return a.fixture.pick, turned(a.fixture, b.fixture, b.fixture.pick)


def _may_be_drawn(a: Reading, b: Reading) -> bool | None:
    """Whether a draw is an outcome of the game; None when that is not known."""
    fixtures = [r.fixture for r in (a, b) if r.fixture is not None]
    leagues = {f.league for f in fixtures}
    if leagues & DRAWN:
        return True  # a venue's two labels do not keep a league's games from ending level
    return False if any(f.is_two_way for f in fixtures) or leagues & DRAWLESS else None


def _game_checks(a: Reading, b: Reading) -> tuple[Check, ...]:
    """What two games' markets must share besides the teams: a side to pay on, a score."""
    first, second = a.fixture, b.fixture
    if first is None or second is None:
        return ()
    if is_shortened(first, second) and not is_same_kickoff(a, b):
        words = "both teams' names are shortened, and the hour of play is not known"
        return (Check("subject", "unknown", "", "", words),)
    picks = _picks(a, b)
    if picks is not None and picks[0] != picks[1] and _may_be_drawn(a, b) is None:
        words = "they pay on either side, and whether the game can be drawn is not known"
        return (Check("polarity", "unknown", "", "", words),)
    is_known = first.pick is not None and second.pick is not None
    if not is_known and (first.pick != second.pick or _pays_a_side(a) or _pays_a_side(b)):
        words = "which team it pays on is not said on both sides"
        return (Check("polarity", "unknown", "", "", words),)
    return _score_checks(first, second)


def _pays_a_side(reading: Reading) -> bool:
    """Whether a game's market is on its winner, having nothing else to be on."""
    has_score = reading.fixture is not None and reading.fixture.score is not None
    return not (reading.atoms or reading.thresholds or has_score)


def _score_checks(first: Fixture, second: Fixture) -> tuple[Check, ...]:
    if (first.score is None) != (second.score is None):
        return (Check("relation", "differ", "", "", "an exact score against another market"),)
    if first.score is None or second.score is None:
        return ()
    is_turned = turned(first, second, 0) == 1
    score = second.score[::-1] if is_turned else second.score
    same = "agree" if score == first.score else "differ"
    words = f"{first.score[0]}-{first.score[1]} against {score[0]}-{score[1]}"
    return (Check("threshold", same, "", "", words),)


def _is_one_winner(a: Reading, b: Reading) -> bool:
    """Whether the two say of different winners that they win the same thing."""
    found = difference(a, b)
    if a.holes or b.holes or a.fixture is not None or not (found.only_a or found.only_b):
        return False
    return _names_winners(a, found.only_a) and _names_winners(b, found.only_b)


def _names_winners(reading: Reading, only: tuple[Atom, ...]) -> bool:
    """Whether all that is different stands where the winner does: before "win", or as outcome."""
    verb = next((x for x in reading.atoms if x.key in ONE_WINNER), None)
    if verb is None or verb.field != "title":
        return False
    kinds = WINNER_KINDS | ({"place"} if reading.has("league") else set[str]())
    return all(
        x.kind in kinds
        and len(x.name) > 1
        and (x.field != "title" or x.start < verb.start or x.start > reading.outcome_at)
        for x in only
    )


def _is_hopeless(
    a: Reading,
    b: Reading,
    hard: list[Check],
    unknown: list[Check],
    relation: RelationKind,
) -> bool:
    """Whether there is nothing a person could still confirm as the same bet."""
    found = difference(a, b)
    both_extra = found.only_a and found.only_b and not _only_announced(found)
    too_many = len(found.only_a) + len(found.only_b) > EXTRA_MAX
    if hard or a.holes or b.holes or both_extra or too_many:
        return True
    if relation not in {"identity", "complement", "unknown"}:
        return True
    return len(unknown) > UNKNOWN_MAX


def _only_announced(found: Difference) -> bool:
    extra = [x for x in (*found.only_a, *found.only_b) if x.name != "announced"]
    return not extra


def tier_of(a: Reading, b: Reading) -> Tier:
    """What an accepted pair rests on, for its calibration."""
    if a.fixture is not None:
        return "game"
    return "inferred" if a.inferred or b.inferred else "stated"


def _worse(first: Check, second: Check) -> Check:
    """The one of two checks of a clause that says less good."""
    order = ("differ", "unknown", "agree", "absent")
    return min(first, second, key=lambda check: order.index(check.agreement))


def _as_clause(check: Check) -> ClauseComparison:
    return ClauseComparison(
        clause=check.clause,
        agreement=check.agreement,
        a=check.a,
        b=check.b,
        spans_a=check.spans_a,
        spans_b=check.spans_b,
        words=check.words,
    )


def _why_equal(relation: RelationKind, checks: tuple[Check, ...]) -> str:
    agreed = [c.clause for c in checks if c.agreement == "agree"]
    absent = [c.clause for c in checks if c.agreement == "absent"]
    kind = "the same bet" if relation == "identity" else "one bet from its two sides"
    said = f"{kind}: {', '.join(dict.fromkeys(agreed))} agree"
    return said + (f"; not stated by either: {', '.join(dict.fromkeys(absent))}" if absent else "")


def _why_not(checks: tuple[Check, ...]) -> str:
    said = [f"{c.clause}: {c.words}" for c in checks]
    return "not the same bet: " + "; ".join(dict.fromkeys(said)) if said else "different words"


def _why_ask(checks: tuple[Check, ...]) -> str:
    said = [f"{c.clause}: {c.words}" for c in checks]
    return "a person should look: " + "; ".join(dict.fromkeys(said))
