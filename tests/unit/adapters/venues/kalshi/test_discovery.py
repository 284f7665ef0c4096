"""Do the identifiers of a watch list resolve by themselves, and does nothing vanish silently?"""

from collections.abc import Mapping

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.kalshi.discovery import (
    Answer,
    Asking,
    Skipped,
    exchange_status,
    lookup,
    open_markets,
    watch_list,
)
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import MarketId
from tests.unit.adapters.venues.kalshi.builders import (
    EVENT,
    EVENT_TICKER,
    MARKET,
    SERIES,
    TICKER_A,
    TICKER_B,
    Json,
    changed,
    encoded,
)

OVER = changed(MARKET, ticker=TICKER_B, status="finalized")
PAID = changed(OVER, settlement_value_dollars="1.0000")
NESTED = changed(EVENT, markets=[MARKET, OVER])
NO_EVENTS: Json = {"events": [], "cursor": ""}
NO_MARKETS: Json = {"markets": [], "cursor": ""}


def markets_path(*tickers: str) -> str:
    return f"/markets?tickers={','.join(tickers)}&limit=1000"


def events_path(*tickers: str) -> str:
    return f"/events?tickers={','.join(tickers)}&with_nested_markets=true&limit=200"


def open_events_path(series: str = "", cursor: str = "") -> str:
    narrowed = f"&series_ticker={series}" if series else ""
    onward = f"&cursor={cursor}" if cursor else ""
    return f"/events?limit=200&status=open&with_nested_markets=true{narrowed}{onward}"


def answered(question: Asking[Answer], answers: Mapping[str, object]) -> tuple[Answer, list[str]]:
    """Carry a question; what is not in `answers` is a 404."""
    asked: list[str] = []
    try:
        request = next(question)
        while True:
            path = request.path.removeprefix("/trade-api/v2")
            asked.append(path)
            body = answers.get(path)
            response = (
                HttpResponse(404, b"{}") if body is None else HttpResponse(200, encoded(body))
            )
            request = question.send(response)
    except StopIteration as done:
        return done.value, asked


def test_a_market_ticker_takes_its_terms_from_event_and_series() -> None:
    found, asked = answered(
        watch_list([TICKER_A]),
        {
            markets_path(TICKER_A): {"markets": [MARKET], "cursor": ""},
            events_path(EVENT_TICKER): {"events": [EVENT], "cursor": ""},
            "/series/KXMLBGAME": {"series": SERIES},
        },
    )
    assert [one.market.native_id for one in found.listings] == [TICKER_A]
    assert found.listings[0].market.category == "Sports"
    assert found.summary() == "1 active, 0 unresolved"
    assert len(asked) == 3


def test_an_event_ticker_brings_its_markets_and_counts_those_that_are_over() -> None:
    found, _ = answered(
        watch_list([EVENT_TICKER]),
        {
            markets_path(EVENT_TICKER): NO_MARKETS,
            events_path(EVENT_TICKER): {"events": [NESTED], "cursor": ""},
            "/series/KXMLBGAME": {"series": SERIES},
        },
    )
    assert [one.market.native_id for one in found.listings] == [TICKER_A]
    assert found.skipped == (Skipped(TICKER_B, "no longer trading: finalized"),)
    assert found.summary() == "1 active, 1 unresolved"


def test_a_series_ticker_brings_the_markets_of_its_open_events() -> None:
    found, asked = answered(
        watch_list(["KXMLBGAME"]),
        {
            markets_path("KXMLBGAME"): NO_MARKETS,
            events_path("KXMLBGAME"): NO_EVENTS,
            "/series/KXMLBGAME": {"series": SERIES},
            open_events_path("KXMLBGAME"): {"events": [NESTED], "cursor": ""},
        },
    )
    assert found.summary() == "1 active, 0 unresolved"
    assert len(asked) == 4


def test_a_combo_event_is_asked_alone_as_lists_omit_it() -> None:
    answers: dict[str, object] = {
        markets_path(TICKER_A): {"markets": [MARKET], "cursor": ""},
        events_path(EVENT_TICKER): NO_EVENTS,
        f"/events/{EVENT_TICKER}?with_nested_markets=true": {"event": EVENT, "markets": [MARKET]},
        "/series/KXMLBGAME": {"series": SERIES},
    }
    found, _ = answered(watch_list([TICKER_A]), answers)
    assert found.summary() == "1 active, 0 unresolved"
    by_event = {
        markets_path(EVENT_TICKER): NO_MARKETS,
        events_path(EVENT_TICKER): NO_EVENTS,
        f"/events/{EVENT_TICKER}?with_nested_markets=true": {"event": NESTED},
        "/series/KXMLBGAME": {"series": SERIES},
    }
    found, _ = answered(watch_list([EVENT_TICKER]), by_event)
    assert found.summary() == "1 active, 1 unresolved"


def test_all_three_kinds_at_once_list_each_market_once() -> None:
    wanted = [TICKER_A, EVENT_TICKER, "KXMLBGAME", f"kalshi:{TICKER_A}", " "]
    found, _ = answered(
        watch_list(wanted),
        {
            markets_path(TICKER_A, EVENT_TICKER, "KXMLBGAME"): {"markets": [MARKET], "cursor": ""},
            events_path(EVENT_TICKER, "KXMLBGAME"): {"events": [NESTED], "cursor": ""},
            "/series/KXMLBGAME": {"series": SERIES},
            open_events_path("KXMLBGAME"): {"events": [NESTED], "cursor": ""},
        },
    )
    assert [one.market.native_id for one in found.listings] == [TICKER_A]


