"""Has a person seen it? What is urgent is repeated until somebody acknowledges, within bounds."""

from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from foreshock.core.alerting.tiers import AT_ONCE_MIN, EVERYWHERE_MIN
from foreshock.core.domain.alerts import Figure, Severity
from foreshock.core.domain.notices import Notice, Sink, first_id, repeat_id
from foreshock.core.domain.units import SECOND, Duration, Instant

REPEAT_EVERY = Duration(300 * SECOND)
TOGETHER = Duration(150 * SECOND)
"""Whatever would be repeated within so long is repeated at once with the first."""
REPEATS_MAX: dict[Severity, int] = {4: 3, 5: 12}
"""Times it is said again while nobody acknowledges, by severity."""
NAMED_MAX = 3
"""Subjects that a reminder of several names."""
OPEN_MAX = 20
"""Urgent notices that are repeated at a time; a storm is told as a digest anyway."""


class _Open(msgspec.Struct):
    notice: Notice
    next_us: Instant
    repeats_count: int = 0


class Escalation:
    """Urgent notices that nobody has acknowledged."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, _Open] = OrderedDict()

    def begin(self, notice: Notice, now_us: Instant) -> None:
        """Repeat it from now on; beyond OPEN_MAX the least loud of the oldest is let go."""
        if notice.severity < AT_ONCE_MIN:
            return
        self._open[notice.notice_id] = _Open(notice, Instant(now_us + REPEAT_EVERY))
        if len(self._open) > OPEN_MAX:
            least = min(self._open.values(), key=lambda each: each.notice.severity)
            del self._open[least.notice.notice_id]

    def end(self, notice_id: str) -> bool:
        """Somebody has seen it, or a repeat of it. Returns whether it was being repeated."""
        known = notice_id if notice_id in self._open else first_id(notice_id)
        return self._open.pop(known, None) is not None

    def end_about(self, kind: str, about: str) -> None:
        """What it said is no longer so."""
        over = [
            notice_id
            for notice_id, each in self._open.items()
            if (each.notice.kind, each.notice.about) == (kind, about)
        ]
        for notice_id in over:
            del self._open[notice_id]

    def due(self, now_us: Instant) -> list[Notice]:
        """What is to be said again now, each with an id of its own; none before one is due."""
        said: list[Notice] = []
        next_us = self.next_us()
        if next_us is None or next_us > now_us:
            return said
        for notice_id, each in list(self._open.items()):
            if each.next_us > now_us + TOGETHER:
                continue
            each.repeats_count += 1
            each.next_us = Instant(now_us + REPEAT_EVERY)
            repeats_max = REPEATS_MAX[each.notice.severity]
            if each.repeats_count >= repeats_max:
                del self._open[notice_id]
            said.append(_repeated(each.notice, each.repeats_count, repeats_max))
        return said

    def next_us(self) -> Instant | None:
        """When the next one is due."""
        return min((each.next_us for each in self._open.values()), default=None)


def reminder_of(notices: Sequence[Notice], sink: Sink, now_us: Instant) -> Notice:
    """One notice in place of several that are repeated together: what waits, and how to end it."""
    loudest = sorted(notices, key=lambda notice: -notice.severity)
    first, count = loudest[0], len(loudest)
    named = list(dict.fromkeys(notice.subject for notice in loudest))[:NAMED_MAX]
    words = " | ".join(named)
    return Notice(
        notice_id=f"reminder:{sink}:{first.notice_id}:{now_us}",
        kind="digest",
        level=first.level,
        severity=first.severity,
        is_told=True,
        about=first.kind,
        subject=f"nobody has acknowledged {count} urgent notices",
        topic=first.topic,
        words=f"{words}. See them: foreshock alerts list --unseen; end this: "
        "foreshock alerts ack --all",
        figures=(Figure("notices", str(count)),),
        related=tuple(notice.about for notice in loudest[:NAMED_MAX]),
        is_simulated=first.is_simulated,
        event_us=now_us,
        count=count,
    )


def _repeated(notice: Notice, count: int, count_max: int) -> Notice:
    tail = "to all channels " if notice.severity >= EVERYWHERE_MIN else ""
    words = (
        f"Nobody has acknowledged this {tail}({count} of {count_max}): {notice.words.rstrip('.')}. "
        f"End it with: foreshock alerts ack {notice.notice_id}"
    )
    return msgspec.structs.replace(
        notice, notice_id=repeat_id(notice.notice_id, count), words=words
    )
