"""Who carries notices to their channels? A task beside the desk; trading never waits for it.

step -> kept (one write) -> recorded -> released -> lane by lane to file, terminal, Discord, Slack
                                                        -> what became of it re-enters the inbox
"""

import asyncio
import contextlib
from collections.abc import Callable

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.notify.answers import Later, Outcome, Refused, Taken, outcome_of
from foreshock.adapters.notify.discord import discord_request
from foreshock.adapters.notify.guarded import Sender
from foreshock.adapters.notify.kept import KeptOutbox
from foreshock.adapters.notify.log_lines import alert_line
from foreshock.adapters.notify.outbox import Delivery, Outbox, jittered
from foreshock.adapters.notify.slack import slack_request
from foreshock.adapters.notify.texts import first_line, plain
from foreshock.adapters.notify.webhooks import Webhook, webhook_for
from foreshock.adapters.storage.alert_log import AlertLog
from foreshock.app.notify_settings import Addresses
from foreshock.core.domain.errors import ConfigError, StorageError, VenueUnavailableError
from foreshock.core.domain.messages.alerting import Notified, Notify, NotifyFailed
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.notices import Notice
from foreshock.core.domain.units import MICRO, Instant
from foreshock.core.engine import Entry
from foreshock.core.ports import Folder

LOOK_S_MAX = 60.0
"""Longest time without looking whether something is due."""
FAREWELL_S_MAX, FAREWELL_LOOK_S = 3.0, 0.1
"""How long the end of a run waits for what could be told at once; the rest is kept."""
CONSOLE_WORDS_MAX = 400

Put = Callable[[Message], None]
Say = Callable[[str], None]


class Channels:
    """Brings one message to one channel and says what came of it."""

    def __init__(self, log: AlertLog, addresses: Addresses, sender: Sender, say: Say) -> None:
        self._log = log
        self._addresses = addresses
        self._sender = sender
        self._say = say

    def lane(self, notify: Notify) -> str:
        """The address a message goes to; messages of one lane leave one after the other."""
        if notify.sink != "discord":
            return notify.sink
        webhook = self._discord(notify.notice)
        return "discord" if webhook is None else webhook.name

    async def deliver(self, notify: Notify) -> Outcome:
        """One attempt."""
        match notify.sink:
            case "file":
                return await asyncio.to_thread(self._write, notify.notice)
            case "console":
                words = plain(notify.notice.words, CONSOLE_WORDS_MAX)
                self._say(f"{first_line(notify.notice)} - {words}")
                return Taken()
            case "discord":
                return await self._by_discord(notify.notice)
            case "slack":
                return await self._by_slack(notify.notice)

    async def close(self) -> None:
        """Give the log and the connections back."""
        self._log.close()
        await self._sender.close()

    def _discord(self, notice: Notice) -> Webhook | None:
        topics = f"{notice.topic} {notice.subject} {notice.about}"
        return webhook_for(topics, self._addresses.routes, self._addresses.discord)

    async def _by_discord(self, notice: Notice) -> Outcome:
        webhook = self._discord(notice)
        if webhook is None:
            return Refused("no route for its topic, and no default webhook", is_gone=False)
        return await self._post(webhook, notice)

    async def _by_slack(self, notice: Notice) -> Outcome:
        webhook = self._addresses.slack
        if webhook is None:
            return Refused("Slack is not set up any more", is_gone=False)
        return await self._post(webhook, notice)

    async def _post(self, webhook: Webhook, notice: Notice) -> Outcome:
        make = discord_request if webhook.service == "discord" else slack_request
        try:
            return outcome_of(await self._sender.send(webhook, make(webhook, notice)))
        except VenueUnavailableError as error:
            return Later(str(error), None)
        except ConfigError as error:
            return Refused(str(error), is_gone=True)

    def _write(self, notice: Notice) -> Outcome:
        try:
            self._log.write(alert_line(notice))
        except StorageError as error:
            return Later(str(error), None)
        return Taken()


class Notifiers:
    """The outbox of a run, its file, and the channels. `listen` before `release`, always."""

    def __init__(self, home: Folder, channels: Channels, *, is_simulated: bool) -> None:
        self._channels = channels
        self._kept = KeptOutbox(home, is_simulated=is_simulated)
        self._outbox = Outbox(channels.lane, jittered("notices"))
        self._put: Put | None = None
        self._some = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_failing = False

    def restore(self, put: Put, say: Say) -> None:
        """Take over what earlier runs left; what became of messages is `put` from now on."""
        self._put = put
        bad_count = self._kept.restore(self._outbox, wall_clock_us())
        if bad_count:
            say(f"note: {bad_count} lines of the outbox could not be read and are left out")

    def listen(self, _step: int, entry: Entry, now_us: Instant) -> None:
        """Keep a message before its step is on record."""
        if type(entry.message) is Notify:
            self._kept.keep(entry.message)
            self._facts(self._outbox.add(entry.message, now_us, is_held=True))

    def release(self, notify: Notify) -> None:
        """Its step is on record: it may leave."""
        self._outbox.release(notify.dedupe_key)
        self._some.set()

    async def run(self) -> None:
        """Deliver until cancelled, then what can be told at once."""
        try:
            while True:
                self._start_due()
                await self._wait()
                if self._kept.is_long():
                    self._kept.compact(self._outbox)
                await asyncio.to_thread(self._kept.sync)
        except asyncio.CancelledError:
            await self._farewell()
            raise
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._kept.close()
            await self._channels.close()

    async def _wait(self) -> None:
        """Until something new, something done, or something due."""
        self._some.clear()
        next_us = self._outbox.next_due_us()
        left_s = LOOK_S_MAX if next_us is None else (next_us - wall_clock_us()) / MICRO
        await self._some_within(min(LOOK_S_MAX, max(0.0, left_s)))

    async def _some_within(self, seconds: float) -> None:
        """Until something is new, or time is over. `wait_for` of Python 3.11 may lose a cancel."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._some.wait()

    async def _farewell(self) -> None:
        """What the end of the desk says should be read today, not at the next start."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + FAREWELL_S_MAX
        while loop.time() < deadline and not self._outbox.is_idle(wall_clock_us()):
            self._start_due()
            self._some.clear()
            await self._some_within(FAREWELL_LOOK_S)

    def _start_due(self) -> None:
        for delivery in self._outbox.due(wall_clock_us()):
            task = asyncio.get_running_loop().create_task(self._deliver(delivery))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            outcome = await self._channels.deliver(delivery.notify)
        except Exception as error:  # noqa: BLE001 - a slip of a channel must not stop the others
            outcome = Later(f"{type(error).__name__} on the way", None)
        self._facts(self._outbox.answered(delivery, outcome, wall_clock_us()))
        self._some.set()

    def _facts(self, facts: list[Message]) -> None:
        for fact in facts:
            if isinstance(fact, Notified | NotifyFailed):
                self._kept.keep(fact)
            if self._put is not None:
                self._put(fact)
