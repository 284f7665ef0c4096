"""What would the venues have answered? Fills on paper, against the books that were observed.

An order meets the book that stands half a latency after it was sent, takes what rests there within
its limit at the levels' own prices, and is answered when the latency is over. What it took stays
taken: of each level only what is displayed beyond our own takings can be had, and a taking is
forgotten only as far as the level shrinks or vanishes. So the same displayed contracts never fill
twice, and contracts that the market really took are sometimes counted against us as well.

What paper cannot know: our orders move nobody here, and nobody races us for what is displayed.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import TypeAlias

import msgspec

from foreshock.core.domain.books import BOOK_LEVELS_MAX, Level, Levels
from foreshock.core.domain.markets import FeeTerms, Market, MarketId, least_order
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookLost,
    FeeChanged,
    GridChanged,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
)
from foreshock.core.domain.messages.trading import (
    CancelOrder,
    FillReverted,
    FillSettled,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderRejected,
    PlaceOrder,
    VenueCommand,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import (
    MICRO,
    NOTHING,
    Duration,
    Instant,
    Money,
    Price,
    Quantity,
    complement,
)
from foreshock.core.pricing.fees import FeePacks, FeeUnknown, Fill, FillFee, fill_fee

STORIES_MAX = 10_000
"""Orders whose answers are kept for asking again; the oldest are forgotten first."""
JITTER_PPM = 250_000
"""Latencies vary by up to a quarter either way."""

FeeOf: TypeAlias = Callable[[str, FeeTerms | None, Fill, Instant, Money], FillFee | FeeUnknown]
"""Fee of one fill: venue, terms, fill, instant, what the order carries from its fill before."""
Story: TypeAlias = list[tuple[Instant, Message]]


class PaperTerms(msgspec.Struct, frozen=True, kw_only=True):
    """How one venue answers on paper.

    latency: from sending to the answer. settlement: from a provisional fill to its end; None when
    fills are final at once. The faults are chances in millionths: an answer that never comes, one
    that comes late_by later, a provisional fill that is reverted.
    """

    latency: Duration
    settlement: Duration | None
    seed: int = 0
    silent_ppm: int = 0
    late_ppm: int = 0
    late_by: Duration = Duration(2_000_000)
    revert_ppm: int = 0


class PaperVenue:
    """All venues of the desk on paper. An order id sent twice is one order, told twice."""

    def __init__(self, terms: Mapping[str, PaperTerms], fee_of: FeeOf) -> None:
        self._terms = terms
        self._fee_of = fee_of
        self._markets: dict[MarketId, Market] = {}
        self._books: dict[MarketId, BookChanged] = {}
        self._taken: dict[tuple[MarketId, bool], dict[Price, Quantity]] = {}
        self._arrivals: list[tuple[Instant, int, PlaceOrder | CancelOrder]] = []
        self._answers: list[tuple[Instant, int, Message]] = []
        self._stories: dict[str, Story] = {}
        self._count = 0

    def observe(self, message: Message, now_us: Instant) -> None:
        """See what the desk sees. Orders that arrived before it meet the world before it."""
        if self._arrivals and self._arrivals[0][0] <= now_us:
            self._arrive(now_us)
        if type(message) is BookChanged:
            self._books[message.market] = message
            self._forget_taken(message)
        else:
            self._learn(message)

    def perform(self, command: VenueCommand, now_us: Instant) -> None:
        """Take a command under way; it arrives half a latency from now."""
        if not isinstance(command, PlaceOrder | CancelOrder):
            return
        at_us = Instant(now_us + self._half_latency(command, "out"))
        heapq.heappush(self._arrivals, (at_us, self._next_count(), command))

    def due(self, now_us: Instant) -> Iterable[Message]:
        """Answers that have arrived by now, oldest first; each is returned once."""
        self._arrive(now_us)
        answers: list[Message] = []
        while self._answers and self._answers[0][0] <= now_us:
            answers.append(heapq.heappop(self._answers)[2])
        return answers

    def next_due_us(self) -> Instant | None:
        """When something happens next; None when nothing is under way."""
        heads = [heap[0][0] for heap in (self._arrivals, self._answers) if heap]
        return min(heads) if heads else None

    def _learn(self, message: Message) -> None:
        match message:
            case BookLost(market=market):
                self._books.pop(market, None)
            case MarketListed(market=market):
                self._markets[market.id] = market
            case MarketStatusChanged(market=market):
                self._change(market, status=message.status)
            case MarketResolved(market=market):
                self._change(market, status="settled")
            case FeeChanged(market=market):
                self._change(market, fee=message.fee)
            case GridChanged(market=market):
                self._change(market, grid=message.grid)
            case _:
                pass

    def _change(self, market: MarketId, **fields: object) -> None:
        known = self._markets.get(market)
        if known is not None:
            self._markets[market] = msgspec.structs.replace(known, **fields)

    def _forget_taken(self, book: BookChanged) -> None:
        for is_ask, levels in ((False, book.bids), (True, book.asks)):
            taken = self._taken.get((book.market, is_ask))
            if taken:
                kept = still_taken(taken, levels, is_ask=is_ask)
                self._taken[book.market, is_ask] = kept

    def _arrive(self, now_us: Instant) -> None:
        while self._arrivals and self._arrivals[0][0] <= now_us:
            at_us, _, command = heapq.heappop(self._arrivals)
            if isinstance(command, PlaceOrder) and command.order_id not in self._stories:
                self._remember(command.order_id, self._meet(command, at_us))
            self._tell(command, at_us)

    def _remember(self, order_id: str, story: Story) -> None:
        if len(self._stories) >= STORIES_MAX:
            del self._stories[next(iter(self._stories))]
        self._stories[order_id] = story

    def _tell(self, command: PlaceOrder | CancelOrder, at_us: Instant) -> None:
        """Queue all that is to be said of an order; a cancel asks for its whole story again.

        Orders take or die on arrival, so there is never anything left to cancel.
        """
        terms = self._terms[venue_of(command.market)]
        key = f"{command.order_id}#{self._next_count()}"
        if chance(terms, key, "silent") < terms.silent_ppm:
            return
        answer_us = at_us + self._half_latency(command, "back")
        if chance(terms, key, "late") < terms.late_ppm:
            answer_us += terms.late_by
        for told_us, message in self._stories.get(command.order_id, ()):
            due_us = Instant(max(answer_us, told_us))
            heapq.heappush(self._answers, (due_us, self._next_count(), message))

    def _meet(self, order: PlaceOrder, at_us: Instant) -> Story:
        """What happens to an order that arrives now."""
        reason = self._reject_reason(order)
        if reason is not None:
            return [(at_us, OrderRejected(order.order_id, reason))]
        takings = self._takings(order)
        total = Quantity(sum(quantity for _, quantity in takings))
        if order.time_in_force == "fok" and total < order.quantity:
            takings, total = (), Quantity(0)
        fills = self._fills(order, takings, at_us)
        if fills is None:
            return [(at_us, OrderRejected(order.order_id, "the fee of this market is unknown"))]
        self._take(order, takings)
        word = "filled" if total == order.quantity else "killed: nothing more within the limit"
        told: list[Message] = [OrderAccepted(order.order_id, f"paper-{order.order_id}")]
        told += [*fills, OrderClosed(order.order_id, total, word)]
        return [*((at_us, message) for message in told), *self._settlements(order, fills, at_us)]

    def _reject_reason(self, order: PlaceOrder) -> str | None:
        market, book = self._markets.get(order.market), self._books.get(order.market)
        if market is None:
            return "unknown market"
        complaints = (
            (market.status != "open", f"market is {market.status}"),
            (book is None, "no book was observed"),
            (book is not None and book.quality != "live", "the observed book is not live"),
            (order.time_in_force == "gtc", "on paper orders only take: ioc or fok"),
            (not market.grid.accepts(yes_price(order, order.limit)), "price off the grid"),
            (order.quantity % market.quantity_step != 0, "quantity off the lot size"),
            (
                order.quantity < max(1, least_order(market, order.action)),
                "quantity below the minimum",
            ),
        )
        return next((words for is_wrong, words in complaints if is_wrong), None)

    def _takings(self, order: PlaceOrder) -> Levels:
        """What the order gets: YES prices and contracts, best first."""
        book = self._books[order.market]
        is_ask = takes_asks(order)
        taken = self._taken.get((order.market, is_ask), {})
        left, takings = order.quantity, list[Level]()
        for price, size in book.asks if is_ask else book.bids:
            own = yes_price(order, price)
            is_beyond = own > order.limit if order.action == "buy" else own < order.limit
            if is_beyond or not left:
                break
            piece = Quantity(min(left, size - taken.get(price, 0)))
            if piece > 0:
                takings.append((price, piece))
                left = Quantity(left - piece)
        return tuple(takings)

    def _take(self, order: PlaceOrder, takings: Levels) -> None:
        taken = self._taken.setdefault((order.market, takes_asks(order)), {})
        for price, quantity in takings:
            taken[price] = Quantity(taken.get(price, 0) + quantity)

    def _fills(
        self, order: PlaceOrder, takings: Levels, at_us: Instant
    ) -> list[OrderFilled] | None:
        """The fills with their fees, None when a fee is unknown."""
        venue, carried = venue_of(order.market), NOTHING
        terms = self._markets[order.market].fee
        is_provisional = self._terms[venue].settlement is not None
        fills: list[OrderFilled] = []
        for number, (level, quantity) in enumerate(takings):
            price = yes_price(order, level)
            fill = Fill(price, quantity, is_taker=True, action=order.action)
            charged = self._fee_of(venue, terms, fill, at_us, carried)
            if isinstance(charged, FeeUnknown):
                return None
            carried = charged.carried
            fill_id = f"{order.order_id}/{number}"
            fills.append(
                OrderFilled(order.order_id, fill_id, quantity, price, charged.fee, is_provisional)
            )
        return fills

    def _settlements(self, order: PlaceOrder, fills: list[OrderFilled], at_us: Instant) -> Story:
        terms = self._terms[venue_of(order.market)]
        if terms.settlement is None:
            return []
        end_us = Instant(at_us + terms.settlement)
        return [(end_us, settlement(terms, fill)) for fill in fills]

    def _half_latency(self, command: PlaceOrder | CancelOrder, way: str) -> Duration:
        terms = self._terms[venue_of(command.market)]
        drawn = chance(terms, f"{type(command).__name__} {command.order_id}", way)
        factor = MICRO - JITTER_PPM + 2 * JITTER_PPM * drawn // MICRO
        return Duration(terms.latency * factor // MICRO // 2)

    def _next_count(self) -> int:
        self._count += 1
        return self._count


def pack_fees(packs: FeePacks) -> FeeOf:
    """The venues' real fees, from the dated schedules."""

    def fee_of(
        venue: str, terms: FeeTerms | None, fill: Fill, at_us: Instant, carried: Money
    ) -> FillFee | FeeUnknown:
        return fill_fee(packs.get(venue), terms, fill, at_us, carried)

    return fee_of


