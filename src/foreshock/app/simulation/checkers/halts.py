"""Does anything that adds risk leave after a halt is on the disk? I5.

The disk decides when a halt begins and ends, not the process: it may crash, restart, read its
configuration again or have a twin.
"""

from collections.abc import Iterable, Iterator, Mapping

from foreshock.app.simulation.checkers.records import DiskReader
from foreshock.app.simulation.checkers.trace import JOURNAL_SUFFIX, Trace
from foreshock.app.simulation.observed import (
    Durable,
    Hearing,
    Said,
    Sent,
    Violation,
)
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.decisions import Halted, Resumed
from foreshock.core.domain.messages.trading import FillReverted, OrderFilled, PlaceOrder

EVERYWHERE = "all"
DUST_MAX = 10_000
"""A hundredth of a contract: what rounding at a venue may leave of a leg."""


class HaltIsTotal:
    """I5: from the halt's record to a resumption's record nothing that adds risk leaves.

    An order adds risk when it says so, and also when it buys more of a leg than the desk knew the
    fullest leg of its package to hold.
    """

    invariant = "I5"

    def __init__(self, trace: Trace, disk: DiskReader) -> None:
        self._trace = trace
        self._disk = disk
        self._halted: dict[str, Halted] = {}
        self._known: dict[tuple[str, MarketId, Outcome], int] = {}
        self._fills: dict[tuple[str, str], tuple[tuple[str, MarketId, Outcome], int]] = {}
        self._adding: set[str] = set()

    def hearings(self) -> Mapping[type, Hearing]:
        return {
            Durable: self._keep,
            PlaceOrder: self._weigh,
            OrderFilled: self._fill,
            FillReverted: self._revert,
            Sent: self._judge,
        }

    def _keep(self, durable: Durable) -> Iterable[Violation]:
        if durable.name.endswith(JOURNAL_SUFFIX):
            for message in self._disk.read(durable):
                match message:
                    case Halted():
                        self._halted.setdefault(message.scope, message)
                    case Resumed():
                        self._halted.pop(message.scope, None)
                    case _:
                        pass
        return ()

    def _weigh(self, said: Said) -> Iterator[Violation]:
        """Judged by what the desk knew when it decided; what passes halts must reduce risk."""
        placed = said.message
        if not isinstance(placed, PlaceOrder):
            return
        request = self._trace.packages.get(placed.package_id)
        legs = () if request is None else request.edge.legs
        held = [self._known.get((placed.package_id, leg.market, leg.outcome), 0) for leg in legs]
        mine = self._known.get((placed.package_id, placed.market, placed.outcome), 0)
        room = max(held, default=0) - mine if placed.action == "buy" else mine
        if placed.purpose == "enter" or placed.quantity > room + DUST_MAX:
            self._adding.add(placed.order_id)
        if placed.purpose != "enter" and placed.quantity > room + DUST_MAX:
            words = f"{placed.order_id} is to {placed.purpose} {placed.quantity}, room is {room}"
            yield Violation(said.at_us, self.invariant, words)

    def _fill(self, said: Said) -> Iterable[Violation]:
        fill = said.message
        if isinstance(fill, OrderFilled) and fill.order_id in self._trace.placed:
            key = (fill.order_id, fill.fill_id)
            placed = self._trace.placed[fill.order_id]
            sign = 1 if placed.action == "buy" else -1
            if key not in self._fills:
                self._fills[key] = (self._trace.leg_of(fill.order_id), sign * fill.quantity)
                self._add(key, 1)
        return ()

    def _revert(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, FillReverted):
            self._add((said.message.order_id, said.message.fill_id), -1)
        return ()

    def _add(self, key: tuple[str, str], sign: int) -> None:
        if key in self._fills:
            leg, count = self._fills[key]
            self._known[leg] = self._known.get(leg, 0) + sign * count

    def _judge(self, sent: Sent) -> Iterator[Violation]:
        is_order = sent.kind == "place" and sent.order_id in self._adding
        if not is_order and sent.kind != "settle":
            return
        for scope in (EVERYWHERE, sent.venue):
            if scope in self._halted:
                halt = self._halted[scope]
                what = sent.order_id or f"a transaction to {sent.path}"
                words = f"{what} left though {halt.by} halted {scope}: {halt.reason}"
                yield Violation(sent.at_us, self.invariant, words)
