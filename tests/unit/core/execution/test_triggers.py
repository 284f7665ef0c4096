"""Is an unequal package given up when completing it became the worse way out, and only then?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.budgets import leg_budgets
from foreshock.core.domain.messages.decisions import PackageClosed, PackageMoved, TradeApproved
from foreshock.core.domain.messages.market_data import BookChanged, MarketListed
from foreshock.core.domain.messages.risk import UnwindAdvised
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant, Money, Price
from foreshock.core.domain.unwinding import UnwindLimits
from foreshock.core.engine import Engine
from foreshock.core.execution.executor import Executor, ExecutorSettings
from foreshock.core.execution.triggers import Triggers
from tests.samples import market
from tests.trading import START, A, B, book, closed, contracts, edge, filled, request

LIMITS = UnwindLimits(
    adverse_max=Price(15_000),
    adverse_for=Duration(5 * SECOND),
    depth_min_ppm=500_000,
    exit_net_min=0,
    mismatch_max=contracts(1),
)


def thin(market_book: BookChanged, bid: int, ask: int) -> BookChanged:
    """The same prices with so many contracts on each side."""
    ((bid_price, _),), ((ask_price, _),) = market_book.bids, market_book.asks
    bids, asks = ((bid_price, contracts(bid)),), ((ask_price, contracts(ask)),)
    return BookChanged(
        market_book.market, 1, "live", START, START, bids if bid else (), asks if ask else ()
    )


class Exposed:
    """Ten YES of A are bought; the hedge, NO of B, was tried once and filled nothing."""

    def __init__(self, limits: UnwindLimits | None = LIMITS, held: int = 10) -> None:
        self.engine = Engine([Executor(ExecutorSettings(unwind=limits))])
        self.say(MarketListed(market(A)), MarketListed(market(B)))
        self.say(book(A, 43, 45), book(B, 52, 54))
        reserved = Money(sum(leg_budgets(edge())))
        self.say(TradeApproved(request(), reserved))
        self.say(filled("r1/0.0", 1, held, fee=100_000), closed("r1/0.0", held))

    def say(self, *messages: Message, at_s: float = 0) -> list[Message]:
        now_us = Instant(START + int(at_s * SECOND))
        entries = self.engine.step(messages, now_us).entries
        return [entry.message for entry in entries if entry.cause is not None]

    def end_hedge(self, count: int = 0, at_s: float = 0) -> list[Message]:
        fills = [filled("r1/1.1", 1, count, 48)] if count else []
        return self.say(*fills, closed("r1/1.1", count), at_s=at_s)


def codes(said: list[Message]) -> list[str]:
    return [message.code for message in said if isinstance(message, UnwindAdvised)]


def unwinds(said: list[Message]) -> list[PlaceOrder]:
    return [m for m in said if isinstance(m, PlaceOrder) and m.purpose == "unwind"]


def test_nothing_is_given_up_while_nothing_got_worse() -> None:
    desk = Exposed()
    assert codes(desk.end_hedge()) == []
    assert codes(desk.say(book(A, 43, 45), book(B, 52, 54), at_s=0.05)) == []


@pytest.mark.parametrize(
    ("bid", "seconds", "code"),
    [
        (41, 6, "ADVERSE_MOVE"),
        (42, 6, None),
        (41, 4.9, None),
        (30, 4.9, None),
        (30, 5, "ADVERSE_MOVE"),
    ],
    ids=["2 cents, 6 s", "1 cent", "too short", "much, too short", "much, just long enough"],
)
def test_an_adverse_move_must_be_large_and_last(bid: int, seconds: float, code: str | None) -> None:
    """The order's fate is unknown meanwhile: it acts when nothing of it can trade any more."""
    desk = Exposed()
    assert codes(desk.say(book(A, bid, bid + 2), at_s=1)) == []
    said = desk.end_hedge(at_s=1 + seconds)  # the way out is the cheaper one: here the hedge
    assert codes(said) == ([] if code is None else [code])
    states = [m.state for m in said if isinstance(m, PackageMoved)]
    assert states == ([] if code is None else ["unwinding"])


