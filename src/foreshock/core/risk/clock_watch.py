"""Is our clock close enough to the venues' to trade by it? What they tell in, a judgement out.

    good   <= 250 ms <   warned   <= 500 ms <   refused, until readings agree again

Beyond half a second a venue refuses signatures, and the age of what it sends cannot be told: no
entry leaves then, while hedges, unwinds and cancels pass, signed by the venue's time. A clock that
nobody could read for two minutes is said to be unread; what else is known of the venue decides.
"""

from collections.abc import Iterable, Iterator

from foreshock.core.domain.clocks import Bounds, Offsets
from foreshock.core.domain.messages.operations import ClockJudged, ClockRead, ClockState
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant

APART_WARNED = Duration(250_000)
APART_REFUSED = Duration(500_000)
UNREAD_AFTER = Duration(120 * SECOND)
NEWS_MIN = 50_000
"""Bounds that move by less are not told again."""
TIMER = "clock/"
MILLISECOND = 1_000


class ClockWatch:
    """Judges every venue's clock by the readings of the last two minutes."""

    name = "clock-watch"
    hears = frozenset({ClockRead, TimerFired})

    def __init__(self) -> None:
        self._offsets: dict[str, Offsets] = {}
        self._said: dict[str, ClockJudged] = {}

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        """Answer with what changed."""
        match message:
            case ClockRead():
                return self._read(message)
            case TimerFired(timer_id=timer_id) if timer_id.startswith(TIMER):
                return self._fall_silent(timer_id.removeprefix(TIMER))
            case _:
                return ()

    def _read(self, read: ClockRead) -> Iterator[Message]:
        yield SetTimer(TIMER + read.venue, UNREAD_AFTER)
        offsets = self._offsets.setdefault(read.venue, Offsets())
        offsets.add(read)
        bounds = offsets.bounds()
        if bounds is not None:
            yield from self._tell(judgement(read.venue, bounds))

    def _fall_silent(self, venue: str) -> Iterator[Message]:
        self._offsets.pop(venue, None)
        words = f"{venue} told no time for {UNREAD_AFTER // SECOND} s"
        yield from self._tell(ClockJudged(venue, "unread", None, None, words))

    def _tell(self, judged: ClockJudged) -> Iterator[Message]:
        said = self._said.get(judged.venue)
        if said is None or said.state != judged.state or _is_news(said, judged):
            self._said[judged.venue] = judged
            yield judged


def judgement(venue: str, bounds: Bounds) -> ClockJudged:
    """What bounds mean for trading."""
    apart = bounds.apart
    far_ms = -(-abs(apart) // MILLISECOND)
    if abs(apart) <= APART_WARNED:
        words = f"our clock agrees with {venue}'s"
    else:
        side = "behind" if apart > 0 else "ahead of"
        words = f"our clock is at least {far_ms} ms {side} {venue}'s: switch time sync (NTP) on"
    return ClockJudged(venue, _state(abs(apart)), bounds.low, bounds.high, words)


def _state(apart: int) -> ClockState:
    if apart > APART_REFUSED:
        return "refused"
    return "warned" if apart > APART_WARNED else "good"


def _is_news(said: ClockJudged, judged: ClockJudged) -> bool:
    before = (said.offset_min, said.offset_max)
    after = (judged.offset_min, judged.offset_max)
    return any(
        old is not None and new is not None and abs(old - new) >= NEWS_MIN
        for old, new in zip(before, after, strict=True)
    )
