"""What did the operator and the process itself say, and what time is it elsewhere?"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.units import Duration, Instant

Mode: TypeAlias = Literal["demo", "watch", "paper", "live"]
ClockState: TypeAlias = Literal["good", "warned", "refused", "unread"]
"""refused: too far apart for entries. unread: nobody has told the time for a while."""


class DeskStarted(msgspec.Struct, frozen=True, tag=True):
    """A run begins. config is the effective configuration as JSON text: a replay builds from it."""

    version: str
    build: str
    mode: Mode
    config: str


class DeskStopping(msgspec.Struct, frozen=True, tag=True):
    """A run is about to end: nothing that adds risk begins, what is open is finished first."""

    reason: str


class DeskStopped(msgspec.Struct, frozen=True, tag=True):
    """A run ended in order. left: what is still open at a venue, in words."""

    reason: str
    left: tuple[str, ...] = ()


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


class ClockRead(msgspec.Struct, frozen=True, tag=True):
    """Between two instants of ours a venue's clock stood at stamp_us, or up to precision later."""

    venue: str
    asked_us: Instant
    recv_us: Instant
    stamp_us: Instant
    precision: Duration


class ClockJudged(msgspec.Struct, frozen=True, tag=True):
    """How far a venue's clock is from ours, replacing what was said of it before.

    offset_min, offset_max: what added to our time makes the venue's lies between them, both in
    microseconds and negative where we are ahead; None where nothing is known.
    """

    venue: str
    state: ClockState
    offset_min: int | None
    offset_max: int | None
    words: str


OperationsFact: TypeAlias = (
    DeskStarted
    | DeskStopping
    | DeskStopped
    | HaltRequested
    | ResumeRequested
    | LoopLagged
    | ClockRead
    | ClockJudged
)
