"""How does a command decide a pair on the running desk, and know that the verdict is on record?"""

import time
from urllib.parse import quote

import msgspec

from foreshock.app.client import PROOF_PAUSE_S, PROOF_TRIES, ask, tell
from foreshock.app.exits import CommandError, Exit
from foreshock.app.instance import Instance
from foreshock.core.domain.terms import Terms
from foreshock.dashboard.pair_views import EventView, MatchingView, PairDetailView

MARK_CHARS = 8
"""Of each text's digest: enough to tell two wordings apart."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wants decided. seen: the mark that was shown with both texts, if given."""

    verdict: str
    relation: str | None
    by: str
    note: str
    seen: str | None


def pair_detail(instance: Instance, pair_id: str) -> PairDetailView:
    """Everything about one pair. Raises CommandError when nobody told of it."""
    return ask(instance, _path(pair_id), PairDetailView)


def mark_of(pair: PairDetailView) -> str | None:
    """A short name for both texts as they stand; None while one is not listed."""
    terms = _terms(pair)
    return None if terms is None else terms.a[:MARK_CHARS] + terms.b[:MARK_CHARS]


def decide(instance: Instance, pair_id: str, wish: Wish) -> EventView:
    """Give a verdict and wait until it is on record. Raises CommandError when it is not taken."""
    before = pair_detail(instance, pair_id)
    mark = mark_of(before)
    if wish.seen is not None and wish.seen != mark:
        raise CommandError(
            Exit.FAILED,
            "TERMS_CHANGED",
            f"a text of {pair_id} is not the one marked {wish.seen}: nothing was decided",
            f"read both again: foreshock pairs show {pair_id}",
        )
    terms = _terms(before) or Terms("", "")
    body: dict[str, object] = {
        "verdict": wish.verdict,
        "relation": wish.relation,
        "by": wish.by,
        "note": wish.note,
        "terms": {"a": terms.a, "b": terms.b},
    }
    tell(instance, f"{_path(pair_id)}/decide", body)
    return _on_record(instance, pair_id, before, wish)


def rule_sources(
    instance: Instance, sources: tuple[str, str], *, are_same: bool, by: str, note: str
) -> None:
    """Let two sources count as one, or no longer. Raises CommandError when it is not on record."""
    body: dict[str, object] = {
        "a": sources[0],
        "b": sources[1],
        "are_same": are_same,
        "by": by,
        "note": note,
    }
    tell(instance, "/api/sources", body)
    for _ in range(PROOF_TRIES):
        listed = ask(instance, "/api/matching", MatchingView).sources
        if any({s.a, s.b} == set(sources) for s in listed) == are_same:
            return
        time.sleep(PROOF_PAUSE_S)
    raise _not_proven("the ruling")


def _on_record(instance: Instance, pair_id: str, before: PairDetailView, wish: Wish) -> EventView:
    for _ in range(PROOF_TRIES):
        history = pair_detail(instance, pair_id).history
        new = history[: len(history) - len(before.history)] or _newer(history, before.history)
        decided = next((event for event in new if event.kind == wish.verdict), None)
        if decided is not None:
            return decided
        refused = next((event for event in new if event.kind == "refused"), None)
        if refused is not None:
            raise CommandError(
                Exit.FAILED,
                "VERDICT_REFUSED",
                f"the verdict was not taken: {refused.note}",
                f"foreshock pairs show {pair_id}",
            )
        time.sleep(PROOF_PAUSE_S)
    raise _not_proven("the verdict")


def _newer(history: list[EventView], known: list[EventView]) -> list[EventView]:
    """What came since, where the history is as long as it gets."""
    newest = max((event.at_us for event in known), default=0)
    return [event for event in history if event.at_us > newest]


def _not_proven(what: str) -> CommandError:
    return CommandError(
        Exit.FAILED,
        "VERDICT_NOT_PROVEN",
        f"{what} was asked for, but the desk has not put it on record yet",
        "look with: foreshock pairs review",
    )


def _terms(pair: PairDetailView) -> Terms | None:
    if pair.a is None or pair.b is None:
        return None
    return Terms(pair.a.terms, pair.b.terms)


def _path(pair_id: str) -> str:
    return f"/api/pairs/{quote(pair_id, safe='')}"
