"""How do the executor's commands reach real venues? Everything but the bytes' own travel; pure.

    PlaceOrder -> prepare -> sign -> OrderPrepared (on record) -> SendOrder -> gate -> one write
    CancelOrder, ReadAccount, questions about silent orders -> sign -> request -> answer

A shell takes jobs, signs and sends them, and brings back what was answered; the same object runs
over sockets and against the simulated venues with virtual time. A placing request is handed out
once. What it answers are messages, so that a replay needs no venue.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.beats import Beats
from foreshock.adapters.venues.conditions import Conditions
from foreshock.adapters.venues.jobs import About, Job, Jobs
from foreshock.adapters.venues.order_path import (
    Answer,
    OrderPath,
    Prepared,
    RequestKind,
    Unsigned,
)
from foreshock.adapters.venues.readings import Readings
from foreshock.adapters.venues.tracking import RESENDS_MAX, Tracked
from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.errors import OrderRejectedError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.account import OrderAnswered, OrderPrepared
from foreshock.core.domain.messages.decisions import IncidentOpened, Resumed
from foreshock.core.domain.messages.market_data import GridChanged, MarketListed
from foreshock.core.domain.messages.trading import (
    CancelOrder,
    OrderAccepted,
    OrderClosed,
    OrderRejected,
    OrderUnknown,
    PlaceOrder,
    ReadAccount,
    SendOrder,
    SendRefused,
    VenueCommand,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import OrderFact
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import Instant

JudgeAgain = Callable[[PlaceOrder, Instant], SendRefused | None]
"""The gate's last look, right before the write."""
SUCCESSES = range(200, 300)


class Desks(NamedTuple):
    """What the gateway is served by. listing: who else must know the terms of a market."""

    jobs: Jobs
    readings: Readings
    beats: Beats
    listing: Callable[[Market], None]


