"""Two small exchanges and one script of happenings, for the tests of what they look like outside."""

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    EventInfo,
    Listing,
    OrderRequest,
    OrderState,
    VenuePolicy,
)
from foreshock.core.domain.markets import (
    Action,
    CurveFee,
    FeeTerms,
    Market,
    MarketId,
    Outcome,
    SeriesFee,
    uniform_grid,
)
from foreshock.core.domain.units import (
    NOTHING,
    SECOND,
    Duration,
    Instant,
    Money,
    Price,
    Quantity,
    parse_price,
    parse_quantity,
)
from foreshock.core.pricing.fees import Fill

T0 = Instant(1_791_241_200_000_000)
DAY = Duration(86_400 * SECOND)
CENT = uniform_grid(Price(10_000))
TENTH = uniform_grid(Price(1_000))
CONDITIONS = ("0x" + "a" * 64, "0x" + "b" * 64, "0x" + "c" * 64)
TOKENS = {
    CONDITIONS[0]: ("9" * 77, "1" * 77),
    CONDITIONS[1]: ("3" * 77, "4" * 77),
    CONDITIONS[2]: ("5" * 77, "6" * 77),
}
TICKERS = ("KXFED-26DEC-T3.75", "KXFED-26DEC-T4.00", "KXRAIN-26DEC01-NYC")


def free(_market: Market, _fill: Fill, _at_us: Instant, carried: Money) -> tuple[Money, Money]:
    """Fees are not what these tests are about."""
    return NOTHING, carried


def event_info(number: int, name: str, *, exclusive: bool) -> EventInfo:
    return EventInfo(
        id=name,
        number=number,
        series=name.partition("-")[0],
        series_title=f"Series of {name}",
        frequency="monthly",
        title=f"What happens in {name}?",
        subtitle="Dec 2026",
        category="Economics",
        tags=("Economics", "Fed Rates"),
        source_name="Federal Reserve",
        source_url="https://www.federalreserve.gov",
        exclusive=exclusive,
        is_augmented=False,
        strikes_us=Instant(T0 + DAY),
    )


def listing(
    venue: str, native_id: str, number: int, event: EventInfo, fee: FeeTerms | None
) -> Listing:
    market = Market(
        id=MarketId(f"{venue}:{native_id}"),
        venue=venue,
        native_id=native_id,
        event_id=event.id,
        title=f"Question {number}?",
        rules=f"If {number} happens, then the market resolves to Yes.",
        resolution_source=event.source_url,
        outcome_labels=("Yes", "No"),
        outcome_ids=TOKENS.get(native_id, (f"{native_id}:yes", f"{native_id}:no")),
        grid=CENT,
        quantity_step=Quantity(10_000),
        quantity_min=Quantity(5_000_000 if venue == "polymarket" else 10_000),
        fee=fee,
        status="listed",
        category=event.category,
        opens_us=T0,
        closes_us=Instant(T0 + DAY),
        settles_us=Instant(T0 + 2 * DAY),
        exclusive_group=event.id if event.exclusive else None,
        is_augmented=False,
        volume_24h=None,
    )
    return Listing(
        market=market,
        event=event,
        number=number,
        slug=f"question-{number}",
        short_title=f"Answer {number}",
        rules_secondary="",
        strike_type="greater",
        floor_strike="3.75",
        cap_strike=None,
        grid_label="linear_cent",
        settlement_timer=Duration(120 * SECOND),
        starts_us=None,
        clears_on_start=False,
        taker_delay=Duration(0),
        created_us=Instant(T0 - DAY + number),
    )


def exchange_of(
    policy: VenuePolicy, native_ids: tuple[str, str, str], fee: FeeTerms, events: tuple[str, str]
) -> Exchange:
    """Three open markets: two of one exclusive event, one alone; two rich accounts."""
    exchange = Exchange(policy, free)
    infos = [
        event_info(1, events[0], exclusive=True),
        event_info(2, events[1], exclusive=False),
    ]
    for number, native_id in enumerate(native_ids, start=1):
        listed = listing(policy.venue, native_id, number, infos[number // 3], fee)
        exchange.list_market(listed, Instant(T0 - DAY))
        exchange.open_market(native_id, T0)
    for account in ("ann", "bob"):
        exchange.open_account(account, Money(1_000_000_000_000))
    return exchange


def polymarket_exchange() -> Exchange:
    exchange = exchange_of(
        POLYMARKET_POLICY, CONDITIONS, CurveFee(40_000, 1), ("fed-decision-in-december", "rain-nyc")
    )
    for native_id in CONDITIONS:
        for account in ("ann", "bob"):
            exchange.split(account, native_id, Quantity(10_000_000_000), T0)
    return exchange


def kalshi_exchange() -> Exchange:
    return exchange_of(
        KALSHI_POLICY, TICKERS, SeriesFee("quadratic", 1_000_000), ("KXFED-26DEC", "KXRAIN-26DEC01")
    )


def order(
    exchange: Exchange,
    native_id: str,
    what: tuple[Action, Outcome],
    at: tuple[str, str],
    now_us: int = T0,
    *,
    account: str = "ann",
) -> OrderState:
    """Place one limit order; at: (price, quantity) as texts."""
    placed = exchange.place(
        OrderRequest(
            account=account,
            native_id=native_id,
            outcome=what[1],
            action=what[0],
            price=parse_price(at[0]),
            quantity=parse_quantity(at[1]),
        ),
        Instant(now_us),
    )
    assert isinstance(placed, OrderState), placed
    return placed


def rest_some(
    exchange: Exchange, native_id: str, now_us: int = T0, *, account: str = "ann"
) -> None:
    """Two levels a side: 0.40 x 100, 0.45 x 20.5 against 0.55 x 30, 0.60 x 1146.3."""
    levels: tuple[tuple[Outcome, str, str], ...] = (
        ("yes", "0.40", "100"),
        ("yes", "0.45", "20.5"),
        ("no", "0.45", "30"),
        ("no", "0.40", "1146.3"),
    )
    for outcome, price, quantity in levels:
        order(exchange, native_id, ("buy", outcome), (price, quantity), now_us, account=account)


def play(exchange: Exchange, native_id: str, step: int, now_us: int) -> None:
    """One step of the script that both ways of serving must tell alike."""
    at_us = Instant(now_us)
    match step:
        case 0:
            rest_some(exchange, native_id, now_us)
        case 1:
            order(exchange, native_id, ("buy", "yes"), ("0.55", "12"), now_us, account="bob")
        case 2:
            resting = order(exchange, native_id, ("buy", "yes"), ("0.50", "7"), now_us)
            exchange.cancel("ann", resting.order_id, Instant(now_us + 1))
        case 3:
            exchange.change_grid(native_id, TENTH, "deci_cent", at_us)
        case 4:
            order(exchange, native_id, ("buy", "yes"), ("0.505", "9"), now_us)
        case 5:
            exchange.close(native_id, at_us)
            exchange.propose(native_id, Price(1_000_000), at_us)
        case _:
            exchange.settle(native_id, at_us)


STEPS = 7
