"""What does the account hold, and what has it open? An `AccountReader`, pure.

Orders, trades and dollars come from the trading host, positions from the data host, which needs no
credentials, lags behind the chain and hides dust below a tenth of a contract. The exact number of
one token's contracts can be asked for by `holding`.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Reading, Unsigned
from foreshock.adapters.venues.polymarket.holder import Holder
from foreshock.adapters.venues.polymarket.inquiry import END_CURSOR, read_request
from foreshock.adapters.venues.polymarket.listing import VENUE, market_id
from foreshock.adapters.venues.polymarket.ours import Ours, WireOrderRow, WireTrade
from foreshock.adapters.venues.polymarket.outcomes import OK, judge_answer, retry_after_us
from foreshock.core.domain.accounts import (
    AccountPart,
    VenueCondition,
    VenueFill,
    VenueOrder,
    VenuePosition,
)
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant, Money, parse_quantity

TOO_MANY = 429
TOO_MANY_WAIT = Duration(SECOND)
ROWS_MAX = 1_000
DIGITS_MAX = 30
UINT_DIGITS_MAX = 78
"""Decimal digits of the greatest 256-bit number: an unlimited allowance."""
WORDS_MAX = 300
GEOBLOCK_PATH = "/api/geoblock"

Row = TypeVar("Row")
Found = TypeVar("Found")


class Allowance(msgspec.Struct, frozen=True):
    """Base units held of an asset, and how many each contract may take."""

    balance: int
    allowances: dict[str, int]


class ListPage(msgspec.Struct, frozen=True):
    """A page of the trading host; rows stay raw, so that one bad row takes no other with it."""

    data: list[msgspec.Raw]
    next_cursor: str | None = None


class WirePosition(msgspec.Struct, frozen=True):
    """What is held of one token, as the data host tells it."""

    token_id: str
    current_size: Decimal


class WireMarket(msgspec.Struct, frozen=True):
    """Of which market a position is; asked only where we do not know its token."""

    token_id: str
    condition_id: str


class Pagination(msgspec.Struct, frozen=True):
    """Whether and where a list of the data host goes on."""

    has_more: bool
    next_cursor: str | None = None


class DataPage(msgspec.Struct, frozen=True):
    """A page of the data host."""

    data: list[msgspec.Raw]
    pagination: Pagination


class WireAllowance(msgspec.Struct, frozen=True):
    """Base units held, and how many each contract may take, as texts."""

    balance: str
    allowances: dict[str, str]


class WireClosedOnly(msgspec.Struct, frozen=True):
    """Whether the account may only close positions."""

    closed_only: bool


class WireGeoblock(msgspec.Struct, frozen=True):
    """Whether orders from this address are refused."""

    blocked: bool


_PAGE = msgspec.json.Decoder(ListPage)
_DATA_PAGE = msgspec.json.Decoder(DataPage)
_ORDER = msgspec.json.Decoder(WireOrderRow)
_TRADE = msgspec.json.Decoder(WireTrade)
_POSITION = msgspec.json.Decoder(WirePosition)
_MARKET = msgspec.json.Decoder(WireMarket)
_ALLOWANCE = msgspec.json.Decoder(WireAllowance)
_CLOSED_ONLY = msgspec.json.Decoder(WireClosedOnly)
_GEOBLOCK = msgspec.json.Decoder(WireGeoblock)


class PolymarketAccount:
    """An `AccountReader`; `ours` is the path's, so that both know the same markets."""

    def __init__(self, holder: Holder, ours: Ours) -> None:
        self._holder = holder
        self._ours = ours

    def read(self, part: AccountPart, since_us: Instant, cursor: str | None) -> Unsigned:
        """The request for a page; since_us is only for fills."""
        page = [] if cursor is None else [("next_cursor", cursor)]
        match part:
            case "orders":
                return read_request("/data/orders", page)
            case "fills":
                after_s = max(0, since_us) // MICRO
                return read_request("/data/trades", [("after", str(after_s)), *page])
            case "positions":
                return self._positions(cursor)
            case "balance":
                return self._balance()

    def wait_us(self, answer: HttpResponse) -> int | None:
        """As the venue says; a second where there were too many reads and it does not say."""
        wait_us = retry_after_us(answer)
        return TOO_MANY_WAIT if wait_us is None and answer.status == TOO_MANY else wait_us

    def heard(self, part: AccountPart, answer: HttpResponse) -> Reading:
        """Raises DataError for a shape nobody knows, VenueUnavailableError for anything but 200."""
        body = succeeded(answer)
        match part:
            case "orders":
                page = decoded(_PAGE, body)
                orders, unreadable = _each(page.data, self._order)
                return Reading(orders=orders, unreadable=unreadable, cursor=_cursor(page))
            case "fills":
                page = decoded(_PAGE, body)
                pages, unreadable = _each(page.data, self._fills)
                fills = tuple(fill for found in pages for fill in found)
                return Reading(fills=fills, unreadable=unreadable, cursor=_cursor(page))
            case "positions":
                return self._heard_positions(body)
            case "balance":
                return Reading(cash=Money(read_allowance(answer).balance))

    def _balance(self) -> Unsigned:
        """Balance and allowances of the dollars."""
        kind = str(self._holder.signature_type)
        query = [("asset_type", "COLLATERAL"), ("signature_type", kind)]
        return read_request("/balance-allowance", query)

    def _positions(self, cursor: str | None) -> Unsigned:
        query = [("user", self._holder.wallet), ("limit", str(ROWS_MAX))]
        if cursor is not None:
            query.append(("cursor", cursor))
        path = f"/v2/positions?{urlencode(query)}"
        return Unsigned(venue=VENUE, kind="read", method="GET", path=path, host="data")

    def _heard_positions(self, body: bytes) -> Reading:
        page = decoded(_DATA_PAGE, body)
        positions, unreadable = _each(page.data, self._position)
        named, _ = _each(page.data, self._unlisted)
        unlisted = tuple(market for market in named if market is not None)
        cursor = next_cursor(page.pagination)
        return Reading(positions=positions, unreadable=unreadable, unlisted=unlisted, cursor=cursor)

    def _order(self, raw: msgspec.Raw) -> VenueOrder:
        return self._ours.order(decoded(_ORDER, raw))

    def _fills(self, raw: msgspec.Raw) -> list[VenueFill]:
        return self._ours.fills(decoded(_TRADE, raw))

    def _unlisted(self, raw: msgspec.Raw) -> MarketId | None:
        """The market of a row, when it is none that we know."""
        wire = decoded(_MARKET, raw)
        return None if self._ours.knows(wire.token_id) else market_id(wire.condition_id)

    def _position(self, raw: msgspec.Raw) -> VenuePosition:
        wire = decoded(_POSITION, raw)
        market, outcome = self._ours.token(wire.token_id)
        try:
            quantity = parse_quantity(f"{wire.current_size:f}")
        except ValueError as error:
            raise DataError(f"a position: {error}") from error
        return VenuePosition(market.id, outcome, quantity)


