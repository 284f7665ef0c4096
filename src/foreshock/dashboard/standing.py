"""Where does the desk stand with each venue? Its own state there, the venue's word, both clocks."""

from foreshock.core.domain.messages.account import VenueConditionTold, VenueStateChanged
from foreshock.core.domain.messages.operations import ClockJudged
from foreshock.core.domain.units import Instant
from foreshock.dashboard.views import ClockView, StandingView

WORDS_CHARS_MAX = 300
UNASKED = "not asked yet"


class Standings:
    """The last word on each venue, and since when it holds."""

    def __init__(self) -> None:
        self._states: dict[str, tuple[VenueStateChanged, Instant]] = {}
        self._conditions: dict[str, VenueConditionTold] = {}
        self._clocks: dict[str, ClockJudged] = {}

    def change(self, message: VenueStateChanged, now_us: Instant) -> None:
        """The desk allows itself more or less at a venue."""
        self._states[message.venue] = (message, now_us)

    def tell(self, message: VenueConditionTold) -> None:
        """A venue said what it lets us do."""
        self._conditions[message.venue] = message

    def judge(self, message: ClockJudged) -> None:
        """A venue's clock was compared with ours."""
        self._clocks[message.venue] = message

    def clock(self, venue: str) -> ClockView | None:
        """None before it was compared often enough."""
        judged = self._clocks.get(venue)
        if judged is None:
            return None
        return ClockView(judged.state, judged.offset_min, judged.offset_max, judged.words)

    def view(self, venue: str) -> StandingView:
        """Of a venue that trades with real money; it begins reconciling."""
        told, since_us = self._states.get(venue, (None, None))
        condition = self._conditions.get(venue)
        return StandingView(
            state="reconciling" if told is None else told.state,
            reason="the account was not read yet" if told is None else _cut(told.reason),
            since_us=since_us,
            condition="open" if condition is None else condition.condition,
            condition_words=UNASKED if condition is None else _cut(condition.words),
        )


def _cut(words: str) -> str:
    return words[:WORDS_CHARS_MAX]
