"""Is a repeatedly doubtful book asked for at a bearable pace, by the subscription that carries it?"""

from foreshock.adapters.venues.kalshi.keeper import CHECK_FAILURES_MAX
from tests.unit.adapters.venues.kalshi.builders import (
    DELTA,
    SNAPSHOT,
    T0,
    TICKER_A,
    TICKER_B,
    Driven,
    encoded,
    framed,
    market_of,
)


def two_subscriptions() -> Driven:
    """Should the venue open a second subscription, each book is asked for on its own."""
    driven = Driven(market_of(), market_of(ticker=TICKER_B))
    driven.receive(
        framed(SNAPSHOT, sid=1), framed(SNAPSHOT, {"market_ticker": TICKER_B}, sid=5, seq=1)
    )
    driven.commands()
    return driven


def test_a_gap_concerns_the_books_of_its_subscription_only() -> None:
    driven = two_subscriptions()
    driven.after(2)
    driven.receive(framed(DELTA, {"market_ticker": TICKER_B}, sid=5, seq=4))
    (command,) = driven.commands()
    assert (command["params"]["sids"], command["params"]["market_tickers"]) == ([5], [TICKER_B])
    assert driven.stream.missing() == [market_of(ticker=TICKER_B).id]


def test_each_subscription_is_asked_for_its_own_books() -> None:
    driven = two_subscriptions()
    driven.after(2)
    driven.receive(b"nonsense")
    asked = {tuple(c["params"]["sids"]): c["params"]["market_tickers"] for c in driven.commands()}
    assert asked == {(1,): [TICKER_A], (5,): [TICKER_B]}


def test_an_agreeing_check_forgives_earlier_ones() -> None:
    driven = two_subscriptions()
    agreeing = {"yes_dollars": [["0.4300", "1.00"]], "no_dollars": [["0.5600", "1.00"]]}
    differing = {"yes_dollars": [["0.1000", "1.00"]], "no_dollars": [["0.5600", "1.00"]]}
    for book in [*[differing] * (CHECK_FAILURES_MAX - 1), agreeing, differing, differing]:
        body = {"orderbooks": [{"ticker": TICKER_A, "orderbook_fp": book}]}
        driven.stream.receive_books(encoded(body), 1, T0)
    assert driven.stream.missing() == []
