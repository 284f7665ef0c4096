"""How does Polymarket know that a request is ours? Headers from two secrets and a given time.

L1 proves the wallet by a signature and is only for making API credentials. L2 proves the
credentials by an HMAC of timestamp + METHOD + path + body, without the query string, and goes with
every other request. POLY_ADDRESS is the key's own address, for deposit wallets too.
Source: Polymarket CLOB authentication; SDK 0.14.0, October 2026.
"""

import base64
import binascii
import hmac
from hashlib import sha256

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.polymarket.eip712 import (
    TypedStruct,
    digest,
    hash_struct,
    hex_text,
)
from foreshock.adapters.venues.polymarket.exchange import CHAIN_ID
from foreshock.adapters.venues.polymarket.wallet import WalletKey
from foreshock.core.domain.errors import ConfigError, DataError
from foreshock.core.domain.units import MICRO, Instant

AUTH_DOMAIN = TypedStruct(
    "EIP712Domain", (("string", "name"), ("string", "version"), ("uint256", "chainId"))
)
CLOB_AUTH = TypedStruct(
    "ClobAuth",
    (
        ("address", "address"),
        ("string", "timestamp"),
        ("uint256", "nonce"),
        ("string", "message"),
    ),
)
ATTESTATION = "This message attests that I control the given wallet"
SHOWN_KEY_CHARACTERS = 4
OK = 200
ALREADY_EXISTS = 400

Headers = tuple[tuple[str, str], ...]


class _WireCredentials(msgspec.Struct, frozen=True, rename="camel"):
    api_key: str
    secret: str
    passphrase: str


_CREDENTIALS = msgspec.json.Decoder(_WireCredentials)


class ApiCredentials:
    """What the CLOB gave us for our wallet. Shown in no log, error or traceback."""

    __slots__ = ("_secret", "key", "passphrase")

    def __init__(self, key: str, secret: bytes, passphrase: str) -> None:
        self.key = key
        self._secret = secret
        self.passphrase = passphrase

    def __repr__(self) -> str:
        return f"ApiCredentials({self.key[:SHOWN_KEY_CHARACTERS]}***, secrets hidden)"

    def __reduce__(self) -> str:
        raise TypeError("ApiCredentials do not leave their process")

    def seal(self, text: bytes) -> str:
        """URL-safe base64 of the HMAC, padding kept."""
        return base64.urlsafe_b64encode(hmac.digest(self._secret, text, sha256)).decode()

    def secret_text(self) -> str:
        """The secret as the venue wrote it: only the user channel's first frame needs it."""
        return base64.urlsafe_b64encode(self._secret).decode()


class RelayerKey:
    """What the relayer knows the key's owner by. Shown in no log, error or traceback."""

    __slots__ = ("_key", "address")

    def __init__(self, key: str, address: str) -> None:
        self._key = key
        self.address = address

    def __repr__(self) -> str:
        return f"RelayerKey({self.address}, key hidden)"

    def __reduce__(self) -> str:
        raise TypeError("a RelayerKey does not leave its process")

    def text(self) -> str:
        """The key itself, for the header."""
        return self._key


def parse_credentials(key: str, secret: str, passphrase: str) -> ApiCredentials:
    """Raises ConfigError, which quotes nothing, when a part is missing or no base64."""
    if not key.strip() or not passphrase.strip():
        raise ConfigError("the Polymarket API key or passphrase is empty: derive them again")
    try:
        decoded = base64.b64decode(secret.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if not decoded:
        raise ConfigError("the Polymarket API secret is not URL-safe base64: derive it again")
    return ApiCredentials(key.strip(), decoded, passphrase.strip())


def l1_headers(key: WalletKey, nonce: int, now_us: Instant) -> Headers:
    """Headers that prove the wallet; the same nonce always yields the same credentials."""
    timestamp = str(now_us // MICRO)
    return (
        ("POLY_ADDRESS", key.address),
        ("POLY_SIGNATURE", hex_text(key.sign(_attestation(key.address, timestamp, nonce)))),
        ("POLY_TIMESTAMP", timestamp),
        ("POLY_NONCE", str(nonce)),
    )


def l2_headers(
    credentials: ApiCredentials, address: str, request: HttpRequest, now_us: Instant
) -> Headers:
    """Headers that prove the credentials for exactly these bytes."""
    timestamp = str(now_us // MICRO)
    text = presign_text(timestamp, request.method, request.path, request.body)
    return (
        ("POLY_ADDRESS", address),
        ("POLY_SIGNATURE", credentials.seal(text)),
        ("POLY_TIMESTAMP", timestamp),
        ("POLY_API_KEY", credentials.key),
        ("POLY_PASSPHRASE", credentials.passphrase),
    )


def relayer_headers(key: RelayerKey) -> Headers:
    """Headers that prove the relayer's key; a transaction is proven by the wallet's signature."""
    return (("RELAYER_API_KEY", key.text()), ("RELAYER_API_KEY_ADDRESS", key.address))


def presign_text(timestamp: str, method: str, path: str, body: bytes) -> bytes:
    """What is sealed."""
    return f"{timestamp}{method.upper()}{path.partition('?')[0]}".encode() + body


def create_request(key: WalletKey, nonce: int, now_us: Instant) -> HttpRequest:
    """Ask for new credentials; the venue refuses when this nonce already has some."""
    return HttpRequest("POST", "/auth/api-key", l1_headers(key, nonce, now_us))


def derive_request(key: WalletKey, nonce: int, now_us: Instant) -> HttpRequest:
    """Ask again for the credentials of this nonce."""
    return HttpRequest("GET", "/auth/derive-api-key", l1_headers(key, nonce, now_us))


def read_credentials(answer: HttpResponse) -> ApiCredentials | None:
    """Credentials made or derived; None when they exist already and must be derived.

    Raises DataError, which quotes nothing of the body, for any other answer.
    """
    if answer.status == ALREADY_EXISTS:
        return None
    if answer.status != OK:
        raise DataError(f"asking for API credentials was answered with status {answer.status}")
    try:
        wire = _CREDENTIALS.decode(answer.body)
        return parse_credentials(wire.api_key, wire.secret, wire.passphrase)
    except (ValueError, RecursionError, ConfigError):
        raise DataError("the answer with API credentials cannot be read") from None


def _attestation(address: str, timestamp: str, nonce: int) -> bytes:
    domain = {"name": "ClobAuthDomain", "version": "1", "chainId": CHAIN_ID}
    words = {"address": address, "timestamp": timestamp, "nonce": nonce, "message": ATTESTATION}
    return digest(hash_struct(AUTH_DOMAIN, domain), hash_struct(CLOB_AUTH, words))
