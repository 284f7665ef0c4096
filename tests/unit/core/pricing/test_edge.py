"""Is the whole sum right, against us in doubt, and never a number where something is unknown?"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.books import Levels
from foreshock.core.domain.edges import Edge, Refusal
from foreshock.core.domain.markets import CurveFee, Market, Outcome, SeriesFee, opposite
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    SECOND,
    Instant,
    Money,
    Price,
    Quantity,
    complement,
)
from foreshock.core.pricing.depth import affordable, total
from foreshock.core.pricing.edge import (
    ROUNDING_MAX,
    Costs,
    Package,
    PackageLeg,
    best_edge,
    leg_of,
    price_package,
    smallest_clip,
)
from foreshock.core.pricing.fees import FeePack
from foreshock.core.pricing.frictions import FrictionPack, VenueFriction
from foreshock.core.pricing.sizing import clip_sizes
from tests.unit.core.pricing.prices import (
    COSTS,
    LIMITS,
    NOW,
    book,
    kalshi,
    ladder,
    leg,
    polymarket,
)

PACKAGE = Package("pair:yes-no", "pair", "a bet")
HUNDRED = Quantity(100 * MICRO)
DEEP = ladder((39, 1_000))


def priced(legs: list[PackageLeg], quantity: Quantity = HUNDRED, costs: Costs = COSTS) -> Edge:
    edge = price_package(PACKAGE, legs, quantity, costs, NOW)
    assert isinstance(edge, Edge)
    return edge


def best(legs: list[PackageLeg], costs: Costs = COSTS) -> Edge:
    smallest = smallest_clip(legs, costs.frictions)
    assert not isinstance(smallest, Refusal)
    edge = best_edge(PACKAGE, legs, smallest, LIMITS, costs, NOW)
    assert isinstance(edge, Edge)
    return edge


def pair_of_legs() -> list[PackageLeg]:
    """YES at 40 c at Polymarket and NO at 50 c at Kalshi, ample depth, a cent of spread."""
    return [
        leg(polymarket(), "yes", bids=ladder((39, 1_000)), asks=ladder((40, 1_000))),
        leg(kalshi(), "no", bids=ladder((50, 1_000)), asks=ladder((51, 1_000))),
    ]


def test_the_sum_by_hand() -> None:
    """100 at 40 c and 50 c: every part worked out on paper."""
    edge = priced(pair_of_legs())
    assert edge.payout == 100 * MICRO
    assert edge.cost == 90 * MICRO
    # 100 x 0.04 x 0.4 x 0.6 and 100 x 0.07 x 0.5 x 0.5
    assert [one.fee for one in edge.legs] == [960_000, 1_750_000]
    # half a cent of gas and 0.17 % of 40 dollars; nothing at Kalshi
    assert [one.friction for one in edge.legs] == [73_000, 0]
    # 92.783 dollars for 11 days at 4 % a year
    assert edge.lockup == 111_848
    # 0.1 % of unwinding YES: 1 c of spread on 100, the fee paid, and 100 x 0.04 x 0.39 x 0.61
    assert edge.completion_ppm == 999_000
    assert edge.hedge_risk == 2_912
    assert edge.net == 100_000_000 - 90_000_000 - 2_710_000 - 73_000 - 111_848 - 2_912
    assert edge.net_per_contract == 71_022  # down from 71,022.4
    # (net + lockup) / 92.783 dollars x 365 / 11 days
    assert edge.annualised_ppm == 2_579_961
    assert edge.locked_for == 11 * 86_400 * SECOND


def test_the_low_end_has_every_leg_one_tick_worse() -> None:
    edge = priced(pair_of_legs())
    # 2 c on 100 contracts; fees at 41 c and 51 c: 0.9676 and 1.7493
    slipped_fees = 967_600 + 1_749_300 - 2_710_000
    assert edge.net_low == edge.net - 2 * MICRO - slipped_fees


def test_the_edge_names_its_books_limits_and_versions() -> None:
    legs = pair_of_legs()
    edge = priced(legs, Quantity(10 * MICRO))
    for one, of in zip(edge.legs, legs, strict=True):
        assert (one.market, one.outcome) == (of.market.id, of.outcome)
        assert (one.book_epoch, one.book_recv_us) == (of.book.epoch, of.book.recv_us)
        assert one.limit == of.offers[0][0]
        assert one.fee_version == COSTS.fees[one.venue].version
    assert edge.friction_version == COSTS.frictions.version


def test_a_deeper_walk_costs_each_level_at_its_price() -> None:
    legs = [
        leg(polymarket(), "yes", bids=DEEP, asks=ladder((40, 60), (41, 60))),
        leg(kalshi(), "no", bids=ladder((50, 30), (49, 200)), asks=ladder((51, 500))),
    ]
    edge = priced(legs)
    assert [one.limit for one in edge.legs] == [410_000, 510_000]
    assert edge.legs[0].levels == ladder((40, 60), (41, 40))
    assert edge.cost == (60 * 40 + 40 * 41 + 30 * 50 + 70 * 51) * 10_000


def test_nobody_to_sell_to_makes_the_whole_first_leg_the_risk() -> None:
    legs = pair_of_legs()
    stuck = [leg(polymarket(), "yes", bids=(), asks=ladder((40, 1_000))), legs[1]]
    assert priced(stuck).hedge_risk == 40_960  # 0.1 % of 40.96 dollars
    assert priced(stuck).net < priced(legs).net


def test_a_second_leg_without_surplus_is_less_likely_and_dearer() -> None:
    legs = pair_of_legs()
    tight = [legs[0], leg(kalshi(), "no", bids=ladder((50, 100)), asks=ladder((51, 100)))]
    assert priced(tight).completion_ppm == 975_000
    assert priced(tight).hedge_risk > priced(legs).hedge_risk


def test_a_late_message_of_the_second_leg_counts_and_of_the_first_does_not() -> None:
    legs = pair_of_legs()

    def late(of: PackageLeg) -> PackageLeg:
        seen = book(of.market.id, of.book.bids, of.book.asks, lag=3 * SECOND)
        return leg_of(of.market, of.outcome, seen)

    assert priced([late(legs[0]), legs[1]]).completion_ppm == 999_000
    assert priced([legs[0], late(legs[1])]).completion_ppm == 979_000


def test_an_unknown_settlement_day_is_charged_long_and_has_no_yearly_return() -> None:
    known, second = pair_of_legs()
    unknown = leg(polymarket(settles_us=None), "yes", known.book.bids, known.book.asks)
    edge = priced([unknown, second])
    assert edge.annualised_ppm is None
    assert edge.locked_for is None
    assert edge.lockup > priced([known, second]).lockup


# ---- which clip ------------------------------------------------------------------------------


def test_the_best_clip_stops_where_the_next_level_no_longer_pays() -> None:
    legs = [
        leg(polymarket(), "yes", bids=DEEP, asks=ladder((40, 100), (52, 400))),
        leg(kalshi(), "no", bids=ladder((50, 1_000)), asks=ladder((51, 100))),
    ]
    assert best(legs).quantity == HUNDRED


def test_a_clip_that_is_likely_to_complete_beats_a_richer_one() -> None:
    legs = [
        leg(polymarket(), "yes", bids=DEEP, asks=ladder((40, 1_000))),
        leg(kalshi(), "no", bids=ladder((50, 100)), asks=ladder((51, 100))),
    ]
    edge = best(legs)
    assert edge.quantity == 80 * MICRO
    assert edge.completion_ppm >= LIMITS.completion_ppm_min
    assert edge.net < priced(legs, HUNDRED).net


def test_a_clip_that_nets_enough_a_contract_beats_a_richer_one() -> None:
    legs = [
        leg(polymarket(), "yes", bids=DEEP, asks=ladder((40, 50), (46, 400))),
        leg(kalshi(), "no", bids=ladder((50, 1_000)), asks=ladder((51, 100))),
    ]
    edge, larger = best(legs), priced(legs, Quantity(400 * MICRO))
    assert edge.net_per_contract >= LIMITS.net_per_contract_min > larger.net_per_contract


def test_a_loss_is_priced_at_the_smallest_clip() -> None:
    legs = [
        leg(polymarket(), "yes", bids=DEEP, asks=ladder((55, 100))),
        leg(kalshi(), "no", bids=ladder((50, 100)), asks=ladder((51, 100))),
    ]
    assert best(legs).quantity == 5 * MICRO
    assert best(legs).net < 0


def test_the_smallest_clip_suits_both_venues_and_a_dollar_order() -> None:
    legs = [
        leg(polymarket(), "yes", bids=(), asks=ladder((3, 100))),
        leg(kalshi(quantity_step=Quantity(MICRO)), "no", bids=ladder((50, 100)), asks=()),
    ]
    assert smallest_clip(legs, COSTS.frictions) == 34 * MICRO


def test_less_depth_than_the_minimum_is_priced_as_it_is() -> None:
    legs = [
        leg(polymarket(), "yes", bids=DEEP, asks=ladder((40, 3))),
        leg(kalshi(), "no", bids=ladder((50, 100)), asks=ladder((51, 100))),
    ]
    assert best(legs).quantity == 3 * MICRO


def test_less_than_one_step_is_refused() -> None:
    crumb = ((Price(400_000), Quantity(9_999)),)
    legs = [
        leg(polymarket(), "yes", bids=DEEP, asks=crumb),
        leg(kalshi(), "no", bids=ladder((50, 100)), asks=()),
    ]
    refusal = best_edge(PACKAGE, legs, Quantity(5 * MICRO), LIMITS, COSTS, NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "BELOW_MINIMUM_SIZE"


# ---- what is not known -----------------------------------------------------------------------


def refused(legs: list[PackageLeg], costs: Costs = COSTS) -> Refusal:
    refusal = price_package(PACKAGE, legs, HUNDRED, costs, NOW)
    assert isinstance(refusal, Refusal)
    return refusal


def test_an_unknown_fee_is_no_number() -> None:
    first, second = pair_of_legs()
    odd = kalshi(fee=SeriesFee("flat", MICRO))
    refusal = refused([first, leg(odd, "no", second.book.bids, second.book.asks)])
    assert refusal.code == "FEE_UNKNOWN"
    assert "'flat'" in refusal.words
    assert refused([leg(polymarket(fee=None), "yes", DEEP, DEEP), second]).code == "FEE_UNKNOWN"


def test_unknown_frictions_are_no_number() -> None:
    nothing = msgspec.structs.replace(COSTS.frictions, venues={})
    without = Costs(COSTS.fees, nothing)
    assert refused(pair_of_legs(), without).code == "FRICTION_UNKNOWN"
    refusal = smallest_clip(pair_of_legs(), nothing)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "FRICTION_UNKNOWN"


def test_an_empty_or_short_book_says_who_sells_too_little() -> None:
    first, _ = pair_of_legs()
    empty = leg(kalshi(), "no", bids=(), asks=ladder((51, 100)))
    refusal = refused([first, empty])
    assert (refusal.code, refusal.words) == (
        "BOOK_MISSING",
        "only 0 contracts of NO at kalshi are offered",
    )
    assert smallest_clip([first, empty], COSTS.frictions) == refusal
    short = leg(kalshi(), "no", bids=ladder((50, 99)), asks=())
    assert refused([first, short]).words.startswith("only 99 contracts")


# ---- properties ------------------------------------------------------------------------------

ticks = st.integers(1, 98)
sizes = st.integers(1, 2_000)
sides = st.lists(st.tuples(ticks, sizes), min_size=1, max_size=12, unique_by=lambda t: t[0])
FREE = VenueFriction(
    gas_per_leg=Money(0),
    bridge_ppm=0,
    fx_ppm=0,
    onramp_ppm=0,
    settlement_delay=COSTS.frictions.venues["kalshi"].settlement_delay,
    order_cost_min=Money(0),
)
NO_FRICTIONS = FrictionPack(
    version="none",
    cash_ppm=0,
    lockup_unknown=COSTS.frictions.lockup_unknown,
    venues={"polymarket": FREE, "kalshi": FREE},
)


@st.composite
def honest_books(draw: st.DrawFn) -> tuple[Levels, Levels]:
    """Bids strictly below asks, best first, on a one-cent grid."""
    prices = sorted(draw(st.lists(st.integers(1, 99), min_size=2, max_size=16, unique=True)))
    cut = draw(st.integers(1, len(prices) - 1))
    bids = tuple((price, draw(sizes)) for price in reversed(prices[:cut]))
    asks = tuple((price, draw(sizes)) for price in prices[cut:])
    return ladder(*bids), ladder(*asks)


@given(honest_books(), st.sampled_from(["yes", "no"]), st.booleans())
def test_identical_prices_never_net_anything(
    sides_: tuple[Levels, Levels], outcome: Outcome, is_free: bool
) -> None:
    bids, asks = sides_
    costs = COSTS
    first, second = polymarket(), kalshi()
    if is_free:
        costs = Costs(COSTS.fees, NO_FRICTIONS)
        first, second = polymarket(fee=CurveFee(0, 1)), kalshi(fee=SeriesFee("quadratic", 0))
    legs = [leg(first, outcome, bids, asks), leg(second, opposite(outcome), bids, asks)]
    smallest = smallest_clip(legs, costs.frictions)
    assert not isinstance(smallest, Refusal)
    edge = best_edge(PACKAGE, legs, smallest, LIMITS, costs, NOW)
    assert isinstance(edge, Edge)
    assert edge.net <= 0
    assert edge.net_low <= edge.net


@given(honest_books())
def test_a_mirrored_market_prices_like_the_original(sides_: tuple[Levels, Levels]) -> None:
    """YES of a market is NO of its mirror: the same prices from the other outcome."""
    bids, asks = sides_
    mirrored_bids = tuple((complement(price), size) for price, size in asks)
    mirrored_asks = tuple((complement(price), size) for price, size in bids)
    second = leg(kalshi(), "no", bids, asks)
    plain = leg(polymarket(), "yes", bids, asks)
    mirror = leg(polymarket(), "no", mirrored_bids, mirrored_asks)
    first, other = (
        price_package(PACKAGE, [one, second], Quantity(MICRO), COSTS, NOW)
        for one in (plain, mirror)
    )
    assert isinstance(first, Edge)
    assert isinstance(other, Edge)
    assert (first.net, first.net_low) == (other.net, other.net_low)


def random_legs(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> list[PackageLeg]:
    asks, bids = ladder(*sorted(first)), ladder(*sorted(second, reverse=True))
    return [
        leg(polymarket(), "yes", bids=ladder((1, 50)), asks=asks),
        leg(kalshi(), "no", bids=bids, asks=ladder((99, 50))),
    ]


@given(sides, sides)
def test_every_part_adds_up_and_every_rounding_is_against_us(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    edge = price_package(PACKAGE, random_legs(first, second), Quantity(MICRO), COSTS, NOW)
    assert isinstance(edge, Edge)
    assert (
        edge.net
        == edge.payout - edge.cost - edge.fees - edge.frictions - edge.lockup - edge.hedge_risk
    )
    for one in edge.legs:
        exact = sum(price * quantity for price, quantity in one.levels)
        assert exact <= one.cost * MICRO < exact + MICRO
    assert edge.net_per_contract * edge.quantity <= edge.net * MICRO
    assert min(edge.fees, edge.frictions, edge.lockup, edge.hedge_risk) >= 0
    assert edge.net_low <= edge.net


def with_multiplier(market: Market, multiplier_ppm: int) -> Market:
    return msgspec.structs.replace(market, fee=SeriesFee("quadratic", multiplier_ppm))


@given(sides, sides, st.integers(0, MICRO), st.integers(0, MICRO))
def test_a_higher_fee_never_nets_more(
    first: list[tuple[int, int]], second: list[tuple[int, int]], one: int, two: int
) -> None:
    legs = random_legs(first, second)
    nets: list[int] = []
    for multiplier in sorted((one, two)):
        dearer = with_multiplier(legs[1].market, multiplier)
        changed = [legs[0], leg_of(dearer, "no", legs[1].book)]
        nets.append(priced(changed, min(total(one.offers) for one in legs)).net)
    assert nets[0] >= nets[1]


@given(sides, sides)
def test_no_size_earns_more_than_those_that_are_priced(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    """Prices and fees alone, roundings aside; what waiting and hedging cost is the gates' part."""
    legs = random_legs(first, second)
    smallest = smallest_clip(legs, COSTS.frictions)
    assert not isinstance(smallest, Refusal)
    ladders = [one.offers for one in legs]
    step = legs[0].market.quantity_step

    def earned(quantity: Quantity) -> int:
        edge = priced(legs, quantity)
        return edge.payout - edge.cost - edge.fees

    found = clip_sizes(ladders, smallest, step, LIMITS, 1)
    most = max(earned(quantity) for quantity in found)
    largest = min(affordable(one, LIMITS.leg_cost_max) for one in ladders)
    for quantity in range(smallest, min(largest, LIMITS.quantity_max) + 1, 29 * MICRO):
        assert earned(Quantity(quantity)) <= most + 2 * ROUNDING_MAX


