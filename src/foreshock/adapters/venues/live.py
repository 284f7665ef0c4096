"""How do the desk's commands reach real venues? Everything but the bytes' own travel; pure.

    PlaceOrder, SendOrder, CancelOrder -> orders         ReadAccount -> readings
    ConvertSets, SendConversion -> conversions           what is asked regularly -> beats

A shell takes jobs, signs and sends them, and brings back what was answered; the same object runs
over sockets and against the simulated venues with virtual time. What they answer are messages, so
that a replay needs no venue.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.beats import Beats
from foreshock.adapters.venues.conditions import Conditions
from foreshock.adapters.venues.conversion_path import ConversionPath
from foreshock.adapters.venues.conversions import Conversions, JudgeConversion
from foreshock.adapters.venues.jobs import Job, Jobs
from foreshock.adapters.venues.order_path import OrderPath
from foreshock.adapters.venues.orders import JudgeAgain, Orders
from foreshock.adapters.venues.readings import Readings
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.conversions import ConvertSets, SendConversion
from foreshock.core.domain.messages.decisions import Resumed
from foreshock.core.domain.messages.market_data import GridChanged, MarketListed
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.trading import (
    CancelOrder,
    PlaceOrder,
    ReadAccount,
    SendOrder,
    VenueCommand,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import OrderFact
from foreshock.core.domain.units import Instant

CONVERTING = frozenset({"turn", "convert", "trace"})


class Paths(NamedTuple):
    """What can be done at each venue: trade, and where tokens are held, convert."""

    orders: Mapping[str, OrderPath]
    conversions: Mapping[str, ConversionPath]


class Desks(NamedTuple):
    """What the gateway is served by. listing: who else must know the terms of a market."""

    jobs: Jobs
    readings: Readings
    beats: Beats
    listing: Callable[[Market], None]


class Judges(NamedTuple):
    """The gate's last looks, right before a write."""

    order: JudgeAgain
    conversion: JudgeConversion


class LiveVenue:
    """All venues of the desk, with real money."""

    def __init__(self, paths: Paths, desks: Desks, judges: Judges) -> None:
        self._jobs, self._readings, self._beats, self._listing = desks
        self._conditions = Conditions()
        self._orders = Orders(paths.orders, self._jobs, self._conditions, judges.order)
        self._conversions = Conversions(paths.conversions, self._jobs, judges.conversion)
        self._markets: dict[MarketId, Market] = {}
        self._messages: list[Message] = []

    # ---- the desk's side ---------------------------------------------------------------------

    def observe(self, message: Message, now_us: Instant) -> None:
        """Follow listings, and what is said about orders that are on their way."""
        match message:
            case MarketListed(market=market):
                self._list(market)
            case GridChanged(market=market) if market in self._markets:
                self._list(msgspec.structs.replace(self._markets[market], grid=message.grid))
            case Resumed(scope=scope):
                self._beats.resumed(scope, self._jobs)
            case DeskRestored(memory=memory):
                self._orders.resume(memory.ledger.orders, now_us)
                self._conversions.resume(memory.conversions, now_us)
            case _ if isinstance(message, OrderFact):
                self._orders.follow(message)
            case _:
                pass

    def perform(self, command: VenueCommand, now_us: Instant) -> None:
        """Take a recorded command; what must leave because of it waits in `take_jobs`."""
        match command:
            case PlaceOrder(market=market):
                self._orders.prepare(command, self._markets[market], now_us)
            case SendOrder(order_id=order_id):
                self._orders.release(order_id)
            case CancelOrder(order_id=order_id):
                self._orders.cancel(order_id, now_us)
            case ReadAccount():
                self._readings.ask(command, self._jobs)
            case ConvertSets(market=market):
                self._conversions.begin(command, self._markets[market])
            case SendConversion(conversion_id=name):
                self._conversions.release(name)

    def due(self, now_us: Instant) -> Iterable[Message]:
        """What was learnt since, oldest first; each is returned once."""
        self._messages += self._conditions.expired(now_us)
        messages, self._messages = self._messages, []
        return [*messages, *self._orders.take(), *self._conversions.take()]

    def next_due_us(self) -> Instant | None:
        """When there is something to say or to do; None when nothing is under way."""
        if self._messages:
            return Instant(0)
        nexts = [
            self._orders.next_us(),
            self._conversions.next_us(),
            self._jobs.next_us(),
            self._conditions.next_us(),
            self._beats.next_us(),
        ]
        return min((at_us for at_us in nexts if at_us is not None), default=None)

    # ---- the shell's side --------------------------------------------------------------------

    def take_jobs(self, now_us: Instant) -> list[Job]:
        """What leaves now, most urgent first; a placing request passes the gate here."""
        self._orders.begin_looks(now_us)
        self._conversions.begin_looks(now_us)
        self._messages += self._beats.look(self._jobs, self._conditions, now_us)
        jobs = self._jobs.take(now_us)
        return [job for job in jobs if job.task != "place" or self._let_go(job, now_us)]

    def signed(self, job_id: int, request: HttpRequest | None, words: str) -> None:
        """A job of signing alone is done. request: None when the signer refused; words say why."""
        about = self._jobs.done(job_id).about
        desk = self._conversions if about.what in CONVERTING else self._orders
        desk.signed(about.order_id, request, words)

    def answered(self, job_id: int, answer: HttpResponse | None, now_us: Instant) -> None:
        """A request was answered; None: there was no answer."""
        job = self._jobs.done(job_id)
        what = job.about.what
        if what in {"beat", "reset"}:
            self._messages += self._beats.answered(job, answer)
        elif what == "read":
            self._messages += self._readings.heard(job, answer, self._jobs, now_us)
        elif what in CONVERTING:
            self._conversions.answered(job, answer, now_us)
        else:
            self._orders.answered(job, answer, now_us)

    def lost(self, job: Job, words: str, now_us: Instant) -> bool:
        """A job broke in a way nobody foresaw: no answer came. Whether that harms nobody.

        A list that was not read is read again when it is next due, and what was not read for long
        is reconciled anew; anything else may leave an order or a beat in doubt.
        """
        is_read = job.about.what == "read"
        if is_read:
            self._messages.append(self._readings.lost(job, words))
        if not self._jobs.is_open(job.id):
            return is_read
        if is_read:
            self._jobs.done(job.id)
        elif job.task == "sign":
            self.signed(job.id, None, words)
        else:
            self.answered(job.id, None, now_us)
        return is_read

    def _let_go(self, job: Job, now_us: Instant) -> bool:
        desk = self._conversions if job.about.what in CONVERTING else self._orders
        return desk.let_go(job, now_us)

    def _list(self, market: Market) -> None:
        self._markets[market.id] = market
        self._listing(market)
