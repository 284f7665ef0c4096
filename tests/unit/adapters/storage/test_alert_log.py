"""The alert log takes lines once, turns over, and answers the document's jq lines."""

import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from foreshock.adapters.notify.log_lines import AlertLine, alert_line
from foreshock.adapters.storage.alert_log import FILES_MAX, AlertLog
from foreshock.core.domain.errors import StorageError
from tests.unit.adapters.notify.told import HOSTILE, a_notice

LEVELS = ("watch", "elevated", "critical", "notable", "high conviction flow", "important")
JQ_LINES = (
    "cat {log} | tail -20 | jq '.'",
    "cat {log} | jq 'select(.level == \"critical\")' | tail -10",
)
"""Of the hedging agent's document, with the place of the log filled in and nothing else changed."""


def written(folder: Path, count: int) -> Path:
    log = AlertLog(folder)
    for number in range(count):
        told = msgspec.structs.replace(
            a_notice(number, words=HOSTILE), level=LEVELS[number % len(LEVELS)]
        )
        log.write(alert_line(told))
    log.close()
    return folder / "alerts.jsonl"


def test_every_line_has_the_documented_fields_and_lower_case_levels(tmp_path: Path) -> None:
    lines = written(tmp_path, 12).read_bytes().splitlines()
    decoder = msgspec.json.Decoder(AlertLine)
    read = [decoder.decode(line) for line in lines]
    assert [line.id for line in read] == [f"n{number}" for number in range(12)]
    assert {line.level for line in read} == set(LEVELS)
    assert all(line.ts.endswith("Z") and line.simulated for line in read)
    assert read[0].message == HOSTILE
    document = Path(__file__).parents[4] / "docs" / "concepts" / "alerts.md"
    text = document.read_text(encoding="utf8")
    assert not [name for name in AlertLine.__struct_fields__ if f"`{name}`" not in text]


@pytest.mark.parametrize("line", JQ_LINES)
def test_the_lines_of_the_document_work_on_it(tmp_path: Path, line: str) -> None:
    jq, log = shutil.which("jq"), written(tmp_path, 30)
    if jq is None:
        pytest.skip("no jq on PATH: the document's lines were NOT run")
    command = line.format(log=log)
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True, timeout=20)
    assert done.stdout
    if "select" in line:
        whole = f"cat {log} | jq -c 'select(.level == \"critical\")'"
        chosen = subprocess.run(
            ["/bin/sh", "-c", whole], capture_output=True, check=True, timeout=20
        )
        levels = [
            msgspec.json.decode(row, type=AlertLine).level for row in chosen.stdout.splitlines()
        ]
        assert levels == ["critical"] * 5


def test_a_line_of_before_a_kill_is_not_written_again(tmp_path: Path) -> None:
    first = AlertLog(tmp_path)
    first.write(alert_line(a_notice(1)))
    again = AlertLog(tmp_path)
    again.write(alert_line(a_notice(1)))
    again.write(alert_line(a_notice(2)))
    assert len((tmp_path / "alerts.jsonl").read_bytes().splitlines()) == 2


def test_a_torn_line_is_ended_and_spoils_no_other(tmp_path: Path) -> None:
    (tmp_path / "alerts.jsonl").write_bytes(b'{"id":"torn')
    AlertLog(tmp_path).write(alert_line(a_notice(1)))
    torn, whole = (tmp_path / "alerts.jsonl").read_bytes().splitlines()
    assert torn == b'{"id":"torn'
    assert msgspec.json.decode(whole, type=AlertLine).id == "n1"


def test_the_log_turns_over_and_few_files_are_kept(tmp_path: Path) -> None:
    log = AlertLog(tmp_path, bytes_max=1_000)
    for number in range(100):
        log.write(alert_line(a_notice(number)))
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == sorted([
        "alerts.jsonl",
        *(f"alerts.{n}.jsonl" for n in range(1, FILES_MAX + 1)),
    ])
    assert all(path.stat().st_size <= 1_000 for path in tmp_path.iterdir())
    newest = (tmp_path / "alerts.jsonl").read_bytes().splitlines()
    before = (tmp_path / "alerts.1.jsonl").read_bytes().splitlines()
    ids = [msgspec.json.decode(line, type=AlertLine).id for line in [*before, *newest]]
    assert ids == [f"n{number}" for number in range(100 - len(ids), 100)]


def test_a_disk_that_refuses_is_an_error_of_storage(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where a folder should be")
    with pytest.raises(StorageError):
        AlertLog(tmp_path / "logs").write(alert_line(a_notice(1)))
