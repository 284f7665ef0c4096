"""Which words around the limits are worth a notice? Health of venues, limits changed, reviews."""

from collections.abc import Callable, Mapping
from typing import Any

from foreshock.core.alerting.happening import Happening, tail_of
from foreshock.core.alerting.tiers import Case
from foreshock.core.domain.messages.risk import (
    LimitChanged,
    RiskReviewed,
    UnwindAdvised,
    VenueHealthChanged,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant

HEALTH: Mapping[str, tuple[Case, str]] = {
    "active": ("healthy", "can be relied on again"),
    "reducing": ("weak", "takes hedges and unwinds only until it mends"),
    "halted": ("unhealthy", "takes cancels only until it mends"),
}


def _health(x: VenueHealthChanged, now_us: Instant) -> Happening:
    case, words = HEALTH[x.health]
    return Happening(
        kind="venue",
        case=case,
        key=f"{x.venue}:{x.health}:{now_us}",
        about=x.venue,
        subject=f"{x.venue} is {x.health}",
        words=f"{x.venue} {words}: {x.reason}.",
    )


def _advised(x: UnwindAdvised, now_us: Instant) -> Happening:
    return Happening(
        kind="package",
        case="worsened",
        key=f"{x.package_id}:{x.code}",
        about=x.package_id,
        subject="a package got worse",
        words=f"Package {tail_of(x.package_id)} is evened out and not completed: {x.words}.",
    )


def _changed(x: LimitChanged, now_us: Instant) -> Happening:
    before = "none" if x.before is None else str(x.before)
    after = "none" if x.after is None else str(x.after)
    return Happening(
        kind="limit",
        case="changed",
        key=f"{x.key}:{now_us}",
        about=x.key,
        subject=f"the limit {x.key} is another one",
        words=f"{x.by} changed {x.key} from {before} to {after}.",
    )


def _reviewed(x: RiskReviewed, now_us: Instant) -> Happening:
    return Happening(
        kind="limit",
        case="reviewed",
        key=f"review:{now_us}",
        about="review",
        subject="the losses were reviewed",
        words=f"{x.by} reviewed what was lost, and the stops begin anew: {x.note}",
    )


RISK_EVENTS: Mapping[type[Message], Callable[[Any, Instant], Happening]] = {
    VenueHealthChanged: _health,
    UnwindAdvised: _advised,
    LimitChanged: _changed,
    RiskReviewed: _reviewed,
}
