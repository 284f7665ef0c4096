"""Do clients that others wrote for the live Polymarket trade at the simulated one, unchanged?

Each runs in an environment and a process of its own; only the addresses differ.
"""

from pathlib import Path

import pytest

from tests.clients.environment import python_of
from tests.clients.serving import polymarket_addresses, told_by

pytestmark = pytest.mark.timeout(900)  # an environment may have to be made first

HERE = Path(__file__).parent
FILLS = [["MAKER", "8", "0.5"], ["TAKER", "10", "0.55"]]


async def test_the_official_client_trades(tmp_path: Path) -> None:
    folder = HERE / "polymarket_client"
    python = python_of(folder)
    async with polymarket_addresses(tmp_path) as addresses:
        told = await told_by(python, folder / "session.py", addresses)
    assert told == {
        "wallet": "EOA",
        "keys": 1,
        "question": "Question 3?",
        "best": ["0.45", "0.55"],
        "resting": "live",
        "partly": "8",
        "open": 1,
        "taken": ["matched", "5.5", "10"],
        "settled": 1,
        "killed": "RequestRejectedError",
        "crossing": "invalid post-only order: order crosses book",
        "canceled": [1, {}],
        "again": [0, ["Order already canceled"]],
        "heartbeat": True,
        "fills": FILLS,
        "position": ["18", "Yes"],
        "activity": 2,
        "held": 18_000_000,
        "wallets": {
            "POLY_PROXY": ["live", True, 1],
            "GNOSIS_SAFE": ["live", True, 1],
            "DEPOSIT_WALLET": ["live", True, 1],
        },
        "stream_book": "MarketBookEvent",
        "stream_placed": "matched",
        "stream_own": [
            "order:LIVE",
            "order:MATCHED",
            "trade:CONFIRMED",
            "trade:MATCHED",
            "trade:MINED",
        ],
        "sets": {
            "POLY_PROXY": [[True, 10, 90], [True, 6, 94], [True, 0, 100]],
            "GNOSIS_SAFE": [[True, 10, 90], [True, 6, 94], [True, 0, 100]],
            "DEPOSIT_WALLET": [[True, 10, 90], [True, 6, 94], [True, 0, 100]],
        },
    }


async def test_the_older_order_book_client_trades(tmp_path: Path) -> None:
    folder = HERE / "py_clob_client_v2"
    python = python_of(folder)
    async with polymarket_addresses(tmp_path) as addresses:
        told = await told_by(python, folder / "session.py", addresses)
    assert told == {
        "keys": 1,
        "version": 2,
        "markets": 3,
        "hash": True,
        "best": ["0.45", "0.55"],
        "resting": "live",
        "partly": "8",
        "open": 1,
        "taken": ["matched", "5.5", "10"],
        "settled": 1,
        "killed": [
            400,
            "order couldn't be fully filled. FOK orders are fully filled or killed.",
        ],
        "batch": [["live", False], ["", True], ["live", False]],
        "canceled": 1,
        "again": ["Order already canceled"],
        "canceled_in_market": 1,
        "canceled_all": 1,
        "heartbeat": True,
        "fills": FILLS,
        "held": "18000000",
    }


async def test_ccxt_trades(tmp_path: Path) -> None:
    folder = HERE / "ccxt"
    python = python_of(folder)
    async with polymarket_addresses(tmp_path) as addresses:
        told = await told_by(python, folder / "polymarket_session.py", addresses)
    assert told == {
        "markets": 3,
        "bids": [[0.45, 20.5], [0.4, 100.0]],
        "asks": [[0.55, 30.0]],
        "streamed": [0.45, 20.5],
        "balance": 1_000.0,
        "partial": ["closed", 40.0],
        "seen": ["open", 30.0, 10.0],
        "open": True,
        "cancelled": "canceled",
        "killed": "ExchangeNotAvailable",
        "off_tick": "InvalidOrder",
        "all_cancelled": True,
        "trades": [["buy", 0.55, 30.0, "taker"]],
        "positions": "ExchangeNotAvailable",
    }
