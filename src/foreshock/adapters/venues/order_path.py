"""What does the order path of a venue look like from outside? Pure: values in, values out.

    PlaceOrder -> OrderPath.place -> Unsigned -> RequestSigner.sign -> HttpRequest -> transport
    HttpResponse or silence -> OrderPath.placed -> facts

Whatever must survive a crash (a venue's id that is known before the send, the bytes to send again)
is in `Prepared`, which is recorded before the first byte leaves. Only the signer holds keys; it
may live in another process.

A user channel is a `FeedProtocol` named `<venue>-user` that says `AccountOrderSeen` and
`AccountFillSeen`; lists of the account are read through an `AccountReader`.
"""

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.core.domain.accounts import (
    AccountPart,
    VenueCondition,
    VenueFill,
    VenueOrder,
    VenuePosition,
)
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.account import AnsweredFact
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.units import Instant, Money

RequestKind: TypeAlias = Literal["place", "cancel", "amend", "read", "heartbeat", "settle"]
"""For the signing policy. settle: split, merge, redeem. There is no kind for withdrawals."""
RequestHost: TypeAlias = Literal["trading", "data", "relayer", "website"]
"""data: beside the trading host, nothing is signed for it. relayer: takes wallet transactions.
website: what is public to browsers; the signer is not even asked."""


class Unsigned(msgspec.Struct, frozen=True, kw_only=True):
    """A request that only lacks its credentials. spend: the most dollars it can take from us.

    signed_for: what the signature in the body binds beside the body, a contract's address.
    """

    venue: str
    kind: RequestKind
    method: str
    path: str
    body: bytes = b""
    spend: Money = Money(0)
    host: RequestHost = "trading"
    signed_for: str = ""


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it will leave. venue_order_id: the hash, known before the send; None at Kalshi.

    client_id: what the venue is told to call it, a function of order_id. may_rest: it should take
    or die, but the venue lets its remainder rest: cancel that at the first answer.
    """

    order_id: str
    client_id: str
    venue_order_id: str | None
    request: Unsigned
    may_rest: bool = False


class OrderRef(msgspec.Struct, frozen=True):
    """How to speak of an order to its venue; venue_order_id is None before the venue named it."""

    order_id: str
    client_id: str
    venue_order_id: str | None
    market: MarketId


class Answer(msgspec.Struct, frozen=True):
    """What an answer means: words on orders, fills, and the venue's condition when it says one.

    fills: with the same ids as everywhere else (user channel, list of fills); an answer that only
    counts what traded says so by OrderClosed, and the fills follow.
    is_absent: the venue proved that it knows no such order (never concluded from an error).
    retry_after_us: how long the venue asks us to wait; None when it does not. next: the answer goes
    on at this request, whose answer is read as the same step; nothing is proven before its end.
    """

    facts: tuple[AnsweredFact, ...] = ()
    fills: tuple[VenueFill, ...] = ()
    condition: VenueCondition | None = None
    is_absent: bool = False
    retry_after_us: int | None = None
    next: Unsigned | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One page of an account. Only what was asked for is filled; cursor: of the next page.

    unreadable: rows that are ours but of no market we know, in words: never dropped in silence.
    unlisted: the markets of such rows, where the venue names them.
    """

    orders: tuple[VenueOrder, ...] = ()
    fills: tuple[VenueFill, ...] = ()
    positions: tuple[VenuePosition, ...] = ()
    cash: Money | None = None
    cursor: str | None = None
    unreadable: tuple[str, ...] = ()
    unlisted: tuple[MarketId, ...] = ()


class AccountReader(Protocol):
    """Reads one venue account by requests, pure."""

    def read(self, part: AccountPart, since_us: Instant, cursor: str | None) -> Unsigned:
        """The request for a page. since_us: only for fills, with some overlap."""
        ...

    def wait_us(self, answer: HttpResponse) -> int | None:
        """How long a refusal asks us to wait before the next read; None when it does not."""
        ...

    def heard(self, part: AccountPart, answer: HttpResponse) -> Reading:
        """Raises DataError for a shape nobody knows, VenueUnavailableError for anything but 200."""
        ...


class RequestSigner(Protocol):
    """Holds the keys of one venue account."""

    def sign(self, unsigned: Unsigned, now_us: Instant) -> HttpRequest:
        """Raises ConfigError when there is no key for it.

        Raises InvariantError for a request that is not of the kind or the cost it declares.
        """
        ...


class OrderPath(Protocol):
    """One venue account, pure. Anything it cannot read for certain is `OrderUnknown`."""

    venue: str

    def place(self, order: PlaceOrder, market: Market, now_us: Instant) -> Prepared:
        """Raises OrderRejectedError for what this venue can never take (tick, size, type)."""
        ...

    def placed(self, prepared: Prepared, answer: HttpResponse | None, now_us: Instant) -> Answer:
        """Read the answer to a placing request; None = no answer came (timeout, reset)."""
        ...

    def cancel(self, orders: Sequence[OrderRef], now_us: Instant) -> Unsigned: ...

    def cancelled(
        self, orders: Sequence[OrderRef], answer: HttpResponse | None, now_us: Instant
    ) -> Answer: ...

    def lookups(self, order: OrderRef, since_us: Instant) -> Sequence[Unsigned]:
        """The reads that together prove what became of an order, cheapest first."""
        ...

    def looked_up(
        self, order: OrderRef, step: int, answer: HttpResponse | None, now_us: Instant
    ) -> Answer:
        """Read the answer to `lookups(...)[step]`."""
        ...
