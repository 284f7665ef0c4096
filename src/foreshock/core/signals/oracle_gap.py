"""What is a bet on a coin worth by an oracle's price, against what the market asks for it?

    gap = fair probability of an outcome - its ask - the fee of buying it

The fair probability is that of `fair_value`: spot, realised volatility, time left. Where a market
settles by an average, less of the time counts; in that average's own minute nothing is said. A gap
is a measurement. Whether the model is trusted comes from its evaluation, and nothing trades on it
while it does not beat the market's own price.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from foreshock.core.domain.coin_bets import CoinBet
from foreshock.core.domain.markets import Market, MarketId, MarketStatus, Outcome
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookLost,
    FeeChanged,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
)
from foreshock.core.domain.messages.signals import OracleGapMeasured, OracleLost, OracleReported
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    SECOND,
    Duration,
    Instant,
    Money,
    Price,
    Quantity,
    Rounding,
    complement,
    per_contract,
)
from foreshock.core.pricing.fees import FeePacks, FeeUnknown, Fill, fill_fee
from foreshock.core.signals.fair_value import above_probability, between_probability
from foreshock.core.signals.oracle_prices import OraclePrices, Spot

CLIP: Final = Quantity(100 * MICRO)
"""Fees are those of so many contracts: rounding them up for one would say nothing of the rate."""
HOUR_S: Final = 3_600
OPEN: Final[frozenset[MarketStatus]] = frozenset({"listed", "open", "paused"})
ReadBet = Callable[[Market], CoinBet | None]


class OracleGapSettings(msgspec.Struct, frozen=True, kw_only=True):
    """is_trusted: the shipped evaluation says that the model beats the market.

    bets_max: markets priced at once, those that end first. step_min: a gap or a fair price that
    moved less is not told again; interval_min: nor sooner than this.
    """

    oracles: tuple[str, ...] = ("coinbase", "binance")
    is_trusted: bool = False
    bets_max: int = 1_000
    step_min: Money = Money(5_000)
    interval_min: Duration = Duration(SECOND)


class _Priced(msgspec.Struct):
    """A market that bets on a coin, its best prices, and what was last said of it."""

    market: Market
    bet: CoinBet
    bid: Price | None = None
    ask: Price | None = None
    measured_us: Instant = Instant(0)
    told: OracleGapMeasured | None = None


class _Fair(msgspec.Struct, frozen=True):
    """What YES is worth, and by which numbers."""

    price: Price
    spot: Spot
    strike: int
    volatility: float


class OracleGaps:
    """Prices every listed market that bets on a coin, when its book or its oracle moves."""

    name = "oracle-gaps"

    def __init__(self, settings: OracleGapSettings, packs: FeePacks, read_bet: ReadBet) -> None:
        self._settings = settings
        self._packs = packs
        self._read_bet = read_bet
        self._prices = OraclePrices(settings.oracles)
        self._priced: dict[MarketId, _Priced] = {}
        self._by_coin: dict[str, dict[MarketId, _Priced]] = {}
        self._swept_us: dict[str, Instant] = {}
        self._handlers: Mapping[type[Message], Callable[[Any, Instant], Iterable[Message]]] = {
            MarketListed: self._list,
            MarketStatusChanged: self._change_status,
            MarketResolved: self._resolve,
            FeeChanged: self._change_fee,
            BookChanged: self._see_book,
            BookLost: self._lose_book,
            OracleReported: self._hear,
            OracleLost: self._lose_oracle,
        }
        self.hears = frozenset(self._handlers)

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    # ---- what is listed --------------------------------------------------------------------

    def _list(self, message: MarketListed, _now_us: Instant) -> Iterable[Message]:
        market = message.market
        known, is_open = self._priced.get(market.id), market.status in OPEN
        if known is not None and is_open and _terms(known.market) == _terms(market):
            known.market = market
            return ()
        self._drop(market.id)
        bet = self._read_bet(market) if is_open else None
        if bet is None:
            return ()
        priced = _Priced(market, bet)
        self._priced[market.id] = priced
        self._by_coin.setdefault(bet.coin, {})[market.id] = priced
        if len(self._priced) > self._settings.bets_max:
            self._drop(max(self._priced.values(), key=lambda p: p.bet.ends_us).market.id)
        return ()

    def _drop(self, market: MarketId) -> Iterable[Message]:
        priced = self._priced.pop(market, None)
        if priced is not None:
            del self._by_coin[priced.bet.coin][market]
        return ()

    def _resolve(self, message: MarketResolved, _now_us: Instant) -> Iterable[Message]:
        return self._drop(message.market)

    def _change_status(self, message: MarketStatusChanged, _now_us: Instant) -> Iterable[Message]:
        return () if message.status in OPEN else self._drop(message.market)

    def _change_fee(self, message: FeeChanged, _now_us: Instant) -> Iterable[Message]:
        priced = self._priced.get(message.market)
        if priced is not None:
            priced.market = msgspec.structs.replace(priced.market, fee=message.fee)
        return ()

    # ---- what moves ------------------------------------------------------------------------

    def _see_book(self, book: BookChanged, now_us: Instant) -> Iterable[Message]:
        priced = self._priced.get(book.market)
        if priced is None:
            return ()
        is_live = book.quality == "live"
        priced.bid = book.bids[0][0] if is_live and book.bids else None
        priced.ask = book.asks[0][0] if is_live and book.asks else None
        return self._measure(priced, now_us)

    def _lose_book(self, message: BookLost, _now_us: Instant) -> Iterable[Message]:
        priced = self._priced.get(message.market)
        if priced is not None:
            priced.bid = priced.ask = None
            priced.told = None
        return ()

    def _lose_oracle(self, message: OracleLost, _now_us: Instant) -> Iterable[Message]:
        self._prices.lose(message)
        return ()

    def _hear(self, message: OracleReported, now_us: Instant) -> Iterable[Message]:
        """A price moves every bet on its coin; once a second is enough to look at them all."""
        coin = self._prices.report(message)
        if coin is None or now_us - self._swept_us.get(coin, 0) < self._settings.interval_min:
            return ()
        self._swept_us[coin] = now_us
        over = [m for m, p in self._by_coin.get(coin, {}).items() if p.bet.ends_us <= now_us]
        for market in over:
            self._drop(market)
        return [
            said
            for priced in self._by_coin.get(coin, {}).values()
            for said in self._measure(priced, now_us)
        ]

    def _measure(self, priced: _Priced, now_us: Instant) -> Iterator[Message]:
        if now_us - priced.measured_us < self._settings.interval_min:
            return
        fair = self._fair(priced.bet, now_us)
        if fair is None:
            return
        priced.measured_us = now_us
        found = [gap for gap in self._gaps(priced, fair, now_us) if gap is not None]
        best = max(found, key=lambda gap: gap.gap, default=None)
        if best is not None and self._is_news(priced.told, best):
            priced.told = best
            yield best

    def _is_news(self, told: OracleGapMeasured | None, found: OracleGapMeasured) -> bool:
        if told is None or (told.outcome, told.oracle) != (found.outcome, found.oracle):
            return True
        step = self._settings.step_min
        return abs(told.gap - found.gap) >= step or abs(told.fair - found.fair) >= step

    def _fair(self, bet: CoinBet, now_us: Instant) -> _Fair | None:
        """By the first oracle that knows enough; None where none does.

        None also before the window and within the average that settles.
        """
        if bet.ends_us - now_us <= bet.averaged:
            return None
        spots = self._prices.spots(bet.coin, bet.settles_by, now_us)
        found = (self._fair_by(spot, bet, now_us) for spot in spots)
        return next((fair for fair in found if fair is not None), None)

    def _fair_by(self, spot: Spot, bet: CoinBet, now_us: Instant) -> _Fair | None:
        low, high = bet.low, bet.high
        if bet.starts_us is not None:
            low = self._prices.at(spot, bet.coin, bet.starts_us)
            if low is None:
                return None
        volatility = self._prices.volatility(spot, bet.coin)
        if math.isnan(volatility):
            return None
        # The mean over a time `a` before the end varies as the price at its first third does.
        counted_us = bet.ends_us - spot.event_us - bet.averaged * 2 / 3
        chance = _chance(spot.price, (low, high), volatility, counted_us / SECOND)
        price = round((1 - chance if bet.is_inverted else chance) * PAYOUT)
        strikes = [strike for strike in (low, high) if strike is not None]
        nearest = min(strikes, key=lambda strike: abs(strike - spot.price))
        return _Fair(Price(price), spot, nearest, volatility)

    def _gaps(
        self, priced: _Priced, fair: _Fair, now_us: Instant
    ) -> Iterator[OracleGapMeasured | None]:
        if priced.ask is not None:
            yield self._gap(priced, fair, ("yes", fair.price, priced.ask), now_us)
        if priced.bid is not None:
            no = ("no", complement(fair.price), complement(priced.bid))
            yield self._gap(priced, fair, no, now_us)

    def _gap(
        self, priced: _Priced, fair: _Fair, side: tuple[Outcome, Price, Price], now_us: Instant
    ) -> OracleGapMeasured | None:
        """None when no fee is known: then there is no sum to show."""
        outcome, worth, ask = side
        pack = self._packs.get(priced.market.venue)
        charged = fill_fee(pack, priced.market.fee, Fill(ask, CLIP), now_us)
        if isinstance(charged, FeeUnknown):
            return None
        fee = per_contract(charged.fee, CLIP, Rounding.UP)
        return OracleGapMeasured(
            market=priced.market.id,
            outcome=outcome,
            oracle=fair.spot.oracle,
            fair=worth,
            ask=ask,
            fee=fee,
            gap=Money(worth - ask - fee),
            spot=fair.spot.price,
            strike=fair.strike,
            volatility_ppm=round(fair.volatility * math.sqrt(HOUR_S) * MICRO),
            ends_us=priced.bet.ends_us,
            is_trusted=self._settings.is_trusted,
            event_us=now_us,
        )


def _chance(
    spot: int, strikes: tuple[int | None, int | None], volatility: float, left_s: float
) -> float:
    """The probability that the price ends between the strikes that there are."""
    low, high = strikes
    if low is not None and high is not None:
        return between_probability(spot, (low, high), volatility, left_s)
    if low is not None:
        return above_probability(spot, low, volatility, left_s)
    if high is not None:
        return 1.0 - above_probability(spot, high, volatility, left_s)
    return math.nan


def _terms(market: Market) -> tuple[object, ...]:
    """What a bet is read from."""
    ends = market.closes_us, market.settles_us
    return market.title, market.rules, ends, market.outcome_labels