class LiveVenue:
    """All venues of the desk, with real money."""

    def __init__(
        self,
        paths: Mapping[str, OrderPath],
        desks: Desks,
        judge_again: JudgeAgain,
    ) -> None:
        self._paths = paths
        self._jobs, self._readings, self._beats, self._listing = desks
        self._judge_again = judge_again
        self._conditions = Conditions()
        self._markets: dict[MarketId, Market] = {}
        self._tracked: dict[str, Tracked] = {}
        self._unanswered: dict[int, Prepared] = {}
        self._messages: list[Message] = []

    # ---- the desk's side ---------------------------------------------------------------------

    def observe(self, message: Message, now_us: Instant) -> None:  # noqa: ARG002 - the port's shape
        """Follow listings, and what is said about orders that are on their way."""
        match message:
            case MarketListed(market=market):
                self._list(market)
            case GridChanged(market=market) if market in self._markets:
                self._list(msgspec.structs.replace(self._markets[market], grid=message.grid))
            case Resumed(scope=scope):
                self._beats.resumed(scope, self._jobs)
            case _ if isinstance(message, OrderFact):
                self._follow(message)
            case _:
                pass

    def perform(self, command: VenueCommand, now_us: Instant) -> None:
        """Take a recorded command; what must leave because of it waits in `take_jobs`."""
        match command:
            case PlaceOrder():
                self._prepare(command, now_us)
            case SendOrder(order_id=order_id):
                self._release(order_id)
            case CancelOrder(order_id=order_id):
                self._cancel(order_id, now_us)
            case ReadAccount():
                self._readings.ask(command, self._jobs)

    def due(self, now_us: Instant) -> Iterable[Message]:
        """What was learnt since, oldest first; each is returned once."""
        self._messages += self._conditions.expired(now_us)
        messages, self._messages = self._messages, []
        return messages

    def next_due_us(self) -> Instant | None:
        """When there is something to say or to do; None when nothing is under way."""
        if self._messages:
            return Instant(0)
        looks = [t.next_look_us for t in self._tracked.values() if t.next_look_us is not None]
        others = [self._jobs.next_us(), self._conditions.next_us(), self._beats.next_us()]
        instants = [*looks, *(at_us for at_us in others if at_us is not None)]
        return min(instants) if instants else None

    # ---- the shell's side --------------------------------------------------------------------

    def take_jobs(self, now_us: Instant) -> list[Job]:
        """What leaves now, most urgent first; a placing request passes the gate here."""
        self._begin_looks(now_us)
        self._messages += self._beats.look(self._jobs, self._conditions, now_us)
        jobs = self._jobs.take(now_us)
        return [job for job in jobs if job.task != "place" or self._let_go(job, now_us)]

    def signed(self, job_id: int, request: HttpRequest | None, words: str) -> None:
        """A job of signing alone is done. request: None when the signer refused; words say why."""
        job = self._jobs.done(job_id)
        tracked = self._tracked.get(job.about.order_id)
        if tracked is None:
            return
        if request is not None and tracked.sign(request):
            if tracked.sent_us is not None:
                self._queue(job.about.order_id)
            else:
                self._tell_prepared(tracked)
        elif tracked.sent_us is not None:
            self._close_absent(tracked, f"not sent again: {words or 'the bytes differ'}")
        else:
            del self._tracked[job.about.order_id]
            refusal = Refusal("NOT_SIGNED", words)
            self._messages.append(SendRefused(job.about.order_id, refusal))

    def answered(self, job_id: int, answer: HttpResponse | None, now_us: Instant) -> None:
        """A request was answered; None: there was no answer."""
        job = self._jobs.done(job_id)
        about = job.about
        if about.what in {"beat", "reset"}:
            self._messages += self._beats.answered(job, answer)
            return
        if about.what == "read":
            self._messages += self._readings.heard(job, answer, self._jobs, now_us)
            return
        if about.what == "place":
            self._hear_placed(job, answer, now_us)
            return
        tracked = self._tracked.get(about.order_id)
        if tracked is None:
            return
        path = self._paths[job.venue]
        if about.what == "cancel":
            tracked.is_cancelling = False
            self._hear(job, path.cancelled([tracked.ref], answer, now_us), answer, now_us)
            return
        found = path.looked_up(tracked.ref, about.step, answer, now_us)
        self._hear(job, found, answer, now_us)
        self._look_on(about, tracked, found, now_us)

    # ---- placing -----------------------------------------------------------------------------

    def _prepare(self, order: PlaceOrder, now_us: Instant) -> None:
        """An order id is one order, however often it is decided on."""
        if order.order_id in self._tracked:
            return
        venue = venue_of(order.market)
        try:
            prepared = self._paths[venue].place(order, self._markets[order.market], now_us)
        except OrderRejectedError as error:
            facts = (OrderRejected(order.order_id, str(error)),)
            self._messages.append(OrderAnswered(order.order_id, facts, ()))
            return
        self._tracked[order.order_id] = Tracked(order, prepared)
        self._sign(order.order_id, venue, prepared)

    def _sign(self, order_id: str, venue: str, prepared: Prepared) -> None:
        about = About(what="place", order_id=order_id)
        unsigned = prepared.request
        self._jobs.put(Job(venue=venue, lane="enter", task="sign", unsigned=unsigned, about=about))

    def _tell_prepared(self, tracked: Tracked) -> None:
        prepared = tracked.prepared
        told = OrderPrepared(
            prepared.order_id, prepared.client_id, prepared.venue_order_id, tracked.digest
        )
        self._messages.append(told)

    def _release(self, order_id: str) -> None:
        """An order is released once; whatever asks again changes nothing."""
        tracked = self._tracked.get(order_id)
        if tracked is not None and tracked.sent_us is None:
            self._queue(order_id)

    def _queue(self, order_id: str) -> None:
        tracked = self._tracked.get(order_id)
        if tracked is None or tracked.is_queued or tracked.request is None:
            return
        tracked.is_queued = True
        placed = tracked.placed
        self._jobs.put(
            Job(
                venue=venue_of(placed.market),
                lane="enter" if placed.purpose == "enter" else "reduce",
                task="place",
                unsigned=tracked.prepared.request,
                about=About(what="place", order_id=order_id),
                request=tracked.request,
            )
        )

    def _let_go(self, job: Job, now_us: Instant) -> bool:
        """The last look before the write; a refused job is dropped."""
        tracked = self._tracked.get(job.about.order_id)
        if tracked is None:
            self._jobs.done(job.id)
            return False
        refused = self._judge_again(tracked.placed, now_us) or self._busy(tracked)
        if refused is None:
            tracked.send(now_us)
            self._unanswered[job.id] = tracked.prepared
            return True
        self._jobs.done(job.id)
        if tracked.sent_us is not None:
            self._close_absent(tracked, f"not sent again: {refused.refusal.words}")
        else:
            self._messages.append(refused)
        return False

    def _busy(self, tracked: Tracked) -> SendRefused | None:
        """Never two orders of one package and leg that could both trade."""
        mine = tracked.placed
        for other in self._tracked.values():
            placed = other.placed
            same = (placed.package_id, placed.market, placed.outcome) == (
                mine.package_id,
                mine.market,
                mine.outcome,
            )
            if same and other is not tracked and other.sent_us and not other.order.is_over:
                words = f"{placed.order_id} of the same leg may still trade"
                return SendRefused(mine.order_id, Refusal("LEG_BUSY", words))
        return None

    # ---- following ---------------------------------------------------------------------------

    def _list(self, market: Market) -> None:
        self._markets[market.id] = market
        self._listing(market)

    def _follow(self, fact: OrderFact) -> None:
        tracked = self._tracked.get(fact.order_id)
        if tracked is None:
            return
        tracked.order.apply(fact)
        if isinstance(fact, OrderAccepted):
            tracked.venue_order_id = fact.venue_order_id
            tracked.was_accepted = True
        if tracked.order.is_over:
            tracked.look_us = None
        if tracked.order.is_final:
            del self._tracked[fact.order_id]

    def _cancel(self, order_id: str, now_us: Instant) -> None:
        tracked = self._tracked.get(order_id)
        if tracked is None:
            return
        if tracked.sent_us is None:
            if tracked.is_queued:
                self._jobs.drop(order_id)
                words = "cancelled before it was sent"
                self._messages.append(SendRefused(order_id, Refusal("CANCELLED_UNSENT", words)))
            return
        tracked.look_soon(now_us)
        if not tracked.order.is_over:
            self._ask_cancel(tracked, now_us)

    def _ask_cancel(self, tracked: Tracked, now_us: Instant) -> None:
        """One cancel at a time, once the venue has a name for the order."""
        if tracked.venue_order_id is None or tracked.is_cancelling:
            return
        tracked.is_cancelling = True
        unsigned = self._paths[venue_of(tracked.placed.market)].cancel([tracked.ref], now_us)
        about = About(what="cancel", order_id=tracked.placed.order_id)
        self._call(tracked, unsigned, about)

    def _begin_looks(self, now_us: Instant) -> None:
        for tracked in self._tracked.values():
            if tracked.next_look_us is not None and tracked.next_look_us <= now_us:
                tracked.begin_round(now_us)
                self._look(tracked, 0)

    def _look(self, tracked: Tracked, step: int) -> bool:
        """Ask one question of a round; False when there is none more."""
        venue = venue_of(tracked.placed.market)
        questions = self._paths[venue].lookups(tracked.ref, tracked.since_us)
        if step >= len(questions):
            return False
        about = About(what="look", order_id=tracked.placed.order_id, step=step)
        self._call(tracked, questions[step], about)
        return True

    def _call(self, tracked: Tracked, unsigned: Unsigned, about: About) -> None:
        venue = venue_of(tracked.placed.market)
        job = Job(venue=venue, lane="reduce", task="call", unsigned=unsigned, about=about)
        self._jobs.put(job)

    def _look_on(self, about: About, tracked: Tracked, found: Answer, now_us: Instant) -> None:
        if found.fills or any(not isinstance(fact, OrderUnknown) for fact in found.facts):
            tracked.find()
        if found.next is not None:
            self._call(tracked, found.next, about)
            return
        if not _is_end(found) and self._look(tracked, about.step + 1):
            return
        if tracked.end_round(now_us, is_absent=found.is_absent):
            self._give_up(tracked)

    def _give_up(self, tracked: Tracked) -> None:
        """Proven absent: what reduces risk is sent once more, byte for byte; an entry is over.

        What the venue once had is over too: it arrived, and is gone without a trade.
        """
        placed = tracked.placed
        if tracked.was_accepted:
            self._close_absent(tracked, "it is gone without a trade")
            return
        if placed.purpose == "enter" or tracked.resends_count >= RESENDS_MAX:
            self._close_absent(tracked, "it never arrived")
            return
        tracked.resends_count += 1
        tracked.look_us = None
        self._sign(placed.order_id, venue_of(placed.market), tracked.prepared)

    def _close_absent(self, tracked: Tracked, words: str) -> None:
        placed, matched = tracked.placed, tracked.order.matched()
        closed = OrderClosed(placed.order_id, matched, f"proven absent at the venue: {words}")
        tracked.look_us = None
        self._messages.append(OrderAnswered(placed.order_id, (closed,), ()))

    def _hear_placed(self, job: Job, answer: HttpResponse | None, now_us: Instant) -> None:
        """An order may have ended before its answer came, which then only tells of its venue."""
        prepared = self._unanswered.pop(job.id)
        found = self._paths[job.venue].placed(prepared, answer, now_us)
        self._hear(job, found, answer, now_us)
        tracked = self._tracked.get(prepared.order_id)
        if tracked is not None and prepared.may_rest and not _is_end(found):
            self._ask_cancel(tracked, now_us)

    def _hear(self, job: Job, found: Answer, answer: HttpResponse | None, now_us: Instant) -> None:
        """Pass on what an answer says about its order, its venue and our haste."""
        venue, kind, order_id = job.venue, job.unsigned.kind, job.about.order_id
        if order_id in self._tracked and (found.facts or found.fills):
            self._messages.append(OrderAnswered(order_id, found.facts, found.fills))
        if found.retry_after_us is not None:
            self._jobs.pause(venue, kind, Instant(now_us + found.retry_after_us))
        if found.condition is not None:
            words = f"answered {answer.status}" if answer is not None else "no answer"
            self._messages += self._conditions.tell(
                venue, found.condition, words, now_us, found.retry_after_us
            )
        if _is_broken(kind, found, answer):
            words = f"{venue} answered an order with what nobody understands"
            self._messages += self._conditions.tell(venue, "not_ready", words, now_us, None)
            self._messages.append(IncidentOpened(f"{order_id}/answer", venue, words))


def _is_end(found: Answer) -> bool:
    """Whether an answer says the last word on its order."""
    return any(isinstance(fact, OrderClosed | OrderRejected) for fact in found.facts)


def _is_broken(kind: RequestKind, found: Answer, answer: HttpResponse | None) -> bool:
    """A success that says nothing: the venue's contract has changed."""
    is_success = answer is not None and answer.status in SUCCESSES
    is_silent = any(isinstance(fact, OrderUnknown) for fact in found.facts)
    return kind == "place" and is_success and is_silent
