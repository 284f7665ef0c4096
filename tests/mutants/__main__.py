"""How many wrong desks are caught, by which invariant? Prints one line a mutant."""

from tests.mutants.hunt import hunt
from tests.mutants.list import MUTANTS

if __name__ == "__main__":
    for mutant in MUTANTS:
        print(hunt(mutant).line())  # noqa: T201 - this is what it is run for
