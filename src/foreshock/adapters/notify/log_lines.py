"""What stands on a line of alerts.jsonl? One JSON object a notice, with lower-case levels.

`docs/concepts/alerts.md` documents the fields; programs of other people read them, so a field is
only ever added.
"""

import msgspec

from foreshock.adapters.notify.texts import iso
from foreshock.core.domain.notices import Notice

SCHEMA_VERSION = 1


class AlertLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line. ts: UTC, ISO 8601. market: what it is about, `venue:id` for a market."""

    id: str
    ts: str
    level: str
    severity: int
    kind: str
    market: str
    title: str
    category: str
    message: str
    figures: dict[str, str]
    related: list[str]
    simulated: bool
    count: int
    v: int = SCHEMA_VERSION


def alert_line(notice: Notice) -> bytes:
    """The line of a notice, ending in a newline; no text in it can break the line."""
    line = AlertLine(
        id=notice.notice_id,
        ts=iso(notice.event_us),
        level=notice.level,
        severity=notice.severity,
        kind=notice.kind,
        market=notice.about,
        title=notice.subject,
        category=notice.topic,
        message=notice.words,
        figures={figure.name: figure.value for figure in notice.figures},
        related=list(notice.related),
        simulated=notice.is_simulated,
        count=notice.count,
    )
    return msgspec.json.encode(line) + b"\n"
