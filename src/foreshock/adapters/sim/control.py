"""How does a test or a person order what goes wrong at the simulated venues?

A host of its own, so that clients of the venues never meet it. Every order is a POST of JSON:

    /sim/control/{host}/requests   RequestRule: delays, losses, other answers
    /sim/control/{host}/frames     FrameRule: losses, repeats, delays of stream frames
    /sim/control/{host}/streams    StreamOrder: stall, resume, cut, inject
    /sim/control/{host}/clear      {}: forget every rule
    /sim/control/{host}/{lever}    what the venue itself offers, in its own words

GET /sim/control tells the hosts, their levers, and how often each request was tried.
"""

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.conditions import FrameRule, RequestRule
from foreshock.adapters.sim.faults import Faults
from foreshock.adapters.sim.wire_text import Query, answer
from foreshock.core.domain.errors import ForeshockError
from foreshock.core.domain.units import Instant

Lever: TypeAlias = Callable[[bytes, Instant], object]
"""lever(body, now_us) -> what to answer, JSON-able. Raises ValueError or a Foreshock error for
what it cannot do, msgspec.DecodeError for a body that it cannot read; KeyError for an unknown
name."""
ROOT = ("sim", "control")


class StreamOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to do to one stream, or to all open ones (None). text: of `inject`."""

    action: Literal["stall", "resume", "cut", "inject"]
    connection: int | None = None
    text: str = ""


class Controlled(msgspec.Struct, frozen=True):
    """One host under control: the faults its FaultyFace obeys, and the venue's own levers."""

    faults: Faults
    levers: Mapping[str, Lever] = {}


class ControlHost:
    """The control host: see `RestFace`. hosts: by the names their addresses are announced under."""

    def __init__(self, hosts: Mapping[str, Controlled]) -> None:
        self._hosts = dict(hosts)

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """One order, or the list of what can be ordered."""
        parts = Query(request).parts
        if request.method == "GET" and parts == ROOT:
            return answer(200, self._overview())
        match parts:
            case ("sim", "control", host, lever) if request.method == "POST":
                return self._pull(host, lever, request.body, now_us)
            case _:
                return answer(404, {"error": "no such control"})

    def _overview(self) -> dict[str, object]:
        return {
            name: {
                "levers": sorted(_levers(host)),
                "attempts": dict(host.faults.conditions.attempts),
            }
            for name, host in self._hosts.items()
        }

    def _pull(self, host: str, name: str, body: bytes, now_us: Instant) -> HttpResponse:
        controlled = self._hosts.get(host)
        lever = _levers(controlled).get(name) if controlled else None
        if lever is None:
            return answer(404, {"error": f"no control {host}/{name}"})
        try:
            return answer(200, lever(body or b"{}", now_us))
        except KeyError as error:
            return answer(404, {"error": f"unknown: {error.args[0]}"})
        except (ValueError, ForeshockError) as error:
            return answer(400, {"error": str(error)})


def _levers(host: Controlled) -> dict[str, Lever]:
    """The venue's own and those that every host has; the latter cannot be replaced."""
    faults = host.faults

    def requests(body: bytes, _now_us: Instant) -> object:
        faults.conditions.add_request_rule(msgspec.json.decode(body, type=RequestRule))
        return {}

    def frames(body: bytes, _now_us: Instant) -> object:
        faults.conditions.add_frame_rule(msgspec.json.decode(body, type=FrameRule))
        return {}

    def streams(body: bytes, _now_us: Instant) -> object:
        _order(faults, msgspec.json.decode(body, type=StreamOrder))
        return {}

    def clear(_body: bytes, _now_us: Instant) -> object:
        faults.conditions.clear()
        faults.stalled.clear()
        return {}

    common = {"requests": requests, "frames": frames, "streams": streams, "clear": clear}
    return {**host.levers, **common}


def _order(faults: Faults, order: StreamOrder) -> None:
    match order.action:
        case "stall":
            faults.stall(order.connection)
        case "resume":
            faults.resume(order.connection)
        case "cut":
            faults.cut(order.connection)
        case "inject":
            faults.inject(order.text, order.connection)
