"""Do the two seams over a face behave like a network, faults on order included?"""

import asyncio

import pytest

from foreshock.adapters.seams import FrameConnector, HttpRequest, HttpTransport
from foreshock.adapters.sim.face import STREAM_FRAMES_MAX, Outbox, VenueFace
from foreshock.adapters.sim.faults import Faults, FaultyFace
from foreshock.adapters.sim.loopback import Loopback, LoopbackStream
from foreshock.core.domain.errors import VenueUnavailableError
from tests.unit.adapters.sim.face_scenario import T0
from tests.unit.adapters.sim.fake_face import EchoFace

KEY = (("Key", "1"),)


async def let_others_run() -> None:
    await asyncio.sleep(0)


def loopback(face: VenueFace) -> Loopback:
    return Loopback(face, lambda: T0, let_others_run)


async def silent(stream: LoopbackStream) -> bool:
    """Whether nothing arrives, however long one waits."""
    try:
        await asyncio.wait_for(stream.receive(), 0.02)
    except TimeoutError:
        return True
    return False


async def test_requests_reach_the_face() -> None:
    host: HttpTransport = loopback(EchoFace())
    answer = await host.send(HttpRequest("POST", "/a?b=1", (), b"body"))
    assert (answer.status, answer.body) == (207, b'["POST", "/a?b=1", "body"]')


async def test_frames_come_back_in_order() -> None:
    host: FrameConnector = loopback(EchoFace())
    stream = await host.connect("/", KEY)
    for text in ("one", "zwölf"):
        await stream.send(text)
    assert [await stream.receive() for _ in range(2)] == [b"one", "zwölf".encode()]


async def test_streams_do_not_hear_each_other() -> None:
    host = loopback(EchoFace())
    first, second = await host.connect("/", KEY), await host.connect("/", KEY)
    await first.send("mine")
    assert await silent(second)
    assert await first.receive() == b"mine"


async def test_a_refused_handshake_says_why() -> None:
    with pytest.raises(VenueUnavailableError, match=r"401.*no key"):
        await loopback(EchoFace()).connect("/", ())


async def test_a_closed_stream_is_over_for_both_sides() -> None:
    face = EchoFace()
    stream = await loopback(face).connect("/", KEY)
    await stream.close()
    await stream.close()
    assert face.closed == [1]
    with pytest.raises(VenueUnavailableError):
        await stream.receive()
    with pytest.raises(VenueUnavailableError):
        await stream.send("late")


async def test_a_cut_comes_after_what_was_said() -> None:
    face = EchoFace()
    stream = await loopback(face).connect("/", KEY)
    await stream.send("last words")
    await stream.send("bye")
    assert await stream.receive() == b"last words"
    with pytest.raises(VenueUnavailableError, match="cut by the host"):
        await stream.receive()
    assert face.closed == face.opened


async def test_a_reader_too_slow_is_cut_and_its_frames_forgotten() -> None:
    stream = await loopback(EchoFace()).connect("/", KEY)
    await stream.send(f"flood {STREAM_FRAMES_MAX + 1} 1")
    with pytest.raises(VenueUnavailableError, match="slow consumer"):
        await stream.receive()


def test_an_outbox_holds_exactly_its_ceiling() -> None:
    outbox = Outbox()
    for _ in range(STREAM_FRAMES_MAX):
        outbox.put("x")
    assert outbox.cut_reason is None
    outbox.put("x")
    assert (outbox.cut_reason, outbox.take(), outbox.is_over()) == ("slow consumer", None, True)
    outbox.put("x")
    outbox.cut("later reasons do not count")
    assert (outbox.cut_reason, outbox.take()) == ("slow consumer", None)


# ---- faults on order


async def faulty() -> tuple[Loopback, LoopbackStream, Faults]:
    faults = Faults()
    host = loopback(FaultyFace(EchoFace(b"beat"), faults))
    return host, await host.connect("/", KEY), faults


async def test_answers_fail_as_often_as_ordered() -> None:
    host, _, faults = await faulty()
    faults.answer_next(2, 503)
    answers = [await host.send(HttpRequest("GET", "/")) for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 503, 207]


async def test_handshakes_fail_as_often_as_ordered() -> None:
    host, _, faults = await faulty()
    faults.refuse_next(1, 502)
    with pytest.raises(VenueUnavailableError, match="502"):
        await host.connect("/", KEY)
    assert await host.connect("/", KEY)


async def test_dropped_frames_never_arrive() -> None:
    _, stream, faults = await faulty()
    faults.drop_next(2)
    for text in ("a", "b", "c"):
        await stream.send(text)
    assert await stream.receive() == b"c"


async def test_drops_can_hit_one_stream_only() -> None:
    host, first, faults = await faulty()
    second = await host.connect("/", KEY)
    faults.drop_next(1, second.connection)
    await first.send("a")
    await second.send("lost")
    await second.send("kept")
    assert (await first.receive(), await second.receive()) == (b"a", b"kept")


async def test_a_stalled_stream_still_answers_keep_alives() -> None:
    _, stream, faults = await faulty()
    faults.stall(stream.connection)
    await stream.send("data")
    assert await silent(stream)
    await stream.send("PONG")
    assert await stream.receive() == b"PONG"
    faults.resume(stream.connection)
    await stream.send("more")
    assert await stream.receive() == b"more"


async def test_injected_frames_arrive_as_they_are() -> None:
    host, first, faults = await faulty()
    second = await host.connect("/", KEY)
    faults.inject('{"price": NaN', first.connection)
    faults.inject("to all")
    assert [await first.receive() for _ in range(2)] == [b'{"price": NaN', b"to all"]
    assert await second.receive() == b"to all"


async def test_cuts_end_the_streams_they_name() -> None:
    host, first, faults = await faulty()
    second = await host.connect("/", KEY)
    faults.cut(first.connection)
    with pytest.raises(VenueUnavailableError):
        await first.receive()
    await second.send("alive")
    assert await second.receive() == b"alive"
    faults.cut()
    with pytest.raises(VenueUnavailableError):
        await second.receive()


def test_a_faulty_face_keeps_the_heartbeat() -> None:
    assert FaultyFace(EchoFace(b"beat"), Faults()).heartbeat == b"beat"
