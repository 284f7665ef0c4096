import numpy as np
import pytest

from foreshock.adapters.sim.signal_past import SOURCE, PastMarket, past_markets, simulated_past
from foreshock.core.domain.markets import MarketId
from foreshock.core.signals.packed import UNKNOWN, unpack
from foreshock.core.signals.volume_buckets import DAY_BUCKETS, HISTORY_BUCKETS, bucket_of
from foreshock.core.signals.volume_recall import check
from tests.unit.core.signals.signal_feed import BEGIN

BUCKET = bucket_of(BEGIN)
KNOWN = PastMarket(prints=4.0, question="a question")
MARKETS = [MarketId(f"kalshi:K{number}") for number in range(40)]


def test_a_seed_and_a_market_give_one_past() -> None:
    once, again = (simulated_past(7, MARKETS[0], KNOWN, BUCKET, 0.5) for _ in range(2))
    assert once == again
    assert once != simulated_past(8, MARKETS[0], KNOWN, BUCKET, 0.5)
    assert once.source == SOURCE


def test_fourteen_days_end_at_the_price_that_is_known() -> None:
    past = simulated_past(7, MARKETS[0], KNOWN, BUCKET, 0.37)
    check(past)
    volume, price, trades = unpack(past.volume), unpack(past.price), unpack(past.trades)
    assert len(volume) == HISTORY_BUCKETS
    assert past.first_bucket == BUCKET - HISTORY_BUCKETS
    assert price[-1] == 370_000
    assert (trades[:-DAY_BUCKETS] == UNKNOWN).all()
    assert (unpack(past.taker_yes)[-DAY_BUCKETS:] <= volume[-DAY_BUCKETS:]).all()


def test_prints_come_at_the_rate_of_the_market() -> None:
    pasts = [simulated_past(7, market, KNOWN, BUCKET, 0.5) for market in MARKETS]
    trades = np.concatenate([unpack(past.trades)[-DAY_BUCKETS:-24] for past in pasts])
    assert trades.mean() == pytest.approx(4.0, rel=0.1)


def test_markets_of_one_question_move_together_or_not_at_all() -> None:
    busy = [PastMarket(8.0, f"question {number}") for number in range(200)]

    def is_stormy(market: MarketId, known: PastMarket) -> bool:
        volume = unpack(simulated_past(7, market, known, BUCKET, 0.6).volume)
        return bool(volume[-4:].sum() > 3 * volume[-60:-12].mean() * 4)

    stormy = [(is_stormy(MARKETS[0], each), is_stormy(MARKETS[1], each)) for each in busy]
    assert {pair for pair in stormy if pair[0] != pair[1]} == set()
    assert 2 <= sum(a for a, _ in stormy) <= 40


def test_every_market_of_a_world_has_a_rate() -> None:
    known = past_markets(60)
    assert known["KXBTCD-26DEC0417-T98000"].prints > 1
    assert all(market.prints > 0 for market in known.values())
