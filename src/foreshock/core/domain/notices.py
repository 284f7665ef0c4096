"""What is worth telling somebody? One notice, of whatever kind, as every channel delivers it."""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.alerts import Detector, Figure, Level, Severity
from foreshock.core.domain.units import Instant

Sink: TypeAlias = Literal["file", "console", "discord", "slack"]
"""file: alerts.jsonl."""
DeskEvent: TypeAlias = Literal[
    "halt",
    "resume",
    "incident",
    "package",
    "fill",
    "order",
    "venue",
    "arming",
    "limit",
    "pair",
    "notifier",
    "desk",
    "day",
    "digest",
    "test",
]
"""What the desk tells of itself. digest: several notices in one. day: what a UTC day brought."""
Kind: TypeAlias = Detector | DeskEvent
Label: TypeAlias = Level | Literal["routine", "important", "emergency"]
"""The word that people filter by. Detectors keep their own; the desk's is its severity in words."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to tell. notice_id: an alert's own id, or one that follows from what happened.

    about: the market, venue, package or part it is about. subject: that, for a person.
    topic: the market's category, by which a channel may be chosen; "" where there is none.
    is_told: whether channels hear of it at all, beside the log. count: events it stands for.
    """

    notice_id: str
    kind: Kind
    level: Label
    severity: Severity
    is_told: bool
    about: str
    subject: str
    topic: str
    words: str
    figures: tuple[Figure, ...]
    related: tuple[str, ...]
    is_simulated: bool
    event_us: Instant
    count: int = 1


def repeat_id(notice_id: str, number: int) -> str:
    """What a notice is called when it is told again."""
    return f"{notice_id}#{number}"


def first_id(notice_id: str) -> str:
    """What it was called at first; the id itself when it is no repeat's."""
    first, mark, number = notice_id.rpartition("#")
    return first if mark and number.isdecimal() else notice_id
