"""Which pairs of endings are possible when two contracts relate in a certain way?"""

from typing import Final, get_args

from foreshock.core.domain.relations import (
    ClauseAgreement,
    JointOutcome,
    PayoffCell,
    RelationKind,
)

ENDINGS: Final[tuple[JointOutcome, ...]] = get_args(JointOutcome)
_IMPOSSIBLE: Final[dict[RelationKind, dict[tuple[JointOutcome, JointOutcome], str]]] = {
    "identity": {
        ("yes", "no"): "the same statement cannot be true and false",
        ("no", "yes"): "the same statement cannot be true and false",
    },
    "complement": {
        ("yes", "yes"): "one is true exactly when the other is false",
        ("no", "no"): "one is true exactly when the other is false",
    },
    "subset": {("yes", "no"): "whenever the first is true, the second is"},
    "superset": {("no", "yes"): "whenever the second is true, the first is"},
    "disjoint": {("yes", "yes"): "both cannot be true"},
}


def payoff_matrix(relation: RelationKind, voids: ClauseAgreement) -> tuple[PayoffCell, ...]:
    """All nine joint endings, row by row: `a` is yes, no, void; within it `b` is.

    voids: whether the void clauses agree; unless they do, one side may void alone.
    """
    impossible = _IMPOSSIBLE.get(relation, {})
    cells: list[PayoffCell] = []
    for a in ENDINGS:
        for b in ENDINGS:
            if "void" in {a, b}:
                cells.append(_void_cell(a, b, voids))
            elif words := impossible.get((a, b)):
                cells.append(PayoffCell(a, b, is_possible=False, words=words))
            else:
                cells.append(PayoffCell(a, b, is_possible=True, words="possible"))
    return tuple(cells)


def _void_cell(a: JointOutcome, b: JointOutcome, voids: ClauseAgreement) -> PayoffCell:
    if a == b:
        return PayoffCell(a, b, is_possible=True, words="both are voided")
    if voids == "agree":
        words = "the same event voids both"
        return PayoffCell(a, b, is_possible=False, words=words)
    return PayoffCell(a, b, is_possible=True, words="one venue may void what the other settles")
