"""Recorded feeds: the leader and lag that are in them, and plain words where there is none."""

import json
import random
from pathlib import Path

import pytest

from foreshock.app.evaluate_lead_lag import PairFound, Spans, evaluate
from foreshock.app.exits import CommandError
from foreshock.core.domain.units import SECOND, Duration

LATENCY = Path(__file__).resolve().parents[4] / "shared" / "data" / "latency"
START_MS = 1_777_329_560_000
TENTH = Duration(SECOND // 10)


def recording(path: Path, seconds: int, delay_ms: int, silent: range = range(0)) -> Path:
    """Two feeds of one price that moves about twice a second, one of them late."""
    rng, price, rows = random.Random(seconds), 100.0, list[dict[str, object]]()
    for at_ms in range(0, seconds * 1_000, 500):
        price += rng.choice((-0.3, -0.1, 0.0, 0.1, 0.3))
        for source, late_ms in (("fast", 0), ("slow", delay_ms)):
            seen_ms = START_MS + at_ms + late_ms + 20
            if source == "fast" or at_ms // 1_000 not in silent:
                rows.append({
                    "source": source,
                    "asset": "BTC",
                    "price": price,
                    "recv_ts_ms": seen_ms,
                })
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf8")
    return path


def only_pair(path: Path, spans: Spans) -> PairFound:
    (found,) = evaluate(path, spans).pairs
    return found


def test_finds_the_stable_leader_and_lag_of_a_recording(tmp_path: Path) -> None:
    found = only_pair(
        recording(tmp_path / "a.jsonl", 100, 700), Spans(TENTH, Duration(30 * SECOND))
    )
    assert (found.leader, found.follower, found.lag_s) == ("fast", "slow", 0.7)
    assert found.is_stable
    assert len(found.windows) >= 4
    assert set(found.windows) == {"fast"}


def test_a_recording_shorter_than_the_window_is_one_window_and_says_so(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.jsonl", 40, 300)
    found = evaluate(path, Spans(TENTH))
    assert found.is_shorter_than_window
    (pair,) = found.pairs
    assert (pair.leader, pair.lag_s, pair.is_stable) == ("fast", 0.3, False)
    assert "too few windows" in pair.reason


def test_a_feed_that_falls_silent_is_unknown_not_unmoved(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.jsonl", 100, 300, silent=range(20, 95))
    pair = only_pair(path, Spans(TENTH))
    assert pair.leader == "unknown"
    assert pair.known_bars_count < 500
    assert "are needed" in pair.reason


def test_a_lag_at_the_end_of_those_compared_may_be_longer(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.jsonl", 60, 1_000)
    pair = only_pair(path, Spans(TENTH, lag=Duration(SECOND)))
    assert pair.lag_s == 1.0
    assert "may be longer" in pair.reason


def test_a_price_that_never_moves_is_unknown(tmp_path: Path) -> None:
    rows = [
        {"source": source, "asset": "BTC", "price": 5, "recv_ts_ms": START_MS + second * 1_000}
        for second in range(60)
        for source in ("fast", "slow")
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf8")
    pair = only_pair(path, Spans(TENTH))
    assert (pair.leader, pair.score, pair.lag_s) == ("unknown", None, None)


def test_one_source_alone_is_no_pair(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.jsonl", 40, 300)
    alone = [line for line in path.read_text().splitlines() if "slow" not in line]
    path.write_text("\n".join(alone))
    with pytest.raises(CommandError, match="no asset of two sources"):
        evaluate(path, Spans(TENTH))


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        (Spans(Duration(10)), "at least 1ms"),
        (Spans(Duration(30 * SECOND)), "too few for lags"),
        (Spans(TENTH, lag=Duration(90 * SECOND)), "longest lag"),
        (Spans(TENTH, window=Duration(SECOND)), "too few for lags"),
    ],
)
def test_spans_that_fit_no_window_are_refused_in_words(
    tmp_path: Path, spans: Spans, words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        evaluate(recording(tmp_path / "a.jsonl", 40, 300), spans)


def test_a_recording_of_too_many_bars_is_refused(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.jsonl", 10, 300)
    last = {"source": "fast", "asset": "BTC", "price": 1, "recv_ts_ms": START_MS + 10**9}
    path.write_text(path.read_text() + "\n" + json.dumps(last))
    with pytest.raises(CommandError, match="bars are too many"):
        evaluate(path, Spans(TENTH))


@pytest.mark.skipif(not LATENCY.is_dir(), reason="no ../shared/data/latency beside the project")
@pytest.mark.parametrize("asset", ["BTC", "ETH"])
def test_binance_leads_its_relay(asset: str) -> None:
    """150 s recorded on 27 April 2026."""
    (found,) = (
        pair
        for pair in evaluate(LATENCY, Spans(TENTH)).pairs
        if (pair.asset, pair.a, pair.b) == (asset, "binance_direct", "binance_rtds")
    )
    assert found.leader == "binance_direct"
    assert found.lag_s is not None
    assert 0.3 <= found.lag_s <= 1.3
