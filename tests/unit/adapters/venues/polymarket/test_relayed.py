"""What does an answer of the relayer prove, and what does it not?"""

import msgspec
import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.polymarket.relayed import (
    read_submitted,
    read_transaction,
)
from foreshock.core.domain.messages.conversions import ConversionVerdict

HASH = "0x" + "ab" * 32


def submitted(status: int, body: object) -> ConversionVerdict:
    return read_submitted(HttpResponse(status, msgspec.json.encode(body))).verdict


def looked(status: int, body: object) -> ConversionVerdict:
    return read_transaction("t-1", HttpResponse(status, msgspec.json.encode(body))).verdict


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        ("STATE_NEW", "pending"),
        ("STATE_EXECUTED", "pending"),
        ("STATE_MINED", "pending"),
        ("STATE_CONFIRMED", "confirmed"),
        ("STATE_FAILED", "failed"),
        ("STATE_INVALID", "failed"),
        ("STATE_PARKED", "unknown"),
        ("", "unknown"),
    ],
)
def test_every_state_has_one_meaning(state: str, verdict: ConversionVerdict) -> None:
    body = {"state": state, "transactionID": "t-1", "transactionHash": HASH}
    assert submitted(200, body) == verdict
    row = {"state": state, "transaction_id": "t-1", "transaction_hash": HASH}
    assert looked(200, row) == verdict


def test_an_accepted_submission_names_its_transaction() -> None:
    body = {"state": "STATE_NEW", "transactionID": "t-1", "transactionHash": ""}
    found = read_submitted(HttpResponse(200, msgspec.json.encode(body)))
    assert (found.transaction_id, found.tx_hash) == ("t-1", None)


@pytest.mark.parametrize(
    "words",
    [
        "batch nonce 3 does not match on-chain nonce 4",
        "wallet busy: an active action exists",
        "wallet has in-flight action",
    ],
)
def test_refusals_in_known_words_are_proof(words: str) -> None:
    assert submitted(400, {"error": words}) == "rejected"
    assert submitted(500, {"error": words}) == "unknown"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": "something new"}),
        (401, {"error": "unauthorized"}),
        (500, {}),
        (200, {}),
        (200, []),
        (200, {"state": "STATE_NEW"}),
        (200, {"state": "STATE_CONFIRMED", "transactionID": ""}),
        (202, {"state": "STATE_NEW", "transactionID": "t-1"}),
    ],
)
def test_everything_else_is_unknown(status: int, body: object) -> None:
    assert submitted(status, body) == "unknown"


def test_silence_is_unknown_and_too_many_is_a_refusal() -> None:
    assert read_submitted(None).verdict == "unknown"
    assert read_transaction("t-1", None).verdict == "unknown"
    assert submitted(429, {}) == "rejected"


def test_a_look_proves_only_the_transaction_it_names() -> None:
    row = {"state": "STATE_CONFIRMED", "transaction_id": "t-2", "transaction_hash": HASH}
    assert looked(200, row) == "unknown"
    assert looked(200, {"state": "STATE_CONFIRMED", "transaction_id": "t-1"}) == "unknown"
    assert looked(404, {}) == "unknown"
    failed = row | {"transaction_id": "t-1", "state": "STATE_FAILED", "error_msg": "reverted"}
    found = read_transaction("t-1", HttpResponse(200, msgspec.json.encode(failed)))
    assert (found.verdict, found.words, found.tx_hash) == ("failed", "reverted", HASH)
