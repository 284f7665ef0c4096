"""Is it shown where a live desk stands with each venue, and what its accounts are worth?"""

import msgspec
import pytest

from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.messages import operations as o
from foreshock.core.domain.units import MICRO, SECOND, Instant
from foreshock.dashboard.views import StateView, VenueView
from tests.samples import market
from tests.trading import START, A, B, book, contracts, dollars, filled, order
from tests.unit.dashboard.told import CONFIG, Told, measured, opened, watching


def live() -> Told:
    """A desk that trades with real money at both venues and watches A and B."""
    config = {**msgspec.json.decode(CONFIG), "live_venues": ["polymarket", "kalshi"]}
    return Told([
        o.DeskStarted("0.1.0", "abcdef", "live", msgspec.json.encode(config).decode()),
        m.MarketListed(market(A)),
        m.MarketListed(market(B)),
        opened(1, "polymarket", A),
        opened(2, "kalshi", B),
        book(A, 44, 45),
        book(B, 51, 52),
        measured("polymarket", 1),
        measured("kalshi", 2),
    ])


def balance(told: Told, venue: str, amount: int) -> None:
    told.tell(a.BalanceRead(venue, told.now_us, told.now_us, dollars(amount)))


def state(told: Told) -> StateView:
    return told.model.state(told.now_us)


def polymarket(told: Told) -> VenueView:
    return next(view for view in told.model.health(told.now_us) if view.venue == "polymarket")


# ---- standing --------------------------------------------------------------------------------


def test_a_live_venue_begins_reconciling_and_a_paper_one_has_no_standing() -> None:
    standing = polymarket(live()).standing
    assert standing is not None
    assert (standing.state, standing.condition, standing.since_us) == ("reconciling", "open", None)
    assert polymarket(watching()).standing is None


def test_the_last_word_of_desk_and_venue_is_shown() -> None:
    told = live()
    told.tell(a.VenueStateChanged("polymarket", "active", "everything was read and agrees"))
    told.now_us = Instant(START + SECOND)
    told.tell(a.VenueStateChanged("polymarket", "reducing", "3 YES more than booked"))
    told.tell(a.VenueConditionTold("polymarket", "closing_only", "it says so"))
    standing = polymarket(told).standing
    assert standing is not None
    assert (standing.state, standing.reason) == ("reducing", "3 YES more than booked")
    assert standing.since_us == START + SECOND
    assert (standing.condition, standing.condition_words) == ("closing_only", "it says so")


@pytest.mark.parametrize("told", [live(), watching()], ids=["live", "paper"])
def test_the_clock_is_shown_once_it_was_compared(told: Told) -> None:
    assert polymarket(told).clock is None
    told.tell(o.ClockJudged("polymarket", "warned", 260_000, 300_000, "260 ms behind"))
    clock = polymarket(told).clock
    assert clock is not None
    assert (clock.state, clock.offset_min_us, clock.words) == ("warned", 260_000, "260 ms behind")


# ---- the account -----------------------------------------------------------------------------


def test_what_an_account_holds_is_unknown_before_it_was_read_and_not_the_bankroll() -> None:
    told = live()
    assert (state(told).value_micros, state(told).value_start_micros) == (None, None)
    assert [account.cash_micros for account in state(told).accounts] == [None, None]
    balance(told, "polymarket", 300)
    assert state(told).value_micros is None, "the other account was not read"
    balance(told, "kalshi", 200)
    assert [account.cash_micros for account in state(told).accounts] == [300 * MICRO, 200 * MICRO]
    assert state(told).value_micros == 500 * MICRO


def test_after_a_restart_what_an_earlier_run_bought_counts_at_the_best_bid() -> None:
    told = live()
    balance(told, "polymarket", 300)
    balance(told, "kalshi", 200)
    told.tell(a.ExternalHeld(A, "yes", contracts(10), dollars(10)))
    assert state(told).value_micros == 500 * MICRO + 10 * 440_000
    assert state(told).accounts[0].external_micros == 10 * MICRO
    told.tell(a.ExternalHeld(A, "yes", 0, dollars(0)))
    assert state(told).value_micros == 500 * MICRO


def test_what_we_book_counts_at_once_and_the_venue_has_the_last_word() -> None:
    told = live()
    balance(told, "polymarket", 300)
    balance(told, "kalshi", 200)
    told.tell(order(), filled("o1", 1, 10))
    assert state(told).accounts[0].cash_micros == 300 * MICRO - 10 * 450_000
    assert state(told).value_micros == 500 * MICRO - 10 * 10_000
    balance(told, "polymarket", 290)
    assert state(told).accounts[0].cash_micros == 290 * MICRO


def test_the_start_of_a_live_run_is_the_first_value_that_is_known() -> None:
    told = live()
    balance(told, "polymarket", 300)
    balance(told, "kalshi", 200)
    told.now_us = Instant(START + 3 * SECOND)
    told.tell(measured("kalshi", 2))
    assert state(told).value_start_micros == 500 * MICRO
    balance(told, "kalshi", 250)
    assert state(told).value_start_micros == 500 * MICRO


# ---- incidents -------------------------------------------------------------------------------


def test_a_resolved_incident_is_no_longer_open() -> None:
    told = live()
    told.tell(d.IncidentOpened("polymarket/unreadable/positions/1", "polymarket", "3 positions"))
    assert state(told).incidents_open_count == 1
    told.tell(d.IncidentResolved("polymarket/unreadable/positions/1", "all rows can be read"))
    assert state(told).incidents_open_count == 0
    assert told.model.risk(told.now_us).incidents == []
