"""Can this verdict be taken, and what does it then say? Pure leaves of the matcher."""

from foreshock.core.domain.markets import Market, Pair
from foreshock.core.domain.messages.matching import PairDecided, VerdictRequested
from foreshock.core.domain.relations import RelationKind
from foreshock.core.domain.terms import Terms
from foreshock.core.domain.units import Instant
from foreshock.core.matching.standing import TRADED_RELATIONS, Standing


def verdict_of(
    standing: Standing, request: VerdictRequested, label: str, now_us: Instant
) -> PairDecided:
    """What a person said, on the terms that were read."""
    return PairDecided(
        pair_id=standing.pair_id,
        a=standing.a,
        b=standing.b,
        relation=relation_of(standing, request),
        label=label,
        verdict=request.verdict,
        origin="person",
        by=request.by,
        note=request.note,
        version=standing.version + 1,
        terms=request.terms,
        decided_us=now_us,
    )


def filed_verdict(standing: Standing, pair: Pair, terms: Terms, now_us: Instant) -> PairDecided:
    """What a pairs file says, on the terms met when both markets were first listed."""
    return PairDecided(
        pair_id=standing.pair_id,
        a=standing.a,
        b=standing.b,
        relation=pair.relation,
        label=pair.label,
        verdict="accept",
        origin="file",
        by=pair.confirmed_by,
        note=pair.note,
        version=standing.version + 1,
        terms=terms,
        decided_us=now_us,
    )


def relation_of(standing: Standing, request: VerdictRequested) -> RelationKind:
    """What the person says, else what was found, else what was decided before."""
    if request.relation is not None:
        return request.relation
    found = "unknown" if standing.related is None else standing.related.comparison.relation
    if standing.decided is not None and found not in TRADED_RELATIONS:
        return standing.decided.relation
    return found


def why_not_taken(
    standing: Standing | None, request: VerdictRequested, terms: Terms | None
) -> str | None:
    """Why a verdict cannot be taken; None when it can. terms: of both markets now."""
    if standing is None:
        return f"there is no pair {request.pair_id}"
    if terms is None:
        return "one of its markets is not listed: nobody can have read both texts"
    if terms != request.terms:
        return "a text changed since it was read: read both again"
    if request.verdict == "accept" and relation_of(standing, request) not in TRADED_RELATIONS:
        return "say whether it is identity or complement: the rules found neither"
    return None


def what_changed(before: Market | None, after: Market) -> str:
    """Which of a market's terms changed, in words."""
    if before is None:
        return "since it was decided the venue changed the terms"
    parts = {
        "the title": before.title != after.title,
        "the rules": before.rules != after.rules,
        "the resolution source": before.resolution_source != after.resolution_source,
        "the outcomes": (before.outcome_labels, before.outcome_ids)
        != (after.outcome_labels, after.outcome_ids),
    }
    changed = " and ".join(name for name, is_so in parts.items() if is_so)
    return f"the venue changed {changed or 'the terms'}"
