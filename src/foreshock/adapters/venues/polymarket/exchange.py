"""Which contract is an order for, what is its hash, and what is its signature?

Token ids with 64 zero bits above their lowest 40 are positions of Protocol V2 and trade on
ExchangeV3 (domain version "3"); all others on CTF Exchange V2 (version "2"), neg-risk markets on a
contract of their own. The order hash is the order's id at the venue, so it is known before the
send. Source: Polymarket SDK 0.14.0; contracts on Polygon, chain 137.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.venues.polymarket.eip712 import (
    ADDRESS_BYTES,
    TypedStruct,
    Value,
    digest,
    hash_struct,
    hex_bytes,
    hex_text,
)
from foreshock.adapters.venues.polymarket.wallet import WalletKey
from foreshock.core.domain.errors import InvariantError

CHAIN_ID = 137
SignatureType: TypeAlias = Literal[0, 1, 2, 3]
"""0: the key's own account. 1: proxy wallet. 2: Safe. 3: deposit wallet (ERC-1271)."""
EOA: SignatureType = 0
POLY_1271: SignatureType = 3
POSITION_GAP = ((1 << 64) - 1) << 40
ZERO_WORD = "0x" + "00" * 32

DOMAIN = TypedStruct(
    "EIP712Domain",
    (
        ("string", "name"),
        ("string", "version"),
        ("uint256", "chainId"),
        ("address", "verifyingContract"),
    ),
)
ORDER = TypedStruct(
    "Order",
    (
        ("uint256", "salt"),
        ("address", "maker"),
        ("address", "signer"),
        ("uint256", "tokenId"),
        ("uint256", "makerAmount"),
        ("uint256", "takerAmount"),
        ("uint8", "side"),
        ("uint8", "signatureType"),
        ("uint256", "timestamp"),
        ("bytes32", "metadata"),
        ("bytes32", "builder"),
    ),
)
WALLET_WRAP = TypedStruct(
    "TypedDataSign",
    (
        ("Order", "contents"),
        ("string", "name"),
        ("string", "version"),
        ("uint256", "chainId"),
        ("address", "verifyingContract"),
        ("bytes32", "salt"),
    ),
    nested=(ORDER.text(),),
)
TYPE_LENGTH_BYTES = 2


class Exchange(msgspec.Struct, frozen=True):
    """One exchange contract and the version of its signing domain."""

    version: str
    contract: str

    def separator(self) -> bytes:
        """The hash of its domain."""
        return hash_struct(
            DOMAIN,
            {
                "name": "Polymarket CTF Exchange",
                "version": self.version,
                "chainId": CHAIN_ID,
                "verifyingContract": self.contract,
            },
        )


STANDARD = Exchange("2", "0xE111180000d2663C0091e4f400237545B87B996B")
NEG_RISK = Exchange("2", "0xe2222d279d744050d28e00520010520000310F59")
POSITIONS = Exchange("3", "0xe3333700cA9d93003F00f0F71f8515005F6c00Aa")
BY_CONTRACT = {exchange.contract: exchange for exchange in (STANDARD, NEG_RISK, POSITIONS)}


class OrderTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The signed part of an order. Amounts in millionths; side 0 buys, 1 sells."""

    salt: int
    maker: str
    signer: str
    token_id: int
    maker_amount: int
    taker_amount: int
    side: Literal[0, 1]
    signature_type: SignatureType
    timestamp_ms: int
    metadata: str = ZERO_WORD
    builder: str = ZERO_WORD


def is_position_id(token_id: int) -> bool:
    """Whether a token id is a position of Protocol V2."""
    return token_id & POSITION_GAP == 0


def exchange_of(token_id: int, *, is_neg_risk: bool) -> Exchange:
    """Where an order for this token settles."""
    if is_position_id(token_id):
        return POSITIONS
    return NEG_RISK if is_neg_risk else STANDARD


def may_trade(token_id: int, exchange: Exchange) -> bool:
    """Whether this token can be an exchange's at all."""
    return is_position_id(token_id) == (exchange == POSITIONS)


def order_hash(terms: OrderTerms, exchange: Exchange) -> bytes:
    """The 32 bytes the venue names the order by."""
    return digest(exchange.separator(), hash_struct(ORDER, _values(terms)))


def sign_order(key: WalletKey, terms: OrderTerms, exchange: Exchange) -> str:
    """The signature as it stands in the order; of a deposit wallet it carries its own proof.

    Raises InvariantError when the order names another signer than the key.
    """
    if terms.signature_type == POLY_1271:
        return hex_text(_wrapped(key, terms, exchange))
    if terms.signer != key.address:
        raise InvariantError(f"the order is to be signed by {terms.signer}, the key is another's")
    return hex_text(key.sign(order_hash(terms, exchange)))


def _wrapped(key: WalletKey, terms: OrderTerms, exchange: Exchange) -> bytes:
    """ERC-1271 of a deposit wallet: signature, domain, contents and the type they are of."""
    if terms.signer != terms.maker:
        raise InvariantError("a deposit wallet is both maker and signer of its orders")
    separator, contents = exchange.separator(), hash_struct(ORDER, _values(terms))
    wrap = hash_struct(
        WALLET_WRAP,
        {
            "contents": contents,
            "name": "DepositWallet",
            "version": "1",
            "chainId": CHAIN_ID,
            "verifyingContract": hex_bytes(terms.maker, ADDRESS_BYTES),
            "salt": ZERO_WORD,
        },
    )
    text = ORDER.text().encode()
    length = len(text).to_bytes(TYPE_LENGTH_BYTES, "big")
    return key.sign(digest(separator, wrap)) + separator + contents + text + length


def _values(terms: OrderTerms) -> Mapping[str, Value]:
    return {
        "salt": terms.salt,
        "maker": terms.maker,
        "signer": terms.signer,
        "tokenId": terms.token_id,
        "makerAmount": terms.maker_amount,
        "takerAmount": terms.taker_amount,
        "side": terms.side,
        "signatureType": terms.signature_type,
        "timestamp": terms.timestamp_ms,
        "metadata": terms.metadata,
        "builder": terms.builder,
    }
