"""What does the body of an order say, and is it an order at all?

Amounts on the wire are whole millionths; price and size follow from them. A limit order names its
price exactly. A market order that buys names its budget and the least it wants for it, so its
limit is the highest step at which that much is had; one that sells, the lowest.
Source: the venue's documentation and clients as of October 2026.
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.sim.polymarket_eip712 import ADDRESS, WORD_HEX, OrderTerms
from foreshock.core.domain.books import Levels
from foreshock.core.domain.markets import PriceGrid
from foreshock.core.domain.units import MICRO, PAYOUT, Price, Quantity

OrderType: TypeAlias = Literal["GTC", "GTD", "FOK", "FAK"]
Side: TypeAlias = Literal["BUY", "SELL"]
SIDE_CODES: dict[Side, int] = {"BUY": 0, "SELL": 1}
WORD_MAX = (1 << 256) - 1
NUMBER_DIGITS_MAX = 78
AMOUNT_MAX = 10**18
OLD_FIELDS = ("nonce", "feeRateBps", "taker")
CENT_UNIT = 10_000
"""Market orders: collateral in cents, sizes in hundredths ..."""
MARKET_TAKER_UNIT = 100
"""... and what is wanted for them in ten-thousandths, whatever the price step."""
SIZE_UNIT = 10_000
PAYLOAD = "Invalid order payload"
OLD_VERSION = "invalid order version, please use the latest clob-client"
ACCURACY = (
    "invalid amounts, the market {side} orders maker amount supports a max accuracy of 2 decimals,"
    " taker amount a max of 4 decimals"
)


class WireOrder(msgspec.Struct, frozen=True):
    """The signed part."""

    salt: int | str
    maker: str
    signer: str
    tokenId: str  # noqa: N815 - the venue's spelling
    makerAmount: str  # noqa: N815 - the venue's spelling
    takerAmount: str  # noqa: N815 - the venue's spelling
    side: Side
    signatureType: int  # noqa: N815 - the venue's spelling
    timestamp: str
    metadata: str
    builder: str
    signature: str
    expiration: str = "0"


class WirePlacement(msgspec.Struct, frozen=True):
    """One body of POST /order."""

    order: WireOrder
    owner: str
    orderType: OrderType = "GTC"  # noqa: N815 - the venue's spelling
    postOnly: bool = False  # noqa: N815 - the venue's spelling
    deferExec: bool = False  # noqa: N815 - the venue's spelling


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """A placement whose texts were read. token: as decimal text; expiration: seconds, 0 = none."""

    terms: OrderTerms
    token: str
    side: Side
    signature: str
    owner: str
    order_type: OrderType
    is_post_only: bool
    expiration: int

    @property
    def is_market(self) -> bool:
        """Whether it trades at once or not at all."""
        return self.order_type in {"FOK", "FAK"}

    @property
    def size(self) -> int:
        """Contracts: of a buyer for the least, of a seller for all."""
        return self.terms.taker_amount if self.side == "BUY" else self.terms.maker_amount

    @property
    def quote(self) -> int:
        """Collateral offered or wanted."""
        return self.terms.maker_amount if self.side == "BUY" else self.terms.taker_amount


class Limit(msgspec.Struct, frozen=True):
    """Price and size of an order; size 0 when a buyer's budget decides."""

    price: Price
    size: Quantity


def read_placement(raw: msgspec.Raw) -> Placement | str:
    """The placement in a body, or the venue's words for why there is none."""
    try:
        wire = msgspec.json.decode(raw, type=WirePlacement)
    except msgspec.DecodeError:
        return OLD_VERSION if _is_old(raw) else PAYLOAD
    order = wire.order
    salt = str(order.salt)
    numbers = (salt, order.tokenId, order.makerAmount, order.takerAmount, order.timestamp)
    words = (order.metadata, order.builder)
    is_read = (
        all(_is_number(text) for text in (*numbers, order.expiration))
        and all(ADDRESS.fullmatch(text) for text in (order.maker, order.signer))
        and all(WORD_HEX.fullmatch(text) for text in words)
        and order.signatureType in range(4)
        and max(map(int, numbers)) <= WORD_MAX
    )
    if not is_read or not _is_sane(wire):
        return PAYLOAD
    return _placement(wire, int(salt))


def _placement(wire: WirePlacement, salt: int) -> Placement:
    order = wire.order
    return Placement(
        terms=OrderTerms(
            salt=salt,
            maker=order.maker,
            signer=order.signer,
            token_id=int(order.tokenId),
            maker_amount=int(order.makerAmount),
            taker_amount=int(order.takerAmount),
            side=SIDE_CODES[order.side],
            signature_type=order.signatureType,
            timestamp=int(order.timestamp),
            metadata=order.metadata,
            builder=order.builder,
        ),
        token=order.tokenId,
        side=order.side,
        signature=order.signature,
        owner=wire.owner,
        order_type=wire.orderType,
        is_post_only=wire.postOnly,
        expiration=int(order.expiration),
    )


def limit_of(placement: Placement, grid: PriceGrid) -> Limit | str:
    """Price and size, or the venue's words for amounts that no order can have.

    "tick" when the price is between the steps.
    """
    quote, size = placement.quote, placement.size
    if not placement.is_market:
        exact = quote * PAYOUT
        if exact % size or not _is_step(grid, exact // size):
            return "tick"
        return PAYLOAD if size % SIZE_UNIT else Limit(Price(exact // size), Quantity(size))
    maker, taker = placement.terms.maker_amount, placement.terms.taker_amount
    if maker % CENT_UNIT or taker % MARKET_TAKER_UNIT:
        return ACCURACY.format(side=placement.side.lower())
    step = grid.finest()
    if placement.side == "BUY":
        price = min(quote * PAYOUT // size, PAYOUT - step) // step * step
        return Limit(Price(price), Quantity(0)) if price >= step else "tick"
    price = max(-(-quote * PAYOUT // size), step)
    price = -(-price // step) * step
    return Limit(Price(price), Quantity(size)) if price <= PAYOUT - step else "tick"


def shares_for(budget: int, levels: Levels) -> tuple[Quantity, int]:
    """What a budget buys from asks (best first), in whole hundredths, and what is left of it.

    The left is 0 when less than the price of a hundredth remains.
    """
    bought, left = 0, budget
    for price, size in levels:
        lots = left * MICRO // price // SIZE_UNIT
        taken = min(lots * SIZE_UNIT, size)
        bought += taken
        left -= taken * price // MICRO
        if taken < size:
            return Quantity(bought), 0
    return Quantity(bought), left


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= NUMBER_DIGITS_MAX


def _is_step(grid: PriceGrid, price: int) -> bool:
    return 0 < price < PAYOUT and grid.accepts(Price(price))


def _is_sane(wire: WirePlacement) -> bool:
    amounts = (int(wire.order.makerAmount), int(wire.order.takerAmount))
    patient = wire.orderType in {"GTC", "GTD"}
    return all(0 < amount < AMOUNT_MAX for amount in amounts) and (patient or not wire.postOnly)


def _is_old(raw: msgspec.Raw) -> bool:
    """Whether it is an order of the first exchange: a nonce and a signed fee."""
    try:
        body = msgspec.json.decode(raw, type=dict[str, object])
    except msgspec.DecodeError:
        return False
    order = body.get("order")
    return isinstance(order, dict) and any(name in order for name in OLD_FIELDS)
