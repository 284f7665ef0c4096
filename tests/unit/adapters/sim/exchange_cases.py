"""Small exchanges with the real fee schedules, and the shortest way to send them orders."""

from pathlib import Path

import msgspec

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_fees import packed_fees
from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    FeeFunction,
    Listing,
    OrderRefused,
    OrderRequest,
    OrderState,
    RefusalCode,
    VenuePolicy,
)
from foreshock.app.fee_packs import load_fee_packs
from foreshock.core.domain.markets import Action, CurveFee, FeeTerms, Outcome, SeriesFee
from foreshock.core.domain.units import (
    MICRO,
    SECOND,
    Instant,
    Money,
    Price,
    Quantity,
    parse_price,
    parse_quantity,
)
from tests.unit.adapters.sim.face_scenario import event_info, free, listing

CONFIG = Path(__file__).resolve().parents[4] / "config"
FEES: FeeFunction = packed_fees(load_fee_packs(CONFIG / "fees"))
T0 = Instant(1_795_287_600_000_000)  # 2026-11-21 19:00 UTC, after the last change of fees
ACCOUNTS = ("ann", "bob", "cyd")
MARKETS = ("M1", "M2")
POLICIES = (POLYMARKET_POLICY, KALSHI_POLICY)


def fee_of(policy: VenuePolicy) -> FeeTerms:
    """Terms with which makers pay too, where the venue knows such."""
    return SeriesFee("quadratic_with_maker_fees", MICRO) if policy.nets else CurveFee(50_000, 1)


def listed(policy: VenuePolicy, native_id: str, number: int = 1) -> Listing:
    """An unopened market in steps of a cent."""
    made = listing(
        policy.venue, native_id, number, event_info(1, "E1", exclusive=False), fee_of(policy)
    )
    market = msgspec.structs.replace(made.market, quantity_min=Quantity(10_000))
    return msgspec.structs.replace(made, market=market)


def exchange(policy: VenuePolicy, cash: str = "1000", *, fees: FeeFunction = free) -> Exchange:
    """Two open markets and three accounts."""
    made = Exchange(policy, fees)
    for number, native_id in enumerate(MARKETS, start=1):
        made.list_market(listed(policy, native_id, number), T0)
        made.open_market(native_id, T0)
    for account in ACCOUNTS:
        made.open_account(account, dollars(cash))
    made.take_events()
    return made


def ask(
    where: Exchange,
    what: str,
    at: str,
    *,
    account: str = "ann",
    now_us: int = T0,
    **extra: object,
) -> OrderState | OrderRefused:
    """Send an order; what: `buy yes 10`, at: the price of that outcome."""
    action, outcome, quantity = what.split()
    plain = OrderRequest(
        account=account,
        native_id=MARKETS[0],
        outcome=_outcome(outcome),
        action=_action(action),
        price=parse_price(at),
        quantity=parse_quantity(quantity),
    )
    return where.place(msgspec.structs.replace(plain, **extra), Instant(now_us))


def taken(
    where: Exchange,
    what: str,
    at: str,
    *,
    account: str = "ann",
    now_us: int = T0,
    **extra: object,
) -> OrderState:
    """Send an order that must be taken."""
    answer = ask(where, what, at, account=account, now_us=now_us, **extra)
    assert isinstance(answer, OrderState), answer
    return answer


def refused(
    where: Exchange,
    what: str,
    at: str,
    *,
    account: str = "ann",
    now_us: int = T0,
    **extra: object,
) -> RefusalCode:
    """Send an order that must be refused and change nothing."""
    before = picture(where)
    answer = ask(where, what, at, account=account, now_us=now_us, **extra)
    assert isinstance(answer, OrderRefused), answer
    assert answer.words
    assert picture(where) == before
    return answer.code


def picture(where: Exchange) -> object:
    """Everything an order could change, orders' own history aside."""
    return (
        [where.levels(market, side) for market in where.native_ids() for side in ("bid", "ask")],
        [where.balances(account) for account in where.accounts()],
        [where.positions(account) for account in where.accounts()],
        [where.orders(account) for account in where.accounts()],
    )


def dollars(text: str) -> Money:
    return Money(parse_quantity(text))


def cash_of(where: Exchange, account: str) -> Money:
    return where.balances(account).cash


def later(seconds: float) -> Instant:
    return Instant(T0 + int(seconds * SECOND))


def level(price: str, quantity: str) -> tuple[Price, Quantity]:
    return parse_price(price), parse_quantity(quantity)


def _outcome(word: str) -> Outcome:
    return "yes" if word == "yes" else "no"


def _action(word: str) -> Action:
    return "buy" if word == "buy" else "sell"
