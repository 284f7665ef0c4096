"""Is an exchange that nobody drains noticed?"""

import pytest

from foreshock.adapters.sim import exchange_state
from foreshock.adapters.sim.exchange_state import ExchangeState
from foreshock.adapters.sim.exchange_types import KALSHI_POLICY, StatusChanged
from foreshock.core.domain.errors import InvariantError
from tests.unit.adapters.sim.exchange_cases import T0
from tests.unit.adapters.sim.face_scenario import free


def test_events_wait_in_order_up_to_a_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_state, "EVENTS_MAX", 2)
    state = ExchangeState(KALSHI_POLICY, free)
    events = [StatusChanged("M1", T0, clock, "listed", "open") for clock in range(3)]
    state.emit(events[0])
    state.emit(events[1])
    assert state.events == events[:2]
    with pytest.raises(InvariantError, match="wait to be taken"):
        state.emit(events[2])
