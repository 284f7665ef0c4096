"""Which channel tells what, and when? Notices in, `Notify` out; nobody who trades waits for it.

alert or event -> known? -> log -> told lately? -> group -> threshold and budget of each channel
                                                        -> urgent: repeated until acknowledged
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from foreshock.core.alerting.daily import DayBook, until_midnight
from foreshock.core.alerting.escalation import Escalation, reminder_of
from foreshock.core.alerting.events import (
    EVENTS,
    Happening,
    alert_notice,
    happening_of,
    notice_of,
)
from foreshock.core.alerting.explanations import Explanations
from foreshock.core.alerting.grouping import Budget, Cooldowns, Group, Remembered, digest_of
from foreshock.core.alerting.subjects import Subjects
from foreshock.core.alerting.thresholds import Thresholds
from foreshock.core.alerting.tiers import AT_ONCE_MIN, SinkRule, wants
from foreshock.core.domain.messages.alerting import (
    NoticeTestRequested,
    NotifierLost,
    Notify,
    ObservationReceived,
)
from foreshock.core.domain.messages.decisions import (
    LimitsMeasured,
    PackageClosed,
    PackageOpened,
    Resumed,
)
from foreshock.core.domain.messages.market_data import (
    ConnectionFailed,
    ConnectionOpened,
    MarketListed,
)
from foreshock.core.domain.messages.operations import DeskStarted, DeskStopped
from foreshock.core.domain.messages.risk import VenueHealthChanged
from foreshock.core.domain.messages.signals import (
    AlertAcknowledged,
    AlertExplained,
    AlertRaised,
    NewsSeen,
)
from foreshock.core.domain.messages.trading import OrderFilled, PlaceOrder, SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.notices import Kind, Notice, Sink
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant

Answers = Iterable[Message]
GROUP_TIMER, SUMMARY_TIMER = "alerts:group:", "alerts:summary:"
REPEAT_TIMER, DAY_TIMER = "alerts:repeat", "alerts:day"
HELD_BACK = (
    "Discord is set to analyst-signals-only, and there is no analyst yet: detectors' alerts are "
    "held back there; they stand in the log and on the dashboard."
)


class AlertSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants what, and how patient the desk is. tells_trades: fills and packages, too.

    tells_explanations: a second message where an alert that was told is explained later.
    group_max: more of one kind within group_wait become one digest. urgent_max: of a storm of
    urgent ones so many are told singly.
    """

    sinks: tuple[SinkRule, ...] = ()
    is_simulated: bool = False
    tells_trades: bool = False
    tells_explanations: bool = False
    group_wait: Duration = Duration(10 * SECOND)
    group_max: int = 4
    urgent_max: int = 3
    cooldown: Duration = Duration(300 * SECOND)


