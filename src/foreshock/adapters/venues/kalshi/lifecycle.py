"""What does a life-cycle frame of Kalshi change about a market? Pure: terms in, messages out.

Only what a frame says is applied. What it leaves out (fee terms after a cleared override, a strike
that moved) is marked unknown rather than guessed; reading the market again settles it.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from foreshock.adapters.venues.kalshi.frames import EventFeeMsg, LifecycleMsg
from foreshock.adapters.venues.kalshi.markets import (
    market_id,
    outcome_ids,
    outcome_labels,
    override_terms,
    price_grid,
    rules_text,
    unknown,
)
from foreshock.adapters.venues.kalshi.numbers import bound_price, multiplier_ppm
from foreshock.adapters.venues.kalshi.watched import Watched
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.market_data import (
    FeeChanged,
    GridChanged,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant

Value = TypeVar("Value")
Step = Callable[[Watched, LifecycleMsg, Instant], list[Message]]


def applied(watched: Watched, msg: LifecycleMsg, event_us: Instant) -> list[Message]:
    """What a frame about a watched market says. Raises DataError for a missing part."""
    step = STEPS.get(msg.event_type)
    if step is None:
        return [unknown("market_lifecycle_v2.event_type", msg.event_type)]
    return step(watched, msg, event_us)


def created(sibling: Market, msg: LifecycleMsg) -> MarketListed:
    """A new market in an event we know: what all markets of an event share is its sibling's.

    When it settles is not known, as its settlement timer is not told. Raises DataError.
    """
    told = _needed(msg.additional_metadata, "additional_metadata")
    ticker = msg.market_ticker
    fresh = msgspec.structs.replace(
        sibling,
        id=market_id(ticker),
        native_id=ticker,
        title=told.title or f"{ticker}: {told.yes_sub_title}",
        rules=rules_text(told.rules_primary, told.rules_secondary),
        outcome_labels=outcome_labels(told.yes_sub_title, told.no_sub_title),
        outcome_ids=outcome_ids(ticker),
        grid=price_grid(_needed(msg.price_ranges, "price_ranges")),
        status="listed",
        opens_us=_micros(_needed(msg.open_ts, "open_ts")),
        closes_us=_micros(_needed(msg.close_ts, "close_ts")),
        settles_us=None,
        volume_24h=None,
    )
    return MarketListed(fresh)


def event_of_created(msg: LifecycleMsg) -> str:
    """The event in which a frame creates a market, "" for other frames."""
    told = msg.additional_metadata
    return told.event_ticker if msg.event_type == "created" and told is not None else ""


def fee_changed(market: Market, msg: EventFeeMsg) -> FeeChanged:
    """The event's fee override. A cleared one leaves terms we have not seen: not understood."""
    multiplier = msg.fee_multiplier_override
    ppm = None if multiplier is None else multiplier_ppm(multiplier)
    return FeeChanged(market.id, override_terms(msg.fee_type_override, ppm))


def _activated(watched: Watched, _msg: LifecycleMsg, event_us: Instant) -> list[Message]:
    return [MarketStatusChanged(watched.market.id, "open", event_us)]


def _deactivated(watched: Watched, _msg: LifecycleMsg, event_us: Instant) -> list[Message]:
    return [MarketStatusChanged(watched.market.id, "paused", event_us)]


def _close_date_updated(watched: Watched, msg: LifecycleMsg, event_us: Instant) -> list[Message]:
    """A date in the past closes the market; one ahead reopens a market that had closed."""
    closes_us = _micros(_needed(msg.close_ts, "close_ts"))
    market = watched.market
    if closes_us <= event_us:
        status = MarketStatusChanged(market.id, "closed", event_us)
        return [MarketListed(msgspec.structs.replace(market, closes_us=closes_us)), status]
    status = "open" if market.status == "closed" else market.status
    return [MarketListed(msgspec.structs.replace(market, closes_us=closes_us, status=status))]


def _determined(watched: Watched, msg: LifecycleMsg, event_us: Instant) -> list[Message]:
    """The payout is named but may still be disputed or amended: it counts once settled."""
    watched.payout = bound_price(_needed(msg.settlement_value, "settlement_value"))
    return [MarketStatusChanged(watched.market.id, "proposed", event_us)]


def _settled(watched: Watched, _msg: LifecycleMsg, event_us: Instant) -> list[Message]:
    market = watched.market.id
    messages: list[Message] = [MarketStatusChanged(market, "settled", event_us)]
    if watched.payout is not None:  # else it was determined before this stream opened
        messages.append(MarketResolved(market, watched.payout, event_us))
    return messages


def _regridded(watched: Watched, msg: LifecycleMsg, event_us: Instant) -> list[Message]:
    grid = price_grid(_needed(msg.price_ranges, "price_ranges"))
    return [GridChanged(watched.market.id, grid, event_us)]


def _metadata_updated(watched: Watched, msg: LifecycleMsg, _event_us: Instant) -> list[Message]:
    """Only the YES label is ours to keep; a strike stands in the rules, which are not told."""
    market = watched.market
    if msg.yes_sub_title is None:
        return []
    yes, no = market.outcome_labels
    is_derived = (yes, no) == outcome_labels(yes, yes)
    labels = outcome_labels(msg.yes_sub_title, msg.yes_sub_title if is_derived else no)
    return [MarketListed(msgspec.structs.replace(market, outcome_labels=labels))]


def _created(_watched: Watched, _msg: LifecycleMsg, _event_us: Instant) -> list[Message]:
    """The creation of a market that is watched already: nothing new."""
    return []


STEPS: Mapping[str, Step] = {
    "created": _created,
    "activated": _activated,
    "deactivated": _deactivated,
    "close_date_updated": _close_date_updated,
    "determined": _determined,
    "settled": _settled,
    "price_level_structure_updated": _regridded,
    "metadata_updated": _metadata_updated,
}


def _needed(value: Value | None, name: str) -> Value:
    if value is None:
        raise DataError(f"market_lifecycle_v2 lacks {name}")
    return value


def _micros(seconds: int) -> Instant:
    return Instant(seconds * SECOND)
