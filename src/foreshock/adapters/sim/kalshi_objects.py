"""How does Kalshi describe a market, an event, a series and a trade?

Dollars are texts with at least four decimals, counts texts with two, moments RFC 3339. Key sets
follow OpenAPI 3.34.0 (October 2026) and production bodies of August 2026; objects are answered
with sorted keys, as the venue does.
"""

import uuid
from collections.abc import Iterable
from functools import lru_cache

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import EventInfo, MarketView, Trade
from foreshock.adapters.sim.wire_text import iso, literal, number, seconds
from foreshock.core.domain.books import Levels
from foreshock.core.domain.markets import MarketStatus, PriceGrid, SeriesFee
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    Instant,
    Price,
    Quantity,
    complement,
    format_micros,
)

STATUS_WORDS: dict[MarketStatus, str] = {
    "listed": "initialized",
    "open": "active",
    "paused": "inactive",
    "closed": "closed",
    "proposed": "determined",
    "disputed": "disputed",
    "settled": "finalized",
}
CRYPTO_SHARD = 2
MARKETS_REMEMBERED_MAX = 4_096
UNKNOWN_FEE = SeriesFee("flat", MICRO)
"""A market without terms shows the fee type whose numbers nobody outside the venue knows."""
Body = dict[str, object]


def dollars(amount: int) -> str:
    """At least four decimals."""
    return format_micros(amount, 4)


def count(quantity: int) -> str:
    """At least two decimals."""
    return format_micros(quantity, 2)


@lru_cache(MARKETS_REMEMBERED_MAX)
def market_uuid(ticker: str) -> str:
    """The venue's other name of a market."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"market/{ticker}"))


def trade_uuid(trade: Trade) -> str:
    """The id shared by a public trade and its fills."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"trade/{trade.native_id}/{trade.number}"))


def shard(event: EventInfo) -> int:
    """The exchange shard an event lives on."""
    return CRYPTO_SHARD if event.category == "Crypto" else 0


def result_word(yes_payout: Price | None) -> str:
    """Who won, "" before an outcome is named."""
    if yes_payout is None:
        return ""
    return {PAYOUT: "yes", 0: "no"}.get(yes_payout, "scalar")


def price_ranges(grid: PriceGrid) -> list[dict[str, str]]:
    """The grid as the venue publishes it."""
    return [
        {"start": dollars(r.start), "end": dollars(r.end), "step": dollars(r.step)}
        for r in grid.ranges
    ]


def market_object(view: MarketView) -> Body:
    """One market. It does not name its series: that is the event's."""
    listing, market = view.listing, view.listing.market
    closes = iso(view.closes_us or market.settles_us or listing.created_us)
    expires = iso(market.settles_us or view.closes_us or listing.created_us)
    body: Body = {
        "ticker": market.native_id,
        "event_ticker": market.event_id,
        "market_type": "binary",
        "title": market.title,
        "yes_sub_title": listing.short_title,
        "no_sub_title": listing.short_title,
        "created_time": iso(listing.created_us),
        "updated_time": iso(view.updated_us),
        "open_time": iso(market.opens_us or listing.created_us),
        "close_time": closes,
        "expected_expiration_time": expires,
        "expiration_time": expires,
        "latest_expiration_time": expires,
        "settlement_timer_seconds": seconds(listing.settlement_timer),
        "status": STATUS_WORDS[view.status],
        "can_close_early": True,
        "early_close_condition": "This market may close once its outcome is known.",
        "result": result_word(view.yes_payout),
        "expiration_value": "",
        "rules_primary": market.rules,
        "rules_secondary": listing.rules_secondary,
        "price_level_structure": listing.grid_label,
        "price_ranges": price_ranges(market.grid),
        "settlement_bounds_type": "default",
        "exchange_index": shard(listing.event),
    }
    body |= _quotes(view) | _strikes(view)
    if listing.event.strikes_us is not None:
        body["occurrence_datetime"] = iso(listing.event.strikes_us)
    if view.yes_payout is not None:
        body["settlement_value_dollars"] = dollars(view.yes_payout)
    if view.settled_us is not None:
        body["settlement_ts"] = iso(view.settled_us)
    return body


