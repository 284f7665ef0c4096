"""Which market is this, and on which terms does it trade? Gamma's and the CLOB's words as Market.

YES is the outcome labelled Yes (in any case); where no label says so it is the first outcome.
"""

from decimal import Decimal
from typing import NamedTuple

import msgspec

from foreshock.adapters.venues.polymarket.values import (
    exact_text,
    iso_instant,
    rounded_down,
    tick_grid,
)
from foreshock.adapters.venues.polymarket.wire import (
    ClobFee,
    ClobMarket,
    GammaEventRef,
    GammaMarket,
)
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import (
    CurveFee,
    Market,
    MarketId,
    MarketStatus,
)
from foreshock.core.domain.units import Quantity, parse_micros, parse_quantity

VENUE = "polymarket"
QUANTITY_STEP = Quantity(10_000)
"""Order sizes have two decimals."""
NO_FEE = CurveFee(rate_ppm=0, exponent=1)
VERSIONS = {None, "v1", "v2"}
CONDITION_CHARS = 66
OUTCOMES_COUNT = 2
RESOLUTIONS: dict[str, MarketStatus] = {
    "requested": "paused",
    "proposed": "proposed",
    "disputed": "disputed",
    "resolved": "settled",
    "settled": "settled",
}

_TEXTS = msgspec.json.Decoder(list[str])


class NotBinaryError(DataError):
    """A market with other than two outcomes: not a contract we know."""


class _Outcomes(NamedTuple):
    """Label and token of each outcome, YES first."""

    labels: tuple[str, str]
    tokens: tuple[str, str]


def market_id(condition_id: str) -> MarketId:
    """Our name of a market, from the venue's condition id."""
    return MarketId(f"{VENUE}:{condition_id}")


def to_market(gamma: GammaMarket, event: GammaEventRef | None = None) -> Market:
    """The market as Gamma lists it; `event` when it was found inside one.

    Raises DataError for absent or impossible terms, NotBinaryError unless it has two outcomes.
    """
    outcomes = _outcomes(gamma)
    if len(gamma.condition_id) != CONDITION_CHARS:
        raise DataError(f"condition id of {gamma.slug}: {gamma.condition_id!r}")
    if event is None and gamma.events:
        event = gamma.events[0]
    event_id = event.slug or event.id if event else gamma.slug
    try:
        grid = tick_grid(exact_text(gamma.order_price_min_tick_size, "tick size"))
        quantity_min = parse_quantity(exact_text(gamma.order_min_size, "minimum size"))
    except ValueError as error:
        raise DataError(f"{gamma.slug}: {error}") from error
    return Market(
        id=market_id(gamma.condition_id),
        venue=VENUE,
        native_id=gamma.condition_id,
        event_id=event_id,
        title=gamma.question,
        rules=gamma.description or "",
        resolution_source=gamma.resolution_source or "",
        outcome_labels=outcomes.labels,
        outcome_ids=outcomes.tokens,
        grid=grid,
        quantity_step=QUANTITY_STEP,
        quantity_min=quantity_min,
        fee=_gamma_fee(gamma),
        status=market_status(gamma),
        category=gamma.category or (event.category if event else None) or "",
        opens_us=iso_instant(gamma.accepting_orders_timestamp or gamma.start_date),
        closes_us=None,  # trading often goes on after endDate, so nothing here is a cut-off
        settles_us=iso_instant(gamma.end_date),
        exclusive_group=_exclusive_group(gamma, event_id),
        is_augmented=_may_grow(gamma, event),
        volume_24h=rounded_down(gamma.volume24hr),  # in dollars: the venue counts no contracts
    )


def market_status(gamma: GammaMarket) -> MarketStatus:
    """Where the market stands; "open" exactly when every sign says that it takes orders."""
    resolution = gamma.uma_resolution_status or gamma.resolution_status or "active"
    if resolution not in {"active", "inactive"}:
        return RESOLUTIONS.get(resolution, "unknown")
    if gamma.closed:
        return "closed"
    if not gamma.active:
        return "listed"
    if gamma.accepting_orders is None or gamma.enable_order_book is None:
        return "unknown"
    return "open" if gamma.accepting_orders and gamma.enable_order_book else "paused"


