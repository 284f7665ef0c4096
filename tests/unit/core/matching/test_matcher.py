"""Does the matcher trade only what is proven or confirmed, and stop when a text changes?"""

from collections.abc import Iterable
from typing import TypeVar

import msgspec
import pytest

from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.decisions import PairListed, PairUnlisted
from foreshock.core.domain.messages.market_data import MarketListed, MarketResolved
from foreshock.core.domain.messages.matching import (
    MatchingMeasured,
    PairDecided,
    PairFiled,
    PairNeedsReview,
    PairRelated,
    PairReopened,
    SourcesRequested,
    SourcesRuled,
    Verdict,
    VerdictRefused,
    VerdictRequested,
)
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.relations import Comparison
from foreshock.core.domain.terms import Terms, terms_digest
from foreshock.core.domain.units import Instant, Price
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.matcher import TIMER, MatcherSettings
from foreshock.core.matching.standing import found_id
from tests.samples import market
from tests.trading import START, A, B
from tests.unit.core.matching.told import (
    APART,
    TITLE,
    UNSURE,
    Told,
    always,
    filed,
    found,
    kalshi,
    poly,
)

T = TypeVar("T", bound=Message)
ID = found_id(A, B)
TERMS = Terms(terms_digest(poly()), terms_digest(kalshi()))
EDITED = poly(rules="Resolves to Yes if the lower bound is above 3.75%.")


def only(kind: type[T], said: Iterable[Message]) -> list[T]:
    return [message for message in said if isinstance(message, kind)]


def kinds(said: Iterable[Message]) -> list[type[Message]]:
    return [type(message) for message in said]


def verdict(kind: Verdict = "accept", **changes: object) -> VerdictRequested:
    plain = VerdictRequested(
        pair_id=ID, verdict=kind, relation=None, by="Ada", note="read both", terms=TERMS
    )
    return msgspec.structs.replace(plain, **changes)


# ---- finding ---------------------------------------------------------------------------------


def test_a_proven_pair_takes_part_and_names_the_rules_that_proved_it() -> None:
    said = Told(always()).list_both()
    assert kinds(said) == [PairRelated, PairListed, MatchingMeasured]
    (listed,) = only(PairListed, said)
    assert (listed.pair.id, listed.pair.a, listed.pair.b) == (ID, A, B)
    assert listed.pair.confirmed_by == "the rules alone (test)"


def test_proof_alone_trades_nothing_where_a_person_is_wanted() -> None:
    said = Told(always(), trade_proven=False).list_both()
    assert kinds(said) == [PairRelated, PairNeedsReview, MatchingMeasured]


def test_what_is_most_likely_the_same_but_not_proven_waits_for_a_person() -> None:
    said = Told(always(is_tradable=False, refusals=("no rule text",))).list_both()
    assert kinds(said) == [PairRelated, PairNeedsReview, MatchingMeasured]


def test_an_unsure_pair_waits_for_a_person_and_says_why() -> None:
    said = Told(UNSURE).list_both()
    (asked,) = only(PairNeedsReview, said)
    assert asked == PairNeedsReview(ID, A, B, "one rule text is missing")
    assert only(PairListed, said) == []


def test_what_is_apart_is_counted_and_not_told() -> None:
    said = Told(APART).list_both()
    assert kinds(said) == [MatchingMeasured]
    (measured,) = only(MatchingMeasured, said)
    assert (measured.compared_count, measured.relations) == (1, {"disjoint": 1})


def test_a_tradable_subset_does_not_exist() -> None:
    said = Told(always(relation="subset")).list_both()
    assert only(PairListed, said) == []


def test_the_same_terms_again_are_not_compared_again() -> None:
    told = Told(always())
    told.list_both()
    assert told.tell(MarketListed(poly(status="paused", volume_24h=None))) == []
    assert told.wait() == []


def test_markets_of_one_venue_are_no_pair() -> None:
    told = Told(always())
    told.tell(MarketListed(poly()), MarketListed(market("polymarket:0xb", title=TITLE)))
    assert only(PairRelated, told.wait()) == []


