"""Can order groups be made, read, limited, reset, triggered and deleted over the wire?"""

import json

import pytest

from foreshock.adapters.sim.kalshi_order_groups import GROUPS_MAX, Groups
from tests.unit.adapters.sim.kalshi_scene import Json, Scene, error

PATH = "/portfolio/order_groups"


@pytest.fixture
def venue() -> Scene:
    return Scene()


def made(venue: Scene, **body: object) -> str:
    answer = venue.call("POST", f"{PATH}/create", body or {"contracts_limit": 10})
    assert answer.status == 201
    told = json.loads(answer.body)
    assert (told["subaccount"], told["exchange_index"]) == (0, body.get("exchange_index", 0))
    return told["order_group_id"]


def test_a_group_tells_its_limit_and_its_resting_orders(venue: Scene) -> None:
    name = made(venue)
    order = venue.place("bid 5 at 0.40 gtc", order_group_id=name)["order_id"]
    venue.place("bid 5 at 0.40 gtc")
    (listed,) = venue.read(PATH)["order_groups"]
    assert (listed["id"], listed["contracts_limit_fp"]) == (name, "10.00")
    told = venue.read(f"{PATH}/{name}")
    assert told == {
        "contracts_limit_fp": "10.00",
        "exchange_index": 0,
        "is_auto_cancel_enabled": True,
        "orders": [order],
    }
    assert venue.order(order)["order_group_id"] == name
    assert venue.call("GET", f"{PATH}/{name}", member="bob").status == 404


def test_at_the_limit_all_its_orders_end_and_none_is_taken_until_reset(venue: Scene) -> None:
    name = made(venue)
    ids = [venue.place(f"bid 6 at 0.4{n} gtc", order_group_id=name)["order_id"] for n in (2, 1, 0)]
    venue.place("ask 10 at 0.41 ioc", "bob")
    states = [venue.order(order_id) for order_id in ids]
    assert [o["status"] for o in states] == ["executed", "canceled", "canceled"]
    assert states[1]["fill_count_fp"] == "4.00"
    refused = venue.post("bid 1 at 0.10 gtc", order_group_id=name)
    assert error(refused) == (400, "invalid_order", "order group limit reached")
    assert venue.call("PUT", f"{PATH}/{name}/reset", {}).status == 200
    assert venue.place("bid 1 at 0.10 gtc", order_group_id=name)


def test_a_limit_already_reached_triggers_at_once(venue: Scene) -> None:
    name = made(venue)
    venue.place("bid 6 at 0.40 gtc", order_group_id=name)
    venue.place("ask 4 at 0.40 ioc", "bob")
    assert len(venue.read(f"{PATH}/{name}")["orders"]) == 1
    assert venue.call("PUT", f"{PATH}/{name}/limit", {"contracts_limit": 3}).status == 200
    assert venue.read(f"{PATH}/{name}")["orders"] == []


def test_triggering_and_deleting_end_the_orders(venue: Scene) -> None:
    name = made(venue)
    first = venue.place("bid 6 at 0.40 gtc", order_group_id=name)["order_id"]
    assert venue.call("PUT", f"{PATH}/{name}/trigger").body == b"{}"
    venue.call("PUT", f"{PATH}/{name}/reset")
    second = venue.place("bid 6 at 0.40 gtc", order_group_id=name)["order_id"]
    assert venue.call("DELETE", f"{PATH}/{name}").body == b"{}"
    assert {venue.order(order_id)["status"] for order_id in (first, second)} == {"canceled"}
    assert venue.call("DELETE", f"{PATH}/{name}").status == 404
    assert venue.read(PATH)["order_groups"] == []


def test_a_group_of_another_shard_is_named_with_it(venue: Scene) -> None:
    name = made(venue, contracts_limit=10, exchange_index=2)
    assert venue.call("PUT", f"{PATH}/{name}/reset").status == 404
    assert venue.call("PUT", f"{PATH}/{name}/reset?exchange_index=2").status == 200
    assert error(venue.post("bid 1 at 0.10 gtc", order_group_id=name))[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"contracts_limit": 0},
        {"contracts_limit": 5, "contracts_limit_fp": "6.00"},
        {"contracts_limit": 5, "subaccount": 1},
        {"contracts_limit": 5, "exchange_index": -1},
    ],
)
def test_senseless_limits_are_refused(venue: Scene, body: Json) -> None:
    assert error(venue.call("POST", f"{PATH}/create", body))[0] == 400


def test_both_ways_to_say_a_limit_may_agree(venue: Scene) -> None:
    name = made(venue, contracts_limit=5, contracts_limit_fp="5.00")
    assert venue.read(f"{PATH}/{name}")["contracts_limit_fp"] == "5.00"
    assert venue.call("PUT", f"{PATH}/{name}/reset?exchange_index=x").status == 400
    groups = Groups(venue.exchange, venue.face.members)
    assert groups.list_all("ann").status == 200
    assert GROUPS_MAX == 100_000
