"""Whose request is this? API keys by wallet signature (L1), requests by the keys' secret (L2).

L1 proves an address by a signed message and hands out keys; L2 signs timestamp + METHOD + path
without the query + body. Source: the venue's documentation as of October 2026; the tolerated skew
of clocks is not documented.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.polymarket_eip712 import ADDRESS, auth_signer
from foreshock.adapters.sim.wire_text import answer, hex_id, seconds, uuid_of, whole
from foreshock.core.domain.units import Instant

SKEW_S_MAX = 5
"""Clocks may be so far apart. A guess: clients report refusals when theirs drift by seconds."""
BAD_L1 = "Invalid L1 Request headers"
BAD_L2 = "Unauthorized/Invalid api key"


class Credentials(msgspec.Struct, frozen=True):
    """API keys of one address, in lower case."""

    key: str
    secret: str
    passphrase: str
    address: str
    nonce: int


class KeyVault:
    """Every key handed out; a function of address and nonce, so a restart makes the same."""

    def __init__(self) -> None:
        self._by_key: dict[str, Credentials] = {}

    def grant(self, address: str, nonce: int = 0) -> Credentials:
        """The keys of an address, made when they do not exist."""
        made = _credentials(address.lower(), nonce)
        return self._by_key.setdefault(made.key, made)

    def known(self, key: str, secret: str, passphrase: str) -> Credentials | None:
        """The keys that a stream names in its first frame; None when they are not good."""
        found = self._by_key.get(key)
        is_good = found is not None and (found.secret, found.passphrase) == (secret, passphrase)
        return found if is_good else None

    def hand_out(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """POST /auth/api-key creates, GET /auth/derive-api-key tells again."""
        claimed = _claim(request, now_us)
        if isinstance(claimed, HttpResponse):
            return claimed
        made = _credentials(*claimed)
        exists = made.key in self._by_key
        if exists == (request.method == "POST"):
            words = "create" if exists else "derive"
            return answer(400, {"error": f"Could not {words} api key"})
        found = self._by_key.setdefault(made.key, made)
        body = {"apiKey": found.key, "secret": found.secret, "passphrase": found.passphrase}
        return answer(200, body)

    def caller(self, request: HttpRequest, now_us: Instant) -> Credentials | HttpResponse:
        """Whose L2-signed request it is, or the 401."""
        given = _poly_headers(request)
        found = self._by_key.get(given.get("poly_api_key", ""))
        if found is None or not _is_timely(given.get("poly_timestamp", ""), now_us):
            return _unauthorized()
        is_same = (
            given.get("poly_address", "").lower() == found.address
            and given.get("poly_passphrase", "") == found.passphrase
        )
        signed = _signature(found.secret, given["poly_timestamp"], request)
        if not is_same or not hmac.compare_digest(
            signed.encode(), given.get("poly_signature", "").encode()
        ):
            return _unauthorized()
        return found

    def keys_of(self, address: str) -> list[str]:
        """Every key of an address."""
        return [key for key, found in self._by_key.items() if found.address == address]

    def revoke(self, key: str) -> None:
        """The key is good no more; the address may create it again."""
        self._by_key.pop(key, None)


def _claim(request: HttpRequest, now_us: Instant) -> tuple[str, int] | HttpResponse:
    """The address proven by an L1 signature, and its nonce."""
    given = _poly_headers(request)
    address, timestamp = given.get("poly_address", ""), given.get("poly_timestamp", "")
    nonce = given.get("poly_nonce", "0") or "0"
    if not ADDRESS.fullmatch(address) or whole(nonce, -1) < 0:
        return answer(400, {"error": BAD_L1})
    if not _is_timely(timestamp, now_us):
        return answer(400, {"error": BAD_L1})
    signer = auth_signer(address, timestamp, int(nonce), given.get("poly_signature", ""))
    if signer != address.lower():
        return answer(400, {"error": BAD_L1})
    return address.lower(), int(nonce)


def _credentials(address: str, nonce: int) -> Credentials:
    seed = f"{address}/{nonce}"
    secret = base64.urlsafe_b64encode(hashlib.sha256(f"{seed}/secret".encode()).digest())
    return Credentials(
        uuid_of(f"{seed}/key"), secret.decode(), hex_id(f"{seed}/passphrase", 64), address, nonce
    )


def _signature(secret: str, timestamp: str, request: HttpRequest) -> str:
    path = request.path.partition("?")[0]
    text = f"{timestamp}{request.method}{path}".encode() + request.body
    try:
        key = base64.urlsafe_b64decode(secret)
    except binascii.Error:
        return ""
    return base64.urlsafe_b64encode(hmac.digest(key, text, "sha256")).decode()


def _poly_headers(request: HttpRequest) -> Mapping[str, str]:
    """Header names without regard to case; a dash counts as an underscore."""
    return {name.lower().replace("-", "_"): value for name, value in request.headers}


def _is_timely(timestamp: str, now_us: Instant) -> bool:
    return abs(seconds(now_us) - whole(timestamp, 0)) <= SKEW_S_MAX


def _unauthorized() -> HttpResponse:
    return answer(401, {"error": BAD_L2})
