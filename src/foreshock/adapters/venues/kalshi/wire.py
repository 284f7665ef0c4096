"""What do the bodies of Kalshi's REST API look like, as far as we read them?

Every struct holds the needed fields only and tolerates others. A required field has no default:
its absence is msgspec's ValidationError, which names it. `None` defaults are fields the venue
itself leaves out. Source: OpenAPI 3.34.0 of October 2026.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeAlias, TypeVar

import msgspec

from foreshock.core.domain.errors import DataError

Shape = TypeVar("Shape")

MALFORMED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding hostile bytes may raise."""

Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
Seconds: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=4_102_444_800)]
Milliseconds: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=4_102_444_800_000)]
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
"""Command ids, subscription ids, sequence numbers, clocks."""
Shard: TypeAlias = Annotated[int, msgspec.Meta(ge=-1, le=1_000)]
"""The part of the exchange that trades something; bodies before August 2026 lack it."""
Pairs: TypeAlias = list[tuple[str, str]]
"""[price, count] of one leg's bids, best last."""


def decoded(body: bytes | msgspec.Raw, shape: type[Shape]) -> Shape:
    """One body as a struct. Raises DataError, which names the field, when it is not that."""
    try:
        return msgspec.json.decode(body, type=shape)
    except MALFORMED as error:
        raise DataError(f"{shape.__name__}: {error}") from error


# ---- REST ----------------------------------------------------------------------------------


class Range(msgspec.Struct, frozen=True):
    """Prices from start to end move in steps."""

    start: str
    end: str
    step: str


class Market(msgspec.Struct, frozen=True):
    """series_ticker is not in the body: it comes from the event."""

    ticker: str
    event_ticker: str
    market_type: str
    yes_sub_title: str
    no_sub_title: str
    open_time: Moment
    close_time: Moment
    settlement_timer_seconds: Seconds
    status: str
    notional_value_dollars: str
    volume_24h_fp: str
    rules_primary: str
    rules_secondary: str
    price_ranges: list[Range]
    title: str | None = None
    expected_expiration_time: Moment | None = None
    settlement_value_dollars: str | None = None
    settlement_ts: Moment | None = None
    settlement_bounds_type: str | None = None
    exchange_index: Shard | None = None


class SettlementSource(msgspec.Struct, frozen=True):
    """Who says how it ended."""

    name: str
    url: str


class Event(msgspec.Struct, frozen=True):
    """markets stay raw, so that one bad market does not take its event with it."""

    event_ticker: str
    series_ticker: str
    title: str
    sub_title: str
    collateral_return_type: str
    settlement_sources: list[SettlementSource] | None = None
    markets: list[msgspec.Raw] | None = None
    fee_type_override: str | None = None
    fee_multiplier_override: Decimal | None = None
    exchange_index: Shard | None = None


class Series(msgspec.Struct, frozen=True):
    """What the events of a series have in common; its fee terms above all."""

    ticker: str
    title: str
    category: str
    settlement_sources: list[SettlementSource] | None
    fee_type: str
    fee_multiplier: Decimal
    exchange_index: Shard | None = None


class MarketsPage(msgspec.Struct, frozen=True):
    """One page; an empty cursor marks the last."""

    markets: list[msgspec.Raw]
    cursor: str


class PastMarketBody(msgspec.Struct, frozen=True):
    """Answer of `GET /historical/markets/{ticker}`."""

    market: msgspec.Raw


class EventsPage(msgspec.Struct, frozen=True):
    """One page; an empty cursor marks the last."""

    events: list[msgspec.Raw]
    cursor: str


class EventBody(msgspec.Struct, frozen=True):
    """Answer of `GET /events/{ticker}`."""

    event: Event
    markets: list[msgspec.Raw] | None = None


class SeriesBody(msgspec.Struct, frozen=True):
    """Answer of `GET /series/{ticker}`."""

    series: Series


class SeriesListBody(msgspec.Struct, frozen=True):
    """Answer of `GET /series`, which has no pages."""

    series: list[msgspec.Raw]


class ExchangeStatus(msgspec.Struct, frozen=True):
    """A trading pause allows cancels only, an exchange pause nothing."""

    exchange_active: bool
    trading_active: bool


class RestBook(msgspec.Struct, frozen=True):
    """An empty leg is an empty list, never absent."""

    yes_dollars: Pairs
    no_dollars: Pairs


class TickerOnly(msgspec.Struct, frozen=True):
    """The name in an entry that is otherwise unreadable."""

    ticker: str


class NamedBook(msgspec.Struct, frozen=True):
    """One book of a batch."""

    ticker: str
    orderbook_fp: RestBook


class OrderBooksBody(msgspec.Struct, frozen=True):
    """orderbooks stay raw, so that one bad book does not take the others with it."""

    orderbooks: list[msgspec.Raw]


class ErrorDetail(msgspec.Struct, frozen=True):
    """The inner part of an error body."""

    code: str = ""
    message: str = ""
    details: str = ""


class ErrorBody(msgspec.Struct, frozen=True):
    """The four shapes of an error body in one: nested, flat, query validation, rate limit."""

    error: ErrorDetail | str | None = None
    code: str = ""
    message: str = ""
    details: str = ""
    msg: str = ""
