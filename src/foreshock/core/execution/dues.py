"""Which payouts are still to come, and did a change of cash bring some of them?

A venue pays a market whole, when it likes, and says nowhere which amount was for what. So the
payouts are looked for whose sum comes nearest to what came.
"""

from collections.abc import Iterator
from itertools import combinations

from foreshock.core.domain.markets import MarketId

TRIED_MAX = 10
"""Of so many dues every choice is tried: a thousand. Of more, all of them, each, and the oldest."""
Choice = tuple[MarketId, ...]


class Dues:
    """What each market is to pay, oldest first, in millionths of a dollar."""

    def __init__(self) -> None:
        self._due: dict[MarketId, int] = {}

    def add(self, market: MarketId, amount: int) -> None:
        """A market is to pay so much more, or less when negative."""
        self._due[market] = self._due.get(market, 0) + amount

    def of(self, market: MarketId) -> int:
        """What a market is still to pay."""
        return max(0, self._due.get(market, 0))

    def nearest(self, came: int) -> Choice:
        """The markets whose payouts come nearest to what came; of equal ones, the fewest."""
        return min(
            self._choices(), key=lambda choice: (abs(came - self.sum_of(choice)), len(choice))
        )

    def sum_of(self, choice: Choice) -> int:
        """What these are to pay together."""
        return sum(self._due[market] for market in choice)

    def settle(self, choice: Choice) -> None:
        """These have paid."""
        for market in choice:
            del self._due[market]

    def _choices(self) -> Iterator[Choice]:
        names = tuple(market for market, amount in self._due.items() if amount > 0)
        if len(names) <= TRIED_MAX:
            for count in range(len(names) + 1):
                yield from combinations(names, count)
            return
        yield ()
        yield from ((name,) for name in names)
        yield from (names[:count] for count in range(2, len(names) + 1))
