"""What do the events of the market stream do to the watched books? Pure.

    price_change   new totals of levels     -> book
    book           whole book, hash checked -> book, or lost and asked for again
    trades, ticks, touches, new and resolved markets, REST spot checks

Both tokens of a market are subscribed. The NO book is the exact mirror of the YES book, so only
YES entries are folded; NO books only serve to check that the mirror holds.
"""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from foreshock.adapters.venues.fold import BookFold
from foreshock.adapters.venues.polymarket.checks import Reading, compare, told_touch, touch
from foreshock.adapters.venues.polymarket.listing import CONDITION_CHARS, VENUE, market_id
from foreshock.adapters.venues.polymarket.snapshots import check_hash, named_in, yes_sides
from foreshock.adapters.venues.polymarket.trades import TradeReader
from foreshock.adapters.venues.polymarket.values import (
    PriceTexts,
    QuantityTexts,
    book_stamp,
    event_stamp,
    tick_grid,
)
from foreshock.adapters.venues.polymarket.watched import Outbox, Watched
from foreshock.adapters.venues.polymarket.wire import (
    BestBidAskEvent,
    Envelope,
    LastTradeEvent,
    MarketResolvedEvent,
    NewMarketEvent,
    PriceChangeEvent,
    TickSizeEvent,
    WireBook,
)
from foreshock.core.domain.markets import Market, MarketId, Outcome
from foreshock.core.domain.messages.market_data import (
    BookChecked,
    FeedGapped,
    GridChanged,
    MarketResolved,
    MarketStatusChanged,
    ShapeUnknown,
)
from foreshock.core.domain.units import PAYOUT, Instant, Price, format_micros

UNKNOWNS_MAX = 200
"""Distinct unknown values said aloud; all are counted."""
VALUE_CHARS_MAX = 200
HASH_TRIES_MAX = 3
"""Snapshots in a row whose hash differs. Then it is our recipe that fails, and the book counts."""
TOUCH_TRIES_MAX = 10
CHECK_TRIES_MAX = 2

Raw = bytes | msgspec.Raw
Handler = Callable[[Raw, Instant], None]

_PRICE_CHANGE = msgspec.json.Decoder(PriceChangeEvent)
_ENVELOPE = msgspec.json.Decoder(Envelope)
_BOOK = msgspec.json.Decoder(WireBook)
_TRADE = msgspec.json.Decoder(LastTradeEvent)
_TICK = msgspec.json.Decoder(TickSizeEvent)
_TOUCH = msgspec.json.Decoder(BestBidAskEvent)
_NEW = msgspec.json.Decoder(NewMarketEvent)
_RESOLVED = msgspec.json.Decoder(MarketResolvedEvent)


class FeedDoubts(msgspec.Struct):
    """How often something did not fit, since the connection opened."""

    hash_differs_count: int = 0
    mirror_differs_count: int = 0
    touch_differs_count: int = 0
    check_inconclusive_count: int = 0
    superseded_count: int = 0
    """Level changes older than the snapshot that already holds them."""
    asked_again_count: int = 0


class _Token(NamedTuple):
    watched: Watched
    outcome: Outcome