def test_a_settled_market_is_no_candidate() -> None:
    told = Told(always())
    told.tell(MarketListed(poly()))
    told.wait()
    told.tell(MarketResolved(A, Price(0), START))
    told.tell(MarketListed(kalshi()))
    assert only(PairRelated, told.wait()) == []


def test_work_is_done_in_slices_so_that_a_catalogue_holds_nobody_up() -> None:
    compared: list[int] = [0]

    def counted(a: ContractText, b: ContractText) -> Comparison:
        compared[0] += 1
        return found(a.id, b.id, relation="disjoint", decision="reject", is_tradable=False)

    told = Told(counted, comparisons_max=5, candidates_max=3)
    markets = [
        market(f"{venue}:{n}", title=TITLE) for n in range(60) for venue in ("polymarket", "kalshi")
    ]
    told.tell(*(MarketListed(one) for one in markets))
    assert compared[0] == 0, "listing itself compares nothing"
    slices = 0
    while any(isinstance(m, SetTimer) for m in told.said):
        told.said.clear()
        before = compared[0]
        told.tell(TimerFired(TIMER))
        assert compared[0] - before < 5 + 3, "the last market of a slice may go over by its own"
        slices += 1
    assert compared[0] > 100
    assert slices >= compared[0] // 8


def test_markets_without_any_candidate_are_work_too() -> None:
    told = Told(UNSURE, comparisons_max=5)
    told.tell(*(MarketListed(market(f"polymarket:{n}", title=TITLE)) for n in range(20)))
    (measured,) = only(MatchingMeasured, told.wait())
    assert (measured.compared_count, told.slices_count) == (0, 4)


def test_relations_beyond_the_ceiling_are_counted() -> None:
    told = Told(UNSURE, relations_max=1)
    told.tell(*(MarketListed(market(f"{v}:{n}", title=TITLE)) for n in "12" for v in ("x", "y")))
    (*_, measured) = only(MatchingMeasured, told.wait())
    assert measured.untold_count == measured.compared_count - 1 > 0


def test_another_timer_is_not_ours() -> None:
    assert Told().tell(TimerFired("o1/deadline")) == []


# ---- deciding --------------------------------------------------------------------------------


def test_an_accepted_pair_takes_part_under_the_name_of_who_accepted_it() -> None:
    told = Told(UNSURE)
    told.list_both()
    said = told.tell(verdict())
    assert kinds(said) == [PairDecided, PairListed]
    (decided,) = only(PairDecided, said)
    assert (decided.version, decided.terms, decided.origin) == (1, TERMS, "person")
    assert only(PairListed, said)[0].pair.confirmed_by == "Ada"


@pytest.mark.parametrize("kind", ["reject", "block"])
def test_a_person_who_says_no_stops_what_the_rules_proved(kind: Verdict) -> None:
    told = Told(always())
    told.list_both()
    said = told.tell(verdict(kind))
    assert kinds(said) == [PairDecided, PairUnlisted]
    assert kind in only(PairUnlisted, said)[0].reason


def test_a_verdict_on_texts_that_changed_meanwhile_is_refused() -> None:
    told = Told(UNSURE)
    told.list_both()
    told.tell(MarketListed(EDITED))
    (refused,) = only(VerdictRefused, told.tell(verdict()))
    assert "changed since it was read" in refused.reason


def test_accepting_what_is_neither_needs_the_persons_word_for_which() -> None:
    told = Told(always(relation="overlap", decision="review", is_tradable=False))
    told.list_both()
    assert kinds(told.tell(verdict())) == [VerdictRefused]
    said = told.tell(verdict(relation="complement"))
    assert only(PairListed, said)[0].pair.relation == "complement"


def test_an_unknown_pair_cannot_be_decided() -> None:
    (refused,) = only(VerdictRefused, Told().tell(verdict(pair_id="nothing")))
    assert "no pair nothing" in refused.reason


