"""Is every endpoint that a live desk reads looked at, and is what differs named with its cure?"""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from foreshock.adapters import venues
from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpResponse, HttpTransport
from foreshock.adapters.sim.face import VenueFace
from foreshock.adapters.sim.polymarket_data import DataFace
from foreshock.adapters.sim.polymarket_gamma import GammaFace
from foreshock.adapters.venues.kalshi.account import KalshiReader
from foreshock.adapters.venues.kalshi.client import KalshiClient
from foreshock.adapters.venues.kalshi.signer import ROUTES as KALSHI_ROUTES
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.client import PolymarketClient
from foreshock.adapters.venues.polymarket.routes import ROUTES as POLYMARKET_ROUTES
from foreshock.adapters.venues.server_time import time_request
from foreshock.app import doctor_shapes as module
from foreshock.app.doctor import Finding
from foreshock.app.doctor_shapes import ENDPOINTS, PAUSE_S, Visited, looks_of, shapes_of
from foreshock.core.domain.units import Duration, Instant
from tests.scenarios.live_scene import Scene

VENUES = ("kalshi", "polymarket")
SIGNED_BUT_NOT_READ = {
    "/portfolio/orders/queue_positions": "shown nowhere yet",
    "/portfolio/settlements": "payouts follow from the resolution, and the balance confirms them",
    "/portfolio/order_groups/{id}": "the list tells limits and shards",
    "/balance-allowance/update": "before the allowances are read: it only lets the venue look again",
    "/relay-payload": "read while a split, merge or redemption is sent, which nobody does to look",
    "/v1/account/transactions/params": "as above",
    "/v1/account/transactions/{id}": "as above",
}
"""What the signers would sign and the doctor does not look at, each with its reason."""


NOT_LOOKED_AT = {
    **SIGNED_BUT_NOT_READ,
    "/portfolio/{id}": "the parts of an account, each listed by its name",
    "/historical/markets/{id}": "one that settled months ago, and is still held",
    "/markets/candlesticks": "past volume: no order rests on it, what cannot be read is unknown",
    "/v2/trades": "past volume: as above",
    "/order": "places and cancels",
    "/orders": "places and cancels",
    "/portfolio/events/orders": "places and cancels",
    "/portfolio/events/orders/{id}": "cancels and changes",
    "/v1/heartbeats": "a beat is no look: the first one arms the venue's dead-man's switch",
    "/submit": "sends a transaction",
    "/auth/derive-api-key": "the signer's, which keeps what it says",
}
"""What the sources ask for and the doctor does not look at, each with its reason."""
LITERAL = re.compile(
    r'(?:\bget|\b_?reading|read_request)\(\s*f?"(/[^"]*)|"GET", f?"(/[^"]*)|path ?= ?f?"(/[^"]*)'
)
SOURCES = Path(venues.__file__).parent


class Host:
    """A face; bodies whose path holds a text are spoilt, and every question is kept."""

    def __init__(self, face: VenueFace, asked: list[str]) -> None:
        self._face = face
        self._asked = asked
        self.spoilt: list[tuple[str, bytes, bytes]] = []
        self.refused = ""
        self.busy = False

    async def send(self, request: HttpRequest) -> HttpResponse:
        self._asked.append(f"{request.method} {request.path}")
        if self.refused and self.refused in request.path:
            return HttpResponse(403, b"{}")
        if self.busy:
            return HttpResponse(429, b"{}")
        answer = self._face.handle(request, wall_clock_us())
        body = answer.body
        for path, old, new in self.spoilt:
            if path in request.path:
                body = body.replace(old, new)
                assert body != answer.body, "nothing was spoilt"
        return HttpResponse(answer.status, body, answer.headers)


