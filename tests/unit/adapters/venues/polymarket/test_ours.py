"""Our part in trades and orders, from either side and on either token."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from foreshock.adapters.venues.polymarket.holder import Holder, parse_holder
from foreshock.adapters.venues.polymarket.listing import market_id
from foreshock.adapters.venues.polymarket.ours import (
    Ours,
    WireOrderRow,
    WireTrade,
    fill_status,
    maker_action,
)
from foreshock.core.domain.accounts import VenueFill
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import Instant, Money, Price, Quantity
from foreshock.core.pricing.fees import FeePack
from tests.unit.adapters.venues.polymarket.builders import condition, market, token
from tests.unit.adapters.venues.polymarket.orders import CURVE, PACK, PROXY
from tests.unit.adapters.venues.polymarket.vectors import ADDRESS, WALLET

MATCHED_S = 1_791_241_000
OTHER = "0x" + "ab" * 20
TAKEN, MADE = "0x" + "1" * 64, "0x" + "2" * 64
MESSAGES = (
    "polymarket/nautilus_trader/tests/integration_tests/adapters/polymarket/resources/ws_messages"
)
YES = "21742633143463906290569050155826241533067272736897614950488156847949938836455"
NO = "48331043336612883890938759509493159234755048973500640148014422747788308965732"


def ours(holder: Holder = PROXY, pack: FeePack | None = PACK) -> Ours:
    reader = Ours(holder, pack)
    reader.list_market(market(fee=CURVE))
    return reader


def maker(**fields: object) -> dict[str, object]:
    return {
        "order_id": MADE,
        "owner": "somebody",
        "maker_address": OTHER,
        "matched_amount": "25",
        "price": "0.5",
        "fee_rate_bps": "",
        "asset_id": token(1, "yes"),
        "outcome": "Yes",
        "side": "SELL",
    } | fields


def trade(**fields: object) -> WireTrade:
    """We bought 25 YES at 0.5 from somebody's resting sale."""
    body: dict[str, object] = {
        "id": "trade-1",
        "taker_order_id": TAKEN,
        "market": condition(1),
        "asset_id": token(1, "yes"),
        "side": "BUY",
        "size": "25",
        "fee_rate_bps": "0",
        "price": "0.5",
        "status": "TRADE_STATUS_CONFIRMED",
        "match_time": str(MATCHED_S),
        "last_update": str(MATCHED_S + 3),
        "outcome": "Yes",
        "bucket_index": 0,
        "owner": "us",
        "maker_address": WALLET,
        "transaction_hash": "0x" + "cd" * 32,
        "trader_side": "TAKER",
        "maker_orders": [maker()],
    }
    return msgspec.json.decode(msgspec.json.encode(body | fields), type=WireTrade)


def test_what_we_took_costs_the_takers_fee() -> None:
    assert ours().fills(trade()) == [
        VenueFill(
            id=f"trade-1:{TAKEN}",
            venue_order_id=TAKEN,
            market=market_id(condition(1)),
            outcome="yes",
            action="buy",
            quantity=Quantity(25_000_000),
            price=Price(500_000),
            fee=Money(437_500),
            status="settled",
            event_us=Instant(MATCHED_S * 1_000_000),
        )
    ]


@pytest.mark.parametrize(
    ("taker_side", "made", "outcome", "action"),
    [
        ("BUY", {"asset_id": token(1, "yes"), "side": "SELL"}, "yes", "sell"),
        ("BUY", {"asset_id": token(1, "yes"), "side": None}, "yes", "sell"),
        ("SELL", {"asset_id": token(1, "yes"), "side": None}, "yes", "buy"),
        ("BUY", {"asset_id": token(1, "no"), "price": "0.5", "side": "BUY"}, "no", "buy"),
        ("BUY", {"asset_id": token(1, "no"), "price": "0.5", "side": None}, "no", "buy"),
        ("SELL", {"asset_id": token(1, "no"), "price": "0.5", "side": None}, "no", "sell"),
    ],
)
def test_what_we_made_stands_among_the_maker_orders_and_costs_nothing(
    taker_side: str, made: dict[str, object], outcome: str, action: str
) -> None:
    told = trade(
        side=taker_side,
        trader_side="MAKER",
        maker_address=OTHER,
        maker_orders=[maker(order_id="0x3"), maker(maker_address=WALLET.lower(), **made)],
    )
    (fill,) = ours().fills(told)
    assert (fill.venue_order_id, fill.outcome, fill.action) == (MADE, outcome, action)
    assert (fill.quantity, fill.price, fill.fee) == (25_000_000, 500_000, 0)


