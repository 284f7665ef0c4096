"""Who signed this, and what is its hash? Polymarket's EIP-712 messages, taken apart.

The hash of an order in its exchange's domain is the order's id. Field order, domains and the
deposit wallets' wrapping as the venue documents them for its exchange contracts.
"""

import functools
import re

import coincurve
import msgspec
from Crypto.Hash import keccak as keccak_hash

from foreshock.adapters.sim.polymarket_terms import is_position

CHAIN_ID = 137
ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
WORD_HEX = re.compile(r"0x[0-9a-fA-F]{64}")
AUTH_WORDS = "This message attests that I control the given wallet"
EXCHANGE_NAME = "Polymarket CTF Exchange"
STANDARD_EXCHANGE = "0xE111180000d2663C0091e4f400237545B87B996B"
NEG_RISK_EXCHANGE = "0xe2222d279d744050d28e00520010520000310F59"
POSITION_EXCHANGE = "0xe3333700cA9d93003F00f0F71f8515005F6c00Aa"
ORDER_TYPE = (
    "Order(uint256 salt,address maker,address signer,uint256 tokenId,uint256 makerAmount,"
    "uint256 takerAmount,uint8 side,uint8 signatureType,uint256 timestamp,bytes32 metadata,"
    "bytes32 builder)"
)
WRAPPED_TYPE = (
    "TypedDataSign(Order contents,string name,string version,uint256 chainId,"
    f"address verifyingContract,bytes32 salt){ORDER_TYPE}"
)
AUTH_TYPE = "ClobAuth(address address,string timestamp,uint256 nonce,string message)"
DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId"
SIGNATURE_BYTES = 65
WRAPPED_BYTES = SIGNATURE_BYTES + 2 * 32 + len(ORDER_TYPE) + 2
RECOVERY_OFFSET = 27


class Domain(msgspec.Struct, frozen=True):
    """An exchange contract that orders are signed for."""

    version: str
    contract: str


STANDARD = Domain("2", STANDARD_EXCHANGE)
NEG_RISK = Domain("2", NEG_RISK_EXCHANGE)
POSITIONS = Domain("3", POSITION_EXCHANGE)
DOMAINS = (STANDARD, NEG_RISK, POSITIONS)


class OrderTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What an order signs. side: 0 buys, 1 sells. metadata, builder: 32 bytes in hex."""

    salt: int
    maker: str
    signer: str
    token_id: int
    maker_amount: int
    taker_amount: int
    side: int
    signature_type: int
    timestamp: int
    metadata: str
    builder: str


def domain_of(token_id: int, *, is_neg_risk: bool) -> Domain:
    """The exchange on which a token trades."""
    if is_position(str(token_id)):
        return POSITIONS
    return NEG_RISK if is_neg_risk else STANDARD


def order_hash(terms: OrderTerms, domain: Domain) -> str:
    """The order's id."""
    return "0x" + _digest(_order_separator(domain), _order_struct(terms)).hex()


def order_signer(terms: OrderTerms, domain: Domain, signature: str) -> str | None:
    """Lower-case address of who signed an order directly; None when the signature is none."""
    return recover(_digest(_order_separator(domain), _order_struct(terms)), _bytes(signature))


def wallet_order_signer(terms: OrderTerms, domain: Domain, signature: str) -> str | None:
    """The same for an order that a deposit wallet signs through its owner (ERC-1271 wrapped)."""
    raw = _bytes(signature)
    if len(raw) != WRAPPED_BYTES or raw[SIGNATURE_BYTES:] != wallet_tail(terms, domain):
        return None
    return recover(wallet_digest(terms, domain), raw[:SIGNATURE_BYTES])


def wallet_tail(terms: OrderTerms, domain: Domain) -> bytes:
    """What follows the owner's 65 bytes in a deposit wallet's signature."""
    type_text = ORDER_TYPE.encode()
    hashes = _order_separator(domain) + _order_struct(terms)
    return hashes + type_text + len(type_text).to_bytes(2, "big")


