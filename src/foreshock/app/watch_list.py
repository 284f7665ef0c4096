"""Which names does a person want watched beside pairs and the busiest? Changed while it runs.

A change is a message on record first; then the name is resolved, again and again, because a series
goes on to its next market, and its markets are streamed until the name is taken off the list.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from foreshock.app.loop import Desk
from foreshock.app.venues import VenueLink
from foreshock.core.domain.errors import ConfigError, DataError, VenueUnavailableError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.alerting import WatchListChanged, WatchListFound
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.core.ports import Folder

FILE_NAME, SIMULATED_FILE_NAME = "watchlist.json", "watchlist.demo.json"
NAMES_MAX = 50
RESOLVE_EVERY_S = 60.0
BY_SETTINGS = "settings"

Watch: TypeAlias = Callable[[VenueLink, tuple[MarketId, ...]], Coroutine[None, None, None]]
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
        except msgspec.MsgspecError as error:
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
    """Keeps the names of the list in view."""

    def __init__(self, desk: Desk, links: Sequence[VenueLink], watch: Watch) -> None:
        self._desk = desk
        self._links: Mapping[str, VenueLink] = {link.name: link for link in links}
        self._watch = watch
        self._changes: asyncio.Queue[WatchListChanged] = asyncio.Queue()
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """Hear of changes; they are acted on beside the loop."""
        if isinstance(entry.message, WatchListChanged):
            self._changes.put_nowait(entry.message)

    async def run(self) -> None:
        """Act on changes until cancelled."""
        try:
            while True:
                await self._act(await self._changes.get())
        finally:
            await _ended(self._tasks.values())

    async def _act(self, change: WatchListChanged) -> None:
        key = (change.venue, change.identifier)
        link = self._links.get(change.venue)
        if not change.is_watched:
            task = self._tasks.pop(key, None)
            await _ended([] if task is None else [task])
        elif link is None:
            words = f"{change.venue} is not part of this run"
            self._desk.inbox.put(WatchListFound(*key, (), words))
        elif key not in self._tasks and len(self._tasks) < NAMES_MAX:
            self._tasks[key] = asyncio.create_task(self._keep(link, change.identifier))

    async def _keep(self, link: VenueLink, identifier: str) -> None:
        """Resolve a name again and again; stream what it stands for and nobody streams yet."""
        told: tuple[tuple[MarketId, ...], str] | None = None
        streamed: tuple[MarketId, ...] = ()
        stream: asyncio.Task[None] | None = None
        try:
            while True:
                markets, words = await self._resolve(link, identifier)
                ids = tuple(market.id for market in markets)
                if (ids, words) != told:
                    told = (ids, words)
                    self._desk.inbox.put(WatchListFound(link.name, identifier, ids, words))
                missing = self._missing(link.name, ids, streamed)
                if missing != streamed and (ids or streamed):
                    await _ended([] if stream is None else [stream])
                    streamed, stream = missing, self._open(link, missing)
                await asyncio.sleep(RESOLVE_EVERY_S)
        finally:
            await _ended([] if stream is None else [stream])

    async def _resolve(self, link: VenueLink, identifier: str) -> tuple[tuple[Market, ...], str]:
        """The markets of a name, and what there is to say of them."""
        try:
            found = await link.discover((identifier,), 0)
        except (VenueUnavailableError, DataError) as error:
            return (), f"not found out: {error}"
        return found.markets, found.summary

    def _missing(
        self, venue: str, ids: tuple[MarketId, ...], streamed: tuple[MarketId, ...]
    ) -> tuple[MarketId, ...]:
        """Those of a name's markets that only this name streams."""
        elsewhere = {m for _, markets in self._desk.watched(venue) for m in markets}
        return tuple(each for each in ids if each in streamed or each not in elsewhere)

    def _open(self, link: VenueLink, ids: tuple[MarketId, ...]) -> asyncio.Task[None] | None:
        return asyncio.create_task(self._watch(link, ids)) if ids else None


async def _ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Until tasks that are not wanted any more have given everything back."""
    unwanted = list(tasks)
    for task in unwanted:
        task.cancel()
    await asyncio.gather(*unwanted, return_exceptions=True)
