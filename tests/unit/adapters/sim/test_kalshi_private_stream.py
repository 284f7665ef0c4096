"""Does a member's stream tell of its orders, fills, positions and groups, and of nobody else's?"""

import json
from collections import Counter

import pytest

from foreshock.adapters.sim.kalshi_commands import PRIVATE
from foreshock.core.domain.units import MICRO, Money
from tests.unit.adapters.sim.face_scenario import T0
from tests.unit.adapters.sim.kalshi_scene import BITCOIN, FED, FED_HIGHER, ORDERS, Json, Scene

# Required keys by AsyncAPI 2.0.0 (October 2026).
KEYS = {
    "fill": "trade_id order_id market_ticker exchange_index is_taker yes_price_dollars count_fp "
    "fee_cost post_position_fp outcome_side book_side side action purchased_side ts_ms ts",
    "market_position": "user_id market_ticker position_fp position_cost_dollars "
    "realized_pnl_dollars fees_paid_dollars position_fee_cost_dollars volume_fp",
    "user_order": "order_id user_id ticker exchange_index status side is_yes outcome_side "
    "book_side yes_price_dollars fill_count_fp remaining_count_fp initial_count_fp "
    "taker_fill_cost_dollars maker_fill_cost_dollars taker_fees_dollars maker_fees_dollars "
    "client_order_id created_time created_ts_ms",
    "order_group_updates": "event_type order_group_id ts_ms",
}


@pytest.fixture
def venue() -> Scene:
    return Scene()


def of(frames: list[Json], kind: str) -> list[Json]:
    return [frame["msg"] for frame in frames if frame["type"] == kind]


def test_a_trade_is_told_on_every_channel(venue: Scene) -> None:
    venue.place("ask 5 at 0.50 gtc", "bob")
    venue.told()
    venue.connect(*PRIVATE)
    placed = venue.place("bid 3 at 0.50 gtc", client_order_id="mine")
    frames = venue.told()
    kinds = Counter(frame["type"] for frame in frames)
    assert kinds == {"user_order": 1, "fill": 1, "market_position": 1}
    for frame in frames:
        assert set(KEYS[frame["type"]].split()) <= frame["msg"].keys()
        assert "seq" not in frame
    (order,), (fill,) = of(frames, "user_order"), of(frames, "fill")
    assert (order["status"], order["last_update_reason"]) == ("executed", "Trade")
    assert order["order_id"] == fill["order_id"] == placed["order_id"]
    assert (fill["client_order_id"], fill["post_position_fp"]) == ("mine", "3.00")
    assert fill["fee_cost"] == "0.052500"
    (held,) = of(frames, "market_position")
    assert (held["position_fp"], held["volume_fp"]) == ("3.00", "3.00")
    assert held["position_cost_dollars"] == "1.5000"


def test_the_stream_is_not_late_and_agrees_with_the_list(venue: Scene) -> None:
    venue.connect(*PRIVATE)
    venue.place("bid 3 at 0.50 gtc")
    venue.place("ask 2 at 0.50 ioc", "bob")
    frames = venue.told()
    (fill,) = venue.read("/portfolio/fills")["fills"]
    (told,) = of(frames, "fill")
    for name in ("trade_id", "order_id", "count_fp", "fee_cost", "yes_price_dollars", "book_side"):
        assert told[name] == fill[name], name
    order = venue.order(fill["order_id"])
    last = of(frames, "user_order")[-1]
    for name in ("status", "fill_count_fp", "remaining_count_fp", "maker_fill_cost_dollars"):
        assert last[name] == order[name], name


def test_nobody_hears_of_anothers_orders(venue: Scene) -> None:
    venue.connect(*PRIVATE)
    venue.place("bid 3 at 0.50 gtc", "bob")
    group = {"contracts_limit": 5}
    venue.call("POST", "/portfolio/order_groups/create", group, "bob")
    assert venue.told() == []


