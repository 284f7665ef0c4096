"""What every feed promises, public and private, of both venues: one suite for `FeedProtocol`.

Frames come from the simulated venues, through the loopback stream, and from recordings where they
are.
"""

import json
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from foreshock.adapters.seams import FeedProtocol
from foreshock.adapters.sim.polymarket_face import MARKET_STREAM
from foreshock.adapters.venues.kalshi.protocol import KalshiStream
from foreshock.adapters.venues.polymarket.protocol import MarketFeed
from foreshock.core.domain.books import Levels
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.market_data import BookChanged, BookLost
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant, Quantity
from tests.conformance.trader import CONNECTION, VENUES, QuietError, Trader
from tests.samples import market
from tests.trading import START, cents, contracts

FEEDS = tuple(f"{venue} {kind}" for venue in VENUES for kind in ("books", "account"))
BOOKS = tuple(name for name in FEEDS if name.endswith("books"))
GARBAGE = (b"", b" ", b"{", b"[", b"null", b"[]", b"{}", b"7", b'"x"', b"\xff\xfe", b"[" * 5_000)
KALSHI_CAPTURE = "kalshi/josephsapinoso_kalshi-cockpit_2026-08/ws_orderbook_stream.json"
POLYMARKET_CAPTURE = "polymarket/live_2026-10-05/ws-market-v2-session.jsonl"


class Frame(NamedTuple):
    """One text frame and when it came."""

    data: bytes
    recv_us: Instant


class Session(NamedTuple):
    """What a stream said, and how to make the protocol that reads it."""

    make: Callable[[], FeedProtocol]
    markets: list[Market]
    frames: list[Frame]


async def session(name: str) -> Session:
    """A life of a market and an account: orders rest, trade and are called back."""
    venue, kind = name.split()
    trader = Trader(venue)
    make = maker_of(trader, kind)
    feed, frames = make(), list[Frame]()
    path, headers = trader.ours.stream_path, trader.ours.stream_headers(trader.now_us)
    if (venue, kind) == ("polymarket", "books"):
        path = MARKET_STREAM
    stream = await trader.trading.connect(path, headers)
    feed.opened([trader.market], trader.now_us)

    async def hear(seconds: float) -> None:
        trader.until_us = Instant(trader.now_us + round(seconds * SECOND))
        for text in feed.take_outgoing():
            await stream.send(text)
        try:
            while True:
                frames.append(Frame(await stream.receive(), trader.now_us))
        except QuietError:
            trader.until_us = None

    await hear(0.2)
    trader.venue.offer("yes", 48, 30, "sell", trader.now_us)
    trader.venue.offer("yes", 40, 30, "buy", trader.now_us)
    await hear(0.2)
    sent = await trader.place(time_in_force="gtc")
    await hear(0.2)
    trader.venue.offer("yes", 45, 8, "sell", trader.now_us)
    await trader.place("o2", limit=cents(50), quantity=contracts(10))
    await hear(5)
    await trader.cancel(trader.ref(sent))
    await hear(20)
    return Session(make, [trader.market], frames)


def maker_of(trader: Trader, kind: str) -> Callable[[], FeedProtocol]:
    if kind == "account":
        return lambda: trader.ours.feed(CONNECTION)
    books: dict[str, Callable[[int], FeedProtocol]] = {
        "polymarket": MarketFeed,
        "kalshi": KalshiStream,
    }
    return lambda: books[trader.name](CONNECTION)


def recorded(name: str, shared_wire: Path) -> Session:
    """The captured public stream of a venue."""
    if name == "kalshi books":
        capture = json.loads((shared_wire / KALSHI_CAPTURE).read_bytes())
        markets = [market(f"kalshi:{ticker}") for ticker in capture["tickers"]]
        frames = [
            Frame(msgspec.json.encode(f["frame"]), Instant(f["received_ms"] * 1_000))
            for f in capture["frames"]
        ]
        return Session(lambda: KalshiStream(CONNECTION, no_in_yes_price=False), markets, frames)
    lines = [
        json.loads(line) for line in (shared_wire / POLYMARKET_CAPTURE).read_bytes().splitlines()
    ]
    heard = [line for line in lines if line["dir"] == "recv"]
    texts = [line["data"] for line in heard]
    book = next(b for text in texts if text.startswith("[{") for b in json.loads(text))
    traded = market(
        f"polymarket:{book['market']}",
        outcome_ids=(book["asset_id"], "1"),
        quantity_min=Quantity(5_000_000),
    )
    frames = [Frame(line["data"].encode(), instant(line["t"])) for line in heard]
    return Session(lambda: MarketFeed(CONNECTION), [traded], frames)


def instant(text: str) -> Instant:
    return Instant(round(datetime.fromisoformat(text).timestamp() * SECOND))


def fold(of: Session, frames: list[Frame]) -> tuple[FeedProtocol, list[list[Message]]]:
    """A fresh protocol that received these frames, and what it said after each."""
    feed = of.make()
    feed.opened(of.markets, frames[0].recv_us if frames else START)
    feed.take_outgoing()
    said: list[list[Message]] = []
    for number, frame in enumerate(frames, start=1):
        feed.receive(frame.data, number, frame.recv_us)
        said.append(feed.drain())
    return feed, said


