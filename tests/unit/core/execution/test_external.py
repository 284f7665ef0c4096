from foreshock.core.domain.messages.account import ExternalHeld
from foreshock.core.domain.units import Money, Quantity
from foreshock.core.execution.external import External
from tests.trading import A, cents, contracts, dollars
from tests.unit.core.execution.test_account_book import fill


def test_a_purchase_by_hand_is_worth_what_it_cost() -> None:
    external = External()
    told = external.trade(fill(1, 4))
    assert told == [ExternalHeld(A, "yes", contracts(4), Money(4 * cents(45) + 1_000))]
    assert external.cash == -(4 * cents(45) + 1_000)


def test_a_sale_by_hand_takes_its_share_of_the_cost_away() -> None:
    external = External()
    external.trade(fill(1, 4))
    external.trade(fill(2, 1, action="sell", price=cents(50)))
    assert external.quantities[A, "yes"] == contracts(3)
    told = external.trade(fill(3, 3, action="sell"))
    assert told[0] == ExternalHeld(A, "yes", contracts(0), Money(0))


def test_a_sale_of_what_we_hold_leaves_less_than_nothing_of_theirs() -> None:
    external = External()
    external.trade(fill(1, 4, action="sell"))
    assert external.quantities[A, "yes"] == -contracts(4)


def test_a_reverted_trade_is_undone_to_the_last_millionth() -> None:
    external = External()
    external.trade(fill(1, 4))
    external.trade(fill(1, 4), undo=True)
    assert external.quantities[A, "yes"] == 0
    assert external.cash == 0


def test_what_nobody_can_explain_counts_at_its_payout() -> None:
    told = External().adopt((A, "yes"), contracts(3))
    assert told == [ExternalHeld(A, "yes", contracts(3), dollars(3))]


def test_what_was_adopted_of_one_outcome_goes_before_the_other_one_is_held() -> None:
    external = External()
    external.adopt_net(A, -contracts(3))
    told = external.adopt_net(A, contracts(5))
    assert told == [
        ExternalHeld(A, "no", contracts(0), Money(0)),
        ExternalHeld(A, "yes", contracts(2), dollars(2)),
    ]
    assert external.adopt_net(A, contracts(0)) == []


def test_what_was_missing_and_came_back_is_worth_nothing() -> None:
    external = External()
    assert external.adopt((A, "yes"), -contracts(3)) == [
        ExternalHeld(A, "yes", Quantity(-contracts(3)), Money(0))
    ]
    told = external.adopt((A, "yes"), contracts(4))
    assert told == [ExternalHeld(A, "yes", contracts(1), dollars(1))]
