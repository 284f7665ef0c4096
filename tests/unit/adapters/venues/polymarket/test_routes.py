"""Does only what is listed, with nothing else in it, leave for Polymarket?"""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.order_path import OrderRef, Unsigned
from foreshock.adapters.venues.polymarket.account import (
    PolymarketAccount,
    closed_only_request,
    refresh_request,
)
from foreshock.adapters.venues.polymarket.heartbeat import Heartbeat
from foreshock.adapters.venues.polymarket.path import PolymarketPath
from foreshock.adapters.venues.polymarket.placement import prepare, style_of
from foreshock.adapters.venues.polymarket.positions import split
from foreshock.adapters.venues.polymarket.relayer import (
    Turn,
    submission,
    transaction_request,
    turn_request,
)
from foreshock.adapters.venues.polymarket.routes import ROUTES, route_of
from foreshock.adapters.venues.polymarket.signer import PolymarketSigner, Relaying
from foreshock.adapters.venues.polymarket.signing import RelayerKey
from foreshock.adapters.venues.polymarket.wallet import parse_wallet_key
from foreshock.core.domain.accounts import AccountPart
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import Money, Quantity
from tests.unit.adapters.venues.polymarket.builders import NOW, market
from tests.unit.adapters.venues.polymarket.orders import HOLDER, PROXY, SENT, place_order, signer
from tests.unit.adapters.venues.polymarket.vectors import KEY

PATH = PolymarketPath(HOLDER, None)
READER = PolymarketAccount(HOLDER, PATH.ours)
MARKET = MarketId("polymarket:0x" + "ab" * 32)
PARTS: tuple[AccountPart, ...] = ("orders", "fills", "positions", "balance")
PLACING = prepare(place_order(), market(), style_of(place_order()), HOLDER, SENT).request


def ref(digit: str) -> OrderRef:
    return OrderRef("o1", "c1", "0x" + digit * 64, MARKET)


def beat() -> Unsigned:
    found = Heartbeat().due(NOW)
    assert found is not None
    return found


OURS: list[Unsigned] = [
    PLACING,
    PATH.cancel([ref("a")], NOW),
    PATH.cancel([ref("a"), ref("b")], NOW),
    PATH.cancel_all(),
    PATH.cancel_market(MARKET),
    beat(),
    *PATH.lookups(ref("a"), NOW),
    *(READER.read(part, NOW, None) for part in PARTS),
    *(READER.read(part, NOW, "MTA=") for part in PARTS),
    refresh_request(READER.read("balance", NOW, None)),
    closed_only_request(),
    turn_request(PROXY),
    turn_request(msgspec.structs.replace(PROXY, signature_type=2)),
    transaction_request("0193-ab"),
    submission(split(market(), Quantity(1)), PROXY, Turn(0, PROXY.wallet), NOW),
]
SIGNERS = {
    "trading": signer(),
    "data": signer(),
    "relayer": PolymarketSigner(
        PROXY,
        parse_wallet_key(KEY),
        None,
        Relaying(RelayerKey("a key", PROXY.address), Money(1_000_000)),
    ),
}
by_request = pytest.mark.parametrize("unsigned", OURS, ids=lambda u: f"{u.method} {u.path[:60]}")


def changed(unsigned: Unsigned, **fields: object) -> Unsigned:
    return msgspec.structs.replace(unsigned, **fields)


@by_request
def test_every_request_of_ours_has_its_route(unsigned: Unsigned) -> None:
    assert route_of(unsigned).kind == unsigned.kind


def test_every_route_is_asked_for_by_somebody() -> None:
    assert [route for route in ROUTES if route not in map(route_of, OURS)] == []


@by_request
@pytest.mark.parametrize("kind", ["place", "cancel", "amend", "read", "heartbeat", "settle"])
def test_no_request_passes_for_another_kind(unsigned: Unsigned, kind: str) -> None:
    if kind != unsigned.kind:
        with pytest.raises(InvariantError, match="is not a request to"):
            route_of(changed(unsigned, kind=kind))


