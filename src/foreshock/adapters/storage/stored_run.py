"""What do the tables of one run say? Opened to read only, so asking never changes them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import Select

from foreshock.adapters.storage.schema import SCHEMA_VERSION
from foreshock.core.domain.errors import StorageError


class StoredRun:
    """A run in the projections, while a desk may be writing there."""

    def __init__(self, path: Path, run: str) -> None:
        self.run = run
        self._path = path
        self._engine = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true")

    def select(self, statement: Select[*tuple[Any, ...]]) -> Sequence[Any]:
        """Rows of a selection. Raises StorageError when there are none of this version to read."""
        try:
            with self._engine.connect() as connection:
                version = connection.execute(text("pragma user_version")).scalar_one()
                if version == SCHEMA_VERSION:
                    return connection.execute(statement).all()
        except SQLAlchemyError as error:
            raise StorageError(f"cannot read {self._path}: {error}") from error
        raise StorageError(
            f"{self._path} was written by another version: `foreshock rebuild` writes it anew"
        )

    def close(self) -> None:
        """Give the database back."""
        self._engine.dispose()
