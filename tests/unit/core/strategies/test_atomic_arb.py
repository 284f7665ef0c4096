"""Does the strategy ask once for a pair, and rest when it did not work?"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.markets import Pair
from foreshock.core.domain.messages.account import FeesVaried
from foreshock.core.domain.messages.decisions import (
    Opportunity,
    PackageClosed,
    PackageOutcome,
    PairListed,
    PairUnlisted,
    TradeRefused,
    TradeRequest,
)
from foreshock.core.domain.messages.operations import ResumeRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant, Money
from foreshock.core.strategies.atomic_arb import ASKED_PAIRS_MAX, AtomicArb, AtomicArbSettings
from tests.trading import START, A, B, contracts, edge

SETTINGS = AtomicArbSettings(
    refusal_cooldown=Duration(5 * SECOND), miss_cooldown=Duration(10 * SECOND)
)


def found(number: int, pair_id: str = "pair-1") -> Opportunity:
    return Opportunity(f"{pair_id}@{number}", edge(pair_id=pair_id), START)


def closed(request: TradeRequest, outcome: PackageOutcome) -> PackageClosed:
    return PackageClosed(
        package_id=request.id,
        pair_id=request.edge.pair_id,
        outcome=outcome,
        quantity=contracts(10),
        paid=Money(0),
        fees=Money(0),
        locked=Money(0),
        realised=Money(0),
        naked_for=Duration(0),
    )


def heard(agent: AtomicArb, message: Message, after_s: int = 0) -> list[TradeRequest]:
    answers = list(agent.handle(message, Instant(START + after_s * SECOND)))
    assert all(isinstance(answer, TradeRequest) for answer in answers)
    return [answer for answer in answers if isinstance(answer, TradeRequest)]


def asked(agent: AtomicArb, number: int = 1, after_s: int = 0) -> TradeRequest:
    (request,) = heard(agent, found(number), after_s)
    return request


def test_an_opportunity_becomes_a_request_that_carries_it() -> None:
    opportunity = found(1)
    (request,) = heard(AtomicArb(SETTINGS), opportunity)
    assert request == TradeRequest("atomic-arb:pair-1@1", "atomic-arb", opportunity.edge, START)


def test_one_package_a_pair_and_other_pairs_are_free() -> None:
    agent = AtomicArb(SETTINGS)
    asked(agent)
    assert heard(agent, found(2), after_s=60) == []
    assert len(heard(agent, found(3, "pair-2"), after_s=60)) == 1


def test_a_hedged_package_frees_the_pair_at_once() -> None:
    agent = AtomicArb(SETTINGS)
    heard(agent, closed(asked(agent), "hedged"))
    assert asked(agent, 2).id == "atomic-arb:pair-1@2"


@pytest.mark.parametrize("outcome", ["missed", "unwound", "residual"])
def test_a_package_that_did_not_work_rests_the_pair(outcome: PackageOutcome) -> None:
    agent = AtomicArb(SETTINGS)
    heard(agent, closed(asked(agent), outcome))
    assert heard(agent, found(2), after_s=9) == []
    asked(agent, 3, after_s=10)


def test_a_refused_request_rests_the_pair() -> None:
    agent = AtomicArb(SETTINGS)
    heard(agent, TradeRefused(asked(agent), Refusal("HALTED", "trading is halted")))
    assert heard(agent, found(2), after_s=4) == []
    asked(agent, 3, after_s=5)


def test_the_same_books_are_never_asked_for_twice() -> None:
    agent = AtomicArb(SETTINGS)
    heard(agent, closed(asked(agent), "missed"))
    assert heard(agent, found(1), after_s=60) == []


def test_what_was_found_in_the_step_that_stopped_the_pair_is_not_asked_for() -> None:
    agent = AtomicArb(SETTINGS)
    heard(agent, PairUnlisted("pair-1", "the rules changed"))
    assert heard(agent, found(1)) == []
    assert len(heard(agent, found(1, "pair-2"))) == 1
    pair = Pair(
        id="pair-1", a=A, b=B, relation="identity", label="", confirmed_by="someone", note=""
    )
    heard(agent, PairListed(pair))
    assert len(heard(agent, found(1))) == 1


@pytest.mark.parametrize(("is_tolerated", "asked_count"), [(True, 1), (False, 0)])
def test_a_pair_is_stopped_by_fees_that_are_not_tolerated_until_a_person_resumes(
    *, is_tolerated: bool, asked_count: int
) -> None:
    agent = AtomicArb(SETTINGS)
    heard(agent, FeesVaried("p1", "pair-1", A, Money(1), Money(2), is_tolerated))
    assert len(heard(agent, found(1))) == asked_count
    heard(agent, ResumeRequested("all", "a person"))
    assert len(heard(agent, found(2, "pair-1"), after_s=60)) == 1 - asked_count


def test_an_end_of_another_package_changes_nothing() -> None:
    agent = AtomicArb(SETTINGS)
    request = asked(agent)
    other = msgspec.structs.replace(request, id="somebody-else:1")
    heard(agent, closed(other, "hedged"))
    heard(agent, TradeRefused(other, Refusal("HALTED", "trading is halted")))
    assert heard(agent, found(2), after_s=60) == []


def test_what_is_remembered_of_resting_pairs_is_bounded() -> None:
    """The pair forgotten first may be asked for on the same books again."""
    agent = AtomicArb(SETTINGS)
    for number in range(ASKED_PAIRS_MAX + 1):
        (request,) = heard(agent, found(1, f"pair-{number}"))
        heard(agent, closed(request, "hedged"))
    assert len(heard(agent, found(1, "pair-0"))) == 1
    assert heard(agent, found(1, f"pair-{ASKED_PAIRS_MAX}")) == []


events = st.lists(
    st.tuples(
        st.sampled_from(["found", "hedged", "missed", "refused"]),
        st.sampled_from(["pair-1", "pair-2"]),
        st.integers(0, 6),
    ),
    max_size=40,
)


@given(events)
def test_never_two_open_packages_of_a_pair_and_repeats_make_the_same_ids(
    script: list[tuple[str, str, int]],
) -> None:
    def run() -> list[str]:
        agent, now_s = AtomicArb(SETTINGS), 0
        open_requests: dict[str, TradeRequest] = {}
        ids: list[str] = []
        for number, (event, pair_id, step_s) in enumerate(script):
            now_s += step_s
            request = open_requests.get(pair_id)
            if event == "found":
                for answer in heard(agent, found(number, pair_id), now_s):
                    assert request is None
                    open_requests[pair_id] = answer
                    ids.append(answer.id)
            elif request is not None:
                del open_requests[pair_id]
                refusal = TradeRefused(request, Refusal("HALTED", ""))
                ends = {"hedged": closed(request, "hedged"), "missed": closed(request, "missed")}
                assert heard(agent, ends.get(event, refusal), now_s) == []
        assert len(ids) == len(set(ids))
        return ids

    assert run() == run()
