"""Which orders and fills of ours is this row of the venue about?

A trade is told from its taker's side. Where we made it, our part stands among its maker orders,
perhaps on the other token with the mirrored price: a purchase of YES may meet one of NO. A trade
may be both, when we met ourselves. A fill is named by its trade and its order, the same in every
list and on every channel. Its fee is computed: the venue states none, and makers pay none.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from foreshock.adapters.venues.polymarket.holder import Holder
from foreshock.adapters.venues.polymarket.listing import VENUE
from foreshock.adapters.venues.polymarket.values import iso_instant, stamp
from foreshock.core.domain.accounts import VenueFill, VenueOrder
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import Action, Market, Outcome
from foreshock.core.domain.units import (
    NOTHING,
    Instant,
    Money,
    Quantity,
    parse_price,
    parse_quantity,
)
from foreshock.core.pricing.fees import FeePack, FeeUnknown, Fill, fill_fee

Side: TypeAlias = Literal["BUY", "SELL"]
FillStatus: TypeAlias = Literal["provisional", "settled", "reverted"]
STATUS_PREFIX = "TRADE_STATUS_"
STATUSES: dict[str, FillStatus] = {
    "MATCHED": "provisional",
    "MATCHED_NOT_BROADCASTED": "provisional",
    "MINED": "provisional",
    "RETRYING": "provisional",
    "CONFIRMED": "settled",
    "FAILED": "reverted",
}
OPEN_STATUSES = frozenset({"LIVE", "DELAYED", "UNMATCHED"})
ENDED_PREFIXES = ("CANCELED", "INVALID")
KILLED = "killed"


class WireMakerOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One maker's part of a trade. side is missing in older frames."""

    order_id: str
    matched_amount: str
    price: str
    asset_id: str
    maker_address: str | None = None
    side: Side | None = None


class WireTrade(msgspec.Struct, frozen=True, kw_only=True):
    """A trade as list and channel tell it; maker_address is its taker's wallet."""

    id: str
    taker_order_id: str
    asset_id: str
    side: Side
    size: str
    price: str
    status: str
    match_time: str | None = None
    matchtime: str | None = None
    timestamp: str | None = None
    maker_address: str | None = None
    trader_side: Literal["TAKER", "MAKER"] | None = None
    maker_orders: list[WireMakerOrder] = msgspec.field(default_factory=list[WireMakerOrder])


class WireOrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order as list and channel tell it. type: of the channel's event."""

    id: str
    asset_id: str
    side: Side
    original_size: str
    size_matched: str
    price: str
    status: str | None = None
    type: str | None = None


class _Part(NamedTuple):
    """Our part of a trade, as the venue wrote it."""

    order_hash: str
    token: str
    action: Action
    size: str
    price: str
    is_taker: bool


