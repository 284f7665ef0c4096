"""What do the messages around limits, stops and restarts say, in plain English?"""

from collections.abc import Callable, Mapping
from typing import Any

from foreshock.core.domain.messages import risk as r
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, dollar_text
from foreshock.dashboard.quoting import quoted

GIB = 1024**3
HOUR = 3_600 * SECOND
PPM_A_PERCENT = 10_000


def _health(x: r.VenueHealthChanged) -> tuple[str, str]:
    return x.venue, f"{x.health}: {quoted(x.reason)}"


def _unwind(x: r.UnwindAdvised) -> tuple[str, str]:
    return x.package_id, f"even it out now: {quoted(x.words)}"


def _wanted(x: r.LimitChangeRequested) -> tuple[str, str]:
    sure = ", a looser one is meant" if x.is_confirmed else ""
    return x.key, f"{quoted(x.by)} wants it to be {_value(x.value)}{sure}"


def _changed(x: r.LimitChanged) -> tuple[str, str]:
    return x.key, f"{_value(x.after)} from now on, was {_value(x.before)}, by {quoted(x.by)}"


def _kept(x: r.LimitKept) -> tuple[str, str]:
    return x.key, f"stays {_value(x.in_force)}, not {_value(x.wanted)}: {quoted(x.words)}"


def _reviewed(x: r.RiskReviewed) -> tuple[str, str]:
    return "all", f"{quoted(x.by)} reviewed what was lost: {quoted(x.note)}"


def _remembered(x: r.RiskRemembered) -> tuple[str, str]:
    return "all", f"the high-water mark is {dollar_text(x.memory.high_water)}"


def _disk(x: r.DiskMeasured) -> tuple[str, str]:
    left, floor = (f"{count * 10 // GIB / 10:g}" for count in (x.free_bytes, x.floor_bytes))
    return "disk", f"{left} GiB are free, entries need {floor}"


def _restored(x: r.DeskRestored) -> tuple[str, str]:
    orders = len(x.memory.ledger.orders)
    down = x.down_for // SECOND
    return x.run, f"carries on from step {x.step} with {orders} orders on record, {down} s later"


def _positions(x: r.PositionsMeasured) -> tuple[str, str]:
    at_risk, worst = dollar_text(x.value_at_risk), dollar_text(x.worst_loss)
    hours, percent = x.horizon // HOUR, f"{x.confidence_ppm / PPM_A_PERCENT:g}"
    words = f"{len(x.positions)} positions and packages: {at_risk} at risk within {hours} h"
    return "positions", f"{words} at {percent} %, at worst {worst}"


def _value(value: int | None) -> str:
    """In the units of the key, millionths as they are: the limits page says what they mean."""
    return "not watched" if value is None else str(value)


RISK_SAYINGS: Mapping[type[Message], Callable[[Any], tuple[str, str]]] = {
    r.VenueHealthChanged: _health,
    r.UnwindAdvised: _unwind,
    r.LimitChangeRequested: _wanted,
    r.LimitChanged: _changed,
    r.LimitKept: _kept,
    r.RiskReviewed: _reviewed,
    r.RiskRemembered: _remembered,
    r.DiskMeasured: _disk,
    r.DeskRestored: _restored,
    r.PositionsMeasured: _positions,
}
