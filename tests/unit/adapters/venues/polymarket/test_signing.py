"""Headers of both levels, byte for byte, and that no secret shows."""

import pickle
import traceback
from pathlib import Path

import pytest

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.polymarket.signing import (
    create_request,
    derive_request,
    l1_headers,
    l2_headers,
    parse_credentials,
    presign_text,
    read_credentials,
)
from foreshock.adapters.venues.polymarket.wallet import parse_wallet_key
from foreshock.core.domain.errors import ConfigError, DataError
from foreshock.core.domain.units import Instant
from tests.unit.adapters.venues.polymarket.vectors import ADDRESS, KEY, SECRET, golden

NOW = Instant(1_700_000_000_999_999)
API_KEY, PASSPHRASE = "0f7a1c1e-0000-4000-8000-000000000001", "deadbeefcafe"
ISSUED = f'{{"apiKey":"{API_KEY}","secret":"{SECRET}","passphrase":"{PASSPHRASE}"}}'.encode()


def test_the_wallet_is_proved_as_the_clients_prove_it() -> None:
    headers = dict(l1_headers(parse_wallet_key(KEY), 0, NOW))
    assert headers == {
        "POLY_ADDRESS": ADDRESS,
        "POLY_SIGNATURE": (
            "0x659ed4b28ae28e0f038fdf0023c00863c9559caacb9ebc83f44eea87059a099a"
            "36f1e1dee110e7faa1c4f65d17489b2da1333ebef78bbe2116d81207b975052d1c"
        ),
        "POLY_TIMESTAMP": "1700000000",
        "POLY_NONCE": "0",
    }


@pytest.mark.parametrize(
    ("method", "path", "body", "seal"),
    [
        ("GET", "/data/orders?market=0x1", b"", "NTt0e8XQzUuVTici5whIU-0NfgRXijqf0FarNw-ik2Q="),
        (
            "DELETE",
            "/order",
            b'{"orderID":"0xabc"}',
            "R6Zjd0XmcT575-SA5KWD9BUc-qkFqvudAxkHd3R1vpw=",
        ),
    ],
)
def test_requests_are_sealed_as_the_clients_seal_them(
    method: str, path: str, body: bytes, seal: str
) -> None:
    credentials = parse_credentials(API_KEY, SECRET, PASSPHRASE)
    request = HttpRequest(method, path, (), body)
    assert dict(l2_headers(credentials, ADDRESS, request, NOW)) == {
        "POLY_ADDRESS": ADDRESS,
        "POLY_SIGNATURE": seal,
        "POLY_TIMESTAMP": "1700000000",
        "POLY_API_KEY": API_KEY,
        "POLY_PASSPHRASE": PASSPHRASE,
    }


def test_every_recorded_seal_and_attestation_is_met(shared_wire: Path) -> None:
    vectors = golden(shared_wire)
    for vector in vectors["hmac"]:
        text = presign_text(
            str(vector["timestamp"]),
            vector["method"],
            vector["path"],
            (vector["body"] or "").encode(),
        )
        sealed = parse_credentials("key", vector["secret"], "phrase").seal(text)
        assert sealed == vector["signature"]
    auth = vectors["clobAuth"]
    at_us = Instant(int(auth["timestamp"]) * 1_000_000)
    headers = dict(l1_headers(parse_wallet_key(vectors["privateKey"]), auth["nonce"], at_us))
    assert headers["POLY_SIGNATURE"] == auth["signature"]


def test_credentials_are_asked_for_under_the_wallets_proof() -> None:
    key = parse_wallet_key(KEY)
    created, derived = create_request(key, 3, NOW), derive_request(key, 3, NOW)
    assert (created.method, created.path) == ("POST", "/auth/api-key")
    assert (derived.method, derived.path) == ("GET", "/auth/derive-api-key")
    assert created.headers == derived.headers == l1_headers(key, 3, NOW)


def test_issued_credentials_are_read_and_keep_the_secret_as_written() -> None:
    credentials = read_credentials(HttpResponse(200, ISSUED))
    assert credentials is not None
    assert (credentials.key, credentials.passphrase) == (API_KEY, PASSPHRASE)
    assert credentials.secret_text() == SECRET


def test_credentials_that_exist_must_be_derived() -> None:
    assert read_credentials(HttpResponse(400, b'{"error":"Could not create api key"}')) is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, ISSUED),
        (401, b'{"error":"Unauthorized"}'),
        (200, b""),
        (200, b'{"apiKey":"k","secret":"%%","passphrase":"p"}'),
        (200, b'{"apiKey":"k","passphrase":"p"}'),
    ],
)
def test_another_answer_gives_no_credentials_and_is_not_quoted(status: int, body: bytes) -> None:
    with pytest.raises(DataError) as caught:
        read_credentials(HttpResponse(status, body))
    told = "".join(traceback.format_exception(caught.value))
    assert SECRET not in told
    assert PASSPHRASE not in told


@pytest.mark.parametrize(
    ("key", "secret", "passphrase"),
    [("", SECRET, "p"), ("k", "", "p"), ("k", "not base64 &&", "p"), ("k", SECRET, " ")],
)
def test_credentials_with_a_part_missing_are_refused_unquoted(
    key: str, secret: str, passphrase: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_credentials(key, secret, passphrase)
    assert "not base64 &&" not in "".join(traceback.format_exception(caught.value))


def test_credentials_show_no_secret_and_stay_in_their_process() -> None:
    credentials = parse_credentials(API_KEY, SECRET, PASSPHRASE)
    shown = repr(credentials)
    assert SECRET not in shown
    assert PASSPHRASE not in shown
    assert API_KEY not in shown
    with pytest.raises(TypeError, match="do not leave"):
        pickle.dumps(credentials)
