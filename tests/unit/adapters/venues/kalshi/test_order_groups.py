"""Is each strategy behind a fuse at the exchange, and are hedges never behind one?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.kalshi import order_groups
from foreshock.adapters.venues.kalshi.order_groups import (
    Group,
    fuse_limit,
    grouped,
    read_created,
    read_done,
    read_group,
    read_groups,
    strategy_of,
)
from foreshock.adapters.venues.kalshi.path import KalshiOrders
from foreshock.core.domain.errors import DataError, InvariantError, VenueUnavailableError
from foreshock.core.domain.units import Quantity
from tests.unit.adapters.venues.kalshi.builders import market_of
from tests.unit.adapters.venues.kalshi.order_samples import (
    NOT_FOUND,
    NOW,
    answer,
    place_order,
    sent,
)

LIMIT = Quantity(20_000_000)


@given(st.integers(1, 10**13))
def test_a_fuse_holds_twice_the_largest_clip_in_whole_steps(clip: int) -> None:
    limit = fuse_limit(Quantity(clip))
    assert 2 * clip <= limit < 2 * clip + 10_000
    assert limit % 10_000 == 0


def test_a_fuse_of_nothing_is_a_mistake() -> None:
    for ask in (
        lambda: fuse_limit(Quantity(0)),
        lambda: order_groups.create(Quantity(1), 0),
    ):
        with pytest.raises(InvariantError):
            ask()


def test_requests_are_as_documented() -> None:
    create = order_groups.create(LIMIT, 2, subaccount=1)
    assert (create.method, create.path) == ("POST", "/trade-api/v2/portfolio/order_groups/create")
    assert json.loads(create.body) == {
        "contracts_limit_fp": "20.00",
        "exchange_index": 2,
        "subaccount": 1,
    }
    base = "/trade-api/v2/portfolio/order_groups/og_1"
    limit = order_groups.change_limit("og_1", LIMIT, 0)
    assert (limit.method, limit.path) == ("PUT", f"{base}/limit?exchange_index=0")
    assert json.loads(limit.body) == {"contracts_limit_fp": "20.00"}
    for made, method, path, kind in (
        (order_groups.reset("og_1", 0), "PUT", "/reset?exchange_index=0", "amend"),
        (order_groups.trigger("og_1", 2), "PUT", "/trigger?exchange_index=2", "cancel"),
        (order_groups.delete("og_1", 0), "DELETE", "?exchange_index=0", "cancel"),
        (order_groups.group_reading("og_1"), "GET", "", "read"),
    ):
        assert (made.method, made.path, made.kind) == (method, base + path, kind)
        assert (made.body, made.spend) == (b"", 0)


def test_answers_are_read_or_refused() -> None:
    created = {"order_group_id": "og_1", "subaccount": 0, "exchange_index": 2}
    assert read_created(answer(201, created)) == "og_1"
    for odd in (answer(200, created), answer(500), answer(404, NOT_FOUND)):
        with pytest.raises(VenueUnavailableError):
            read_created(odd)
    with pytest.raises(DataError):
        read_created(answer(201, b"{}"))
    read_done(answer(200, b"{}"))
    with pytest.raises(VenueUnavailableError, match="404 not_found"):
        read_done(answer(404, NOT_FOUND))


def test_groups_are_read() -> None:
    row = {"id": "og_1", "is_auto_cancel_enabled": True, "contracts_limit_fp": "20.00"}
    expected = Group(id="og_1", is_enabled=True, limit=LIMIT, shard=None)
    assert read_groups(answer(200, {"order_groups": [row]})) == (expected,)
    assert read_groups(answer(200, b"{}")) == ()
    one = {"is_auto_cancel_enabled": False, "orders": ["a"], "exchange_index": 2}
    assert read_group("og_2", answer(200, one)) == Group(
        id="og_2", is_enabled=False, limit=None, shard=2, orders=("a",)
    )
    with pytest.raises(DataError):
        read_groups(answer(200, {"order_groups": [row | {"contracts_limit_fp": "0.00"}]}))
    with pytest.raises(DataError):
        read_group("og_2", answer(200, b"{}"))


def test_only_entries_are_behind_their_strategys_fuse() -> None:
    groups = {("atomic_arb", 0): "og_1", ("other", 0): "og_2"}
    orders = KalshiOrders(grouped(groups, lambda _: 0))
    assert strategy_of(place_order()) == "atomic_arb"
    named = sent(orders.place(place_order(), market_of(), NOW))
    assert named["order_group_id"] == "og_1"
    for purpose in ("hedge", "unwind"):
        body = sent(orders.place(place_order(purpose=purpose), market_of(), NOW))
        assert "order_group_id" not in body


def test_a_market_names_the_group_of_its_own_shard() -> None:
    groups = {("atomic_arb", 0): "og_1", ("atomic_arb", 2): "og_2"}
    orders = KalshiOrders(grouped(groups, lambda market: market.shard))
    for index, name in ((0, "og_1"), (2, "og_2")):
        market = market_of(exchange_index=index)
        assert sent(orders.place(place_order(), market, NOW))["order_group_id"] == name


def test_a_group_is_never_named_on_a_foreign_or_unknown_shard() -> None:
    for shard in (2, None):
        orders = KalshiOrders(grouped({("atomic_arb", 0): "og_1"}, lambda _, s=shard: s))
        assert "order_group_id" not in sent(orders.place(place_order(), market_of(), NOW))
