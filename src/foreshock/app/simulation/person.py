"""Who sits in front of the desk? Somebody who starts it, arms it, and resumes what was halted.

Sees what the desk says and nothing else. Takes time to think; never trades by hand.
"""

import random
from collections.abc import Iterable, Mapping

from foreshock.app.simulation.observed import Hearing, ProcessStarted, Said, Violation
from foreshock.app.simulation.process import SimProcess
from foreshock.app.wiring import VENUES
from foreshock.core.domain.messages.account import VenueArmed, VenueDisarmed, VenueStateChanged
from foreshock.core.domain.messages.decisions import (
    Halted,
    IncidentOpened,
    IncidentResolved,
    Resumed,
)
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.units import SECOND, Instant

NAME = "a person"
ARMED_S = 8 * 3_600
LOOK_S = (2.0, 9.0)
"""Between two looks at the screen."""
RESUME_SHARE = 0.5
"""Chance, at a look, that what stands halted is resumed."""
EVERYWHERE = "all"
SETS_VENUE, UNPROVEN = "polymarket", "/unknown"
"""Where sets are turned, and the end of what an incident about one of them is called."""


class Person:
    """Hears as a checker does, and never finds anything wrong."""

    invariant = "person"

    def __init__(self, rng: random.Random) -> None:
        self.halted: set[str] = set()
        self.armed: set[str] = set()
        self.unproven: set[str] = set()
        self.states: dict[str, str] = {}
        self._rng = rng
        self.is_closing = False
        self._doubts = False

    def hearings(self) -> Mapping[type, Hearing]:
        """What the screen shows."""
        return {
            ProcessStarted: self._begin,
            Halted: self._see,
            Resumed: self._see,
            VenueArmed: self._see,
            VenueDisarmed: self._see,
            VenueStateChanged: self._see,
            IncidentOpened: self._see,
            IncidentResolved: self._see,
        }

    def look(self, process: SimProcess, now_us: Instant) -> None:
        """Do what is to be done at a running desk, one thing at a time."""
        if self._doubts:
            self._doubts = False
            process.tell(HaltRequested(EVERYWHERE, NAME, "the record was damaged: looking first"))
            return
        if self.is_closing:
            return
        stopped = [scope for scope in (EVERYWHERE, *VENUES) if self._is_stopped(scope)]
        if stopped and self._rng.random() < RESUME_SHARE:
            process.tell(ResumeRequested(stopped[0], NAME))
            return
        for venue in VENUES:
            if venue not in self.armed:
                until_us = Instant(now_us + ARMED_S * SECOND)
                process.tell(VenueArmed(venue, until_us, NAME, "armed by a person"))
                return

    def doubt(self) -> None:
        """Something on the disk was damaged: whatever stood there is halted until it is seen."""
        self._doubts = True

    def pause_s(self) -> float:
        """Until the next look."""
        return self._rng.uniform(*LOOK_S)

    def _is_stopped(self, scope: str) -> bool:
        is_unproven = scope == SETS_VENUE and bool(self.unproven)
        return scope in self.halted or self.states.get(scope) == "reducing" or is_unproven

    def _begin(self, _: ProcessStarted) -> Iterable[Violation]:
        self.halted.clear()
        self.armed.clear()
        self.states.clear()
        self.unproven.clear()
        return ()

    def _see(self, said: Said) -> Iterable[Violation]:
        match said.message:
            case Halted(scope=scope):
                self.halted.add(scope)
            case Resumed(scope=scope):
                self.halted.discard(scope)
            case VenueArmed(venue=venue):
                self.armed.add(venue)
            case VenueDisarmed(venue=venue):
                self.armed.discard(venue)
            case VenueStateChanged(venue=venue, state=state):
                self.states[venue] = state
            case IncidentOpened(id=name) if name.endswith(UNPROVEN):
                self.unproven.add(name)
            case IncidentResolved(id=name):
                self.unproven.discard(name)
            case _:
                pass
        return ()
