"""Every word about an order counts once; one that cannot be true is an incident."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.accounts import VenueFill, VenueOrder
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.decisions import IncidentOpened
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Money
from foreshock.core.execution.account_book import AccountBook
from tests.trading import START, A, cents, contracts, order


def fill(number: int = 1, count: int = 4, **changes: object) -> VenueFill:
    plain = VenueFill(
        id=f"f{number}",
        venue_order_id="v1",
        market=A,
        outcome="yes",
        action="buy",
        quantity=contracts(count),
        price=cents(45),
        fee=Money(1_000),
        status="settled",
        event_us=START,
    )
    return msgspec.structs.replace(plain, **changes)


def listed(*, is_open: bool, filled: int = 0, client_id: str | None = "c1") -> VenueOrder:
    return VenueOrder(
        venue_order_id="v1",
        client_id=client_id,
        market=A,
        outcome="yes",
        action="buy",
        limit=cents(45),
        quantity=contracts(10),
        filled=contracts(filled),
        is_open=is_open,
    )


def book(*, named: bool = True) -> AccountBook:
    made = AccountBook("polymarket")
    made.place(order("o1"))
    made.prepare("o1", "c1", "v1" if named else None)
    return made


def kinds(messages: list[Message]) -> list[str]:
    return [type(message).__name__ for message in messages]


def test_a_fill_counts_once_whichever_way_it_comes() -> None:
    at = book()
    answered = a.OrderAnswered("o1", (t.OrderAccepted("o1", "v1"),), (fill(),))
    assert kinds(at.answer(answered)) == ["OrderAccepted", "OrderFilled"]
    assert at.answer(answered) == []
    assert at.fill(fill()) == []


def test_a_fill_whose_order_has_no_name_yet_waits_for_it() -> None:
    at = book(named=False)
    assert at.fill(fill()) == []
    named = a.OrderAnswered("o1", (t.OrderAccepted("o1", "v1"),), ())
    assert kinds(at.answer(named)) == ["OrderAccepted", "OrderFilled"]


def test_a_waiting_fill_is_somebody_elses_once_every_order_has_a_name() -> None:
    at = book(named=False)
    at.fill(fill(venue_order_id="v9"))
    said = at.see_order(listed(is_open=True))
    assert kinds(said) == ["OrderAccepted", "ExternalHeld"]


def test_buying_no_is_selling_yes() -> None:
    at = AccountBook("polymarket")
    at.place(order("o1", action="sell", limit=cents(40)))
    at.prepare("o1", "c1", "v1")
    said = at.fill(fill(outcome="no", price=cents(55)))
    assert isinstance(said[0], t.OrderFilled)
    assert said[0].price == cents(45)


def test_provisional_fills_find_their_end_once() -> None:
    at = book()
    assert kinds(at.fill(fill(status="provisional"))) == ["OrderFilled"]
    assert kinds(at.fill(fill(status="settled"))) == ["FillSettled"]
    assert at.fill(fill(status="provisional")) == []
    assert kinds(at.fill(fill(status="reverted"))) == ["IncidentOpened"]


def test_a_match_that_failed_before_we_heard_of_it_never_counted() -> None:
    at = book()
    assert at.fill(fill(status="reverted")) == []
    assert at.fill(fill(status="provisional")) == []


@pytest.mark.parametrize(
    "facts",
    [
        (t.OrderClosed("o1", contracts(4), "done"), t.OrderClosed("o1", contracts(5), "done")),
        (t.OrderAccepted("o1", "v1"), t.OrderRejected("o1", "no")),
        (t.OrderClosed("o1", contracts(11), "done"),),
    ],
)
def test_a_contradiction_is_an_incident_and_changes_nothing(
    facts: tuple[a.AnsweredFact, ...],
) -> None:
    at = book()
    said: list[Message] = []
    for fact in facts:
        said += at.answer(a.OrderAnswered("o1", (fact,), ()))
    assert isinstance(said[-1], IncidentOpened)
    assert len([m for m in said if isinstance(m, IncidentOpened)]) == 1


def test_more_filled_than_ordered_is_an_incident_and_external() -> None:
    at = book()
    at.fill(fill(1, 8))
    assert kinds(at.fill(fill(2, 8))) == ["IncidentOpened", "ExternalHeld"]


def test_a_count_that_leaves_reverted_fills_out_is_understood() -> None:
    at = book()
    at.fill(fill(1, 4, status="provisional"))
    at.fill(fill(1, 4, status="reverted"))
    said = at.answer(a.OrderAnswered("o1", (t.OrderClosed("o1", contracts(0), "done"),), ()))
    assert said == [t.OrderClosed("o1", contracts(4), "done")]
    assert at.orders["o1"].state == "reverted"


def test_silence_after_the_end_says_nothing() -> None:
    at = book()
    at.answer(a.OrderAnswered("o1", (t.OrderRejected("o1", "no"),), ()))
    assert at.answer(a.OrderAnswered("o1", (t.OrderUnknown("o1", "late"),), ())) == []


def test_an_order_of_somebody_else_counts_while_it_can_buy() -> None:
    at = book()
    other = msgspec.structs.replace(listed(is_open=True, client_id=None), venue_order_id="v9")
    said = at.see_order(other)
    assert isinstance(said[0], a.ExternalHeld)
    assert said[0].worth == 10 * cents(45)
    said = at.see_order(msgspec.structs.replace(other, is_open=False))
    assert isinstance(said[0], a.ExternalHeld)
    assert said[0].worth == 0


WORDS: tuple[a.OrderAnswered | VenueFill | VenueOrder, ...] = (
    a.OrderAnswered("o1", (t.OrderAccepted("o1", "v1"),), ()),
    a.OrderAnswered("o1", (t.OrderUnknown("o1", "no answer"),), ()),
    fill(1, 4, status="provisional"),
    fill(1, 4, status="settled"),
    fill(2, 6),
    listed(is_open=True, filled=4),
    listed(is_open=False, filled=10),
)


@given(st.permutations(WORDS * 2))
def test_every_order_of_the_words_leads_to_the_same_end(
    words: list[a.OrderAnswered | VenueFill | VenueOrder],
) -> None:
    at = book(named=False)
    for word in words:
        match word:
            case a.OrderAnswered():
                said = at.answer(word)
            case VenueFill():
                said = at.fill(word)
            case VenueOrder():
                said = at.see_order(word)
        assert not [m for m in said if isinstance(m, IncidentOpened)]
    assert at.orders["o1"].state == "filled"
    assert at.ledger.tokens(A, "yes").settled == contracts(10)
    assert at.ledger.tokens(A, "yes").provisional == 0
