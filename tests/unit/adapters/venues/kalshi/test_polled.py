"""Are polled books shown as what they are, read within the budget, and dropped when old?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.adapters.venues.kalshi.polled import AGE_MAX, KalshiPolled, PollBudget
from foreshock.core.domain.messages.market_data import BookChanged, BookLost, PayloadQuarantined
from foreshock.core.domain.units import SECOND, Instant
from tests.unit.adapters.venues.kalshi.builders import T0, TICKER_A, TICKER_B, encoded, market_of

BOOK = {"yes_dollars": [["0.4200", "5.00"], ["0.4300", "2.50"]], "no_dollars": [["0.5600", "7.00"]]}


def body(*tickers: str, book: object = BOOK) -> bytes:
    return encoded({"orderbooks": [{"ticker": t, "orderbook_fp": book} for t in tickers]})


def polled(*tickers: str) -> KalshiPolled:
    feed = KalshiPolled(3)
    feed.opened([market_of(ticker=ticker) for ticker in tickers or (TICKER_A,)], T0)
    return feed


def test_books_are_polled_never_live() -> None:
    feed = polled()
    feed.receive_books(body(TICKER_A), 1, T0)
    (change,) = feed.drain()
    assert isinstance(change, BookChanged)
    assert (change.quality, change.event_us) == ("polled", T0)
    assert change.bids == ((430_000, 2_500_000), (420_000, 5_000_000))
    assert change.asks == ((440_000, 7_000_000),)


def test_the_same_book_again_says_nothing() -> None:
    feed = polled()
    feed.receive_books(body(TICKER_A), 1, T0)
    feed.drain()
    feed.receive_books(body(TICKER_A), 2, Instant(T0 + SECOND))
    assert feed.drain() == []


def test_an_impossible_book_is_lost_and_the_others_stay() -> None:
    feed = polled(TICKER_A, TICKER_B)
    feed.receive_books(body(TICKER_A, TICKER_B), 1, T0)
    feed.drain()
    broken = {"yes_dollars": [["1.5000", "5.00"]], "no_dollars": []}
    feed.receive_books(body(TICKER_A, book=broken), 2, T0)
    told = feed.drain()
    assert [type(message) for message in told] == [PayloadQuarantined, BookLost]
    tracked = feed.book(market_of(ticker=TICKER_B).id)
    assert tracked is not None
    assert tracked.is_valid


def test_books_not_read_for_long_are_lost() -> None:
    feed = polled(TICKER_A, TICKER_B)
    feed.receive_books(body(TICKER_A, TICKER_B), 1, T0)
    feed.drain()
    later = Instant(T0 + AGE_MAX + 1)
    feed.receive_books(body(TICKER_A), 2, later)
    told = feed.drain()
    assert [message.market for message in told if isinstance(message, BookLost)] == [
        market_of(ticker=TICKER_B).id
    ]


def test_silence_is_a_reason_to_give_up() -> None:
    feed = polled()
    assert feed.dead_reason(Instant(T0 + AGE_MAX)) is None
    assert feed.dead_reason(Instant(T0 + AGE_MAX + 1)) == "no order books for 60 s"


@pytest.mark.parametrize("payload", [b"", b"{}", b"[" * 100_000, b" " * (FRAME_BYTES_MAX + 1)])
def test_an_unusable_body_is_quarantined(payload: bytes) -> None:
    feed = polled()
    feed.receive_books(payload, 4, T0)
    (told,) = feed.drain()
    assert isinstance(told, PayloadQuarantined)
    assert (told.connection, told.frame_seq) == (3, 4)


def test_a_frame_on_a_polled_feed_is_a_mistake() -> None:
    feed = polled()
    feed.receive(b"{}", 5, T0)
    assert [type(message) for message in feed.drain()] == [PayloadQuarantined]


def test_sends_nothing_on_a_stream() -> None:
    feed = polled()
    feed.tick(T0)
    assert feed.take_outgoing() == []


@given(st.lists(st.integers(0, 400_000), min_size=1, max_size=200))
def test_the_budget_is_half_of_the_read_tokens_whatever_the_pace(pauses: list[int]) -> None:
    budget, now_us, taken = PollBudget(), int(T0), 0
    for pause in pauses:
        now_us += pause
        while budget.take(Instant(now_us)):
            taken += 1
    burst_and_refill = 11 + (now_us - T0) // 100_000
    assert taken <= burst_and_refill


def test_a_refusal_empties_the_bucket() -> None:
    budget = PollBudget()
    assert budget.take(T0)
    budget.refused(T0)
    assert not budget.take(Instant(T0 + SECOND - 1))
    assert budget.take(Instant(T0 + SECOND))
