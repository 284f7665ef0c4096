"""A trader with a key: signs as the venue's documentation says and reads plain JSON."""

import base64
import hmac
import json
from typing import Any

import coincurve
import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.corrections import give
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.polymarket_eip712 import (
    Domain,
    OrderTerms,
    auth_digest,
    checksummed,
    domain_of,
    keccak,
    order_hash,
    wallet_digest,
    wallet_tail,
)
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.core.domain.units import MICRO, SECOND, Instant, Money, parse_price, parse_quantity
from tests.unit.adapters.sim.face_scenario import CONDITIONS, T0, TOKENS

Json = dict[str, Any]
KEY = bytes.fromhex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
"""The public test key that everybody knows (Hardhat's first)."""
OTHER_KEY = keccak(b"another trader")
ZERO = "0x" + "0" * 64
SIDES = {"BUY": 0, "SELL": 1}


class Trader:
    """One wallet at one face. now: moved by the tests."""

    def __init__(
        self,
        face: ClobFace,
        exchange: Exchange,
        key: bytes = KEY,
        cash: int = 1_000,
        wallet: tuple[str, int] | None = None,
    ) -> None:
        self.face = face
        self.exchange = exchange
        self.now = T0
        self.salt = 0
        self._frames: list[tuple[int, str]] = []
        self._key = coincurve.PrivateKey(key)
        public = self._key.public_key.format(compressed=False)
        self.signer = checksummed("0x" + keccak(public[1:])[12:].hex())
        self.maker, self.kind = wallet or (self.signer, 0)
        face.private.desk.wallets.fund(self.maker, self.signer, self.kind, Money(cash * MICRO))
        granted = face.private.keys.grant(self.signer)
        self.api_key, self.secret, self.passphrase = granted.key, granted.secret, granted.passphrase

    # ---- time

    def wait(self, seconds: float) -> None:
        """Let time pass at the venue."""
        self.now = Instant(self.now + round(seconds * SECOND))
        self._frames += self.face.take_frames(self.now)

    # ---- requests

    def sign(self, digest: bytes) -> bytes:
        raw = self._key.sign_recoverable(digest, hasher=None)  # pyright: ignore[reportUnknownMemberType]  # coincurve leaves the nonce's type open
        return raw[:-1] + bytes([raw[-1] + 27])

    def l1(self, method: str, path: str, nonce: int = 0, skew_s: int = 0) -> HttpResponse:
        timestamp = str(self.now // SECOND + skew_s)
        signature = self.sign(auth_digest(self.signer, timestamp, nonce))
        headers = (
            ("POLY_ADDRESS", self.signer),
            ("POLY_SIGNATURE", "0x" + signature.hex()),
            ("POLY_TIMESTAMP", timestamp),
            ("POLY_NONCE", str(nonce)),
        )
        return self.face.handle(HttpRequest(method, path, headers), self.now)

    def request(self, method: str, path: str, body: object = None, **changes: str) -> HttpRequest:
        """A request signed by L2; changes: headers to spoil, by name in lower case."""
        raw = b"" if body is None else json.dumps(body).encode()
        timestamp = changes.pop("poly_timestamp", str(self.now // SECOND))
        text = f"{timestamp}{method}{path.partition('?')[0]}".encode() + raw
        signed = hmac.digest(base64.urlsafe_b64decode(self.secret), text, "sha256")
        headers = {
            "poly_address": self.signer,
            "poly_signature": base64.urlsafe_b64encode(signed).decode(),
            "poly_timestamp": timestamp,
            "poly_api_key": self.api_key,
            "poly_passphrase": self.passphrase,
        } | changes
        named = tuple((name.upper(), value) for name, value in headers.items())
        return HttpRequest(method, path, named, raw)

    def send(self, method: str, path: str, body: object = None, **changes: str) -> HttpResponse:
        """The answer to such a request."""
        return self.face.handle(self.request(method, path, body, **changes), self.now)

    def ask(self, method: str, path: str, body: object = None) -> Json:
        """The body of an answer that must be 200."""
        answer = self.send(method, path, body)
        assert answer.status == 200, answer
        return json.loads(answer.body)

    # ---- orders

    def terms(
        self, side: str, price: str, size: str, token: str | None = None, **changes: object
    ) -> OrderTerms:
        """A limit order's signed terms: `price` a share, `size` shares."""
        self.salt += 1
        shares = parse_quantity(size)
        quote = parse_price(price) * shares // MICRO
        maker, taker = (quote, shares) if side == "BUY" else (shares, quote)
        terms = OrderTerms(
            salt=self.salt,
            maker=self.maker,
            signer=self.maker if self.kind == 3 else self.signer,
            token_id=int(token or TOKENS[CONDITIONS[2]][0]),
            maker_amount=maker,
            taker_amount=taker,
            side=SIDES[side],
            signature_type=self.kind,
            timestamp=self.now // 1_000,
            metadata=ZERO,
            builder=ZERO,
        )
        return msgspec.structs.replace(terms, **changes)

    def domain(self, terms: OrderTerms) -> Domain:
        native_id, _ = self.exchange.native_of(str(terms.token_id))
        is_neg_risk = self.exchange.market(native_id).listing.event.exclusive
        return domain_of(terms.token_id, is_neg_risk=is_neg_risk)

    def body(
        self,
        terms: OrderTerms,
        order_type: str = "GTC",
        domain: Domain | None = None,
        **changes: object,
    ) -> Json:
        """What POST /order wants, signed."""
        where = domain or self.domain(terms)
        if self.kind == 3:
            signature = self.sign(wallet_digest(terms, where)) + wallet_tail(terms, where)
        else:
            signature = self.sign(bytes.fromhex(order_hash(terms, where)[2:]))
        order = {
            "salt": terms.salt,
            "maker": terms.maker,
            "signer": terms.signer,
            "tokenId": str(terms.token_id),
            "makerAmount": str(terms.maker_amount),
            "takerAmount": str(terms.taker_amount),
            "side": "SELL" if terms.side else "BUY",
            "expiration": str(changes.pop("expiration", 0)),
            "signatureType": terms.signature_type,
            "timestamp": str(terms.timestamp),
            "metadata": terms.metadata,
            "builder": terms.builder,
            "signature": "0x" + signature.hex(),
        }
        body: Json = {"deferExec": False, "order": order, "orderType": order_type}
        return body | {"owner": self.api_key} | changes

    def place(
        self, side: str, price: str, size: str, order_type: str = "GTC", **changes: object
    ) -> Json:
        """Send a limit order; the JSON of the answer, its status under `http`."""
        token = changes.pop("token", None)
        terms = self.terms(side, price, size, None if token is None else str(token))
        return self.post(self.body(terms, order_type, None, **changes))

    def spend(self, dollars: str, price: str, order_type: str = "FAK") -> Json:
        """A market order that buys: for so many dollars, at no worse than a price."""
        budget = parse_quantity(dollars)
        shares = budget * MICRO // parse_price(price) // 100 * 100
        terms = self.terms("BUY", "0.5", "10", maker_amount=int(budget), taker_amount=shares)
        return self.post(self.body(terms, order_type))

    def post(self, body: Json) -> Json:
        answer = self.send("POST", "/order", body)
        return json.loads(answer.body) | {"http": answer.status}

    def hold(self, size: str, index: int = 0) -> None:
        """Own contracts of the market that trades alone."""
        give(self.exchange, self.maker.lower(), CONDITIONS[2], index, (parse_quantity(size), 0))

    # ---- the user stream

    def listen(self, connection: int = 1, markets: list[str] | None = None) -> None:
        assert self.face.open(connection, "/ws/user", (), self.now) is None
        auth = {"apiKey": self.api_key, "secret": self.secret, "passphrase": self.passphrase}
        command: Json = {"type": "user", "auth": auth}
        if markets is not None:
            command["markets"] = markets
        self.face.receive(connection, json.dumps(command), self.now)

    def told(self, connection: int = 1) -> list[Json]:
        frames, self._frames = self._frames + self.face.take_frames(self.now), []
        return [json.loads(text) for to, text in frames if to == connection]
