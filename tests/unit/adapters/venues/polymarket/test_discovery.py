"""Requests and pages of the metadata host."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.adapters.venues.polymarket.discovery import (
    BOOKS_MAX,
    books_request,
    clob_market_request,
    events_request,
    markets_request,
    missing_books,
    parse_clob_market,
    parse_events,
    parse_markets,
    parse_series,
    series_request,
)
from foreshock.core.domain.errors import DataError
from tests.unit.adapters.venues.polymarket.builders import encode, gamma, rest_book, token


def test_a_page_is_asked_for_by_cursor_and_never_by_offset() -> None:
    request = markets_request([("closed", "false"), ("slug", "a&b")], "x=/+")
    url = urlsplit(request.path)
    assert (request.method, url.path) == ("GET", "/markets/keyset")
    query = parse_qs(url.query)
    assert query == {
        "limit": ["100"],
        "closed": ["false"],
        "slug": ["a&b"],
        "after_cursor": ["x=/+"],
    }
    assert "after_cursor" not in events_request([]).path


def test_the_other_requests_are_what_the_venue_expects() -> None:
    assert series_request(["a b"]).path == "/series?exclude_events=true&slug=a+b"
    assert clob_market_request("0x1").path == "/clob-markets/0x1"
    request = books_request(["7", "8"])
    assert (request.method, request.path) == ("POST", "/books")
    assert request.body == b'[{"token_id":"7"},{"token_id":"8"}]'


def test_more_books_than_the_venue_answers_are_never_asked_for() -> None:
    assert books_request(["7"] * BOOKS_MAX).body
    with pytest.raises(ValueError, match="501"):
        books_request(["7"] * (BOOKS_MAX + 1))


def test_an_unreadable_market_never_hides_its_neighbours() -> None:
    page = parse_markets(
        encode({
            "markets": [
                gamma(1),
                gamma(2, conditionId=""),
                gamma(3, outcomes='["A", "B", "C"]'),
                {"question": "nothing else"},
                gamma(5),
            ],
            "next_cursor": "abc",
        })
    )
    assert [listed.slug for listed in page.listed] == ["market-1", "market-5"]
    assert page.not_binary_count == 1
    assert len(page.refused) == 2
    assert page.next_cursor == "abc"


@pytest.mark.parametrize("body", [{"markets": []}, {"markets": [], "next_cursor": ""}])
def test_the_last_page_names_no_cursor(body: object) -> None:
    assert parse_markets(encode(body)).next_cursor is None


def test_markets_know_the_event_they_were_found_in() -> None:
    nested = gamma(1, negRisk=True, negRiskMarketID="0xabc")
    event = {
        "id": "9", "slug": "race", "category": "Politics", "negRiskAugmented": False,
        "markets": [nested, gamma(2, closed=True)],
    }  # fmt: skip
    page = parse_events(encode({"events": [event, {"id": "10"}]}))
    first, second = page.listed
    assert (first.event_slug, first.market.event_id, first.market.category) == (
        "race",
        "race",
        "Politics",
    )
    assert not first.market.is_augmented
    assert second.market.status == "closed"
    assert len(page.refused) == 1


def test_numbers_are_exact_and_never_pass_through_a_float() -> None:
    body = encode({"markets": [gamma(1)]}).replace(b"129642.785175", b"9007199254740993.000001")
    assert parse_markets(body).listed[0].market.volume_24h == 9_007_199_254_740_993_000_001


def test_books_that_were_left_out_are_named() -> None:
    body = encode([rest_book(2), rest_book(1)])
    asked = [token(n, "yes") for n in (1, 2, 3)]
    assert missing_books(asked, body) == (token(3, "yes"),)


def test_series_are_read() -> None:
    (series,) = parse_series(b'[{"id":"10192","slug":"btc-up-or-down-15m","title":"x"}]')
    assert (series.id, series.slug) == ("10192", "btc-up-or-down-15m")


PARSERS = [parse_markets, parse_events, parse_series, parse_clob_market]


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"[]x",
        b"[" * 200_000,
        b'{"markets":' + b"[" * 200_000,
        b"\xff",
        b'{"markets":1}',
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, bytes) else None,
)
def test_an_unreadable_answer_is_a_data_error(parse: object, body: bytes) -> None:
    assert callable(parse)
    with pytest.raises(DataError):
        parse(body)


def test_a_body_too_long_to_read_is_refused_unread() -> None:
    with pytest.raises(DataError, match="longer"):
        parse_markets(b" " * (FRAME_BYTES_MAX + 1))


@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 400))
def test_damaged_pages_raise_data_errors_at_worst(noise: bytes, start: int, end: int) -> None:
    body = encode({"markets": [gamma(1)]})
    damaged = body[:start] + noise + body[end:]
    try:
        parse_markets(damaged)
    except DataError:
        return


def test_the_real_shapes_of_events_are_read(shared_wire: Path) -> None:
    """Shapes kept by another project; a neg-risk event of March 2026 whose group may grow."""
    path = "polymarket/nautilus_trader/crates/adapters/polymarket/test_data/gamma_event.json"
    events = msgspec.json.decode((shared_wire / path).read_bytes())
    page = parse_events(encode({"events": events}))
    assert len(page.listed) == len(events[0]["markets"])
    assert {listed.market.exclusive_group for listed in page.listed} == {
        "0x2c3d7e0eee6f058be3006baabf0d54a07da254ba47fe6e3e095e7990c7814700"
    }
    assert all(listed.market.is_augmented for listed in page.listed)
    assert not page.refused
