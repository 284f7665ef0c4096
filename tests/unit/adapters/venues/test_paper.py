"""Does paper fill what was really there, once, at its price, with its fee, in its time?"""

from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.paper import (
    PaperTerms,
    PaperVenue,
    pack_fees,
    still_taken,
)
from foreshock.core.domain.books import BOOK_LEVELS_MAX, Levels
from foreshock.core.domain.markets import Action, FeeTerms, Outcome
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookLost,
    FeeChanged,
    GridChanged,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
)
from foreshock.core.domain.messages.trading import (
    CancelOrder,
    FillReverted,
    FillSettled,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderRejected,
    PlaceOrder,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    Duration,
    Instant,
    Money,
    Price,
    Quantity,
)
from foreshock.core.ports import TradingVenue
from foreshock.core.pricing.fees import FeeUnknown, Fill, FillFee
from tests.samples import market
from tests.trading import START, A, B, book, cents, contracts, order

LATENCY = 100_000
SETTLEMENT = 4_000_000
LONG = Instant(START + 60_000_000)


def one_percent(
    venue: str, terms: FeeTerms | None, fill: Fill, at_us: Instant, carried: Money
) -> FillFee | FeeUnknown:
    """A hundredth of the notional; `carried` counts the fills of the order."""
    if terms is None:
        return FeeUnknown("no terms")
    fee = fill.price * fill.quantity // MICRO // 100
    return FillFee(Money(fee), Money(carried + 1), f"{venue} at {at_us}")


def paper(*world: Message, **faults: int) -> PaperVenue:
    terms = {
        "polymarket": PaperTerms(latency=Duration(LATENCY), settlement=Duration(SETTLEMENT)),
        "kalshi": PaperTerms(latency=Duration(LATENCY), settlement=None),
    }
    terms = {name: msgspec.structs.replace(one, **faults) for name, one in terms.items()}
    venue = PaperVenue(terms, one_percent)
    for message in (MarketListed(market(A)), MarketListed(market(B)), *world):
        venue.observe(message, START)
    return venue


def answers(venue: PaperVenue, placed: PlaceOrder, at_us: int = START) -> list[Message]:
    """Everything the venue says of an order, settlement included."""
    venue.perform(placed, Instant(at_us))
    return list(venue.due(Instant(at_us + 60_000_000)))


