"""Which public trade is this, seen from YES, and was it told before? Pure.

One match may be told on both tokens, mirrored; two matches on one token may look alike. The first
is one trade, the second are two.
"""

from foreshock.adapters.venues.polymarket.values import PriceTexts, QuantityTexts, event_stamp
from foreshock.adapters.venues.polymarket.wire import LastTradeEvent
from foreshock.core.domain.markets import MarketId, Outcome, opposite
from foreshock.core.domain.messages.market_data import Traded
from foreshock.core.domain.units import Instant, complement

RECENT_MAX = 2_048
"""Trades remembered to recognise their mirror images; the oldest is forgotten first."""


class TradeReader:
    """Reads the trades of one connection and names each once."""

    def __init__(self, prices: PriceTexts, quantities: QuantityTexts) -> None:
        self._prices = prices
        self._quantities = quantities
        self._told: dict[str, dict[Outcome, int]] = {}

    def read(
        self, event: LastTradeEvent, market: MarketId, token: Outcome, recv_us: Instant
    ) -> Traded | None:
        """The trade, None when the other token has told it already.

        Raises ValueError for what cannot have traded.
        """
        event_us = event_stamp(event.timestamp, recv_us)
        price, quantity = self._prices[event.price], self._quantities[event.size]
        if not quantity:
            raise ValueError("a trade of nothing")
        yes_price = price if token == "yes" else complement(price)  # noqa: S105  # an outcome
        taker = token if event.side == "BUY" else opposite(token)
        origin = event.transaction_hash or f"{market}:{event.timestamp}"
        trade_id = self._name(f"{origin}:{yes_price}:{quantity}:{taker}", token)
        if trade_id is None:
            return None
        return Traded(market, trade_id, yes_price, quantity, taker, event_us, recv_us)

    def _name(self, facts: str, token: Outcome) -> str | None:
        """facts: what the frames of both tokens agree on."""
        counts = self._told.setdefault(facts, {})
        counts[token] = counts.get(token, 0) + 1
        if len(self._told) > RECENT_MAX:
            del self._told[next(iter(self._told))]
        nth = counts[token]
        if nth <= counts.get(opposite(token), 0):
            return None
        return facts if nth == 1 else f"{facts}#{nth}"
