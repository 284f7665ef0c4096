"""Does the configuration reach the desk, also one that was recorded before a setting existed?"""

import msgspec
import pytest

from foreshock.app.config import load_settings
from foreshock.app.wiring import desk_config, recorded_config
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.units import NOTHING
from foreshock.core.risk.position_risk import Measures
from tests.trading import dollars


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


@pytest.mark.parametrize(("clip", "leg", "expected"), [("50", "250", 50), ("300", "250", 250)])
def test_no_live_leg_costs_more_than_one_order_may(clip: str, leg: str, expected: int) -> None:
    flags = {"live": {"clip_max_dollars": clip}, "scanner": {"leg_cost_max_dollars": leg}}
    config = desk_config("live", "", load_settings(flags))
    assert config.scanner.leg_cost_max == dollars(expected)
    assert config.execution.clip_max == dollars(int(clip))


def test_on_paper_nobody_signs() -> None:
    config = desk_config("paper", "", load_settings({"live": {"clip_max_dollars": "50"}}))
    assert config.scanner.leg_cost_max == dollars(250)
    assert config.execution.clip_max == NOTHING
