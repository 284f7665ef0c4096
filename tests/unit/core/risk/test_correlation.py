"""Do markets count as moving together exactly when they do?"""

import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.risk.correlation import MINUTE, Moves, are_kin, is_correlated, terms_of
from tests.samples import market
from tests.trading import START, A, B, book

NEEDED = 700_000
BEGIN = START - START % MINUTE
C = MarketId("polymarket:0xc")
PAIRS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=40)


def correlation_squared(pairs: list[tuple[int, int]]) -> Fraction | None:
    """r^2 by its definition: centred sums, in exact fractions."""
    count = len(pairs)
    mean_x, mean_y = (
        Fraction(sum(x for x, _ in pairs), count),
        Fraction(sum(y for _, y in pairs), count),
    )
    both = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    first, second = (
        sum((x - mean_x) ** 2 for x, _ in pairs),
        sum((y - mean_y) ** 2 for _, y in pairs),
    )
    return None if not first or not second else Fraction(both * both, first * second)


@given(PAIRS, st.integers(1, 1_000_000))
def test_the_whole_number_comparison_is_pearsons(pairs: list[tuple[int, int]], ppm: int) -> None:
    squared = correlation_squared(pairs)
    expected = squared is not None and squared >= Fraction(ppm, 1_000_000) ** 2
    assert is_correlated(pairs, ppm) == expected


def heard(_market: MarketId, _now_us: Instant) -> bool:
    return True


def walked(minutes: int, other: str, seed: int = 7) -> Moves:
    """Two mids over some minutes; the other one follows, opposes or ignores the first."""
    rng, moves, here, there = random.Random(seed), Moves(), 50, 50
    for minute in range(minutes):
        step, free = rng.choice((-1, 0, 1)), rng.choice((-1, 0, 1))
        here += step if 20 < here + step < 80 else 0
        there += {"follows": step, "opposes": -step, "ignores": free}[other]
        there = min(80, max(20, there))
        books = {A: book(A, here - 1, here + 1), B: book(B, there - 1, there + 1)}
        for second in (0, 20, 40):
            moves.sample(books, Instant(BEGIN + minute * MINUTE + second * SECOND), heard)
    return moves


def test_prices_that_follow_or_oppose_each_other_move_together() -> None:
    assert walked(60, "follows").are_together(A, B, NEEDED)
    assert walked(60, "opposes").are_together(A, B, NEEDED)


def test_prices_that_ignore_each_other_do_not() -> None:
    together = sum(walked(120, "ignores", seed).are_together(A, B, NEEDED) for seed in range(50))
    assert together == 0


def test_too_short_a_time_says_nothing() -> None:
    assert not walked(30, "follows").are_together(A, B, NEEDED)
    assert not walked(60, "follows").are_together(A, C, NEEDED)


def test_prices_that_hardly_moved_say_nothing() -> None:
    moves = Moves()
    for minute in range(60):
        price = 50 if minute < 30 else 52
        books = {m: book(m, price - 1, price + 1) for m in (A, B)}
        moves.sample(books, Instant(BEGIN + minute * MINUTE), heard)
    assert not moves.are_together(A, B, NEEDED)


def test_minutes_without_a_book_are_no_moves() -> None:
    moves = walked(60, "follows")
    later = Instant(BEGIN + 90 * MINUTE)
    moves.sample({A: book(A, 1, 3), B: book(B, 97, 99)}, later, heard)
    assert moves.are_together(A, B, NEEDED), "the jump over half an hour is not one minute's"


def test_markets_of_one_event_or_one_exclusive_group_are_kin() -> None:
    one = terms_of(market(A, event_id="e1", exclusive_group="g1"))
    assert are_kin(one, terms_of(market(A, event_id="e1", exclusive_group=None)))
    assert are_kin(one, terms_of(market(A, event_id="e2", exclusive_group="g1")))
    assert not are_kin(one, terms_of(market(A, event_id="e2", exclusive_group="g2")))
    assert not are_kin(one, terms_of(market(B, event_id="e1", exclusive_group="g1")))
    nothing = terms_of(market(A, event_id="", exclusive_group=None))
    assert not are_kin(nothing, nothing)


def test_categories_differ_in_more_than_their_letters_case() -> None:
    assert terms_of(market(A, category=" Economics ")).category == "economics"


def test_a_book_that_nobody_hears_of_is_no_price_that_stands_still() -> None:
    moves = Moves()
    for minute in range(3):
        now_us = Instant(BEGIN + minute * MINUTE)
        moves.sample({A: book(A, 50, 52), B: book(B, 40, 42)}, now_us, lambda at, _: at == B)
    assert moves.mids(A) == {}
    assert list(moves.mids(B).values()) == [410_000] * 3
