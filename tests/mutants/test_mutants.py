"""Is every wrong desk caught? A mutant alive is a hole in the invariants, not in the product."""

import pytest

from tests.mutants.hunt import Mutant, hunt
from tests.mutants.list import MUTANTS
from tests.mutants.stories import Story, desk, late, orders, rejects, tight, words

MUTANTS_MIN = 30


def test_there_are_many_and_each_has_its_name() -> None:
    assert len(MUTANTS) >= MUTANTS_MIN
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.name.replace(" ", "-"))
def test_mutant_is_caught_by_what_should_catch_it(mutant: Mutant) -> None:
    hunted = hunt(mutant)
    assert hunted.by in mutant.names, hunted.line()


@pytest.mark.parametrize("story", [orders, late, desk, tight, rejects, words])
def test_the_desk_as_it_is_survives_the_same_stories(story: Story) -> None:
    """Otherwise a mutant would be caught for what the product does."""
    for seed in range(4):
        at = story(seed)
        assert not at.violations, at.violations[0]
        assert not at.replayed(), at.replayed()[0]
