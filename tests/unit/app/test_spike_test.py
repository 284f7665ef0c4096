import msgspec

from foreshock.app.signal_desk import SignalSettings, signal_agents
from foreshock.app.spike_test import spike_test
from foreshock.core.signals.spike_agent import SpikeAgentSettings
from foreshock.core.signals.spikes import SpikeSettings


def test_every_injection_has_the_answer_it_should() -> None:
    assert all(check.is_right for check in spike_test(SignalSettings()))


def test_a_threshold_that_nothing_reaches_is_noticed() -> None:
    deaf = SpikeAgentSettings(score=SpikeSettings(score_threshold=1e9))
    checks = spike_test(msgspec.structs.replace(SignalSettings(), spikes=deaf))
    assert [check.is_right for check in checks] == [True, False, True, True]


def test_every_detector_is_in_the_desk_once() -> None:
    names = [agent.name for agent in signal_agents(SignalSettings())]
    assert names == ["volume", "spikes", "bursts", "lead-lag", "grader"]
