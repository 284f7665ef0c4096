"""Did the runs get where it hurts? Counts of rare states: a run without them proves nothing."""

from collections.abc import Iterable, Mapping

from foreshock.app.simulation.checkers.conversions import ConvertedOnce
from foreshock.app.simulation.checkers.trace import Trace
from foreshock.app.simulation.observed import (
    Answered,
    FaultHappened,
    Hearing,
    ProcessEnded,
    ProcessStarted,
    Said,
    Sent,
    TrueFill,
    TrueOrder,
    TruePayout,
    Violation,
)
from foreshock.core.domain.messages.account import ExternalHeld, VenueConditionTold
from foreshock.core.domain.messages.conversions import ConversionClosed
from foreshock.core.domain.messages.decisions import (
    Halted,
    IncidentOpened,
    PackageClosed,
    TradeRefused,
)
from foreshock.core.domain.messages.market_data import BookLost, FeedGapped
from foreshock.core.domain.messages.trading import (
    OrderRejected,
    OrderUnknown,
    SendRefused,
)

SOMETIMES = (
    "package hedged",
    "package missed",
    "package unwound",
    "package residual",
    "partial fill",
    "unknown order",
    "revert",
    "revert after the hedge",
    "order refused by the gate",
    "order rejected",
    "order resent",
    "answer given up",
    "gap",
    "book lost",
    "venue condition",
    "halt",
    "halt in flight",
    "crash in a package",
    "restart",
    "incident",
    "request refused",
    "something external",
    "market paid out",
    "conversion",
    "conversion taken over",
    "conversion under way at a crash",
)
"""Every one must be reached at least once in a thousand seeds."""
NOT_BUILT = {
    "bus redelivery": "the desk has no message bus: agents share one process",
    "equity leg": "no broker is built, so no equity order can be sent",
    "poison message": "without a bus there is no redelivery and no dead letter",
}
"""What a row or an invariant speaks of and the desk does not have: counted, never passed."""


class Reached:
    """Counts each rare state when it begins."""

    invariant = "sometimes"

    def __init__(self, trace: Trace, converted: ConvertedOnce) -> None:
        self._trace = trace
        self._converted = converted
        self.counts: dict[str, int] = dict.fromkeys(SOMETIMES, 0)
        self.faults: dict[str, int] = {}
        self._sent: set[str] = set()
        self._partial: set[tuple[str, str]] = set()

    def hearings(self) -> Mapping[type, Hearing]:
        plain = {
            OrderUnknown: "unknown order",
            SendRefused: "order refused by the gate",
            OrderRejected: "order rejected",
            FeedGapped: "gap",
            BookLost: "book lost",
            VenueConditionTold: "venue condition",
            IncidentOpened: "incident",
            TradeRefused: "request refused",
            ExternalHeld: "something external",
            TruePayout: "market paid out",
        }
        return {
            **{kind: self._counter(name) for kind, name in plain.items()},
            PackageClosed: self._close,
            ConversionClosed: self._convert,
            Halted: self._halt,
            Sent: self._send,
            Answered: self._answer,
            TrueFill: self._fill,
            TrueOrder: self._order,
            ProcessStarted: self._start,
            ProcessEnded: self._end,
            FaultHappened: self._fault,
        }

    def missing(self) -> list[str]:
        """Rare states that were never reached."""
        return [name for name in SOMETIMES if not self.counts[name]]

    def add(self, other: "Reached") -> None:
        """Take in what another run reached."""
        for name, count in other.counts.items():
            self.counts[name] += count
        for kind, count in other.faults.items():
            self.faults[kind] = self.faults.get(kind, 0) + count

    def _counter(self, name: str) -> Hearing:
        def count(_: object) -> Iterable[Violation]:
            self.counts[name] += 1
            return ()

        return count

    def _close(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, PackageClosed):
            self.counts[f"package {said.message.outcome}"] += 1
        return ()

    def _convert(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, ConversionClosed):
            self.counts["conversion"] += said.message.outcome == "confirmed"
            self.counts["conversion taken over"] += said.message.outcome == "taken_over"
        return ()

    def _halt(self, _: Said) -> Iterable[Violation]:
        self.counts["halt"] += 1
        self.counts["halt in flight"] += bool(self._trace.flying)
        return ()

    def _send(self, sent: Sent) -> Iterable[Violation]:
        if sent.kind == "place":
            self.counts["order resent"] += sent.order_id in self._sent
            self._sent.add(sent.order_id)
        return ()

    def _answer(self, answered: Answered) -> Iterable[Violation]:
        self.counts["answer given up"] += answered.status is None
        return ()

    def _fill(self, fill: TrueFill) -> Iterable[Violation]:
        if fill.status == "reverted":
            self.counts["revert"] += 1
            order_id = self._trace.owner((fill.venue, fill.venue_order_id))
            placed = self._trace.placed.get(order_id or "")
            if placed is not None:
                legs = self._trace.legs.items()
                others = [t for leg, t in legs if leg[0] == placed.package_id]
                self.counts["revert after the hedge"] += sum(t.held > 0 for t in others) > 0
        return ()

    def _order(self, order: TrueOrder) -> Iterable[Violation]:
        key = (order.venue, order.venue_order_id)
        if 0 < order.filled < order.quantity and key not in self._partial:
            self._partial.add(key)
            self.counts["partial fill"] += 1
        return ()

    def _start(self, started: ProcessStarted) -> Iterable[Violation]:
        self.counts["restart"] += started.process > 1
        return ()

    def _end(self, ended: ProcessEnded) -> Iterable[Violation]:
        is_open = any(name not in self._trace.closed for name in self._trace.packages)
        self.counts["crash in a package"] += ended.was_killed and is_open
        is_turning = self._converted.is_under_way
        self.counts["conversion under way at a crash"] += ended.was_killed and is_turning
        return ()

    def _fault(self, fault: FaultHappened) -> Iterable[Violation]:
        self.faults[fault.kind] = self.faults.get(fault.kind, 0) + 1
        return ()
