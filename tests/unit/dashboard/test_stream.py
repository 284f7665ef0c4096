import asyncio
from collections.abc import AsyncIterator

from foreshock.dashboard.stream import STUCK_TICKS_MAX, Client, Kind, Stream, listen


class Facts:
    """What a stream shows, changed by hand."""

    def __init__(self) -> None:
        self.fast = 0
        self.slow = 0

    def stream(self, clients_max: int = 4) -> Stream:
        kinds = (Kind("fast", 1, lambda _: self.fast), Kind("slow", 2, lambda _: self.slow))
        return Stream(kinds, lambda: 0, clients_max)


def always() -> bool:
    return True


def joined(stream: Stream) -> Client:
    client = stream.join(always)
    assert client is not None
    return client


async def take(frames: AsyncIterator[bytes], count: int) -> list[tuple[str, str, str]]:
    """(id, event, data) of the next frames."""
    found: list[tuple[str, str, str]] = []
    for _ in range(count):
        frame = (await asyncio.wait_for(anext(frames), 5)).decode()
        fields = dict(line.split(": ", 1) for line in frame.strip().split("\n"))
        found.append((fields["id"], fields["event"], fields["data"]))
    return found


async def test_a_new_listener_gets_a_full_set_first() -> None:
    facts = Facts()
    frames = joined(facts.stream()).frames()
    assert await take(frames, 2) == [("1", "fast", "0"), ("2", "slow", "0")]


async def test_only_what_changed_is_sent_and_each_kind_at_its_pace() -> None:
    facts = Facts()
    stream = facts.stream()
    client = joined(stream)
    frames = client.frames()
    await take(frames, 2)
    stream.tell(1)
    assert client.waiting_count() == 1  # the first look at a kind is always told
    await take(frames, 1)
    stream.tell(3)
    assert client.waiting_count() == 0
    facts.fast, facts.slow = 7, 8
    stream.tell(5)
    assert await take(frames, 1) == [("4", "fast", "7")]
    stream.tell(6)
    assert await take(frames, 1) == [("5", "slow", "8")]


async def test_a_listener_that_does_not_read_costs_one_event_a_kind_and_sees_the_gap() -> None:
    facts = Facts()
    stream = facts.stream()
    client = joined(stream)
    for tick in range(10_000):
        facts.fast = tick
        stream.tell(2 * tick + 1)
    assert client.waiting_count() == 2
    events = await take(client.frames(), 2)
    assert events == [("2", "slow", "0"), ("10002", "fast", "9999")]


async def test_listeners_do_not_share_slots() -> None:
    facts = Facts()
    stream = facts.stream()
    first, second = joined(stream), joined(stream)
    await take(first.frames(), 2)
    assert first.waiting_count() == 0
    assert second.waiting_count() == 2


async def test_more_listeners_than_allowed_are_turned_away_until_one_leaves() -> None:
    stream = Facts().stream(clients_max=1)
    client = joined(stream)
    assert stream.join(always) is None
    stream.leave(client)
    assert stream.join(always) is not None


async def test_nothing_is_rendered_for_nobody() -> None:
    rendered: list[int] = []
    stream = Stream((Kind("fast", 1, rendered.append),), lambda: 0)
    stream.tell(1)
    assert rendered == []


async def test_silence_is_filled_with_comments() -> None:
    client = joined(Facts().stream())
    frames = client.frames(keepalive_s=0.01)
    await take(frames, 2)
    assert (await asyncio.wait_for(anext(frames), 5)).startswith(b":")


async def test_stopping_ends_the_stream_and_every_listener_at_once() -> None:
    facts = Facts()
    stream = facts.stream()
    running = asyncio.create_task(stream.run())
    frames = [listen(stream, joined(stream)) for _ in range(2)]
    for one in frames:
        await take(one, 2)
    waiting = [asyncio.create_task(drained(one)) for one in frames]
    await asyncio.sleep(0)
    stream.stop()
    async with asyncio.timeout(1):
        await running
        assert [await one for one in waiting] == [[], []]
    assert stream.count() == 0
    assert stream.join(always) is None


async def test_who_is_not_welcome_any_more_hears_nothing_more() -> None:
    welcome = [True]
    stream = Facts().stream()
    client = stream.join(lambda: welcome[0])
    assert client is not None
    frames = listen(stream, client)
    await take(frames, 1)
    welcome[0] = False
    assert await drained(frames) == []
    assert stream.count() == 0


async def drained(frames: AsyncIterator[bytes]) -> list[bytes]:
    return [frame async for frame in frames]


async def test_a_listener_that_never_reads_is_cut_off_after_a_while() -> None:
    facts, cuts = Facts(), list[str]()
    stream = facts.stream()
    client = joined(stream)
    client.cut = lambda: cuts.append("cut")
    frames = client.frames()
    await take(frames, 1)  # handed to the socket, and there it stays
    for tick in range(STUCK_TICKS_MAX):
        stream.tell(tick)
    assert cuts == []
    stream.tell(STUCK_TICKS_MAX)
    assert cuts == ["cut"]


async def test_a_listener_that_reads_and_waits_is_never_cut_off() -> None:
    facts, cuts, seen = Facts(), list[str](), list[bytes]()
    stream = facts.stream()
    client = joined(stream)
    client.cut = lambda: cuts.append("cut")

    async def read() -> None:
        async for frame in client.frames():
            seen.append(frame)

    reader = asyncio.create_task(read())
    for tick in range(1, 3 * STUCK_TICKS_MAX):
        facts.fast += tick % 10 == 0
        stream.tell(tick)
        await asyncio.sleep(0.001)
    stream.stop()
    await reader
    assert cuts == []
    assert len(seen) > 3 * STUCK_TICKS_MAX // 10


async def test_at_the_end_only_those_who_do_not_read_are_cut_off() -> None:
    facts, cuts = Facts(), list[str]()
    stream = facts.stream()
    stuck, patient = joined(stream), joined(stream)
    stuck.cut, patient.cut = (lambda: cuts.append("stuck")), (lambda: cuts.append("patient"))
    frames = stuck.frames()
    await take(frames, 1)
    stream.stop()
    assert cuts == ["stuck"]