def test_what_nobody_knows_is_counted_with_its_reason() -> None:
    found, _ = answered(
        watch_list(["KXGONE", "X" * 201]),
        {markets_path("KXGONE"): NO_MARKETS, events_path("KXGONE"): NO_EVENTS},
    )
    assert found.summary() == "0 active, 2 unresolved"
    assert found.skipped[-1] == Skipped("KXGONE", "no market, event or series has this ticker")


def test_an_expired_market_is_skipped_and_counted() -> None:
    found, _ = answered(
        watch_list([TICKER_B]),
        {
            markets_path(TICKER_B): {"markets": [OVER], "cursor": ""},
            events_path(EVENT_TICKER): {"events": [EVENT], "cursor": ""},
            "/series/KXMLBGAME": {"series": SERIES},
        },
    )
    assert found.summary() == "0 active, 1 unresolved"


def test_a_market_is_looked_up_whatever_became_of_it() -> None:
    found, asked = answered(
        lookup([TICKER_B, "KXOLD", "KXGONE"]),
        {
            markets_path(TICKER_B, "KXOLD", "KXGONE"): {"markets": [PAID], "cursor": ""},
            "/historical/markets/KXOLD": {"market": changed(PAID, ticker="KXOLD")},
            events_path(EVENT_TICKER): {"events": [EVENT], "cursor": ""},
            "/series/KXMLBGAME": {"series": SERIES},
        },
    )
    assert [market.native_id for market in found.markets] == [TICKER_B, "KXOLD"]
    assert {market.status for market in found.markets} == {"settled"}
    assert [paid.market for paid in found.paid] == [f"kalshi:{TICKER_B}", "kalshi:KXOLD"]
    assert list(found.missing) == ["kalshi:KXGONE"]
    assert "/historical/markets/KXGONE" in asked
    assert f"/historical/markets/{TICKER_B}" not in asked


def test_a_payout_nobody_can_read_hides_no_other() -> None:
    odd = changed(PAID, ticker=TICKER_A, settlement_value_dollars="2.5")
    found, _ = answered(
        lookup([TICKER_A, TICKER_B]),
        {
            markets_path(TICKER_A, TICKER_B): {"markets": [odd, PAID], "cursor": ""},
            events_path(EVENT_TICKER): {"events": [EVENT], "cursor": ""},
            "/series/KXMLBGAME": {"series": SERIES},
        },
    )
    assert [paid.market for paid in found.paid] == [f"kalshi:{TICKER_B}"]
    assert "2.5" in found.missing[MarketId(f"kalshi:{TICKER_A}")]


def test_an_archive_that_answers_oddly_hides_no_other_payout() -> None:
    found, _ = answered(
        lookup([TICKER_B, "KXODD"]),
        {
            markets_path(TICKER_B, "KXODD"): {"markets": [PAID], "cursor": ""},
            "/historical/markets/KXODD": {"error": "no market of this kind"},
            events_path(EVENT_TICKER): {"events": [EVENT], "cursor": ""},
            "/series/KXMLBGAME": {"series": SERIES},
        },
    )
    assert [paid.market for paid in found.paid] == [f"kalshi:{TICKER_B}"]
    assert "market" in found.missing[MarketId("kalshi:KXODD")]


def test_one_unreadable_market_does_not_hide_the_others() -> None:
    broken = changed(MARKET, ticker="BROKEN", price_ranges=...)
    event = changed(EVENT, markets=[broken, MARKET])
    found, _ = answered(
        open_markets(["KXMLBGAME"]),
        {
            open_events_path("KXMLBGAME"): {"events": [event, {"event_ticker": 1}], "cursor": ""},
            "/series/KXMLBGAME": {"series": SERIES},
        },
    )
    assert [one.market.native_id for one in found.listings] == [TICKER_A]
    assert "price_ranges" in found.skipped[1].reason
    assert len(found.skipped) == 2


def test_the_whole_exchange_is_paged_with_all_series_read_at_once() -> None:
    second = changed(EVENT, event_ticker="E2", markets=[changed(MARKET, ticker=TICKER_B)])
    found, asked = answered(
        open_markets(),
        {
            "/series": {"series": [SERIES, {"ticker": "BROKEN"}]},
            open_events_path(): {"events": [NESTED], "cursor": "next"},
            open_events_path(cursor="next"): {"events": [second], "cursor": ""},
        },
    )
    assert [one.market.native_id for one in found.listings] == [TICKER_A, TICKER_B]
    assert len(asked) == 3


def test_paging_that_restarts_is_an_error_not_a_loop() -> None:
    page = {"events": [NESTED], "cursor": "again"}
    with pytest.raises(DataError, match="restarted"):
        answered(
            open_markets(["KXMLBGAME"]),
            {
                open_events_path("KXMLBGAME"): page,
                open_events_path("KXMLBGAME", "again"): page,
                "/series/KXMLBGAME": {"series": SERIES},
            },
        )


def test_a_page_without_cursor_is_not_the_last_page() -> None:
    with pytest.raises(DataError, match="`cursor`"):
        answered(open_markets(["A"]), {open_events_path("A"): {"events": []}})


def test_long_watch_lists_go_in_batches_of_a_hundred() -> None:
    tickers = [f"T{n}" for n in range(150)]
    _, asked = answered(
        watch_list(tickers),
        {
            markets_path(*tickers[:100]): NO_MARKETS,
            markets_path(*tickers[100:]): NO_MARKETS,
            events_path(*tickers[:100]): NO_EVENTS,
            events_path(*tickers[100:]): NO_EVENTS,
        },
    )
    assert asked[0] == markets_path(*tickers[:100])
    assert asked[1] == markets_path(*tickers[100:])


def test_exchange_status_tells_a_trading_pause() -> None:
    status, _ = answered(
        exchange_status(), {"/exchange/status": {"exchange_active": True, "trading_active": False}}
    )
    assert (status.exchange_active, status.trading_active) == (True, False)
