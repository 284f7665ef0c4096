"""What would a prediction market do with this order, at this moment? One exchange per venue.

Pure: no clock, no asyncio; time is an argument and never runs backwards. Each market has one book,
seen from YES; an order to buy NO at q is an order to sell YES at 1 - q. Price-time priority, trades
at the maker's price, integer fees per fill, and every dollar is in somebody's cash, in the vault
behind outstanding sets, or in collected fees.

    listed -> open <-> paused -> closed -> proposed -> [disputed ->] settled
"""

import heapq
from collections.abc import Sequence

from foreshock.adapters.sim.accounts import HISTORY_DEFAULT_MAX, Account, Holding, pay_out
from foreshock.adapters.sim.exchange_desk import ExchangeDesk
from foreshock.adapters.sim.exchange_state import ExchangeState
from foreshock.adapters.sim.exchange_types import (
    Balances,
    BookSide,
    CancelReason,
    EventInfo,
    ExchangeEvent,
    FeeChanged,
    FeeFunction,
    Filled,
    GridChanged,
    Listing,
    MarketCreated,
    MarketView,
    OrderRefused,
    OrderRequest,
    OrderState,
    Position,
    Resolved,
    Settlement,
    StatusChanged,
    Trade,
    VenuePolicy,
)
from foreshock.adapters.sim.market_state import MarketState
from foreshock.adapters.sim.matching import Amendment, Order
from foreshock.adapters.sim.order_flow import (
    amend,
    end_resting,
    place,
    renew_promises,
    shrink_resting,
)
from foreshock.core.domain.books import Levels
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import FeeTerms, MarketStatus, PriceGrid
from foreshock.core.domain.units import MICRO, Instant, Money, Price, Quantity

NOT_FOUND = OrderRefused("order_not_found", "no such order rests for this account")