def test_versions_count_the_verdicts_of_a_pair() -> None:
    told = Told(UNSURE)
    told.list_both()
    told.tell(verdict())
    (second,) = only(PairDecided, told.tell(verdict("reject")))
    assert second.version == 2


def test_changing_the_relation_takes_the_pair_out_before_it_returns() -> None:
    told = Told(UNSURE)
    told.list_both()
    told.tell(verdict())
    said = told.tell(verdict(relation="complement"))
    assert kinds(said) == [PairDecided, PairUnlisted, PairListed]


# ---- a side changes --------------------------------------------------------------------------


def test_a_rule_edit_stops_an_accepted_pair_in_the_same_step_and_asks_again() -> None:
    told = Told(UNSURE)
    told.list_both()
    told.tell(verdict())
    said = told.tell(MarketListed(EDITED))
    assert kinds(said) == [PairReopened, PairUnlisted, PairNeedsReview]
    (reopened,) = only(PairReopened, said)
    assert (reopened.market, reopened.version) == (A, 1)
    assert reopened.reason == f"the venue changed the rules of {A}"


def test_a_reopened_pair_stays_out_even_when_the_text_returns_or_the_rules_prove_it() -> None:
    told = Told(always())
    told.list_both()
    told.tell(MarketListed(EDITED))
    assert only(PairListed, told.wait()) == []
    told.tell(MarketListed(poly()))
    assert only(PairListed, told.wait()) == []
    assert only(PairListed, told.tell(verdict())) != []


def test_a_rejected_pair_is_looked_at_again_when_its_texts_change() -> None:
    told = Told(UNSURE)
    told.list_both()
    told.tell(verdict("reject"))
    assert PairNeedsReview in kinds(told.tell(MarketListed(EDITED)))


def test_a_blocked_pair_stays_blocked_whatever_the_venue_writes() -> None:
    told = Told(always())
    told.list_both()
    told.tell(verdict("block"))
    said = [*told.tell(MarketListed(EDITED)), *told.wait()]
    assert not {PairReopened, PairListed, PairNeedsReview} & set(kinds(said))
    assert kinds(told.tell(PairFiled(filed()))) == [VerdictRefused]


@pytest.mark.parametrize(
    "change", [{"title": "Other"}, {"resolution_source": "x"}, {"outcome_labels": ("No", "Yes")}]
)
def test_every_term_that_decides_the_settlement_reopens(change: dict[str, object]) -> None:
    told = Told(always())
    told.list_both()
    assert PairUnlisted in kinds(told.tell(MarketListed(poly(**change))))


@pytest.mark.parametrize(
    "change", [{"status": "paused"}, {"closes_us": START}, {"fee": None}, {"volume_24h": 5}]
)
def test_what_does_not_decide_the_settlement_stops_nothing(change: dict[str, object]) -> None:
    told = Told(always())
    told.list_both()
    assert PairUnlisted not in kinds([*told.tell(MarketListed(poly(**change))), *told.wait()])


# ---- files and restarts ----------------------------------------------------------------------


def test_a_filed_pair_counts_once_both_markets_are_listed() -> None:
    told = Told(APART)
    assert told.tell(PairFiled(filed()), MarketListed(poly())) == []
    said = told.tell(MarketListed(kalshi()))
    assert kinds(said) == [PairDecided, PairListed]
    assert only(PairListed, said)[0].pair == filed()
    assert only(PairDecided, said)[0].origin == "file"


def test_a_filed_pair_is_compared_all_the_same_and_what_is_found_is_told() -> None:
    told = Told(APART)
    told.tell(PairFiled(filed()))
    assert [r.comparison.relation for r in only(PairRelated, told.list_both())] == ["disjoint"]


def test_an_id_that_is_taken_is_refused() -> None:
    told = Told()
    other = filed(b="kalshi:OTHER")
    assert kinds(told.tell(PairFiled(filed()), PairFiled(other))) == [VerdictRefused]


def carried(*markets: Market) -> PairDecided:
    """The verdict that the first run of these markets put on record."""
    told = Told()
    said = told.tell(PairFiled(filed()), *(MarketListed(one) for one in markets))
    return only(PairDecided, said)[0]


