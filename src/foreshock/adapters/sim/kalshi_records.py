"""What do Kalshi's reads know of a member, and how late do they know it?

Reads trail the matching engine: what happened is seen after a lag, drawn anew for each happening,
never out of order. The stream and the answers to writes are not late.
"""

import random
from collections import deque
from collections.abc import Iterable
from typing import TypeAlias

import msgspec

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import (
    ExchangeEvent,
    Filled,
    OrderState,
    OrderUpdated,
    Position,
    Resolved,
    Settlement,
)
from foreshock.adapters.sim.kalshi_members import Members
from foreshock.core.domain.units import NOTHING, Duration, Instant, Money, Quantity

ENDED_KEPT_MAX = 20_000
"""Ended orders, and fills, that reads remember of one member."""


class Snapshot(msgspec.Struct, frozen=True):
    """Everything of a member that is not a list of happenings; by shard where money is."""

    balances: dict[int, Money]
    positions: dict[int, list[Position]]
    settlements: dict[int, list[Settlement]]
    at_us: Instant


Happening: TypeAlias = OrderState | Filled | Snapshot


class Shown(msgspec.Struct):
    """What reads show of one member. orders: by id, in order of creation; fills: newest first.

    last: the newest position of every market ever traded, also after its settlement.
    """

    orders: dict[str, OrderState]
    fills: deque[Filled]
    snapshot: Snapshot
    last: dict[str, tuple[int, Position]]
    volumes: dict[str, int]


class Records:
    """The records of every member, and the lag they are read with."""

    def __init__(self, exchange: Exchange, members: Members, lag_max: Duration, seed: int) -> None:
        self.lag_max = lag_max
        self._exchange = exchange
        self.members = members
        self._rng = random.Random(seed)
        self._shown: dict[str, Shown] = {}
        self._pending: dict[str, deque[tuple[Instant, Instant, Happening]]] = {}
        self._touched: dict[str, Instant] = {}
        self._latest: dict[str, OrderState] = {}
        self._volumes: dict[tuple[str, str], int] = {}

    def note(self, event: ExchangeEvent) -> OrderState | None:
        """Something happened; for an order's update, how the order stood before it."""
        match event:
            case OrderUpdated(order=order):
                before = self._latest.get(order.order_id)
                self._remember(order.account, order, event.event_us)
                if order.status == "resting":
                    self._latest[order.order_id] = order
                else:
                    self._latest.pop(order.order_id, None)
                return before
            case Filled():
                key = (event.account, event.native_id)
                self._volumes[key] = self._volumes.get(key, 0) + event.quantity
                self._remember(event.account, event, event.event_us)
            case Resolved():
                for member in self.members.names():
                    self._touched[member] = event.event_us
            case _:
                pass
        return None

    def touch(self, member: str, now_us: Instant) -> None:
        """Something of the member changed that no event tells: money came or went."""
        self._touched[member] = now_us

    def settle(self) -> None:
        """After a round of events: take pictures of what they left behind."""
        touched, self._touched = self._touched, {}
        for member, at_us in touched.items():
            self._queue(member, self._picture(member, at_us), at_us)

    def shown(self, member: str, now_us: Instant) -> Shown:
        """What reads know of a member by now."""
        pending = self._pending.get(member)
        shown = self._of(member)
        while pending and pending[0][0] <= now_us:
            _show(shown, pending.popleft()[2])
        return shown

    def as_of(self, member: str, now_us: Instant) -> Instant:
        """Up to when reads are complete."""
        self.shown(member, now_us)
        pending = self._pending.get(member)
        return Instant(min(now_us, pending[0][1] - 1)) if pending else now_us

    def volume(self, account: str, native_id: str) -> Quantity:
        """Contracts an account traded in a market."""
        return Quantity(self._volumes.get((account, native_id), 0))

    # ---- within

    def _remember(self, account: str, what: OrderState | Filled, at_us: Instant) -> None:
        owner = self.members.owner(account)
        if owner is not None:
            self._touched[owner[0]] = at_us
            self._queue(owner[0], what, at_us)

    def _queue(self, member: str, what: Happening, at_us: Instant) -> None:
        self._of(member)
        pending = self._pending.setdefault(member, deque())
        seen_us = at_us + (self._rng.randint(0, self.lag_max) if self.lag_max else 0)
        after_us = pending[-1][0] if pending else 0
        pending.append((Instant(max(seen_us, after_us)), at_us, what))

    def _of(self, member: str) -> Shown:
        found = self._shown.get(member)
        if found is None:
            picture = self._picture(member, Instant(0))
            fills: deque[Filled] = deque(maxlen=ENDED_KEPT_MAX)
            found = self._shown[member] = Shown({}, fills, picture, {}, {})
        return found

    def _picture(self, member: str, at_us: Instant) -> Snapshot:
        accounts = self.members.accounts(member)
        return Snapshot(
            {index: self.members.available(name) for index, name in accounts.items()},
            {index: self._exchange.positions(name) for index, name in accounts.items()},
            {index: self._exchange.settlements(name) for index, name in accounts.items()},
            at_us,
        )


def _show(shown: Shown, what: Happening) -> None:
    match what:
        case OrderState():
            shown.orders[what.order_id] = what
            if len(shown.orders) > ENDED_KEPT_MAX:
                _forget_oldest_ended(shown)
        case Filled():
            shown.fills.appendleft(what)
            traded = shown.volumes.get(what.native_id, 0)
            shown.volumes[what.native_id] = traded + what.quantity
        case Snapshot():
            shown.snapshot = what
            for index, positions in what.positions.items():
                shown.last |= {p.native_id: (index, p) for p in positions}
            for index, settlements in what.settlements.items():
                _settle(shown, index, settlements)


def _settle(shown: Shown, index: int, settlements: Iterable[Settlement]) -> None:
    """A settled position holds nothing; what it was paid is realized."""
    for paid in settlements:
        found = shown.last.get(paid.native_id)
        is_flat = found is not None and not (found[1].yes or found[1].no)
        if found is not None and is_flat and found[1].updated_us >= paid.settled_us:
            continue
        cost = paid.yes_cost + paid.no_cost
        before = found[1] if found else None
        settled = Position(
            native_id=paid.native_id,
            yes=Quantity(0),
            no=Quantity(0),
            yes_cost=NOTHING,
            no_cost=NOTHING,
            traded=before.traded if before else Money(cost),
            realized=Money((before.realized if before else 0) + paid.revenue - cost),
            fees=paid.fees,
            updated_us=paid.settled_us,
        )
        shown.last[paid.native_id] = (index, settled)


def _forget_oldest_ended(shown: Shown) -> None:
    oldest = next((key for key, o in shown.orders.items() if o.status != "resting"), None)
    if oldest is not None:
        del shown.orders[oldest]
