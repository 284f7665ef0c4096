"""What does a market of Kalshi's wire mean in our words: grid, fee terms, status, dates?"""

from collections.abc import Sequence

import msgspec

from foreshock.adapters.venues.kalshi import wire
from foreshock.adapters.venues.kalshi.numbers import (
    amount,
    bound_price,
    count,
    instant,
    multiplier_ppm,
)
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import (
    Market,
    MarketId,
    MarketStatus,
    PriceGrid,
    PriceRange,
    SeriesFee,
)
from foreshock.core.domain.messages.market_data import MarketResolved, ShapeUnknown
from foreshock.core.domain.units import PAYOUT, SECOND, Instant, Price, Quantity

VENUE = "kalshi"
QUANTITY_STEP = Quantity(10_000)
"""0.01 contract, everywhere since 2026-04-17; also the smallest order."""
STEP_MIN = 100
"""Finest documented step, $0.0001. A finer one would make books of absurd size."""
RANGES_MAX = 64
FEE_TYPES = frozenset({"quadratic", "quadratic_with_maker_fees", "quadratic_with_combo_maker_fees"})
"""Fee types whose formula is published. `flat` is a known word without numbers."""
STATUSES: dict[str, MarketStatus] = {
    "initialized": "listed",
    "inactive": "paused",
    "active": "open",
    "closed": "closed",
    "determined": "proposed",
    "disputed": "disputed",
    "amended": "proposed",
    "finalized": "settled",
}
WATCHABLE: frozenset[MarketStatus] = frozenset({"listed", "open", "paused"})
MUTUALLY_EXCLUSIVE = "MECNET"
COLLATERAL_TYPES = frozenset({MUTUALLY_EXCLUSIVE, "DIRECNET", ""})
FULL_PAYOUT_BOUNDS = frozenset({None, "default"})
"""settlement_bounds_type exists since 2026-09-29; older bodies lack it."""


class Listing(msgspec.Struct, frozen=True):
    """A market as read by REST, what was new to us about it, and its payout once settled."""

    market: Market
    unknowns: tuple[ShapeUnknown, ...]
    resolved: MarketResolved | None


def market_id(ticker: str) -> MarketId:
    """Our id of a market ticker."""
    return MarketId(f"{VENUE}:{ticker}")


def unknown(where: str, value: str) -> ShapeUnknown:
    """A value we do not know, cut to a length that can be shown."""
    return ShapeUnknown(VENUE, where, value[:80])


def listing(market: wire.Market, event: wire.Event, series: wire.Series) -> Listing:
    """Join a market with its event and series.

    Raises DataError for what cannot be one binary contract that pays a dollar.
    """
    if market.market_type != "binary":
        raise DataError(f"{market.ticker}: market_type is {market.market_type!r}, not binary")
    if amount(market.notional_value_dollars) != PAYOUT:
        raise DataError(f"{market.ticker}: pays {market.notional_value_dollars!r}, not one dollar")
    status = STATUSES.get(market.status, "unknown")
    is_exclusive = event.collateral_return_type == MUTUALLY_EXCLUSIVE
    joined = Market(
        id=market_id(market.ticker),
        venue=VENUE,
        native_id=market.ticker,
        event_id=market.event_ticker,
        title=market.title or f"{event.title}: {market.yes_sub_title}",
        rules=rules_text(market.rules_primary, market.rules_secondary),
        resolution_source=_sources(event.settlement_sources or series.settlement_sources or ()),
        outcome_labels=outcome_labels(market.yes_sub_title, market.no_sub_title),
        outcome_ids=outcome_ids(market.ticker),
        grid=price_grid(market.price_ranges),
        quantity_step=QUANTITY_STEP,
        quantity_min=QUANTITY_STEP,
        fee=_fee(market, event, series),
        status=status,
        category=series.category,
        opens_us=instant(market.open_time),
        closes_us=instant(market.close_time),
        settles_us=_settles_us(market),
        exclusive_group=event.event_ticker if is_exclusive else None,
        is_augmented=is_exclusive,  # at most one pays YES; nothing says that one of these will
        volume_24h=count(market.volume_24h_fp),
        shard=shard_index(market.exchange_index, event.exchange_index, series.exchange_index),
    )
    return Listing(joined, tuple(_unknowns(market, event, series)), resolution(market))


