"""Where does each order stand? The ledger's orders with what was answered and when."""

from collections.abc import Iterable

import msgspec

from foreshock.core.domain.messages.trading import (
    CancelOrder,
    FillReverted,
    OrderClosed,
    OrderRejected,
    OrderUnknown,
    PlaceOrder,
    SendRefused,
)
from foreshock.core.domain.orders import Order, OrderFact
from foreshock.core.domain.positions import Ledger, venue_of
from foreshock.core.domain.units import (
    MICRO,
    Instant,
    Money,
    Quantity,
    Rounding,
    divide,
    notional,
)
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.views import OrderView

ORDERS_MAX = 5_000
"""Orders shown; the oldest final ones are forgotten first, one without its end never is."""

ORDERS_SHOWN_MAX = 500
"""Orders of one answer; those of unknown fate come on top of it."""


class Row(msgspec.Struct):
    """One order and what the venue last said of it."""

    order: Order
    answered_us: Instant | None = None
    reason: str = ""


class Orders:
    """Every order of the run, newest last."""

    def __init__(self, ledger: Ledger, markets: Markets) -> None:
        self._ledger = ledger
        self._markets = markets
        self._rows: dict[str, Row] = {}

    def place(self, message: PlaceOrder) -> None:
        """An order was decided on; a repeat changes nothing."""
        self._ledger.place(message)
        order = self._ledger.order(message.order_id)
        if order is None or message.order_id in self._rows:
            return
        self._rows[message.order_id] = Row(order)
        for gone in evict(self._rows, ORDERS_MAX, lambda row: row.order.is_final):
            self._ledger.forget(gone.order.placed.order_id)

    def ask_cancel(self, message: CancelOrder) -> None:
        """A cancel was asked for."""
        row = self._rows.get(message.order_id)
        if row is not None:
            row.order.ask_cancel()

    def hear(self, fact: OrderFact, now_us: Instant) -> None:
        """Something was said about a sent order; the ledger has already booked it."""
        row = self._rows.get(fact.order_id)
        if row is None:
            return
        if not isinstance(fact, OrderUnknown) and row.answered_us is None:
            row.answered_us = now_us
        match fact:
            case OrderClosed() | OrderRejected() | OrderUnknown() | FillReverted():
                row.reason = fact.reason
            case SendRefused(refusal=refusal):
                row.reason = f"{refusal.code}: {refusal.words}"
            case _:
                pass

    def order(self, order_id: str) -> Order | None:
        """The order itself; None when it is not ours or was forgotten."""
        row = self._rows.get(order_id)
        return None if row is None else row.order

    def unknown_count(self) -> int:
        """Orders whose fate is not known."""
        return sum(row.order.state == "unknown" for row in self._rows.values())

    def unknown_at(self, venue: str) -> Money:
        """What orders of unknown fate may still turn out to have cost at a venue."""
        worst = 0
        for row in self._rows.values():
            order = row.order
            if order.state == "unknown" and venue_of(order.placed.market) == venue:
                open_quantity = Quantity(order.worst_case() - order.matched())
                worst += notional(order.placed.limit, open_quantity, Rounding.UP)
        return Money(worst)

    def views(self) -> list[OrderView]:
        """Unknown ones first, then the newest."""
        newest = list(reversed(self._rows.values()))
        unknown = [row for row in newest if row.order.state == "unknown"]
        known = [row for row in newest if row.order.state != "unknown"]
        return [self._view(row) for row in (*unknown, *known[:ORDERS_SHOWN_MAX])]

    def views_of(self, order_ids: Iterable[str]) -> list[OrderView]:
        """These orders, in this order; forgotten ones are left out."""
        return [self._view(self._rows[name]) for name in order_ids if name in self._rows]

    def _view(self, row: Row) -> OrderView:
        order, placed = row.order, row.order.placed
        return OrderView(
            id=placed.order_id,
            package_id=placed.package_id,
            market=placed.market,
            venue=venue_of(placed.market),
            title=self._markets.title(placed.market),
            outcome=placed.outcome,
            action=placed.action,
            purpose=placed.purpose,
            state=order.state,
            limit_micros=placed.limit,
            quantity_micros=placed.quantity,
            filled_micros=order.held(),
            provisional_micros=order.provisional(),
            price_average_micros=price_average(order),
            fee_micros=order.fees(),
            decided_us=placed.decided_us,
            answered_us=row.answered_us,
            reason=row.reason,
        )


def price_average(order: Order) -> int | None:
    """Average price a contract, against us where it is not whole; None before the first fill."""
    held = order.held()
    if not held:
        return None
    rounding = Rounding.UP if order.placed.action == "buy" else Rounding.DOWN
    return divide(order.cash() * MICRO, held, rounding)
