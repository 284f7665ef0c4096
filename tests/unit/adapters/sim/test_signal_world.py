"""The planted world is what its seed says, and holds what was planted."""

import numpy as np

from foreshock.adapters.sim.signal_world import DAY_BUCKETS, PER_DAY, make_world

START = 2 * DAY_BUCKETS
WORLD = make_world(1, 30, 6, START)


def test_the_same_seed_makes_the_same_world_and_another_does_not() -> None:
    again, other = make_world(1, 30, 6, START), make_world(2, 30, 6, START)
    assert (again.volume == WORLD.volume).all()
    assert again.planted == WORLD.planted
    assert not (other.volume == WORLD.volume).all()


def test_prints_add_up() -> None:
    assert (WORLD.taker_yes <= WORLD.volume + 1e-6).all()
    assert (WORLD.largest <= WORLD.volume + 1e-6).all()
    assert ((WORLD.trades == 0) == (WORLD.volume == 0)).all()
    assert ((WORLD.price >= 0) & (WORLD.price <= 1)).all()


def test_every_kind_is_planted_and_only_events_come_before_the_start() -> None:
    assert {thing.kind for thing in WORLD.planted} == set(PER_DAY)
    assert all(t.first >= START for t in WORLD.planted if t.kind != "scheduled")


def test_an_informed_burst_moves_the_price_and_wash_does_not() -> None:
    def moves(kind: str) -> list[float]:
        return [
            abs(float(WORLD.price[t.after - 1, t.column] - WORLD.price[t.first - 1, t.column]))
            for t in WORLD.planted
            if t.kind == kind
        ]

    assert np.median(moves("informed")) > 2 * np.median(moves("wash"))


def test_a_whale_is_one_print_that_outweighs_its_bucket() -> None:
    whales = [t for t in WORLD.planted if t.kind == "whale"]
    shares = [WORLD.largest[t.first, t.column] / WORLD.volume[t.first, t.column] for t in whales]
    assert np.median(shares) > 0.8