def shard_index(*told: int | None) -> int | None:
    """Where a market trades, by the first that says so; None when nobody does."""
    return next((index for index in told if index is not None and index >= 0), None)


def price_grid(ranges: Sequence[wire.Range]) -> PriceGrid:
    """The grid of `price_ranges`. Raises DataError unless it covers 0 to 1 without a hole."""
    if not 0 < len(ranges) <= RANGES_MAX:
        raise DataError(f"price_ranges has {len(ranges)} entries")
    grid = PriceGrid(
        tuple(
            PriceRange(bound_price(r.start), bound_price(r.end), bound_price(r.step))
            for r in sorted(ranges, key=lambda r: bound_price(r.start))
        )
    )
    border = Price(0)
    for found in grid.ranges:
        if found.start != border or found.end <= found.start:
            raise DataError(f"price_ranges do not adjoin at {border} millionths")
        if found.step < STEP_MIN or (found.end - found.start) % found.step:
            raise DataError(f"price_ranges has a step of {found.step} millionths")
        border = found.end
    if border != PAYOUT:
        raise DataError(f"price_ranges end at {border} millionths")
    return grid


def fee_terms(fee_type: str, multiplier: int) -> SeriesFee | None:
    """Terms whose formula is published, None for others."""
    return SeriesFee(fee_type, multiplier) if fee_type in FEE_TYPES else None


def override_terms(fee_type: str | None, multiplier: int | None) -> SeriesFee | None:
    """Terms of an event's override. Half an override is not understood, so it is None."""
    if fee_type is None or multiplier is None:
        return None
    return fee_terms(fee_type, multiplier)


def resolution(market: wire.Market) -> MarketResolved | None:
    """What YES pays, once the venue has settled; before that it may still be disputed."""
    if STATUSES.get(market.status) != "settled" or market.settlement_value_dollars is None:
        return None
    settled = market.settlement_ts or market.close_time
    payout = bound_price(market.settlement_value_dollars)
    return MarketResolved(market_id(market.ticker), payout, instant(settled))


def rules_text(primary: str, secondary: str) -> str:
    """Both halves of the rules, as the venue words them."""
    return "\n\n".join(part for part in (primary.strip(), secondary.strip()) if part)


def outcome_labels(yes: str, no: str) -> tuple[str, str]:
    """Kalshi often gives NO the same words as YES; then NO says so."""
    return (yes, no if no != yes else f"Not {yes}")


def outcome_ids(ticker: str) -> tuple[str, str]:
    """Kalshi names outcomes by side of one ticker."""
    return (f"{ticker}:yes", f"{ticker}:no")


def _fee(market: wire.Market, event: wire.Event, series: wire.Series) -> SeriesFee | None:
    if market.settlement_bounds_type not in FULL_PAYOUT_BOUNDS:
        return None  # the payout has a floor: shown, never traded
    override = event.fee_multiplier_override
    if event.fee_type_override is None and override is None:
        return fee_terms(series.fee_type, multiplier_ppm(series.fee_multiplier))
    return override_terms(
        event.fee_type_override, None if override is None else multiplier_ppm(override)
    )


def _settles_us(market: wire.Market) -> Instant | None:
    if market.expected_expiration_time is None:
        return None
    expected = instant(market.expected_expiration_time)
    return Instant(expected + market.settlement_timer_seconds * SECOND)


def _sources(sources: Sequence[wire.SettlementSource]) -> str:
    return "; ".join(f"{source.name} ({source.url})" for source in sources)


def _unknowns(market: wire.Market, event: wire.Event, series: wire.Series) -> list[ShapeUnknown]:
    found: list[ShapeUnknown] = []
    if market.status not in STATUSES:
        found.append(unknown("market.status", market.status))
    if event.collateral_return_type not in COLLATERAL_TYPES:
        found.append(unknown("event.collateral_return_type", event.collateral_return_type))
    if market.settlement_bounds_type not in {None, "default", "floor"}:
        found.append(unknown("market.settlement_bounds_type", str(market.settlement_bounds_type)))
    fee_type = event.fee_type_override or series.fee_type
    if fee_type not in FEE_TYPES | {"flat"}:
        found.append(unknown("fee_type", fee_type))
    return found
