"""Captured streams fold to books, and run folders are checked to the last byte."""

import json
from pathlib import Path

import pytest

from foreshock.adapters.storage.files import DiskFile
from foreshock.adapters.storage.journal import JOURNAL_NAME, Drained, Step
from foreshock.adapters.storage.tape import TapeFrame
from foreshock.app.recorder import Recorder
from foreshock.app.recordings import check_run, fold_capture, newest_run, open_folder
from foreshock.app.worker import Work
from foreshock.core.domain.errors import ConfigError, DataError, StorageError
from foreshock.core.domain.units import Instant

KALSHI_CAPTURE = {
    "tickers": ["KXWTA-LEP"],
    "frames": [
        {
            "received_ms": 1_786_085_188_416,
            "frame": {
                "type": "subscribed",
                "id": 2,
                "msg": {"channel": "orderbook_delta", "sid": 1},
            },
        },
        {
            "received_ms": 1_786_085_188_416,
            "frame": {
                "type": "orderbook_snapshot",
                "sid": 1,
                "seq": 1,
                "msg": {
                    "market_ticker": "KXWTA-LEP",
                    "market_id": "f5ed38e2",
                    "yes_dollars_fp": [["0.4700", "3.00"]],
                    "no_dollars_fp": [["0.4800", "2.00"]],
                },
            },
        },
    ],
}
"""Shape of a production capture of 2026-08-07, shortened."""


def test_the_recorded_kalshi_stream_folds_without_gap_or_crossed_book(shared_wire: Path) -> None:
    folder = shared_wire / "kalshi" / "josephsapinoso_kalshi-cockpit_2026-08"
    folded = fold_capture(folder / "ws_orderbook_stream.json")
    assert (folded.frames_count, len(folded.books)) == (269, 12)
    assert (folded.gaps_count, folded.quarantined_count, folded.crossed_count) == (0, 0, 0)
    assert folded.unknown_shapes == {}
    touches = [(book.bid_micros, book.ask_micros) for book in folded.books]
    assert all(bid is not None and ask is not None and bid < ask for bid, ask in touches)


def test_the_recorded_polymarket_stream_folds_and_its_hash_verifies(shared_wire: Path) -> None:
    folded = fold_capture(shared_wire / "polymarket/live_2026-10-05/ws-market-v2-session.jsonl")
    assert (len(folded.books), folded.quarantined_count, folded.gaps_count) == (1, 0, 0)


def test_a_small_capture_says_the_touch_in_yes_prices(tmp_path: Path) -> None:
    path = tmp_path / "capture.json"
    path.write_text(json.dumps(KALSHI_CAPTURE))
    folded = fold_capture(path)
    assert [(b.market, b.bid_micros, b.ask_micros) for b in folded.books] == [
        ("kalshi:KXWTA-LEP", 470_000, 520_000)
    ]
    assert folded.lines()[1] == "kalshi:KXWTA-LEP: bid 0.47 ask 0.52 after 1 changes"


@pytest.mark.parametrize("name", ["x.json", "x.jsonl"])
@pytest.mark.parametrize("content", ["", "{}", "[]", "not json", '{"frames": 1}', "\x00"])
def test_another_file_is_a_data_error_that_names_it(
    tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    if name == "x.jsonl" and content == "":
        assert fold_capture(path).frames_count == 0
        return
    with pytest.raises(DataError, match="is not a captured stream"):
        fold_capture(path)


def _recorded(folder: Path) -> None:
    recorder = Recorder(open_folder(folder))
    frame = TapeFrame(1, Instant(5), 1, "ws", b"x")
    recorder.record(Work((frame,), (Step(1, Instant(6), Drained(1), ()),), ()))
    recorder.close()


def test_a_whole_run_is_counted(tmp_path: Path) -> None:
    _recorded(tmp_path)
    checked = check_run(tmp_path)
    assert (checked.steps_count, checked.frames_count) == (1, 1)


def test_one_changed_byte_is_found(tmp_path: Path) -> None:
    _recorded(tmp_path)
    path = tmp_path / JOURNAL_NAME
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.unlink()
    DiskFile(path).append(bytes(data) + bytes(data))
    with pytest.raises(StorageError, match="damaged record"):
        check_run(tmp_path)


def test_a_folder_without_a_journal_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="not a run folder"):
        check_run(tmp_path)


def test_the_newest_run_is_the_one_that_started_last(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nothing is recorded"):
        newest_run(tmp_path)
    for name in ("20260101T000000000000Z-demo", "20260102T000000000000Z-demo"):
        (tmp_path / "runs" / name).mkdir(parents=True)
    assert newest_run(tmp_path).name.startswith("20260102")
