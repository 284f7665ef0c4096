"""Do value at risk and score mean what they say, whatever is held?"""

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from foreshock.core.domain.messages.risk import PartName, RiskPart
from foreshock.core.domain.units import DAY, PAYOUT, Duration, Instant, Money, Price, Quantity
from foreshock.core.risk.position_risk import (
    FAR,
    LOCKED_FULL,
    NEAR,
    POINTS_MAX,
    WEIGHTS,
    Measures,
    Standing,
    judged,
    points_of,
    score_of,
    value_at_risk,
    worst_loss,
)
from foreshock.core.risk.volatility import HOUR, Volatility, volatility_of
from tests.trading import START, A, B, cents, contracts, dollars

QUANTITIES = st.integers(-(10**12), 10**12).map(Quantity)
PRICES = st.integers(0, PAYOUT).map(Price)
SEEN = st.builds(Volatility, st.integers(0, 10**15), st.integers(0, 116), st.integers(0, 120))
HORIZONS = st.integers(HOUR // 60, 30 * DAY).map(Duration)
MOVED = Volatility(squares=60 * 5_000**2, intervals_count=60, changes_count=40)
"""Half a cent in five minutes: 1.73 cents an hour, 8.49 cents a day."""


def standing(quantity: int = contracts(100), price: int = cents(40), **changes: object) -> Standing:
    held, each = Quantity(quantity), Price(price)
    plain = Standing(
        tokens=((A, "yes"),),
        is_package=False,
        quantity=held,
        worth=Money(held * each // PAYOUT),
        worst_loss=worst_loss(held, each),
        volatility=MOVED,
        settles_us=Instant(START + 60 * DAY),
        may_pay=False,
        exit_cost=Money(0),
        doubt_ppm=None,
        loss_full=dollars(100),
        platform_ppm=0,
    )
    return replace(plain, **changes)


def at_risk(held: Standing, horizon: int = DAY) -> Money:
    found, _ = value_at_risk(held, Measures(horizon=Duration(horizon)))
    return held.worst_loss if found is None else found


def test_the_value_at_risk_is_the_quantile_of_the_move() -> None:
    """8.49 cents a day x 1.645 = 13.97 cents a contract, rounded up, of 100 contracts."""
    found, basis = value_at_risk(standing(), Measures())
    assert (found, basis) == (Money(13_957_080), "moves")


def test_it_is_no_more_than_what_can_be_lost() -> None:
    held = standing(price=cents(5))
    assert value_at_risk(held, Measures()) == (dollars(5), "moves")
    owed = standing(quantity=-contracts(100), price=cents(97))
    assert value_at_risk(owed, Measures()) == (dollars(3), "moves")


def test_what_may_pay_within_the_time_can_lose_everything() -> None:
    held = standing(may_pay=True, volatility=Volatility(0, 0, 0))
    assert value_at_risk(held, Measures()) == (dollars(40), "resolution")


def test_an_unknown_price_has_an_unknown_risk() -> None:
    held = standing(volatility=Volatility(10**9, 29, 29))
    assert value_at_risk(held, Measures()) == (None, "unknown")
    told = judged(held, Measures(), START)
    assert (told.volatility, told.value_at_risk, told.known_percent) == (None, None, 80)


def test_a_package_that_pays_the_same_whatever_happens_has_no_price_risk() -> None:
    package = standing(tokens=((A, "yes"), (B, "no")), is_package=True, worst_loss=dollars(100))
    assert value_at_risk(package, Measures()) == (Money(0), "certain")
    told = judged(package, Measures(), START)
    assert told.worst_loss == dollars(100)
    assert told.volatility is None
    assert [part.name for part in told.parts] == ["loss", "clauses", "time", "exit", "platform"]


@given(QUANTITIES, PRICES, SEEN, HORIZONS, st.booleans())
def test_it_never_exceeds_the_worst_loss(
    quantity: Quantity, price: Price, seen: Volatility, horizon: Duration, may_pay: bool
) -> None:
    held = standing(quantity, price, volatility=seen, may_pay=may_pay)
    assert 0 <= at_risk(held, horizon) <= held.worst_loss


@given(QUANTITIES, PRICES)
def test_the_worst_loss_is_what_the_contract_can_lose(quantity: Quantity, price: Price) -> None:
    each = price if quantity >= 0 else PAYOUT - price
    assert 0 <= worst_loss(quantity, price) - abs(quantity) * each // PAYOUT <= 1


@given(PRICES, SEEN, HORIZONS)
def test_nothing_held_risks_nothing(price: Price, seen: Volatility, horizon: Duration) -> None:
    assert at_risk(standing(0, price, volatility=seen), horizon) == 0


@given(QUANTITIES, st.integers(1, 10**12), PRICES, SEEN, HORIZONS)
def test_it_grows_with_the_quantity(
    quantity: Quantity, more: int, price: Price, seen: Volatility, horizon: Duration
) -> None:
    further = quantity + more if quantity >= 0 else quantity - more
    held = standing(quantity, price, volatility=seen)
    assert at_risk(held, horizon) <= at_risk(standing(further, price, volatility=seen), horizon)


@given(QUANTITIES, PRICES, SEEN, HORIZONS, st.integers(0, DAY))
def test_it_grows_with_the_time(
    quantity: Quantity, price: Price, seen: Volatility, horizon: Duration, more: int
) -> None:
    held = standing(quantity, price, volatility=seen)
    assert at_risk(held, horizon) <= at_risk(held, horizon + more)


@given(QUANTITIES, PRICES, SEEN, st.integers(0, 3_000_000), st.integers(0, 1_000_000))
def test_it_grows_with_the_confidence(
    quantity: Quantity, price: Price, seen: Volatility, quantile: int, more: int
) -> None:
    held = standing(quantity, price, volatility=seen)
    less, surer = (
        value_at_risk(held, Measures(quantile_ppm=one)) for one in (quantile, quantile + more)
    )
    assert (less[0] is None) == (surer[0] is None)
    assert (less[0] or 0) <= (surer[0] or 0)


def test_about_one_day_in_twenty_loses_more_than_two_hours_made_one_expect() -> None:
    """A price that goes on as it went: 5 %, and a little more for what two hours cannot tell."""
    exceeded, days = 0, 600
    for seed in range(days):
        rng, mid, mids = random.Random(seed), 500_000, dict[int, int]()
        for minute in range(121):
            mid += rng.choice((-1_000, 1_000))
            mids[minute] = mid
        held = standing(contracts(100), mid, volatility=volatility_of(mids))
        lost = 100 * -sum(rng.choice((-1_000, 1_000)) for _ in range(24 * 60))
        exceeded += lost > at_risk(held)
    assert 0.03 * days < exceeded < 0.08 * days


# ---- the score -----------------------------------------------------------------------------

NAMES: list[PartName] = list(WEIGHTS)
PARTS = st.lists(st.none() | st.integers(0, POINTS_MAX), min_size=1, max_size=6).map(
    lambda found: [
        RiskPart(NAMES[place], WEIGHTS[NAMES[place]], points, points)
        for place, points in enumerate(found)
    ]
)


@given(PARTS, st.integers(0, 5), st.integers(0, POINTS_MAX))
def test_more_of_any_part_is_never_a_lower_score(
    parts: list[RiskPart], place: int, more: int
) -> None:
    assume(place < len(parts) and parts[place].points is not None)
    raised = list(parts)
    points = min(POINTS_MAX, (parts[place].points or 0) + more)
    raised[place] = replace(parts[place], points=points)
    before, after = score_of(parts), score_of(raised)
    assert 0 <= (before[0] or 0) <= (after[0] or 0) <= POINTS_MAX
    assert before[1] == after[1]


@given(PARTS)
def test_a_score_lies_within_its_parts_and_says_how_much_of_it_is_known(
    parts: list[RiskPart],
) -> None:
    score, known_percent = score_of(parts)
    points = [part.points for part in parts if part.points is not None]
    assert (score is None) == (not points)
    assert score is None or min(points) <= score <= max(points)
    assert (known_percent == 100) == (len(points) == len(parts))


def test_an_unknown_part_counts_neither_for_nor_against() -> None:
    parts = [RiskPart("loss", 30, 90, 1), RiskPart("volatility", 20, None, None)]
    assert score_of(parts) == (90, 60)
    assert score_of([RiskPart("loss", 30, None, None)]) == (None, 0)


def test_a_bet_that_stands_alone_has_a_hundred_in_all_and_so_has_a_package() -> None:
    for package in (False, True):
        told = judged(standing(is_package=package), Measures(), START)
        assert sum(part.weight for part in told.parts) == 100


@pytest.mark.parametrize(
    ("left", "is_package", "points"),
    [
        (0, False, 100),
        (NEAR, False, 100),
        (FAR, False, 0),
        (2 * FAR, False, 0),
        ((NEAR + FAR) // 2, False, 50),
        (-DAY, False, 100),
        (0, True, 0),
        (LOCKED_FULL // 2, True, 50),
        (2 * LOCKED_FULL, True, 100),
    ],
)
def test_near_is_risk_for_a_bet_and_far_for_a_package(
    left: int, is_package: bool, points: int
) -> None:
    held = standing(settles_us=Instant(START + left), is_package=is_package)
    parts = {part.name: part for part in judged(held, Measures(), START).parts}
    assert (parts["time"].points, parts["time"].value) == (points, max(0, left))


@pytest.mark.parametrize(
    ("changes", "name", "points"),
    [
        ({"loss_full": dollars(80)}, "loss", 50),
        ({"loss_full": dollars(0)}, "loss", 100),
        ({}, "volatility", 35),
        ({"settles_us": None}, "time", None),
        ({"exit_cost": dollars(4)}, "exit", 50),
        ({"exit_cost": None}, "exit", None),
        ({"platform_ppm": 250_000}, "platform", 25),
        ({"platform_ppm": None}, "platform", None),
        ({"is_package": True, "doubt_ppm": 20_000}, "clauses", 25),
        ({"is_package": True}, "clauses", None),
    ],
)
def test_each_part_counts_as_documented(
    changes: dict[str, object], name: str, points: int | None
) -> None:
    held = replace(standing(), **changes)
    parts = {part.name: part for part in judged(held, Measures(), START).parts}
    assert parts[name].points == points


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_points_grow_with_what_they_count(value: int, more: int, full: int) -> None:
    assert 0 <= points_of(value, full) <= points_of(value + more, full) <= POINTS_MAX
