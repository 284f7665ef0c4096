"""What does a machine's disk do when the power goes, when it is full, and when it lies?

Bytes are appended to a cache and become durable with an fsync. A crash leaves what was durable and,
as the caller decides, some of what was not. Every act that changes the disk is a crash point: it is
counted, and the one that was ordered takes the process with it, half done.
"""

import errno
import random
from collections.abc import Callable
from typing import TypeAlias

import msgspec

from foreshock.core.domain.errors import StorageError

Witness: TypeAlias = Callable[[str, int, bytes], None]
"""Hears (name, offset, bytes) when bytes become durable; a cut has no bytes and the new size."""


class DiskRules(msgspec.Struct):
    """What goes wrong. crash_in: acts until the crash; None for never. room: bytes left, or None.

    on_crash: called when the ordered act is reached; afterwards nobody uses the mount any more.
    """

    crash_in: int | None = None
    room: int | None = None
    on_crash: Callable[[], None] | None = None


class Content:
    """One file: what a reader sees, and how much of it is durable."""

    __slots__ = ("data", "synced")

    def __init__(self, data: bytes = b"") -> None:
        self.data = bytearray(data)
        self.synced = len(data)


class SimDisk:
    """One machine's disk. acts_count: crash points so far."""

    def __init__(self, witness: Witness) -> None:
        self.rules = DiskRules()
        self.contents: dict[str, Content] = {}
        self.acts_count = 0
        self._witness = witness

    # ---- what happens to a disk

    def lose_power(self, rng: random.Random) -> int:
        """Forget what was not durable, save for its start; returns how many bytes are gone."""
        lost = 0
        for name, content in self.contents.items():
            loose = len(content.data) - content.synced
            kept = rng.randint(0, loose) if loose else 0
            lost += loose - kept
            del content.data[content.synced + kept :]
            self.settle(name, content)
        return lost

    def survive(self) -> None:
        """The process died, the machine did not: what was written stays written."""
        for name, content in self.contents.items():
            self.settle(name, content)

    def flip(self, name: str, rng: random.Random) -> int | None:
        """Turn one bit of a file over; returns the byte, None when there is nothing to turn."""
        content = self.contents.get(name)
        if content is None or not content.data:
            return None
        place = rng.randrange(len(content.data))
        content.data[place] ^= 1 << rng.randrange(8)
        return place

    # ---- what a mount does

    def act(self) -> bool:
        """Count an act; True when it is the one that the process does not survive."""
        self.acts_count += 1
        if self.rules.crash_in is None:
            return False
        self.rules.crash_in -= 1
        return self.rules.crash_in <= 0

    def crash(self) -> None:
        """Take the process along. Raises StorageError, as nothing can be written any more."""
        self.rules.crash_in = None
        if self.rules.on_crash is not None:
            self.rules.on_crash()
        raise _refused("crashed")

    def fit(self, data: bytes) -> bytes:
        """As much as there is room for."""
        room = self.rules.room
        if room is None:
            return data
        fitting = data[: max(0, room)]
        self.rules.room = max(0, room - len(fitting))
        return fitting

    def settle(self, name: str, content: Content) -> None:
        """Everything written so far is durable."""
        if content.synced < len(content.data):
            self._witness(name, content.synced, bytes(content.data[content.synced :]))
            content.synced = len(content.data)

    def put(self, name: str, data: bytes) -> None:
        """A whole file, durable at once."""
        self.contents[name] = Content(data)
        self._witness(name, 0, data)

    def cut(self, name: str, size: int) -> None:
        """A shorter file, durable at once."""
        content = self.contents[name]
        del content.data[size:]
        content.synced = min(content.synced, size)
        self._witness(name, size, b"")


class Mount:
    """The disk as one process sees it; `is_alive` False takes it away."""

    def __init__(self, disk: SimDisk, is_alive: Callable[[], bool]) -> None:
        self.disk = disk
        self._is_alive = is_alive

    def open(self, name: str) -> "MountedFile":
        """A file; made when first written."""
        return MountedFile(self, name)

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None when there is none. Raises StorageError."""
        self.check()
        content = self.disk.contents.get(name)
        return None if content is None else bytes(content.data)

    def replace(self, name: str, data: bytes) -> None:
        """Whole or not at all. Raises StorageError."""
        self.check()
        is_last = self.disk.act()
        if is_last and len(data) % 2:  # before it; otherwise after it: both happen
            self.disk.crash()
        if len(self.disk.fit(data)) < len(data):
            raise _refused("no space left on device")
        self.disk.put(name, data)
        if is_last:
            self.disk.crash()

    def where(self, name: str) -> str:
        """The name: there is no path."""
        return name

    def check(self) -> None:
        """Raises StorageError when the process is gone."""
        if not self._is_alive():
            raise _refused("the process is gone")


class MountedFile:
    """One file of a mount."""

    def __init__(self, mount: Mount, name: str) -> None:
        self._mount = mount
        self._name = name

    def append(self, data: bytes) -> None:
        """Raises StorageError when the disk is full or takes the process along."""
        disk, content = self._mount.disk, self._content()
        if disk.act():
            content.data += data[: len(data) // 2]
            disk.crash()
        fitting = disk.fit(data)
        content.data += fitting
        if len(fitting) < len(data):
            raise _refused("no space left on device")

    def fsync(self) -> None:
        """Raises StorageError when the disk takes the process along."""
        disk, content = self._mount.disk, self._content()
        if disk.act():
            disk.crash()
        disk.settle(self._name, content)

    def read(self) -> bytes:
        """Everything written so far. Raises StorageError."""
        return self._mount.read(self._name) or b""

    def truncate(self, size: int) -> None:
        """Raises StorageError when the disk takes the process along."""
        disk = self._mount.disk
        self._content()
        if disk.act():
            disk.crash()
        disk.cut(self._name, size)

    def close(self) -> None:
        """Nothing to give back."""

    def _content(self) -> Content:
        self._mount.check()
        return self._mount.disk.contents.setdefault(self._name, Content())


def _refused(words: str) -> StorageError:
    code = errno.ENOSPC if "space" in words else errno.EIO
    return StorageError(f"simulated disk: {words} ({errno.errorcode[code]})")
