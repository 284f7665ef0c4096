"""Does the simulated Kalshi take, change, end and refuse orders as the live one does?"""

import json
from pathlib import Path
from typing import Any

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.kalshi_bodies import Fields
from foreshock.adapters.sim.kalshi_orders import REFUSALS, Orders
from foreshock.adapters.sim.kalshi_private import is_private
from foreshock.adapters.sim.kalshi_rules import KalshiRules
from foreshock.core.domain.units import MICRO, Duration, Money
from tests.unit.adapters.sim.face_scenario import T0, TENTH
from tests.unit.adapters.sim.kalshi_scene import (
    BITCOIN,
    FED,
    FED_HIGHER,
    ORDERS,
    Scene,
    error,
    order,
)

Json = dict[str, Any]


@pytest.fixture
def venue() -> Scene:
    return Scene()


@pytest.fixture
def demo(shared_wire: Path) -> Path:
    return shared_wire / "kalshi" / "fortuna_demo_2026-06-11"


def recorded(demo: Path, name: str) -> tuple[int, Json]:
    """Status and body of a recorded answer, less the field that was dropped in August 2026."""
    meta = json.loads((demo / f"{name}.meta.json").read_text(encoding="utf8"))
    body = json.loads((demo / f"{name}.json").read_text(encoding="utf8"))
    if isinstance(body.get("error"), dict):
        body["error"].pop("service", None)
    return meta["status"], body


def answered(answer: HttpResponse) -> tuple[int, Json]:
    return answer.status, json.loads(answer.body)


# ---- what was recorded on the demo


def test_errors_of_orders_are_the_recorded_ones(venue: Scene, demo: Path) -> None:
    venue.place("ask 5 at 0.52 gtc", "bob")
    first = venue.place("bid 1 at 0.01 gtc", client_order_id="x")
    again = venue.post("bid 1 at 0.01 gtc", client_order_id="x")
    assert answered(again) == recorded(demo, "orders__duplicate_client_order_id")
    venue.call("DELETE", f"{ORDERS}/{first['order_id']}")
    reused = venue.post("bid 1 at 0.01 gtc", client_order_id="x")
    assert answered(reused) == recorded(demo, "orders__reuse_canceled_client_id")
    crossing = venue.post("bid 1.00 at 0.9900 gtc", post_only=True)
    assert answered(crossing) == recorded(demo, "orders__post_only_cross")
    off_grid = venue.post("bid 1.00 at 0.5150 gtc", post_only=True)
    assert answered(off_grid) == recorded(demo, "orders__invalid_price_structure")
    poor = venue.post("bid 20099.00 at 0.9900 gtc")
    assert answered(poor) == recorded(demo, "orders__insufficient_balance")
    numbers = venue.call("POST", ORDERS, order("bid 1 at 0.01 gtc", count=1, price=0.01))
    assert answered(numbers) == recorded(demo, "orders__numeric_field_types")


def test_what_cannot_be_cancelled_is_not_found_whatever_became_of_it(
    venue: Scene, demo: Path
) -> None:
    venue.place("ask 5 at 0.52 gtc", "bob")
    executed = venue.place("bid 1 at 0.99 ioc")["order_id"]
    cancelled = venue.place("bid 1 at 0.01 gtc")["order_id"]
    venue.call("DELETE", f"{ORDERS}/{cancelled}")
    unknown = "00000000-0000-0000-0000-000000000000"
    answers = {
        venue.call("DELETE", f"{ORDERS}/{name}").body for name in (executed, cancelled, unknown)
    }
    assert len(answers) == 1
    again = venue.call("DELETE", f"{ORDERS}/{cancelled}")
    assert answered(again) == recorded(demo, "orders__cancel_unknown_id")


