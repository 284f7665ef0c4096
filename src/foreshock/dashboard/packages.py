"""How does each package stand, from its approval to its end?"""

import msgspec

from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.decisions import (
    PackageClosed,
    PackageMoved,
    PackageOpened,
    PackageOutcome,
    PackageState,
    TradeRequest,
)
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.orders import Order
from foreshock.core.domain.units import Instant
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.edges import package_words
from foreshock.dashboard.orders import Orders
from foreshock.dashboard.views import OrderView, PackageView

PACKAGES_MAX = 1_000
"""Packages shown; the oldest closed ones are forgotten first, an open one never is."""


class Running(msgspec.Struct):
    """One package and its orders in the order of sending."""

    request: TradeRequest
    opened_us: Instant
    state: PackageState = "first_leg"
    reason: str = ""
    order_ids: list[str] = msgspec.field(default_factory=list[str])
    closed: PackageClosed | None = None
    closed_us: Instant | None = None


class Packages:
    """Every package of the run, newest last, and how they ended."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._packages: dict[str, Running] = {}
        self.outcomes: dict[PackageOutcome, int] = {
            "hedged": 0,
            "missed": 0,
            "unwound": 0,
            "residual": 0,
        }
        self.realised = 0
        self.first_closed_us: Instant | None = None

    def open(self, message: PackageOpened, now_us: Instant) -> None:
        """The executor starts on an approved package."""
        self._packages.setdefault(message.package_id, Running(message.request, now_us))
        evict(self._packages, PACKAGES_MAX, lambda package: package.closed is not None)

    def move(self, message: PackageMoved) -> None:
        """A package entered another state."""
        package = self._packages.get(message.package_id)
        if package is not None:
            package.state = message.state
            package.reason = message.reason

    def place(self, message: PlaceOrder) -> None:
        """An order of a package was decided on."""
        package = self._packages.get(message.package_id)
        if package is not None and message.order_id not in package.order_ids:
            package.order_ids.append(message.order_id)

    def close(self, message: PackageClosed, now_us: Instant) -> None:
        """A package reached its end; a repeat changes nothing."""
        package = self._packages.get(message.package_id)
        if package is None or package.closed is not None:
            return
        package.closed, package.closed_us, package.state = message, now_us, "closed"
        self.outcomes[message.outcome] += 1
        self.realised += message.realised
        if self.first_closed_us is None:
            self.first_closed_us = now_us

    def open_count(self) -> int:
        """Packages that run."""
        return sum(package.closed is None for package in self._packages.values())

    def ended_well(self, package_id: str) -> bool:
        """Whether a package is closed with nothing left to look at."""
        package = self._packages.get(package_id)
        closed = None if package is None else package.closed
        return closed is not None and closed.outcome != "residual"

    def views(self, limit: int) -> list[PackageView]:
        """The newest packages, newest first."""
        newest = list(self._packages.values())[: -limit - 1 : -1]
        return [self._view(package) for package in newest]

    def _view(self, package: Running) -> PackageView:
        request, closed = package.request, package.closed
        edge = request.edge
        so_far = self._so_far(package) if closed is None else closed
        orders = self._orders.views_of(package.order_ids)
        return PackageView(
            id=request.id,
            pair_id=edge.pair_id,
            label=edge.label,
            package=package_words(edge.legs),
            strategy=request.strategy,
            state=package.state,
            outcome=None if closed is None else closed.outcome,
            quantity_asked_micros=edge.quantity,
            quantity_micros=so_far.quantity,
            net_expected_micros=edge.net,
            paid_micros=so_far.paid,
            fees_micros=so_far.fees,
            locked_micros=so_far.locked,
            realised_micros=None if closed is None else closed.realised,
            naked_us=None if closed is None else closed.naked_for,
            opened_us=package.opened_us,
            closed_us=package.closed_us,
            reason=_reason(package, orders),
            order_words=edge.order_words,
            orders=orders,
        )

    def _so_far(self, package: Running) -> "SoFar":
        """What the fills of a running package amount to."""
        edge = package.request.edge
        found = [self._orders.order(name) for name in package.order_ids]
        orders = [order for order in found if order is not None]
        held = [_held(orders, leg.market, leg.outcome) for leg in edge.legs]
        quantity = max(0, min(held, default=0))
        locked = edge.payout * quantity // edge.quantity if edge.quantity else 0
        paid = sum(o.cash() if o.placed.action == "buy" else -o.cash() for o in orders)
        return SoFar(quantity, paid, sum(order.fees() for order in orders), locked)


class SoFar(msgspec.Struct, frozen=True):
    """The sums of a package that still runs; names and units as in PackageClosed."""

    quantity: int
    paid: int
    fees: int
    locked: int


def _reason(package: Running, orders: list[OrderView]) -> str:
    """Of a package that was missed: what became of its order, which is all that there is to say."""
    is_missed = package.closed is not None and package.closed.outcome == "missed"
    return orders[-1].reason if is_missed and orders else package.reason


def _held(orders: list[Order], market: MarketId, outcome: Outcome) -> int:
    mine = [o for o in orders if (o.placed.market, o.placed.outcome) == (market, outcome)]
    return sum(o.held() if o.placed.action == "buy" else -o.held() for o in mine)
