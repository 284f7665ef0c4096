"""Frames reach the protocol of their connection; messages come out in a fixed order."""

from collections.abc import Sequence

import pytest

from foreshock.adapters.storage.journal import Drained, Told
from foreshock.adapters.storage.tape import TapeFrame
from foreshock.adapters.venues.fold import FeedStats
from foreshock.adapters.venues.kalshi.protocol import KalshiStream
from foreshock.app.feeds import SILENCE_MAX, Feeds
from foreshock.app.worker import Worker
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.market_data import (
    BookLost,
    ConnectionClosed,
    ConnectionOpened,
    MarketListed,
    MarketResolved,
    MarketsWatched,
    ShapeUnknown,
)
from foreshock.core.domain.messages.trading import TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant, Price
from foreshock.core.engine import Engine, Entry
from tests.samples import market

NOW_US = Instant(1_000)
A, B = market("kalshi:A"), market("kalshi:B")


class Letters:
    """A protocol whose frames are words; it says each again at the drain."""

    def __init__(self, connection: int) -> None:
        self.stats = FeedStats()
        self._connection = connection
        self._said: list[Message] = []
        self._out: list[str] = []
        self.watched: list[MarketId] = []

    def opened(self, markets: Sequence[Market], now_us: Instant) -> None:
        self.watched = [m.id for m in markets]
        self._out.append(f"subscribe {len(markets)}")

    def watch(self, added: Sequence[Market], removed: Sequence[MarketId]) -> None:
        self.watched = [m for m in self.watched if m not in removed] + [m.id for m in added]

    def relist(self, market: Market) -> None:
        self._said.append(ShapeUnknown("kalshi", "relisted", market.status))

    def receive(self, frame: bytes, frame_seq: int, recv_us: Instant) -> None:
        self.stats.frames_count += 1
        self.stats.sample_age(Instant(recv_us - 10 * frame_seq), recv_us)
        self._said.append(ShapeUnknown("kalshi", str(self._connection), frame.decode()))

    def receive_books(self, body: bytes, frame_seq: int, recv_us: Instant) -> None:
        self._said.append(ShapeUnknown("kalshi", "books", body.decode()))

    def tick(self, now_us: Instant) -> None:
        self._out.append("PING")

    def take_outgoing(self) -> list[str]:
        out, self._out = self._out, []
        return out

    def dead_reason(self, now_us: Instant) -> str | None:
        return "silent" if now_us > NOW_US else None

    def closed(self, reason: str) -> None:
        self._said = [BookLost(m, 1, reason) for m in self.watched]

    def drain(self) -> list[Message]:
        said, self._said = self._said, []
        return said


def opened(connection: int, *markets: Market) -> ConnectionOpened:
    return ConnectionOpened(connection, "kalshi", "letters", tuple(m.id for m in markets))


@pytest.fixture
def feeds() -> Feeds:
    feeds = Feeds({"letters": Letters})
    for message in (MarketListed(A), MarketListed(B), opened(2, A), opened(1, B)):
        feeds.hear(message, NOW_US)
    return feeds


def test_frames_go_to_their_connection_and_drain_by_connection(feeds: Feeds) -> None:
    feeds.fold(TapeFrame(1, NOW_US, 1, "ws", b"x"))
    feeds.fold(TapeFrame(2, NOW_US, 2, "ws", b"y"))
    feeds.fold(TapeFrame(3, NOW_US, 1, "http", b"z"))
    said = [(m.where, m.value) for m in feeds.drain() if isinstance(m, ShapeUnknown)]
    assert said == [("2", "y"), ("1", "x"), ("books", "z")]
    assert feeds.drain() == []


def test_a_closed_connection_loses_its_books_and_its_late_frames(feeds: Feeds) -> None:
    lost = feeds.hear(ConnectionClosed(2, "kalshi", "cut"), NOW_US)
    assert lost == [BookLost(A.id, 1, "cut")]
    feeds.fold(TapeFrame(4, NOW_US, 2, "ws", b"late"))
    assert feeds.drain() == []
    with pytest.raises(InvariantError, match="never opened"):
        feeds.hear(ConnectionClosed(2, "kalshi", "again"), NOW_US)


def test_a_market_must_be_listed_before_it_is_watched(feeds: Feeds) -> None:
    with pytest.raises(InvariantError, match="kalshi:C was never listed"):
        feeds.hear(opened(3, market("kalshi:C")), NOW_US)


def test_the_watch_list_of_an_open_connection_changes(feeds: Feeds) -> None:
    feeds.hear(MarketsWatched(2, (B.id,), (A.id,)), NOW_US)
    assert feeds.watched() == [(2, "kalshi", (B.id,)), (1, "kalshi", (B.id,))]


