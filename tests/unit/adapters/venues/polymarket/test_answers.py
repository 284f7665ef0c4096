"""What became of an order, by the answer to placing it."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Answer, Prepared
from foreshock.adapters.venues.polymarket.answers import (
    read_cancelled,
    read_placed,
)
from foreshock.adapters.venues.polymarket.placement import Style, prepare
from foreshock.core.domain.messages.account import AnsweredFact
from foreshock.core.domain.messages.trading import (
    OrderAccepted,
    OrderClosed,
    OrderRejected,
    OrderUnknown,
)
from foreshock.core.domain.units import Instant
from tests.unit.adapters.venues.polymarket.builders import NOW, market
from tests.unit.adapters.venues.polymarket.orders import HOLDER, SENT, place_order

SAMPLES = "polymarket/nautilus_trader/crates/adapters/polymarket/test_data"
ID = "package-1/0.0"
STYLES = {
    "GTC": Style("GTC"),
    "GTD": Style("GTD", Instant(NOW + 600_000_000)),
    "FOK": Style("FOK"),
    "FAK": Style("FAK"),
}


def prepared(kind: str = "GTC", **terms: object) -> Prepared:
    return prepare(place_order(**terms), market(), STYLES[kind], HOLDER, SENT)


def answered(order: Prepared, /, **fields: object) -> HttpResponse:
    """A resting order as the venue accepts it, with other fields."""
    body = {
        "errorMsg": "",
        "orderID": order.venue_order_id,
        "takingAmount": "",
        "makingAmount": "",
        "status": "live",
        "success": True,
    } | fields
    return HttpResponse(200, msgspec.json.encode(body))


def kinds(answer: Answer) -> list[type[AnsweredFact]]:
    return [type(fact) for fact in answer.facts]


def test_silence_leaves_an_order_unknown() -> None:
    assert kinds(read_placed(prepared(), None)) == [OrderUnknown]


@pytest.mark.parametrize("status", ["live", "delayed", "unmatched"])
def test_an_order_is_accepted_under_the_hash_computed_before(status: str) -> None:
    order = prepared()
    answer = read_placed(order, answered(order, status=status))
    assert answer.facts == (OrderAccepted(ID, str(order.venue_order_id)),)
    assert answer.condition == "open"


@pytest.mark.parametrize("kind", ["GTC", "GTD", "FOK", "FAK"])
@pytest.mark.parametrize("action", ["buy", "sell"])
def test_a_whole_match_closes_the_order(kind: str, action: str) -> None:
    order = prepared(kind, action=action)
    amounts = {"takingAmount": "10", "makingAmount": "5.2"}
    if action == "sell":
        amounts = {"takingAmount": "5.2", "makingAmount": "10"}
    answer = read_placed(order, answered(order, status="matched", **amounts))
    assert kinds(answer) == [OrderAccepted, OrderClosed]
    assert answer.facts[1] == OrderClosed(ID, place_order().quantity, "filled")
    assert answer.fills == ()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("GTC", [OrderAccepted]), ("GTD", [OrderAccepted]), ("FAK", [OrderAccepted, OrderClosed])],
)
def test_a_partial_match_ends_only_what_does_not_rest(
    kind: str, expected: list[type[AnsweredFact]]
) -> None:
    order = prepared(kind)
    answer = read_placed(
        order, answered(order, status="matched", takingAmount="4.5", makingAmount="2.34")
    )
    assert kinds(answer) == expected


def test_a_purchase_by_dollars_tells_what_it_really_got() -> None:
    """5 contracts at 0.99 traded at 0.98 (py-clob-client-v2 issue 89, June 2026)."""
    order = prepared("FAK", limit=990_000, quantity=5_000_000)
    answer = read_placed(
        order, answered(order, status="matched", takingAmount="5.051019", makingAmount="4.95")
    )
    assert isinstance(answer.facts[1], OrderClosed)
    assert answer.facts[1].filled == 5_051_019


@pytest.mark.parametrize("amount", ["", "0", None, "lots", "1.2345678", "-1"])
def test_a_match_of_an_untold_size_is_unknown(amount: str | None) -> None:
    order = prepared("FAK")
    answer = read_placed(order, answered(order, status="matched", takingAmount=amount))
    assert kinds(answer) == [OrderAccepted, OrderUnknown]


def test_an_unknown_word_for_an_accepted_order_is_looked_up() -> None:
    order = prepared()
    answer = read_placed(order, answered(order, status="pondering"))
    assert kinds(answer) == [OrderAccepted, OrderUnknown]


@pytest.mark.parametrize(
    "fields",
    [
        {"success": False},
        {"orderID": ""},
        {"orderID": None},
        {"orderID": "0x" + "12" * 32},
        {"success": False, "orderID": "", "errorMsg": None},
        {"errorMsg": "something nobody documented"},
        {"errorMsg": "invalid expiration"},
    ],
)
def test_a_success_without_our_order_is_unknown(fields: dict[str, object]) -> None:
    order = prepared()
    assert kinds(read_placed(order, answered(order, **fields))) == [OrderUnknown]


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"null", b"[]", b"<html>ok</html>", b'{"success":tr', b'{"success":"yes"}'],
)
def test_a_success_nobody_can_read_is_unknown(body: bytes) -> None:
    assert kinds(read_placed(prepared(), HttpResponse(200, body))) == [OrderUnknown]


@given(st.integers(100, 599).filter(lambda status: status != 429), st.binary(max_size=80))
def test_arbitrary_answers_never_reject_an_order(status: int, body: bytes) -> None:
    assert kinds(read_placed(prepared(), HttpResponse(status, body))) == [OrderUnknown]


@pytest.mark.parametrize(
    ("status", "words", "expected"),
    [
        (400, "not enough balance / allowance", OrderRejected),
        (
            400,
            "order couldn't be fully filled. FOK orders are fully filled or killed.",
            OrderClosed,
        ),
        (400, "order match delayed due to market conditions", OrderUnknown),
        (503, "trading is disabled", OrderUnknown),
    ],
)
def test_each_verdict_has_its_fact(status: int, words: str, expected: type[AnsweredFact]) -> None:
    body = json.dumps({"error": words}).encode()
    answer = read_placed(prepared(), HttpResponse(status, body))
    assert kinds(answer) == [expected]
    assert answer.facts[0].order_id == ID
    if isinstance(answer.facts[0], OrderClosed):
        assert answer.facts[0].filled == 0


def test_a_restart_tells_its_condition_and_wait() -> None:
    answer = read_placed(prepared(), HttpResponse(425, b"", (("Retry-After", "2"),)))
    assert kinds(answer) == [OrderUnknown]
    assert (answer.condition, answer.retry_after_us) == ("restarting", 2_000_000)


@pytest.mark.parametrize(
    ("sample", "status", "expected"),
    [
        ("http_order_response_error_500.json", 500, OrderUnknown),
        ("http_order_response_failed.json", 200, OrderUnknown),
        ("http_order_response_ok.json", 200, OrderUnknown),
    ],
)
def test_sampled_answers_prove_nothing_of_our_order(
    shared_wire: Path, sample: str, status: int, expected: type[AnsweredFact]
) -> None:
    """They name another order, and words that the venue does not document."""
    body = (shared_wire / SAMPLES / sample).read_bytes()
    assert kinds(read_placed(prepared(), HttpResponse(status, body))) == [expected]


# ---- cancels ---------------------------------------------------------------------------------


def test_no_order_ends_by_a_cancel() -> None:
    body = b'{"canceled":["0x1"],"not_canceled":{}}'
    assert read_cancelled(HttpResponse(200, body)) == Answer()
    assert read_cancelled(None) == Answer()


def test_a_refused_cancel_tells_the_venues_condition() -> None:
    body = b'{"error":"trading is disabled"}'
    assert read_cancelled(HttpResponse(503, body)).condition == "trading_disabled"
