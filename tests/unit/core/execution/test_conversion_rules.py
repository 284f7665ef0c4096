from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.messages.conversions import ConvertSets
from foreshock.core.domain.units import Quantity
from foreshock.core.execution.conversion_rules import Holding, left_words, work_words
from tests.trading import START, A, contracts

amounts = st.integers(0, 10**15)


@given(amounts, amounts, amounts)
def test_a_merge_undoes_a_split(yes: int, no: int, size: int) -> None:
    before = Holding(yes, no)
    split = before.after(ConvertSets("s", "split", A, Quantity(size), START))
    assert split.yes - split.no == yes - no, "what we stand to win or lose stays as it is"
    assert split.after(ConvertSets("m", "merge", A, Quantity(size), START)) == before


def test_a_redemption_leaves_nothing() -> None:
    redeemed = Holding(3, 5).after(ConvertSets("r", "redeem", A, Quantity(0), START))
    assert (redeemed, Holding(3, 5).most()) == (Holding(0, 0), 5)


def test_what_is_under_way_is_said() -> None:
    assert work_words(ConvertSets("s", "split", A, contracts(2), START)) == f"split 2 of {A}"
    assert work_words(ConvertSets("s", "redeem", A, contracts(0), START)) == f"redeem of {A}"
    assert (left_words(None), left_words("spent")) == ("nothing yet", "spent")
