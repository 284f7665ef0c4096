"""Hashes of typed messages, against published examples and impossible values."""

from pathlib import Path

import pytest

from foreshock.adapters.venues.polymarket.eip712 import (
    TypedStruct,
    checksummed,
    digest,
    hash_struct,
    hex_bytes,
    hex_text,
    keccak256,
)
from foreshock.core.domain.errors import InvariantError
from tests.unit.adapters.venues.polymarket.vectors import golden

PERSON = TypedStruct("Person", (("string", "name"), ("address", "wallet")))
MAIL = TypedStruct(
    "Mail",
    (("Person", "from"), ("Person", "to"), ("string", "contents")),
    nested=(PERSON.text(),),
)
DOMAIN = TypedStruct(
    "EIP712Domain",
    (
        ("string", "name"),
        ("string", "version"),
        ("uint256", "chainId"),
        ("address", "verifyingContract"),
    ),
)
COW, BOB = (
    "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826",
    "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB",
)


def test_the_mail_of_the_standard_has_the_published_digest() -> None:
    """The worked example of EIP-712, final."""
    domain = {
        "name": "Ether Mail",
        "version": "1",
        "chainId": 1,
        "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
    }
    mail = hash_struct(
        MAIL,
        {
            "from": hash_struct(PERSON, {"name": "Cow", "wallet": COW}),
            "to": hash_struct(PERSON, {"name": "Bob", "wallet": BOB}),
            "contents": "Hello, Bob!",
        },
    )
    separator = hash_struct(DOMAIN, domain)
    assert hex_text(digest(separator, mail)) == (
        "0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"
    )


def test_a_retired_order_type_hashes_as_the_old_client_hashed_it(shared_wire: Path) -> None:
    """The V1 order, which the venue no longer takes: it proves the encoding of further types."""
    vector = golden(shared_wire)["orders"]["v1_standard_eoa"]
    kind = TypedStruct(
        "Order",
        (
            ("uint256", "salt"),
            ("address", "maker"),
            ("address", "signer"),
            ("address", "taker"),
            ("uint256", "tokenId"),
            ("uint256", "makerAmount"),
            ("uint256", "takerAmount"),
            ("uint256", "expiration"),
            ("uint256", "nonce"),
            ("uint256", "feeRateBps"),
            ("uint8", "side"),
            ("uint8", "signatureType"),
        ),
    )
    addresses = ("maker", "signer", "taker")
    values = {
        name: value if name in addresses else int(value)
        for name, value in vector["message"].items()
    }
    separator = hash_struct(
        DOMAIN,
        {
            "name": "Polymarket CTF Exchange",
            "version": vector["domainVersion"],
            "chainId": 137,
            "verifyingContract": vector["verifyingContract"],
        },
    )
    assert hex_text(digest(separator, hash_struct(kind, values))) == vector["orderHash"]


def test_keccak_is_not_the_later_standard() -> None:
    assert keccak256(b"").hex() == (
        "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    )


@pytest.mark.parametrize(
    "address",
    [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    ],
)
def test_addresses_get_the_capitals_of_eip_55(address: str) -> None:
    """Examples of EIP-55."""
    assert checksummed(bytes.fromhex(address[2:])) == address


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint8", 256),
        ("uint256", -1),
        ("uint256", 1 << 256),
        ("uint256", "7"),
        ("address", "0x12"),
        ("address", COW[2:]),
        ("address", 7),
        ("address", "0x" + "zz" * 20),
        ("bytes32", b"\x01" * 31),
        ("string", 7),
    ],
)
def test_a_value_its_type_cannot_hold_is_refused(kind: str, value: int | str | bytes) -> None:
    with pytest.raises(InvariantError, match="not"):
        hash_struct(TypedStruct("Thing", ((kind, "field"),)), {"field": value})


def test_hex_of_another_length_is_refused() -> None:
    assert hex_bytes("0x0102", 2) == b"\x01\x02"
    with pytest.raises(InvariantError, match="3 bytes"):
        hex_bytes("0x0102", 3)
