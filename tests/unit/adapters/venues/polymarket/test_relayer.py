"""Are wallet transactions made, hashed and signed as the venue's own client does?"""

import json
from collections.abc import Callable

import msgspec
import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.positions import (
    NEG_RISK_ADAPTER,
    STANDARD_ADAPTER,
    PositionCall,
    merge,
    redeem,
    split,
)
from foreshock.adapters.venues.polymarket.relayer import (
    Turn,
    body_of,
    proxy_calldata,
    read_submission,
    read_turn,
    sign_submission,
    submission,
    transaction_hash,
    transaction_request,
    turn_request,
)
from foreshock.adapters.venues.polymarket.signer import PolymarketSigner, Relaying
from foreshock.adapters.venues.polymarket.signing import RelayerKey, parse_credentials
from foreshock.adapters.venues.polymarket.wallet import parse_wallet_key
from foreshock.core.domain.errors import ConfigError, DataError, InvariantError
from foreshock.core.domain.markets import Market
from foreshock.core.domain.units import MICRO, Instant, Money, Quantity
from tests.unit.adapters.venues.polymarket.builders import market
from tests.unit.adapters.venues.polymarket.orders import HOLDER
from tests.unit.adapters.venues.polymarket.vectors import ADDRESS, KEY, SECRET, WALLET
from tests.unit.adapters.venues.polymarket.wallet_calls import (
    CALL,
    CONDITION,
    DEADLINE_S,
    PROXY_DATA,
    PROXY_HASH,
    RELAY,
    SIGNATURES,
    SPLIT,
    holder_of,
    made,
)

NOW = Instant((DEADLINE_S - 600) * MICRO)
KINDS = [1, 2, 3]
RELAYER_KEY = "relayer-secret-0001"
SETS_MAX = Money(1_000 * MICRO)


def request(kind: int, call: PositionCall = CALL) -> Unsigned:
    return submission(call, holder_of(kind), made(kind).turn, NOW)


def signer(kind: int, relayer: RelayerKey | None = None) -> PolymarketSigner:
    known = relayer or RelayerKey(RELAYER_KEY, ADDRESS)
    relaying = Relaying(known, SETS_MAX)
    return PolymarketSigner(holder_of(kind), parse_wallet_key(KEY), None, relaying)


def changed(unsigned: Unsigned, **fields: object) -> Unsigned:
    return msgspec.structs.replace(unsigned, **fields)


@pytest.mark.parametrize("kind", KINDS)
def test_signatures_are_those_of_the_official_client(kind: int) -> None:
    assert sign_submission(parse_wallet_key(KEY), made(kind)) == SIGNATURES[kind]


def test_a_call_goes_through_the_factory_of_proxies_as_a_list_of_one() -> None:
    assert proxy_calldata(CALL).hex() == PROXY_DATA
    assert transaction_hash(made(1)).hex() == PROXY_HASH


