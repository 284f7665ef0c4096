"""Write the page: `python -m tests.reliability report.json page.md`."""

import sys
from pathlib import Path

from tests.mutants.hunt import hunt
from tests.mutants.list import MUTANTS
from tests.reliability.document import document, read_summary


def main(report: Path, page: Path) -> None:
    """Hunt every mutant, read the run's report, write the page."""
    summary = read_summary(report.read_bytes())
    page.write_text(document(summary, [hunt(mutant) for mutant in MUTANTS]), encoding="utf8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
