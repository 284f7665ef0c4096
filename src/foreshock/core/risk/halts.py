"""Where may no risk be added? Halts stay until somebody resumes; repeated rejects cause one."""

from collections.abc import Iterable, Mapping

from foreshock.core.domain.messages.decisions import Halted

EVERYWHERE = "all"
BY_LEASE = "lease"
"""Who halts when another data folder's desk traded the account before this one."""


class Halts:
    """The scopes that are halted, each with its reason."""

    def __init__(self) -> None:
        self._halted: dict[str, Halted] = {}

    def halt(self, halted: Halted) -> bool:
        """Halt a scope; False when it was halted before: it keeps its first reason."""
        return self._halted.setdefault(halted.scope, halted) is halted

    def resume(self, scope: str) -> None:
        """Lift the halt of exactly this scope: resuming "all" leaves a venue's own halt."""
        self._halted.pop(scope, None)

    def words(self, venues: Iterable[str]) -> str | None:
        """Why these venues may not be traded, None when they may."""
        for scope in (EVERYWHERE, *venues):
            halted = self._halted.get(scope)
            if halted is not None:
                return f"{scope} was halted by {halted.by}: {halted.reason}"
        return None


class Rejects:
    """Identical rejects in a row, by venue."""

    def __init__(self, identical_max: int) -> None:
        self.identical_max = identical_max
        self._runs: dict[str, tuple[str, int]] = {}

    def add(self, venue: str, reason: str) -> bool:
        """Count a reject; True when the run has just reached its ceiling."""
        last, count = self._runs.get(venue, (reason, 0))
        count = count + 1 if last == reason else 1
        self._runs[venue] = (reason, count)
        return count == self.identical_max

    def runs(self) -> dict[str, tuple[str, int]]:
        """(reason, count) of the run at each venue."""
        return dict(self._runs)

    def recall(self, runs: Mapping[str, tuple[str, int]]) -> None:
        """Carry on with the runs of an earlier desk."""
        self._runs = dict(runs)

    def clear(self, venue: str) -> None:
        """The venue took an order, or somebody looked: the run is over."""
        self._runs.pop(venue, None)
