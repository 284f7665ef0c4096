"""Both legs, or neither: how is each approved package brought to its end?

One order at a time, and none while an earlier one can still trade: legs in the order of the edge,
each later leg sized to what the earlier ones really filled. A deadline moves nothing: it asks for
a cancel and asks again, ever less often and `len(DEADLINES)` times in all, because silence does not
prove that an order did not trade: it stays unknown, with an incident open.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.account import FeesVaried
from foreshock.core.domain.messages.decisions import (
    IncidentOpened,
    PackageMoved,
    PackageOpened,
    PackageState,
    TradeApproved,
)
from foreshock.core.domain.messages.market_data import BookChanged, GridChanged, MarketListed
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.messages.risk import LimitChanged
from foreshock.core.domain.messages.trading import (
    CancelOrder,
    FillReverted,
    FillSettled,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderRejected,
    OrderUnknown,
    PlaceOrder,
    SendRefused,
    SetTimer,
    TimerFired,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import Order, OrderFact
from foreshock.core.domain.units import (
    NOTHING,
    Duration,
    Instant,
    Money,
    Price,
    Rounding,
    notional,
    span_text,
)
from foreshock.core.domain.unwinding import UnwindLimits
from foreshock.core.execution.incident_words import dust_words, fate_words
from foreshock.core.execution.package import COMPLETIONS_MAX, Package, PackageEvent
from foreshock.core.execution.planning import Plan, completion, evening, regridded, signable
from foreshock.core.execution.triggers import Triggers

NAME = "executor"
DEADLINES = (
    Duration(250_000),
    Duration(750_000),
    Duration(2_000_000),
    Duration(4_000_000),
    Duration(8_000_000),
    Duration(15_000_000),
    Duration(30_000_000),
    Duration(60_000_000),
)
"""From one look at an unanswered order to the next: cancel at 250 ms, incident at 1,000 ms."""
INCIDENT_AT = 1
HUMAN_AT = 5
"""The look at 30 s: by then a person must know."""
COMPLETION_PAUSES = (Duration(100_000), Duration(200_000), Duration(500_000))
UNWIND_PAUSES = (*COMPLETION_PAUSES, Duration(1_000_000), Duration(2_000_000))
SETTLEMENT_ALARM = Duration(60_000_000)
SETTLEMENT_ALARMS_MAX = 60
MOVES_MAX = 50
"""Moves of one package in answer to one message."""

Answers = Iterable[Message]
Handler = Callable[[Any, Instant], Answers]
"""One kind of message each; the key it stands under says which."""
Action = Callable[[Package, Instant], Answers]
"""What entering or staying in a state does."""


class Timer(msgspec.Struct, frozen=True):
    """What a running timer is about: an order's deadline, or a package's pause or settlement."""

    package_id: str
    order_id: str | None
    count: int
    is_settlement: bool = False


class ExecutorSettings(msgspec.Struct, frozen=True):
    """fee_variance_max: how much more than quoted a contract may cost before its pair stops.

    unwind: when a package is given up; None: only when it was tried often enough. dust_max: how
    much can be lost by what packages left unhedged, all together, before both venues halt; 0:
    whatever is left halts. clip_max: the most one order may cost, fees aside; 0: anything.
    """

    fee_variance_max: Price = Price(10_000)
    unwind: UnwindLimits | None = None
    dust_max: Money = NOTHING
    clip_max: Money = NOTHING


class Executor:
    """Drives each approved package to hedged, missed, unwound or residual."""

    name = NAME

    def __init__(self, settings: ExecutorSettings | None = None) -> None:
        self._settings = settings or ExecutorSettings()
        self._books: dict[MarketId, BookChanged] = {}
        self._markets: dict[MarketId, Market] = {}
        self._packages: dict[str, Package] = {}
        self._owners: dict[str, str] = {}
        self._timers: dict[str, Timer] = {}
        self._dust: dict[str, Money] = {}
        self._triggers = Triggers(self._settings.unwind)
        self._handlers = self._routes()
        self.hears = frozenset((BookChanged, *self._handlers))
        self._actions: dict[PackageState, Action] = {
            "second_leg": self._complete,
            "unwinding": self._unwind,
            "settling": self._await_settlement,
            "stuck": self._give_up,
            "closed": self._close,
        }

    def handle(self, message: Message, now_us: Instant) -> Answers:
        """Answer a message; a book costs one dictionary entry."""
        if type(message) is BookChanged:
            self._books[message.market] = message
            packages = self._triggers.concerned(message.market)
            return self._heed(packages, now_us) if packages else ()
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    def _routes(self) -> dict[type[Message], Handler]:
        facts = (OrderAccepted, OrderFilled, FillSettled, FillReverted, OrderClosed)
        ends = (OrderRejected, OrderUnknown, SendRefused)
        return {
            **dict.fromkeys((*facts, *ends), self._hear),
            TradeApproved: self._open,
            TimerFired: self._fire,
            MarketListed: self._list_market,
            GridChanged: self._change_grid,
            LimitChanged: self._change_limit,
            ResumeRequested: self._forget_dust,
        }

    def _open(self, approved: TradeApproved, now_us: Instant) -> Iterator[Message]:
        request = approved.request
        if request.id in self._packages:
            return
        package = Package(request, [self._market(leg.market) for leg in request.edge.legs])
        self._packages[package.id] = package
        self._triggers.open(package)
        yield PackageOpened(package.id, request)
        first = request.edge.legs[0]
        plan = Plan(0, "buy", first.limit, request.edge.quantity, "enter")
        yield from self._send(package, plan, now_us)

    def _hear(self, fact: OrderFact, now_us: Instant) -> Iterator[Message]:
        package = self._packages.get(self._owners.get(fact.order_id, ""))
        if package is None:
            return
        order = package.orders[fact.order_id][1]
        change = order.apply(fact)
        package.watch_naked(now_us)
        if change is not None and change.after == "reverted":
            yield from self._reopen(package)
        yield from self._triggers.heed(package, self._books, now_us)
        yield from self._advance(package, now_us)

    def _heed(self, packages: Iterable[Package], now_us: Instant) -> Iterator[Message]:
        """A book of their legs moved: is completing them still the better way?"""
        for package in packages:
            advised = [*self._triggers.heed(package, self._books, now_us)]
            if advised:
                yield from advised
                yield from self._advance(package, now_us)

    def _fire(self, fired: TimerFired, now_us: Instant) -> Iterator[Message]:
        timer = self._timers.pop(fired.timer_id, None)
        package = None if timer is None else self._packages.get(timer.package_id)
        if timer is None or package is None:
            return
        if timer.order_id is not None:
            yield from self._chase(package, package.orders[timer.order_id][1], timer.count)
        elif timer.is_settlement:
            yield from self._alarm_settlement(package, timer.count)
        else:
            package.is_resting = False
            package.rested = True
            yield from self._advance(package, now_us)

    def _list_market(self, listed: MarketListed, now_us: Instant) -> Answers:
        self._markets[listed.market.id] = listed.market
        return ()

    def _change_grid(self, changed: GridChanged, now_us: Instant) -> Answers:
        market = self._markets.get(changed.market)
        if market is not None:
            self._markets[changed.market] = regridded(market, changed.grid)
        return ()

    def _change_limit(self, changed: LimitChanged, now_us: Instant) -> Answers:
        self._triggers.change(changed)
        return ()

    def _market(self, market: MarketId) -> Market:
        if market not in self._markets:
            raise InvariantError(f"an approved package trades the unlisted market {market}")
        return self._markets[market]

    def _reopen(self, package: Package) -> Iterator[Message]:
        if package.state in {"settling", "stuck", "unwinding"}:
            yield from self._move(package, "reverted")
        if package.state == "second_leg":
            package.reopen()

    def _advance(self, package: Package, now_us: Instant) -> Iterator[Message]:
        """Follow the events until an order, a pause or the end is reached."""
        for _ in range(MOVES_MAX):
            event = package.next_event()
            if event is None:
                return
            yield from self._move(package, event)
            yield from self._actions[package.state](package, now_us)
        raise InvariantError(f"package {package.id} does not come to rest")

    def _move(self, package: Package, event: PackageEvent) -> Iterator[Message]:
        if package.move(event):
            package.rested = False
            yield PackageMoved(package.id, package.state, event)

    def _complete(self, package: Package, now_us: Instant) -> Iterator[Message]:
        """Buy the first leg that is short, or lower the target when it was tried often enough."""
        leg = package.short_leg()
        if leg is None:
            return
        if leg != package.completing_leg:
            package.completing_leg, package.completions_count = leg, 0
        if package.completions_count >= COMPLETIONS_MAX:
            package.target = package.held(leg)
        elif package.completions_count and not package.rested:
            pause = COMPLETION_PAUSES[package.completions_count - 1]
            yield self._rest(package, pause)
        else:
            package.completions_count += 1
            yield from self._try(package, completion(package, leg, self._books), now_us)

    def _unwind(self, package: Package, now_us: Instant) -> Iterator[Message]:
        """Even the legs out on the cheaper side."""
        if package.awaits_settlement():
            yield from self._try(package, evening(package, self._books), now_us)
            yield self._set_alarm(package, 0)
        elif package.unwinds_count and not package.rested:
            yield self._rest(package, UNWIND_PAUSES[package.unwinds_count - 1])
        else:
            package.unwinds_count += 1
            yield from self._try(package, evening(package, self._books), now_us)

    def _try(self, package: Package, plan: Plan | None, now_us: Instant) -> Iterator[Message]:
        package.rested = False
        if plan is not None:
            yield from self._send(package, plan, now_us)

    def _rest(self, package: Package, pause: Duration) -> SetTimer:
        package.is_resting = True
        attempts = f"{len(package.orders)}.{package.completions_count}.{package.unwinds_count}"
        return self._set_timer(f"{package.id}/pause/{attempts}", pause, Timer(package.id, None, 0))

    def _send(self, package: Package, plan: Plan, now_us: Instant) -> Iterator[Message]:
        plan = signable(plan, package.markets[plan.leg], self._settings.clip_max)
        leg = package.edge.legs[plan.leg]
        book = self._books.get(leg.market)
        is_entry = plan.purpose == "enter" or book is None
        order = PlaceOrder(
            order_id=f"{package.id}/{plan.leg}.{len(package.orders)}",
            package_id=package.id,
            market=leg.market,
            outcome=leg.outcome,
            action=plan.action,
            limit=plan.limit,
            quantity=plan.quantity,
            time_in_force="ioc",
            purpose=plan.purpose,
            edge_id=package.edge.id,
            book_epoch=leg.book_epoch if is_entry or book is None else book.epoch,
            decided_us=now_us,
        )
        package.add(plan.leg, order)
        self._owners[order.order_id] = package.id
        yield order
        yield self._set_deadline(package, order.order_id, 0)

    def _set_deadline(self, package: Package, order_id: str, count: int) -> SetTimer:
        timer = Timer(package.id, order_id, count)
        return self._set_timer(f"{order_id}/deadline/{count}", DEADLINES[count], timer)

    def _set_timer(self, timer_id: str, after: Duration, timer: Timer) -> SetTimer:
        self._timers[timer_id] = timer
        return SetTimer(timer_id, after)

    def _chase(self, package: Package, order: Order, count: int) -> Iterator[Message]:
        """An order has no final word yet: ask to cancel it, which also asks what became of it."""
        if order.is_over:
            return
        placed = order.placed
        order.ask_cancel()
        if count == 0:
            yield OrderUnknown(placed.order_id, f"no final word for {span_text(DEADLINES[0])}")
        yield CancelOrder(placed.order_id, placed.market)
        if count in {INCIDENT_AT, HUMAN_AT}:
            name = f"{placed.order_id}/{'unknown' if count == INCIDENT_AT else 'unresolved'}"
            yield IncidentOpened(name, placed.order_id, fate_words(order))
        if count + 1 < len(DEADLINES):
            yield self._set_deadline(package, placed.order_id, count + 1)

    def _await_settlement(self, package: Package, now_us: Instant) -> Iterator[Message]:
        if package.next_event() is None:
            yield self._set_alarm(package, 0)

    def _set_alarm(self, package: Package, count: int) -> SetTimer:
        timer = Timer(package.id, None, count, is_settlement=True)
        timer_id = f"{package.id}/settlement/{len(package.orders)}.{count}"
        return self._set_timer(timer_id, SETTLEMENT_ALARM, timer)

    def _alarm_settlement(self, package: Package, count: int) -> Iterator[Message]:
        """Fills are provisional for too long: tell a person, and ask what became of the orders."""
        waiting = [o.placed for _, o in package.orders.values() if not o.is_final]
        if package.state not in {"settling", "stuck", "unwinding"} or not waiting:
            return
        if count == 0:
            words = f"fills are still provisional after {span_text(SETTLEMENT_ALARM)}"
            yield IncidentOpened(f"{package.id}/settlement", package.id, words)
        for placed in waiting:
            yield CancelOrder(placed.order_id, placed.market)
        if count + 1 < SETTLEMENT_ALARMS_MAX:
            yield self._set_alarm(package, count + 1)

    def _give_up(self, package: Package, now_us: Instant) -> Iterator[Message]:
        package.incidents_count += 1
        incident_id = f"{package.id}/residual/{package.incidents_count}"
        self._dust[package.id] = package.residual_worst()
        words = dust_words(package)
        yield IncidentOpened(incident_id, package.id, words)
        dust_max = self._settings.dust_max
        if not dust_max or sum(self._dust.values()) > dust_max:
            for venue in dict.fromkeys(leg.venue for leg in package.edge.legs):
                yield HaltRequested(venue, NAME, f"package {package.id} {words}")
        yield from self._await_settlement(package, now_us)

    def _forget_dust(self, request: ResumeRequested, now_us: Instant) -> Answers:
        """A person has seen what was left: what is left from now on counts anew."""
        self._dust.clear()
        return ()

    def _close(self, package: Package, now_us: Instant) -> Iterator[Message]:
        del self._packages[package.id]
        self._triggers.close(package)
        for order_id in package.orders:
            del self._owners[order_id]
        yield from fees_varied(package, self._settings.fee_variance_max)
        yield package.closed()


def fees_varied(package: Package, variance_max: Price) -> Iterator[Message]:
    """Every difference between the fees charged and those quoted; of a large one a person is told.

    variance_max: how much more a contract may cost in fees before its pair stops.
    """
    for leg, quoted in enumerate(package.edge.legs):
        share, charged, bought = package.fees_of(leg)
        if charged == share:
            continue
        is_tolerated = charged - share <= notional(variance_max, bought, Rounding.DOWN)
        pair_id = package.edge.pair_id
        yield FeesVaried(package.id, pair_id, quoted.market, share, charged, is_tolerated)
        if not is_tolerated:
            words = f"{quoted.market} charged {charged} millionths in fees, quoted were {share}"
            yield IncidentOpened(f"{package.id}/fees/{leg}", pair_id, words)
