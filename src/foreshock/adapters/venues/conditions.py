"""What does a venue let us do, and for how long do we believe it?

Venues say it in their refusals and rarely take it back, so most conditions are tried again after
a while. A geoblock is not, nor an account that may only close positions: only a person can change
where the desk stands or what it is.
"""

from collections.abc import Iterator

from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.messages.account import VenueConditionTold
from foreshock.core.domain.units import SECOND, Duration, Instant

HOLD = Duration(30 * SECOND)
LASTING: frozenset[VenueCondition] = frozenset({"open", "geoblocked", "closing_only"})


class Conditions:
    """The last condition of each venue; says only what changed."""

    def __init__(self) -> None:
        self._now: dict[str, tuple[VenueCondition, Instant | None]] = {}

    def tell(
        self,
        venue: str,
        condition: VenueCondition,
        words: str,
        now_us: Instant,
        retry_after_us: int | None,
    ) -> Iterator[VenueConditionTold]:
        """The venue said so; told on when it is news."""
        known = self._now.get(venue, ("open", None))[0]
        hold_us = max(HOLD, retry_after_us or 0)
        until_us = None if condition in LASTING else Instant(now_us + hold_us)
        self._now[venue] = (condition, until_us)
        if condition != known:
            yield VenueConditionTold(venue, condition, words)

    def expired(self, now_us: Instant) -> Iterator[VenueConditionTold]:
        """Conditions that were believed for long enough: the next order will tell."""
        for venue, (condition, until_us) in self._now.items():
            if until_us is not None and until_us <= now_us:
                self._now[venue] = ("open", None)
                yield VenueConditionTold(venue, "open", f"was {condition}: tried again")

    def next_us(self) -> Instant | None:
        """When the next condition is tried again."""
        ends = [until_us for _, until_us in self._now.values() if until_us is not None]
        return min(ends) if ends else None
