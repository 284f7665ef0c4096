"""What was said, and why? The last journalled messages, searched, paged and followed to a cause.

Two rings: what was decided and done is kept long, what the venues keep telling is kept short. The
conclusions that led to a request move to the long one with it.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import TypeAlias

import msgspec

from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.account import (
    BalanceRead,
    FillsRead,
    OpenOrdersRead,
    OrderAnswered,
    OrderPrepared,
    PositionsRead,
)
from foreshock.core.domain.messages.conversions import ConversionCommand, ConversionFact
from foreshock.core.domain.messages.decisions import (
    EdgeQuoted,
    EdgeWithdrawn,
    IncidentOpened,
    Opportunity,
    PackageClosed,
    PackageMoved,
    PackageOpened,
    PairUnlisted,
    TradeApproved,
    TradeRefused,
    TradeRequest,
)
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookChecked,
    BookLost,
    FeeChanged,
    FeedMeasured,
    GridChanged,
    MarketListed,
    MarketStatusChanged,
    ShapeUnknown,
    Traded,
)
from foreshock.core.domain.messages.matching import (
    MatchingMeasured,
    PairDecided,
    PairNeedsReview,
    PairRelated,
    PairReopened,
    VerdictRefused,
    VerdictRequested,
)
from foreshock.core.domain.messages.operations import ClockRead, LoopLagged
from foreshock.core.domain.messages.risk import PositionsMeasured
from foreshock.core.domain.messages.trading import (
    CancelOrder,
    FillReverted,
    FillSettled,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderRejected,
    OrderUnknown,
    PlaceOrder,
    ReadAccount,
    SendOrder,
    SendRefused,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.dashboard.alert_words import ROUTINE_NOTICES
from foreshock.dashboard.signal_words import ROUTINE_SIGNALS
from foreshock.dashboard.views import AuditEntryView, AuditView, WhyView
from foreshock.dashboard.words import say

DECISIONS_MAX = 20_000
ROUTINE_MAX = 5_000
SEARCHED_MAX = 2_000
"""Entries one request reads; the page it returns says where to go on."""
PAGE_MAX = 500
CHAIN_MAX = 300
ID_DIGITS_MAX = 40

SILENT: frozenset[type[Message]] = frozenset({
    *(BookChanged, Traded, FeedMeasured),
    s.OracleReported,
})
"""Kept only where they are the cause of a request."""
ROUTINE: frozenset[type[Message]] = frozenset({
    EdgeQuoted,
    EdgeWithdrawn,
    Opportunity,
    MarketListed,
    MarketStatusChanged,
    GridChanged,
    FeeChanged,
    BookLost,
    BookChecked,
    ShapeUnknown,
    LoopLagged,
    PairRelated,
    MatchingMeasured,
    OpenOrdersRead,
    FillsRead,
    PositionsRead,
    BalanceRead,
    ReadAccount,
    ClockRead,
    *(*ROUTINE_SIGNALS, *ROUTINE_NOTICES, PositionsMeasured),
})
OrderMessage: TypeAlias = (
    CancelOrder
    | SendOrder
    | OrderPrepared
    | OrderAnswered
    | SendRefused
    | OrderAccepted
    | OrderFilled
    | FillSettled
    | FillReverted
    | OrderClosed
    | OrderRejected
    | OrderUnknown
)
PairMessage: TypeAlias = (
    PairRelated
    | PairNeedsReview
    | VerdictRequested
    | VerdictRefused
    | PairDecided
    | PairReopened
    | PairUnlisted
)
Conversion: TypeAlias = ConversionFact | ConversionCommand
Key: TypeAlias = tuple[int, int]
"""(step, index): grows with time."""


class Record(msgspec.Struct, frozen=True):
    """One kept message. threads: ids of edge, package and order it is about."""

    step: int
    at_us: Instant
    entry: Entry
    threads: tuple[str, ...]

    @property
    def key(self) -> Key:
        """Its place in time."""
        return self.step, self.entry.index


class Ring:
    """The newest records by key."""

    def __init__(self, count_max: int) -> None:
        self.records: OrderedDict[Key, Record] = OrderedDict()
        self._count_max = count_max

    def add(self, record: Record) -> Record | None:
        """Add a record; returns the one that had to go."""
        self.records[record.key] = record
        if len(self.records) > self._count_max:
            return self.records.popitem(last=False)[1]
        return None

    def newest_first(self) -> Iterator[Record]:
        """All of them."""
        return reversed(self.records.values())


class Audit:
    """The last messages of the run and the threads that run through them."""

    def __init__(self, decisions_max: int = DECISIONS_MAX, routine_max: int = ROUTINE_MAX) -> None:
        self._decisions = Ring(decisions_max)
        self._routine = Ring(routine_max)
        self._threads: dict[str, deque[Record]] = {}
        self._step = 0
        self._now_us = Instant(0)
        self._said: list[Entry] = []

    def hear(self, step: int, entry: Entry, now_us: Instant) -> None:
        """One list entry a message: what is kept is decided when the step is over."""
        if step != self._step:
            self._sort_out()
            self._step, self._now_us = step, now_us
        self._said.append(entry)

    def page(self, query: str, before: str | None, limit: int) -> AuditView:
        """The newest entries that contain the query, older than `before`."""
        self._sort_out()
        wanted, found = query.strip().lower(), list[AuditEntryView]()
        records = self._newest_first(_key(before))
        last: Record | None = None
        for record in islice(records, SEARCHED_MAX):
            last = record
            view = _view(record)
            if wanted in _text(view):
                found.append(view)
            if len(found) >= min(limit, PAGE_MAX):
                break
        goes_on = last is not None and next(records, None) is not None
        next_before = _id(last.key) if last is not None and goes_on else None
        return AuditView(found, next_before, "not yet verified")

    def why(self, name: str) -> WhyView:
        """What led to an edge, request, package, order or entry, and what came of it."""
        self._sort_out()
        records = self._thread(name) or self._about_entry(name)
        chain = [_view(records[key]) for key in sorted(records)[-CHAIN_MAX:]]
        return WhyView(name, bool(chain), chain)

    # ---- keeping -----------------------------------------------------------------------------

    def _sort_out(self) -> None:
        """Keep of the last step what is worth it, in its order."""
        said, self._said = self._said, []
        if not said:
            return
        kept = {entry.index for entry in said if type(entry.message) not in SILENT}
        if not kept:
            return
        places = {entry.index: entry for entry in said}
        lasting = _with_causes((e for e in said if _is_decision(e.message)), places)
        for entry in said:
            if entry.index in lasting:
                self._keep(self._decisions, entry)
            elif entry.index in kept:
                self._keep(self._routine, entry)

    def _keep(self, ring: Ring, entry: Entry) -> None:
        threads = self._threads_of(entry.message)
        record = Record(self._step, self._now_us, entry, threads)
        for name in threads:
            self._threads.setdefault(name, deque()).append(record)
        gone = ring.add(record)
        if gone is not None:
            self._unthread(gone)

    def _unthread(self, gone: Record) -> None:
        for name in gone.threads:
            thread = self._threads[name]
            thread.remove(gone)  # it is among the first: rings lose their oldest
            if not thread:
                del self._threads[name]

    def _threads_of(self, message: Message) -> tuple[str, ...]:
        match message:
            case EdgeQuoted(edge=edge) | Opportunity(edge=edge):
                return (edge.id,)
            case EdgeWithdrawn(edge_id=name) | IncidentOpened(about=name):
                return (name,)
            case TradeRequest():
                return (message.edge.id, message.id)
            case TradeApproved(request=request) | TradeRefused(request=request):
                return (request.edge.id, request.id)
            case _:
                return self._threads_of_trading(message)

    def _threads_of_trading(self, message: Message) -> tuple[str, ...]:
        match message:
            case PackageOpened() | PackageMoved() | PackageClosed():
                return (message.package_id,)
            case PlaceOrder():
                return (message.package_id, message.order_id)
            case _ if isinstance(message, OrderMessage):
                return self._order_threads(message.order_id)
            case _ if isinstance(message, PairMessage | Conversion):
                is_pair = isinstance(message, PairMessage)
                return (message.pair_id if is_pair else message.conversion_id,)
            case _:
                return ()

    def _order_threads(self, order_id: str) -> tuple[str, ...]:
        """An order's own thread and the one of the package it was placed for."""
        placed = self._threads.get(order_id, ())
        packages = (r.entry.message for r in islice(placed, 1))
        found = [p.package_id for p in packages if isinstance(p, PlaceOrder)]
        return (*found, order_id)

    # ---- reading -----------------------------------------------------------------------------

    def _newest_first(self, before: Key | None) -> Iterator[Record]:
        both = merge(
            self._decisions.newest_first(),
            self._routine.newest_first(),
            key=lambda record: record.key,
            reverse=True,
        )
        return (record for record in both if before is None or record.key < before)

    def _record(self, key: Key | None) -> Record | None:
        if key is None:
            return None
        return self._decisions.records.get(key) or self._routine.records.get(key)

    def _thread(self, name: str) -> dict[Key, Record]:
        """All of the newest package that the named thing belongs to, and what was said last."""
        mine = list(self._threads.get(name, ()))
        request_id = _newest_request(mine)
        if request_id is None:
            is_whole = any(isinstance(r.entry.message, PairMessage | Conversion) for r in mine)
            return self._with_causes(mine if is_whole else mine[-1:])
        whole = list(self._threads.get(request_id, ()))
        if any(_order_of(record.entry.message) == name for record in mine):
            whole = [r for r in whole if _order_of(r.entry.message) in {None, name}]
        return self._with_causes([*whole, *mine[-1:]])

    def _about_entry(self, name: str) -> dict[Key, Record]:
        """The causes of one entry; where it is part of a package, all that went before it too."""
        record = self._record(_key(name))
        if record is None:
            return {}
        request_id = _newest_request([record])
        before = [r for r in self._threads.get(request_id or "", ()) if r.key <= record.key]
        return self._with_causes([record, *before])

    def _with_causes(self, records: Iterable[Record]) -> dict[Key, Record]:
        found: dict[Key, Record] = {}
        for record in records:
            current: Record | None = record
            while current is not None and current.key not in found:
                found[current.key] = current
                cause = current.entry.cause
                current = None if cause is None else self._record((current.step, cause))
        return found


