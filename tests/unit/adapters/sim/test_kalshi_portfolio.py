"""Do a member's reads tell its money, orders, fills, positions and settlements, and when?"""

import json
from pathlib import Path
from typing import Any

import pytest

from foreshock.adapters.sim.kalshi_account_objects import REASONS
from foreshock.adapters.sim.kalshi_members import Members, user_id
from foreshock.adapters.sim.kalshi_portfolio import Portfolio
from foreshock.adapters.sim.kalshi_records import ENDED_KEPT_MAX, Records
from foreshock.adapters.sim.kalshi_rules import KalshiRules
from foreshock.adapters.sim.wire_text import iso
from foreshock.core.domain.units import MICRO, SECOND, Duration, Money, Price
from tests.unit.adapters.sim.face_scenario import T0
from tests.unit.adapters.sim.kalshi_scene import (
    BITCOIN,
    FED,
    FED_HIGHER,
    ORDERS,
    Scene,
    error,
    lagging,
)

Json = dict[str, Any]
TRANSFER = "/portfolio/intra_exchange_instance_transfer"


@pytest.fixture
def venue() -> Scene:
    return Scene()


@pytest.fixture
def demo(shared_wire: Path) -> Path:
    return shared_wire / "kalshi" / "fortuna_demo_2026-06-11"


def recorded(demo: Path, name: str) -> Json:
    return json.loads((demo / f"{name}.json").read_text(encoding="utf8"))


def trade(venue: Scene, count: int, price: str, ticker: str = FED) -> None:
    """Ann buys YES from bob."""
    venue.place(f"ask {count} at {price} gtc", "bob", ticker=ticker)
    venue.place(f"bid {count} at {price} ioc", ticker=ticker)


def settle(venue: Scene, payout: int, ticker: str = FED) -> None:
    venue.exchange.close(ticker, venue.now_us)
    venue.exchange.propose(ticker, Price(payout), venue.now_us)
    venue.exchange.settle(ticker, venue.now_us)


# ---- shapes as recorded


def test_reads_have_the_recorded_keys(venue: Scene, demo: Path) -> None:
    trade(venue, 3, "0.52")
    for path, name, rows in (
        ("/portfolio/orders", "portfolio__orders_list", "orders"),
        ("/portfolio/fills", "fills__after_taker", "fills"),
        ("/portfolio/positions", "portfolio__positions", "market_positions"),
        ("/portfolio/positions", "portfolio__positions", "event_positions"),
    ):
        found, wanted = venue.read(path), recorded(demo, name)
        gone = {"resting_orders_count"}
        assert list(found) == list(wanted)
        assert wanted[rows][0].keys() - gone <= found[rows][0].keys()
        for key, value in wanted[rows][0].items():
            assert key in gone or type(found[rows][0][key]) is type(value), key
            if key.endswith(("_dollars", "_fp", "fee_cost")) and key not in gone:
                digits = value.split(".")[1]
                assert len(found[rows][0][key].split(".")[1]) == len(digits), key
    balance = recorded(demo, "auth__balance_ok")
    assert list(venue.read("/portfolio/balance")) == list(balance)
    assert venue.read("/portfolio/settlements") == recorded(demo, "settlements__page")
    assert list(venue.read("/account/limits")) == list(recorded(demo, "account__limits"))


def test_settlements_read_as_in_production(venue: Scene, shared_wire: Path) -> None:
    folder = shared_wire / "kalshi" / "josephsapinoso_kalshi-cockpit_2026-08"
    text = (folder / "portfolio_settlements_redacted.json").read_text(encoding="utf8")
    wanted = json.loads(text)["payload"]["settlements"][0]
    trade(venue, 10, "0.04")
    settle(venue, 0)
    (found,) = venue.read("/portfolio/settlements")["settlements"]
    assert found.keys() - wanted.keys() == {"exchange_index"}
    assert wanted.keys() <= found.keys()
    for name in ("market_result", "no_count_fp", "no_total_cost_dollars", "revenue", "value"):
        assert found[name] == wanted[name], name
    assert (found["yes_count_fp"], found["yes_total_cost_dollars"]) == ("10.00", "0.400000")
    assert found["fee_cost"] == wanted["fee_cost"] == "0.026900"


# ---- money, as on the demo in July 2026: two accounts, balances to a hundredth of a cent


def cash(venue: Scene, member: str) -> str:
    return venue.read("/portfolio/balance", member)["balance_dollars"]


def position(venue: Scene, member: str) -> Json:
    (found,) = venue.read("/portfolio/positions?ticker=" + FED, member)["market_positions"]
    return found


