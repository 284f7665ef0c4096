"""The synthetic stream is what it says, and everybody who folds it ends with the same books."""

from itertools import pairwise

import msgspec
import pytest

from benchmarks.agreement import disagreements
from benchmarks.bot import Bot
from benchmarks.desk import LivePath, shipped_config
from benchmarks.stream import WEIGHTS, Stream, make_stream


@pytest.fixture(scope="module")
def stream() -> Stream:
    return make_stream(seed=3, pairs_count=150, frames_count=6_000)


def test_the_mix_is_that_of_the_documented_schemas(stream: Stream) -> None:
    for kind, percent in WEIGHTS.items():
        assert abs(stream.kinds.count(kind) / len(stream.kinds) - percent / 100) < 0.02
    mean = sum(len(arrival.payload) for arrival in stream.frames) / len(stream.frames)
    assert 450 < mean < 560
    assert abs(stream.touches / len(stream.frames) - 0.18) < 0.02


def test_the_same_seed_gives_the_same_bytes(stream: Stream) -> None:
    again = make_stream(seed=3, pairs_count=150, frames_count=6_000)
    assert again.frames == stream.frames
    assert make_stream(seed=4, pairs_count=150, frames_count=10).frames != again.frames[:10]


def test_every_frame_is_json_in_order_of_receipt(stream: Stream) -> None:
    for arrival in stream.frames:
        msgspec.json.decode(arrival.payload)
    assert all(a.recv_us < b.recv_us for a, b in pairwise(stream.frames))


def test_our_books_the_bots_and_the_models_are_the_same(stream: Stream) -> None:
    assert disagreements(stream) == []


def test_a_frame_that_one_of_them_misses_is_noticed(stream: Stream) -> None:
    frame = next(i for i, kind in enumerate(stream.kinds) if kind == "delta")
    later = {arrival.pair for arrival in stream.frames[frame + 1 :]}
    assert later, "the stream is long enough"
    tampered = stream._replace(frames=stream.frames[:frame])
    assert disagreements(tampered)


def test_the_bot_finds_the_edges_that_we_quote() -> None:
    stream = make_stream(seed=3, pairs_count=60, frames_count=4_000, strangers_share=0.5)
    bot, path = Bot(stream), LivePath(stream, shipped_config("watch"))
    for arrival in (*stream.opening, *stream.frames):
        if bot.on_frame(arrival) and arrival.pair >= 0:
            bot.check(arrival.pair)
    for arrival in stream.frames:
        path.take((arrival,))
    assert len(bot.edges) == len(stream.pairs)
    assert any(edge > 0 for edge in bot.edges.values())
    assert path.said["EdgeQuoted"] > len(stream.pairs)
