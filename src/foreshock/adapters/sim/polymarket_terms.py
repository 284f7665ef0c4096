"""In which words does Polymarket publish a market's identity, fee and state?"""

from foreshock.adapters.sim.exchange_types import EventInfo, Listing, MarketView
from foreshock.adapters.sim.wire_text import hex_id
from foreshock.core.domain.markets import CurveFee, Market
from foreshock.core.domain.units import PAYOUT, Price, format_micros

HALF = Price(PAYOUT // 2)
REBATE_RATES = {"Crypto": "0.2", "Sports": "0.15"}
REBATE_RATE_OTHERWISE = "0.25"
POSITION_RESERVED_BITS = ((1 << 64) - 1) << 40
"""All zero in ids of the newer protocol's positions; ids of older tokens are hashes."""
NEG_RISK_DIGITS = 62
"""A neg-risk market id ends in 00; question ids replace that byte by their index."""


def is_position(token: str) -> bool:
    """Whether an outcome id is a position of the newer protocol, traded on its own exchange."""
    return token.isdecimal() and not int(token) & POSITION_RESERVED_BITS


def protocol(market: Market) -> str:
    """The protocol version of a market, as the venue writes it."""
    return "v2" if is_position(market.outcome_ids[0]) else "v1"


def gamma_id(listing: Listing) -> str:
    """Gamma's number of a market."""
    return str(listing.number)


def has_fees(market: Market) -> bool:
    """Whether takers pay; unknown terms count as paying."""
    return market.fee is None or (isinstance(market.fee, CurveFee) and market.fee.rate_ppm > 0)


def curve(market: Market) -> CurveFee | None:
    """The fee curve when there is one to publish."""
    return market.fee if isinstance(market.fee, CurveFee) and market.fee.rate_ppm else None


def fee_schedule_texts(market: Market) -> dict[str, object] | None:
    """The stream's schedule: snake case, numbers as texts; None when there is nothing to pay."""
    terms = curve(market)
    if terms is None:
        return None
    return {
        "exponent": str(terms.exponent),
        "rate": format_micros(terms.rate_ppm),
        "taker_only": True,
        "rebate_rate": rebate_rate(market),
    }


def rebate_rate(market: Market) -> str:
    """Makers' share of the fees."""
    return REBATE_RATES.get(market.category, REBATE_RATE_OTHERWISE)


def fee_type(market: Market) -> str | None:
    """The venue's name of the schedule, None without fees."""
    return f"{market.category.lower().replace(' ', '_')}_fees" if has_fees(market) else None


def neg_risk_id(event: EventInfo, group: str | None) -> str:
    """The id shared by an event's mutually exclusive markets, "" when it stands alone."""
    if not event.exclusive:
        return ""
    if group is not None and group.startswith("0x"):
        return group
    return f"0x{hex_id(event.id, NEG_RISK_DIGITS)}00"


def question_id(listing: Listing, index: int) -> str:
    """The oracle's question: in neg-risk events the group's id with the last byte = index."""
    group = neg_risk_id(listing.event, listing.market.exclusive_group)
    if group:
        return f"{group[:-2]}{index % 256:02x}"
    return f"0x{hex_id(listing.market.native_id, 64)}"


def outcome_prices(view: MarketView) -> tuple[Price, Price]:
    """What the page shows: the payout once paid, else the mid, the last trade, or a half."""
    if view.status == "settled" and view.yes_payout is not None:
        yes = view.yes_payout
    elif view.best_bid is not None and view.best_ask is not None:
        yes = Price((view.best_bid + view.best_ask) // 2)
    else:
        yes = HALF if view.last_price is None else view.last_price
    return yes, Price(PAYOUT - yes)


def uma_status(view: MarketView) -> str | None:
    """The oracle's stage, None before an outcome is named."""
    return {"proposed": "proposed", "disputed": "disputed", "settled": "resolved"}.get(view.status)
