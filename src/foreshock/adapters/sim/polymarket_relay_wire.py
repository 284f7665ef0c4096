"""Which wallet asks the relayer for which call, and did its owner sign exactly that?

Three envelopes: PROXY, SAFE and WALLET (a deposit wallet's batch), each with a hash of its own.
Of the calls only splits, merges and redemptions of sets are understood, one in a submission; read
here from the contracts' documented signatures, apart from how our own requests are made.
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.sim.polymarket_eip712 import (
    ADDRESS,
    CHAIN_ID,
    DOMAIN_TYPE,
    keccak,
    recover,
)
from foreshock.adapters.sim.wire_text import SECOND, whole_or_none
from foreshock.core.domain.units import Instant

CallKind: TypeAlias = Literal["split", "merge", "redeem"]
PUSD = "c011a7e12a19f7b1f670d46f03b03f3342e82dfb"
SETS = "(address,bytes32,bytes32,uint256[]"
SELECTORS: dict[bytes, CallKind] = {
    keccak(f"splitPosition{SETS},uint256)".encode())[:4]: "split",
    keccak(f"mergePositions{SETS},uint256)".encode())[:4]: "merge",
    keccak(f"redeemPositions{SETS})".encode())[:4]: "redeem",
}
PROXY_SELECTOR = keccak(b"proxy((uint8,address,uint256,bytes)[])")[:4]
SAFE_TYPE = (
    "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,"
    "uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)"
)
CALL_TYPE = "Call(address target,uint256 value,bytes data)"
BATCH_TYPE = f"Batch(address wallet,uint256 nonce,uint256 deadline,Call[] calls){CALL_TYPE}"
WORD = 32
WHOLE_SETS = (2, 1, 2)
"""A partition of both outcomes: its length, then the index sets."""
SAFE_V_OFFSET = 4
KINDS = {"PROXY": 1, "SAFE": 2, "WALLET": 3}
"""Signature types by envelope."""


class SetsCall(msgspec.Struct, frozen=True):
    """contract: lower case. condition: 0x and 64 digits. quantity: 0 of a redemption."""

    kind: CallKind
    contract: str
    condition: str
    quantity: int


class Asked(msgspec.Struct, frozen=True):
    """owner, wallet: lower case; owner is who signed."""

    owner: str
    wallet: str
    signature_type: int
    nonce: int
    call: SetsCall


class _Params(msgspec.Struct, frozen=True, rename="camel"):
    relayer_fee: str = "0"
    gas_price: str = "0"
    gas_limit: str = "0"
    relay: str = ""
    relay_hub: str = ""
    operation: str = "0"
    safe_txn_gas: str = "0"
    base_gas: str = "0"


class _Call(msgspec.Struct, frozen=True):
    target: str
    value: str
    data: str


class _Deposit(msgspec.Struct, frozen=True, rename="camel"):
    deposit_wallet: str
    deadline: str
    calls: list[_Call]


class _Body(msgspec.Struct, frozen=True, rename="camel"):
    type: str
    to: str
    nonce: str
    signature: str
    sender: str = msgspec.field(name="from")
    data: str = "0x"
    proxy_wallet: str = ""
    signature_params: _Params = _Params()
    deposit_wallet_params: _Deposit | None = None


def read_asked(body: bytes, now_us: Instant) -> Asked | str:
    """What is asked, or the words of the refusal."""
    try:
        asked = msgspec.json.decode(body, type=_Body)
        kind = KINDS[asked.type]
        reading = {1: _proxy, 2: _safe, 3: _deposit}[kind]
        wallet, digest, call = reading(asked, now_us)
    except (ValueError, KeyError, OverflowError, RecursionError) as error:
        return f"invalid transaction: {error}"
    signer = recover(digest, _signature(asked.signature, kind))
    if signer is None or signer != asked.sender.lower():
        return "invalid signature"
    return Asked(signer, wallet.lower(), kind, _number(asked.nonce), call)


def _proxy(asked: _Body, now_us: Instant) -> tuple[str, bytes, SetsCall]:
    """Wallet, what was signed, and the one call in the list."""
    del now_us  # a proxy's transaction does not lapse
    params, data = asked.signature_params, _bytes(asked.data)
    numbers = (params.relayer_fee, params.gas_price, params.gas_limit, asked.nonce)
    hashed = keccak(
        b"rlx:"
        + _address(asked.sender)
        + _address(asked.to)
        + data
        + b"".join(_word(_number(text)) for text in numbers)
        + _address(params.relay_hub)
        + _address(params.relay)
    )
    words = _words(data[4:])
    if data[:4] != PROXY_SELECTOR or words[:4] != [32, 1, 32, 1] or words[5:7] != [0, 128]:
        raise ValueError("not one call through the proxy factory")
    start, length = 4 + 8 * WORD, words[7]
    if length > len(data):
        raise ValueError("a call that ends too early")
    target = f"0x{words[4]:040x}"
    return asked.proxy_wallet, _personal(hashed), _sets_call(target, data[start : start + length])


def _safe(asked: _Body, now_us: Instant) -> tuple[str, bytes, SetsCall]:
    del now_us  # nor does a Safe's
    params, data = asked.signature_params, _bytes(asked.data)
    gas = (params.safe_txn_gas, params.base_gas, params.gas_price)
    if params.operation != "0":
        raise ValueError("only plain calls are simulated")
    domain = _struct(
        "EIP712Domain(uint256 chainId,address verifyingContract)",
        _word(CHAIN_ID),
        _padded(asked.proxy_wallet),
    )
    hashed = _struct(
        SAFE_TYPE,
        _padded(asked.to),
        _word(0),
        keccak(data),
        _word(0),
        *(_word(_number(text)) for text in gas),
        bytes(2 * WORD),
        _word(_number(asked.nonce)),
    )
    digest = _personal(keccak(b"\x19\x01" + domain + hashed))
    return asked.proxy_wallet, digest, _sets_call(asked.to, data)


def _deposit(asked: _Body, now_us: Instant) -> tuple[str, bytes, SetsCall]:
    params = asked.deposit_wallet_params
    if params is None or len(params.calls) != 1 or params.calls[0].value != "0":
        raise ValueError("only one call in a batch is simulated")
    if _number(params.deadline) * SECOND <= now_us:
        raise ValueError("the deadline is over")
    call = params.calls[0]
    data = _bytes(call.data)
    domain = _struct(
        f"{DOMAIN_TYPE},address verifyingContract)",
        keccak(b"DepositWallet"),
        keccak(b"1"),
        _word(CHAIN_ID),
        _padded(params.deposit_wallet),
    )
    hashed = _struct(
        BATCH_TYPE,
        _padded(params.deposit_wallet),
        _word(_number(asked.nonce)),
        _word(_number(params.deadline)),
        keccak(_struct(CALL_TYPE, _padded(call.target), _word(0), keccak(data))),
    )
    digest = keccak(b"\x19\x01" + domain + hashed)
    return params.deposit_wallet, digest, _sets_call(call.target, data)


def _sets_call(contract: str, data: bytes) -> SetsCall:
    kind = SELECTORS.get(data[:4])
    if kind is None:
        raise ValueError("a call that is not simulated")
    words = _words(data[4:])
    heads = 4 if kind == "redeem" else 5
    if (
        len(data) != 4 + (heads + len(WHOLE_SETS)) * WORD
        or words[:2] != [int(PUSD, 16), 0]
        or words[3] != heads * WORD
        or tuple(words[heads:]) != WHOLE_SETS
    ):
        raise ValueError("arguments of another shape")
    quantity = 0 if kind == "redeem" else words[4]
    return SetsCall(kind, contract.lower(), f"0x{words[2]:064x}", quantity)


def _signature(text: str, kind: int) -> bytes:
    """65 bytes whose last is as `recover` wants it; a Safe marks personal messages by 4 more."""
    raw = bytes.fromhex(text.removeprefix("0x")) if _is_hex(text) else b""
    if kind == KINDS["SAFE"] and raw and raw[-1] >= SAFE_V_OFFSET:
        raw = raw[:-1] + bytes([raw[-1] - SAFE_V_OFFSET])
    return raw


def _is_hex(text: str) -> bool:
    digits = text.removeprefix("0x")
    return len(digits) % 2 == 0 and all(digit in "0123456789abcdefABCDEF" for digit in digits)


def _words(data: bytes) -> list[int]:
    return [int.from_bytes(data[at : at + WORD]) for at in range(0, len(data), WORD)]


def _number(text: str) -> int:
    found = whole_or_none(text)
    if found is None:
        raise ValueError(f"not a whole number: {text[:50]!r}")
    return found


def _address(text: str) -> bytes:
    if not ADDRESS.fullmatch(text):
        raise ValueError(f"not an address: {text[:50]!r}")
    return bytes.fromhex(text[2:])


def _padded(text: str) -> bytes:
    return _address(text).rjust(WORD, b"\0")


def _bytes(text: str) -> bytes:
    if not text.startswith("0x") or not _is_hex(text):
        raise ValueError("data that is no hex")
    return bytes.fromhex(text[2:])


def _word(value: int) -> bytes:
    return value.to_bytes(WORD, "big")


def _personal(digest: bytes) -> bytes:
    return keccak(b"\x19Ethereum Signed Message:\n32" + digest)


def _struct(type_text: str, *words: bytes) -> bytes:
    return keccak(keccak(type_text.encode()) + b"".join(words))
