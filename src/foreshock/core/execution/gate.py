"""May this order leave at this very moment? Asked after the record is durable, before the send.

Between a decision and its send the world moves: this looks once more, and at a live venue again
right before the write (`judge_again`, which counts no rate twice). Entries must pass every check.
Hedges and unwinds reduce risk, so halts and age do not stop them, their collar is measured from
the price they must meet, and they have room beyond the rates; only an exchange that is paused
altogether is sent nothing. Cancels always pass.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from foreshock.core.domain.edges import LegCost, Refusal
from foreshock.core.domain.gate_limits import GateLimits, collar_at, with_gate_limit
from foreshock.core.domain.market_facts import status_of
from foreshock.core.domain.markets import MarketId, MarketStatus
from foreshock.core.domain.messages.account import (
    VenueArmed,
    VenueConditionTold,
    VenueDisarmed,
    VenueStateChanged,
)
from foreshock.core.domain.messages.conversions import ConversionRefused, ConvertSets
from foreshock.core.domain.messages.decisions import (
    Halted,
    PackageClosed,
    PackageOpened,
    PairListed,
    PairUnlisted,
    Resumed,
)
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookLost,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
)
from foreshock.core.domain.messages.operations import ClockJudged, DeskStopping
from foreshock.core.domain.messages.risk import DeskRestored, LimitChanged, VenueHealthChanged
from foreshock.core.domain.messages.trading import Command, PlaceOrder, SendRefused
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import (
    NOTHING,
    Instant,
    Money,
    format_micros,
    span_text,
)
from foreshock.core.domain.venue_states import VenueStates
from foreshock.core.execution.conversion_rules import may_leave
from foreshock.core.execution.planning import REACH_MAX
from foreshock.core.execution.rates import Rates, worth
from foreshock.core.pricing.depth import demand, offers

EVERYWHERE = "all"
REDUCING_ROOM = 2
"""Orders that reduce risk may go to this many times the rates: a fuse, but a wider one."""


class Gate:
    """Hears halts, stopped pairs and books; the shell asks `judge`, which counts what it let go."""

    name = "gate"
    hears = frozenset({
        BookChanged,
        BookLost,
        MarketListed,
        MarketStatusChanged,
        MarketResolved,
        Halted,
        Resumed,
        PairUnlisted,
        PairListed,
        PackageOpened,
        PackageClosed,
        VenueArmed,
        VenueDisarmed,
        VenueStateChanged,
        VenueConditionTold,
        ClockJudged,
        DeskStopping,
        VenueHealthChanged,
        LimitChanged,
        DeskRestored,
    })

    def __init__(self, limits: GateLimits, live_venues: Iterable[str] = ()) -> None:
        self.limits = limits
        self.venues = VenueStates(live_venues)
        self.halted: dict[str, Halted] = {}
        self.books: dict[MarketId, BookChanged] = {}
        self.statuses: dict[MarketId, MarketStatus] = {}
        self.stopped: dict[str, str] = {}
        self.pairs: dict[str, str] = {}
        self.package_legs: dict[str, tuple[LegCost, ...]] = {}
        self.stopping: str | None = None
        self.health: dict[str, VenueHealthChanged] = {}
        self.rates = Rates()

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        """Only listens."""
        if type(message) is BookChanged:
            self.books[message.market] = message
            return ()
        match message:
            case BookLost(market=market):
                self.books.pop(market, None)
            case Halted(scope=scope):
                self.halted[scope] = message
            case Resumed(scope=scope):
                self.halted.pop(scope, None)
            case DeskStopping(reason=reason):
                self.stopping = reason
            case VenueHealthChanged() | DeskRestored() | LimitChanged():
                self._hear_risk(message)
            case _:
                self.venues.hear(message)
                self._hear_market(message)
                self._hear_pair(message)
        return ()

    def _hear_market(self, message: Message) -> None:
        """A market may close between the decision and the send."""
        match message:
            case MarketListed() | MarketStatusChanged() | MarketResolved():
                market, status = status_of(message)
                self.statuses[market] = status
            case _:
                pass

    def _hear_risk(self, message: VenueHealthChanged | DeskRestored | LimitChanged) -> None:
        """How far venues are relied on, other limits, and what left before a restart."""
        match message:
            case VenueHealthChanged(venue=venue):
                self.health[venue] = message
            case DeskRestored(memory=memory):
                self.rates.recall(memory.ledger.orders)
            case LimitChanged(key=key, after=after):
                self.limits = with_gate_limit(self.limits, key.removeprefix("gate."), after)

    def _hear_pair(self, message: Message) -> None:
        """Which pairs take part no longer; of which pair and venues each open package is."""
        match message:
            case PairUnlisted(pair_id=pair_id, reason=reason):
                self.stopped[pair_id] = reason
            case PairListed(pair=pair):
                self.stopped.pop(pair.id, None)
            case PackageOpened(package_id=package_id, request=request):
                self.pairs[package_id] = request.edge.pair_id
                self.package_legs[package_id] = request.edge.legs
            case PackageClosed(package_id=package_id):
                self.pairs.pop(package_id, None)
                self.package_legs.pop(package_id, None)
                self.rates.forget(package_id)
            case _:
                pass

    def judge(self, command: Command, now_us: Instant) -> SendRefused | None:
        """Why a command may not leave now; None lets it go and counts it."""
        if not isinstance(command, PlaceOrder):
            return None
        refused = self.judge_again(command, now_us) or self._refusal(command, RATE_CHECKS, now_us)
        if refused is None:
            self.rates.add(command, now_us, other_legs(self, command))
        return refused

    def judge_again(self, order: PlaceOrder, now_us: Instant) -> SendRefused | None:
        """Why an order that was let go may not leave after all; the rates have counted it."""
        checks = ENTRY_CHECKS if order.purpose == "enter" else REDUCING_CHECKS
        return self._refusal(order, checks, now_us)

    def judge_conversion(self, command: ConvertSets, now_us: Instant) -> ConversionRefused | None:
        """Why a conversion that is on record may not leave after all."""
        venue = venue_of(command.market)
        refusal = may_leave(self.halted, self.venues, self.stopping, venue, now_us)
        return None if refusal is None else ConversionRefused(command.conversion_id, refusal)

    def _refusal(
        self, order: PlaceOrder, checks: tuple[tuple[str, "Check"], ...], now_us: Instant
    ) -> SendRefused | None:
        for code, check in checks:
            words = check(self, order, now_us)
            if words is not None:
                return SendRefused(order.order_id, Refusal(code, words))
        return None


Check: TypeAlias = Callable[[Gate, PlaceOrder, Instant], str | None]


def not_halted(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    for scope in (EVERYWHERE, venue_of(order.market)):
        if scope in gate.halted:
            return f"{scope} was halted by {gate.halted[scope].by}: {gate.halted[scope].reason}"
    return None


def not_stopping(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    """A desk that ends finishes what is open and begins nothing."""
    return None if gate.stopping is None else f"the desk ends: {gate.stopping}"


def pair_takes_part(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    """Between decision and send a venue may have changed the rules of one side."""
    return gate.stopped.get(gate.pairs.get(order.package_id, ""))


def armed(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    """Of the whole package: a hedge passes at an unarmed venue, so it must not come to one."""
    return _first(gate.venues.armed_words(venue, now_us) for venue in _venues(gate, order))


def reconciled(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    return _first(map(gate.venues.state_words, _venues(gate, order)))


def venues_willing(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    """What an entry opens must be closed at the other venues of its package."""
    return _first(map(gate.venues.condition_words, _venues(gate, order)))


def clocks_agree(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    return _first(map(gate.venues.clock_words, _venues(gate, order)))


def venues_healthy(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    for venue in _venues(gate, order):
        told = gate.health.get(venue)
        if told is not None and told.health != "active":
            return f"{venue} is {told.health}: {told.reason}"
    return None


def venue_alive(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    """Nothing is sent to where nothing comes from: only cancels are."""
    told = gate.health.get(venue_of(order.market))
    if told is None or told.health != "halted":
        return None
    return f"{told.venue} is halted: {told.reason}"


def venue_awake(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    """While an exchange is paused nothing is sent: it could only fail, or be in doubt."""
    return gate.venues.paused_words(venue_of(order.market))


def decided_recently(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    age = now_us - order.decided_us
    if age > gate.limits.decision_age_max:
        most = span_text(gate.limits.decision_age_max)
        return f"decided {span_text(age)} ago, at most {most}"
    return None


def market_open(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    status = gate.statuses.get(order.market, "open")
    return None if status == "open" else f"{order.market} is {status}"


def book_there(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    book = gate.books.get(order.market)
    if book is None:
        return f"{order.market} has no book"
    return None if book.quality == "live" else f"the book of {order.market} is {book.quality}"


def book_same(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    epoch = gate.books[order.market].epoch
    if epoch != order.book_epoch:
        return f"{order.market}: epoch {epoch}, decided on {order.book_epoch}"
    return None


def book_fresh(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    age = now_us - gate.books[order.market].recv_us
    if age > gate.limits.book_age_max:
        most = span_text(gate.limits.book_age_max)
        return f"{order.market}: book age {span_text(age)}, at most {most}"
    return None


def near_mid(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    """The limit of an entry lies within the collar around the own mid."""
    book = gate.books[order.market]
    bids, asks = demand(book, order.outcome), offers(book, order.outcome)
    if not bids or not asks:
        return f"{order.market} has no mid"
    mid = (bids[0][0] + asks[0][0]) // 2
    return _beyond(order, mid, collar_at(gate.limits, mid))


def near_market(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    """The limit of a reducing order lies within the collar beyond the price it must meet.

    A collar tighter than what hedges and unwinds reach would leave a leg open, and without a book
    nothing can be measured: being stuck with one leg is the greater danger.
    """
    book = gate.books.get(order.market)
    if book is None:
        return None
    bids, asks = demand(book, order.outcome), offers(book, order.outcome)
    met = asks if order.action == "buy" else bids
    if not met:
        return None
    mid = (bids[0][0] + asks[0][0]) // 2 if bids and asks else met[0][0]
    farther = max if order.action == "buy" else min
    collar = max(REACH_MAX, collar_at(gate.limits, mid))
    return _beyond(order, farther(mid, met[0][0]), collar)


def few_orders(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    count_max = gate.limits.orders_per_minute_max * _room(order)
    return gate.rates.too_many(venue_of(order.market), count_max, now_us)


def little_notional(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    venue = venue_of(order.market)
    return gate.rates.too_much(venue, worth(order), _dollars(gate, venue, _room(order)), now_us)


def hedge_fits(gate: Gate, order: PlaceOrder, now_us: Instant) -> str | None:
    """An entry leaves room for what closes it: no limit of ours may leave a leg alone."""
    if order.purpose != "enter":
        return None
    for leg in other_legs(gate, order):
        others = gate.rates.expected(leg.venue, order.package_id)
        own = worth(order) if leg.venue == venue_of(order.market) else 0
        amount = Money(leg.cost + own + sum(others))
        count_max = gate.limits.orders_per_minute_max * REDUCING_ROOM - len(others)
        words = gate.rates.too_many(leg.venue, count_max, now_us) or gate.rates.too_much(
            leg.venue, amount, _dollars(gate, leg.venue, REDUCING_ROOM), now_us
        )
        if words is not None:
            return f"its hedge at {leg.venue} would not fit: {words}"
    return None


ENTRY_CHECKS: tuple[tuple[str, Check], ...] = (
    ("HALTED", not_halted),
    ("STOPPING", not_stopping),
    ("PAIR_STOPPED", pair_takes_part),
    ("NOT_ARMED", armed),
    ("NOT_RECONCILED", reconciled),
    ("VENUE_CONDITION", venues_willing),
    ("CLOCK_SKEW", clocks_agree),
    ("VENUE_HEALTH", venues_healthy),
    ("STALE_DECISION", decided_recently),
    ("MARKET_NOT_OPEN", market_open),
    ("BOOK_LOST", book_there),
    ("BOOK_CHANGED", book_same),
    ("STALE_PRICE", book_fresh),
    ("PRICE_COLLAR", near_mid),
)
REDUCING_CHECKS: tuple[tuple[str, Check], ...] = (
    ("VENUE_PAUSED", venue_awake),
    ("VENUE_HEALTH", venue_alive),
    ("PRICE_COLLAR", near_market),
)
RATE_CHECKS: tuple[tuple[str, Check], ...] = (
    ("ORDER_RATE", few_orders),
    ("NOTIONAL_RATE", little_notional),
    ("HEDGE_RATE", hedge_fits),
)


def other_legs(gate: Gate, order: PlaceOrder) -> list[LegCost]:
    """The legs of its package that an order does not work on."""
    legs, own = gate.package_legs.get(order.package_id, ()), (order.market, order.outcome)
    return [leg for leg in legs if (leg.market, leg.outcome) != own]


def _venues(gate: Gate, order: PlaceOrder) -> tuple[str, ...]:
    """An entry needs every venue of its package."""
    legs = gate.package_legs.get(order.package_id, ())
    return (venue_of(order.market), *(leg.venue for leg in legs))


def _first(words: Iterable[str | None]) -> str | None:
    return next((said for said in words if said is not None), None)


def _beyond(order: PlaceOrder, reference: int, collar: int) -> str | None:
    """Why a limit is too far from a reference on the side that costs; None when it is not."""
    distance = order.limit - reference if order.action == "buy" else reference - order.limit
    if distance <= collar:
        return None
    return (
        f"limit ${format_micros(order.limit, 2)} is ${format_micros(distance, 2)} beyond"
        f" ${format_micros(reference, 2)}, at most ${format_micros(collar, 2)}"
    )


def _dollars(gate: Gate, venue: str, room: int) -> Money:
    return Money(gate.limits.notional_per_minute_max.get(venue, NOTHING) * room)


def _room(order: PlaceOrder) -> int:
    return 1 if order.purpose == "enter" else REDUCING_ROOM