@pytest.mark.parametrize("epoch", [0, 7])
def test_price_depends_on_nothing_but_its_arguments(epoch: int) -> None:
    legs = pair_of_legs()
    seen = msgspec.structs.replace(legs[0].book, epoch=epoch, recv_us=Instant(NOW - SECOND))
    again = [leg_of(legs[0].market, "yes", seen), legs[1]]
    assert priced(again) == priced(again)
    assert priced(again).net == priced(legs).net


def test_a_price_of_a_whole_dollar_is_as_dear_as_slipping_gets() -> None:
    legs = [
        leg(polymarket(), "yes", bids=DEEP, asks=ladder((99, 1_000))),
        leg(kalshi(), "no", bids=ladder((99, 1_000)), asks=()),
    ]
    edge = priced(legs)
    assert edge.net_low <= edge.net
    assert edge.net - edge.net_low < 2 * (PAYOUT - 980_000) * 100


def test_fees_are_those_of_the_day() -> None:
    """Before its first schedule a venue's fee is unknown, whatever the market says."""
    pack = COSTS.fees["kalshi"]
    late = msgspec.structs.replace(pack.schedules[0], effective_us=Instant(NOW + SECOND))
    fees = {**COSTS.fees, "kalshi": FeePack("kalshi", "late", (late,))}
    assert refused(pair_of_legs(), Costs(fees, COSTS.frictions)).code == "FEE_UNKNOWN"


def test_what_lies_beyond_the_reach_of_a_limit_counts_as_not_there() -> None:
    seen = leg(polymarket(), "yes", (), ladder((40, 10), (42, 20), (43, 30)))
    near = leg_of(seen.market, seen.outcome, seen.book, Price(20_000))
    assert [price for price, _ in near.offers] == [Price(400_000), Price(420_000)]
    assert leg_of(seen.market, seen.outcome, seen.book).offers == seen.offers
