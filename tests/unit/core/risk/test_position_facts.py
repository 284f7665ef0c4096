"""Is everything held judged once, from what the desk really knows, and told when it changes?"""

import random
from collections.abc import Mapping, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.decisions import PositionSettled
from foreshock.core.domain.messages.market_data import (
    BookLost,
    MarketListed,
    MarketStatusChanged,
)
from foreshock.core.domain.messages.risk import PositionRisk, PositionsMeasured
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import Token
from foreshock.core.domain.units import DAY, SECOND, Instant, Money
from foreshock.core.risk.facts import OBSERVED, Facts, observe, opening_facts
from foreshock.core.risk.position_facts import positions_measured
from foreshock.core.risk.position_risk import Measures
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
    filled,
    order,
    request,
)
from tests.unit.core.risk.desk import RiskDesk, healthy, limits, measured
from tests.unit.core.risk.test_correlation import heard
from tests.unit.core.risk.test_guardian import package_closed
from tests.unit.dashboard.told import related

MINUTE = 60 * SECOND
BOTH: tuple[Token, ...] = ((A, "yes"), (B, "no"))
MINUTES = 60


class Account:
    """What the guardian knows, with purchases and minutes of prices put in by hand."""

    def __init__(self) -> None:
        self.facts: Facts = opening_facts(limits())
        self.now_us = START
        for message in healthy():
            if type(message) in OBSERVED:
                observe(self.facts, message, START)

    def buy(self, at: MarketId, outcome: Outcome, count: int, price: int) -> None:
        name = f"{at} {outcome} {len(self.facts.exposure.orders())}"
        wanted = order(
            name, market=at, outcome=outcome, quantity=contracts(count), limit=cents(price)
        )
        self.facts.exposure.place(wanted)
        self.facts.exposure.apply(filled(name, 1, count, price))
        self.facts.exposure.apply(closed(name, count))

    def live(self, mids: Mapping[MarketId, Sequence[int]]) -> None:
        """One mid a minute, in cents, for every market; a book of 100 contracts a side."""
        for row in zip(*mids.values(), strict=True):
            for at, mid in zip(mids, row, strict=True):
                shown = book(at, mid - 1, mid + 1, at_us=self.now_us)
                self.facts.books[at] = shown
            self.facts.moves.sample(self.facts.books, self.now_us, heard)
            self.now_us = Instant(self.now_us + MINUTE)
        self.now_us = Instant(self.now_us - MINUTE)
        for connection, venue in ((1, "polymarket"), (2, "kalshi")):
            seen = measured(connection, venue, data_at_us=self.now_us, checked_at_us=self.now_us)
            self.facts.feeds.observe(seen, self.now_us)

    def measured(self, measures: Measures | None = None) -> PositionsMeasured:
        return positions_measured(self.facts, measures or Measures(), self.now_us)


def walk(seed: int, minutes: int = MINUTES, mid: int = 50) -> list[int]:
    rng, mids = random.Random(seed), list[int]()
    for _ in range(minutes):
        mid = min(80, max(20, mid + rng.choice((-1, 0, 1))))
        mids.append(mid)
    return mids


def points(risk: PositionRisk) -> dict[str, int | None]:
    return {part.name: part.points for part in risk.parts}


def test_nothing_held_is_no_risk() -> None:
    told = Account().measured()
    assert (told.positions, told.value_at_risk, told.worst_loss) == ((), 0, 0)


def test_a_bet_that_stands_alone_is_judged_by_how_its_price_moved() -> None:
    account = Account()
    account.buy(A, "yes", 10, 45)
    account.live({A: walk(1)})
    (risk,) = account.measured().positions
    mid = walk(1)[-1]
    assert risk.tokens == ((A, "yes"),)
    assert risk.worth == risk.worst_loss == 10 * cents(mid)
    assert risk.basis == "moves"
    assert risk.value_at_risk is not None
    assert 0 < risk.value_at_risk <= risk.worst_loss
    assert risk.volatility is not None
    assert cents(3) < risk.volatility < cents(12)  # steps of 0.8 cents a minute
    assert risk.exit_cost == 10 * cents(1)
    assert points(risk)["time"] is None  # the venue names no day
    assert risk.known_percent == 80


def test_both_outcomes_of_a_market_move_alike() -> None:
    account = Account()
    account.buy(A, "yes", 10, 45)
    account.buy(A, "no", 10, 45)
    account.live({A: walk(2)})
    told = account.measured()
    yes, no = told.positions
    assert yes.volatility == no.volatility
    assert yes.worth + no.worth == dollars(10)
    assert told.value_at_risk == 0  # together they pay a dollar, whatever the mid does


