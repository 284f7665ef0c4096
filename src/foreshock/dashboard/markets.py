"""What is known of each market: its terms and the newest book, and may that book be believed?"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from foreshock.core.domain.books import Levels, mirrored
from foreshock.core.domain.market_facts import TermsFact, changed
from foreshock.core.domain.markets import Market, MarketId, MarketStatus, Outcome
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookLost,
    MarketListed,
)
from foreshock.core.domain.units import Instant, Price
from foreshock.dashboard.badges import BookAge
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.views import BadgeView, BookView

MARKETS_MAX = 100_000
Quality = Literal["live", "polled", "crossed", "none"]
OVER: frozenset[MarketStatus] = frozenset({"closed", "proposed", "disputed", "settled"})


class Lost(msgspec.Struct, frozen=True):
    """A book that cannot be trusted until one of a later epoch comes."""

    epoch: int
    since_us: Instant


class Markets:
    """The newest listing, book and loss of every market."""

    def __init__(self) -> None:
        self._listed: dict[MarketId, Market] = {}
        self._books: dict[MarketId, BookChanged] = {}
        self._lost: dict[MarketId, Lost] = {}

    def see_book(self, book: BookChanged) -> None:
        """The frequent one: two dictionary operations, everything else waits for a reader."""
        if book.market in self._listed:
            self._books[book.market] = book

    def list_market(self, message: MarketListed) -> None:
        """A market appeared or its terms were read again."""
        self._listed[message.market.id] = message.market
        for market in evict(self._listed, MARKETS_MAX):
            self._books.pop(market.id, None)
            self._lost.pop(market.id, None)

    def change(self, message: TermsFact) -> None:
        """Terms of a market changed; one that was never listed is somebody else's."""
        market = self._listed.get(message.market)
        if market is None:
            return
        self._listed[market.id] = changed(market, message)

    def lose_book(self, message: BookLost, now_us: Instant) -> None:
        """A book may be wrong from here on."""
        if message.market in self._listed:
            known = self._lost.get(message.market)
            is_same = known is not None and self._is_lost(message.market)
            since_us = known.since_us if known is not None and is_same else now_us
            self._lost[message.market] = Lost(message.epoch, since_us)

    def market(self, market: MarketId) -> Market | None:
        """The newest listing."""
        return self._listed.get(market)

    def listed(self) -> Iterable[Market]:
        """Every market known, by its newest listing."""
        return self._listed.values()

    def books(self) -> Iterable[BookChanged]:
        """The newest book of every market that nothing speaks against."""
        return [book for book in self._books.values() if not self._is_lost(book.market)]

    def title(self, market: MarketId) -> str:
        """The venue's title, the id where there is none."""
        listed = self._listed.get(market)
        return market if listed is None else listed.title

    def age(self, market: MarketId) -> BookAge:
        """How fresh the book of a market is by itself."""
        book, listed = self._books.get(market), self._listed.get(market)
        is_paused = listed is not None and listed.status == "paused"
        return BookAge(
            recv_us=None if book is None else book.recv_us,
            lost_us=self._lost[market].since_us if self._is_lost(market) else None,
            is_polled=book is not None and book.quality == "polled",
            paused_by=listed.venue if listed is not None and is_paused else None,
        )

    def is_valid(self, market: MarketId) -> bool:
        """Whether there is a book and nothing speaks against it."""
        return market in self._books and not self._is_lost(market)

    def is_over(self, market: MarketId) -> bool:
        """Whether its trading has ended: it needs no book any more."""
        listed = self._listed.get(market)
        return listed is not None and listed.status in OVER

    def best_bid(self, market: MarketId, outcome: Outcome) -> Price | None:
        """What somebody pays now for a contract of this outcome; None when that is not known."""
        if not self.is_valid(market):
            return None
        book = self._books[market]
        bids: Levels = book.bids if outcome == "yes" else mirrored(book.asks[:1])
        return bids[0][0] if bids else None

    def view(self, market: MarketId, badge: BadgeView) -> BookView | None:
        """A market and its book as last seen; None when it was never listed."""
        listed = self._listed.get(market)
        if listed is None:
            return None
        book = self._books.get(market)
        quality: Quality = "none" if book is None else book.quality
        return BookView(
            market=market,
            venue=listed.venue,
            title=listed.title,
            rules=listed.rules,
            outcome_labels=listed.outcome_labels,
            status=listed.status,
            bids=[] if book is None else list(book.bids),
            asks=[] if book is None else list(book.asks),
            epoch=None if book is None else book.epoch,
            quality=quality,
            event_us=None if book is None else book.event_us,
            recv_us=None if book is None else book.recv_us,
            badge=badge,
            step_micros=listed.grid.finest(),
        )

    def _is_lost(self, market: MarketId) -> bool:
        lost, book = self._lost.get(market), self._books.get(market)
        return lost is not None and (book is None or book.epoch <= lost.epoch)
