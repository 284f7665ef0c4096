"""Does each act happen at its own moment, in order?"""

import pytest

from foreshock.adapters.sim import agenda as module
from foreshock.adapters.sim.agenda import Agenda
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import SECOND, Instant

NOON = Instant(1_000 * SECOND)


def test_acts_happen_by_moment_then_by_order_of_scheduling() -> None:
    agenda, done = Agenda(), list[tuple[str, int]]()
    for name, delay_s in (("late", 3.0), ("first", 1.0), ("second", 1.0)):
        agenda.after(NOON, delay_s, lambda at_us, name=name: done.append((name, at_us - NOON)))
    agenda.run(Instant(NOON + 2 * SECOND))
    assert done == [("first", SECOND), ("second", SECOND)]
    agenda.run(Instant(NOON + 9 * SECOND))
    assert done[-1] == ("late", 3 * SECOND)


def test_what_an_act_schedules_happens_in_the_same_run_when_due() -> None:
    agenda, done = Agenda(), list[int]()

    def again(at_us: Instant) -> None:
        done.append(at_us - NOON)
        agenda.after(at_us, 1.0, again)

    agenda.after(NOON, 0.0, again)
    agenda.run(Instant(NOON + 3 * SECOND))
    assert done == [0, SECOND, 2 * SECOND, 3 * SECOND]


def test_scheduling_without_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ACTS_MAX", 3)
    agenda = Agenda()
    for _ in range(3):
        agenda.after(NOON, 1.0, lambda _: None)
    with pytest.raises(InvariantError, match="acts"):
        agenda.after(NOON, 1.0, lambda _: None)
