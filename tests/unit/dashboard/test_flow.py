"""Trades and quotes as they come, and the tape of busy markets."""

from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.units import SECOND, Instant, Price
from foreshock.dashboard.flow import FRESH_FOR, POINT_EVERY, POINTS_MAX, Flow, FlowView
from foreshock.dashboard.markets import Markets
from tests.samples import market
from tests.trading import START, A, B, cents, contracts


class Seen:
    """A flow over two listed markets, and the clock of the desk."""

    def __init__(self) -> None:
        self.markets = Markets()
        for each in (A, B):
            self.markets.list_market(m.MarketListed(market(each)))
        self.flow = Flow(self.markets)
        self.now_us = START

    def quote(self, name: MarketId, bid: int | None, ask: int | None) -> None:
        sides = [() if c is None else ((cents(c), contracts(5)),) for c in (bid, ask)]
        self.markets.see_book(
            m.BookChanged(name, 1, "live", self.now_us, self.now_us, sides[0], sides[1])
        )

    def trade(self, name: MarketId, price: int, count: int, taker: Outcome = "yes") -> None:
        trade = m.Traded(
            name, f"t{self.now_us}", cents(price), contracts(count), taker, self.now_us, self.now_us
        )
        self.flow.trade(trade)

    def sample(self) -> None:
        self.flow.sample(self.now_us)

    def wait(self, micros: int) -> None:
        self.now_us = Instant(self.now_us + micros)

    def view(self, query: str = "", **limits: int) -> FlowView:
        return self.flow.view(self.now_us, query, **limits)


def test_trades_and_quotes_come_newest_first() -> None:
    seen = Seen()
    seen.quote(A, 40, 42)
    seen.wait(SECOND)
    seen.trade(B, 55, 3, "no")
    trade, quote = seen.view().events
    assert (trade.kind, trade.market, trade.price_micros, trade.taker) == ("T", B, cents(55), "no")
    assert (quote.kind, quote.bid_micros, quote.ask_micros) == ("Q", cents(40), cents(42))
    assert quote.price_micros == cents(41)
    assert quote.title == "Will 0xa happen?"


def test_tape_adds_up_the_window_and_forgets_what_is_older() -> None:
    seen = Seen()
    seen.quote(A, 40, 42)
    seen.trade(A, 42, 3, "yes")
    seen.trade(A, 40, 2, "no")
    (row,) = seen.view().tape
    assert (row.trades_count, row.quantity_micros) == (2, contracts(5))
    assert (row.yes_taken_micros, row.traded_micros) == (contracts(3), cents(40))
    seen.wait(FRESH_FOR + 1)
    later = seen.view()
    assert (later.tape, later.events, later.trades_count) == ([], [], 2)
    assert later.last_event_us == START


def test_busiest_market_stands_first_and_the_rest_is_counted() -> None:
    seen = Seen()
    seen.quote(A, 40, 42)
    seen.trade(A, 42, 3)
    seen.wait(SECOND)
    seen.quote(B, 50, 52)
    view = seen.view(tape_max=1)
    assert [row.market for row in view.tape] == [A]
    assert view.tape_count == 2


def test_words_narrow_both_lists() -> None:
    seen = Seen()
    seen.quote(A, 40, 42)
    seen.quote(B, 50, 52)
    seen.trade(A, 42, 3)
    view = seen.view("KXB happen")
    assert {event.market for event in view.events} == {B}
    assert [row.market for row in view.tape] == [B]


def test_points_follow_the_mid_and_stay_bounded() -> None:
    seen = Seen()
    for step in range(POINTS_MAX + 10):
        seen.quote(A, 30 + step % 3, 32 + step % 3)
        seen.sample()
        seen.sample()
        seen.wait(POINT_EVERY)
    (row,) = seen.view().tape
    assert len(row.points) == POINTS_MAX
    assert set(row.points) == {cents(31), cents(32), cents(33)}
    assert row.change_micros == row.points[-1] - row.points[0]


def test_one_sided_book_has_no_mid_and_no_point() -> None:
    seen = Seen()
    seen.quote(A, None, 42)
    seen.sample()
    view = seen.view()
    assert view.events[0].price_micros is None
    assert (view.tape[0].points, view.tape[0].change_micros) == ([], None)


def test_lost_book_is_not_shown_as_a_quote() -> None:
    seen = Seen()
    seen.quote(A, 40, 42)
    seen.markets.lose_book(m.BookLost(A, 1, "gap"), seen.now_us)
    assert seen.view().events == []


def test_price_is_exact_in_millionths() -> None:
    seen = Seen()
    seen.markets.see_book(
        m.BookChanged(
            A,
            1,
            "live",
            START,
            START,
            ((Price(123_400), contracts(1)),),
            ((Price(123_500), contracts(1)),),
        )
    )
    assert seen.view().events[0].price_micros == 123_450
