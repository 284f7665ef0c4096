"""What waits to be signed or sent, and in which order may it leave?"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.venues.budget import LANES, Budget, Lane
from foreshock.adapters.venues.order_path import Reading, RequestKind, Unsigned
from foreshock.core.domain.accounts import AccountPart
from foreshock.core.domain.units import Instant

Task: TypeAlias = Literal["sign", "place", "call"]
"""sign: only sign. place: send the signed request, once. call: sign and send."""
What: TypeAlias = Literal[
    "place", "cancel", "look", "read", "beat", "reset", "turn", "convert", "trace"
]


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is asked: about which order or conversion, or which part of an account.

    asked_us: when the first page of a read left; None while it waits.
    """

    what: What
    order_id: str = ""
    step: int = 0
    part: AccountPart = "orders"
    since_us: Instant | None = None
    asked_us: Instant | None = None
    pages: tuple[Reading, ...] = ()


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work for the shell. request: signed already, only to be sent."""

    venue: str
    lane: Lane
    task: Task
    unsigned: Unsigned
    about: About
    request: HttpRequest | None = None
    id: int = 0


class Jobs:
    """Waiting and running jobs of all venues. Signing costs no budget: it asks nobody."""

    def __init__(self, budgets: Mapping[str, Budget]) -> None:
        self._budgets = budgets
        self._waiting: list[Job] = []
        self._open: dict[int, Job] = {}
        self._last_us = Instant(0)
        self._count = 0

    def put(self, job: Job) -> None:
        """Let a job wait for its turn; it gets its number here."""
        self._count += 1
        numbered = msgspec.structs.replace(job, id=self._count)
        self._waiting.append(numbered)
        self._open[numbered.id] = numbered

    def take(self, now_us: Instant) -> list[Job]:
        """Everything that may leave now, the most urgent lane first."""
        self._last_us = now_us
        taken: list[Job] = []
        for lane in LANES:
            for job in [job for job in self._waiting if job.lane == lane]:
                if job.task == "sign" or self._pay(job, now_us):
                    self._waiting.remove(job)
                    taken.append(self._stamped(job, now_us))
        return taken

    def next_us(self) -> Instant | None:
        """When the next waiting job may leave; None when none waits."""
        return min((self._free_us(job) for job in self._waiting), default=None)

    def done(self, job_id: int) -> Job:
        """A job came back."""
        return self._open.pop(job_id)

    def is_open(self, job_id: int) -> bool:
        """Whether a job has not come back yet."""
        return job_id in self._open

    def drop(self, order_id: str) -> None:
        """The placing request of an order must not leave any more."""
        for job in [job for job in self._waiting if job.about.order_id == order_id]:
            self._waiting.remove(job)
            del self._open[job.id]

    def is_reading(self, venue: str, part: AccountPart) -> bool:
        """Whether a read of this part is under way."""
        return any(
            job.about.what == "read" and job.venue == venue and job.about.part == part
            for job in self._open.values()
        )

    def pause(self, venue: str, kind: RequestKind, until_us: Instant) -> None:
        """A venue asked for patience."""
        self._budgets[venue].pause(kind, until_us)

    def _stamped(self, job: Job, now_us: Instant) -> Job:
        if job.about.asked_us is None:
            about = msgspec.structs.replace(job.about, asked_us=now_us)
            job = msgspec.structs.replace(job, about=about)
            self._open[job.id] = job
        return job

    def _pay(self, job: Job, now_us: Instant) -> bool:
        return self._budgets[job.venue].take(job.unsigned.kind, job.lane, now_us)

    def _free_us(self, job: Job) -> Instant:
        if job.task == "sign":
            return self._last_us
        budget = self._budgets[job.venue]
        return budget.free_us(job.unsigned.kind, job.lane, self._last_us)