def test_a_move_that_came_back_begins_its_time_anew() -> None:
    desk = Exposed()
    for at_s, bid in ((1, 40), (3, 43), (4, 40)):
        desk.say(book(A, bid, bid + 2), at_s=at_s)
    assert codes(desk.end_hedge(at_s=7)) == []


@pytest.mark.parametrize(
    ("changed", "is_collapsed"),
    [
        (thin(book(A, 43, 45), 4, 100), True),
        (thin(book(A, 43, 45), 5, 100), False),
        (thin(book(A, 43, 45), 0, 100), True),
        (thin(book(B, 52, 54), 4, 100), True),
        (thin(book(B, 52, 54), 5, 100), False),
    ],
    ids=["4 bid for 10", "5 bid for 10", "nobody bids", "4 offered of 10", "5 offered of 10"],
)
def test_liquidity_has_collapsed_when_less_than_half_is_there(
    changed: BookChanged, *, is_collapsed: bool
) -> None:
    desk = Exposed()
    desk.end_hedge()
    assert codes(desk.say(changed, at_s=0.05)) == (["LIQUIDITY_COLLAPSE"] if is_collapsed else [])


@pytest.mark.parametrize(("b_bid", "is_decayed"), [(48, False), (47, False), (46, True)])
def test_an_edge_has_decayed_when_completing_leaves_less_than_nothing(
    b_bid: int, *, is_decayed: bool
) -> None:
    """A cost 45 and a cent of fee, NO of B a cent of fee: 53 are left for it."""
    desk = Exposed()
    desk.end_hedge()
    said = desk.say(book(B, b_bid, b_bid + 2), at_s=0.05)
    assert codes(said) == (["EDGE_DECAYED"] if is_decayed else [])


def test_what_is_given_up_is_evened_out_at_once() -> None:
    desk = Exposed()
    desk.end_hedge()
    said = desk.say(book(B, 40, 42), at_s=0.05)
    (order,) = unwinds(said)
    assert [m.state for m in said if isinstance(m, PackageMoved)] == ["unwinding"]
    sold = desk.say(filled(order.order_id, 1, 10, 43), closed(order.order_id, 10), at_s=0.1)
    (ended,) = [m for m in sold if isinstance(m, PackageClosed)]
    assert ended.outcome == "unwound"


def test_legs_that_differ_by_one_contract_count_as_equal() -> None:
    desk = Exposed(held=1)
    desk.end_hedge()
    assert codes(desk.say(thin(book(A, 30, 32), 0, 1), at_s=0.05)) == []


def test_while_an_order_can_trade_its_own_traces_are_no_trigger() -> None:
    desk = Exposed()
    assert codes(desk.say(thin(book(B, 52, 54), 0, 100), at_s=0.05)) == []
    (ended,) = [m for m in desk.end_hedge(10, at_s=0.1) if isinstance(m, PackageClosed)]
    assert ended.outcome == "hedged"


def test_without_limits_nothing_is_given_up() -> None:
    desk = Exposed(limits=None)
    desk.end_hedge()
    assert codes(desk.say(book(B, 10, 12), at_s=0.05)) == []


def test_a_package_that_has_ended_is_watched_no_longer() -> None:
    desk = Exposed()
    desk.end_hedge(10)
    assert codes(desk.say(book(A, 1, 3), book(B, 1, 3), at_s=9)) == []


BOOKS = st.lists(
    st.tuples(st.sampled_from([A, B]), st.integers(2, 96), st.integers(0, 40)), max_size=12
)


@given(BOOKS, st.integers(0, 10))
def test_whatever_the_books_do_the_package_ends_level_or_with_an_order_out(
    books: list[tuple[str, int, int]], hedged: int
) -> None:
    """Each advice leads to one way out; none is given twice, none once the legs are equal."""
    desk = Exposed()
    said = desk.end_hedge(hedged, at_s=0.01)
    for place, (name, bid, size) in enumerate(books):
        which = A if name == A else B
        moved = thin(book(which, bid, bid + 2), size, size)
        said += desk.say(moved, at_s=0.02 + place / 1_000)
    assert len(codes(said)) <= 1
    if hedged in {9, 10}:
        assert not codes(said)


def test_nothing_is_kept_of_packages_that_ended() -> None:
    assert Triggers(LIMITS).concerned(A) == []
