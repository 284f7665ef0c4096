"""Which rows does a message about signals change? A part of `rows`."""

from collections.abc import Iterator
from typing import TypeAlias

from sqlalchemy import Table

from foreshock.adapters.storage import schema
from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant

Value: TypeAlias = str | int | None
Change: TypeAlias = tuple[Table, dict[str, Value], bool]
"""The table, the columns that are now known, and whether the row may be inserted."""


def signal_rows(message: Message, now_us: Instant) -> Iterator[Change]:
    """What it changes, the run aside."""
    yield from _alert_rows(message, now_us)
    values: dict[str, Value]
    match message:
        case s.LeadMeasured() as m:
            values = {"pair": m.pair_id, "followed": m.followed or "", "leader": m.leader or ""}
            values |= {"lag": m.lag, "correlation_ppm": m.correlation_ppm, "at_us": now_us}
            yield schema.LEADS, values, True
        case s.BaselinesReset(reset_id=reset, market=market, by=by):
            values = {"reset": reset, "market": market or "", "by": by, "restored_by": ""}
            yield schema.BASELINE_RESETS, {**values, "at_us": now_us}, True
        case s.BaselinesRestored(reset_id=reset, by=by):
            yield schema.BASELINE_RESETS, {"reset": reset, "restored_by": by}, False
        case _:
            pass


def _alert_rows(message: Message, now_us: Instant) -> Iterator[Change]:
    values: dict[str, Value]
    match message:
        case s.AlertRaised(alert=a):
            values = {"alert": a.alert_id, "detector": a.detector, "level": a.level}
            values |= {"market": a.market, "words": a.words, "price": a.price}
            values["figures"] = "; ".join(f"{each.name}={each.value}" for each in a.figures)
            values |= {"related": "; ".join(a.related), "event_us": a.event_us, "at_us": now_us}
            yield schema.SIGNALS, {**values, "explanation": "", "lead": None, "seen_by": ""}, True
        case s.AlertExplained(alert_id=alert, explanation=explanation, lead=lead):
            values = {"alert": alert, "explanation": explanation, "lead": lead}
            yield schema.SIGNALS, values, False
        case s.AlertAcknowledged(alert_id=alert, by=by):
            yield schema.SIGNALS, {"alert": alert, "seen_by": by}, False
        case s.AlertGraded() as g:
            values = {"alert": g.alert_id, "after": g.after, "price_then": g.price_then}
            values |= {"price_after": g.price_after, "at_us": now_us}
            yield schema.SIGNAL_GRADES, values, True
        case _:
            pass
