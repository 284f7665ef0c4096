"""What is in this file? Captured venue streams folded to books, and run folders checked."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from foreshock.adapters.storage.files import DiskFile
from foreshock.adapters.storage.journal import JOURNAL_NAME, Drained, read_journal
from foreshock.adapters.storage.tape import TapeFrame, read_tape
from foreshock.adapters.venues.kalshi.protocol import KalshiStream
from foreshock.app.feeds import Feeds
from foreshock.app.instance import RUNS_NAME
from foreshock.app.venues import FEEDS
from foreshock.core.domain.errors import ConfigError, DataError, StorageError
from foreshock.core.domain.markets import Market, MarketId, uniform_grid
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    ConnectionOpened,
    FeedGapped,
    MarketListed,
    PayloadQuarantined,
    ShapeUnknown,
    Traded,
)
from foreshock.core.domain.messages.operations import DeskStopped
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Instant, Price, Quantity, format_micros
from foreshock.core.ports import File

CAPTURE_BYTES_MAX = 1024 * 1024 * 1024
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CENT = Price(10_000)
MINIMUM = {"polymarket": Quantity(5 * MICRO), "kalshi": Quantity(10_000)}
"""Smallest orders as the venues usually set them; Polymarket's stands in the hash of a book."""
MICROS_PER_MILLISECOND = 1_000


class FoldedBook(msgspec.Struct, frozen=True):
    """The last state of a market's book; prices are None for an empty side."""

    market: str
    changes_count: int
    bid_micros: int | None
    ask_micros: int | None
    is_crossed: bool


class FoldedCapture(msgspec.Struct, frozen=True):
    """What folding a captured stream showed."""

    venue: str
    frames_count: int
    trades_count: int
    gaps_count: int
    quarantined_count: int
    crossed_count: int
    unknown_shapes: dict[str, int]
    books: tuple[FoldedBook, ...]

    def lines(self) -> list[str]:
        """The same for a person."""
        head = (
            f"{self.venue}: {self.frames_count} frames, {len(self.books)} books, "
            f"{self.trades_count} trades, {self.gaps_count} gaps, "
            f"{self.quarantined_count} quarantined, {self.crossed_count} crossed"
        )
        unknown = [f"unknown {name}: {count}" for name, count in self.unknown_shapes.items()]
        return [head, *unknown, *(_book_line(book) for book in self.books)]


class Checked(msgspec.Struct, frozen=True):
    """A run folder that is whole. ended: why its desk stopped, None when it runs or crashed."""

    steps_count: int
    frames_count: int
    ended: str | None


def open_folder(folder: Path) -> Callable[[str], File]:
    """Opens the files of a run folder by name."""
    return lambda name: DiskFile(folder / name)


def newest_run(home: Path) -> Path:
    """The run folder that started last. Raises ConfigError when nothing was recorded."""
    return runs(home)[-1]


def runs(home: Path) -> list[Path]:
    """Every run folder, oldest first. Raises ConfigError when nothing was recorded."""
    found = sorted((home / RUNS_NAME).glob("*/"))
    if not found:
        raise ConfigError(f"nothing is recorded in {home}: start with `foreshock demo`")
    return found


def check_run(folder: Path) -> Checked:
    """Read everything of a run. Raises StorageError at the first thing that is not right."""
    if not (folder / JOURNAL_NAME).is_file():
        raise StorageError(f"{folder} is not a run folder: it holds no {JOURNAL_NAME}")
    open_file = open_folder(folder)
    steps_count = cited = 0
    ended: str | None = None
    for step in read_journal(open_file(JOURNAL_NAME)):
        steps_count += 1
        if isinstance(step.input, Drained):
            cited = step.input.frame_seq
        elif isinstance(step.input.message, DeskStopped):
            ended = step.input.message.reason
    frames_count = last = 0
    for frame in read_tape(open_file):
        frames_count += 1
        last = frame.frame_seq
    if last < cited:
        raise StorageError(f"the journal cites frame {cited}, the tape ends at {last}: it was cut")
    return Checked(steps_count, frames_count, ended)


def fold_capture(path: Path) -> FoldedCapture:
    """Fold a captured stream.

    Kalshi: a JSON object with `frames`, each with `received_ms` and `frame`. Polymarket: JSON lines
    with `t`, `dir` (recv or send) and `data`. Raises DataError for anything else.
    """
    if path.stat().st_size > CAPTURE_BYTES_MAX:
        raise DataError(f"{path} is longer than {CAPTURE_BYTES_MAX} bytes")
    data = path.read_bytes()
    try:
        if path.suffix == ".jsonl":
            return _fold("polymarket", *_polymarket_capture(data))
        return _fold("kalshi", *_kalshi_capture(data))
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path} is not a captured stream: {type(error).__name__} {error}"
        ) from error


class _KalshiFrame(msgspec.Struct):
    received_ms: int
    frame: msgspec.Raw


