"""Is what Kalshi grants taken over, and is it said where it is not?"""

import msgspec
import pytest

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.kalshi_rules import KalshiRules
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.app.kalshi_terms import (
    BASIC_BUDGET,
    KalshiTerms,
    ask_terms,
    shard_of,
    terms_words,
)
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Instant, Quantity
from tests.scenarios.live_scene import Scene

CLIP = Quantity(500_000_000)
STRATEGIES = ("atomic-arb",)


class Host:
    """Kalshi's face; requests whose path ends so are answered with a status alone."""

    def __init__(self, scene: Scene, broken: str = "", status: int = 503) -> None:
        self.scene = scene
        self.broken = broken
        self.status = status
        self.requests: list[HttpRequest] = []

    async def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        if self.broken and request.path.endswith(self.broken):
            return HttpResponse(self.status, b"{}")
        return self.scene.accounts[1].trading.face.handle(request, wall_clock_us())

    async def terms(self) -> KalshiTerms:
        return await ask_terms(self, self.scene.accounts[1].signer.sign, STRATEGIES, CLIP)


async def test_the_tier_of_the_account_takes_the_place_of_the_lowest() -> None:
    scene = Scene()
    basic = (await Host(scene).terms()).budget
    scene.kalshi_face.obey(KalshiRules(tier="premier"))
    premier = await Host(scene).terms()
    assert premier.words == ()
    assert premier.budget.write.per_second > basic.write.per_second == 100
    assert premier.budget.costs["cancel"] == 2


async def test_a_fuse_is_made_once_and_used_again() -> None:
    scene = Scene()
    first = await Host(scene).terms()
    again = Host(scene)
    assert (await again.terms()).groups == first.groups
    assert list(first.groups) == [("atomic-arb", 0)]
    assert {request.method for request in again.requests} == {"GET"}
    (reset,) = first.resets()
    assert reset.path.endswith("/reset?exchange_index=0")
    assert "1 fuse(s) at 1000 contracts" in terms_words(first, Quantity(2 * CLIP))


@pytest.mark.parametrize("path", ["/account/limits", "/account/endpoint_costs"])
async def test_limits_that_cannot_be_read_are_said_and_the_lowest_tier_holds(path: str) -> None:
    found = await Host(Scene(), path).terms()
    assert found.budget == BASIC_BUDGET
    assert len(found.groups) == 1
    assert "its lowest tier is assumed" in found.words[0]


@pytest.mark.parametrize("path", ["/order_groups", "/order_groups/create"])
@pytest.mark.parametrize("status", [403, 503])
async def test_a_fuse_that_cannot_be_had_is_said(path: str, status: int) -> None:
    found = await Host(Scene(), path, status).terms()
    assert found.groups == {}
    assert found.resets() == ()
    assert "entries leave without that fuse" in found.words[0]


async def test_a_signer_that_refuses_is_said() -> None:
    def refuse(_unsigned: Unsigned, _now_us: Instant) -> HttpRequest:
        raise ConfigError("no key")

    found = await ask_terms(Host(Scene()), refuse, STRATEGIES, CLIP)
    assert len(found.words) == 2
    assert "no key" in found.words[0]


@pytest.mark.parametrize(("category", "shard"), [("Politics", 0), ("Crypto", None)])
def test_no_group_is_named_where_another_shard_may_trade(category: str, shard: int | None) -> None:
    market = msgspec.structs.replace(Scene().ks.market, category=category)
    assert shard_of(market) == shard
