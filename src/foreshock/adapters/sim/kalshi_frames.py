"""How does each message of Kalshi's stream read?

Bodies (`msg`) of the channels by AsyncAPI 2.0.0 (October 2026) and recorded frames; who gets them,
under which sid and seq, is decided in `kalshi_stream`.
"""

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import (
    EventInfo,
    GridChanged,
    LevelChanged,
    Listing,
    MarketView,
    StatusChanged,
    Trade,
)
from foreshock.adapters.sim.kalshi_objects import (
    Body,
    count,
    dollars,
    ladder,
    market_uuid,
    price_ranges,
    result_word,
    shard,
    touch,
    trade_uuid,
)
from foreshock.adapters.sim.wire_text import iso, literal, milliseconds, seconds
from foreshock.core.domain.books import mirrored
from foreshock.core.domain.units import MICRO, Instant, complement, format_micros


def orderbook_snapshot(exchange: Exchange, ticker: str, *, use_yes_price: bool) -> Body:
    """The whole book; a side without orders is absent. An unknown ticker gets an empty book."""
    if not exchange.has_market(ticker):
        return {"market_ticker": ticker, "market_id": "", "clock": 0}
    body: Body = {
        "market_ticker": ticker,
        "market_id": market_uuid(ticker),
        "clock": exchange.market(ticker).clock,
    }
    bids, asks = exchange.levels(ticker, "bid"), exchange.levels(ticker, "ask")
    if bids:
        body["yes_dollars_fp"] = ladder(bids)
    if asks:
        body["no_dollars_fp"] = ladder(asks if use_yes_price else mirrored(asks))
    return body


def orderbook_delta(event: LevelChanged, *, use_yes_price: bool) -> Body:
    """One level's change; resting NO orders are priced in NO unless asked otherwise."""
    is_yes = event.side == "bid"
    price = event.price if is_yes or use_yes_price else complement(event.price)
    return {
        "market_ticker": event.native_id,
        "market_id": market_uuid(event.native_id),
        "clock": event.clock,
        "price_dollars": dollars(price),
        "delta_fp": count(event.delta),
        "side": "yes" if is_yes else "no",
        "ts": iso(event.event_us),
        "ts_ms": milliseconds(event.event_us),
    }


def trade(event: Trade) -> Body:
    """A public trade."""
    outcome = "yes" if event.taker_side == "bid" else "no"
    return {
        "trade_id": trade_uuid(event),
        "market_ticker": event.native_id,
        "yes_price_dollars": dollars(event.price),
        "no_price_dollars": dollars(complement(event.price)),
        "count_fp": count(event.quantity),
        "taker_side": outcome,
        "taker_outcome_side": outcome,
        "taker_book_side": event.taker_side,
        "is_block_trade": False,
        "ts": seconds(event.event_us),
        "ts_ms": milliseconds(event.event_us),
    }


def ticker(view: MarketView, last_size: int, at_us: Instant) -> Body:
    """The touch and the totals of a market."""
    bid, ask, bid_size, ask_size = touch(view)
    return {
        "market_ticker": view.listing.market.native_id,
        "market_id": market_uuid(view.listing.market.native_id),
        "price_dollars": dollars(view.last_price or 0),
        "yes_bid_dollars": dollars(bid),
        "yes_ask_dollars": dollars(ask),
        "volume_fp": count(view.volume),
        "open_interest_fp": count(view.open_interest),
        "dollar_volume": view.volume_cost // MICRO,
        "dollar_open_interest": view.open_interest // MICRO,
        "yes_bid_size_fp": count(bid_size),
        "yes_ask_size_fp": count(ask_size),
        "last_trade_size_fp": count(last_size),
        "ts": seconds(at_us),
        "ts_ms": milliseconds(at_us),
        "time": iso(milliseconds(at_us) * 1_000),
    }


def market_created(listing: Listing) -> Body:
    """A market appeared; REST may not know it yet."""
    market = listing.market
    metadata: Body = {
        "name": listing.short_title,
        "title": market.title,
        "yes_sub_title": listing.short_title,
        "no_sub_title": listing.short_title,
        "rules_primary": market.rules,
        "rules_secondary": listing.rules_secondary,
        "can_close_early": True,
        "event_ticker": market.event_id,
    }
    ends_us = market.settles_us or market.closes_us
    if ends_us is not None:
        metadata["expected_expiration_ts"] = seconds(ends_us)
    if listing.strike_type is not None:
        metadata["strike_type"] = listing.strike_type
    for name, strike in (
        ("floor_strike", listing.floor_strike),
        ("cap_strike", listing.cap_strike),
    ):
        if strike is not None:
            metadata[name] = literal(strike)
    body: Body = {
        "market_ticker": market.native_id,
        "event_type": "created",
        "exchange_index": shard(listing.event),
        "open_ts": seconds(market.opens_us or listing.created_us),
    }
    if market.closes_us is not None:
        body["close_ts"] = seconds(market.closes_us)
    body["additional_metadata"] = metadata
    body["price_level_structure"] = listing.grid_label
    body["price_ranges"] = price_ranges(market.grid)
    return body


def event_created(event: EventInfo) -> Body:
    """An event appeared with its first market."""
    body: Body = {
        "event_ticker": event.id,
        "exchange_index": shard(event),
        "title": event.title,
        "subtitle": event.subtitle,
        "collateral_return_type": "MECNET" if event.exclusive else "",
        "series_ticker": event.series,
    }
    if event.strikes_us is not None:
        body["strike_date"] = seconds(event.strikes_us)
    return body


def status_changed(event: StatusChanged, view: MarketView) -> Body | None:
    """The life-cycle message of a step, None for the steps the venue passes over in silence.

    The first opening is silent: clients go by the announced open time.
    """
    at_s = seconds(event.event_us)
    step: Body | None = None
    match event.before, event.status:
        case "paused", "open":
            step = {"event_type": "activated", "is_deactivated": False}
        case "closed", "open":
            closes_us = view.closes_us or event.event_us
            step = {"event_type": "close_date_updated", "close_ts": seconds(closes_us)}
        case _, "paused":
            step = {"event_type": "deactivated", "is_deactivated": True}
        case _, "closed" if event.event_us < (view.listing.market.closes_us or 0):
            step = {"event_type": "close_date_updated", "close_ts": at_s}
        case _, "proposed":
            step = {
                "event_type": "determined",
                "determination_ts": at_s,
                "result": result_word(view.yes_payout),
                "settlement_value": format_micros(view.yes_payout or 0, 4),
            }
        case _, "settled":
            step = {"event_type": "settled", "settled_ts": at_s}
        case _:
            pass
    return None if step is None else {"market_ticker": event.native_id, **step}


def grid_changed(event: GridChanged) -> Body:
    """Another price grid."""
    return {
        "market_ticker": event.native_id,
        "event_type": "price_level_structure_updated",
        "price_level_structure": event.label,
        "price_ranges": price_ranges(event.grid),
    }
