"""What must outlive the process, as messages tell it? A fold; and how what it tells begins anew.

Nothing is decided here. After a restart the paper venue has forgotten its orders, so their words
end; a real venue is asked, about conversions, too, and those that never left are over. No run
carries a package on: what its legs hold in common is hedged, and what one holds alone is an
incident that names it.
"""

from collections.abc import Iterable, Iterator
from typing import get_args

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.memory import DeskMemory, OrderWord
from foreshock.core.domain.messages.account import DustBooked, FeesVaried, OrderPrepared
from foreshock.core.domain.messages.conversions import (
    ConversionClosed,
    ConversionRefused,
    ConversionRequested,
    ConversionWord,
    SendConversion,
)
from foreshock.core.domain.messages.decisions import (
    IncidentOpened,
    PackageClosed,
    PackageMoved,
    PackageOpened,
    PositionSettled,
    TradeRequest,
)
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.messages.risk import DeskRestored, RiskRemembered
from foreshock.core.domain.messages.trading import FillSettled, OrderClosed, PlaceOrder
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import Order
from foreshock.core.domain.positions import Ledger, venue_of
from foreshock.core.domain.recollection import Words, order_of, recall, remembered
from foreshock.core.domain.units import SECOND, Duration, Instant, Money
from foreshock.core.execution.package import Package

BY = "restart"
EVERYWHERE = "all"
REVERT_COOLDOWN = Duration(600 * SECOND)
"""As the strategies keep it: a pair whose match was taken back rests."""


class Remembering:
    """The fold of everything that a restart carries over."""

    hears: frozenset[type[Message]] = frozenset({
        *get_args(OrderWord),
        *get_args(ConversionWord),
        ConversionClosed,
        ConversionRefused,
        PositionSettled,
        DustBooked,
        DeskRestored,
        PackageOpened,
        PackageClosed,
        PackageMoved,
        RiskRemembered,
        FeesVaried,
        ResumeRequested,
    })

    def __init__(self, bankroll: dict[str, Money]) -> None:
        self.ledger = Ledger()
        for venue, amount in bankroll.items():
            self.ledger.deposit(venue, amount)
        self._bankroll = bankroll
        self._words = Words()
        self._memory = DeskMemory()
        self._packages: dict[str, TradeRequest] = {}
        self._cooled: dict[str, Instant] = {}
        self._mischarged: dict[str, None] = {}
        self._conversions: dict[str, list[ConversionWord]] = {}

    def hear(self, message: Message, now_us: Instant) -> None:
        """Take in one message."""
        if isinstance(message, OrderWord):
            self._hear_word(message)
            return
        if isinstance(message, ConversionWord | ConversionClosed | ConversionRefused):
            self._hear_conversion(message)
            return
        match message:
            case PositionSettled():
                self.ledger.settle(message)
            case DustBooked():
                self.ledger.book_dust(message)
            case DeskRestored():
                self._restore(message.memory)
            case _:
                self._hear_package(message, now_us)

    def memory(self) -> DeskMemory:
        """Everything so far."""
        self._words.forget(self.ledger)
        return DeskMemory(
            ledger=remembered(self.ledger, self._words.of),
            risk=self._memory.risk,
            packages=tuple(self._packages.values()),
            cooled=dict(self._cooled),
            mischarged=tuple(self._mischarged),
            conversions=tuple(tuple(words) for words in self._conversions.values()),
        )

    def _hear_word(self, word: OrderWord) -> None:
        self._words.hear(word)
        if isinstance(word, PlaceOrder):
            self.ledger.place(word)
        elif not isinstance(word, OrderPrepared):
            self.ledger.apply(word)

    def _hear_conversion(
        self, message: ConversionWord | ConversionClosed | ConversionRefused
    ) -> None:
        name = message.conversion_id
        if isinstance(message, ConversionClosed | ConversionRefused):
            self._conversions.pop(name, None)
            if isinstance(message, ConversionClosed):
                self.ledger.convert(message)
        elif isinstance(message, ConversionRequested):
            self._conversions.setdefault(name, [message])
        elif name in self._conversions:
            self._conversions[name].append(message)

    def _hear_package(self, message: Message, now_us: Instant) -> None:
        match message:
            case PackageOpened(package_id=package_id, request=request):
                self._packages[package_id] = request
            case PackageClosed(package_id=package_id):
                self._packages.pop(package_id, None)
            case PackageMoved(package_id=package_id, reason="reverted"):
                request = self._packages.get(package_id)
                if request is not None:
                    self._cooled[request.edge.pair_id] = Instant(now_us + REVERT_COOLDOWN)
            case RiskRemembered(memory=risk):
                self._memory = DeskMemory(risk=risk)
            case FeesVaried() | ResumeRequested():
                self._hear_fees(message)
            case _:
                pass

    def _hear_fees(self, message: FeesVaried | ResumeRequested) -> None:
        """Whose fees differed too much, until a person has looked."""
        if isinstance(message, ResumeRequested):
            self._mischarged.clear()
            return
        self.ledger.book_variance(message)
        if not message.is_tolerated:
            self._mischarged[message.pair_id] = None

    def _restore(self, memory: DeskMemory) -> None:
        recall(self.ledger, memory.ledger)
        for venue, amount in missing_capital(self.ledger, self._bankroll).items():
            self.ledger.deposit(venue, amount)
        self._words.recall(memory.ledger.orders)
        self._memory = memory
        self._packages = {request.id: request for request in memory.packages}
        self._conversions = {words[0].conversion_id: [*words] for words in memory.conversions}
        self._cooled, self._mischarged = dict(memory.cooled), dict.fromkeys(memory.mischarged)


