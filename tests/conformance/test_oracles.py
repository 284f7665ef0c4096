"""What every source outside the venues promises: one suite for the port `Oracle`.

Bytes come from the stand-ins, over the two seams; what was paid for is what the stand-ins know.
"""

import random
from collections.abc import Callable
from typing import NamedTuple

import pytest

from foreshock.adapters.oracles.binance import BinanceMinutes, BinanceTrades
from foreshock.adapters.oracles.coinbase import CoinbaseTicker
from foreshock.adapters.oracles.feed import OracleFeed
from foreshock.adapters.oracles.noaa import NoaaStation
from foreshock.adapters.oracles.open_meteo import OpenMeteoHighs, Spot
from foreshock.adapters.seams import FeedProtocol, HttpRequest
from foreshock.adapters.sim.coin_paths import CoinPaths
from foreshock.adapters.sim.face import VenueFace
from foreshock.adapters.sim.oracles import BinanceFace, CoinbaseFace
from foreshock.adapters.sim.oracles_weather import noaa, open_meteo
from foreshock.adapters.sim.rest_face import RestFace
from foreshock.core.domain.messages.market_data import PayloadQuarantined, ShapeUnknown
from foreshock.core.domain.messages.signals import OracleLost, OracleReported
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.ports import Oracle
from tests.trading import START

CONTACT = (("user-agent", "foreshock (someone@example.test)"),)
PLACE = Spot("KNYC", "40.7789", "-73.9692", "America/New_York")
GARBAGE = (b"", b" ", b"{", b"[", b"null", b"7", b'"x"', b"\xff\xfe", b"[" * 5_000, b"[[]]", b"[7]")
STREAMS = ("binance", "coinbase")
HOSTS: dict[str, Callable[[CoinPaths], tuple[VenueFace, Oracle]]] = {
    "binance": lambda paths: (BinanceFace(paths), BinanceTrades(("BTC", "ETH"))),
    "binance minutes": lambda paths: (BinanceFace(paths), BinanceMinutes("BTC")),
    "coinbase": lambda paths: (CoinbaseFace(paths), CoinbaseTicker(("BTC", "ETH"))),
    "noaa": lambda _: (RestFace(noaa), NoaaStation("KNYC")),
    "open-meteo": lambda _: (RestFace(open_meteo), OpenMeteoHighs(PLACE)),
}


class Frame(NamedTuple):
    data: bytes
    recv_us: Instant


class Session(NamedTuple):
    """What a source said, the walk it showed, and how to make who reads it."""

    name: str
    frames: list[Frame]
    paths: CoinPaths
    make: Callable[[], Oracle]

    def feed(self) -> FeedProtocol:
        feed = OracleFeed(self.make(), 1)
        feed.opened([], START)
        feed.take_outgoing()
        return feed


def session(name: str, seconds: int = 20) -> Session:
    """A source asked or heard over some seconds."""
    paths = CoinPaths(7, START)
    face, oracle = HOSTS[name](paths)
    frames: list[Frame] = []
    if name in STREAMS:
        assert face.open(1, oracle.path, (), START) is None
        for text in oracle.opening():
            face.receive(1, text, START)
    for second in range(seconds):
        now_us = Instant(START + second * SECOND)
        if name in STREAMS:
            frames += [Frame(text.encode(), now_us) for _, text in face.take_frames(now_us)]
        else:
            answer = face.handle(HttpRequest("GET", oracle.path, CONTACT), now_us)
            assert answer.status == 200
            frames.append(Frame(answer.body, now_us))
    return Session(name, frames, paths, lambda: HOSTS[name](paths)[1])


def heard(feed: FeedProtocol, frames: list[Frame]) -> list[Message]:
    """Everything said, drained after each frame."""
    said: list[Message] = []
    for number, frame in enumerate(frames):
        feed.receive(frame.data, number + 1, frame.recv_us)
        said += feed.drain()
    return said


def reports(said: list[Message]) -> list[OracleReported]:
    return [message for message in said if isinstance(message, OracleReported)]


@pytest.fixture(params=HOSTS)
def source(request: pytest.FixtureRequest) -> Session:
    return session(request.param)


def test_tells_only_values_of_its_own_symbols(source: Session) -> None:
    said = heard(source.feed(), source.frames)
    oracle = source.make()
    assert reports(said)
    assert len(reports(said)) == len(said)
    assert {report.source for report in reports(said)} == {oracle.name}
    assert all(report.symbol.startswith(oracle.symbols) for report in reports(said))