def test_bodies_hold_the_fields_the_relayer_reads() -> None:
    common = {"from": ADDRESS, "nonce": "7", "signature": "", "metadata": CALL.words()}
    zero = "0x" + "0" * 40
    assert json.loads(body_of(made(1), "")) == common | {
        "type": "PROXY",
        "to": "0xaB45c5A4B0c941a2F231C04C3f49182e1A254052",
        "proxyWallet": WALLET,
        "data": f"0x{PROXY_DATA}",
        "signatureParams": {
            "gasLimit": "200000",
            "gasPrice": "0",
            "relay": RELAY,
            "relayHub": "0xD216153c06E857cD7f72665E0aF1d7D82172F494",
            "relayerFee": "0",
        },
    }
    assert json.loads(body_of(made(2), "")) == common | {
        "type": "SAFE",
        "to": STANDARD_ADAPTER,
        "proxyWallet": WALLET,
        "data": f"0x{SPLIT}",
        "signatureParams": {
            "baseGas": "0",
            "gasPrice": "0",
            "gasToken": zero,
            "operation": "0",
            "refundReceiver": zero,
            "safeTxnGas": "0",
        },
    }
    call = {"target": STANDARD_ADAPTER, "value": "0", "data": f"0x{SPLIT}"}
    assert json.loads(body_of(made(3), "")) == common | {
        "type": "WALLET",
        "to": "0x00000000000Fb5C9ADea0298D729A0CB3823Cc07",
        "depositWalletParams": {
            "depositWallet": WALLET,
            "deadline": str(DEADLINE_S),
            "calls": [call],
        },
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_signer_signs_what_it_reads_back(kind: int) -> None:
    unsigned = request(kind)
    assert read_submission(unsigned, holder_of(kind)) == made(kind)
    assert (unsigned.kind, unsigned.host, unsigned.spend) == ("settle", "relayer", CALL.quantity)
    signed = signer(kind).sign(unsigned, NOW)
    assert signed.body == body_of(made(kind), SIGNATURES[kind])
    headers = dict(signed.headers)
    assert headers["RELAYER_API_KEY"] == RELAYER_KEY
    assert headers["RELAYER_API_KEY_ADDRESS"] == ADDRESS
    assert "POLY_SIGNATURE" not in headers


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", ["merge", "redeem"])
def test_what_brings_dollars_declares_no_cost(kind: int, call: str) -> None:
    quantity = Quantity(0) if call == "redeem" else CALL.quantity
    other = PositionCall(
        kind="merge" if call == "merge" else "redeem",
        contract=NEG_RISK_ADAPTER,
        condition=CONDITION,
        quantity=quantity,
    )
    unsigned = request(kind, other)
    assert unsigned.spend == Money(0)
    assert read_submission(unsigned, holder_of(kind)).call == other


@pytest.mark.parametrize("kind", KINDS)
def test_a_submission_that_is_not_as_declared_is_not_signed(kind: int) -> None:
    good, body = request(kind), request(kind).body
    for bad in (
        changed(good, spend=Money(CALL.quantity - 1)),
        changed(good, signed_for=NEG_RISK_ADAPTER),
        changed(good, kind="read"),
        changed(good, kind="place"),
        changed(good, host="trading"),
        changed(good, method="GET"),
        changed(good, path="/submit/"),
        changed(good, venue="kalshi"),
        changed(good, body=b""),
        changed(good, body=b"[]"),
        changed(good, body=body + b" "),
        changed(good, body=body.replace(b'"signature":""', b'"signature":"0x1"')),
        changed(good, body=body.replace(b'"nonce":"7"', b'"nonce":"07"')),
        changed(good, body=body.replace(b'"nonce":"7"', b'"nonce":"x"')),
        changed(good, body=body.replace(b"72ce4275", b"a9059cbb")),
        changed(good, body=body.replace(b"c011a7e12a", b"c011a7e12b")),
        changed(good, body=body.replace(ADDRESS.encode(), WALLET.encode())),
        changed(good, body=body.replace(WALLET.encode(), RELAY.encode())),
        changed(good, body=body.replace(b"split 5250000", b"merge 5250000")),
        changed(good, body=body.replace(b'"type"', b'"x":1,"type"')),
    ):
        with pytest.raises(InvariantError):
            signer(kind).sign(bad, NOW)


def test_a_second_call_in_a_batch_is_not_signed() -> None:
    good = request(3)
    body = json.loads(good.body)
    body["depositWalletParams"]["calls"] *= 2
    with pytest.raises(InvariantError, match="one call"):
        signer(3).sign(changed(good, body=msgspec.json.encode(body)), NOW)


def test_a_safe_never_delegates() -> None:
    good = request(2)
    body = good.body.replace(b'"operation":"0"', b'"operation":"1"')
    with pytest.raises(InvariantError):
        signer(2).sign(changed(good, body=body), NOW)


@pytest.mark.parametrize("seconds", [-61, 600, 601])
def test_a_deadline_is_near_and_not_over(seconds: int) -> None:
    later = Instant(NOW + seconds * MICRO)
    with pytest.raises(InvariantError, match="longer"):
        signer(3).sign(request(3), later)
    for good in (-60, 0, 599):  # the venue's clock may be behind ours
        assert signer(3).sign(request(3), Instant(NOW + good * MICRO)).body


def test_without_the_relayers_key_nothing_leaves_for_it() -> None:
    credentials = parse_credentials("k", SECRET, "p")
    bare = PolymarketSigner(holder_of(2), parse_wallet_key(KEY), credentials)
    for unsigned in (request(2), turn_request(holder_of(2))):
        with pytest.raises(ConfigError, match="relayer"):
            bare.sign(unsigned, NOW)
    relaying = Relaying(RelayerKey("k", ADDRESS), SETS_MAX)
    keyless = PolymarketSigner(holder_of(2), None, credentials, relaying)
    with pytest.raises(ConfigError, match="private key"):
        keyless.sign(request(2), NOW)


@pytest.mark.parametrize("make", [split, merge])
def test_no_more_is_turned_at_once_than_the_policy_says(
    make: Callable[[Market, Quantity], PositionCall],
) -> None:
    known = RelayerKey(RELAYER_KEY, ADDRESS)
    relaying = Relaying(known, Money(10 * MICRO))
    small = PolymarketSigner(holder_of(2), parse_wallet_key(KEY), None, relaying)
    assert small.sign(request(2, make(market(), Quantity(10 * MICRO))), NOW).body
    with pytest.raises(InvariantError, match="more than may be turned at once"):
        small.sign(request(2, make(market(), Quantity(10 * MICRO + 1))), NOW)
    assert small.sign(request(2, redeem(market())), NOW).body


def test_reads_carry_the_key_and_nothing_else() -> None:
    for kind, path in (
        (1, f"/relay-payload?address={ADDRESS}&type=PROXY"),
        (2, f"/v1/account/transactions/params?address={ADDRESS}&type=SAFE"),
        (3, f"/v1/account/transactions/params?address={ADDRESS}&type=WALLET"),
    ):
        signed = signer(kind).sign(turn_request(holder_of(kind)), NOW)
        assert (signed.method, signed.path, signed.body) == ("GET", path, b"")
        assert len(signed.headers) == 2
    assert signer(2).sign(transaction_request("0190-ab"), NOW).path.endswith("/0190-ab")
    for bad in ("", "../../submit", "a b", "x" * 81):
        with pytest.raises(InvariantError):
            signer(2).sign(transaction_request(bad), NOW)
    with pytest.raises(InvariantError):
        signer(2).sign(changed(transaction_request("0190-ab"), body=b"{}"), NOW)


def test_an_account_without_a_wallet_pays_its_own_gas() -> None:
    with pytest.raises(ConfigError, match="wallets only"):
        turn_request(HOLDER)
    with pytest.raises(ConfigError, match="wallets only"):
        submission(CALL, HOLDER, Turn(0, RELAY), NOW)


def test_anothers_key_does_not_sign() -> None:
    other = parse_wallet_key("0x" + "11" * 32)
    with pytest.raises(InvariantError, match="another"):
        sign_submission(other, made(2))


def test_a_turn_is_read_exactly() -> None:
    body = msgspec.json.encode({"address": RELAY.lower(), "nonce": "31"})
    assert read_turn(HttpResponse(200, body)) == Turn(31, RELAY)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (200, b"{}"),
        (200, b'{"address":"0x1","nonce":"1"}'),
        (200, b'{"address":"' + RELAY.encode() + b'","nonce":1}'),
        (200, b'{"address":"' + RELAY.encode() + b'","nonce":"-1"}'),
        (200, b'{"address":"' + RELAY.encode() + b'","nonce":""}'),
        (200, b"\xff"),
    ],
)
def test_a_turn_that_cannot_be_read_is_an_error(status: int, body: bytes) -> None:
    with pytest.raises(DataError):
        read_turn(HttpResponse(status, body))


def test_the_relayers_key_shows_itself_nowhere() -> None:
    key = RelayerKey(RELAYER_KEY, ADDRESS)
    assert RELAYER_KEY not in f"{key!r} {key} {signer(2, key)!r}"
    with pytest.raises(TypeError):
        key.__reduce__()
