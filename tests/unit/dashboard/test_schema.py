"""Does the description say what the routes are? That they keep it is proven in `conformance`."""

import msgspec
from starlette.routing import Route

from foreshock.dashboard.bodies import HaltBody, Healthy
from foreshock.dashboard.schema import OPERATIONS, document
from tests.unit.dashboard.site import BEARER, Site


def test_every_route_is_described_and_nothing_else() -> None:
    routes = {
        (method.lower(), route.path.replace(":path}", "}"))
        for route in Site().api.routes
        if isinstance(route, Route) and route.path.startswith(("/api/", "/healthz"))
        for method in route.methods or ()
        if method != "HEAD"
    }
    described = {(each.method, each.path) for each in OPERATIONS}
    assert routes == described


def test_the_description_is_the_same_at_every_call() -> None:
    assert document() == document()


def test_a_body_is_described_with_every_field_and_no_other() -> None:
    components = msgspec.convert(document()["components"], dict[str, dict[str, dict[str, object]]])
    halt = components["schemas"]["HaltBody"]
    assert halt["required"] == list(HaltBody.__struct_fields__)
    assert halt["additionalProperties"] is False


async def test_the_description_is_for_those_who_may_ask() -> None:
    async with Site().client() as client:
        assert (await client.get("/api/openapi.json")).status_code == 401
        served = await client.get("/api/openapi.json", headers=BEARER)
        assert served.json() == msgspec.to_builtins(document())
        health = await client.get("/healthz")
        assert msgspec.json.decode(health.content, type=Healthy).ok
