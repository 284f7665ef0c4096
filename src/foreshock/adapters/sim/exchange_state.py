"""What does a simulated exchange know?"""

from foreshock.adapters.sim.accounts import Account
from foreshock.adapters.sim.exchange_types import ExchangeEvent, FeeFunction, VenuePolicy
from foreshock.adapters.sim.market_state import MarketState
from foreshock.adapters.sim.matching import Order
from foreshock.adapters.sim.order_groups import OrderGroup
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import Instant

EVENTS_MAX = 1_000_000
"""Events waiting to be taken; more means that nobody drains the exchange."""


class ExchangeState:
    """Everything an exchange knows. fees: collected so far. is_halted: no order is taken."""

    __slots__ = (
        "accounts",
        "events",
        "expiries",
        "fee_of",
        "fees",
        "groups",
        "is_halted",
        "markets",
        "now_us",
        "order_count",
        "orders",
        "policy",
        "trade_count",
    )

    def __init__(self, policy: VenuePolicy, fee_of: FeeFunction) -> None:
        self.policy = policy
        self.fee_of = fee_of
        self.markets: dict[str, MarketState] = {}
        self.accounts: dict[str, Account] = {}
        self.orders: dict[str, Order] = {}
        self.is_halted = False
        self.groups: dict[str, OrderGroup] = {}
        self.events: list[ExchangeEvent] = []
        self.expiries: list[tuple[Instant, int, Order]] = []
        self.order_count = 0
        self.trade_count = 0
        self.fees = 0
        self.now_us = Instant(0)

    def emit(self, event: ExchangeEvent) -> None:
        """Queue an event. Raises InvariantError when nobody takes them."""
        if len(self.events) >= EVENTS_MAX:
            raise InvariantError(f"{EVENTS_MAX} events of {self.policy.venue} wait to be taken")
        self.events.append(event)
