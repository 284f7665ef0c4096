"""Is a request signed the way Kalshi verifies it, and does the key stay hidden?"""

import base64
import logging
import pickle

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from foreshock.adapters.venues.kalshi.signing import auth_headers, handshake_headers, parse_key
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Instant

KEY_ID = "11111111-2222-3333-4444-555555555555"
NOW = Instant(1_700_000_000_000_000)
# The key of seed 00..1f. Ed25519 is deterministic, so these were computed once by another program.
ED25519_BODY = "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
ED25519_PEM = f"-----BEGIN PRIVATE KEY-----\n{ED25519_BODY}\n-----END PRIVATE KEY-----\n".encode()
VECTORS = [
    (
        "GET",
        "/trade-api/v2/portfolio/balance",
        "SgsupgnHWiFyyF54OWuAPWQMJ1dZi4VXB3zW9JRFpE3oDzi4u+S59snvmWUvo/p+uGhS2gRNsbIzetJZZLfxCQ==",
    ),
    (
        "GET",
        "/trade-api/ws/v2",
        "mEX39ZDAG0lHqY8vwK41t5ovOboMchtv9qt0ITZE2H5IZSqyTRDpfHYrXKe3jpPQWQUrkwT/pgAmmR8ghTUGBQ==",
    ),
    (
        "POST",
        "/trade-api/v2/portfolio/events/orders",
        "hoY3uQgx80Fc8YdP2GLUpNOG5Ig1cbWxzvhV2/GcSepJxptXybHTtzsEyf0azq021sdHTmMzTvBPt6i1S8DnAA==",
    ),
]


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def traditional(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


@pytest.mark.parametrize(("method", "path", "signature"), VECTORS)
def test_ed25519_signs_the_known_vectors(method: str, path: str, signature: str) -> None:
    headers = dict(auth_headers(parse_key(KEY_ID, ED25519_PEM), method, path, NOW))
    assert headers == {
        "KALSHI-ACCESS-KEY": KEY_ID,
        "KALSHI-ACCESS-TIMESTAMP": "1700000000000",
        "KALSHI-ACCESS-SIGNATURE": signature,
    }


def test_query_string_is_not_signed_and_the_method_is_upper_case() -> None:
    key = parse_key(KEY_ID, ED25519_PEM)
    path = "/trade-api/v2/portfolio/balance"
    asked = auth_headers(key, "get", f"{path}?subaccount=1&x=y", NOW)
    assert asked == auth_headers(key, "GET", path, NOW)


def test_handshake_signs_the_stream_path() -> None:
    headers = dict(handshake_headers(parse_key(KEY_ID, ED25519_PEM), NOW))
    assert headers["KALSHI-ACCESS-SIGNATURE"] == VECTORS[1][2]


@pytest.mark.parametrize("form", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8])
def test_rsa_signature_verifies_as_pss_with_a_salt_of_32_bytes(
    rsa_key: rsa.RSAPrivateKey, form: PrivateFormat
) -> None:
    key = parse_key(KEY_ID, rsa_key.private_bytes(Encoding.PEM, form, NoEncryption()))
    headers = dict(auth_headers(key, "GET", "/trade-api/v2/portfolio/balance", NOW))
    signature = base64.b64decode(headers["KALSHI-ACCESS-SIGNATURE"], validate=True)
    text = b"1700000000000GET/trade-api/v2/portfolio/balance"
    public = rsa_key.public_key()
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    public.verify(signature, text, scheme, hashes.SHA256())
    wrong = padding.PSS(padding.MGF1(hashes.SHA256()), 20)
    with pytest.raises(InvalidSignature):
        public.verify(signature, text, wrong, hashes.SHA256())


def test_the_key_is_shown_nowhere(
    rsa_key: rsa.RSAPrivateKey, caplog: pytest.LogCaptureFixture
) -> None:
    pem = traditional(rsa_key)
    key = parse_key(KEY_ID, pem)
    logging.getLogger("test").warning("%s %r", key, key)
    shown = f"{key} {key!r} {caplog.text}"
    assert KEY_ID not in shown
    assert "rsa" in shown
    assert not any(line in shown for line in pem.decode().splitlines())
    with pytest.raises(TypeError, match="process"):
        pickle.dumps(key)


def test_unusable_keys_are_refused_in_words_without_quoting_them(
    rsa_key: rsa.RSAPrivateKey,
) -> None:
    secret = b"c2VjcmV0LXNlY3JldC1zZWNyZXQ="
    pkcs8 = (Encoding.PEM, PrivateFormat.PKCS8)
    short = rsa.generate_private_key(public_exponent=65_537, key_size=1_024)  # noqa: S505 - the weakness is what is refused
    curve = ec.generate_private_key(ec.SECP256R1())
    for pem, words in [
        (secret, "not a PEM"),
        (b"-----BEGIN PRIVATE KEY-----\n" + secret + b"\n-----END PRIVATE KEY-----", "not a PEM"),
        (rsa_key.private_bytes(*pkcs8, BestAvailableEncryption(b"word")), "password"),
        (traditional(short), "shorter than 2048"),
        (curve.private_bytes(*pkcs8, NoEncryption()), "neither RSA nor Ed25519"),
    ]:
        with pytest.raises(ConfigError, match=words) as refused:
            parse_key(KEY_ID, pem)
        assert secret.decode() not in str(refused.value)


def test_an_empty_key_id_is_refused() -> None:
    with pytest.raises(ConfigError, match="key id"):
        parse_key(" ", ED25519_PEM)


def test_the_known_pem_is_the_key_of_the_known_seed() -> None:
    expected = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).sign(b"text")
    assert parse_key(KEY_ID, ED25519_PEM).sign(b"text") == expected
