"""For how long, and how well, has this desk traded on paper? Read from its projections."""

from pathlib import Path

import msgspec

from foreshock.adapters.storage.projections import Projections
from foreshock.core.domain.units import Money, format_micros

DAYS_MIN = 7
"""Fewer days on paper than this need an explicit override to arm."""
DAY_US = 86_400_000_000
SQL = f"""
SELECT (SELECT COUNT(DISTINCT day) FROM (
          SELECT at_us / {DAY_US} AS day FROM configs WHERE mode = 'paper'
          UNION SELECT p.opened_us / {DAY_US} FROM packages p
            JOIN configs c ON c.run = p.run WHERE c.mode = 'paper')),
       COUNT(*), COALESCE(SUM(p.realised), 0),
       COALESCE(SUM(CASE WHEN p.realised > 0 THEN 1 ELSE 0 END), 0)
FROM packages p JOIN configs c ON c.run = p.run
WHERE c.mode = 'paper' AND p.closed_us IS NOT NULL AND p.outcome <> 'missed'
"""  # noqa: S608 - the only thing filled in is a constant of ours


class PaperRecord(msgspec.Struct, frozen=True):
    """Days (UTC) with a paper run, packages that traded, what they realised, how many gained."""

    days_count: int
    packages_count: int
    realised: Money
    gained_count: int

    @property
    def is_long_enough(self) -> bool:
        """Whether it may be armed without an override."""
        return self.days_count >= DAYS_MIN

    def words(self) -> str:
        """One line for a person and for the audit."""
        realised = format_micros(abs(self.realised), 2)
        sign = "-" if self.realised < 0 else ""
        return (
            f"{self.days_count} days on paper, {self.packages_count} packages traded,"
            f" {self.gained_count} of them gained, {sign}${realised} realised (simulated fills)"
        )


def paper_record(database: Path) -> PaperRecord:
    """The record in these projections; an empty one when there are none. Raises StorageError."""
    if not database.exists():
        return PaperRecord(0, 0, Money(0), 0)
    projections = Projections(database)
    try:
        days, packages, realised, gained = projections.query(SQL)[0]
    finally:
        projections.close()
    return PaperRecord(int(days), int(packages), Money(int(realised)), int(gained))
