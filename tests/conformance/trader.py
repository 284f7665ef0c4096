"""Our account at one simulated venue: everything signed, sent and read by the code under test."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.conditions import RequestRule
from foreshock.adapters.sim.exchange_types import OrderState
from foreshock.adapters.sim.kalshi_auth import DEFAULT_MEMBER
from foreshock.adapters.sim.loopback import Loopback
from foreshock.adapters.venues.kalshi.signer import KalshiSigner
from foreshock.adapters.venues.kalshi.signing import ApiKey
from foreshock.adapters.venues.order_path import Answer, OrderRef, Prepared, Reading, Unsigned
from foreshock.core.domain.accounts import AccountPart, VenueFill
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.markets import Market, Outcome
from foreshock.core.domain.messages.trading import OrderAccepted, OrderClosed, OrderRejected
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Instant, Money, Quantity
from tests.scenarios.live_scene import KALSHI_KEY, kalshi, polymarket
from tests.scenarios.stepped import KEY_ID
from tests.trading import START, contracts, order

VENUES = ("polymarket", "kalshi")
STEP_US = 10_000
PLACE = {"polymarket": "/order", "kalshi": "/trade-api/v2/portfolio/events/orders"}
ROUNDS_MAX = 30
SETTLES_S = 30
"""By then trades are final and lists have caught up."""
PAGES_MAX = 20
CONNECTION = 7

End = OrderClosed | OrderRejected


class Sent(NamedTuple):
    """An order that left, and what the answer to it said."""

    prepared: Prepared
    answer: Answer


class QuietError(Exception):
    """Nothing more arrives in the time that was given."""


class Trader:
    """One account with money at one venue, where a maker rests what a test needs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.now_us = START
        if name == "polymarket":
            self.venue, self.ours, _, holder = polymarket()
            self.account = holder.wallet.lower()
        else:
            self.venue, ours, face = kalshi()
            signer = KalshiSigner(ApiKey(KEY_ID, KALSHI_KEY))
            self.ours = msgspec.structs.replace(ours, signer=signer)
            self.account = face.members.account(DEFAULT_MEMBER, 0)
        self.market: Market = msgspec.structs.replace(self.venue.market, status="open")
        self.path, self.reader = self.ours.account.path, self.ours.account.reader
        if self.ours.account.listing is not None:
            self.ours.account.listing(self.market)
        self.until_us: Instant | None = None
        """Until when somebody listens who would otherwise wait for ever."""
        self.trading = Loopback(self.ours.trading.face, self._clock, self._wait)
        data = self.ours.data
        self._data = self.trading if data is None else Loopback(data.face, self._clock, self._wait)

    # ---- time and the network ------------------------------------------------------------------

    def _clock(self) -> Instant:
        return self.now_us

    async def _wait(self) -> None:
        if self.until_us is not None and self.now_us >= self.until_us:
            raise QuietError
        self.pass_time(STEP_US / SECOND)

    def pass_time(self, seconds: float) -> None:
        """Let time pass at the venue."""
        self.now_us = Instant(self.now_us + round(seconds * SECOND))
        self.venue.exchange.advance(self.now_us)

    def rule(self, **words: object) -> None:
        """Let something happen to the next requests that place; see `RequestRule`."""
        rule = {"method": "POST", "path": PLACE[self.name], **words}
        conditions = self.ours.trading.faults.conditions
        conditions.add_request_rule(msgspec.convert(rule, RequestRule))

    async def ask(self, unsigned: Unsigned, made: HttpRequest | None = None) -> HttpResponse | None:
        """Sign unless it is made already, send; None when no answer comes."""
        host = self._data if unsigned.host == "data" else self.trading
        try:
            return await host.send(made or self.ours.signer.sign(unsigned, self.now_us))
        except VenueUnavailableError:
            return None

    # ---- orders --------------------------------------------------------------------------------

    def prepare(self, order_id: str = "o1", **terms: object) -> Prepared:
        """Buy 20 YES at 45 cents or die, with other terms; decided now."""
        plain = {"quantity": contracts(20), "market": self.market.id, "decided_us": self.now_us}
        wanted = order(order_id, **plain | terms)
        return self.path.place(wanted, self.market, self.now_us)

    async def send(self, prepared: Prepared) -> Sent:
        """Send what was prepared and read the answer."""
        answer = await self.ask(prepared.request)
        return Sent(prepared, self.path.placed(prepared, answer, self.now_us))

    async def place(self, order_id: str = "o1", **terms: object) -> Sent:
        """Prepare and send."""
        return await self.send(self.prepare(order_id, **terms))

    def ref(self, sent: Sent) -> OrderRef:
        """How we speak of it after its answer."""
        prepared = sent.prepared
        name, client_id = prepared.venue_order_id, prepared.client_id
        return named(OrderRef(prepared.order_id, client_id, name, self.market.id), sent.answer)

    async def cancel(self, ref: OrderRef) -> Answer:
        """Take it off the book."""
        answer = await self.ask(self.path.cancel([ref], self.now_us))
        return self.path.cancelled([ref], answer, self.now_us)

    async def look(self, ref: OrderRef) -> list[Answer]:
        """One complete round of questions, every page of every answer, as the gateway asks."""
        found: list[Answer] = []
        since_us = Instant(self.now_us - 600 * SECOND)
        step = 0
        while step < len(questions := self.path.lookups(ref, since_us)):
            asked: Unsigned | None = questions[step]
            while asked is not None:
                answer = await self.ask(asked)
                found.append(self.path.looked_up(ref, step, answer, self.now_us))
                ref = named(ref, found[-1])
                asked = found[-1].next
            step += 1
        return found

    async def end(self, sent: Sent) -> End:
        """The last word on an order: by its answer, or by calling back its rest and asking."""
        ends = ends_of([sent.answer])
        ref = self.ref(sent)
        for _ in range(ROUNDS_MAX):
            if ends:
                return ends[0]
            if sent.prepared.may_rest and ref.venue_order_id is not None:
                await self.cancel(ref)
            self.pass_time(1)
            found = await self.look(ref)
            for answer in found:
                ref = named(ref, answer)
            ends = ends_of(found)
            if self._is_gone(found):
                return OrderClosed(ref.order_id, Quantity(0), "absent, and nothing traded")
        raise AssertionError(f"{sent.prepared.order_id} never ends")

    def _is_gone(self, found: Sequence[Answer]) -> bool:
        """Some venues forget what was called back before it traded; then nothing may have."""
        is_gone = found[-1].is_absent and not facts_of(found) and not fills_of(found)
        true = self.true_order()
        assert not is_gone or true is None or not (true.filled or true.remaining)
        return is_gone

    async def buy(self, outcome: Outcome, count: int, price: int = 45) -> None:
        """Hold contracts, taken from the maker."""
        self.venue.offer(outcome, price, count, "sell", self.now_us)
        quantity = count * MICRO
        sent = await self.place(f"stock-{outcome}", outcome=outcome, quantity=quantity)
        ended = await self.end(sent)
        assert isinstance(ended, OrderClosed)
        assert ended.filled == quantity
        self.pass_time(SETTLES_S)

    # ---- the account ---------------------------------------------------------------------------

    async def read(self, part: AccountPart) -> Reading:
        """All pages of a part, as one."""
        pages: list[Reading] = []
        cursor: str | None = None
        for _ in range(PAGES_MAX):
            answer = await self.ask(self.reader.read(part, Instant(0), cursor))
            assert answer is not None
            pages.append(self.reader.heard(part, answer))
            cursor = pages[-1].cursor
            if cursor is None:
                return Reading(
                    orders=tuple(each for page in pages for each in page.orders),
                    fills=tuple(each for page in pages for each in page.fills),
                    positions=tuple(each for page in pages for each in page.positions),
                    cash=pages[0].cash,
                    unreadable=tuple(each for page in pages for each in page.unreadable),
                )
        raise AssertionError(f"{part}: the pages never end")

    # ---- the truth -----------------------------------------------------------------------------

    def true_order(self) -> OrderState | None:
        """The youngest order of ours at the venue; None when it took none."""
        orders = self.venue.exchange.orders(self.account)
        return max(orders, key=lambda each: each.number, default=None)

    def true_count(self) -> int:
        """How many orders of ours the venue ever took."""
        return len(self.venue.exchange.orders(self.account))

    def true_held(self) -> dict[Outcome, int]:
        """Contracts that we hold."""
        held: dict[Outcome, int] = {}
        for position in self.venue.exchange.positions(self.account):
            sides: tuple[tuple[Outcome, int], ...] = (("yes", position.yes), ("no", position.no))
            held |= {outcome: quantity for outcome, quantity in sides if quantity}
        return held

    def true_cash(self) -> Money:
        """Our dollars, those that open orders may need included."""
        return self.venue.exchange.balances(self.account).cash

    def told_cash(self) -> Money:
        """What the venue calls our balance: Kalshi's leaves out what open orders may need."""
        balances = self.venue.exchange.balances(self.account)
        held_back = self.venue.exchange.desk.collateral(self.account)
        return Money(balances.cash - held_back) if self.name == "kalshi" else balances.cash


