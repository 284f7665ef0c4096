"""Does each venue still take orders, by what it is asked again and again?

A heartbeat that is acknowledged, a status page that is read: sends what is due, and a miss or a
pause stops submissions.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.conditions import Conditions
from foreshock.adapters.venues.jobs import About, Job, Jobs
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.messages.account import VenueConditionTold
from foreshock.core.domain.messages.decisions import IncidentOpened
from foreshock.core.domain.units import SECOND, Duration, Instant

OK = 200
EVERYWHERE = "all"
LOOK_EVERY = Duration(SECOND)


class Pulse(Protocol):
    """What one venue is asked regularly, pure: a dead-man's switch, or its status."""

    def due(self, now_us: Instant) -> Unsigned | None:
        """The beat to send now, None when none is due."""
        ...

    def answered(self, answer: HttpResponse | None) -> None:
        """What came of the beat under way."""
        ...

    def condition(self, now_us: Instant) -> tuple[VenueCondition, str]:
        """What the venue lets us do as far as the answers say, and why."""
        ...


class Beats:
    """The pulses and the fuses of all venues that have one. resets: what mends a venue's fuses."""

    def __init__(
        self, pulses: Mapping[str, Pulse], resets: Mapping[str, Sequence[Unsigned]]
    ) -> None:
        self._pulses = pulses
        self._resets = resets
        self._looked_us: Instant | None = None
        self._closed: set[str] = set()

    def look(self, jobs: Jobs, conditions: Conditions, now_us: Instant) -> list[VenueConditionTold]:
        """Let beats that are due leave, and say which venues closed or opened by them."""
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

    def resumed(self, scope: str, jobs: Jobs) -> None:
        """A person resumed a scope: fuses at its exchanges are made whole again."""
        for venue, resets in self._resets.items():
            for unsigned in resets if scope in {venue, EVERYWHERE} else ():
                about = About(what="reset")
                jobs.put(
                    Job(venue=venue, lane="reduce", task="call", unsigned=unsigned, about=about)
                )

    def answered(self, job: Job, answer: HttpResponse | None) -> list[IncidentOpened]:
        """What came of a beat or a reset; a reset that failed is told."""
        if job.about.what == "beat":
            self._pulses[job.venue].answered(answer)
        elif answer is None or answer.status != OK:
            status = "no answer" if answer is None else f"answered {answer.status}"
            words = f"the fuse may still be blown ({status}): resume {job.venue} once more"
            return [IncidentOpened(f"{job.venue}/fuse/{job.id}", job.venue, words)]
        return []

    def next_us(self) -> Instant | None:
        """When to look again; None where no venue has a pulse."""
        if not self._pulses:
            return None
        return Instant(0 if self._looked_us is None else self._looked_us + LOOK_EVERY)

    def _judge(
        self, venue: str, pulse: Pulse, conditions: Conditions, now_us: Instant
    ) -> list[VenueConditionTold]:
        condition, words = pulse.condition(now_us)
        if condition != "open":
            self._closed.add(venue)
        elif venue in self._closed:
            self._closed.discard(venue)
        else:
            return []
        return list(conditions.tell(venue, condition, words, now_us, None))
