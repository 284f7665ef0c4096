"""What did the operator and the process itself say?"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.units import Duration

Mode: TypeAlias = Literal["demo", "watch", "paper", "live"]


class DeskStarted(msgspec.Struct, frozen=True, tag=True):
    """A run begins. config is the effective configuration as JSON text: a replay builds from it."""

    version: str
    build: str
    mode: Mode
    config: str


class DeskStopped(msgspec.Struct, frozen=True, tag=True):
    """A run ended in order."""

    reason: str


class HaltRequested(msgspec.Struct, frozen=True, tag=True):
    """Somebody or a fuse asks to stop adding risk. scope: "all" or a venue."""

    scope: str
    by: str
    reason: str


class ResumeRequested(msgspec.Struct, frozen=True, tag=True):
    """An operator asks to trade again."""

    scope: str
    by: str


class LoopLagged(msgspec.Struct, frozen=True, tag=True):
    """The event loop was late by this much: what we see is older than it looks."""

    lag: Duration


OperationsFact: TypeAlias = DeskStarted | DeskStopped | HaltRequested | ResumeRequested | LoopLagged
