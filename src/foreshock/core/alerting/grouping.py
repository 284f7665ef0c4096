"""How are many notices told as few? Once each, not again soon, and a storm as one digest.

known before      -> nothing
told a while ago  -> counted, and told with the next one
urgent            -> at once, the first few of a storm
the rest          -> waits for its kin, then one by one or as a digest
"""

from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from foreshock.core.domain.alerts import Figure
from foreshock.core.domain.notices import Kind, Notice, Sink
from foreshock.core.domain.units import SECOND, Duration, Instant

KEYS_MAX = 20_000
"""Ids and cooldowns remembered; the oldest is forgotten first."""
GROUP_MAX = 2_000
"""Notices that wait for their kin; of more only the number is kept."""
SHOWN_MAX = 5
"""Notices that a digest quotes, the loudest first."""
HOUR = Duration(3_600 * SECOND)


class Remembered:
    """A set of ids with an end."""

    def __init__(self, count_max: int = KEYS_MAX) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()
        self._count_max = count_max

    def is_new(self, key: str) -> bool:
        """Whether it was not seen before; it is from now on."""
        if key in self._keys:
            self._keys.move_to_end(key)
            return False
        self._keys[key] = None
        if len(self._keys) > self._count_max:
            self._keys.popitem(last=False)
        return True


class _Told(msgspec.Struct):
    at_us: Instant
    severity: int
    held_count: int = 0


class Cooldowns:
    """When something of a kind about a thing was told last."""

    def __init__(self, cooldown: Duration) -> None:
        self._cooldown = cooldown
        self._told: OrderedDict[tuple[Kind, str], _Told] = OrderedDict()

    def admit(self, notice: Notice, now_us: Instant) -> Notice | None:
        """The notice, with the count of those held back since the last; None to hold it back.

        What is louder than the last one is never held back.
        """
        place = (notice.kind, notice.about)
        told = self._told.get(place)
        is_recent = told is not None and now_us - told.at_us < self._cooldown
        if told is not None and is_recent and notice.severity <= told.severity:
            told.held_count += notice.count
            return None
        held_count = 0 if told is None else told.held_count
        self._told[place] = _Told(now_us, notice.severity)
        self._told.move_to_end(place)
        if len(self._told) > KEYS_MAX:
            self._told.popitem(last=False)
        return msgspec.structs.replace(notice, count=notice.count + held_count)

    def forget(self, kind: Kind, about: str) -> None:
        """What comes next is news again: the state that was told has ended."""
        self._told.pop((kind, about), None)


class Group:
    """Notices of one kind that wait together."""

    def __init__(self) -> None:
        self.waiting: list[Notice] = []
        self.urgent_count = 0
        self.more_count = 0

    def add(self, notice: Notice) -> None:
        """Keep it, or at least its number."""
        if len(self.waiting) < GROUP_MAX:
            self.waiting.append(notice)
        else:
            self.more_count += notice.count


class Budget:
    """Single messages of one channel within the last hour."""

    def __init__(self, hourly_max: int) -> None:
        self.hourly_max = hourly_max
        self._told_us: list[Instant] = []

    def take(self, now_us: Instant) -> bool:
        """Whether one more single message fits; it is counted if so."""
        self._told_us = [at for at in self._told_us if now_us - at < HOUR]
        if len(self._told_us) >= self.hourly_max:
            return False
        self._told_us.append(now_us)
        return True

    def fits_again_us(self, now_us: Instant) -> Instant:
        """When the next single message fits."""
        full = len(self._told_us) >= self.hourly_max
        return Instant(self._told_us[0] + HOUR) if full and self._told_us else now_us


def digest_of(
    notices: Sequence[Notice], sink: Sink, why: str, now_us: Instant, *, more_count: int = 0
) -> Notice:
    """One notice in place of many. why: what brought them together, in words."""
    loudest = sorted(notices, key=lambda notice: -notice.severity)
    first = loudest[0]
    count = sum(notice.count for notice in notices) + more_count
    kinds = ", ".join(f"{number} {kind}" for kind, number in _kinds(notices).items())
    quoted = [f"{notice.subject}: {notice.words}" for notice in loudest[:SHOWN_MAX]]
    rest = count - len(quoted)
    lines = [*quoted, *([f"and {rest} more"] if rest > 0 else [])]
    return Notice(
        notice_id=f"digest:{sink}:{first.notice_id}:{now_us}",
        kind="digest",
        level=first.level,
        severity=first.severity,
        is_told=True,
        about=first.kind,
        subject=f"{count} notices at once ({kinds})",
        topic=first.topic,
        words=f"{why}: " + " | ".join(lines),
        figures=(Figure("notices", str(count)),),
        related=tuple(notice.about for notice in loudest[:SHOWN_MAX]),
        is_simulated=first.is_simulated,
        event_us=now_us,
        count=count,
    )


def _kinds(notices: Sequence[Notice]) -> dict[Kind, int]:
    kinds: dict[Kind, int] = {}
    for notice in notices:
        kinds[notice.kind] = kinds.get(notice.kind, 0) + notice.count
    return kinds
