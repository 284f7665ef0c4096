"""How long are recordings kept, and who deletes them? A broom that looks every few hours.

What a start needs (halts, verdicts, open packages, baselines, leases) stands in files of their own
beside the runs and is never touched.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.storage.removal import (
    RUNS_AT_ONCE_MAX,
    KeepFor,
    OldRun,
    old_runs,
    remove_rows,
    remove_run,
    sweep_up,
)
from foreshock.app.config import RetentionSection
from foreshock.app.instance import RUNS_NAME
from foreshock.app.projector import DATABASE_NAME
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.messages.alerting import RecordingsRemoved
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import DAY, Duration

FIRST_LOOK_S = 60.0
"""A start has better things to do."""
LOOK_EVERY_S = 6 * 3_600.0
BY_DESK = "the desk"


def retention_rules(section: RetentionSection) -> KeepFor:
    """Days as ages; 0 days keep for good."""
    return KeepFor(_age(section.days), _age(section.live_days))


class Broom:
    """Deletes what is older than it is kept. run: the one that is being written."""

    def __init__(self, home: Path, run: str, keep: KeepFor) -> None:
        self._home = home
        self._run = run
        self._keep = keep

    def old(self) -> list[OldRun]:
        """What would be deleted now. Raises StorageError."""
        return old_runs(self._home / RUNS_NAME, self._keep, wall_clock_us(), self._run)

    def sweep(self, by: str) -> RecordingsRemoved:
        """Delete it, at most RUNS_AT_ONCE_MAX runs. Raises StorageError."""
        runs = self._home / RUNS_NAME
        sweep_up(runs)
        gone: list[OldRun] = []
        for run in self.old()[:RUNS_AT_ONCE_MAX]:
            remove_run(runs, run)
            gone.append(run)
        names = tuple(run.name for run in gone)
        return RecordingsRemoved(
            runs=names,
            rows_count=remove_rows(self._home / DATABASE_NAME, names),
            bytes_count=sum(run.bytes_count for run in gone),
            older_than=self._keep.others,
            live_older_than=self._keep.live,
            by=by,
        )

    async def run(self, put: Callable[[Message], None]) -> None:
        """Look every few hours until cancelled; a disk that refuses is tried again then."""
        await asyncio.sleep(FIRST_LOOK_S)
        while True:
            try:
                put(await asyncio.to_thread(self.sweep, BY_DESK))
            except StorageError as error:
                put(_failed(self._keep, str(error)))
            await asyncio.sleep(LOOK_EVERY_S)


def _failed(keep: KeepFor, reason: str) -> RecordingsRemoved:
    return RecordingsRemoved(
        runs=(),
        rows_count=0,
        bytes_count=0,
        older_than=keep.others,
        live_older_than=keep.live,
        by=f"{BY_DESK}, which could not: {reason}",
    )


def _age(days: int) -> Duration | None:
    return Duration(days * DAY) if days else None
