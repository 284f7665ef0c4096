"""Is the proof of a relation enough to put money on it?

Stricter than accepting: every clause read from both rule texts and agreeing, or a person who has
read both and said so. Nobody can say so for a contract that may stand for outcomes yet unnamed.
"""

from foreshock.core.domain.relations import ClauseComparison, Decision, RelationKind
from foreshock.core.matching.atoms import read_atoms
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.text import fold

TRADED: tuple[RelationKind, ...] = ("identity", "complement")
MUST_AGREE = ("source",)
"""Clauses that must be there and agree; of the others absent on both sides is enough."""


def refusals_of(
    pair: tuple[ContractText, ContractText],
    verdict: tuple[RelationKind, Decision],
    clauses: tuple[ClauseComparison, ...],
    *,
    is_confirmed: bool = False,
) -> tuple[str, ...]:
    """Why the pair may not be traded; empty when it may.

    is_confirmed: a person has read both rule texts and confirmed the relation. That replaces the
    matcher's decision and unread clauses; it cannot make another relation tradable, nor "Other".
    """
    relation, decision = verdict
    found: list[str] = []
    if relation not in TRADED:
        found.append(f"the relation is {relation}")
    found.extend(
        f"{contract.id} may stand for outcomes yet unnamed"
        for contract in pair
        if _is_open(contract)
    )
    if is_confirmed:
        return tuple(found)
    if decision != "accept":
        found.append(f"the matcher's decision is {decision}")
    found.extend(
        f"the rules of {contract.id} are not at hand"
        for contract in pair
        if not contract.rules.strip()
    )
    return (*found, *_unproven(clauses))


def _unproven(clauses: tuple[ClauseComparison, ...]) -> tuple[str, ...]:
    """The clauses that do not agree, and those that must be stated and are not."""
    found: list[str] = []
    for clause in clauses:
        if clause.agreement in {"differ", "unknown"}:
            found.append(f"{clause.clause}: {clause.words}")
        elif clause.agreement == "absent" and clause.clause in MUST_AGREE:
            found.append(f"{clause.clause}: not stated on either side")
    return tuple(found)


def _is_open(contract: ContractText) -> bool:
    """Whether this is the rest of an augmented group: "Other", or a placeholder."""
    if not contract.is_augmented:
        return False
    texts = (contract.title, contract.group_item, contract.yes_label)
    return any(read_atoms(folded, folded.text, "title").holes for folded in map(fold, texts))
