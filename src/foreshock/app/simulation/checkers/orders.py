"""Is anything held without its other leg, or two orders alive for one? I1 and I2.

Both are judged by the exchange's own books and by what is still on its way to it.
"""

from collections.abc import Iterable, Iterator, Mapping

from foreshock.app.simulation.checkers.trace import Leg, Trace
from foreshock.app.simulation.observed import (
    Arrived,
    Hearing,
    Lost,
    PhaseBegan,
    Said,
    Sent,
    TrueFill,
    TrueOrder,
    Violation,
)
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import IncidentOpened
from foreshock.core.domain.units import Instant, format_micros

DUST_MAX = 10_000
"""A hundredth of a contract: what rounding at a venue may leave of a leg."""


class NoSilentResidual:
    """I1: when the world is well again, what a pair holds unevenly stands in an open incident."""

    invariant = "I1"

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._incidents: dict[str, list[tuple[int, IncidentOpened]]] = {}

    def hearings(self) -> Mapping[type, Hearing]:
        return {IncidentOpened: self._note, PhaseBegan: self._judge}

    def _note(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, IncidentOpened):
            about = self._incidents.setdefault(said.message.about, [])
            about.append((said.process, said.message))
        return ()

    def _judge(self, began: PhaseBegan) -> Iterator[Violation]:
        if began.phase != "rest":
            return
        for package_id in self._trace.packages:
            parts = self._excess(package_id)
            is_told = self._is_told(package_id, [*parts.values()])
            if not is_told and not all(self._is_inherited(package_id, m) for m in parts):
                held = ", ".join(parts.values())
                words = f"{package_id} holds {held} unhedged and no incident says so"
                yield Violation(began.at_us, self.invariant, words)

    def _excess(self, package_id: str) -> dict[MarketId, str]:
        """What each leg truly holds beyond the leg that holds least, in words of an incident."""
        legs = self._trace.packages[package_id].edge.legs
        if all(leg.market in self._trace.payouts for leg in legs):
            return {}
        held = [self._trace.truth((package_id, leg.market, leg.outcome)).held for leg in legs]
        least = min(held)
        return {
            leg.market: f"{format_micros(count - least)} {leg.outcome} of {leg.market}"
            for leg, count in zip(legs, held, strict=True)
            if count > least
        }

    def _is_told(self, package_id: str, parts: list[str]) -> bool:
        """The last word counts; a later process says which packages it found open instead."""
        told = self._incidents.get(package_id, [])
        by_others = [m for p, m in told if p != self._trace.approved_by[package_id]]
        residuals = [m for _, m in told if "/residual/" in m.id]
        exact = bool(residuals) and all(part in residuals[-1].words for part in parts)
        return exact or bool(by_others)

    def _is_inherited(self, package_id: str, market: MarketId) -> bool:
        """Another computer's desk, which knows no package, says that it did not buy this."""
        told = self._incidents.get(market, [])
        by_others = (m for p, m in told if p != self._trace.approved_by[package_id])
        return any("/inherited/" in incident.id for incident in by_others)


class OneLiveOrder:
    """I2: at most one order of a leg can still trade, and never more is bought than asked for."""

    invariant = "I2"

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._flying: dict[int, tuple[Leg, str]] = {}
        self._alive: dict[Leg, dict[str, int]] = {}
        self._names: dict[str, str] = {}
        self._resting: dict[tuple[str, str], tuple[Leg, str]] = {}

    def hearings(self) -> Mapping[type, Hearing]:
        return {
            Sent: self._send,
            Arrived: self._land,
            Lost: self._land,
            TrueOrder: self._see,
            TrueFill: self._fill,
        }

    def _send(self, sent: Sent) -> Iterator[Violation]:
        if sent.kind != "place" or sent.order_id not in self._trace.placed:
            return
        leg = self._trace.leg_of(sent.order_id)
        name = sent.keys[0] if sent.keys else f"#{sent.number}"
        self._names.update(dict.fromkeys(sent.keys, name))
        self._flying[sent.number] = (leg, name)
        self._count(leg, name, 1)
        yield from self._judge(leg, sent.at_us)

    def _land(self, landed: Arrived | Lost) -> Iterable[Violation]:
        flown = self._flying.pop(landed.number, None)
        if flown is not None:
            self._count(*flown, -1)
        return ()

    def _see(self, order: TrueOrder) -> Iterator[Violation]:
        order_id = self._trace.owner((order.venue, order.venue_order_id))
        if order_id is None or order_id not in self._trace.placed:
            return
        true_id = (order.venue, order.venue_order_id)
        before = self._resting.pop(true_id, None)
        if before is not None:
            self._count(*before, -1)
        if order.can_trade:
            leg = self._trace.leg_of(order_id)
            keys = (order.venue_order_id, *order.keys)
            name = next((self._names[key] for key in keys if key in self._names), true_id[1])
            self._resting[true_id] = (leg, name)
            self._count(leg, name, 1)
            yield from self._judge(leg, order.at_us)

    def _fill(self, fill: TrueFill) -> Iterator[Violation]:
        order_id = self._trace.owner((fill.venue, fill.venue_order_id))
        if order_id is None or order_id not in self._trace.placed:
            return
        leg = self._trace.leg_of(order_id)
        request = self._trace.packages.get(leg[0])
        held = self._trace.truth(leg).held
        if request is not None and not 0 <= held <= request.edge.quantity + DUST_MAX:
            words = f"{leg} holds {held}, the package is of {request.edge.quantity}"
            yield Violation(fill.at_us, self.invariant, words)

    def _count(self, leg: Leg, name: str, by: int) -> None:
        alive = self._alive.setdefault(leg, {})
        count = alive.get(name, 0) + by
        if count:
            alive[name] = count
        else:
            alive.pop(name, None)

    def _judge(self, leg: Leg, at_us: Instant) -> Iterator[Violation]:
        alive = self._alive.get(leg, {})
        if len(alive) > 1:
            yield Violation(at_us, self.invariant, f"{leg}: {sorted(alive)} can all trade")