def test_meeting_ourselves_gives_a_fill_of_each_order() -> None:
    fills = ours().fills(trade(maker_orders=[maker(maker_address=WALLET)]))
    assert [(f.venue_order_id, f.action) for f in fills] == [(TAKEN, "buy"), (MADE, "sell")]
    assert len({fill.id for fill in fills}) == 2


def test_two_parts_of_one_order_at_one_price_are_one_fill() -> None:
    parts = [maker(maker_address=WALLET), maker(maker_address=WALLET, matched_amount="1.5")]
    told = trade(trader_side="MAKER", maker_address=OTHER, maker_orders=parts)
    (fill,) = ours().fills(told)
    assert fill.quantity == 26_500_000


def test_two_parts_of_one_order_at_two_prices_are_not_understood() -> None:
    parts = [maker(maker_address=WALLET), maker(maker_address=WALLET, price="0.49")]
    told = trade(trader_side="MAKER", maker_address=OTHER, maker_orders=parts)
    with pytest.raises(DataError, match="two ways"):
        ours().fills(told)


@pytest.mark.parametrize("address", [WALLET, OTHER])
def test_without_a_word_on_our_side_the_takers_wallet_tells(address: str) -> None:
    told = trade(trader_side=None, maker_address=address)
    if address == WALLET:
        assert [fill.venue_order_id for fill in ours().fills(told)] == [TAKEN]
    else:
        with pytest.raises(DataError, match="no order of ours"):
            ours().fills(told)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MATCHED", "provisional"),
        ("TRADE_STATUS_MATCHED_NOT_BROADCASTED", "provisional"),
        ("TRADE_STATUS_MINED", "provisional"),
        ("RETRYING", "provisional"),
        ("CONFIRMED", "settled"),
        ("TRADE_STATUS_FAILED", "reverted"),
    ],
)
def test_each_settlement_state_has_its_meaning(text: str, expected: str) -> None:
    assert fill_status(text) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "PONDERING"},
        {"status": ""},
        {"size": ""},
        {"size": "-1"},
        {"price": "1.5"},
        {"price": "0.50000001"},
        {"match_time": None},
        {"match_time": "yesterday"},
        {"asset_id": "7"},
        {"maker_orders": [], "trader_side": "MAKER"},
    ],
)
def test_a_trade_that_cannot_be_told_for_certain_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(DataError):
        ours().fills(trade(**fields))


def test_a_fill_without_known_fee_rules_is_refused() -> None:
    with pytest.raises(DataError, match="fee"):
        ours(pack=None).fills(trade())


@pytest.mark.parametrize(
    "fields",
    [
        {"match_time": None, "matchtime": str(MATCHED_S)},
        {"match_time": None, "timestamp": f"{MATCHED_S}000"},
        {"match_time": "2026-10-05T22:56:40Z"},
    ],
)
def test_the_time_of_the_match_is_read_in_each_of_its_shapes(fields: dict[str, object]) -> None:
    (fill,) = ours().fills(trade(**fields))
    assert fill.event_us == MATCHED_S * 1_000_000


# ---- orders ----------------------------------------------------------------------------------


def row(**fields: object) -> WireOrderRow:
    body: dict[str, object] = {
        "id": TAKEN,
        "status": "LIVE",
        "asset_id": token(1, "no"),
        "side": "BUY",
        "original_size": "100",
        "size_matched": "25.5",
        "price": "0.5",
    } | fields
    return msgspec.json.decode(msgspec.json.encode(body), type=WireOrderRow)


