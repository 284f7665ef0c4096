"""Where does a package stand, and what must happen next?

    first_leg --filled--> second_leg --level--> settling --final--> closed
        |                 |  ^   |  ^                | |              ^
        | missed    uneven|  |   '--' short          | '--reverted--. |
        v                 v  '---------------------------------------' |
      closed          unwinding --level--> settling                   |
                        | '--' uneven                                 |
                        '--exhausted--> stuck ---level, final---------'

Events follow from the orders alone, and only when no order of the package can trade any more:
silence moves nothing. A reverted fill goes back to second_leg: what is missing is bought again or
the other legs are sold.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from foreshock.core.domain.budgets import leg_budgets
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import Action, Market, least_order
from foreshock.core.domain.messages.decisions import (
    PackageClosed,
    PackageOutcome,
    PackageState,
    TradeRequest,
)
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.orders import Order
from foreshock.core.domain.units import (
    MICRO,
    Duration,
    Instant,
    Money,
    Quantity,
    Rounding,
    divide,
    format_micros,
)

PackageEvent: TypeAlias = Literal[
    "missed", "filled", "short", "level", "uneven", "exhausted", "reverted", "final"
]
"""short: a leg can be bought up to the target. uneven: legs differ and the target is given up.
exhausted: legs differ and nothing more is tried. final: no fill can be reverted any more."""

TRANSITIONS: Mapping[PackageState, Mapping[PackageEvent, PackageState]] = {
    "first_leg": {"missed": "closed", "filled": "second_leg"},
    "second_leg": {"short": "second_leg", "level": "settling", "uneven": "unwinding"},
    "unwinding": {
        "uneven": "unwinding",
        "level": "settling",
        "exhausted": "stuck",
        "reverted": "second_leg",
    },
    "settling": {"final": "closed", "reverted": "second_leg"},
    "stuck": {"level": "settling", "final": "closed", "reverted": "second_leg"},
    "closed": {},
}

COMPLETIONS_MAX = 4
"""Attempts to buy a later leg: the hedge itself and three more."""
UNWINDS_MAX = 6
"""Attempts to even the legs out once the target is given up."""
ORDERS_MAX = 30
"""Orders one package may ever send, whatever reverts: beyond it is stuck."""


class Package:
    """One approved package: its orders and the few counters that its next step depends on.

    target: contracts every leg should reach. is_resting: a back-off is under way. rested: it has
    just elapsed, so the next attempt may go.
    """

    def __init__(self, request: TradeRequest, markets: Sequence[Market]) -> None:
        self.id = request.id
        self.request = request
        self.edge = request.edge
        self.markets = tuple(markets)
        self.budgets = leg_budgets(request.edge)
        self.state: PackageState = "first_leg"
        self.orders: dict[str, tuple[int, Order]] = {}
        self.target = request.edge.quantity
        self.completing_leg = 0
        self.completions_count = 0
        self.unwinds_count = 0
        self.incidents_count = 0
        self.is_resting = False
        self.rested = False
        self.naked_for = Duration(0)
        self._naked_since: Instant | None = None

    def next_event(self) -> PackageEvent | None:
        """What the orders say now; None while one may still trade, rests or nothing follows."""
        if self.is_resting or not self.is_at_rest():
            return None
        match self.state:
            case "first_leg":
                event = "filled" if self.held(0) else "missed"
            case "second_leg":
                event = self._after_buying()
            case "unwinding":
                event = self._after_unwinding()
            case "settling" | "stuck":
                event = self._after_trading()
            case "closed":
                event = None
        return event

    def is_at_rest(self) -> bool:
        """Whether no order of it can trade any more."""
        return all(order.is_over for _, order in self.orders.values())

    def move(self, event: PackageEvent) -> bool:
        """Follow the table; whether the state changed. Raises InvariantError off the table."""
        following = TRANSITIONS[self.state].get(event)
        if following is None:
            raise InvariantError(f"package {self.id}: {event} while {self.state}")
        has_changed, self.state = following != self.state, following
        if event == "filled":
            self.target = self.held(0)
        return has_changed

    def add(self, leg: int, placed: PlaceOrder) -> None:
        """An order of this package was decided on."""
        self.orders[placed.order_id] = (leg, Order(placed))

    def give_up(self) -> None:
        """Complete it no longer: what the legs hold in common is enough, the rest is evened out."""
        self.target = self.hedged()
        self.is_resting = False

    def reopen(self) -> None:
        """A fill was reverted: aim at the fullest leg again, with fresh attempts."""
        self.target = Quantity(min(self.edge.quantity, max(self.all_held())))
        self.completions_count = 0
        self.unwinds_count = 0

    def watch_naked(self, now_us: Instant) -> None:
        """Keep the time during which the legs differ."""
        if self._naked_since is not None:
            self.naked_for = Duration(self.naked_for + now_us - self._naked_since)
        self._naked_since = None if self.is_level() else now_us

    def held(self, leg: int) -> Quantity:
        """Contracts of a leg bought and not sold again, reverted fills aside."""
        return Quantity(self._bought(leg) - self._sold(leg))

    def all_held(self) -> list[Quantity]:
        """`held` of every leg, in order."""
        return [self.held(leg) for leg in range(len(self.edge.legs))]

    def is_level(self) -> bool:
        """Whether all legs hold the same."""
        return len(set(self.all_held())) == 1

    def hedged(self) -> Quantity:
        """Contracts that every leg holds."""
        return min(self.all_held())

    def excess(self, leg: int) -> Quantity:
        """What a leg holds beyond the hedged contracts, as far as its market can trade it."""
        return tradable(self.markets[leg], Quantity(self.held(leg) - self.hedged()), "sell")

    def awaits_settlement(self) -> bool:
        """Whether a leg holds too much and some of it is provisional.

        What may still be reverted cannot be sold: the sale would leave less than nothing.
        """
        hedged = self.hedged()
        surplus = [leg for leg, held in enumerate(self.all_held()) if held > hedged]
        return any(not o.is_final for leg in surplus for o in self._of(leg, "buy"))

    def missing(self, leg: int) -> Quantity:
        """What a leg lacks to the fullest, as far as its market can trade it."""
        return tradable(self.markets[leg], Quantity(max(self.all_held()) - self.held(leg)))

    def wanted(self, leg: int) -> Quantity:
        """What a leg lacks to the target, as far as its market can trade it."""
        return tradable(self.markets[leg], Quantity(self.target - self.held(leg)))

    def short_leg(self) -> int | None:
        """First leg below the target, None when there is none."""
        legs = range(len(self.edge.legs))
        return next((leg for leg in legs if self.wanted(leg)), None)

    def spent(self, leg: int) -> Money:
        """Dollars that buying a leg took, fees included, reverted fills aside."""
        orders = self._of(leg, "buy")
        return Money(sum(o.cash() + o.fees() for o in orders))

    def cost_per_contract(self, leg: int) -> Money:
        """What a contract of a leg cost with its fee; as quoted while nothing was bought."""
        bought, quoted = self._bought(leg), self.edge.legs[leg]
        if bought:
            return Money(divide(self.spent(leg) * MICRO, bought, Rounding.UP))
        cost = (quoted.cost + quoted.fee) * MICRO
        return Money(divide(cost, quoted.quantity, Rounding.UP))

    def payout_of(self, quantity: Quantity) -> Money:
        """What that many complete packages pay, rounded down."""
        return Money(divide(self.edge.payout * quantity, self.edge.quantity, Rounding.DOWN))

    def residual_words(self) -> str:
        """Exactly what is held beyond the hedged contracts."""
        parts = [
            f"{format_micros(surplus)} {leg.outcome} of {leg.market}"
            for leg, surplus in zip(self.edge.legs, self.surplus(), strict=True)
            if surplus
        ]
        return f"unhedged: {', '.join(parts)}" if parts else "nothing is unhedged"

    def surplus(self) -> list[Quantity]:
        """What each leg holds beyond the hedged contracts."""
        return [Quantity(held - self.hedged()) for held in self.all_held()]

    def residual(self) -> Quantity:
        """The largest difference between two legs."""
        return max(self.surplus())

    def residual_worst(self) -> Money:
        """The most that is lost by what is unhedged: all that it cost, with its fees."""
        costs = (
            divide(self.cost_per_contract(leg) * surplus, MICRO, Rounding.UP)
            for leg, surplus in enumerate(self.surplus())
            if surplus
        )
        return Money(sum(costs))

    def closed(self) -> PackageClosed:
        """The account of a package that has ended."""
        orders = [order for _, order in self.orders.values()]
        flows = [o.cash() if o.placed.action == "buy" else -o.cash() for o in orders]
        paid, fees = Money(sum(flows)), Money(sum(o.fees() for o in orders))
        hedged = self.hedged()
        locked = self.payout_of(hedged)
        return PackageClosed(
            package_id=self.id,
            pair_id=self.edge.pair_id,
            outcome=self._outcome(),
            quantity=hedged,
            paid=paid,
            fees=fees,
            locked=locked,
            realised=Money(locked - paid - fees),
            naked_for=self.naked_for,
        )

    def fees_of(self, leg: int) -> tuple[Money, Money, Quantity]:
        """(quoted, charged, contracts) of what was bought of a leg."""
        quoted, bought = self.edge.legs[leg], Quantity(self._bought(leg))
        share = Money(divide(quoted.fee * bought, quoted.quantity, Rounding.UP))
        charged = Money(sum(order.fees() for order in self._of(leg, "buy")))
        return share, charged, bought

    def _after_buying(self) -> PackageEvent:
        if self.short_leg() is not None and len(self.orders) < ORDERS_MAX:
            return "short"
        return "level" if self.is_level() else "uneven"

    def _after_unwinding(self) -> PackageEvent | None:
        if self.is_level():
            return "level"
        if self.awaits_settlement():
            return None
        legs = range(len(self.edge.legs))
        can_trade = any(self.excess(leg) or self.missing(leg) for leg in legs)
        is_spent = self.unwinds_count >= UNWINDS_MAX or len(self.orders) >= ORDERS_MAX
        return "uneven" if can_trade and not is_spent else "exhausted"

    def _after_trading(self) -> PackageEvent | None:
        if self.state == "stuck" and self.is_level():
            return "level"
        return "final" if all(order.is_final for _, order in self.orders.values()) else None

    def _outcome(self) -> PackageOutcome:
        if not self.is_level():
            return "residual"
        if self.hedged():
            return "hedged"
        return "unwound" if any(order.held() for _, order in self.orders.values()) else "missed"

    def _of(self, leg: int, action: str) -> list[Order]:
        return [o for at, o in self.orders.values() if at == leg and o.placed.action == action]

    def _bought(self, leg: int) -> int:
        return sum(order.held() for order in self._of(leg, "buy"))

    def _sold(self, leg: int) -> int:
        return sum(order.held() for order in self._of(leg, "sell"))


def tradable(market: Market, quantity: Quantity, action: Action = "buy") -> Quantity:
    """As much of a quantity as the market's lots allow; 0 when that is below its minimum."""
    lots = Quantity(quantity - quantity % market.quantity_step)
    return lots if lots > 0 and lots >= least_order(market, action) else Quantity(0)
