"""What a wallet's turn proves about a transaction that nobody can ask for by name."""

import msgspec
import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.conversion_path import ConversionPath, Made
from foreshock.adapters.venues.polymarket.conversions import (
    LAPSE_ROOM,
    PolymarketConversions,
    call_of,
)
from foreshock.adapters.venues.polymarket.positions import merge, redeem, split
from foreshock.adapters.venues.polymarket.relayer import read_submission
from foreshock.core.domain.errors import ConfigError, DataError, OrderRejectedError
from foreshock.core.domain.messages.conversions import ConversionKind, ConvertSets
from foreshock.core.domain.units import MICRO, SECOND, Instant, Quantity
from tests.unit.adapters.venues.polymarket.builders import NOW, market
from tests.unit.adapters.venues.polymarket.orders import HOLDER
from tests.unit.adapters.venues.polymarket.vectors import ADDRESS
from tests.unit.adapters.venues.polymarket.wallet_calls import holder_of

TEN = Quantity(10 * MICRO)
PATH: ConversionPath = PolymarketConversions(holder_of(2))


def turn(nonce: int, status: int = 200) -> HttpResponse:
    body = msgspec.json.encode({"address": ADDRESS.lower(), "nonce": str(nonce)})
    return HttpResponse(status, body)


def command(kind: ConversionKind = "split", quantity: Quantity = TEN) -> ConvertSets:
    return ConvertSets("s1", kind, market().id, quantity, NOW)


def made(kind: int = 2) -> Made:
    return PolymarketConversions(holder_of(kind)).made(command(), market(), turn(7), NOW)


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_a_transaction_carries_the_turn_it_was_told(kind: int) -> None:
    found = made(kind)
    assert found.turn == 7
    assert read_submission(found.request, holder_of(kind)).turn.nonce == 7
    assert (found.lapses_us is not None) is (kind == 3)
    if found.lapses_us is not None:
        assert 590 * SECOND <= found.lapses_us - NOW <= 600 * SECOND


def test_each_command_is_its_call() -> None:
    assert call_of(command("split"), market()) == split(market(), TEN)
    assert call_of(command("merge"), market()) == merge(market(), TEN)
    assert call_of(command("redeem", Quantity(0)), market()) == redeem(market())


def test_what_cannot_be_made_is_said() -> None:
    with pytest.raises(DataError):
        PATH.made(command(), market(), turn(7, 503), NOW)
    with pytest.raises(OrderRejectedError):
        PATH.made(command("split", Quantity(0)), market(), turn(7), NOW)
    with pytest.raises(ConfigError, match="wallets only"):
        PolymarketConversions(HOLDER).turn()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (None, "unknown"),
        (turn(6), "unknown"),
        (turn(7), "unknown"),
        (turn(8), "spent"),
        (turn(99), "spent"),
        (turn(8, 500), "unknown"),
        (HttpResponse(200, b"{}"), "unknown"),
    ],
)
def test_only_a_later_turn_says_that_it_is_over(answer: HttpResponse | None, verdict: str) -> None:
    assert PATH.traced(made(), None, answer, NOW).verdict == verdict


def test_only_a_deposit_wallets_transaction_lapses() -> None:
    late = Instant(NOW + 800 * SECOND)
    assert PATH.traced(made(2), None, turn(7), late).verdict == "unknown"
    deposit = made(3)
    assert deposit.lapses_us is not None
    at_us = Instant(deposit.lapses_us + LAPSE_ROOM)
    assert PATH.traced(deposit, None, turn(7), at_us).verdict == "unknown"
    assert PATH.traced(deposit, None, turn(7), Instant(at_us + 1)).verdict == "failed"
    assert PATH.traced(deposit, None, turn(8), Instant(at_us + 1)).verdict == "spent"


def test_by_its_name_it_is_asked_for_itself() -> None:
    assert PATH.trace("t-1").path == "/v1/account/transactions/t-1"
    assert PATH.trace(None) == PATH.turn()
    body = {"transaction_id": "t-1", "state": "STATE_CONFIRMED", "transaction_hash": "0xab"}
    found = PATH.traced(made(), "t-1", HttpResponse(200, msgspec.json.encode(body)), NOW)
    assert (found.verdict, found.tx_hash) == ("confirmed", "0xab")
    assert PATH.submitted(None).verdict == "unknown"
