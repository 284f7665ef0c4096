"""A private key: what it signs, and that it never shows."""

import pickle
import traceback

import pytest
from coincurve import PublicKey

from foreshock.adapters.venues.polymarket.eip712 import checksummed, keccak256
from foreshock.adapters.venues.polymarket.wallet import parse_wallet_key
from foreshock.core.domain.errors import ConfigError
from tests.unit.adapters.venues.polymarket.vectors import ADDRESS, KEY


@pytest.mark.parametrize("text", [KEY, KEY[2:], f"  {KEY}\n"])
def test_a_key_knows_its_address(text: str) -> None:
    assert parse_wallet_key(text).address == ADDRESS


def test_the_signature_recovers_to_the_address() -> None:
    key = parse_wallet_key(KEY)
    digest = keccak256(b"anything")
    signature = key.sign(digest)
    assert len(signature) == 65
    assert signature[64] in {27, 28}
    plain = signature[:64] + bytes([signature[64] - 27])
    point = PublicKey.from_signature_and_message(plain, digest, hasher=None)
    assert checksummed(keccak256(point.format(compressed=False)[1:])[-20:]) == ADDRESS


def test_signing_twice_gives_the_same_bytes() -> None:
    key = parse_wallet_key(KEY)
    assert key.sign(b"\x07" * 32) == key.sign(b"\x07" * 32)


@pytest.mark.parametrize(
    "text", ["", "0x", KEY[:-2], KEY + "00", "0x" + "zz" * 32, "0x" + "00" * 32, "0x" + "ff" * 32]
)
def test_what_is_no_key_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_wallet_key(text)
    told = "".join(traceback.format_exception(caught.value))
    assert len(text) < 10 or text.removeprefix("0x") not in told


def test_a_key_shows_only_its_address_and_stays_in_its_process() -> None:
    key = parse_wallet_key(KEY)
    assert repr(key) == f"WalletKey({ADDRESS}, private key hidden)"
    with pytest.raises(TypeError, match="does not leave"):
        pickle.dumps(key)
