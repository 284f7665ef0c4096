"""What does the simulated Polymarket let traders do right now, and in which words does it refuse?

open <-> cancel_only, disabled, geoblocked
open -> restarting (425) -> two minutes of post-only mode (503) -> open
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.wire_text import answer, seconds
from foreshock.core.domain.units import SECOND, Duration, Instant

ConditionName: TypeAlias = Literal["open", "cancel_only", "disabled", "geoblocked"]
Intent: TypeAlias = Literal["place", "place_post_only", "cancel"]
POST_ONLY_AFTER_RESTART = Duration(120 * SECOND)
RESTARTING = "matching engine is restarting"
CANCEL_ONLY = (
    "Trading is currently cancel-only. New orders are not accepted, but cancels are allowed."
)
DISABLED = "Trading is currently disabled. Check polymarket.com for updates"
POST_ONLY = "post-only mode: only post-only orders and cancels are allowed"
GEOBLOCKED = "Trading restricted in your region"


class Refusal(msgspec.Struct, frozen=True):
    """An answer that is no order. retry_after_s: told in a header, and in the body with a code."""

    status: int
    words: str
    code: str | None = None
    retry_after_s: int | None = None

    def response(self) -> HttpResponse:
        """As HTTP."""
        body: dict[str, object] = {"error": self.words}
        if self.code is not None:
            body |= {"code": self.code, "retry_after_seconds": self.retry_after_s}
        response = answer(self.status, body)
        if self.retry_after_s is None:
            return response
        headers = (*response.headers, ("retry-after", str(self.retry_after_s)))
        return HttpResponse(response.status, response.body, headers)


class VenueCondition:
    """The state of the whole venue. restarts_until_us, post_only_until_us: 0 when over."""

    def __init__(self) -> None:
        self.name: ConditionName = "open"
        self.restarts_until_us = Instant(0)
        self.post_only_until_us = Instant(0)

    def restart(self, for_us: int, now_us: Instant) -> None:
        """The matching engine is away for a while, then takes post-only orders for two minutes."""
        self.restarts_until_us = Instant(now_us + for_us)
        self.post_only_until_us = Instant(self.restarts_until_us + POST_ONLY_AFTER_RESTART)

    def refusal(self, intent: Intent, now_us: Instant) -> Refusal | None:
        """Why this cannot be done now; None when it can."""
        if self.name == "disabled":
            return Refusal(503, DISABLED)
        if now_us < self.restarts_until_us:
            left_s = seconds(self.restarts_until_us - now_us) + 1
            return Refusal(425, RESTARTING, None, left_s)
        return None if intent == "cancel" else self._refused_order(intent, now_us)

    def _refused_order(self, intent: Intent, now_us: Instant) -> Refusal | None:
        if self.name == "geoblocked":
            return Refusal(403, GEOBLOCKED)
        if self.name == "cancel_only":
            return Refusal(503, CANCEL_ONLY)
        if intent == "place" and now_us < self.post_only_until_us:
            left_s = seconds(self.post_only_until_us - now_us) + 1
            return Refusal(503, POST_ONLY, "post_only_mode", left_s)
        return None
