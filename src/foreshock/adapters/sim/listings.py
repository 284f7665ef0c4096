"""How does a venue publish a question of the simulated world?"""

from foreshock.adapters.sim.exchange_types import EventInfo, Listing
from foreshock.adapters.sim.questions import Place, Question, Tick, slug, token_ids
from foreshock.core.domain.markets import (
    CurveFee,
    FeeTerms,
    Market,
    MarketId,
    PriceGrid,
    PriceRange,
    SeriesFee,
    uniform_grid,
)
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant, Price, Quantity

GRIDS: dict[Tick, tuple[PriceGrid, str]] = {
    "cent": (uniform_grid(Price(10_000)), "linear_cent"),
    "tenth": (uniform_grid(Price(1_000)), "deci_cent"),
    "tapered": (
        PriceGrid((
            PriceRange(Price(0), Price(100_000), Price(1_000)),
            PriceRange(Price(100_000), Price(900_000), Price(10_000)),
            PriceRange(Price(900_000), Price(1_000_000), Price(1_000)),
        )),
        "tapered_deci_cent",
    ),
}
"""Each with Kalshi's name of it."""
EDGES = (0.04, 0.96)
"""Polymarket prices nearer to 0 or 1 than this move in tenths of a cent."""
LOT = Quantity(10_000)
"""A hundredth of a contract, at both venues."""
MINIMUM = {"polymarket": Quantity(5 * MICRO), "kalshi": LOT}
SETTLEMENT_TIMER = Duration(30 * SECOND)
LISTED_BEFORE = Duration(3 * 86_400 * SECOND)
MAKER_FEE_SUBJECTS = {"economics", "sports"}


def listing_of(
    question: Question, place: Place, numbers: tuple[int, int], fair: float, start_us: Instant
) -> Listing:
    """The listing of one place. numbers: of the market and of its event, 1-based.

    fair: what its YES is worth when it is listed. start_us: of the world.
    """
    grid, grid_label = GRIDS[tick_at(place, fair)]
    opens_us = Instant(start_us + question.opens_s * SECOND)
    closes_us = Instant(start_us + question.closes_s * SECOND)
    market = Market(
        id=MarketId(f"{place.venue}:{place.native_id}"),
        venue=place.venue,
        native_id=place.native_id,
        event_id=place.event_id,
        title=place.title,
        rules=place.rules,
        resolution_source=place.source.url,
        outcome_labels=place.labels,
        outcome_ids=_outcome_ids(place),
        grid=grid,
        quantity_step=LOT,
        quantity_min=MINIMUM[place.venue],
        fee=_fee(question, place),
        status="listed",
        category=question.subject.name,
        opens_us=opens_us,
        closes_us=closes_us,
        settles_us=Instant(closes_us + SETTLEMENT_TIMER),
        exclusive_group=place.event_id if question.shape == "exclusive" else None,
        is_augmented=False,
        volume_24h=None,
    )
    return Listing(
        market=market,
        event=_event(question, place, numbers[1], closes_us),
        number=numbers[0],
        slug=f"{slug(place.title)}-{place.native_id[2:10].lower()}",
        short_title=place.short_title,
        rules_secondary="",
        strike_type=place.strike_type,
        floor_strike=place.floor_strike,
        cap_strike=None,
        grid_label=grid_label,
        settlement_timer=SETTLEMENT_TIMER,
        starts_us=None,
        clears_on_start=False,
        taker_delay=Duration(0),
        created_us=Instant(opens_us - (0 if question.opens_s else LISTED_BEFORE) + numbers[0]),
    )


def tick_at(place: Place, fair: float) -> Tick:
    """The price step of a market while its YES is worth `fair`; a finer one never coarsens."""
    is_edge = not EDGES[0] <= fair <= EDGES[1]
    return "tenth" if place.venue == "polymarket" and is_edge else place.tick


def _event(question: Question, place: Place, number: int, closes_us: Instant) -> EventInfo:
    subject = question.subject.name.capitalize()
    return EventInfo(
        id=place.event_id,
        number=number,
        series=place.series,
        series_title=place.event_title,
        frequency="custom",
        title=place.event_title,
        subtitle=place.short_title,
        category=subject,
        tags=(subject,),
        source_name=place.source.name,
        source_url=place.source.url,
        exclusive=question.shape == "exclusive",
        is_augmented=False,
        strikes_us=closes_us,
    )


def _outcome_ids(place: Place) -> tuple[str, str]:
    if place.venue == "polymarket":
        return token_ids(place.native_id)
    return f"{place.native_id}:yes", f"{place.native_id}:no"


def _fee(question: Question, place: Place) -> FeeTerms:
    if place.venue == "polymarket":
        return CurveFee(question.subject.fee_rate_ppm, 1)
    if question.subject.name in MAKER_FEE_SUBJECTS:
        return SeriesFee("quadratic_with_maker_fees", MICRO)
    return SeriesFee("quadratic", MICRO)
