"""The next live desk on the same two venues: it knows what its predecessor's journal tells."""

from collections.abc import Sequence

import msgspec

from foreshock.adapters.venues.kalshi.account import KalshiReader
from foreshock.adapters.venues.kalshi.hours import KalshiHours
from foreshock.adapters.venues.kalshi.path import KalshiOrders
from foreshock.adapters.venues.polymarket.account import PolymarketAccount
from foreshock.adapters.venues.polymarket.conversions import PolymarketConversions
from foreshock.adapters.venues.polymarket.heartbeat import Heartbeat
from foreshock.adapters.venues.polymarket.path import PolymarketPath
from foreshock.adapters.venues.polymarket.standing import Standing
from foreshock.adapters.venues.polymarket.user_channel import UserFeed
from foreshock.app.live_parts import VenueAccount
from foreshock.core.domain.markets import Outcome
from foreshock.core.domain.messages.account import VenueArmed
from foreshock.core.domain.messages.market_data import ConnectionOpened, MarketListed
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Duration, Instant
from foreshock.core.execution.remembering import Remembering, resumption
from tests.scenarios.live_desk import Account, LiveDesk
from tests.scenarios.live_scene import BUDGET, VENUES, Scene


class Successor(Scene):
    """A second run of a scene, after its first desk was killed `down_s` seconds ago."""

    def __init__(self, before: Scene, down_s: int = 60) -> None:
        self.pm, self.ks, self.clob = before.pm, before.ks, before.clob
        self.kalshi_face, self.holder = before.kalshi_face, before.holder
        self._levers = before._levers  # noqa: SLF001 - the same venues have the same levers
        self.a, self.b = before.a, before.b
        for venue in VENUES:
            before.desk.disconnect(venue)
        now_us = Instant(before.desk.now_us + down_s * MICRO)
        polymarket, kalshi = before.accounts
        self.accounts = (self._polymarket(polymarket), self._kalshi(kalshi))
        self.desk = LiveDesk(self.accounts, now_us, before.desk.config)
        self.requests_count = before.requests_count
        self.desk.tell(*self._left(before, down_s))

    def ready(self, listed: Sequence[str] = VENUES) -> "Successor":
        """Reconciled and armed. listed: the venues whose market is watched."""
        for number, venue in enumerate((self.pm, self.ks), 1):
            name = venue.market.venue
            if name in listed:
                market = msgspec.structs.replace(venue.market, status="open")
                self.desk.tell(MarketListed(market))
                self.desk.tell(ConnectionOpened(number, name, name, (market.id,)))
        self.desk.tick_venues()
        for name in VENUES:
            self.desk.connect(name)
        self.desk.run(2)
        for name in VENUES:
            until_us = Instant(self.desk.now_us + 8 * 3_600 * MICRO)
            self.desk.tell(VenueArmed(name, until_us, "a test", "armed by a test"))
        return self

    def ours_booked(self, outcome: Outcome) -> int:
        """Whole contracts of the Polymarket leg in the books that outlive this desk."""
        fold = Remembering(self.desk.config.limits.bankroll)
        for message in self.desk.heard:
            fold.hear(message, self.desk.now_us)
        return fold.ledger.tokens(self.a, outcome).total // MICRO

    def _left(self, before: Scene, down_s: int) -> list[Message]:
        config = before.desk.config
        fold = Remembering(config.limits.bankroll)
        for message in before.desk.heard:
            fold.hear(message, before.desk.now_us)
        memory = fold.memory()
        restored = DeskRestored("before", 1, memory, Duration(down_s * MICRO))
        return [restored, *resumption(memory, config.live_venues)]

    def _polymarket(self, account: Account) -> Account:
        path = PolymarketPath(self.holder, self.pm.fees["polymarket"])
        converts = account.account.conversions is not None
        made = VenueAccount(
            path=path,
            reader=PolymarketAccount(self.holder, path.ours),
            budget=BUDGET,
            pulse=Heartbeat(),
            standing=Standing(),
            listing=path.list_market,
            conversions=PolymarketConversions(self.holder) if converts else None,
        )

        def feed(connection: int) -> UserFeed:
            return UserFeed(connection, path.ours, None)

        return msgspec.structs.replace(account, account=made, feed=feed)

    def _kalshi(self, account: Account) -> Account:
        made = VenueAccount(
            path=KalshiOrders(), reader=KalshiReader(), budget=BUDGET, pulse=KalshiHours()
        )
        return msgspec.structs.replace(account, account=made)
