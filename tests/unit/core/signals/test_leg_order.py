"""Is the leg of the venue that follows bought first, and only when somebody really leads?"""

from collections.abc import Sequence

import msgspec
import pytest

from foreshock.core.domain.markets import MarketId, Pair, Relation
from foreshock.core.domain.messages.decisions import EdgeQuoted, PairListed
from foreshock.core.domain.messages.market_data import ConnectionOpened, MarketListed
from foreshock.core.domain.messages.signals import LeadMeasured
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Duration
from foreshock.core.pricing.edge import Package
from foreshock.core.pricing.packages import Legs
from foreshock.core.signals.arbitrage import ArbitrageScanner
from foreshock.core.signals.lead_lag_agent import LeadLagAgent, LeadLagSettings
from foreshock.core.signals.leg_order import LegOrder
from tests.trading import START, A, B
from tests.unit.core.pricing.prices import COSTS, ladder
from tests.unit.core.signals.driven import Driven
from tests.unit.core.signals.signal_feed import BEGIN, STARTED
from tests.unit.core.signals.test_arbitrage import (
    CHEAP,
    FAIR,
    KALSHI,
    POLY,
    SETTINGS,
    Desk,
    found,
    paired_desk,
    quotes,
)
from tests.unit.core.signals.test_arbitrage import pair as pair_listed
from tests.unit.core.signals.test_lead_lag_agent import A as LEADER
from tests.unit.core.signals.test_lead_lag_agent import B as FOLLOWER
from tests.unit.core.signals.test_lead_lag_agent import follow
from tests.unit.core.signals.test_lead_lag_agent import pair as led_pair

ORDER = ("polymarket", "kalshi")
LEAD_MIN = Duration(250_000)
PLAIN = Package("pair:yes-no", "pair", "a bet")


def pair(relation: Relation = "identity") -> Pair:
    return Pair(
        id="pair", a=A, b=B, relation=relation, label="a bet", confirmed_by="a person", note=""
    )


def lead(leader: str | None, lag: int = 600_000, pair_id: str = "pair") -> LeadMeasured:
    followed = {None: None, A: B, B: A}.get(MarketId(leader) if leader else None)
    return LeadMeasured(
        pair_id=pair_id,
        leader=leader,
        followed=followed,
        lag=Duration(lag),
        correlation_ppm=650_000,
        windows_stable_count=4,
        event_us=START,
    )


def first_legs(order: LegOrder, relation: Relation = "identity") -> set[tuple[str, str]]:
    packages = order.packages(pair(relation))
    return {(legs[0][0], package.order_words) for package, legs in packages}


def heard(*leads: LeadMeasured, lead_min: Duration | None = LEAD_MIN) -> LegOrder:
    order = LegOrder(ORDER, lead_min)
    for each in leads:
        order.hear(each)
    return order


@pytest.mark.parametrize("relation", ["identity", "complement"])
def test_the_followers_leg_is_the_first_of_both_packages(relation: Relation) -> None:
    words = "first leg: kalshi, because polymarket leads by 0.6 s"
    assert first_legs(heard(lead(A)), relation) == {(B, words)}
    words = "first leg: polymarket, because kalshi leads by 0.6 s"
    assert first_legs(heard(lead(B)), relation) == {(A, words)}


def test_without_a_leader_the_venues_fixed_order_holds_and_nothing_is_claimed() -> None:
    assert first_legs(heard()) == {(A, "")}
    assert first_legs(heard(lead(None))) == {(A, "")}
    assert first_legs(LegOrder(("kalshi", "polymarket"), LEAD_MIN)) == {(B, "")}


@pytest.mark.parametrize(("lag", "first"), [(0, A), (249_999, A), (250_000, B)])
def test_a_lead_shorter_than_an_order_takes_does_not_count(lag: int, first: str) -> None:
    """A lag of 0 says that the last window does not agree: how long it leads is not known."""
    assert {leg for leg, _ in first_legs(heard(lead(A, lag)))} == {first}


def test_it_can_be_switched_off() -> None:
    assert first_legs(heard(lead(A), lead_min=None)) == {(A, "")}


def test_the_last_word_on_a_pair_counts_and_says_whether_it_changed_anything() -> None:
    order = LegOrder(ORDER, LEAD_MIN)
    assert order.hear(lead(A))
    assert not order.hear(lead(A))
    assert order.hear(lead(B))
    assert order.hear(lead(None))
    assert not order.hear(lead(None))
    assert first_legs(order) == {(A, "")}


def test_a_pair_that_is_listed_again_begins_without_a_leader() -> None:
    order = heard(lead(A))
    order.forget("pair")
    assert first_legs(order) == {(A, "")}


