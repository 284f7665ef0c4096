"""Is the fold of pairs bounded, and does it forget nothing that a person decided?"""

import pytest

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import matching as g
from foreshock.dashboard import pairs as module
from foreshock.dashboard.matching_words import MATCHING_SAYINGS
from foreshock.dashboard.pair_pages import QUEUE_MAX
from foreshock.dashboard.pairs import HISTORY_MAX, Pairs, standing
from tests.trading import START, A, B
from tests.unit.dashboard.told import (
    MEASURED,
    PAIR,
    Told,
    decided,
    related,
    reopened,
    watching,
)


def test_what_was_decided_stays_when_the_table_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAIRS_MAX", 3)
    pairs = Pairs()
    pairs.decide(decided(), START)
    for number in range(10):
        other = MarketId(f"kalshi:{number}")
        pairs.ask(g.PairNeedsReview(f"m-{number}", A, other, "look"), START)
    assert [known.id for known in pairs.all()] == ["pair-1", "m-8", "m-9"]
    assert pairs.between(MarketId("kalshi:9"), A) is pairs.get("m-9")
    assert pairs.between(A, MarketId("kalshi:1")) is None


def test_history_is_bounded_and_keeps_the_newest() -> None:
    pairs = Pairs()
    for version in range(1, HISTORY_MAX + 10):
        pairs.decide(decided(version=version), START)
    known = pairs.get("pair-1")
    assert known is not None
    assert len(known.history) == HISTORY_MAX
    assert [event.holds for event in known.history[:2]] == [True, False]


def test_a_file_does_not_unsay_what_a_person_said() -> None:
    pairs = Pairs()
    pairs.decide(decided(verdict="reject"), START)
    pairs.file(g.PairFiled(PAIR), START)
    known = pairs.get("pair-1")
    assert known is not None
    assert standing(known)[0] == "rejected"


def test_what_is_told_of_unknown_pairs_changes_nothing() -> None:
    pairs = Pairs()
    pairs.unlist(d.PairUnlisted("nobody", "x"), START)
    pairs.refuse(g.VerdictRefused("nobody", "x", "y"), START)
    assert list(pairs.all()) == []


def test_confirmed_pairs_show_how_they_stand() -> None:
    told = watching()
    (view,) = told.model.pairs(told.now_us)
    assert (view.standing, view.confirmed_by, view.version) == ("trading", "a test", 0)
    told.tell(reopened(), d.PairUnlisted("pair-1", "the rules changed"))
    assert told.model.pairs(told.now_us) == []
    told.tell(decided())
    (view,) = told.model.pairs(told.now_us)
    assert (view.confirmed_by, view.note, view.version) == ("dashboard", "both read to the end", 1)


def test_the_queue_is_bounded() -> None:
    told = Told()
    told.tell(*(g.PairNeedsReview(f"m-{n}", A, B, "look") for n in range(QUEUE_MAX + 5)))
    told.tell(*(msg(n) for n in range(QUEUE_MAX + 5)), MEASURED)
    assert len(told.model.pair_pages.review()) == QUEUE_MAX
    assert told.model.pair_pages.matching().review_count == QUEUE_MAX + 5


def msg(number: int) -> g.PairRelated:
    plain = related()
    return g.PairRelated(f"m-{number}", plain.label, plain.comparison, plain.terms)


def test_the_audit_follows_a_pair_from_finding_to_verdict() -> None:
    told = Told([related(), g.PairNeedsReview("pair-1", A, B, "look"), decided(), reopened()])
    kinds = [entry.kind for entry in told.model.why("pair-1").chain]
    assert kinds == ["PairRelated", "PairNeedsReview", "PairDecided", "PairReopened"]
    assert d.PairUnlisted in MATCHING_SAYINGS
