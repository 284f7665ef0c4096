"""Are hashes and signers those that the venue's own clients compute?"""

import json
from pathlib import Path
from typing import Any

import pytest

from foreshock.adapters.sim.polymarket_eip712 import (
    DOMAINS,
    NEG_RISK,
    POSITIONS,
    STANDARD,
    Domain,
    OrderTerms,
    auth_signer,
    checksummed,
    domain_of,
    order_hash,
    order_signer,
    recover,
    wallet_order_signer,
)

# The public test key everybody knows (Hardhat's first); hashes of the venue's documentation.
ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
TOKEN = 25070934348813416902477876984955073880416401960631253331845590271167412497744
POSITION = 663574927012476832975694178961957910328055987427402067619466963999000625152
ZERO = "0x" + "0" * 64
TERMS = OrderTerms(
    salt=123456789,
    maker=ADDRESS,
    signer=ADDRESS,
    token_id=TOKEN,
    maker_amount=5_200_000,
    taker_amount=10_000_000,
    side=0,
    signature_type=0,
    timestamp=1_700_000_000_123,
    metadata=ZERO,
    builder=ZERO,
)
SIGNATURE = (
    "0x134cb02e22a1ecbceceb728ac6f4b988c12c024dfdc67f5e34dde3a5f67e98cc"
    "191982400cc5749217c465f1fcca8cab3978b729ba4c1fa9711f6458b06be22d1b"
)


def test_the_hash_is_the_documented_order_id() -> None:
    known = "0x7c794573a3e8847a935820de8b7beaffd790fc1ba505412b6acc6d1e87c0bebe"
    assert order_hash(TERMS, STANDARD) == known


def test_the_signer_of_an_order_and_of_an_auth_message_is_recovered() -> None:
    assert order_signer(TERMS, STANDARD, SIGNATURE) == ADDRESS.lower()
    auth = (
        "0x659ed4b28ae28e0f038fdf0023c00863c9559caacb9ebc83f44eea87059a099a"
        "36f1e1dee110e7faa1c4f65d17489b2da1333ebef78bbe2116d81207b975052d1c"
    )
    assert auth_signer(ADDRESS, "1700000000", 0, auth) == ADDRESS.lower()
    assert auth_signer(ADDRESS, "1700000001", 0, auth) != ADDRESS.lower()


@pytest.mark.parametrize("domain", [NEG_RISK, POSITIONS])
def test_another_domain_recovers_another_signer(domain: Domain) -> None:
    assert order_signer(TERMS, domain, SIGNATURE) != ADDRESS.lower()


@pytest.mark.parametrize(
    "broken", ["0x", "not hex", "0x00", SIGNATURE[:-2] + "05", "0x" + "0" * 130]
)
def test_a_broken_signature_has_no_signer(broken: str) -> None:
    assert order_signer(TERMS, STANDARD, broken) is None
    assert wallet_order_signer(TERMS, STANDARD, broken) is None


def test_recovery_ids_may_start_at_zero() -> None:
    raw = bytes.fromhex(SIGNATURE[2:-2]) + b"\x00"
    assert recover(bytes(32), raw) == recover(bytes(32), raw[:-1] + b"\x1b")


def test_the_token_decides_the_domain() -> None:
    assert domain_of(TOKEN, is_neg_risk=False) is STANDARD
    assert domain_of(TOKEN, is_neg_risk=True) is NEG_RISK
    assert domain_of(POSITION, is_neg_risk=True) is POSITIONS


def test_addresses_get_their_mixed_case() -> None:
    assert checksummed(ADDRESS.lower()) == ADDRESS


def test_agrees_with_every_golden_vector(shared_wire: Path) -> None:
    path = shared_wire / "polymarket" / "golden" / "signing-vectors.json"
    vectors: dict[str, Any] = json.loads(path.read_text())
    checked = 0
    for case in vectors["orders"].values():
        domain = next((d for d in DOMAINS if d.contract == case["verifyingContract"]), None)
        if domain is None or domain.version != case["domainVersion"]:
            continue
        message = case["message"]
        terms = OrderTerms(
            salt=message["salt"],
            maker=message["maker"],
            signer=message["signer"],
            token_id=int(message["tokenId"]),
            maker_amount=message["makerAmount"],
            taker_amount=message["takerAmount"],
            side=message["side"],
            signature_type=message["signatureType"],
            timestamp=message["timestamp"],
            metadata=message["metadata"],
            builder=message["builder"],
        )
        reader = wallet_order_signer if terms.signature_type == 3 else order_signer
        assert order_hash(terms, domain) == case["orderHash"]
        assert reader(terms, domain, case["signature"]) == vectors["address"].lower()
        checked += 1
    assert checked >= 4
