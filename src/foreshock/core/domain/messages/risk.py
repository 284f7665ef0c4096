"""What was stopped, loosened, reviewed and carried over? The words around the limits.

LimitChangeRequested -> LimitChanged | LimitKept
a stop is reached    -> Halted, RiskRemembered;   RiskReviewed ends those that wait for a person
the desk starts      -> DeskRestored              before anything else is heard
while something is held -> PositionsMeasured      every minute, sooner when it changes
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.memory import DeskMemory, RiskMemory
from foreshock.core.domain.units import Duration, Instant, Money, Price, Quantity

Health: TypeAlias = Literal["active", "reducing", "halted"]
"""reducing: only hedges and unwinds pass. halted: only cancels do."""
PartName: TypeAlias = Literal["loss", "volatility", "time", "exit", "clauses", "platform"]
VarBasis: TypeAlias = Literal["moves", "resolution", "certain", "unknown"]
"""moves: of the price so far. resolution: it may pay nothing before the time is over. certain: what
is held pays the same whatever happens. unknown: too little was seen of the price."""


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


class RiskPart(msgspec.Struct, frozen=True, array_like=True):
    """One part of a risk score. points: 0 to 100; None where what it needs is not known.

    value: what the points rest on. loss, exit: micro-dollars. volatility: micro-dollars a contract
    within an hour. time: microseconds until it pays. clauses: chance in millionths that the markets
    are not the same bet. platform: share in millionths of what may be at risk at its venue.
    """

    name: PartName
    weight: int
    points: int | None
    value: int | None


class PositionRisk(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What can become of contracts that stand alone, or of packages whose legs pay together.

    quantity: of each token; below nothing, more was sold than held. worth: at the mid, of a package
    what it still pays. worst_loss: everything that can be lost of it. volatility: of the mid within
    an hour. value_at_risk: not lost within the horizon with the confidence of the measurement.
    intervals_count, changes_count: what the volatility rests on. exit_cost: what selling at once
    would lose against worth, fees aside. score: weighted mean of the parts that are known.
    """

    tokens: tuple[tuple[MarketId, Outcome], ...]
    is_package: bool
    quantity: Quantity
    worth: Money
    worst_loss: Money
    volatility: Price | None
    intervals_count: int
    changes_count: int
    value_at_risk: Money | None
    basis: VarBasis
    settles_us: Instant | None
    exit_cost: Money | None
    parts: tuple[RiskPart, ...]
    score: int | None
    known_percent: int


class PositionsMeasured(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The risk of everything held; replaces the one before.

    value_at_risk: of all together; never more than the sum. unknown_count: positions that count in
    it with all they can lose, because too little was seen of their price.
    """

    confidence_ppm: int
    horizon: Duration
    positions: tuple[PositionRisk, ...]
    value_at_risk: Money
    unknown_count: int
    worst_loss: Money
    measured_us: Instant


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
    | PositionsMeasured
)
