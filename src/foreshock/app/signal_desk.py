"""Which detectors does a desk have? The same in every mode; their settings are on record."""

import msgspec

from foreshock.core.engine import Agent
from foreshock.core.signals.volume_agent import VolumeAgent
from foreshock.core.signals.volume_settings import VolumeSettings


class SignalSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How each detector is set."""

    volume: VolumeSettings = VolumeSettings()


def signal_agents(settings: SignalSettings) -> tuple[Agent, ...]:
    """The detectors in the order in which they hear."""
    return (VolumeAgent(settings.volume),)
