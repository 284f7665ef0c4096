"""How far can a venue be relied on right now? Its feeds and answers in, one state out.

    active     everything may be sent
    reducing   late messages, gaps, errors, or the venue hears nothing from us: hedges, unwinds
    halted     no byte of it for too long, or none yet: cancels alone

It gets worse at once and better by itself: from silence with the next byte, from everything else
once all has been well for a while. A REST book that agreed is a sign of life, too: a silent market
is not a dead venue. Halts that a person or a fuse ordered are no part of this.
"""

from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

from foreshock.core.domain.messages.account import AccountReadFailed, VenueConditionTold
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
    FeedGapped,
    FeedMeasured,
)
from foreshock.core.domain.messages.risk import Health, LimitChanged, VenueHealthChanged
from foreshock.core.domain.messages.trading import (
    OrderUnknown,
    PlaceOrder,
    SetTimer,
    TimerFired,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.risk.limits import HealthLimits

NAME = "health-watch"
MINUTE = Duration(60 * SECOND)
MILLISECOND = 1_000
TIMER = "health/"
OTHER_FEEDS = ("-user", "-polled")
"""Channels of the account may be silent for days; what is polled is never traded on."""
ORDERS_MAX = 1_000
PART = "health."


class Judged(msgspec.Struct, frozen=True):
    """A state and its reason."""

    health: Health
    reason: str


class Venue:
    """What is known of one venue."""

    def __init__(self) -> None:
        self.feeds: dict[int, FeedMeasured | None] = {}
        self.heard_us: Instant | None = None
        self.gaps: deque[Instant] = deque()
        self.errors: deque[Instant] = deque()
        self.unready: str | None = None
        self.told: Judged | None = None
        self.well_since: Instant | None = None

    def hear(self, measured: FeedMeasured) -> None:
        """A stream's clocks; REST checks that agreed count as heard."""
        self.feeds[measured.connection] = measured
        heard = max(measured.data_at_us, measured.checked_at_us or Instant(0))
        if heard > 0:
            self.heard_us = max(self.heard_us or Instant(0), heard)

    def judge(self, limits: HealthLimits, now_us: Instant) -> Judged:
        """The worst that holds now."""
        if self.heard_us is None:
            return Judged("halted", "nothing was heard of it yet")
        silent = now_us - self.heard_us
        if silent >= limits.silence_max:
            return Judged("halted", f"no byte for {silent // SECOND} s")
        words = self._late(limits) or self._often(limits, now_us) or self.unready
        return Judged("active", "all is well") if words is None else Judged("reducing", words)

    def _late(self, limits: HealthLimits) -> str | None:
        ages = (feed.message_age_p95 for feed in self.feeds.values() if feed is not None)
        worst = max((age for age in ages if age is not None), default=0)
        if worst <= limits.latency_max:
            return None
        return f"messages are {worst // MILLISECOND} ms old"

    def _often(self, limits: HealthLimits, now_us: Instant) -> str | None:
        for name, times, most in (
            ("gaps", self.gaps, limits.gaps_per_minute_max),
            ("errors", self.errors, limits.errors_per_minute_max),
        ):
            while times and now_us - times[0] >= MINUTE:
                times.popleft()
            if len(times) > most:
                return f"{len(times)} {name} in a minute"
        return None


class HealthWatch:
    """Tells the state of each venue when it changes."""

    name = NAME
    hears = frozenset({
        ConnectionOpened,
        ConnectionClosed,
        ConnectionFailed,
        FeedMeasured,
        FeedGapped,
        AccountReadFailed,
        VenueConditionTold,
        PlaceOrder,
        OrderUnknown,
        TimerFired,
        LimitChanged,
    })

    def __init__(self, limits: HealthLimits, venues: Iterable[str]) -> None:
        self._limits = limits
        self._venues = {venue: Venue() for venue in venues}
        self._orders: dict[str, str] = {}

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        """Answer with the states that changed."""
        match message:
            case OrderUnknown(order_id=order_id):
                return self._err(self._orders.get(order_id, ""), now_us)
            case TimerFired(timer_id=timer_id):
                return self._assess(timer_id.removeprefix(TIMER), now_us)
            case PlaceOrder() | LimitChanged():
                self._note(message)
                return ()
            case ConnectionFailed(venue=venue) | AccountReadFailed(venue=venue):
                return self._err(venue, now_us)
            case _:
                return self._hear(message, now_us)

    def _hear(self, message: Message, now_us: Instant) -> Iterator[Message]:
        """The words of one venue about its streams and itself."""
        name = getattr(message, "venue", "")
        venue = self._venues.get(name)
        if venue is None:
            return
        match message:
            case ConnectionOpened() if not message.feed.endswith(OTHER_FEEDS):
                venue.feeds[message.connection] = None
            case ConnectionClosed():
                yield from self._close(name, venue, message.connection)
            case FeedMeasured() if message.connection in venue.feeds:
                venue.hear(message)
            case FeedGapped():
                venue.gaps.append(now_us)
            case VenueConditionTold():
                is_unready = message.condition in {"not_ready", "restarting"}
                venue.unready = message.words if is_unready else None
            case _:
                return
        yield from self._assess(name, now_us)

    def _close(self, name: str, venue: Venue, connection: int) -> Iterator[Message]:
        """Nothing measures a venue without streams: look again when its silence is too long."""
        if connection in venue.feeds:
            del venue.feeds[connection]
            if not venue.feeds:
                yield SetTimer(TIMER + name, self._limits.silence_max)

    def _err(self, name: str, now_us: Instant) -> Iterator[Message]:
        venue = self._venues.get(name)
        if venue is not None:
            venue.errors.append(now_us)
            yield from self._assess(name, now_us)

    def _assess(self, name: str, now_us: Instant) -> Iterator[Message]:
        """Tell a change: a worse state at once, a better one when it may be believed."""
        venue = self._venues.get(name)
        if venue is None:
            return
        judged, told = venue.judge(self._limits, now_us), venue.told
        if told is not None and judged.health == told.health:
            venue.well_since = None
            return
        if told is not None and told.health == "reducing" and judged.health == "active":
            venue.well_since = now_us if venue.well_since is None else venue.well_since
            if now_us - venue.well_since < self._limits.mends_after:
                return
        venue.well_since, venue.told = None, judged
        yield VenueHealthChanged(name, judged.health, judged.reason)

    def _note(self, message: PlaceOrder | LimitChanged) -> None:
        """Whose order it is, while its fate may be told to be unknown; another limit."""
        if isinstance(message, LimitChanged):
            name = message.key.removeprefix(PART)
            if name != message.key and message.after is not None:
                self._limits = msgspec.structs.replace(self._limits, **{name: message.after})
            return
        self._orders[message.order_id] = venue_of(message.market)
        if len(self._orders) > ORDERS_MAX:
            del self._orders[next(iter(self._orders))]
