import msgspec

from foreshock.core.domain.accounts import VenuePosition
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages.decisions import IncidentOpened, IncidentResolved
from foreshock.core.domain.messages.trading import OrderClosed
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Instant, Money, Quantity
from foreshock.core.execution.account_book import AccountBook
from foreshock.core.execution.agreement import GRACE, Agreement
from tests.trading import START, A, B, contracts, dollars, order
from tests.unit.core.execution.test_account_book import book, fill


def quiet() -> Agreement:
    """Four YES of ours, everything over, and both lists read once."""
    at = book()
    at.answer(a.OrderAnswered("o1", (), (fill(1, 10),)))
    made = Agreement(at)
    made.note_change(A, START)
    assert positions(made, 10) == []
    assert balance(made, 100) == []
    return made


def later(seconds: int = 60) -> Instant:
    return Instant(START + seconds * SECOND)


def positions(at: Agreement, count: float, asked_us: Instant | None = None) -> list[Message]:
    asked = asked_us or later()
    held = (VenuePosition(A, "yes", Quantity(round(count * MICRO))),)
    return at.positions(a.PositionsRead("polymarket", asked, asked, held))


def balance(at: Agreement, amount: int, micros: int = 0) -> list[Message]:
    cash = Money(dollars(amount) + micros)
    return at.balance(a.BalanceRead("polymarket", later(), later(), cash))


def test_what_differs_must_differ_twice() -> None:
    at = quiet()
    assert positions(at, 13) == []
    assert at.is_doubtful
    said = positions(at, 13)
    assert [type(m) for m in said] == [a.ExternalHeld, IncidentOpened]
    assert positions(at, 13) == [], "the venue's number was taken over"


def test_a_read_that_lags_is_forgiven() -> None:
    at = quiet()
    assert positions(at, 13) == []
    assert positions(at, 10) == []
    assert not at.is_doubtful


def test_nothing_is_judged_while_something_moves() -> None:
    at = quiet()
    at.note_change(A, later(50))
    assert positions(at, 13, Instant(later(50) + GRACE - 1)) == []
    assert not at.is_doubtful


def test_dust_is_booked_apart() -> None:
    at = quiet()
    positions(at, 10.005)
    assert positions(at, 10.005) == [a.DustBooked(A, "yes", -5_000)]


def test_what_a_list_may_leave_out_is_no_difference() -> None:
    at = book()
    at.answer(a.OrderAnswered("o1", (), (fill(1, 10),)))
    made = Agreement(at)
    made.positions(a.PositionsRead("polymarket", later(), later(), ()))
    assert not made.is_doubtful
    rest = msgspec.structs.replace(fill(1), quantity=Quantity(99_999))
    small = book()
    small.answer(a.OrderAnswered("o1", (), (rest,)))
    small.answer(a.OrderAnswered("o1", (OrderClosed("o1", Quantity(99_999), "done"),), ()))
    few = Agreement(small)
    for _ in range(3):
        assert few.positions(a.PositionsRead("polymarket", later(), later(), ())) == []


def test_a_balance_within_a_cent_agrees() -> None:
    at = quiet()
    assert balance(at, 100, 10_000) == []
    assert not at.is_doubtful
    assert balance(at, 100, 10_001) == []
    assert at.is_doubtful
    assert len(balance(at, 100, 10_001)) == 1


def test_a_payout_that_was_due_is_no_surprise() -> None:
    at = quiet()
    at.note_payout(A, dollars(10))
    assert balance(at, 110) == []
    assert balance(at, 110) == []
    assert not at.is_doubtful


def test_what_comes_with_a_payout_that_was_due_is_told_without_it() -> None:
    at = quiet()
    at.note_payout(A, dollars(10))
    said = [*balance(at, 115), *balance(at, 115)]
    words = [m.words for m in said if isinstance(m, IncidentOpened)]
    assert words == ["the balance differs by $5.00 from what we booked"]
    assert balance(at, 115) == []


def test_a_fee_that_nobody_told_does_not_hide_behind_a_payout() -> None:
    """Seed 1094: it stayed behind as if the rest of the payout were still to come."""
    at = quiet()
    at.note_payout(A, dollars(10))
    at.note_payout(B, dollars(7))
    said = [*balance(at, 117, -135_640), *balance(at, 117, -135_640)]
    words = [m.words for m in said if isinstance(m, IncidentOpened)]
    assert words == ["the balance differs by -$0.13564 from what we booked"]
    assert balance(at, 117, -135_640) == []


