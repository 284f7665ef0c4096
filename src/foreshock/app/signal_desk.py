"""Which detectors does a desk have? The same in every mode; their settings are on record."""

import msgspec

from foreshock.app.config import Settings
from foreshock.core.domain.units import SECOND, Duration
from foreshock.core.engine import Agent
from foreshock.core.signals.grading import Grader
from foreshock.core.signals.lead_lag_agent import LeadLagAgent, LeadLagSettings
from foreshock.core.signals.spike_agent import SpikeAgent, SpikeAgentSettings
from foreshock.core.signals.spikes import SpikeSettings
from foreshock.core.signals.volume_agent import VolumeAgent
from foreshock.core.signals.volume_past import VolumePast
from foreshock.core.signals.volume_settings import VolumeSettings


class SignalSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How each detector is set."""

    volume: VolumeSettings = VolumeSettings()
    spikes: SpikeAgentSettings = SpikeAgentSettings()
    lead_lag: LeadLagSettings = LeadLagSettings()


def signal_settings(settings: Settings) -> SignalSettings:
    """What the configuration says of them."""
    spikes = settings.spikes
    return SignalSettings(
        spikes=SpikeAgentSettings(
            score=SpikeSettings(
                volume_delta_min=spikes.volume_delta_min,
                price_move_min=spikes.price_move_min,
                score_threshold=spikes.score_threshold,
                baseline_points=spikes.baseline_points,
                cooldown=Duration(spikes.cooldown_s * SECOND),
            )
        ),
    )


def signal_agents(settings: SignalSettings, past: VolumePast | None = None) -> tuple[Agent, ...]:
    """The detectors in the order in which they hear. past: volume that earlier runs observed."""
    return (
        VolumeAgent(settings.volume, past),
        SpikeAgent(settings.spikes),
        LeadLagAgent(settings.lead_lag),
        Grader(),
    )
