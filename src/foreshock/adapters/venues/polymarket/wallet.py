"""Which Ethereum account signs? A private key that signs 32-byte digests and never shows itself."""

import re

from coincurve import PrivateKey

from foreshock.adapters.venues.polymarket.eip712 import (
    ADDRESS_BYTES,
    checksummed,
    keccak256,
)
from foreshock.core.domain.errors import ConfigError

KEY_TEXT = re.compile(r"(?:0x)?([0-9a-fA-F]{64})")
NOT_A_KEY = "the Polymarket private key is not a key of 64 hex digits: export it from your wallet"
RECOVERY_AT = 64
RECOVERY_OFFSET = 27
"""Ethereum writes the recovery id 0 or 1 as 27 or 28."""


class WalletKey:
    """A private key and its address. Shows the key in no log, error or traceback."""

    __slots__ = ("_private", "address")

    def __init__(self, private: PrivateKey, address: str) -> None:
        self._private = private
        self.address = address

    def __repr__(self) -> str:
        return f"WalletKey({self.address}, private key hidden)"

    def __reduce__(self) -> str:
        raise TypeError("a WalletKey does not leave its process")

    def sign(self, digest: bytes) -> bytes:
        """65 bytes r, s, v. The nonce follows from key and digest (RFC 6979): no chance in it."""
        signature = self._private.sign_recoverable(digest, hasher=None)  # pyright: ignore[reportUnknownMemberType]  # coincurve types its nonce as a bare tuple
        return signature[:RECOVERY_AT] + bytes([signature[RECOVERY_AT] + RECOVERY_OFFSET])


def parse_wallet_key(text: str) -> WalletKey:
    """Read a private key of 64 hex digits, with or without 0x.

    Raises ConfigError, which never quotes the key, for anything else.
    """
    found = KEY_TEXT.fullmatch(text.strip())
    if found is None:
        raise ConfigError(NOT_A_KEY)
    try:
        private = PrivateKey(bytes.fromhex(found[1]))
    except ValueError:
        raise ConfigError(NOT_A_KEY) from None  # zero or beyond the curve; the text may quote it
    return WalletKey(private, _address(private))


def _address(private: PrivateKey) -> str:
    point = private.public_key.format(compressed=False)[1:]
    return checksummed(keccak256(point)[-ADDRESS_BYTES:])
