"""What does a venue say of markets that are asked for by name, whatever became of them?"""

import msgspec

from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.market_data import MarketResolved


class Lookup(msgspec.Struct, frozen=True):
    """What was found: each market on its last terms, and what those paid that are settled.

    missing: why nothing can be told of a market, or not what it paid.
    """

    markets: tuple[Market, ...]
    paid: tuple[MarketResolved, ...]
    missing: dict[MarketId, str]
