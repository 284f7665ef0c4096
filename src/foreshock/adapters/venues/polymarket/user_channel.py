"""What does the private channel tell of our orders and fills? A `FeedProtocol`, pure.

It says `AccountOrderSeen` and `AccountFillSeen` in the venue's keys, each once per change: the
venue repeats itself and its frames overtake each other, so an order that ended stays ended here
and a fill only moves from provisional to its end. What is ours but cannot be attributed is
quarantined by a message, never dropped in silence. The channel replays nothing after a gap.
"""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.adapters.venues.fold import FeedStats
from foreshock.adapters.venues.polymarket.listing import VENUE
from foreshock.adapters.venues.polymarket.ours import Ours, WireOrderRow, WireTrade
from foreshock.adapters.venues.polymarket.signing import ApiCredentials
from foreshock.adapters.venues.polymarket.watched import Outbox
from foreshock.core.domain.accounts import VenueFill, VenueOrder
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.account import AccountFillSeen, AccountOrderSeen
from foreshock.core.domain.messages.market_data import PayloadQuarantined, ShapeUnknown
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant

PATH = "/ws/user"
PONG = b"PONG"
EVENTS_MAX = 10_000
REMEMBERED_MAX = 20_000
"""Orders and fills whose last word is kept; forgetting one only means telling it once more."""
REASON_CHARS_MAX = 300

Told = TypeVar("Told")


class _Envelope(msgspec.Struct, frozen=True):
    event_type: str


_EVENTS = msgspec.json.Decoder(list[msgspec.Raw])
_ENVELOPE = msgspec.json.Decoder(_Envelope)
_ORDER = msgspec.json.Decoder(WireOrderRow)
_TRADE = msgspec.json.Decoder(WireTrade)


class UserFeed:
    """The user channel of one connection. credentials: None in a replay, which sends nothing."""

    def __init__(self, connection: int, ours: Ours, credentials: ApiCredentials | None) -> None:
        self._connection = connection
        self._ours = ours
        self._credentials = credentials
        self._outbox = Outbox()
        self._messages: list[Message] = []
        self._orders: dict[str, VenueOrder] = {}
        self._fills: dict[str, VenueFill] = {}
        self._frame_seq = 0
        self.stats = FeedStats()

    def opened(self, markets: Sequence[Market], now_us: Instant) -> None:
        """Queue the first frame, which carries the credentials and asks for every market."""
        for market in markets:
            self._ours.list_market(market)
        self._outbox.begin(self._greeting(), now_us)

    def watch(self, added: Sequence[Market], removed: Sequence[MarketId]) -> None:
        """Know further markets; the channel tells of all of them, removed ones too."""
        del removed
        for market in added:
            self._ours.list_market(market)

    def relist(self, market: Market) -> None:
        """Keep the terms that were read again."""
        self._ours.list_market(market)

    def receive(self, frame: bytes, frame_seq: int, recv_us: Instant) -> None:
        """Fold one frame."""
        self.stats.frames_count += 1
        self._frame_seq = frame_seq
        if frame.strip() == PONG:
            self._outbox.pong(recv_us)
            return
        self.stats.data_at_us = recv_us
        if len(frame) > FRAME_BYTES_MAX:
            self._quarantine(f"frame of {len(frame)} bytes")
            return
        try:
            events = _split(frame.strip())
        except (ValueError, RecursionError) as error:
            self._quarantine(str(error))
            return
        for raw in events[:EVENTS_MAX]:
            try:
                self._event(raw)
            except (ValueError, RecursionError, DataError) as error:
                self._quarantine(str(error))
        if len(events) > EVENTS_MAX:
            self._quarantine(f"{len(events)} events in a frame")

    def receive_books(self, body: bytes, frame_seq: int, recv_us: Instant) -> None:
        """There are no books on this channel."""

    def tick(self, now_us: Instant) -> None:
        """Queue the keep-alive that is due."""
        self._outbox.ping(now_us)

    def take_outgoing(self) -> list[str]:
        """Text frames to send, in order; the first one is secret: never tape or log it."""
        return self._outbox.take()

    def dead_reason(self, now_us: Instant) -> str | None:
        """Why this stream must be reopened: keep-alives unanswered."""
        return self._outbox.dead_reason(now_us)

    def closed(self, reason: str) -> None:
        """What happens until the next opening is not told here: read the account's lists."""

    def drain(self) -> list[Message]:
        """What was learnt since the last drain."""
        messages, self._messages = self._messages, []
        return messages

    def _greeting(self) -> dict[str, object]:
        if self._credentials is None:
            return {"type": "user"}
        auth = {
            "apiKey": self._credentials.key,
            "secret": self._credentials.secret_text(),
            "passphrase": self._credentials.passphrase,
        }
        return {"type": "user", "auth": auth}

    def _event(self, raw: msgspec.Raw) -> None:
        kind = _ENVELOPE.decode(raw).event_type
        match kind:
            case "order":
                self._see_order(self._ours.order(_ORDER.decode(raw)))
            case "trade":
                for fill in self._ours.fills(_TRADE.decode(raw)):
                    self._see_fill(fill)
            case _:
                self.stats.unknown_count += 1
                self._messages.append(ShapeUnknown(VENUE, "user event_type", kind[:80]))

    def _see_order(self, order: VenueOrder) -> None:
        known = self._orders.get(order.venue_order_id)
        if known is not None and not _is_news(known, order):
            return
        _remember(self._orders, order.venue_order_id, order)
        self._messages.append(AccountOrderSeen(VENUE, order))

    def _see_fill(self, fill: VenueFill) -> None:
        known = self._fills.get(fill.id)
        if known is not None:
            if (known.quantity, known.price) != (fill.quantity, fill.price):
                raise DataError(f"fill {fill.id[:80]} told in two ways")
            if fill.status in {"provisional", known.status}:
                return
            if known.status != "provisional":
                raise DataError(f"fill {fill.id[:80]} told {known.status} and {fill.status}")
        _remember(self._fills, fill.id, fill)
        self._messages.append(AccountFillSeen(VENUE, fill))

    def _quarantine(self, reason: str) -> None:
        self.stats.quarantined_count += 1
        self._messages.append(
            PayloadQuarantined(VENUE, self._connection, self._frame_seq, reason[:REASON_CHARS_MAX])
        )


def _is_news(known: VenueOrder, order: VenueOrder) -> bool:
    """Whether a telling is later than the last: orders end once and only fill further."""
    if known.is_open and not order.is_open:
        return True
    return known.is_open == order.is_open and order.filled > known.filled


def _remember(told: dict[str, Told], name: str, value: Told) -> None:
    if name not in told and len(told) >= REMEMBERED_MAX:
        del told[next(iter(told))]
    told[name] = value


def _split(text: bytes) -> list[msgspec.Raw]:
    return _EVENTS.decode(text) if text[:1] == b"[" else [msgspec.Raw(text)]
