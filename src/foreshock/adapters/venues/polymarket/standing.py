"""May this account, from this place, buy at Polymarket? Asked at the start and every five minutes.

Two answers: the website says whether this address is blocked, the trading host whether the account
may only close positions. Nothing is begun before the account's answer is known. The website may
keep silent: the trading host refuses blocked places by itself, in its answers to orders.
"""

from typing import Literal, TypeAlias

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.account import (
    closed_only_request,
    geoblock_request,
    read_closed_only,
    read_geoblock,
)
from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.units import SECOND, Duration, Instant

EVERY = Duration(300 * SECOND)
RETRY = Duration(30 * SECOND)
ANSWER_WAIT = Duration(10 * SECOND)

Asked: TypeAlias = Literal["account", "place"]
ORDER: tuple[Asked, ...] = ("account", "place")


class Standing:
    """A `Pulse`: `due` says what to ask, `answered` hears what came of it."""

    def __init__(self) -> None:
        self._asked: Asked | None = None
        self._sent_us = Instant(0)
        self._due_us: dict[Asked, Instant] = dict.fromkeys(ORDER, Instant(0))
        self._account: VenueCondition | None = None
        self._place: VenueCondition | None = None

    def due(self, now_us: Instant) -> Unsigned | None:
        """What to ask now, None when nothing is due. One question is under way at a time."""
        if self._asked is not None and now_us - self._sent_us < ANSWER_WAIT:
            return None
        for asked in ORDER:
            if self._due_us[asked] <= now_us:
                self._asked, self._sent_us = asked, now_us
                self._due_us[asked] = Instant(now_us + RETRY)
                return closed_only_request() if asked == "account" else geoblock_request()
        return None

    def answered(self, answer: HttpResponse | None) -> None:
        """What came of the question under way; what cannot be read is asked again soon."""
        asked, self._asked = self._asked, None
        if answer is None or asked is None:
            return
        try:
            if asked == "account":
                self._account = read_closed_only(answer)
            else:
                self._place = read_geoblock(answer)
        except (DataError, VenueUnavailableError):
            return
        self._due_us[asked] = Instant(self._sent_us + EVERY)

    def condition(self, now_us: Instant) -> tuple[VenueCondition, str]:  # noqa: ARG002 - a pulse's shape
        """What the account may do here, as far as we were told, and why."""
        if self._place == "geoblocked":
            return "geoblocked", "Polymarket takes no orders from where this desk stands"
        if self._account == "closing_only":
            return "closing_only", "Polymarket lets this account only close positions"
        if self._account is None:
            return "not_ready", "Polymarket has not said yet whether this account may buy"
        return "open", "Polymarket lets this account buy from here"
