"""Which alerts were there, who has seen them, and did they arrive? A fold of what was to be told.

The log is told of everything once, so its commands are the list.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

import msgspec

from foreshock.core.alerting.tiers import AT_ONCE_MIN
from foreshock.core.domain.alerts import Detector, Figure
from foreshock.core.domain.messages import alerting as al
from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.notices import Notice, first_id
from foreshock.core.domain.units import DAY, Duration, Instant
from foreshock.dashboard.alert_views import (
    DeliveryView,
    HealthView,
    NoticeFigureView,
    NoticeView,
    NotifierView,
    RetentionView,
)
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.views import VenueView

ALERTS_MAX = 500
LOUD_MAX = 1_500
"""Routine is forgotten first, then what somebody has seen: fills must not push an incident out."""
DELIVERIES_MAX = 8
"""Of one alert: repeats and digests come on top of the first."""
LOG = "file"
DETECTORS: frozenset[str] = frozenset(Detector.__args__)
RUNBOOKS = frozenset({
    "halt",
    "incident",
    "package",
    "fill",
    "order",
    "venue",
    "limit",
    "pair",
    "notifier",
    "arming",
})
"""Kinds with a page of their own in docs/runbooks."""
FIRST_FIGURES = ("score", "sigma")


class SinkPart(msgspec.Struct, frozen=True):
    """A channel as the run's configuration names it."""

    sink: str
    severity_min: int
    hears_detectors: bool = True


class AlertsPart(msgspec.Struct, frozen=True):
    """The part about channels."""

    sinks: tuple[SinkPart, ...] = ()


class ConfigPart(msgspec.Struct, frozen=True):
    """What is needed here of a run's configuration."""

    alerts: AlertsPart = AlertsPart()


class _Alert(msgspec.Struct):
    notice: Notice
    seen_by: str | None = None
    seen_us: Instant | None = None
    explained: s.AlertExplained | None = None
    deliveries: dict[str, DeliveryView] = msgspec.field(default_factory=dict[str, DeliveryView])


class _Sink(msgspec.Struct):
    waiting: set[str] = msgspec.field(default_factory=set[str])
    told_count: int = 0
    failed_count: int = 0
    lost: str = ""


class AlertsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which alerts somebody wants to see; empty means any."""

    kind: str = ""
    level: str = ""
    severity_min: int = 1
    state: str = ""
    detected: str = ""
    query: str = ""
    sort: str = "newest"


class Alerts:
    """The newest alerts of the run, and the channels."""

    def __init__(self) -> None:
        self._alerts: dict[str, _Alert] = {}
        self._sinks: dict[str, _Sink] = {}
        self._config = ConfigPart()
        self._removed: al.RecordingsRemoved | None = None
        self._looked_us: Instant | None = None
        self._totals = (0, 0, 0)
        self._handlers = self._routes()

    def hear(self, message: Message, now_us: Instant) -> None:
        """Take in one message of the desk."""
        handler = self._handlers.get(type(message))
        if handler is not None:
            handler(message, now_us)

    def _routes(self) -> Mapping[type[Message], Callable[[Any, Instant], object]]:
        return {
            DeskStarted: lambda x, _: self._start(x),
            al.Notify: lambda x, _: self._notify(x),
            al.Notified: lambda x, _: self._notified(x),
            al.NotifyFailed: lambda x, _: self._failed(x),
            al.NotifierLost: lambda x, _: self._lose(x.sink, x.reason),
            al.NotifierFound: lambda x, _: self._lose(x.sink, ""),
            al.RecordingsRemoved: self._removing,
            s.AlertAcknowledged: self._acknowledge,
            s.AlertExplained: lambda x, _: self._explain(x),
        }

    # ---- what is shown -----------------------------------------------------------------------

    def has(self, alert_id: str) -> bool:
        """Whether an alert is known, be it by the id of a repeat."""
        return self._alert(alert_id) is not None

    def views(self, asked: AlertsAsked, limit: int) -> list[NoticeView]:
        """The alerts that were asked for, newest first or highest score first."""
        views = [_view(each) for each in reversed(self._alerts.values())]
        found = [view for view in views if _fits(view, asked)]
        if asked.sort == "score":
            found.sort(key=_rank, reverse=True)
        return found[:limit]

    def newest(self, limit: int) -> list[NoticeView]:
        """The newest alerts, of any kind."""
        return [_view(each) for each in islice(reversed(self._alerts.values()), limit)]

    def notifiers(self) -> list[NotifierView]:
        """Every channel that is set up."""
        return [self._notifier(part) for part in self._config.alerts.sinks]

    def health(self, venues: list[VenueView]) -> HealthView:
        """How well venues are heard, channels take notices, and what was deleted."""
        return HealthView(venues=venues, notifiers=self.notifiers(), retention=self.retention())

    def retention(self) -> RetentionView:
        """How long recordings are kept, as of the last look."""
        last = self._removed
        return RetentionView(
            days=None if last is None else _days(last.older_than),
            live_days=None if last is None else _days(last.live_older_than),
            looked_at_us=self._looked_us,
            removed_runs_count=self._totals[0],
            removed_rows_count=self._totals[1],
            removed_bytes_count=self._totals[2],
        )

    def _notifier(self, part: SinkPart) -> NotifierView:
        sink = self._sinks.get(part.sink, _Sink())
        words = sink.lost or ("takes notices" if sink.told_count else "nothing was told yet")
        if not part.hears_detectors:
            words += "; detectors' alerts are held back: there is no analyst yet"
        return NotifierView(
            sink=part.sink,
            state="lost" if sink.lost else "works" if sink.told_count else "untried",
            words=words,
            severity_min=part.severity_min,
            hears_detectors=part.hears_detectors,
            waiting_count=len(sink.waiting),
            told_count=sink.told_count,
            failed_count=sink.failed_count,
        )

    # ---- what is heard -----------------------------------------------------------------------

    def _start(self, started: DeskStarted) -> None:
        self._config = msgspec.json.decode(started.config, type=ConfigPart)

    def _notify(self, command: al.Notify) -> None:
        sink = self._sinks.setdefault(command.sink, _Sink())
        sink.waiting.add(command.dedupe_key)
        notice = command.notice
        if command.sink == LOG:
            self._alerts.setdefault(notice.notice_id, _Alert(notice))
            evict(self._alerts, ALERTS_MAX, _is_routine)
            evict(self._alerts, LOUD_MAX, _is_done)
            evict(self._alerts, 2 * LOUD_MAX)
        else:
            self._delivered(command.dedupe_key, "waiting", "")

    def _notified(self, told: al.Notified) -> None:
        sink = self._sinks.setdefault(told.sink, _Sink())
        sink.waiting.discard(told.dedupe_key)
        sink.told_count += 1
        self._delivered(told.dedupe_key, "told", f"at attempt {told.attempts_count}")

    def _failed(self, failed: al.NotifyFailed) -> None:
        sink = self._sinks.setdefault(failed.sink, _Sink())
        sink.waiting.discard(failed.dedupe_key)
        sink.failed_count += 1
        self._delivered(failed.dedupe_key, "failed", failed.reason)

    def _lose(self, name: str, reason: str) -> None:
        self._sinks.setdefault(name, _Sink()).lost = reason

    def _removing(self, removed: al.RecordingsRemoved, now_us: Instant) -> None:
        self._removed, self._looked_us = removed, now_us
        runs, rows, freed = self._totals
        more = (len(removed.runs), removed.rows_count, removed.bytes_count)
        self._totals = (runs + more[0], rows + more[1], freed + more[2])

    def _acknowledge(self, seen: s.AlertAcknowledged, now_us: Instant) -> None:
        alert = self._alert(seen.alert_id)
        if alert is not None and alert.seen_by is None:
            alert.seen_by, alert.seen_us = seen.by, now_us

    def _alert(self, alert_id: str) -> _Alert | None:
        return self._alerts.get(alert_id) or self._alerts.get(first_id(alert_id))

    def _explain(self, explained: s.AlertExplained) -> None:
        if explained.alert_id in self._alerts:
            self._alerts[explained.alert_id].explained = explained

    def _delivered(self, key: str, state: str, words: str) -> None:
        sink, _, notice_id = key.partition("/")
        alert = self._alerts.get(notice_id)
        if alert is None or sink == LOG or len(alert.deliveries) >= DELIVERIES_MAX:
            return
        alert.deliveries[sink] = msgspec.convert(
            {"sink": sink, "state": state, "words": words}, DeliveryView
        )


def _is_routine(alert: _Alert) -> bool:
    return alert.notice.severity == 1


def _is_done(alert: _Alert) -> bool:
    """Whether nobody has to look at it any more."""
    return alert.notice.severity < AT_ONCE_MIN or alert.seen_by is not None


def score_of(figures: tuple[Figure, ...]) -> str:
    """The number by which alerts are compared: the score where there is one, else the sigmas."""
    by_name = {figure.name: figure.value for figure in figures}
    for name in FIRST_FIGURES:
        number = by_name.get(name, "").partition(" ")[0].replace(",", "")
        if _number(number) is not None:
            return number
    return ""


def _view(alert: _Alert) -> NoticeView:
    notice, explained = alert.notice, alert.explained
    return NoticeView(
        id=notice.notice_id,
        kind=notice.kind,
        level=notice.level,
        severity=notice.severity,
        is_detected=notice.kind in DETECTORS,
        about=notice.about,
        title=notice.subject,
        category=notice.topic,
        words=notice.words,
        figures=[NoticeFigureView(figure.name, figure.value) for figure in notice.figures],
        score=score_of(notice.figures),
        related=list(notice.related),
        count=notice.count,
        is_simulated=notice.is_simulated,
        event_us=notice.event_us,
        acknowledged_by=alert.seen_by,
        acknowledged_us=alert.seen_us,
        explanation=None if explained is None else explained.explanation,
        explained_by=[] if explained is None else list(explained.items),
        lead_us=None if explained is None else explained.lead,
        deliveries=list(alert.deliveries.values()),
        runbook=notice.kind if notice.kind in RUNBOOKS else "",
    )


def _fits(view: NoticeView, asked: AlertsAsked) -> bool:
    is_seen = view.acknowledged_by is not None
    wanted = {"": True, "open": not is_seen, "acknowledged": is_seen}
    detected = {"": True, "true": view.is_detected, "false": not view.is_detected}
    text = f"{view.id} {view.about} {view.title} {view.category} {view.words}".lower()
    return (
        asked.kind in {"", view.kind}
        and asked.level in {"", view.level}
        and view.severity >= asked.severity_min
        and wanted.get(asked.state, False)
        and detected.get(asked.detected, False)
        and asked.query.lower() in text
    )


def _rank(view: NoticeView) -> tuple[Decimal, int]:
    return (_number(view.score) or Decimal(-1), view.event_us)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _days(age: Duration | None) -> int | None:
    return None if age is None else age // DAY