def test_leaders_of_other_pairs_and_oracles_change_nothing() -> None:
    assert first_legs(heard(lead(B, pair_id="binance BTC-USD~kalshi:KXB"))) == {(A, "")}
    stranger = msgspec.structs.replace(lead(A), leader="binance BTC-USD")
    assert first_legs(heard(stranger)) == {(A, "")}


def test_sets_of_one_venue_keep_their_order() -> None:
    whole = Package("set:all-yes", "set", "all")
    legs: Legs = tuple((MarketId(f"polymarket:0x{place}"), "yes") for place in (3, 1, 2))
    assert heard(lead(A)).arranged(whole, legs) == (whole, legs)


def test_a_lead_of_whole_seconds_is_told_as_such() -> None:
    ((_, words), *_) = first_legs(heard(lead(A, 5 * MICRO)))
    assert words.endswith("leads by 5 s")


# ---- the scanner's packages ------------------------------------------------------------------

FOLLOWING = msgspec.structs.replace(SETTINGS, lead_min=LEAD_MIN)
THIN = (ladder((44, 40)), ladder((46, 1_000)))
"""Around 45 c; only 40 contracts of NO can be bought at once."""


def leads(leader: MarketId | None) -> LeadMeasured:
    return msgspec.structs.replace(lead(A), leader=leader, pair_id="pair")


def venues_of(said: Sequence[Message]) -> list[list[str]]:
    return [[leg.venue for leg in quote.edge.legs] for quote in quotes(said)]


def test_a_new_leader_turns_both_packages_around_and_a_lost_one_turns_them_back() -> None:
    desk = paired_desk(FOLLOWING)
    assert venues_of(desk.hear(leads(POLY.id))) == [["kalshi", "polymarket"]] * 2
    assert desk.hear(leads(POLY.id)) == []
    said = desk.see(POLY, CHEAP)
    (opportunity,) = found(said)
    assert [leg.venue for leg in opportunity.edge.legs] == ["kalshi", "polymarket"]
    assert opportunity.edge.order_words.startswith("first leg: kalshi")
    assert venues_of(desk.hear(leads(None))) == [["polymarket", "kalshi"]] * 2


def test_a_leader_is_told_before_the_books_or_after_them() -> None:
    desk = Desk(POLY, KALSHI, settings=FOLLOWING)
    desk.hear(pair_listed())
    desk.hear(leads(POLY.id))
    desk.see(POLY, FAIR)
    assert venues_of(desk.see(KALSHI, FAIR)) == [["kalshi", "polymarket"]] * 2
    assert desk.hear(pair_listed()) == []  # the same pair again: nothing is new


def test_the_risk_of_the_second_leg_is_that_of_the_leader() -> None:
    """What may be missed is the later leg: with Kalshi's thin book first, nothing of it counts."""
    chances: list[int] = []
    for settings in (SETTINGS, FOLLOWING):
        desk = Desk(POLY, KALSHI, settings=settings)
        desk.hear(pair_listed())
        desk.hear(leads(POLY.id))
        desk.see(POLY, CHEAP)
        (quote,) = (q for q in quotes(desk.see(KALSHI, THIN)) if q.edge.id == "pair:yes-no")
        chances.append(quote.edge.completion_ppm)
    assert chances[0] < chances[1]


def test_a_scanner_that_is_not_to_follow_hears_of_leaders_in_vain() -> None:
    assert paired_desk(SETTINGS).hear(leads(POLY.id)) == []


# ---- found by the desk itself ----------------------------------------------------------------


def test_a_leader_that_the_desk_finds_itself_turns_its_packages_around() -> None:
    """Polymarket moves, Kalshi does the same ten seconds later: after 20 minutes Kalshi is first."""
    desk = desk_with_scanner()
    follow(desk, 400)
    quoted = [message for message in desk.of(EdgeQuoted) if message.edge.pair_id == "pair-1"]
    firsts = [quote.edge.legs[0].venue for quote in quoted]
    turned = firsts.index("kalshi")
    assert turned > 0
    assert set(firsts[:turned]) == {"polymarket"}
    assert set(firsts[turned:]) == {"kalshi"}
    assert quoted[-1].edge.order_words == "first leg: kalshi, because polymarket leads by 10 s"


def desk_with_scanner() -> Driven:
    """A detector and a scanner, in the order of the desk; the venues' terms are real ones."""
    both = (MarketId(LEADER), MarketId(FOLLOWER))
    scanner, detector = ArbitrageScanner(COSTS, FOLLOWING), LeadLagAgent(LeadLagSettings())
    desk = Driven([scanner, detector], BEGIN)
    desk.tell(
        STARTED,
        ConnectionOpened(1, "polymarket", "polymarket", both),
        MarketListed(msgspec.structs.replace(POLY, id=both[0])),
        MarketListed(msgspec.structs.replace(KALSHI, id=both[1])),
        PairListed(led_pair()),
    )
    return desk
