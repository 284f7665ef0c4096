"""Which pair has which place in the arrays, and which series is which of its sides?

Pair p has the series 2p and 2p + 1. A market that is in several pairs has a series in each.
"""

PLACES_START = 32


class PairPlaces:
    """Places of pairs; one that is left free serves the next pair."""

    def __init__(self, pairs_max: int) -> None:
        self.count = min(PLACES_START, pairs_max)
        self.names: dict[str, int] = {}
        self.sides: dict[int, tuple[str, str]] = {}
        self.series: dict[str, list[int]] = {}
        """Of each market or oracle."""
        self.mirrored: set[int] = set()
        """Series whose price counts as one dollar less it."""
        self._pairs_max = pairs_max
        self._free: list[int] = []

    def add(self, name: str, a: str, b: str, *, is_mirrored: bool) -> int | None:
        """The place of a new pair. None when it has one already or there is no room.

        is_mirrored: the second side is the opposite bet.
        """
        if name in self.names or len(self.names) >= self._pairs_max:
            return None
        place = self._free.pop() if self._free else len(self.names)
        if place >= self.count:
            self.count = min(2 * self.count, self._pairs_max)
        self.names[name], self.sides[place] = place, (a, b)
        for side, key in enumerate((a, b)):
            self.series.setdefault(key, []).append(2 * place + side)
        if is_mirrored:
            self.mirrored.add(2 * place + 1)
        return place

    def remove(self, name: str) -> int | None:
        """The place that a pair leaves, None when it had none."""
        place = self.names.pop(name, None)
        if place is None:
            return None
        for side, key in enumerate(self.sides.pop(place)):
            self.series[key].remove(2 * place + side)
            if not self.series[key]:
                del self.series[key]
        self.mirrored.discard(2 * place + 1)
        self._free.append(place)
        return place
