"""Where is a coin by each oracle now, where was it at a minute's end, and how much does it move?

One fold of what oracles report. A price is known at the end of each minute: the newest one before
it, or the close that the oracle's own minutes name. Volatility is that of the last hour's minutes.
"""

import math
from typing import Final

import msgspec

from foreshock.core.domain.messages.signals import OracleLost, OracleReported
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant
from foreshock.core.signals.fair_value import realised_volatility

MINUTE: Final = 60 * SECOND
LOOKBACK_MINUTES: Final = 60
KEPT_MINUTES: Final = 130
"""An hour of volatility before the start of an hour's window."""
MINUTES: Final = " minutes"
"""How the names of oracles end that tell the closes of past minutes."""
SPOT_AGE_MAX: Final = Duration(10 * SECOND)


class Spot(msgspec.Struct, frozen=True):
    """A coin now, by one oracle."""

    oracle: str
    price: int
    event_us: Instant
    recv_us: Instant


class _History(msgspec.Struct):
    """closes: price at the end of a minute, by the minute that begins then, counted from 1970."""

    spot: Spot | None = None
    closes: dict[int, int] = msgspec.field(default_factory=dict[int, int])
    volatility: tuple[int, float] | None = None


class OraclePrices:
    """The prices of every coin by every oracle. preference: names of oracles, best first."""

    def __init__(self, preference: tuple[str, ...]) -> None:
        self._preference = preference
        self._known: dict[tuple[str, str], _History] = {}

    def report(self, message: OracleReported) -> str | None:
        """Take a report in; returns the coin whose price now is new, None when it is no coin's."""
        source = message.source.removesuffix(MINUTES)
        coin, dash, _ = message.symbol.partition("-")
        if source not in self._preference or not dash:
            return None
        history = self._known.setdefault((source, coin), _History())
        if message.source != source:
            if message.event_us % MINUTE == 0:
                self._close(history, message.event_us // MINUTE, message.value)
            return None
        before = history.spot
        minute = message.event_us // MINUTE
        if before is not None and minute == before.event_us // MINUTE + 1:
            history.closes.setdefault(minute, before.price)
            self._forget(history, minute)
        oracle = f"{source} {message.symbol}"
        history.spot = Spot(oracle, message.value, message.event_us, message.recv_us)
        return coin

    def lose(self, message: OracleLost) -> None:
        """The last price counts no more; the minutes before stay."""
        history = self._known.get((message.source, message.symbol.partition("-")[0]))
        if history is not None:
            history.spot = None

    def spots(self, coin: str, settles_by: str, now_us: Instant) -> list[Spot]:
        """Prices that are fresh enough, of the oracle that settles first, then by preference."""
        found: list[Spot] = []
        for source in dict.fromkeys((settles_by, *self._preference)):
            history = self._known.get((source, coin))
            spot = None if history is None else history.spot
            if spot is not None and now_us - spot.recv_us <= SPOT_AGE_MAX:
                found.append(spot)
        return found

    def at(self, spot: Spot, coin: str, at_us: Instant) -> int | None:
        """The price at a whole minute, by the oracle of `spot`; None when it was not heard."""
        history = self._known[spot.oracle.partition(" ")[0], coin]
        return history.closes.get(at_us // MINUTE) if at_us % MINUTE == 0 else None

    def volatility(self, spot: Spot, coin: str) -> float:
        """Per square root of a second, by this oracle or else by another; NaN: too little known.

        How much a coin moves is the same everywhere; where it is may not be.
        """
        for source in dict.fromkeys((spot.oracle.partition(" ")[0], *self._preference)):
            history = self._known.get((source, coin))
            if history is None:
                continue
            found = self._volatility(history, spot.event_us // MINUTE)
            if not math.isnan(found):
                return found
        return math.nan

    def _volatility(self, history: _History, minute: int) -> float:
        """Of the hour up to a minute; kept while that minute lasts."""
        if history.volatility is not None and history.volatility[0] == minute:
            return history.volatility[1]
        closes = [history.closes.get(n) for n in range(minute - LOOKBACK_MINUTES, minute + 1)]
        prices = [None if close is None else close / MICRO for close in closes]
        found = realised_volatility(prices, MINUTE / SECOND)
        if not math.isnan(found):  # else more of the past may still be told
            history.volatility = (minute, found)
        return found

    def _close(self, history: _History, minute: int, price: int) -> None:
        """The oracle's own close stands, whatever the last price before it was."""
        history.closes[minute] = price
        self._forget(history, minute)

    def _forget(self, history: _History, minute: int) -> None:
        if len(history.closes) > KEPT_MINUTES:
            newest = max(minute, *history.closes)
            history.closes = {
                number: close
                for number, close in history.closes.items()
                if number > newest - KEPT_MINUTES
            }
