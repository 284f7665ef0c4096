import msgspec

from foreshock.core.domain.accounts import VenuePosition
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages.decisions import IncidentOpened
from foreshock.core.domain.messages.trading import OrderClosed
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Instant, Money, Quantity
from foreshock.core.execution.agreement import GRACE, Agreement
from tests.trading import START, A, dollars
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
