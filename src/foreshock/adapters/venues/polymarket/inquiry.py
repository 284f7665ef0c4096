"""What became of an order, by asking the venue for it? Two questions, and a verdict from both.

    0  /data/order/{hash}   knows active orders only, perhaps ended ones: a no proves nothing
    1  /data/trades         since the order was sent, page by page: our fills of it

Not active and without a trade means: this round does not find it. Not active for a while, with
trades, means: over, with what they sum up to; the venue's lists must have had time to catch up.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Answer, OrderRef, Unsigned
from foreshock.adapters.venues.polymarket.listing import VENUE
from foreshock.adapters.venues.polymarket.ours import (
    Ours,
    WireOrderRow,
    WireTrade,
    is_open,
    matched_of,
)
from foreshock.adapters.venues.polymarket.outcomes import OK, judge_answer, retry_after_us
from foreshock.core.domain.accounts import VenueFill
from foreshock.core.domain.errors import DataError, InvariantError
from foreshock.core.domain.messages.trading import OrderAccepted, OrderClosed, OrderUnknown
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant, Quantity

READS_LAG_MAX = Duration(10 * SECOND)
"""Lists may lag behind the engine: until then nothing follows from what they do not show."""
PAGES_MAX = 50
INQUIRIES_MAX = 10_000
END_CURSOR = "LTE="
NOT_FOUND = 404
WORDS_MAX = 200
NOTHING_FOUND = (b"", b"null", b"{}", b"[]", b'""')


class TradesPage(msgspec.Struct, frozen=True):
    """A page of our trades; the last one's cursor is END_CURSOR."""

    data: list[msgspec.Raw]
    next_cursor: str | None = None


class _Refused(msgspec.Struct):
    """How the venue itself says no."""

    error: str


class _Inquiry:
    """What was found of one order. inactive_since_us: since when question 0 keeps saying no."""

    __slots__ = ("fills", "inactive_since_us", "pages_count", "since_us")

    def __init__(self, since_us: Instant) -> None:
        self.since_us = since_us
        self.inactive_since_us: Instant | None = None
        self.fills: dict[str, VenueFill] = {}
        self.pages_count = 0


_ORDER = msgspec.json.Decoder(WireOrderRow)
_PAGE = msgspec.json.Decoder(TradesPage)
_REFUSED = msgspec.json.Decoder(_Refused)
_TRADE = msgspec.json.Decoder(WireTrade)


class Inquiries:
    """Inquiries under way, by order. Each answer to question 0 begins a round."""

    def __init__(self, ours: Ours) -> None:
        self._ours = ours
        self._open: dict[str, _Inquiry] = {}

    def lookups(self, order: OrderRef, since_us: Instant) -> Sequence[Unsigned]:
        """Both questions. Raises InvariantError for an order without its hash."""
        name = hash_of(order)
        if order.order_id not in self._open:
            while len(self._open) >= INQUIRIES_MAX:
                del self._open[next(iter(self._open))]
            self._open[order.order_id] = _Inquiry(since_us)
        self._open[order.order_id].since_us = since_us
        return (read_request(f"/data/order/{name}"), trades_request(order, since_us, None))

    def looked_up(
        self, order: OrderRef, step: int, answer: HttpResponse | None, now_us: Instant
    ) -> Answer:
        """What an answer adds. Silence, errors and the unreadable add nothing."""
        inquiry = self._open.get(order.order_id)
        if inquiry is None:
            return Answer()
        is_missing = step == 0 and answer is not None and _says_missing(answer)
        if answer is None or (answer.status != OK and not is_missing):
            return _hindered(inquiry, step, answer)
        try:
            if step == 0:
                return _read_active(inquiry, order, answer, now_us)
            return self._read_trades(inquiry, order, answer.body, now_us)
        except (ValueError, RecursionError, DataError) as error:
            inquiry.inactive_since_us = None  # half an answer must not end in a conclusion
            return _unknown(order, str(error))

    def _read_trades(
        self, inquiry: _Inquiry, order: OrderRef, body: bytes, now_us: Instant
    ) -> Answer:
        page = _PAGE.decode(body)
        inquiry.pages_count += 1
        fills = tuple(fill for raw in page.data for fill in self._fills(order, raw))
        inquiry.fills |= {fill.id: fill for fill in fills}
        if page.next_cursor in {None, "", END_CURSOR}:
            return _concluded(inquiry, order, fills, now_us)
        if inquiry.pages_count >= PAGES_MAX:
            return Answer(facts=_unknown(order, "more trades than are read").facts, fills=fills)
        following = trades_request(order, inquiry.since_us, page.next_cursor)
        return Answer(fills=fills, next=following)

    def _fills(self, order: OrderRef, raw: msgspec.Raw) -> list[VenueFill]:
        """Our fills of this order; a trade of other orders is not read further."""
        trade = _TRADE.decode(raw)
        hashes = {trade.taker_order_id, *(maker.order_id for maker in trade.maker_orders)}
        if order.venue_order_id not in hashes:
            return []
        fills = self._ours.fills(trade)
        found = [fill for fill in fills if fill.venue_order_id == order.venue_order_id]
        if not found:
            raise DataError(f"trade {trade.id[:80]} names our order as another's")
        return found


