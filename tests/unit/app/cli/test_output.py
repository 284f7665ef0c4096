"""One table, four shapes; stdout is data, stderr is talk."""

import csv
import io
import json

import msgspec
import pytest

from foreshock.app.cli.output import Columns, Format, emit, emit_one, say, say_error, write
from foreshock.app.exits import CommandError, Exit


class Row(msgspec.Struct, frozen=True):
    name: str
    micros: int


ROWS = [
    Row("plain", 1),
    Row('with "quotes", comma\nand line', -2),
    Row("[bold]no markup[/bold]", 3),
]
COLUMNS: Columns[Row] = {"who": lambda r: r.name, "micros": lambda r: str(r.micros)}
LONG = "word " * 60


def test_json_is_one_array_of_every_field(capsys: pytest.CaptureFixture[str]) -> None:
    emit(ROWS, COLUMNS, Format.JSON)
    assert json.loads(capsys.readouterr().out) == [
        {"name": row.name, "micros": row.micros} for row in ROWS
    ]


def test_no_rows_are_an_empty_array(capsys: pytest.CaptureFixture[str]) -> None:
    emit([], COLUMNS, Format.JSON)
    assert json.loads(capsys.readouterr().out) == []


def test_json_lines_are_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    emit(ROWS, COLUMNS, Format.JSONL)
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["micros"] for line in lines] == [1, -2, 3]


def test_csv_quotes_what_needs_it(capsys: pytest.CaptureFixture[str]) -> None:
    emit(ROWS, COLUMNS, Format.CSV)
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    assert rows == [["who", "micros"], *([row.name, str(row.micros)] for row in ROWS)]


def test_a_piped_table_keeps_every_row_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    emit([Row(LONG, 1), Row("[bold]no markup[/bold]", 2)], COLUMNS, Format.TABLE)
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 3
    assert out[1].split()[-1] == "1"
    assert "[bold]no markup[/bold]" in out[2]
    assert "\x1b" not in "".join(out)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (Format.JSONL, '{"name":"plain","micros":1}\n'),
        (Format.TABLE, "a line\nanother\n"),
        (Format.CSV, "a line\nanother\n"),
    ],
)
def test_one_thing_is_an_object_or_lines(
    capsys: pytest.CaptureFixture[str], shape: Format, expected: str
) -> None:
    emit_one(ROWS[0], ["a line", "another"], shape)
    assert capsys.readouterr().out == expected


def test_talk_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    write("data\n")
    say("talk")
    say_error(CommandError(Exit.FAILED, "X", "cause", ""), as_json=False)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("data\n", "talk\nerror: cause\n")
