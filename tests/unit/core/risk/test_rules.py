"""Does each rule veto what it is there for, and nothing else?"""

from collections.abc import Mapping

import pytest

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import PackageClosed, TradeRefused, TradeRequest
from foreshock.core.domain.messages.market_data import (
    BookLost,
    ConnectionClosed,
    ConnectionOpened,
    FeedMeasured,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
    MarketsWatched,
)
from foreshock.core.domain.messages.operations import HaltRequested, LoopLagged
from foreshock.core.domain.messages.risk import DiskMeasured, VenueHealthChanged
from foreshock.core.domain.messages.trading import OrderUnknown
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import PAYOUT, Duration, Instant, Money
from foreshock.core.risk.limits import Limits
from foreshock.core.risk.rules import RULES
from tests.samples import market
from tests.trading import (
    START,
    A,
    B,
    book,
    cents,
    closed,
    contracts,
    dollars,
    edge,
    filled,
    leg,
    order,
    request,
)
from tests.unit.core.risk.desk import LIMITS, RiskDesk, healthy, limits, measured

SECOND = 1_000_000


def lost_package(package_id: str, loss: int) -> list[Message]:
    """Ten contracts bought and sold again at the same price; the fee is the loss."""
    bought = order(f"{package_id}/b", package_id=package_id)
    sold = order(f"{package_id}/s", package_id=package_id, action="sell", purpose="unwind")
    return [
        bought,
        filled(bought.order_id, 1, 10, fee=dollars(loss)),
        closed(bought.order_id, 10),
        sold,
        filled(sold.order_id, 1, 10),
        closed(sold.order_id, 10),
        ended(package_id),
    ]


def ended(package_id: str) -> PackageClosed:
    return PackageClosed(
        package_id,
        "pair-1",
        "unwound",
        contracts(0),
        Money(0),
        Money(0),
        Money(0),
        Money(0),
        Duration(0),
    )


def test_a_healthy_trade_is_approved() -> None:
    assert RiskDesk().ask(request()) == "APPROVED"


@pytest.mark.parametrize(
    ("code", "spoiled"),
    [
        ("HALTED", [HaltRequested("all", "operator", "lunch")]),
        ("HALTED", [HaltRequested("kalshi", "operator", "lunch")]),
        ("MARKET_NOT_OPEN", [MarketStatusChanged(B, "paused", START)]),
        ("MARKET_NOT_OPEN", [MarketResolved(A, PAYOUT, START)]),
        ("BOOK_LOST", [BookLost(A, 1, "gap")]),
        ("BOOK_LOST", [book(A, 43, 45, epoch=2)]),
        ("BOOK_LOST", [book(A, 43, 45, quality="crossed")]),
        ("BOOK_LOST", [book(B, 52, 54, quality="polled")]),
        ("STALE_PRICE", [ConnectionClosed(2, "kalshi", "cut")]),
        ("STALE_PRICE", [MarketsWatched(1, (), (A,))]),
        ("STALE_PRICE", [measured(1, "polymarket", message_age_p95=Duration(2_000_001))]),
        ("STALE_PRICE", [measured(1, "polymarket", checked_at_us=START - 60 * SECOND - 1)]),
        ("STALE_PRICE", [measured(1, "polymarket", checked_at_us=None)]),
        ("STALE_PRICE", [LoopLagged(Duration(250_001))]),
        ("SLIPPAGE", [book(A, 40, 42)]),
        ("VENUE_HEALTH", [VenueHealthChanged("kalshi", "halted", "no byte for 10 s")]),
        ("VENUE_HEALTH", [VenueHealthChanged("polymarket", "reducing", "late")]),
        ("DISK_LOW", [DiskMeasured(999, 1_000)]),
        ("UNKNOWN_ORDERS", [order("o9", package_id="p9"), OrderUnknown("o9", "silence")]),
        ("APPROVED", [HaltRequested("elsewhere", "operator", "lunch")]),
        ("APPROVED", [book(A, 41, 43)]),
        (
            "APPROVED",
            [
                VenueHealthChanged("kalshi", "halted", "no byte"),
                VenueHealthChanged("kalshi", "active", "all is well"),
            ],
        ),
        ("APPROVED", [VenueHealthChanged("elsewhere", "halted", "no byte")]),
        ("APPROVED", [DiskMeasured(999, 1_000), DiskMeasured(1_000, 1_000)]),
        ("APPROVED", [measured(1, "polymarket", message_age_p95=None)]),
        ("APPROVED", [LoopLagged(Duration(250_000))]),
        (
            "APPROVED",
            [
                order("o9", package_id="p9"),
                OrderUnknown("o9", "silence"),
                closed("o9", 0),
            ],
        ),
    ],
)
def test_one_thing_wrong_has_its_code(code: str, spoiled: list[Message]) -> None:
    desk = RiskDesk()
    desk.say(*spoiled)
    assert desk.ask(request()) == code


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("MARKET_LIMIT", limits(market_max=dollars(4))),
        ("PLATFORM_LIMIT", limits(platform_max=dollars(4))),
        ("PORTFOLIO_LIMIT", limits(portfolio_max=dollars(9))),
        ("PACKAGES_OPEN_MAX", limits(packages_open_max=0)),
        ("CATEGORY_LIMIT", limits(category_max=dollars(9))),
        ("CORRELATED_LIMIT", limits(correlated_max=dollars(9))),
        ("CASH_SHORT", limits(bankroll={"polymarket": dollars(4), "kalshi": dollars(9)})),
        ("CASH_SHORT", limits(bankroll={"polymarket": dollars(9)})),
        ("APPROVED", limits(market_max=dollars(6), platform_max=dollars(6))),
    ],
)
def test_limits_veto_by_their_code(code: str, changed: Limits) -> None:
    assert RiskDesk(changed).ask(request()) == code


