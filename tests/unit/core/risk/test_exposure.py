"""Does filling never raise, and closing free only, what is committed?"""

from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.positions import Ledger
from foreshock.core.domain.units import Money
from foreshock.core.risk.exposure import Exposure, budget_of
from tests.trading import A, B, cents, dollars, edge, filled, leg, order, request


def exposure() -> Exposure:
    ledger = Ledger()
    for venue in ("polymarket", "kalshi"):
        ledger.deposit(venue, dollars(100))
    return Exposure(ledger)


def test_two_legs_in_one_market_add_up() -> None:
    bundle = request(wanted=edge(leg(A, "yes", 45, 10), leg(A, "no", 48, 10)))
    assert list(budget_of(bundle)) == [A]
    assert budget_of(bundle)[A] > dollars(9)


@given(st.lists(st.tuples(st.integers(1, 10), st.integers(1, 45)), max_size=6))
def test_fills_within_the_budget_never_raise_what_is_committed(
    pieces: list[tuple[int, int]],
) -> None:
    fold = exposure()
    wanted = request()
    fold.reserve(wanted)
    fold.place(order("o1"))
    left = 10
    last: dict[MarketId, Money] = fold.by_market()
    for number, (count, price) in enumerate(pieces):
        if count > left:
            continue
        left -= count
        fold.apply(filled("o1", number, count, price, fee=1_000))
        now = fold.by_market()
        assert now[A] <= last[A]
        assert now[B] == last[B]
        last = now
    assert fold.release("r1")
    held = fold.by_market()
    assert set(held) <= {A}
    assert held.get(A, 0) <= cents(45) * (10 - left)
    assert not fold.release("r1")


def test_provisional_proceeds_cannot_be_spent_yet() -> None:
    fold = exposure()
    for message in (order("o1"), order("o2", action="sell")):
        fold.place(message)
    fold.apply(filled("o1", 1, 10, 40))
    assert fold.cash_at("polymarket") == dollars(96)
    fold.apply(filled("o2", 1, 10, 50, final=False))
    assert fold.cash_at("polymarket") == dollars(96)
    fold.apply(filled("o2", 1, 10, 50, final=True))
    assert fold.cash_at("polymarket") == dollars(101)


def test_what_is_reserved_is_counted_by_venue() -> None:
    fold = exposure()
    fold.reserve(request())
    budget = budget_of(request())
    assert fold.reserved_at("polymarket") == budget[A]
    assert fold.reserved_at("kalshi") == budget[B]
    assert fold.packages_count() == 1
