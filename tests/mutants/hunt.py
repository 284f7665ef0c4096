# ruff: noqa: ANN401 - a mutant takes the place of functions of every shape
"""Is a mutant caught? It lives only inside `hunt`, and no line of the product knows of it.

A mutant replaces one function of the product while stories run; a story is caught when a checker
objects or when an assertion of the product itself stops it. Stories without the mutant violate
nothing: other tests prove that.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple

from foreshock.core.domain.errors import ForeshockError
from tests.mutants.stories import Story

SEEDS_MAX = 12
"""Stories a mutant may survive before it counts as alive."""


class Mutant(NamedTuple):
    """One wrong behaviour. names: the invariants that may object. story: where it shows."""

    name: str
    words: str
    names: tuple[str, ...]
    story: Story
    patch: Callable[[], AbstractContextManager[None]]


class Hunted(NamedTuple):
    """What became of a mutant. by: the invariant, or the error that stopped it; "" when alive."""

    mutant: Mutant
    by: str
    seed: int
    words: str

    def line(self) -> str:
        """For a person."""
        fate = f"caught by {self.by} at seed {self.seed}" if self.by else "ALIVE"
        return f"{self.mutant.name:32} {fate}: {self.words[:120]}"


def hunt(mutant: Mutant, seeds: Sequence[int] = range(SEEDS_MAX)) -> Hunted:
    """Run stories until one catches the mutant."""
    for seed in seeds:
        with mutant.patch():
            by, words = _verdict(mutant.story, seed)
        if by:
            return Hunted(mutant, by, seed, words)
    return Hunted(mutant, "", -1, mutant.words)


def _verdict(story: Story, seed: int) -> tuple[str, str]:
    try:
        at = story(seed)
    except (ForeshockError, AssertionError) as error:
        return type(error).__name__, str(error)
    found = at.violations or at.replayed()
    return (found[0].invariant, found[0].words) if found else ("", "")


@contextmanager
def swapped(owner: Any, name: str, make: Callable[[Any], Any]) -> Generator[None]:
    """`owner.name` becomes what `make` makes of it, and is itself again afterwards."""
    original: Any = getattr(owner, name)
    setattr(owner, name, make(original))
    try:
        yield
    finally:
        setattr(owner, name, original)


def swap(owner: Any, name: str, make: Callable[[Any], Any]) -> Callable[[], Any]:
    """A patch for a mutant of one function."""
    return lambda: swapped(owner, name, make)


@contextmanager
def all_of(*patches: Callable[[], AbstractContextManager[None]]) -> Generator[None]:
    """Several patches that are one mutant: the defence stands twice."""
    if not patches:
        yield
        return
    with patches[0](), all_of(*patches[1:]):
        yield


def both(*patches: Callable[[], AbstractContextManager[None]]) -> Callable[[], Any]:
    """A patch made of several."""
    return lambda: all_of(*patches)
