"""What does Kalshi's stream say about our own account? A `FeedProtocol`, pure.

    fill                 AccountFillSeen, once per trade id, final at once
    user_orders          AccountOrderSeen, once per change; what ended stays ended
    market_positions     AccountPositionSeen, once per change: who differs reads the lists again
    order_group_updates  a group that trips is a fuse of ours: HaltRequested for the venue

Everything of the account is told, also what somebody traded by hand: whose it is, is decided by
those who know our orders. Three of the channels have no sequence numbers and none replays, so
after every opening the account's lists must be read.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.adapters.venues.fold import FeedStats
from foreshock.adapters.venues.kalshi import private_frames, wire
from foreshock.adapters.venues.kalshi.account import direction, traded
from foreshock.adapters.venues.kalshi.channels import ERRORS, PASSING_ERRORS, TERMINAL_ERRORS
from foreshock.adapters.venues.kalshi.commands import ANSWER_WAIT, Commands
from foreshock.adapters.venues.kalshi.frames import (
    ErrorFrame,
    OkFrame,
    SubscribedFrame,
    UnsubscribedFrame,
    decode_envelope,
)
from foreshock.adapters.venues.kalshi.markets import VENUE, market_id, unknown
from foreshock.adapters.venues.kalshi.numbers import (
    MILLISECOND,
    amount,
    count,
    level_price,
    signed_count,
)
from foreshock.adapters.venues.kalshi.private_frames import (
    FillFrame,
    FillMsg,
    GroupUpdateFrame,
    MarketPositionFrame,
    UserOrderFrame,
    UserOrderMsg,
)
from foreshock.core.domain.accounts import VenueFill, VenueOrder
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import Market, MarketId, Outcome
from foreshock.core.domain.messages.account import (
    AccountFillSeen,
    AccountOrderSeen,
    AccountPositionSeen,
)
from foreshock.core.domain.messages.market_data import FeedGapped, PayloadQuarantined
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant, Money, Price, Quantity, complement

NEEDED = ("fill", "user_orders")
"""Channels without which the stream is of no use."""
CHANNELS = (*NEEDED, "market_positions", "order_group_updates")
STATUSES: Mapping[str, bool] = {"resting": True, "canceled": False, "executed": False}
"""Whether an order may still trade. The venue also says `unknown`, which tells nothing."""
GROUP_EVENTS = frozenset({"created", "triggered", "reset", "deleted", "limit_updated"})
REMEMBERED_MAX = 20_000
"""Orders and fills whose last word is kept; forgetting one only means telling it once more."""
QUARANTINED_MAX = 1_000
REASON_CHARS_MAX = 300
WORDS_MAX = 120

Told = TypeVar("Told")


class KalshiUserFeed:
    """The private channels of one connection. The upgrade is signed, the frames hold no secret."""

    def __init__(self, connection: int) -> None:
        self._connection = connection
        self._commands = Commands()
        self._sids: dict[str, int] = {}
        self._last_seq: dict[int, int] = {}
        self._dead: str | None = None
        self._messages: list[Message] = []
        self._orders: dict[str, tuple[VenueOrder, int]] = {}
        self._fills: dict[str, VenueFill] = {}
        self._held: dict[str, int] = {}
        self.stats = FeedStats()
        self._readers: dict[type, Callable[..., None]] = {
            FillFrame: self._fill,
            UserOrderFrame: self._order,
            MarketPositionFrame: self._position,
            GroupUpdateFrame: self._group,
            SubscribedFrame: self._subscribed,
            OkFrame: self._ok,
            UnsubscribedFrame: self._unsubscribed,
            ErrorFrame: self._error,
        }

    def opened(self, markets: Sequence[Market], now_us: Instant) -> None:
        """Queue the subscribe commands: for all markets, whatever is watched."""
        del markets
        self.stats.data_at_us = now_us
        for channel in CHANNELS:
            self._commands.subscribe(channel, (), now_us)

    def watch(self, added: Sequence[Market], removed: Sequence[MarketId]) -> None:
        """The channels tell of every market anyway."""

    def relist(self, market: Market) -> None:
        """Nothing here depends on terms."""

    def receive(self, frame: bytes, frame_seq: int, recv_us: Instant) -> None:
        """Fold one frame."""
        self.stats.frames_count += 1
        self.stats.data_at_us = recv_us
        if len(frame) > FRAME_BYTES_MAX:
            self._quarantine(frame_seq, f"frame of {len(frame)} bytes")
            return
        try:
            message = private_frames.decode_private(frame)
        except wire.MALFORMED as error:
            self._unreadable(frame, frame_seq, str(error))
            return
        try:
            self._readers[type(message)](message)
        except DataError as error:
            self._quarantine(frame_seq, str(error))

    def receive_books(self, body: bytes, frame_seq: int, recv_us: Instant) -> None:
        """There are no books on these channels."""

    def tick(self, now_us: Instant) -> None:
        """Nothing to keep alive: pings belong to the socket library."""

    def take_outgoing(self) -> list[str]:
        """Commands to send, in order."""
        return self._commands.take()

    def dead_reason(self, now_us: Instant) -> str | None:
        """Why this stream must be reopened: a refused channel, silence to a command, nonsense."""
        if self.stats.quarantined_count >= QUARANTINED_MAX:
            return f"{QUARANTINED_MAX} unusable frames"
        if self._dead is None and (command := self._commands.overdue(now_us)) is not None:
            return f"no answer to subscribe {command.what} within {ANSWER_WAIT // SECOND} s"
        return self._dead

    def closed(self, reason: str) -> None:
        """What happens until the next opening is not told here: read the account's lists."""

    def drain(self) -> list[Message]:
        """What was learnt since the last drain."""
        messages, self._messages = self._messages, []
        return messages

    # ---- the account -------------------------------------------------------------------------

    def _fill(self, frame: FillFrame) -> None:
        fill = _venue_fill(frame.msg)
        known = self._fills.get(fill.id)
        if known is None:
            _remember(self._fills, fill.id, fill)
            self._messages.append(AccountFillSeen(VENUE, fill))
        elif known != fill:
            raise DataError(f"fill {fill.id[:80]} told in two ways")

    def _order(self, frame: UserOrderFrame) -> None:
        msg = frame.msg
        if msg.status not in STATUSES:
            self._say_unknown("user_order.status", msg.status)
            return
        order, at_ms = _venue_order(msg), msg.last_updated_ts_ms or 0
        known = self._orders.get(order.venue_order_id)
        if known is not None and not _is_news(known, order, at_ms):
            before, before_ms = known
            self._orders[order.venue_order_id] = (before, max(before_ms, at_ms))
            return
        _remember(self._orders, order.venue_order_id, (order, at_ms))
        self._messages.append(AccountOrderSeen(VENUE, order))

    def _position(self, frame: MarketPositionFrame) -> None:
        ticker, held = frame.msg.market_ticker, signed_count(frame.msg.position_fp)
        if self._held.get(ticker) != held:
            _remember(self._held, ticker, held)
            self._messages.append(AccountPositionSeen(VENUE, market_id(ticker), held))

    def _group(self, frame: GroupUpdateFrame) -> None:
        if not self._is_next(frame.sid, frame.seq):
            return
        msg = frame.msg
        if msg.event_type not in GROUP_EVENTS:
            self._say_unknown("order_group_updates.event_type", msg.event_type)
        elif msg.event_type == "triggered":
            name = msg.order_group_id[:WORDS_MAX]
            reason = "it traded more in 15 seconds than its limit, or was triggered by hand"
            self._messages.append(HaltRequested(VENUE, f"order group {name}", reason))

    # ---- the stream --------------------------------------------------------------------------

    def _subscribed(self, frame: SubscribedFrame) -> None:
        self._commands.answered(frame.id)
        self._sids[frame.msg.channel] = frame.msg.sid

    def _ok(self, frame: OkFrame) -> None:
        self._commands.answered(frame.id)
        if frame.sid is not None and frame.seq is not None:
            self._is_next(frame.sid, frame.seq)

    def _unsubscribed(self, frame: UnsubscribedFrame) -> None:
        name = next((n for n, sid in self._sids.items() if sid == frame.sid), f"sid {frame.sid}")
        self._dead = f"Kalshi closed the channel {name}"

    def _error(self, frame: ErrorFrame) -> None:
        """A refused channel that is not needed is done without, any other ends the stream."""
        if frame.sid is not None and frame.seq is not None:
            self._is_next(frame.sid, frame.seq)
        code = frame.msg.code
        if code not in ERRORS:
            self._say_unknown("error.code", str(code))
        command = self._commands.answered(frame.id)
        what = f"{command.what}: " if command is not None else ""
        words = f"{what}Kalshi error {code}: {frame.msg.msg[:WORDS_MAX]}"
        is_needed = command is None or command.what in NEEDED
        if code in TERMINAL_ERRORS | PASSING_ERRORS or is_needed:
            self._dead = words
        self._messages.append(FeedGapped(VENUE, self._connection, words))

    def _is_next(self, sid: int, seq: int) -> bool:
        """Whether a frame is new; missing ones before it are told."""
        expected = self._last_seq.get(sid, 0) + 1
        if seq < expected:
            return False
        self._last_seq[sid] = seq
        if seq > expected:
            self.stats.gaps_count += 1
            words = f"{seq - expected} frames about order groups are missing"
            self._messages.append(FeedGapped(VENUE, self._connection, words))
        return True

    def _unreadable(self, frame: bytes, frame_seq: int, reason: str) -> None:
        try:
            envelope = decode_envelope(frame)
        except wire.MALFORMED:
            self._quarantine(frame_seq, reason)
            return
        if envelope.sid is not None and envelope.seq is not None:
            self._is_next(envelope.sid, envelope.seq)
        if envelope.type in private_frames.PRIVATE_TYPES:
            self._quarantine(frame_seq, f"{envelope.type}: {reason}")
        else:
            self._say_unknown("frame.type", envelope.type)

    def _quarantine(self, frame_seq: int, reason: str) -> None:
        self.stats.quarantined_count += 1
        if self.stats.quarantined_count <= QUARANTINED_MAX:
            told = reason[:REASON_CHARS_MAX]
            self._messages.append(PayloadQuarantined(VENUE, self._connection, frame_seq, told))

    def _say_unknown(self, where: str, value: str) -> None:
        self.stats.unknown_count += 1
        if self.stats.unknown_count <= QUARANTINED_MAX:
            self._messages.append(unknown(where, value))


