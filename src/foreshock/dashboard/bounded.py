"""How does a table stay small? Whoever is over the ceiling loses its oldest, sparing some."""

from collections.abc import Callable, MutableMapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def evict(
    table: MutableMapping[K, V], count_max: int, may_go: Callable[[V], bool] | None = None
) -> list[V]:
    """Drop the oldest entries beyond the ceiling and return them.

    Where `may_go` is given, entries it spares stay, be there ever so many of them.
    """
    gone: list[V] = []
    if len(table) <= count_max:
        return gone
    for key in list(table):
        if len(table) <= count_max:
            break
        if may_go is None or may_go(table[key]):
            gone.append(table.pop(key))
    return gone
