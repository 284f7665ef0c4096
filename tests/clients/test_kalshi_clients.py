"""Do clients that others wrote for the live Kalshi trade at the simulated one, unchanged?

Each runs in an environment and a process of its own; only the addresses differ. What a client gets
wrong by itself is told in docs/reference/clients.md.
"""

from pathlib import Path

import pytest

from tests.clients.environment import python_of
from tests.clients.kalshi_serving import kalshi_addresses
from tests.clients.serving import told_by

pytestmark = pytest.mark.timeout(900)  # an environment may have to be made first

HERE = Path(__file__).parent
MARKETS = ["KXBTCD-26DEC-T98000", "KXFED-26DEC-T3.75", "KXFED-26DEC-T4.00"]


async def test_pykalshi_trades_and_hears_of_it(tmp_path: Path) -> None:
    folder = HERE / "pykalshi"
    python = python_of(folder)
    async with kalshi_addresses(tmp_path) as addresses:
        told = await told_by(python, folder / "session.py", addresses)
    assert sorted(told.pop("markets")) == MARKETS
    assert told == {
        "is_trading": True,
        "events": ["KXBTCD-26DEC", "KXFED-26DEC"],
        "touch": ["0.4500", "0.5500"],
        "book": ["0.4500", "0.5500"],
        "balance": 1_000_000,
        "filled": "30.00",
        "left": "10.00",
        "status": "resting",
        "amended": "0.5400",
        "decreased": "6.00",
        "resting": True,
        "ahead": "0.00",
        "cancelled": "canceled",
        "sold": "5.00",
        "fills": [["5.00", "ask", True], ["30.00", "bid", True]],
        "position": ["25.00", "0.606500"],
        "cancel_again": [404, "not_found"],
        "reuse": [409, "order_already_exists"],
        "settlements": 0,
        "heard": {
            "orderbook_delta": ["OrderbookDeltaMessage", "OrderbookSnapshotMessage"],
            "trade": ["TradeMessage"],
            "ticker": ["TickerMessage"],
            "fill": ["FillMessage"],
            "user_orders": ["UserOrderMessage"],
            "market_positions": ["PositionMessage"],
        },
        "fill_heard": "30.00",
        "snapshot": [["0.4000", "100.00"], ["0.4500", "20.50"]],
        "group_triggered": "canceled",
        "batch": [2, 2],
        "left_resting": 0,
    }


async def test_ccxt_trades(tmp_path: Path) -> None:
    folder = HERE / "ccxt"
    python = python_of(folder)
    async with kalshi_addresses(tmp_path) as addresses:
        told = await told_by(python, folder / "kalshi_session.py", addresses)
    assert told == {
        "status": "ok",
        "markets": MARKETS,
        "bids": [[0.45, 20.5], [0.4, 100.0]],
        "asks": [[0.55, 30.0], [0.6, 1146.3]],
        "no_bids": [[0.45, 30.0], [0.4, 1146.3]],
        "touch": [0.45, 0.55],
        "balance": 10_000.0,
        "partial": ["open", 30.0, 10.0],
        "seen": "open",
        "open": True,
        "cancelled": "canceled",
        "closed": 1,
        "no": ["closed", 5.0],
        "trades": [["NO", 0.55, 5.0, 0.0867], ["YES", 0.55, 30.0, 0.5198]],
        "positions": [["KXFED-26DEC-T3.75", None, "25.00"]],
        "public": 2,
        "errors": [
            ["BadSymbol", "not_found"],
            ["BadRequest", "invalid_price"],
            ["OrderNotFillable", "fill_or_kill_insufficient_resting_volume"],
            ["ExchangeNotAvailable", "order_already_exists"],
            ["ExchangeNotAvailable", "deprecated_v1_order_endpoint"],
            ["BadSymbol", "not_found"],
        ],
        "edited": [0.21, "open", True],
        "all_cancelled": 1,
        "settlements": 0,
    }


async def test_the_venues_own_client_accepts_every_answer(tmp_path: Path) -> None:
    folder = HERE / "kalshi_python_sync"
    python = python_of(folder, "3.13")
    async with kalshi_addresses(tmp_path) as addresses:
        told = await told_by(python, folder / "session.py", addresses)
    assert told == {
        "is_trading": True,
        "markets": 3,
        "events": 2,
        "market": True,
        "book": [["0.4000", "100.00"], ["0.4500", "20.50"]],
        "balance": "10000.0000",
        "tier": "advanced",
        "partial": ["30.00", "10.00", "0.5500"],
        "seen": "resting",
        "ahead": "0.00",
        "queue": 1,
        "amended": True,
        "decreased": "8.00",
        "cancelled": "8.00",
        "again": [404, "not_found"],
        "reuse": [409, "order_already_exists"],
        "sold": ["5.00", "0.4500"],
        "batch": ["", "invalid_price"],
        "batch_cancelled": ["1.00"],
        "fills": [["5.00", "ask", True], ["30.00", "bid", True]],
        "position": "25.00",
        "event": "35.00",
        "orders": ["canceled", "executed"],
        "settlements": [],
        "group": True,
        "groups": ["6.00"],
        "group_order": "canceled",
    }


async def test_kalshi_sdk_trades_and_repairs_a_gap_in_the_stream(tmp_path: Path) -> None:
    folder = HERE / "kalshi_sdk"
    python = python_of(folder, "3.13")
    async with kalshi_addresses(tmp_path) as addresses:
        told = await told_by(python, folder / "session.py", addresses)
    assert told == {
        "is_trading": True,
        "markets": "ValidationError",
        "series": 2,
        "bid": "0.4500",
        "balance": "1000000",
        "snapshot": "0.4000",
        "asks": 2,
        "partial": ["30.00", "10.00"],
        "seen": ["resting", "8.00"],
        "cancelled": "8.00",
        "refused": [
            "KalshiNotFoundError",
            "KalshiConflictError",
            "KalshiValidationError",
            "KalshiValidationError",
        ],
        "fills": 1,
        "held": ["30.00"],
        "fill": ["30.00", "bid", "0.5500"],
        "order": ["resting", "30.00"],
        "position": "30.00",
        "repaired": ["0.4000", "0.4100", "0.4200", "0.4500"],
    }
