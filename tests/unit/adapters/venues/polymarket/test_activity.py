"""What else moved the wallet."""

from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.polymarket.activity import (
    WalletMove,
    activity_request,
    read_activity,
)
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import Instant, Money, Quantity
from tests.unit.adapters.venues.polymarket.builders import NOW, condition
from tests.unit.adapters.venues.polymarket.orders import PROXY, signer
from tests.unit.adapters.venues.polymarket.vectors import WALLET


def page(*rows: dict[str, object], has_more: bool = False) -> HttpResponse:
    body = {"data": rows, "pagination": {"has_more": has_more, "next_cursor": "abc"}}
    return HttpResponse(200, msgspec.json.encode(body))


def move(**fields: object) -> dict[str, object]:
    return {
        "type": "SPLIT",
        "condition_id": condition(1),
        "token_id": "",
        "size": 12.5,
        "usdc_size": 12.5,
        "timestamp": 1_791_241_000,
        "transaction_hash": "0xabc",
        "is_combo": False,
    } | fields


def test_it_is_asked_of_the_data_host_without_credentials() -> None:
    unsigned = activity_request(PROXY, NOW, "abc")
    assert parse_qs(urlsplit(unsigned.path).query) == {
        "user": [WALLET],
        "start": [str(NOW // 1_000_000)],
        "limit": ["1000"],
        "cursor": ["abc"],
    }
    assert signer(PROXY).sign(unsigned, NOW).headers == ()


def test_a_move_is_told_in_our_units() -> None:
    moves, cursor = read_activity(page(move()))
    assert moves == (
        WalletMove(
            kind="SPLIT",
            condition_id=condition(1),
            token="",
            quantity=Quantity(12_500_000),
            dollars=Money(12_500_000),
            transaction="0xabc",
            event_us=Instant(1_791_241_000_000_000),
        ),
    )
    assert cursor is None


def test_a_page_names_its_next_one() -> None:
    assert read_activity(page(has_more=True))[1] == "abc"


@pytest.mark.parametrize("fields", [{"size": 0.12345678}, {"size": -1}, {"timestamp": None}])
def test_a_move_that_cannot_be_told_exactly_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(DataError):
        read_activity(page(move(**fields)))
