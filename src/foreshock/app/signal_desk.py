"""Which detectors does a desk have? The same in every mode; their settings are on record."""

import msgspec

from foreshock.app.config import Settings, config_folder, home_folder
from foreshock.app.events_file import EVENTS_FILE, load_events
from foreshock.core.domain.messages.operations import Mode
from foreshock.core.domain.units import SECOND, Duration
from foreshock.core.engine import Agent
from foreshock.core.signals.burst_agent import BurstAgent, BurstSettings
from foreshock.core.signals.grading import Grader
from foreshock.core.signals.lead_lag import Rule
from foreshock.core.signals.lead_lag_agent import LeadLagAgent, LeadLagSettings
from foreshock.core.signals.spike_agent import SpikeAgent, SpikeAgentSettings
from foreshock.core.signals.spikes import SpikeSettings
from foreshock.core.signals.volume_agent import VolumeAgent
from foreshock.core.signals.volume_past import VolumePast
from foreshock.core.signals.volume_settings import VolumeSettings

MILLISECOND = 1_000


class SignalSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How each detector is set."""

    volume: VolumeSettings = VolumeSettings()
    spikes: SpikeAgentSettings = SpikeAgentSettings()
    bursts: BurstSettings = BurstSettings()
    lead_lag: LeadLagSettings = LeadLagSettings()


def signal_settings(settings: Settings, mode: Mode) -> SignalSettings:
    """What the configuration says of them. Raises ConfigError for known events it cannot read."""
    volume, spikes, leads = settings.volume, settings.spikes, settings.lead_lag
    bar_ms, bars = leads.bar_ms, leads.window_bars
    if mode == "demo":
        bar_ms, bars = leads.demo_bar_ms, leads.demo_window_bars
    return SignalSettings(
        volume=VolumeSettings(
            markets_max=volume.markets_max,
            cooldown=Duration(volume.cooldown_s * SECOND),
            known=load_events([config_folder() / EVENTS_FILE, home_folder() / EVENTS_FILE]),
        ),
        spikes=SpikeAgentSettings(
            score=SpikeSettings(
                volume_delta_min=spikes.volume_delta_min,
                price_move_min=spikes.price_move_min,
                score_threshold=spikes.score_threshold,
                baseline_points=spikes.baseline_points,
                cooldown=Duration(spikes.cooldown_s * SECOND),
            )
        ),
        lead_lag=LeadLagSettings(
            bar=Duration(bar_ms * MILLISECOND),
            rule=Rule(window_bars=bars, stride_bars=bars // 2),
            pairs_max=leads.pairs_max,
        ),
    )


def signal_agents(settings: SignalSettings, past: VolumePast | None = None) -> tuple[Agent, ...]:
    """The detectors in the order in which they hear. past: volume that earlier runs observed."""
    return (
        VolumeAgent(settings.volume, past),
        SpikeAgent(settings.spikes),
        BurstAgent(settings.bursts),
        LeadLagAgent(settings.lead_lag),
        Grader(),
    )
