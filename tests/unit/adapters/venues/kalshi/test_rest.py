"""Are requests what the venue expects, and answers read by what their status means?"""

import json
from pathlib import Path

import pytest

from foreshock.adapters.seams import FRAME_BYTES_MAX, HttpResponse
from foreshock.adapters.venues.kalshi.rest import (
    CursorGuard,
    body_of,
    error_words,
    escaped,
    get,
    order_books_request,
)
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from tests.unit.adapters.venues.kalshi.builders import encoded


def test_batches_repeat_the_ticker_key() -> None:
    assert order_books_request(["A-1", "B-T3.75"]).path == (
        "/trade-api/v2/markets/orderbooks?tickers=A-1&tickers=B-T3.75"
    )


@pytest.mark.parametrize("count", [0, 101])
def test_batches_are_one_to_a_hundred(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        order_books_request(["A"] * count)


def test_a_ticker_cannot_leave_its_path_segment() -> None:
    path = get(f"/markets/{escaped('../portfolio?x=1')}/candlesticks").path
    assert path == "/trade-api/v2/markets/..%2Fportfolio%3Fx%3D1/candlesticks"


def test_lists_stay_readable_in_a_query() -> None:
    assert (
        get("/markets", tickers="A,B", limit=5).path == "/trade-api/v2/markets?tickers=A,B&limit=5"
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            {"error": {"code": "bad_request", "message": "bad request", "details": "invalid x"}},
            "bad_request invalid x",
        ),
        ({"code": "bad_request", "message": "bad", "details": ""}, "bad_request bad"),
        ({"msg": "Parameter validation failed for GetMarkets"}, "Parameter validation failed"),
        ({"error": "too many requests"}, "too many requests"),
    ],
)
def test_all_four_error_shapes_have_words(body: object, words: str) -> None:
    assert words in error_words(encoded(body))


def test_recorded_error_bodies_have_words(shared_wire: Path) -> None:
    folder = shared_wire / "kalshi" / "fortuna_demo_2026-06-11"
    expected = {
        "markets__limit_over_max": "Limit",
        "auth__unknown_key_id": "NOT_FOUND",
        "orders__numeric_field_types": "CreateOrderV2Request",
        "orders__post_only_cross": "post only cross",
        "orders__cancel_unknown_id": "not_found",
    }
    for name, words in expected.items():
        assert words in error_words((folder / f"{name}.json").read_bytes())


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_busy_or_broken_is_worth_asking_again(status: int) -> None:
    with pytest.raises(VenueUnavailableError, match=f"{status}: too many"):
        body_of(HttpResponse(status, encoded({"error": "too many requests"})))


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404])
def test_other_answers_are_final(status: int) -> None:
    with pytest.raises(DataError, match=str(status)):
        body_of(HttpResponse(status, b"<html>"))


def test_a_body_too_long_is_not_read() -> None:
    with pytest.raises(DataError, match="too long"):
        body_of(HttpResponse(200, b" " * (FRAME_BYTES_MAX + 1)))


def test_paging_ends_with_the_empty_cursor() -> None:
    guard = CursorGuard()
    assert [guard.following("a"), guard.following("b"), guard.following("")] == ["a", "b", None]


def test_a_cursor_that_comes_twice_is_a_restart() -> None:
    guard = CursorGuard()
    guard.following("a")
    with pytest.raises(DataError, match="restarted"):
        guard.following("a")


def test_paging_has_a_ceiling() -> None:
    guard = CursorGuard(pages_max=3)
    guard.following("a")
    guard.following("b")
    with pytest.raises(DataError, match="more than 3 pages"):
        guard.following("c")


def test_recorded_garbage_cursor_restarts_and_is_noticed(shared_wire: Path) -> None:
    """The venue answered 200 with the first page to a cursor it does not know."""
    folder = shared_wire / "kalshi" / "fortuna_demo_2026-06-11"
    guard = CursorGuard()
    names = ("page1", "page2", "page3", "garbage_cursor")
    pages = [json.loads((folder / f"markets__{name}.json").read_bytes()) for name in names]
    for page in pages[:3]:
        assert guard.following(page["cursor"]) is not None
    with pytest.raises(DataError, match="restarted"):
        guard.following(pages[3]["cursor"])
    last = json.loads((folder / "markets__single_filter_lastpage.json").read_bytes())
    assert guard.following(last["cursor"]) is None
