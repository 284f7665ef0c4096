"""What did recorded markets trade and cost in each 5-minute bucket, as it was known then?

Reads Parquet of two shapes: cumulative volume with a price (`market_id, ingested_at, volume,
yes_price`), and quotes with a rolling 24-hour figure (`slug, ts, bid, ask`), whose volume is never
differenced and therefore unknown. A difference counts in the bucket of the reading that told it.
"""

from pathlib import Path
from typing import Any

import msgspec
from numpy.typing import NDArray

from foreshock.app.exits import CommandError, Exit
from foreshock.core.domain.units import Instant
from foreshock.core.signals.volume_buckets import BucketFlow, bucket_of
from foreshock.core.signals.volume_counters import VolumeCounters

SNAPSHOTS = """
SELECT market_id AS market, epoch_us(CAST(ingested_at AS TIMESTAMPTZ)) AS read_us,
       CAST(volume AS DOUBLE) AS volume, CAST(yes_price AS DOUBLE) AS price
FROM read_parquet(?) WHERE volume IS NOT NULL AND yes_price IS NOT NULL ORDER BY read_us, market
"""


class RecordedVolume(msgspec.Struct, frozen=True):
    """Buckets from `first` on, x markets. has_volume: False where only rolling figures are told."""

    markets: tuple[str, ...]
    first: int
    flows: tuple[BucketFlow, ...]
    has_volume: bool
    refused: dict[str, int]
    readings_count: int


def read_recorded(path: Path) -> RecordedVolume:
    """Read one Parquet file.

    Raises CommandError when the file is missing, of another shape, or `duckdb` is not installed.
    """
    if not path.is_file():
        raise CommandError(Exit.USAGE, "NO_PATH", f"no such file: {path}", "give a .parquet file")
    columns = set(_query("SELECT * FROM read_parquet(?) LIMIT 0", path))
    if {"market_id", "ingested_at", "volume", "yes_price"} <= columns:
        return _snapshots(_query(SNAPSHOTS, path))
    if {"slug", "ts", "volume24hr"} <= columns:
        count = _query(
            "SELECT count(*) AS rows, count(DISTINCT slug) AS slugs FROM read_parquet(?)", path
        )
        markets = tuple("" for _ in range(int(count["slugs"][0])))
        return RecordedVolume(
            markets, 0, (), has_volume=False, refused={}, readings_count=int(count["rows"][0])
        )
    raise CommandError(
        Exit.DATA_GAP, "SHAPE", f"{path.name} holds neither volumes nor quotes we can read",
        "see docs/concepts/volume.md for the columns",
    )  # fmt: skip


def _query(sql: str, path: Path) -> dict[str, NDArray[Any]]:
    try:
        import duckdb  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        raise CommandError(
            Exit.CONFIG, "EXTRA_MISSING", "reading Parquet needs duckdb",
            "pip install 'foreshock[analysis]'",
        ) from None  # fmt: skip
    try:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            found: dict[str, NDArray[Any]] = connection.execute(sql, [str(path)]).fetchnumpy()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # duckdb leaves categories untyped
            return found
    except duckdb.Error as error:
        cause = str(error).splitlines()[0]
        raise CommandError(
            Exit.DATA_GAP, "PARQUET", f"{path.name} cannot be read: {cause}", "check the file"
        ) from None


def _snapshots(rows: dict[str, NDArray[Any]]) -> RecordedVolume:
    markets = tuple(sorted({str(m) for m in rows["market"]}))
    places = {market: place for place, market in enumerate(markets)}
    first = bucket_of(Instant(int(rows["read_us"][0])))
    counters = VolumeCounters(len(markets), first)
    flows: list[BucketFlow] = []
    said = zip(rows["market"], rows["read_us"], rows["volume"], rows["price"], strict=True)
    for market, at, volume, price in said:
        event_us = Instant(int(at))
        while bucket_of(event_us) > counters.bucket:
            flows.append(counters.close())
        column = places[str(market)]
        counters.cumulative(column, float(volume), event_us)
        counters.price(column, float(price), event_us)
    flows.append(counters.close())
    refused = {str(reason): count for reason, count in counters.refused.items()}
    return RecordedVolume(
        markets,
        first,
        tuple(flows),
        has_volume=True,
        refused=refused,
        readings_count=len(rows["read_us"]),
    )