def test_a_carried_verdict_holds_while_the_texts_do_and_the_file_adds_nothing() -> None:
    told = Told(APART)
    first = carried(poly(), kalshi())
    assert told.tell(first, PairFiled(filed())) == []
    said = told.list_both()
    assert only(PairDecided, said) == []
    assert only(PairListed, said)[0].pair == filed()


def test_a_carried_verdict_on_other_texts_reopens_and_the_file_does_not_help() -> None:
    told = Told(always())
    told.tell(carried(EDITED, kalshi()), PairFiled(filed()))
    said = told.list_both()
    assert only(PairListed, said) == []
    (reopened,) = only(PairReopened, said)
    assert reopened.market == A


def test_what_was_reopened_in_an_earlier_run_is_so_in_this_one() -> None:
    first = Told(always())
    first.list_both()
    (reopened,) = only(PairReopened, first.tell(MarketListed(EDITED)))
    told = Told(always())
    told.tell(reopened)
    assert only(PairListed, told.list_both()) == []


def test_a_file_that_says_something_new_is_a_new_verdict() -> None:
    told = Told(UNSURE)
    told.tell(carried(poly(), kalshi()), PairFiled(filed(note="read again on 2026-11-21")))
    (decided,) = only(PairDecided, told.list_both())
    assert (decided.version, decided.note) == (2, "read again on 2026-11-21")


def test_a_persons_later_no_outlives_the_file() -> None:
    told = Told()
    no = msgspec.structs.replace(
        carried(poly(), kalshi()), verdict="reject", origin="person", version=2
    )
    told.tell(carried(poly(), kalshi()), no, PairFiled(filed()))
    assert only(PairListed, told.list_both()) == []


def test_a_verdict_carried_after_the_markets_counts_too() -> None:
    told = Told(APART)
    told.list_both()
    assert PairListed in kinds(told.tell(carried(poly(), kalshi())))


# ---- sources ---------------------------------------------------------------------------------


def by_source(a: ContractText, b: ContractText) -> Comparison:
    if a.source == b.source:
        return found(a.id, b.id)
    return found(a.id, b.id, decision="review", is_tradable=False, refusals=("other sources",))


def test_allowed_sources_count_as_one_until_that_is_taken_back() -> None:
    told = Told(by_source)
    told.tell(
        MarketListed(poly(resolution_source="https://bls.gov")),
        MarketListed(kalshi(resolution_source="https://www.bls.gov/cpi")),
    )
    assert only(PairListed, told.wait()) == []
    ask = SourcesRequested(
        sources=("https://www.bls.gov/cpi", "https://bls.gov"), are_same=True, by="Ada", note="one"
    )
    (ruled,) = only(SourcesRuled, told.tell(ask))
    assert (ruled.by, ruled.ruled_us) == ("Ada", told.now_us)
    assert len(only(PairListed, told.wait())) == 1
    told.tell(msgspec.structs.replace(ask, are_same=False))
    said = told.wait()
    assert kinds(said)[:3] == [PairRelated, PairUnlisted, PairNeedsReview]


def test_the_settings_have_a_ceiling_for_everything() -> None:
    settings = MatcherSettings()
    assert min(settings.comparisons_max, settings.candidates_max, settings.relations_max) > 0
    assert Instant(settings.pause) > 0


def test_a_moved_closing_time_is_no_new_text_but_a_new_comparison() -> None:
    """What the rules prove with one closing time they may not prove with another."""

    def by_close(a: ContractText, b: ContractText) -> Comparison:
        if a.closes_us == b.closes_us:
            return found(a.id, b.id)
        return found(a.id, b.id, decision="review", is_tradable=False, refusals=("other ends",))

    told = Told(by_close)
    told.list_both()
    assert told.tell(MarketListed(poly(closes_us=START))) == []
    assert kinds(told.wait())[:3] == [PairRelated, PairUnlisted, PairNeedsReview]
