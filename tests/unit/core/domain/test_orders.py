"""Does an order end only by proof, whatever the order of the answers?"""

from typing import get_args

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.messages.trading import (
    FillReverted,
    FillSettled,
    OrderAccepted,
    OrderFilled,
    OrderRejected,
    OrderUnknown,
    SendRefused,
)
from foreshock.core.domain.orders import (
    FINAL,
    OVER,
    TRANSITIONS,
    FillChange,
    Order,
    OrderEvent,
    OrderFact,
    OrderState,
)
from foreshock.core.domain.units import Quantity
from tests.trading import cents, closed, contracts, dollars, filled, order

ACCEPTED = OrderAccepted("o1", "v1")
SILENT = OrderUnknown("o1", "no answer")
REJECTED = OrderRejected("o1", "no")
REFUSED = SendRefused("o1", Refusal("HALTED", "halted"))


def after(*facts: OrderFact) -> Order:
    folded = Order(order())
    for fact in facts:
        folded.apply(fact)
    return folded


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ((), "submitted"),
        ((REFUSED,), "refused"),
        ((REJECTED,), "rejected"),
        ((REJECTED, REJECTED, closed("o1", 0)), "rejected"),
        ((ACCEPTED,), "live"),
        ((ACCEPTED, ACCEPTED), "live"),
        ((filled("o1", 1, 4), ACCEPTED), "partial"),
        ((SILENT,), "unknown"),
        ((SILENT, ACCEPTED, filled("o1", 1, 4)), "unknown"),
        ((SILENT, REJECTED), "rejected"),
        ((closed("o1", 4),), "counting"),
        ((closed("o1", 4), filled("o1", 1, 4)), "killed"),
        ((closed("o1", 0), closed("o1", 0)), "killed"),
        ((filled("o1", 1, 10),), "filled"),
        ((filled("o1", 1, 10, final=False),), "provisional"),
        ((filled("o1", 1, 10, final=False), FillSettled("o1", "o1#1")), "filled"),
        ((FillSettled("o1", "o1#1"), filled("o1", 1, 10, final=False)), "filled"),
        ((filled("o1", 1, 10, final=False), FillReverted("o1", "o1#1", "x")), "reverted"),
        ((FillReverted("o1", "o1#1", "x"), filled("o1", 1, 10, final=False)), "reverted"),
    ],
)
def test_state_follows_the_facts(facts: tuple[OrderFact, ...], state: OrderState) -> None:
    assert after(*facts).state == state


@pytest.mark.parametrize(
    "facts",
    [
        (ACCEPTED, REJECTED),
        (filled("o1", 1, 4), REFUSED),
        (SILENT, filled("o1", 1, 4), REJECTED),
        (ACCEPTED, REFUSED),
        (REJECTED, filled("o1", 1, 1)),
        (filled("o1", 1, 8), filled("o1", 2, 3)),
        (filled("o1", 1, 8), closed("o1", 4)),
        (closed("o1", 4), filled("o1", 1, 5)),
        (closed("o1", 4), closed("o1", 5)),
        (closed("o1", 11),),
        (filled("o1", 1, 4), filled("o1", 1, 5)),
        (filled("o1", 1, 0),),
        (filled("o1", 1, 4), FillReverted("o1", "o1#1", "x")),
        (FillSettled("o1", "o1#1"), FillReverted("o1", "o1#1", "x")),
        (FillReverted("o1", "o1#1", "x"), filled("o1", 1, 4)),
    ],
)
def test_refuses_what_cannot_happen(facts: tuple[OrderFact, ...]) -> None:
    with pytest.raises(InvariantError, match="o1"):
        after(*facts)


def test_a_repeated_fill_changes_nothing() -> None:
    folded = Order(order())
    fill = filled("o1", 1, 4, fee=7)
    first, second = folded.apply(fill), folded.apply(fill)
    assert first is not None
    assert first.before is None
    assert second is None
    assert (folded.held(), folded.fees()) == (contracts(4), 7)


def test_a_fill_repeated_as_final_settles() -> None:
    folded = after(filled("o1", 1, 4, final=False))
    change = folded.apply(filled("o1", 1, 4, final=True))
    assert change == FillChange(folded.fills["o1#1"], "provisional", "settled")


def test_a_cancel_is_a_request_and_never_an_end() -> None:
    folded = Order(order())
    folded.ask_cancel()
    assert folded.state == "cancelling"
    assert folded.worst_case() == contracts(10)
    folded.apply(filled("o1", 1, 4))
    folded.apply(closed("o1", 4))
    assert folded.state == "cancelled"


