"""How far is the reconcile of one venue? What was read of the account, when, and what it covers."""

from foreshock.core.domain.accounts import AccountPart
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.execution.account_book import AccountBook
from foreshock.core.execution.agreement import Agreement

PARTS: tuple[AccountPart, ...] = ("orders", "fills", "positions", "balance")
OVERLAP = Duration(60 * SECOND)


class VenueAccount:
    """One venue: its book, its comparison, and how far the present reconcile is."""

    def __init__(self, venue: str) -> None:
        self.venue = venue
        self.book = AccountBook(venue)
        self.agreement = Agreement(self.book)
        self.state: a.VenueState = "reconciling"
        self.connection: int | None = None
        self.since_us = Instant(0)
        self.listed: set[MarketId] = set()
        self.listed_us = Instant(0)
        self.is_asking_again = False
        self.read_us: dict[AccountPart, Instant] = {}
        self.has_timers = False

    def list_market(self, market: MarketId, now_us: Instant) -> bool:
        """From now on rows about a market can be read; True when they could not before."""
        if market in self.listed:
            return False
        self.listed.add(market)
        self.listed_us = now_us
        self.agreement.note_listing(market)
        return True

    def note_fills(self, read: a.FillsRead, started_us: Instant) -> None:
        """Fills were read; too few of them while a newly listed market is to be explained."""
        last_us = self.read_us.get("fills", self.listed_us)
        if last_us >= self.listed_us or read.since_us <= self.fills_since(started_us):
            self.read_us["fills"] = read.asked_us

    def is_explained(self, asked_us: Instant) -> bool:
        """Whether the fills behind a list of holdings or cash are known, as far as they can be."""
        fills_us = self.read_us.get("fills", -1)
        return fills_us >= max(self.since_us, self.listed_us) and asked_us >= self.listed_us

    def is_reconciled(self) -> bool:
        """Whether everything was read after the last interruption and nothing is in doubt."""
        if self.connection is None or self.agreement.is_doubtful:
            return False
        is_read = all(self.read_us.get(part, -1) >= self.since_us for part in PARTS)
        unknown = any(order.state == "unknown" for order in self.book.orders.values())
        return is_read and not unknown

    def fills_since(self, started_us: Instant) -> Instant:
        """How far back fills must be read: to the last read, or to the oldest one still open.

        Rows about a market that was not listed yet were left out of what was read before.
        """
        open_us = [o.placed.decided_us for o in self.book.orders.values() if not o.is_final]
        last_us = self.read_us.get("fills", started_us)
        oldest = min((last_us if last_us >= self.listed_us else started_us, *open_us))
        return Instant(oldest - OVERLAP)
