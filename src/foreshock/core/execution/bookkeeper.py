"""What does a resolved market pay us? Tells it once for each outcome held for good."""

from collections.abc import Iterable, Iterator

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.account import DustBooked, FeesVaried
from foreshock.core.domain.messages.conversions import ConversionClosed
from foreshock.core.domain.messages.decisions import PositionSettled
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.trading import (
    FillReverted,
    FillSettled,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderRejected,
    OrderUnknown,
    PlaceOrder,
    SendRefused,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import OrderFact
from foreshock.core.domain.positions import Ledger, settlements
from foreshock.core.domain.recollection import recall
from foreshock.core.domain.units import Instant, Price


class Bookkeeper:
    """Keeps the ledger and settles it; a fill that becomes final after that settles as well."""

    name = "bookkeeper"
    hears = frozenset({
        PlaceOrder,
        MarketResolved,
        OrderFilled,
        FillSettled,
        FillReverted,
        OrderAccepted,
        OrderClosed,
        OrderRejected,
        OrderUnknown,
        SendRefused,
        DustBooked,
        FeesVaried,
        ConversionClosed,
        DeskRestored,
    })

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._payouts: dict[MarketId, Price] = {}

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        """Answer with a PositionSettled for whatever a resolution pays."""
        match message:
            case PlaceOrder():
                self.ledger.place(message)
            case MarketResolved(market=market, payout_yes=payout):
                self._payouts[market] = payout
                return self._settle(market)
            case OrderFilled() | FillSettled() | FillReverted():
                return self._change(message)
            case OrderAccepted() | OrderClosed() | OrderRejected() | OrderUnknown() | SendRefused():
                self.ledger.apply(message)
            case ConversionClosed():
                self.ledger.convert(message)
            case _:
                self._book(message)
        return ()

    def _book(self, message: Message) -> None:
        """What moves the books without an order."""
        match message:
            case DustBooked():
                self.ledger.book_dust(message)
            case FeesVaried():
                self.ledger.book_variance(message)
            case DeskRestored(memory=memory):
                recall(self.ledger, memory.ledger)
            case _:
                pass

    def _change(self, fact: OrderFact) -> Iterator[Message]:
        self.ledger.apply(fact)
        order = self.ledger.order(fact.order_id)
        if order is not None and order.placed.market in self._payouts:
            yield from self._settle(order.placed.market)

    def _settle(self, market: MarketId) -> Iterator[PositionSettled]:
        for settled in settlements(self.ledger, market, self._payouts[market]):
            self.ledger.settle(settled)
            yield settled
