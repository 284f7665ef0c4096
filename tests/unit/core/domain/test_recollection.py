"""Are books the same after they were written down and read again?"""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.memory import LedgerMemory, OrderWord
from foreshock.core.domain.messages.account import OrderPrepared
from foreshock.core.domain.messages.decisions import PositionSettled
from foreshock.core.domain.messages.trading import (
    FillReverted,
    FillSettled,
    OrderFilled,
    PlaceOrder,
)
from foreshock.core.domain.positions import Ledger
from foreshock.core.domain.recollection import (
    ORDERS_KEPT_MAX,
    Words,
    digest_text,
    order_of,
    recall,
    remembered,
)
from tests.trading import A, B, closed, contracts, dollars, filled, order

STEP = st.tuples(
    st.integers(0, 3),
    st.sampled_from(["place", "fill", "provisional", "settle", "revert", "close"]),
    st.integers(1, 4),
)


def told(steps: list[tuple[int, str, int]]) -> list[OrderWord]:
    """A life of up to four orders that can be true, whatever was drawn."""
    words, fills, over, placed = list[OrderWord](), dict[str, int](), set[str](), set[str]()
    waiting: dict[str, list[str]] = {}
    for number, kind, count in steps:
        name = f"o{number}"
        if name not in placed:
            placed.add(name)
            market = A if number % 2 else B
            words.append(order(name, market=market, quantity=contracts(20)))
        if name in over:
            continue
        if kind in {"fill", "provisional"}:
            fills[name] = fills.get(name, 0) + 1
            fill = filled(name, fills[name], count, final=kind == "fill", fee=count * 1_000)
            waiting.setdefault(name, []).extend([fill.fill_id] if kind == "provisional" else [])
            words.append(fill)
        elif kind in {"settle", "revert"} and waiting.get(name):
            fill_id = waiting[name].pop()
            words.append(
                FillSettled(name, fill_id) if kind == "settle" else FillReverted(name, fill_id, "x")
            )
        elif kind == "close":
            over.add(name)
            mine = (w for w in words if isinstance(w, OrderFilled) and w.order_id == name)
            matched = sum(fill.quantity for fill in mine)
            words.append(closed(name, matched // 1_000_000))
    return words


def tell(ledger: Ledger, word: OrderWord) -> None:
    if isinstance(word, PlaceOrder):
        ledger.place(word)
    elif not isinstance(word, OrderPrepared):
        ledger.apply(word)


def booked(words: list[OrderWord]) -> tuple[Ledger, Words]:
    ledger, kept = Ledger(), Words()
    for venue in ("polymarket", "kalshi"):
        ledger.deposit(venue, dollars(100))
    for word in words:
        kept.hear(word)
        tell(ledger, word)
    return ledger, kept


@given(st.lists(STEP, max_size=30))
def test_books_come_back_as_they_were(steps: list[tuple[int, str, int]]) -> None:
    ledger, words = booked(told(steps))
    memory = remembered(ledger, words.of)
    wire = msgspec.msgpack.decode(msgspec.msgpack.encode(memory), type=LedgerMemory)
    again, kept = Ledger(), Words()
    recall(again, wire)
    kept.recall(wire.orders)
    assert digest_text(remembered(again, kept.of)) == digest_text(memory)
    assert again.held() == ledger.held()
    assert again.realised() == ledger.realised()
    for name in words.of:
        before, after = ledger.order(name), again.order(name)
        assert before is not None
        assert after is not None
        assert (after.state, after.held(), after.worst_case()) == (
            before.state,
            before.held(),
            before.worst_case(),
        )


@given(st.lists(STEP, max_size=20), st.lists(STEP, max_size=20))
def test_what_is_said_later_is_booked_as_if_nothing_had_ended(
    first: list[tuple[int, str, int]], second: list[tuple[int, str, int]]
) -> None:
    words = told(first + second)
    cut = len(told(first))
    whole, _ = booked(words)
    ledger, kept = booked(words[:cut])
    again = Ledger()
    recall(again, remembered(ledger, kept.of))
    for word in words[cut:]:
        tell(again, word)
    assert {k: v for k, v in again.balances.items() if v} == {
        k: v for k, v in whole.balances.items() if v
    }


def test_a_ledger_can_take_the_part_of_one_venue() -> None:
    ledger, words = booked(told([(0, "fill", 3), (1, "fill", 2)]))
    again = Ledger()
    recall(again, remembered(ledger, words.of), "kalshi")
    assert again.held() == [(B, "yes")]
    assert again.cash("polymarket").total == 0
    assert again.order("o1") is None


def test_payouts_are_part_of_the_books() -> None:
    ledger, words = booked(told([(1, "fill", 3), (1, "close", 1)]))
    ledger.settle(PositionSettled(A, "yes", contracts(3), dollars(3)))
    again = Ledger()
    recall(again, remembered(ledger, words.of))
    assert again.held() == []
    assert again.realised() == ledger.realised()


def test_only_orders_that_are_final_are_forgotten_and_the_oldest_first() -> None:
    ledger, words = Ledger(), Words()
    for number in range(ORDERS_KEPT_MAX + 3):
        placed = order(f"o{number}")
        ledger.place(placed)
        words.hear(placed)
        if number != 1:
            ended = closed(placed.order_id, 0)
            ledger.apply(ended)
            words.hear(ended)
    words.forget(ledger)
    assert len(words.of) == ORDERS_KEPT_MAX
    assert list(words.of)[:2] == ["o1", "o4"]


def test_words_on_an_order_of_others_are_none() -> None:
    words = Words()
    words.hear(closed("foreign", 1))
    assert words.of == {}
    assert order_of([closed("foreign", 1)]) is None
