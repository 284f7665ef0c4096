"""How does data reach stdout? Tables for people, JSON, JSON lines and CSV for programs.

stdout carries data only; everything said to a person goes to stderr.
"""

import csv
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

import msgspec

from foreshock.app.exits import CommandError, Exit

PIPED_WIDTH = 10_000
"""Columns of a table that no terminal shows: every row stays on its own line."""

T = TypeVar("T", bound=msgspec.Struct)
Columns = Mapping[str, Callable[[T], str]]


class Format(StrEnum):
    """What `-o` accepts."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def emit(rows: Sequence[T], columns: Columns[T], output: Format) -> None:
    """Print rows: every field as JSON, or the columns as table or CSV."""
    match output:
        case Format.JSON:
            write(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n")
        case Format.JSONL:
            write("".join(msgspec.json.encode(row).decode() + "\n" for row in rows))
        case Format.CSV:
            _csv(rows, columns)
        case Format.TABLE:
            _table(rows, columns)


def emit_one(row: msgspec.Struct, lines: Sequence[str], output: Format) -> None:
    """Print one thing: as JSON, or as lines for a person."""
    if output in (Format.JSON, Format.JSONL):
        data = msgspec.json.encode(row)
        text = data if output is Format.JSONL else msgspec.json.format(data, indent=2)
        write(text.decode() + "\n")
    else:
        write("\n".join(lines) + "\n")


def write(text: str) -> None:
    """Data to stdout."""
    sys.stdout.write(text)
    sys.stdout.flush()


def say(text: str) -> None:
    """Talk to stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


class ErrorLine(msgspec.Struct, frozen=True):
    """An error for programs; the codes are stable."""

    code: str
    message: str
    hint: str
    retryable: bool


def say_error(error: CommandError, *, as_json: bool) -> None:
    """One line of cause, one of help; or one line of JSON. Either way on stderr."""
    if as_json:
        retryable = error.exit_code is Exit.VENUE
        line = ErrorLine(error.code, str(error), error.hint, retryable)
        say(msgspec.json.encode(line).decode())
        return
    say(f"error: {error}")
    if error.hint:
        say(f"help: {error.hint}")


def _csv(rows: Sequence[T], columns: Columns[T]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(row) for cell in columns.values()] for row in rows)
    write(text.getvalue())


def _table(rows: Sequence[T], columns: Columns[T]) -> None:
    # Imported here: rich costs start-up time that only tables need.
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(cell(row) for cell in columns.values()))
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    Console(file=sys.stdout, markup=False, highlight=False, width=width).print(table)
