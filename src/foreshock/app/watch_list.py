"""Which names does a person want watched beside pairs and the busiest? Changed while it runs.

A change is a message on record first; then the name is resolved, again and again, because a series
goes on to its next market, and its markets are streamed until the name is taken off the list.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from itertools import count
from typing import TypeAlias

import msgspec

from foreshock.app.config import WatchSection
from foreshock.app.loop import Desk
from foreshock.app.services import VenueService, Wanted
from foreshock.app.venues import VenueLink
from foreshock.core.domain.errors import ConfigError, DataError, VenueUnavailableError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.alerting import WatchListChanged, WatchListFound
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.core.ports import Folder

FILE_NAME, SIMULATED_FILE_NAME = "watchlist.json", "watchlist.demo.json"
NAMES_MAX = 50
RESOLVE_EVERY_S = 60.0
OTHERS_TRIES_MAX, OTHERS_PAUSE_S = 60, 0.25
NUMBERS_FROM = 1_000_000
"""Connections of the watch list are counted from here, apart from all others."""
BY_SETTINGS = "settings"

Watch: TypeAlias = Callable[[Desk, VenueLink, tuple[MarketId, ...]], Coroutine[None, None, None]]
"""Keeps markets of a venue in view until cancelled."""


class Name(msgspec.Struct, frozen=True):
    """One name of the list."""

    venue: str
    identifier: str
    by: str


class WatchListFile:
    """The names of a data folder; those of the settings are not in it."""

    def __init__(self, home: Folder, *, is_simulated: bool) -> None:
        self._home = home
        self._name = SIMULATED_FILE_NAME if is_simulated else FILE_NAME
        self._names: dict[tuple[str, str], Name] = {}

    def carried(self, settings: Iterable[str] = ()) -> list[WatchListChanged]:
        """Names of the settings and of earlier runs, to be told to the desk.

        Raises ConfigError when the file cannot be read.
        """
        data = self._home.read(self._name)
        try:
            kept = [] if data is None else msgspec.json.decode(data, type=list[Name])
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{self._home.where(self._name)} is damaged ({error}): mend or remove it"
            ) from error
        self._names = {(name.venue, name.identifier): name for name in kept[:NAMES_MAX]}
        named = [Name("kalshi", identifier, BY_SETTINGS) for identifier in settings]
        unique = {(name.venue, name.identifier): name for name in [*kept[:NAMES_MAX], *named]}
        return [WatchListChanged(n.venue, n.identifier, True, n.by) for n in unique.values()]  # noqa: FBT003 - the message's own order

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """Follow changes. Raises StorageError when one cannot be kept."""
        message = entry.message
        if not isinstance(message, WatchListChanged) or message.by == BY_SETTINGS:
            return
        key = (message.venue, message.identifier)
        before = dict(self._names)
        if message.is_watched and len(self._names) < NAMES_MAX:
            self._names[key] = Name(message.venue, message.identifier, message.by)
        elif not message.is_watched:
            self._names.pop(key, None)
        if self._names != before:
            self._home.replace(self._name, msgspec.json.encode(list(self._names.values())))


class WatchList:
    """Keeps the names of the list in view while `run` runs."""

    def __init__(self, names: WatchListFile, links: Sequence[VenueLink], watch: Watch) -> None:
        self._names = names
        self._links: Mapping[str, VenueLink] = {link.name: link for link in links}
        self._watch = watch
        self._changes: deque[WatchListChanged] = deque()
        self._some = asyncio.Event()
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    def listen(self, step: int, entry: Entry, now_us: Instant) -> None:
        """Keep a change, and act on it beside the loop."""
        if isinstance(entry.message, WatchListChanged):
            self._names.listen(step, entry, now_us)
            self._changes.append(entry.message)
            self._some.set()

    async def run(self, desk: Desk) -> None:
        """Act on changes until cancelled."""
        try:
            while True:
                await self._some.wait()
                self._some.clear()
                while self._changes:
                    await self._act(desk, self._changes.popleft())
        finally:
            await _ended(self._tasks.values())

    async def _act(self, desk: Desk, change: WatchListChanged) -> None:
        key = (change.venue, change.identifier)
        link = self._links.get(change.venue)
        if not change.is_watched:
            task = self._tasks.pop(key, None)
            await _ended([] if task is None else [task])
        elif link is None:
            words = f"{change.venue} is not part of this run"
            desk.inbox.put(WatchListFound(*key, (), words))
        elif key not in self._tasks and len(self._tasks) < NAMES_MAX:
            self._tasks[key] = asyncio.create_task(self._keep(desk, link, change.identifier))

    async def _keep(self, desk: Desk, link: VenueLink, identifier: str) -> None:
        """Resolve a name again and again; stream what it stands for and nobody streams yet."""
        told: WatchListFound | None = None
        streamed: tuple[MarketId, ...] = ()
        stream: asyncio.Task[None] | None = None
        await _others_first(desk, link.name)
        try:
            while True:
                found = await _resolved(link, identifier)
                if found != told:
                    told = found
                    desk.inbox.put(found)
                missing = _missing(desk, link.name, found.markets, streamed)
                is_over = stream is not None and stream.done()
                if missing != streamed or is_over:
                    await _ended([] if stream is None else [stream])
                    streamed, stream = missing, self._open(desk, link, missing)
                await asyncio.sleep(RESOLVE_EVERY_S)
        finally:
            await _ended([] if stream is None else [stream])

    def _open(
        self, desk: Desk, link: VenueLink, ids: tuple[MarketId, ...]
    ) -> asyncio.Task[None] | None:
        return asyncio.create_task(self._watch(desk, link, ids)) if ids else None


async def _others_first(desk: Desk, venue: str) -> None:
    """Wait until the venue's own watch list is streamed: nothing is to be streamed twice."""
    for _ in range(OTHERS_TRIES_MAX):
        if desk.watched(venue):
            return
        await asyncio.sleep(OTHERS_PAUSE_S)


async def _resolved(link: VenueLink, identifier: str) -> WatchListFound:
    """What a name stands for; tried until the venue answers."""
    attempt = 0
    while True:
        try:
            found = await link.discover((identifier,), 0)
        except (VenueUnavailableError, DataError):
            attempt += 1
            await asyncio.sleep(min(RESOLVE_EVERY_S, 2.0**attempt))
            continue
        ids = tuple(market.id for market in found.markets)
        return WatchListFound(link.name, identifier, ids, found.summary)


def _missing(
    desk: Desk, venue: str, ids: tuple[MarketId, ...], streamed: tuple[MarketId, ...]
) -> tuple[MarketId, ...]:
    """Those of a name's markets that nobody but this name streams."""
    elsewhere = {m for _, markets in desk.watched(venue) for m in markets}
    return tuple(each for each in ids if each in streamed or each not in elsewhere)


async def _ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Until tasks that are not wanted any more have given everything back."""
    unwanted = list(tasks)
    for task in unwanted:
        task.cancel()
    await asyncio.gather(*unwanted, return_exceptions=True)


def streams_of(section: WatchSection, say: Callable[[str], None]) -> Watch:
    """How the list's markets are kept in view: as a venue's watched markets are."""
    numbers = count(NUMBERS_FROM)

    async def watch(desk: Desk, link: VenueLink, ids: tuple[MarketId, ...]) -> None:
        await VenueService(link, desk, Wanted(ids, 0, say), section, numbers).run()

    return watch
