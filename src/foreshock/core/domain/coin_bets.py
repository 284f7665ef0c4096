"""What does a market bet on a coin's price? The few terms that its worth depends on."""

import msgspec

from foreshock.core.domain.units import Duration, Instant

COINS = ("BTC", "ETH", "SOL")


class CoinBet(msgspec.Struct, frozen=True, kw_only=True):
    """A bet on where a coin's price is at `ends_us`, strikes in millionths of a dollar.

    starts_us: of an up/down market, whose strike is the price then; None where strikes are named.
    low, high: YES pays between them; None: no end on that side. averaged: the price that settles is
    the mean over so long before the end, 0 when it is the last one. settles_by: the name of the
    oracle that the rules settle by, empty when we do not hear it. is_inverted: YES pays otherwise.
    """

    coin: str
    ends_us: Instant
    starts_us: Instant | None = None
    low: int | None = None
    high: int | None = None
    averaged: Duration = Duration(0)
    settles_by: str = ""
    is_inverted: bool = False
