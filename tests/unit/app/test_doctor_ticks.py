"""Is it said when two sources of a venue disagree on a market's ticks or fees, and what to do?"""

import msgspec
import pytest

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.face import VenueFace
from foreshock.adapters.sim.polymarket_gamma import GammaFace
from foreshock.adapters.venues.kalshi.client import KalshiClient
from foreshock.adapters.venues.polymarket.client import PolymarketClient
from foreshock.app.doctor import Finding
from foreshock.app.doctor_terms import shard_cash_of
from foreshock.app.doctor_ticks import NAMED_ONLY, STEPS, kalshi_grids, named_grid, polymarket_terms
from foreshock.core.domain.markets import Market
from foreshock.core.domain.units import Duration
from tests.scenarios.live_scene import Scene

TAPERED = (
    b'[{"start":"0.0000","end":"0.1000","step":"0.0010"},'
    b'{"start":"0.1000","end":"0.9000","step":"0.0100"},'
    b'{"start":"0.9000","end":"1.0000","step":"0.0010"}]'
)
"""As Kalshi states its tapered grid. Retyped from its documentation of October 2026."""


class Host:
    """A face; bodies whose path holds a text are spoilt."""

    def __init__(self, face: VenueFace, path: str = "", old: bytes = b"", new: bytes = b"") -> None:
        self._face, self._path, self._old, self._new = face, path, old, new

    async def send(self, request: HttpRequest) -> HttpResponse:
        answer = self._face.handle(request, wall_clock_us())
        if not self._path or self._path not in request.path:
            return answer
        body = answer.body.replace(self._old, self._new)
        assert body != answer.body, "nothing was spoilt"
        return HttpResponse(answer.status, body, answer.headers)


class World:
    """Both venues with one market each."""

    def __init__(self) -> None:
        self.scene = Scene()
        self.scene.offer_both()
        self.gamma = GammaFace(self.scene.pm.exchange)

    async def polymarket(self, path: str = "", old: bytes = b"", new: bytes = b"") -> Finding:
        client = PolymarketClient(Host(self.gamma), Host(self.scene.clob, path, old, new))
        return await polymarket_terms(client, await self.listed(client))

    async def listed(self, client: PolymarketClient) -> tuple[Market, ...]:
        return (await client.resolve([self.scene.pm.native_id])).markets

    async def kalshi(self, path: str = "", old: bytes = b"", new: bytes = b"") -> Finding:
        host = Host(self.scene.kalshi_face, path, old, new)
        return await kalshi_grids(host, [self.scene.ks.market])


async def test_polymarket_in_agreement_is_in_order() -> None:
    found = await World().polymarket()
    assert (found.state, found.words) == ("ok", "both sources agree on 1 markets")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b'"mts":0.01', b'"mts":0.001', "the list says $0.01, the engine $0.001"),
        (b'"mts":0.01', b'"mts":0.1', "the engine $0.1"),
        (b'"mos":5', b'"mos":15', "the list takes 5 contracts at least, the engine 15"),
        (b'"r":0.0', b'"r":0.9', "fee"),
    ],
)
async def test_polymarket_terms_that_differ_are_a_problem_with_their_cure(
    old: bytes, new: bytes, words: str
) -> None:
    found = await World().polymarket("/clob-markets/", old, new)
    assert found.state == "problem"
    assert words in found.words
    assert "start the desk once the list agrees" in found.words


async def test_an_engine_that_answers_nonsense_is_a_problem() -> None:
    found = await World().polymarket("/clob-markets/", b'"mts"', b'"tick"')
    assert found.state == "problem"
    assert "mts" in found.words


async def test_kalshi_in_agreement_is_in_order() -> None:
    assert (await World().kalshi()).state == "ok"


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        ("/markets?", b'"linear_cent"', b'"deci_cent"', "deci_cent is $0.001, it states $0.01"),
        ("/markets?", b'"linear_cent"', b'"wavy_cent"', "nobody knows the grid 'wavy_cent'"),
        ("/markets?", b'"step":"0.0100"', b'"step":"0.0500"', "it states $0.05"),
        ("/orderbooks", b'"0.5200"', b'"0.5250"', "its book has $0.5250"),
    ],
)
async def test_kalshi_grids_that_differ_are_a_problem_with_their_cure(
    path: str, old: bytes, new: bytes, words: str
) -> None:
    found = await World().kalshi(path, old, new)
    assert found.state == "problem"
    assert words in found.words
    assert "do not trade these markets" in found.words


async def test_a_named_grid_without_published_numbers_is_taken_as_stated() -> None:
    world = World()
    for name in NAMED_ONLY:
        found = await world.kalshi("/markets?", b'"linear_cent"', f'"{name}"'.encode())
        assert found.state == "ok"


def test_every_published_grid_covers_a_dollar() -> None:
    for name in STEPS:
        grid = named_grid(name)
        assert grid is not None
        assert (grid.ranges[0].start, grid.ranges[-1].end) == (0, 1_000_000)
    assert named_grid("banded_centi_cent") is None


async def test_the_tapered_grid_is_the_documented_one() -> None:
    world = World()
    simulated = await world.kalshi("/markets?", b'"linear_cent"', b'"tapered_deci_cent"')
    assert "tapered_deci_cent is $0.001/$0.01/$0.001, it states $0.01" in simulated.words
    plain = b'[{"end":"1.0000","start":"0.0000","step":"0.0100"}]'
    spoilt = Host(world.scene.kalshi_face, "/markets?", plain, TAPERED)
    relabelled = await kalshi_grids(spoilt, [world.scene.ks.market])
    assert "linear_cent is $0.01, it states $0.001/$0.01/$0.001" in relabelled.words


async def test_no_market_is_no_finding() -> None:
    world = World()
    assert (await kalshi_grids(Host(world.scene.kalshi_face), [])).state == "note"
    client = PolymarketClient(Host(world.gamma), Host(world.scene.clob))
    assert (await polymarket_terms(client, ())).state == "note"


async def test_money_on_the_wrong_shard_is_a_problem_that_names_both() -> None:
    world = World()
    host, sign = Host(world.scene.kalshi_face), world.scene.accounts[1].signer.sign

    async def pause(_: Duration) -> None:
        return None

    listed = (await KalshiClient(host, pause).watch_list([world.scene.ks.native_id])).listings
    here = listed[0].market
    assert here.shard == 0
    found = await shard_cash_of(host, sign, [here])
    assert (found.state, found.words) == ("ok", "0: $10000.00")
    elsewhere = msgspec.structs.replace(here, shard=2)
    poor = await shard_cash_of(host, sign, [here, elsewhere])
    assert poor.state == "problem"
    assert "nothing on shard 2 (0: $10000.00)" in poor.words
    assert "move cash there" in poor.words