def _venue_fill(msg: FillMsg) -> VenueFill:
    """A fill as `account.venue_fill` reads it from a page, to the same id and numbers."""
    outcome = direction(msg.outcome_side, msg.book_side)
    return VenueFill(
        id=msg.trade_id,
        venue_order_id=msg.order_id,
        market=market_id(msg.market_ticker),
        outcome=outcome,
        action="buy",
        quantity=traded(msg.count_fp),
        price=_own(outcome, level_price(msg.yes_price_dollars)),
        fee=Money(amount(msg.fee_cost)),
        status="settled",
        event_us=Instant(msg.ts_ms * MILLISECOND),
    )


def _venue_order(msg: UserOrderMsg) -> VenueOrder:
    """An order as `account.venue_order` reads it. Raises DataError for what cannot be.

    Whether a cancelled one still states its rest here is not documented: its status decides.
    """
    outcome, is_open = direction(msg.outcome_side, msg.book_side), STATUSES[msg.status]
    filled, left = count(msg.fill_count_fp), count(msg.remaining_count_fp)
    if msg.status == "executed" and (filled == 0 or left > 0):
        raise DataError(f"order {msg.order_id}: executed with {filled} filled, {left} left")
    return VenueOrder(
        venue_order_id=msg.order_id,
        client_id=msg.client_order_id or None,
        market=market_id(msg.ticker),
        outcome=outcome,
        action="buy",
        limit=_own(outcome, level_price(msg.yes_price_dollars)),
        quantity=Quantity(filled + left) if is_open else count(msg.initial_count_fp),
        filled=filled,
        is_open=is_open,
    )


def _own(outcome: Outcome, yes_price: Price) -> Price:
    return yes_price if outcome == "yes" else complement(yes_price)


def _is_news(known: tuple[VenueOrder, int], order: VenueOrder, at_ms: int) -> bool:
    """Whether a telling is later than the last: orders end once and only fill further."""
    before, before_ms = known
    if before.is_open is not order.is_open:
        return before.is_open
    if order.filled != before.filled:
        return order.filled > before.filled
    return order != before and at_ms > before_ms


def _remember(told: dict[str, Told], name: str, value: Told) -> None:
    if name not in told and len(told) >= REMEMBERED_MAX:
        del told[next(iter(told))]
    told[name] = value
