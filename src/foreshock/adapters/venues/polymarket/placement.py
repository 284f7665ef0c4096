"""Which bytes place this order? An order of ours as the venue's signed order, but for the secrets.

    ioc buy    GTD for as short as the venue allows: it targets contracts, its rest is cancelled
    ioc sell   FAK
    fok        FOK: a purchase targets dollars, so it may bring more contracts than asked for
    gtc        GTC

A purchase by FAK spends its dollars and so overfills when it trades below its limit (5 contracts
at 0.99 became 5.051019 at 0.98: py-clob-client-v2 issue 89); half of a hedge must not.
Salt and time stamp follow from the order, so preparing it again gives the same hash.
"""

from hashlib import blake2b
from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.venues.order_path import Prepared, Unsigned
from foreshock.adapters.venues.polymarket.amounts import Amounts, resting, taking
from foreshock.adapters.venues.polymarket.eip712 import hex_text
from foreshock.adapters.venues.polymarket.exchange import (
    ZERO_WORD,
    Exchange,
    OrderTerms,
    exchange_of,
    order_hash,
)
from foreshock.adapters.venues.polymarket.holder import SIGNATURE_TYPES, Holder
from foreshock.adapters.venues.polymarket.listing import VENUE
from foreshock.core.domain.errors import InvariantError, OrderRejectedError
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.units import (
    MICRO,
    SECOND,
    Duration,
    Instant,
    Money,
    Rounding,
    format_micros,
    notional,
)

OrderType: TypeAlias = Literal["GTC", "GTD", "FOK", "FAK"]
Side: TypeAlias = Literal["BUY", "SELL"]
SALT_BITS = 53
"""The salt is a JSON number, which many readers keep as a double."""
DIGEST_BYTES = 8
BITS_PER_BYTE = 8
EXPIRY_MIN = Duration(180 * SECOND)
"""Nearest expiry the venue takes; it acts on it about a minute early."""
SHORT_LIFE = Duration(240 * SECOND)
TAKING_BUY_MIN = Money(MICRO)
MICROS_PER_MILLISECOND = 1_000
TAKE_OR_DIE: tuple[OrderType, ...] = ("FOK", "FAK")


