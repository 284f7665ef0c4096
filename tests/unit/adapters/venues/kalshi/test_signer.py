"""Does only what is as declared leave with our credentials on it?"""

import base64
import json

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.kalshi import order_groups
from foreshock.adapters.venues.kalshi.account import (
    KalshiReader,
    freshness_reading,
    order_reading,
    queue_reading,
    settlements_reading,
)
from foreshock.adapters.venues.kalshi.budgets import costs_reading, limits_reading
from foreshock.adapters.venues.kalshi.maintenance import schedule_reading, status_reading
from foreshock.adapters.venues.kalshi.orders import (
    Style,
    amend,
    batch,
    cancel,
    cancel_all,
    cancel_many,
    decrease,
)
from foreshock.adapters.venues.kalshi.path import KalshiOrders
from foreshock.adapters.venues.kalshi.signer import (
    ROUTES,
    KalshiSigner,
    refuse_undeclared,
    route_of,
)
from foreshock.adapters.venues.kalshi.signing import parse_key
from foreshock.adapters.venues.order_path import RequestSigner, Unsigned
from foreshock.core.domain.accounts import AccountPart
from foreshock.core.domain.errors import ConfigError, InvariantError
from foreshock.core.domain.units import Money, Quantity
from tests.unit.adapters.venues.kalshi.builders import market_of
from tests.unit.adapters.venues.kalshi.order_samples import NOW, place_order, prepared, ref

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PEM = PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
SIGNER: RequestSigner = KalshiSigner(parse_key("11111111-2222-3333-4444-555555555555", PEM))
PARTS: tuple[AccountPart, ...] = ("orders", "fills", "positions", "balance")
LIMIT = Quantity(20_000_000)
OURS: list[Unsigned] = [
    prepared().request,
    prepared(Style(group="og_1", subaccount=2), time_in_force="gtc").request,
    prepared(purpose="unwind", action="sell").request,
    batch([prepared(), prepared(order_id="other")]),
    cancel(ref()),
    cancel(ref("id with odd?letters"), 3),
    cancel_many([ref("a"), ref("b")]),
    cancel_all(),
    amend(ref(), place_order(), market_of()),
    decrease(ref(), LIMIT),
    order_groups.create(LIMIT, 2),
    order_groups.change_limit("og_1", LIMIT, 0),
    order_groups.reset("og_1", 0),
    order_groups.trigger("og_1", 0),
    order_groups.delete("og_1", 0),
    order_groups.group_reading("og_1"),
    order_groups.groups_reading(),
    *(KalshiReader(1).read(part, NOW, "CgsI+/=") for part in PARTS),
    *KalshiOrders().lookups(ref(), NOW),
    *KalshiOrders(subaccount=1).lookups(ref(None), NOW),
    order_reading("a"),
    queue_reading(("A-1", "B.5")),
    settlements_reading(NOW, "c"),
    freshness_reading(),
    limits_reading(),
    costs_reading(),
    schedule_reading(),
    status_reading(),
]


