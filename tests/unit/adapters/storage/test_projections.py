"""The tables say what the messages said, once, in whatever batches they were written."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy.exc import OperationalError

from foreshock.adapters.storage import projections as projections_module
from foreshock.adapters.storage.projections import Projections
from foreshock.adapters.storage.rows import book_row, rows_of
from foreshock.adapters.storage.schema import METADATA, SCHEMA_VERSION
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import (
    Halted,
    IncidentOpened,
    PairListed,
    PairUnlisted,
)
from foreshock.core.domain.messages.market_data import BookChanged, MarketListed, MarketResolved
from foreshock.core.domain.messages.trading import (
    FillSettled,
    OrderClosed,
    OrderFilled,
    PlaceOrder,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Instant, Money, Price, Quantity
from foreshock.core.engine import OUTSIDE, Entry
from tests.samples import market
from tests.unit.dashboard.told import PAIR, decided, related, reopened

ORDER = PlaceOrder(
    order_id="o1",
    package_id="p1",
    market=MarketId("kalshi:A"),
    outcome="yes",
    action="buy",
    limit=Price(420_000),
    quantity=Quantity(10 * MICRO),
    time_in_force="ioc",
    purpose="enter",
    edge_id="e1",
    book_epoch=1,
    decided_us=Instant(5),
)
STORY: list[Message] = [
    MarketListed(market("kalshi:A")),
    ORDER,
    OrderFilled(
        "o1", "f1", Quantity(4 * MICRO), Price(420_000), Money(70_000), is_provisional=True
    ),
    FillSettled("o1", "f1"),
    OrderClosed("o1", Quantity(4 * MICRO), "remainder killed"),
    Halted("all", "operator", "lunch"),
    IncidentOpened("i1", "o1", "look"),
    MarketResolved(MarketId("kalshi:A"), Price(MICRO), Instant(9)),
]


def tell(projections: Projections, messages: list[Message]) -> None:
    for step, message in enumerate(messages, 1):
        entry = Entry(0, None, OUTSIDE, message)
        projections.add(rows_of("run", step, entry, Instant(step)))


def contents(projections: Projections) -> list[list[tuple[object, ...]]]:
    questions = [
        "select market, status, payout_yes, at_us from markets",
        'select "order", state, reason, quantity, at_us from orders',
        "select fill, state, quantity, fee from fills",
        "select kind, about, code, words from risk_events",
        "select alert, words from alerts",
    ]
    return [[tuple(row) for row in projections.query(question)] for question in questions]


EXPECTED = [
    [("kalshi:A", "open", MICRO, 8)],
    [("o1", "closed", "remainder killed", 10 * MICRO, 5)],
    [("f1", "settled", 4 * MICRO, 70_000)],
    [("halted", "all", "operator", "lunch")],
    [("i1", "look")],
]


@pytest.mark.parametrize("flush_every", [1, 3, 100])
def test_tables_hold_the_last_word_whatever_the_batches(tmp_path: Path, flush_every: int) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    for start in range(0, len(STORY), flush_every):
        for step, message in enumerate(STORY[start : start + flush_every], start + 1):
            entry = Entry(0, None, OUTSIDE, message)
            projections.add(rows_of("run", step, entry, Instant(step)))
        projections.flush()
    assert contents(projections) == EXPECTED
    projections.close()


def test_telling_a_story_twice_changes_nothing(tmp_path: Path) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    tell(projections, STORY)
    tell(projections, STORY)
    projections.flush()
    assert contents(projections) == EXPECTED
    projections.close()


def test_another_schema_version_starts_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Projections(tmp_path / "p.sqlite")
    tell(old, STORY)
    old.flush()
    old.close()
    monkeypatch.setattr(projections_module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    new = Projections(tmp_path / "p.sqlite")
    assert contents(new) == [[], [], [], [], []]
    new.close()


PAIR_STORY: list[Message] = [
    related(),
    decided(),
    PairListed(PAIR),
    reopened(),
    PairUnlisted("pair-1", "the rules of A changed"),
    decided(version=2, verdict="reject", note="no longer"),
]


@pytest.mark.parametrize("flush_every", [1, 100])
def test_a_pair_has_its_relation_its_state_and_every_version(
    tmp_path: Path, flush_every: int
) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    for start in range(0, len(PAIR_STORY), flush_every):
        tell(projections, PAIR_STORY[start : start + flush_every])
        projections.flush()
    (pair,) = projections.query("select pair, state, reason, version from market_pairs")
    assert tuple(pair) == ("pair-1", "reject", "no longer", 2)
    (found,) = projections.query("select relation, decision, clauses from pair_relations")
    assert tuple(found) == ("identity", "review", "source=unknown")
    told = projections.query("select version, verdict, by from pair_verdicts order by 1, 2")
    assert [tuple(row) for row in told] == [
        (1, "accept", "dashboard"),
        (1, "reopened", "polymarket:0xa"),
        (2, "reject", "dashboard"),
    ]
    projections.close()


def test_a_pair_that_the_rules_alone_proved_has_no_version(tmp_path: Path) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    tell(projections, [PairListed(PAIR)])
    projections.flush()
    (pair,) = projections.query("select state, version from market_pairs")
    assert tuple(pair) == ("trading", None)
    projections.close()


def test_an_empty_side_of_a_book_is_unknown_not_zero(tmp_path: Path) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    ask = (Price(600_000), Quantity(3))
    book = BookChanged(MarketId("kalshi:A"), 1, "live", Instant(1), Instant(2), (), (ask,))
    projections.add([book_row("run", book, Instant(3))])
    projections.flush()
    rows = projections.query("select bid, bid_quantity, ask, ask_quantity from orderbooks")
    assert [tuple(row) for row in rows] == [(None, None, 600_000, 3)]
    projections.close()


def test_too_far_behind_drops_the_oldest_and_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projections_module, "ROWS_WAITING_MAX", 3)
    projections = Projections(tmp_path / "p.sqlite")
    tell(projections, [IncidentOpened(f"i{n}", "x", "y") for n in range(5)])
    assert projections.dropped_count == 2
    assert projections.flush() == 3
    projections.close()


def test_a_database_that_keeps_refusing_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows arrive while a write is tried, and come on top of those that are given back."""
    monkeypatch.setattr(projections_module, "ROWS_WAITING_MAX", 3)
    projections = Projections(tmp_path / "p.sqlite")

    def locked(_: str) -> NoReturn:
        tell(projections, [IncidentOpened("late", "x", "y")])
        raise OperationalError("begin", None, OSError("locked"))

    monkeypatch.setattr(projections_module, "create_engine", locked)
    tell(projections, [IncidentOpened(f"i{n}", "x", "y") for n in range(3)])
    for _ in range(4):
        with pytest.raises(StorageError, match="cannot write"):
            projections.flush()
    assert projections.dropped_count == 4
    projections.close()


