"""How does our own code take the same frames? The live path alone, and the whole desk recording."""

import heapq
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.stream import KALSHI, START_US, Arrival, Stream
from foreshock.adapters.seams import FeedProtocol
from foreshock.adapters.storage.tape import TapeFrame
from foreshock.adapters.venues.fold import TrackedBook
from foreshock.adapters.venues.kalshi.protocol import KalshiStream
from foreshock.adapters.venues.polymarket.protocol import MarketFeed
from foreshock.app.config import load_settings
from foreshock.app.recorder import Recorder
from foreshock.app.recordings import open_folder
from foreshock.app.wiring import DeskConfig, build, desk_config, start_message
from foreshock.app.worker import Work
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.advice import AskModel
from foreshock.core.domain.messages.alerting import Notify
from foreshock.core.domain.messages.decisions import PairListed
from foreshock.core.domain.messages.market_data import ConnectionOpened, MarketListed
from foreshock.core.domain.messages.operations import Mode
from foreshock.core.domain.messages.trading import Command, SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Duration, Instant
from foreshock.core.pricing.edge import Costs
from foreshock.core.signals.arbitrage import ArbitrageScanner
from foreshock.dashboard.readmodel import ReadModel

MEASURE_EVERY = Duration(MICRO)
HANDLING = Duration(200)
"""From the receipt of a batch's last frame to its step."""


def shipped_config(mode: Mode) -> DeskConfig:
    """The configuration as shipped, without the user's file and environment."""
    return desk_config(mode, "benchmark", load_settings({}))


class LivePath:
    """Bytes -> book -> edge and nothing else: protocols, drain, scanner."""

    def __init__(self, stream: Stream, config: DeskConfig) -> None:
        self._scanner = ArbitrageScanner(Costs(config.fees, config.frictions), config.scanner)
        self._feeds: dict[int, KalshiStream | MarketFeed] = {}
        self.said: dict[str, int] = {}
        for wired in stream.connections:
            feed = (KalshiStream if wired.venue == KALSHI else MarketFeed)(wired.connection)
            feed.opened(wired.markets, START_US)
            self._feeds[wired.connection] = feed
            self._tell([MarketListed(market) for market in wired.markets], START_US)
        self._tell([PairListed(pair) for pair in stream.pairs], START_US)
        self.take(stream.opening)

    def take(self, arrivals: Iterable[Arrival]) -> None:
        """Fold frames, then drain the connections they came by into the scanner."""
        feeds = self._feeds
        drained: dict[int, FeedProtocol] = {}
        recv_us = START_US
        for connection, payload, _, recv_us in arrivals:
            feed = drained[connection] = feeds[connection]
            feed.receive(payload, 0, recv_us)
        for feed in drained.values():
            self._tell(feed.drain(), recv_us)

    def book(self, market: MarketId) -> TrackedBook | None:
        """The folded book of a market."""
        found = (feed.book(market) for feed in self._feeds.values())
        return next((book for book in found if book is not None), None)

    def _tell(self, messages: Sequence[Message], now_us: Instant) -> None:
        handle = self._scanner.handle
        for message in messages:
            for answer in handle(message, now_us):
                name = type(answer).__name__
                self.said[name] = self.said.get(name, 0) + 1


class WholeDesk:
    """Scanner, guardian, strategy, executor, gate, paper venue, read model, tape and journal.

    folder: of tape and journal; None leaves them out. idle: markets that are listed and then never
    heard of, as most of them are.
    """

    def __init__(self, stream: Stream, folder: Path | None, idle: Sequence[Market] = ()) -> None:
        config = shipped_config("paper")
        self._read_model = ReadModel()
        parts = build(config, [self._read_model.listen])
        self._worker, self._feeds = parts.worker, parts.feeds
        self._gate, self._venue = parts.gate, parts.venue
        self._recorder = None if folder is None else Recorder(open_folder(folder))
        self._timers: list[tuple[int, str]] = []
        self._waiting: list[Message] = []
        self._frame_seq = 0
        self._measure_us = START_US
        self.said: dict[str, int] = {}
        opening: list[Message] = [start_message(config, "benchmark", "benchmark")]
        opening += [MarketListed(market) for market in idle]
        for wired in stream.connections:
            opening += [MarketListed(market) for market in wired.markets]
            ids = tuple(market.id for market in wired.markets)
            opening.append(ConnectionOpened(wired.connection, wired.venue, wired.venue, ids))
        opening += [PairListed(pair) for pair in stream.pairs]
        self._waiting = opening
        self.take(stream.opening)
        self.take(stream.checks, kind_is_http=True)

    def take(self, arrivals: Sequence[Arrival], *, kind_is_http: bool = False) -> None:
        """One turn of the loop: what waits and these frames, worked, durable, released."""
        work, now_us = self.work(arrivals, kind_is_http=kind_is_http)
        self.record(work)
        self.release(work.commands, now_us)

    def work(
        self, arrivals: Sequence[Arrival], *, kind_is_http: bool = False
    ) -> tuple[Work, Instant]:
        """The pure part of a turn."""
        now_us = Instant(arrivals[-1].recv_us + HANDLING)
        batch: list[TapeFrame | Message] = self._due(now_us)
        kind = "http" if kind_is_http else "ws"
        for connection, payload, _, recv_us in arrivals:
            self._frame_seq += 1
            batch.append(TapeFrame(self._frame_seq, recv_us, connection, kind, payload))
        return self._worker.take(batch, now_us), now_us

    def record(self, work: Work) -> None:
        """Make a turn durable."""
        if self._recorder is not None:
            self._recorder.record(work)
        for step in work.steps:
            for entry in step.said:
                name = type(entry.message).__name__
                self.said[name] = self.said.get(name, 0) + 1

    def release(self, commands: Sequence[Command], now_us: Instant) -> None:
        """Let a turn's commands go, each order by the gate."""
        for command in commands:
            if isinstance(command, SetTimer):
                heapq.heappush(self._timers, (now_us + command.after, command.timer_id))
                continue
            if isinstance(command, AskModel | Notify):
                continue
            refused = self._gate.judge(command, now_us)
            if refused is None:
                self._venue.perform(command, now_us)
            else:
                self._waiting.append(refused)

    def close(self) -> None:
        """Give the files back."""
        if self._recorder is not None:
            self._recorder.close()

    def _due(self, now_us: Instant) -> list[TapeFrame | Message]:
        """Answers, timers and measurements that came before these frames."""
        batch: list[TapeFrame | Message] = [*self._waiting, *self._venue.due(now_us)]
        self._waiting = []
        while self._timers and self._timers[0][0] <= now_us:
            batch.append(TimerFired(heapq.heappop(self._timers)[1]))
        if now_us >= self._measure_us:
            self._measure_us = Instant(now_us + MEASURE_EVERY)
            batch += self._feeds.measure()
        return batch