def test_a_limit_that_is_just_met_is_not_exceeded() -> None:
    """A at worst: 4.50, twice the fee of 0.10, a cent for rounding. B: 4.80 and all of the net."""
    wanted = request(wanted=edge(leg(A, "yes", 45, 10, 100_000), leg(B, "no", 48, 10)))
    worst = {"polymarket": Money(4_710_000), "kalshi": Money(4_810_000 + wanted.edge.net)}
    assert RiskDesk(limits(bankroll=worst)).ask(wanted) == "APPROVED"
    for venue, amount in worst.items():
        short = {**worst, venue: Money(amount - 1)}
        assert RiskDesk(limits(bankroll=short)).ask(wanted) == "CASH_SHORT"
    market_max = max(worst.values())
    assert RiskDesk(limits(market_max=market_max)).ask(wanted) == "APPROVED"
    assert RiskDesk(limits(market_max=Money(market_max - 1))).ask(wanted) == "MARKET_LIMIT"


C = MarketId("polymarket:0xc")


def with_listings(wanted: Limits, **terms: Mapping[str, object]) -> RiskDesk:
    """A healthy desk whose markets A, B and C are listed with these terms."""
    desk = RiskDesk(wanted, [*healthy((A, C, B)), book(C, 43, 45)])
    for name, changes in terms.items():
        desk.say(MarketListed(market({"a": A, "b": B, "c": C}[name], **changes)))
    return desk


def bundle_of(one: MarketId, request_id: str) -> TradeRequest:
    """Both outcomes of one market, about 9.60 dollars."""
    return request(request_id, edge(leg(one, "yes", 45, 10), leg(one, "no", 48, 10)))


def test_what_one_venue_files_nowhere_is_filed_as_by_the_other() -> None:
    """A pair is one bet: 5 + 5 dollars of one category, and the next one of it is too many."""
    wanted = limits(category_max=dollars(15), correlated_max=dollars(99))
    filed: dict[str, Mapping[str, object]] = {
        "a": {"category": ""},
        "b": {"category": "Economics"},
        "c": {"category": "economics"},
    }
    desk = with_listings(wanted, **filed)
    assert desk.ask(request("r1")) == "APPROVED"
    desk.say(MarketListed(market(A, category="")))
    assert desk.ask(bundle_of(C, "r2")) == "CATEGORY_LIMIT"
    other = {**filed, "c": {"category": "sports"}}
    desk = with_listings(wanted, **other)
    assert desk.ask(request("r1")) == "APPROVED"
    assert desk.ask(bundle_of(C, "r2")) == "APPROVED"