class Venues:
    """Both simulated venues with our accounts, and the hosts that the doctor asks."""

    def __init__(self) -> None:
        self.scene = Scene()
        self.scene.offer_both()
        self.asked: list[str] = []
        exchange = self.scene.pm.exchange
        faces: dict[str, VenueFace] = {
            "gamma": GammaFace(exchange),
            "clob": self.scene.clob,
            "website": self.scene.clob,
            "data": DataFace(exchange, self.scene.clob.private),
            "kalshi": self.scene.kalshi_face,
        }
        self.hosts = {name: Host(face, self.asked) for name, face in faces.items()}

    def visited(self, venue: str) -> Visited:
        polymarket, kalshi = self.scene.accounts
        account = kalshi if venue == "kalshi" else polymarket
        hosts: dict[str, HttpTransport] = {**self.hosts}

        def sign(unsigned: Unsigned, now_us: Instant) -> HttpRequest:
            return account.signer.sign(unsigned, now_us)

        return Visited(venue, hosts, sign, account.account.reader)

    async def look(self, venue: str) -> dict[str, Finding]:
        return {one.check: one for one in await shapes_of(self.visited(venue))}


@pytest.mark.parametrize("venue", VENUES)
async def test_the_simulated_venues_answer_as_documented(venue: str) -> None:
    found = await Venues().look(venue)
    assert [one for one in found.values() if one.state != "ok"] == []
    count = len(ENDPOINTS[venue])
    assert f"{count} of {count} endpoints" in found[f"{venue} shapes"].words


@pytest.mark.parametrize(
    ("venue", "host", "path", "old", "new", "check", "name"),
    [
        ("kalshi", "kalshi", "/events?", b'"rules_primary"', b'"rules_1"', "GET /events", ""),
        ("kalshi", "kalshi", "/balance", b'"updated_ts"', b'"at"', "GET /portfolio/balance", ""),
        (
            "polymarket",
            "gamma",
            "/markets/keyset",
            b'"conditionId"',
            b'"cond"',
            "GET /markets/keyset",
            "markets[].conditionId",
        ),
        ("polymarket", "clob", "/balance-allowance", b'"balance"', b'"b"', "", "balance"),
    ],
)
async def test_a_field_that_is_gone_is_a_problem_and_its_new_name_is_noted(
    venue: str, host: str, path: str, old: bytes, new: bytes, check: str, name: str
) -> None:
    venues = Venues()
    venues.hosts[host].spoilt.append((path, old, new))
    named = f"{venue} {check or 'GET ' + path}"
    said = [one for one in await shapes_of(venues.visited(venue)) if one.check == named]
    assert [one.state for one in said] == ["problem", "note"]
    gone = (name or old.decode().strip('"')).rpartition(".")[2]
    assert gone in said[0].words
    assert "update foreshock" in said[0].words
    assert new.decode().strip('"') in said[1].words
    assert "changelog" in said[1].words


async def test_a_new_field_alone_is_noted_by_name() -> None:
    venues = Venues()
    venues.hosts["clob"].spoilt.append(("/clob-markets/", b'"mts"', b'"brand_new":1,"mts"'))
    found = await venues.look("polymarket")
    note = found["polymarket GET /clob-markets/{id}"]
    assert note.state == "note"
    assert "new fields brand_new" in note.words
    assert found["polymarket shapes"].state == "note"


async def test_an_endpoint_that_refuses_is_a_problem() -> None:
    venues = Venues()
    venues.hosts["kalshi"].refused = "/account/limits"
    found = (await venues.look("kalshi"))["kalshi GET /account/limits"]
    assert found.state == "problem"
    assert "answered 403" in found.words


async def test_a_venue_that_wants_more_time_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def nap(seconds: float) -> None:
        pauses.append(seconds)
        venues.hosts["kalshi"].busy = False

    monkeypatch.setattr(module.asyncio, "sleep", nap)
    venues = Venues()
    venues.hosts["kalshi"].busy = True
    found = await venues.look("kalshi")
    assert [one for one in found.values() if one.state != "ok"] == []
    assert pauses == [PAUSE_S]


# ---- complete --------------------------------------------------------------------------------


@pytest.mark.parametrize("venue", VENUES)
def test_every_listed_endpoint_is_looked_at_once(venue: str) -> None:
    looks = [look.of for look in looks_of(Venues().visited(venue))]
    assert sorted(looks) == sorted(one.name for one in ENDPOINTS[venue])


