"""Where is one simulated market in its life, and what does it publish?"""

from collections import deque

import msgspec

from foreshock.adapters.sim.exchange_types import Listing, MarketView, Trade
from foreshock.adapters.sim.matching import Order, Side
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import FeeTerms, MarketStatus, PriceGrid
from foreshock.core.domain.units import MICRO, Instant, Money, Price, Quantity

TRADES_KEPT_MAX = 1_000
"""Trades remembered for one market."""

TRANSITIONS: dict[MarketStatus, tuple[MarketStatus, ...]] = {
    "listed": ("open", "closed"),
    "open": ("paused", "closed"),
    "paused": ("open", "closed"),
    "closed": ("open", "proposed"),
    "proposed": ("disputed", "settled"),
    "disputed": ("proposed", "settled"),
    "settled": (),
}


class MarketState:
    """One market: listing, book, statistics. half_sets: outstanding YES and NO together."""

    __slots__ = (
        "asks",
        "bids",
        "changed_us",
        "clock",
        "closed_us",
        "half_sets",
        "last_trade",
        "listed_fee",
        "listing",
        "lot",
        "proposed_us",
        "quantity_min",
        "settled_us",
        "status",
        "trades",
        "updated_us",
        "volume",
        "volume_cost",
        "was_disputed",
        "yes_payout",
    )

    def __init__(self, listing: Listing, now_us: Instant) -> None:
        self.listing = listing
        self.listed_fee: FeeTerms | None = listing.market.fee
        self.status: MarketStatus = listing.market.status
        self.lot: int = listing.market.quantity_step
        self.quantity_min: int = listing.market.quantity_min
        self.bids = Side(is_bid=True)
        self.asks = Side(is_bid=False)
        self.clock = 0
        self.changed_us = self.updated_us = now_us
        self.last_trade: Trade | None = None
        self.trades: deque[Trade] = deque(maxlen=TRADES_KEPT_MAX)
        self.volume = self.volume_cost = self.half_sets = 0
        self.yes_payout: Price | None = None
        self.closed_us: Instant | None = None
        self.proposed_us: Instant | None = None
        self.settled_us: Instant | None = None
        self.was_disputed = False

    def tick(self) -> int:
        """Number of the next event of this market."""
        self.clock += 1
        return self.clock

    def side(self, *, is_bid: bool) -> Side:
        """The bids or the asks."""
        return self.bids if is_bid else self.asks

    def orders(self) -> list[Order]:
        """Every resting order: bids, then asks, best first."""
        return [*self.bids.orders(), *self.asks.orders()]

    def move_to(self, status: MarketStatus, now_us: Instant) -> MarketStatus:
        """Go to the next station. Returns the one before.

        Raises InvariantError for a step that the life-cycle does not know.
        """
        before = self.status
        if status not in TRANSITIONS[before]:
            raise InvariantError(f"{self.listing.market.id} cannot go from {before} to {status}")
        self.status = status
        self.updated_us = now_us
        self._amend(status=status)
        if status == "closed":
            self.closed_us = now_us
        elif status == "proposed":
            self.proposed_us = now_us
        elif status == "disputed":
            self.was_disputed = True
        elif status == "settled":
            self.settled_us = now_us
        return before

    def regrid(self, grid: PriceGrid, label: str, now_us: Instant) -> None:
        """Publish another grid."""
        self._amend(grid=grid)
        self.listing = msgspec.structs.replace(self.listing, grid_label=label)
        self.updated_us = now_us

    def refee(self, fee: FeeTerms | None, now_us: Instant) -> None:
        """Publish other fee terms."""
        self._amend(fee=fee)
        self.updated_us = now_us

    def reword(self, rules: str, now_us: Instant) -> None:
        """Publish other rules."""
        self._amend(rules=rules)
        self.updated_us = now_us

    def record(self, trade: Trade) -> None:
        """Add a trade to the statistics."""
        self.last_trade = trade
        self.trades.appendleft(trade)
        self.volume += trade.quantity
        self.volume_cost += trade.price * trade.quantity // MICRO

    def view(self) -> MarketView:
        """Everything published, now."""
        last = self.last_trade
        return MarketView(
            listing=self.listing,
            status=self.status,
            clock=self.clock,
            changed_us=self.changed_us,
            updated_us=self.updated_us,
            closes_us=self.listing.market.closes_us,
            fee_is_override=self.listing.market.fee != self.listed_fee,
            best_bid=self.bids.best(),
            best_ask=self.asks.best(),
            bid_size=self.bids.best_size(),
            ask_size=self.asks.best_size(),
            last_price=last.price if last else None,
            last_taker_side=last.taker_side if last else None,
            volume=Quantity(self.volume),
            volume_cost=Money(self.volume_cost),
            open_interest=Quantity(self.half_sets // 2),
            yes_payout=self.yes_payout,
            closed_us=self.closed_us,
            proposed_us=self.proposed_us,
            settled_us=self.settled_us,
            was_disputed=self.was_disputed,
        )

    def _amend(self, **changes: object) -> None:
        market = msgspec.structs.replace(self.listing.market, **changes)
        self.listing = msgspec.structs.replace(self.listing, market=market)