@pytest.mark.parametrize(
    ("name", "words", "changes"),
    [
        ("orders__create_v2_maker", "bid 1.00 at 0.0100 gtc", {"post_only": False}),
        ("orders__create_v2_taker_ioc", "bid 1.00 at 0.9900 ioc", {}),
    ],
)
def test_acknowledgements_read_as_recorded(
    venue: Scene, demo: Path, name: str, words: str, changes: Json
) -> None:
    venue.place("ask 5 at 0.52 gtc", "bob")
    wanted_status, wanted = recorded(demo, name)
    answer = venue.post(words, client_order_id=wanted["client_order_id"], **changes)
    found = json.loads(answer.body)
    assert answer.status == wanted_status
    assert list(found) == list(wanted)
    differs = {"order_id", "ts_ms"}
    assert {k: v for k, v in found.items() if k not in differs} == {
        k: v for k, v in wanted.items() if k not in differs
    }
    assert found["ts_ms"] == T0 // 1000


def test_an_order_that_meets_its_own_is_cancelled_and_the_resting_one_stays(
    venue: Scene, demo: Path
) -> None:
    resting = venue.place("bid 1.00 at 0.4800 gtc", post_only=True)
    wanted_status, wanted = recorded(demo, "orders__stp_self_cross")
    answer = venue.post("ask 1.00 at 0.4800 ioc", client_order_id=wanted["client_order_id"])
    found = json.loads(answer.body)
    assert answer.status == wanted_status
    assert found | {"order_id": "", "ts_ms": 0} == wanted | {"order_id": "", "ts_ms": 0}
    assert venue.order(resting["order_id"])["status"] == "resting"
    _, kept = recorded(demo, "orders__stp_resting_after")
    assert kept["order"].keys() <= venue.order(resting["order_id"]).keys()


def test_a_cancel_and_orders_read_as_recorded(venue: Scene, demo: Path) -> None:
    placed = venue.place("bid 1.00 at 0.0100 gtc")
    _, wanted = recorded(demo, "orders__get_after_create")
    found = venue.order(placed["order_id"])
    changing = {"client_order_id", "created_time", "last_update_time", "order_id", "ticker"}
    for name, value in wanted["order"].items():
        assert name in changing | {"user_id"} or found[name] == value, name
    cancelled = answered(venue.call("DELETE", f"{ORDERS}/{placed['order_id']}"))
    status, told = recorded(demo, "orders__cancel_v2")
    assert cancelled[0] == status
    assert list(cancelled[1]) == list(told)
    assert cancelled[1]["reduced_by"] == told["reduced_by"]


# ---- creating


def test_a_partial_fill_reports_averages_in_yes_prices(venue: Scene) -> None:
    venue.place("bid 4 at 0.60 gtc", "bob")
    venue.place("bid 6 at 0.50 gtc", "bob")
    sold = venue.place("ask 15 at 0.50 gtc")
    assert (sold["fill_count"], sold["remaining_count"]) == ("10.00", "5.00")
    assert sold["average_fill_price"] == "0.5400"
    fees = 4 * 0.07 * 0.6 * 0.4 + 6 * 0.07 * 0.5 * 0.5
    assert float(sold["average_fee_paid"]) == pytest.approx(fees / 10, abs=1e-5)
    seen = venue.order(sold["order_id"])
    assert (seen["side"], seen["outcome_side"], seen["book_side"]) == ("no", "no", "ask")
    assert seen["taker_fill_cost_dollars"] == "4.600000"
    assert (seen["yes_price_dollars"], seen["no_price_dollars"]) == ("0.5000", "0.5000")


def test_fractions_of_contracts_trade(venue: Scene) -> None:
    venue.place("ask 0.50 at 0.50 gtc", "bob")
    assert venue.place("bid 0.3 at 0.50 ioc")["fill_count"] == "0.30"
    assert error(venue.post("bid 0.001 at 0.50 ioc")) == (400, "invalid_parameters", "count")


