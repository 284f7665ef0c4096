"""Which message is to be tried now, and which is given up? A bounded queue a channel; pure.

    held -> waiting -> under way -> told
              ^  |         |------> failed   (refused, too often, too old, pushed out)
              '--+- later -'

A channel's addresses are lanes of their own: one that asks for patience delays no other. A full
channel pushes out its least urgent message, of those the oldest; nothing is lost without a fact.
Every question costs the number of lanes, whatever waits in them: the loop that trades asks, too.
"""

import random
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable

import msgspec

from foreshock.adapters.notify.answers import Later, Outcome, Refused, Taken
from foreshock.core.domain.messages.alerting import (
    Notified,
    NotifierFound,
    NotifierLost,
    Notify,
    NotifyFailed,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.notices import Sink
from foreshock.core.domain.units import DAY, SECOND, Duration, Instant

WAITING_MAX, LOGGED_MAX = 1_000, 50_000
"""Messages of one channel that wait; of the log, which takes thousands a second."""
ATTEMPTS_MAX = 8
"""Attempts without an answer, or with one that promises nothing."""
PATIENCE_MAX = 100
"""Times a channel may ask to wait for one message."""
AGE_MAX = DAY
"""Older news is no news."""
BACKOFF_BASE, BACKOFF_MAX = Duration(2 * SECOND), Duration(300 * SECOND)
LOST_AFTER = 3
"""Failures in a row after which a channel counts as lost; a webhook that is gone is at once."""
PROBE_EVERY = Duration(600 * SECOND)
"""A webhook that is gone is tried no more often: every try counts against our address."""
GAPS = {"discord": Duration(SECOND // 2), "slack": Duration(1_100_000)}
"""Between two messages of one address, so that the documented rates are kept without being told."""
DONE_MAX = 5_000
URGENCIES = (5, 4, 3, 2, 1)


class Delivery(msgspec.Struct, frozen=True):
    """One attempt to make now."""

    notify: Notify
    lane: str


class _Waiting(msgspec.Struct):
    notify: Notify
    since_us: Instant
    attempts_count: int = 0
    patience_count: int = 0


class _Lane(msgspec.Struct):
    """One address. queues: by severity, oldest first. failures_count: in a row."""

    sink: Sink
    queues: dict[int, OrderedDict[str, _Waiting]] = msgspec.field(
        default_factory=lambda: {severity: OrderedDict() for severity in URGENCIES}
    )
    not_before_us: Instant = Instant(0)
    under_way: str | None = None
    failures_count: int = 0
    is_lost: bool = False

    def first(self) -> _Waiting | None:
        """The most urgent message, of those the oldest."""
        for queue in self.queues.values():
            for waiting in queue.values():
                return waiting
        return None


class Outbox:
    """What waits to be told; facts say what became of each message."""

    def __init__(self, lane_of: Callable[[Notify], str], rng: random.Random) -> None:
        self._lane_of = lane_of
        self._rng = rng
        self._held: OrderedDict[str, _Waiting] = OrderedDict()
        self._lanes: dict[str, _Lane] = {}
        self._places: dict[str, str] = {}
        self._counts: Counter[Sink] = Counter()
        self._done: OrderedDict[str, None] = OrderedDict()

    # ---- in ----------------------------------------------------------------------------------

    def add(self, notify: Notify, now_us: Instant, *, is_held: bool = False) -> list[Message]:
        """Queue a message, once ever. is_held: `release` lets it go, when its step is on record."""
        key = notify.dedupe_key
        if key in self._held or key in self._places or key in self._done:
            return []
        self._counts[notify.sink] += 1
        self._held[key] = _Waiting(notify, now_us)
        if not is_held:
            self.release(key)
        return self._push_out(notify.sink)

    def release(self, key: str) -> None:
        """A held message may leave."""
        waiting = self._held.pop(key, None)
        if waiting is None:
            return
        notify = waiting.notify
        name = self._lane_of(notify)
        lane = self._lanes.setdefault(name, _Lane(notify.sink))
        lane.queues[notify.notice.severity][key] = waiting
        self._places[key] = name

    def done(self, key: str) -> None:
        """Told or given up, in an earlier run or now: never again."""
        waiting = self._take(key)
        if waiting is not None:
            self._counts[waiting.notify.sink] -= 1
        self._done[key] = None
        if len(self._done) > DONE_MAX:
            self._done.popitem(last=False)

    def release_all(self) -> None:
        """What an earlier run left is on record, or nearly: at worst it is told once too often."""
        for key in [*self._held]:
            self.release(key)

    # ---- out ---------------------------------------------------------------------------------

    def due(self, now_us: Instant) -> list[Delivery]:
        """Attempts to make now, at most one a lane, the most urgent first."""
        found: list[Delivery] = []
        for name, lane in self._lanes.items():
            first = lane.first()
            if lane.under_way is None and lane.not_before_us <= now_us and first is not None:
                lane.under_way = first.notify.dedupe_key
                found.append(Delivery(first.notify, name))
        return found

    def next_due_us(self) -> Instant | None:
        """When to ask `due` again; None when nothing waits for time to pass."""
        idle = [lane for lane in self._lanes.values() if lane.under_way is None]
        return min((lane.not_before_us for lane in idle if lane.first()), default=None)

    def answered(self, delivery: Delivery, outcome: Outcome, now_us: Instant) -> list[Message]:
        """What an attempt came to, as facts."""
        lane, key = self._lanes[delivery.lane], delivery.notify.dedupe_key
        lane.under_way = None
        gap = GAPS.get(delivery.notify.sink, Duration(0))
        lane.not_before_us = max(lane.not_before_us, Instant(now_us + gap))
        waiting = lane.queues[delivery.notify.notice.severity].get(key)
        if waiting is None:  # pushed out while it was under way
            return []
        match outcome:
            case Taken():
                return self._taken(waiting, lane)
            case Later():
                return self._later(waiting, lane, outcome, now_us)
            case Refused():
                return self._refused(waiting, lane, outcome, now_us)

    # ---- the rest ----------------------------------------------------------------------------

    def waiting_count(self, sink: Sink) -> int:
        """Messages of a channel that wait or are under way."""
        return self._counts[sink]

    def waiting(self) -> list[Notify]:
        """Everything not told yet, a lane after the other, then what is held."""
        queues = [queue for lane in self._lanes.values() for queue in lane.queues.values()]
        known = [waiting.notify for queue in queues for waiting in queue.values()]
        return known + [waiting.notify for waiting in self._held.values()]

    def done_keys(self) -> list[str]:
        """What was told or given up lately, oldest first."""
        return list(self._done)

    def is_idle(self, now_us: Instant) -> bool:
        """Whether nothing is under way and nothing could leave at once."""
        busy = any(lane.under_way is not None for lane in self._lanes.values())
        next_us = self.next_due_us()
        return not busy and (next_us is None or next_us > now_us + SECOND)

    def _taken(self, waiting: _Waiting, lane: _Lane) -> list[Message]:
        notify = waiting.notify
        self.done(notify.dedupe_key)
        attempts_count = waiting.attempts_count + waiting.patience_count + 1
        said: list[Message] = [Notified(notify.dedupe_key, notify.sink, attempts_count)]
        if lane.is_lost:
            said.append(NotifierFound(notify.sink))
        lane.is_lost, lane.failures_count = False, 0
        return said

    def _later(
        self, waiting: _Waiting, lane: _Lane, later: Later, now_us: Instant
    ) -> list[Message]:
        said: list[Message] = []
        if later.after is not None:
            waiting.patience_count += 1
            lane.not_before_us = Instant(now_us + later.after)
        else:
            waiting.attempts_count += 1
            lane.failures_count += 1
            lane.not_before_us = Instant(now_us + self._backoff(waiting.attempts_count))
            if lane.failures_count == LOST_AFTER:
                said += self._lose(waiting.notify.sink, lane, later.reason)
        return [*said, *self._give_up_if_hopeless(waiting, later.reason, now_us)]

    def _refused(
        self, waiting: _Waiting, lane: _Lane, refused: Refused, now_us: Instant
    ) -> list[Message]:
        said: list[Message] = []
        if refused.is_gone:
            lane.not_before_us = Instant(now_us + PROBE_EVERY)
            said += self._lose(waiting.notify.sink, lane, refused.reason)
        return [*said, self._give_up(waiting, refused.reason)]

    def _lose(self, sink: Sink, lane: _Lane, reason: str) -> Iterable[Message]:
        if lane.is_lost:
            return ()
        lane.is_lost = True
        return (NotifierLost(sink, reason),)

    def _give_up_if_hopeless(
        self, waiting: _Waiting, reason: str, now_us: Instant
    ) -> list[Message]:
        if waiting.attempts_count >= ATTEMPTS_MAX:
            return [self._give_up(waiting, f"{reason}; tried {ATTEMPTS_MAX} times")]
        if waiting.patience_count >= PATIENCE_MAX:
            return [self._give_up(waiting, f"{reason}; asked to wait {PATIENCE_MAX} times")]
        if now_us - waiting.since_us > AGE_MAX:
            return [self._give_up(waiting, f"{reason}; older than a day")]
        return []

    def _give_up(self, waiting: _Waiting, reason: str) -> NotifyFailed:
        notify = waiting.notify
        self.done(notify.dedupe_key)
        return NotifyFailed(notify.dedupe_key, notify.sink, reason)

    def _push_out(self, sink: Sink) -> list[Message]:
        """Keep the queue of a channel within its bound."""
        if self._counts[sink] <= (LOGGED_MAX if sink == "file" else WAITING_MAX):
            return []
        lanes = [lane for lane in self._lanes.values() if lane.sink == sink]
        for severity in reversed(URGENCIES):
            for lane in lanes:
                for waiting in lane.queues[severity].values():
                    return [self._give_up(waiting, "pushed out: too many messages wait already")]
        oldest = next(each for each in self._held.values() if each.notify.sink == sink)
        return [self._give_up(oldest, "pushed out: too many messages wait already")]

    def _take(self, key: str) -> _Waiting | None:
        """Out of wherever it waits."""
        name = self._places.pop(key, None)
        if name is None:
            return self._held.pop(key, None)
        queues = self._lanes[name].queues.values()
        return next((queue.pop(key) for queue in queues if key in queue), None)

    def _backoff(self, attempts_count: int) -> Duration:
        """Between half and all of the doubled wait, so that many desks do not knock together."""
        full = min(BACKOFF_MAX, BACKOFF_BASE * 2 ** min(attempts_count - 1, 16))
        return Duration(full // 2 + self._rng.randrange(max(1, full // 2)))


def jittered(seed: str) -> random.Random:
    """The chance of one desk: it spreads retries and decides nothing."""
    return random.Random(seed)  # noqa: S311 - spreads retries, protects nothing
