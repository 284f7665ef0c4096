"""A simulated Kalshi with two members who hold keys, and short words for what they ask."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec.structs import replace

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import KALSHI_POLICY, FeeFunction
from foreshock.adapters.sim.kalshi_auth import KeyRing
from foreshock.adapters.sim.kalshi_face import STREAM, KalshiFace
from foreshock.adapters.sim.kalshi_rules import KalshiRules
from foreshock.core.domain.markets import SeriesFee
from foreshock.core.domain.units import MICRO, Duration, Instant, Money
from tests.unit.adapters.sim.exchange_scene import real_fees
from tests.unit.adapters.sim.face_scenario import DAY, T0, event_info, listing

Json = dict[str, Any]
ROOT = "/trade-api/v2"
ORDERS = "/portfolio/events/orders"
FED, FED_HIGHER, BITCOIN = "KXFED-26DEC-T3.75", "KXFED-26DEC-T4.00", "KXBTCD-26DEC-T98000"
CASH = Money(10_000 * MICRO)
MEMBERS = {"ann": "a" * 8, "bob": "b" * 8}


class Scene:
    """The venue, its face, and the time; `ann` and `bob` hold 10,000 dollars on shard 0."""

    def __init__(self, rules: KalshiRules | None = None, fee_of: FeeFunction | None = None) -> None:
        self.now_us = T0
        self.exchange = Exchange(KALSHI_POLICY, fee_of or real_fees())
        fee = SeriesFee("quadratic", MICRO)
        fed = event_info(1, "KXFED-26DEC", exclusive=True)
        coin = replace(event_info(2, "KXBTCD-26DEC", exclusive=False), category="Crypto")
        events = (fed, fed, coin)
        for number, native_id in enumerate((FED, FED_HIGHER, BITCOIN), start=1):
            listed = listing("kalshi", native_id, number, events[number - 1], fee)
            self.exchange.list_market(listed, Instant(T0 - DAY))
            self.exchange.open_market(native_id, T0)
        self.keys = keys = KeyRing()
        self._private: dict[str, Ed25519PrivateKey] = {}
        for number, (member, key_id) in enumerate(MEMBERS.items()):
            private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
            public = private.public_key()
            pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            keys.register(key_id, pem, member)
            self._private[member] = private
        self.face = KalshiFace(self.exchange, keys, rules=rules)
        for member in MEMBERS:
            self.face.fund(member, 0, CASH, T0)

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.now_us = Instant(self.now_us + round(seconds * MICRO))
        self.exchange.advance(self.now_us)

    def signed(self, method: str, path: str, member: str) -> tuple[tuple[str, str], ...]:
        at_ms = str(self.now_us // 1000)
        text = f"{at_ms}{method}{path.partition('?')[0]}".encode()
        signature = base64.b64encode(self._private[member].sign(text)).decode()
        return (
            ("KALSHI-ACCESS-KEY", MEMBERS[member]),
            ("KALSHI-ACCESS-TIMESTAMP", at_ms),
            ("KALSHI-ACCESS-SIGNATURE", signature),
        )

    def call(
        self, method: str, path: str, body: object = None, member: str = "ann"
    ) -> HttpResponse:
        """One signed call; a body of bytes is sent as it is."""
        raw = (
            b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        )
        headers = (*self.signed(method, ROOT + path, member), ("content-type", "application/json"))
        return self.face.handle(HttpRequest(method, ROOT + path, headers, raw), self.now_us)

    def read(self, path: str, member: str = "ann") -> Json:
        """A read that must succeed."""
        answer = self.call("GET", path, None, member)
        assert answer.status == 200, answer
        return json.loads(answer.body)

    def post(self, words: str, member: str = "ann", /, **changes: object) -> HttpResponse:
        """`post("bid 10 at 0.40 gtc")`."""
        return self.call("POST", ORDERS, order(words, **changes), member)

    def place(self, words: str, member: str = "ann", /, **changes: object) -> Json:
        """An order that must be taken."""
        answer = self.post(words, member, **changes)
        assert answer.status == 201, answer
        return json.loads(answer.body)

    def order(self, order_id: str, member: str = "ann") -> Json:
        return self.read(f"/portfolio/orders/{order_id}", member)["order"]

    def connect(self, *channels: str, member: str = "ann", **params: object) -> None:
        """Open the member's stream and subscribe; what that answers is taken away."""
        number = list(MEMBERS).index(member) + 1
        assert (
            self.face.open(number, STREAM, self.signed("GET", STREAM, member), self.now_us) is None
        )
        command = {"id": 1, "cmd": "subscribe", "params": {"channels": channels, **params}}
        self.face.receive(number, json.dumps(command), self.now_us)
        self.told(member)

    def told(self, member: str = "ann") -> list[Json]:
        """Frames to the member's stream since the last time, to anybody's."""
        number = list(MEMBERS).index(member) + 1
        frames = self.face.take_frames(self.now_us)
        return [json.loads(text) for connection, text in frames if connection == number]


LIFETIMES = {"gtc": "good_till_canceled", "ioc": "immediate_or_cancel", "fok": "fill_or_kill"}


def order(words: str, /, **changes: object) -> Json:
    """The body of an order; a change to None leaves the field out."""
    side, count, _, price, lifetime = words.split()
    body: Json = {
        "ticker": FED,
        "side": side,
        "count": count,
        "price": price,
        "time_in_force": LIFETIMES[lifetime],
        "self_trade_prevention_type": "taker_at_cross",
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


def error(answer: HttpResponse) -> tuple[int, str, str]:
    """Status, code and details of a nested error."""
    told = json.loads(answer.body)["error"]
    return answer.status, told["code"], told.get("details", "")


def lagging(milliseconds: int, seed: int = 0) -> KalshiRules:
    return KalshiRules(lag_max=Duration(milliseconds * 1000), seed=seed)