def test_everything_that_may_be_signed_to_be_read_is_looked_at_or_has_a_reason() -> None:
    reads = {route.path for route in KALSHI_ROUTES if route.kind == "read"}
    for route in POLYMARKET_ROUTES:
        folder, _, last = route.path.rpartition("/")
        if route.kind == "read":  # the last part of a pattern that is no word stands for a name
            reads.add(route.path if re.fullmatch(r"[a-z-]+", last) else f"{folder}/{{id}}")
    listed = {one.name.partition(" ")[2] for venue in VENUES for one in ENDPOINTS[venue]}
    assert reads - listed == set(SIGNED_BUT_NOT_READ)


def test_every_path_that_the_sources_name_is_looked_at_or_has_a_reason() -> None:
    named: set[str] = set()
    for file in SOURCES.rglob("*.py"):
        if file.name == "routes.py":  # the signer's own list, held above
            continue
        for match in LITERAL.finditer(file.read_text(encoding="utf8")):
            path = next(group for group in match.groups() if group)
            named.add(re.sub(r"{[^}]*}", "{id}", path.partition("?")[0]))
    listed = {one.name.partition(" ")[2] for venue in VENUES for one in ENDPOINTS[venue]}
    listed |= {"/markets/keyset", "/events/keyset", "/books"}
    assert len(named) > 30
    assert named - listed - set(NOT_LOOKED_AT) == set()


def template(asked: str) -> str:
    """A question by the name of its endpoint."""
    method, _, path = asked.partition(" ")
    bare = path.partition("?")[0].removeprefix("/trade-api/v2")
    single = re.sub(
        r"^(/portfolio/orders|/series|/events|/data/order|/clob-markets)/[^/]+$", "", bare
    )
    if single != bare and bare not in {"/events/keyset"}:
        bare = bare.rpartition("/")[0] + "/{id}"
    return f"{method} {bare}"


def listed(asked: Iterable[str]) -> set[str]:
    """Questions that only read and that no list names."""
    names = {one.name for venue in VENUES for one in ENDPOINTS[venue]}
    reading = {one for one in asked if one.startswith(("GET ", "POST /books"))}
    return {template(one) for one in reading} - names


async def test_discovery_asks_nothing_that_is_not_listed() -> None:
    venues = Venues()

    async def pause(_: Duration) -> None:
        return None

    kalshi = KalshiClient(venues.hosts["kalshi"], pause)
    ticker = venues.scene.ks.native_id
    await kalshi.watch_list([ticker, "KXNOTHING"])
    await kalshi.open_markets()
    await kalshi.order_books([ticker])
    polymarket = PolymarketClient(venues.hosts["gamma"], venues.hosts["clob"])
    resolution = await polymarket.resolve([venues.scene.pm.native_id, "no-such-slug"])
    await polymarket.books([resolution.markets[0].outcome_ids[0]])
    await polymarket.with_engine_terms(resolution.markets[0])
    await venues.hosts["clob"].send(time_request("polymarket"))
    assert len(venues.asked) > 8
    assert listed(venues.asked) == set()


def test_a_desk_that_trades_and_is_in_doubt_asks_nothing_that_is_not_listed() -> None:
    scene = Scene()
    scene.offer_both()
    scene.ready()
    for venue, path in (
        ("kalshi", "/trade-api/v2/portfolio/events/orders"),
        ("polymarket", "/order"),
    ):
        scene.desk.rule(venue, effect="drop_answer", method="POST", path=path)
    scene.trade()
    scene.desk.run(120)
    asked = [f"{request.method} {request.path}" for _, _, request in scene.desk.sent]
    assert {template(one) for one in asked} >= {"GET /portfolio/orders", "GET /data/trades"}
    assert listed(asked) == set()


def test_the_reader_of_the_doctor_is_the_desks() -> None:
    assert isinstance(Venues().visited("kalshi").reader, KalshiReader)
