"""Both implementations of `TradingVenue` behind one handle: paper, and the gateway to real venues."""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from foreshock.adapters.venues.live import LiveVenue
from foreshock.adapters.venues.paper import PaperTerms, PaperVenue
from foreshock.app.live_parts import live_venue
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.account import OrderAnswered, OrderPrepared
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.trading import (
    CancelOrder,
    OrderFilled,
    PlaceOrder,
    SendOrder,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import OrderFact
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant, Money
from foreshock.core.execution.account_book import AccountBook
from foreshock.core.ports import TradingVenue
from foreshock.core.pricing.fees import FillFee
from tests.conformance.trader import Trader
from tests.samples import market
from tests.trading import START, book, cents, contracts, order

PORTS = ("paper polymarket", "paper kalshi", "live polymarket", "live kalshi")
EVENTS_MAX = 10_000
ASK = 45


class Port(Protocol):
    """One market at one venue behind the port, with time that a test lets pass."""

    market: Market
    said: list[OrderFact]

    @property
    def venue(self) -> TradingVenue:
        """The port itself."""
        ...

    @property
    def now_us(self) -> Instant:
        """What time it is."""
        ...

    def wait_until(self, at_us: Instant) -> None:
        """Let time pass."""
        ...

    def offer(self, count: int) -> None:
        """Somebody sells so many YES at 45 cents."""
        ...

    def lose_answers(self, count: int) -> None:
        """The next answers to placing never come; what they answer has happened."""
        ...

    def perform(self, command: PlaceOrder | CancelOrder) -> None:
        """Let a recorded command go."""
        ...

    async def work(self) -> None:
        """Everything that happens at this instant."""
        ...

    def held(self) -> int:
        """YES contracts that the venue says we hold; on paper: that it ever told."""
        ...


class PaperPort:
    """Fills on paper. Losing an answer is drawn there, so a test asks for one that is lost."""

    def __init__(self, name: str) -> None:
        self.now_us = START
        self.market = market(f"{name}:x", quantity_min=contracts(5))
        self.said: list[OrderFact] = []
        settlement = Duration(2 * SECOND) if name == "polymarket" else None
        self._terms = PaperTerms(latency=Duration(100_000), settlement=settlement)
        self._name = name
        self.venue: TradingVenue = self._made()

    def _made(self) -> PaperVenue:
        venue = PaperVenue({self._name: self._terms}, no_fee)
        venue.observe(MarketListed(self.market), self.now_us)
        return venue

    def wait_until(self, at_us: Instant) -> None:
        """Nothing happens by itself on paper."""
        self.now_us = at_us

    def offer(self, count: int) -> None:
        """A book with one level a side."""
        shown = book(self.market.id, 30, ASK, count, at_us=self.now_us)
        if not count:
            shown = msgspec.structs.replace(shown, asks=())
        self.venue.observe(shown, self.now_us)

    def lose_answers(self, count: int) -> None:
        """Half of all answers never come."""
        self._terms = msgspec.structs.replace(self._terms, silent_ppm=MICRO // 2, seed=count)
        self.venue = self._made()

    def perform(self, command: PlaceOrder | CancelOrder) -> None:
        """As the desk does."""
        self.venue.perform(command, self.now_us)

    async def work(self) -> None:
        """Hear what is due."""
        self.said += (m for m in self.venue.due(self.now_us) if isinstance(m, OrderFact))

    def held(self) -> int:
        """The sum of all fills, each once."""
        fills = {m.fill_id: m.quantity for m in self.said if isinstance(m, OrderFilled)}
        return sum(fills.values())


class LivePort:
    """The gateway over one simulated venue, with the desk's book of the account beside it."""

    def __init__(self, name: str) -> None:
        self.trader = Trader(name)
        self.market = self.trader.market
        self.said: list[OrderFact] = []
        self.told: list[Message] = []
        account = msgspec.structs.replace(self.trader.ours.account, pulse=None, standing=None)
        self._live: LiveVenue = live_venue([account], lambda _order, _now_us: None)
        self.venue: TradingVenue = self._live
        self._book = AccountBook(name)
        self.venue.observe(MarketListed(self.market), self.now_us)

    @property
    def now_us(self) -> Instant:
        """The trader's time."""
        return self.trader.now_us

    def wait_until(self, at_us: Instant) -> None:
        """Let time pass at the venue."""
        self.trader.pass_time((at_us - self.trader.now_us) / SECOND)

    def offer(self, count: int) -> None:
        """The maker rests an order."""
        if count:
            self.trader.venue.offer("yes", ASK, count, "sell", self.now_us)

    def lose_answers(self, count: int) -> None:
        """The network drops them on the way back."""
        self.trader.rule(effect="drop_answer", count=count)

    def perform(self, command: PlaceOrder | CancelOrder) -> None:
        """As the desk does."""
        if isinstance(command, PlaceOrder) and command.order_id not in self._book.orders:
            self._book.place(command)
        self.venue.perform(command, self.now_us)

    async def work(self) -> None:
        """Sign and send what wants to leave, hear what came back, until nothing is left."""
        for _ in range(EVENTS_MAX):
            jobs = self._live.take_jobs(self.now_us)
            for job in jobs:
                if job.task == "sign":
                    signed = self.trader.ours.signer.sign(job.unsigned, self.now_us)
                    self._live.signed(job.id, signed, "")
                else:
                    answer = await self.trader.ask(job.unsigned, job.request)
                    self._live.answered(job.id, answer, self.now_us)
            messages = list(self.venue.due(self.now_us))
            self._hear(messages)
            if not jobs and not messages:
                return
        raise AssertionError("the gateway does not come to rest")

    def held(self) -> int:
        """By the venue."""
        return self.trader.true_held().get("yes", 0)

    def posts_count(self) -> int:
        """How many orders left."""
        attempts = self.trader.ours.trading.faults.conditions.attempts
        return sum(n for what, n in attempts.items() if what.startswith("POST"))

    def _hear(self, messages: Iterable[Message]) -> None:
        self.told += messages
        for message in messages:
            facts: list[Message] = []
            match message:
                case OrderPrepared():
                    self._book.prepare(message.order_id, message.client_id, message.venue_order_id)
                    self.venue.perform(SendOrder(message.order_id, self.market.id), self.now_us)
                case OrderAnswered():
                    facts = self._book.answer(message)
                case _ if isinstance(message, OrderFact):
                    self._book.note(message)
                    facts = [message]
                case _:
                    pass
            for fact in facts:
                if isinstance(fact, OrderFact):
                    self.said.append(fact)
                    self.venue.observe(fact, self.now_us)


def port(name: str) -> Port:
    """One of `PORTS`."""
    kind, venue = name.split()
    return PaperPort(venue) if kind == "paper" else LivePort(venue)


def buy(at: Port, order_id: str = "o1", **terms: object) -> PlaceOrder:
    """Buy 20 YES at 45 cents or die."""
    plain = {
        "market": at.market.id,
        "limit": cents(ASK),
        "quantity": contracts(20),
        "decided_us": at.now_us,
    }
    return order(order_id, **plain | terms)


async def run(at: Port, seconds: float) -> list[Instant]:
    """Let time pass, waking only when the port says so; returns when that was."""
    until_us = Instant(at.now_us + round(seconds * SECOND))
    woken: list[Instant] = []
    for _ in range(EVENTS_MAX):
        await at.work()
        due_us = at.venue.next_due_us()
        if due_us is None or due_us > until_us:
            at.wait_until(until_us)
            return woken
        assert due_us > at.now_us, "due now, and yet nothing came of it"
        at.wait_until(due_us)
        woken.append(due_us)
    raise AssertionError("the port wants to be woken for ever")


def no_fee(*_terms: object) -> FillFee:
    """Fees are not what is proven here."""
    return FillFee(Money(0), Money(0), "none")
