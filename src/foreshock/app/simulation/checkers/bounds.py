"""Does anything go on without end? I10: sends, rejects, and the way back to rest are bounded."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from foreshock.app.simulation.checkers.rules import Rules, rules_of
from foreshock.app.simulation.checkers.trace import Trace
from foreshock.app.simulation.observed import (
    Hearing,
    PhaseBegan,
    ProcessStarted,
    Said,
    Sent,
    Violation,
)
from foreshock.core.domain.messages.decisions import IncidentOpened, PackageOpened, Resumed
from foreshock.core.domain.messages.operations import DeskStarted, ResumeRequested
from foreshock.core.domain.messages.trading import OrderAccepted, OrderFilled, OrderRejected
from foreshock.core.domain.units import SECOND, Instant

INTENT_SENDS_MAX = 60
"""Thirty orders of a package, each sent again at most once."""
REQUESTS_PER_MINUTE_MAX = 1_200
"""Of any kind to one venue: what its slowest documented budget would allow."""
MINUTE_US = 60 * SECOND
HEALING_US_MAX = 900 * SECOND


class BoundedWork:
    """I10: each intent, each minute and the healing have an end."""

    invariant = "I10"

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._rules: Rules | None = None
        self._sends: dict[str, int] = {}
        self._minutes: dict[tuple[str, str], deque[Instant]] = {}
        self._runs: dict[str, tuple[str, int]] = {}
        self._opened: dict[str, int] = {}
        self._told: set[str] = set()
        self._process = 0
        self._heal_us: Instant | None = None

    def hearings(self) -> Mapping[type, Hearing]:
        return {
            ProcessStarted: self._begin,
            DeskStarted: self._start,
            Sent: self._send,
            OrderRejected: self._reject,
            OrderAccepted: self._take,
            OrderFilled: self._take,
            Resumed: self._resume,
            ResumeRequested: self._resume,
            PackageOpened: self._open,
            IncidentOpened: self._tell,
            PhaseBegan: self._enter,
        }

    def _begin(self, started: ProcessStarted) -> Iterable[Violation]:
        self._process = started.process
        self._runs = {}
        return ()

    def _start(self, said: Said) -> Iterable[Violation]:
        self._rules = rules_of(said)
        return ()

    def _send(self, sent: Sent) -> Iterator[Violation]:
        if self._rules is None:
            return
        yield from self._judge_minute(sent, "request", REQUESTS_PER_MINUTE_MAX)
        placed = self._trace.placed.get(sent.order_id)
        if sent.kind != "place" or placed is None:
            return
        count = self._sends[placed.package_id] = self._sends.get(placed.package_id, 0) + 1
        if count > INTENT_SENDS_MAX:
            yield self._wrong(sent.at_us, f"{placed.package_id} was sent {count} times")
        orders_max = self._rules.gate.orders_per_minute_max
        if placed.purpose == "enter":
            yield from self._judge_minute(sent, "entry", orders_max)
            reason, run = self._runs.get(sent.venue, ("", 0))
            if run >= self._rules.limits.identical_rejects_max:
                yield self._wrong(sent.at_us, f"{sent.order_id} left after {run} x {reason!r}")
        yield from self._judge_minute(sent, "order", 2 * orders_max)

    def _judge_minute(self, sent: Sent, what: str, count_max: int) -> Iterator[Violation]:
        recent = self._minutes.setdefault((sent.venue, what), deque())
        while recent and sent.at_us - recent[0] >= MINUTE_US:
            recent.popleft()
        recent.append(sent.at_us)
        if len(recent) > count_max:
            yield self._wrong(sent.at_us, f"{len(recent)} x {what} a minute to {sent.venue}")

    def _reject(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, OrderRejected):
            venue = self._venue_of(said.message.order_id)
            reason, run = self._runs.get(venue, ("", 0))
            again = reason == said.message.reason
            self._runs[venue] = (said.message.reason, run + 1 if again else 1)
        return ()

    def _take(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, OrderAccepted | OrderFilled):
            self._runs.pop(self._venue_of(said.message.order_id), None)
        return ()

    def _resume(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, Resumed | ResumeRequested):
            scopes = list(self._runs) if said.message.scope == "all" else [said.message.scope]
            for scope in scopes:
                self._runs.pop(scope, None)
        return ()

    def _open(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, PackageOpened):
            self._opened[said.message.package_id] = said.process
        return ()

    def _tell(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, IncidentOpened):
            self._told.add(said.message.about)
        return ()

    def _enter(self, began: PhaseBegan) -> Iterator[Violation]:
        if began.phase == "heal":
            self._heal_us = began.at_us
        if began.phase != "rest":
            return
        if self._heal_us is not None and began.at_us - self._heal_us > HEALING_US_MAX:
            yield self._wrong(began.at_us, f"healing took {began.at_us - self._heal_us} us")
        for name, process in sorted(self._opened.items()):
            is_over = name in self._trace.closed or name in self._told
            if not is_over and process == self._process:
                yield self._wrong(began.at_us, f"{name} neither ended nor stands in an incident")

    def _venue_of(self, order_id: str) -> str:
        placed = self._trace.placed.get(order_id)
        return "" if placed is None else placed.market.partition(":")[0]

    def _wrong(self, at_us: Instant, words: str) -> Violation:
        return Violation(at_us, self.invariant, words)