def test_what_is_hedged_risks_only_what_stands_beyond_it() -> None:
    account = Account()
    account.buy(A, "yes", 14, 45)
    account.buy(B, "no", 10, 48)
    account.live({A: walk(3), B: walk(4)})
    account.facts.valuation.hedge(BOTH, contracts(10), dollars(10))
    told = account.measured()
    package, rest = told.positions
    assert (package.is_package, package.quantity) == (True, contracts(10))
    assert (package.value_at_risk, package.basis) == (0, "certain")
    assert package.worst_loss == dollars(10)
    assert (rest.tokens, rest.quantity) == (((A, "yes"),), contracts(4))
    assert told.value_at_risk == rest.value_at_risk
    assert told.worst_loss == package.worst_loss + rest.worst_loss


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_the_risk_of_a_pair_is_that_of_its_unmatched_remainder(
    of_a: int, of_b: int, hedged: int
) -> None:
    account = Account()
    for (at, outcome), count in zip(BOTH, (of_a, of_b), strict=True):
        if count:
            account.buy(at, outcome, count, 45)
    matched = min(of_a, of_b, hedged)
    if matched:
        account.facts.valuation.hedge(BOTH, contracts(matched), dollars(matched))
    rest = Account()
    for (at, outcome), count in zip(BOTH, (of_a - matched, of_b - matched), strict=True):
        if count:
            rest.buy(at, outcome, count, 45)
    mids = {A: walk(5), B: walk(6)}
    account.live(mids)
    rest.live(mids)
    assert account.measured().value_at_risk == rest.measured().value_at_risk


def test_contracts_that_came_to_be_missing_are_owed() -> None:
    account = Account()
    account.buy(A, "yes", 8, 45)
    account.buy(B, "no", 10, 48)
    account.facts.valuation.hedge(BOTH, contracts(10), dollars(10))
    account.live({A: [40], B: [50]})
    owed = account.measured().positions[-1]
    assert (owed.quantity, owed.worst_loss) == (contracts(-2), 2 * cents(60))
    assert owed.exit_cost == 2 * cents(1)  # bought back at 41, worth 40


@pytest.mark.parametrize(
    ("count", "cost"), [(100, 100 * cents(1)), (150, 100 * cents(1) + 50 * cents(50))]
)
def test_what_the_book_does_not_buy_is_lost_by_leaving(count: int, cost: int) -> None:
    account = Account()
    account.buy(A, "yes", count, 45)
    account.live({A: [50]})
    assert account.measured().positions[0].exit_cost == cost


@pytest.mark.parametrize("how", ["no book", "silent", "polled", "paused"])
def test_leaving_has_no_price_without_a_fresh_book(how: str) -> None:
    account = Account()
    account.buy(A, "yes", 10, 45)
    account.live({A: [50]})
    match how:
        case "no book":
            observe(account.facts, BookLost(A, 1, "gap"), account.now_us)
        case "silent":
            account.now_us = Instant(account.now_us + 9 * SECOND)
        case "polled":
            polled = msgspec.structs.replace(account.facts.books[A], quality="polled")
            account.facts.books[A] = polled
        case _:
            observe(account.facts, MarketStatusChanged(A, "paused", account.now_us), account.now_us)
    (risk,) = account.measured().positions
    assert (risk.exit_cost, points(risk)["exit"]) == (None, None)


def test_a_bet_without_a_book_is_worth_what_was_paid() -> None:
    account = Account()
    account.buy(A, "yes", 10, 45)
    told = account.measured()
    (risk,) = told.positions
    assert (risk.worth, risk.worst_loss) == (Money(4_500_000), Money(4_500_000))
    assert (risk.basis, risk.value_at_risk, told.unknown_count) == ("unknown", None, 1)
    assert told.value_at_risk == risk.worst_loss  # unknown counts as all that can be lost


@pytest.mark.parametrize(
    ("days", "status", "basis"),
    [
        (2, "open", "moves"),
        (1, "open", "resolution"),
        (-1, "open", "resolution"),
        (30, "closed", "resolution"),
        (30, "disputed", "resolution"),
    ],
)
def test_what_may_pay_before_tomorrow_can_lose_everything(
    days: int, status: str, basis: str
) -> None:
    account = Account()
    account.buy(A, "yes", 10, 45)
    account.live({A: walk(7)})
    pays_us = Instant(account.now_us + days * DAY)
    listing = MarketListed(market(A, settles_us=pays_us, status=status))
    observe(account.facts, listing, account.now_us)
    told = account.measured()
    (risk,) = told.positions
    assert (risk.basis, risk.settles_us) == (basis, pays_us)
    if basis == "resolution":
        assert told.value_at_risk == risk.value_at_risk == risk.worst_loss


def test_a_venue_that_names_no_payday_is_taken_at_its_close() -> None:
    account = Account()
    account.buy(A, "yes", 10, 45)
    closes_us = Instant(START + 10 * DAY)
    observe(account.facts, MarketListed(market(A, closes_us=closes_us)), START)
    assert account.measured().positions[0].settles_us == closes_us


