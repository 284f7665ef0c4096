"""What else can be asked of an exchange, and done to it, beside sending orders?

Order groups, places in the queue, collateral, and what no order does: moving contracts by hand.
"""

from foreshock.adapters.sim.accounts import amount_of, closing_discount
from foreshock.adapters.sim.exchange_state import ExchangeState
from foreshock.adapters.sim.exchange_types import OrderState
from foreshock.adapters.sim.order_flow import blow, end_resting
from foreshock.adapters.sim.order_groups import GroupChange, GroupChanged, OrderGroup
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import Instant, Money, Quantity


class ExchangeDesk:
    """The exchange's back office; it shares the exchange's state."""

    def __init__(self, state: ExchangeState) -> None:
        self._state = state

    # ---- reading

    def resting(self, account: str) -> list[OrderState]:
        """Resting orders of an account, oldest first."""
        orders = self._state.accounts[account].resting.values()
        return [order.state() for order in sorted(orders, key=lambda order: order.number)]

    def collateral(self, account: str) -> Money:
        """What resting orders would cost, fees apart, less what closes positions."""
        owner = self._state.accounts[account]
        cost = sum(amount_of(order.rank, order.remaining) for order in owner.resting.values())
        return Money(cost - closing_discount(owner))

    def ahead_of(self, order_id: str) -> Quantity | None:
        """Contracts that trade before a resting order does; None when it does not rest."""
        order = self._state.orders.get(order_id)
        if order is None or not order.remaining:
            return None
        ahead = 0
        for other in (
            self._state.markets[order.request.native_id].side(is_bid=order.is_bid).orders()
        ):
            if other is order:
                return Quantity(ahead)
            ahead += other.remaining
        return None

    # ---- pauses

    def halt(self, now_us: Instant) -> None:
        """The venue pauses: no order is taken from anybody, and what asked for it is cancelled."""
        self._state.is_halted = True
        for owner in self._state.accounts.values():
            for order in list(owner.resting.values()):
                if order.request.cancel_on_pause:
                    end_resting(self._state, order, "paused", now_us)

    def resume(self) -> None:
        """The venue trades again."""
        self._state.is_halted = False

    # ---- order groups

    def groups(self, account: str) -> list[OrderGroup]:
        """Groups of an account, oldest first."""
        return [group for group in self._state.groups.values() if group.account == account]

    def open_group(self, account: str, name: str, limit: Quantity, now_us: Instant) -> None:
        """Raises InvariantError when the name is taken."""
        if name in self._state.groups:
            raise InvariantError(f"order group {name} exists")
        group = self._state.groups[name] = OrderGroup(name, account, limit)
        self._tell(group, "created", now_us)

    def limit_group(self, group: OrderGroup, limit: Quantity, now_us: Instant) -> None:
        """Another limit; one that is reached already triggers the group at once."""
        group.limit = limit
        self._tell(group, "limit_updated", now_us)
        if group.is_due(now_us):
            blow(self._state, group, now_us)

    def reset_group(self, group: OrderGroup, now_us: Instant) -> None:
        """Orders are taken again, and counting begins anew."""
        group.reset()
        self._tell(group, "reset", now_us)

    def trigger_group(self, group: OrderGroup, now_us: Instant) -> None:
        """Cancel its orders and take none until it is reset; again changes nothing."""
        if not group.is_triggered:
            blow(self._state, group, now_us)

    def delete_group(self, group: OrderGroup, now_us: Instant) -> None:
        """Cancel its orders and forget it."""
        for order in list(self._state.accounts[group.account].resting.values()):
            if order.request.group == group.name:
                end_resting(self._state, order, "group", now_us)
        del self._state.groups[group.name]
        self._tell(group, "deleted", now_us)

    def _tell(self, group: OrderGroup, change: GroupChange, now_us: Instant) -> None:
        told = GroupChanged("", now_us, 0, group.account, group.name, change, group.limit)
        self._state.emit(told)

    # ---- by hand

    def move_cash(self, giver: str, taker: str, amount: Money) -> None:
        """Move cash between accounts, whatever the giver has promised."""
        self._state.accounts[giver].cash -= amount
        self._state.accounts[taker].cash += amount

    def move_contracts(
        self, giver: str, taker: str, native_id: str, quantity: int, now_us: Instant
    ) -> None:
        """Move YES contracts between accounts off the book and for nothing, where contracts net.

        quantity: negative moves NO. The giver pays for the sets that come to be, and is paid for
        those that go, so the taker's cash never changes.
        """
        market = self._state.markets[native_id]
        halves = 0
        for name, moved in ((taker, quantity), (giver, -quantity)):
            holding = self._state.accounts[name].holding(native_id)
            index = 0 if moved > 0 else 1
            closed = min(abs(moved), holding.quantity[1 - index])
            holding.release(1 - index, closed, 0)
            holding.acquire(index, abs(moved) - closed, 0)
            holding.updated_us = now_us
            halves += abs(moved) - 2 * closed
        market.half_sets += halves
        self._state.accounts[giver].cash -= halves // 2