def test_a_reconnected_stream_knows_what_changed_on_the_one_before() -> None:
    """Else the next listing that it tells would open a paused market again, at its old fee."""
    feeds = Feeds({"kalshi": KalshiStream})
    feeds.hear(MarketListed(A), NOW_US)
    feeds.hear(ConnectionOpened(1, "kalshi", "kalshi", (A.id,)), NOW_US)
    feeds.fold(lifecycle(1, 1, '"event_type":"deactivated"'))
    ranges = '"price_ranges":[{"start":"0","end":"1","step":"0.001"}]'
    feeds.fold(lifecycle(1, 2, f'"event_type":"price_level_structure_updated",{ranges}'))
    feeds.drain()
    feeds.hear(ConnectionClosed(1, "kalshi", "cut"), NOW_US)
    feeds.hear(ConnectionOpened(2, "kalshi", "kalshi", (A.id,)), NOW_US)
    feeds.fold(lifecycle(2, 1, '"event_type":"metadata_updated","yes_sub_title":"New"'))
    (listed,) = [m for m in feeds.drain() if isinstance(m, MarketListed)]
    assert listed.market.status == "paused"
    assert listed.market.grid.finest() == 1_000


def lifecycle(connection: int, seq: int, change: str) -> TapeFrame:
    """A frame that changes market A, as Kalshi's AsyncAPI of October 2026 has it."""
    text = (
        f'{{"type":"market_lifecycle_v2","sid":4,"seq":{seq},'
        f'"msg":{{"market_ticker":"A",{change}}}}}'
    )
    return TapeFrame(seq, NOW_US, connection, "ws", text.encode())


def test_terms_read_again_reach_the_streams_that_carry_the_market(feeds: Feeds) -> None:
    paused = market("kalshi:A", status="paused")
    feeds.hear(MarketListed(paused), NOW_US)
    assert feeds.drain() == [ShapeUnknown("kalshi", "relisted", "paused")]


def test_keep_alives_and_dead_streams_are_named_by_connection(feeds: Feeds) -> None:
    assert feeds.take_outgoing() == [(2, "subscribe 1"), (1, "subscribe 1")]
    feeds.tick(NOW_US)
    assert feeds.take_outgoing() == [(2, "PING"), (1, "PING")]
    assert feeds.dead(NOW_US) == []
    assert feeds.dead(Instant(NOW_US + 1)) == [(2, "silent"), (1, "silent")]


def test_a_stream_that_brings_nothing_for_long_is_dead_however_its_keep_alives_go() -> None:
    """Sockets have been seen to answer pings for hours and to bring nothing else."""
    feeds = Feeds({"kalshi": KalshiStream})
    feeds.hear(MarketListed(A), NOW_US)
    feeds.hear(ConnectionOpened(1, "kalshi", "kalshi", (A.id,)), NOW_US)
    feeds.hear(ConnectionOpened(2, "kalshi", "kalshi", ()), NOW_US)
    for connection in (1, 2):
        for command in range(1, 5):
            ok = TapeFrame(command, NOW_US, connection, "ws", b'{"type":"ok","id":%d}' % command)
            feeds.fold(ok)
    assert feeds.dead(Instant(NOW_US + SILENCE_MAX)) == []
    late = Instant(NOW_US + SILENCE_MAX + 1)
    assert feeds.dead(late) == [(1, "no data for 120 s")]
    feeds.fold(TapeFrame(9, late, 1, "ws", b'{"type":"ok"}'))
    assert feeds.dead(late) == []


def test_a_measurement_gives_the_ages_since_the_last_one(feeds: Feeds) -> None:
    for n in range(1, 101):
        feeds.fold(TapeFrame(n, NOW_US, 1, "ws", b"x"))
    measured = {m.connection: m for m in feeds.measure()}
    assert (measured[1].message_age_p50, measured[1].message_age_p95) == (510, 960)
    assert measured[2].message_age_p95 is None
    assert {m.connection: m.message_age_p95 for m in feeds.measure()} == {1: None, 2: None}
    assert isinstance(measured[1].frames_count, int)


def test_runs_of_frames_are_one_drain_and_messages_keep_their_place(feeds: Feeds) -> None:
    heard: list[tuple[int, Entry]] = []
    worker = Worker(Engine([]), feeds, [lambda step, entry, now: heard.append((step, entry))])
    work = worker.take(
        [
            TapeFrame(1, NOW_US, 1, "ws", b"a"),
            TapeFrame(2, NOW_US, 1, "ws", b"b"),
            TimerFired("t"),
            TapeFrame(3, NOW_US, 1, "ws", b"c"),
        ],
        NOW_US,
    )
    assert [step.input for step in work.steps] == [Drained(2), Told(TimerFired("t")), Drained(3)]
    assert [f.frame_seq for f in work.frames] == [1, 2, 3]
    assert [step for step, _ in heard] == [1, 1, 2, 3]


def test_what_was_paid_is_known_whoever_told_it(feeds: Feeds) -> None:
    markets = [MarketId("kalshi:A"), MarketId("kalshi:B")]
    assert feeds.unpaid(markets) == markets
    feeds.hear(MarketResolved(markets[0], Price(0), Instant(1)), NOW_US)
    assert feeds.unpaid(markets) == markets[1:]
