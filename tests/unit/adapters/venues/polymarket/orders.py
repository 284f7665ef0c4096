"""Orders, accounts and keys of the shapes the order path meets, for this folder's tests."""

import msgspec

from foreshock.adapters.venues.polymarket.holder import Holder, parse_holder
from foreshock.adapters.venues.polymarket.signer import PolymarketSigner
from foreshock.adapters.venues.polymarket.signing import parse_credentials
from foreshock.adapters.venues.polymarket.wallet import parse_wallet_key
from foreshock.core.domain.markets import CurveFee, Market
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.units import Instant, Money, Price, Quantity, Rounding
from foreshock.core.pricing.fees import CurveRule, FeePack, FeeSchedule
from tests.unit.adapters.venues.polymarket.builders import NOW, market
from tests.unit.adapters.venues.polymarket.vectors import ADDRESS, KEY, SECRET, WALLET

HOLDER = parse_holder(ADDRESS, None, 0)
PROXY = parse_holder(ADDRESS, WALLET, 1)
PACK = FeePack(
    "polymarket",
    "test",
    (
        FeeSchedule(
            Instant(0),
            "Polymarket fees, October 2026",
            CurveRule(Money(10), Rounding.UP, Money(10), 1_000_000, (1, 2)),
        ),
    ),
)
CURVE = CurveFee(rate_ppm=70_000, exponent=1)
API_KEY, PASSPHRASE = "0f7a1c1e-0000-4000-8000-000000000001", "deadbeefcafe"
SENT = Instant(NOW + 40_000)


def place_order(of: Market | None = None, /, **terms: object) -> PlaceOrder:
    """Buy 10 YES at 0.52 of a market, immediately or never."""
    order = PlaceOrder(
        order_id="package-1/0.0",
        package_id="package-1",
        market=(of or market()).id,
        outcome="yes",
        action="buy",
        limit=Price(520_000),
        quantity=Quantity(10_000_000),
        time_in_force="ioc",
        purpose="enter",
        edge_id="edge-1",
        book_epoch=1,
        decided_us=NOW,
    )
    return msgspec.structs.replace(order, **terms)


def signer(holder: Holder = HOLDER) -> PolymarketSigner:
    """Keys of the public test account."""
    credentials = parse_credentials(API_KEY, SECRET, PASSPHRASE)
    return PolymarketSigner(holder, parse_wallet_key(KEY), credentials)
