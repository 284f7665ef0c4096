"""What is a market like after a fact about it? Its terms, or only whether it still trades."""

from typing import Final, TypeAlias

import msgspec

from foreshock.core.domain.markets import Market, MarketId, MarketStatus
from foreshock.core.domain.messages.market_data import (
    FeeChanged,
    GridChanged,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
)

TermsFact: TypeAlias = MarketStatusChanged | GridChanged | FeeChanged | MarketResolved
TERMS_FACTS: Final = (MarketStatusChanged, GridChanged, FeeChanged, MarketResolved)
StatusFact: TypeAlias = MarketListed | MarketStatusChanged | MarketResolved
STATUS_FACTS: Final = (MarketListed, MarketStatusChanged, MarketResolved)


def changed(market: Market, fact: TermsFact) -> Market:
    """The market by its terms from now on."""
    match fact:
        case MarketStatusChanged(status=status):
            return msgspec.structs.replace(market, status=status)
        case GridChanged(grid=grid):
            return msgspec.structs.replace(market, grid=grid)
        case FeeChanged(fee=fee):
            return msgspec.structs.replace(market, fee=fee)
        case MarketResolved():
            return msgspec.structs.replace(market, status="settled")


def status_of(fact: StatusFact) -> tuple[MarketId, MarketStatus]:
    """Which market a fact is about, and whether it trades from now on."""
    match fact:
        case MarketListed(market=market):
            return market.id, market.status
        case MarketStatusChanged(market=market_id, status=status):
            return market_id, status
        case MarketResolved(market=market_id):
            return market_id, "settled"