def test_a_database_that_refuses_is_a_storage_error_and_loses_no_row(tmp_path: Path) -> None:
    (tmp_path / "p.sqlite").write_bytes(b"this is not a database, " * 50)
    projections = Projections(tmp_path / "p.sqlite")
    tell(projections, STORY)
    for _ in range(2):
        with pytest.raises(StorageError, match="cannot write"):
            projections.flush()
    projections.close()


def test_every_row_belongs_to_a_run() -> None:
    for table in METADATA.sorted_tables:
        assert "run" in [column.name for column in table.primary_key], table.name


def test_only_the_owner_may_read_the_tables(tmp_path: Path) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    tell(projections, STORY)
    projections.flush()
    projections.close()
    assert stat.S_IMODE((tmp_path / "p.sqlite").stat().st_mode) == 0o600


def test_two_that_open_a_new_database_at_once_both_find_its_tables(tmp_path: Path) -> None:
    for number in range(30):
        opened = [Projections(tmp_path / f"{number}.sqlite") for _ in range(4)]
        with ThreadPoolExecutor(len(opened)) as pool:
            asked = [pool.submit(each.query, "select count(*) from configs") for each in opened]
        assert [one.result()[0][0] for one in asked] == [0] * len(opened)
        for each in opened:
            each.close()


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    projections = Projections(tmp_path / "file" / "p.sqlite")
    tell(projections, STORY)
    with pytest.raises(StorageError, match="cannot write"):
        projections.flush()
