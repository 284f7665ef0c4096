"""Does every checker hear what it asked for, once and in order?"""

from collections.abc import Iterator, Mapping

from foreshock.app.simulation.observed import (
    Arrived,
    Hearing,
    Lost,
    Onlooker,
    Said,
    Violation,
)
from foreshock.core.domain.messages.decisions import Resumed
from foreshock.core.domain.messages.operations import DeskStopped
from foreshock.core.domain.units import Instant

NOW = Instant(7)


class Noting:
    """Finds fault with everything it hears."""

    invariant = "I1"

    def __init__(self, *kinds: type) -> None:
        self._kinds = kinds

    def hearings(self) -> Mapping[type, Hearing]:
        return dict.fromkeys(self._kinds, self._note)

    def _note(self, observed: Arrived | Said) -> Iterator[Violation]:
        yield Violation(observed.at_us, self.invariant, type(observed).__name__)


def said(message: Resumed | DeskStopped) -> Said:
    return Said(NOW, 1, 1, "guardian", message, is_input=False)


def test_a_checker_hears_only_the_kinds_it_named() -> None:
    onlooker = Onlooker([Noting(Arrived)])
    onlooker.see(Lost(NOW, 1))
    onlooker.see(Arrived(NOW, 1))
    assert onlooker.violations == [Violation(NOW, "I1", "Arrived")]
    assert onlooker.hears(Arrived)
    assert not onlooker.hears(Lost)


def test_a_message_is_heard_under_its_own_type() -> None:
    onlooker = Onlooker([Noting(Resumed), Noting(Said)])
    onlooker.see(said(DeskStopped("done")))
    assert [v.words for v in onlooker.violations] == ["Said"]
    onlooker.see(said(Resumed("all", "a person")))
    assert len(onlooker.violations) == 3
