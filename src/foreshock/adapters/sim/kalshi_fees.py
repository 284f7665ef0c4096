"""Which fee terms has each Kalshi series, and which overrides have its events had?"""

import uuid

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import FeeChanged, Listing
from foreshock.adapters.sim.kalshi_objects import UNKNOWN_FEE, Body
from foreshock.adapters.sim.wire_text import iso, number
from foreshock.core.domain.markets import SeriesFee

CHANGES_MAX = 1_000
"""Overrides remembered; the oldest go first."""


class FeeBook:
    """The listed terms of every series, and the overrides as they happened."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._series: dict[str, SeriesFee] = {}
        self._overrides: dict[str, SeriesFee | None] = {}
        self.changes: list[Body] = []
        for native_id in exchange.native_ids():
            view = exchange.market(native_id)
            if not view.fee_is_override:
                self.learn(view.listing)

    def learn(self, listing: Listing) -> None:
        """A market was listed: its terms are those of its series."""
        fee = listing.market.fee
        self._series.setdefault(
            listing.event.series, fee if isinstance(fee, SeriesFee) else UNKNOWN_FEE
        )

    def series_fee(self, series: str) -> SeriesFee:
        """The listed terms of a series."""
        return self._series.get(series, UNKNOWN_FEE)

    def change(self, change: FeeChanged) -> Body | None:
        """What the venue announces, None when the event has these terms already."""
        event = self._exchange.market(change.native_id).listing.event
        fee = change.fee if isinstance(change.fee, SeriesFee) else UNKNOWN_FEE
        override = fee if change.is_override else None
        if self._overrides.get(event.id) == override:
            return None
        self._overrides[event.id] = override
        told: Body = {
            "event_ticker": event.id,
            "fee_type_override": None if override is None else override.fee_type,
            "fee_multiplier_override": None
            if override is None
            else number(override.multiplier_ppm),
        }
        name = f"fee/{event.id}/{change.event_us}"
        self.changes.append({
            **told,
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
            "series_ticker": event.series,
            "scheduled_ts": iso(change.event_us),
        })
        del self.changes[:-CHANGES_MAX]
        return told
