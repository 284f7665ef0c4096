"""A halt outlives the run it was made in."""

from pathlib import Path

import pytest

from foreshock.adapters.storage.files import DiskFolder
from foreshock.adapters.storage.journal import Place
from foreshock.app.standing_halts import BY, FILE_NAME, StandingHalts
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.messages.decisions import Halted, Resumed
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry

VENUES = ("polymarket", "kalshi")


def tell(halts: StandingHalts, *messages: Message) -> None:
    """Each in a step of its own, which is on record before the next."""
    for message in messages:
        hear(halts, message)
        halts.recorded(1, Instant(1), Place())


def hear(halts: StandingHalts, message: Message) -> None:
    halts.listen(1, Entry(1, 0, "risk-guardian", message), Instant(1))


def test_what_was_halted_and_not_resumed_is_carried(tmp_path: Path) -> None:
    tell(
        StandingHalts(DiskFolder(tmp_path)),
        Halted("all", "operator", "lunch"),
        Halted("kalshi", "fuse", "rejects"),
        Resumed("kalshi", "operator"),
    )
    assert StandingHalts(DiskFolder(tmp_path)).carried(VENUES, has_past=False) == [
        HaltRequested("all", "operator", "lunch")
    ]


def test_a_crash_between_two_carried_halts_loses_neither(tmp_path: Path) -> None:
    tell(
        StandingHalts(DiskFolder(tmp_path)),
        Halted("all", "x", "y"),
        Halted("kalshi", "fuse", "rejects"),
    )
    restarted = StandingHalts(DiskFolder(tmp_path))
    first, second = restarted.carried(VENUES, has_past=False)
    tell(restarted, Halted(first.scope, first.by, first.reason))
    assert StandingHalts(DiskFolder(tmp_path)).carried(VENUES, has_past=False) == [first, second]


def test_a_resumption_that_no_record_holds_lifts_nothing(tmp_path: Path) -> None:
    halts = StandingHalts(DiskFolder(tmp_path))
    tell(halts, Halted("all", "x", "y"))
    hear(halts, Resumed("all", "a person"))
    hear(halts, Halted("kalshi", "fuse", "rejects"))
    carried = StandingHalts(DiskFolder(tmp_path)).carried(VENUES, has_past=False)
    assert [halt.scope for halt in carried] == ["all", "kalshi"]
    halts.recorded(2, Instant(2), Place())
    assert [
        halt.scope for halt in StandingHalts(DiskFolder(tmp_path)).carried(VENUES, has_past=False)
    ] == ["kalshi"]


def test_nothing_is_carried_when_all_is_resumed_or_nothing_was_halted(tmp_path: Path) -> None:
    assert StandingHalts(DiskFolder(tmp_path)).carried(VENUES, has_past=False) == []
    tell(StandingHalts(DiskFolder(tmp_path)), Halted("all", "x", "y"), Resumed("all", "x"))
    assert StandingHalts(DiskFolder(tmp_path)).carried(VENUES, has_past=False) == []


def test_a_first_start_halts_nothing_and_where_the_file_is_gone_everything_is_halted(
    tmp_path: Path,
) -> None:
    first = StandingHalts(DiskFolder(tmp_path))
    assert first.carried(VENUES, has_past=False) == []
    assert StandingHalts(DiskFolder(tmp_path)).carried(VENUES, has_past=True) == []
    (tmp_path / FILE_NAME).unlink()
    again = StandingHalts(DiskFolder(tmp_path)).carried(VENUES, has_past=True)
    assert [(halt.scope, halt.by) for halt in again] == [(s, BY) for s in ("all", *VENUES)]
    assert StandingHalts(DiskFolder(tmp_path)).carried(VENUES, has_past=True) == again


@pytest.mark.parametrize("content", [b"[{", b'{"a":"\xb0"}', b'["\xb0"]'])
def test_a_damaged_file_stops_the_start(content: bytes, tmp_path: Path) -> None:
    """Of bytes that are no text, too: one turned bit is enough."""
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(ConfigError, match="cannot read the standing halts"):
        StandingHalts(DiskFolder(tmp_path)).carried(VENUES, has_past=False)


def test_a_halt_that_cannot_be_kept_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot keep the halts"):
        tell(StandingHalts(DiskFolder(tmp_path / "nowhere")), Halted("all", "x", "y"))