def test_opposite_contracts_net_at_once(venue: Scene) -> None:
    venue.place("bid 1 at 0.48 gtc")
    venue.place("ask 1 at 0.48 ioc", "bob")
    assert (cash(venue, "ann"), cash(venue, "bob")) == ("9999.5200", "9999.4625")
    assert position(venue, "ann")["market_exposure_dollars"] == "0.480000"
    assert position(venue, "bob")["position_fp"] == "-1.00"
    assert position(venue, "bob")["market_exposure_dollars"] == "0.520000"
    venue.place("ask 1 at 0.52 gtc")
    venue.place("bid 1 at 0.52 ioc", "bob")
    assert (cash(venue, "ann"), cash(venue, "bob")) == ("10000.0400", "9999.9250")
    mine, theirs = position(venue, "ann"), position(venue, "bob")
    assert (mine["position_fp"], mine["realized_pnl_dollars"]) == ("0.00", "0.040000")
    assert mine["total_traded_dollars"] == "0.960000"
    assert theirs["realized_pnl_dollars"] == "-0.040000"
    assert theirs["fees_paid_dollars"] == "0.035000"
    assert theirs["total_traded_dollars"] == "1.040000"


def test_the_balance_leaves_out_what_orders_would_cost(venue: Scene) -> None:
    venue.place("bid 10 at 0.40 gtc")
    told = venue.read("/portfolio/balance")
    assert (told["balance"], told["balance_dollars"]) == (999_600, "9996.0000")
    trade(venue, 3, "0.50")
    told = venue.read("/portfolio/balance")
    assert told["portfolio_value"] == 150
    assert told["updated_ts"] == T0 // SECOND


def test_balances_are_told_by_shard(venue: Scene) -> None:
    venue.face.fund("ann", 2, Money(7 * MICRO), T0)
    told = venue.read("/portfolio/balance")
    assert told["balance_breakdown"] == [
        {"exchange_index": 0, "balance": "10000.0000"},
        {"exchange_index": 2, "balance": "7.0000"},
    ]
    assert told["balance_dollars"] == "10007.0000"
    assert venue.read("/portfolio/balance?exchange_index=2")["balance"] == 700
    assert error(venue.call("GET", "/portfolio/balance?exchange_index=two"))[0] == 400


def test_cash_moves_between_shards(venue: Scene) -> None:
    body = {
        "source": "event_contract",
        "destination": "event_contract",
        "amount": 1_500_000,
        "destination_exchange_shard": 2,
        "client_transfer_id": "t",
    }
    assert "transfer_id" in json.loads(venue.call("POST", TRANSFER, body).body)
    assert error(venue.call("POST", TRANSFER, body))[0] == 409
    breakdown = venue.read("/portfolio/balance")["balance_breakdown"]
    assert [shard["balance"] for shard in breakdown] == ["9850.0000", "150.0000"]
    more = body | {"client_transfer_id": "u", "amount": 99_000_000}
    assert error(venue.call("POST", TRANSFER, more))[:2] == (400, "insufficient_balance")
    for change in ({"destination": "margined"}, {"amount": 0}, {"destination_exchange_shard": 0}):
        assert (
            error(venue.call("POST", TRANSFER, body | {"client_transfer_id": "v"} | change))[0]
            == 400
        )


# ---- lists


def test_lists_come_newest_first_in_pages(venue: Scene) -> None:
    ids: list[str] = []
    for _ in range(5):
        ids.append(venue.place("bid 1 at 0.10 gtc")["order_id"])
        venue.wait(1)
    first = venue.read("/portfolio/orders?limit=3")
    second = venue.read(f"/portfolio/orders?limit=3&cursor={first['cursor']}")
    found = [order["order_id"] for page in (first, second) for order in page["orders"]]
    assert found == ids[::-1]
    assert second["cursor"] == ""
    assert venue.read("/portfolio/orders?cursor=garbage")["orders"][0]["order_id"] == ids[-1]
    too_many = json.loads(venue.call("GET", "/portfolio/fills?limit=1001").body)
    assert "'GetFillsParams.Limit'" in too_many["msg"]