def test_what_is_immediate_leaves_nothing_behind(venue: Scene) -> None:
    missed = venue.place("bid 5 at 0.40 ioc")
    assert (missed["fill_count"], missed["remaining_count"]) == ("0.00", "0.00")
    assert "average_fill_price" not in missed
    seen = venue.order(missed["order_id"])
    assert (seen["status"], seen["remaining_count_fp"], seen["initial_count_fp"]) == (
        "canceled",
        "0.00",
        "5.00",
    )


def test_a_killed_order_fills_nothing_and_uses_up_its_name(venue: Scene) -> None:
    venue.place("ask 4 at 0.40 gtc", "bob")
    killed = venue.post("bid 5 at 0.40 fok", client_order_id="k")
    assert error(killed) == (409, "fill_or_kill_insufficient_resting_volume", "")
    assert error(venue.post("bid 1 at 0.40 ioc", client_order_id="k"))[1] == "order_already_exists"
    assert venue.place("bid 4 at 0.40 fok")["fill_count"] == "4.00"
    assert venue.read("/portfolio/orders")["orders"][0]["status"] == "executed"


def test_names_are_taken_on_every_shard_and_of_nobody_else(venue: Scene) -> None:
    venue.face.fund("ann", 2, Money(100 * MICRO), T0)
    venue.place("bid 1 at 0.10 gtc", client_order_id="n")
    taken = venue.post("bid 1 at 0.10 gtc", ticker=BITCOIN, client_order_id="n")
    assert error(taken)[:2] == (409, "order_already_exists")
    assert venue.place("bid 1 at 0.10 gtc", "bob", client_order_id="n")


def test_a_refused_order_leaves_its_name_free(venue: Scene) -> None:
    assert venue.post("bid 1 at 0.515 gtc", client_order_id="n").status == 400
    assert venue.place("bid 1 at 0.51 gtc", client_order_id="n")["client_order_id"] == "n"


def test_an_order_with_an_expiry_ends_then(venue: Scene) -> None:
    expires_s = T0 // MICRO + 60
    placed = venue.place("bid 5 at 0.40 gtc", expiration_time=expires_s)
    assert "expiration_time" in venue.order(placed["order_id"])
    venue.wait(61)
    assert venue.order(placed["order_id"])["status"] == "canceled"
    late = venue.post("bid 5 at 0.40 gtc", expiration_time=expires_s)
    assert error(late)[:2] == (400, "invalid_order")
    mixed = venue.post("bid 5 at 0.40 ioc", expiration_time=expires_s + 600)
    assert error(mixed)[:2] == (400, "invalid_order")


def test_reduce_only_is_for_immediate_orders_and_stops_at_the_position(venue: Scene) -> None:
    patient = venue.post("ask 5 at 0.40 gtc", reduce_only=True)
    words = "reduce_only can only be used with IoC orders"
    assert error(patient) == (400, "invalid_order", words)
    venue.place("ask 3 at 0.50 gtc", "bob")
    venue.place("bid 3 at 0.50 ioc")
    venue.place("bid 9 at 0.45 gtc", "bob")
    sold = venue.place("ask 8 at 0.45 ioc", reduce_only=True)
    assert (sold["fill_count"], sold["remaining_count"]) == ("3.00", "0.00")
    assert error(venue.post("ask 8 at 0.45 ioc", reduce_only=True))[1] == "invalid_order"


def test_the_resting_order_yields_when_asked(venue: Scene) -> None:
    mine = venue.place("bid 5 at 0.50 gtc")
    venue.place("bid 5 at 0.50 gtc", "bob")
    sold = venue.place("ask 5 at 0.50 ioc", self_trade_prevention_type="maker")
    assert sold["fill_count"] == "5.00"
    assert venue.order(mine["order_id"])["status"] == "canceled"


