"""Does a data folder come back from its backup byte for byte, and is every damage refused?"""

import sqlite3
import tarfile
from pathlib import Path

import pytest

from foreshock.adapters.storage.files import DiskFolder
from foreshock.app.backups import (
    LIST_NAME,
    back_up,
    backed_up,
    check_backup,
    database_bytes,
    restore,
)
from foreshock.app.config import load_settings
from foreshock.app.desk_memory import DeskMemory
from foreshock.app.feeds import Feeds
from foreshock.app.instance import FILE_NAME, LOCK_NAME, claim
from foreshock.app.limits_record import LimitsRecord
from foreshock.app.projector import DATABASE_NAME
from foreshock.app.recorder import Recorder
from foreshock.app.recordings import check_run
from foreshock.app.standing_halts import StandingHalts
from foreshock.app.wiring import desk_config, start_message
from foreshock.app.worker import Worker
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.messages.decisions import Halted
from foreshock.core.engine import Engine, Entry
from tests.trading import START
from tests.unit.app.test_desk_memory import LEGS

RUN = "runs/20261121T080000000000Z-paper"
CONFIG = desk_config("paper", "TEST", load_settings({}))


def lived(home: Path) -> str:
    """A folder in which a desk traded on paper, was halted, and died; returns its books' hash."""
    home.mkdir(mode=0o700)
    folder = DiskFolder(home)
    memory = DeskMemory(folder, CONFIG, RUN)
    memory.restored(START)
    LimitsRecord(folder, "paper").adopt(CONFIG)
    worker = Worker(Engine([]), Feeds({}), [memory.listen])
    recorder = Recorder(lambda name: folder.open(f"{RUN}/{name}"), [memory.recorded])
    recorder.record(worker.take([start_message(CONFIG, "test", "test"), *LEGS], START))
    recorder.close()
    halts = StandingHalts(folder)
    halts.listen(1, Entry(1, 0, "risk-guardian", Halted("all", "a person", "lunch")), START)
    with sqlite3.connect(home / DATABASE_NAME) as database:
        database.execute("create table fills (id text)")
        database.execute("insert into fills values ('f1')")
    database.close()
    (home / FILE_NAME).write_text('{"token": "secret"}')
    (home / LOCK_NAME).touch()
    (home / "wallet.key").write_text("secret")
    return memory.books_hash()


def put_back(archive: Path, home: Path, *, replace: bool = False) -> None:
    held = claim(home)
    assert held is not None
    try:
        restore(archive, held, START, replace=replace)
    finally:
        held.release()


def contents(home: Path) -> dict[str, bytes]:
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in backed_up(home)}


def test_e6_the_drill_a_folder_comes_back_and_the_desk_carries_on(tmp_path: Path) -> None:
    """Back up, lose everything, restore elsewhere: books, halts, limits, tables and the chain."""
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    books = lived(home)
    back_up(home, tmp_path / "safe.tar", START)
    put_back(tmp_path / "safe.tar", elsewhere)
    names = set(contents(home))
    assert {"halts.json", "limits-paper.json", "memory-paper.fss", DATABASE_NAME} < names
    assert set(contents(elsewhere)) == names
    for name in names - {DATABASE_NAME}:
        assert contents(elsewhere)[name] == contents(home)[name]
    memory = DeskMemory(DiskFolder(elsewhere), CONFIG, "runs/next")
    assert memory.restored(START)
    assert memory.books_hash() == books
    assert check_run(elsewhere / RUN).steps_count == 1 + len(LEGS)
    carried = StandingHalts(DiskFolder(elsewhere)).carried((), has_past=True)
    assert [halt.scope for halt in carried] == ["all"]
    with sqlite3.connect(elsewhere / DATABASE_NAME) as database:
        assert database.execute("select id from fills").fetchall() == [("f1",)]
    database.close()


def test_no_lock_token_or_key_leaves_the_folder(tmp_path: Path) -> None:
    lived(tmp_path / "home")
    back_up(tmp_path / "home", tmp_path / "safe.tar", START)
    with tarfile.open(tmp_path / "safe.tar") as archive:
        names = archive.getnames()
    assert not {FILE_NAME, LOCK_NAME, "wallet.key"} & set(names)
    assert b"secret" not in (tmp_path / "safe.tar").read_bytes()
    assert (tmp_path / "safe.tar").stat().st_mode & 0o777 == 0o600


def test_what_a_snapshot_cites_is_copied_after_it(tmp_path: Path) -> None:
    lived(tmp_path / "home")
    names = [path.name for path in backed_up(tmp_path / "home")]
    assert names.index("memory-paper.fss") < names.index(DATABASE_NAME)
    assert names.index(DATABASE_NAME) < names.index("journal.fsj")


