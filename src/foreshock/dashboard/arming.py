"""Where may real money be spent, and until when? The words of the band on every page."""

from collections.abc import Sequence

from foreshock.core.domain.messages.account import VenueArmed, VenueDisarmed
from foreshock.core.domain.units import Instant
from foreshock.dashboard.account_words import until_words


class Arming:
    """The venues that a person has armed."""

    def __init__(self) -> None:
        self._until: dict[str, Instant] = {}

    def arm(self, armed: VenueArmed) -> None:
        """A venue may spend until an instant."""
        self._until[armed.venue] = armed.until_us

    def disarm(self, disarmed: VenueDisarmed) -> None:
        """A venue may no longer."""
        self._until.pop(disarmed.venue, None)

    def band(self, band: str, live_venues: Sequence[str], now_us: Instant) -> str:
        """The band of a live desk names every venue; that of any other is left as it is."""
        if not live_venues:
            return band
        return f"{band}: {', '.join(self._words(venue, now_us) for venue in live_venues)}"

    def _words(self, venue: str, now_us: Instant) -> str:
        until_us = self._until.get(venue)
        if until_us is None:
            return f"{venue} not armed"
        if now_us >= until_us:
            return f"{venue} expired"
        return f"{venue} armed until {until_words(until_us)}"
