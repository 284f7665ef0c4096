"""A computer has clocks of its own; a lease goes with the process that holds it."""

from foreshock.adapters.sim.disk import SimDisk
from foreshock.app.simulation.machines import LeaseHandle, Machine, SimLease
from foreshock.app.simulation.virtual_loop import VirtualLoop
from foreshock.core.domain.units import SECOND, Instant


def unseen(_name: str, _offset: int, _data: bytes) -> None:
    """Nobody looks."""


class Owner:
    """Lives until told otherwise."""

    def __init__(self) -> None:
        self.is_alive = True


def test_a_wrong_wall_clock_leaves_the_other_one_alone() -> None:
    start_us = Instant(1_795_000_000 * SECOND)
    loop = VirtualLoop(start_us, lambda _: 0.0)
    try:
        machine = Machine("a computer", loop, SimDisk(unseen))
        machine.skew_us = -3 * SECOND
        loop.stall(2.0)
        assert machine.wall_us() == start_us - SECOND
        assert machine.monotonic_us() == 2 * SECOND
    finally:
        loop.close()


def test_a_lock_is_free_again_when_its_owner_is_gone() -> None:
    lease, first, second = SimLease(), Owner(), Owner()
    assert LeaseHandle(lease, first).lock()
    assert not LeaseHandle(lease, second).lock()
    first.is_alive = False
    assert LeaseHandle(lease, second).lock()
    LeaseHandle(lease, second).write(b"mine")
    assert LeaseHandle(lease, first).read() == b"mine"