@pytest.mark.parametrize("unsigned", OURS, ids=lambda u: f"{u.method} {u.path[:60]}")
def test_every_request_of_ours_is_signed_as_it_is(unsigned: Unsigned) -> None:
    request = SIGNER.sign(unsigned, NOW)
    assert (request.method, request.path, request.body) == (
        unsigned.method,
        unsigned.path,
        unsigned.body,
    )
    headers = dict(request.headers)
    timestamp = headers["KALSHI-ACCESS-TIMESTAMP"]
    text = f"{timestamp}{unsigned.method}{unsigned.path.partition('?')[0]}"
    PRIVATE.public_key().verify(base64.b64decode(headers["KALSHI-ACCESS-SIGNATURE"]), text.encode())
    assert timestamp == str(NOW // 1_000)
    assert ("content-type" in headers) is bool(unsigned.body)


@pytest.mark.parametrize("unsigned", OURS, ids=lambda u: f"{u.method} {u.path[:60]}")
@pytest.mark.parametrize("kind", ["place", "cancel", "amend", "read", "heartbeat", "settle"])
def test_no_request_passes_for_another_kind(unsigned: Unsigned, kind: str) -> None:
    if kind != unsigned.kind:
        with pytest.raises(InvariantError):
            SIGNER.sign(msgspec.structs.replace(unsigned, kind=kind), NOW)


@pytest.mark.parametrize("unsigned", OURS, ids=lambda u: f"{u.method} {u.path[:60]}")
@pytest.mark.parametrize("more", [-1, 1])
def test_no_request_passes_at_another_cost(unsigned: Unsigned, more: int) -> None:
    other = msgspec.structs.replace(unsigned, spend=Money(unsigned.spend + more))
    with pytest.raises(InvariantError, match="costs something else"):
        SIGNER.sign(other, NOW)


@pytest.mark.parametrize("unsigned", OURS, ids=lambda u: f"{u.method} {u.path[:60]}")
def test_no_byte_may_be_added(unsigned: Unsigned) -> None:
    for body in (unsigned.body + b" ", unsigned.body[:-1], b'{"amount":1}', b"[]"):
        if body != unsigned.body:
            with pytest.raises(InvariantError):
                refuse_undeclared(msgspec.structs.replace(unsigned, body=body))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/portfolio/intra_exchange_instance_transfer"),
        ("POST", "/portfolio/target_balance_allocation"),
        ("POST", "/portfolio/subaccounts/transfer"),
        ("POST", "/portfolio/orders"),
        ("POST", "/api_keys/generate"),
        ("DELETE", "/api_keys/some-key"),
        ("GET", "/api_keys"),
        ("POST", "/portfolio/withdrawals"),
        ("POST", "/portfolio/deposits"),
        ("POST", "/communications/quotes"),
        ("POST", "/account/api_usage_level/upgrade"),
        ("GET", "/portfolio/withdrawals"),
        ("PUT", "/portfolio/events/orders"),
        ("GET", "/portfolio/orders/a/b"),
        ("GET", "/portfolio/orders/.."),
        ("GET", "/portfolio/orders/."),
        ("GET", "/portfolio/orders/%2e%2e"),
        ("GET", "/portfolio/orders/a%2Fb"),
        ("POST", "/portfolio/events/orders/../amend"),
        ("GET", "/portfolio/orders/a#b"),
        ("POST", "/portfolio/events/orders/"),
        ("POST", "/portfolio/events/orders\n"),
    ],
)
@pytest.mark.parametrize("kind", ["place", "cancel", "amend", "read", "settle"])
def test_what_is_not_listed_is_never_signed(method: str, path: str, kind: str) -> None:
    made = {"venue": "kalshi", "kind": kind, "method": method, "path": f"/trade-api/v2{path}"}
    with pytest.raises(InvariantError, match="is not a request to"):
        SIGNER.sign(msgspec.convert(made, Unsigned), NOW)


@pytest.mark.parametrize(
    "odd",
    [
        {"venue": "polymarket"},
        {"host": "data"},
        {"signed_for": "0xabc"},
        {"path": "/portfolio/balance"},
        {"path": "/trade-api/v2/portfolio/balance?a=b c"},
        {"path": "/trade-api/v2/portfolio/balance?"},
        {"path": "/trade-api/v2/portfolio/balance?a=b#c"},
    ],
)
def test_other_venues_hosts_and_odd_queries_are_refused(odd: dict[str, str]) -> None:
    balance = KalshiReader().read("balance", NOW, None)
    with pytest.raises(InvariantError):
        SIGNER.sign(msgspec.structs.replace(balance, **odd), NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"price": "0"},
        {"price": "1.00"},
        {"price": "-0.42"},
        {"price": "1e-1"},
        {"count": "-10.00"},
        {"count": "all"},
        {"side": "buy"},
        {"reduce_only": True, "time_in_force": "good_till_canceled"},
        {"time_in_force": "day"},
        {"buy_max_cost": 100},
        {"type": "market"},
    ],
)
def test_an_order_that_kalshi_never_documented_is_refused(change: dict[str, object]) -> None:
    request = prepared().request
    body = json.loads(request.body) | change
    odd = msgspec.structs.replace(request, body=msgspec.json.encode(body))
    with pytest.raises(InvariantError):
        SIGNER.sign(odd, NOW)


@given(st.binary(max_size=80), st.sampled_from(OURS))
def test_no_bytes_pass_as_a_body_of_ours(body: bytes, unsigned: Unsigned) -> None:
    if body != unsigned.body:
        with pytest.raises(InvariantError):
            refuse_undeclared(msgspec.structs.replace(unsigned, body=body))


def test_without_a_key_nothing_is_signed() -> None:
    with pytest.raises(ConfigError, match="no Kalshi key"):
        KalshiSigner(None).sign(OURS[0], NOW)


def test_the_signer_shows_no_key() -> None:
    shown = repr(SIGNER)
    assert "hidden" in shown
    assert "2222" not in shown


def test_every_route_is_asked_for_by_somebody() -> None:
    asked = {route_of(unsigned.method, unsigned.path.partition("?")[0]) for unsigned in OURS}
    assert [f"{r.method} {r.path}" for r in ROUTES if r not in asked] == []


def test_no_route_is_listed_twice_or_moves_money() -> None:
    kinds = {route.kind for route in ROUTES}
    assert kinds == {"place", "cancel", "amend", "read"}
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