class Exchange:
    """One venue: markets, books, accounts. Reads give immutable pictures."""

    def __init__(self, policy: VenuePolicy, fee_of: FeeFunction) -> None:
        self.policy = policy
        self._state = ExchangeState(policy, fee_of)
        self.desk = ExchangeDesk(self._state)
        self._events: dict[str, EventInfo] = {}
        self._markets_of: dict[str, list[str]] = {}
        self._outcomes: dict[str, tuple[str, int]] = {}

    # ---- what happened

    def take_events(self) -> list[ExchangeEvent]:
        """Everything since the last call, in order; each event is returned once."""
        taken, self._state.events = self._state.events, []
        return taken

    def advance(self, now_us: Instant) -> None:
        """Expire orders due by now, each at its own moment."""
        state = self._state
        while state.expiries and state.expiries[0][0] <= now_us:
            due_us, _, order = heapq.heappop(state.expiries)
            if order.remaining and order.request.expires_us == due_us:
                end_resting(state, order, "expired", self._at(due_us))
        self._at(now_us)

    # ---- orders

    def place(self, request: OrderRequest, now_us: Instant) -> OrderState | OrderRefused:
        """Check, match, rest: the order's state after all of it, or why it was not taken."""
        self.advance(now_us)
        placed = place(self._state, request, self._state.now_us)
        return placed.state() if isinstance(placed, Order) else placed

    def cancel(self, account: str, order_id: str, now_us: Instant) -> OrderState | OrderRefused:
        """Refused with order_not_found when unknown, of another account, or no longer resting."""
        return self.decrease(account, order_id, Quantity(0), now_us)

    def cancel_all(
        self, account: str, now_us: Instant, native_id: str | None = None
    ) -> list[OrderState]:
        """Cancel every resting order of an account, in one market or everywhere."""
        self.advance(now_us)
        orders = [
            order
            for order in self._state.accounts[account].resting.values()
            if native_id is None or order.request.native_id == native_id
        ]
        self._end(orders, "user")
        return [order.state() for order in orders]

    def amend(
        self, account: str, order_id: str, change: Amendment, now_us: Instant
    ) -> OrderState | OrderRefused:
        """Give a resting order other terms, for venues where contracts net; see `order_flow`."""
        self.advance(now_us)
        owner = self._state.accounts.get(account)
        order = owner.resting.get(order_id) if owner else None
        if order is None:
            return NOT_FOUND
        amended = amend(self._state, order, change, self._state.now_us)
        return amended.state() if isinstance(amended, Order) else amended

    def decrease(
        self, account: str, order_id: str, quantity: Quantity, now_us: Instant
    ) -> OrderState | OrderRefused:
        """Make the remaining quantity smaller, keeping the place in the queue; 0 cancels.

        A quantity that is not smaller changes nothing.
        """
        self.advance(now_us)
        owner = self._state.accounts.get(account)
        order = owner.resting.get(order_id) if owner else None
        if order is None:
            return NOT_FOUND
        if not quantity:
            end_resting(self._state, order, "user", self._state.now_us)
        elif quantity < order.remaining:
            shrink_resting(self._state, order, order.remaining - quantity, self._state.now_us)
        return order.state()

    # ---- accounts

    def ledger(self) -> ExchangeState:
        """The live books, for `corrections`, which alone may change them from outside."""
        return self._state

    def open_account(
        self,
        account: str,
        cash: Money,
        *,
        is_reported: bool = True,
        history_max: int = HISTORY_DEFAULT_MAX,
    ) -> None:
        """is_reported: whether OrderUpdated and Filled events are emitted for it.

        history_max: ended orders and fills remembered. Raises InvariantError when it exists.
        """
        if account in self._state.accounts:
            raise InvariantError(f"account {account} exists")
        self._state.accounts[account] = Account(
            account, nets=self.policy.nets, is_reported=is_reported, history_max=history_max
        )
        self.deposit(account, cash)

    def deposit(self, account: str, amount: Money) -> None:
        """Add cash. Raises ValueError for a negative amount, KeyError for an unknown account."""
        if amount < 0:
            raise ValueError(f"negative deposit: {amount}")
        self._state.accounts[account].cash += amount

    def split(self, account: str, native_id: str, quantity: Quantity, now_us: Instant) -> None:
        """A dollar becomes one YES and one NO. Raises ValueError when cash does not suffice."""
        owner = self._state.accounts[account]
        if quantity <= 0 or owner.cash - owner.promised_cash() < quantity:
            raise ValueError(f"cannot split {quantity}")
        self._exchange_sets(owner, native_id, quantity, now_us)

    def merge(self, account: str, native_id: str, quantity: Quantity, now_us: Instant) -> None:
        """One YES and one NO become a dollar. Raises ValueError when not held free."""
        owner = self._state.accounts[account]
        free = min(owner.free(native_id, 0), owner.free(native_id, 1))
        if not 0 < quantity <= free:
            raise ValueError(f"cannot merge {quantity} of {free}")
        self._exchange_sets(owner, native_id, -quantity, now_us)

    def accounts(self) -> Sequence[str]:
        """Names, oldest first."""
        return tuple(self._state.accounts)

    def has_account(self, account: str) -> bool:
        """Whether it was opened."""
        return account in self._state.accounts

    def balances(self, account: str) -> Balances:
        """Raises KeyError for an unknown account."""
        owner = self._state.accounts[account]
        reserved = owner.promised_cash()
        return Balances(
            cash=Money(owner.cash), reserved=Money(reserved), available=Money(owner.cash - reserved)
        )

    def totals(self) -> tuple[Money, Money, Money]:
        """All cash, the vault behind outstanding sets, fees collected: always all deposits."""
        cash = sum(account.cash for account in self._state.accounts.values())
        vault = sum(market.half_sets for market in self._state.markets.values()) // 2
        return Money(cash), Money(vault), Money(self._state.fees)

    def positions(self, account: str) -> list[Position]:
        """Every market traded and not yet settled, in order of first trade."""
        holdings = self._state.accounts[account].holdings
        return [holding.position(native_id) for native_id, holding in holdings.items()]

    def settlements(self, account: str) -> list[Settlement]:
        """Newest first."""
        return list(self._state.accounts[account].settlements)

    def orders(self, account: str) -> list[OrderState]:
        """Resting and remembered ended orders, newest first."""
        owner = self._state.accounts[account]
        known = [*owner.resting.values(), *owner.ended]
        known.sort(key=lambda order: order.number, reverse=True)
        return [order.state() for order in known]

    def order(self, order_id: str) -> OrderState | None:
        """Any order still remembered."""
        found = self._state.orders.get(order_id)
        return found.state() if found else None

    def remaining(self, order_id: str) -> Quantity | None:
        """What of an order may still fill; None when it is not remembered."""
        found = self._state.orders.get(order_id)
        return Quantity(found.remaining) if found else None

    def fills(self, account: str) -> list[Filled]:
        """Newest first."""
        return list(self._state.accounts[account].fills)

    # ---- markets: life

    def list_market(self, listing: Listing, now_us: Instant) -> None:
        """Add a market with status `listing.market.status`; the event is known from the listing.

        Raises InvariantError when it exists or its lot and grid make fractions of micro-dollars.
        """
        self.advance(now_us)
        market, native_id = listing.market, listing.market.native_id
        if native_id in self._state.markets:
            raise InvariantError(f"market {market.id} exists")
        if market.quantity_step * market.grid.finest() % MICRO:
            raise InvariantError(f"{market.id}: a lot at the finest step is no whole micro-dollar")
        added = self._state.markets[native_id] = MarketState(listing, self._state.now_us)
        self._events.setdefault(listing.event.id, listing.event)
        self._markets_of.setdefault(listing.event.id, []).append(native_id)
        for index, outcome_id in enumerate(market.outcome_ids):
            self._outcomes[outcome_id] = (native_id, index)
        self._state.emit(MarketCreated(native_id, self._state.now_us, added.tick(), listing))

    def open_market(self, native_id: str, now_us: Instant) -> None:
        """From listed or paused to open; also reopens a closed market."""
        market = self._move(native_id, "open", now_us)
        if self.policy.cancels_on_resume:
            self._end(market.orders(), "resumed")

    def pause(self, native_id: str, now_us: Instant) -> None:
        """From open to paused; orders that asked for it are cancelled."""
        market = self._move(native_id, "paused", now_us)
        self._end([o for o in market.orders() if o.request.cancel_on_pause], "paused")

    def close(self, native_id: str, now_us: Instant) -> None:
        """Trading ends; every resting order is cancelled."""
        self._end(self._move(native_id, "closed", now_us).orders(), "closed")

    def propose(self, native_id: str, yes_payout: Price, now_us: Instant) -> None:
        """Name the outcome; it may still be disputed.

        Raises InvariantError for a payout that would pay a lot in fractions of a micro-dollar.
        """
        market = self._state.markets[native_id]
        if yes_payout * market.lot % MICRO or not 0 <= yes_payout <= MICRO:
            raise InvariantError(f"impossible payout {yes_payout} of {native_id}")
        self._move(native_id, "proposed", now_us)
        market.yes_payout = yes_payout

    def dispute(self, native_id: str, now_us: Instant) -> None:
        """Challenge the named outcome."""
        self._move(native_id, "disputed", now_us)

    def settle(self, native_id: str, now_us: Instant) -> None:
        """Pay positions by the last named outcome."""
        market = self._move(native_id, "settled", now_us)
        payout = market.yes_payout
        if payout is None:
            raise InvariantError(f"{native_id} settles without an outcome")
        for account in self._state.accounts.values():
            if account.is_paid_by_hand:
                continue
            paid = pay_out(account, native_id, payout, self._state.now_us)
            market.half_sets -= 2 * paid
        self._state.emit(Resolved(native_id, self._state.now_us, market.tick(), payout))

    def redeem(self, account: str, native_id: str, now_us: Instant) -> Money:
        """Pay an account that asks for what it holds. Raises ValueError before the settlement."""
        market = self._state.markets[native_id]
        if market.status != "settled" or market.yes_payout is None:
            raise ValueError(f"{native_id} is not settled")
        owner = self._state.accounts[account]
        paid = pay_out(owner, native_id, market.yes_payout, self._at(now_us))
        market.half_sets -= 2 * paid
        return Money(paid)

    def clear_book(self, native_id: str, now_us: Instant) -> None:
        """Cancel every resting order of the market."""
        self.advance(now_us)
        self._end(self._state.markets[native_id].orders(), "cleared")

    def change_grid(self, native_id: str, grid: PriceGrid, label: str, now_us: Instant) -> None:
        """New orders obey another grid; resting orders keep their prices."""
        self.advance(now_us)
        market = self._state.markets[native_id]
        before, at_us = market.listing.market.grid, self._state.now_us
        if market.lot * grid.finest() % MICRO:
            raise InvariantError(f"{native_id}: a lot at the finest step is no whole micro-dollar")
        market.regrid(grid, label, at_us)
        self._state.emit(GridChanged(native_id, at_us, market.tick(), before, grid, label))

    def change_fee(self, native_id: str, fee: FeeTerms | None, now_us: Instant) -> None:
        """Override the fee terms of one market; None restores the listed ones."""
        self.advance(now_us)
        market, at_us = self._state.markets[native_id], self._state.now_us
        market.refee(fee or market.listed_fee, at_us)
        renew_promises(self._state, market, at_us)
        terms = market.listing.market.fee
        self._state.emit(FeeChanged(native_id, at_us, market.tick(), terms, fee is not None))

    # ---- markets: reading

    def native_ids(self) -> Sequence[str]:
        """Every market ever listed, oldest first."""
        return tuple(self._state.markets)

    def market(self, native_id: str) -> MarketView:
        """Raises KeyError for an unknown market."""
        return self._state.markets[native_id].view()

    def has_market(self, native_id: str) -> bool:
        """Whether it was ever listed."""
        return native_id in self._state.markets

    def native_of(self, outcome_id: str) -> tuple[str, int]:
        """Market and index (0 YES, 1 NO) of an outcome id. Raises KeyError when unknown."""
        return self._outcomes[outcome_id]

    def events(self) -> Sequence[EventInfo]:
        """Every event, oldest first."""
        return tuple(self._events.values())

    def markets_of_event(self, event_id: str) -> Sequence[str]:
        """Native ids of the event's markets, oldest first. Raises KeyError when unknown."""
        return tuple(self._markets_of[event_id])

    def levels(self, native_id: str, side: BookSide, count: int | None = None) -> Levels:
        """Totals of one side in YES prices, best first; all of them when count is None."""
        return self._state.markets[native_id].side(is_bid=side == "bid").top(count)

    def trades(self, native_id: str, count: int) -> list[Trade]:
        """Newest first, at most TRADES_KEPT_MAX."""
        return list(self._state.markets[native_id].trades)[:count]

    # ---- within

    def _at(self, now_us: Instant) -> Instant:
        """Time as the exchange counts it: what arrives late happens now."""
        self._state.now_us = max(now_us, self._state.now_us)
        return self._state.now_us

    def _move(self, native_id: str, status: MarketStatus, now_us: Instant) -> MarketState:
        self.advance(now_us)
        market, at_us = self._state.markets[native_id], self._state.now_us
        before = market.move_to(status, at_us)
        self._state.emit(StatusChanged(native_id, at_us, market.tick(), before, status))
        return market

    def _end(self, orders: Sequence[Order], reason: CancelReason) -> None:
        for order in orders:
            end_resting(self._state, order, reason, self._state.now_us)

    def _exchange_sets(
        self, owner: Account, native_id: str, quantity: int, now_us: Instant
    ) -> None:
        market = self._state.markets[native_id]
        holding: Holding = owner.holding(native_id)
        half = abs(quantity) // 2
        for index, amount in enumerate((half, abs(quantity) - half)):
            if quantity > 0:
                holding.acquire(index, quantity, amount)
            else:
                holding.release(index, -quantity, amount)
        owner.cash -= quantity
        market.half_sets += 2 * quantity
        holding.updated_us = self._at(now_us)
