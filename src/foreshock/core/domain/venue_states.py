"""May risk be added at a venue? Armed, in agreement with the venue, and the venue lets us.

A fold that the guardian (for all legs of a request) and the gate (for one order) both keep.
Venues that trade on paper have no such state: nothing is refused there. What is kept of every
venue is whether its clock and ours agree.
"""

from collections.abc import Iterable

from foreshock.core.domain.messages.account import (
    VenueArmed,
    VenueConditionTold,
    VenueDisarmed,
    VenueStateChanged,
)
from foreshock.core.domain.messages.operations import ClockJudged
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant


class VenueStates:
    """What is known of the venues that trade with real money."""

    def __init__(self, live_venues: Iterable[str]) -> None:
        self._states: dict[str, VenueStateChanged | None] = dict.fromkeys(live_venues)
        self._armed: dict[str, VenueArmed] = {}
        self._latest_us = Instant(0)
        self._conditions: dict[str, VenueConditionTold] = {}
        self._clocks: dict[str, ClockJudged] = {}

    def hear(self, message: Message) -> None:
        """Take in what a message says about a live venue."""
        match message:
            case VenueArmed(venue=venue):
                self._armed[venue] = message
            case VenueDisarmed(venue=venue):
                self._armed.pop(venue, None)
            case VenueStateChanged(venue=venue):
                self._states[venue] = message
            case VenueConditionTold(venue=venue):
                self._conditions[venue] = message
            case ClockJudged(venue=venue):
                self._clocks[venue] = message
            case _:
                pass

    def armed_words(self, venue: str, now_us: Instant) -> str | None:
        """Why a venue may not spend real money, None when it may or trades on paper.

        What has expired stays so, also when the clock is set back.
        """
        if venue not in self._states:
            return None
        self._latest_us = max(self._latest_us, now_us)
        armed = self._armed.get(venue)
        if armed is None:
            return f"{venue} is not armed"
        return f"the arming of {venue} has expired" if self._latest_us >= armed.until_us else None

    def state_words(self, venue: str) -> str | None:
        """Why our books may not match the venue's, None when they do."""
        if venue not in self._states:
            return None
        told = self._states[venue]
        if told is None:
            return f"{venue} was not reconciled yet"
        return None if told.state == "active" else f"{venue} is {told.state}: {told.reason}"

    def condition_words(self, venue: str) -> str | None:
        """What the venue says against new orders, None when nothing."""
        told = self._conditions.get(venue)
        if venue not in self._states or told is None or told.condition == "open":
            return None
        return f"{venue} is {told.condition}: {told.words}"

    def clock_words(self, venue: str) -> str | None:
        """Why our clock is not trusted beside a venue's, None when it is or nothing was told."""
        judged = self._clocks.get(venue)
        return None if judged is None or judged.state != "refused" else judged.words

    def paused_words(self, venue: str) -> str | None:
        """Why nothing at all may be sent to a venue, None when something may."""
        told = self._conditions.get(venue)
        return None if told is None or told.condition != "paused" else self.condition_words(venue)
