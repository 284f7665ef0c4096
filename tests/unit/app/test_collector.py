"""What lives as long as the run is left out of later collections."""

import gc
from collections.abc import Iterator

import pytest

from foreshock.app import collector


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_what_is_alive_is_frozen_and_collections_become_rare() -> None:
    before = gc.get_freeze_count()
    kept = [[number] for number in range(1_000)]
    collector.settle()
    assert gc.get_freeze_count() >= before + len(kept)
    assert gc.get_threshold() == collector.THRESHOLDS


def test_garbage_made_afterwards_is_still_collected() -> None:
    collector.settle()
    ring: list[object] = []
    ring.append(ring)
    del ring
    assert gc.collect() >= 1
