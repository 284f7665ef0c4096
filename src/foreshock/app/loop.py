"""The one loop behind demo, watch and paper: arrivals -> steps -> durable -> release.

inbox -> worker (pure) -> recorder (one fsync a drain) -> gate -> venue
  ^                                                                |
  +---------------- answers, timers, refusals ---------------------+
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from foreshock.adapters.clock import monotonic_us, wall_clock_us
from foreshock.adapters.streams import StreamKeeper
from foreshock.app.feeds import Feeds
from foreshock.app.inbox import Inbox
from foreshock.app.recorder import Recorder
from foreshock.app.worker import Worker
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.advice import AskModel
from foreshock.core.domain.messages.alerting import Notify
from foreshock.core.domain.messages.conversions import ConvertSets, SendConversion
from foreshock.core.domain.messages.operations import DeskStopped, LoopLagged
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
from foreshock.core.domain.units import MICRO, Duration, Instant
from foreshock.core.ports import TradingVenue

TICK_S = 1.0
LAG_PROBE_S = 0.1
LAG_TOLD_MIN = Duration(100_000)
"""Loop lag below this is normal and not told."""

Judge = Callable[[PlaceOrder, Instant], SendRefused | None]
"""The gate: a refusal, or None when the order may leave now."""


class Desk:
    """Runs until `stop`; everything it heard and said is on disk when `run` returns."""

    def __init__(
        self,
        worker: Worker,
        feeds: Feeds,
        recorder: Recorder,
        venue: TradingVenue,
        judge: Judge,
    ) -> None:
        self.inbox = Inbox()
        self._worker = worker
        self._feeds = feeds
        self._recorder = recorder
        self._venue = venue
        self._judge = judge
        self._advise: Callable[[AskModel], None] | None = None
        self._notify: Callable[[Notify], None] | None = None
        self._keepers: list[StreamKeeper] = []
        self._stopping: str | None = None
        self._end: Callable[[str], None] | None = None
        self._venue_timer: asyncio.TimerHandle | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._lag_timer: asyncio.TimerHandle | None = None

    def carry(self, keepers: Sequence[StreamKeeper]) -> None:
        """These streams carry the feeds' outgoing frames from now on."""
        self._keepers += keepers

    def consult(self, ask: Callable[[AskModel], None]) -> None:
        """Questions to language models go here from now on; without it they are not asked."""
        self._advise = ask

    def notify(self, tell: Callable[[Notify], None]) -> None:
        """What a channel is to tell goes here from now on; without it nobody is told."""
        self._notify = tell

    def end_by(self, begin: Callable[[str], None]) -> None:
        """Whoever is to bring the run to its end; without it a run ends at once."""
        self._end = begin

    def watched(self, venue: str) -> list[tuple[int, tuple[MarketId, ...]]]:
        """(connection, markets) of every connection of a venue that carries markets."""
        watched = self._feeds.watched()
        return [(n, markets) for n, name, markets in watched if name == venue and markets]

    def unpaid(self, markets: Sequence[MarketId]) -> list[MarketId]:
        """Markets of which nobody has said yet what they paid."""
        return self._feeds.unpaid(markets)

    def stop(self, reason: str) -> None:
        """End the run in order: what waits is still worked and recorded."""
        if self._end is not None:
            self._end(reason)
        elif self._stopping is None:
            self._stopping = reason
            self.inbox.put(DeskStopped(reason))

    async def run(self) -> None:
        """Work until stopped. Raises StorageError when nothing can be recorded any more."""
        async with asyncio.TaskGroup() as tasks:
            ticking = tasks.create_task(self._tick())
            self._probe_lag(monotonic_us())
            try:
                await self._work()
            finally:
                ticking.cancel()
                self._cancel_timers()
        self._recorder.close()

    async def _work(self) -> None:
        while True:
            batch = await self.inbox.take()
            work = self._worker.take(batch, wall_clock_us())
            await asyncio.to_thread(self._recorder.record, work)
            self._release(work.commands)
            self._send_frames()
            if any(isinstance(arrival, DeskStopped) for arrival in batch):
                return

    def _release(self, commands: Sequence[Command]) -> None:
        """Let recorded commands go, in order; the gate looks at each order once more."""
        for command in commands:
            match command:
                case SetTimer(timer_id=timer_id, after=after):
                    self._set_timer(timer_id, after)
                case PlaceOrder():
                    now_us = wall_clock_us()
                    refused = self._judge(command, now_us)
                    if refused is None:
                        self._venue.perform(command, now_us)
                    else:
                        self.inbox.put(refused)
                case AskModel() | Notify():
                    self._pass_on(command)
                case CancelOrder() | SendOrder() | ReadAccount() | ConvertSets() | SendConversion():
                    self._venue.perform(command, wall_clock_us())
        self._await_venue()

    def _pass_on(self, command: AskModel | Notify) -> None:
        """To whoever does it beside the loop; trading awaits neither a model nor a channel."""
        if isinstance(command, AskModel):
            if self._advise is not None:
                self._advise(command)
        elif self._notify is not None:
            self._notify(command)

    def _set_timer(self, timer_id: str, after: Duration) -> None:
        """A timer set again replaces the one that runs."""
        running = self._timers.pop(timer_id, None)
        if running is not None:
            running.cancel()
        loop = asyncio.get_running_loop()
        self._timers[timer_id] = loop.call_later(after / MICRO, self._fire, timer_id)

    def _fire(self, timer_id: str) -> None:
        self._timers.pop(timer_id, None)
        self.inbox.put(TimerFired(timer_id))

    def _await_venue(self) -> None:
        """Collect the venue's answers when the next one is due."""
        due_us = self._venue.next_due_us()
        if self._venue_timer is not None:
            self._venue_timer.cancel()
            self._venue_timer = None
        if due_us is not None:
            delay_s = max(0, due_us - wall_clock_us()) / MICRO
            loop = asyncio.get_running_loop()
            self._venue_timer = loop.call_later(delay_s, self._collect)

    def _collect(self) -> None:
        self._venue_timer = None
        for answer in self._venue.due(wall_clock_us()):
            self.inbox.put(answer)
        self._await_venue()

    def _cancel_timers(self) -> None:
        for handle in (*self._timers.values(), self._venue_timer, self._lag_timer):
            if handle is not None:
                handle.cancel()

    def _send_frames(self) -> None:
        outgoing = self._feeds.take_outgoing()
        if not outgoing:
            return
        keepers = self._open_keepers()
        for connection, text in outgoing:
            if connection in keepers:
                keepers[connection].send(text)

    def _open_keepers(self) -> Mapping[int, StreamKeeper]:
        return {k.connection: k for k in self._keepers if k.connection is not None}

    async def _tick(self) -> None:
        """Once a second: keep-alives, dead streams, freshness."""
        while True:
            await asyncio.sleep(TICK_S)
            now_us = wall_clock_us()
            self._feeds.tick(now_us)
            self._send_frames()
            keepers = self._open_keepers()
            for connection, reason in self._feeds.dead(now_us):
                if connection in keepers:
                    keepers[connection].reopen(reason)
            for measured in self._feeds.measure():
                self.inbox.put(measured)

    def _probe_lag(self, due_us: int) -> None:
        """Tell when the loop itself is late: everything seen is then older than it looks."""
        now_us = monotonic_us()
        if now_us - due_us >= LAG_TOLD_MIN:
            self.inbox.put(LoopLagged(Duration(now_us - due_us)))
        loop = asyncio.get_running_loop()
        next_us = now_us + int(LAG_PROBE_S * MICRO)
        self._lag_timer = loop.call_later(LAG_PROBE_S, self._probe_lag, next_us)
