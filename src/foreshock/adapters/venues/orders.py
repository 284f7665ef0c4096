"""What becomes of the orders of real venues, from the decision to the venue's last word? Pure.

    PlaceOrder -> prepare -> sign -> OrderPrepared (on record) -> SendOrder -> gate -> one write

A placing request is handed out once. An order without its last word is asked about, ever less
often; what proves to be absent is given up, or sent once more as the very same bytes.
"""

from collections.abc import Callable, Iterable, Mapping

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.conditions import Conditions
from foreshock.adapters.venues.jobs import About, Job, Jobs
from foreshock.adapters.venues.order_path import (
    Answer,
    OrderPath,
    Prepared,
    RequestKind,
    Unsigned,
)
from foreshock.adapters.venues.tracking import RESENDS_MAX, Tracked, resumed
from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.errors import OrderRejectedError
from foreshock.core.domain.markets import Market
from foreshock.core.domain.memory import OrderWord
from foreshock.core.domain.messages.account import OrderAnswered, OrderPrepared
from foreshock.core.domain.messages.decisions import IncidentOpened
from foreshock.core.domain.messages.trading import (
    OrderAccepted,
    OrderClosed,
    OrderRejected,
    OrderUnknown,
    PlaceOrder,
    SendRefused,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import OrderFact
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.recollection import order_of
from foreshock.core.domain.units import Instant

JudgeAgain = Callable[[PlaceOrder, Instant], SendRefused | None]
"""The gate's last look, right before the write."""
SUCCESSES = range(200, 300)


class Orders:
    """The orders of all venues that are on their way, or not yet certain."""

    def __init__(
        self,
        paths: Mapping[str, OrderPath],
        jobs: Jobs,
        conditions: Conditions,
        judge_again: JudgeAgain,
    ) -> None:
        self._paths = paths
        self._jobs = jobs
        self._conditions = conditions
        self._judge_again = judge_again
        self._tracked: dict[str, Tracked] = {}
        self._unanswered: dict[int, Prepared] = {}
        self._messages: list[Message] = []

    def take(self) -> list[Message]:
        """What was learnt since, oldest first; each is returned once."""
        messages, self._messages = self._messages, []
        return messages

    def next_us(self) -> Instant | None:
        """When to ask about an order again; at once while there is something to say."""
        if self._messages:
            return Instant(0)
        looks = [t.next_look_us for t in self._tracked.values()]
        return min((at_us for at_us in looks if at_us is not None), default=None)

    def resume(self, stories: Iterable[tuple[OrderWord, ...]], now_us: Instant) -> None:
        """Ask what became of the orders of an earlier run; those not on record never left."""
        for words in stories:
            order = order_of(words)
            if order is None or order.is_final or venue_of(order.placed.market) not in self._paths:
                continue
            tracked = resumed(words, now_us)
            if tracked is not None:
                self._tracked[order.placed.order_id] = tracked
            elif not order.is_over:
                refusal = Refusal("NEVER_LEFT", "the desk ended before it was on record")
                self._messages.append(SendRefused(order.placed.order_id, refusal))

    # ---- what the gateway asks for -----------------------------------------------------------

    def prepare(self, order: PlaceOrder, market: Market, now_us: Instant) -> None:
        """An order id is one order, however often it is decided on."""
        if order.order_id in self._tracked:
            return
        venue = venue_of(order.market)
        try:
            prepared = self._paths[venue].place(order, market, now_us)
        except OrderRejectedError as error:
            facts = (OrderRejected(order.order_id, str(error)),)
            self._messages.append(OrderAnswered(order.order_id, facts, ()))
            return
        self._tracked[order.order_id] = Tracked(order, prepared)
        self._sign(order.order_id, venue, prepared)

    def release(self, order_id: str) -> None:
        """An order is released once; whatever asks again changes nothing."""
        tracked = self._tracked.get(order_id)
        if tracked is not None and tracked.sent_us is None:
            self._queue(order_id)

    def signed(self, order_id: str, request: HttpRequest | None, words: str) -> None:
        """An order was signed. request: None when the signer refused; words say why."""
        tracked = self._tracked.get(order_id)
        if tracked is None:
            return
        if request is not None and tracked.sign(request):
            if tracked.sent_us is not None:
                self._queue(order_id)
            else:
                self._tell_prepared(tracked)
        elif tracked.sent_us is not None:
            self._close_absent(tracked, f"not sent again: {words or 'the bytes differ'}")
        else:
            del self._tracked[order_id]
            self._messages.append(SendRefused(order_id, Refusal("NOT_SIGNED", words)))

    def let_go(self, job: Job, now_us: Instant) -> bool:
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

    def answered(self, job: Job, answer: HttpResponse | None, now_us: Instant) -> None:
        """A request about an order was answered; None: there was no answer."""
        about = job.about
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

    def follow(self, fact: OrderFact) -> None:
        """Take in what is said about an order of ours."""
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

    def cancel(self, order_id: str, now_us: Instant) -> None:
        """Ask the venue to take it back; one that has not left never leaves."""
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

    def begin_looks(self, now_us: Instant) -> None:
        """Ask about the orders that are due."""
        for tracked in self._tracked.values():
            if tracked.is_due(now_us):
                tracked.begin_round(now_us)
                self._look(tracked, 0)

    # ---- within ------------------------------------------------------------------------------

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

    def _ask_cancel(self, tracked: Tracked, now_us: Instant) -> None:
        """One cancel at a time, once the venue has a name for the order."""
        if tracked.venue_order_id is None or tracked.is_cancelling:
            return
        tracked.is_cancelling = True
        unsigned = self._paths[venue_of(tracked.placed.market)].cancel([tracked.ref], now_us)
        about = About(what="cancel", order_id=tracked.placed.order_id)
        self._call(tracked, unsigned, about)

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