def event_object(exchange: Exchange, event: EventInfo, *, with_markets: bool) -> Body:
    """One event; a fee override shows as soon as one of its markets has it."""
    views = event_views(exchange, event)
    body: Body = {
        "event_ticker": event.id,
        "series_ticker": event.series,
        "title": event.title,
        "sub_title": event.subtitle,
        "category": event.category,
        "collateral_return_type": "MECNET" if event.exclusive else "",
        "mutually_exclusive": event.exclusive,
        "settlement_sources": _sources([event]),
        "strike_period": "",
        "last_updated_ts": iso(max(view.updated_us for view in views)),
        "exchange_index": shard(event),
    }
    if event.strikes_us is not None:
        body["strike_date"] = iso(event.strikes_us)
    overridden = [view.listing.market.fee for view in views if view.fee_is_override]
    if overridden:
        terms = overridden[0]
        terms = terms if isinstance(terms, SeriesFee) else UNKNOWN_FEE
        body["fee_type_override"] = terms.fee_type
        body["fee_multiplier_override"] = number(terms.multiplier_ppm)
    if with_markets:
        body["markets"] = [market_object(view) for view in views]
    return body


def series_object(
    ticker: str, events: list[EventInfo], fee: SeriesFee, updated_us: Instant
) -> Body:
    """One series, told from its events."""
    first = events[0]
    return {
        "ticker": ticker,
        "frequency": first.frequency,
        "title": first.series_title,
        "category": first.category,
        "categories": [first.category],
        "tags": list(first.tags) or None,
        "settlement_sources": _sources(events),
        "contract_url": first.source_url,
        "contract_terms_url": first.source_url,
        "fee_type": fee.fee_type,
        "fee_multiplier": number(fee.multiplier_ppm),
        "additional_prohibitions": [],
        "last_updated_ts": iso(updated_us),
        "exchange_index": shard(first),
    }


def trade_object(trade: Trade) -> Body:
    """A public trade."""
    outcome = "yes" if trade.taker_side == "bid" else "no"
    return {
        "trade_id": trade_uuid(trade),
        "ticker": trade.native_id,
        "count_fp": count(trade.quantity),
        "yes_price_dollars": dollars(trade.price),
        "no_price_dollars": dollars(complement(trade.price)),
        "taker_outcome_side": outcome,
        "taker_book_side": trade.taker_side,
        "taker_side": outcome,
        "created_time": iso(trade.event_us),
        "is_block_trade": False,
    }


def ladder(bids: Levels) -> list[list[str]]:
    """Bids of one leg, ascending: the best is last."""
    return [[dollars(price), count(quantity)] for price, quantity in reversed(bids)]


def event_views(exchange: Exchange, event: EventInfo) -> list[MarketView]:
    """The markets of an event, oldest first."""
    return [exchange.market(native_id) for native_id in exchange.markets_of_event(event.id)]


def touch(view: MarketView) -> tuple[Price, Price, Quantity, Quantity]:
    """YES bid, ask and their sizes as printed: an empty side shows 0 or 1, with size 0."""
    bid = Price(0) if view.best_bid is None else view.best_bid
    ask = PAYOUT if view.best_ask is None else view.best_ask
    if view.status == "listed":
        ask = Price(0)  # so the venue prints a market that never opened
    return bid, ask, view.bid_size, view.ask_size


def _quotes(view: MarketView) -> Body:
    """Prices and amounts. The simulated venues are younger than a day: nothing is 'previous'."""
    bid, ask, bid_size, ask_size = touch(view)
    nothing = dollars(0)
    return {
        "yes_bid_dollars": dollars(bid),
        "yes_ask_dollars": dollars(ask),
        "no_bid_dollars": dollars(complement(ask)),
        "no_ask_dollars": dollars(complement(bid)),
        "yes_bid_size_fp": count(bid_size),
        "yes_ask_size_fp": count(ask_size),
        "last_price_dollars": dollars(view.last_price or 0),
        "volume_fp": count(view.volume),
        "volume_24h_fp": count(view.volume),
        "open_interest_fp": count(view.open_interest),
        "previous_yes_bid_dollars": nothing,
        "previous_yes_ask_dollars": nothing,
        "previous_price_dollars": nothing,
        "notional_value_dollars": dollars(PAYOUT),
    }


def _strikes(view: MarketView) -> Body:
    listing = view.listing
    body: Body = {}
    if listing.strike_type is not None:
        body["strike_type"] = listing.strike_type
    if listing.floor_strike is not None:
        body["floor_strike"] = literal(listing.floor_strike)
    if listing.cap_strike is not None:
        body["cap_strike"] = literal(listing.cap_strike)
    return body


def _sources(events: Iterable[EventInfo]) -> list[dict[str, str]]:
    found = {event.source_name: event.source_url for event in events}
    return [{"name": name, "url": url} for name, url in found.items()]