def test_asking_to_cancel_what_has_ended_renames_nothing() -> None:
    folded = after(closed("o1", 0))
    folded.ask_cancel()
    folded.apply(closed("o1", 0))
    assert folded.state == "killed"


def test_unknown_counts_with_everything_it_could_have_traded() -> None:
    assert after(SILENT, filled("o1", 1, 4)).worst_case() == contracts(10)
    assert after(SILENT, closed("o1", 4)).worst_case() == contracts(4)
    assert after(SILENT, REJECTED).worst_case() == 0


def test_reverted_fills_cost_nothing() -> None:
    folded = after(
        filled("o1", 1, 4, fee=100, final=False), filled("o1", 2, 6, 44, fee=200, final=False)
    )
    folded.apply(FillReverted("o1", "o1#1", "x"))
    assert folded.held() == contracts(6)
    assert folded.matched() == contracts(10)
    assert folded.cash() == cents(44) * 6
    assert folded.fees() == 200


def test_every_state_has_its_row_and_every_target_is_a_state() -> None:
    states, events = set(get_args(OrderState)), set(get_args(OrderEvent))
    assert set(TRANSITIONS) == states
    for row in TRANSITIONS.values():
        assert set(row) <= events
        assert set(row.values()) <= states


def test_nothing_leads_out_of_the_end() -> None:
    for state in FINAL:
        assert set(TRANSITIONS[state].values()) <= {state}
    assert set(TRANSITIONS["provisional"].values()) <= OVER


class ReorderedAnswers(RuleBasedStateMachine):
    """A venue decides first; then its answers arrive in any order, any number of times."""

    bag: list[OrderFact]

    @initialize(
        pieces=st.lists(st.tuples(st.integers(1, 4), st.sampled_from("psr")), max_size=3),
        has_rest=st.booleans(),
    )
    def decide(self, pieces: list[tuple[int, str]], has_rest: bool) -> None:
        """Pieces are final (p), provisional and settled (s), or reverted (r)."""
        total = sum(count for count, _ in pieces)
        self.quantity = contracts(total + (1 if has_rest or not total else 0))
        self.folded = Order(order(quantity=self.quantity))
        self.pieces = pieces
        self.bag = [ACCEPTED, closed("o1", total)]
        for number, (count, fate) in enumerate(pieces):
            self.bag.append(filled("o1", number, count, final=fate == "p"))
            if fate == "s":
                self.bag.append(FillSettled("o1", f"o1#{number}"))
            if fate == "r":
                self.bag.append(FillReverted("o1", f"o1#{number}", "failed"))
        self.missing = list(self.bag)

    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        """Any answer, again or for the first time."""
        fact = data.draw(st.sampled_from(self.bag))
        self.folded.apply(fact)
        if fact in self.missing:
            self.missing.remove(fact)

    @precondition(lambda self: self.missing)
    @rule()
    def answer_next(self) -> None:
        """Makes sure that runs get to the end."""
        self.folded.apply(self.missing.pop(0))

    @rule()
    def fall_silent(self) -> None:
        self.folded.apply(SILENT)

    @rule()
    def ask_cancel(self) -> None:
        self.folded.ask_cancel()

    @invariant()
    def bounds_the_truth(self) -> None:
        truth = sum(contracts(count) for count, _ in self.pieces)
        assert self.folded.matched() <= truth <= self.folded.worst_case()

    @invariant()
    def is_over_when_every_answer_is_in(self) -> None:
        fills_missing = any(isinstance(m, OrderFilled) for m in self.missing)
        word_is_in = closed_is_in(self.missing) or self.folded.matched() == self.quantity
        assert self.folded.is_over == (word_is_in and not fills_missing)
        if not self.missing:
            assert self.folded.state == self.reference()
            lasting = sum(contracts(count) for count, fate in self.pieces if fate != "r")
            assert self.folded.held() == lasting

    def reference(self) -> OrderState:
        if any(fate == "r" for _, fate in self.pieces):
            return "reverted"
        if Quantity(sum(contracts(count) for count, _ in self.pieces)) == self.quantity:
            return "filled"
        return "cancelled" if self.folded.cancel_asked else "killed"


def closed_is_in(missing: list[OrderFact]) -> bool:
    return not any(type(fact).__name__ == "OrderClosed" for fact in missing)


TestReorderedAnswers = ReorderedAnswers.TestCase


def test_cash_of_a_sale_is_rounded_down() -> None:
    folded = Order(order(action="sell", quantity=Quantity(3)))
    folded.apply(OrderFilled("o1", "f", Quantity(3), cents(45), dollars(0), is_provisional=False))
    assert folded.cash() == 1
