"""Do orders to the control host take effect, over memory and over sockets alike?"""

import asyncio
import json
from typing import Any

import pytest

from foreshock.adapters.http import NetworkTransport
from foreshock.adapters.seams import HttpRequest, HttpTransport
from foreshock.adapters.sim.control import ControlHost, Controlled, Lever
from foreshock.adapters.sim.faults import Faults, FaultyFace
from foreshock.adapters.sim.loopback import Loopback
from foreshock.adapters.sim.server import serve
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.units import Instant
from tests.unit.adapters.sim.face_scenario import T0
from tests.unit.adapters.sim.fake_face import EchoFace, StillWorld

GET = HttpRequest("GET", "/echo")


def orders(faults: Faults, levers: dict[str, Lever] | None = None) -> ControlHost:
    return ControlHost({"clob": Controlled(faults, levers or {})})


def pull(control: ControlHost, path: str, body: object) -> tuple[int, Any]:
    text = json.dumps(body).encode()
    answer = control.handle(HttpRequest("POST", f"/sim/control/{path}", (), text), T0)
    return answer.status, json.loads(answer.body)


def test_a_rule_ordered_over_http_strikes() -> None:
    faults = Faults()
    control, face = orders(faults), FaultyFace(EchoFace(), faults)
    assert pull(control, "clob/requests", {"effect": "drop_request"}) == (200, {})
    assert face.passage(GET).is_request_lost
    seen = json.loads(control.handle(HttpRequest("GET", "/sim/control"), T0).body)
    assert seen["clob"]["attempts"] == {"GET /echo": 1}
    assert seen["clob"]["levers"] == ["clear", "frames", "requests", "streams"]


def test_streams_obey_and_clear_ends_it() -> None:
    faults, echo = Faults(), EchoFace()
    control, face = orders(faults), FaultyFace(echo, faults)
    face.open(1, "/", (("key", "1"),), T0)
    pull(control, "clob/streams", {"action": "stall"})
    face.receive(1, "lost", T0)
    assert face.take_frames(T0) == []
    pull(control, "clob/clear", {})
    pull(control, "clob/frames", {"effect": "duplicate"})
    pull(control, "clob/streams", {"action": "inject", "text": "never said"})
    face.receive(1, "heard", T0)
    assert face.take_frames(T0) == [(1, "heard"), (1, "heard"), (1, "never said")]
    pull(control, "clob/streams", {"action": "cut", "connection": 1})
    assert face.take_cuts() == [1]


def test_venue_levers_get_body_and_time_and_their_refusals_are_told() -> None:
    def lever(body: bytes, now_us: Instant) -> object:
        if not json.loads(body):
            raise ValueError("nothing to do")
        return {"at": now_us, **json.loads(body)}

    def lost(_body: bytes, _now_us: Instant) -> object:
        raise KeyError("order 7")

    control = orders(Faults(), {"move": lever, "find": lost})
    assert pull(control, "clob/move", {"a": 1}) == (200, {"at": T0, "a": 1})
    assert pull(control, "clob/move", {}) == (400, {"error": "nothing to do"})
    assert pull(control, "clob/find", {}) == (404, {"error": "unknown: order 7"})


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("clob/levitate", {}, 404),
        ("nowhere/requests", {"effect": "drop_request"}, 404),
        ("clob/requests", {"effect": "explode"}, 400),
        ("clob/requests", {"effect": "drop_request", "cuont": 3}, 400),
        ("clob/streams", [], 400),
    ],
)
def test_what_is_not_understood_is_refused(path: str, body: object, status: int) -> None:
    assert pull(orders(Faults()), path, body)[0] == status


# ---- the shells obey


class Hall:
    """An echoing host reached in memory and over a socket, under one set of faults each."""

    def __init__(self) -> None:
        self.now = T0
        self.faults = Faults()

    async def wait(self) -> None:
        self.now = Instant(self.now + 1_000)
        await asyncio.sleep(0)

    def loopback(self) -> Loopback:
        return Loopback(FaultyFace(EchoFace(), self.faults), lambda: self.now, self.wait)


@pytest.mark.parametrize("effect", ["drop_request", "drop_answer"])
async def test_a_lost_message_is_a_broken_connection_in_memory_and_over_sockets(
    effect: str,
) -> None:
    faults = Faults()
    served = await serve(StillWorld(), {"echo": FaultyFace(EchoFace(), faults)})
    network = NetworkTransport(served.urls["echo"])
    hall = Hall()
    reached: list[tuple[HttpTransport, Faults]] = [
        (network, faults),
        (hall.loopback(), hall.faults),
    ]
    for transport, own in reached:
        pull(orders(own), "clob/requests", {"effect": effect})
        with pytest.raises(VenueUnavailableError):
            await transport.send(GET)
        assert (await transport.send(GET)).status == 207
    await network.close()
    await served.stop()


async def test_a_delayed_request_arrives_late_and_even_without_its_sender() -> None:
    hall = Hall()
    transport = hall.loopback()
    pull(orders(hall.faults), "clob/requests", {"effect": "delay_request", "delay_us": 50_000})
    pull(orders(hall.faults), "clob/requests", {"effect": "delay_answer", "delay_us": 20_000})
    sender = asyncio.create_task(transport.send(GET))
    await asyncio.sleep(0)
    assert not sender.done()
    await sender
    assert hall.now - T0 >= 70_000


async def test_a_delay_over_sockets_takes_its_time() -> None:
    faults = Faults()
    served = await serve(StillWorld(), {"echo": FaultyFace(EchoFace(), faults)})
    network = NetworkTransport(served.urls["echo"])
    loop = asyncio.get_running_loop()
    pull(orders(faults), "clob/requests", {"effect": "delay_answer", "delay_us": 120_000})
    began = loop.time()
    assert (await network.send(GET)).status == 207
    assert loop.time() - began >= 0.12
    await network.close()
    await served.stop()
