"""Which bet is it about, for a person? The title behind a market, an order or a package."""

from collections import OrderedDict

import msgspec

from foreshock.core.alerting.events import SUBJECT_MAX, Place, place_of
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.decisions import PackageOpened
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.notices import Notice

PLACES_MAX, ORDERS_MAX, PACKAGES_MAX = 200_000, 5_000, 5_000
"""Markets keep what came first, orders and packages what came last."""


class Subjects:
    """Titles of markets, and of which market or bet an order or a package is."""

    def __init__(self) -> None:
        self._places: dict[MarketId, Place] = {}
        self._orders: OrderedDict[str, MarketId] = OrderedDict()
        self._bets: OrderedDict[str, str] = OrderedDict()

    def list_market(self, market: Market) -> None:
        """A venue's newest word on a market."""
        if len(self._places) < PLACES_MAX or market.id in self._places:
            self._places[market.id] = Place(market.title, market.category)

    def observe(self, market: MarketId, title: str) -> None:
        """A market that no venue lists is called as whoever told us of it calls it."""
        if market not in self._places and len(self._places) < PLACES_MAX:
            self._places[market] = Place(title, "")

    def place_order(self, placed: PlaceOrder) -> None:
        """An order leaves: its fills name only itself."""
        self._orders[placed.order_id] = placed.market
        if len(self._orders) > ORDERS_MAX:
            self._orders.popitem(last=False)

    def open_package(self, opened: PackageOpened) -> None:
        """A package begins: what comes of it names only itself."""
        self._bets[opened.package_id] = opened.request.edge.label
        if len(self._bets) > PACKAGES_MAX:
            self._bets.popitem(last=False)

    def place(self, market: MarketId) -> Place:
        """What is known of a market."""
        return place_of(self._places, market)

    def of_fill(self, notice: Notice) -> Notice:
        """A fill is about its market, which only the order names."""
        market = self._orders.get(notice.about)
        if market is None:
            return notice
        place = self.place(market)
        subject = (place.title or market)[:SUBJECT_MAX]
        return msgspec.structs.replace(notice, about=market, subject=subject, topic=place.category)

    def of_package(self, notice: Notice) -> Notice:
        """What became of which bet; a package of an earlier run stays without."""
        bet = self._bets.get(notice.about)
        if bet is None:
            return notice
        return msgspec.structs.replace(notice, subject=f"{notice.subject}: {bet}"[:SUBJECT_MAX])
