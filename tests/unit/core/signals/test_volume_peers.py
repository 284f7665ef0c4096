"""Contracts hang together because somebody said so, or because their volumes did for days."""

import numpy as np
import pytest

from foreshock.core.signals import volume_peers
from foreshock.core.signals.volume_peers import LEARNED_BUCKETS_MIN, CorrelatedContracts

ONLY_1 = np.array([False, True, False])


def test_a_stated_peer_that_moved_within_the_hour_counts() -> None:
    peers = CorrelatedContracts(3)
    peers.add_pairs([(0, 1)], [])
    assert peers.moving_peer(100, ONLY_1).tolist() == [True, False, False]
    nobody = np.zeros(3, dtype=np.bool_)
    assert peers.moving_peer(111, nobody).tolist() == [True, False, False]
    assert not peers.moving_peer(112, nobody).any()


def test_a_correlation_is_learned_where_there_is_one() -> None:
    rng = np.random.default_rng(1)
    peers = CorrelatedContracts(3)
    peers.add_pairs([], [(1, 0), (0, 2)])
    for bucket in range(LEARNED_BUCKETS_MIN + 1):
        if bucket == LEARNED_BUCKETS_MIN - 1:
            assert not peers.moving_peer(bucket, ONLY_1).any()
        common, own = rng.normal(size=2)
        peers.learn(np.array([common, common + 0.5 * own, rng.normal()]))
    assert peers.moving_peer(10_000, ONLY_1).tolist() == [True, False, False]
    assert peers.correlation()[0] > 0.7
    assert abs(peers.correlation()[1]) < 0.2


def test_what_is_unknown_teaches_nothing() -> None:
    peers = CorrelatedContracts(2)
    peers.add_pairs([], [(0, 1)])
    for _ in range(LEARNED_BUCKETS_MIN + 1):
        peers.learn(np.array([np.nan, 1.0]))
    assert np.isnan(peers.correlation()[0])


def test_no_more_pairs_are_taken_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume_peers, "PAIRS_MAX", 1)
    peers = CorrelatedContracts(3)
    peers.add_pairs([(0, 1), (1, 2)], [])
    assert [peers.peers_of(column) for column in range(3)] == [[1], [0], []]
