"""Do the list, the stream and the money of the simulated Kalshi agree, whatever members do?

Seeded histories of two members over the wire: orders of every kind, batches, amendments, cancels,
groups, pauses, settlements, with reads that lag.
"""

import json
from collections import defaultdict
from decimal import Decimal
from random import Random

import pytest

from foreshock.adapters.sim.kalshi_rules import KalshiRules
from foreshock.core.domain.units import MICRO, Duration, Money, Price
from tests.unit.adapters.sim.face_scenario import T0
from tests.unit.adapters.sim.kalshi_scene import (
    BITCOIN,
    CASH,
    FED,
    FED_HIGHER,
    MEMBERS,
    ORDERS,
    Json,
    Scene,
    order,
)

STEPS = 600
LAG_MAX = Duration(400_000)
COIN_CASH = Money(500 * MICRO)
TICKERS = (FED, FED, FED_HIGHER, BITCOIN)
LIFETIMES = ("gtc", "gtc", "gtc", "ioc", "fok")
ALLOWED = {200, 201, 204, 400, 404, 409}


class Crowd:
    """Two members who do anything at random, and everything that they were told."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.venue = Scene(KalshiRules(lag_max=LAG_MAX, seed=seed))
        self.frames: dict[str, list[Json]] = {member: [] for member in MEMBERS}
        self.acknowledged: dict[str, list[Json]] = {member: [] for member in MEMBERS}
        self.groups: dict[str, list[str]] = {member: [] for member in MEMBERS}
        self.statuses: set[int] = set()
        for member in MEMBERS:
            self.venue.face.fund(member, 2, COIN_CASH, T0)
            self.venue.connect("fill", "user_orders", "market_positions", member=member)

    def run(self) -> None:
        for _ in range(STEPS):
            member = self.rng.choice(list(MEMBERS))
            act = self.rng.choices(
                (self.place, self.batch, self.amend, self.cancel, self.group, self.pause),
                (75, 5, 12, 6, 1, 1),
            )[0]
            act(member)
            self.venue.wait(self.rng.random() / 8)
            self.listen()
        self.end()

    def listen(self) -> None:
        for connection, text in self.venue.face.take_frames(self.venue.now_us):
            self.frames[list(MEMBERS)[connection - 1]].append(json.loads(text))

    def call(self, method: str, path: str, body: object, member: str) -> Json:
        answer = self.venue.call(method, path, body, member)
        assert answer.status in ALLOWED, answer
        self.statuses.add(answer.status)
        return json.loads(answer.body or b"{}")

    def body(self, member: str) -> Json:
        rng = self.rng
        lifetime = rng.choice(LIFETIMES)
        words = f"{rng.choice(('bid', 'ask'))} {rng.randrange(1, 3_000) / 100:.2f} at "
        words += f"{rng.randrange(40, 61) / 100:.2f} {lifetime}"
        changes: Json = {
            "ticker": rng.choice(TICKERS),
            "self_trade_prevention_type": rng.choice(("maker", "taker_at_cross")),
            "post_only": rng.random() < 0.1,
            "reduce_only": lifetime == "ioc" and rng.random() < 0.3,
            "cancel_order_on_pause": rng.random() < 0.3,
        }
        if rng.random() < 0.2:
            changes["client_order_id"] = f"c{rng.randrange(30)}"
        if lifetime == "gtc" and rng.random() < 0.2:
            changes["expiration_time"] = self.venue.now_us // MICRO + rng.randrange(1, 20)
        if self.groups[member] and changes["ticker"] != BITCOIN and rng.random() < 0.3:
            changes["order_group_id"] = rng.choice(self.groups[member])
        return order(words, **changes)

    def place(self, member: str) -> None:
        told = self.call("POST", ORDERS, self.body(member), member)
        if "order_id" in told:
            self.acknowledged[member].append(told)

    def batch(self, member: str) -> None:
        orders = [self.body(member) for _ in range(self.rng.randrange(1, 5))]
        told = self.call("POST", f"{ORDERS}/batched", {"orders": orders}, member)
        self.acknowledged[member] += [o for o in told.get("orders", ()) if "error" not in o]

    def known(self, member: str) -> str:
        told = self.acknowledged[member]
        return self.rng.choice(told[-12:])["order_id"] if told else "unknown"

    def amend(self, member: str) -> None:
        state = self.venue.exchange.order(order_id := self.known(member))
        if state is None:
            return
        body = {
            "ticker": state.native_id,
            "side": state.side,
            "price": f"{self.rng.randrange(40, 61) / 100:.2f}",
            "count": f"{self.rng.randrange(1, 4_000) / 100:.2f}",
        }
        self.call("POST", f"{ORDERS}/{order_id}/amend", body, member)

    def cancel(self, member: str) -> None:
        if self.rng.random() < 0.1:
            self.call("DELETE", ORDERS, None, member)
            return
        ticker = self.rng.choice(TICKERS)
        path = f"{ORDERS}/{self.known(member)}?market_ticker={ticker}"
        self.call("DELETE", path, None, member)

    def group(self, member: str) -> None:
        root = "/portfolio/order_groups"
        if len(self.groups[member]) < 2:
            told = self.call("POST", f"{root}/create", {"contracts_limit": 20}, member)
            self.groups[member].append(told["order_group_id"])
            return
        name = self.rng.choice(self.groups[member])
        self.call("PUT", f"{root}/{name}/{self.rng.choice(('reset', 'trigger'))}", {}, member)

    def pause(self, _member: str) -> None:
        exchange, ticker = self.venue.exchange, self.rng.choice(TICKERS)
        if exchange.market(ticker).status == "open":
            exchange.pause(ticker, self.venue.now_us)
        else:
            exchange.open_market(ticker, self.venue.now_us)

    def end(self) -> None:
        """One market is settled, the others stay; then reads catch up."""
        exchange, now_us = self.venue.exchange, self.venue.now_us
        exchange.close(FED_HIGHER, now_us)
        exchange.propose(FED_HIGHER, Price(self.rng.choice((0, 300_000, MICRO))), now_us)
        exchange.settle(FED_HIGHER, now_us)
        self.listen()
        self.venue.wait(60)
        self.listen()
        self.venue.read("/exchange/status")
        self.venue.wait(1)


@pytest.fixture(params=range(6), scope="module")
def crowd(request: pytest.FixtureRequest) -> Crowd:
    made = Crowd(request.param)
    made.run()
    return made


def pages(crowd: Crowd, path: str, rows: str, member: str) -> list[Json]:
    found: list[Json] = []
    cursor = ""
    while True:
        page = crowd.venue.read(f"{path}?limit=50&cursor={cursor}", member)
        found += page[rows]
        cursor = page["cursor"]
        if not cursor:
            return found


def test_every_kind_of_answer_was_seen(crowd: Crowd) -> None:
    assert crowd.statuses >= {200, 201, 400, 404}
    assert len(pages(crowd, "/portfolio/fills", "fills", "ann")) > 20


def test_no_dollar_and_no_contract_is_lost(crowd: Crowd) -> None:
    assert sum(crowd.venue.exchange.totals()) == 2 * (CASH + COIN_CASH)
    held: dict[str, Decimal] = defaultdict(Decimal)
    for member in MEMBERS:
        for row in pages(crowd, "/portfolio/positions", "market_positions", member):
            held[row["ticker"]] += Decimal(row["position_fp"])
    assert set(held.values()) <= {Decimal(0)}


@pytest.mark.parametrize("member", MEMBERS)
def test_orders_fills_and_positions_agree(crowd: Crowd, member: str) -> None:
    orders = pages(crowd, "/portfolio/orders", "orders", member)
    fills = pages(crowd, "/portfolio/fills", "fills", member)
    assert len({row["order_id"] for row in orders}) == len(orders)
    assert len({(row["trade_id"], row["order_id"]) for row in fills}) == len(fills)
    filled: dict[str, Decimal] = defaultdict(Decimal)
    fees: dict[str, Decimal] = defaultdict(Decimal)
    net: dict[str, Decimal] = defaultdict(Decimal)
    for row in fills:
        count = Decimal(row["count_fp"])
        filled[row["order_id"]] += count
        fees[row["order_id"]] += Decimal(row["fee_cost"])
        net[row["ticker"]] += count if row["book_side"] == "bid" else -count
    for row in orders:
        paid = Decimal(row["taker_fees_dollars"]) + Decimal(row["maker_fees_dollars"])
        assert filled[row["order_id"]] == Decimal(row["fill_count_fp"])
        assert fees[row["order_id"]] == paid
        left = Decimal(row["remaining_count_fp"])
        assert (left > 0) == (row["status"] == "resting")
    rows = pages(crowd, "/portfolio/positions", "market_positions", member)
    assert {r["ticker"]: Decimal(r["position_fp"]) for r in rows} == {
        ticker: count for ticker, count in net.items() if ticker != FED_HIGHER
    }


@pytest.mark.parametrize("member", MEMBERS)
def test_the_stream_told_all_that_the_lists_tell(crowd: Crowd, member: str) -> None:
    said: dict[str, list[Json]] = defaultdict(list)
    for frame in crowd.frames[member]:
        said[frame["type"]].append(frame["msg"])
    fills = pages(crowd, "/portfolio/fills", "fills", member)
    keys = ("trade_id", "order_id", "count_fp", "fee_cost", "yes_price_dollars", "is_taker")
    assert {tuple(row[k] for k in keys) for row in said["fill"]} == {
        tuple(row[k] for k in keys) for row in fills
    }
    assert len(said["fill"]) == len(fills)
    last = {row["order_id"]: row for row in said["user_order"]}
    keys = (
        "status",
        "fill_count_fp",
        "remaining_count_fp",
        "yes_price_dollars",
        "initial_count_fp",
    )
    for row in pages(crowd, "/portfolio/orders", "orders", member):
        assert [last[row["order_id"]][k] for k in keys] == [row[k] for k in keys]
    position = {row["market_ticker"]: row["position_fp"] for row in said["market_position"]}
    for row in pages(crowd, "/portfolio/positions", "market_positions", member):
        assert position[row["ticker"]] == row["position_fp"]


@pytest.mark.parametrize("member", MEMBERS)
def test_what_was_acknowledged_is_in_the_list(crowd: Crowd, member: str) -> None:
    listed = {o["order_id"] for o in pages(crowd, "/portfolio/orders", "orders", member)}
    assert {told["order_id"] for told in crowd.acknowledged[member]} == listed


@pytest.mark.parametrize("member", MEMBERS)
def test_cash_is_what_trades_and_settlements_left(crowd: Crowd, member: str) -> None:
    """Bought contracts cost their price and fee; a pair of opposite ones pays a dollar."""
    cash = Decimal(CASH + COIN_CASH) / MICRO
    legs: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in reversed(pages(crowd, "/portfolio/fills", "fills", member)):
        count = Decimal(row["count_fp"])
        is_bid = row["book_side"] == "bid"
        price = Decimal(row["yes_price_dollars" if is_bid else "no_price_dollars"])
        cash -= count * price + Decimal(row["fee_cost"])
        legs[row["ticker"]][0 if is_bid else 1] += count
    cash += sum(min(yes, no) for yes, no in legs.values())
    accounts = crowd.venue.face.members.accounts(member).values()
    paid = sum(
        settled.revenue
        for account in accounts
        for settled in crowd.venue.exchange.settlements(account)
    )
    held = sum(crowd.venue.exchange.balances(account).cash for account in accounts)
    assert cash + Decimal(paid) / MICRO == Decimal(held) / MICRO
