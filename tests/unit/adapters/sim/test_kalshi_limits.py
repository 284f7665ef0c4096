"""Do token buckets let through what the tier allows, and nothing more?"""

import json

import pytest

from foreshock.adapters.sim.kalshi_limits import ENDPOINT_COSTS, TIERS, MemberBudget, TokenBucket
from foreshock.adapters.sim.kalshi_rules import KalshiRules
from foreshock.core.domain.units import SECOND, Instant
from tests.unit.adapters.sim.kalshi_scene import ORDERS, Scene, order


@pytest.fixture
def venue() -> Scene:
    return Scene(KalshiRules(is_throttled=True))


def taken(venue: Scene, method: str, path: str, body: object = None) -> int:
    """How many calls pass before the first 429."""
    for number in range(1_000):
        answer = venue.call(method, path, body)
        if answer.status == 429:
            assert json.loads(answer.body) == {"error": "too many requests"}
            assert not [name for name, _ in answer.headers if name.lower() == "retry-after"]
            return number
    raise AssertionError("never throttled")


def test_a_bucket_refills_by_the_second_up_to_its_capacity() -> None:
    bucket = TokenBucket(10, 20)
    assert bucket.spend(20, Instant(0))
    assert not bucket.spend(1, Instant(0))
    assert bucket.spend(1, Instant(SECOND // 10))
    assert bucket.spend(20, Instant(100 * SECOND))
    assert not bucket.spend(1, Instant(99 * SECOND))


def test_writes_reads_and_balances_have_buckets_of_their_own(venue: Scene) -> None:
    assert taken(venue, "POST", ORDERS, order("bid 1 at 0.10 gtc")) == 10
    assert taken(venue, "GET", "/portfolio/fills") == 40
    assert taken(venue, "GET", "/portfolio/balance") == 1
    assert venue.call("GET", "/portfolio/balance", member="bob").status == 200
    venue.wait(0.1)
    assert taken(venue, "POST", ORDERS, order("bid 1 at 0.10 gtc")) == 1
    venue.wait(0.1)
    assert taken(venue, "DELETE", f"{ORDERS}/unknown") == 5


def test_a_batch_is_billed_by_the_item_and_must_fit_whole(venue: Scene) -> None:
    eleven = {"orders": [order("bid 1 at 0.10 gtc")] * 11}
    assert venue.call("POST", f"{ORDERS}/batched", eleven).status == 429
    assert venue.call("POST", f"{ORDERS}/batched", {"orders": eleven["orders"][:10]}).status == 201
    assert venue.call("DELETE", f"{ORDERS}/unknown").status == 429


def test_a_better_tier_allows_more(venue: Scene) -> None:
    venue.face.obey(KalshiRules(is_throttled=True, tier="expert"))
    assert venue.read("/account/limits")["write"] == {
        "bucket_capacity": 1_200,
        "refill_rate": 600,
    }
    assert taken(venue, "POST", ORDERS, order("bid 1 at 0.10 gtc")) == 120


def test_costs_are_published(venue: Scene) -> None:
    told = venue.read("/account/endpoint_costs")
    assert told["default_cost"] == 10
    assert len(told["endpoint_costs"]) == len(ENDPOINT_COSTS)
    assert MemberBudget(TIERS["basic"]).refusal("write", 100, Instant(0)) is None
