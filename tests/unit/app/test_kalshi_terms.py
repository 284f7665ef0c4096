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
SHARDS = (0, 1, 2)


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
    assert list(first.groups) == [("atomic-arb", shard) for shard in SHARDS]
    assert len(set(first.groups.values())) == len(SHARDS)
    assert {request.method for request in again.requests} == {"GET"}
    resets = [reset.path.rpartition("/")[2] for reset in first.resets()]
    assert resets == [f"reset?exchange_index={shard}" for shard in SHARDS]
    words = terms_words(first, Quantity(2 * CLIP))
    assert "3 fuse(s) on 3 shard(s) at 1000 contracts" in words


async def test_shards_that_cannot_be_read_leave_the_fuse_of_the_default_one() -> None:
    found = await Host(Scene(), "/exchange/status").terms()
    assert list(found.groups) == [("atomic-arb", 0)]
    assert "fuses only on the default one" in found.words[0]


async def test_a_shard_without_a_fuse_is_said_and_the_others_have_theirs() -> None:
    class Full(Host):
        async def send(self, request: HttpRequest) -> HttpResponse:
            if b'"exchange_index":2' in request.body:
                return HttpResponse(400, b"{}")
            return await super().send(request)

    found = await Full(Scene()).terms()
    assert list(found.groups) == [("atomic-arb", 0), ("atomic-arb", 1)]
    assert found.words[0].startswith("no order group on Kalshi's shard 2")


@pytest.mark.parametrize("path", ["/account/limits", "/account/endpoint_costs"])
async def test_limits_that_cannot_be_read_are_said_and_the_lowest_tier_holds(path: str) -> None:
    found = await Host(Scene(), path).terms()
    assert found.budget == BASIC_BUDGET
    assert len(found.groups) == len(SHARDS)
    assert "its lowest tier is assumed" in found.words[0]


@pytest.mark.parametrize("path", ["/order_groups", "/order_groups/create"])
@pytest.mark.parametrize("status", [403, 503])
async def test_a_fuse_that_cannot_be_had_is_said(path: str, status: int) -> None:
    found = await Host(Scene(), path, status).terms()
    assert found.groups == {}
    assert found.resets() == ()
    assert "leave without that fuse" in found.words[0]


async def test_a_signer_that_refuses_is_said() -> None:
    def refuse(_unsigned: Unsigned, _now_us: Instant) -> HttpRequest:
        raise ConfigError("no key")

    found = await ask_terms(Host(Scene()), refuse, STRATEGIES, CLIP)
    assert len(found.words) == 3
    assert "no key" in found.words[0]


@pytest.mark.parametrize(
    ("category", "told", "shard"),
    [("Politics", None, 0), ("Crypto", None, None), ("Crypto", 2, 2), ("Sports", 0, 0)],
)
def test_no_group_is_named_where_nobody_can_tell_the_shard(
    category: str, told: int | None, shard: int | None
) -> None:
    market = msgspec.structs.replace(Scene().ks.market, category=category, shard=told)
    assert shard_of(market) == shard
