"""Rare features decide, common ones cost nothing, and what is given back is used again."""

from foreshock.core.domain.markets import MarketId
from foreshock.core.matching.index_shard import (
    COMMON_MIN,
    POOL_MAX,
    POOL_MIN,
    POSTINGS_MAX,
    PPM,
    Shard,
)

NOBODY = MarketId("p:nobody")


def filled(count: int) -> Shard:
    shard = Shard()
    for n in range(count):
        shard.add(
            MarketId(f"k:{n:05}"), {"w:common": 100, f"n:{n % 500}": 100, f"d:{n // 500}": 100}
        )
    return shard


def test_the_one_that_shares_the_rare_features_comes_first() -> None:
    found = filled(5_000).nearest({"w:common": 100, "n:7": 100, "d:3": 100}, 5, NOBODY)
    assert found[0] == (MarketId("k:01507"), PPM)
    assert found[1].score_ppm < PPM


def test_a_walk_over_budget_stops_before_the_common_features() -> None:
    shard = filled(POSTINGS_MAX + 500)
    found = shard.nearest({"w:common": 100, "n:7": 100}, POSTINGS_MAX, NOBODY)
    assert {int(c.id[2:]) % 500 for c in found} == {7}


def test_a_feature_of_nearly_every_contract_proposes_none() -> None:
    shard = Shard()
    for n in range(COMMON_MIN + 1):
        shard.add(MarketId(f"k:{n:05}"), {"w:will": 100})
    assert shard.nearest({"w:will": 100}, 5, NOBODY) == []
    shard.remove(MarketId("k:00000"))
    assert len(shard.nearest({"w:will": 100}, 5, NOBODY)) == 5


def test_ties_at_the_border_of_the_pool_are_all_compared() -> None:
    shard = Shard()
    for n in range(POOL_MAX + 200):
        shard.add(MarketId(f"k:{n:05}"), {"w:x": 100} | ({"w:y": 100} if n > POOL_MAX else {}))
    assert shard.nearest({"w:x": 100}, 3, NOBODY)[0].id == "k:00000"
    assert len(shard.nearest({"w:x": 100}, 10_000, NOBODY)) == POOL_MAX + 200


def test_a_crowd_of_ties_is_left_out_where_enough_are_better() -> None:
    shard = Shard()
    for n in range(POOL_MIN + POOL_MAX + 100):
        better = {"w:y": 100} if n < POOL_MIN else {}
        shard.add(MarketId(f"k:{n:05}"), {"w:x": 100, "w:only": 100} | better)
    found = shard.nearest({"w:x": 100, "w:y": 100}, 10_000, NOBODY)
    assert [c.id for c in found] == [f"k:{n:05}" for n in range(POOL_MIN)]


def test_slots_and_features_are_used_again() -> None:
    shard = filled(300)
    for _ in range(3):
        for n in range(300):
            shard.add(MarketId("k:moving"), {f"w:only {n}": 100})
        shard.remove(MarketId("k:moving"))
    assert len(shard) == 300
    assert MarketId("k:moving") not in shard
    assert shard.nearest({"w:only 299": 100}, 5, NOBODY) == []
    assert shard.nearest({"n:7": 100}, 5, NOBODY)[0].id == "k:00007"


def test_a_single_contract_is_found() -> None:
    shard = Shard()
    shard.add(MarketId("k:1"), {"w:x": 100})
    assert shard.nearest({"w:x": 100}, 1, NOBODY) == [(MarketId("k:1"), PPM)]
    assert shard.nearest({"w:x": 100}, 1, MarketId("k:1")) == []
