"""Which names does a person want watched, and which markets could be? A fold and a search."""

from collections.abc import Iterable

import msgspec

from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages import alerting as al
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.dashboard.alert_views import CategoryView, ListedView, WatchedView
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.markets import Markets

WATCHED_MAX = 50
"""Names of the watch list; each one costs a stream of its own."""
SHOWN_MAX = 50
CATEGORIES_MAX = 50


class _Watched(msgspec.Struct):
    by: str
    since_us: Instant
    found: al.WatchListFound | None = None


class Watching:
    """The watch list as it was told, and a search through everything listed."""

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._watched: dict[tuple[str, str], _Watched] = {}

    def hear(self, message: Message, now_us: Instant) -> None:
        """Take in one message of the desk."""
        if isinstance(message, al.WatchListChanged):
            self._change(message, now_us)
        elif isinstance(message, al.WatchListFound):
            self._find(message)

    def has(self, venue: str, identifier: str) -> bool:
        """Whether a name is on the list."""
        return (venue, identifier) in self._watched

    def count(self) -> int:
        """Names on the list."""
        return len(self._watched)

    def views(self, venue: str) -> list[WatchedView]:
        """The names of one venue, in the order in which they were added."""
        return [
            self._view(identifier, each)
            for (of_venue, identifier), each in self._watched.items()
            if of_venue == venue
        ]

    def categories(self, venue: str, query: str) -> list[CategoryView]:
        """Listed markets of a venue whose category or title has every word, by category."""
        words = query.lower().split()
        found: dict[str, list[Market]] = {}
        for market in self._markets.listed():
            text = f"{market.category} {market.title}".lower()
            if market.venue == venue and market.status == "open" and _has(text, words):
                found.setdefault(market.category, []).append(market)
        views = [_category(name, markets) for name, markets in found.items()]
        return sorted(views, key=lambda view: -view.markets_count)[:CATEGORIES_MAX]

    def _change(self, changed: al.WatchListChanged, now_us: Instant) -> None:
        key = (changed.venue, changed.identifier)
        if changed.is_watched:
            self._watched.setdefault(key, _Watched(changed.by, now_us))
            evict(self._watched, WATCHED_MAX * 2)
        else:
            self._watched.pop(key, None)

    def _find(self, found: al.WatchListFound) -> None:
        watched = self._watched.get((found.venue, found.identifier))
        if watched is not None:
            watched.found = found

    def _view(self, identifier: str, each: _Watched) -> WatchedView:
        found = each.found
        markets = () if found is None else found.markets
        return WatchedView(
            ticker=identifier,
            state="looking" if found is None else "watched" if markets else "unresolved",
            words="looked for" if found is None else found.words,
            markets=[
                _listed(market) for market in map(self._market, markets) if market is not None
            ],
            by=each.by,
            since_us=each.since_us,
        )

    def _market(self, market: MarketId) -> Market | None:
        return self._markets.market(market)


def _category(name: str, markets: Iterable[Market]) -> CategoryView:
    busiest = sorted(markets, key=lambda market: (-(market.volume_24h or 0), market.id))
    return CategoryView(
        category=name,
        markets_count=len(busiest),
        markets=[_listed(market) for market in busiest[:SHOWN_MAX]],
    )


def _listed(market: Market) -> ListedView:
    return ListedView(
        market=market.id,
        ticker=market.native_id,
        title=market.title,
        status=market.status,
        volume_24h_micros=market.volume_24h,
    )


def _has(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)