def hash_of(order: OrderRef) -> str:
    """Raises InvariantError: at this venue every order has its hash before it leaves."""
    if order.venue_order_id is None:
        raise InvariantError(f"{order.order_id} has no hash")
    return order.venue_order_id


def read_request(path: str, query: Sequence[tuple[str, str]] = ()) -> Unsigned:
    """A read of the account."""
    target = f"{path}?{urlencode(query)}" if query else path
    return Unsigned(venue=VENUE, kind="read", method="GET", path=target)


def trades_request(order: OrderRef, since_us: Instant, cursor: str | None) -> Unsigned:
    """Our trades of the order's market since an instant."""
    after_s = max(0, since_us) // MICRO
    query = [("market", order.market.partition(":")[2]), ("after", str(after_s))]
    if cursor is not None:
        query.append(("next_cursor", cursor))
    return read_request("/data/trades", query)


def _hindered(inquiry: _Inquiry, step: int, answer: HttpResponse | None) -> Answer:
    """No answer to a question: this round proves nothing."""
    if step == 0:
        inquiry.inactive_since_us = None
    if answer is None:
        return Answer()
    return Answer(condition=judge_answer(answer).condition, retry_after_us=retry_after_us(answer))


def _says_missing(answer: HttpResponse) -> bool:
    """Whether the venue says that it has no such order; a page of a proxy in between does not."""
    if answer.status != NOT_FOUND:
        return False
    try:
        _REFUSED.decode(answer.body)
    except ValueError:
        return answer.body.strip() in NOTHING_FOUND
    return True


def _read_active(
    inquiry: _Inquiry, order: OrderRef, answer: HttpResponse, now_us: Instant
) -> Answer:
    inquiry.fills, inquiry.pages_count = {}, 0
    if answer.status == NOT_FOUND or answer.body.strip() in NOTHING_FOUND:
        inquiry.inactive_since_us = inquiry.inactive_since_us or now_us
        return Answer()
    inquiry.inactive_since_us = None
    row = _ORDER.decode(answer.body)
    if row.id != order.venue_order_id:
        raise DataError(f"asked for {order.venue_order_id}, told of {row.id[:80]}")
    accepted = OrderAccepted(order.order_id, row.id)
    if is_open(row):
        return Answer(facts=(accepted,))
    words = f"the venue says {row.status}"[:WORDS_MAX]
    return Answer(facts=(accepted, OrderClosed(order.order_id, matched_of(row), words)))


def _concluded(
    inquiry: _Inquiry, order: OrderRef, fills: tuple[VenueFill, ...], now_us: Instant
) -> Answer:
    """All trades are read. What was reverted never counted."""
    if inquiry.inactive_since_us is None:
        return Answer(fills=fills)
    if not inquiry.fills:
        return Answer(is_absent=True)
    if now_us - inquiry.inactive_since_us < READS_LAG_MAX:
        return Answer(fills=fills)
    stands = [fill for fill in inquiry.fills.values() if fill.status != "reverted"]
    total = Quantity(sum(fill.quantity for fill in stands))
    closed = OrderClosed(order.order_id, total, "no longer active; its trades sum up to this")
    return Answer(facts=(closed,), fills=fills)


def _unknown(order: OrderRef, words: str) -> Answer:
    return Answer(facts=(OrderUnknown(order.order_id, f"not readable: {words}"[:WORDS_MAX]),))
