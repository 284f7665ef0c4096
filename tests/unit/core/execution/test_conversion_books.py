"""Our own splits and merges are no difference, nothing external, and no incident."""

import pytest

from foreshock.core.domain.accounts import VenuePosition
from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import conversions as c
from foreshock.core.domain.messages.account import BalanceRead, ExternalHeld, PositionsRead
from foreshock.core.domain.messages.decisions import IncidentOpened
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.execution.account_book import AccountBook
from foreshock.core.execution.agreement import Agreement
from foreshock.core.execution.conversion_books import Converting, convert
from tests.trading import START, A, contracts, dollars


class Books:
    """An account that was read once with 100 dollars and what is told."""

    def __init__(self, yes: int = 0, no: int = 0) -> None:
        self.book = AccountBook("polymarket")
        self.agreement = Agreement(self.book)
        self.now = START
        self.said: list[Message] = []
        self.read(100, yes, no)
        assert not self.incidents()

    def tell(self, message: Converting) -> None:
        self.said += convert(self.book, self.agreement, message, self.now)

    def read(self, cash: int, yes: int, no: int) -> None:
        """Both lists, well after everything before."""
        self.now = Instant(self.now + 10 * SECOND)
        held = (VenuePosition(A, "yes", contracts(yes)), VenuePosition(A, "no", contracts(no)))
        self.said += self.agreement.positions(PositionsRead("polymarket", self.now, self.now, held))
        self.said += self.agreement.balance(
            BalanceRead("polymarket", self.now, self.now, dollars(cash))
        )

    def incidents(self) -> list[str]:
        return [message.words for message in self.said if isinstance(message, IncidentOpened)]

    def close(
        self,
        kind: c.ConversionKind,
        count: int,
        ours: int = 0,
        outcome: c.ConversionOutcome = "confirmed",
    ) -> None:
        self.tell(
            c.ConversionClosed(
                conversion_id="s1",
                kind=kind,
                market=A,
                quantity=contracts(count),
                ours=contracts(ours),
                outcome=outcome,
                words="",
            )
        )


def test_a_split_of_ours_agrees_with_the_venue() -> None:
    books = Books()
    books.tell(c.SendConversion("s1", A))
    books.close("split", 10, 10)
    for _ in range(3):
        books.read(90, 10, 10)
    assert books.said == []
    assert books.book.ledger.cash("polymarket").total == -dollars(10)


def test_cash_is_not_compared_while_one_is_under_way() -> None:
    books = Books()
    books.tell(c.SendConversion("s1", A))
    for _ in range(3):
        books.read(90, 10, 10)
    assert books.said == []
    books.close("split", 10, 10, "failed")
    for _ in range(2):
        books.read(90, 10, 10)
    assert books.incidents(), "it moved, though it was told to have failed"


def test_one_that_was_held_back_leaves_cash_compared() -> None:
    books = Books()
    books.tell(c.SendConversion("s1", A))
    books.tell(c.ConversionRefused("s1", Refusal("HALTED", "")))
    for _ in range(2):
        books.read(90, 0, 0)
    assert books.incidents()


def test_a_merge_of_what_was_there_before_agrees_too() -> None:
    books = Books(30, 20)
    books.tell(c.SendConversion("s1", A))
    books.close("merge", 10)
    for _ in range(3):
        books.read(110, 20, 10)
    assert not books.incidents()
    assert books.book.external.quantities[A, "yes"] == contracts(20)
    assert books.book.external.quantities[A, "no"] == contracts(10)


def test_a_merge_takes_known_contracts_of_both_sides_away() -> None:
    books = Books()
    books.book.external.adopt((A, "yes"), contracts(10))
    books.book.external.adopt((A, "no"), contracts(10))
    books.close("merge", 4)
    held = [m for m in books.said if isinstance(m, ExternalHeld)]
    assert [(m.outcome, m.quantity, m.worth) for m in held] == [
        ("yes", contracts(6), dollars(6)),
        ("no", contracts(6), dollars(6)),
    ]


def test_a_redemption_may_pay_up_to_what_was_held() -> None:
    books = Books(30, 0)
    books.tell(c.SendConversion("s1", A))
    books.close("redeem", 30)
    for _ in range(3):
        books.read(130, 0, 0)
    assert not books.incidents()
    assert books.book.external.quantities[A, "yes"] == 0


@pytest.mark.parametrize("cash", [90, 100])
def test_what_a_person_takes_over_counts_as_it_is(cash: int) -> None:
    books = Books()
    books.tell(c.SendConversion("s1", A))
    books.close("split", 10, 10, "taken_over")
    for _ in range(3):
        books.read(cash, 10, 10)
    assert not books.incidents()


def test_other_venues_are_not_touched() -> None:
    books = Books()
    elsewhere = MarketId("kalshi:KXB")
    books.tell(c.SendConversion("k1", elsewhere))
    for _ in range(2):
        books.read(90, 0, 0)
    assert books.incidents()
