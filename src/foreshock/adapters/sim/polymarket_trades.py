"""When does a match become a settled trade? Each lives through its statuses, on a seeded schedule.

    MATCHED -> MINED -> CONFIRMED
            -> RETRYING -> MINED -> CONFIRMED
            -> RETRYING -> FAILED            the fill is taken back

The exchange moves cash and contracts at the match; until CONFIRMED what was received is held, so
it can be neither spent nor sold, and balances are told as the chain would tell them.
"""

import heapq
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.sim import corrections
from foreshock.adapters.sim.accounts import outcome_index
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import Filled, Trade
from foreshock.adapters.sim.polymarket_wallets import Wallets
from foreshock.adapters.sim.wire_text import hex_id, uuid_of
from foreshock.core.domain.units import MICRO, SECOND, Instant

TradeStatus: TypeAlias = Literal["MATCHED", "MINED", "CONFIRMED", "RETRYING", "FAILED"]
Fate: TypeAlias = Literal["confirm", "retry", "fail"]
PLANS: dict[Fate, tuple[TradeStatus, ...]] = {
    "confirm": ("MINED", "CONFIRMED"),
    "retry": ("RETRYING", "MINED", "CONFIRMED"),
    "fail": ("RETRYING", "FAILED"),
}
STEP_S = (1.0, 4.0)
"""From one status to the next, in seconds: the chain makes a block about every two."""
SETTLEMENTS_KEPT_MAX = 10_000
"""Matches remembered; of those that are final the oldest go first."""
FINAL: frozenset[TradeStatus] = frozenset({"CONFIRMED", "FAILED"})


class Settlement:
    """One match on its way to the chain.

    fills: the parts of known wallets. bucket: place among the matches of one taker order.
    tx_hash: None before it is sent. steps: statuses to come.
    """

    __slots__ = (
        "bucket",
        "fills",
        "id",
        "matched_us",
        "number",
        "status",
        "steps",
        "trade",
        "tx_hash",
        "updated_us",
    )

    def __init__(self, trade: Trade, bucket: int, steps: Sequence[TradeStatus]) -> None:
        self.trade = trade
        self.number = trade.number
        self.id = trade_id(trade.native_id, trade.number)
        self.bucket = bucket
        self.fills: list[Filled] = []
        self.matched_us = self.updated_us = trade.event_us
        self.status: TradeStatus = "MATCHED"
        self.steps = list(steps)
        self.tx_hash: str | None = None

    def fill_of(self, account: str) -> Filled | None:
        """The part of one account."""
        return next((fill for fill in self.fills if fill.account == account), None)


