"""What happens when nobody listens to an exchange?"""

import pytest

from foreshock.adapters.sim import exchange_state
from foreshock.core.domain.errors import InvariantError
from tests.unit.adapters.sim.exchange_scene import POLICIES, exchange, request
from tests.unit.adapters.sim.face_scenario import T0


def test_untaken_events_stop_the_exchange_before_memory_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    venue = exchange(POLICIES[0])
    monkeypatch.setattr(exchange_state, "EVENTS_MAX", 6)
    for _ in range(3):
        venue.place(request("buy yes 1 at 0.40"), T0)
    with pytest.raises(InvariantError, match="wait to be taken"):
        venue.place(request("buy yes 1 at 0.40"), T0)
    assert len(venue.take_events()) == 6