class _KalshiCapture(msgspec.Struct):
    tickers: list[str]
    frames: list[_KalshiFrame]


class _Close(msgspec.Struct):
    code: int


class _PolymarketLine(msgspec.Struct):
    t: datetime
    dir: str
    data: str | _Close


class _PolymarketEvent(msgspec.Struct):
    event_type: str = ""
    market: str = ""
    asset_id: str = ""


def _kalshi_capture(data: bytes) -> tuple[list[Market], list[TapeFrame]]:
    capture = msgspec.json.decode(data, type=_KalshiCapture)
    markets = [_bare_market("kalshi", ticker, ("yes", "no")) for ticker in capture.tickers]
    return markets, [
        TapeFrame(n, Instant(f.received_ms * MICROS_PER_MILLISECOND), 1, "ws", bytes(f.frame))
        for n, f in enumerate(capture.frames, 1)
    ]


def _polymarket_capture(data: bytes) -> tuple[list[Market], list[TapeFrame]]:
    lines = [msgspec.json.decode(line, type=_PolymarketLine) for line in data.splitlines() if line]
    received = [
        (line.t, line.data)
        for line in lines
        if line.dir == "recv" and isinstance(line.data, str) and line.data != "PONG"
    ]
    markets: dict[str, Market] = {}
    for _, text in received:
        for event in _events(text):
            if event.event_type == "book":
                market = _bare_market("polymarket", event.market, (event.asset_id, ""))
                markets.setdefault(market.native_id, market)
    return list(markets.values()), [
        TapeFrame(n, _instant(at), 1, "ws", text.encode())
        for n, (at, text) in enumerate(received, 1)
    ]


def _events(text: str) -> list[_PolymarketEvent]:
    """The events of a frame, which is one of them or a list."""
    if text.startswith("["):
        return msgspec.json.decode(text, type=list[_PolymarketEvent])
    return [msgspec.json.decode(text, type=_PolymarketEvent)]


def _fold(venue: str, markets: list[Market], frames: list[TapeFrame]) -> FoldedCapture:
    feeds = Feeds({**FEEDS, "kalshi": _captured_kalshi})
    now_us = Instant(0)
    for market in markets:
        feeds.hear(MarketListed(market), now_us)
    feeds.hear(ConnectionOpened(1, venue, venue, tuple(m.id for m in markets)), now_us)
    kinds: Counter[type[Message]] = Counter()
    shapes: Counter[str] = Counter()
    changes: Counter[MarketId] = Counter()
    last: dict[MarketId, BookChanged] = {}
    crossed_count = 0
    for frame in frames:
        feeds.fold(frame)
        for message in feeds.drain():
            kinds[type(message)] += 1
            if isinstance(message, ShapeUnknown):
                shapes[f"{message.where} {message.value}"] += 1
            if isinstance(message, BookChanged):
                last[message.market] = message
                changes[message.market] += 1
                crossed_count += message.quality == "crossed"
    return FoldedCapture(
        venue=venue,
        frames_count=len(frames),
        trades_count=kinds[Traded],
        gaps_count=kinds[FeedGapped],
        quarantined_count=kinds[PayloadQuarantined],
        crossed_count=crossed_count,
        unknown_shapes=dict(shapes),
        books=tuple(_folded_book(last[m], changes[m]) for m in sorted(last)),
    )


def _instant(at: datetime) -> Instant:
    return Instant((at - EPOCH) // timedelta(microseconds=1))


def _captured_kalshi(connection: int) -> KalshiStream:
    """Captures of others are made without `use_yes_price`: NO levels come in NO prices."""
    return KalshiStream(connection, no_in_yes_price=False)


def _folded_book(book: BookChanged, changes_count: int) -> FoldedBook:
    bid = book.bids[0][0] if book.bids else None
    ask = book.asks[0][0] if book.asks else None
    return FoldedBook(book.market, changes_count, bid, ask, book.quality == "crossed")


def _book_line(book: FoldedBook) -> str:
    bid = "none" if book.bid_micros is None else format_micros(book.bid_micros)
    ask = "none" if book.ask_micros is None else format_micros(book.ask_micros)
    return f"{book.market}: bid {bid} ask {ask} after {book.changes_count} changes"


def _bare_market(venue: str, native_id: str, outcome_ids: tuple[str, str]) -> Market:
    """A market of which only the name is known. Levels off its assumed grid are kept exactly."""
    return Market(
        id=MarketId(f"{venue}:{native_id}"),
        venue=venue,
        native_id=native_id,
        event_id="",
        title=native_id,
        rules="",
        resolution_source="",
        outcome_labels=("Yes", "No"),
        outcome_ids=outcome_ids,
        grid=uniform_grid(CENT),
        quantity_step=Quantity(10_000),
        quantity_min=MINIMUM[venue],
        fee=None,
        status="unknown",
        category="",
        opens_us=None,
        closes_us=None,
        settles_us=None,
        exclusive_group=None,
        is_augmented=False,
        volume_24h=None,
    )