def missing_capital(ledger: Ledger, bankroll: dict[str, Money]) -> dict[str, Money]:
    """What must be put in, or taken out, so that each venue has its part of the bankroll."""
    there = ledger.capital()
    differences = {venue: amount - there.get(venue, 0) for venue, amount in bankroll.items()}
    return {venue: Money(amount) for venue, amount in differences.items() if amount}


def resumption(memory: DeskMemory, live_venues: Iterable[str]) -> Iterator[Message]:
    """What follows from beginning anew: the last words of paper orders, the ends of packages."""
    orders = [order for words in memory.ledger.orders if (order := order_of(words)) is not None]
    for order in orders:
        if venue_of(order.placed.market) not in live_venues:
            yield from paper_ends(order)
    halted = 0
    for request in memory.packages:
        package = Package(request, [])
        for order in orders:
            if order.placed.package_id == request.id:
                package.orders[order.placed.order_id] = (leg_of(request, order), order)
        is_uneven = not package.is_level() or not package.is_at_rest()
        if is_uneven:
            words = f"the desk ended while it was open: {package.residual_words()}"
            yield IncidentOpened(f"{request.id}/left", request.id, words)
        halted += is_uneven
        yield package.closed()
    yield from _never_left(memory.conversions)
    if halted:
        words = f"{halted} packages were not level when the desk ended: compare what is held"
        yield HaltRequested(EVERYWHERE, BY, words)


def _never_left(
    conversions: Iterable[tuple[ConversionWord, ...]],
) -> Iterator[ConversionRefused]:
    """Conversions that were asked for, perhaps signed, and not let go."""
    refusal = Refusal("NOT_SENT", "the desk ended before it left: nothing was sent")
    for words in conversions:
        if not any(isinstance(word, SendConversion) for word in words):
            yield ConversionRefused(words[0].conversion_id, refusal)


def paper_ends(order: Order) -> Iterator[OrderClosed | FillSettled]:
    """A paper order ends with what it had; what it filled is settled. The order learns it, too."""
    ends: list[OrderClosed | FillSettled] = []
    if not order.is_over:
        words = "the paper venue began anew"
        ends.append(OrderClosed(order.placed.order_id, order.matched(), words))
    ends += [
        FillSettled(order.placed.order_id, fill_id)
        for fill_id in order.fills
        if order.is_provisional(fill_id)
    ]
    for end in ends:
        order.apply(end)
        yield end


def leg_of(request: TradeRequest, order: Order) -> int:
    """Which leg of its package an order is of."""
    token = (order.placed.market, order.placed.outcome)
    return next(
        place for place, leg in enumerate(request.edge.legs) if (leg.market, leg.outcome) == token
    )
