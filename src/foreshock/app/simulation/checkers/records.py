"""Is every decision on the disk before its effect, and is the disk itself whole? I8.

Reads the bytes as they became durable, with its own reader: nothing here calls the journal.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping

import msgspec

from foreshock.adapters.storage.journal import Step, Told
from foreshock.app.simulation.checkers.trace import JOURNAL_SUFFIX
from foreshock.app.simulation.observed import Durable, Hearing, PhaseBegan, Sent, Violation
from foreshock.core.domain.messages.account import OrderPrepared
from foreshock.core.domain.messages.conversions import ConversionPrepared
from foreshock.core.domain.messages.decisions import (
    Halted,
    PackageOpened,
    Resumed,
    TradeApproved,
    TradeRefused,
    TradeRequest,
)
from foreshock.core.domain.messages.trading import CancelOrder, PlaceOrder
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant

MAGIC = b"fs"
HEADER_BYTES = 14
HASH_BYTES = 32
TOLD = (
    PlaceOrder,
    CancelOrder,
    OrderPrepared,
    ConversionPrepared,
    TradeRequest,
    TradeApproved,
    TradeRefused,
    PackageOpened,
    Halted,
    Resumed,
)
MARKS = re.compile(b"|".join(kind.__name__.encode() for kind in TOLD))
"""A record that names none of these holds nothing that is judged, and is not parsed."""


class Damaged(msgspec.Struct, frozen=True):
    """What is wrong with durable bytes."""

    words: str


class DiskReader:
    """Follows journals byte by byte; a record counts once its last byte is durable."""

    def __init__(self) -> None:
        self._decoder = msgspec.msgpack.Decoder(Step)
        self._last: tuple[Durable, tuple[Message | Damaged, ...]] | None = None
        self._rest: dict[str, bytes] = {}
        self._ends: dict[str, int] = {}
        self._heads: dict[str, dict[int, bytes]] = {}

    def read(self, durable: Durable) -> tuple[Message | Damaged, ...]:
        """What newly whole records say that matters, and what does not add up; asked by several."""
        if self._last is None or self._last[0] is not durable:
            self._last = (durable, tuple(self._read(durable)))
        return self._last[1]

    def _read(self, durable: Durable) -> Iterator[Message | Damaged]:
        name = durable.name
        heads = self._heads.setdefault(name, {0: bytes(HASH_BYTES)})
        end = self._ends.get(name, 0)
        if durable.offset != end + len(self._rest.get(name, b"")):
            if durable.offset not in heads:
                yield Damaged(f"{name} goes on at {durable.offset}, {end} bytes were whole")
                return
            end, self._rest[name] = durable.offset, b""
        data = self._rest.get(name, b"") + durable.data
        at = 0
        while (size := whole(data, at)) is not None:
            payload = data[at + HEADER_BYTES : at + size]
            stored, body = payload[:HASH_BYTES], payload[HASH_BYTES:]
            head = hashlib.sha256(heads[end + at] + body).digest()
            if data[at : at + 2] != MAGIC or stored != head or not _is_sound(data, at, payload):
                yield Damaged(f"{name}: the record at byte {end + at} does not follow")
            at += size
            heads[end + at] = stored
            yield from self._messages(body)
        self._rest[name], self._ends[name] = data[at:], end + at

    def _messages(self, body: bytes) -> Iterator[Message | Damaged]:
        if MARKS.search(body) is None:
            return
        try:
            step = self._decoder.decode(body)
        except msgspec.MsgspecError as error:
            yield Damaged(f"a record cannot be read: {error}")
            return
        if isinstance(step.input, Told):
            yield step.input.message
        for entry in step.said:
            yield entry.message


def whole(data: bytes, at: int) -> int | None:
    """Length of the record that starts at `at`, None while it is not all there."""
    if len(data) - at < HEADER_BYTES:
        return None
    size = HEADER_BYTES + int.from_bytes(data[at + 2 : at + 6], "little")
    return size if len(data) - at >= size else None


def _is_sound(data: bytes, at: int, payload: bytes) -> bool:
    return int.from_bytes(data[at + 10 : at + 14], "little") == zlib.crc32(payload)


class RecordedFirst:
    """I8: nothing leaves that is not on the disk with what led to it; every no has its code."""

    invariant = "I8"

    def __init__(self, disk: DiskReader) -> None:
        self._disk = disk
        self._placed: dict[str, PlaceOrder] = {}
        self._prepared: dict[str, set[str]] = {}
        self._cancelled: set[str] = set()
        self._turned: set[str] = set()
        self._opened: set[str] = set()
        self._asked: dict[str, int] = {}
        self._answered: dict[str, int] = {}

    def hearings(self) -> Mapping[type, Hearing]:
        return {Durable: self._keep, Sent: self._judge, PhaseBegan: self._judge_requests}

    def _keep(self, durable: Durable) -> Iterator[Violation]:
        if not durable.name.endswith(JOURNAL_SUFFIX):
            return
        for read in self._disk.read(durable):
            match read:
                case Damaged():
                    yield Violation(durable.at_us, self.invariant, read.words)
                case TradeRefused() if not (read.refusal.code and read.refusal.words):
                    words = f"{read.request.id} was refused without a reason"
                    yield Violation(durable.at_us, self.invariant, words)
                case _:
                    self._note(read)

    def _note(self, message: Message) -> None:
        match message:
            case PlaceOrder():
                self._placed[message.order_id] = message
            case OrderPrepared():
                self._prepared.setdefault(message.order_id, set()).add(message.digest)
            case ConversionPrepared():
                self._turned.add(message.digest)
            case CancelOrder():
                self._cancelled.add(message.order_id)
            case TradeRequest():
                self._asked[message.id] = self._asked.get(message.id, 0) + 1
            case TradeApproved() | TradeRefused():
                name = message.request.id
                self._answered[name] = self._answered.get(name, 0) + 1
            case PackageOpened():
                self._opened.add(message.package_id)
            case _:
                pass

    def _judge(self, sent: Sent) -> Iterator[Violation]:
        if sent.kind == "place":
            yield from self._judge_place(sent)
        elif sent.kind == "settle" and hashlib.sha256(sent.body).hexdigest() not in self._turned:
            yield self._wrong(sent, f"a transaction left for {sent.path} with bytes of no record")
        elif sent.kind == "cancel" and not self._may_cancel(sent.order_id):
            yield self._wrong(sent, "was called back, and no record knows why")

    def _may_cancel(self, order_id: str) -> bool:
        """Asked for, or its record says that nothing of it may rest."""
        placed = self._placed.get(order_id)
        is_short = placed is not None and placed.time_in_force != "gtc"
        return order_id in self._cancelled or is_short

    def _judge_place(self, sent: Sent) -> Iterator[Violation]:
        placed = self._placed.get(sent.order_id)
        if placed is None:
            yield self._wrong(sent, "left before its decision was on the disk")
            return
        if placed.package_id not in self._opened:
            yield self._wrong(sent, "left, and its package is not on the disk")
        digest = hashlib.sha256(sent.body).hexdigest()
        if digest not in self._prepared.get(sent.order_id, set()):
            yield self._wrong(sent, "left with bytes that no record promised")
        decided = (placed.market, placed.outcome, placed.action, placed.limit, placed.quantity)
        if decided != (sent.market, sent.outcome, sent.action, sent.limit, sent.quantity):
            yield self._wrong(sent, "is not the order that was decided on")

    def _judge_requests(self, began: PhaseBegan) -> Iterator[Violation]:
        """Each request has one answer, in the same record."""
        if began.phase == "rest":
            for name, count in sorted(self._asked.items()):
                if self._answered.get(name, 0) != count:
                    words = f"{name}: asked {count} times, answered {self._answered.get(name, 0)}"
                    yield Violation(began.at_us, self.invariant, words)

    def _wrong(self, sent: Sent, words: str) -> Violation:
        return Violation(Instant(sent.at_us), self.invariant, f"{sent.order_id} {words}")
