"""A live scene with an onlooker: every observation that the checkers read, after every event.

The wire is the scene's own network, the truth its exchanges, and the disk a memory that is durable
as soon as a step is written, as the recorder makes it before anything leaves.
"""

from collections.abc import Sequence

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.conditions import answer_under
from foreshock.adapters.sim.kalshi_auth import DEFAULT_MEMBER
from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import JOURNAL_NAME, Journal
from foreshock.adapters.storage.tape import Tape, TapeFrame
from foreshock.adapters.venues.jobs import Job
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.app.simulation.checkers.every import onlooker
from foreshock.app.simulation.checkers.replays import replay_violations
from foreshock.app.simulation.ledgers import BOOKED, ledgers_of
from foreshock.app.simulation.observed import (
    Answered,
    Arrived,
    Durable,
    FrameArrived,
    Lost,
    Observed,
    Phase,
    PhaseBegan,
    ProcessStarted,
    RequestKind,
    Said,
    Sent,
    SinkWritten,
    TrueTransfer,
    Violation,
)
from foreshock.app.simulation.truth import TruthReader
from foreshock.app.wiring import DeskConfig
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.account import OrderPrepared
from foreshock.core.domain.messages.market_data import BookChanged, ConnectionOpened, FeedMeasured
from foreshock.core.domain.messages.trading import (
    Command,
    PlaceOrder,
    SendRefused,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from tests.scenarios.live_desk import LATENCY, NO_ANSWER_AFTER, Account, Host, LiveDesk
from tests.scenarios.live_scene import OUR_CASH, WALLET_KEY, Fuse, Scene

CANARIES = (bytes.fromhex(WALLET_KEY.removeprefix("0x")), bytes(range(32)))
"""The private keys of both accounts."""
KINDS: dict[str, RequestKind] = {
    "place": "place",
    "cancel": "cancel",
    "look": "read",
    "read": "read",
    "beat": "beat",
    "reset": "reset",
}


def secrets_of(polymarket: Account, now_us: Instant) -> tuple[bytes, ...]:
    """Both private keys, and the passphrase that every signed request carries."""
    asked = Unsigned(venue="polymarket", kind="read", method="GET", path="/data/orders")
    headers = dict(polymarket.signer.sign(asked, now_us).headers)
    return (*CANARIES, headers["POLY_PASSPHRASE"].encode())


class WatchedDesk(LiveDesk):
    """A live desk that tells an onlooker what leaves, arrives, is said and is written."""

    def __init__(self, accounts: Sequence[Account], start_us: Instant, config: DeskConfig) -> None:
        self.onlooker, self.reached = onlooker(secrets_of(accounts[0], start_us))
        self.left: list[Sent] = []
        self.readers: list[TruthReader] = []
        self.has_booked = False
        self.carriers: dict[MarketId, int] = {}
        self.prepared: dict[str, OrderPrepared] = {}
        self.orders: dict[str, PlaceOrder] = {}
        self.files: dict[str, MemoryFile] = {}
        self.file = self.open_file(JOURNAL_NAME)
        self.journal = Journal(self.file)
        self.tape = Tape(self.open_file)
        self.numbers: dict[int, int] = {}
        self.recorded_count = self.requests_count = self.synced = 0
        self.now_us = start_us
        self.see(ProcessStarted(start_us, 1, "test", "live"))
        super().__init__(accounts, start_us, config)

    def see(self, observed: Observed) -> None:
        """Tell the onlooker."""
        self.onlooker.see(observed)
        if isinstance(observed, Sent):
            self.left.append(observed)

    def look(self) -> None:
        """Whatever changed at the exchanges."""
        for reader in self.readers:
            for observed in reader.read(self.now_us):
                self.see(observed)

    # ---- what the desk does, overheard -------------------------------------------------------

    def _hear(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        super()._hear(_step, entry, _now_us)
        message = entry.message
        if isinstance(message, OrderPrepared):
            self.prepared[message.order_id] = message
        elif isinstance(message, PlaceOrder):
            self.orders[message.order_id] = message
        elif isinstance(message, ConnectionOpened):
            self.carriers.update(dict.fromkeys(message.markets, message.connection))
        elif isinstance(message, BookChanged) and message.market in self.carriers:
            self.see(FrameArrived(self.now_us, 1, self.carriers[message.market], "data"))
        elif isinstance(message, FeedMeasured):
            self._see_measured(message)
        is_input = entry.cause is None
        self.see(Said(self.now_us, 1, _step, entry.sender, message, is_input=is_input))
        self.has_booked = self.has_booked or isinstance(message, BOOKED)

    def _see_measured(self, measured: FeedMeasured) -> None:
        """What a test tells of a connection in place of its frames."""
        if measured.data_at_us == self.now_us:
            self.see(FrameArrived(self.now_us, 1, measured.connection, "data"))
        if measured.checked_at_us == self.now_us:
            self.see(FrameArrived(self.now_us, 1, measured.connection, "books"))

    def open_file(self, name: str) -> MemoryFile:
        """A file of the run folder, made when it does not exist."""
        return self.files.setdefault(name, MemoryFile())

    def _work(self, arrivals: Sequence[TapeFrame | Message]) -> None:
        self.tape.append([one for one in arrivals if isinstance(one, TapeFrame)])
        super()._work(arrivals)
        self._write()

    def _release(self, command: Command) -> SendRefused | None:
        self._write()
        return super()._release(command)

    def _write(self) -> None:
        """Steps are durable before what they decided leaves."""
        if self.recorded_count == len(self.steps):
            return
        if self.has_booked:
            self.has_booked = False
            for shown in ledgers_of(self.parts.agents, self.now_us, 1):
                self.see(shown)
        self.journal.append(self.steps[self.recorded_count :])
        self.journal.fsync()
        self.recorded_count = len(self.steps)
        data = self.file.read()[self.synced :]
        self.see(Durable(self.now_us, 1, JOURNAL_NAME, self.synced, data))
        self.see(SinkWritten(self.now_us, "journal", data))
        self.synced += len(data)

    def _travel(self, job: Job, host: Host, request: HttpRequest) -> None:
        """As without an onlooker; he learns what arrived, and what never will."""
        self.requests_count += 1
        number = self.numbers[job.id] = self.requests_count
        self.see(self._sent(number, job, request))
        passage = host.face.passage(request)
        arrives_us = self.now_us + LATENCY // 2 + passage.request_delay

        def arrive() -> None:
            answer = answer_under(passage, host.face, request, self.now_us)
            self.see((Lost if passage.instead is not None else Arrived)(self.now_us, number))
            self._collect_frames()
            self.look()
            if not passage.is_answer_lost:
                back_us = self.now_us + LATENCY // 2 + passage.answer_delay
                self.at(back_us, lambda: self._answer(job, answer))

        if passage.is_request_lost:
            self.see(Lost(self.now_us, number))
        else:
            self.at(arrives_us, arrive)
        if passage.is_request_lost or passage.is_answer_lost:
            self.at(self.now_us + NO_ANSWER_AFTER, lambda: self._answer(job, None))

    def _answer(self, job: Job, answer: HttpResponse | None) -> None:
        number = self.numbers.pop(job.id, 0)
        self.see(Answered(self.now_us, 1, number, None if answer is None else answer.status))
        super()._answer(job, answer)

    def tick_venues(self) -> None:
        """The venues' own time passes: what changes by it is seen."""
        super().tick_venues()
        self.look()

    def _sent(self, number: int, job: Job, request: HttpRequest) -> Sent:
        order = self.orders.get(job.about.order_id) if job.about.what == "place" else None
        prepared = self.prepared.get(job.about.order_id)
        keys = () if prepared is None else (prepared.client_id, prepared.venue_order_id)
        return Sent(
            at_us=self.now_us,
            process=1,
            number=number,
            venue=job.venue,
            kind=KINDS[job.about.what],
            method=request.method,
            path=request.path,
            body=request.body,
            order_id=job.about.order_id,
            keys=tuple(key for key in keys if key is not None),
            market=None if order is None else order.market,
            outcome=None if order is None else order.outcome,
            action=None if order is None else order.action,
            limit=None if order is None else order.limit,
            quantity=None if order is None else order.quantity,
        )


class WatchedScene(Scene):
    """A scene whose every event is judged."""

    desk: WatchedDesk

    def __init__(self, config: DeskConfig | None = None, fuse: Fuse | None = None) -> None:
        super().__init__(config, fuse, WatchedDesk)
        kalshi = self.kalshi_face.members.account(DEFAULT_MEMBER, 0)
        settlements = self.clob.private.desk.settlements
        wallet = self.holder.wallet.lower()
        self.desk.readers += [
            TruthReader(self.pm.exchange, wallet, settlements),
            TruthReader(self.ks.exchange, kalshi),
        ]
        for venue in (self.pm, self.ks):
            name = venue.market.venue
            self.desk.see(TrueTransfer(self.desk.now_us, name, "deposit", OUR_CASH))
        self.desk.look()

    def enter(self, phase: Phase) -> None:
        """The world enters a phase."""
        self.desk.look()
        self.desk.see(PhaseBegan(self.desk.now_us, phase))

    def replayed(self) -> list[Violation]:
        """What a replay of the run's own files says otherwise."""
        feeds = {f"{a.account.path.venue}-user": a.feed for a in self.accounts}
        return list(replay_violations(self.desk.open_file, self.desk.now_us, feeds))

    @property
    def violations(self) -> list[Violation]:
        """Everything that did not hold so far."""
        return self.desk.onlooker.violations
