"""May this conversion leave, and is there enough for it? Judged when it is asked for."""

from collections.abc import Mapping

import msgspec

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.messages.conversions import (
    ConversionRequested,
    ConversionVerdict,
    ConvertSets,
)
from foreshock.core.domain.messages.decisions import Halted
from foreshock.core.domain.units import Instant, Money, Quantity, format_micros
from foreshock.core.domain.venue_states import VenueStates

EVERYWHERE = "all"


class Holding(msgspec.Struct, frozen=True):
    """Contracts of both outcomes of one market, as the venue lists them."""

    yes: int
    no: int

    def most(self) -> Quantity:
        """The larger of both: what a redemption can pay at most, in dollars."""
        return Quantity(max(self.yes, self.no))

    def after(self, command: ConvertSets) -> "Holding":
        """What is held when the conversion is done."""
        if command.kind == "redeem":
            return Holding(0, 0)
        change = command.quantity if command.kind == "split" else -command.quantity
        return Holding(self.yes + change, self.no + change)


def may_leave(
    halted: Mapping[str, Halted],
    venues: VenueStates,
    stopping: str | None,
    venue: str,
    now_us: Instant,
) -> Refusal | None:
    """Why nothing may be spent at a venue now, None when something may."""
    for scope in (EVERYWHERE, venue):
        if scope in halted:
            words = f"{scope} was halted by {halted[scope].by}: {halted[scope].reason}"
            return Refusal("HALTED", words)
    if stopping is not None:
        return Refusal("STOPPING", f"the desk ends: {stopping}")
    words = venues.armed_words(venue, now_us)
    if words is not None:
        return Refusal("NOT_ARMED", words)
    words = venues.clock_words(venue)
    if words is not None:  # a transaction's deadline is told by our clock
        return Refusal("CLOCK_SKEW", words)
    words = venues.paused_words(venue)
    return None if words is None else Refusal("VENUE_PAUSED", words)


def size_refusal(
    request: ConversionRequested, ceiling: Money, held: Holding, cash: Money
) -> Refusal | None:
    """Why there is too much or too little of it, None when the size is right."""
    if request.kind == "redeem":
        return _redeem_refusal(request, held)
    size = request.quantity
    if size <= 0:
        return Refusal("BAD_COUNT", f"{request.kind} how many? The count must be above 0")
    if size > ceiling:
        words = f"{_dollars(size)} at once, at most {_dollars(ceiling)} (live.sets_max_dollars)"
        return Refusal("TOO_MUCH", words)
    return _merge_refusal(size, held) if request.kind == "merge" else _split_refusal(size, cash)


def _split_refusal(size: Quantity, cash: Money) -> Refusal | None:
    if size <= cash:
        return None
    return Refusal("CASH_SHORT", f"{_dollars(size)} to split, {_dollars(cash)} there")


def _redeem_refusal(request: ConversionRequested, held: Holding) -> Refusal | None:
    if request.quantity:
        return Refusal("BAD_COUNT", "a redemption takes all there is: give no count")
    return None if held.most() else Refusal("NOT_HELD", f"nothing of {request.market} is held")


def _merge_refusal(size: Quantity, held: Holding) -> Refusal | None:
    if size <= min(held.yes, held.no):
        return None
    pair = f"{format_micros(held.yes)} YES and {format_micros(held.no)} NO"
    return Refusal("NOT_HELD", f"the venue lists {pair}: at most the smaller can be merged")


def work_words(command: ConvertSets) -> str:
    """What is under way."""
    size = "" if command.kind == "redeem" else f" {format_micros(command.quantity)}"
    return f"{command.kind}{size} of {command.market}"


def left_words(verdict: ConversionVerdict | None) -> str:
    """What is known of one that left."""
    return "nothing yet" if verdict is None else verdict


def _dollars(micros: int) -> str:
    return f"${format_micros(micros, 2)}"
