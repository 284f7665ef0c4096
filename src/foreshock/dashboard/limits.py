"""Which limits are in force, what is wanted of them, and how often did each rule refuse?"""

from collections import Counter, deque
from collections.abc import Callable
from typing import Any

import msgspec

from foreshock.core.domain.limit_keys import LimitUnit, flattened, key_of
from foreshock.core.domain.messages.decisions import TradeRefused
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.risk import (
    Health,
    LimitChanged,
    LimitKept,
    RiskReviewed,
    UnwindAdvised,
    VenueHealthChanged,
)
from foreshock.core.domain.messages.trading import PlaceOrder, SendRefused
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import SECOND, Instant, Money, Rounding, notional

MINUTE = 60 * SECOND
CHANGES_MAX = 200
ORDERS_MAX = 10_000
RATE = "gate.orders_per_minute_max"
DOLLARS = "gate.notional_per_minute_max."


class LimitSettingView(msgspec.Struct, frozen=True, kw_only=True):
    """One limit. in_force: None is not watched. wanted: what waits for a person's confirmation.

    used: where something is counted by the minute. refused_count: by its rule, in this run.
    """

    key: str
    code: str
    words: str
    unit: LimitUnit
    is_looser_above: bool
    in_force: int | None
    wanted: int | None
    wanted_words: str
    used: int | None
    refused_count: int


class LimitChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """A limit that became another one, or did not; words: why not."""

    at_us: int
    key: str
    before: int | None
    after: int | None
    by: str
    words: str


class VenueHealthView(msgspec.Struct, frozen=True):
    """How far a venue can be relied on."""

    venue: str
    health: Health
    reason: str
    since_us: int


class LimitsView(msgspec.Struct, frozen=True, kw_only=True):
    """Every limit, the last changes (newest first), venues and how often each rule spoke."""

    settings: list[LimitSettingView]
    changes: list[LimitChangeView]
    health: list[VenueHealthView]
    refused: dict[str, int]
    reviews: list[LimitChangeView]


class RawConfig(msgspec.Struct, frozen=True):
    """The limits in a run's configuration, as plain values."""

    limits: dict[str, Any] = {}
    gate: dict[str, Any] = {}


class Decided(msgspec.Struct, frozen=True):
    """An order that was decided on."""

    order_id: str
    at_us: Instant
    venue: str
    notional: Money


class LimitsPage:
    """The fold of everything said around the limits."""

    def __init__(self) -> None:
        self._in_force: dict[str, int | None] = {}
        self._wanted: dict[str, LimitKept] = {}
        self._changes: deque[LimitChangeView] = deque(maxlen=CHANGES_MAX)
        self._reviews: deque[LimitChangeView] = deque(maxlen=CHANGES_MAX)
        self._health: dict[str, VenueHealthView] = {}
        self._refused: Counter[str] = Counter()
        self._orders: deque[Decided] = deque(maxlen=ORDERS_MAX)
        self._handlers: dict[type[Message], Callable[[Any, Instant], None]] = {
            DeskStarted: self._start,
            LimitChanged: self._change,
            LimitKept: self._keep,
            RiskReviewed: self._review,
            VenueHealthChanged: self._note_health,
            TradeRefused: self._count,
            SendRefused: self._count_send,
            UnwindAdvised: self._count_advice,
            PlaceOrder: self._place,
        }

    def hear(self, message: Message, now_us: Instant) -> None:
        """Take in one message."""
        handler = self._handlers.get(type(message))
        if handler is not None:
            handler(message, now_us)

    def view(self, now_us: Instant) -> LimitsView:
        """The page."""
        return LimitsView(
            settings=[self._setting(name, now_us) for name in self._in_force],
            changes=list(self._changes),
            health=list(self._health.values()),
            refused=dict(sorted(self._refused.items())),
            reviews=list(self._reviews),
        )

    def _setting(self, name: str, now_us: Instant) -> LimitSettingView:
        key = key_of(name)
        if key is None:
            raise KeyError(name)
        wanted = self._wanted.get(name)
        venue = name.removeprefix(DOLLARS) if name.startswith(DOLLARS) else ""
        return LimitSettingView(
            key=name,
            code=key.code,
            words=f"{key.words} {venue}".strip(),
            unit=key.unit,
            is_looser_above=key.is_looser_above,
            in_force=self._in_force[name],
            wanted=None if wanted is None else wanted.wanted,
            wanted_words="" if wanted is None else wanted.words,
            used=self._used(name, venue, now_us),
            refused_count=self._refused[key.code],
        )

    def _used(self, name: str, venue: str, now_us: Instant) -> int | None:
        """Of what is counted by the minute: the busiest venue's orders, a venue's dollars."""
        if name != RATE and not venue:
            return None
        recent = [order for order in self._orders if now_us - order.at_us < MINUTE]
        if venue:
            return sum(order.notional for order in recent if order.venue == venue)
        return max(Counter(order.venue for order in recent).values(), default=0)

    def _start(self, started: DeskStarted, _now_us: Instant) -> None:
        config = msgspec.json.decode(started.config, type=RawConfig)
        self._in_force = flattened(config.limits, config.gate)

    def _change(self, changed: LimitChanged, now_us: Instant) -> None:
        if changed.key in self._in_force:
            self._in_force[changed.key] = changed.after
        self._wanted.pop(changed.key, None)
        self._add(changed.key, (changed.before, changed.after), (changed.by, ""), now_us)

    def _keep(self, kept: LimitKept, now_us: Instant) -> None:
        if kept.key in self._in_force:
            self._wanted[kept.key] = kept
        self._add(kept.key, (kept.in_force, kept.wanted), (kept.by, kept.words), now_us)

    def _add(
        self,
        key: str,
        values: tuple[int | None, int | None],
        said: tuple[str, str],
        now_us: Instant,
    ) -> None:
        change = LimitChangeView(
            at_us=now_us, key=key, before=values[0], after=values[1], by=said[0], words=said[1]
        )
        self._changes.appendleft(change)

    def _review(self, reviewed: RiskReviewed, now_us: Instant) -> None:
        view = LimitChangeView(
            at_us=now_us, key="review", before=None, after=None, by=reviewed.by, words=reviewed.note
        )
        self._reviews.appendleft(view)

    def _note_health(self, changed: VenueHealthChanged, now_us: Instant) -> None:
        view = VenueHealthView(changed.venue, changed.health, changed.reason, now_us)
        self._health[changed.venue] = view

    def _count(self, refused: TradeRefused, _now_us: Instant) -> None:
        self._refused[refused.refusal.code] += 1

    def _count_send(self, refused: SendRefused, _now_us: Instant) -> None:
        self._refused[refused.refusal.code] += 1
        kept = (order for order in self._orders if order.order_id != refused.order_id)
        self._orders = deque(kept, maxlen=ORDERS_MAX)

    def _count_advice(self, advised: UnwindAdvised, _now_us: Instant) -> None:
        self._refused[advised.code] += 1

    def _place(self, placed: PlaceOrder, now_us: Instant) -> None:
        amount = notional(placed.limit, placed.quantity, Rounding.UP)
        decided = Decided(placed.order_id, now_us, venue_of(placed.market), amount)
        self._orders.append(decided)
