"""Orders, fills, positions and dollars as the venue lists them."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import AccountReader
from foreshock.adapters.venues.polymarket.account import (
    PolymarketAccount,
    closed_only_request,
    geoblock_request,
    read_allowance,
    read_closed_only,
    read_geoblock,
    refresh_request,
)
from foreshock.adapters.venues.polymarket.ours import Ours
from foreshock.core.domain.accounts import AccountPart, VenuePosition
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.units import Instant, Quantity
from tests.unit.adapters.venues.polymarket.builders import NOW, market, token
from tests.unit.adapters.venues.polymarket.orders import CURVE, PACK, PROXY, signer
from tests.unit.adapters.venues.polymarket.vectors import WALLET

SAMPLES = "polymarket/nautilus_trader/crates/adapters/polymarket/test_data"
YES = "71321045679252212594626385532706912750332728571942532289631379312455583992563"
NO = "52114319501245915516055106046884209969926127482827954674443846427813813222426"
PARTS: tuple[AccountPart, ...] = ("orders", "fills", "positions", "balance")


def account() -> PolymarketAccount:
    ours = Ours(PROXY, PACK)
    ours.list_market(market(fee=CURVE))
    ours.list_market(market(2, outcome_ids=(YES, NO), fee=CURVE))
    return PolymarketAccount(PROXY, ours)


def ok(body: object) -> HttpResponse:
    return HttpResponse(200, msgspec.json.encode(body))


def sample(shared_wire: Path, name: str) -> HttpResponse:
    return HttpResponse(200, (shared_wire / SAMPLES / name).read_bytes())


def query(path: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(path).query)


def test_it_is_an_account_reader_whose_requests_are_all_signed() -> None:
    reader: AccountReader = account()
    for part in PARTS:
        for cursor in (None, "MTAw"):
            unsigned = reader.read(part, NOW, cursor)
            headers = signer(PROXY).sign(unsigned, NOW).headers
            assert bool(headers) == (unsigned.host == "trading")


def test_each_part_has_its_request() -> None:
    reader = account()
    assert reader.read("orders", NOW, None).path == "/data/orders"
    assert query(reader.read("orders", NOW, "MTAw").path) == {"next_cursor": ["MTAw"]}
    assert query(reader.read("fills", NOW, None).path) == {"after": [str(NOW // 1_000_000)]}
    positions = reader.read("positions", NOW, "abc")
    assert positions.host == "data"
    assert query(positions.path) == {"user": [WALLET], "limit": ["1000"], "cursor": ["abc"]}
    assert query(reader.read("balance", NOW, None).path) == {
        "asset_type": ["COLLATERAL"],
        "signature_type": ["1"],
    }


def test_open_orders_are_read_as_sampled(shared_wire: Path) -> None:
    reading = account().heard("orders", sample(shared_wire, "http_open_orders_page.json"))
    assert [(o.outcome, o.action, o.limit, o.quantity, o.filled) for o in reading.orders] == [
        ("yes", "buy", 600_000, 200_000_000, 0),
        ("no", "sell", 400_000, 150_000_000, 50_000_000),
    ]
    assert all(order.is_open for order in reading.orders)
    assert reading.cursor is None
    assert reading.unreadable == ()


def test_fills_are_read_as_sampled(shared_wire: Path) -> None:
    reading = account().heard("fills", sample(shared_wire, "http_trades_page.json"))
    (fill,) = reading.fills
    assert (fill.outcome, fill.action, fill.quantity, fill.price) == (
        "yes",
        "buy",
        10_000_000,
        500_000,
    )
    assert fill.status == "provisional"


def test_a_page_names_its_next_one() -> None:
    reading = account().heard("orders", ok({"data": list[str](), "next_cursor": "MTAw"}))
    assert reading.cursor == "MTAw"


def test_rows_of_unknown_markets_are_told_and_do_not_hide_the_others(shared_wire: Path) -> None:
    reader = PolymarketAccount(PROXY, Ours(PROXY, PACK))
    reading = reader.heard("orders", sample(shared_wire, "http_open_orders_page.json"))
    assert reading.orders == ()
    assert len(reading.unreadable) == 2
    assert all("no market we know" in words for words in reading.unreadable)


def positions(*rows: dict[str, object], **pagination: object) -> HttpResponse:
    return ok({"data": rows, "pagination": {"has_more": False} | pagination})


def test_positions_are_exact() -> None:
    answer = HttpResponse(
        200,
        b'{"data":[{"token_id":"%s","current_size":19.230769,"avg_price":0.52},'
        b'{"token_id":"%s","current_size":150}],"pagination":{"has_more":false}}'
        % (token(1, "yes").encode(), token(1, "no").encode()),
    )
    assert account().heard("positions", answer).positions == (
        VenuePosition(market().id, "yes", Quantity(19_230_769)),
        VenuePosition(market().id, "no", Quantity(150_000_000)),
    )


def test_a_position_finer_than_a_base_unit_is_told_unreadable() -> None:
    row: dict[str, object] = {"token_id": token(1, "yes"), "current_size": 0.12345678}
    reading = account().heard("positions", positions(row))
    assert reading.positions == ()
    assert len(reading.unreadable) == 1


def test_positions_that_go_on_name_their_cursor_or_are_refused() -> None:
    more = positions(has_more=True, next_cursor="abc")
    assert account().heard("positions", more).cursor == "abc"
    with pytest.raises(DataError, match="without saying where"):
        account().heard("positions", positions(has_more=True))


def test_balance_and_allowances_are_base_units() -> None:
    unlimited = 2**256 - 1
    answer = ok({"balance": "1000000", "allowances": {WALLET: str(unlimited), "0x0": "0"}})
    assert account().heard("balance", answer).cash == 1_000_000
    assert read_allowance(answer).allowances == {WALLET: unlimited, "0x0": 0}


def test_a_look_at_the_chain_asks_for_what_the_balance_asks_for() -> None:
    balance = account().read("balance", NOW, None)
    again = refresh_request(balance)
    assert again.path.startswith("/balance-allowance/update?asset_type=COLLATERAL&")
    assert query(again.path) == query(balance.path)


@pytest.mark.parametrize(
    "body",
    [
        {"balance": "250.5", "allowances": {}},
        {"balance": "-1", "allowances": {}},
        {"balance": "1"},
        {"allowances": {}},
        {"balance": "9" * 31, "allowances": {}},
        {"balance": "1", "allowances": {"0x0": "many"}},
    ],
)
def test_a_balance_that_is_no_number_of_base_units_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(DataError):
        account().heard("balance", ok(body))


@pytest.mark.parametrize("part", PARTS)
def test_an_answer_of_another_shape_or_status_is_refused(part: AccountPart) -> None:
    with pytest.raises(DataError):
        account().heard(part, HttpResponse(200, b"[]"))
    with pytest.raises(VenueUnavailableError, match="401"):
        account().heard(part, HttpResponse(401, b'{"error":"Unauthorized"}'))


def test_where_we_may_not_trade_is_a_condition() -> None:
    assert read_closed_only(ok({"closed_only": True})) == "closing_only"
    assert read_closed_only(ok({"closed_only": False})) == "open"
    place = {"blocked": True, "ip": "192.0.2.1", "country": "GB", "region": "ENG"}
    assert read_geoblock(ok(place)) == "geoblocked"
    assert read_geoblock(ok(place | {"blocked": False})) == "open"
    assert signer(PROXY).sign(closed_only_request(), Instant(0)).path.endswith("closed-only")
    assert geoblock_request().host == "website"
    with pytest.raises(DataError):
        read_geoblock(ok({}))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (HttpResponse(429, b"", (("Retry-After", "2"),)), 2_000_000),
        (HttpResponse(429, b""), 1_000_000),
        (HttpResponse(503, b""), None),
        (HttpResponse(425, b'{"retry_after_seconds":3}'), 3_000_000),
    ],
)
def test_a_refusal_says_how_long_to_wait(answer: HttpResponse, expected: int | None) -> None:
    assert account().wait_us(answer) == expected
