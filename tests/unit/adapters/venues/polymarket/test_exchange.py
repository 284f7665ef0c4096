"""Order hashes and signatures, byte for byte those of the venue's own clients."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from foreshock.adapters.venues.polymarket.eip712 import hex_text
from foreshock.adapters.venues.polymarket.exchange import (
    NEG_RISK,
    POLY_1271,
    POSITIONS,
    STANDARD,
    Exchange,
    OrderTerms,
    exchange_of,
    is_position_id,
    may_trade,
    order_hash,
    sign_order,
)
from foreshock.adapters.venues.polymarket.wallet import parse_wallet_key
from foreshock.core.domain.errors import InvariantError
from tests.unit.adapters.venues.polymarket.vectors import (
    ADDRESS,
    KEY,
    POSITION,
    TOKEN,
    WALLET,
    golden,
)

TERMS = OrderTerms(
    salt=123456789,
    maker=ADDRESS,
    signer=ADDRESS,
    token_id=TOKEN,
    maker_amount=5_200_000,
    taker_amount=10_000_000,
    side=0,
    signature_type=0,
    timestamp_ms=1_700_000_000_123,
)
DEPOSIT = msgspec.structs.replace(TERMS, maker=WALLET, signer=WALLET, signature_type=3)
V3 = msgspec.structs.replace(TERMS, token_id=POSITION)
CASES = ["v2_standard_eoa", "v2_negrisk_eoa", "v2_standard_eoa_sell", "v3_eoa", "v2_standard_1271"]


def terms_of(message: dict[str, Any]) -> OrderTerms:
    return OrderTerms(
        salt=message["salt"],
        maker=message["maker"],
        signer=message["signer"],
        token_id=int(message["tokenId"]),
        maker_amount=message["makerAmount"],
        taker_amount=message["takerAmount"],
        side=message["side"],
        signature_type=message["signatureType"],
        timestamp_ms=message["timestamp"],
        metadata=message["metadata"],
        builder=message["builder"],
    )


@pytest.mark.parametrize(
    ("terms", "exchange", "expected"),
    [
        (TERMS, STANDARD, "0x7c794573a3e8847a935820de8b7beaffd790fc1ba505412b6acc6d1e87c0bebe"),
        (TERMS, NEG_RISK, "0xe05c681cc2f0f28ac2e4bb1d3e9c235d73336467871c7f03f96996a3cd90ce8c"),
        (V3, POSITIONS, "0xf7dbd61da2d6029790587cd0bf96d2094b80840b9960944b2c3c739e7647cbaa"),
        (DEPOSIT, STANDARD, "0x20f85bee16abb4fa677c2fc7065b4683ca4720b7d1e20991858eb597859d1e6a"),
    ],
)
def test_the_order_hash_is_the_clients(
    terms: OrderTerms, exchange: Exchange, expected: str
) -> None:
    assert hex_text(order_hash(terms, exchange)) == expected


def test_the_signature_of_a_plain_account_is_the_clients() -> None:
    assert sign_order(parse_wallet_key(KEY), TERMS, STANDARD) == (
        "0x134cb02e22a1ecbceceb728ac6f4b988c12c024dfdc67f5e34dde3a5f67e98cc"
        "191982400cc5749217c465f1fcca8cab3978b729ba4c1fa9711f6458b06be22d1b"
    )


@pytest.mark.parametrize("case", CASES)
def test_every_recorded_vector_is_met_byte_for_byte(case: str, shared_wire: Path) -> None:
    vector = golden(shared_wire)["orders"][case]
    terms = terms_of(vector["message"])
    exchange = Exchange(vector["domainVersion"], vector["verifyingContract"])
    assert exchange == exchange_of(terms.token_id, is_neg_risk="negrisk" in case)
    assert hex_text(exchange.separator()) == vector["domainSeparator"]
    assert hex_text(order_hash(terms, exchange)) == vector["orderHash"]
    assert sign_order(parse_wallet_key(KEY), terms, exchange) == vector["signature"]


def test_the_recordings_hold_no_case_that_is_left_out(shared_wire: Path) -> None:
    """v1 is retired at the venue; its hash is checked with the encoder."""
    assert set(golden(shared_wire)["orders"]) == {*CASES, "v1_standard_eoa"}


@pytest.mark.parametrize("kind", [1, 2])
def test_proxy_and_safe_orders_are_signed_by_the_key_for_the_wallet(kind: int) -> None:
    terms = msgspec.structs.replace(TERMS, maker=WALLET, signature_type=kind)
    signature = sign_order(parse_wallet_key(KEY), terms, STANDARD)
    assert signature == hex_text(parse_wallet_key(KEY).sign(order_hash(terms, STANDARD)))


def test_a_deposit_wallet_signature_has_the_documented_length() -> None:
    assert len(sign_order(parse_wallet_key(KEY), DEPOSIT, STANDARD)) == 636


def test_position_ids_are_told_by_their_gap(shared_wire: Path) -> None:
    assert is_position_id(POSITION)
    assert not is_position_id(TOKEN)
    vector = golden(shared_wire)["v2PositionId"]
    assert is_position_id(int(vector["positionId"])) == vector["isV2"]


def test_each_token_has_its_exchange() -> None:
    assert exchange_of(TOKEN, is_neg_risk=False) == STANDARD
    assert exchange_of(TOKEN, is_neg_risk=True) == NEG_RISK
    assert exchange_of(POSITION, is_neg_risk=True) == POSITIONS
    assert may_trade(TOKEN, NEG_RISK)
    assert not may_trade(TOKEN, POSITIONS)
    assert not may_trade(POSITION, STANDARD)


@pytest.mark.parametrize(
    "terms",
    [
        msgspec.structs.replace(TERMS, signer=WALLET),
        msgspec.structs.replace(DEPOSIT, signer=ADDRESS, signature_type=POLY_1271),
    ],
)
def test_an_order_of_another_signer_is_not_signed(terms: OrderTerms) -> None:
    with pytest.raises(InvariantError, match="sign"):
        sign_order(parse_wallet_key(KEY), terms, STANDARD)