def wallet_digest(terms: OrderTerms, domain: Domain) -> bytes:
    """What the owner of a deposit wallet signs for an order of the wallet."""
    wrapped = _struct(
        WRAPPED_TYPE,
        _order_struct(terms),
        keccak(b"DepositWallet"),
        keccak(b"1"),
        _word(CHAIN_ID),
        _address_word(terms.maker),
        bytes(32),
    )
    return _digest(_order_separator(domain), wrapped)


def auth_signer(address: str, timestamp: str, nonce: int, signature: str) -> str | None:
    """Lower-case address of who signed a request for API keys."""
    return recover(auth_digest(address, timestamp, nonce), _bytes(signature))


def auth_digest(address: str, timestamp: str, nonce: int) -> bytes:
    """What a wallet signs to get API keys. timestamp: seconds, as text."""
    message = _struct(
        AUTH_TYPE,
        _address_word(address),
        keccak(timestamp.encode()),
        _word(nonce),
        keccak(AUTH_WORDS.encode()),
    )
    separator = _struct(f"{DOMAIN_TYPE})", keccak(b"ClobAuthDomain"), keccak(b"1"), _word(CHAIN_ID))
    return _digest(separator, message)


def recover(digest: bytes, signature: bytes) -> str | None:
    """Lower-case address whose key made a recoverable signature; None when it is not one."""
    if len(signature) != SIGNATURE_BYTES:
        return None
    recovery = (
        signature[-1] - RECOVERY_OFFSET if signature[-1] >= RECOVERY_OFFSET else signature[-1]
    )
    if recovery not in {0, 1}:
        return None
    try:
        key = coincurve.PublicKey.from_signature_and_message(
            signature[:-1] + bytes([recovery]), digest, hasher=None
        )
    except ValueError:  # no point of the curve
        return None
    return "0x" + keccak(key.format(compressed=False)[1:])[12:].hex()


def keccak(data: bytes) -> bytes:
    """Ethereum's hash."""
    return keccak_hash.new(digest_bits=256, data=data).digest()


def checksummed(address: str) -> str:
    """An address in its mixed-case form (EIP-55)."""
    plain = address.lower().removeprefix("0x")
    marks = keccak(plain.encode()).hex()
    return "0x" + "".join(
        letter.upper() if int(mark, 16) >= 8 else letter  # noqa: PLR2004 - EIP-55's threshold
        for letter, mark in zip(plain, marks, strict=False)
    )


@functools.cache
def _order_separator(domain: Domain) -> bytes:
    return _struct(
        f"{DOMAIN_TYPE},address verifyingContract)",
        keccak(EXCHANGE_NAME.encode()),
        keccak(domain.version.encode()),
        _word(CHAIN_ID),
        _address_word(domain.contract),
    )


def _order_struct(terms: OrderTerms) -> bytes:
    return _struct(
        ORDER_TYPE,
        _word(terms.salt),
        _address_word(terms.maker),
        _address_word(terms.signer),
        _word(terms.token_id),
        _word(terms.maker_amount),
        _word(terms.taker_amount),
        _word(terms.side),
        _word(terms.signature_type),
        _word(terms.timestamp),
        _bytes(terms.metadata),
        _bytes(terms.builder),
    )


def _digest(separator: bytes, struct_hash: bytes) -> bytes:
    return keccak(b"\x19\x01" + separator + struct_hash)


def _struct(type_text: str, *words: bytes) -> bytes:
    return keccak(keccak(type_text.encode()) + b"".join(words))


def _word(value: int) -> bytes:
    return value.to_bytes(32, "big")


def _address_word(address: str) -> bytes:
    return _bytes(address).rjust(32, b"\0")


def _bytes(text: str) -> bytes:
    """Bytes of 0x-hex; empty for anything else."""
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        return b""
