"""Recorded ticks are read in the order they were seen; a row that is wrong is named."""

import json
from pathlib import Path

import pytest

from foreshock.app.exits import CommandError, Exit
from foreshock.app.feed_recordings import recorded_ticks

TICK = {"source": "binance_direct", "asset": "BTC", "price": 76968.86, "recv_ts_ms": 1777329564902}


def written(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf8")
    return path


def test_ticks_come_in_the_order_they_were_seen(tmp_path: Path) -> None:
    written(tmp_path / "a.jsonl", {**TICK, "recv_ts_ms": 3}, {**TICK, "recv_ts_ms": 1})
    written(tmp_path / "b.jsonl", {**TICK, "recv_ts_ms": 2, "msg_ts_ms": 1})
    ticks = recorded_ticks(tmp_path)
    assert [tick.at_us for tick in ticks] == [1_000, 2_000, 3_000]


def test_a_price_without_a_fraction_is_a_price(tmp_path: Path) -> None:
    assert recorded_ticks(written(tmp_path / "a.jsonl", {**TICK, "price": 7}))[0].price == 7


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"source": "x"}, "asset"),
        ({**TICK, "price": None}, "price"),
        ({**TICK, "price": "76968.86"}, "price"),
        ({**TICK, "price": -1}, "a price of -1"),
        ({**TICK, "recv_ts_ms": 1777329564902000}, "no time in milliseconds"),
        ({**TICK, "recv_ts_ms": -5}, "no time in milliseconds"),
        ({**TICK, "recv_ts_ms": 1.5}, "recv_ts_ms"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_not_skipped(
    tmp_path: Path, row: dict[str, object], words: str
) -> None:
    path = written(tmp_path / "a.jsonl", dict(TICK), row)
    with pytest.raises(CommandError, match=rf"a\.jsonl line 2: .*{words}") as told:
        recorded_ticks(path)
    assert told.value.exit_code is Exit.USAGE


@pytest.mark.parametrize("text", [b"nothing", b"[1, 2]", b'{"source": "\xff"}', b"NaN"])
def test_what_is_no_object_is_named(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\n" + text)
    with pytest.raises(CommandError, match="line 2"):
        recorded_ticks(tmp_path)


def test_nothing_to_read_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="holds no tick"):
        recorded_ticks(tmp_path)
    with pytest.raises(CommandError, match="cannot be read") as told:
        recorded_ticks(tmp_path / "none.jsonl")
    assert "folder" in told.value.hint
