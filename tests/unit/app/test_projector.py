"""The tables of a run can be made anew from its journal."""

from collections import defaultdict
from pathlib import Path

from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import JOURNAL_NAME, Drained, Journal, Step, Told
from foreshock.adapters.storage.projections import Projections
from foreshock.app.projector import BOOK_INTERVAL, Projector, rebuild
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import Halted
from foreshock.core.domain.messages.market_data import BookChanged, MarketListed
from foreshock.core.domain.units import Instant
from foreshock.core.engine import OUTSIDE, Entry
from tests.samples import market

STEPS = [
    Step(1, Instant(10), Told(MarketListed(market("kalshi:A"))), ()),
    Step(2, Instant(20), Drained(7), (Entry(1, 0, "risk-guardian", Halted("all", "x", "y")),)),
]


def test_a_rebuilt_database_holds_what_the_journal_says(tmp_path: Path) -> None:
    files = defaultdict[str, MemoryFile](MemoryFile)
    Journal(files[JOURNAL_NAME]).append(STEPS)
    database = tmp_path / "new.sqlite"
    assert rebuild("run", files.__getitem__, database) == 2
    assert rebuild("run", files.__getitem__, database) == 2, "twice is the same as once"
    projections = Projections(database)
    assert len(projections.query("select market from markets")) == 1
    assert len(projections.query("select words from risk_events")) == 1
    projections.close()


def test_a_book_has_a_row_every_few_seconds_at_most(tmp_path: Path) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    projector = Projector("run", projections)
    for now_us in (0, BOOK_INTERVAL - 1, BOOK_INTERVAL):
        at = Instant(now_us)
        book = BookChanged(MarketId("kalshi:A"), 1, "live", at, at, (), ())
        projector.listen(1, Entry(0, None, OUTSIDE, book), at)
    projections.flush()
    assert len(projections.query("select at_us from orderbooks")) == 2
    projector.close()
