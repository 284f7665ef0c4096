"""What does a matcher get to see of one contract? Text and metadata as the venue states them."""

import msgspec

from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.units import Instant


class ContractText(msgspec.Struct, frozen=True, kw_only=True):
    """One binary contract, unread. An absent field is empty or None, never guessed.

    id: `venue:native`; for Kalshi the native part is the ticker. event: slug (Polymarket) or event
    ticker (Kalshi). group_item: this market's name within its event ("25 bps", "Spain").
    strike_*: Kalshi's strike fields as decimal text. is_augmented: see Market.
    """

    id: MarketId
    venue: str
    title: str
    rules: str = ""
    source: str = ""
    event: str = ""
    event_title: str = ""
    slug: str = ""
    series: str = ""
    group_item: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    yes_label: str = ""
    no_label: str = ""
    strike_type: str = ""
    strike_floor: str = ""
    strike_cap: str = ""
    closes_us: Instant | None = None
    settles_us: Instant | None = None
    is_augmented: bool = False


def contract_of(market: Market) -> ContractText:
    """The contract of a listed market."""
    return ContractText(
        id=market.id,
        venue=market.venue,
        title=market.title,
        rules=market.rules,
        source=market.resolution_source,
        event=market.event_id,
        category=market.category,
        yes_label=market.outcome_labels[0],
        no_label=market.outcome_labels[1],
        closes_us=market.closes_us,
        settles_us=market.settles_us,
        is_augmented=market.is_augmented,
    )
