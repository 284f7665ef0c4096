"""Does the configuration reach the desk, also one that was recorded before a setting existed?"""

import msgspec
import pytest

from foreshock.app.config import load_settings
from foreshock.app.wiring import desk_config, recorded_config
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.risk.position_risk import Measures


def test_a_run_recorded_before_all_this_is_read_as_it_decided_then() -> None:
    config = desk_config("demo", "test", load_settings({}))
    recorded = msgspec.json.decode(msgspec.json.encode(config))
    del recorded["measures"], recorded["scanner"]["lead_min"]
    started = DeskStarted("1", "build", "demo", msgspec.json.encode(recorded).decode())
    found = recorded_config(started)
    assert (found.measures, found.scanner.lead_min) == (Measures(), None)


@pytest.mark.parametrize(("is_wanted", "lead_min"), [(True, 400_000), (False, None)])
def test_buying_the_followers_leg_first_can_be_switched_off(
    is_wanted: bool, lead_min: int | None
) -> None:
    flags = {"scanner": {"follower_first": is_wanted, "lead_min_ms": 400}}
    assert desk_config("demo", "test", load_settings(flags)).scanner.lead_min == lead_min
