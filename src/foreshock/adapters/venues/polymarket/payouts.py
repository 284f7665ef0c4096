"""What did a market pay that is over? Read from its listing, for its stream names only a winner.

A split payout has none, and whoever was not connected heard nothing. Only what the oracle has
resolved counts; before that the prices of a listing are those of the market.
"""

from collections.abc import Sequence

import msgspec

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.venues.polymarket.discovery import PAGE_ROWS_MAX, markets_request
from foreshock.adapters.venues.polymarket.listing import RESOLUTIONS, market_id
from foreshock.adapters.venues.polymarket.wire import GammaMarket, MarketsPage
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.units import PAYOUT, Instant, Price, parse_price

SETTLED = "settled"
NO_FIRST = ["no", "yes"]


_PAGE = msgspec.json.Decoder(MarketsPage)
_MARKET = msgspec.json.Decoder(GammaMarket)
_TEXTS = msgspec.json.Decoder(list[str])


def payouts_requests(markets: Sequence[MarketId]) -> list[HttpRequest]:
    """Ask for markets that are over, a page of them at a time."""
    names = [market.partition(":")[2] for market in markets]
    batches = [names[i : i + PAGE_ROWS_MAX] for i in range(0, len(names), PAGE_ROWS_MAX)]
    return [
        markets_request([*(("condition_ids", name) for name in batch), ("closed", "true")])
        for batch in batches
    ]


def parse_payouts(body: bytes, now_us: Instant) -> list[MarketResolved]:
    """What the markets of a page paid; those that have not are left out.

    Raises DataError for a page that cannot be read, and for a payout that is none.
    """
    try:
        found = [_MARKET.decode(raw) for raw in _PAGE.decode(body).markets]
    except msgspec.MsgspecError as error:
        raise DataError(f"a page of markets that are over: {error}") from error
    return [
        MarketResolved(market_id(market.condition_id), _paid(market), now_us)
        for market in found
        if market.closed and _stage(market) == SETTLED and market.outcome_prices is not None
    ]


def _stage(market: GammaMarket) -> str | None:
    """Where the oracle stands."""
    words = market.uma_resolution_status or market.resolution_status or ""
    return RESOLUTIONS.get(words.lower())


def _paid(market: GammaMarket) -> Price:
    """What YES pays."""
    try:
        prices = [parse_price(text) for text in _TEXTS.decode(market.outcome_prices or "[]")]
        labels = [label.strip().lower() for label in _TEXTS.decode(market.outcomes)]
    except msgspec.MsgspecError as error:
        raise DataError(f"the outcomes of {market.slug}: {error}") from error
    if len(prices) != len(NO_FIRST) or sum(prices) != PAYOUT:
        raise DataError(f"{market.slug} paid {market.outcome_prices}")
    return prices[1 if labels == NO_FIRST else 0]