def test_a_payout_before_its_news_is_told_as_from_nowhere_and_taken_back_with_the_news() -> None:
    """Seed 1068: it was told, and booked once more with the news."""
    at = quiet()
    told = [*balance(at, 180), *balance(at, 180)]
    assert [m.id for m in told if isinstance(m, IncidentOpened)] == ["polymarket/drift/windfall"]
    (left,) = at.note_payout(A, dollars(75))
    assert isinstance(left, IncidentOpened)
    assert "by $5.00 from" in left.words
    (over,) = at.note_payout(B, dollars(6))
    assert over == IncidentResolved(
        "polymarket/drift/windfall", f"$5.00 of it was the payout of {B}"
    )
    assert balance(at, 181) == [], "one dollar of it was still to come"
    assert not at.is_doubtful


def held_of_both(yes: int, no: int) -> a.PositionsRead:
    rows = (VenuePosition(A, "yes", contracts(yes)), VenuePosition(A, "no", contracts(no)))
    return a.PositionsRead("polymarket", later(), later(), rows)


def test_both_outcomes_of_a_market_are_taken_over_as_they_are_held() -> None:
    """Polymarket lets YES and NO stand side by side: their difference is not what is there."""
    for yes, no in ((10, 13), (10, 10)):
        at = Agreement(AccountBook("polymarket"))
        assert at.positions(held_of_both(yes, no)) == [
            a.ExternalHeld(A, "yes", contracts(yes), dollars(yes)),
            a.ExternalHeld(A, "no", contracts(no), dollars(no)),
        ]
        assert at.positions(held_of_both(yes, no)) == []


def test_what_a_late_list_did_not_show_counts_no_more_once_it_is_listed() -> None:
    at = quiet()
    nothing = a.PositionsRead("polymarket", later(), later(), ())
    said = [*at.positions(nothing), *at.positions(nothing), *positions(at, 10), *positions(at, 10)]
    held = [m for m in said if isinstance(m, a.ExternalHeld)]
    assert held == [
        a.ExternalHeld(A, "yes", Quantity(-contracts(10)), Money(0)),
        a.ExternalHeld(A, "yes", contracts(0), Money(0)),
    ]


def both_sides(venue: str) -> Agreement:
    """Ten YES of one package and four NO of another, both at 45 cents; 100 dollars before."""
    at = AccountBook(venue)
    made = Agreement(at)
    assert made.balance(a.BalanceRead(venue, later(), later(), dollars(100))) == []
    market = MarketId(f"{venue}:X")
    for name, outcome, count in (("o1", "yes", 10), ("o2", "no", 4)):
        at.place(order(name, market=market, outcome=outcome, quantity=contracts(count)))
        at.prepare(name, f"c-{name}", f"v-{name}")
    for number, (name, outcome, count) in enumerate((("o1", "yes", 10), ("o2", "no", 4)), 1):
        traded = fill(number, count, venue_order_id=f"v-{name}", market=market, outcome=outcome)
        at.answer(a.OrderAnswered(name, (), (traded,)))
    return made


def test_a_set_that_a_venue_nets_is_a_dollar_in_cash() -> None:
    """Kalshi takes four sets back for four dollars; Polymarket lets both sides stand."""
    spent = 14 * 450_000 + 2 * 1_000
    for venue, paid_back in (("kalshi", dollars(4)), ("polymarket", Money(0))):
        at = both_sides(venue)
        cash = Money(dollars(100) - spent + paid_back)
        for _ in range(3):
            assert at.balance(a.BalanceRead(venue, later(), later(), cash)) == []
        assert not at.is_doubtful


def test_a_payout_where_contracts_net_comes_without_the_sets_that_were_paid() -> None:
    """Seed 106548: a loss was told of what Kalshi had paid for sets before."""
    at = both_sides("kalshi")
    cash = dollars(100) - (14 * 450_000 + 2 * 1_000) + dollars(4)
    market = MarketId("kalshi:X")
    assert at.balance(a.BalanceRead("kalshi", later(), later(), Money(cash))) == []
    assert at.note_payout(market, dollars(10)) == []
    assert at.note_payout(market, Money(0)) == []
    for _ in range(3):
        paid = Money(cash + dollars(6))
        assert at.balance(a.BalanceRead("kalshi", later(), later(), paid)) == []
    assert not at.is_doubtful


def test_a_difference_whose_market_left_both_lists_is_no_doubt_any_more() -> None:
    """A list that lagged behind a sale showed what was sold: the next one has no such row."""
    at = Agreement(AccountBook("polymarket"))
    nothing = a.PositionsRead("polymarket", later(), later(), ())
    assert at.positions(nothing) == []
    for _ in range(2):
        assert positions(at, 13) == []
        assert at.is_doubtful
        assert at.positions(nothing) == []
        assert not at.is_doubtful


def test_a_market_that_was_paid_out_leaves_no_doubt_behind() -> None:
    at = quiet()
    assert positions(at, 13) == []
    at.note_payout(A, dollars(10))
    assert positions(at, 13) == []
    assert not at.is_doubtful
