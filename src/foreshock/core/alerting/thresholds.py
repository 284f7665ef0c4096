"""Which states, and not single messages, are worth telling? Told once, and again after they ended.

A venue that does not answer, a loss limit that is near or reached.
"""

from collections.abc import Iterator

from foreshock.core.alerting.events import Happening
from foreshock.core.domain.alerts import Figure
from foreshock.core.domain.messages.decisions import LimitsMeasured, LimitUse
from foreshock.core.domain.messages.market_data import ConnectionFailed, ConnectionOpened
from foreshock.core.domain.oracles import SOURCE_PREFIX
from foreshock.core.domain.units import Instant, dollar_text

FAILURES_MIN = 3
"""Attempts in a row without a connection: a single one is daily business."""
BOOKS_LOST = "Its books count as lost; nothing is traded on them."
SOURCE_LOST = "Its values are shown as lost; no trade rests on them."
NEAR_PERCENT, REACHED_PERCENT, CALM_PERCENT = 80, 100, 70
"""Of a loss limit. Told at the first two, armed again below the last."""
WATCHED_LIMITS = ("LOSS", "DRAWDOWN", "STOP")
"""Parts of the codes of limits on losses; the others fill up in the course of any good day."""


class Thresholds:
    """Remembers what was told and not yet over."""

    def __init__(self) -> None:
        self._down: set[str] = set()
        self._told: dict[tuple[str, str], int] = {}

    def connection_failed(self, x: ConnectionFailed, now_us: Instant) -> Iterator[Happening]:
        """A venue counts as down after some attempts in a row."""
        if x.attempt < FAILURES_MIN or x.venue in self._down:
            return
        self._down.add(x.venue)
        is_source = x.venue.startswith(SOURCE_PREFIX)
        yield Happening(
            kind="venue",
            case="source down" if is_source else "down",
            key=f"{x.venue}:down:{now_us}",
            about=x.venue,
            subject=f"{x.venue} does not answer",
            words=f"{x.venue} could not be reached {x.attempt} times in a row: {x.reason}. "
            f"{SOURCE_LOST if is_source else BOOKS_LOST}",
        )

    def connection_opened(self, x: ConnectionOpened, now_us: Instant) -> Iterator[Happening]:
        """It answers again."""
        if x.venue not in self._down:
            return
        self._down.discard(x.venue)
        yield Happening(
            kind="venue",
            case="back",
            key=f"{x.venue}:back:{now_us}",
            about=x.venue,
            subject=f"{x.venue} answers again",
            words=f"{x.venue} can be reached again.",
        )

    def limits_measured(self, x: LimitsMeasured, now_us: Instant) -> Iterator[Happening]:
        """Loss limits that come near or are reached."""
        for use in x.uses:
            if use.limit > 0 and any(part in use.code for part in WATCHED_LIMITS):
                yield from self._limit(use, now_us)

    def _limit(self, use: LimitUse, now_us: Instant) -> Iterator[Happening]:
        percent = use.used * 100 // use.limit
        place, told = (use.code, use.scope), self._told.get((use.code, use.scope), 0)
        if percent < CALM_PERCENT:
            self._told.pop(place, None)
            return
        step = REACHED_PERCENT if percent >= REACHED_PERCENT else NEAR_PERCENT
        if percent < NEAR_PERCENT or step <= told:
            return
        self._told[place] = step
        figures = (Figure("used", _amount(use, use.used)), Figure("limit", _amount(use, use.limit)))
        yield Happening(
            kind="limit",
            case="reached" if step == REACHED_PERCENT else "near",
            key=f"{use.code}:{use.scope}:{step}:{now_us}",
            about=use.code,
            subject=f"{use.code} at {percent} %",
            words=f"{use.code} ({use.scope}): {figures[0].value} of {figures[1].value} used.",
            figures=figures,
        )


def _amount(use: LimitUse, value: int) -> str:
    return dollar_text(value) if use.unit == "money" else str(value)
