"""Do our orders become the bytes that Kalshi documents, and nothing it would refuse?"""

import json
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.kalshi.orders import (
    BATCH_MAX,
    CANCELS_MAX,
    Style,
    amend,
    batch,
    book_side,
    cancel,
    cancel_all,
    cancel_many,
    client_id,
    decrease,
    prepare,
    read_order,
    spend_of,
)
from foreshock.core.domain.errors import InvariantError, OrderRejectedError, OrderUnknownError
from foreshock.core.domain.markets import Action, Outcome
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.units import Instant, Price, Quantity
from tests.unit.adapters.venues.kalshi.builders import TICKER_A, market_of
from tests.unit.adapters.venues.kalshi.order_samples import (
    NOW,
    ORDER_ID,
    VENUE_ORDER_ID,
    place_order,
    prepared,
    ref,
    sent,
)

TAPERED = market_of(
    price_ranges=[
        {"start": "0.0000", "end": "0.1000", "step": "0.0010"},
        {"start": "0.1000", "end": "0.9000", "step": "0.0100"},
        {"start": "0.9000", "end": "1.0000", "step": "0.0010"},
    ]
)
FINEST = market_of(price_ranges=[{"start": "0.0000", "end": "1.0000", "step": "0.0001"}])


def test_an_order_that_takes_or_dies_has_the_documented_body() -> None:
    found = prepared()
    assert sent(found) == {
        "ticker": TICKER_A,
        "client_order_id": client_id(ORDER_ID),
        "side": "bid",
        "count": "10.00",
        "price": "0.4200",
        "time_in_force": "immediate_or_cancel",
        "self_trade_prevention_type": "taker_at_cross",
    }
    assert (found.request.method, found.request.path, found.request.kind) == (
        "POST",
        "/trade-api/v2/portfolio/events/orders",
        "place",
    )
    assert found.request.spend == 4_200_000
    assert (found.venue_order_id, found.may_rest) == (None, False)


def test_a_resting_order_is_cancelled_when_trading_pauses() -> None:
    expires = Instant(NOW + 90_500_000)
    style = Style(expires_us=expires, is_post_only=True, group="og_123", subaccount=3)
    body = sent(prepared(style, time_in_force="gtc"))
    assert body["time_in_force"] == "good_till_canceled"
    assert body["cancel_order_on_pause"] is True
    assert body["post_only"] is True
    assert body["expiration_time"] == expires // 1_000_000
    assert (body["order_group_id"], body["subaccount"]) == ("og_123", 3)


@pytest.mark.parametrize(
    ("purpose", "force", "is_capped"),
    [("unwind", "ioc", True), ("unwind", "fok", False), ("hedge", "ioc", False)],
)
def test_an_unwind_that_takes_is_capped_by_the_position(
    purpose: str, force: str, is_capped: bool
) -> None:
    found = prepared(purpose=purpose, time_in_force=force, action="sell")
    assert sent(found).get("reduce_only", False) is is_capped
    assert (found.request.spend == 0) is is_capped


@pytest.mark.parametrize(
    ("outcome", "action", "side", "price", "spend"),
    [
        ("yes", "buy", "bid", "0.3000", 3_000_000),
        ("no", "sell", "bid", "0.7000", 7_000_000),
        ("yes", "sell", "ask", "0.3000", 7_000_000),
        ("no", "buy", "ask", "0.7000", 3_000_000),
    ],
)
def test_directions_are_told_on_the_yes_book(
    outcome: Outcome, action: Action, side: str, price: str, spend: int
) -> None:
    found = prepared(outcome=outcome, action=action, limit=Price(300_000))
    assert (sent(found)["side"], sent(found)["price"]) == (side, price)
    assert book_side(outcome, action) == side
    assert found.request.spend == spend


@pytest.mark.parametrize("limit", [0, 1_000_000, 425_000, 420_050, -10_000])
def test_prices_off_the_grid_do_not_leave(limit: int) -> None:
    with pytest.raises(OrderRejectedError, match="no price of"):
        prepared(limit=Price(limit))


def test_finer_steps_near_the_edges_are_taken_for_both_outcomes() -> None:
    for outcome in ("yes", "no"):
        assert prepared(market=TAPERED, outcome=outcome, limit=Price(3_000))
        with pytest.raises(OrderRejectedError):
            prepared(market=TAPERED, outcome=outcome, limit=Price(503_000))
    body = sent(prepared(market=FINEST, outcome="no", limit=Price(500)))
    assert body["price"] == "0.9995"


@pytest.mark.parametrize("quantity", [0, 9_999, 15_000, -10_000])
def test_sizes_off_the_step_do_not_leave(quantity: int) -> None:
    with pytest.raises(OrderRejectedError, match="contract"):
        prepared(quantity=Quantity(quantity))


def test_a_hundredth_of_a_contract_leaves() -> None:
    assert sent(prepared(quantity=Quantity(10_000)))["count"] == "0.01"


@pytest.mark.parametrize("style", [Style(is_post_only=True), Style(expires_us=NOW)])
def test_what_takes_or_dies_cannot_rest(style: Style) -> None:
    for force in ("ioc", "fok"):
        with pytest.raises(OrderRejectedError, match="neither"):
            prepared(style, time_in_force=force)