def messages(said: list[list[Message]]) -> list[Message]:
    return [message for each in said for message in each]


def books(said: list[list[Message]]) -> dict[MarketId, tuple[Levels, Levels] | None]:
    """The last state of each book: its levels, None when lost."""
    last: dict[MarketId, tuple[Levels, Levels] | None] = {}
    for message in messages(said):
        if isinstance(message, BookChanged):
            last[message.market] = (message.bids, message.asks)
        elif isinstance(message, BookLost):
            last[message.market] = None
    return last


def check_replay(of: Session) -> None:
    feed, first = fold(of, of.frames)
    _, again = fold(of, of.frames)
    assert first == again
    assert messages(first), "nothing was said"
    assert feed.drain() == [], "each message once"
    stats = feed.stats
    assert stats.frames_count == len(of.frames)
    assert (stats.quarantined_count, stats.unknown_count, stats.gaps_count) == (0, 0, 0)


def check_loss(of: Session) -> None:
    feed, said = fold(of, of.frames)
    shown = {name for name, book in books(said).items() if book is not None}
    assert shown
    feed.closed("the network broke")
    lost = {m.market for m in feed.drain() if isinstance(m, BookLost)}
    assert lost >= shown
    feed.closed("twice")
    assert not [m for m in feed.drain() if isinstance(m, BookChanged)]


def check_spoilt(of: Session, seed: int) -> None:
    """Bytes flipped, cut, doubled, put in between: never an exception, never a silent gap."""
    rng = random.Random(seed)
    spoilt: list[Frame] = []
    for frame in of.frames:
        data = bytearray(frame.data)
        match rng.randrange(5):
            case 0:
                data = data[: rng.randrange(len(data) + 1)]
            case 1 if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
            case 2:
                spoilt.append(Frame(rng.choice(GARBAGE), frame.recv_us))
            case 3:
                spoilt.append(Frame(bytes(data), frame.recv_us))
            case _:
                pass
        spoilt.append(Frame(bytes(data), frame.recv_us))
    feed, said = fold(of, spoilt)
    assert feed.stats.frames_count == len(spoilt)
    feed.tick(Instant(of.frames[-1].recv_us + SECOND))
    feed.dead_reason(Instant(of.frames[-1].recv_us + SECOND))
    _, again = fold(of, spoilt)
    assert said == again, "spoilt frames replay as well"


@pytest.mark.parametrize("name", FEEDS)
async def test_the_same_frames_say_the_same_and_nothing_is_unreadable(name: str) -> None:
    check_replay(await session(name))


@pytest.mark.parametrize("name", BOOKS)
def test_recorded_frames_say_the_same_every_time(name: str, shared_wire: Path) -> None:
    check_replay(recorded(name, shared_wire))


@pytest.mark.parametrize("name", BOOKS)
async def test_a_stream_that_ends_takes_every_book_with_it(name: str) -> None:
    check_loss(await session(name))


@pytest.mark.parametrize("name", BOOKS)
def test_a_recorded_stream_that_ends_takes_every_book_with_it(name: str, shared_wire: Path) -> None:
    check_loss(recorded(name, shared_wire))


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("name", FEEDS)
async def test_spoilt_frames_never_raise(name: str, seed: int) -> None:
    check_spoilt(await session(name), seed)


@pytest.mark.parametrize("name", BOOKS)
def test_spoilt_recorded_frames_never_raise(name: str, shared_wire: Path) -> None:
    of = recorded(name, shared_wire)
    for seed in range(5):
        check_spoilt(of, seed)


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
@pytest.mark.parametrize("name", FEEDS)
async def test_garbage_alone_says_nothing_of_books_or_accounts(name: str, garbage: bytes) -> None:
    of = await session(name)
    _, said = fold(of, [Frame(garbage, START)])
    kinds = {type(message).__name__ for message in messages(said)}
    assert kinds <= {"PayloadQuarantined", "ShapeUnknown", "FeedGapped", "BookLost"}


@pytest.mark.parametrize("name", BOOKS)
async def test_frames_that_come_twice_leave_the_same_books(name: str) -> None:
    of = await session(name)
    _, once = fold(of, of.frames)
    _, twice = fold(of, [frame for frame in of.frames for _ in range(2)])
    assert books(twice) == books(once)


@pytest.mark.parametrize("name", BOOKS)
async def test_what_the_books_say_is_what_the_venue_has(name: str) -> None:
    of = await session(name)
    _, said = fold(of, of.frames)
    ((bids, asks),) = [book for book in books(said).values() if book is not None]
    assert bids == ((cents(40), contracts(30)),)
    assert asks == ((cents(48), contracts(20)),), "30 were offered, we bought 10"


@pytest.mark.parametrize("name", FEEDS)
async def test_what_goes_out_goes_out_once(name: str) -> None:
    of = await session(name)
    feed = of.make()
    feed.opened(of.markets, START)
    assert feed.take_outgoing() or name == "kalshi account"
    assert feed.take_outgoing() == []
    assert feed.dead_reason(START) is None, "it has just begun"
