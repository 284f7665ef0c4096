"""What time does a venue think it is? Ours, corrected by what was judged of its clock; pure.

Venues refuse signatures that are off by more than some seconds, and judge an age by their own
clock. What must pass however wrong ours is, hedges, unwinds and cancels, is signed by theirs.
"""

from foreshock.core.domain.clocks import Bounds
from foreshock.core.domain.messages.operations import ClockJudged
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant


class VenueTimes:
    """The correction of every venue; none while a clock may well be right or is not known."""

    def __init__(self) -> None:
        self._corrections: dict[str, int] = {}

    def hear(self, message: Message) -> None:
        """Follow the judgements. One that nobody could renew stands until it is replaced."""
        if not isinstance(message, ClockJudged):
            return
        if message.offset_min is not None and message.offset_max is not None:
            bounds = Bounds(message.offset_min, message.offset_max)
            self._corrections[message.venue] = bounds.correction

    def there(self, venue: str, now_us: Instant) -> Instant:
        """Our time as the venue would tell it."""
        return Instant(now_us + self._corrections.get(venue, 0))