def test_a_market_that_is_not_open_takes_nothing(venue: Scene) -> None:
    kept = venue.place("bid 5 at 0.50 gtc")
    flagged = venue.place("bid 5 at 0.40 gtc", cancel_order_on_pause=True)
    venue.exchange.pause(FED, T0)
    assert error(venue.post("bid 5 at 0.50 gtc"))[:2] == (400, "MARKET_NOT_ACTIVE")
    assert venue.order(kept["order_id"])["status"] == "resting"
    assert venue.order(flagged["order_id"])["status"] == "canceled"
    assert venue.call("DELETE", f"{ORDERS}/{kept['order_id']}").status == 200
    venue.exchange.close(FED, T0)
    assert error(venue.post("bid 5 at 0.50 gtc"))[:2] == (400, "MARKET_INACTIVE")
    assert error(venue.post("bid 5 at 0.50 gtc", ticker="KXNONE"))[:2] == (404, "market_not_found")


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"side": "yes"}, (400, "invalid_parameters", "side")),
        ({"side": None}, (400, "missing_parameters", "side")),
        ({"ticker": None}, (400, "missing_parameters", "ticker")),
        ({"count": "0"}, (400, "invalid_parameters", "count")),
        ({"count": "-1.00"}, (400, "invalid_parameters", "count")),
        ({"count": "ten"}, (400, "invalid_parameters", "count")),
        ({"price": "0.50001"}, (400, "invalid_parameters", "price")),
        ({"price": "0.0000"}, (400, "invalid_price", "")),
        ({"price": "1.0000"}, (400, "invalid_price", "")),
        ({"price": "1.5000"}, (400, "invalid_price", "")),
        ({"time_in_force": "gtt"}, (400, "invalid_parameters", "time_in_force")),
        ({"self_trade_prevention_type": None}, (400, "missing_parameters", "self_trade_pre")),
        ({"subaccount": 3}, (400, "invalid_parameters", "subaccount")),
        ({"exchange_index": 2}, (404, "market_not_found", "")),
        ({"order_group_id": "none"}, (404, "not_found", "")),
        ({"expiration_time": -5}, (400, "invalid_parameters", "expiration_time")),
    ],
)
def test_senseless_fields_are_refused(
    venue: Scene, change: Json, wanted: tuple[int, str, str]
) -> None:
    status, code, details = error(venue.post("bid 1 at 0.50 gtc", **change))
    assert (status, code) == wanted[:2]
    assert details.startswith(wanted[2])


@pytest.mark.parametrize(
    ("body", "details"),
    [
        (b"", "EOF"),
        (b"{", "invalid character in JSON body"),
        (b"[]", "json: cannot unmarshal array into Go value of type CreateOrderV2Request"),
        (
            b'{"post_only":"yes"}',
            "json: cannot unmarshal string into Go struct field "
            "CreateOrderV2Request.ticker of type string",
        ),
    ],
)
def test_unreadable_bodies_are_refused_flat(venue: Scene, body: bytes, details: str) -> None:
    answer = venue.call("POST", ORDERS, body)
    if body.startswith(b'{"post'):
        assert error(answer)[1] == "missing_parameters"
        return
    wanted = {"code": "bad_request", "message": "bad request", "details": details}
    assert answered(answer) == (400, wanted)


def test_values_of_a_wrong_kind_are_named_with_their_field(venue: Scene) -> None:
    changes: tuple[tuple[Json, str], ...] = (
        (
            {"post_only": "yes"},
            "string into Go struct field CreateOrderV2Request.post_only of type bool",
        ),
        ({"expiration_time": "soon"}, "CreateOrderV2Request.expiration_time of type int64"),
        ({"ticker": {}}, "object into Go struct field CreateOrderV2Request.ticker of type string"),
        ({"side": True}, "bool into Go struct field CreateOrderV2Request.side of type string"),
    )
    for change, words in changes:
        answer = venue.post("bid 1 at 0.50 gtc", **change)
        assert words in json.loads(answer.body)["details"]


def test_fields_that_the_venue_does_not_know_are_passed_over(venue: Scene) -> None:
    assert venue.place("bid 1 at 0.50 gtc", buy_max_cost="5.00", type="limit")


