"""How does Gamma describe a market, an event and a series?

Key names, order of keys and number kinds as in production bodies of 2026-10-05; fields that mean
nothing to a simulated venue (pictures, comments, chart settings) are left out.
"""

import json

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import EventInfo, Listing, MarketView
from foreshock.adapters.sim.polymarket_frames import LEGACY_FEE_BPS
from foreshock.adapters.sim.polymarket_terms import (
    curve,
    fee_type,
    gamma_id,
    has_fees,
    neg_risk_id,
    outcome_prices,
    protocol,
    question_id,
    rebate_rate,
    uma_status,
)
from foreshock.adapters.sim.wire_text import day, hex_id, iso, literal, number
from foreshock.core.domain.markets import Market
from foreshock.core.domain.units import MICRO, PAYOUT, Rounding, format_micros, notional

SERIES_ID_DIGITS = 6
UMA_BOND = "750"
UMA_REWARD = "5"


def market_object(exchange: Exchange, native_id: str, *, with_events: bool) -> dict[str, object]:
    """One market as Gamma lists it."""
    view = exchange.market(native_id)
    body = _identity(view)
    body |= _state(view)
    body |= _texts_in_texts(view)
    body |= _numbers(view)
    body |= _neg_risk(exchange, view.listing)
    body |= _fees(view.listing)
    if with_events:
        body["events"] = [event_object(exchange, view.listing.event, with_markets=False)]
    return body


def event_object(
    exchange: Exchange, event: EventInfo, *, with_markets: bool = True
) -> dict[str, object]:
    """One event; every child market is nested, closed ones too."""
    views = [exchange.market(native_id) for native_id in exchange.markets_of_event(event.id)]
    body = _event_identity(event, views) | _event_amounts(views)
    ends = [view.closes_us for view in views if view.closes_us is not None]
    if ends:
        body["endDate"] = iso(max(ends))
    if event.exclusive:
        body["negRiskMarketID"] = neg_risk_id(event, views[0].listing.market.exclusive_group)
    if with_markets:
        body["markets"] = [
            market_object(exchange, view.listing.market.native_id, with_events=False)
            for view in views
        ]
    body["series"] = [series_object(event)]
    body["tags"] = [
        {"id": str(index), "label": tag, "slug": tag.lower().replace(" ", "-")}
        for index, tag in enumerate(event.tags, start=1)
    ]
    return body


def series_object(event: EventInfo) -> dict[str, object]:
    """The recurring series an event belongs to."""
    return {
        "id": series_id(event.series),
        "ticker": event.series,
        "slug": event.series,
        "title": event.series_title,
        "seriesType": "single",
        "recurrence": event.frequency,
        "active": True,
        "closed": False,
        "archived": False,
    }


def series_id(series: str) -> str:
    """Gamma's number of a series."""
    return str(int(hex_id(series, SERIES_ID_DIGITS), 16))


def _event_identity(event: EventInfo, views: list[MarketView]) -> dict[str, object]:
    first = views[0].listing
    return {
        "id": str(event.number),
        "ticker": event.id,
        "slug": event.id,
        "title": event.title,
        "subtitle": event.subtitle,
        "description": first.market.rules,
        "resolutionSource": event.source_url,
        "startDate": iso(min(view.listing.created_us for view in views)),
        "creationDate": iso(first.created_us),
        "active": True,
        "closed": all(view.status == "settled" for view in views),
        "archived": False,
        "restricted": True,
        "category": event.category,
        "createdAt": iso(first.created_us),
        "updatedAt": iso(max(view.updated_us for view in views)),
        "enableOrderBook": True,
        "negRisk": event.exclusive,
        "enableNegRisk": event.exclusive,
        "negRiskAugmented": event.is_augmented,
        "seriesSlug": event.series,
        "version": protocol(first.market),
    }


def _event_amounts(views: list[MarketView]) -> dict[str, object]:
    """Unlike those of a market, all amounts of an event are numbers."""
    volume = number(sum(view.volume_cost for view in views))
    return {
        "liquidity": number(sum(_liquidity(view) for view in views)),
        "volume": volume,
        "volume24hr": volume,
        "openInterest": number(sum(view.open_interest for view in views)),
    }


def _identity(view: MarketView) -> dict[str, object]:
    listing, market = view.listing, view.listing.market
    body: dict[str, object] = {
        "id": gamma_id(listing),
        "question": market.title,
        "conditionId": market.native_id,
        "slug": listing.slug,
        "resolutionSource": market.resolution_source,
        "startDate": iso(market.opens_us or listing.created_us),
        "startDateIso": day(market.opens_us or listing.created_us),
        "category": market.category,
        "description": market.rules,
        "groupItemTitle": listing.short_title,
        "createdAt": iso(listing.created_us),
        "updatedAt": iso(view.updated_us),
        "acceptingOrdersTimestamp": iso(market.opens_us or listing.created_us),
        "version": protocol(market),
    }
    if view.closes_us is not None:
        body |= {"endDate": iso(view.closes_us), "endDateIso": day(view.closes_us)}
    if listing.starts_us is not None:
        body["eventStartTime"] = iso(listing.starts_us)
    if view.status == "settled" and view.settled_us is not None:
        body["closedTime"] = iso(view.settled_us).replace("T", " ").replace("Z", "+00")
    return body


