"""The real desk against the simulated venues, with virtual time and a network that obeys a test.

Agents, gate, gateway, order paths, signers and user channels are those of a live run; bytes go to
the venues' faces in this process. What is told in place of feeds: listings and books, because the
rows proven here are about orders.
"""

import heapq
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.conditions import RequestRule, answer_under
from foreshock.adapters.sim.face import VenueFace
from foreshock.adapters.sim.faults import Faults, FaultyFace
from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import Journal, Step
from foreshock.adapters.storage.tape import TapeFrame
from foreshock.adapters.venues.jobs import Job
from foreshock.adapters.venues.live import LiveVenue
from foreshock.adapters.venues.order_path import RequestSigner
from foreshock.adapters.venues.venue_times import VenueTimes
from foreshock.app.config import load_settings
from foreshock.app.feeds import ProtocolFactory
from foreshock.app.live_parts import VenueAccount, live_venue
from foreshock.app.wiring import DeskConfig, build, desk_config, start_message
from foreshock.core.domain.errors import ConfigError, InvariantError
from foreshock.core.domain.messages.conversions import ConvertSets, SendConversion
from foreshock.core.domain.messages.market_data import ConnectionClosed, ConnectionOpened
from foreshock.core.domain.messages.trading import (
    CancelOrder,
    Command,
    PlaceOrder,
    ReadAccount,
    SendOrder,
    SendRefused,
    SetTimer,
    TimerFired,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.engine import Entry
from foreshock.core.execution.gate import Gate
from foreshock.core.ports import TradingVenue

Said = TypeVar("Said")
LATENCY = Duration(40_000)
"""There and back."""
NO_ANSWER_AFTER = Duration(5 * SECOND)
"""A lost answer is given up then, as a timeout of the HTTP layer would."""
TICK_EVERY = Duration(100_000)
EVENTS_MAX = 200_000


class Host(msgspec.Struct):
    """One simulated host behind a network that can be made to misbehave."""

    face: FaultyFace
    faults: Faults

    @classmethod
    def of(cls, face: VenueFace) -> "Host":
        """A host on a network without faults."""
        faults = Faults()
        return cls(FaultyFace(face, faults), faults)


class Account(msgspec.Struct, frozen=True):
    """How the desk trades at one venue: the account, who signs, and where bytes go."""

    account: VenueAccount
    signer: RequestSigner
    trading: Host
    data: Host | None
    stream_path: str
    feed: ProtocolFactory
    stream_headers: Callable[[Instant], tuple[tuple[str, str], ...]]
    greeting: Callable[[str], str]
    relayer: Host | None = None


class LiveDesk:
    """A live desk whose time, network and signing speed a test sets."""

    def __init__(self, accounts: Sequence[Account], start_us: Instant, config: DeskConfig) -> None:
        self.now_us = start_us
        self.config = config
        self.sign_takes = Duration(1_000)
        self.steps: list[Step] = []
        self.heard: list[Message] = []
        self.sent: list[tuple[Instant, str, HttpRequest]] = []
        self._accounts = {account.account.path.venue: account for account in accounts}
        self.skews = dict.fromkeys(self._accounts, 0)
        self.times = VenueTimes()
        self._live: LiveVenue | None = None
        feeds = {f"{name}-user": account.feed for name, account in self._accounts.items()}
        self.parts = build(config, [self._hear], self._make_venue, feeds)
        self._heap: list[tuple[Instant, int, Callable[[], None]]] = []
        self._count = 0
        self._timers: dict[str, int] = {}
        self._alarm_us: Instant | None = None
        self._streams: dict[int, str] = {}
        self._frames_count = 0
        self.tell(start_message(config, "test", "test"))

    # ---- what a test does --------------------------------------------------------------------

    def tell(self, *messages: Message) -> None:
        """Messages from outside, now."""
        self._work(list(messages))

    def run(self, seconds: float) -> None:
        """Let time pass."""
        until_us = Instant(self.now_us + round(seconds * SECOND))
        for _ in range(EVENTS_MAX):
            if not self._heap or self._heap[0][0] > until_us:
                self.now_us = until_us
                return
            at_us, _, act = heapq.heappop(self._heap)
            self.now_us = max(self.now_us, at_us)
            act()
        raise AssertionError("the desk does not come to rest")

    def connect(self, venue: str) -> int:
        """Open the user channel of a venue."""
        account = self._accounts[venue]
        self._count += 1
        number = 1_000 + self._count
        face = account.trading.face
        headers = account.stream_headers(self.times.there(venue, self.now_us))
        refusal = face.open(number, account.stream_path, headers, self.venue_us(venue))
        assert refusal is None, refusal
        self._streams[number] = venue
        self.tell(ConnectionOpened(number, venue, f"{venue}-user", ()))
        return number

    def disconnect(self, venue: str) -> None:
        """The user channel breaks; what is on its way is lost."""
        for number, name in list(self._streams.items()):
            if name == venue:
                self._accounts[venue].trading.face.close(number)
                del self._streams[number]
                self.tell(ConnectionClosed(number, venue, "the network broke"))

    def venue_us(self, venue: str) -> Instant:
        """The time at a venue; `skews` says by how much it is ahead of ours."""
        return Instant(self.now_us + self.skews[venue])

    def face(self, venue: str) -> FaultyFace:
        """A venue's trading host."""
        return self._accounts[venue].trading.face

    def rule(self, venue: str, **words: object) -> None:
        """Let something happen to requests; see `RequestRule`."""
        made = msgspec.convert(words, RequestRule)
        self._accounts[venue].trading.faults.conditions.add_request_rule(made)

    def said(self, kind: type[Said]) -> list[Said]:
        """Everything of a type that was heard or said, in order."""
        return [message for message in self.heard if isinstance(message, kind)]

    def journal_bytes(self) -> bytes:
        """The steps as a journal stores them."""
        file = MemoryFile()
        Journal(file).append(self.steps)
        return file.read()

    def venue_calls(self, venue: str, method: str, path: str) -> int:
        """How often a request left for a venue."""
        return sum(
            1
            for _, name, request in self.sent
            if name == venue and request.method == method and request.path.startswith(path)
        )

    # ---- the shell ---------------------------------------------------------------------------

    def _make_venue(self, gate: Gate) -> TradingVenue:
        accounts = [account.account for account in self._accounts.values()]
        self._live = live_venue(accounts, gate.judge_again, gate.judge_conversion)
        return self._live

    @property
    def live(self) -> LiveVenue:
        """The gateway."""
        assert self._live is not None
        return self._live

    def at(self, at_us: int, act: Callable[[], None]) -> None:
        """Let something happen at an instant."""
        self._count += 1
        heapq.heappush(self._heap, (Instant(at_us), self._count, act))

    def _work(self, arrivals: Sequence[TapeFrame | Message]) -> None:
        waiting: list[TapeFrame | Message] = list(arrivals)
        while waiting:
            work = self.parts.worker.take(waiting, self.now_us)
            self.steps += work.steps
            waiting = [r for r in map(self._release, work.commands) if r is not None]
            waiting += self.live.due(self.now_us)
            self._pump()
            waiting += self.live.due(self.now_us)
        self._send_frames()
        self._wake()

    def _release(self, command: Command) -> SendRefused | None:
        """Let a recorded command go; returns the gate's refusal."""
        match command:
            case SetTimer(timer_id=timer_id, after=after):
                self._set_timer(timer_id, after)
            case PlaceOrder():
                refused = self.parts.gate.judge(command, self.now_us)
                if refused is not None:
                    return refused
                self.live.perform(command, self.now_us)
            case SendOrder() | CancelOrder() | ReadAccount() | ConvertSets() | SendConversion():
                self.live.perform(command, self.now_us)
            case _:
                pass
        return None

    def _hear(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        self.heard.append(entry.message)
        self.times.hear(entry.message)

    def _set_timer(self, timer_id: str, after: Duration) -> None:
        self._count += 1
        count = self._timers[timer_id] = self._count

        def fire() -> None:
            if self._timers.get(timer_id) == count:
                self._work([TimerFired(timer_id)])

        self.at(self.now_us + after, fire)

    def _wake(self) -> None:
        """Look at the gateway again when it has something to do; one alarm at a time."""
        due_us = self.live.next_due_us()
        if due_us is None:
            return
        at_us = Instant(max(due_us, self.now_us + 1))
        if self._alarm_us is not None and self._alarm_us <= at_us:
            return
        self._alarm_us = at_us

        def ring() -> None:
            if self._alarm_us == at_us:
                self._alarm_us = None
                self._work_if_any()

        self.at(at_us, ring)

    def _work_if_any(self) -> None:
        self._pump()
        messages = list(self.live.due(self.now_us))
        if messages:
            self._work(messages)
        self._wake()

    def _pump(self) -> None:
        for job in self.live.take_jobs(self.now_us):
            self._run(job)

    def _run(self, job: Job) -> None:
        account = self._accounts[job.venue]
        if job.task == "sign":
            self.at(self.now_us + self.sign_takes, lambda: self._signed(job, account))
            return
        there_us = self.times.there(job.venue, self.now_us)
        request = job.request or account.signer.sign(job.unsigned, there_us)
        others = {"data": account.data, "relayer": account.relayer}
        host = others.get(job.unsigned.host, account.trading)
        assert host is not None, f"this venue has no {job.unsigned.host} host"
        self.sent.append((self.now_us, job.venue, request))
        self._travel(job, host, request)

    def _signed(self, job: Job, account: Account) -> None:
        try:
            request = account.signer.sign(job.unsigned, self.times.there(job.venue, self.now_us))
        except (ConfigError, InvariantError) as refused:
            self.live.signed(job.id, None, str(refused))
        else:
            self.live.signed(job.id, request, "")
        self._work(list(self.live.due(self.now_us)) or [])
        self._work_if_any()

    def _travel(self, job: Job, host: Host, request: HttpRequest) -> None:
        passage = host.face.passage(request)
        sent_us = self.now_us
        arrives_us = sent_us + LATENCY // 2 + passage.request_delay

        def arrive() -> None:
            answer = answer_under(passage, host.face, request, self.venue_us(job.venue))
            self._collect_frames()
            if not passage.is_answer_lost:
                back_us = self.now_us + LATENCY // 2 + passage.answer_delay
                self.at(back_us, lambda: self._answer(job, answer))

        def give_up() -> None:
            self._answer(job, None)

        if not passage.is_request_lost:
            self.at(arrives_us, arrive)
        if passage.is_request_lost or passage.is_answer_lost:
            self.at(sent_us + NO_ANSWER_AFTER, give_up)

    def _answer(self, job: Job, answer: HttpResponse | None) -> None:
        self.live.answered(job.id, answer, self.now_us)
        self._work(list(self.live.due(self.now_us)))
        self._work_if_any()

    # ---- streams -----------------------------------------------------------------------------

    def _send_frames(self) -> None:
        for number, text in self.parts.feeds.take_outgoing():
            venue = self._streams.get(number)
            if venue is not None:
                account = self._accounts[venue]
                there_us = self.venue_us(venue)
                account.trading.face.receive(number, account.greeting(text), there_us)

    def _collect_frames(self) -> None:
        """What the venues said on the user channels reaches us half a latency later."""
        for venue, account in self._accounts.items():
            for number, text in account.trading.face.take_frames(self.venue_us(venue)):
                if self._streams.get(number) == venue:
                    self._deliver(number, text)

    def _deliver(self, number: int, text: str) -> None:
        def arrive() -> None:
            if number in self._streams:
                self._frames_count += 1
                frame = TapeFrame(self._frames_count, self.now_us, number, "ws", text.encode())
                self._work([frame])

        self.at(self.now_us + LATENCY // 2, arrive)

    def tick_venues(self) -> None:
        """Let the venues' own time pass, from now on: settlements, late reads, frames."""
        self._collect_frames()
        self.at(self.now_us + TICK_EVERY, self.tick_venues)


def live_config(venues: tuple[str, ...]) -> DeskConfig:
    """The shipped configuration of a live desk, with collars and rates that tests do not meet."""
    config = desk_config("paper", "LIVE", load_settings({}))
    return msgspec.structs.replace(config, mode="live", live_venues=venues)