def test_orders_can_be_filtered(venue: Scene) -> None:
    venue.face.fund("ann", 2, Money(MICRO), T0)
    resting = venue.place("bid 1 at 0.10 gtc")["order_id"]
    ended = venue.place("bid 1 at 0.10 gtc", ticker=FED_HIGHER)["order_id"]
    coin = venue.place("bid 1 at 0.10 gtc", ticker=BITCOIN)["order_id"]
    venue.call("DELETE", f"{ORDERS}/{ended}")
    for query, wanted in (
        ("status=resting", {resting, coin}),
        ("status=canceled", {ended}),
        ("status=nonsense", set[str]()),
        (f"ticker={FED}", {resting}),
        ("event_ticker=KXFED-26DEC", {resting, ended}),
        ("event_ticker=KXFED-26DEC,KXBTCD-26DEC", {resting, ended, coin}),
        ("exchange_index=2", {coin}),
        (f"min_ts={T0 // SECOND + 1}", set[str]()),
        (f"max_ts={T0 // SECOND + 1}", {resting, ended, coin}),
    ):
        found = venue.read(f"/portfolio/orders?{query}")["orders"]
        assert {order["order_id"] for order in found} == wanted, query
    many = ",".join(f"T{n}" for n in range(101))
    assert error(venue.call("GET", f"/portfolio/orders?event_ticker={many}"))[0] == 400


def test_fills_tell_price_fee_and_side(venue: Scene) -> None:
    trade(venue, 15, "0.74")
    mine, theirs = (venue.read("/portfolio/fills", m)["fills"][0] for m in ("ann", "bob"))
    assert (mine["is_taker"], theirs["is_taker"]) == (True, False)
    assert (mine["fee_cost"], theirs["fee_cost"]) == ("0.202100", "0.000000")
    assert mine["trade_id"] == theirs["trade_id"] == mine["fill_id"]
    assert (theirs["side"], theirs["action"], theirs["book_side"]) == ("no", "buy", "ask")
    public = venue.read(f"/markets/trades?ticker={FED}")["trades"][0]
    assert public["trade_id"] == mine["trade_id"]
    by_order = venue.read(f"/portfolio/fills?order_id={mine['order_id']}")["fills"]
    assert [fill["order_id"] for fill in by_order] == [mine["order_id"]]
    assert venue.read(f"/portfolio/fills?ticker={FED_HIGHER}")["fills"] == []


def test_queue_positions_count_what_trades_before(venue: Scene) -> None:
    venue.place("bid 7 at 0.40 gtc", "bob")
    mine = venue.place("bid 1 at 0.40 gtc")["order_id"]
    path = f"/portfolio/orders/{mine}/queue_position"
    assert venue.read(path) == {"queue_position_fp": "7.00"}
    for query in (f"market_tickers={FED},X", "event_ticker=KXFED-26DEC"):
        (told,) = venue.read(f"/portfolio/orders/queue_positions?{query}")["queue_positions"]
        assert told == {"order_id": mine, "market_ticker": FED, "queue_position_fp": "7.00"}
    assert error(venue.call("GET", "/portfolio/orders/queue_positions"))[0] == 400
    venue.call("DELETE", f"{ORDERS}/{mine}")
    assert error(venue.call("GET", path))[0] == 404


def test_what_is_not_simulated_says_so(venue: Scene) -> None:
    assert venue.read("/portfolio/deposits") == {"deposits": [], "cursor": ""}
    value = venue.call("GET", "/portfolio/summary/total_resting_order_value")
    assert value.status == 403
    assert venue.call("GET", "/portfolio/unheard_of").status == 404


# ---- settlement


@pytest.mark.parametrize(
    ("payout", "result", "revenue", "value"),
    [(MICRO, "yes", 1500, 100), (0, "no", 0, 0), (500_000, "scalar", 750, 50)],
)
def test_a_settled_position_is_paid_and_leaves_the_list(
    venue: Scene, payout: int, result: str, revenue: int, value: int
) -> None:
    trade(venue, 15, "0.74")
    before = venue.read("/portfolio/balance")["balance_dollars"]
    settle(venue, payout)
    (row,) = venue.read("/portfolio/settlements")["settlements"]
    assert (row["market_result"], row["revenue"], row["value"]) == (result, revenue, value)
    assert (row["yes_count_fp"], row["fee_cost"]) == ("15.00", "0.202100")
    gained = float(cash(venue, "ann")) - float(before)
    assert gained == pytest.approx(revenue / 100)
    assert venue.read("/portfolio/positions")["market_positions"] == []
    (settled,) = venue.read("/portfolio/positions?settlement_status=settled")["market_positions"]
    assert (settled["position_fp"], settled["market_exposure_dollars"]) == ("0.00", "0.000000")
    assert settled["realized_pnl_dollars"] == f"{revenue / 100 - 11.1:.6f}"
    assert len(venue.read("/portfolio/positions?settlement_status=all")["market_positions"]) == 1
    assert venue.call("GET", "/portfolio/positions?settlement_status=odd").status == 400


