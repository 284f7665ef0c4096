"""What is halted, and how fresh is a market in the light of that?"""

import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import Halted, Resumed
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import Instant
from foreshock.dashboard.badges import book_badge, halted
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.health import Health
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.views import BadgeView, BookView, HaltView, VenueView

EVERYWHERE = "all"
HALTS_MAX = 64


class Halts:
    """The scopes in which no risk may be added."""

    def __init__(self) -> None:
        self._halts: dict[str, HaltView] = {}

    def halt(self, message: Halted, now_us: Instant) -> None:
        """A scope is halted; one that is already keeps its first reason."""
        view = HaltView(message.scope, message.by, message.reason, now_us)
        self._halts.setdefault(message.scope, view)
        evict(self._halts, HALTS_MAX)

    def resume(self, message: Resumed) -> None:
        """Exactly this scope may trade again."""
        self._halts.pop(message.scope, None)

    def views(self) -> list[HaltView]:
        """Every halt in force, oldest first."""
        return list(self._halts.values())

    def of(self, venue: str) -> HaltView | None:
        """The halt that covers a venue."""
        return self._halts.get(EVERYWHERE) or self._halts.get(venue)


class Freshness:
    """Badges: what the clocks say, and HALTED where nothing worse is to be said."""

    def __init__(self, markets: Markets, health: Health, halts: Halts) -> None:
        self._markets = markets
        self._health = health
        self._halts = halts

    def of_market(self, market: MarketId, now_us: Instant) -> BadgeView:
        """The badge of one market's book."""
        badge = book_badge(self._markets.age(market), self._health.clocks(market), now_us)
        return self._halted(badge, venue_of(market), now_us)

    def book(self, market: MarketId, now_us: Instant) -> BookView | None:
        """A market with its book and badge; None when it was never listed."""
        return self._markets.view(market, self.of_market(market, now_us))

    def venues(self, now_us: Instant) -> list[VenueView]:
        """Every venue."""
        views = [self._health.view(name, now_us) for name in self._health.venues()]
        return [
            msgspec.structs.replace(view, badge=self._halted(view.badge, view.venue, now_us))
            for view in views
        ]

    def _halted(self, badge: BadgeView, venue: str, now_us: Instant) -> BadgeView:
        halt = self._halts.of(venue)
        return badge if halt is None else halted(badge, halt.by, halt.since_us, now_us)