def test_an_expiry_in_the_past_does_not_leave() -> None:
    with pytest.raises(OrderRejectedError, match="expire"):
        prepared(Style(expires_us=NOW), time_in_force="gtc")


def test_another_market_is_a_mistake_of_ours() -> None:
    with pytest.raises(InvariantError):
        prepare(place_order(), market_of(ticker="OTHER"), Style(), NOW)


@given(st.text(), st.text())
def test_client_ids_follow_from_order_ids_and_differ(one: str, other: str) -> None:
    assert client_id(one) == client_id(one)
    assert len(client_id(one)) == 36
    assert (client_id(one) == client_id(other)) == (one == other)


def any_order(outcome: Outcome, action: Action, ticks: int, lots: int) -> PlaceOrder:
    return place_order(
        outcome=outcome, action=action, limit=Price(ticks * 100), quantity=Quantity(lots * 10_000)
    )


orders = st.builds(
    any_order,
    st.sampled_from(["yes", "no"]),
    st.sampled_from(["buy", "sell"]),
    st.integers(1, 9_999),
    st.integers(1, 10**9),
)


@given(orders)
def test_texts_are_exact_and_the_spend_bounds_every_outcome(order: PlaceOrder) -> None:
    """Opening the position at the limit costs exactly the spend: dollars times contracts."""
    found = prepare(order, FINEST, Style(), NOW)
    body = read_order(found.request.body)
    price, count = Decimal(body.price), Decimal(body.count)
    own = price if order.outcome == "yes" else 1 - price
    assert (int(own * 10**6), int(count * 10**6)) == (order.limit, order.quantity)
    assert len(body.price) == 6
    assert body.count[-3] == "."
    cost = price if body.side == "bid" else 1 - price
    assert Decimal(found.request.spend) == cost * count * 10**6
    assert spend_of(body) == found.request.spend


def test_a_batch_holds_the_same_orders_and_their_whole_cost() -> None:
    two = [prepared(), prepared(order_id="another", limit=Price(100_000))]
    found = batch(two)
    assert json.loads(found.body) == {"orders": [sent(one) for one in two]}
    assert (found.path[-8:], found.kind, found.spend) == ("/batched", "place", 5_200_000)


@pytest.mark.parametrize("size", [0, BATCH_MAX + 1])
def test_a_batch_fits_the_smallest_bucket(size: int) -> None:
    with pytest.raises(InvariantError):
        batch([prepared()] * size)


def test_a_cancel_is_routed_by_its_market() -> None:
    found = cancel(ref())
    assert found.method == "DELETE"
    assert found.path == (
        f"/trade-api/v2/portfolio/events/orders/{VENUE_ORDER_ID}?market_ticker={TICKER_A}"
    )
    assert (found.kind, found.body, found.spend) == ("cancel", b"", 0)
    assert cancel(ref(), subaccount=2).path.endswith("&subaccount=2")


def test_several_cancels_name_each_market() -> None:
    found = cancel_many([ref("a"), ref("b")])
    assert json.loads(found.body)["orders"] == [
        {"order_id": "a", "market_ticker": TICKER_A},
        {"order_id": "b", "market_ticker": TICKER_A},
    ]
    with pytest.raises(InvariantError):
        cancel_many([ref()] * (CANCELS_MAX + 1))


def test_what_kalshi_has_not_named_cannot_be_cancelled() -> None:
    for ask in (lambda: cancel(ref(None)), lambda: cancel_many([ref(), ref(None)])):
        with pytest.raises(OrderUnknownError, match="look it up"):
            ask()


def test_cancel_all_is_one_request() -> None:
    assert cancel_all().path == "/trade-api/v2/portfolio/events/orders"
    assert cancel_all(1).path.endswith("?subaccount=1")


def test_an_amendment_states_the_whole_size() -> None:
    found = amend(ref(), place_order(outcome="no", limit=Price(440_000)), market_of())
    assert json.loads(found.body) == {
        "ticker": TICKER_A,
        "side": "ask",
        "price": "0.5600",
        "count": "10.00",
        "client_order_id": client_id(ORDER_ID),
    }
    assert (found.path[-5:], found.kind, found.spend) == ("amend", "amend", 4_400_000)
    kept = amend(ref(), place_order(), market_of(), expires_us=Instant(0))
    assert json.loads(kept.body)["expiration_time"] == 0


def test_a_decrease_says_what_is_left() -> None:
    found = decrease(ref(), Quantity(2_500_000))
    assert json.loads(found.body) == {"reduce_to": "2.50", "market_ticker": TICKER_A}
    assert (found.path[-8:], found.kind, found.spend) == ("decrease", "amend", 0)
    with pytest.raises(OrderRejectedError):
        decrease(ref(), Quantity(1))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"\xff",
        b'{"ticker":1}',
        prepared().request.body[:-1] + b',"buy_max_cost":1}',
        prepared().request.body + b" ",
    ],
)
def test_only_our_own_bytes_read_back(body: bytes) -> None:
    assert msgspec.json.encode(read_order(prepared().request.body)) == prepared().request.body
    with pytest.raises(InvariantError):
        read_order(body)
