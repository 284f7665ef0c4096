"""Configured costs, markets and books that the tests of pricing share."""

from pathlib import Path

from foreshock.app.fee_packs import load_fee_packs, load_frictions
from foreshock.core.domain.books import Levels
from foreshock.core.domain.markets import CurveFee, Market, MarketId, Outcome, SeriesFee
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.units import (
    DAY,
    MICRO,
    Instant,
    Money,
    Price,
    Quantity,
    parse_price,
    parse_quantity,
)
from foreshock.core.pricing.edge import Costs, PackageLeg, leg_of
from foreshock.core.pricing.sizing import ClipLimits
from tests.samples import market

CONFIG = Path(__file__).resolve().parents[4] / "config"
NOW = Instant(1_795_219_200_000_000)  # 2026-11-21
COSTS = Costs(load_fee_packs(CONFIG / "fees"), load_frictions(CONFIG / "frictions.toml"))
QUADRATIC = SeriesFee("quadratic", MICRO)
CURVE = CurveFee(40_000, 1)
LIMITS = ClipLimits(
    quantity_max=Quantity(500 * MICRO),
    leg_cost_max=Money(250 * MICRO),
    net_per_contract_min=Money(25_000),
    completion_ppm_min=990_000,
)


def polymarket(name: str = "0xa", **changes: object) -> Market:
    """An open market of Polymarket that settles in ten days."""
    terms: dict[str, object] = {
        "fee": CURVE,
        "quantity_min": Quantity(5 * MICRO),
        "settles_us": Instant(NOW + 10 * DAY),
    }
    return market(f"polymarket:{name}", **{**terms, **changes})


def kalshi(name: str = "KXB", **changes: object) -> Market:
    """An open market of Kalshi that settles in ten days."""
    terms: dict[str, object] = {
        "quantity_min": Quantity(10_000),
        "settles_us": Instant(NOW + 10 * DAY),
    }
    return market(f"kalshi:{name}", **{**terms, **changes})


def levels(*pairs: tuple[str, str]) -> Levels:
    """Price and size as texts, best first."""
    return tuple((parse_price(price), parse_quantity(size)) for price, size in pairs)


def ladder(*pairs: tuple[int, int]) -> Levels:
    """Price in cents and whole contracts, best first."""
    return tuple((Price(price * 10_000), Quantity(size * MICRO)) for price, size in pairs)


def book(
    market_id: MarketId,
    bids: Levels,
    asks: Levels,
    *,
    epoch: int = 1,
    quality: str = "live",
    at_us: int = NOW,
    lag: int = 0,
) -> BookChanged:
    """A book received at `at_us`, `lag` microseconds after the venue made it."""
    assert quality in {"live", "polled", "crossed"}
    return BookChanged(
        market=market_id,
        epoch=epoch,
        quality=quality,  # pyright: ignore[reportArgumentType]  # asserted one line above
        event_us=Instant(at_us - lag),
        recv_us=Instant(at_us),
        bids=bids,
        asks=asks,
    )


def leg(of: Market, outcome: Outcome, bids: Levels, asks: Levels) -> PackageLeg:
    """A leg of a market whose book shows these levels (prices of YES)."""
    return leg_of(of, outcome, book(of.id, bids, asks))
