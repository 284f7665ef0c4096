"""How does a venue's own history become 5-minute buckets? What it does not tell stays unknown."""

from collections.abc import Sequence

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.signals import VolumeRecalled
from foreshock.core.domain.units import Instant, Price, Quantity
from foreshock.core.signals.packed import UNKNOWN, pack
from foreshock.core.signals.volume_buckets import HISTORY_BUCKETS, bucket_of


class PastBuckets:
    """The HISTORY_BUCKETS before the bucket of `now_us`, of one market."""

    def __init__(self, market: MarketId, now_us: Instant) -> None:
        self.first = bucket_of(now_us) - HISTORY_BUCKETS
        self._market = market
        self._volume = [UNKNOWN] * HISTORY_BUCKETS
        self._taker_yes = [UNKNOWN] * HISTORY_BUCKETS
        self._trades = [UNKNOWN] * HISTORY_BUCKETS
        self._largest = [UNKNOWN] * HISTORY_BUCKETS
        self._price = [UNKNOWN] * HISTORY_BUCKETS

    def spread(self, first_us: Instant, after_us: Instant, volume: Quantity) -> None:
        """What was traded over a longer time counts evenly in every bucket of it."""
        first, after = bucket_of(first_us), bucket_of(after_us)
        for bucket in range(first, after):
            place = bucket - self.first
            if 0 <= place < HISTORY_BUCKETS:
                self._volume[place] = volume // (after - first)

    def total(self, at_us: Instant, volumes: Sequence[Quantity]) -> None:
        """All that was traded in the bucket of an instant."""
        place = bucket_of(at_us) - self.first
        if 0 <= place < HISTORY_BUCKETS:
            self._volume[place] = sum(volumes)

    def mark(self, at_us: Instant, price: Price) -> None:
        """The last price of the bucket of an instant; a later call stands."""
        place = bucket_of(at_us) - self.first
        if 0 <= place < HISTORY_BUCKETS:
            self._price[place] = price

    def observe(self, from_us: Instant) -> None:
        """Every print since then will be told: buckets that began later are quiet, not unknown."""
        begun = max(0, bucket_of(from_us) + 1 - self.first)
        for column in (self._volume, self._taker_yes, self._trades, self._largest):
            column[begun:] = [max(0, number) for number in column[begun:]]

    def print_(self, at_us: Instant, quantity: Quantity, price: Price, *, is_yes: bool) -> None:
        """One print in a bucket that `observe` has begun; oldest first, for the price."""
        place = bucket_of(at_us) - self.first
        if not 0 <= place < HISTORY_BUCKETS or self._volume[place] == UNKNOWN:
            return
        self._volume[place] += quantity
        self._taker_yes[place] += quantity if is_yes else 0
        self._trades[place] += 1
        self._largest[place] = max(self._largest[place], quantity)
        self._price[place] = price

    def told(self, source: str) -> VolumeRecalled | None:
        """As a message from the first known bucket on; None when nothing is known."""
        known = [place for place, volume in enumerate(self._volume) if volume != UNKNOWN]
        if not known:
            return None
        since = known[0]
        has_prints = any(number != UNKNOWN for number in self._trades)
        return VolumeRecalled(
            market=self._market,
            source=source,
            first_bucket=self.first + since,
            volume=pack(self._volume[since:]),
            taker_yes=pack(self._taker_yes[since:]) if has_prints else b"",
            trades=pack(self._trades[since:]) if has_prints else b"",
            largest=pack(self._largest[since:]) if has_prints else b"",
            price=pack(self._price[since:]),
        )