def test_doubt_about_a_pair_counts_in_its_package() -> None:
    account = Account()
    account.facts.valuation.hedge(BOTH, contracts(10), dollars(10))
    assert points(account.measured().positions[0])["clauses"] is None
    observe(account.facts, related(confidence_ppm=980_000), START)
    assert points(account.measured().positions[0])["clauses"] == 25
    observe(account.facts, related(relation="overlap"), START)
    assert points(account.measured().positions[0])["clauses"] is None


def test_both_outcomes_of_one_market_leave_no_doubt() -> None:
    account = Account()
    account.facts.valuation.hedge([(A, "yes"), (A, "no")], contracts(10), dollars(10))
    assert points(account.measured().positions[0])["clauses"] == 0


def test_a_package_counts_at_the_fullest_of_its_venues() -> None:
    account = Account()
    account.buy(A, "yes", 10, 40)
    account.buy(B, "no", 10, 50)
    account.facts.valuation.hedge(BOTH, contracts(10), dollars(10))
    assert points(account.measured().positions[0])["platform"] == 5  # of 100 dollars a venue


@given(st.integers(0, 99), st.integers(0, 99), st.booleans())
def test_all_together_never_risk_more_than_the_sum(one: int, other: int, opposes: bool) -> None:
    account = Account()
    account.buy(A, "yes", 10, 45)
    account.buy(B, "no" if opposes else "yes", 25, 45)
    account.live({A: walk(one), B: walk(other)})
    told = account.measured()
    values = [risk.value_at_risk or risk.worst_loss for risk in told.positions]
    assert 0 <= told.value_at_risk <= sum(values)
    assert told.value_at_risk <= told.worst_loss


def test_bets_that_fall_together_add_up_and_opposite_ones_do_not() -> None:
    mids = walk(8)
    sums: dict[Outcome, tuple[Money, int]] = {}
    outcomes: tuple[Outcome, ...] = ("yes", "no")
    for outcome in outcomes:
        account = Account()
        account.buy(A, "yes", 10, 45)
        account.buy(B, outcome, 10, 45)
        account.live({A: mids, B: mids})
        told = account.measured()
        alone = sum(risk.value_at_risk or 0 for risk in told.positions)
        sums[outcome] = (told.value_at_risk, alone)
    assert sums["yes"][0] == pytest.approx(sums["yes"][1], rel=1e-5)
    assert sums["no"][0] == 0


def test_what_was_not_seen_together_adds_up() -> None:
    account = Account()
    account.buy(A, "yes", 10, 45)
    account.buy(B, "yes", 10, 45)
    account.live({A: walk(9)})
    del account.facts.books[A]
    account.live({B: walk(10)})
    told = account.measured()
    assert told.value_at_risk == sum(risk.value_at_risk or 0 for risk in told.positions)


# ---- when it is told -----------------------------------------------------------------------


def told(messages: Sequence[Message]) -> list[PositionsMeasured]:
    return [message for message in messages if isinstance(message, PositionsMeasured)]


def beat(desk: RiskDesk, seconds: float) -> list[PositionsMeasured]:
    now_us = START + round(seconds * SECOND)
    fresh = measured(1, "polymarket", data_at_us=Instant(now_us), checked_at_us=Instant(now_us))
    return told(desk.say(fresh, now_us=now_us))


def bought(desk: RiskDesk, request_id: str) -> None:
    desk.say(request(request_id))
    for name, changes in (
        (f"{request_id}/0", dict[str, object]()),
        (f"{request_id}/1", {"market": B, "outcome": "no", "limit": cents(48)}),
    ):
        desk.say(
            order(name, package_id=request_id, **changes), filled(name, 1, 10), closed(name, 10)
        )


def test_it_is_told_every_minute_and_soon_when_something_came_or_went() -> None:
    desk = RiskDesk()
    assert beat(desk, 1) == []
    bought(desk, "r1")
    (open_,) = beat(desk, 2)
    assert [risk.is_package for risk in open_.positions] == [False, False]
    desk.say(package_closed("r1"), now_us=START + 3 * SECOND)
    assert beat(desk, 4) == []
    (hedged,) = beat(desk, 12)
    assert [risk.is_package for risk in hedged.positions] == [True]
    assert beat(desk, 71) == []
    (later,) = beat(desk, 73)
    assert later.measured_us == START + 73 * SECOND
    for (at, outcome), paid in zip(BOTH, (10, 0), strict=True):
        settled = PositionSettled(at, outcome, contracts(10), dollars(paid))
        desk.say(settled, now_us=START + 74 * SECOND)
    (gone,) = beat(desk, 84)
    assert gone.positions == ()
    assert beat(desk, 200) == []