def read_allowance(answer: HttpResponse) -> Allowance:
    """Raises DataError or VenueUnavailableError."""
    wire = decoded(_ALLOWANCE, succeeded(answer))
    allowances = {name: _base_units(text) for name, text in wire.allowances.items()}
    return Allowance(_base_units(wire.balance, DIGITS_MAX), allowances)


def refresh_request(balance: Unsigned) -> Unsigned:
    """Let the venue look at the chain again, for what a request of balance and allowances tells.

    It answers from what it saw last: an approval since is not in it.
    """
    path, _, query = balance.path.partition("?")
    return msgspec.structs.replace(balance, path=f"{path}/update?{query}")


def closed_only_request() -> Unsigned:
    """Whether this account may only close positions."""
    return read_request("/auth/ban-status/closed-only")


def read_closed_only(answer: HttpResponse) -> VenueCondition:
    """Raises DataError or VenueUnavailableError."""
    return "closing_only" if decoded(_CLOSED_ONLY, succeeded(answer)).closed_only else "open"


def geoblock_request() -> Unsigned:
    """Whether orders from this address are refused; the website tells, without keys."""
    return Unsigned(venue=VENUE, kind="read", method="GET", path=GEOBLOCK_PATH, host="website")


def read_geoblock(answer: HttpResponse) -> VenueCondition:
    """Raises DataError or VenueUnavailableError."""
    return "geoblocked" if decoded(_GEOBLOCK, succeeded(answer)).blocked else "open"


def succeeded(answer: HttpResponse) -> bytes:
    """The body of a success. Raises VenueUnavailableError for any other answer."""
    if answer.status != OK:
        raise VenueUnavailableError(f"the account was not told: {judge_answer(answer).words}")
    return answer.body


def decoded(decoder: msgspec.json.Decoder[Row], body: bytes | msgspec.Raw) -> Row:
    """Raises DataError for a body of another shape."""
    try:
        return decoder.decode(body)
    except (ValueError, RecursionError) as error:
        raise DataError(f"unreadable: {str(error)[:WORDS_MAX]}") from error


def next_cursor(pagination: Pagination) -> str | None:
    """Where the list goes on. Raises DataError when it does but does not say where."""
    if not pagination.has_more:
        return None
    if not pagination.next_cursor:
        raise DataError("a list that goes on without saying where")
    return pagination.next_cursor


def _each(
    rows: Iterable[msgspec.Raw], read: Callable[[msgspec.Raw], Found]
) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """What could be read, and why the rest could not."""
    found: list[Found] = []
    unreadable: list[str] = []
    for row in rows:
        try:
            found.append(read(row))
        except DataError as error:
            unreadable.append(str(error)[:WORDS_MAX])
    return tuple(found), tuple(unreadable)


def _cursor(page: ListPage) -> str | None:
    return None if page.next_cursor in {None, "", END_CURSOR} else page.next_cursor


def _base_units(text: str, digits_max: int = UINT_DIGITS_MAX) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= digits_max):
        raise DataError(f"not base units: {text[:80]!r}")
    return int(text)