def test_closed_positions_can_be_left_out(venue: Scene) -> None:
    trade(venue, 2, "0.50")
    venue.place("bid 2 at 0.50 gtc", "bob")
    venue.place("ask 2 at 0.50 ioc")
    assert position(venue, "ann")["position_fp"] == "0.00"
    assert venue.read("/portfolio/positions?count_filter=position")["market_positions"] == []
    assert venue.read("/portfolio/positions?count_filter=total_traded")["market_positions"]


# ---- the archive


def test_old_orders_and_fills_move_to_the_archive() -> None:
    venue = Scene(KalshiRules(live_window=Duration(60 * SECOND)))
    trade(venue, 1, "0.50")
    resting = venue.place("bid 1 at 0.10 gtc")["order_id"]
    trade(venue, 1, "0.50", FED_HIGHER)
    settle(venue, MICRO, FED_HIGHER)
    assert venue.read("/historical/orders")["orders"] == []
    venue.wait(61)
    assert [o["order_id"] for o in venue.read("/portfolio/orders")["orders"]] == [resting]
    old = venue.read("/historical/orders")["orders"]
    assert {order["status"] for order in old} == {"executed"}
    assert venue.call("GET", f"/portfolio/orders/{old[0]['order_id']}").status == 404
    assert venue.read("/portfolio/fills")["fills"] == []
    assert len(venue.read("/historical/fills")["fills"]) == 2
    assert venue.read("/portfolio/positions?settlement_status=settled")["market_positions"] == []
    (gone,) = venue.read("/historical/positions")["market_positions"]
    assert gone["ticker"] == FED_HIGHER
    cutoff = venue.read("/historical/cutoff")
    assert len(cutoff) == 4
    assert set(cutoff.values()) == {cutoff["orders_updated_ts"]}


# ---- lag


def test_reads_trail_writes_by_the_lag_and_never_disagree_for_good() -> None:
    venue = Scene(lagging(500, seed=3))
    placed = venue.place("bid 1 at 0.10 gtc")["order_id"]
    assert venue.call("GET", f"/portfolio/orders/{placed}").status == 404
    assert venue.read("/exchange/user_data_timestamp")["as_of_time"] == iso(T0 - 1)
    venue.wait(0.5)
    assert venue.read("/exchange/user_data_timestamp")["as_of_time"] == iso(venue.now_us)
    assert venue.order(placed)["status"] == "resting"
    venue.call("DELETE", f"{ORDERS}/{placed}")
    assert venue.order(placed)["status"] == "resting"
    assert venue.call("DELETE", f"{ORDERS}/{placed}").status == 404
    venue.wait(0.5)
    assert venue.order(placed)["status"] == "canceled"


@pytest.mark.parametrize("seed", range(5))
def test_lagging_reads_go_through_states_in_their_order(seed: int) -> None:
    venue = Scene(lagging(400, seed))
    placed = venue.place("bid 10 at 0.50 gtc")["order_id"]
    seen: list[tuple[str, str]] = []
    for _ in range(5):
        venue.place("ask 2 at 0.50 ioc", "bob")
        for _ in range(10):
            venue.wait(0.02)
            answer = venue.call("GET", f"/portfolio/orders/{placed}")
            if answer.status == 200:
                told = json.loads(answer.body)["order"]
                seen.append((told["fill_count_fp"].zfill(6), told["status"]))
    venue.wait(0.4)
    assert seen == sorted(seen, key=lambda row: row[0])
    assert venue.order(placed)["fill_count_fp"] == "10.00"
    assert venue.read("/portfolio/positions")["market_positions"][0]["position_fp"] == "10.00"
    assert len(venue.read("/portfolio/fills")["fills"]) == 5


def test_the_same_seed_lags_alike() -> None:
    def waits(seed: int) -> list[int]:
        venue, found = Scene(lagging(300, seed)), list[int]()
        for _ in range(5):
            placed = venue.place("bid 1 at 0.10 gtc")["order_id"]
            while venue.call("GET", f"/portfolio/orders/{placed}").status == 404:
                venue.wait(0.001)
            found.append(venue.now_us)
        return found

    assert waits(1) == waits(1) != waits(2)


def test_the_parts_stand_alone(venue: Scene) -> None:
    members = Members(venue.exchange)
    members.open("cy", {0: Money(5)})
    records = Records(venue.exchange, members, Duration(0), 0)
    portfolio = Portfolio(venue.exchange, members, records, Duration(1))
    assert portfolio.cutoff(T0).status == 200
    assert user_id("cy") != user_id("ann")
    assert records.shown("cy", T0).snapshot.balances == {0: 5}
    assert len(REASONS) < ENDED_KEPT_MAX
    with pytest.raises(KeyError):
        members.account("nobody", 0)
