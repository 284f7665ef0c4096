"""What do the venue's words mean for our orders? One book a venue account, keyed as the venue does.

Every word about an order of ours is tried before it is told: one that cannot be true beside what
is known becomes an incident instead, and the venue's own list then decides. A fill counts once,
whichever way it came and however often; one whose order has no name yet waits for it.
"""

from copy import deepcopy
from typing import TypeAlias

from foreshock.core.domain.accounts import VenueFill, VenueOrder
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.memory import LedgerMemory, OrderWord
from foreshock.core.domain.messages.account import AnsweredFact, OrderAnswered, OrderPrepared
from foreshock.core.domain.messages.decisions import IncidentOpened
from foreshock.core.domain.messages.trading import (
    FillReverted,
    FillSettled,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderUnknown,
    PlaceOrder,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import FillStatus, Order, OrderFact
from foreshock.core.domain.positions import Ledger
from foreshock.core.domain.recollection import recall
from foreshock.core.domain.units import Instant, Quantity, complement
from foreshock.core.execution.external import External

FillKey: TypeAlias = tuple[str, str]
"""(fill, venue order): one trade can fill two orders of one account."""


class AccountBook:
    """Our orders and everybody else's at one venue."""

    def __init__(self, venue: str) -> None:
        self.venue = venue
        self.ledger = Ledger()
        self.external = External()
        self.orders: dict[str, Order] = {}
        self._by_venue_id: dict[str, str] = {}
        self._by_client_id: dict[str, str] = {}
        self._accepted: dict[str, str] = {}
        self._closed: dict[str, Quantity] = {}
        self._fills: dict[FillKey, FillStatus] = {}
        self._unsettled: dict[FillKey, MarketId] = {}
        self._parked: list[VenueFill] = []
        self.carried: set[MarketId] = set()
        self._paid_us = Instant(0)
        self._held_us: dict[MarketId, Instant] = {}

    def recall(self, memory: LedgerMemory) -> None:
        """Carry on with what an earlier desk booked here: its orders keep their names and fills."""
        recall(self.ledger, memory, self.venue)
        self.carried = {market for market, _ in self.ledger.held()}
        for words in memory.orders:
            order = self.ledger.order(words[0].order_id)
            if order is not None:
                self._recall_order(order, words)

    def _recall_order(self, order: Order, words: tuple[OrderWord, ...]) -> None:
        order_id = order.placed.order_id
        self.orders[order_id] = order
        for word in words:
            match word:
                case OrderPrepared(client_id=client_id, venue_order_id=venue_order_id):
                    self.prepare(order_id, client_id, venue_order_id)
                case OrderAccepted(venue_order_id=venue_order_id):
                    self._by_venue_id[venue_order_id] = order_id
                    self._accepted[order_id] = venue_order_id
                case OrderClosed(filled=filled):
                    self._closed[order_id] = filled
                case _:
                    pass
        names = [name for name, owner in self._by_venue_id.items() if owner == order_id]
        for fill_id in order.fills:
            for name in names:
                self._fills[fill_id, name] = order.status_of(fill_id)

    # ---- our own orders ----------------------------------------------------------------------

    def place(self, placed: PlaceOrder) -> None:
        """An order was decided on."""
        self.ledger.place(placed)
        order = self.ledger.order(placed.order_id)
        if order is not None:
            self.orders[placed.order_id] = order

    def prepare(self, order_id: str, client_id: str, venue_order_id: str | None) -> None:
        """An order got the names under which the venue will speak of it."""
        self._by_client_id[client_id] = order_id
        if venue_order_id is not None:
            self._by_venue_id[venue_order_id] = order_id

    def note(self, fact: OrderFact) -> None:
        """The desk itself said something of an order: refused, or silent for too long."""
        if fact.order_id in self.orders:
            self.ledger.apply(fact)

    def order_of(self, venue_order: VenueOrder) -> Order | None:
        """The order of ours behind the venue's, None when it is somebody else's."""
        order_id = self._by_venue_id.get(venue_order.venue_order_id)
        if order_id is None and venue_order.client_id is not None:
            order_id = self._by_client_id.get(venue_order.client_id)
        return None if order_id is None else self.orders.get(order_id)

    def has_unnamed(self) -> bool:
        """Whether an order is on its way that the venue has not named yet."""
        named = set(self._by_venue_id.values())
        return any(
            order_id not in named and not order.is_over for order_id, order in self.orders.items()
        )

    # ---- the venue's words -------------------------------------------------------------------

    def answer(self, answered: OrderAnswered) -> list[Message]:
        """An answer about an order: its name first, then its fills, then its end."""
        if answered.order_id not in self.orders:
            return []
        ours = [fact for fact in answered.facts if fact.order_id in self.orders]
        names = [fact for fact in ours if isinstance(fact, OrderAccepted)]
        rest = [fact for fact in ours if not isinstance(fact, OrderAccepted)]
        said: list[Message] = []
        for fact in names:
            said += self._name(fact.order_id, fact.venue_order_id)
        for fill in answered.fills:
            said += self.fill(fill)
        for fact in rest:
            said += self._word(fact)
        return said + self._unpark()

    def see_order(self, venue_order: VenueOrder) -> list[Message]:
        """The venue told how an order stands."""
        order = self.order_of(venue_order)
        if order is None:
            return [] if self.has_unnamed() else self.external.see_order(venue_order)
        order_id = order.placed.order_id
        said = self._name(order_id, venue_order.venue_order_id)
        if not venue_order.is_open:
            words = "the venue lists it as over"
            said += self._word(OrderClosed(order_id, venue_order.filled, words))
        return said + self._unpark()

    def take_over(self, market: MarketId, before_us: Instant) -> None:
        """The venue's number of a market counts: it includes what was final before a time."""
        self._held_us[market] = before_us

    def take_cash_over(self, before_us: Instant) -> None:
        """The venue's cash counts: it includes what traded before a time."""
        self._paid_us = before_us

    def fill(self, fill: VenueFill) -> list[Message]:
        """The venue told a fill, or what became of one."""
        key: FillKey = (fill.id, fill.venue_order_id)
        order_id = self._by_venue_id.get(fill.venue_order_id)
        if order_id is None:
            if self.has_unnamed():
                self._parked.append(fill)
                return []
            return self._foreign(key, fill)
        known = self._fills.get(key)
        if known is None:
            return self._new_fill(key, self.orders[order_id].placed, fill)
        return self._known_fill(key, order_id, fill, known)

    def has_heard(self, fill: VenueFill) -> bool:
        """Whether this very word on a fill was taken in before."""
        return self._fills.get((fill.id, fill.venue_order_id)) == fill.status

    def unsettled(self) -> set[MarketId]:
        """Markets where a fill of somebody else is not final yet."""
        return set(self._unsettled.values())

    def _name(self, order_id: str, venue_order_id: str) -> list[Message]:
        if self._accepted.get(order_id) == venue_order_id:
            return []
        self._by_venue_id[venue_order_id] = order_id
        self._accepted[order_id] = venue_order_id
        return self._tell(OrderAccepted(order_id, venue_order_id))

    def _word(self, fact: AnsweredFact) -> list[Message]:
        order = self.orders[fact.order_id]
        if isinstance(fact, OrderUnknown) and order.is_over:
            return []
        if isinstance(fact, OrderClosed):
            if fact.filled < order.matched() > order.held():
                # The venue left the reverted ones out of its count.
                fact = OrderClosed(fact.order_id, order.matched(), fact.reason)
            if self._closed.get(fact.order_id) == fact.filled:
                return []
            self._closed[fact.order_id] = fact.filled
        return self._tell(fact)

    def _new_fill(self, key: FillKey, placed: PlaceOrder, fill: VenueFill) -> list[Message]:
        self._fills[key] = fill.status
        if fill.status == "reverted":  # it failed before we heard of it: nothing ever counted
            return []
        price = fill.price
        if fill.outcome != placed.outcome and fill.action != placed.action:
            price = complement(price)  # buying NO and selling YES are one act
        elif (fill.outcome, fill.action) != (placed.outcome, placed.action):
            words = f"fill {fill.id} is {fill.action} {fill.outcome}, the order is not"
            return [self._drift(placed.order_id, words), *self.external.trade(fill)]
        fact = OrderFilled(
            order_id=placed.order_id,
            fill_id=fill.id,
            quantity=fill.quantity,
            price=price,
            fee=fill.fee,
            is_provisional=fill.status == "provisional",
        )
        said = self._tell(fact)
        if not any(isinstance(message, OrderFilled) for message in said):
            said += self.external.trade(fill)
        return said

    def _known_fill(
        self, key: FillKey, order_id: str, fill: VenueFill, known: FillStatus
    ) -> list[Message]:
        if known == "provisional" and fill.status != "provisional":
            self._fills[key] = fill.status
            if fill.status == "settled":
                return self._tell(FillSettled(order_id, fill.id))
            return self._tell(FillReverted(order_id, fill.id, "the match failed to settle"))
        if known == "settled" and fill.status == "reverted":
            return [self._drift(order_id, f"fill {fill.id} was final and is now reverted")]
        return []

    def _foreign(self, key: FillKey, fill: VenueFill) -> list[Message]:
        known = self._fills.get(key)
        if known == fill.status or (known is None and fill.status == "reverted"):
            return []
        self._fills[key] = fill.status
        self._unsettled.pop(key, None)
        if fill.status == "provisional":
            self._unsettled[key] = fill.market
        if known is None:
            is_old = fill.event_us < self._held_us.get(fill.market, Instant(0))
            is_held = is_old and fill.status == "settled"
            is_paid = fill.event_us < self._paid_us
            return self.external.trade(fill, is_paid=is_paid, is_held=is_held)
        return self.external.trade(fill, undo=True) if fill.status == "reverted" else []

    def _unpark(self) -> list[Message]:
        """Fills whose order has a name now, or certainly is not ours."""
        waiting, self._parked = self._parked, []
        return [message for fill in waiting for message in self.fill(fill)]

    # ---- telling -----------------------------------------------------------------------------

    def _tell(self, fact: OrderFact) -> list[Message]:
        """Say a fact that can be true; one that cannot is an incident."""
        trial = deepcopy(self.orders[fact.order_id])
        try:
            trial.apply(fact)
        except InvariantError as impossible:
            return [self._drift(fact.order_id, f"the venue contradicts itself: {impossible}")]
        self.ledger.apply(fact)
        return [fact]

    def _drift(self, about: str, words: str) -> IncidentOpened:
        return IncidentOpened(f"{self.venue}/drift/{about}", about, words)
