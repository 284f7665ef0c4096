"""How is a call put to the relayer, which sends it from the wallet and pays the gas?

    turn request -> nonce -> submission (unsigned) -> signer reads it back and signs -> POST /submit

Each kind of wallet has its own envelope and hash:

    proxy           keccak("rlx:" . every field), signed as a personal message
    Safe            SafeTx of EIP-712, its digest signed as a personal message, v + 4
    deposit wallet  Batch of EIP-712 with a deadline, signed directly

A submission holds exactly one call. An account without a wallet pays its own gas: refused here.
Source: SDK 0.14.0, whose hashes and bodies the tests hold these to.
"""

from urllib.parse import urlencode

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.eip712 import (
    ADDRESS_BYTES,
    WORD_BYTES,
    TypedStruct,
    checksummed,
    digest,
    hash_struct,
    hex_bytes,
    hex_text,
    keccak256,
)
from foreshock.adapters.venues.polymarket.exchange import CHAIN_ID, DOMAIN, POLY_1271
from foreshock.adapters.venues.polymarket.holder import Holder
from foreshock.adapters.venues.polymarket.listing import VENUE
from foreshock.adapters.venues.polymarket.positions import (
    SELECTOR_BYTES,
    PositionCall,
    calldata,
    read_call,
    selector,
    word,
)
from foreshock.adapters.venues.polymarket.wallet import WalletKey
from foreshock.core.domain.errors import ConfigError, DataError, InvariantError
from foreshock.core.domain.units import MICRO, Instant

PROXY, SAFE = 1, 2
KINDS = {PROXY: "PROXY", SAFE: "SAFE", POLY_1271: "WALLET"}
PROXY_FACTORY = "0xaB45c5A4B0c941a2F231C04C3f49182e1A254052"
DEPOSIT_FACTORY = "0x00000000000Fb5C9ADea0298D729A0CB3823Cc07"
RELAY_HUB = "0xD216153c06E857cD7f72665E0aF1d7D82172F494"
NOBODY = "0x" + "00" * ADDRESS_BYTES
PROXY_CALL = "proxy((uint8,address,uint256,bytes)[])"
PROXY_HEAD_WORDS = 8
GAS_LIMIT = 200_000
DEADLINE_S = 600
CLOCK_ROOM_S = 60
"""Transactions are made by our clock and signed by the venue's, as far as that is known."""
SAFE_V_OFFSET = 4
NONCE_DIGITS_MAX = 18
OK = 200
PERSONAL = b"\x19Ethereum Signed Message:\n32"
SAFE_DOMAIN = TypedStruct(
    "EIP712Domain", (("uint256", "chainId"), ("address", "verifyingContract"))
)
SAFE_TX = TypedStruct(
    "SafeTx",
    (
        ("address", "to"),
        ("uint256", "value"),
        ("bytes", "data"),
        ("uint8", "operation"),
        ("uint256", "safeTxGas"),
        ("uint256", "baseGas"),
        ("uint256", "gasPrice"),
        ("address", "gasToken"),
        ("address", "refundReceiver"),
        ("uint256", "nonce"),
    ),
)
CALL = TypedStruct("Call", (("address", "target"), ("uint256", "value"), ("bytes", "data")))
BATCH = TypedStruct(
    "Batch",
    (("address", "wallet"), ("uint256", "nonce"), ("uint256", "deadline"), ("Call[]", "calls")),
    nested=(CALL.text(),),
)


