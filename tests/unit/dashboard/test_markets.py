from foreshock.core.domain.markets import MarketId, uniform_grid
from foreshock.core.domain.messages.market_data import (
    BookLost,
    FeeChanged,
    GridChanged,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
)
from foreshock.core.domain.units import PAYOUT, SECOND, Instant, Price
from foreshock.dashboard.badges import off
from foreshock.dashboard.markets import Markets
from tests.samples import market
from tests.trading import START, A, book, cents

BADGE = off("test")


def listed() -> Markets:
    markets = Markets()
    markets.list_market(MarketListed(market(A)))
    return markets


def test_a_market_without_a_book_has_no_prices_and_no_zeros() -> None:
    view = listed().view(A, BADGE)
    assert view is not None
    assert (view.bids, view.asks, view.epoch, view.quality) == ([], [], None, "none")
    assert (view.event_us, view.recv_us) == (None, None)


def test_a_market_that_was_never_listed_is_not_shown() -> None:
    markets = Markets()
    markets.see_book(book(A, 44, 45))
    assert markets.view(A, BADGE) is None
    assert not markets.is_valid(A)
    assert markets.title(MarketId("kalshi:NONE")) == "kalshi:NONE"


def test_a_lost_book_is_valid_again_only_with_a_later_epoch() -> None:
    markets = listed()
    markets.see_book(book(A, 44, 45, epoch=3))
    markets.lose_book(BookLost(A, 3, "gap"), START)
    markets.see_book(book(A, 44, 46, epoch=3))
    assert not markets.is_valid(A)
    assert markets.best_bid(A, "yes") is None
    markets.see_book(book(A, 44, 46, epoch=4))
    assert markets.is_valid(A)
    assert markets.age(A).lost_us is None


def test_a_loss_is_as_old_as_its_first_telling() -> None:
    markets = listed()
    markets.see_book(book(A, 44, 45))
    markets.lose_book(BookLost(A, 1, "gap"), START)
    markets.lose_book(BookLost(A, 1, "closed"), Instant(START + SECOND))
    assert markets.age(A).lost_us == START


def test_what_a_contract_brings_now_is_the_bid_of_its_own_side() -> None:
    markets = listed()
    markets.see_book(book(A, 44, 47))
    assert markets.best_bid(A, "yes") == cents(44)
    assert markets.best_bid(A, "no") == cents(53)  # a NO bid is a YES ask turned round


def test_newer_terms_replace_older_ones() -> None:
    markets = listed()
    markets.change(GridChanged(A, uniform_grid(Price(1_000)), START))
    markets.change(FeeChanged(A, None))
    markets.change(MarketStatusChanged(A, "paused", START))
    view, terms = markets.view(A, BADGE), markets.market(A)
    assert view is not None
    assert terms is not None
    assert (view.step_micros, view.status, terms.fee) == (1_000, "paused", None)
    assert markets.age(A).paused_by == "polymarket"
    markets.change(MarketResolved(A, PAYOUT, START))
    resolved = markets.market(A)
    assert resolved is not None
    assert resolved.status == "settled"
