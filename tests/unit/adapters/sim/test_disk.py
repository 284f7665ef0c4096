"""A crash spares what was durable and takes the process along."""

import random

import pytest

from foreshock.adapters.sim.disk import Mount, SimDisk
from foreshock.core.domain.errors import StorageError

Told = list[tuple[str, int, bytes]]


def disk() -> tuple[SimDisk, Told]:
    told: Told = []
    return SimDisk(lambda name, offset, data: told.append((name, offset, data))), told


def test_only_what_was_synced_is_sure_to_survive() -> None:
    machine, told = disk()
    file = Mount(machine, lambda: True).open("a")
    file.append(b"sure")
    file.fsync()
    file.append(b"loose")
    assert told == [("a", 0, b"sure")]
    found = set[bytes]()
    for seed in range(40):
        again, _ = disk()
        copy = Mount(again, lambda: True).open("a")
        copy.append(b"sure")
        copy.fsync()
        copy.append(b"loose")
        again.lose_power(random.Random(seed))
        found.add(copy.read())
    assert min(found, key=len) == b"sure"
    assert all(b"sureloose".startswith(data) for data in found)


def test_what_happens_to_survive_the_power_is_told_like_what_was_synced() -> None:
    for seed in range(40):
        machine, told = disk()
        file = Mount(machine, lambda: True).open("a")
        file.append(b"sure")
        file.fsync()
        file.append(b"loose")
        machine.lose_power(random.Random(seed))
        assert b"".join(data for _, _, data in told) == file.read()


def test_a_process_alone_dies_and_its_writes_stay() -> None:
    machine, told = disk()
    Mount(machine, lambda: True).open("a").append(b"written")
    machine.survive()
    assert told == [("a", 0, b"written")]
    machine.lose_power(random.Random(0))
    assert Mount(machine, lambda: True).read("a") == b"written"


@pytest.mark.parametrize(("acts", "left"), [(1, b"ab"), (2, b"abcd"), (3, b"abcdef")])
def test_every_act_is_a_crash_point(acts: int, left: bytes) -> None:
    machine, _ = disk()
    deaths: list[str] = []
    machine.rules.on_crash = lambda: deaths.append("killed")
    machine.rules.crash_in = acts
    file = Mount(machine, lambda: not deaths).open("a")

    def write_twice() -> None:
        for data in (b"abcd", b"efgh"):
            file.append(data)
            file.fsync()

    with pytest.raises(StorageError, match="crashed"):
        write_twice()
    assert deaths == ["killed"]
    assert bytes(machine.contents["a"].data) == left
    with pytest.raises(StorageError, match="gone"):
        file.append(b"more")


def test_a_full_disk_keeps_what_fitted() -> None:
    machine, _ = disk()
    machine.rules.room = 3
    mount = Mount(machine, lambda: True)
    with pytest.raises(StorageError, match="no space left"):
        mount.open("a").append(b"abcd")
    assert mount.read("a") == b"abc"
    with pytest.raises(StorageError, match="no space left"):
        mount.replace("b", b"x")
    assert mount.read("b") is None


def test_a_replaced_file_is_whole_before_or_after_a_crash() -> None:
    for data, left in ((b"new", b"old"), (b"newer!", b"newer!")):
        machine, _ = disk()
        mount = Mount(machine, lambda: True)
        mount.replace("a", b"old")
        machine.rules.crash_in = 1
        with pytest.raises(StorageError, match="crashed"):
            mount.replace("a", data)
        assert mount.read("a") == left


def test_a_flipped_bit_changes_one_byte_and_a_cut_is_told() -> None:
    machine, told = disk()
    file = Mount(machine, lambda: True).open("a")
    file.append(b"0000")
    file.fsync()
    place = machine.flip("a", random.Random(1))
    assert place is not None
    assert sum(byte != ord("0") for byte in file.read()) == 1
    assert machine.flip("nowhere", random.Random(1)) is None
    file.truncate(2)
    assert told[-1] == ("a", 2, b"")
