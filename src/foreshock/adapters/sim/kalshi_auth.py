"""Did the holder of a registered key sign this Kalshi request just now?

The signed text is timestamp + METHOD + path without the query; RSA keys sign by PSS with SHA-256
and a salt of 32 bytes, Ed25519 keys as they are. Bodies as recorded on the demo in June 2026.
"""

import base64
import binascii
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.wire_text import MILLISECOND, answer, whole_or_none
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import SECOND, Duration, Instant

PublicKey: TypeAlias = RSAPublicKey | Ed25519PublicKey
KEY_HEADER = "kalshi-access-key"
TIMESTAMP_HEADER = "kalshi-access-timestamp"
SIGNATURE_HEADER = "kalshi-access-signature"
LATE_MAX = Duration(10 * SECOND)
"""The venue takes 5 s and refuses 30 s; between them is a guess."""
EARLY_MAX = Duration(60 * SECOND)
SALT_BYTES = 32
DEFAULT_MEMBER = "desk"
"""Whose keys are registered when nobody is named."""
UNAUTHORIZED = 401


class KeyRing:
    """Public keys by key id, each of one member."""

    def __init__(self) -> None:
        self._keys: dict[str, PublicKey] = {}
        self._members: dict[str, str] = {}

    def register(self, key_id: str, public_pem: bytes, member: str = DEFAULT_MEMBER) -> None:
        """Raises ConfigError for what is neither an RSA nor an Ed25519 public key."""
        try:
            key = load_pem_public_key(public_pem)
        except ValueError as error:
            raise ConfigError(f"key {key_id} is not a PEM public key: {error}") from error
        if not isinstance(key, RSAPublicKey | Ed25519PublicKey):
            raise ConfigError(f"key {key_id} is neither RSA nor Ed25519")
        self._keys[key_id] = key
        self._members[key_id] = member

    def members(self) -> list[str]:
        """Whoever holds a key, each once, in order of registration."""
        return list(dict.fromkeys(self._members.values()))

    def member(self, headers: tuple[tuple[str, str], ...]) -> str:
        """Whose key a request names. Raises KeyError for an unknown key."""
        given = {name.lower(): value for name, value in headers}
        return self._members[given[KEY_HEADER]]

    def refusal(
        self, method: str, path: str, headers: tuple[tuple[str, str], ...], now_us: Instant
    ) -> HttpResponse | None:
        """The 401 to answer with, None when the request is signed well."""
        given = {name.lower(): value for name, value in headers}
        if not given.get(SIGNATURE_HEADER):
            return _refused(
                "signature_is_missing_from_headers", "signature is missing from headers"
            )
        timestamp = given.get(TIMESTAMP_HEADER, "")
        if not _is_timely(timestamp, now_us):
            return _refused("header_timestamp_expired", "header timestamp expired")
        key = self._keys.get(given.get(KEY_HEADER, ""))
        if key is None:
            return _unauthenticated("NOT_FOUND")
        signed = f"{timestamp}{method.upper()}{path.partition('?')[0]}".encode()
        if not _is_signed(key, given[SIGNATURE_HEADER], signed):
            return _unauthenticated("INCORRECT_API_KEY_SIGNATURE")
        return None


def _is_timely(timestamp: str, now_us: Instant) -> bool:
    at_ms = whole_or_none(timestamp)
    if at_ms is None:
        return False
    age_us = now_us - at_ms * MILLISECOND
    return -EARLY_MAX <= age_us <= LATE_MAX


def _is_signed(key: PublicKey, signature_text: str, signed: bytes) -> bool:
    try:
        signature = base64.b64decode(signature_text, validate=True)
        if isinstance(key, RSAPublicKey):
            padding = PSS(mgf=MGF1(SHA256()), salt_length=SALT_BYTES)
            key.verify(signature, signed, padding, SHA256())
        else:
            key.verify(signature, signed)
    except (binascii.Error, InvalidSignature):
        return False
    return True


def _unauthenticated(details: str) -> HttpResponse:
    words = "authentication_error"
    error = {"code": words, "message": words, "details": details}
    return answer(UNAUTHORIZED, {"error": error})


def _refused(code: str, message: str) -> HttpResponse:
    return answer(UNAUTHORIZED, {"error": {"code": code, "message": message}})