def test_channels_keep_to_the_markets_asked_for(venue: Scene) -> None:
    venue.connect("user_orders", "fill", market_tickers=[FED_HIGHER])
    venue.place("bid 3 at 0.50 gtc")
    assert venue.told() == []
    venue.place("bid 3 at 0.50 gtc", ticker=FED_HIGHER)
    assert len(of(venue.told(), "user_order")) == 1


def test_every_ending_has_its_reason(venue: Scene) -> None:
    venue.connect("user_orders")
    path = "bid 5 at 0.40 gtc"
    soon = T0 // MICRO + 1
    reduced = venue.place(path)["order_id"]
    venue.call("POST", f"{ORDERS}/{reduced}/decrease", {"reduce_by": "1"})
    body = {"ticker": FED, "side": "bid", "price": "0.41", "count": "4"}
    venue.call("POST", f"{ORDERS}/{reduced}/amend", body)
    venue.call("DELETE", f"{ORDERS}/{reduced}")
    venue.place(path, expiration_time=soon)
    venue.wait(2)
    venue.place(path, cancel_order_on_pause=True)
    venue.place("ask 5 at 0.40 ioc")
    posted = venue.place("bid 1 at 0.30 gtc", post_only=True)["order_id"]
    venue.place("ask 5 at 0.45 gtc", "bob")
    body = {"ticker": FED, "side": "bid", "price": "0.45", "count": "1"}
    venue.call("POST", f"{ORDERS}/{posted}/amend", body)
    venue.exchange.pause(FED, venue.now_us)
    venue.exchange.open_market(FED, venue.now_us)
    venue.place(path)
    venue.exchange.close(FED, venue.now_us)
    reasons = [o.get("last_update_reason") for o in of(venue.told(), "user_order")]
    assert reasons == [
        *(None, "Decrease", "Amend", None),
        *(None, "ExpiryCancel"),
        *(None, "SelfTradeCancel"),
        *(None, "PostOnlyCrossCancel"),
        "HaltCancel",
        *(None, "CloseCancel"),
    ]


def test_own_levels_are_named_in_the_book(venue: Scene) -> None:
    venue.connect("orderbook_delta", market_tickers=[FED])
    venue.connect("orderbook_delta", member="bob", market_tickers=[FED])
    venue.place("bid 5 at 0.40 gtc", client_order_id="mine")
    (mine,) = of(venue.told(), "orderbook_delta")
    venue.place("bid 5 at 0.40 gtc", client_order_id="mine again")
    (theirs,) = of(venue.told("bob"), "orderbook_delta")
    assert (mine["client_order_id"], mine["subaccount"]) == ("mine", 0)
    assert "client_order_id" not in theirs


def test_group_changes_are_counted(venue: Scene) -> None:
    venue.connect("order_group_updates")
    made = venue.call("POST", "/portfolio/order_groups/create", {"contracts_limit_fp": "4.00"})
    name = json.loads(made.body)["order_group_id"]
    path = f"/portfolio/order_groups/{name}"
    venue.call("PUT", f"{path}/limit", {"contracts_limit": 5})
    venue.place("bid 5 at 0.40 gtc", order_group_id=name)
    venue.place("ask 5 at 0.40 ioc", "bob")
    venue.call("PUT", f"{path}/reset")
    venue.call("DELETE", path)
    frames = venue.told()
    assert [frame["seq"] for frame in frames] == [1, 2, 3, 4, 5]
    assert [frame["msg"]["event_type"] for frame in frames] == [
        "created",
        "limit_updated",
        "triggered",
        "reset",
        "deleted",
    ]
    assert [frame["msg"].get("contracts_limit_fp") for frame in frames] == [
        *("4.00", "5.00"),
        *(None, None, None),
    ]


def test_orders_of_other_shards_are_told_with_theirs(venue: Scene) -> None:
    venue.face.fund("ann", 2, Money(5 * MICRO), T0)
    venue.connect("user_orders")
    venue.place("bid 5 at 0.40 gtc", ticker=BITCOIN)
    (order,) = of(venue.told(), "user_order")
    assert order["exchange_index"] == 2
