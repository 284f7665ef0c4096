"""How does each message of Polymarket's market stream read?

Shapes from a production session recorded on 2026-10-05 and the venue's AsyncAPI page; all numbers
are texts, moments are milliseconds as text.
"""

import hashlib

from foreshock.adapters.sim.exchange_types import (
    GridChanged,
    LevelChanged,
    Listing,
    Resolved,
    Trade,
)
from foreshock.adapters.sim.polymarket_books import outcome_price, touch_texts
from foreshock.adapters.sim.polymarket_terms import fee_schedule_texts, gamma_id, has_fees
from foreshock.adapters.sim.wire_text import frame, hex_id, iso, milliseconds
from foreshock.core.domain.units import PAYOUT, Price, format_micros, parse_price

LEGACY_FEE_BPS = 1000
"""Still printed by the venue as the taker base fee; it is not the fee."""
Touch = tuple[Price | None, Price | None]


def price_change(listing: Listing, event: LevelChanged, touch: Touch) -> str:
    """One change seen by both tokens: a YES bid at p is a NO ask at 1 - p."""
    return frame({
        "market": event.native_id,
        "price_changes": [_change(listing, index, event, touch) for index in (0, 1)],
        "timestamp": str(milliseconds(event.event_us)),
        "event_type": "price_change",
    })


def last_trade(listing: Listing, trade: Trade) -> str:
    """The taker's side of a match, in its own token."""
    index = 0 if trade.taker_outcome == "yes" else 1
    return frame({
        "market": trade.native_id,
        "asset_id": listing.market.outcome_ids[index],
        "price": format_micros(outcome_price(trade.price, index)),
        "size": format_micros(trade.quantity),
        "fee_rate_bps": "0",
        "side": trade.taker_action.upper(),
        "timestamp": str(milliseconds(trade.event_us)),
        "event_type": "last_trade_price",
        "transaction_hash": "0x" + hex_id(f"{trade.native_id}/{trade.number}", 64),
    })


def best_bid_ask(listing: Listing, index: int, touch: Touch, event_us: int) -> str:
    """The touch of one token."""
    bid, ask = touch_texts(*touch, index)
    return frame({
        "market": listing.market.native_id,
        "asset_id": listing.market.outcome_ids[index],
        "best_bid": bid,
        "best_ask": ask,
        "spread": format_micros(parse_price(ask) - parse_price(bid)),
        "timestamp": str(milliseconds(event_us)),
        "event_type": "best_bid_ask",
    })


def tick_size_change(listing: Listing, asset: str, event: GridChanged) -> str:
    """The smallest step before and after."""
    return frame({
        "market": listing.market.native_id,
        "asset_id": asset,
        "old_tick_size": format_micros(event.before.finest()),
        "new_tick_size": format_micros(event.grid.finest()),
        "timestamp": str(milliseconds(event.event_us)),
        "event_type": "tick_size_change",
    })


def new_market(listing: Listing, event_us: int) -> str:
    """A market appeared."""
    market, event = listing.market, listing.event
    body: dict[str, object] = {
        "id": gamma_id(listing),
        "question": market.title,
        "market": market.native_id,
        "slug": listing.slug,
        "description": market.rules,
        "assets_ids": list(market.outcome_ids),
        "outcomes": list(market.outcome_labels),
        "event_message": {
            "id": str(event.number),
            "ticker": event.id,
            "slug": event.id,
            "title": event.title,
            "description": market.rules,
        },
        "timestamp": str(milliseconds(event_us)),
        "event_type": "new_market",
        "tags": list(event.tags),
        "condition_id": market.native_id,
        "active": True,
        "clob_token_ids": list(market.outcome_ids),
        "sports_market_type": "",
        "line": "",
        "game_start_time": "" if listing.starts_us is None else iso(listing.starts_us),
        "order_price_min_tick_size": format_micros(market.grid.finest()),
        "group_item_title": listing.short_title,
        "taker_base_fee": str(LEGACY_FEE_BPS if has_fees(market) else 0),
        "fees_enabled": has_fees(market),
    }
    schedule = fee_schedule_texts(market)
    if schedule is not None:
        body["fee_schedule"] = schedule
    return frame(body)


def market_resolved(listing: Listing, event: Resolved) -> str:
    """Who won; both names are empty when the payout was split."""
    market = listing.market
    index = {PAYOUT: 0, 0: 1}.get(event.yes_payout)
    return frame({
        "id": gamma_id(listing),
        "market": market.native_id,
        "assets_ids": list(market.outcome_ids),
        "winning_asset_id": "" if index is None else market.outcome_ids[index],
        "winning_outcome": "" if index is None else market.outcome_labels[index],
        "timestamp": str(milliseconds(event.event_us)),
        "tags": list(listing.event.tags),
        "event_type": "market_resolved",
    })


def _change(listing: Listing, index: int, event: LevelChanged, touch: Touch) -> dict[str, str]:
    bid, ask = touch_texts(*touch, index)
    return {
        "asset_id": listing.market.outcome_ids[index],
        "price": format_micros(outcome_price(event.price, index)),
        "size": format_micros(event.total),
        "side": "BUY" if (event.side == "bid") is (index == 0) else "SELL",
        "hash": _order_hash(event.order_id),
        "best_bid": bid,
        "best_ask": ask,
    }


def _order_hash(order_id: str) -> str:
    """The hash of the order behind a change: 40 digits, never that of the book."""
    return hashlib.sha1(order_id.encode(), usedforsecurity=False).hexdigest()
