"""Where do the rows go? One SQL database, written in batches; everything can be rebuilt.

Trading never waits for it: rows queue up, one task writes them, and when it falls too far behind
the oldest are dropped and counted, because the journal has them all.
"""

import os
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, inspect, text, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from foreshock.adapters.storage.rows import Row
from foreshock.adapters.storage.schema import METADATA, SCHEMA_VERSION
from foreshock.core.domain.errors import StorageError

ROWS_WAITING_MAX = 200_000


class Projections:
    """The projections of one data folder in SQLite; of another schema version they start anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine: Engine | None = None
        self._waiting: deque[Row] = deque()
        self.dropped_count = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Queue rows for the next flush."""
        for row in rows:
            self._drop_oldest(ROWS_WAITING_MAX - 1)
            self._waiting.append(row)

    def flush(self) -> int:
        """Write what waits in one transaction; returns the number of rows. Raises StorageError."""
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if not batch:
            return 0
        try:
            self._write(batch)
        except (SQLAlchemyError, OSError) as error:
            self._waiting.extendleft(reversed(batch))
            self._drop_oldest(ROWS_WAITING_MAX)
            reason = error.orig if isinstance(error, DBAPIError) else error
            raise StorageError(f"cannot write {self._path}: {reason}") from error
        return len(batch)

    def close(self) -> None:
        """Give the database back."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def query(self, sql: str) -> Sequence[Any]:
        """Rows of a question in SQL; for tests and for people who explore."""
        with self._open().connect() as connection:
            return connection.execute(text(sql)).all()

    def _drop_oldest(self, waiting_max: int) -> None:
        while len(self._waiting) > waiting_max:
            self._waiting.popleft()
            self.dropped_count += 1

    def _write(self, batch: list[Row]) -> None:
        with self._open().begin() as connection:
            for (table, is_new, _), group in groupby(batch, key=_shape):
                values = [dict(row.values) for row in group]
                keys = [column.name for column in table.primary_key]
                if is_new:
                    statement = insert(table)
                    changed = {n: statement.excluded[n] for n in values[0] if n not in keys}
                    connection.execute(
                        statement.on_conflict_do_update(index_elements=keys, set_=changed), values
                    )
                    continue
                for row in values:
                    where = [table.c[key] == row.pop(key) for key in keys]
                    connection.execute(update(table).where(*where).values(row))

    def _make_file(self) -> None:
        """The database belongs to its owner only, like everything that is recorded."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))

    def _open(self) -> Engine:
        if self._engine is None:
            self._make_file()
            engine = create_engine(f"sqlite:///{self._path}")
            # Refused while another process is about to do the same: it stays with the file.
            with suppress(OperationalError), engine.connect() as connection:
                connection.execute(text("pragma journal_mode = wal"))
            with engine.begin() as connection:
                # Another process may open the same new file: one makes the tables, the other waits.
                connection.exec_driver_sql("begin immediate")
                version = connection.execute(text("pragma user_version")).scalar_one()
                if version != SCHEMA_VERSION and inspect(connection).get_table_names():
                    METADATA.drop_all(connection)
                METADATA.create_all(connection)
                connection.execute(text(f"pragma user_version = {SCHEMA_VERSION:d}"))
            self._engine = engine
        return self._engine


def _shape(row: Row) -> tuple[Any, bool, frozenset[str]]:
    return row.table, row.is_new, frozenset[str](row.values)
