"""Which up/down books and which spot prices does a folder hold?

`books/*.csv` with the columns `Timestamp, TargetTime, Expiration, UpBid, UpAsk, DownBid, DownAsk`
(UTC, 0 = no quote), `spot/*.csv` with `timestamp, price`: closes of one minute, named by its start.
"""

import csv
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from foreshock.app.exits import CommandError, Exit

BOOK_COLUMNS: Final = (
    "Timestamp", "TargetTime", "Expiration", "UpBid", "UpAsk", "DownBid", "DownAsk",
)  # fmt: skip
SPOT_COLUMNS: Final = ("timestamp", "price")
MINUTE_S: Final = 60
ASSETS: Final = ("BTC", "ETH", "SOL")
TABLE_SQL: Final = """
    SELECT asset, CAST(floor(epoch(ts) / 60) AS BIGINT) AS minute, arg_max(price_usd, ts)
    FROM read_parquet(?) WHERE list_contains(?, asset) AND price_usd > 0
    GROUP BY asset, minute ORDER BY asset, minute
"""
ROWS_MAX: Final = 5_000_000
HINT: Final = "give a folder with books/*.csv and spot/*.csv; see foreshock evaluate --help"


class Quote(NamedTuple):
    """Both books of one up/down market at one second; None where a side has no quote."""

    at_s: int
    start_s: int
    end_s: int
    up_bid: float | None
    up_ask: float | None
    down_bid: float | None
    down_ask: float | None


def read_quotes(folder: Path) -> list[Quote]:
    """Every book row, as written. Raises CommandError that names what is wrong."""
    return [_quote(*each) for each in _rows(folder / "books", BOOK_COLUMNS)]


def read_spot(folder: Path) -> dict[int, float]:
    """Price by the second from which it was known: the end of its minute."""
    prices: dict[int, float] = {}
    for path, line, row in _rows(folder / "spot", SPOT_COLUMNS):
        price = _number(path, line, row, "price")
        if price <= 0:
            raise _wrong(path, line, f"a price of {price}")
        prices[_second(path, line, row, "timestamp") + MINUTE_S] = price
    return prices


def read_spot_tables(folder: Path) -> Iterator[tuple[str, dict[int, float]]]:
    """(asset, price by the end of its minute) of `spot/*.parquet` with `ts, asset, price_usd`.

    Nothing where duckdb is not installed: the tables are a bonus, not the record.
    """
    try:
        import duckdb  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        return
    for path in sorted((folder / "spot").glob("*.parquet")):
        with duckdb.connect() as connection:
            rows = connection.execute(TABLE_SQL, [str(path), list(ASSETS)]).fetchall()
        for asset in ASSETS:
            minutes = {int(m) * MINUTE_S + MINUTE_S: float(p) for a, m, p in rows if a == asset}
            if minutes:
                yield f"{asset}, {path.name}", minutes


def _quote(path: Path, line: int, row: Mapping[str, str]) -> Quote:
    at_s, start_s, end_s = (_second(path, line, row, name) for name in BOOK_COLUMNS[:3])
    sides = [_number(path, line, row, name) for name in BOOK_COLUMNS[3:]]
    if not (start_s < end_s and start_s <= at_s <= end_s):
        raise _wrong(path, line, "a quote outside its market's time")
    if not all(0 <= side <= 1 for side in sides):
        raise _wrong(path, line, "a quote outside 0 to 1")
    up_bid, up_ask, down_bid, down_ask = (side or None for side in sides)
    return Quote(at_s, start_s, end_s, up_bid, up_ask, down_bid, down_ask)


def _rows(folder: Path, columns: tuple[str, ...]) -> Iterator[tuple[Path, int, Mapping[str, str]]]:
    """The rows of the files that have these columns; other files are other data."""
    is_found = False
    for path in sorted(folder.glob("*.csv")):
        for line, row in _file_rows(path, columns):
            is_found = True
            yield path, line, row
    if not is_found:
        wanted = ", ".join(columns)
        raise CommandError(
            Exit.USAGE, "NO_ROWS", f"{folder} holds no .csv row with the columns {wanted}", HINT
        )


def _file_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        with path.open(encoding="utf8", newline="") as text:
            reader = csv.DictReader(text)
            if set(columns) <= set(reader.fieldnames or ()):
                yield from ((reader.line_num, row) for row in reader)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(Exit.USAGE, "NO_SUCH_FILE", f"{path}: {error}", HINT) from error


def _second(path: Path, line: int, row: Mapping[str, str], name: str) -> int:
    try:
        moment = datetime.fromisoformat(row[name])
    except (TypeError, ValueError) as error:
        raise _wrong(path, line, f"{name} {row[name]!r} is no time") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _number(path: Path, line: int, row: Mapping[str, str], name: str) -> float:
    if line > ROWS_MAX:
        raise _wrong(path, line, f"more than {ROWS_MAX} rows")
    try:
        value = float(row[name])
    except (TypeError, ValueError) as error:
        raise _wrong(path, line, f"{name} {row[name]!r} is no number") from error
    if not math.isfinite(value):
        raise _wrong(path, line, f"{name} is {value}")
    return value


def _wrong(path: Path, line: int, what: str) -> CommandError:
    return CommandError(Exit.USAGE, "BAD_ROW", f"{path} line {line}: {what}", HINT)