def _is_decision(message: Message) -> bool:
    return type(message) not in SILENT and type(message) not in ROUTINE


def _with_causes(entries: Iterable[Entry], places: dict[int, Entry]) -> set[int]:
    """Indexes of entries and of everything that led to them within their step."""
    found: set[int] = set()
    for entry in entries:
        index: int | None = entry.index
        while index is not None and index not in found:
            found.add(index)
            index = places[index].cause if index in places else None
    return found


def _newest_request(records: list[Record]) -> str | None:
    """The request that a thread's newest decision belongs to."""
    for record in reversed(records):
        match record.entry.message:
            case TradeRequest(id=name):
                return name
            case TradeApproved(request=request) | TradeRefused(request=request):
                return request.id
            case PackageOpened() | PackageMoved() | PackageClosed() | PlaceOrder() as message:
                return message.package_id
            case _ if len(record.threads) > 1:
                return record.threads[0]
            case _:
                pass
    return None


def _order_of(message: Message) -> str | None:
    return message.order_id if isinstance(message, PlaceOrder | OrderMessage) else None


def _view(record: Record) -> AuditEntryView:
    about, words = say(record.entry.message)
    cause = record.entry.cause
    return AuditEntryView(
        id=_id(record.key),
        at_us=record.at_us,
        sender=record.entry.sender,
        kind=type(record.entry.message).__name__,
        about=about,
        words=words,
        cause=None if cause is None else _id((record.step, cause)),
    )


def _text(view: AuditEntryView) -> str:
    return f"{view.id} {view.sender} {view.kind} {view.about} {view.words}".lower()


def _id(key: Key) -> str:
    return f"{key[0]}.{key[1]}"


def _key(name: str | None) -> Key | None:
    """The key an id stands for, None when it is not one."""
    step, dot, index = (name or "").partition(".")
    if not (dot and step.isdecimal() and index.isdecimal()):
        return None
    return (int(step), int(index)) if len(step) + len(index) < ID_DIGITS_MAX else None
