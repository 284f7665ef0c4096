"""Small values that many tests need, complete and valid."""

import msgspec

from foreshock.core.domain.markets import Market, MarketId, SeriesFee, uniform_grid
from foreshock.core.domain.units import MICRO, Price, Quantity

CENT = uniform_grid(Price(10_000))


def market(market_id: str, **changes: object) -> Market:
    """An open one-cent market; any field can be replaced."""
    venue, _, native_id = market_id.partition(":")
    plain = Market(
        id=MarketId(market_id),
        venue=venue,
        native_id=native_id,
        event_id=f"event of {native_id}",
        title=f"Will {native_id} happen?",
        rules=f"Resolves to Yes if {native_id} happens.",
        resolution_source="the official source",
        outcome_labels=("Yes", "No"),
        outcome_ids=(f"{native_id}-yes", f"{native_id}-no"),
        grid=CENT,
        quantity_step=Quantity(10_000),
        quantity_min=Quantity(MICRO),
        fee=SeriesFee("quadratic", MICRO),
        status="open",
        category="test",
        opens_us=None,
        closes_us=None,
        settles_us=None,
        exclusive_group=None,
        is_augmented=False,
        volume_24h=None,
    )
    return msgspec.structs.replace(plain, **changes)
