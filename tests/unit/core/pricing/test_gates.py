"""Does each gate refuse on its own, in words that carry the numbers?"""

from collections.abc import Sequence

import msgspec
import pytest

from foreshock.core.domain.edges import Edge, Refusal
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.units import MICRO, Money, Quantity
from foreshock.core.pricing.edge import Package, PackageLeg, leg_of, price_package
from foreshock.core.pricing.gates import GateLimits, refusals
from tests.unit.core.pricing.prices import COSTS, NOW, book, kalshi, ladder, leg, polymarket

LIMITS = GateLimits(
    net_per_contract_min=Money(25_000),
    completion_ppm_min=990_000,
    cash_ppm=40_000,
    return_over_cash_ppm_min=0,
    legs_count_max=2,
)
SMALLEST = Quantity(5 * MICRO)
LEGS = (
    leg(polymarket(), "yes", bids=ladder((39, 1_000)), asks=ladder((40, 1_000))),
    leg(kalshi(), "no", bids=ladder((50, 1_000)), asks=ladder((51, 1_000))),
)


def edge(legs: Sequence[PackageLeg] = LEGS, **changes: object) -> Edge:
    found = price_package(
        Package("pair:yes-no", "pair", "a bet"), legs, Quantity(100 * MICRO), COSTS, NOW
    )
    assert isinstance(found, Edge)
    return msgspec.structs.replace(found, **changes)


def reasons(
    of: Edge, legs: Sequence[PackageLeg] = LEGS, limits: GateLimits = LIMITS
) -> list[tuple[str, str]]:
    return [(r.code, r.words) for r in refusals(of, legs, SMALLEST, limits)]


def seen(changes: BookChanged) -> tuple[PackageLeg, PackageLeg]:
    return LEGS[0], leg_of(LEGS[1].market, "no", changes)


def test_nothing_speaks_against_a_good_edge() -> None:
    assert reasons(edge()) == []


def test_too_little_net() -> None:
    poor = edge(net_per_contract=Money(8_000))
    words = "nets 0.8 c a contract after all costs, 2.5 c needed"
    assert reasons(poor) == [("NET_BELOW_MIN", words)]
    assert reasons(edge(net_per_contract=Money(25_000))) == []


def test_a_loss_is_shown_to_the_hundredth_of_a_cent_downward() -> None:
    words = "nets -1.24 c a contract after all costs, 2.5 c needed"
    assert reasons(edge(net_per_contract=Money(-12_301))) == [("NET_BELOW_MIN", words)]


def test_unlikely_to_complete() -> None:
    words = "all legs complete with 97.5 %, 99 % needed"
    assert reasons(edge(completion_ppm=975_000)) == [("COMPLETION_BELOW_MIN", words)]
    assert reasons(edge(completion_ppm=990_000)) == []


def test_smaller_than_a_venue_accepts() -> None:
    words = "3 contracts within depth and caps, 5 needed"
    assert reasons(edge(quantity=Quantity(3 * MICRO))) == [("BELOW_MINIMUM_SIZE", words)]


def test_cash_is_better() -> None:
    words = "earns 3.1 % a year until it settles, 4 % needed"
    assert reasons(edge(annualised_ppm=31_000)) == [("LOCKUP_BELOW_CASH", words)]
    assert reasons(edge(annualised_ppm=40_000)) == []


@pytest.mark.parametrize("ppm", [None, -10_000, 0])
def test_an_edge_without_a_gain_is_not_refused_for_the_wait(ppm: int | None) -> None:
    assert reasons(edge(annualised_ppm=ppm)) == []


def test_a_premium_over_cash_can_be_asked_for() -> None:
    strict = msgspec.structs.replace(LIMITS, return_over_cash_ppm_min=20_000)
    assert [code for code, _ in reasons(edge(annualised_ppm=50_000), limits=strict)] == [
        "LOCKUP_BELOW_CASH"
    ]


@pytest.mark.parametrize(
    "status", ["listed", "paused", "closed", "proposed", "disputed", "settled", "unknown"]
)
def test_only_an_open_market_is_traded(status: str) -> None:
    legs = (LEGS[0], leg(kalshi(status=status), "no", LEGS[1].book.bids, LEGS[1].book.asks))
    assert reasons(edge(), legs) == [("MARKET_NOT_OPEN", f"the kalshi market is {status}")]


def test_a_polled_or_crossed_book_is_shown_but_not_traded() -> None:
    market, bids, asks = LEGS[1].market, LEGS[1].book.bids, LEGS[1].book.asks
    polled = seen(book(market.id, bids, asks, quality="polled"))
    crossed = seen(book(market.id, bids, asks, quality="crossed"))
    assert reasons(edge(), polled) == [("BOOK_NOT_LIVE", "the kalshi book is read by polling")]
    assert reasons(edge(), crossed) == [("BOOK_NOT_LIVE", "the kalshi book is crossed")]


@pytest.mark.parametrize("ask", [50, 48])
def test_a_book_that_says_it_is_live_yet_touches_is_not_believed(ask: int) -> None:
    touching = seen(book(LEGS[1].market.id, ladder((50, 1_000)), ladder((ask, 1_000))))
    assert reasons(edge(), touching) == [("BOOK_NOT_LIVE", "the kalshi book is crossed")]


def test_a_set_that_may_grow_is_never_bought_as_a_whole() -> None:
    first = polymarket("0xa", exclusive_group="race")
    other = polymarket("0xb", exclusive_group="race", is_augmented=True)
    legs = [leg(m, "yes", ladder((39, 1_000)), ladder((40, 1_000))) for m in (first, other)]
    assert [code for code, _ in reasons(edge(legs), legs)] == ["AUGMENTED_SET"]


def test_an_augmented_market_may_be_hedged_elsewhere() -> None:
    augmented = polymarket(exclusive_group="race", is_augmented=True)
    legs = (leg(augmented, "yes", LEGS[0].book.bids, LEGS[0].book.asks), LEGS[1])
    assert reasons(edge(legs), legs) == []


def test_more_legs_than_are_taken_together() -> None:
    legs = [
        leg(polymarket(name), "yes", ladder((19, 1_000)), ladder((20, 1_000)))
        for name in ("0xa", "0xb", "0xc")
    ]
    words = "needs 3 legs, at most 2 are taken together"
    assert reasons(edge(legs), legs) == [("TOO_MANY_LEGS", words)]


def test_every_reason_is_given_not_only_the_first() -> None:
    poor = edge(net_per_contract=Money(0), completion_ppm=0, quantity=Quantity(MICRO))
    found = refusals(poor, LEGS, SMALLEST, LIMITS)
    assert [r.code for r in found] == [
        "BELOW_MINIMUM_SIZE",
        "NET_BELOW_MIN",
        "COMPLETION_BELOW_MIN",
    ]
    assert all(isinstance(r, Refusal) for r in found)
