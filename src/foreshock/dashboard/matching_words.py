"""What do the messages about pairs say, in plain English? Their rows of the table in `words`."""

from collections.abc import Callable, Mapping
from typing import Any

from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import matching as g
from foreshock.core.domain.messages.union import Message
from foreshock.dashboard.quoting import quoted

DONE = {"accept": "accepted", "reject": "rejected", "block": "blocked for good"}


def _pair_filed(x: g.PairFiled) -> tuple[str, str]:
    by = quoted(x.pair.confirmed_by)
    return x.pair.id, f"{quoted(x.pair.label)}: the pairs file says {by} confirmed it"


def _pair_related(x: g.PairRelated) -> tuple[str, str]:
    found = x.comparison
    proof = "proven" if found.is_tradable else "not proven enough to trade"
    words = f"{found.a} and {found.b}: {found.relation}, {found.decision}, {proof}"
    return x.pair_id, f"{words}: {quoted(found.reason)}"


def _pair_needs_review(x: g.PairNeedsReview) -> tuple[str, str]:
    return x.pair_id, f"a person must compare {x.a} and {x.b}: {quoted(x.reason)}"


def _verdict_requested(x: g.VerdictRequested) -> tuple[str, str]:
    return x.pair_id, f"{x.by} asks to {x.verdict} the pair{_noted(x.note)}"


def _verdict_refused(x: g.VerdictRefused) -> tuple[str, str]:
    return x.pair_id, f"the verdict of {x.by} was not taken: {quoted(x.reason)}"


def _pair_decided(x: g.PairDecided) -> tuple[str, str]:
    relation = f" as {x.relation}" if x.verdict == "accept" else ""
    words = f"{DONE[x.verdict]}{relation} by {quoted(x.by)}, version {x.version}{_noted(x.note)}"
    return x.pair_id, f"{quoted(x.label)}: {words}"


def _pair_reopened(x: g.PairReopened) -> tuple[str, str]:
    return x.pair_id, f"what was decided no longer holds: {quoted(x.reason)}"


def _pair_unlisted(x: d.PairUnlisted) -> tuple[str, str]:
    return x.pair_id, f"the pair takes part no longer: {quoted(x.reason)}"


def _sources_requested(x: g.SourcesRequested) -> tuple[str, str]:
    return "sources", f"{x.by} asks to {_sources(x.sources, are_same=x.are_same)}{_noted(x.note)}"


def _sources_ruled(x: g.SourcesRuled) -> tuple[str, str]:
    first, second = (quoted(source) for source in x.sources)
    now = "count as one source" if x.are_same else "no longer count as one source"
    return "sources", f"{first} and {second} {now}, by {x.by}{_noted(x.note)}"


def _matching_measured(x: g.MatchingMeasured) -> tuple[str, str]:
    words = f"{x.compared_count} comparisons among {x.contracts_count} contracts"
    return "matching", f"{words}, {x.waiting_count} markets wait"


def _sources(sources: tuple[str, str], *, are_same: bool) -> str:
    first, second = (quoted(source) for source in sources)
    return f"count {first} and {second} as {'one source' if are_same else 'two again'}"


def _noted(note: str) -> str:
    return f": {quoted(note)}" if note else ""


MATCHING_SAYINGS: Mapping[type[Message], Callable[[Any], tuple[str, str]]] = {
    g.PairFiled: _pair_filed,
    g.PairRelated: _pair_related,
    g.PairNeedsReview: _pair_needs_review,
    g.VerdictRequested: _verdict_requested,
    g.VerdictRefused: _verdict_refused,
    g.PairDecided: _pair_decided,
    g.PairReopened: _pair_reopened,
    d.PairUnlisted: _pair_unlisted,
    g.SourcesRequested: _sources_requested,
    g.SourcesRuled: _sources_ruled,
    g.MatchingMeasured: _matching_measured,
}
