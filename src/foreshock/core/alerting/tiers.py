"""Who must know? One table from what happened to how loud it is and whether channels hear of it.

    1 logged   2 shown   3 told   4 told at once, repeated   5 everywhere, repeated until seen

Detectors' levels keep their own words; the desk's events get theirs from their severity.
"""

from collections.abc import Mapping
from typing import TypeAlias, get_args

import msgspec

from foreshock.core.domain.alerts import SEVERITIES, Detector, Severity
from foreshock.core.domain.notices import Kind, Label, Sink

Case: TypeAlias = str
"""What sort of event within its kind: a detector's level, a package's outcome ..."""


class Tier(msgspec.Struct, frozen=True):
    """is_told: channels hear of it as far as their own threshold lets them; else only the log."""

    severity: Severity
    is_told: bool


LOGGED: frozenset[tuple[Detector, Case]] = frozenset({("volume", "watch"), ("burst", "watch")})
"""A Watch of the volume detector is logged and nothing more. A spike's is told."""

DETECTED: Mapping[tuple[Kind, Case], Tier] = {
    (detector, level): Tier(severity, (detector, level) not in LOGGED)
    for detector in get_args(Detector)
    for level, severity in SEVERITIES.items()
}
DESK: Mapping[tuple[Kind, Case], Tier] = {
    ("fill", "filled"): Tier(1, is_told=False),
    ("package", "hedged"): Tier(1, is_told=False),
    ("package", "missed"): Tier(1, is_told=False),
    ("package", "unwound"): Tier(2, is_told=True),
    ("package", "residual"): Tier(4, is_told=True),
    ("package", "stuck"): Tier(4, is_told=True),
    ("package", "worsened"): Tier(3, is_told=True),
    ("fill", "reverted"): Tier(3, is_told=True),
    ("order", "unknown"): Tier(3, is_told=True),
    ("incident", "opened"): Tier(4, is_told=True),
    ("incident", "resolved"): Tier(2, is_told=True),
    ("halt", "by a person"): Tier(3, is_told=True),
    ("halt", "of a venue"): Tier(4, is_told=True),
    ("halt", "of everything"): Tier(5, is_told=True),
    ("resume", "resumed"): Tier(3, is_told=True),
    ("limit", "near"): Tier(3, is_told=True),
    ("limit", "changed"): Tier(3, is_told=True),
    ("limit", "reviewed"): Tier(3, is_told=True),
    ("limit", "reached"): Tier(4, is_told=True),
    ("venue", "down"): Tier(4, is_told=True),
    ("venue", "source down"): Tier(3, is_told=True),
    ("venue", "back"): Tier(2, is_told=True),
    ("venue", "healthy"): Tier(2, is_told=True),
    ("venue", "weak"): Tier(3, is_told=True),
    ("venue", "unhealthy"): Tier(4, is_told=True),
    ("venue", "reducing"): Tier(4, is_told=True),
    ("arming", "armed"): Tier(3, is_told=True),
    ("arming", "disarmed"): Tier(2, is_told=True),
    ("pair", "reopened"): Tier(3, is_told=True),
    ("notifier", "lost"): Tier(4, is_told=True),
    ("notifier", "found"): Tier(2, is_told=True),
    ("desk", "started"): Tier(1, is_told=False),
    ("desk", "held back"): Tier(3, is_told=True),
    ("desk", "stopped"): Tier(2, is_told=True),
    ("day", "ended"): Tier(3, is_told=True),
    ("test", "asked"): Tier(1, is_told=True),
}
TIERS: Mapping[tuple[Kind, Case], Tier] = {**DETECTED, **DESK}

LABELS: Mapping[Severity, Label] = {
    1: "routine",
    2: "routine",
    3: "important",
    4: "critical",
    5: "emergency",
}
"""The words of the desk's own events; `critical` selects detectors' and the desk's alike."""

AT_ONCE_MIN = 4
"""From here on nobody waits for a group, and it is repeated until a person has seen it."""
EVERYWHERE_MIN = 5
"""From here on no threshold of a channel counts."""


class SinkRule(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel wants. hourly_max: single messages an hour; more become summaries.

    hears_detectors: False holds detectors' alerts back, the desk's own events still pass.
    """

    sink: Sink
    severity_min: Severity
    hourly_max: int
    hears_detectors: bool = True


def is_detected(kind: Kind) -> bool:
    """Whether a detector said it, and not the desk of itself."""
    return kind in get_args(Detector)


def wants(rule: SinkRule, kind: Kind, severity: Severity, *, is_told: bool) -> bool:
    """Whether a channel is to tell something of this kind and loudness."""
    if severity >= EVERYWHERE_MIN or kind == "test":
        return True
    if not is_told or (is_detected(kind) and not rule.hears_detectors):
        return False
    return severity >= rule.severity_min
