"""Does whatever a venue says, in any order and however absurd, leave every book standing?"""

from hypothesis import given, settings
from hypothesis import strategies as st

from foreshock.core.domain.accounts import VenueFill, VenueOrder
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import Order, OrderFact
from foreshock.core.domain.positions import Ledger
from foreshock.core.domain.units import Quantity
from foreshock.core.execution.account_book import AccountBook
from tests.trading import A, contracts, order
from tests.unit.core.execution.test_account_book import fill, listed

CANCEL = "cancel"
COUNTS = st.integers(0, 11)
"""Of an order for ten: eleven cannot be."""

FACTS = st.one_of(
    st.sampled_from(["v1", "v2"]).map(lambda name: t.OrderAccepted("o1", name)),
    COUNTS.map(lambda count: t.OrderClosed("o1", contracts(count), "done")),
    st.just(t.OrderRejected("o1", "no")),
    st.just(t.OrderUnknown("o1", "no answer")),
)
FILLS = st.builds(
    fill,
    st.integers(1, 4),
    st.integers(0, 6),
    status=st.sampled_from(["provisional", "settled", "reverted"]),
    action=st.sampled_from(["buy", "buy", "sell"]),
)
ANSWERS = st.builds(
    a.OrderAnswered,
    st.just("o1"),
    st.lists(FACTS, max_size=2).map(tuple),
    st.lists(FILLS, max_size=2).map(tuple),
)
LISTED = st.builds(listed, is_open=st.booleans(), filled=COUNTS)
WORDS = st.lists(st.one_of(ANSWERS, FILLS, LISTED, st.just(CANCEL)), max_size=12)


@settings(max_examples=200, deadline=None)
@given(WORDS, st.booleans())
def test_no_word_of_a_venue_breaks_a_book(
    words: list[a.OrderAnswered | VenueFill | VenueOrder | str],
    is_named: bool,
) -> None:
    """What the account's book lets through is true for all who follow, asked to cancel or not."""
    book = AccountBook("polymarket")
    book.place(order("o1"))
    book.prepare("o1", "c1", "v1" if is_named else None)
    ledger, follower = Ledger(), Order(order("o1"))
    ledger.place(order("o1"))
    for word in words:
        said: list[Message] = []
        match word:
            case a.OrderAnswered():
                said = book.answer(word)
            case VenueFill():
                said = book.fill(word)
            case VenueOrder():
                said = book.see_order(word)
            case _:
                follower.ask_cancel()
        for fact in said:
            if isinstance(fact, OrderFact):
                follower.apply(fact)
                ledger.apply(fact)
    judged = book.orders["o1"]
    assert (follower.is_over, follower.is_final) == (judged.is_over, judged.is_final)
    assert follower.held() == judged.held() == ledger.tokens(A, "yes").total
    assert follower.worst_case() == judged.worst_case() >= Quantity(0)
