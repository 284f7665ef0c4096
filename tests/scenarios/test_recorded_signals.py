"""A recorded run as arrays: what the desk told is what an analyst reads, number by number."""

import re
from pathlib import Path

import numpy as np
import pytest

from foreshock import signals
from foreshock.adapters.storage.files import DiskFolder
from foreshock.adapters.storage.journal import Step
from foreshock.app.config import load_settings
from foreshock.app.recorded_signals import RecordedSignals
from foreshock.app.recorder import Recorder
from foreshock.app.replay import replay_folder
from foreshock.app.wiring import build, desk_config, start_message
from foreshock.app.worker import Work
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.messages.signals import AlertRaised, VolumeMeasured
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from tests.unit.core.signals.signal_feed import BEGIN, MINUTE, opened
from tests.unit.core.signals.test_volume_recall import USUAL, past

A, B = "polymarket:0xa", "polymarket:0xb"
WATCHED_MINUTES = 32
ROOT = Path(__file__).resolve().parents[2]


def recorded(folder: Path) -> list[Step]:
    """Half an hour of two markets, one of them in a burst; trades come by messages."""
    config = desk_config("watch", "a test", load_settings({}))
    parts = build(config, [])
    recorder = Recorder(DiskFolder(folder).open)
    timers: dict[str, int] = {}
    steps: list[Step] = []

    def tell(message: Message, now_us: Instant) -> None:
        work = parts.worker.take([message], now_us)
        recorder.record(Work(work.frames, work.steps, work.commands))
        steps.extend(work.steps)
        for command in work.commands:
            if isinstance(command, SetTimer):
                timers[command.timer_id] = now_us + command.after

    tell(start_message(config, "1", "test"), BEGIN)
    for message in (*opened(A, B), past(A, last_hour=5 * USUAL, move=0.05), past(B)):
        tell(message, BEGIN)
    end_us = BEGIN + WATCHED_MINUTES * MINUTE
    while timers and min(timers.values()) <= end_us:
        name = min(timers, key=lambda each: (timers[each], each))
        tell(TimerFired(name), Instant(timers.pop(name)))
    recorder.close()
    return steps


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Step]]:
    folder = tmp_path_factory.mktemp("run")
    return folder, recorded(folder)


def said(steps: list[Step]) -> list[Message]:
    return [entry.message for step in steps for entry in step.said]


def test_a_replay_of_detectors_says_the_same(run: tuple[Path, list[Step]]) -> None:
    replayed = replay_folder(run[0])
    assert replayed.differences == ()
    assert replayed.entries_count > 0


def test_the_arrays_are_what_was_told(run: tuple[Path, list[Step]]) -> None:
    folder, steps = run
    found = signals.read(folder)
    told = [m for m in said(steps) if isinstance(m, VolumeMeasured) and not m.is_recalled]
    assert found.volume.closes_us.tolist() == [message.bucket_end_us for message in told]
    assert len(told) == WATCHED_MINUTES // 5
    assert found.volume.vroc.shape == (len(told), 2, 3)
    assert [alert.alert_id for alert in found.alerts] == [
        message.alert.alert_id for message in said(steps) if isinstance(message, AlertRaised)
    ]
    for row, message in enumerate(told):
        for each in message.rows:
            column = found.volume.markets.index(each.market)
            shown = found.volume.vroc[row, column]
            for place, ppm in enumerate(each.vroc_ppm):
                known = None if np.isnan(shown[place]) else float(shown[place])
                assert (known is None) == (ppm is None)
                assert known == pytest.approx(None if ppm is None else ppm / 1e6, abs=1e-5)


def test_a_relation_answers_questions_in_sql(run: tuple[Path, list[Step]]) -> None:
    pytest.importorskip("duckdb", reason="needs the extra `analysis`")
    measured = signals.relation(signals.read(run[0]).volume)
    rows = measured.filter(f"market = '{A}'").order("close_us").fetchall()
    assert len(rows) == WATCHED_MINUTES // 5
    assert rows[0][0] == BEGIN + 5 * MINUTE
    assert [column[0] for column in measured.description][:4] == [
        "close_us",
        "market",
        "volume",
        "expected",
    ]
    assert len(measured.fetchall()) == 2 * (WATCHED_MINUTES // 5)


def test_the_example_of_the_documentation_runs(run: tuple[Path, list[Step]]) -> None:
    pytest.importorskip("duckdb", reason="needs the extra `analysis`")
    page = (ROOT / "docs" / "how-to" / "read-signals.md").read_text(encoding="utf8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, object] = {}
    exec(example.replace("~/.foreshock/runs/RUN", str(run[0])), names)  # noqa: S102 - our own page
    rows = names["rows"]
    assert isinstance(rows, list)
    assert isinstance(names["found"], RecordedSignals)


def test_a_folder_without_a_run_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is not a run folder"):
        signals.read(tmp_path)
