"""What became of a transaction that the relayer was asked to send?

    pending    on its way: NEW, EXECUTED, MINED
    confirmed  it happened, finally
    failed     it ended and changed nothing: FAILED, INVALID
    rejected   refused before it was taken, in words that are known
    unknown    everything else: it may have happened, or may still

Source: the states and refusals that SDK 0.14.0 reads; the relayer documents no others.
"""

import re

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.conversion_path import Relayed
from foreshock.core.domain.messages.conversions import ConversionVerdict

STATES: dict[str, ConversionVerdict] = {
    "STATE_NEW": "pending",
    "STATE_EXECUTED": "pending",
    "STATE_MINED": "pending",
    "STATE_CONFIRMED": "confirmed",
    "STATE_FAILED": "failed",
    "STATE_INVALID": "failed",
}
REFUSALS = re.compile(
    r".*(batch nonce \d+ does not match on-chain nonce \d+"
    r"|wallet busy.*active action|wallet has in-flight action).*",
    re.IGNORECASE | re.DOTALL,
)
OK, BAD_REQUEST, TOO_MANY = 200, 400, 429
WORDS_MAX = 200


class _WireSubmitted(msgspec.Struct, frozen=True):
    state: str
    transaction_id: str = msgspec.field(name="transactionID")
    tx_hash: str | None = msgspec.field(name="transactionHash", default=None)


class _WireTransaction(msgspec.Struct, frozen=True):
    state: str
    transaction_id: str
    transaction_hash: str | None
    error_msg: str | None = None


_SUBMITTED = msgspec.json.Decoder(_WireSubmitted)
_TRANSACTION = msgspec.json.Decoder(_WireTransaction)


def read_submitted(answer: HttpResponse | None) -> Relayed:
    """What the answer to a submission proves; None = no answer came."""
    if answer is None:
        return Relayed(verdict="unknown", words="no answer came")
    words = answer.body[:WORDS_MAX].decode(errors="replace")
    if answer.status == TOO_MANY or (
        answer.status == BAD_REQUEST and REFUSALS.fullmatch(words) is not None
    ):
        return Relayed(verdict="rejected", words=words)
    if answer.status != OK:
        return Relayed(verdict="unknown", words=f"status {answer.status}: {words}")
    try:
        wire = _SUBMITTED.decode(answer.body)
    except (ValueError, RecursionError):
        return Relayed(verdict="unknown", words=f"cannot be read: {words}")
    return Relayed(
        verdict=STATES.get(wire.state, "unknown") if wire.transaction_id else "unknown",
        words=wire.state[:WORDS_MAX],
        transaction_id=wire.transaction_id or None,
        tx_hash=wire.tx_hash or None,
    )


def read_transaction(transaction_id: str, answer: HttpResponse | None) -> Relayed:
    """What a look at a transaction proves. An error proves nothing, an absent one neither."""
    unknown = Relayed(verdict="unknown", words="no answer came", transaction_id=transaction_id)
    if answer is None:
        return unknown
    words = answer.body[:WORDS_MAX].decode(errors="replace")
    if answer.status != OK:
        return msgspec.structs.replace(unknown, words=f"status {answer.status}: {words}")
    try:
        wire = _TRANSACTION.decode(answer.body)
    except (ValueError, RecursionError):
        return msgspec.structs.replace(unknown, words=f"cannot be read: {words}")
    if wire.transaction_id != transaction_id:
        return msgspec.structs.replace(unknown, words="an answer about another transaction")
    return Relayed(
        verdict=STATES.get(wire.state, "unknown"),
        words=(wire.error_msg or wire.state)[:WORDS_MAX],
        transaction_id=transaction_id,
        tx_hash=wire.transaction_hash or None,
    )
