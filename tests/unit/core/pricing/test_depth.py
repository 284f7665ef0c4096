"""Does a walk take what is there, exactly, and nothing else?"""

from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.books import Levels
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    Money,
    Price,
    Quantity,
    Rounding,
    complement,
)
from foreshock.core.pricing.depth import (
    affordable,
    best_offer,
    demand,
    offers,
    total,
    walk,
    within,
    worth,
)
from tests.unit.core.pricing.prices import book, kalshi, ladder, levels

LADDER = ladder((40, 100), (41, 50), (43, 10))
ladders = st.lists(
    st.tuples(st.integers(1, 999_999).map(Price), st.integers(1, 10**10).map(Quantity)),
    max_size=10,
).map(lambda found: tuple(sorted(found)))


def test_a_walk_takes_the_best_levels_first() -> None:
    assert walk(LADDER, Quantity(120 * MICRO)) == ladder((40, 100), (41, 20))


def test_a_walk_of_more_than_there_is_takes_everything() -> None:
    assert walk(LADDER, Quantity(1_000 * MICRO)) == LADDER
    assert walk((), Quantity(MICRO)) == ()
    assert walk(LADDER, Quantity(0)) == ()


def test_a_limit_includes_its_own_level() -> None:
    assert total(within(LADDER, Price(410_000))) == 150 * MICRO


def test_worth_is_rounded_once_for_all_levels() -> None:
    thirds = levels(("0.333333", "0.5"), ("0.333333", "0.5"))
    assert worth(thirds, Rounding.UP) == 333_333
    assert worth(levels(("0.333333", "0.5")), Rounding.UP) == 166_667
    assert worth(levels(("0.333333", "0.5")), Rounding.DOWN) == 166_666


def test_no_is_bought_from_the_bids_and_sold_to_the_asks() -> None:
    seen = book(kalshi().id, bids=ladder((60, 7)), asks=ladder((62, 5)))
    assert offers(seen, "yes") == ladder((62, 5))
    assert offers(seen, "no") == ladder((40, 7))
    assert demand(seen, "yes") == ladder((60, 7))
    assert demand(seen, "no") == ladder((38, 5))
    assert best_offer(seen, "no") == (400_000, 7 * MICRO)


def test_levels_that_no_order_can_have_are_not_there() -> None:
    hostile = (
        (Price(0), Quantity(MICRO)),
        (Price(500_000), Quantity(0)),
        (Price(600_000), Quantity(MICRO)),
        (PAYOUT, Quantity(MICRO)),
    )
    seen = book(kalshi().id, bids=hostile[::-1], asks=hostile)
    assert offers(seen, "yes") == ((600_000, MICRO),)
    assert offers(seen, "no") == ((400_000, MICRO),)
    assert best_offer(seen, "yes") == (600_000, MICRO)


def test_an_empty_side_offers_nothing() -> None:
    seen = book(kalshi().id, bids=(), asks=ladder((62, 5)))
    assert offers(seen, "no") == ()
    assert best_offer(seen, "no") is None


@given(ladders, st.integers(0, 10**11).map(Quantity))
def test_a_walk_adds_up_and_never_exceeds_a_level(found: Levels, quantity: Quantity) -> None:
    taken = walk(found, quantity)
    assert total(taken) == min(quantity, total(found))
    assert all(piece <= level for (_, piece), (_, level) in zip(taken, found, strict=False))


@given(ladders, st.integers(0, 10**10).map(Money))
def test_what_is_affordable_is_within_the_budget_and_one_more_is_not(
    found: Levels, budget: Money
) -> None:
    bought = affordable(found, budget)
    assert worth(walk(found, bought), Rounding.UP) <= budget
    more = Quantity(bought + 1)
    assert bought == total(found) or worth(walk(found, more), Rounding.UP) > budget


@given(ladders)
def test_the_best_offer_is_the_first_offer(found: Levels) -> None:
    seen = book(kalshi().id, bids=found[::-1], asks=found)
    for outcome in ("yes", "no"):
        assert best_offer(seen, outcome) == next(iter(offers(seen, outcome)), None)
    assert offers(seen, "no") == tuple((complement(p), q) for p, q in found[::-1])
