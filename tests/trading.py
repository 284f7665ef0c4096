"""Edges, requests, books and orders that the tests of trading share, complete and valid."""

import msgspec

from foreshock.core.domain.books import Levels
from foreshock.core.domain.edges import Edge, LegCost
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.decisions import TradeRequest
from foreshock.core.domain.messages.market_data import BookChanged, BookQuality
from foreshock.core.domain.messages.trading import OrderClosed, OrderFilled, PlaceOrder
from foreshock.core.domain.units import MICRO, Duration, Instant, Money, Price, Quantity

START = Instant(1_795_000_000_000_000)  # 2026-11-18
A = MarketId("polymarket:0xa")
B = MarketId("kalshi:KXB")


def cents(count: int) -> Price:
    return Price(count * 10_000)


def contracts(count: int) -> Quantity:
    return Quantity(count * MICRO)


def dollars(count: int) -> Money:
    return Money(count * MICRO)


def book(
    market: MarketId,
    bid: int,
    ask: int,
    size: int = 100,
    *,
    epoch: int = 1,
    quality: BookQuality = "live",
    at_us: int = START,
) -> BookChanged:
    """One level a side, in cents and contracts."""
    return BookChanged(
        market=market,
        epoch=epoch,
        quality=quality,
        event_us=Instant(at_us),
        recv_us=Instant(at_us),
        bids=((cents(bid), contracts(size)),),
        asks=((cents(ask), contracts(size)),),
    )


def leg(market: MarketId, outcome: Outcome, price: int, count: int, fee: int = 0) -> LegCost:
    """A leg at one price in cents; fee in micro-dollars for the whole leg."""
    levels: Levels = ((cents(price), contracts(count)),)
    return LegCost(
        market=market,
        venue=market.partition(":")[0],
        outcome=outcome,
        quantity=contracts(count),
        limit=cents(price),
        levels=levels,
        cost=Money(cents(price) * count),
        fee=Money(fee),
        friction=Money(0),
        book_epoch=1,
        book_recv_us=START,
        fee_version="test",
    )


def edge(*legs: LegCost, **changes: object) -> Edge:
    """A package that pays a dollar a contract, without frictions."""
    legs = legs or (leg(A, "yes", 45, 10, 100_000), leg(B, "no", 48, 10, 100_000))
    quantity = legs[0].quantity
    cost, fees = sum(one.cost for one in legs), sum(one.fee for one in legs)
    net = quantity - cost - fees
    plain = Edge(
        id="edge-1",
        pair_id="pair-1",
        label="YES a + NO b",
        legs=legs,
        quantity=quantity,
        payout=Money(quantity),
        cost=Money(cost),
        fees=Money(fees),
        frictions=Money(0),
        lockup=Money(0),
        hedge_risk=Money(0),
        net=Money(net),
        net_low=Money(net),
        net_per_contract=Money(net * MICRO // quantity),
        completion_ppm=995_000,
        locked_for=Duration(86_400 * MICRO),
        annualised_ppm=100_000,
        friction_version="test",
    )
    return msgspec.structs.replace(plain, **changes)


def request(request_id: str = "r1", wanted: Edge | None = None) -> TradeRequest:
    return TradeRequest(request_id, "test", wanted or edge(), START)


def order(order_id: str = "o1", **changes: object) -> PlaceOrder:
    """Buy 10 YES of A at 45 cents."""
    plain = PlaceOrder(
        order_id=order_id,
        package_id="r1",
        market=A,
        outcome="yes",
        action="buy",
        limit=cents(45),
        quantity=contracts(10),
        time_in_force="ioc",
        purpose="enter",
        edge_id="edge-1",
        book_epoch=1,
        decided_us=START,
    )
    return msgspec.structs.replace(plain, **changes)


def filled(
    order_id: str, number: int, count: int, price: int = 45, *, fee: int = 0, final: bool = True
) -> OrderFilled:
    """`count` contracts at `price` cents, as fill `number` of an order."""
    return OrderFilled(
        order_id=order_id,
        fill_id=f"{order_id}#{number}",
        quantity=contracts(count),
        price=cents(price),
        fee=Money(fee),
        is_provisional=not final,
    )


def closed(order_id: str, count: int) -> OrderClosed:
    return OrderClosed(order_id, contracts(count), "done")
