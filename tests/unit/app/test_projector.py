"""The tables follow the desk, and a database that refuses never stops it."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import JOURNAL_NAME, Journal, Step
from foreshock.adapters.storage.journal import Told as ToldInput
from foreshock.adapters.storage.projections import Projections
from foreshock.app import projector as projector_module
from foreshock.app.projector import BOOK_INTERVAL, Projector, rebuild
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import OUTSIDE, Entry
from tests.samples import market
from tests.trading import A, book

BOOKS = "select count(*) from orderbooks"
MARKETS = "select count(*) from markets"


def entry(message: Message) -> Entry:
    return Entry(0, None, OUTSIDE, message)


def count(database: Path, question: str) -> int:
    with sqlite3.connect(database) as connection:
        (found,) = connection.execute(question).fetchone()
    connection.close()
    return found


def test_a_market_gets_one_row_and_its_book_one_an_interval(tmp_path: Path) -> None:
    database = tmp_path / "p.sqlite"
    projector = Projector("run", Projections(database))
    projector.listen(1, entry(MarketListed(market(A))), Instant(0))
    for now_us in (0, 1, BOOK_INTERVAL - 1, BOOK_INTERVAL, BOOK_INTERVAL + 1):
        projector.listen(2, entry(book(A, 44, 45)), Instant(now_us))
    projector.close()
    assert count(database, MARKETS) == 1
    assert count(database, BOOKS) == 2


async def test_a_refusal_is_told_once_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector_module, "FLUSH_S", 0.01)
    database = tmp_path / "p.sqlite"
    database.mkdir()  # a folder where a file must be
    told: list[str] = []
    projector = Projector("run", Projections(database), told.append)
    projector.listen(1, entry(MarketListed(market(A))), Instant(0))
    running = asyncio.create_task(projector.run())
    await asyncio.sleep(0.2)
    assert not running.done()
    assert len(told) == 1
    assert "\n" not in told[0]
    assert "the journal has everything" in told[0]
    database.rmdir()
    await asyncio.sleep(0.2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    projector.close()
    assert count(database, MARKETS) == 1


def test_a_lost_database_is_rebuilt_from_the_journal(tmp_path: Path) -> None:
    file = MemoryFile()
    journal = Journal(file)
    journal.append([Step(1, Instant(5), ToldInput(MarketListed(market(A))), ())])
    journal.fsync()
    database = tmp_path / "p.sqlite"
    assert rebuild("run", {JOURNAL_NAME: file}.__getitem__, database) == 1
    assert count(database, MARKETS) == 1