def fills(said: Iterable[Message]) -> list[tuple[int, int]]:
    """Price in cents and contracts of each fill."""
    return [(m.price // 10_000, m.quantity // MICRO) for m in said if isinstance(m, OrderFilled)]


def deep(*asks: tuple[int, int]) -> BookChanged:
    """A book of A with these asks, in cents and contracts."""
    levels = tuple((cents(p), contracts(q)) for p, q in asks)
    return msgspec.structs.replace(book(A, 30, 32), asks=levels)


def test_implements_the_port() -> None:
    venue: TradingVenue = paper()
    assert venue.next_due_us() is None


def test_takes_level_by_level_at_the_levels_prices() -> None:
    venue = paper(deep((40, 3), (42, 4), (45, 100)))
    said = answers(venue, order(limit=cents(45)))
    assert fills(said) == [(40, 3), (42, 4), (45, 3)]
    assert isinstance(said[0], OrderAccepted)
    assert OrderClosed("o1", contracts(10), "filled") in said
    assert [m.fee for m in said if isinstance(m, OrderFilled)] == [12_000, 16_800, 13_500]


def test_the_limit_is_never_exceeded_and_the_rest_is_killed() -> None:
    said = answers(paper(deep((40, 3), (46, 100))), order(limit=cents(45)))
    assert fills(said) == [(40, 3)]
    word = next(m for m in said if isinstance(m, OrderClosed))
    assert (word.filled, word.reason) == (contracts(3), "killed: nothing more within the limit")


def test_fill_or_kill_takes_all_or_nothing() -> None:
    venue = paper(deep((40, 3), (42, 4)))
    killed = answers(venue, order("o1", time_in_force="fok", limit=cents(45)))
    assert fills(killed) == []
    taken = answers(venue, order("o2", time_in_force="fok", quantity=contracts(7)))
    assert fills(taken) == [(40, 3), (42, 4)], "the killed order took nothing"


@pytest.mark.parametrize(
    ("outcome", "action", "limit", "expected"),
    [
        ("yes", "buy", 45, [(45, 10)]),
        ("no", "buy", 57, [(57, 10)]),
        ("yes", "sell", 43, [(43, 10)]),
        ("no", "sell", 55, [(55, 10)]),
        ("no", "buy", 56, []),
        ("yes", "sell", 44, []),
        ("no", "sell", 56, []),
    ],
)
def test_each_side_meets_its_mirror(
    outcome: Outcome, action: Action, limit: int, expected: list[tuple[int, int]]
) -> None:
    """Bid 43, ask 45: NO is offered at 57 and bid for at 55."""
    placed = order(outcome=outcome, action=action, limit=cents(limit))
    assert fills(answers(paper(book(A, 43, 45)), placed)) == expected


def test_the_book_is_met_half_a_latency_after_sending() -> None:
    venue = paper(deep((40, 100)))
    venue.perform(order(), START)
    venue.observe(deep((44, 100)), Instant(START + 30_000))
    venue.observe(deep((41, 100)), Instant(START + 70_000))
    said = list(venue.due(LONG))
    assert fills(said) == [(44, 10)]


def test_the_answer_comes_when_the_latency_is_over() -> None:
    venue = paper(deep((40, 100)))
    venue.perform(order(), START)
    arrives_us = venue.next_due_us()
    assert arrives_us is not None
    assert not list(venue.due(arrives_us)), "it has only arrived"
    due_us = venue.next_due_us()
    assert due_us is not None
    assert abs(due_us - START - LATENCY) <= LATENCY // 4
    assert isinstance(next(iter(venue.due(due_us))), OrderAccepted)
    assert not list(venue.due(due_us)), "each answer is returned once"


def test_polymarket_fills_are_provisional_until_they_settle() -> None:
    said = answers(paper(deep((40, 100))), order())
    fill = next(m for m in said if isinstance(m, OrderFilled))
    assert fill.is_provisional
    assert said[-1] == FillSettled("o1", fill.fill_id)


def test_kalshi_fills_are_final() -> None:
    said = answers(paper(book(B, 43, 45)), order(market=B))
    assert not any(m.is_provisional for m in said if isinstance(m, OrderFilled))
    assert not [m for m in said if isinstance(m, FillSettled)]


@pytest.mark.parametrize(
    ("reason", "world", "changes"),
    [
        ("unknown market", [], {"market": "polymarket:0xnone"}),
        ("no book was observed", [], {}),
        ("no book was observed", [book(A, 43, 45), BookLost(A, 1, "gap")], {}),
        ("market is paused", [book(A, 43, 45), MarketStatusChanged(A, "paused", START)], {}),
        ("market is settled", [book(A, 43, 45), MarketResolved(A, PAYOUT, START)], {}),
        ("the observed book is not live", [book(A, 43, 45, quality="polled")], {}),
        ("on paper orders only take: ioc or fok", [book(A, 43, 45)], {"time_in_force": "gtc"}),
        ("price off the grid", [book(A, 43, 45)], {"limit": Price(455_000)}),
        ("quantity off the lot size", [book(A, 43, 45)], {"quantity": Quantity(10_000_001)}),
        ("quantity below the minimum", [book(A, 43, 45)], {"quantity": Quantity(990_000)}),
        ("the fee of this market is unknown", [book(A, 43, 45), FeeChanged(A, None)], {}),
    ],
)
def test_rejects_what_a_venue_would_reject(
    reason: str, world: list[Message], changes: dict[str, object]
) -> None:
    placed = msgspec.structs.replace(order(), **changes)
    assert answers(paper(*world), placed) == [OrderRejected("o1", reason)]


def test_a_changed_grid_counts() -> None:
    finer = market(A).grid
    fine = msgspec.structs.replace(
        finer, ranges=(msgspec.structs.replace(finer.ranges[0], step=Price(1_000)),)
    )
    venue = paper(book(A, 43, 45), GridChanged(A, fine, START))
    assert fills(answers(venue, order(limit=Price(455_000)))) == [(45, 10)]


# ---- the same displayed contracts never fill twice -----------------------------------------


def test_what_was_taken_is_gone_while_the_level_stands() -> None:
    venue = paper(deep((45, 15)))
    assert fills(answers(venue, order("o1"))) == [(45, 10)]
    venue.observe(deep((45, 15)), LONG)
    assert fills(answers(venue, order("o2"), LONG)) == [(45, 5)]
    assert fills(answers(venue, order("o3"), LONG + 60_000_000)) == []


def test_new_contracts_at_the_level_can_be_taken() -> None:
    venue = paper(deep((45, 10)))
    answers(venue, order("o1"))
    venue.observe(deep((45, 14)), LONG)
    assert fills(answers(venue, order("o2"), LONG)) == [(45, 4)]


def test_a_level_that_vanished_comes_back_fresh() -> None:
    venue = paper(deep((45, 10)))
    answers(venue, order("o1"))
    venue.observe(deep((46, 10)), LONG)
    venue.observe(deep((45, 10)), LONG)
    assert fills(answers(venue, order("o2"), LONG)) == [(45, 10)]


def test_a_level_that_shrank_keeps_no_more_taken_than_it_displays() -> None:
    venue = paper(deep((45, 10)))
    answers(venue, order("o1"))
    venue.observe(deep((45, 2)), LONG)
    assert fills(answers(venue, order("o2"), LONG)) == []
    venue.observe(deep((45, 6)), LONG)
    assert fills(answers(venue, order("o3"), LONG + 60_000_000)) == [(45, 4)]


def test_buying_no_takes_from_the_same_bids_as_selling_yes() -> None:
    venue = paper(book(A, 43, 45, size=10))
    answers(venue, order("o1", outcome="no", limit=cents(57)))
    assert fills(answers(venue, order("o2", action="sell", limit=cents(43)), LONG)) == []


def test_a_level_pushed_below_the_visible_ones_is_remembered() -> None:
    taken = {cents(60): contracts(5)}
    deeper: Levels = tuple((cents(40 + n), contracts(1)) for n in range(BOOK_LEVELS_MAX))
    assert still_taken(taken, deeper, is_ask=True) == taken
    assert still_taken(taken, deeper[:-1], is_ask=True) == {}
    assert still_taken({cents(20): contracts(5)}, deeper[::-1], is_ask=False) == {
        cents(20): contracts(5)
    }


Move = tuple[bool, int, int]


@given(st.lists(st.tuples(st.booleans(), st.integers(40, 43), st.integers(0, 9)), max_size=30))
def test_never_takes_more_than_ever_appeared(moves: list[Move]) -> None:
    """What a level gave in all never exceeds what was newly displayed there in all."""
    venue, now = paper(deep()), int(START)
    shown: dict[int, int] = {}
    appeared: dict[int, int] = {}
    given_away: dict[int, int] = {}
    for number, (is_book, price, size) in enumerate(moves):
        now += 60_000_000
        if is_book:
            grown = max(0, size - shown.get(price, 0))
            appeared[price] = appeared.get(price, 0) + grown
            shown[price] = size
            asks = [(level, quantity) for level, quantity in sorted(shown.items()) if quantity]
            venue.observe(deep(*asks), Instant(now))
        elif size:
            wanted = order(f"o{number}", quantity=contracts(size), limit=cents(price))
            for level, quantity in fills(answers(venue, wanted, now)):
                given_away[level] = given_away.get(level, 0) + quantity
        for level, quantity in given_away.items():
            assert quantity <= appeared[level]


# ---- asking again, and faults --------------------------------------------------------------


def test_an_order_sent_twice_is_one_order() -> None:
    venue = paper(deep((45, 100)))
    first = answers(venue, order())
    again = answers(venue, order(), LONG)
    assert set(map(repr, again)) == set(map(repr, first))


def test_a_cancel_tells_the_whole_story_again_and_changes_nothing() -> None:
    venue = paper(deep((45, 4)))
    first = answers(venue, order())
    venue.perform(CancelOrder("o1", A), LONG)
    again = list(venue.due(Instant(LONG + 60_000_000)))
    assert set(map(repr, again)) == set(map(repr, first))


def test_a_cancel_of_an_order_never_seen_is_not_answered() -> None:
    venue = paper()
    venue.perform(CancelOrder("nobody's", A), START)
    assert not list(venue.due(LONG))


def test_silence_can_be_asked_for() -> None:
    venue = paper(deep((45, 100)), silent_ppm=MICRO)
    assert answers(venue, order()) == []
    venue = paper(deep((45, 100)), silent_ppm=0)
    assert answers(venue, order())


def test_late_answers_can_be_asked_for() -> None:
    venue = paper(deep((45, 100)), late_ppm=MICRO, late_by=3_000_000)
    venue.perform(order(), START)
    assert not list(venue.due(Instant(START + 2_900_000)))
    assert fills(venue.due(Instant(START + 3_200_000))) == [(45, 10)]


def test_reverts_can_be_asked_for() -> None:
    said = answers(paper(deep((45, 100)), revert_ppm=MICRO), order())
    assert isinstance(said[-1], FillReverted)


def test_the_same_seed_answers_the_same() -> None:
    def day(seed: int) -> list[Message]:
        venue = paper(deep((45, 1_000)), seed=seed, silent_ppm=300_000, late_ppm=300_000)
        for number in range(50):
            venue.perform(order(f"o{number}"), Instant(START + number))
        return list(venue.due(LONG))

    assert day(1) == day(1)
    assert day(1) != day(2)


def test_fees_come_from_the_packs_and_are_unknown_without_one() -> None:
    fill = Fill(cents(45), contracts(1))
    unknown = pack_fees({})("kalshi", market(A).fee, fill, START, Money(0))
    assert isinstance(unknown, FeeUnknown)


def test_what_an_order_carries_goes_from_fill_to_fill() -> None:
    carried: list[int] = []

    def fee_of(
        venue: str, terms: FeeTerms | None, fill: Fill, at_us: Instant, before: Money
    ) -> FillFee | FeeUnknown:
        carried.append(before)
        return one_percent(venue, terms, fill, at_us, before)

    terms = PaperTerms(latency=Duration(LATENCY), settlement=None)
    venue = PaperVenue({"polymarket": terms}, fee_of)
    venue.observe(MarketListed(market(A)), START)
    venue.observe(deep((40, 3), (42, 4), (45, 3)), START)
    answers(venue, order())
    assert carried == [0, 1, 2]
