"""What asks for headlines and dates? Each source in its turn, as often as it may be asked.

Items enter the desk as messages, each once: a headline that every answer repeats is told when it
is first seen. A source that refuses or says nonsense is told with its own words.
"""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.polling import Poll, Terms
from foreshock.adapters.seams import HttpTransport
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.messages.signals import NewsAsked, NewsSeen
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Duration
from foreshock.core.ports import NewsSource

ITEMS_KEPT_MAX = 20_000
PAUSE_S_MIN = 1.0


class NewsLink(msgspec.Struct, frozen=True):
    """One source, and how it is reached. every: at most so often."""

    source: NewsSource
    transport: HttpTransport
    every: Duration


class NewsService:
    """Every source of news of a desk, until cancelled. known: what is told before anything else."""

    def __init__(
        self, links: Sequence[NewsLink], known: Sequence[NewsSeen], put: Callable[[Message], None]
    ) -> None:
        self._links = links
        self._known = known
        self._put = put
        self._told: dict[str, None] = {}
        self._counts: dict[str, int] = {}

    async def run(self) -> None:
        """Tell what is known, then ask."""
        if self._known:
            self._take("calendar", self._known)
        async with asyncio.TaskGroup() as tasks:
            for link in self._links:
                tasks.create_task(self._ask_on(link))

    async def _ask_on(self, link: NewsLink) -> None:
        poll = Poll(Terms(path=link.source.path, every=link.every))
        while True:
            problem = await self._ask(link, poll)
            if problem:
                self._put(NewsAsked(link.source.name, 0, problem))
            wait_s = (poll.due_us - wall_clock_us()) / MICRO
            await asyncio.sleep(max(PAUSE_S_MIN, wait_s))

    async def _ask(self, link: NewsLink, poll: Poll) -> str:
        """One question; returns why nothing came of it, empty when all is well."""
        try:
            answer = await link.transport.send(poll.request())
        except VenueUnavailableError as error:
            return poll.failed(str(error), wall_clock_us()).problem
        now_us = wall_clock_us()
        outcome = poll.answered(answer, now_us)
        if outcome.problem:
            return outcome.problem
        name = link.source.name
        if outcome.body is None:  # as it was
            self._put(NewsAsked(name, self._counts.get(name, 0), ""))
            return ""
        try:
            items = link.source.read(outcome.body, now_us)
        except DataError as error:
            return poll.failed(str(error), now_us).problem
        self._take(name, items)
        return ""

    def _take(self, source: str, items: Sequence[NewsSeen]) -> None:
        """Tell what is new, oldest first, and then that the source answered."""
        for item in sorted(items, key=lambda each: each.published_us):
            if item.item_id not in self._told:
                self._told[item.item_id] = None
                self._put(item)
        while len(self._told) > ITEMS_KEPT_MAX:
            del self._told[next(iter(self._told))]
        self._counts[source] = len(items)
        self._put(NewsAsked(source, len(items), ""))
