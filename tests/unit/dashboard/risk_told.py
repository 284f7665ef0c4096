"""One valid message of every kind around limits, stops and restarts."""

from foreshock.core.domain.memory import (
    Balance,
    DeskMemory,
    HedgedSet,
    LedgerMemory,
    RiskMemory,
    TokenTurnover,
    WindowMemory,
)
from foreshock.core.domain.messages import risk as r
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration
from tests.trading import A, B, closed, contracts, dollars, filled, order

GIB = 1024**3


def risk_memory() -> RiskMemory:
    return RiskMemory(
        high_water=dollars(500),
        windows={"day": WindowMemory(20_000, dollars(500), "")},
        hedged=(HedgedSet(((A, "yes"), (B, "no")), contracts(10), dollars(10)),),
    )


def desk_memory() -> DeskMemory:
    ledger = LedgerMemory(
        balances=(Balance("settled", "polymarket", "usd", 500_000_000),),
        turnovers=(TokenTurnover(A, "yes", 10_000_000, 4_500_000, 0, 0),),
        orders=((order("o1"), filled("o1", 1, 10), closed("o1", 10)),),
    )
    return DeskMemory(ledger=ledger, risk=risk_memory(), mischarged=("pair-1",))


def risk_messages() -> list[Message]:
    return [
        r.VenueHealthChanged("kalshi", "reducing", "messages are 3.1 s old"),
        r.UnwindAdvised("r1", "ADVERSE_MOVE", "1.5 cents worse for 5 s"),
        r.LimitChangeRequested("market_max", 40_000_000, "a person", is_confirmed=False),
        r.LimitChanged("market_max", 50_000_000, 40_000_000, "a person"),
        r.LimitKept("market_max", 40_000_000, 50_000_000, "a person", "looser: confirm it"),
        r.RiskReviewed("a person", "the venue voided a market; both legs were checked"),
        r.RiskRemembered(risk_memory()),
        r.DiskMeasured(5 * GIB, GIB),
        r.DeskRestored("20261121T080000000000Z-paper", 412, desk_memory(), Duration(60 * SECOND)),
    ]
