"""Is the last minute counted by venue, and does it outlive the process?"""

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.memory import DeskMemory, LedgerMemory
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.trading import SendRefused
from foreshock.core.domain.units import Duration, Instant
from foreshock.core.execution.rates import MINUTE, Rates, worth
from tests.trading import START, closed, dollars, order
from tests.unit.core.execution.test_gate import code, gate


def test_orders_count_for_their_venue_for_a_minute() -> None:
    rates, placed = Rates(), order()
    rates.add(placed, START)
    assert worth(placed) == dollars(45) // 10
    assert rates.count("polymarket", START) == 1
    assert rates.notional("polymarket", Instant(START + MINUTE - 1)) == worth(placed)
    assert rates.count("polymarket", Instant(START + MINUTE)) == 0
    assert rates.count("kalshi", START) == 0


def restored(*, refused: bool = False) -> DeskRestored:
    """Three orders that an earlier desk decided on, as many as may leave in a minute."""
    refusal = Refusal("HALTED", "x")
    stories = tuple(
        (order(name), SendRefused(name, refusal) if refused else closed(name, 0))
        for name in ("a", "b", "c")
    )
    memory = DeskMemory(ledger=LedgerMemory(orders=stories))
    return DeskRestored("run", 1, memory, Duration(0))


def test_a_desk_that_died_gains_no_room_by_it() -> None:
    cheap = {"notional_per_minute_max": {"polymarket": dollars(1_000)}}
    assert code(gate(restored(), **cheap)) == "ORDER_RATE"
    assert code(gate(restored(refused=True), **cheap)) is None