class AlertRouter:
    """Tells people what they must know, through the channels that are set up."""

    name = "alert-router"

    def __init__(self, settings: AlertSettings) -> None:
        self._settings = settings
        self._subjects = Subjects()
        self._well: set[str] = set()
        self._seen = Remembered()
        self._cooldowns = Cooldowns(settings.cooldown)
        self._groups: dict[str, Group] = {}
        self._budgets = {rule.sink: Budget(rule.hourly_max) for rule in settings.sinks}
        self._summaries: dict[Sink, Group] = {}
        self._escalation = Escalation()
        self._thresholds = Thresholds()
        self._explanations = Explanations()
        self._day = DayBook()
        self._handlers = self._routes()
        self.hears = frozenset(self._handlers)

    def handle(self, message: Message, now_us: Instant) -> Answers:
        """Answer a message."""
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    def _routes(self) -> dict[type[Message], Callable[[Any, Instant], Answers]]:
        return {
            **dict.fromkeys(EVENTS, self._happened),
            AlertRaised: self._raised,
            AlertAcknowledged: self._acknowledged,
            AlertExplained: self._explained,
            NewsSeen: self._see_news,
            MarketListed: self._list_market,
            ObservationReceived: self._note_observed,
            ConnectionFailed: self._connection_failed,
            ConnectionOpened: self._connection_opened,
            LimitsMeasured: self._limits_measured,
            PackageClosed: self._package_closed,
            Resumed: self._resumed,
            NotifierLost: self._notifier_lost,
            NoticeTestRequested: self._test,
            DeskStarted: self._started,
            VenueHealthChanged: self._health,
            DeskStopped: self._stopped,
            PlaceOrder: self._place_order,
            PackageOpened: self._open_package,
            OrderFilled: self._filled,
            TimerFired: self._timer,
        }

    # ---- what is heard -----------------------------------------------------------------------

    def _list_market(self, listed: MarketListed, now_us: Instant) -> Answers:
        self._subjects.list_market(listed.market)
        return ()

    def _note_observed(self, observed: ObservationReceived, now_us: Instant) -> Answers:
        self._subjects.observe(observed.market, observed.title)
        return ()

    def _open_package(self, opened: PackageOpened, now_us: Instant) -> Answers:
        self._subjects.open_package(opened)
        return ()

    def _place_order(self, placed: PlaceOrder, now_us: Instant) -> Answers:
        self._subjects.place_order(placed)
        return ()

    def _raised(self, raised: AlertRaised, now_us: Instant) -> Answers:
        place = self._subjects.place(raised.alert.market)
        simulated = self._settings.is_simulated
        return self._tell(alert_notice(raised.alert, place, is_simulated=simulated), now_us)

    def _happened(self, message: Message, now_us: Instant) -> Answers:
        happening = happening_of(message, now_us)
        return () if happening is None else self._each((happening,), now_us)

    def _each(self, happenings: Iterable[Happening], now_us: Instant) -> Iterator[Message]:
        for happening in happenings:
            yield from self._tell(self._notice(happening, now_us), now_us)

    def _notice(self, happening: Happening, now_us: Instant) -> Notice:
        notice = notice_of(happening, now_us, is_simulated=self._settings.is_simulated)
        if notice.kind == "package":
            notice = self._subjects.of_package(notice)
        if self._settings.tells_trades and notice.kind in {"fill", "package"}:
            return msgspec.structs.replace(notice, is_told=True)
        return notice

    def _filled(self, filled: OrderFilled, now_us: Instant) -> Iterator[Message]:
        happening = happening_of(filled, now_us)
        if happening is not None:
            notice = self._subjects.of_fill(self._notice(happening, now_us))
            yield from self._tell(notice, now_us)

    def _package_closed(self, closed: PackageClosed, now_us: Instant) -> Answers:
        self._day.close(closed)
        return self._happened(closed, now_us)

    def _connection_failed(self, failed: ConnectionFailed, now_us: Instant) -> Answers:
        return self._each(self._thresholds.connection_failed(failed, now_us), now_us)

    def _limits_measured(self, measured: LimitsMeasured, now_us: Instant) -> Answers:
        return self._each(self._thresholds.limits_measured(measured, now_us), now_us)

    def _connection_opened(self, opened: ConnectionOpened, now_us: Instant) -> Answers:
        self._over("venue", opened.venue)
        return self._each(self._thresholds.connection_opened(opened, now_us), now_us)

    def _health(self, changed: VenueHealthChanged, now_us: Instant) -> Answers:
        """Every start begins without a word from the venues: only what was well can fall ill."""
        was_well = changed.venue in self._well
        if changed.health == "active":
            self._well.add(changed.venue)
            self._over("venue", changed.venue)
        return self._happened(changed, now_us) if was_well else ()

    def _resumed(self, resumed: Resumed, now_us: Instant) -> Answers:
        self._over("halt", resumed.scope)
        return self._happened(resumed, now_us)

    def _over(self, kind: Kind, about: str) -> None:
        """A state has ended: its next beginning is news, and nobody needs to acknowledge it."""
        self._cooldowns.forget(kind, about)
        self._escalation.end_about(kind, about)

    def _notifier_lost(self, lost: NotifierLost, now_us: Instant) -> Iterator[Message]:
        """Told by every channel but the one that is lost."""
        happening = happening_of(lost, now_us)
        if happening is not None:
            notice = self._notice(happening, now_us)
            yield from self._log(notice)
            yield from self._by(notice, [s for s in self._channels() if s != lost.sink], now_us)

    def _acknowledged(self, seen: AlertAcknowledged, now_us: Instant) -> Answers:
        self._escalation.end(seen.alert_id)
        return ()

    def _see_news(self, news: NewsSeen, now_us: Instant) -> Answers:
        self._explanations.see(news)
        return ()

    def _explained(self, explained: AlertExplained, now_us: Instant) -> Iterator[Message]:
        """A second message to Discord, where the first one was told."""
        notice = self._explanations.notice_of(explained, now_us)
        if self._settings.tells_explanations and notice is not None:
            yield from self._by(notice, ["discord"], now_us)

    def _test(self, asked: NoticeTestRequested, now_us: Instant) -> Iterator[Message]:
        happening = Happening(
            kind="test",
            case="asked",
            key=asked.request_id,
            about="desk",
            subject="a test notice",
            words=f"{asked.by} asked for this test: the channel works when you read it.",
        )
        notice = self._notice(happening, now_us)
        named: list[Sink] = [rule.sink for rule in self._settings.sinks]
        for sink in named:
            if asked.sink in {None, sink}:
                yield _notify(sink, notice)

    def _started(self, started: DeskStarted, now_us: Instant) -> Iterator[Message]:
        yield from self._happened(started, now_us)
        yield SetTimer(DAY_TIMER, until_midnight(now_us))
        if any(not rule.hears_detectors for rule in self._settings.sinks):
            happening = Happening(
                kind="desk",
                case="held back",
                key=f"held back:{now_us}",
                about="discord",
                subject="Discord hears no detector",
                words=HELD_BACK,
            )
            yield from self._each((happening,), now_us)

    def _stopped(self, stopped: DeskStopped, now_us: Instant) -> Iterator[Message]:
        """Nothing waits for its kin any more."""
        yield from self._happened(stopped, now_us)
        for name in [*self._groups]:
            yield from self._end_group(name, now_us)

    def _timer(self, fired: TimerFired, now_us: Instant) -> Answers:
        timer_id = fired.timer_id
        if timer_id == DAY_TIMER:
            return self._end_day(now_us)
        if timer_id == REPEAT_TIMER:
            return self._repeat(now_us)
        if timer_id.startswith(GROUP_TIMER):
            return self._end_group(timer_id.removeprefix(GROUP_TIMER), now_us)
        if timer_id.startswith(SUMMARY_TIMER):
            return self._summarise(timer_id.removeprefix(SUMMARY_TIMER), now_us)
        return ()

    def _end_day(self, now_us: Instant) -> Iterator[Message]:
        yield SetTimer(DAY_TIMER, until_midnight(now_us))
        yield from self._each((self._day.end(now_us),), now_us)

    # ---- from a notice to channels -----------------------------------------------------------

    def _tell(self, notice: Notice, now_us: Instant) -> Iterator[Message]:
        """Log what is new; let channels hear of it now, or together with its kin."""
        if not self._seen.is_new(notice.notice_id):
            return
        yield from self._log(notice)
        if not notice.is_told:
            return
        admitted = self._cooldowns.admit(notice, now_us)
        if admitted is None:
            return
        self._explanations.tell(admitted)
        group = self._groups.get(admitted.kind)
        if group is None:
            group = self._groups[admitted.kind] = Group()
            yield SetTimer(f"{GROUP_TIMER}{admitted.kind}", self._settings.group_wait)
        if admitted.severity >= AT_ONCE_MIN and group.urgent_count < self._settings.urgent_max:
            group.urgent_count += 1
            yield from self._urgent(admitted, now_us)
        else:
            group.add(admitted)

    def _log(self, notice: Notice) -> Iterator[Message]:
        """The file has everything, each on a line of its own, at once."""
        self._day.count(notice)
        if any(rule.sink == "file" for rule in self._settings.sinks):
            yield _notify("file", notice)

    def _urgent(self, notice: Notice, now_us: Instant) -> Iterator[Message]:
        yield from self._by(notice, self._channels(), now_us)
        self._escalation.begin(notice, now_us)
        yield from self._set_repeat(now_us)

    def _end_group(self, name: str, now_us: Instant) -> Iterator[Message]:
        """What waited is told: one by one when it is little, else as one digest a channel."""
        group = self._groups.pop(name, None)
        if group is None:
            return
        for rule in self._rules():
            wanted = [notice for notice in group.waiting if _wants(rule, notice)]
            if len(wanted) > self._settings.group_max:
                why = f"many at once of {name}"
                yield from self._digest(rule, wanted, why, now_us, group.more_count)
            else:
                for notice in wanted:
                    yield from self._single(rule, notice, now_us)

    def _by(self, notice: Notice, sinks: Sequence[Sink], now_us: Instant) -> Iterator[Message]:
        for rule in self._rules():
            if rule.sink in sinks and _wants(rule, notice):
                yield from self._single(rule, notice, now_us)

    def _single(self, rule: SinkRule, notice: Notice, now_us: Instant) -> Iterator[Message]:
        """One message, within the channel's hourly budget; what is urgent passes any budget."""
        fits = self._budgets[rule.sink].take(now_us)
        if fits or notice.severity >= AT_ONCE_MIN:
            yield _notify(rule.sink, notice)
            return
        summary = self._summaries.get(rule.sink)
        if summary is None:
            summary = self._summaries[rule.sink] = Group()
            wait = self._budgets[rule.sink].fits_again_us(now_us) - now_us
            yield SetTimer(f"{SUMMARY_TIMER}{rule.sink}", Duration(max(SECOND, wait)))
        summary.add(notice)

    def _digest(
        self,
        rule: SinkRule,
        notices: Sequence[Notice],
        why: str,
        now_us: Instant,
        more_count: int,
    ) -> Iterator[Message]:
        yield from self._single(
            rule, digest_of(notices, rule.sink, why, now_us, more_count=more_count), now_us
        )

    def _summarise(self, name: str, now_us: Instant) -> Iterator[Message]:
        """The channel's budget has room again: what was held back comes as one."""
        rule = next((rule for rule in self._rules() if rule.sink == name), None)
        if rule is None:
            return
        summary = self._summaries.pop(rule.sink, None)
        if summary is not None and summary.waiting:
            why = f"held back, as {rule.hourly_max} messages an hour are the most on {rule.sink}"
            yield from self._digest(rule, summary.waiting, why, now_us, summary.more_count)

    def _repeat(self, now_us: Instant) -> Iterator[Message]:
        """One is said again as it was; of several only that they wait, in one message."""
        due = self._escalation.due(now_us)
        for rule in self._rules():
            wanted = [notice for notice in due if _wants(rule, notice)]
            if len(wanted) > 1:
                wanted = [reminder_of(wanted, rule.sink, now_us)]
            for notice in wanted:
                yield from self._single(rule, notice, now_us)
        yield from self._set_repeat(now_us)

    def _set_repeat(self, now_us: Instant) -> Iterator[Message]:
        next_us = self._escalation.next_us()
        if next_us is not None:
            yield SetTimer(REPEAT_TIMER, Duration(max(MICRO, next_us - now_us)))

    def _rules(self) -> list[SinkRule]:
        return [rule for rule in self._settings.sinks if rule.sink != "file"]

    def _channels(self) -> list[Sink]:
        return [rule.sink for rule in self._rules()]


def _wants(rule: SinkRule, notice: Notice) -> bool:
    return wants(rule, notice.kind, notice.severity, is_told=notice.is_told)


def _notify(sink: Sink, notice: Notice) -> Notify:
    return Notify(f"{sink}/{notice.notice_id}", sink, notice)
