"""How does a run with real money end? Nothing new begins, what is open is finished, in a while.

    told to end -> DeskStopping -> nothing is open, or time is over, or told again -> DeskStopped

Packages finish or unwind by themselves, as long as the desk still hears its venues: all this does
is wait for them. What is left then is named, in the journal and by the exit code.
"""

import asyncio
from collections.abc import Callable

from foreshock.app.exits import CommandError, Exit
from foreshock.core.domain.messages.operations import DeskStopped, DeskStopping
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry

NAMED_MAX = 10


class Ending:
    """Ends one run. named: what is open, in words; seconds_max: how long it may take."""

    def __init__(
        self,
        named: Callable[[], tuple[str, ...]],
        seconds_max: float,
        put: Callable[[Message], None],
    ) -> None:
        self.left: tuple[str, ...] = ()
        self._named = named
        self._seconds_max = seconds_max
        self._put = put
        self._reason: str | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_heard = False
        self._is_over = False

    def begin(self, reason: str) -> None:
        """End soon; asked for again, at once."""
        if self._reason is not None:
            self._end()
            return
        self._reason = reason
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._seconds_max, self._end)
        self._put(DeskStopping(reason))

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """Look, from the moment the desk has heard of its end, whether anything is open still.

        Must hear after whoever knows what is open.
        """
        if self._reason is None or self._is_over:
            return
        self._is_heard = self._is_heard or isinstance(entry.message, DeskStopping)
        if self._is_heard and not self._named():
            self._end()

    def _end(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        if self._timer is not None:
            self._timer.cancel()
        self.left = self._named()
        self._put(DeskStopped(self._reason or "", self.left))


def refuse_leftovers(ending: Ending | None) -> None:
    """Raises CommandError naming what is still open at a venue, when anything is."""
    if ending is None or not ending.left:
        return
    words = "; ".join(ending.left[:NAMED_MAX])
    raise CommandError(
        Exit.LEFT_OPEN,
        "LEFT_OPEN",
        f"{len(ending.left)} left open at the venues: {words}",
        "look at both venues; the next start says so again and stays halted until you resume",
    )
