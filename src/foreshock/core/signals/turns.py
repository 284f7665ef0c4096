"""May it be done now? Something less urgent takes turns, a few at once after a pause."""

from foreshock.core.domain.units import Duration, Instant


class Turns:
    """One turn an interval; after a while in which none was taken, `at_once_max` of them."""

    def __init__(self, interval: Duration, at_once_max: int) -> None:
        self._interval = interval
        self._at_once_max = at_once_max
        self._next_us = 0

    def take(self, now_us: Instant) -> bool:
        """Whether there is a turn now; it is then taken."""
        if now_us < self._next_us:
            return False
        earliest_us = now_us - self._at_once_max * self._interval
        self._next_us = max(self._next_us, earliest_us) + self._interval
        return True