def with_clob_terms(market: Market, clob: ClobMarket) -> Market:
    """The market on the matching engine's terms, which rule where Gamma's copy differs.

    Raises DataError when the answer is about another market or holds impossible terms.
    """
    tokens = {token.id for token in clob.tokens}
    if clob.condition_id != market.native_id or tokens != set(market.outcome_ids):
        raise DataError(f"terms of {clob.condition_id} are not those of {market.id}")
    try:
        grid = tick_grid(str(clob.tick))
        quantity_min = parse_quantity(str(clob.quantity_min))
    except ValueError as error:
        raise DataError(f"{market.id}: {error}") from error
    fee = _clob_fee(clob.fee)
    group, is_augmented = market.exclusive_group, market.is_augmented
    if clob.neg_risk and group is None:
        group, is_augmented = f"event:{market.event_id}", True  # its other members are not known
    if not clob.neg_risk:
        group = None
    status = market.status
    if status == "open" and not clob.accepting_orders:
        status = "paused"
    return msgspec.structs.replace(
        market,
        grid=grid,
        quantity_min=quantity_min,
        fee=fee,
        exclusive_group=group,
        is_augmented=is_augmented,
        status=status,
    )


def curve_fee(rate: Decimal, exponent: Decimal, *, taker_only: bool) -> CurveFee | None:
    """Fee terms in our units; None for terms our formula does not cover."""
    if not taker_only:
        return None
    try:
        rate_ppm, exponent_ppm = parse_micros(str(rate)), parse_micros(str(exponent))
    except ValueError:
        return None
    whole, rest = divmod(exponent_ppm, 1_000_000)
    if rest or whole < 0 or rate_ppm < 0:
        return None
    return CurveFee(rate_ppm=rate_ppm, exponent=whole)


def decoded_texts(text: str | None, what: str) -> list[str]:
    """A string that holds a JSON array of strings. Raises DataError when it does not."""
    if text is None:
        raise DataError(f"no {what}")
    try:
        return _TEXTS.decode(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{what} are not a list of texts: {text[:80]!r}") from error


def _outcomes(gamma: GammaMarket) -> _Outcomes:
    if gamma.version not in VERSIONS:
        raise DataError(f"market of an unknown protocol: {gamma.version!r}")
    labels = decoded_texts(gamma.outcomes, "outcomes")
    if gamma.version == "v2":
        tokens = gamma.position_ids
    else:
        tokens = decoded_texts(gamma.clob_token_ids, "token ids")
    if len(labels) != OUTCOMES_COUNT:
        raise NotBinaryError(f"{gamma.slug} has {len(labels)} outcomes")
    if tokens is None or len(set(tokens)) != OUTCOMES_COUNT or len(tokens) != OUTCOMES_COUNT:
        raise DataError(f"{gamma.slug} has {len(tokens or [])} tokens for two outcomes")
    if not all(token.isdecimal() for token in tokens):
        raise DataError(f"token ids of {gamma.slug}: {tokens}")
    yes = 1 if [label.strip().lower() for label in labels] == ["no", "yes"] else 0
    return _Outcomes((labels[yes], labels[1 - yes]), (tokens[yes], tokens[1 - yes]))


def _gamma_fee(gamma: GammaMarket) -> CurveFee | None:
    """The schedule where there is one; no fee only where the venue says that fees are off."""
    schedule = gamma.fee_schedule
    if schedule is None:
        return NO_FEE if gamma.fees_enabled is False else None
    fee = curve_fee(schedule.rate, schedule.exponent, taker_only=schedule.taker_only)
    if gamma.fees_enabled is False and fee != NO_FEE:
        return None  # the venue contradicts itself
    return fee


def _clob_fee(fee: ClobFee | None) -> CurveFee | None:
    """The engine leaves the fee out where there is none."""
    if fee is None:
        return NO_FEE
    return curve_fee(fee.rate, fee.exponent, taker_only=fee.taker_only)


def _may_grow(gamma: GammaMarket, event: GammaEventRef | None) -> bool:
    """A neg-risk group counts as fixed only where its event says so."""
    if not gamma.neg_risk:
        return bool(gamma.neg_risk_other)
    return bool(gamma.neg_risk_other) or event is None or event.neg_risk_augmented is not False


def _exclusive_group(gamma: GammaMarket, event_id: str) -> str | None:
    if not gamma.neg_risk:
        return None
    return gamma.neg_risk_market_id or f"event:{event_id}"
