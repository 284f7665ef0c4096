"""Does a market bet on where a coin's price ends, and on which terms exactly?

Two kinds are read: up or down over some minutes, and above, below or between strikes at one moment.
Whatever else is said in the title makes it another bet, and it is left alone: touching a price,
market caps, two coins. Where the title names a day or a time, the market's close must agree.
"""

import re
from typing import Final

import msgspec

from foreshock.core.domain.coin_bets import COINS, CoinBet
from foreshock.core.domain.markets import Market
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.matching import civil
from foreshock.core.matching.contract import contract_of
from foreshock.core.matching.reading import Reading, read
from foreshock.core.matching.text import fold

MINUTE: Final = 60 * SECOND
DURATIONS: Final = frozenset({5, 15, 60})
"""Minutes of up/down markets that both venues list; a day's has rules of its own."""
_MENTION: Final = re.compile(r"bitcoin|btc|eth|sol")
"""Cheap to ask before a title is read."""
_COIN_NAMES: Final = {coin.lower(): coin for coin in COINS}
_STRIKE_WORDS: Final = frozenset({"price", "close", "range"})
_UP_WORDS: Final = frozenset({
    *("up", "down", "price", "next", "min", "minute", "hour", "window", "et"),
})
_SIDES: Final = frozenset({"up", "down"})
_CLOCK: Final = r"(?P<hour{n}>1?\d)(?::(?P<minute{n}>[0-5]\d))?\s?(?P<half{n}>am|pm)"
_SPAN: Final = re.compile(
    _CLOCK.replace("{n}", "1") + r"\s?(?:-|to)\s?" + _CLOCK.replace("{n}", "2") + r"\s+et\b"
)
_MINUTES: Final = re.compile(r"\b(?P<minutes>\d{1,2})[\s-]?(?:m|mins?|minutes?)\b")
_TICKER: Final = re.compile(r"KX[A-Z]{2,5}(?P<minutes>\d{1,2})M-")
_HOUR: Final = re.compile(r"\b(?:next|one|1)[\s-]?hour\b|\bhourly\b")
_AVERAGED: Final = re.compile(r"twap|time-weighted average|simple average|60-second average")
_AVERAGE: Final = Duration(60 * SECOND)
"""Both venues average over the last minute where they average."""
_TOKEN: Final = re.compile(r"\d{1,5}(?:am|pm)?")
_HALF_DAY_H: Final = 12
_DAY_MINUTES: Final = 1_440


def coin_bet(market: Market) -> CoinBet | None:
    """The bet, None when it is none that we can price."""
    # Polymarket's markets have no close: what they call their end is when the price is taken.
    ends_us = market.settles_us if market.closes_us is None else market.closes_us
    if ends_us is None or not _MENTION.search(market.title.lower()):
        return None
    reading = read(msgspec.structs.replace(contract_of(market), closes_us=ends_us))
    coins = [atom.name for atom in reading.atoms if atom.name in _COIN_NAMES]
    if len(coins) != 1 or reading.holes or reading.fixture:
        return None
    words = {atom.name for atom in reading.atoms} - set(coins)
    if "up" in words:
        return _up_or_down(market, reading, words, ends_us)
    return _strikes(market, reading, words, ends_us)


def _strikes(market: Market, reading: Reading, words: set[str], ends_us: Instant) -> CoinBet | None:
    if words - _STRIKE_WORDS or len(reading.thresholds) != 1 or reading.choice is not None:
        return None
    (threshold,) = reading.thresholds
    if threshold.unit != "$" or threshold.low == threshold.high:
        return None
    if not _agrees(reading, ends_us):
        return None
    return _bet(market, reading, ends_us, low=threshold.low, high=threshold.high)


def _up_or_down(
    market: Market, reading: Reading, words: set[str], ends_us: Instant
) -> CoinBet | None:
    if "down" in words and market.outcome_labels[0].lower() not in _SIDES:
        return None  # it offers both, and does not say which one YES is
    others = {word for word in words if not _TOKEN.fullmatch(word)} - _UP_WORDS
    if reading.thresholds or others:
        return None
    minutes = _minutes(market, reading, ends_us)
    if minutes not in DURATIONS:
        return None
    return _bet(market, reading, ends_us, starts_us=Instant(ends_us - minutes * MINUTE))


def _bet(
    market: Market,
    reading: Reading,
    ends_us: Instant,
    *,
    starts_us: Instant | None = None,
    low: int | None = None,
    high: int | None = None,
) -> CoinBet:
    names = " ".join(atom.name for atom in reading.atoms)
    sources = " ".join(clause.value for clause in reading.terms.sources)
    oracles = [name for name in ("binance", "coinbase") if name in sources]
    is_averaged = _AVERAGED.search(fold(market.rules).text) is not None
    return CoinBet(
        coin=next(coin for name, coin in _COIN_NAMES.items() if name in names.split()),
        ends_us=ends_us,
        starts_us=starts_us,
        low=low,
        high=high,
        averaged=_AVERAGE if is_averaged else Duration(0),
        settles_by=oracles[0] if len(oracles) == 1 else "",
        is_inverted=reading.is_negated != (market.outcome_labels[0].lower() == "down"),
    )


def _minutes(market: Market, reading: Reading, ends_us: Instant) -> int | None:
    """How long the window is: by its clock times, its words, or the series it belongs to."""
    title = fold(market.title).text
    if span := _SPAN.search(title):
        start, end = _clock(span, 1), _clock(span, 2)
        return (end - start) % _DAY_MINUTES if _is_minute(end, ends_us) else None
    moment = reading.window.moment
    if moment is not None and moment.end and "next" not in title:
        # One clock time is the start of an hour, as Polymarket words its hourly markets.
        return 60 if moment.zone and _is_minute((moment.minute + 60), ends_us) else None
    found = _MINUTES.search(title) or _TICKER.match(market.native_id)
    if found:
        return int(found["minutes"])
    return 60 if _HOUR.search(title) else None


def _clock(span: re.Match[str], n: int) -> int:
    """Minute of the day."""
    hour = int(span[f"hour{n}"]) % _HALF_DAY_H
    afternoon = _HALF_DAY_H if span[f"half{n}"] == "pm" else 0
    return (hour + afternoon) * 60 + int(span[f"minute{n}"] or 0)


def _is_minute(minute: int, at_us: Instant) -> bool:
    """Whether it is that minute of the day in New York, the zone of both venues' titles."""
    return civil.local_time(at_us // MINUTE, "America/New_York")[1] == minute % _DAY_MINUTES


def _agrees(reading: Reading, ends_us: Instant) -> bool:
    """Whether the title's day and time, where it names any, are those of the market's close."""
    window = reading.window
    if window.deadline is not None or window.start is not None or window.is_season:
        return False
    moment, zone = window.moment, "America/New_York"
    if moment is not None:
        zone = moment.zone or zone
        if civil.local_time(ends_us // MINUTE, zone)[1] != moment.minute:
            return False
    if window.period is None:
        return True
    if window.period.last - window.period.first != 1 or not window.period.has_year:
        return False
    return civil.local_time(ends_us // MINUTE, zone)[0] == window.period.first