def test_e4_a_torn_tail_stays_behind_and_damage_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    lived(home)
    journal = home / RUN / "journal.fsj"
    whole = journal.read_bytes()
    journal.write_bytes(whole + whole[:20])
    back_up(home, tmp_path / "torn.tar", START)
    put_back(tmp_path / "torn.tar", tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere" / RUN / "journal.fsj").read_bytes() == whole
    damaged = bytearray(whole)
    damaged[40] ^= 1
    journal.write_bytes(damaged)
    with pytest.raises(StorageError, match="foreshock verify"):
        back_up(home, tmp_path / "damaged.tar", START)
    assert not (tmp_path / "damaged.tar").exists()


def test_e6_a_database_that_is_being_written_is_copied_whole(tmp_path: Path) -> None:
    """A copy of the file alone, without what the writer has not moved there yet, lacks rows."""
    path = tmp_path / DATABASE_NAME
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("pragma journal_mode=wal")
    writer.execute("pragma wal_autocheckpoint=0")
    writer.execute("create table fills (id integer)")
    writer.executemany("insert into fills values (?)", [(n,) for n in range(500)])
    copied = tmp_path / "copied"
    copied.write_bytes(path.read_bytes())
    saved = tmp_path / "saved"
    saved.write_bytes(database_bytes(path))
    for name, expected in ((saved, 500), (copied, None)):
        reader = sqlite3.connect(name)
        try:
            (count,) = reader.execute("select count(*) from fills").fetchone()
        except sqlite3.Error:
            count = None
        reader.close()
        assert (count == 500) == (expected == 500)
    writer.close()


def test_e4_no_byte_of_a_backup_can_change_unseen(tmp_path: Path) -> None:
    """Every 211th byte: names, sizes, contents and the list. Padding between files says nothing."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "halts.json").write_bytes(b"[]")
    (home / "verdicts.jsonl").write_bytes(b"x" * 3_000)
    good = tmp_path / "safe.tar"
    back_up(home, good, START)
    whole, caught = good.read_bytes(), 0
    before = contents(home)
    for place in range(0, len(whole), 211):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        bad = tmp_path / "bad.tar"
        bad.write_bytes(damaged)
        target = tmp_path / f"t{place}"
        try:
            put_back(bad, target)
        except StorageError:
            caught += 1
            assert not contents(target), "nothing was put in place"
        else:
            assert contents(target) == before
    assert caught > 15


@pytest.mark.parametrize("size", [0, 100, 600])
def test_a_backup_that_was_cut_is_refused(tmp_path: Path, size: int) -> None:
    lived(tmp_path / "home")
    back_up(tmp_path / "home", tmp_path / "safe.tar", START)
    (tmp_path / "cut.tar").write_bytes((tmp_path / "safe.tar").read_bytes()[:size])
    with pytest.raises(StorageError):
        check_backup(tmp_path / "cut.tar")


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w") as archive:
        member = tarfile.TarInfo(name)
        archive.addfile(member)
    with pytest.raises(StorageError, match="no place in a backup"):
        check_backup(tmp_path / "bad.tar")


def test_a_file_that_the_list_does_not_name_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "halts.json").write_bytes(b"[]")
    back_up(home, tmp_path / "safe.tar", START)
    with tarfile.open(tmp_path / "safe.tar", "a") as archive:
        archive.addfile(tarfile.TarInfo("extra.json"))
    with pytest.raises(StorageError, match=r"extra\.json is not as its list says"):
        check_backup(tmp_path / "safe.tar")


def test_what_is_there_is_set_aside_and_never_deleted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    lived(home)
    back_up(home, tmp_path / "safe.tar", START)
    (home / "halts.json").write_bytes(b"[ ]")
    with pytest.raises(ConfigError, match="--replace"):
        put_back(tmp_path / "safe.tar", home)
    assert (home / "halts.json").read_bytes() == b"[ ]"
    put_back(tmp_path / "safe.tar", home, replace=True)
    assert (home / "halts.json").read_bytes() != b"[ ]"
    (aside,) = home.glob("replaced-*")
    assert (aside / "halts.json").read_bytes() == b"[ ]"
    assert (aside / "wallet.key").exists() or (home / "wallet.key").exists()


def test_a_backup_never_overwrites_a_file_and_never_holds_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with pytest.raises(ConfigError, match="nothing to back up"):
        back_up(home, tmp_path / "safe.tar", START)
    (home / "halts.json").write_bytes(b"[]")
    (tmp_path / "safe.tar").write_bytes(b"precious")
    with pytest.raises(ConfigError, match="exists"):
        back_up(home, tmp_path / "safe.tar", START)
    assert (tmp_path / "safe.tar").read_bytes() == b"precious"


def test_the_list_is_no_part_of_the_restored_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "halts.json").write_bytes(b"[]")
    back_up(home, tmp_path / "safe.tar", START)
    put_back(tmp_path / "safe.tar", tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere" / LIST_NAME).exists()
