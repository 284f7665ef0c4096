"""Whatever comes over the wire: typed errors or honest silence, never a wrong end of an order."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.kalshi import maintenance, order_groups
from foreshock.adapters.venues.kalshi.account import (
    KalshiReader,
    read_balances,
    read_freshness,
    read_queue,
    read_settlements,
)
from foreshock.adapters.venues.kalshi.budgets import read_costs, read_terms
from foreshock.adapters.venues.kalshi.path import KalshiOrders
from foreshock.adapters.venues.kalshi.private_channels import KalshiUserFeed
from foreshock.core.domain.accounts import AccountPart
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.messages.trading import OrderClosed
from tests.unit.adapters.venues.kalshi.builders import Json, encoded
from tests.unit.adapters.venues.kalshi.order_samples import (
    FILL,
    NOW,
    ORDER,
    answer,
    recorded,
    ref,
)
from tests.unit.adapters.venues.kalshi.private_samples import (
    FILL_FRAME,
    GROUP_FRAME,
    ORDER_FRAME,
    POSITION_FRAME,
)

PARTS: tuple[AccountPart, ...] = ("orders", "fills", "positions", "balance")
READERS: list[Callable[[HttpResponse], object]] = [
    read_balances,
    read_settlements,
    read_queue,
    read_freshness,
    read_costs,
    read_terms,
    maintenance.read_status,
    maintenance.read_schedule,
    order_groups.read_created,
    order_groups.read_groups,
    lambda found: order_groups.read_group("og_1", found),
    *(lambda found, p=part: KalshiReader().heard(p, found) for part in PARTS),
]
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=12)
    | st.sampled_from(["0.00", "-1.00", "1.0000", "resting", "executed", "canceled", "no", "ask"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=5,
)


def spoilt(sample: Json) -> st.SearchStrategy[Json]:
    """A sample with up to three of its fields replaced."""
    changes = st.dictionaries(st.sampled_from(sorted(sample)), values, min_size=1, max_size=3)
    return changes.map(lambda changed: sample | changed)


def read_or_typed_error(reader: Callable[[HttpResponse], object], found: HttpResponse) -> None:
    with suppress(DataError, VenueUnavailableError):
        reader(found)


@given(
    st.sampled_from(READERS),
    st.integers(100, 599) | st.just(200) | st.just(201),
    st.binary(max_size=60) | values.map(encoded),
)
def test_readings_raise_only_what_they_say(
    reader: Callable[[HttpResponse], object], status: int, body: bytes
) -> None:
    read_or_typed_error(reader, HttpResponse(status, body))


@given(spoilt(ORDER), spoilt(FILL))
def test_spoilt_rows_raise_only_what_they_say(order: Json, fill: Json) -> None:
    reader = KalshiReader()
    with suppress(DataError):
        reader.heard("orders", answer(200, {"orders": [order], "cursor": ""}))
    with suppress(DataError):
        reader.heard("fills", answer(200, {"fills": [fill], "cursor": ""}))


@given(st.integers(100, 599) | st.just(200), st.binary(max_size=60) | values.map(encoded))
def test_no_stray_answer_to_a_question_ends_an_order(status: int, body: bytes) -> None:
    for order in (ref(), ref(None)):
        found = KalshiOrders().looked_up(order, 0, HttpResponse(status, body), NOW)
        assert (found.facts, found.fills, found.is_absent) == ((), (), False)


@given(spoilt(ORDER))
def test_a_spoilt_order_ends_only_with_what_it_says(row: Json) -> None:
    found = KalshiOrders().looked_up(ref(), 1, answer(200, {"order": row}), NOW)
    for fact in found.facts:
        if isinstance(fact, OrderClosed):
            assert row["status"] in {"executed", "canceled"}
            assert row["order_id"] == ORDER["order_id"]
            assert fact.filled == round(float(row["fill_count_fp"]) * 1_000_000)


@given(st.sampled_from([FILL_FRAME, ORDER_FRAME, POSITION_FRAME, GROUP_FRAME]), st.data())
def test_no_frame_breaks_the_private_channels(sample: Json, data: st.DataObject) -> None:
    frame = sample | {"msg": data.draw(spoilt(sample["msg"]))}
    feed = KalshiUserFeed(1)
    feed.receive(encoded(frame), 1, NOW)
    feed.receive(encoded(data.draw(spoilt(sample))), 2, NOW)
    feed.drain()
    assert feed.stats.frames_count == 2


@given(st.binary(max_size=80))
def test_no_bytes_break_the_private_channels(frame: bytes) -> None:
    feed = KalshiUserFeed(1)
    feed.receive(frame, 1, NOW)
    assert len(feed.drain()) == 1


@pytest.mark.parametrize("venue_order_id", [None, "97ec18b7-10d3-4557-9de0-8598aad625f0"])
def test_every_recorded_body_as_an_answer_to_any_question(
    shared_wire: Path, venue_order_id: str | None
) -> None:
    """Demo exchange, 2026-06-11: all of its bodies, each read as everything."""
    for name, _, reply in recorded(shared_wire, ""):
        for reader in READERS:
            read_or_typed_error(reader, reply)
        found = KalshiOrders().looked_up(ref(venue_order_id), 0, reply, NOW)
        assert not found.is_absent, name
        assert not any(isinstance(fact, OrderClosed) for fact in found.facts), name


def test_a_body_far_too_deep_is_refused() -> None:
    deep = b'{"orders":' * 5_000
    with pytest.raises(DataError):
        KalshiReader().heard("orders", HttpResponse(200, deep))
    assert KalshiOrders().looked_up(ref(), 0, HttpResponse(200, deep), NOW).facts == ()
    feed = KalshiUserFeed(1)
    feed.receive(deep, 1, NOW)
    assert len(feed.drain()) == 1


def test_the_samples_themselves_are_read() -> None:
    """The fuzz would prove nothing about bodies that are never valid."""
    assert json.loads(msgspec.json.encode(ORDER)) == ORDER
    rows = {"orders": [ORDER], "cursor": ""}
    assert KalshiReader().heard("orders", answer(200, rows)).orders == ()
    assert KalshiOrders().looked_up(ref(), 1, answer(200, {"order": ORDER}), NOW).facts != ()
