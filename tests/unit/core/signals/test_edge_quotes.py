"""Is what shows said, at most so often, and the last change never left unsaid?"""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.messages.decisions import EdgeQuoted, EdgeWithdrawn, Opportunity
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant, Money
from foreshock.core.pricing.edge import Package
from foreshock.core.signals.edge_quotes import EdgeQuotes, QuoteState, Visibility, opportunity_id
from tests.trading import START, contracts, edge

VISIBILITY = Visibility(
    step_min=Money(1_000), quantity_ppm_min=100_000, interval_min=Duration(SECOND // 4)
)
POOR = (Refusal("NET_BELOW_MIN", "nets too little"),)
GONE = Refusal("BOOK_MISSING", "the book is gone")


class Teller:
    """Quotes of one package, told at milliseconds from the start."""

    def __init__(self, *, is_quiet: bool = False) -> None:
        self.quotes = EdgeQuotes(VISIBILITY)
        self.state = QuoteState(Package("edge-1", "pair-1", "a bet"), is_quiet=is_quiet)

    def tell(
        self, at_ms: int, net: int, refusals: tuple[Refusal, ...] = POOR, count: int = 10
    ) -> list[Message]:
        said: list[Message] = []
        priced = edge(net_per_contract=Money(net), quantity=contracts(count))
        self.quotes.tell(self.state, EdgeQuoted(priced, refusals), instant(at_ms), said)
        return said

    def wait(self, at_ms: int) -> list[Message]:
        said: list[Message] = []
        self.quotes.release(instant(at_ms), said)
        return said

    def withdraw(self, refusal: Refusal = GONE) -> list[Message]:
        said: list[Message] = []
        self.quotes.withdraw(self.state, refusal, said)
        return said


def instant(at_ms: int) -> Instant:
    return Instant(START + at_ms * SECOND // 1_000)


def nets(said: list[Message]) -> list[int]:
    return [m.edge.net_per_contract for m in said if isinstance(m, EdgeQuoted)]


def test_a_first_quote_is_said_and_an_invisible_change_is_not() -> None:
    teller = Teller()
    assert nets(teller.tell(0, 10_000)) == [10_000]
    assert teller.tell(1_000, 10_999) == []
    assert teller.wait(5_000) == []


def test_a_tenth_of_a_cent_a_tenth_of_the_clip_or_another_reason_shows() -> None:
    teller = Teller()
    teller.tell(0, 10_000)
    assert nets(teller.tell(1_000, 11_000)) == [11_000]
    assert nets(teller.tell(2_000, 11_000, count=11)) == [11_000]
    other = (*POOR, Refusal("MARKET_NOT_OPEN", "paused"))
    assert nets(teller.tell(3_000, 11_000, other, count=11)) == [11_000]


def test_a_change_too_soon_is_held_back_and_said_when_due() -> None:
    teller = Teller()
    teller.tell(0, 10_000)
    assert teller.tell(100, 12_000) == []
    assert teller.tell(200, 14_000) == []
    assert teller.wait(349) == []
    assert nets(teller.wait(350)) == [14_000]
    assert teller.wait(10_000) == []


def test_what_was_held_back_keeps_its_distance_to_a_later_quote() -> None:
    teller = Teller()
    teller.tell(0, 10_000)
    teller.tell(240, 12_000)
    assert nets(teller.tell(260, 14_000)) == [14_000]
    teller.tell(270, 16_000)
    assert teller.wait(490) == []
    assert nets(teller.wait(740)) == [16_000]


def test_a_change_that_changed_back_is_never_said() -> None:
    teller = Teller()
    teller.tell(0, 10_000)
    teller.tell(100, 12_000)
    teller.tell(150, 10_000)
    assert teller.wait(10_000) == []


def test_a_flipped_verdict_is_said_at_once_with_its_opportunity() -> None:
    teller = Teller()
    teller.tell(0, 20_000)
    quote, found = teller.tell(10, 30_000, ())
    assert isinstance(quote, EdgeQuoted)
    assert isinstance(found, Opportunity)
    assert found == Opportunity(opportunity_id(quote.edge), quote.edge, instant(10))
    assert nets(teller.tell(20, 20_000)) == [20_000]


def test_a_lasting_opportunity_is_found_again_but_not_at_every_change() -> None:
    teller = Teller()
    teller.tell(0, 30_000, ())
    assert teller.tell(100, 30_000, ()) == []
    (again,) = teller.tell(250, 30_000, ())
    assert isinstance(again, Opportunity)


def test_a_withdrawal_is_said_once_and_takes_what_was_held_back_along() -> None:
    teller = Teller()
    teller.tell(0, 10_000)
    teller.tell(100, 20_000)
    assert teller.withdraw() == [EdgeWithdrawn("edge-1", "pair-1", "a bet", GONE)]
    assert teller.withdraw() == []
    assert teller.wait(10_000) == []
    assert len(teller.withdraw(Refusal("FEE_UNKNOWN", "why"))) == 1
    assert nets(teller.tell(110, 20_000)) == [20_000]
    assert len(teller.withdraw()) == 1


def test_a_quiet_package_says_nothing_before_its_first_quote() -> None:
    teller = Teller(is_quiet=True)
    assert teller.withdraw() == []
    teller.tell(0, 10_000)
    assert len(teller.withdraw()) == 1


def test_the_same_books_are_the_same_opportunity() -> None:
    assert opportunity_id(edge()) == f"edge-1@1.{START}@1.{START}"
    assert opportunity_id(edge(net=Money(5))) == opportunity_id(edge())


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 40_000)), max_size=40))
def test_quotes_keep_their_distance_and_the_last_one_is_near_the_truth(
    steps: list[tuple[int, int]],
) -> None:
    teller, at_ms = Teller(), 0
    told: list[tuple[int, int]] = []
    last = None
    for wait_ms, net in steps:
        at_ms += wait_ms
        for said in (teller.wait(at_ms), teller.tell(at_ms, net)):
            told.extend((at_ms, value) for value in nets(said))
        last = net
    for later_ms in (at_ms + 500, at_ms + 1_000):
        told.extend((later_ms, value) for value in nets(teller.wait(later_ms)))
    for (earlier, _), (later, _) in pairwise(told):
        assert later - earlier >= 250
    if last is not None:
        assert abs(told[-1][1] - last) < VISIBILITY.step_min
