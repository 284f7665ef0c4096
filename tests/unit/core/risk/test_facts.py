"""Is what only has to be known taken in, every kind of it?"""

from foreshock.core.domain.messages.market_data import BookLost, MarketListed, MarketResolved
from foreshock.core.domain.messages.risk import DiskMeasured, VenueHealthChanged
from foreshock.core.domain.units import PAYOUT
from foreshock.core.risk.facts import OBSERVED, observe, opening_facts, sum_by_venue
from foreshock.core.risk.guardian import RiskGuardian
from tests.samples import market
from tests.trading import START, A, B, book, dollars
from tests.unit.core.risk.desk import LIMITS


def test_the_guardian_hears_all_that_has_to_be_known() -> None:
    assert set(OBSERVED) <= RiskGuardian(LIMITS).hears


def test_a_desk_begins_with_its_bankroll_and_nothing_else() -> None:
    facts = opening_facts(LIMITS)
    assert facts.value() == dollars(200) == facts.stops.high_water
    assert facts.exposure.capital() == LIMITS.bankroll


def test_a_category_that_the_package_told_outlives_a_listing_without_one() -> None:
    facts = opening_facts(LIMITS)
    observe(facts, MarketListed(market(A, category="Economics")), START)
    observe(facts, MarketListed(market(A, category="")), START)
    assert facts.terms[A].category == "economics"
    observe(facts, MarketListed(market(A, category="Sports")), START)
    assert facts.terms[A].category == "sports"


def test_each_kind_changes_what_it_is_about() -> None:
    facts = opening_facts(LIMITS)
    facts.books[A] = book(A, 40, 42)
    observe(facts, BookLost(A, 1, "gap"), START)
    observe(facts, MarketResolved(B, PAYOUT, START), START)
    observe(facts, VenueHealthChanged("kalshi", "halted", "no byte"), START)
    observe(facts, DiskMeasured(3 * 1024 * 1024, 4 * 1024 * 1024), START)
    assert not facts.books
    assert facts.statuses == {B: "settled"}
    assert facts.health == {"kalshi": "kalshi is halted: no byte"}
    assert facts.disk == "3 MiB are free to record on, entries need 4"


def test_amounts_of_markets_add_up_by_venue() -> None:
    assert sum_by_venue({A: dollars(1), B: dollars(2)}) == {
        "polymarket": dollars(1),
        "kalshi": dollars(2),
    }
