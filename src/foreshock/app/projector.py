"""Who keeps the SQL tables up to date? One batching task; trading never waits for it."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

from foreshock.adapters.storage.journal import JOURNAL_NAME, Told, read_journal
from foreshock.adapters.storage.projections import Projections
from foreshock.adapters.storage.rows import book_row, rows_of
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.core.ports import File

DATABASE_NAME = "projections.sqlite"
FLUSH_S = 1.0
BOOK_INTERVAL = Duration(5 * SECOND)
"""A market's book gets a row at most this often."""


class Projector:
    """Turns what the desk hears and says into rows of one run."""

    def __init__(
        self, run: str, projections: Projections, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self._run = run
        self._projections = projections
        self._tell = tell
        self._is_failing = False
        self._book_told_us: dict[MarketId, Instant] = {}

    def listen(self, step: int, entry: Entry, now_us: Instant) -> None:
        """Queue the rows of one message."""
        message = entry.message
        if isinstance(message, BookChanged):
            told_us = self._book_told_us.get(message.market)
            if told_us is None or now_us - told_us >= BOOK_INTERVAL:
                self._book_told_us[message.market] = now_us
                self._projections.add((book_row(self._run, message, now_us),))
            return
        self._projections.add(rows_of(self._run, step, entry, now_us))

    async def run(self) -> None:
        """Write once a second until cancelled; a write that has begun is ended first."""
        while True:
            await asyncio.sleep(FLUSH_S)
            writing = asyncio.ensure_future(asyncio.to_thread(self._write))
            try:
                await asyncio.shield(writing)
            except asyncio.CancelledError:
                await writing
                raise

    def _write(self) -> None:
        """Nothing rests on these tables: a database that refuses is told once and tried again."""
        try:
            self._projections.flush()
        except StorageError as error:
            if not self._is_failing:
                self._tell(f"note: {error}; trying again, the journal has everything")
            self._is_failing = True
        else:
            self._is_failing = False

    def close(self) -> None:
        """Write what waits and give the database back."""
        self._write()
        self._projections.close()


def rebuild(run: str, open_file: Callable[[str], File], database: Path) -> int:
    """Project a run's journal anew; returns the number of steps. Books of the tape are left out.

    Raises StorageError when journal or database refuse.
    """
    projections = Projections(database)
    projector = Projector(run, projections)
    steps_count = 0
    for step in read_journal(open_file(JOURNAL_NAME)):
        steps_count += 1
        for entry in _heard(step.input, step.said):
            projector.listen(step.step, entry, step.now_us)
    projections.flush()
    projections.close()
    return steps_count


def _heard(given: object, said: tuple[Entry, ...]) -> Iterator[Entry]:
    """A recorded step's messages: the one told, if any, and everything said."""
    if isinstance(given, Told):
        yield Entry(0, None, OUTSIDE, given.message)
    yield from said