class Turn(msgspec.Struct, frozen=True):
    """nonce: of the wallet's next transaction. relay: who will send it, of proxies only."""

    nonce: int
    relay: str


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One call of one wallet. deadline_s: Unix seconds, of deposit wallets only, else 0."""

    call: PositionCall
    holder: Holder
    turn: Turn
    deadline_s: int


class _WireTurn(msgspec.Struct, frozen=True):
    address: str
    nonce: str


class _WireCall(msgspec.Struct, frozen=True):
    target: str
    data: str


class _WireWallet(msgspec.Struct, frozen=True, rename="camel"):
    deadline: str
    calls: tuple[_WireCall, ...]


class _WireProxy(msgspec.Struct, frozen=True):
    relay: str = ""


class _WireSubmission(msgspec.Struct, frozen=True, rename="camel"):
    """What cannot be known without looking; the rest is compared."""

    to: str
    nonce: str
    data: str = ""
    signature_params: _WireProxy = _WireProxy()
    deposit_wallet_params: _WireWallet | None = None


_TURN = msgspec.json.Decoder(_WireTurn)
_SUBMISSION = msgspec.json.Decoder(_WireSubmission)


def turn_request(holder: Holder) -> Unsigned:
    """Ask whose turn it is. Raises ConfigError for an account without a wallet."""
    kind = _kind(holder)
    path = "/relay-payload" if kind == "PROXY" else "/v1/account/transactions/params"
    query = urlencode([("address", holder.address), ("type", kind)])
    return Unsigned(venue=VENUE, kind="read", method="GET", path=f"{path}?{query}", host="relayer")


def read_turn(answer: HttpResponse) -> Turn:
    """Raises DataError for any other answer."""
    if answer.status != OK:
        raise DataError(f"the relayer answered with status {answer.status}")
    try:
        wire = _TURN.decode(answer.body)
        relay = checksummed(hex_bytes(wire.address.lower(), ADDRESS_BYTES))
        return Turn(_number(wire.nonce), relay)
    except (ValueError, RecursionError, InvariantError) as error:
        raise DataError(f"the relayer's nonce cannot be read: {error}") from error


def transaction_request(transaction_id: str) -> Unsigned:
    """Ask what became of a transaction."""
    path = f"/v1/account/transactions/{transaction_id}"
    return Unsigned(venue=VENUE, kind="read", method="GET", path=path, host="relayer")


def submission(call: PositionCall, holder: Holder, turn: Turn, now_us: Instant) -> Unsigned:
    """The request that makes the call, unsigned. Raises ConfigError as `turn_request`."""
    lapses_us = lapse_of(holder, now_us)
    deadline_s = 0 if lapses_us is None else lapses_us // MICRO
    made = Submission(call=call, holder=holder, turn=turn, deadline_s=deadline_s)
    return Unsigned(
        venue=VENUE,
        kind="settle",
        method="POST",
        path="/submit",
        body=body_of(made, ""),
        spend=call.spend(),
        host="relayer",
        signed_for=call.contract,
    )


def lapse_of(holder: Holder, now_us: Instant) -> Instant | None:
    """When a transaction made now can no longer be executed; None: a proxy's and a Safe's wait."""
    if holder.signature_type != POLY_1271:
        return None
    return Instant((now_us // MICRO + DEADLINE_S) * MICRO)


def read_submission(unsigned: Unsigned, holder: Holder) -> Submission:
    """What a request would do. Raises InvariantError unless every byte of it is ours."""
    try:
        wire = _SUBMISSION.decode(unsigned.body)
        made = _submission_in(wire, holder)
    except (ValueError, RecursionError) as error:
        raise InvariantError("a submission that cannot be read") from error
    if body_of(made, "") != unsigned.body:
        raise InvariantError("a submission with something else in it than one call")
    if made.call.spend() != unsigned.spend:
        raise InvariantError("a call that costs something else than it declares")
    if made.call.contract != unsigned.signed_for:
        raise InvariantError("a call of another contract than it declares")
    return made


def body_of(made: Submission, signature: str) -> bytes:
    """The bytes that leave."""
    holder, kind = made.holder, _kind(made.holder)
    body: dict[str, object] = {
        "type": kind,
        "from": holder.address,
        "to": _target(made),
        "nonce": str(made.turn.nonce),
        "signature": signature,
        "metadata": made.call.words(),
    }
    data = hex_text(calldata(made.call))
    if kind == "WALLET":
        call = {"target": made.call.contract, "value": "0", "data": data}
        body["depositWalletParams"] = {
            "depositWallet": holder.wallet,
            "deadline": str(made.deadline_s),
            "calls": [call],
        }
        return msgspec.json.encode(body)
    body["proxyWallet"] = holder.wallet
    body["data"] = hex_text(proxy_calldata(made.call)) if kind == "PROXY" else data
    body["signatureParams"] = _proxy_terms(made.turn) if kind == "PROXY" else SAFE_TERMS
    return msgspec.json.encode(body)


def sign_submission(key: WalletKey, made: Submission) -> str:
    """The wallet's consent. Raises InvariantError when the key is not its owner's."""
    if key.address != made.holder.address:
        raise InvariantError(f"{made.holder.address} is to sign, the key is another's")
    hashed = transaction_hash(made)
    if made.holder.signature_type == POLY_1271:
        return hex_text(key.sign(hashed))
    signature = key.sign(keccak256(PERSONAL + hashed))
    if made.holder.signature_type == SAFE:
        signature = signature[:-1] + bytes([signature[-1] + SAFE_V_OFFSET])
    return hex_text(signature)


def transaction_hash(made: Submission) -> bytes:
    """The 32 bytes a transaction of this kind of wallet is signed by."""
    kind = _kind(made.holder)
    if kind == "PROXY":
        return _proxy_hash(made)
    return _safe_hash(made) if kind == "SAFE" else _batch_hash(made)


def proxy_calldata(call: PositionCall) -> bytes:
    """One call through the factory of proxies: a list of one (type, target, value, data)."""
    data = calldata(call)
    words = [
        word(WORD_BYTES),
        word(1),
        word(WORD_BYTES),
        word(1),
        word(hex_bytes(call.contract, ADDRESS_BYTES)),
        word(0),
        word(4 * WORD_BYTES),
        word(len(data)),
    ]
    return selector(PROXY_CALL) + b"".join(words) + data + bytes(-len(data) % WORD_BYTES)


SAFE_TERMS = {
    "baseGas": "0",
    "gasPrice": "0",
    "gasToken": NOBODY,
    "operation": "0",
    "refundReceiver": NOBODY,
    "safeTxnGas": "0",
}


def _kind(holder: Holder) -> str:
    kind = KINDS.get(holder.signature_type)
    if kind is None:
        raise ConfigError("the relayer sends for wallets only: signature type 1, 2 or 3")
    return kind


def _target(made: Submission) -> str:
    kind = _kind(made.holder)
    if kind == "SAFE":
        return made.call.contract
    return PROXY_FACTORY if kind == "PROXY" else DEPOSIT_FACTORY


def _proxy_terms(turn: Turn) -> dict[str, str]:
    return {
        "gasLimit": str(GAS_LIMIT),
        "gasPrice": "0",
        "relay": turn.relay,
        "relayHub": RELAY_HUB,
        "relayerFee": "0",
    }


def _submission_in(wire: _WireSubmission, holder: Holder) -> Submission:
    kind, deadline_s, contract, data = _kind(holder), 0, wire.to, wire.data
    if kind == "WALLET":
        params = wire.deposit_wallet_params
        if params is None or len(params.calls) != 1:
            raise InvariantError("a submission of a deposit wallet without its one call")
        deadline_s = _number(params.deadline)
        contract, data = params.calls[0].target, params.calls[0].data
    raw = bytes.fromhex(data.removeprefix("0x"))
    if kind == "PROXY":
        contract, raw = _inner_call(raw)
    return Submission(
        call=read_call(contract, raw),
        holder=holder,
        turn=Turn(_number(wire.nonce), wire.signature_params.relay if kind == "PROXY" else NOBODY),
        deadline_s=deadline_s,
    )


def _inner_call(data: bytes) -> tuple[str, bytes]:
    """Target and data of the one call of a proxy; whether all else fits is compared later."""
    start = SELECTOR_BYTES + PROXY_HEAD_WORDS * WORD_BYTES
    head = data[SELECTOR_BYTES:start]
    if len(head) != start - SELECTOR_BYTES:
        raise InvariantError("a proxy's call that ends too early")
    length = int.from_bytes(head[-WORD_BYTES:])
    target = head[4 * WORD_BYTES : 5 * WORD_BYTES][-ADDRESS_BYTES:]
    return checksummed(target), data[start : start + length]


def _proxy_hash(made: Submission) -> bytes:
    holder, turn = made.holder, made.turn
    return keccak256(
        b"rlx:"
        + hex_bytes(holder.address, ADDRESS_BYTES)
        + hex_bytes(PROXY_FACTORY, ADDRESS_BYTES)
        + proxy_calldata(made.call)
        + b"".join(map(word, (0, 0, GAS_LIMIT, turn.nonce)))
        + hex_bytes(RELAY_HUB, ADDRESS_BYTES)
        + hex_bytes(turn.relay, ADDRESS_BYTES)
    )


def _safe_hash(made: Submission) -> bytes:
    domain = {"chainId": CHAIN_ID, "verifyingContract": made.holder.wallet}
    values = {
        "to": made.call.contract,
        "value": 0,
        "data": calldata(made.call),
        "operation": 0,
        "safeTxGas": 0,
        "baseGas": 0,
        "gasPrice": 0,
        "gasToken": NOBODY,
        "refundReceiver": NOBODY,
        "nonce": made.turn.nonce,
    }
    return digest(hash_struct(SAFE_DOMAIN, domain), hash_struct(SAFE_TX, values))


def _batch_hash(made: Submission) -> bytes:
    wallet = made.holder.wallet
    domain = {
        "name": "DepositWallet",
        "version": "1",
        "chainId": CHAIN_ID,
        "verifyingContract": wallet,
    }
    call = {"target": made.call.contract, "value": 0, "data": calldata(made.call)}
    values = {
        "wallet": wallet,
        "nonce": made.turn.nonce,
        "deadline": made.deadline_s,
        "calls": keccak256(hash_struct(CALL, call)),
    }
    return digest(hash_struct(DOMAIN, domain), hash_struct(BATCH, values))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= NONCE_DIGITS_MAX):
        raise InvariantError(f"not a whole number: {text[:50]!r}")
    return int(text)