class MarketEvents:
    """The watched markets of one connection, and everything that can happen to them.

    What reads an event raises ValueError, DataError or RecursionError for one that cannot be; the
    caller then calls `doubt`.
    """

    def __init__(self, connection: int, fold: BookFold, outbox: Outbox) -> None:
        self._connection = connection
        self._fold = fold
        self._outbox = outbox
        self._watched: dict[MarketId, Watched] = {}
        self._yes: dict[str, Watched] = {}
        self._tokens: dict[str, _Token] = {}
        self._prices = PriceTexts()
        self._quantities = QuantityTexts()
        self._trades = TradeReader(self._prices, self._quantities)
        self._unknowns: set[tuple[str, str]] = set()
        self.doubts = FeedDoubts()
        self._handlers: dict[str, Handler] = {
            "price_change": self._on_price_change,
            "book": self._on_book,
            "last_trade_price": self._on_trade,
            "tick_size_change": self._on_tick_size,
            "best_bid_ask": self._on_touch,
            "new_market": self._on_new_market,
            "market_resolved": self._on_resolved,
        }

    def watch(self, market: Market, now_us: Instant | None) -> None:
        """Start a market; now_us when its book is being asked for at this moment."""
        watched = Watched(market, self._fold.track(market.id, market.grid), now_us)
        yes, no = market.outcome_ids
        self._watched[market.id] = self._yes[yes] = watched
        self._tokens[yes], self._tokens[no] = _Token(watched, "yes"), _Token(watched, "no")

    def forget(self, market: MarketId) -> Market | None:
        """Stop a market; None when it was not watched."""
        watched = self._watched.pop(market, None)
        if watched is None:
            return None
        self._fold.forget(market)
        yes, no = watched.market.outcome_ids
        del self._yes[yes], self._tokens[yes], self._tokens[no]
        return watched.market

    def relist(self, market: Market) -> None:
        """Keep new terms of a watched market."""
        watched = self._watched.get(market.id)
        if watched is None:
            return
        if market.grid != watched.market.grid:
            self._fold.regrid(watched.tracked, market.grid)
        watched.market = market
        watched.min_order_size = format_micros(market.quantity_min)

    def watched(self) -> list[MarketId]:
        """Every watched market, in the order of watching."""
        return list(self._watched)

    def receive(self, raw: Raw, recv_us: Instant) -> None:
        """Fold one event of any type."""
        kind = _ENVELOPE.decode(raw).event_type
        handler = self._handlers.get(kind)
        if handler is None:
            self.say_unknown("event_type", kind)
        else:
            handler(raw, recv_us)

    def change_levels(self, event: PriceChangeEvent, recv_us: Instant) -> None:
        """Fold new totals of levels; on an error some of them are folded already."""
        event_us = event_stamp(event.timestamp, recv_us)
        fold, yes, prices, quantities = self._fold, self._yes, self._prices, self._quantities
        for change in event.price_changes:
            watched = yes.get(change.asset_id)
            if watched is None:
                continue
            tracked = watched.tracked
            if not tracked.is_valid:
                continue
            if event_us < watched.snapshot_us:
                self.doubts.superseded_count += 1
                continue
            book = tracked.book
            side = book.bids if change.side == "BUY" else book.asks
            side.set(prices[change.price], quantities[change.size])
            fold.touch(tracked, event_us, recv_us)
        fold.stats.sample_age(event_us, recv_us)

    def check(self, wire: WireBook, recv_us: Instant) -> None:
        """Compare a REST book with the folded one: agreement is said, lasting doubt loses it."""
        token = self._token(wire.asset_id, wire.market)
        if token is None or not token.watched.tracked.is_valid:
            return
        watched, tracked = token.watched, token.watched.tracked
        event_us = book_stamp(wire.timestamp, recv_us)
        is_yes = token.outcome == "yes"
        sides = yes_sides(wire, self._prices, self._quantities, is_yes=is_yes)
        if check_hash(wire) == "differs":
            self.doubts.hash_differs_count += 1
            return
        verdict, detail = compare(tracked.book, tracked.event_us, Reading(*sides, event_us))
        if verdict == "inconclusive":
            self.doubts.check_inconclusive_count += 1
            return
        self._fold.say(BookChecked(tracked.market, verdict == "agrees", detail))
        if verdict == "agrees":
            watched.check_failures = 0
            self._fold.stats.checked_at_us = recv_us
            return
        watched.check_failures += 1
        if watched.check_failures >= CHECK_TRIES_MAX:
            self._lose(watched, f"REST keeps disagreeing: {detail}", recv_us)

    def doubt(self, raw: Raw, error: Exception, recv_us: Instant) -> None:
        """An event could not be used: the watched books it names may have missed a change."""
        names = named_in(bytes(raw))
        if not names and _is_unreadable(error):
            self.lose_all("an unreadable event", recv_us)
        for name in names:
            token = self._tokens.get(name)
            watched = token.watched if token else self._watched.get(market_id(name))
            if watched is not None:
                self._lose(watched, "an event about it was unusable", recv_us)

    def lose_all(self, reason: str, recv_us: Instant) -> None:
        """Nobody can tell which books missed a change."""
        self._fold.stats.gaps_count += 1
        self._fold.say(FeedGapped(VENUE, self._connection, reason))
        self._fold.lose_all(reason)
        self.ask_again(recv_us)

    def ask_again(self, now_us: Instant) -> None:
        """Queue what brings back lost books, unless they were asked for just now."""
        self.doubts.asked_again_count += self._outbox.ask_again(self._watched.values(), now_us)

    def say_unknown(self, where: str, value: str) -> None:
        """Count it; say each distinct one once."""
        self._fold.stats.unknown_count += 1
        said = (where, value[:VALUE_CHARS_MAX])
        if said not in self._unknowns and len(self._unknowns) < UNKNOWNS_MAX:
            self._unknowns.add(said)
            self._fold.say(ShapeUnknown(VENUE, *said))

    def _on_price_change(self, raw: Raw, recv_us: Instant) -> None:
        self.change_levels(_PRICE_CHANGE.decode(raw), recv_us)

    def _on_book(self, raw: Raw, recv_us: Instant) -> None:
        wire = _BOOK.decode(raw)
        token = self._token(wire.asset_id, wire.market)
        if token is None or token.watched.is_over:
            return
        watched = token.watched
        event_us = book_stamp(wire.timestamp, recv_us)
        is_yes = token.outcome == "yes"
        sides = yes_sides(wire, self._prices, self._quantities, is_yes=is_yes)
        if not is_yes:
            self._compare_mirror(watched, Reading(*sides, event_us))
            return
        if not self._is_hash_accepted(watched, wire):
            self._lose(watched, "the snapshot's hash differs", recv_us)
            return
        if wire.tick_size is not None:
            self._follow_tick(watched, wire.tick_size, event_us)
        self._fold.snapshot(watched.tracked, sides, event_us, recv_us)
        watched.snapshot_us = event_us
        watched.touch_failures = 0

    def _on_trade(self, raw: Raw, recv_us: Instant) -> None:
        event = _TRADE.decode(raw)
        token = self._tokens.get(event.asset_id)
        if token is None:
            return
        traded = self._trades.read(event, token.watched.market.id, token.outcome, recv_us)
        if traded is not None:
            self._fold.say(traded)
            self._fold.stats.sample_age(traded.event_us, recv_us)

    def _on_tick_size(self, raw: Raw, recv_us: Instant) -> None:
        event = _TICK.decode(raw)
        token = self._tokens.get(event.asset_id)
        if token is not None:
            event_us = event_stamp(event.timestamp, recv_us)
            self._follow_tick(token.watched, event.new_tick_size, event_us)

    def _on_touch(self, raw: Raw, recv_us: Instant) -> None:
        event = _TOUCH.decode(raw)
        watched = self._yes.get(event.asset_id)
        told = told_touch(event.best_bid, event.best_ask)
        event_us = event_stamp(event.timestamp, recv_us)
        if watched is None or not watched.tracked.is_valid or event_us < watched.snapshot_us:
            return
        if told == touch(watched.tracked.book):
            watched.touch_failures = 0
            return
        self.doubts.touch_differs_count += 1
        watched.touch_failures += 1
        if watched.touch_failures >= TOUCH_TRIES_MAX:
            self._lose(watched, "the venue keeps telling another touch", recv_us)

    def _on_new_market(self, raw: Raw, recv_us: Instant) -> None:
        event = _NEW.decode(raw)
        event_us = event_stamp(event.timestamp, recv_us)
        if len(event.condition_id) != CONDITION_CHARS:
            raise ValueError(f"condition id {event.condition_id[:80]!r}")
        market = market_id(event.condition_id)
        if market not in self._watched:
            self._fold.say(MarketStatusChanged(market, "listed", event_us))

    def _on_resolved(self, raw: Raw, recv_us: Instant) -> None:
        event = _RESOLVED.decode(raw)
        event_us = event_stamp(event.timestamp, recv_us)
        watched = self._watched.get(market_id(event.market))
        if watched is None or watched.is_over:
            return
        token = self._tokens.get(event.winning_asset_id)
        watched.is_over = True
        self._fold.lose(watched.tracked, "the market is resolved")
        if token is None or token.watched is not watched:
            self.say_unknown("winning_asset_id", event.winning_asset_id)
            self._fold.say(MarketStatusChanged(watched.market.id, "settled", event_us))
            return
        payout = PAYOUT if token.outcome == "yes" else Price(0)
        self._fold.say(MarketResolved(watched.market.id, payout, event_us))

    def _follow_tick(self, watched: Watched, tick: str, event_us: Instant) -> None:
        grid = tick_grid(tick)
        if grid != watched.tracked.book.grid:
            self._fold.say(GridChanged(watched.market.id, grid, event_us))
            self._fold.regrid(watched.tracked, grid)

    def _is_hash_accepted(self, watched: Watched, wire: WireBook) -> bool:
        verdict = check_hash(
            wire,
            min_order_size=watched.min_order_size,
            neg_risk=watched.market.exclusive_group is not None,
        )
        if verdict != "differs":
            watched.hash_failures = 0
            return True
        self.doubts.hash_differs_count += 1
        watched.hash_failures += 1
        if watched.hash_failures < HASH_TRIES_MAX:
            return False
        self.say_unknown("snapshot hash", watched.market.id)
        return True

    def _compare_mirror(self, watched: Watched, reading: Reading) -> None:
        """Whether the NO book is the mirror of the YES book of the same moment."""
        tracked = watched.tracked
        if not tracked.is_valid or tracked.event_us != reading.event_us:
            return
        if compare(tracked.book, tracked.event_us, reading).verdict != "agrees":
            self.doubts.mirror_differs_count += 1

    def _lose(self, watched: Watched, reason: str, recv_us: Instant) -> None:
        watched.touch_failures = watched.check_failures = 0
        self._fold.lose(watched.tracked, reason)
        self.doubts.asked_again_count += self._outbox.ask_again([watched], recv_us)

    def _token(self, asset_id: str, condition_id: str) -> _Token | None:
        """The watched token. Raises ValueError when the body puts it into another market."""
        token = self._tokens.get(asset_id)
        if token is not None and token.watched.market.native_id != condition_id:
            raise ValueError(f"{asset_id} told under market {condition_id[:80]!r}")
        return token


def _is_unreadable(error: Exception) -> bool:
    """Not JSON at all, as against JSON of a wrong shape."""
    return isinstance(
        error, msgspec.DecodeError | UnicodeDecodeError | RecursionError
    ) and not isinstance(error, msgspec.ValidationError)
