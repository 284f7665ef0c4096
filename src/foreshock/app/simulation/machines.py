"""What does a process find under its feet? A computer with a disk and two clocks, and leases."""

from typing import Protocol

from foreshock.adapters.sim.disk import SimDisk
from foreshock.app.simulation.virtual_loop import VirtualLoop
from foreshock.core.domain.units import MICRO, Instant


class Owner(Protocol):
    """A process, as far as a lock cares."""

    @property
    def is_alive(self) -> bool: ...


class Machine:
    """Where a process runs: one disk, two clocks. skew_us: of the wall clock; it may step."""

    def __init__(self, name: str, loop: VirtualLoop, disk: SimDisk) -> None:
        self.name = name
        self.disk = disk
        self.skew_us = 0
        self._loop = loop

    def wall_us(self) -> Instant:
        """What the wall clock shows."""
        return Instant(self._loop.now_us() + self.skew_us)

    def monotonic_us(self) -> Instant:
        """Time since the machine was switched on."""
        return Instant(round(self._loop.time() * MICRO))


class SimLease:
    """A lease file that all computers see. The lock goes with the process that has it."""

    def __init__(self) -> None:
        self.data = b""
        self._owner: Owner | None = None

    def lock(self, process: Owner) -> bool:
        """Whether it is this process's now."""
        if self._owner is not None and self._owner.is_alive and self._owner is not process:
            return False
        self._owner = process
        return True


class LeaseHandle:
    """What `take_lease` works with: the file as one process opens it."""

    def __init__(self, lease: SimLease, process: Owner) -> None:
        self._lease = lease
        self._process = process

    def lock(self) -> bool:
        """Take the lock."""
        return self._lease.lock(self._process)

    def read(self) -> bytes:
        """Who holds it."""
        return self._lease.data

    def write(self, data: bytes) -> None:
        """Durable at once."""
        self._lease.data = data

    def release(self) -> None:
        """Given back when the process ends."""