# ---- money on shards


def test_money_on_another_shard_does_not_count(venue: Scene) -> None:
    assert error(venue.post("bid 1 at 0.10 gtc", ticker=BITCOIN))[:2] == (
        404,
        "insufficient_shard_balance",
    )
    venue.face.fund("ann", 2, Money(MICRO), T0)
    placed = venue.place("bid 5 at 0.10 gtc", ticker=BITCOIN)
    assert venue.order(placed["order_id"])["exchange_index"] == 2
    assert error(venue.post("bid 90 at 0.10 gtc", ticker=BITCOIN))[:2] == (
        400,
        "insufficient_balance",
    )


def test_an_order_id_alone_is_looked_up_on_the_default_shard(venue: Scene) -> None:
    venue.face.fund("ann", 2, Money(10 * MICRO), T0)
    ids = [venue.place("bid 1 at 0.10 gtc", ticker=BITCOIN)["order_id"] for _ in range(3)]
    assert error(venue.call("DELETE", f"{ORDERS}/{ids[0]}"))[:2] == (404, "not_found")
    wrong = venue.call("DELETE", f"{ORDERS}/{ids[0]}?market_ticker={FED}")
    assert error(wrong)[:2] == (404, "not_found")
    unrouted = venue.call("DELETE", f"{ORDERS}/{ids[0]}?exchange_index=-1")
    assert error(unrouted) == (400, "missing_parameters", "market_ticker")
    for order_id, how in zip(
        ids,
        (
            "exchange_index=2",
            f"market_ticker={BITCOIN}",
            f"market_ticker={BITCOIN}&exchange_index=-1",
        ),
        strict=True,
    ):
        assert venue.call("DELETE", f"{ORDERS}/{order_id}?{how}").status == 200


# ---- batches


def test_a_batch_answers_order_by_order(venue: Scene) -> None:
    orders = [
        order("bid 1 at 0.40 gtc", client_order_id="one"),
        order("bid 1 at 0.405 gtc", client_order_id="two"),
        order("bid 1 at 0.30 gtc", client_order_id="one"),
    ]
    answer = venue.call("POST", f"{ORDERS}/batched", {"orders": orders})
    found = json.loads(answer.body)["orders"]
    assert answer.status == 201
    assert found[0]["remaining_count"] == "1.00"
    assert [item.get("error", {}).get("code") for item in found] == [
        None,
        "invalid_price",
        "order_already_exists",
    ]
    assert found[1]["client_order_id"] == "two"
    assert found[1]["ts_ms"] is None
    wanted = [{"order_id": found[0]["order_id"]}, {"order_id": "unknown"}]
    answer = venue.call("DELETE", f"{ORDERS}/batched", {"orders": wanted})
    ended = json.loads(answer.body)["orders"]
    assert answer.status == 200
    assert (ended[0]["reduced_by"], ended[1]["error"]["code"]) == ("1.00", "not_found")
    assert error(venue.call("POST", f"{ORDERS}/batched", {"orders": []}))[0] == 400


def test_everything_can_be_cancelled_at_once(venue: Scene) -> None:
    venue.face.fund("ann", 2, Money(10 * MICRO), T0)
    venue.place("bid 1 at 0.40 gtc")
    venue.place("bid 1 at 0.40 gtc", ticker=BITCOIN)
    theirs = venue.place("bid 1 at 0.40 gtc", "bob")
    answer = venue.call("DELETE", ORDERS)
    assert (answer.status, answer.body) == (204, b"")
    assert venue.read("/portfolio/orders?status=resting")["orders"] == []
    assert venue.order(theirs["order_id"], "bob")["status"] == "resting"


