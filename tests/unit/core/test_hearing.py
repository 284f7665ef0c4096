"""Every agent names all the messages that it does anything about."""

import pickle

import msgspec
import pytest

from foreshock.app.config import load_settings
from foreshock.app.wiring import VENUES, desk_agents, desk_config
from foreshock.core.domain.units import Instant, Money
from foreshock.core.engine import Agent
from foreshock.core.execution.gate import Gate
from foreshock.core.matching.second_reader import SecondReaderSettings
from tests.unit.dashboard.told import one_of_each

NOW_US = Instant(1_700_000_000_000_000)


def every_agent() -> list[Agent]:
    """What a live desk with a second reader is built of."""
    config = msgspec.structs.replace(
        desk_config("live", "", load_settings({})),
        live_venues=VENUES,
        second_reader=SecondReaderSettings(
            spend_per_day_max=Money(1), input_price=Money(1), output_price=Money(1)
        ),
    )
    return desk_agents(config, Gate(config.gate, VENUES))


@pytest.mark.parametrize("agent", every_agent(), ids=lambda agent: agent.name)
def test_agent_ignores_what_it_does_not_hear(agent: Agent) -> None:
    unheard = [message for message in one_of_each() if type(message) not in agent.hears]
    assert unheard
    before = pickle.dumps(agent)
    answers = [answer for message in unheard for answer in agent.handle(message, NOW_US)]
    assert answers == []
    assert pickle.dumps(agent) == before