def test_an_order_is_told_in_our_units() -> None:
    order = ours().order(row())
    assert (order.venue_order_id, order.client_id) == (TAKEN, None)
    assert (order.market, order.outcome, order.action) == (market().id, "no", "buy")
    assert (order.limit, order.quantity, order.filled) == (500_000, 100_000_000, 25_500_000)
    assert order.is_open


@pytest.mark.parametrize(
    ("fields", "is_open"),
    [
        ({"status": "DELAYED"}, True),
        ({"status": "UNMATCHED"}, True),
        ({"status": "MATCHED"}, False),
        ({"status": "MATCHED", "type": "UPDATE"}, True),
        ({"status": "MATCHED", "type": "UPDATE", "size_matched": "100"}, False),
        ({"status": None, "type": "PLACEMENT"}, True),
        ({"status": "LIVE", "type": "CANCELLATION"}, False),
        ({"status": None, "type": "CANCELLATION"}, False),
        ({"status": "CANCELED"}, False),
        ({"status": "CANCELED_MARKET_RESOLVED"}, False),
        ({"status": "CANCELED_something new the venue says"}, False),
        ({"status": "INVALID"}, False),
    ],
)
def test_an_order_is_open_or_not_by_prefix_of_its_status(
    fields: dict[str, object], is_open: bool
) -> None:
    assert ours().order(row(**fields)).is_open == is_open


def test_a_killed_order_may_leave_its_matched_size_empty() -> None:
    """Frame of May 2026: status and reason in one text, size_matched empty."""
    words = "CANCELED_order couldn't be fully filled. FOK orders are fully filled or killed."
    order = ours().order(row(status=words, size_matched="", type="CANCELLATION"))
    assert (order.filled, order.is_open) == (0, False)


@pytest.mark.parametrize(
    "fields",
    [
        {"size_matched": ""},
        {"size_matched": "", "type": "CANCELLATION", "status": "CANCELED"},
        {"original_size": ""},
        {"price": "2"},
        {"status": "PONDERING"},
        {"status": None},
        {"asset_id": "7"},
    ],
)
def test_an_order_that_cannot_be_told_for_certain_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(DataError):
        ours().order(row(**fields))


# ---- samples ---------------------------------------------------------------------------------


def sample(shared_wire: Path, name: str) -> dict[str, Any]:
    return json.loads((shared_wire / MESSAGES / name).read_bytes())


def sample_reader(wallet: str) -> Ours:
    reader = Ours(parse_holder(ADDRESS, wallet, 2), PACK)
    reader.list_market(market(outcome_ids=(YES, NO), fee=CURVE))
    return reader


@pytest.mark.parametrize(
    ("name", "wallet", "expected"),
    [
        (
            "user_trade1.json",
            "0xFfd192468b7a05b38c37C82d09fA941289FaEB23",
            [("no", "buy", 10_000_000, 482_000)],
        ),
        (
            "user_trade2.json",
            "0xa3D82Ed56F4c68d2328Fb8c29e568Ba2cAF7d7c8",
            [("yes", "buy", 5_000_000, 520_000)],
        ),
        (
            "user_trade4.json",
            "0xa3D82Ed56F4c68d2328Fb8c29e568Ba2cAF7d7c8",
            [("yes", "buy", 5_000_000, 400_000), ("yes", "buy", 5_000_000, 300_000)],
        ),
    ],
)
def test_sampled_trades_hold_the_parts_of_that_wallet(
    shared_wire: Path, name: str, wallet: str, expected: list[tuple[str, str, int, int]]
) -> None:
    body = sample(shared_wire, name)
    if name == "user_trade1.json":  # recorded by its taker; read here as one of its makers
        body["trader_side"] = "MAKER"
    told = msgspec.json.decode(json.dumps(body), type=WireTrade)
    fills = sample_reader(wallet).fills(told)
    assert [(f.outcome, f.action, f.quantity, f.price) for f in fills] == expected


def test_a_maker_on_the_other_token_did_the_same_as_the_taker(shared_wire: Path) -> None:
    told = msgspec.json.decode(json.dumps(sample(shared_wire, "user_trade1.json")), type=WireTrade)
    actions = [maker_action(told, each) for each in told.maker_orders]
    assert actions == ["buy", "sell", "sell", "sell", "sell", "sell"]
