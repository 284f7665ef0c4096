"""The model is scored beside the market, on what was known, in honest words."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from foreshock.app.evaluate_fair_value import evaluate
from foreshock.app.exits import CommandError, Exit

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
START_S = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
HEADER = "Timestamp,TargetTime,Expiration,UpBid,UpAsk,DownBid,DownAsk"
QUARTER_S = 900


def words(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%d %H:%M:%S")


def walk(minutes_count: int) -> dict[int, float]:
    """Price by the second from which it is known."""
    rng, price, known = random.Random(7), 100.0, dict[int, float]()
    for minute in range(minutes_count):
        price *= 1 + rng.gauss(0.0, 0.0006)
        known[START_S + minute * 60] = price
    return known


def folder_of(tmp_path: Path, known: dict[int, float], mid: str) -> Path:
    """Markets that always quote the same, or quote the outcome from their start on."""
    rows = [HEADER]
    for start_s in range(START_S + 4 * QUARTER_S, max(known) - QUARTER_S, QUARTER_S):
        end_s = start_s + QUARTER_S
        is_up = known[end_s] >= known[start_s]
        final = "0.98,0.99,0.01,0.02" if is_up else "0.01,0.02,0.98,0.99"
        quoted = final if mid == "outcome" else "0.49,0.51,0.49,0.51"
        rows.extend(
            ",".join((words(at_s), words(start_s), words(end_s), quoted))
            for at_s in range(start_s, end_s, 60)
        )
        rows.append(",".join((words(end_s), words(start_s), words(end_s), final)))
    spot = [f"{words(at_s - 60)}+00:00,{price}" for at_s, price in known.items()]
    for name, lines in (("books", rows), ("spot", ["timestamp,price", *spot])):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "a.csv").write_text("\n".join(lines), encoding="utf8")
    return tmp_path


def test_beats_a_market_that_always_says_a_half(tmp_path: Path) -> None:
    found = evaluate(folder_of(tmp_path, walk(2_400), "half"))
    assert found.beats_market
    assert found.model_brier < found.market_brier
    assert "beats the market" in found.words
    (spot,) = found.spot
    assert spot.brier < 0.2
    assert not spot.is_chosen_on


def test_says_so_when_the_market_knows_better(tmp_path: Path) -> None:
    found = evaluate(folder_of(tmp_path, walk(2_400), "outcome"))
    assert not found.beats_market
    assert found.difference_low > 0
    assert "do not trade on it" in found.words


@pytest.mark.parametrize(("changed_after_s", "is_same"), [(-59, False), (1, True), (61, True)])
def test_uses_no_price_before_it_was_known(
    tmp_path: Path, changed_after_s: int, is_same: bool
) -> None:
    """One quote a second before a minute ends; the prices of that minute and later do not matter."""
    known = walk(120)
    start_s = START_S + 4 * QUARTER_S
    at_s, end_s = start_s + 299, start_s + QUARTER_S
    folder = folder_of(tmp_path, known, "half")
    market = f"{words(start_s)},{words(end_s)}"
    asked = f"{words(at_s)},{market},0.49,0.51,0.49,0.51"
    decided = f"{words(end_s)},{market},0.99,0,0,0.01"
    (folder / "books" / "a.csv").write_text("\n".join((HEADER, asked, decided)))
    found = evaluate(folder)
    assert (found.rows_count, found.skipped_count) == (1, 1)
    changed = known | {at_s + changed_after_s: known[at_s + changed_after_s] * 1.01}
    spot = [f"{words(each_s - 60)},{price}" for each_s, price in changed.items()]
    (folder / "spot" / "a.csv").write_text("\n".join(("timestamp,price", *spot)))
    assert (evaluate(folder).model_brier == found.model_brier) is is_same


def test_rows_without_an_hour_of_spot_are_skipped_and_counted(tmp_path: Path) -> None:
    known = walk(600)
    whole = evaluate(folder_of(tmp_path, known, "half"))
    holed = {at_s: price for at_s, price in known.items() if not 200 < (at_s - START_S) / 60 < 280}
    (tmp_path / "spot" / "a.csv").write_text(
        "timestamp,price\n" + "\n".join(f"{words(at_s - 60)},{p}" for at_s, p in holed.items())
    )
    found = evaluate(tmp_path)
    assert found.skipped_count > whole.skipped_count
    assert found.rows_count + found.skipped_count == whole.rows_count + whole.skipped_count


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-01-05 01:00:00,2026-01-05 01:00:00,2026-01-05 01:15:00,1.2,1,0,0", "0 to 1"),
        ("2026-01-05 02:00:00,2026-01-05 01:00:00,2026-01-05 01:15:00,0,0,0,0", "outside its"),
        ("then,2026-01-05 01:00:00,2026-01-05 01:15:00,0,0,0,0", "is no time"),
        ("2026-01-05 01:00:00,2026-01-05 01:00:00,2026-01-05 01:15:00,x,0,0,0", "is no number"),
        ("2026-01-05 01:00:00,2026-01-05 01:00:00", "is no"),
    ],
)
def test_a_row_that_is_wrong_is_named(tmp_path: Path, row: str, said: str) -> None:
    folder = folder_of(tmp_path, walk(120), "half")
    (folder / "books" / "a.csv").write_text(f"{HEADER}\n{row}\n")
    with pytest.raises(CommandError, match=rf"a\.csv line 2: .*{said}") as told:
        evaluate(folder)
    assert told.value.exit_code is Exit.USAGE


def test_a_folder_without_books_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="holds no"):
        evaluate(tmp_path)


@pytest.mark.skipif(not (DATA / "books").is_dir(), reason="no ../shared/data beside the project")
def test_does_not_claim_to_beat_the_real_market() -> None:
    """16 BTC markets of 26 December 2025: both know about as much."""
    found = evaluate(DATA)
    assert found.markets_count == 16
    assert found.beats_market == (found.difference_high < 0)
    assert 0.1 < found.model_brier < 0.25
    assert 0.1 < found.market_brier < 0.25
