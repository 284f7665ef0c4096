"""What would a prediction market do with this order, at this moment? One exchange per venue.

Pure: no clock, no asyncio; time is an argument and never runs backwards. Each market has one book,
seen from YES; an order to buy NO at q is an order to sell YES at 1 - q. Price-time priority, trades
at the maker's price, integer fees per fill, and every dollar is in somebody's cash, in the vault
behind outstanding sets, or in collected fees.

    listed -> open <-> paused -> closed -> proposed -> [disputed ->] settled
"""

from collections.abc import Sequence

from foreshock.adapters.sim.exchange_types import (
    Balances,
    BookSide,
    EventInfo,
    ExchangeEvent,
    FeeFunction,
    Filled,
    Listing,
    MarketView,
    OrderRefused,
    OrderRequest,
    OrderState,
    Position,
    Settlement,
    Trade,
    VenuePolicy,
)
from foreshock.core.domain.books import Levels
from foreshock.core.domain.markets import FeeTerms, PriceGrid
from foreshock.core.domain.units import Instant, Money, Price, Quantity


class Exchange:
    """Public interface; the implementation of each method follows in the next commit."""

    def __init__(self, policy: VenuePolicy, fee_of: FeeFunction) -> None:
        self.policy = policy
        self.fee_of = fee_of

    # ---- what happened

    def take_events(self) -> list[ExchangeEvent]:
        """Everything since the last call, in order; each event is returned once."""
        ...

    def advance(self, now_us: Instant) -> None:
        """Expire orders due by now, each at its own moment."""
        ...

    # ---- orders

    def place(self, request: OrderRequest, now_us: Instant) -> OrderState | OrderRefused:
        """Check, match, rest: the order's state after all of it, or why it was not taken."""
        ...

    def cancel(self, account: str, order_id: str, now_us: Instant) -> OrderState | OrderRefused:
        """Refused with order_not_found when unknown, of another account, or no longer resting."""
        ...

    def cancel_all(
        self, account: str, now_us: Instant, native_id: str | None = None
    ) -> list[OrderState]:
        """Cancel every resting order of an account, in one market or everywhere."""
        ...

    def decrease(
        self, account: str, order_id: str, quantity: Quantity, now_us: Instant
    ) -> OrderState | OrderRefused:
        """Make the remaining quantity smaller, keeping the place in the queue; 0 cancels."""
        ...

    # ---- accounts

    def open_account(
        self, account: str, cash: Money, *, is_reported: bool = True, history_max: int = 10_000
    ) -> None:
        """is_reported: whether OrderUpdated and Filled events are emitted for it."""
        ...

    def deposit(self, account: str, amount: Money) -> None:
        """Add cash."""
        ...

    def split(self, account: str, native_id: str, quantity: Quantity, now_us: Instant) -> None:
        """A dollar becomes one YES and one NO. Raises ValueError when cash does not suffice."""
        ...

    def merge(self, account: str, native_id: str, quantity: Quantity, now_us: Instant) -> None:
        """One YES and one NO become a dollar. Raises ValueError when not held free."""
        ...

    def balances(self, account: str) -> Balances:
        """Raises KeyError for an unknown account."""
        ...

    def has_account(self, account: str) -> bool:
        """Whether it was opened."""
        ...

    def positions(self, account: str) -> list[Position]:
        """Every market with contracts, or traded and not yet settled; order of first trade."""
        ...

    def settlements(self, account: str) -> list[Settlement]:
        """Newest first."""
        ...

    def orders(self, account: str) -> list[OrderState]:
        """Resting and remembered ended orders, newest first."""
        ...

    def order(self, order_id: str) -> OrderState | None:
        """Any order still remembered."""
        ...

    def order_by_client_id(self, account: str, client_order_id: str) -> OrderState | None:
        """Any order still remembered."""
        ...

    def fills(self, account: str) -> list[Filled]:
        """Newest first."""
        ...

    # ---- markets

    def list_market(self, listing: Listing, now_us: Instant) -> None:
        """Add a market with status `listing.market.status`; the event is known from the listing."""
        ...

    def open_market(self, native_id: str, now_us: Instant) -> None:
        """From listed or paused to open; also reopens a closed market."""
        ...

    def pause(self, native_id: str, now_us: Instant) -> None:
        """From open to paused; orders that asked for it are cancelled."""
        ...

    def close(self, native_id: str, now_us: Instant) -> None:
        """Trading ends; every resting order is cancelled."""
        ...

    def propose(self, native_id: str, yes_payout: Price, now_us: Instant) -> None:
        """Name the outcome; it may still be disputed."""
        ...

    def dispute(self, native_id: str, now_us: Instant) -> None:
        """Challenge the named outcome."""
        ...

    def settle(self, native_id: str, now_us: Instant) -> None:
        """Pay positions by the last named outcome."""
        ...

    def clear_book(self, native_id: str, now_us: Instant) -> None:
        """Cancel every resting order of the market."""
        ...

    def change_grid(self, native_id: str, grid: PriceGrid, label: str, now_us: Instant) -> None:
        """New orders obey another grid; resting orders keep their prices."""
        ...

    def change_fee(self, native_id: str, fee: FeeTerms | None, now_us: Instant) -> None:
        """Override the fee terms of one market; None restores the listed ones."""
        ...

    def native_ids(self) -> Sequence[str]:
        """Every market ever listed, oldest first."""
        ...

    def market(self, native_id: str) -> MarketView:
        """Raises KeyError for an unknown market."""
        ...

    def has_market(self, native_id: str) -> bool:
        """Whether it was ever listed."""
        ...

    def native_of(self, outcome_id: str) -> tuple[str, int]:
        """Market and index (0 YES, 1 NO) of an outcome id. Raises KeyError when unknown."""
        ...

    def events(self) -> Sequence[EventInfo]:
        """Every event, oldest first."""
        ...

    def markets_of_event(self, event_id: str) -> Sequence[str]:
        """Native ids of the event's markets, oldest first. Raises KeyError when unknown."""
        ...

    def levels(self, native_id: str, side: BookSide, count: int | None = None) -> Levels:
        """Totals of one side in YES prices, best first; all of them when count is None."""
        ...

    def trades(self, native_id: str, count: int) -> list[Trade]:
        """Newest first, at most TRADES_KEPT_MAX."""
        ...