def _state(view: MarketView) -> dict[str, object]:
    body: dict[str, object] = {
        "active": True,
        "closed": view.status == "settled",
        "archived": False,
        "restricted": True,
        "acceptingOrders": view.status == "open",
        "enableOrderBook": True,
        "approved": True,
        "ready": False,
        "funded": False,
        "cyom": False,
        "clearBookOnStart": view.listing.clears_on_start,
        "comboStatus": "disabled",
        "rfqEnabled": False,
        "umaBond": UMA_BOND,
        "umaReward": UMA_REWARD,
    }
    stage = uma_status(view)
    if stage is not None:
        body["umaResolutionStatus"] = stage
    return body


def _texts_in_texts(view: MarketView) -> dict[str, object]:
    """Four fields hold JSON inside a JSON text; clients decode them twice."""
    market = view.listing.market
    stages = {"proposed": ["proposed"], "disputed": ["proposed", "disputed"]}.get(view.status, [])
    if view.status == "settled":
        stages = ["proposed", *(["disputed"] if view.was_disputed else []), "resolved"]
    prices = [format_micros(price) for price in outcome_prices(view)]
    return {
        "outcomes": json.dumps(market.outcome_labels, ensure_ascii=False),
        "outcomePrices": json.dumps(prices),
        "umaResolutionStatuses": json.dumps(stages),
        **_outcome_ids(market),
    }


def _outcome_ids(market: Market) -> dict[str, object]:
    """Positions of the newer protocol stand in an array of their own, not in a text."""
    if protocol(market) == "v1":
        return {"clobTokenIds": json.dumps(market.outcome_ids)}
    return {"clobTokenIds": None, "positionIds": list(market.outcome_ids)}


def _numbers(view: MarketView) -> dict[str, object]:
    """Amounts are texts under the plain names and numbers under the others.

    The simulated venues are younger than a day, so every window of the volume is all of it.
    """
    market = view.listing.market
    volume, liquidity = view.volume_cost, _liquidity(view)
    body: dict[str, object] = {
        "volume": format_micros(volume),
        "volumeNum": number(volume),
        "volume24hr": number(volume),
        "volume24hrClob": number(volume),
        "liquidity": format_micros(liquidity),
        "liquidityNum": number(liquidity),
        "orderPriceMinTickSize": number(market.grid.finest()),
        "orderMinSize": number(market.quantity_min),
        "secondsDelay": view.listing.taker_delay // MICRO,
        "groupItemThreshold": view.listing.floor_strike or "0",
    }
    if view.best_bid is not None:
        body["bestBid"] = number(view.best_bid)
    if view.best_ask is not None:
        body["bestAsk"] = number(view.best_ask)
    if view.best_bid is not None and view.best_ask is not None:
        body["spread"] = number(view.best_ask - view.best_bid)
    if view.last_price is not None:
        body["lastTradePrice"] = number(view.last_price)
    return body


def _neg_risk(exchange: Exchange, listing: Listing) -> dict[str, object]:
    event = listing.event
    index = list(exchange.markets_of_event(event.id)).index(listing.market.native_id)
    body: dict[str, object] = {
        "questionID": question_id(listing, index),
        "negRisk": event.exclusive,
        "negRiskOther": event.is_augmented and listing.short_title == "Other",
    }
    if event.exclusive:
        body["negRiskMarketID"] = neg_risk_id(event, listing.market.exclusive_group)
    return body


def _fees(listing: Listing) -> dict[str, object]:
    market = listing.market
    terms = curve(market)
    base = LEGACY_FEE_BPS if has_fees(market) else 0
    body: dict[str, object] = {
        "makerBaseFee": base,
        "takerBaseFee": base,
        "feesEnabled": has_fees(market),
        "feeType": fee_type(market),
    }
    if terms is not None:
        body["feeSchedule"] = {
            "exponent": terms.exponent,
            "rate": number(terms.rate_ppm),
            "takerOnly": True,
            "rebateRate": literal(rebate_rate(market)),
        }
    return body


def _liquidity(view: MarketView) -> int:
    """Dollars behind the touch; what rests deeper is not counted."""
    bid = 0 if view.best_bid is None else notional(view.best_bid, view.bid_size, Rounding.DOWN)
    if view.best_ask is None:
        return bid
    return bid + (PAYOUT - view.best_ask) * view.ask_size // MICRO
