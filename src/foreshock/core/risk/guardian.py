"""Who decides whether a trade may be made? Judging a request and reserving its cost is one act.

The single writer of exposure and of halts. Nothing leaves the desk that it did not approve, and
what it approved counts against every limit until the package closes and its positions settle.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from foreshock.core.domain.gate_limits import GateLimits, with_gate_limit
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.memory import RiskMemory
from foreshock.core.domain.messages.account import (
    DustBooked,
    ExternalHeld,
)
from foreshock.core.domain.messages.conversions import ConversionClosed
from foreshock.core.domain.messages.decisions import (
    Halted,
    IncidentOpened,
    LimitsMeasured,
    PackageClosed,
    PositionSettled,
    Resumed,
    TradeApproved,
    TradeRefused,
    TradeRequest,
)
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    FeedMeasured,
)
from foreshock.core.domain.messages.operations import (
    DeskStarted,
    HaltRequested,
    ResumeRequested,
)
from foreshock.core.domain.messages.risk import (
    DeskRestored,
    LimitChanged,
    LimitChangeRequested,
    PositionsMeasured,
    RiskRemembered,
    RiskReviewed,
)
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
from foreshock.core.domain.orders import FillChange, Order, OrderFact
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import SECOND, Duration, Instant, format_micros
from foreshock.core.risk.exposure import budget_of
from foreshock.core.risk.facts import OBSERVED, Case, observe, opening_facts
from foreshock.core.risk.halts import BY_LEASE, EVERYWHERE, Rejects
from foreshock.core.risk.limit_changes import GATE, judge_change, values, with_limit
from foreshock.core.risk.limits import Limits
from foreshock.core.risk.position_facts import positions_measured
from foreshock.core.risk.position_risk import Measures
from foreshock.core.risk.rules import case_categories, judge
from foreshock.core.risk.stops import StopCode
from foreshock.core.risk.uses import limit_uses

NAME = "risk-guardian"
LOOK_EVERY = Duration(SECOND)
MEASURE_EVERY, MEASURE_CHANGED_EVERY = Duration(60 * SECOND), Duration(10 * SECOND)
"""What is held is measured as often as its prices are noted, and when something came or went."""
REVIEW_FIRST = "record a review (foreshock review), then resume"
REMEDIES: dict[StopCode, str] = {
    "WEEKLY_LOSS": "resume to go on",
    "MONTHLY_LOSS": REVIEW_FIRST,
    "DRAWDOWN": REVIEW_FIRST,
}
Answers = Iterable[Message]
Handler = Callable[[Any, Instant], Answers]
"""One kind of message each; the key it stands under says which."""


class RiskGuardian:
    """Approves by reserving capital, refuses by naming the rule, halts and resumes."""

    name = NAME

    def __init__(
        self,
        limits: Limits,
        live_venues: Iterable[str] = (),
        gate: GateLimits | None = None,
        measures: Measures | None = None,
    ) -> None:
        self._facts = opening_facts(limits, live_venues)
        self._gate_limits = gate
        self._rejects = Rejects(limits.identical_rejects_max)
        self._said: LimitsMeasured | None = None
        self._remembered: RiskMemory | None = None
        self._looked_us = Instant(0)
        self._is_heir = False
        self._inherited: set[tuple[MarketId, Outcome]] = set()
        self._measures = measures or Measures()
        self._positions: PositionsMeasured | None = None
        self._handlers = self._routes()
        self.hears = frozenset((BookChanged, *self._handlers))

    def handle(self, message: Message, now_us: Instant) -> Answers:
        """Answer a message; the frequent ones cost one dictionary entry."""
        if type(message) is BookChanged:
            self._facts.books[message.market] = message
            return ()
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    def _routes(self) -> dict[type[Message], Handler]:
        facts = (OrderFilled, FillSettled, FillReverted, OrderClosed, SendRefused, OrderUnknown)
        return {
            **dict.fromkeys(OBSERVED, self._observe),
            **dict.fromkeys((*facts, OrderAccepted), self._observe_order),
            FeedMeasured: self._observe_clocks,
            OrderRejected: self._count_reject,
            TradeRequest: self._judge,
            PlaceOrder: self._place,
            PackageClosed: self._release,
            PositionSettled: self._settle,
            HaltRequested: self._halt,
            ResumeRequested: self._resume,
            RiskReviewed: self._review,
            DeskRestored: self._restore,
            LimitChangeRequested: self._change_limit,
            LimitChanged: self._apply_limit,
            DeskStarted: self._measure,
            ConversionClosed: self._convert,
            ExternalHeld: self._count_external,
            DustBooked: self._book_dust,
        }

    def _observe(self, message: Message, now_us: Instant) -> Answers:
        """What only has to be known."""
        observe(self._facts, message, now_us)
        return ()

    def _judge(self, request: TradeRequest, now_us: Instant) -> Iterator[Message]:
        yield from self._look(now_us)
        refusal = judge(self._facts, request, now_us)
        if refusal is not None:
            yield TradeRefused(request, refusal)
            return
        self._file(request)
        yield TradeApproved(request, self._facts.exposure.reserve(request))
        yield from self._measure(request, now_us)

    def _file(self, request: TradeRequest) -> None:
        """Keep the category that a market has by its package."""
        terms = self._facts.terms
        case = Case(request, budget_of(request), Instant(0))
        for market, category in case_categories(self._facts, case).items():
            if market in terms:
                terms[market] = replace(terms[market], category=category)

    def _place(self, placed: PlaceOrder, now_us: Instant) -> Answers:
        self._facts.exposure.place(placed)
        self._facts.pending[placed.order_id] = venue_of(placed.market)
        return ()

    def _observe_order(self, fact: OrderFact, now_us: Instant) -> Iterator[Message]:
        self._turn(now_us)
        heard = self._facts.exposure.apply(fact)
        if heard is None:
            return
        order, change = heard
        venue = venue_of(order.placed.market)
        if order.state == "unknown":
            self._facts.unknown[fact.order_id] = venue
        elif order.is_over:
            self._facts.unknown.pop(fact.order_id, None)
            self._facts.pending.pop(fact.order_id, None)
        if isinstance(fact, OrderAccepted | OrderFilled):
            self._rejects.clear(venue)
        if change is not None:
            yield from self._doubt_late(order, change)
            yield from self._watch()

    def _doubt_late(self, order: Order, change: FillChange) -> Iterator[Message]:
        """A fill that comes or goes when its package is over leaves a leg alone."""
        package_id, venue = order.placed.package_id, venue_of(order.placed.market)
        is_settled = change.before is not None and change.after == "settled"
        if is_settled or self._facts.exposure.is_open(package_id):
            return
        order_id = order.placed.order_id
        verb = "was reverted" if change.after == "reverted" else "came"
        words = f"{format_micros(change.fill.quantity)} {order.placed.outcome} of {order_id} {verb}"
        words += " after its package had ended: compare what is held"
        yield IncidentOpened(f"{order_id}/late", package_id, words)
        yield from self._stop(venue, NAME, words)

    def _count_reject(self, rejected: OrderRejected, now_us: Instant) -> Iterator[Message]:
        order = self._facts.exposure.order(rejected.order_id)
        if order is None or order.state == "rejected":
            return
        yield from self._observe_order(rejected, now_us)
        venue = venue_of(order.placed.market)
        if self._rejects.add(venue, rejected.reason):
            count = self._facts.limits.identical_rejects_max
            yield from self._stop(venue, NAME, f"{count} identical rejects: {rejected.reason}")

    def _release(self, closed: PackageClosed, now_us: Instant) -> Iterator[Message]:
        self._turn(now_us)
        reserved = self._facts.exposure.release(closed.package_id)
        if reserved is None:
            return
        if closed.quantity:
            self._facts.valuation.hedge(reserved.tokens, closed.quantity, closed.locked)
        yield from self._watch()
        yield from self._measure(closed, now_us)
        yield from self._remember()

    def _settle(self, settled: PositionSettled, now_us: Instant) -> Iterator[Message]:
        self._turn(now_us)
        self._facts.valuation.settle(settled)
        self._facts.exposure.settle(settled)
        yield from self._watch()
        yield from self._measure(settled, now_us)
        yield from self._remember()

    def _convert(self, closed: ConversionClosed, now_us: Instant) -> Iterator[Message]:
        """A split or a merge changes what is held and not what it is worth."""
        self._turn(now_us)
        if closed.kind == "merge" and closed.outcome == "confirmed":
            self._facts.valuation.merge(closed.market, closed.ours)
        self._facts.exposure.convert(closed)
        yield from self._watch()
        yield from self._measure(closed, now_us)
        yield from self._remember()

    # ---- stops -------------------------------------------------------------------------------

    def _turn(self, now_us: Instant) -> None:
        """Before anything changes the value: a window that has passed ends with the value so far.

        Not while an order can still trade: what it did belongs to the day it was sent in.
        """
        self._facts.stops.turn(now_us, is_settled=not self._facts.pending)

    def _look(self, now_us: Instant) -> Iterator[Message]:
        """Let time and prices count, too."""
        self._turn(now_us)
        yield from self._watch()

    def _watch(self) -> Iterator[Message]:
        for code, words in self._facts.stops.watch(self._facts.value()):
            if code != "DAILY_LOSS":  # ends by itself: the rule alone keeps entries out
                yield from self._stop(EVERYWHERE, NAME, f"{words}; {REMEDIES[code]}")
            yield from self._remember()

    def _remember(self) -> Iterator[Message]:
        """Tell what a restart must know when it changed."""
        memory = replace(
            self._facts.stops.memory(),
            hedged=tuple(self._facts.valuation.hedged),
            rejects=self._rejects.runs(),
        )
        if memory != self._remembered:
            self._remembered = memory
            yield RiskRemembered(memory)

    def _review(self, reviewed: RiskReviewed, now_us: Instant) -> Iterator[Message]:
        if not reviewed.note.strip():
            return
        yield from self._look(now_us)
        self._facts.stops.review()
        yield from self._remember()
        yield from self._measure(reviewed, now_us)

    def _halt(self, request: HaltRequested, now_us: Instant) -> Answers:
        return self._stop(request.scope, request.by, request.reason)

    def _stop(self, scope: str, by: str, reason: str) -> Answers:
        """Halt a scope; one that is halted keeps its first reason, and nothing is said again."""
        halted = Halted(scope, by, reason)
        self._is_heir = self._is_heir or by == BY_LEASE
        return (halted,) if self._facts.halts.halt(halted) else ()

    def _resume(self, request: ResumeRequested, now_us: Instant) -> Iterator[Message]:
        """Lift a halt; one that waits for a review comes back at once."""
        self._facts.halts.resume(request.scope)
        self._rejects.clear(request.scope)
        yield Resumed(request.scope, request.by)
        if request.scope != EVERYWHERE:
            return
        self._facts.stops.resume()
        words = self._facts.stops.review_words()
        if words is not None:
            yield from self._stop(EVERYWHERE, NAME, f"{words}; {REVIEW_FIRST}")
        yield from self._remember()

    def _observe_clocks(self, measured: FeedMeasured, now_us: Instant) -> Iterator[Message]:
        """The feeds' own clocks tick once a second: prices and calendars are looked at, too."""
        self._facts.feeds.observe(measured, now_us)
        self._facts.moves.sample(self._facts.books, now_us, self._facts.feeds.is_heard)
        if now_us - self._looked_us >= LOOK_EVERY:
            self._looked_us = now_us
            yield from self._look(now_us)
            yield from self._measure(measured, now_us)
            yield from self._remember()
            yield from self._weigh(now_us)

    def _restore(self, restored: DeskRestored, now_us: Instant) -> Iterator[Message]:
        """Carry on where an earlier desk ended: with its books, its stops and what they rest on."""
        self._facts.recall(restored.memory)
        if restored.memory.risk is not None:
            self._rejects.recall(restored.memory.risk.rejects)
        yield from self._look(now_us)
        yield from self._measure(restored, now_us)
        yield from self._remember()

    # ---- limits ------------------------------------------------------------------------------

    def _change_limit(self, request: LimitChangeRequested, now_us: Instant) -> Answers:
        """Tighter at once, looser when it was confirmed; every wish gets its answer."""
        return (judge_change(self._in_force(), request),)

    def _apply_limit(self, changed: LimitChanged, now_us: Instant) -> Iterator[Message]:
        """What was just decided holds for everybody who hears it, this agent included."""
        self._facts.take_limits(with_limit(self._facts.limits, changed.key, changed.after))
        if self._gate_limits is not None:
            name = changed.key.removeprefix(GATE)
            self._gate_limits = with_gate_limit(self._gate_limits, name, changed.after)
        self._rejects.identical_max = self._facts.limits.identical_rejects_max
        yield from self._look(now_us)
        yield from self._measure(changed, now_us)

    def _in_force(self) -> dict[str, int | None]:
        return values(self._facts.limits, self._gate_limits)

    def _count_external(self, held: ExternalHeld, now_us: Instant) -> Iterator[Message]:
        """Count it; whether a leg stands alone in it is known to the desk that traded before."""
        self._facts.exposure.count_external(held)
        token = (held.market, held.outcome)
        if self._is_heir and held.quantity and token not in self._inherited:
            self._inherited.add(token)
            words = f"{format_micros(held.quantity)} {held.outcome} of {held.market}"
            incident_id = f"{venue_of(held.market)}/inherited/{held.market}/{held.outcome}"
            words = f"not bought by this desk: {words}; look where the account was traded before"
            yield IncidentOpened(incident_id, held.market, words)
        yield from self._measure(held, now_us)

    def _book_dust(self, dust: DustBooked, now_us: Instant) -> Answers:
        self._facts.exposure.book_dust(dust)
        return ()

    def _weigh(self, now_us: Instant) -> Answers:
        """Tell the risk of what is held: every minute, and soon when something came or went."""
        before, held = self._positions, self._facts.valuation.held()
        told = () if before is None else before.positions
        is_same = held == tuple((risk.tokens, risk.quantity) for risk in told)
        age = MEASURE_EVERY if before is None else now_us - before.measured_us
        is_due = bool(held) and age >= MEASURE_EVERY if is_same else age >= MEASURE_CHANGED_EVERY
        if not is_due:
            return ()
        self._positions = positions_measured(self._facts, self._measures, now_us)
        return (self._positions,)

    def _measure(self, message: Message, now_us: Instant) -> Answers:
        """Tell the use of the limits when it changed."""
        measured = LimitsMeasured(self._facts.limits.profile, tuple(limit_uses(self._facts)))
        if measured == self._said:
            return ()
        self._said = measured
        return (measured,)
