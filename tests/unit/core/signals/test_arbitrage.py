"""Does the scanner say what packages are worth, and never offer what must not be traded?"""

import csv
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.books import Levels
from foreshock.core.domain.markets import (
    Market,
    MarketId,
    Pair,
    Relation,
    SeriesFee,
    uniform_grid,
)
from foreshock.core.domain.messages.decisions import (
    EdgeQuoted,
    EdgeWithdrawn,
    Opportunity,
    PairListed,
    PairUnlisted,
)
from foreshock.core.domain.messages.market_data import (
    BookLost,
    ConnectionClosed,
    ConnectionOpened,
    FeeChanged,
    FeedGapped,
    FeedMeasured,
    GridChanged,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import (
    DAY,
    MICRO,
    PAYOUT,
    SECOND,
    Duration,
    Instant,
    Price,
    Quantity,
)
from foreshock.core.signals.arbitrage import ArbitrageScanner, ScannerSettings
from tests.unit.core.pricing.prices import COSTS, NOW, book, kalshi, ladder, polymarket

SETTINGS = ScannerSettings(loss_interval_min=Duration(0))
POLY, KALSHI = polymarket(), kalshi()
FAIR = (ladder((44, 1_000)), ladder((46, 1_000)))
"""Bids and asks around 45 c."""
CHEAP = (ladder((36, 1_000)), ladder((37, 1_000)))
"""YES at 37 c: with NO at 56 c at the other venue that is 93 c for a dollar."""


class Desk:
    """A scanner with a clock; books are numbered by the second in which they arrive."""

    def __init__(self, *markets: Market, settings: ScannerSettings = SETTINGS) -> None:
        self.scanner = ArbitrageScanner(COSTS, settings)
        self.now_us = NOW
        for market in markets:
            self.hear(MarketListed(market))

    def hear(self, message: Message, after_s: int = 1) -> list[Message]:
        self.now_us = Instant(self.now_us + after_s * SECOND)
        return list(self.scanner.handle(message, self.now_us))

    def see(
        self,
        market: Market,
        sides: tuple[Levels, Levels],
        *,
        epoch: int = 1,
        quality: str = "live",
        after_s: int = 1,
    ) -> list[Message]:
        at_us = self.now_us + after_s * SECOND
        message = book(market.id, *sides, epoch=epoch, quality=quality, at_us=at_us)
        return self.hear(message, after_s)


def pair(relation: Relation = "identity") -> PairListed:
    return PairListed(
        Pair(
            id="pair",
            a=POLY.id,
            b=KALSHI.id,
            relation=relation,
            label="a bet",
            confirmed_by="a person",
            note="",
        )
    )


def paired_desk(settings: ScannerSettings = SETTINGS, **kalshi_terms: object) -> Desk:
    """A listed pair with fair books on both sides: two refused edges were quoted."""
    desk = Desk(POLY, msgspec.structs.replace(KALSHI, **kalshi_terms), settings=settings)
    desk.hear(pair())
    desk.see(POLY, FAIR)
    assert len(quotes(desk.see(KALSHI, FAIR))) == 2
    return desk


def quotes(said: Iterable[Message]) -> list[EdgeQuoted]:
    return [message for message in said if isinstance(message, EdgeQuoted)]


def found(said: Iterable[Message]) -> list[Opportunity]:
    return [message for message in said if isinstance(message, Opportunity)]


def gone(said: Iterable[Message]) -> list[tuple[str, str]]:
    return [(m.edge_id, m.refusal.code) for m in said if isinstance(m, EdgeWithdrawn)]


def codes(said: Iterable[Message]) -> dict[str, list[str]]:
    return {quote.edge.id: [r.code for r in quote.refusals] for quote in quotes(said)}


# ---- pairs -----------------------------------------------------------------------------------


def test_both_packages_of_a_pair_are_quoted_with_what_speaks_against_them() -> None:
    desk = Desk(POLY, KALSHI)
    desk.hear(pair())
    assert desk.see(POLY, FAIR) == []
    assert codes(desk.see(KALSHI, FAIR)) == {
        "pair:yes-no": ["NET_BELOW_MIN"],
        "pair:no-yes": ["NET_BELOW_MIN"],
    }


def test_a_cheap_package_is_an_opportunity_with_its_whole_sum() -> None:
    desk = paired_desk()
    said = desk.see(POLY, CHEAP)
    (opportunity,) = found(said)
    (quote,) = (q for q in quotes(said) if not q.refusals)
    assert opportunity.edge == quote.edge
    assert opportunity.found_us == desk.now_us
    edge = opportunity.edge
    assert edge.id == "pair:yes-no"
    assert [(leg.venue, leg.outcome) for leg in edge.legs] == [
        ("polymarket", "yes"),
        ("kalshi", "no"),
    ]
    assert edge.net_per_contract >= SETTINGS.net_per_contract_min
    assert edge.legs[0].limit == 370_000
    assert edge.legs[1].limit == 560_000


def test_a_complement_pairs_the_same_outcomes() -> None:
    desk = Desk(POLY, KALSHI)
    desk.hear(pair("complement"))
    desk.see(POLY, CHEAP)
    said = desk.see(KALSHI, (ladder((54, 1_000)), ladder((56, 1_000))))
    (opportunity,) = found(said)
    assert opportunity.edge.id == "pair:yes-yes"
    assert [leg.outcome for leg in opportunity.edge.legs] == ["yes", "yes"]


@pytest.mark.parametrize("pair_first", [True, False])
def test_markets_pair_and_books_may_come_in_any_order(pair_first: bool) -> None:
    desk = Desk()
    messages: list[Message] = [MarketListed(POLY), MarketListed(KALSHI)]
    messages.insert(0 if pair_first else 2, pair())
    for message in messages:
        assert desk.hear(message) == []
    desk.see(POLY, CHEAP)
    assert len(found(desk.see(KALSHI, FAIR))) == 1


def test_books_before_the_pair_are_priced_when_it_is_listed() -> None:
    desk = Desk(POLY, KALSHI)
    desk.see(POLY, CHEAP)
    desk.see(KALSHI, FAIR)
    assert len(found(desk.hear(pair()))) == 1
    assert desk.hear(pair()) == []


def test_a_pair_that_changed_its_relation_is_another_pair() -> None:
    desk = paired_desk()
    said = desk.hear(pair("complement"))
    assert set(codes(said)) == {"pair:yes-yes", "pair:no-no"}
    said = desk.see(POLY, (ladder((30, 1_000)), ladder((31, 1_000))))
    assert "pair:yes-yes" in codes(said)


# ---- what must not be traded -----------------------------------------------------------------


@pytest.mark.parametrize("status", ["paused", "closed", "proposed", "disputed", "unknown"])
def test_a_market_that_is_not_open_is_shown_and_not_offered(status: str) -> None:
    desk = paired_desk(status=status)
    said = desk.see(POLY, CHEAP)
    assert found(said) == []
    assert codes(said)["pair:yes-no"] == ["MARKET_NOT_OPEN"]


def test_a_pause_ends_the_offer_at_once_and_its_end_renews_it() -> None:
    desk = paired_desk()
    desk.see(POLY, CHEAP)
    said = desk.hear(MarketStatusChanged(KALSHI.id, "paused", NOW), after_s=0)
    assert codes(said)["pair:yes-no"] == ["MARKET_NOT_OPEN"]
    said = desk.hear(MarketStatusChanged(KALSHI.id, "open", NOW), after_s=0)
    assert len(found(said)) == 1


@pytest.mark.parametrize("quality", ["polled", "crossed"])
def test_a_book_that_is_not_live_is_shown_and_not_offered(quality: str) -> None:
    desk = paired_desk()
    said = desk.see(POLY, CHEAP, quality=quality)
    assert found(said) == []
    assert codes(said)["pair:yes-no"] == ["BOOK_NOT_LIVE"]


def test_a_crossed_book_is_shown_and_not_offered_whatever_it_calls_itself() -> None:
    desk = paired_desk()
    said = desk.see(POLY, (ladder((50, 1_000)), ladder((39, 1_000))))
    assert found(said) == []
    assert "BOOK_NOT_LIVE" in codes(said)["pair:yes-no"]


def test_a_fee_that_is_no_longer_understood_withdraws_the_edge_until_it_is() -> None:
    desk = paired_desk()
    desk.see(POLY, CHEAP)
    said = desk.hear(FeeChanged(KALSHI.id, None))
    assert gone(said) == [("pair:yes-no", "FEE_UNKNOWN"), ("pair:no-yes", "FEE_UNKNOWN")]
    assert desk.see(POLY, FAIR) == []
    assert found(desk.see(POLY, CHEAP)) == []
    assert len(found(desk.hear(FeeChanged(KALSHI.id, KALSHI.fee)))) == 1


def test_a_pair_whose_fee_was_never_understood_says_so_once() -> None:
    desk = Desk(POLY, kalshi(fee=SeriesFee("flat", MICRO)))
    desk.hear(pair())
    desk.see(POLY, CHEAP)
    assert [code for _, code in gone(desk.see(KALSHI, FAIR))] == ["FEE_UNKNOWN"] * 2
    assert desk.see(KALSHI, FAIR) == []


def test_less_depth_than_the_minimum_is_shown_and_not_offered() -> None:
    desk = paired_desk()
    said = desk.see(POLY, (ladder((29, 1_000)), ladder((30, 3))))
    assert found(said) == []
    assert codes(said)["pair:yes-no"] == ["BELOW_MINIMUM_SIZE"]


def test_a_thin_second_leg_is_unlikely_to_complete() -> None:
    desk = paired_desk()
    desk.see(KALSHI, (ladder((44, 5)), ladder((46, 5))))
    said = desk.see(POLY, CHEAP)
    assert found(said) == []
    assert codes(said)["pair:yes-no"] == ["COMPLETION_BELOW_MIN"]


def test_a_gain_that_cash_would_beat_is_refused_for_the_wait() -> None:
    far = Instant(NOW + 2_000 * DAY)
    desk = paired_desk(settles_us=far)
    said = desk.see(POLY, CHEAP)
    assert found(said) == []
    assert codes(said)["pair:yes-no"] == ["NET_BELOW_MIN", "LOCKUP_BELOW_CASH"]


# ---- losses of data --------------------------------------------------------------------------


def test_a_lost_book_withdraws_its_edges_until_a_later_epoch() -> None:
    desk = paired_desk()
    desk.see(POLY, CHEAP)
    said = desk.hear(BookLost(POLY.id, 1, "sequence gap"))
    assert gone(said) == [("pair:yes-no", "BOOK_MISSING"), ("pair:no-yes", "BOOK_MISSING")]
    assert desk.see(POLY, CHEAP, epoch=1) == []
    assert len(found(desk.see(POLY, CHEAP, epoch=2))) == 1


def test_a_gap_withdraws_nothing_but_the_books_that_are_told_lost() -> None:
    """A gap in the trades leaves every book as it is, and a quiet one is not told again."""
    desk = paired_desk()
    desk.hear(ConnectionOpened(7, "kalshi", "ws", (KALSHI.id,)))
    assert desk.hear(FeedGapped("kalshi", 7, "trade: 2 frames missing before seq 5")) == []
    assert len(found(desk.see(POLY, CHEAP))) == 1


def test_a_lost_connection_withdraws_what_it_carried() -> None:
    desk = paired_desk()
    desk.hear(ConnectionOpened(7, "kalshi", "ws", (KALSHI.id,)))
    lost = desk.hear(ConnectionClosed(7, "kalshi", "cut"))
    assert [code for _, code in gone(lost)] == ["BOOK_MISSING"] * 2
    assert desk.see(POLY, CHEAP) == []
    assert len(found(desk.see(KALSHI, FAIR, epoch=2))) == 1


def test_an_emptied_side_withdraws_only_the_package_that_needs_it() -> None:
    desk = paired_desk()
    said = desk.see(KALSHI, ((), FAIR[1]))
    assert gone(said) == [("pair:yes-no", "BOOK_MISSING")]
    said = desk.see(KALSHI, FAIR)
    assert set(codes(said)) == {"pair:yes-no"}


def measured(desk: Desk, age_s: int) -> FeedMeasured:
    age = Duration(age_s * SECOND)
    return FeedMeasured("kalshi", 7, age, age, desk.now_us, None, 1, 0, 0)


def test_an_old_book_counts_as_stale_only_while_its_feed_is_ill() -> None:
    desk = paired_desk()
    desk.hear(ConnectionOpened(7, "kalshi", "ws", (KALSHI.id,)))
    desk.hear(measured(desk, 0), after_s=0)
    desk.now_us = Instant(desk.now_us + 60 * SECOND)
    assert len(found(desk.see(POLY, CHEAP))) == 1
    said = desk.hear(measured(desk, 3))
    assert codes(said)["pair:yes-no"] == ["BOOK_STALE"]
    stale = [r.words for q in quotes(said) for r in q.refusals if r.code == "BOOK_STALE"]
    assert stale
    assert all("its messages come 3 s late" in words for words in stale)
    assert len(found(desk.hear(measured(desk, 0)))) == 1


def test_a_book_that_grows_old_while_its_feed_is_silent_becomes_stale() -> None:
    """When the feed falls ill its books may still be young; nothing else says when they are old."""
    desk = paired_desk()
    desk.hear(ConnectionOpened(7, "kalshi", "ws", (KALSHI.id,)))
    assert len(found(desk.see(POLY, CHEAP))) == 1
    desk.see(KALSHI, FAIR, epoch=2)
    heard_us = desk.now_us
    silent = FeedMeasured("kalshi", 7, None, None, heard_us, None, 1, 0, 0)
    said = [message for _ in range(25) for message in desk.hear(silent)]
    assert codes(said)["pair:yes-no"] == ["BOOK_STALE"]


def test_a_settled_market_withdraws_its_edges() -> None:
    desk = paired_desk()
    said = desk.hear(MarketResolved(KALSHI.id, PAYOUT, NOW))
    assert [code for _, code in gone(said)] == ["MARKET_NOT_OPEN"] * 2
    assert desk.see(POLY, CHEAP) == []


def test_a_grid_change_changes_the_tick_that_the_low_end_slips() -> None:
    desk = paired_desk()
    (before,) = found(desk.see(POLY, CHEAP))
    desk.hear(GridChanged(POLY.id, uniform_grid(Price(1_000)), NOW))
    desk.hear(GridChanged(KALSHI.id, uniform_grid(Price(1_000)), NOW))
    (after,) = found(desk.see(POLY, CHEAP))
    assert before.edge.net - before.edge.net_low > 9 * (after.edge.net - after.edge.net_low) > 0


def test_facts_about_unknown_markets_are_passed_over() -> None:
    desk = Desk()
    stranger = MarketId("kalshi:STRANGER")
    for message in (
        FeeChanged(stranger, None),
        MarketResolved(stranger, PAYOUT, NOW),
        BookLost(stranger, 3, "gap"),
        ConnectionClosed(9, "kalshi", "gone"),
        measured(desk, 9),
        book(stranger, *FAIR),
    ):
        assert desk.hear(message) == []


# ---- bundles ---------------------------------------------------------------------------------


def test_both_outcomes_of_one_market_show_only_when_they_cost_less_than_they_pay() -> None:
    desk = Desk(KALSHI)
    assert desk.see(KALSHI, FAIR) == []
    said = desk.see(KALSHI, (ladder((60, 100)), ladder((40, 100))))
    assert found(said) == []
    assert "BOOK_NOT_LIVE" in codes(said)["kalshi:KXB:yes+no"]


def race(count: int, **changes: object) -> list[Market]:
    terms: dict[str, object] = {"exclusive_group": "race", "exclusive_count": count, **changes}
    return [polymarket(f"0x{number}", **terms) for number in range(count)]


def run_race(members: list[Market], cents: int) -> list[Message]:
    desk = Desk(*members)
    said: list[Message] = []
    for member in members:
        said += desk.see(member, (ladder((cents - 1, 1_000)), ladder((cents, 1_000))))
    return said


def test_a_whole_set_of_two_is_an_opportunity() -> None:
    (opportunity,) = found(run_race(race(2), 45))
    assert opportunity.edge.id == "polymarket:race:all-yes"
    assert opportunity.edge.pair_id == "polymarket:race"


def test_a_larger_set_is_shown_with_why_it_is_not_taken() -> None:
    said = run_race(race(3), 28)
    assert found(said) == []
    assert codes(said) == {"polymarket:race:all-yes": ["TOO_MANY_LEGS"]}


def test_a_set_that_may_grow_is_never_offered() -> None:
    said = run_race(race(2, is_augmented=True), 45)
    assert found(said) == []
    assert codes(said)["polymarket:race:all-yes"] == ["AUGMENTED_SET"]


@pytest.mark.parametrize("vouched", [None, 3])
def test_a_set_that_is_not_complete_is_not_even_priced(vouched: int | None) -> None:
    assert run_race(race(2, exclusive_count=vouched), 45) == []


def test_a_set_with_a_closed_member_is_not_offered() -> None:
    members = race(2)
    closed = [members[0], msgspec.structs.replace(members[1], status="closed")]
    assert codes(run_race(closed, 45))["polymarket:race:all-yes"] == ["MARKET_NOT_OPEN"]


def test_a_set_that_grew_is_withdrawn() -> None:
    members = race(2)
    desk = Desk(*members)
    for member in members:
        desk.see(member, (ladder((44, 1_000)), ladder((45, 1_000))))
    late = polymarket("0xlate", exclusive_group="race", exclusive_count=None)
    assert gone(desk.hear(MarketListed(late))) == [("polymarket:race:all-yes", "PACKAGE_CHANGED")]
    assert desk.see(members[0], CHEAP) == []


# ---- quiet and repeatable --------------------------------------------------------------------


def test_what_cannot_be_seen_is_not_said() -> None:
    desk = paired_desk()
    deeper = (ladder((44, 1_000), (43, 500)), ladder((46, 1_000), (47, 500)))
    assert desk.see(KALSHI, deeper) == []
    assert desk.see(KALSHI, (ladder((44, 999)), ladder((46, 999)))) == []


def test_a_book_listed_again_without_a_change_says_nothing() -> None:
    desk = paired_desk()
    again = msgspec.structs.replace(POLY, volume_24h=Quantity(5 * MICRO))
    assert desk.hear(MarketListed(again)) == []


def test_what_was_held_back_is_said_when_any_message_comes_later() -> None:
    desk = paired_desk()
    desk.see(POLY, (ladder((43, 1_000)), ladder((45, 1_000))))
    assert desk.see(POLY, (ladder((42, 1_000)), ladder((44, 1_000))), after_s=0) == []
    said = desk.hear(measured(desk, 0))
    assert {quote.edge.legs[0].limit for quote in quotes(said)} == {440_000, 580_000}


hostile_levels = st.lists(
    st.tuples(st.integers(0, MICRO).map(Price), st.integers(0, 10**12).map(Quantity)), max_size=14
).map(sorted)
"""Any price and size at all, in the order in which a book tells its levels."""
ordered_levels = st.lists(
    st.tuples(st.integers(1, 99), st.integers(1, 500)), max_size=6, unique_by=lambda t: t[0]
)
book_pairs = st.lists(
    st.tuples(
        st.sampled_from([POLY, KALSHI]),
        st.one_of(
            st.tuples(
                hostile_levels.map(lambda found: tuple(found[::-1])), hostile_levels.map(tuple)
            ),
            st.tuples(
                ordered_levels.map(lambda found: ladder(*sorted(found, reverse=True))),
                ordered_levels.map(lambda found: ladder(*sorted(found))),
            ),
        ),
        st.integers(0, 2),
    ),
    max_size=12,
)


@given(book_pairs)
def test_whatever_the_books_hold_offers_are_sound_and_repeatable(
    script: list[tuple[Market, tuple[Levels, Levels], int]],
) -> None:
    def run() -> list[Message]:
        desk = Desk(POLY, KALSHI)
        said = desk.hear(pair())
        for market, sides, after_s in script:
            said += desk.see(market, sides, after_s=after_s)
        return said

    said = run()
    assert said == run()
    for opportunity in found(said):
        edge = opportunity.edge
        assert edge.net_per_contract >= SETTINGS.net_per_contract_min
        assert edge.completion_ppm >= SETTINGS.completion_ppm_min
        assert edge.net == (
            edge.payout - edge.cost - edge.fees - edge.frictions - edge.lockup - edge.hedge_risk
        )
        assert all(leg.cost <= SETTINGS.leg_cost_max for leg in edge.legs)
        for leg in edge.legs:
            assert leg.venue != "polymarket" or leg.cost >= MICRO
            assert leg.venue != "polymarket" or leg.quantity >= 5 * MICRO


def test_a_stopped_pair_loses_its_edges_and_is_not_priced_again_until_it_returns() -> None:
    desk = paired_desk()
    said = desk.hear(PairUnlisted("pair", "the rules of one side changed"))
    assert gone(said) == [("pair:yes-no", "PAIR_STOPPED"), ("pair:no-yes", "PAIR_STOPPED")]
    assert desk.see(POLY, CHEAP) == []
    assert len(found(desk.hear(pair()))) == 1


def test_an_unknown_pair_that_stops_is_nobodys_business() -> None:
    assert paired_desk().hear(PairUnlisted("another", "x")) == []


# ---- what a naive scanner would take ---------------------------------------------------------


def test_look_alikes_of_a_naive_scanner_are_never_offered_without_a_confirmed_pair(
    shared_wire: Path,
) -> None:
    """Rows of 2026-06-30 that a title matcher called actionable: other hours, other strikes.

    The scanner trades what a person confirmed and matches nothing by itself, so the same prices
    without a `PairListed` give no edge at all.
    """
    path = shared_wire.parent / "data" / "false_arbitrage" / "naive_scanner_2026-06-30.csv"
    if not path.is_file():
        pytest.skip(f"no recording at {path}")
    with path.open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))[:200]
    assert all(row["accionable"] == "True" for row in rows)
    desk = Desk()
    for number, row in enumerate(rows):
        for market, column in (
            (polymarket(f"0x{number}"), "price_yes_a"),
            (kalshi(f"KX{number}"), "price_yes_b"),
        ):
            cents = max(2, min(98, int(float(row[column]) * 100)))
            desk.hear(MarketListed(market))
            said = desk.see(market, (ladder((cents - 1, 1_000)), ladder((cents + 1, 1_000))))
            assert said == []