@by_request
@pytest.mark.parametrize("host", ["trading", "data", "relayer"])
def test_no_request_passes_at_another_host(unsigned: Unsigned, host: str) -> None:
    if host != unsigned.host:
        with pytest.raises(InvariantError, match="host is not a request to"):
            route_of(changed(unsigned, host=host))


@by_request
def test_no_byte_may_be_added_or_missing(unsigned: Unsigned) -> None:
    for body in (unsigned.body + b" ", unsigned.body[:-1], b'{"amount":1}', b"[]", b"garbage"):
        if body != unsigned.body:
            with pytest.raises(InvariantError):
                SIGNERS[unsigned.host].sign(changed(unsigned, body=body), NOW)


@by_request
@pytest.mark.parametrize("more", ["to=0x1", "user=a&user=b", "limit", "=", "", "user=a b", "a#b=c"])
def test_no_word_may_be_added_to_a_query(unsigned: Unsigned, more: str) -> None:
    joint = "&" if "?" in unsigned.path else "?"
    with pytest.raises(InvariantError, match="a query that"):
        route_of(changed(unsigned, path=f"{unsigned.path}{joint}{more}"))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/auth/api-keys"),
        ("POST", "/auth/api-key"),
        ("DELETE", "/auth/api-key"),
        ("POST", "/auth/readonly-api-key"),
        ("POST", "/withdraw"),
        ("POST", "/transfer"),
        ("POST", "/data/orders"),
        ("POST", "/orders"),
        ("GET", "/v2/activity"),
        ("GET", "/data/order/0xabc"),
        ("GET", "/data/order/../auth/api-keys"),
        ("GET", "/v2/positions/"),
        ("GET", "/v2/value"),
        ("GET", "//v2/positions"),
        ("GET", "/v1/account/transactions/params/x"),
        ("GET", "/v1/account/transactions/../keys"),
        ("DELETE", "/cancel-all\n"),
    ],
)
@pytest.mark.parametrize("host", ["trading", "data", "relayer"])
@pytest.mark.parametrize("kind", ["place", "cancel", "read", "heartbeat", "settle"])
def test_what_is_not_listed_is_never_signed(method: str, path: str, host: str, kind: str) -> None:
    made = {"venue": "polymarket", "kind": kind, "method": method, "path": path, "host": host}
    with pytest.raises(InvariantError, match="is not a request to"):
        signer().sign(msgspec.convert(made, Unsigned), NOW)


@pytest.mark.parametrize(
    ("unsigned", "body"),
    [
        (OURS[1], b'{"orderID":"0xabc"}'),
        (OURS[1], b'{"orderID":["0x' + b"a" * 64 + b'"]}'),
        (OURS[1], b'{"orderID":"0x' + b"a" * 64 + b'","owner":"x"}'),
        (OURS[2], b"[]"),
        (OURS[2], msgspec.json.encode(["0x" + "a" * 64] * 1_001)),
        (OURS[2], b'["all"]'),
        (OURS[4], b'{"market":"all"}'),
        (OURS[5], msgspec.json.encode({"heartbeat_id": "x" * 201})),
        (OURS[5], b'{"heartbeat_id":"x","key":"y"}'),
    ],
)
def test_a_body_of_another_shape_is_refused(unsigned: Unsigned, body: bytes) -> None:
    with pytest.raises(InvariantError, match="a body that"):
        signer().sign(changed(unsigned, body=body), NOW)


@given(st.binary(max_size=80), st.sampled_from(OURS))
def test_no_bytes_pass_as_a_body_of_ours(body: bytes, unsigned: Unsigned) -> None:
    if body != unsigned.body and unsigned.kind not in {"place", "settle"}:
        with pytest.raises(InvariantError):
            route_of(changed(unsigned, body=body))


def test_no_route_moves_money_out_or_touches_keys() -> None:
    words = " ".join(route.path for route in ROUTES)
    assert not re.search("withdraw|transfer|api-key|approve|bridge", words)
    assert {route.kind for route in ROUTES} == {"place", "cancel", "heartbeat", "read", "settle"}
