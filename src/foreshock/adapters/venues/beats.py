"""Does each venue still hear our heartbeat? Sends what is due; a miss stops submissions."""

from collections.abc import Mapping
from typing import Protocol

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.conditions import Conditions
from foreshock.adapters.venues.jobs import About, Job, Jobs
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.core.domain.messages.account import VenueConditionTold
from foreshock.core.domain.units import SECOND, Duration, Instant

LOOK_EVERY = Duration(SECOND)


class Pulse(Protocol):
    """The dead-man's switch of one venue, pure."""

    def due(self, now_us: Instant) -> Unsigned | None:
        """The beat to send now, None when none is due."""
        ...

    def answered(self, answer: HttpResponse | None) -> None:
        """What came of the beat under way."""
        ...

    def may_submit(self, now_us: Instant) -> bool:
        """Whether an order sent now would be guarded."""
        ...


class Beats:
    """The pulses of all venues that have one."""

    def __init__(self, pulses: Mapping[str, Pulse]) -> None:
        self._pulses = pulses
        self._looked_us: Instant | None = None
        self._silent: set[str] = set()

    def look(self, jobs: Jobs, conditions: Conditions, now_us: Instant) -> list[VenueConditionTold]:
        """Let beats that are due leave, and say where one is missing or heard again."""
        self._looked_us = now_us
        said: list[VenueConditionTold] = []
        for venue, pulse in self._pulses.items():
            unsigned = pulse.due(now_us)
            if unsigned is not None:
                jobs.put(
                    Job(
                        venue=venue,
                        lane="reduce",
                        task="call",
                        unsigned=unsigned,
                        about=About(what="beat"),
                    )
                )
            said += self._judge(venue, pulse, conditions, now_us)
        return said

    def answered(self, venue: str, answer: HttpResponse | None) -> None:
        """What came of a beat."""
        self._pulses[venue].answered(answer)

    def next_us(self) -> Instant | None:
        """When to look again; None where no venue has a pulse."""
        if not self._pulses:
            return None
        return Instant(0 if self._looked_us is None else self._looked_us + LOOK_EVERY)

    def _judge(
        self, venue: str, pulse: Pulse, conditions: Conditions, now_us: Instant
    ) -> list[VenueConditionTold]:
        if not pulse.may_submit(now_us):
            self._silent.add(venue)
            words = "the heartbeat was not acknowledged"
            return list(conditions.tell(venue, "not_ready", words, now_us, None))
        if venue in self._silent:
            self._silent.discard(venue)
            words = "the heartbeat is acknowledged again"
            return list(conditions.tell(venue, "open", words, now_us, None))
        return []
