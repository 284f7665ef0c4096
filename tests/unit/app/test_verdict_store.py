"""Does a verdict outlive the run it was given in, and does damage stop the start?"""

from pathlib import Path

import pytest

from foreshock.adapters.storage.files import DiskFolder
from foreshock.app.verdict_store import (
    FILE_BYTES_MAX,
    FILE_NAME,
    SIMULATED_FILE_NAME,
    Kept,
    VerdictStore,
    accepted_markets,
)
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.messages.matching import PairNeedsReview
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import OUTSIDE, Entry
from tests.trading import A, B
from tests.unit.dashboard.told import decided, reopened, sources_ruled


def store(home: Path, *, is_simulated: bool = False) -> VerdictStore:
    return VerdictStore(DiskFolder(home), is_simulated=is_simulated)


def tell(kept: VerdictStore, *messages: Message) -> None:
    for message in messages:
        kept.listen(1, Entry(1, 0, "market-matcher", message), Instant(1))


EVERYTHING: list[Kept] = [
    decided(),
    reopened(),
    sources_ruled(),
    decided(version=2, verdict="block", note="naïve"),
]


def test_everything_decided_is_carried_in_order(tmp_path: Path) -> None:
    assert store(tmp_path).carried() == []
    tell(store(tmp_path), *EVERYTHING)
    assert store(tmp_path).carried() == EVERYTHING
    tell(store(tmp_path), decided(version=3))
    assert store(tmp_path).carried() == [*EVERYTHING, decided(version=3)]


def test_what_was_carried_in_is_not_written_again(tmp_path: Path) -> None:
    kept = store(tmp_path)
    kept.listen(1, Entry(0, None, OUTSIDE, decided()), Instant(1))
    tell(kept, PairNeedsReview("pair-1", A, B, "no verdict"))
    assert not (tmp_path / FILE_NAME).exists()


def test_simulated_markets_have_a_file_of_their_own(tmp_path: Path) -> None:
    tell(store(tmp_path, is_simulated=True), decided())
    assert store(tmp_path).carried() == []
    assert (tmp_path / SIMULATED_FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_half_a_line_of_a_crash_is_cut_off_and_the_next_verdict_is_whole(tmp_path: Path) -> None:
    tell(store(tmp_path), decided())
    with (tmp_path / FILE_NAME).open("ab") as file:
        file.write(b'{"type":"PairDeci')
    size = (tmp_path / FILE_NAME).stat().st_size
    assert store(tmp_path).peek() == [decided()]
    assert (tmp_path / FILE_NAME).stat().st_size == size, "who only looks changes nothing"
    assert store(tmp_path).carried() == [decided()]
    tell(store(tmp_path), decided(version=2))
    assert store(tmp_path).carried() == [decided(), decided(version=2)]


def test_a_damaged_line_stops_the_start_and_is_named(tmp_path: Path) -> None:
    tell(store(tmp_path), decided())
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes() + b"{}\n" + path.read_bytes())
    with pytest.raises(ConfigError, match=r"line 2 of .* is damaged"):
        store(tmp_path).carried()


def test_an_absurd_file_and_one_that_cannot_be_read_stop_the_start(tmp_path: Path) -> None:
    with (tmp_path / FILE_NAME).open("wb") as file:
        file.truncate(FILE_BYTES_MAX + 1)
    with pytest.raises(ConfigError, match="longer than"):
        store(tmp_path).carried()
    (tmp_path / SIMULATED_FILE_NAME).mkdir()
    with pytest.raises(ConfigError, match="cannot read"):
        store(tmp_path, is_simulated=True).carried()


def test_a_verdict_that_cannot_be_kept_is_an_error(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(StorageError, match=FILE_NAME):
        tell(store(tmp_path), decided())


def test_the_markets_of_accepted_pairs_are_wanted_and_of_no_others() -> None:
    assert accepted_markets([decided(), sources_ruled(), reopened()]) == [A, B]
    assert accepted_markets([decided(), decided(version=2, verdict="reject")]) == []
