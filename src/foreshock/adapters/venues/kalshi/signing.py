"""How does Kalshi know that a request is ours? Three headers, from a private key and a given time.

The signed text is timestamp in milliseconds + METHOD + path, without the query string and without
the host. RSA keys sign RSASSA-PSS with SHA-256 and a salt of 32 bytes, Ed25519 keys sign the text
itself; which one it is stands in the PEM. Source: Kalshi "API keys", September 2026.
"""

import base64

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Instant

WEBSOCKET_PATH = "/trade-api/ws/v2"
SALT_BYTES = 32
RSA_BITS_MIN = 2_048
MICROS_PER_MILLISECOND = 1_000
SHOWN_ID_CHARACTERS = 4


class ApiKey:
    """A key id and its private key. Shows neither in logs, errors nor tracebacks."""

    __slots__ = ("_private", "key_id")

    def __init__(self, key_id: str, private: RSAPrivateKey | Ed25519PrivateKey) -> None:
        self.key_id = key_id
        self._private = private

    def __repr__(self) -> str:
        kind = "ed25519" if isinstance(self._private, Ed25519PrivateKey) else "rsa"
        return f"ApiKey({self.key_id[:SHOWN_ID_CHARACTERS]}***, {kind}, private key hidden)"

    def __reduce__(self) -> str:
        raise TypeError("an ApiKey does not leave its process")

    def sign(self, text: bytes) -> bytes:
        """The raw signature; RSA signatures differ each time, Ed25519 ones do not."""
        if isinstance(self._private, Ed25519PrivateKey):
            return self._private.sign(text)
        scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=SALT_BYTES)
        return self._private.sign(text, scheme, hashes.SHA256())


def parse_key(key_id: str, pem: bytes) -> ApiKey:
    """Read a private key from PEM, RSA or Ed25519.

    Raises ConfigError, which never quotes the key, for anything else.
    """
    if not key_id.strip():
        raise ConfigError("the Kalshi key id is empty: copy it from Kalshi's API key page")
    try:
        private = load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise ConfigError("the Kalshi private key has a password: store it without") from error
    except (ValueError, UnsupportedAlgorithm):
        raise ConfigError(
            "the Kalshi private key is not a PEM private key: save the file Kalshi gave you as is"
        ) from None  # the parser's text may quote the file
    if isinstance(private, RSAPrivateKey):
        if private.key_size < RSA_BITS_MIN:
            raise ConfigError(f"the Kalshi RSA key is shorter than {RSA_BITS_MIN} bits")
        return ApiKey(key_id.strip(), private)
    if isinstance(private, Ed25519PrivateKey):
        return ApiKey(key_id.strip(), private)
    raise ConfigError("the Kalshi private key is neither RSA nor Ed25519")


def auth_headers(
    key: ApiKey, method: str, path: str, now_us: Instant
) -> tuple[tuple[str, str], ...]:
    """The three headers of a signed request; a query string in `path` is left out of the text."""
    timestamp = str(now_us // MICROS_PER_MILLISECOND)
    text = presign_text(timestamp, method, path)
    return (
        ("KALSHI-ACCESS-KEY", key.key_id),
        ("KALSHI-ACCESS-TIMESTAMP", timestamp),
        ("KALSHI-ACCESS-SIGNATURE", base64.b64encode(key.sign(text)).decode()),
    )


def handshake_headers(key: ApiKey, now_us: Instant) -> tuple[tuple[str, str], ...]:
    """Headers of the WebSocket upgrade, which needs a key even for public channels."""
    return auth_headers(key, "GET", WEBSOCKET_PATH, now_us)


def presign_text(timestamp: str, method: str, path: str) -> bytes:
    """What is signed."""
    return f"{timestamp}{method.upper()}{path.partition('?')[0]}".encode()