def test_a_cancel_of_everything_may_reach_what_comes_after_it(venue: Scene) -> None:
    venue.face.obey(KalshiRules(cancel_tail=Duration(60 * MICRO)))
    assert venue.order(venue.place("bid 1 at 0.40 gtc")["order_id"])["status"] == "resting"
    venue.call("DELETE", ORDERS)
    late = venue.place("bid 1 at 0.40 gtc")
    assert late["remaining_count"] == "1.00"
    assert venue.order(late["order_id"])["status"] == "canceled"
    assert venue.order(venue.place("bid 1 at 0.40 gtc", "bob")["order_id"], "bob")
    venue.wait(60)
    assert venue.order(venue.place("bid 1 at 0.40 gtc")["order_id"])["status"] == "resting"


# ---- changing


def amend(venue: Scene, order_id: str, words: str, **changes: object) -> HttpResponse:
    side, count, _, price = words.split()
    body = {"ticker": FED, "side": side, "count": count, "price": price} | changes
    return venue.call("POST", f"{ORDERS}/{order_id}/amend", body)


def test_an_amendment_tells_what_it_filled_and_left(venue: Scene) -> None:
    placed = venue.place("bid 10 at 0.40 gtc", client_order_id="a")
    venue.place("ask 4 at 0.50 gtc", "bob")
    answer = amend(venue, placed["order_id"], "bid 10 at 0.50", updated_client_order_id="b")
    found = json.loads(answer.body)
    assert answer.status == 200
    assert (found["fill_count"], found["remaining_count"]) == ("4.00", "6.00")
    assert (found["average_fill_price"], found["client_order_id"]) == ("0.5000", "b")
    assert venue.order(placed["order_id"])["yes_price_dollars"] == "0.5000"
    for name in ("a", "b"):
        taken = venue.post("bid 1 at 0.10 gtc", client_order_id=name)
        assert error(taken)[1] == "order_already_exists"


def test_an_amendment_of_the_expiry_alone_tells_no_figures(venue: Scene) -> None:
    placed = venue.place("bid 10 at 0.40 gtc")
    until = T0 // MICRO + 60
    found = json.loads(
        amend(venue, placed["order_id"], "bid 10 at 0.40", expiration_time=until).body
    )
    assert set(found) == {"order_id", "ts_ms"}
    assert "expiration_time" in venue.order(placed["order_id"])
    amend(venue, placed["order_id"], "bid 9 at 0.40")
    assert "expiration_time" in venue.order(placed["order_id"])
    amend(venue, placed["order_id"], "bid 9 at 0.40", expiration_time=0)
    assert "expiration_time" not in venue.order(placed["order_id"])
    venue.wait(61)
    assert venue.order(placed["order_id"])["status"] == "resting"


@pytest.mark.parametrize(
    ("words", "changes", "wanted"),
    [
        ("ask 10 at 0.40", {}, (400, "invalid_parameters")),
        ("bid 10 at 0.40", {"ticker": FED_HIGHER}, (400, "invalid_parameters")),
        ("bid 10 at 0.40", {"ticker": "KXNONE"}, (404, "market_not_found")),
        ("bid 10 at 0.40", {"client_order_id": "other"}, (400, "invalid_parameters")),
        ("bid 10 at 0.40", {"updated_client_order_id": "used"}, (409, "order_already_exists")),
        ("bid 10 at 0.405", {}, (400, "invalid_price")),
        ("bid 10 at 1.20", {}, (400, "invalid_price")),
        ("bid 99999 at 0.40", {}, (400, "insufficient_balance")),
        ("bid 10 at 0.40", {"expiration_time": 5}, (400, "invalid_order")),
    ],
)
def test_senseless_amendments_are_refused(
    venue: Scene, words: str, changes: Json, wanted: tuple[int, str]
) -> None:
    venue.place("bid 1 at 0.10 gtc", client_order_id="used")
    placed = venue.place("bid 10 at 0.40 gtc")
    before = venue.order(placed["order_id"])
    assert error(amend(venue, placed["order_id"], words, **changes))[:2] == wanted
    assert venue.order(placed["order_id"]) == before


