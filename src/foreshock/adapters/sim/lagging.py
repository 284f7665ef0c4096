"""What does a read show that lags behind the writes? Values by key, each visible a little later."""

import random
from collections.abc import Iterator
from typing import Generic, TypeVar

from foreshock.core.domain.units import Instant

KEPT_MAX = 20_000
"""Keys remembered; the oldest go first."""
Value = TypeVar("Value")


class Lag:
    """How late reads are, in microseconds, drawn evenly between the two for every write."""

    __slots__ = ("_rng", "longest_us", "shortest_us")

    def __init__(self, seed: int, shortest_us: int = 0, longest_us: int = 0) -> None:
        self._rng = random.Random(seed)
        self.shortest_us = shortest_us
        self.longest_us = longest_us

    def draw(self) -> int:
        """The lag of one write."""
        return self._rng.randint(self.shortest_us, max(self.shortest_us, self.longest_us))


class LaggingTable(Generic[Value]):
    """Versions of values by key, in order of first writing."""

    def __init__(self, lag: Lag) -> None:
        self._lag = lag
        self._versions: dict[str, list[tuple[Instant, Value]]] = {}

    def put(self, key: str, value: Value, now_us: Instant) -> None:
        """Write a version; it never becomes visible before an older one."""
        versions = self._versions.setdefault(key, [])
        visible_us = now_us + self._lag.draw()
        if versions:
            visible_us = max(visible_us, versions[-1][0])
        while len(versions) > 1 and versions[1][0] <= now_us:
            versions.pop(0)
        versions.append((Instant(visible_us), value))
        if len(self._versions) > KEPT_MAX:
            del self._versions[next(iter(self._versions))]

    def forget(self, key: str) -> None:
        """As if it was never written."""
        self._versions.pop(key, None)

    def latest(self, key: str) -> Value | None:
        """The truth; None when never written."""
        versions = self._versions.get(key)
        return versions[-1][1] if versions else None

    def seen(self, key: str, now_us: Instant) -> Value | None:
        """What a read shows now; None when nothing of it is visible yet."""
        for visible_us, value in reversed(self._versions.get(key, [])):
            if visible_us <= now_us:
                return value
        return None

    def latest_values(self) -> Iterator[Value]:
        """The truth of every key, oldest key first."""
        return (versions[-1][1] for versions in list(self._versions.values()))

    def seen_values(self, now_us: Instant) -> Iterator[Value]:
        """What reads show now, newest key first."""
        for key in reversed(self._versions):
            value = self.seen(key, now_us)
            if value is not None:
                yield value