class Ours:
    """Reads rows of one account; `pack` holds the dated rules of the fee."""

    def __init__(self, holder: Holder, pack: FeePack | None) -> None:
        self._holder = holder
        self._pack = pack
        self._tokens: dict[str, tuple[Market, Outcome]] = {}

    def list_market(self, market: Market) -> None:
        """Know a market, or its newest terms."""
        if market.venue == VENUE:
            yes, no = market.outcome_ids
            self._tokens[yes] = (market, "yes")
            self._tokens[no] = (market, "no")

    def token(self, token: str) -> tuple[Market, Outcome]:
        """Market and outcome of a token. Raises DataError for one of no market we know."""
        found = self._tokens.get(token)
        if found is None:
            raise DataError(f"a token of no market we know: {token[:80]}")
        return found

    def knows(self, token: str) -> bool:
        """Whether a token is of a market that was listed."""
        return token in self._tokens

    def fills(self, trade: WireTrade) -> list[VenueFill]:
        """Our fills in a trade. Raises DataError when a part of ours cannot be told for certain."""
        fills: dict[str, VenueFill] = {}
        for part in self._parts(trade):
            fill = self._fill(trade, part)
            fills[fill.id] = joined(fills[fill.id], fill) if fill.id in fills else fill
        if not fills:
            raise DataError(f"trade {trade.id[:80]} holds no order of ours")
        return list(fills.values())

    def order(self, row: WireOrderRow) -> VenueOrder:
        """An order of ours. Raises DataError when it cannot be told for certain."""
        market, outcome = self.token(row.asset_id)
        try:
            quantity, limit = parse_quantity(row.original_size), parse_price(row.price)
            matched = matched_of(row)
        except ValueError as error:
            raise DataError(f"order {row.id[:80]}: {error}") from error
        return VenueOrder(
            venue_order_id=row.id,
            client_id=None,
            market=market.id,
            outcome=outcome,
            action="buy" if row.side == "BUY" else "sell",
            limit=limit,
            quantity=quantity,
            filled=matched,
            is_open=is_open(row) and matched < quantity,
        )

    def _parts(self, trade: WireTrade) -> Iterator[_Part]:
        if self._took(trade):
            action: Action = "buy" if trade.side == "BUY" else "sell"
            token, price = trade.asset_id, trade.price
            yield _Part(trade.taker_order_id, token, action, trade.size, price, is_taker=True)
        for maker in trade.maker_orders:
            if maker.maker_address is not None and self._holder.owns(maker.maker_address):
                action = maker_action(trade, maker)
                size, price = maker.matched_amount, maker.price
                yield _Part(maker.order_id, maker.asset_id, action, size, price, is_taker=False)

    def _took(self, trade: WireTrade) -> bool:
        if trade.trader_side is not None:
            return trade.trader_side == "TAKER"
        return trade.maker_address is not None and self._holder.owns(trade.maker_address)

    def _fill(self, trade: WireTrade, part: _Part) -> VenueFill:
        market, outcome = self.token(part.token)
        try:
            quantity, price = parse_quantity(part.size), parse_price(part.price)
            event_us = match_instant(trade)
        except ValueError as error:
            raise DataError(f"trade {trade.id[:80]}: {error}") from error
        fill = Fill(price, quantity, is_taker=part.is_taker, action=part.action)
        return VenueFill(
            id=f"{trade.id}:{part.order_hash}",
            venue_order_id=part.order_hash,
            market=market.id,
            outcome=outcome,
            action=part.action,
            quantity=quantity,
            price=price,
            fee=self._fee(market, fill, event_us),
            status=fill_status(trade.status),
            event_us=event_us,
        )

    def _fee(self, market: Market, fill: Fill, at_us: Instant) -> Money:
        if not fill.is_taker:
            return NOTHING
        charged = fill_fee(self._pack, market.fee, fill, at_us)
        if isinstance(charged, FeeUnknown):
            raise DataError(f"the fee of a fill of {market.id}: {charged.words}")
        return charged.fee


def fill_status(text: str) -> FillStatus:
    """Raises DataError for a status nobody knows: it says neither that it stands nor not."""
    status = STATUSES.get(text.removeprefix(STATUS_PREFIX))
    if status is None:
        raise DataError(f"unknown trade status: {text[:80]!r}")
    return status


def is_open(row: WireOrderRow) -> bool:
    """Whether the order may still trade by its status. Raises DataError for an unknown status."""
    status = row.status or ""
    if row.type == "CANCELLATION" or status.startswith(ENDED_PREFIXES):
        return False
    if status in OPEN_STATUSES or (not status and row.type is not None):
        return True
    if status == "MATCHED":
        return row.type is not None  # on the channel a partly matched order says so too
    raise DataError(f"unknown order status: {status[:80]!r}")


def joined(one: VenueFill, other: VenueFill) -> VenueFill:
    """Two parts of one order in one trade. Raises DataError unless they differ in size alone."""
    same = msgspec.structs.replace(other, quantity=one.quantity, fee=one.fee)
    if same != one:
        raise DataError(f"{one.id[:160]} is told in two ways")
    quantity = Quantity(one.quantity + other.quantity)
    return msgspec.structs.replace(one, quantity=quantity, fee=Money(one.fee + other.fee))


def maker_action(trade: WireTrade, maker: WireMakerOrder) -> Action:
    """What a maker did: on the taker's token the opposite of the taker, on the other the same."""
    if maker.side is not None:
        return "buy" if maker.side == "BUY" else "sell"
    bought = (trade.side == "BUY") == (maker.asset_id != trade.asset_id)
    return "buy" if bought else "sell"


def match_instant(trade: WireTrade) -> Instant:
    """When it matched, the same at every telling. Raises ValueError when no time is told."""
    text = trade.match_time or trade.matchtime or trade.timestamp
    if text is None:
        raise ValueError("a trade without its time")
    if text.isdecimal():
        return stamp(text)
    told = iso_instant(text)
    if told is None:
        raise ValueError("a trade without its time")
    return told


def matched_of(row: WireOrderRow) -> Quantity:
    """Contracts matched; a killed order may leave the number empty because there are none.

    Raises ValueError when the venue does not say.
    """
    if not row.size_matched and row.type == "CANCELLATION" and KILLED in (row.status or ""):
        return Quantity(0)
    return parse_quantity(row.size_matched)
