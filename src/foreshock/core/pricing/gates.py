"""Which of the conditions of pricing does an edge not meet, in numbers a person can read?"""

from collections.abc import Iterator, Sequence

import msgspec

from foreshock.core.domain.edges import Edge, Refusal
from foreshock.core.domain.units import Money, Quantity, format_micros
from foreshock.core.pricing.edge import PackageLeg

CENT_DIGIT = 100
"""Cents are shown to a hundredth: 100 micro-dollars."""


class GateLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What an edge must reach. return_over_cash_ppm_min: yearly, on top of `cash_ppm`."""

    net_per_contract_min: Money
    completion_ppm_min: int
    cash_ppm: int
    return_over_cash_ppm_min: int
    legs_count_max: int


def refusals(
    edge: Edge, legs: Sequence[PackageLeg], smallest: Quantity, limits: GateLimits
) -> tuple[Refusal, ...]:
    """Everything that speaks against taking the edge, always in the same order.

    smallest: the fewest contracts the venues accept.
    """
    return (*_of_legs(legs), *_of_sum(edge, smallest, limits))


def _of_legs(legs: Sequence[PackageLeg]) -> Iterator[Refusal]:
    for leg in legs:
        if leg.market.status != "open":
            words = f"the {leg.market.venue} market is {leg.market.status}"
            yield Refusal("MARKET_NOT_OPEN", words)
    for leg in legs:
        if words := _not_live(leg):
            yield Refusal("BOOK_NOT_LIVE", words)
    if any(leg.market.is_augmented for leg in legs) and len({leg.market.id for leg in legs}) > 1:
        groups = {leg.market.exclusive_group for leg in legs}
        if len(groups) == 1 and None not in groups:
            yield Refusal("AUGMENTED_SET", "the set may grow, so all of it is never bought")


def _of_sum(edge: Edge, smallest: Quantity, limits: GateLimits) -> Iterator[Refusal]:
    if len(edge.legs) > limits.legs_count_max:
        words = f"needs {len(edge.legs)} legs, at most {limits.legs_count_max} are taken together"
        yield Refusal("TOO_MANY_LEGS", words)
    if edge.quantity < smallest:
        words = f"{format_micros(edge.quantity)} contracts within depth and caps"
        yield Refusal("BELOW_MINIMUM_SIZE", f"{words}, {format_micros(smallest)} needed")
    if edge.net_per_contract < limits.net_per_contract_min:
        words = f"nets {_cents(edge.net_per_contract)} c a contract after all costs"
        yield Refusal("NET_BELOW_MIN", f"{words}, {_cents(limits.net_per_contract_min)} c needed")
    if edge.completion_ppm < limits.completion_ppm_min:
        words = f"all legs complete with {_percent(edge.completion_ppm)} %"
        yield Refusal(
            "COMPLETION_BELOW_MIN", f"{words}, {_percent(limits.completion_ppm_min)} % needed"
        )
    yield from _of_lockup(edge, limits)


def _of_lockup(edge: Edge, limits: GateLimits) -> Iterator[Refusal]:
    """Only an edge that would gain without the wait is refused for the wait."""
    needed = limits.cash_ppm + limits.return_over_cash_ppm_min
    if edge.annualised_ppm is not None and 0 < edge.annualised_ppm < needed:
        words = f"earns {_percent(edge.annualised_ppm)} % a year until it settles"
        yield Refusal("LOCKUP_BELOW_CASH", f"{words}, {_percent(needed)} % needed")


def _not_live(leg: PackageLeg) -> str:
    book = leg.book
    if book.quality == "polled":
        return f"the {leg.market.venue} book is read by polling"
    touches = bool(book.bids and book.asks) and book.bids[0][0] >= book.asks[0][0]
    if book.quality == "crossed" or touches:
        return f"the {leg.market.venue} book is crossed"
    return ""


def _cents(amount: Money) -> str:
    return format_micros(amount // CENT_DIGIT * CENT_DIGIT * 100)


def _percent(ppm: int) -> str:
    return format_micros(ppm // 100 * 100 * 100)