class Ear:
    """Our private channel, through the loopback stream."""

    def __init__(self, trader: Trader) -> None:
        self.trader = trader
        self.feed = trader.ours.feed(CONNECTION)
        self._frames_count = 0

    async def open(self) -> "Ear":
        """Connect and greet."""
        ours, now_us = self.trader.ours, self.trader.now_us
        self._stream = await self.trader.trading.connect(
            ours.stream_path, ours.stream_headers(now_us)
        )
        self.feed.opened([self.trader.market], now_us)
        await self.hear(0.1)
        return self

    async def hear(self, seconds: float = 1.0, times: int = 1) -> list[Message]:
        """What the channel tells in this time, each frame received so many times."""
        self.trader.until_us = Instant(self.trader.now_us + round(seconds * SECOND))
        for text in self.feed.take_outgoing():
            await self._stream.send(self.trader.ours.greeting(text))
        try:
            while True:
                frame = await self._stream.receive()
                self._frames_count += 1
                for _ in range(times):
                    self.feed.receive(frame, self._frames_count, self.trader.now_us)
        except QuietError:
            self.trader.until_us = None
        return self.feed.drain()


def named(ref: OrderRef, answer: Answer) -> OrderRef:
    """The same order by the name that the venue gave it, if it did."""
    names = [f.venue_order_id for f in answer.facts if isinstance(f, OrderAccepted)]
    return msgspec.structs.replace(ref, venue_order_id=(names or [ref.venue_order_id])[0])


def facts_of(answers: Sequence[Answer]) -> list[object]:
    """Everything that was said of orders."""
    return [fact for answer in answers for fact in answer.facts]


def fills_of(answers: Sequence[Answer]) -> dict[str, VenueFill]:
    """Every fill that was told, by id."""
    return {fill.id: fill for answer in answers for fill in answer.fills}


def ends_of(answers: Sequence[Answer]) -> list[End]:
    """Last words among the facts."""
    return [fact for fact in facts_of(answers) if isinstance(fact, End)]
