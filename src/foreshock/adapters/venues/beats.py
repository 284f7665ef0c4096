"""Does each venue still take orders, by what it is asked again and again?

A heartbeat that is acknowledged, a status page that is read, the standing of the account: sends
what is due, and a miss, a pause or a ban stops submissions.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.conditions import Conditions
from foreshock.adapters.venues.jobs import About, Job, Jobs
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.messages.account import VenueConditionTold
from foreshock.core.domain.messages.decisions import IncidentOpened
from foreshock.core.domain.units import SECOND, Duration, Instant

OK = 200
EVERYWHERE = "all"
SEVERITY: tuple[VenueCondition, ...] = (
    "open",
    "not_ready",
    "restarting",
    "closing_only",
    "geoblocked",
    "cancel_only",
    "trading_disabled",
    "paused",
)
"""Of several pulses of a venue the strictest word counts; the last one lets least pass."""
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
    """The pulses and the fuses of all venues that have one.

    pulses: by venue, or by `venue/what` where one has several. resets: what mends a venue's fuses.
    """

    def __init__(
        self, pulses: Mapping[str, Pulse], resets: Mapping[str, Sequence[Unsigned]]
    ) -> None:
        self._pulses = pulses
        self._of_venue = _by_venue(pulses)
        self._resets = resets
        self._looked_us: Instant | None = None
        self._closed: set[str] = set()

    def look(self, jobs: Jobs, conditions: Conditions, now_us: Instant) -> list[VenueConditionTold]:
        """Let beats that are due leave, and say which venues closed or opened by them."""
        self._looked_us = now_us
        said: list[VenueConditionTold] = []
        for name, pulse in self._pulses.items():
            unsigned = pulse.due(now_us)
            if unsigned is not None:
                jobs.put(_beat(name, unsigned))
        for venue in self._of_venue:
            said += self._judge(venue, conditions, now_us)
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
            self._pulses[job.about.order_id].answered(answer)
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
        self, venue: str, conditions: Conditions, now_us: Instant
    ) -> list[VenueConditionTold]:
        told = [pulse.condition(now_us) for pulse in self._of_venue[venue]]
        condition, words = max(told, key=_severity)
        if condition != "open":
            self._closed.add(venue)
        elif venue in self._closed:
            self._closed.discard(venue)
        else:
            return []
        return list(conditions.tell(venue, condition, words, now_us, None))


def _by_venue(pulses: Mapping[str, Pulse]) -> Mapping[str, Sequence[Pulse]]:
    found: dict[str, list[Pulse]] = {}
    for name, pulse in pulses.items():
        found.setdefault(_venue_of(name), []).append(pulse)
    return found


def _severity(told: tuple[VenueCondition, str]) -> int:
    return SEVERITY.index(told[0])


def _venue_of(name: str) -> str:
    return name.partition("/")[0]


def _beat(name: str, unsigned: Unsigned) -> Job:
    """A question; the website knows no accounts, so nothing is signed for it."""
    is_public = unsigned.host == "website"
    return Job(
        venue=_venue_of(name),
        lane="reduce",
        task="call",
        unsigned=unsigned,
        about=About(what="beat", order_id=name),
        request=HttpRequest(unsigned.method, unsigned.path) if is_public else None,
    )
