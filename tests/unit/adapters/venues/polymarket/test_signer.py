"""What leaves with credentials, and everything that does not."""

import json

import msgspec
import pytest

from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.exchange import (
    NEG_RISK,
    POSITIONS,
    STANDARD,
    sign_order,
)
from foreshock.adapters.venues.polymarket.holder import Holder, parse_holder
from foreshock.adapters.venues.polymarket.placement import (
    WirePlacement,
    prepare,
    style_of,
    terms_of,
)
from foreshock.adapters.venues.polymarket.signer import PolymarketSigner
from foreshock.adapters.venues.polymarket.signing import parse_credentials, presign_text
from foreshock.adapters.venues.polymarket.wallet import parse_wallet_key
from foreshock.core.domain.errors import ConfigError, InvariantError
from foreshock.core.domain.units import Instant, Money
from tests.unit.adapters.venues.polymarket.builders import market
from tests.unit.adapters.venues.polymarket.orders import (
    API_KEY,
    HOLDER,
    PASSPHRASE,
    PROXY,
    SENT,
    place_order,
    signer,
)
from tests.unit.adapters.venues.polymarket.vectors import ADDRESS, KEY, SECRET, WALLET

DEPOSIT = parse_holder(ADDRESS, WALLET, 3)
READ = Unsigned(
    venue="polymarket", kind="read", method="GET", path="/data/orders?next_cursor=MTA%3D"
)
CANCEL = Unsigned(venue="polymarket", kind="cancel", method="DELETE", path="/cancel-all")


def placing(holder: Holder = HOLDER) -> Unsigned:
    order = place_order()
    return prepare(order, market(), style_of(order), holder, SENT).request


def changed(request: Unsigned, **fields: object) -> Unsigned:
    return msgspec.structs.replace(request, **fields)


@pytest.mark.parametrize("holder", [HOLDER, PROXY, DEPOSIT])
def test_an_order_gets_its_signature_its_owner_and_nothing_else(holder: Holder) -> None:
    unsigned = placing(holder)
    signed = signer(holder).sign(unsigned, SENT)
    before, after = json.loads(unsigned.body), json.loads(signed.body)
    wire = msgspec.json.decode(unsigned.body, type=WirePlacement).order
    assert after["owner"] == API_KEY
    assert after["order"]["signature"] == sign_order(
        parse_wallet_key(KEY), terms_of(wire), STANDARD
    )
    after["owner"] = after["order"]["signature"] = ""
    assert after == before


def test_the_seal_covers_the_bytes_that_leave() -> None:
    signed = signer().sign(placing(), SENT)
    headers = dict(signed.headers)
    text = presign_text(headers["POLY_TIMESTAMP"], "POST", "/order", signed.body)
    assert headers["POLY_SIGNATURE"] == parse_credentials("k", SECRET, "p").seal(text)
    assert headers["POLY_ADDRESS"] == ADDRESS
    assert headers["content-type"] == "application/json"


def test_signing_again_later_gives_the_same_body() -> None:
    later = Instant(SENT + 60_000_000)
    assert signer().sign(placing(), SENT).body == signer().sign(placing(), later).body


def test_reads_and_cancels_are_sealed_without_a_body() -> None:
    for unsigned in (READ, CANCEL):
        signed = signer().sign(unsigned, SENT)
        assert (signed.method, signed.path, signed.body) == (unsigned.method, unsigned.path, b"")
        assert "POLY_SIGNATURE" in dict(signed.headers)


def test_the_data_host_sees_no_credentials() -> None:
    unsigned = changed(READ, host="data", path="/v2/positions?user=0x1")
    assert signer().sign(unsigned, SENT).headers == ()


@pytest.mark.parametrize(
    "unsigned",
    [
        changed(READ, venue="kalshi"),
        changed(READ, kind="cancel"),
        changed(READ, method="POST"),
        changed(READ, path="/withdraw"),
        changed(READ, path="/data/order/0xabc"),
        changed(READ, path="/data/orders?next_cursor=a\r\nhost: elsewhere"),
        changed(READ, path="/data/orders?next_cursor=a#/auth"),
        changed(READ, spend=Money(1)),
        changed(CANCEL, kind="read"),
        changed(CANCEL, kind="settle"),
        changed(CANCEL, kind="place"),
        changed(CANCEL, path="/auth/api-key"),
        changed(CANCEL, host="data"),
        changed(READ, host="data", body=b"{}"),
    ],
)
def test_a_request_that_is_not_what_it_declares_is_refused(unsigned: Unsigned) -> None:
    with pytest.raises(InvariantError):
        signer().sign(unsigned, SENT)


def rewritten(**changes: object) -> bytes:
    """A placing body with other values in its order or around it."""
    placement = json.loads(placing().body)
    for name, value in changes.items():
        where = placement["order"] if name in placement["order"] else placement
        where[name] = value
    return msgspec.json.encode(placement)


@pytest.mark.parametrize(
    "unsigned",
    [
        changed(placing(), kind="cancel"),
        changed(placing(), path="/orders"),
        changed(placing(), spend=Money(5_199_999)),
        changed(placing(), spend=Money(6_000_000)),
        changed(placing(), signed_for=POSITIONS.contract),
        changed(placing(), signed_for=WALLET),
        changed(placing(), signed_for=""),
        changed(placing(), body=b""),
        changed(placing(), body=b"[" + placing().body + b"]"),
        changed(placing(), body=b"[" + placing().body + b"]", path="/orders"),
        changed(placing(), body=placing().body + b" "),
        changed(placing(), body=rewritten(makerAmount="99000000")),
        changed(placing(), body=rewritten(makerAmount="-5200000")),
        changed(placing(), body=rewritten(maker=WALLET)),
        changed(placing(), body=rewritten(signer=WALLET)),
        changed(placing(), body=rewritten(signatureType=7)),
        changed(placing(), body=rewritten(owner=API_KEY)),
        changed(placing(), body=rewritten(signature="0x00")),
        changed(placing(), body=rewritten(withdraw="all")),
        changed(placing(PROXY)),
    ],
)
def test_an_order_that_is_not_what_it_declares_is_refused(unsigned: Unsigned) -> None:
    with pytest.raises(InvariantError):
        signer().sign(unsigned, SENT)


def test_a_sale_costs_nothing_so_declaring_a_cost_is_refused() -> None:
    order = place_order(action="sell")
    unsigned = prepare(order, market(), style_of(order), HOLDER, SENT).request
    assert signer().sign(unsigned, SENT).body
    with pytest.raises(InvariantError, match="costs something else"):
        signer().sign(changed(unsigned, spend=Money(1)), SENT)


def test_the_contract_decides_the_signature() -> None:
    other = changed(placing(), signed_for=NEG_RISK.contract)
    assert signer().sign(other, SENT).body != signer().sign(placing(), SENT).body


def test_missing_keys_are_named() -> None:
    with pytest.raises(ConfigError, match="API credentials"):
        PolymarketSigner(HOLDER, None, None).sign(READ, SENT)
    credentials = parse_credentials(API_KEY, SECRET, PASSPHRASE)
    with pytest.raises(ConfigError, match="private key"):
        PolymarketSigner(HOLDER, None, credentials).sign(placing(), SENT)


def test_a_signer_shows_no_secret() -> None:
    shown = repr(signer())
    for secret in (KEY[2:], SECRET, PASSPHRASE, API_KEY):
        assert secret not in shown
