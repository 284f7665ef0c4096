"""What do the desk's own books hold at this moment? Shown to the checkers after each change."""

from collections.abc import Iterable, Iterator

from foreshock.app.simulation.observed import LedgerShown
from foreshock.core.domain.messages.account import DustBooked, FeesVaried
from foreshock.core.domain.messages.conversions import ConversionClosed
from foreshock.core.domain.messages.decisions import PositionSettled
from foreshock.core.domain.messages.trading import FillReverted, FillSettled, OrderFilled
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Agent
from foreshock.core.execution.bookkeeper import Bookkeeper

BOOKED = (
    OrderFilled,
    FillSettled,
    FillReverted,
    PositionSettled,
    DustBooked,
    FeesVaried,
    ConversionClosed,
)
"""What changes the balances of a ledger."""


def ledgers_of(agents: Iterable[Agent], at_us: Instant, process: int) -> Iterator[LedgerShown]:
    """A picture of each ledger among the agents."""
    for agent in agents:
        if isinstance(agent, Bookkeeper):
            yield LedgerShown(at_us, process, agent.name, dict(agent.ledger.balances))