def test_a_decrease_takes_one_measure_and_only_makes_smaller(venue: Scene) -> None:
    placed = venue.place("bid 10 at 0.40 gtc")
    path = f"{ORDERS}/{placed['order_id']}/decrease"
    by = json.loads(venue.call("POST", path, {"reduce_by": "2.50"}).body)
    assert by["remaining_count"] == "7.50"
    assert (
        json.loads(venue.call("POST", path, {"reduce_to": "5"}).body)["remaining_count"] == "5.00"
    )
    for body in ({}, {"reduce_by": "1", "reduce_to": "1"}):
        assert error(venue.call("POST", path, body))[1] == "invalid_parameters"
    for body in ({"reduce_by": "6"}, {"reduce_to": "6"}, {"reduce_to": "5"}):
        assert error(venue.call("POST", path, body))[1] == "invalid_order"
    assert venue.call("POST", path, {"reduce_to": "0"}).status == 200
    assert venue.order(placed["order_id"])["status"] == "canceled"
    assert error(venue.call("POST", path, {"reduce_to": "0"}))[:2] == (404, "not_found")


# ---- what is gone, and who may


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/portfolio/orders"),
        ("POST", "/portfolio/orders/batched"),
        ("DELETE", "/portfolio/orders/batched"),
        ("DELETE", "/portfolio/orders/some-id"),
        ("POST", "/portfolio/orders/some-id/amend"),
        ("POST", "/portfolio/orders/some-id/decrease"),
    ],
)
def test_the_first_version_of_the_writes_is_gone(venue: Scene, method: str, path: str) -> None:
    answer = venue.call(method, path, {})
    assert error(answer)[:2] == (410, "deprecated_v1_order_endpoint")


def test_nobody_touches_what_is_anothers(venue: Scene) -> None:
    mine = venue.place("bid 10 at 0.40 gtc")["order_id"]
    assert venue.call("DELETE", f"{ORDERS}/{mine}", member="bob").status == 404
    assert venue.call("GET", f"/portfolio/orders/{mine}", member="bob").status == 404
    assert venue.read("/portfolio/orders", "bob")["orders"] == []


def test_the_whole_venue_may_pause(venue: Scene) -> None:
    kept = venue.place("bid 10 at 0.40 gtc")["order_id"]
    flagged = venue.place("bid 10 at 0.40 gtc", cancel_order_on_pause=True)["order_id"]
    venue.face.set_trading(is_trading=False)
    assert error(venue.post("bid 1 at 0.40 gtc"))[:2] == (409, "trading_is_paused")
    assert error(amend(venue, kept, "bid 10 at 0.41"))[:2] == (409, "trading_is_paused")
    assert venue.order(flagged)["status"] == "canceled"
    assert venue.call("DELETE", f"{ORDERS}/{kept}").status == 200
    venue.face.set_trading(is_trading=True)
    kept = venue.place("bid 10 at 0.40 gtc")["order_id"]
    venue.face.hours.is_active = False
    assert error(venue.call("DELETE", f"{ORDERS}/{kept}"))[:2] == (409, "trading_is_paused")
    assert venue.order(kept)["status"] == "resting"


def test_finer_grids_take_finer_prices(venue: Scene) -> None:
    venue.exchange.change_grid(FED, TENTH, "deci_cent", T0)
    assert venue.place("bid 1 at 0.405 gtc")
    assert error(venue.post("bid 1 at 0.4055 gtc"))[1] == "invalid_price"


def test_every_refusal_has_its_answer(venue: Scene) -> None:
    assert all(status in {400, 404, 409} for status, _, _ in REFUSALS.values())
    assert is_private(("portfolio", "balance"))
    assert not is_private(("markets",))
    orders = Orders(venue.exchange, venue.face.members)
    assert orders.cancel_many("ann", [Fields({"order_id": "x"}, "Cancel")], T0).status == 200
