"""Is the desk's own time still the one that this machine shows? What to do when it is not.

The desk counts on from its start, so a clock that is set while it runs moves none of its waits: an
incident tells of it. Who is right is judged by the venues' clocks alone: where they find the desk
wrong, and the machine's clock on the better side, the desk's time goes a little faster or slower
until they agree.
"""

import asyncio
from collections.abc import Callable

from foreshock.adapters.clock import go_faster, machine_clock_us, wall_clock_us
from foreshock.core.domain.clocks import Bounds
from foreshock.core.domain.messages.decisions import IncidentOpened, IncidentResolved
from foreshock.core.domain.messages.operations import ClockJudged
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.engine import Entry

LOOK_S = 10.0
TOLD_MIN = Duration(250_000)
"""As far apart as the clock watch warns of, and more than the pace changes between two looks."""
INCIDENT = "clock/step/"
ABOUT = "clock"


class ClockSteps:
    """Compares the machine's clock with the desk's own time."""

    hears: frozenset[type[Message]] = frozenset({ClockJudged})

    def __init__(self) -> None:
        self._apart = Duration(0)
        self._count = 0
        self._judged: dict[str, int] = {}

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """Follow what was judged of the desk's time; who tells no time any more judges nothing."""
        judged = entry.message
        if not isinstance(judged, ClockJudged):
            return
        low, high = judged.offset_min, judged.offset_max
        if judged.state == "good" or low is None or high is None:
            self._judged.pop(judged.venue, None)
        else:
            self._judged[judged.venue] = Bounds(low, high).apart

    async def run(self, put: Callable[[Message], None]) -> None:
        """Until cancelled; `put` takes what there is to say."""
        while True:
            await asyncio.sleep(LOOK_S)
            apart = Duration(machine_clock_us() - wall_clock_us())
            go_faster(self._pace(apart))
            self._tell(apart, put)

    def _pace(self, apart: int) -> int:
        """Towards the machine's clock, where every venue that finds us wrong finds it better."""
        wrong = self._judged.values()
        if not wrong or abs(apart) < TOLD_MIN or any((found > 0) != (apart > 0) for found in wrong):
            return 0
        return 1 if apart > 0 else -1

    def _tell(self, apart: Duration, put: Callable[[Message], None]) -> None:
        """Once for each step, and when it is undone or made up for."""
        is_over = abs(apart) < TOLD_MIN
        is_step = abs(apart - self._apart) >= 2 * TOLD_MIN
        was_told, self._apart = bool(self._apart), Duration(0) if is_over else apart
        if was_told and (is_over or is_step):
            put(IncidentResolved(f"{INCIDENT}{self._count}", "it agrees, or was set again"))
        if not is_over and (is_step or not was_told):
            self._count += 1
            words = (
                f"this machine's clock was set by {_seconds(apart)} s while the desk runs: it "
                "counts on from its start, and compares its time with the venues'; stop and start "
                "it to take the new time over at once"
            )
            put(IncidentOpened(f"{INCIDENT}{self._count}", ABOUT, words))


def _seconds(apart: int) -> str:
    tenths = (abs(apart) * 10 + SECOND // 2) // SECOND
    return f"{'-' if apart < 0 else '+'}{tenths // 10}.{tenths % 10}"
