"""A recording is judged by what was known then, and says what it cannot say."""

from pathlib import Path

import duckdb
import pytest

from foreshock.app.evaluate_recorded_signals import LABEL, evaluate_recorded
from foreshock.app.exits import CommandError, Exit
from foreshock.app.recorded_volume import read_recorded

SNAPSHOTS = """
COPY (
  SELECT 'm' || m AS market_id,
    strftime(TIMESTAMP '2026-06-01' + INTERVAL (n * 10) MINUTE, '%Y-%m-%dT%H:%M:%S+00:00') AS ingested_at,
    1000.0 + 100 * n + CASE WHEN m = 0 AND n > 360 THEN 5000 * (n - 360) ELSE 0 END AS volume,
    0.5 + CASE WHEN m = 0 AND n > 360 THEN least(0.4, 0.01 * (n - 360)) ELSE 0 END AS yes_price
  FROM range(432) a(n), range(2) b(m)
) TO '{path}' (FORMAT parquet)
"""
QUOTES = """
COPY (SELECT 'slug' AS slug, TIMESTAMP '2026-06-01' AS ts, 0.4 AS bid, 0.5 AS ask, 9.0 AS volume24hr)
TO '{path}' (FORMAT parquet)
"""
REAL = (
    Path(__file__).resolve().parents[4]
    / "shared/data/volume/polymarket_snapshots_2026-06-05_08.parquet"
)


def written(tmp_path: Path, sql: str) -> Path:
    path = tmp_path / "rows.parquet"
    duckdb.sql(sql.format(path=path))
    return path


def test_a_jump_that_the_price_follows_is_found_and_compared(tmp_path: Path) -> None:
    found = evaluate_recorded(written(tmp_path, SNAPSHOTS), "2d")
    alone, both = found.rules
    assert found.label == LABEL
    assert (alone.markets_count, both.markets_count) == (1, 1)
    assert both.share == 1.0
    assert any("short baseline" in line for line in found.lines())


def test_where_no_price_ever_moved_there_is_no_interval_of_a_difference(tmp_path: Path) -> None:
    still = SNAPSHOTS.replace("0.01 * (n - 360)", "0.0")
    alone = evaluate_recorded(written(tmp_path, still), "2d").rules[0]
    assert (alone.share, alone.matched_share) == (0.0, 0.0)
    assert alone.difference_interval is None


def test_differences_fall_into_the_bucket_that_told_them(tmp_path: Path) -> None:
    recorded = read_recorded(written(tmp_path, SNAPSHOTS))
    assert recorded.markets == ("m0", "m1")
    assert [float(flow.volume[1]) for flow in recorded.flows[1:5]] == [0.0, 100.0, 0.0, 100.0]


def test_rolling_volume_is_not_differenced_but_not_available(tmp_path: Path) -> None:
    found = evaluate_recorded(written(tmp_path, QUOTES), "2d")
    assert found.rules == ()
    assert any(line.startswith("n/a: only rolling") for line in found.lines())


def test_a_baseline_longer_than_the_recording_is_not_available(tmp_path: Path) -> None:
    found = evaluate_recorded(written(tmp_path, SNAPSHOTS), "9d")
    assert "spans 3.0 days" in found.reason


@pytest.mark.parametrize(
    ("name", "baseline", "code"),
    [
        ("none.parquet", "2d", Exit.USAGE),
        ("rows.parquet", "two", Exit.USAGE),
        ("bad.parquet", "2d", Exit.DATA_GAP),
    ],
)
def test_what_cannot_be_judged_says_why(
    tmp_path: Path, name: str, baseline: str, code: Exit
) -> None:
    written(tmp_path, SNAPSHOTS)
    (tmp_path / "bad.parquet").write_text("no parquet", encoding="utf8")
    with pytest.raises(CommandError) as raised:
        evaluate_recorded(tmp_path / name, baseline)
    assert raised.value.exit_code is code


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "COPY (SELECT 1 AS x) TO '{path}' (FORMAT parquet)")
    with pytest.raises(CommandError, match="holds neither"):
        evaluate_recorded(path, "2d")


def test_without_the_extra_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, QUOTES)
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(CommandError) as raised:
        evaluate_recorded(path, "2d")
    assert "foreshock[analysis]" in raised.value.hint


def test_real_snapshots_are_read_without_a_refusal() -> None:
    if not REAL.is_file():
        pytest.skip("../shared/data is not here")
    found = evaluate_recorded(REAL, "2d")
    assert found.markets_count == 100
    assert found.rules[0].alerts_count > 0
