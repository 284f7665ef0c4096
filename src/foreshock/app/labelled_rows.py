"""Which contracts and which verdict does a row of somebody else's file hold?

Two shapes: JSON lines of labelled pairs (`title_a`, `venue_a`, ... `label`), and the CSV that a
naive scanner wrote. A row that cannot be read is an error that names the line, never skipped.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias, cast, get_args

from foreshock.app.exits import CommandError, Exit
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import Instant
from foreshock.core.matching.contract import ContractText

Label: TypeAlias = Literal["equivalent", "inverse", "near_equivalent", "not_equivalent", "unsure"]
LABELS: tuple[str, ...] = get_args(Label)
REQUIRED = ("venue_a", "title_a", "venue_b", "title_b", "label")
ROWS_MAX = 1_000_000
_TEXTS = (
    "rules",
    "source",
    "event",
    "event_title",
    "slug",
    "series",
    "group_item",
    "category",
    "yes_label",
    "no_label",
    "strike_type",
    "strike_floor",
    "strike_cap",
)
"""Fields of a contract that a row may carry, with `_a` or `_b` behind them."""
_SCANNER = {
    "venue": ("plataforma_a", "plataforma_b"),
    "title": ("titulo_a", "titulo_b"),
    "end": ("fecha_a", "fecha_b"),
    "url": ("url_a", "url_b"),
}
_CLAIM = "accionable"
_MICRO = 1_000_000


class LabelledPair(NamedTuple):
    """One row: two contracts and what somebody says about them."""

    line: int
    a: ContractText
    b: ContractText
    label: Label
    family: str


class ScannedPair(NamedTuple):
    """One row of a scanner: two contracts it put together, and whether it would have traded."""

    line: int
    a: ContractText
    b: ContractText
    is_claimed: bool


def labelled_pairs(path: Path) -> Iterator[LabelledPair]:
    """The rows of a JSON lines file. Raises CommandError that names the line that is wrong."""
    for number, line in enumerate(_lines(path), start=1):
        if line.strip():
            yield _labelled(path, number, line)


def scanned_pairs(path: Path) -> Iterator[ScannedPair]:
    """The rows of a scanner's CSV file. Raises CommandError that names what is missing."""
    reader = csv.DictReader(_lines(path))
    columns = [column for pair in _SCANNER.values() for column in pair]
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        hint = "the first line must name the columns " + ", ".join(columns)
        raise _wrong(path, 1, f"column {missing[0]} is missing", hint)
    for row in reader:
        sides = [_scanned(path, reader.line_num, row, side) for side in (0, 1)]
        is_claimed = (row.get(_CLAIM) or "").strip().lower() == "true"
        yield ScannedPair(reader.line_num, sides[0], sides[1], is_claimed)


def _lines(path: Path) -> Iterator[str]:
    """The lines of a text file, at most ROWS_MAX."""
    number = 0
    try:
        with path.open(encoding="utf8", newline="") as text:
            for number, line in enumerate(text, start=1):
                _refuse_endless(path, number)
                yield line
    except OSError as error:
        raise CommandError(
            Exit.USAGE,
            "NO_SUCH_FILE",
            f"{path} cannot be read: {error.strerror}",
            "give a .jsonl file of labelled pairs, or a .csv file or folder of a scanner's rows",
        ) from error
    except UnicodeDecodeError as error:
        hint = "save the file as UTF-8 text"
        raise _wrong(path, number + 1, "not UTF-8 text", hint) from error


def _refuse_endless(path: Path, number: int) -> None:
    if number > ROWS_MAX:
        raise _wrong(path, number, f"more than {ROWS_MAX} rows", "split the file")


def _labelled(path: Path, number: int, line: str) -> LabelledPair:
    try:
        row: object = json.loads(line)
    except ValueError as error:
        raise _wrong(path, number, f"not JSON ({error})", "write one JSON object a line") from error
    if not isinstance(row, dict):
        raise _wrong(path, number, "not a JSON object", "write one JSON object a line")
    fields = cast("dict[str, object]", row)
    missing = [name for name in REQUIRED if name not in fields]
    if missing:
        hint = "every row needs " + ", ".join(REQUIRED)
        raise _wrong(path, number, f"field {missing[0]} is missing", hint)
    label = fields["label"]
    if label not in LABELS:
        raise _wrong(path, number, f"unknown label {label!r}", "use one of " + ", ".join(LABELS))
    return LabelledPair(
        number,
        _contract(path, number, fields, "a"),
        _contract(path, number, fields, "b"),
        cast("Label", label),
        str(fields.get("family") or "no family"),
    )


def _contract(path: Path, number: int, row: Mapping[str, object], side: str) -> ContractText:
    venue = str(row[f"venue_{side}"] or "unknown").lower()
    texts = {name: row.get(f"{name}_{side}") for name in _TEXTS}
    return ContractText(
        id=MarketId(f"{venue}:{row.get(f'id_{side}') or f'row-{number}-{side}'}"),
        venue=venue,
        title=str(row[f"title_{side}"] or ""),
        closes_us=_instant(path, number, row.get(f"end_{side}")),
        is_augmented=row.get(f"is_augmented_{side}") is True,
        **{name: str(text) for name, text in texts.items() if text is not None},  # pyright: ignore[reportArgumentType]  # text fields only
    )


def _scanned(path: Path, number: int, row: Mapping[str, str | None], side: int) -> ContractText:
    venue, title, end, url = ((row.get(names[side]) or "").strip() for names in _SCANNER.values())
    if not venue or not title:
        raise _wrong(path, number, "a row without venue or title", "complete or remove the row")
    native = url.rstrip("/").rsplit("/", 1)[-1]
    return ContractText(
        id=MarketId(f"{venue.lower()}:{native or f'row-{number}-{side}'}"),
        venue=venue.lower(),
        title=title,
        closes_us=_instant(path, number, end or None),
    )


def _instant(path: Path, number: int, text: object) -> Instant | None:
    if text is None or text == "":
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError as error:
        hint = "write times as 2026-03-02T19:45:00Z, or leave the field out"
        raise _wrong(path, number, f"not a time: {text!r}", hint) from error
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Instant(int(zoned.timestamp()) * _MICRO)


def _wrong(path: Path, number: int, message: str, hint: str) -> CommandError:
    return CommandError(Exit.USAGE, "BAD_ROW", f"{path}, line {number}: {message}", hint)
