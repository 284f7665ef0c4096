"""What was stopped, loosened, reviewed and carried over? The words around the limits.

LimitChangeRequested -> LimitChanged | LimitKept
a stop is reached    -> Halted, RiskRemembered;   RiskReviewed ends those that wait for a person
the desk starts      -> DeskRestored              before anything else is heard
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.memory import DeskMemory, RiskMemory
from foreshock.core.domain.units import Duration

Health: TypeAlias = Literal["active", "reducing", "halted"]
"""reducing: only hedges and unwinds pass. halted: only cancels do."""


class VenueHealthChanged(msgspec.Struct, frozen=True, tag=True):
    """How far a venue can be relied on, and what is wrong with it; it mends by itself."""

    venue: str
    health: Health
    reason: str


class UnwindAdvised(msgspec.Struct, frozen=True, tag=True):
    """An open package with unequal legs got worse: complete it no longer, even it out now."""

    package_id: str
    code: str
    words: str


class LimitChangeRequested(msgspec.Struct, frozen=True, tag=True):
    """Somebody wants another limit. value: in the units of the key; None: no longer watched.

    is_confirmed: a person has typed that a looser limit is meant.
    """

    key: str
    value: int | None
    by: str
    is_confirmed: bool


class LimitChanged(msgspec.Struct, frozen=True, tag=True):
    """A limit is another one from here on."""

    key: str
    before: int | None
    after: int | None
    by: str


class LimitKept(msgspec.Struct, frozen=True, tag=True):
    """A limit stays as it was: the wish was looser and not confirmed, or makes no sense."""

    key: str
    in_force: int | None
    wanted: int | None
    by: str
    words: str


class RiskReviewed(msgspec.Struct, frozen=True, tag=True):
    """A person has looked at what was lost and says what was found: the stops begin anew here."""

    by: str
    note: str


class RiskRemembered(msgspec.Struct, frozen=True, tag=True):
    """What the stops rest on changed to this."""

    memory: RiskMemory


class DiskMeasured(msgspec.Struct, frozen=True, tag=True):
    """Room left where the desk records, in bytes, and the least at which it still adds risk."""

    free_bytes: int
    floor_bytes: int


class DeskRestored(msgspec.Struct, frozen=True, tag=True):
    """What an earlier run left. run: its folder's name; step: the last one of its journal."""

    run: str
    step: int
    memory: DeskMemory
    down_for: Duration


RiskFact: TypeAlias = (
    VenueHealthChanged
    | UnwindAdvised
    | LimitChangeRequested
    | LimitChanged
    | LimitKept
    | RiskReviewed
    | RiskRemembered
    | DiskMeasured
    | DeskRestored
)
