"""One valid message of every kind around limits, stops and restarts."""

from msgspec.structs import replace

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
from foreshock.core.domain.units import DAY, SECOND, Duration, Instant, Money, Price
from tests.trading import START, A, B, closed, contracts, dollars, filled, order

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


def positions_measured() -> r.PositionsMeasured:
    """Ten packages of A and B, and four YES of A beside them."""
    alone = r.PositionRisk(
        tokens=((A, "yes"),),
        is_package=False,
        quantity=contracts(4),
        worth=Money(1_760_000),
        worst_loss=Money(1_760_000),
        volatility=Price(9_000),
        intervals_count=90,
        changes_count=41,
        value_at_risk=Money(290_000),
        basis="moves",
        settles_us=None,
        exit_cost=Money(40_000),
        parts=(
            r.RiskPart("loss", 30, 2, 1_760_000),
            r.RiskPart("volatility", 20, 18, 9_000),
            r.RiskPart("time", 20, None, None),
            r.RiskPart("exit", 20, 12, 40_000),
            r.RiskPart("platform", 10, 13, 125_000),
        ),
        score=10,
        known_percent=80,
    )
    package = replace(
        alone,
        tokens=((A, "yes"), (B, "no")),
        is_package=True,
        quantity=contracts(10),
        worth=dollars(10),
        worst_loss=dollars(10),
        volatility=None,
        value_at_risk=Money(0),
        basis="certain",
        settles_us=Instant(START + 30 * DAY),
        exit_cost=None,
        parts=(r.RiskPart("loss", 30, 10, 10_000_000), r.RiskPart("clauses", 20, 63, 50_000)),
        score=31,
        known_percent=100,
    )
    return r.PositionsMeasured(
        confidence_ppm=950_000,
        horizon=DAY,
        positions=(package, alone),
        value_at_risk=Money(290_000),
        unknown_count=0,
        worst_loss=Money(11_760_000),
        measured_us=START,
    )


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
        positions_measured(),
    ]
