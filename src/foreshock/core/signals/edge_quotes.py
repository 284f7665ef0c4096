"""What of an edge is worth saying, and when?

A change is said when it is visible and the edge was not quoted a moment ago; what comes too soon is
held back and said when due, unless it changed back. A verdict that flips is said at once.
"""

from collections import deque

import msgspec

from foreshock.core.domain.edges import Edge, Refusal
from foreshock.core.domain.messages.decisions import EdgeQuoted, EdgeWithdrawn, Opportunity
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Duration, Instant, Money
from foreshock.core.pricing.edge import Package


class Visibility(msgspec.Struct, frozen=True, kw_only=True):
    """From which change on an edge is quoted again, and how soon after its last quote.

    step_min: in net per contract. quantity_ppm_min: of the clip.
    """

    step_min: Money
    quantity_ppm_min: int
    interval_min: Duration


class QuoteState(msgspec.Struct):
    """What was last said of one package.

    quoted: None before the first quote and after a withdrawal. gone_code: why it was withdrawn.
    """

    package: Package
    is_quiet: bool
    """Nothing is said of it before its first quote."""
    quoted: EdgeQuoted | None = None
    quoted_us: Instant = Instant(0)
    held_back: EdgeQuoted | None = None
    is_waiting: bool = False
    found_us: Instant = Instant(0)
    gone_code: str = ""


class EdgeQuotes:
    """Says quotes, withdrawals and opportunities; keeps what was held back in order of time."""

    def __init__(self, visibility: Visibility) -> None:
        self._visibility = visibility
        self._waiting: deque[tuple[Instant, QuoteState]] = deque()

    def tell(
        self, state: QuoteState, quote: EdgeQuoted, now_us: Instant, said: list[Message]
    ) -> None:
        """A package was priced: say it if it shows, and that it may be taken if nothing refuses."""
        before = state.quoted
        is_open = not quote.refusals
        has_flipped = before is None or is_open == bool(before.refusals)
        interval = self._visibility.interval_min
        if before is not None and not has_flipped and not self._is_visible(before, quote):
            state.held_back = None
        elif has_flipped or now_us - state.quoted_us >= interval:
            _quote(state, quote, now_us, said)
        else:
            self._hold_back(state, quote, now_us)
        if is_open and (has_flipped or now_us - state.found_us >= interval):
            state.found_us = now_us
            said.append(Opportunity(opportunity_id(quote.edge), quote.edge, now_us))

    def withdraw(self, state: QuoteState, refusal: Refusal, said: list[Message]) -> None:
        """A package has no price: say so once for each reason."""
        was_quoted = state.quoted is not None
        state.quoted = state.held_back = None
        if was_quoted or (state.gone_code != refusal.code and not state.is_quiet):
            state.gone_code = refusal.code
            package = state.package
            said.append(EdgeWithdrawn(package.id, package.pair_id, package.label, refusal))

    def release(self, now_us: Instant, said: list[Message]) -> None:
        """Say what was held back and is due, so that the last change is never left unsaid."""
        while self._waiting and self._waiting[0][0] <= now_us:
            _, state = self._waiting.popleft()
            state.is_waiting = False
            if state.held_back is None:
                continue
            if now_us - state.quoted_us >= self._visibility.interval_min:
                _quote(state, state.held_back, now_us, said)
            else:  # another quote was said since it was held back
                self._hold_back(state, state.held_back, now_us)

    def _is_visible(self, before: EdgeQuoted, after: EdgeQuoted) -> bool:
        old, new = before.edge, after.edge
        moved = abs(new.net_per_contract - old.net_per_contract)
        resized = abs(new.quantity - old.quantity) * MICRO
        return (
            moved >= self._visibility.step_min
            or new.order_words != old.order_words
            or resized >= old.quantity * self._visibility.quantity_ppm_min
            or [r.code for r in before.refusals] != [r.code for r in after.refusals]
        )

    def _hold_back(self, state: QuoteState, quote: EdgeQuoted, now_us: Instant) -> None:
        state.held_back = quote
        if not state.is_waiting:
            state.is_waiting = True
            self._waiting.append((Instant(now_us + self._visibility.interval_min), state))


def opportunity_id(edge: Edge) -> str:
    """The same edge on the same books is the same opportunity."""
    return "@".join((edge.id, *(f"{leg.book_epoch}.{leg.book_recv_us}" for leg in edge.legs)))


def _quote(state: QuoteState, quote: EdgeQuoted, now_us: Instant, said: list[Message]) -> None:
    state.quoted = quote
    state.quoted_us = now_us
    state.held_back = None
    state.gone_code = ""
    said.append(quote)