def test_markets_of_one_event_share_a_limit_with_the_other_legs_of_their_packages() -> None:
    wanted = limits(correlated_max=dollars(15))
    together: dict[str, Mapping[str, object]] = {"a": {"event_id": "fed"}, "c": {"event_id": "fed"}}
    desk = with_listings(wanted, **together)
    assert desk.ask(request("r1")) == "APPROVED"
    (refused,) = [m for m in desk.say(bundle_of(C, "r2")) if isinstance(m, TradeRefused)]
    assert refused.refusal.code == "CORRELATED_LIMIT"
    assert "2 markets that move with these" in refused.refusal.words
    desk = with_listings(wanted, a={"event_id": "fed"}, c={"event_id": "oscars"})
    assert desk.ask(request("r1")) == "APPROVED"
    assert desk.ask(bundle_of(C, "r2")) == "APPROVED"


def test_markets_whose_prices_moved_together_share_a_limit() -> None:
    desk = with_listings(limits(correlated_max=dollars(15)))
    at_us = START
    for minute in range(40):
        at_us = Instant(START + minute * 60 * SECOND)
        mid = 44 + minute % 3
        clocks = {"data_at_us": at_us, "checked_at_us": at_us}
        books = [book(m, mid - 1, mid + 1, at_us=at_us) for m in (A, C)]
        feeds = [measured(1, "polymarket", **clocks), measured(2, "kalshi", **clocks)]
        desk.say(*books, book(B, 52, 54, at_us=at_us), *feeds, now_us=at_us)
    assert desk.ask(request("r1"), at_us) == "APPROVED"
    assert desk.ask(bundle_of(C, "r2"), at_us) == "CORRELATED_LIMIT"


def test_a_repeated_request_is_refused() -> None:
    desk = RiskDesk()
    assert desk.ask(request()) == "APPROVED"
    assert desk.ask(request()) == "DUPLICATE"


def test_a_silent_market_is_fine_while_the_three_clocks_are_green() -> None:
    desk = RiskDesk()
    later = START + 500 * SECOND
    fresh = {"data_at_us": Instant(later), "checked_at_us": Instant(later)}
    desk.say(measured(1, "polymarket", **fresh), measured(2, "kalshi", **fresh))
    assert desk.ask(request(), later) == "APPROVED"
    much_later = START + 601 * SECOND
    fresh = {"data_at_us": Instant(much_later), "checked_at_us": Instant(much_later)}
    desk.say(measured(1, "polymarket", **fresh), measured(2, "kalshi", **fresh))
    assert desk.ask(request("r2"), much_later) == "STALE_PRICE"


def test_a_connection_without_data_is_stale_though_checks_pass() -> None:
    desk = RiskDesk()
    later = START + 9 * SECOND
    desk.say(measured(1, "polymarket", checked_at_us=Instant(later)))
    assert desk.ask(request(), later) == "STALE_PRICE"


def test_an_unmeasured_connection_is_not_trusted() -> None:
    world = [m for m in healthy() if not isinstance(m, FeedMeasured)]
    assert RiskDesk(world=world).ask(request()) == "STALE_PRICE"


def test_a_reconnected_market_belongs_to_its_new_connection() -> None:
    desk = RiskDesk()
    desk.say(
        ConnectionClosed(1, "polymarket", "cut"),
        ConnectionOpened(3, "polymarket", "polymarket.market", (A,)),
        measured(3, "polymarket"),
    )
    assert desk.ask(request()) == "APPROVED"


def test_lag_is_forgotten_after_the_pause() -> None:
    desk = RiskDesk()
    desk.say(LoopLagged(Duration(900_000)))
    assert desk.ask(request(), START + 900_000) == "STALE_PRICE"
    assert desk.ask(request(), START + 1_100_000) == "APPROVED"


def test_a_refusal_names_the_numbers() -> None:
    answers = RiskDesk(limits(market_max=dollars(4))).say(request())
    (refused,) = [a for a in answers if isinstance(a, TradeRefused)]
    assert refused.refusal.words == f"{A}: $0.00 committed, $4.71 more, limit $4.00"


def test_slippage_is_measured_in_prices_of_the_outcome() -> None:
    desk = RiskDesk()
    desk.say(book(B, 55, 57))  # NO now offered at 45, the leg would pay 48
    assert desk.ask(request()) == "SLIPPAGE"
    assert LIMITS.slippage_max < cents(3)


def test_codes_are_unique_and_spelt_for_machines() -> None:
    codes = [code for code, _ in RULES]
    assert len(set(codes)) == len(codes)
    assert all(code == code.upper() and code.isascii() for code in codes)
