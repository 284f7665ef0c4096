"""Is more at stake than any limit allows, whatever happens in between? I7.

Counted at its worst, from what the exchanges filled and what the guardian approved:

    open package     what it asked for at its limits, or what it truly spent where that is more
    closed package   what it truly still holds, at cost
    external         what the desk says others hold
    merged           sets that went back for a dollar each, beyond those that were split, are gone
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from foreshock.app.simulation.checkers.rules import Rules, rules_of
from foreshock.app.simulation.checkers.trace import LegTruth, Trace
from foreshock.app.simulation.observed import Hearing, Said, Sent, TrueFill, Violation
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.account import ExternalHeld
from foreshock.core.domain.messages.conversions import ConversionClosed
from foreshock.core.domain.messages.decisions import (
    LimitsMeasured,
    PackageClosed,
    TradeApproved,
)
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.positions import USD
from foreshock.core.domain.units import MICRO, Instant

DUST_MAX = 10_000
UNBOUNDED = 10**15
"""What a package of a run that nobody watched may have reserved."""
EXPOSURE_CODES = ("MARKET_LIMIT", "PLATFORM_LIMIT", "PORTFOLIO_LIMIT", "PACKAGES_OPEN_MAX")
Amounts: TypeAlias = dict[MarketId, int]


class WithinLimits:
    """I7: every exposure limit holds at every step; none loosens without a record."""

    invariant = "I7"

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._rules: Rules | None = None
        self._open: dict[str, int] = {}
        self._closed: dict[str, None] = {}
        self._left: tuple[dict[str, int], dict[str, None]] = ({}, {})
        self._external: dict[tuple[MarketId, Outcome], int] = {}
        self._ceilings: dict[tuple[str, str], int] = {}
        self._merged: Amounts = {}

    def hearings(self) -> Mapping[type, Hearing]:
        return {
            DeskStarted: self._start,
            DeskRestored: self._recall,
            TradeApproved: self._approve,
            PackageClosed: self._close,
            ExternalHeld: self._note_external,
            ConversionClosed: self._convert,
            LimitsMeasured: self._compare,
            Sent: self._send,
            TrueFill: self._fill,
        }

    def _start(self, said: Said) -> Iterable[Violation]:
        """What an earlier process had approved and never closed is external to this one."""
        self._rules = rules_of(said)
        self._left = (self._open, self._closed)
        self._open, self._closed, self._external = {}, {}, {}
        self._ceilings = {}
        return ()

    def _recall(self, said: Said) -> Iterable[Violation]:
        """What an earlier process left is held or open again, not external: if its books are."""
        if isinstance(said.message, DeskRestored):
            memory, (before, closed) = said.message.memory, self._left
            names = [request.id for request in memory.packages]
            if names or any(balance.asset != USD for balance in memory.ledger.balances):
                over = (name for name in before if name not in names)
                self._closed = {**closed, **dict.fromkeys(over)}
            self._open = {name: before.get(name, UNBOUNDED) for name in names}
        return ()

    def _approve(self, said: Said) -> Iterator[Violation]:
        if not isinstance(said.message, TradeApproved):
            return
        self._open[said.message.request.id] = said.message.reserved
        yield from self._judge(said.at_us, f"approving {said.message.request.id}")

    def _close(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, PackageClosed):
            name = said.message.package_id
            if self._open.pop(name, None) is not None:
                self._closed[name] = None
        return ()

    def _note_external(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, ExternalHeld):
            self._external[said.message.market, said.message.outcome] = said.message.worth
        return ()

    def _convert(self, said: Said) -> Iterable[Violation]:
        closed = said.message
        if isinstance(closed, ConversionClosed) and closed.outcome == "confirmed":
            sign = {"merge": 1, "split": -1, "redeem": 0}[closed.kind]
            market = closed.market
            self._merged[market] = self._merged.get(market, 0) + sign * closed.ours
        return ()

    def _compare(self, said: Said) -> Iterator[Violation]:
        """The ceilings that the desk says it has only fall; a resumption by a person may raise."""
        if not isinstance(said.message, LimitsMeasured):
            return
        for use in said.message.uses:
            key = (use.code, use.scope)
            if use.code in EXPOSURE_CODES:
                before = self._ceilings.setdefault(key, use.limit)
                if use.limit > before:
                    words = f"{key} rose from {before} to {use.limit}"
                    yield Violation(said.at_us, self.invariant, words)

    def _send(self, sent: Sent) -> Iterator[Violation]:
        """Whatever is under way may all trade: not even then does a leg hold more than asked."""
        placed = self._trace.placed.get(sent.order_id)
        request = None if placed is None else self._trace.packages.get(placed.package_id)
        if sent.kind != "place" or placed is None or request is None or placed.action != "buy":
            return
        leg = self._trace.leg_of(sent.order_id)
        under_way = {
            flown.order_id: flown.quantity or 0
            for flown in self._trace.flying.values()
            if flown.order_id in self._trace.placed and self._trace.leg_of(flown.order_id) == leg
        }
        worst = self._trace.truth(leg).held + sum(under_way.values())
        if worst > request.edge.quantity + DUST_MAX:
            words = f"{leg} may come to hold {worst}, asked for were {request.edge.quantity}"
            yield Violation(sent.at_us, self.invariant, words)

    def _fill(self, fill: TrueFill) -> Iterator[Violation]:
        order_id = self._trace.owner((fill.venue, fill.venue_order_id))
        placed = None if order_id is None else self._trace.placed.get(order_id)
        if placed is None or fill.status == "reverted":
            return
        reserved = self._open.get(placed.package_id)
        if reserved is not None:
            spent = sum(truth.cost for _, truth in self._legs(placed.package_id))
            if spent > reserved:
                words = f"{placed.package_id} spent {spent} of {reserved} reserved"
                yield Violation(fill.at_us, self.invariant, words)
        yield from self._judge(fill.at_us, f"filling {order_id}")

    # ---- the sums ----------------------------------------------------------------------------

    def _judge(self, at_us: Instant, words: str) -> Iterator[Violation]:
        if self._rules is None:
            return
        limits, amounts = self._rules.limits, self._committed()
        venues: dict[str, int] = {}
        for market, amount in amounts.items():
            venue = market.partition(":")[0]
            venues[venue] = venues.get(venue, 0) + amount
        sums: list[tuple[str, int, int]] = [
            *((market, amount, limits.market_max) for market, amount in amounts.items()),
            *((venue, amount, limits.platform_max) for venue, amount in venues.items()),
            ("the portfolio", sum(amounts.values()), limits.portfolio_max),
            ("packages", len(self._open), limits.packages_open_max),
        ]
        for what, amount, limit in sums:
            if amount > limit:
                yield Violation(at_us, self.invariant, f"{words}: {what} {amount} of {limit}")

    def _committed(self) -> Amounts:
        amounts: Amounts = {}
        for name in self._open:
            request = self._trace.packages.get(name)
            if request is None:
                continue
            for leg in request.edge.legs:
                asked = -(leg.limit * leg.quantity // -MICRO) + leg.fee
                truth = self._trace.truth((name, leg.market, leg.outcome))
                worst = max(asked, basis(truth))
                amounts[leg.market] = amounts.get(leg.market, 0) + worst
        for name in self._closed:
            for market, truth in self._legs(name):
                if market not in self._trace.payouts:
                    amounts[market] = amounts.get(market, 0) + basis(truth)
        for (market, _), worth in self._external.items():
            amounts[market] = amounts.get(market, 0) + worth
        return {m: max(0, amount - self._turned_back(m)) for m, amount in amounts.items()}

    def _turned_back(self, market: MarketId) -> int:
        """Dollars that merges brought beyond what splits took."""
        return max(0, self._merged.get(market, 0))

    def _legs(self, package_id: str) -> list[tuple[MarketId, LegTruth]]:
        legs = self._trace.packages[package_id].edge.legs
        return [
            (leg.market, self._trace.truth((package_id, leg.market, leg.outcome))) for leg in legs
        ]


def basis(truth: LegTruth) -> int:
    """What the contracts still held cost, at the average price, fees apart; rounded down."""
    return truth.cost * max(0, truth.held) // truth.bought if truth.bought else 0