class WireOrder(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An order as the venue reads it, keys in its order. Amounts are texts of base units."""

    salt: int
    maker: str
    signer: str
    token_id: str
    maker_amount: str
    taker_amount: str
    side: Side
    expiration: str
    signature_type: int
    timestamp: str
    metadata: str
    builder: str
    signature: str


class WirePlacement(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A placing request; the signer fills in signature and owner."""

    defer_exec: bool
    order: WireOrder
    order_type: OrderType
    owner: str
    post_only: bool | msgspec.UnsetType = msgspec.UNSET


class Style(msgspec.Struct, frozen=True):
    """How long an order stands. expires_us: for GTD only."""

    order_type: OrderType
    expires_us: Instant | None = None
    is_post_only: bool = False


def style_of(order: PlaceOrder) -> Style:
    """The order type that does what the order asks."""
    match order.time_in_force:
        case "gtc":
            return Style("GTC")
        case "fok":
            return Style("FOK")
        case "ioc":
            if order.action == "sell":
                return Style("FAK")
            return Style("GTD", Instant(order.decided_us + SHORT_LIFE))


def prepare(
    order: PlaceOrder, market: Market, style: Style, holder: Holder, now_us: Instant
) -> Prepared:
    """The order as it will leave, and the hash the venue will know it by.

    Raises OrderRejectedError for what the venue would refuse, InvariantError for another market.
    """
    if order.market != market.id or market.venue != VENUE:
        raise InvariantError(f"{order.order_id} is for {order.market}, not for {market.id}")
    _refuse_size(order, market, style)
    _refuse_style(order, style, now_us)
    exchange, terms = _terms(order, market, style, holder)
    placement = WirePlacement(
        defer_exec=False,
        order=_wire(terms, style),
        order_type=style.order_type,
        owner="",
        post_only=True if style.is_post_only else msgspec.UNSET,
    )
    return Prepared(
        order_id=order.order_id,
        client_id=str(terms.salt),
        venue_order_id=hex_text(order_hash(terms, exchange)),
        request=Unsigned(
            venue=VENUE,
            kind="place",
            method="POST",
            path="/order",
            body=msgspec.json.encode(placement),
            spend=spend_of(terms),
            signed_for=exchange.contract,
        ),
        may_rest=order.time_in_force == "ioc" and style.order_type not in TAKE_OR_DIE,
    )


def salt_of(order_id: str) -> int:
    """A number below 2^53 that follows from the order's name."""
    digest = blake2b(order_id.encode(), digest_size=DIGEST_BYTES).digest()
    return int.from_bytes(digest, "big") >> (DIGEST_BYTES * BITS_PER_BYTE - SALT_BITS)


def spend_of(terms: OrderTerms) -> Money:
    """The most an order can cost, fees aside: the dollars a purchase gives."""
    return Money(terms.maker_amount if terms.side == 0 else 0)


def terms_of(wire: WireOrder) -> OrderTerms:
    """The signed part of an order on the wire. Raises InvariantError for what is no such order."""
    numbers = (wire.token_id, wire.maker_amount, wire.taker_amount, wire.timestamp)
    kind = SIGNATURE_TYPES.get(wire.signature_type)
    if kind is None or not all(number.isdecimal() for number in numbers):
        raise InvariantError("an order with impossible numbers")
    return OrderTerms(
        salt=wire.salt,
        maker=wire.maker,
        signer=wire.signer,
        token_id=int(wire.token_id),
        maker_amount=int(wire.maker_amount),
        taker_amount=int(wire.taker_amount),
        side=0 if wire.side == "BUY" else 1,
        signature_type=kind,
        timestamp_ms=int(wire.timestamp),
        metadata=wire.metadata,
        builder=wire.builder,
    )


def _terms(
    order: PlaceOrder, market: Market, style: Style, holder: Holder
) -> tuple[Exchange, OrderTerms]:
    token_id = int(market.outcome_ids[0 if order.outcome == "yes" else 1])
    amounts = _amounts(order, market, style)
    if not amounts.maker or not amounts.taker:
        raise OrderRejectedError(f"{order.order_id} is too small for the venue's decimals")
    terms = OrderTerms(
        salt=salt_of(order.order_id),
        maker=holder.wallet,
        signer=holder.signer,
        token_id=token_id,
        maker_amount=amounts.maker,
        taker_amount=amounts.taker,
        side=0 if order.action == "buy" else 1,
        signature_type=holder.signature_type,
        timestamp_ms=order.decided_us // MICROS_PER_MILLISECOND,
    )
    # A neg-risk market is one of an exclusive group: the listing takes the group from that flag.
    return exchange_of(token_id, is_neg_risk=market.exclusive_group is not None), terms


def _amounts(order: PlaceOrder, market: Market, style: Style) -> Amounts:
    tick = market.grid.step_at(order.limit)
    if tick is None or not market.grid.accepts(order.limit):
        raise OrderRejectedError(
            f"{order.order_id}: {format_micros(order.limit)} is no price of {market.id}"
        )
    if style.order_type in TAKE_OR_DIE:
        return taking(order.action, order.limit, order.quantity, tick)
    return resting(order.action, order.limit, order.quantity)


def _wire(terms: OrderTerms, style: Style) -> WireOrder:
    return WireOrder(
        salt=terms.salt,
        maker=terms.maker,
        signer=terms.signer,
        token_id=str(terms.token_id),
        maker_amount=str(terms.maker_amount),
        taker_amount=str(terms.taker_amount),
        side="BUY" if terms.side == 0 else "SELL",
        expiration=str((style.expires_us or 0) // MICRO),
        signature_type=terms.signature_type,
        timestamp=str(terms.timestamp_ms),
        metadata=ZERO_WORD,
        builder=ZERO_WORD,
        signature="",
    )


def _refuse_size(order: PlaceOrder, market: Market, style: Style) -> None:
    quantity = order.quantity
    if quantity <= 0 or quantity % market.quantity_step:
        raise OrderRejectedError(f"{order.order_id}: {format_micros(quantity)} is off the lot size")
    if style.order_type not in TAKE_OR_DIE and quantity < market.quantity_min:
        raise OrderRejectedError(
            f"{order.order_id}: {format_micros(quantity)} is below the venue's minimum of"
            f" {format_micros(market.quantity_min)}"
        )
    is_taking = order.time_in_force != "gtc" or style.order_type in TAKE_OR_DIE
    cost = notional(order.limit, quantity, Rounding.DOWN)
    if is_taking and order.action == "buy" and cost < TAKING_BUY_MIN:
        raise OrderRejectedError(f"{order.order_id}: a purchase that takes must cost 1 dollar")


def _refuse_style(order: PlaceOrder, style: Style, now_us: Instant) -> None:
    if style.is_post_only and style.order_type in TAKE_OR_DIE:
        raise OrderRejectedError(
            f"{order.order_id}: a post-only order cannot be {style.order_type}"
        )
    if (style.order_type == "GTD") != (style.expires_us is not None):
        raise OrderRejectedError(f"{order.order_id}: GTD, and only GTD, needs an expiry")
    if style.expires_us is not None and style.expires_us < now_us + EXPIRY_MIN:
        raise OrderRejectedError(f"{order.order_id} would expire sooner than the venue takes")