class SettlementPace(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How long each step takes, in microseconds, drawn evenly between the two."""

    step_us_min: int = int(STEP_S[0] * SECOND)
    step_us_max: int = int(STEP_S[1] * SECOND)


class Settlements:
    """Every match of a known wallet. changed: called at each new status, MATCHED included."""

    def __init__(self, exchange: Exchange, wallets: Wallets, seed: int) -> None:
        self.pace = SettlementPace()
        self.fates: list[Fate] = []
        self.changed: Callable[[Settlement], None] | None = None
        self._exchange = exchange
        self._wallets = wallets
        self._rng = random.Random(seed)
        self._all: dict[int, Settlement] = {}
        self._open: dict[int, Settlement] = {}
        self._due: list[tuple[Instant, int]] = []
        self._last: Trade | None = None
        self._buckets: tuple[str, Instant, int] = ("", Instant(0), 0)

    # ---- folding the exchange's events

    def matched(self, trade: Trade) -> None:
        """A match; whether it concerns a known wallet is told by the fills that follow."""
        self._last = trade
        order, at_us, count = self._buckets
        is_same = (order, at_us) == (trade.taker_order, trade.event_us)
        self._buckets = (trade.taker_order, trade.event_us, count + 1 if is_same else 0)

    def filled(self, fill: Filled) -> None:
        """A wallet's part in the last match: hold what it received."""
        if self._wallets.get(fill.account) is None or self._last is None:
            return
        found = self._all.get(fill.trade)
        if found is None:
            fate = self.fates.pop(0) if self.fates else "confirm"
            found = Settlement(self._last, self._buckets[2], PLANS[fate])
            self._all[fill.trade] = self._open[fill.trade] = found
            self._schedule(found)
            self._forget_oldest()
        found.fills.append(fill)
        self._hold(fill, 1)

    def told(self, number: int) -> None:
        """Both sides of a match are folded: tell of it."""
        found = self._all.get(number)
        if found is not None and self.changed is not None:
            self.changed(found)

    def resolved(self, native_id: str) -> None:
        """A market was paid: what is still open there is final as it stands."""
        for found in [s for s in self._open.values() if s.trade.native_id == native_id]:
            self._become(found, "CONFIRMED", self._exchange.ledger().now_us)

    # ---- time

    def advance(self, now_us: Instant) -> None:
        """Let every status change that is due happen at its own moment."""
        while self._due and self._due[0][0] <= now_us:
            due_us, number = heapq.heappop(self._due)
            found = self._open.get(number)
            if found is not None:
                self._become(found, found.steps.pop(0), due_us)
                if found.status not in FINAL:
                    self._schedule(found)

    # ---- reading

    def of(self, account: str) -> Iterator[Settlement]:
        """Matches of an account, newest first."""
        return (found for found in reversed(self._all.values()) if found.fill_of(account))

    def unsettled_cash(self, account: str) -> int:
        """What is to be added to the exchange's cash to get what the chain still shows."""
        return -sum(fill.cash for fill in self._unsettled(account))

    def unsettled_contracts(self, account: str, native_id: str, index: int) -> int:
        """The same for contracts of one outcome."""
        return sum(
            -fill.quantity if fill.action == "buy" else fill.quantity
            for fill in self._unsettled(account)
            if fill.native_id == native_id and outcome_index(fill.outcome) == index
        )

    def shown_contracts(self, account: str, native_id: str, index: int) -> int:
        """Contracts of one outcome as the chain shows them."""
        held = 0
        for position in self._exchange.positions(account):
            if position.native_id == native_id:
                held = position.no if index else position.yes
        return held + self.unsettled_contracts(account, native_id, index)

    def count_open(self) -> int:
        """Matches that are not final."""
        return len(self._open)

    # ---- within

    def _unsettled(self, account: str) -> Iterator[Filled]:
        return (
            fill for found in self._open.values() for fill in found.fills if fill.account == account
        )

    def _forget_oldest(self) -> None:
        oldest = next(iter(self._all))
        if len(self._all) > SETTLEMENTS_KEPT_MAX and oldest not in self._open:
            del self._all[oldest]

    def _schedule(self, found: Settlement) -> None:
        step_us = self._rng.randint(
            self.pace.step_us_min, max(self.pace.step_us_min, self.pace.step_us_max)
        )
        heapq.heappush(self._due, (Instant(found.updated_us + step_us), found.number))

    def _become(self, found: Settlement, status: TradeStatus, at_us: Instant) -> None:
        found.status = status
        found.updated_us = at_us
        if found.tx_hash is None or status == "RETRYING":
            found.tx_hash = transaction_hash(found)
        if status in FINAL:
            del self._open[found.number]
            for fill in found.fills:
                self._hold(fill, -1)
                if status == "FAILED":
                    self._take_back(fill)
        if self.changed is not None:
            self.changed(found)

    def _hold(self, fill: Filled, sign: int) -> None:
        if fill.action == "sell":
            corrections.hold_cash(self._exchange, fill.account, sign * fill.cash)
            return
        index = outcome_index(fill.outcome)
        corrections.hold_contracts(
            self._exchange, fill.account, fill.native_id, index, sign * fill.quantity
        )

    def _take_back(self, fill: Filled) -> None:
        index = outcome_index(fill.outcome)
        where = (self._exchange, fill.account, fill.native_id, index)
        if fill.action == "sell":
            corrections.give(*where, (fill.quantity, fill.price * fill.quantity // MICRO))
        else:  # a person may have moved some of them by hand
            quantity = min(fill.quantity, corrections.free_contracts(*where))
            corrections.take(*where, (quantity, fill.price * quantity // MICRO))
        corrections.refund_fee(self._exchange, fill.account, fill.fee)


def trade_id(native_id: str, number: int) -> str:
    """The venue's name of a match: a UUID that follows from the match."""
    return uuid_of(f"{native_id}/{number}/trade")


def transaction_hash(found: Settlement) -> str:
    """One transaction settles all matches of a taker order; each retry sends another."""
    trade = found.trade
    attempt = "again" if found.status == "RETRYING" else "first"
    return "0x" + hex_id(f"{trade.taker_order}/{trade.event_us}/{attempt}", 64)
