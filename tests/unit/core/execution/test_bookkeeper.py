"""Is every contract of a resolved market paid out once?"""

from foreshock.core.domain.messages.decisions import PositionSettled
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.messages.trading import FillSettled
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import Ledger
from foreshock.core.domain.units import PAYOUT, Price
from foreshock.core.engine import Engine
from foreshock.core.execution.bookkeeper import Bookkeeper
from tests.trading import START, A, contracts, dollars, filled, order


def settled(engine: Engine, *messages: Message) -> list[Message]:
    entries = engine.step(messages, START).entries
    return [e.message for e in entries if isinstance(e.message, PositionSettled)]


def test_a_resolution_pays_once_and_a_repeat_pays_nothing() -> None:
    engine = Engine([Bookkeeper(Ledger())])
    resolved = MarketResolved(A, PAYOUT, START)
    paid = PositionSettled(A, "yes", contracts(10), dollars(10))
    assert settled(engine, order("o1"), filled("o1", 1, 10), resolved) == [paid]
    assert settled(engine, resolved) == []


def test_both_outcomes_settle_at_their_own_price() -> None:
    engine = Engine([Bookkeeper(Ledger())])
    bought = (order("o1"), filled("o1", 1, 10), order("o2", outcome="no"), filled("o2", 1, 4))
    assert settled(engine, *bought, MarketResolved(A, Price(0), START)) == [
        PositionSettled(A, "yes", contracts(10), dollars(0)),
        PositionSettled(A, "no", contracts(4), dollars(4)),
    ]


def test_a_fill_that_becomes_final_after_the_resolution_settles_then() -> None:
    engine = Engine([Bookkeeper(Ledger())])
    resolved = MarketResolved(A, PAYOUT, START)
    assert settled(engine, order("o1"), filled("o1", 1, 10, final=False), resolved) == []
    assert settled(engine, FillSettled("o1", "o1#1")) == [
        PositionSettled(A, "yes", contracts(10), dollars(10))
    ]