def test_time_never_runs_backwards_nor_ahead_of_us(source: Session) -> None:
    frames = source.frames + source.frames[: len(source.frames) // 2]
    last: dict[str, Instant] = {}
    for report in reports(heard(source.feed(), frames)):
        assert report.event_us >= last.get(report.symbol, 0)
        assert report.event_us <= report.recv_us
        last[report.symbol] = report.event_us


def test_the_same_frames_say_the_same_again(source: Session) -> None:
    assert heard(source.feed(), source.frames) == heard(source.feed(), source.frames)


def test_garbage_is_set_aside_and_changes_nothing(source: Session) -> None:
    dirty = source.feed()
    said: list[Message] = []
    for number, frame in enumerate(source.frames):
        for junk in GARBAGE:
            dirty.receive(junk, number, frame.recv_us)
        dirty.receive(frame.data, number, frame.recv_us)
        said += [m for m in dirty.drain() if not isinstance(m, PayloadQuarantined | ShapeUnknown)]
    assert said == heard(source.feed(), source.frames)
    assert dirty.stats.quarantined_count >= len(source.frames)


def test_damaged_frames_never_raise(source: Session) -> None:
    rng, feed = random.Random(3), source.feed()
    for number in range(400):
        frame = rng.choice(source.frames)
        data = bytearray(frame.data)
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        feed.receive(bytes(data), number, frame.recv_us)
        for report in reports(feed.drain()):
            assert abs(report.value) <= 10**15


def test_values_are_lost_once_when_the_connection_ends(source: Session) -> None:
    feed = source.feed()
    told = {report.symbol for report in reports(heard(feed, source.frames))}
    feed.closed("the stream ended")
    lost = feed.drain()
    assert all(isinstance(m, OracleLost) and m.reason == "the stream ended" for m in lost)
    assert {m.symbol for m in lost if isinstance(m, OracleLost)} == told
    feed.closed("again")
    assert feed.drain() == []


def test_a_silent_source_is_to_be_opened_anew(source: Session) -> None:
    feed, oracle = source.feed(), source.make()
    heard(feed, source.frames)
    last_us = source.frames[-1].recv_us
    assert feed.dead_reason(last_us) is None
    assert feed.dead_reason(Instant(last_us + oracle.silence_max)) is None
    reason = feed.dead_reason(Instant(last_us + oracle.silence_max + SECOND))
    assert reason is not None
    assert "silent" in reason


@pytest.mark.parametrize("name", [*STREAMS, "noaa"])
def test_a_value_from_the_future_is_set_aside(name: str) -> None:
    found = session(name)
    early_us = Instant(START - 3_600 * SECOND)
    said = heard(found.feed(), [Frame(frame.data, early_us) for frame in found.frames])
    assert not reports(said)
    assert any(isinstance(m, PayloadQuarantined) and "future" in m.reason for m in said)


def test_a_minute_that_has_not_ended_says_nothing_yet() -> None:
    found = session("binance minutes")
    said = reports(heard(found.feed(), [Frame(found.frames[0].data, Instant(START - SECOND))]))
    assert max(report.event_us for report in said) <= START - SECOND


@pytest.mark.parametrize("name", STREAMS)
def test_tells_the_price_that_the_host_knows(name: str) -> None:
    found = session(name)
    said = reports(heard(found.feed(), found.frames))
    assert len(said) >= 2 * 19
    for report in said:
        coin = report.symbol.partition("-")[0]
        assert report.value == found.paths.price(coin, report.event_us)


@pytest.mark.parametrize("name", STREAMS)
def test_a_missing_frame_loses_what_was_said_before(name: str) -> None:
    found = session(name)
    middle = len(found.frames) // 2
    said = heard(found.feed(), found.frames[:middle] + found.frames[middle + 1 :])
    lost = [message for message in said if isinstance(message, OracleLost)]
    assert lost
    assert "missing" in lost[0].reason
    after = said[said.index(lost[-1]) :]
    assert {r.symbol for r in reports(after)} >= {message.symbol for message in lost}


@pytest.mark.parametrize("name", STREAMS)
def test_a_repeated_frame_says_nothing_new(name: str) -> None:
    found = session(name)
    twice = [frame for frame in found.frames for _ in range(2)]
    assert reports(heard(found.feed(), twice)) == reports(heard(found.feed(), found.frames))


def test_one_quiet_symbol_is_lost_while_others_go_on() -> None:
    found = session("binance", 60)
    quiet = [f for f in found.frames if b"ETH" not in f.data or f.recv_us == START]
    lost = [m for m in heard(found.feed(), quiet) if isinstance(m, OracleLost)]
    assert [(m.symbol, m.reason) for m in lost] == [("ETH-USDT", "silent for 21 s")]


def test_minutes_tell_the_hour_before_and_each_minute_once() -> None:
    found = session("binance minutes", 180)
    said = reports(heard(found.feed(), found.frames))
    times = [report.event_us for report in said]
    assert len(times) == len(set(times)) >= 60
    for report in said:
        assert report.event_us % (60 * SECOND) == 0
        assert report.value == found.paths.price("BTC", report.event_us)
