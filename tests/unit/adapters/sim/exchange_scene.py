"""One small exchange, short words for orders, and the checks that hold after every step."""

from pathlib import Path

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_fees import packed_fees
from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    FeeFunction,
    LevelChanged,
    OrderRefused,
    OrderRequest,
    OrderState,
    VenuePolicy,
)
from foreshock.app.fee_packs import load_fee_packs
from foreshock.core.domain.markets import Action, CurveFee, FeeTerms, Outcome, SeriesFee
from foreshock.core.domain.units import MICRO, Instant, Money, Price, Quantity
from tests.unit.adapters.sim.face_scenario import T0, event_info, free, listing

ROOT = Path(__file__).resolve().parents[4]
MARKET = "M"
RICH = Money(1_000_000 * MICRO)
POLICIES = (KALSHI_POLICY, POLYMARKET_POLICY)
FEES: dict[str, FeeTerms] = {
    "kalshi": SeriesFee("quadratic_with_maker_fees", MICRO),
    "polymarket": CurveFee(70_000, 1),
}


def real_fees() -> FeeFunction:
    return packed_fees(load_fee_packs(ROOT / "config" / "fees"))


def exchange(
    policy: VenuePolicy, fee_of: FeeFunction = free, cash: Money = RICH, market: str = MARKET
) -> Exchange:
    """One open market; the accounts ann, bob and cy."""
    made = Exchange(policy, fee_of)
    info = event_info(1, "EVENT", exclusive=False)
    made.list_market(listing(policy.venue, market, 1, info, FEES[policy.venue]), T0)
    made.open_market(market, T0)
    for account in ("ann", "bob", "cy"):
        made.open_account(account, cash)
    made.take_events()
    return made


def request(words: str, account: str = "ann", /, **changes: object) -> OrderRequest:
    """`request("buy yes 10 at 0.40")`; contracts and dollars."""
    action, outcome, contracts, _, price = words.split()
    terms: dict[str, object] = {
        "account": account,
        "native_id": MARKET,
        "outcome": outcome,
        "action": action,
        "price": round(float(price) * MICRO),
        "quantity": round(float(contracts) * MICRO),
    }
    return OrderRequest(**(terms | changes))  # pyright: ignore[reportArgumentType]  # words become fields


def placed(found: OrderState | OrderRefused) -> OrderState:
    assert isinstance(found, OrderState), found
    return found


def refused(found: OrderState | OrderRefused) -> str:
    assert isinstance(found, OrderRefused), found
    return found.code


def at(seconds: float) -> Instant:
    return Instant(T0 + round(seconds * MICRO))


def contracts(count: float) -> Quantity:
    return Quantity(round(count * MICRO))


def dollars(amount: float) -> Money:
    return Money(round(amount * MICRO))


def price(amount: float) -> Price:
    return Price(round(amount * MICRO))


def check_money(venue: Exchange, deposits: int) -> None:
    """Double entry, and nobody owes: holds after every step."""
    cash, vault, fees = venue.totals()
    assert cash + vault + fees == deposits
    totals: dict[str, list[int]] = {}
    for account in venue.accounts():
        balance = venue.balances(account)
        assert balance.cash >= 0
        assert balance.reserved >= 0
        assert balance.available >= 0
        for position in venue.positions(account):
            assert position.yes >= 0
            assert position.no >= 0
            assert not (venue.policy.nets and position.yes and position.no)
            pair = totals.setdefault(position.native_id, [0, 0])
            pair[0] += position.yes
            pair[1] += position.no
    for native_id, (yes, no) in totals.items():
        assert yes == no == venue.market(native_id).open_interest


def check_book(venue: Exchange, native_id: str = MARKET) -> None:
    """Levels are the sums of resting orders, best first, and never cross."""
    bids, asks = venue.levels(native_id, "bid"), venue.levels(native_id, "ask")
    assert [p for p, _ in bids] == sorted((p for p, _ in bids), reverse=True)
    assert [p for p, _ in asks] == sorted(p for p, _ in asks)
    assert not (bids and asks and bids[0][0] >= asks[0][0])
    sums: dict[tuple[str, int], int] = {}
    for account in venue.accounts():
        for order in venue.orders(account):
            if order.status == "resting" and order.native_id == native_id:
                key = (order.side, order.yes_price)
                sums[key] = sums.get(key, 0) + order.remaining
    shown = {("bid", p): q for p, q in bids} | {("ask", p): q for p, q in asks}
    assert sums == shown


class Watcher:
    """Folds the public events as a client would; must always agree with the book."""

    def __init__(self) -> None:
        self.levels: dict[tuple[str, int], int] = {}
        self.clock = 0
        self.event_us = 0

    def look(self, venue: Exchange, native_id: str = MARKET) -> None:
        for event in venue.take_events():
            if event.native_id != native_id:
                continue
            assert event.clock > self.clock
            assert event.event_us >= self.event_us
            self.clock, self.event_us = event.clock, event.event_us
            if isinstance(event, LevelChanged):
                key = (event.side, event.price)
                total = self.levels.pop(key, 0) + event.delta
                assert total == event.total >= 0
                if total:
                    self.levels[key] = total
        bids, asks = venue.levels(native_id, "bid"), venue.levels(native_id, "ask")
        assert self.levels == {("bid", p): q for p, q in bids} | {("ask", p): q for p, q in asks}


OUTCOMES: tuple[Outcome, ...] = ("yes", "no")
ACTIONS: tuple[Action, ...] = ("buy", "sell")
