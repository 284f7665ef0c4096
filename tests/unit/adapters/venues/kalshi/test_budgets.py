"""Are the venue's budgets read, and does nothing ever use up what hedges and cancels need?"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.budget import Budget, Lane
from foreshock.adapters.venues.kalshi import order_wire
from foreshock.adapters.venues.kalshi.account import order_reading
from foreshock.adapters.venues.kalshi.budgets import (
    BASIC,
    CANCELS_KEPT,
    HEDGES_KEPT,
    LOOKS_KEPT,
    Costs,
    kind_costs,
    read_costs,
    read_terms,
    terms,
)
from foreshock.adapters.venues.kalshi.orders import BATCH, ORDERS, batch, cancel, cancel_many
from foreshock.adapters.venues.kalshi.polled import PollBudget
from foreshock.adapters.venues.order_path import RequestKind
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.units import Instant
from tests.unit.adapters.venues.kalshi.builders import Json, changed
from tests.unit.adapters.venues.kalshi.order_samples import (
    NOW,
    TOO_MANY,
    answer,
    prepared,
    recorded,
    ref,
)

LIMITS: Json = {
    "grants": [],
    "read": {"bucket_capacity": 200, "refill_rate": 200},
    "usage_tier": "basic",
    "write": {"bucket_capacity": 100, "refill_rate": 100},
}
"""Demo exchange, 2026-06-11."""


def budget(capacity: int = 100, rate: int = 100) -> Budget:
    row = order_wire.BucketRow(rate, capacity)
    return Budget(terms(order_wire.BucketRow(2 * rate, 2 * capacity), row))


def test_the_recorded_limits_and_costs_are_read(shared_wire: Path) -> None:
    pages = {name: reply for name, _, reply in recorded(shared_wire, "account__")}
    costs = read_costs(pages["account__endpoint_costs"])
    assert kind_costs(costs) == kind_costs(BASIC)
    assert costs.of(order_reading("id")) == 2
    assert costs.of(cancel(ref())) == 2
    assert costs.of(prepared().request) == 10
    found = read_terms(pages["account__limits"], costs)
    assert (found.write.capacity, found.write.per_second) == (100, 100)


def test_the_account_has_the_half_that_public_books_leave() -> None:
    found = read_terms(answer(200, LIMITS))
    assert (found.read.capacity, found.read.per_second) == (100, 100)
    polled = PollBudget(200)
    taken = sum(polled.take(NOW) for _ in range(100))
    assert taken * 10 + found.read.capacity <= 200


def test_batches_are_billed_for_each_item() -> None:
    assert BASIC.of(batch([prepared()] * 4)) == 40
    assert BASIC.of(cancel_many([ref("a"), ref("b"), ref("c")])) == 6


def test_fixed_paths_go_before_names_and_the_dearest_name_counts() -> None:
    costs = Costs(
        10,
        {
            ("DELETE", f"{ORDERS}/:order_id"): 2,
            ("DELETE", f"{ORDERS}/:other"): 3,
            ("DELETE", BATCH): 7,
            ("GET", "/a/*rest"): 50,
        },
    )
    assert costs.at("DELETE", f"{ORDERS}/x") == 3
    assert costs.at("DELETE", BATCH) == 7
    assert costs.at("DELETE", f"{ORDERS}/x/y") == 10
    assert costs.at("GET", "/a/b/c") == 50
    assert costs.at("GET", "/b/c") == 10


ODD: list[Json] = [
    {"write": {"bucket_capacity": 100}},
    {"write": {"bucket_capacity": 100, "refill_rate": 0}},
    {"write": {"bucket_capacity": 49, "refill_rate": 100}},
    {"read": {"bucket_capacity": 20, "refill_rate": 20}},
    {"read": ...},
    {"read": {"bucket_capacity": "200", "refill_rate": 200}},
]


@pytest.mark.parametrize("odd", ODD)
def test_limits_that_cannot_be_traded_with_are_refused(odd: Json) -> None:
    with pytest.raises(DataError):
        read_terms(answer(200, changed(LIMITS, **odd)))


def test_a_refused_reading_is_no_limit() -> None:
    with pytest.raises(VenueUnavailableError):
        read_terms(answer(429, TOO_MANY))


steps = st.lists(
    st.tuples(
        st.sampled_from(["place", "cancel", "amend", "read"]),
        st.sampled_from(["enter", "scan"]),
        st.integers(0, 300_000),
    ),
    max_size=150,
)


@given(steps, st.sampled_from([(100, 100), (600, 300), (2_000, 1_000)]))
def test_however_busy_entries_and_scans_are_a_hedge_and_its_cancels_leave_at_once(
    asked: list[tuple[RequestKind, Lane, int]], size: tuple[int, int]
) -> None:
    found, now_us = budget(*size), int(NOW)
    for kind, lane, pause in asked:
        now_us += pause
        while found.take(kind, lane, Instant(now_us)):
            pass
    at = Instant(now_us)
    assert found.free_us("place", "reduce", at) == at
    assert all(found.take("place", "reduce", at) for _ in range(HEDGES_KEPT))
    assert all(found.take("cancel", "reduce", at) for _ in range(CANCELS_KEPT))
    assert all(found.take("read", "reduce", at) for _ in range(LOOKS_KEPT))


@given(steps)
def test_scans_never_delay_an_entry(asked: list[tuple[RequestKind, Lane, int]]) -> None:
    found, now_us = budget(), int(NOW)
    for kind, _, pause in asked:
        now_us += pause
        while found.take(kind, "scan", Instant(now_us)):
            pass
    assert found.take("place", "enter", Instant(now_us))


@given(steps, st.sampled_from(["reduce", "enter", "scan"]))
def test_the_venue_never_gets_more_than_its_bucket_holds(
    asked: list[tuple[RequestKind, Lane, int]], lane: Lane
) -> None:
    found, now_us, spent, costs = budget(), int(NOW), 0, kind_costs(BASIC)
    for kind, _, pause in asked:
        now_us += pause
        if kind != "read":
            while found.take(kind, lane, Instant(now_us)):
                spent += costs[kind]
    assert spent * 1_000_000 <= (100 * 1_000_000) + 100 * (now_us - NOW)