def takes_asks(order: PlaceOrder) -> bool:
    """Whether an order meets the YES asks: buying YES does, and selling NO does too."""
    return (order.action == "buy") == (order.outcome == "yes")


def yes_price(order: PlaceOrder, price: Price) -> Price:
    """From a price of the order's outcome to one of YES, and back."""
    return price if order.outcome == "yes" else complement(price)


def still_taken(
    taken: Mapping[Price, Quantity], levels: Levels, *, is_ask: bool
) -> dict[Price, Quantity]:
    """What remains taken of each level of a newly observed side.

    A level that shrank below what we took keeps no more than it displays; one that vanished is
    forgotten; one that may merely lie deeper than the visible levels is kept.
    """
    sizes = dict(levels)
    deepest = levels[-1][0] if len(levels) >= BOOK_LEVELS_MAX else None
    kept: dict[Price, Quantity] = {}
    for price, quantity in taken.items():
        is_deeper = deepest is not None and (price > deepest if is_ask else price < deepest)
        remaining = quantity if is_deeper else min(quantity, sizes.get(price, Quantity(0)))
        if remaining:
            kept[price] = remaining
    return kept


def settlement(terms: PaperTerms, fill: OrderFilled) -> Message:
    """How a provisional fill ends."""
    if chance(terms, fill.fill_id, "revert") < terms.revert_ppm:
        return FillReverted(fill.order_id, fill.fill_id, "the match failed to settle")
    return FillSettled(fill.order_id, fill.fill_id)


def chance(terms: PaperTerms, key: str, what: str) -> int:
    """A number in 0..999,999 that follows from the seed and the words alone."""
    digest = blake2b(f"{terms.seed} {what} {key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % MICRO
