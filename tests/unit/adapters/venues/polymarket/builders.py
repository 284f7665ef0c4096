"""Markets, frames and bodies of the shapes Polymarket sends, for this folder's tests."""

from hashlib import sha1

import msgspec

from foreshock.adapters.venues.polymarket.listing import NO_FEE, market_id
from foreshock.core.domain.markets import Market, uniform_grid
from foreshock.core.domain.units import Instant, Price, Quantity

NOW_MS = 1_791_241_810_525
NOW = Instant(NOW_MS * 1_000)
Level = tuple[str, str]


def encode(value: object) -> bytes:
    return msgspec.json.encode(value)


def condition(n: int = 1) -> str:
    return f"0x{n:064x}"


def token(n: int, outcome: str) -> str:
    """Long decimal ids with set bits where position ids of protocol v2 have zeros."""
    return str((n << 200) + (1 << 60) + (outcome == "no"))


def market(n: int = 1, **terms: object) -> Market:
    known = Market(
        id=market_id(condition(n)),
        venue="polymarket",
        native_id=condition(n),
        event_id=f"event-{n}",
        title=f"Market {n}?",
        rules="",
        resolution_source="",
        outcome_labels=("Yes", "No"),
        outcome_ids=(token(n, "yes"), token(n, "no")),
        grid=uniform_grid(Price(10_000)),
        quantity_step=Quantity(10_000),
        quantity_min=Quantity(5_000_000),
        fee=NO_FEE,
        status="open",
        category="",
        opens_us=None,
        closes_us=None,
        settles_us=None,
        exclusive_group=None,
        is_augmented=False,
        volume_24h=None,
    )
    return msgspec.structs.replace(known, **terms)


def rest_book(
    n: int = 1,
    outcome: str = "yes",
    bids: list[Level] | None = None,
    asks: list[Level] | None = None,
    **fields: object,
) -> dict[str, object]:
    """A REST book in the venue's key order with its true hash; bids ascend, asks descend."""
    body: dict[str, object] = {
        "market": condition(n),
        "asset_id": token(n, outcome),
        "timestamp": str(NOW_MS),
        "hash": "",
        "bids": levels([("0.4", "100"), ("0.49", "20.5")] if bids is None else bids),
        "asks": levels([("0.6", "70"), ("0.51", "30")] if asks is None else asks),
        "min_order_size": "5",
        "tick_size": "0.01",
        "neg_risk": False,
        "last_trade_price": "0.500",
    } | fields
    if not body["hash"]:
        body["hash"] = sha1(encode(body), usedforsecurity=False).hexdigest()
    return body


def ws_book(
    n: int = 1,
    outcome: str = "yes",
    bids: list[Level] | None = None,
    asks: list[Level] | None = None,
    **fields: object,
) -> dict[str, object]:
    """The same book as a frame of the socket: without the market's own terms."""
    body = rest_book(n, outcome, bids, asks, **fields)
    del body["min_order_size"], body["neg_risk"]
    return body | {"event_type": "book"}


def levels(pairs: list[Level]) -> list[dict[str, str]]:
    return [{"price": price, "size": size} for price, size in pairs]


def change(
    price: str, size: str, side: str = "BUY", *, n: int = 1, outcome: str = "yes"
) -> dict[str, str]:
    return {
        "asset_id": token(n, outcome),
        "price": price,
        "size": size,
        "side": side,
        "hash": "0" * 40,
        "best_bid": "0.49",
        "best_ask": "0.51",
    }


def price_change(*changes: dict[str, str], n: int = 1, at_ms: int = NOW_MS) -> dict[str, object]:
    return {
        "market": condition(n),
        "price_changes": list(changes),
        "timestamp": str(at_ms),
        "event_type": "price_change",
    }


def trade(
    price: str, side: str, *, outcome: str = "yes", size: str = "25", tx: str | None = ""
) -> dict[str, object]:
    event = {
        "event_type": "last_trade_price",
        "market": condition(),
        "asset_id": token(1, outcome),
        "price": price,
        "size": size,
        "side": side,
        "fee_rate_bps": "",
        "timestamp": str(NOW_MS),
        "transaction_hash": tx,
    }
    return {key: value for key, value in event.items() if value is not None}


def gamma(n: int = 1, **fields: object) -> dict[str, object]:
    """A market as Gamma lists it, numbers as JSON numbers."""
    return {
        "id": str(n),
        "version": "v1",
        "question": f"Market {n}?",
        "conditionId": condition(n),
        "slug": f"market-{n}",
        "description": "The rules.",
        "resolutionSource": "",
        "endDate": "2026-12-31T00:00:00Z",
        "startDate": "2026-10-04T23:08:46.486981Z",
        "outcomes": '["Yes", "No"]',
        "clobTokenIds": f'["{token(n, "yes")}", "{token(n, "no")}"]',
        "active": True,
        "closed": False,
        "acceptingOrders": True,
        "enableOrderBook": True,
        "negRisk": False,
        "negRiskOther": False,
        "orderPriceMinTickSize": 0.01,
        "orderMinSize": 5,
        "feesEnabled": True,
        "feeSchedule": {"exponent": 1, "rate": 0.07, "takerOnly": True, "rebateRate": 0.2},
        "volume24hr": 129642.785175,
    } | fields
