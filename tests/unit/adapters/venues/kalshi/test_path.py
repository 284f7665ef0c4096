"""Is an order followed until the venue has proven what became of it, and absent only when it is?"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.kalshi.markets import market_id
from foreshock.adapters.venues.kalshi.orders import Style
from foreshock.adapters.venues.kalshi.path import LAG_MAX, KalshiOrders
from foreshock.adapters.venues.order_path import Answer, OrderPath, OrderRef
from foreshock.core.domain.messages.trading import (
    OrderAccepted,
    OrderClosed,
    OrderUnknown,
)
from foreshock.core.domain.units import SECOND, Instant, Quantity
from tests.unit.adapters.venues.kalshi.builders import TICKER_A, Json, changed, market_of
from tests.unit.adapters.venues.kalshi.order_samples import (
    CANCELLED,
    CREATED,
    FILL,
    NOT_FOUND,
    NOW,
    ORDER,
    ORDER_ID,
    VENUE_ORDER_ID,
    answer,
    place_order,
    recorded,
    ref,
    sent,
)

SINCE = Instant(NOW - 60_000_000)
NOBODY = changed(ORDER, order_id="somebody", client_order_id="else")
RESTING = changed(ORDER, status="resting", fill_count_fp="1.00", remaining_count_fp="9.00")
ACCEPTED = OrderAccepted(ORDER_ID, VENUE_ORDER_ID)


def path() -> OrderPath:
    return KalshiOrders()


def fresh(behind_us: int) -> HttpResponse:
    seconds, micros = divmod(behind_us, 1_000_000)
    second = 28 - seconds - (micros > 0)
    text = f"2026-08-07T06:46:{second:02d}.{(1_000_000 - micros) % 1_000_000:06d}Z"
    return answer(200, {"as_of_time": text})


def listed(*rows: Json, cursor: str = "") -> HttpResponse:
    return answer(200, {"orders": rows, "cursor": cursor})


def asked_round(order: OrderRef, answers: Sequence[HttpResponse | None]) -> list[Answer]:
    orders = path()
    assert len(orders.lookups(order, SINCE)) == len(answers)
    return [orders.looked_up(order, step, found, NOW) for step, found in enumerate(answers)]


def test_placing_and_cancelling_go_through_the_table() -> None:
    orders = path()
    prepared = orders.place(place_order(), market_of(), NOW)
    assert orders.placed(prepared, answer(201, CREATED), NOW).facts[0] == ACCEPTED
    assert isinstance(orders.placed(prepared, None, NOW).facts[0], OrderUnknown)
    assert orders.cancel([ref()], NOW).path.endswith(f"market_ticker={TICKER_A}")
    assert orders.cancel([ref("a"), ref("b")], NOW).path.endswith("/batched")
    assert orders.cancelled([ref()], answer(200, CANCELLED), NOW) == Answer()
    assert orders.cancelled([ref()], answer(404, NOT_FOUND), NOW).facts != ()


def test_an_order_carries_its_group_and_subaccount() -> None:
    orders = KalshiOrders(lambda _, __: Style(group="og_1"), subaccount=7)
    body = sent(orders.place(place_order(), market_of(), NOW))
    assert (body["order_group_id"], body["subaccount"]) == ("og_1", 7)
    assert "subaccount=7" in orders.cancel([ref()], NOW).path
    assert all("subaccount=7" in asked.path for asked in orders.lookups(ref(), SINCE)[:1])


def test_before_it_is_named_its_market_is_searched() -> None:
    asked = path().lookups(ref(None), SINCE)
    query = f"?ticker={TICKER_A}&min_ts=1786085128&limit=1000"
    assert [each.path.removeprefix("/trade-api/v2") for each in asked] == [
        f"/portfolio/orders{query}",
        "/exchange/user_data_timestamp",
        f"/historical/orders{query}",
        f"/portfolio/orders{query}",
    ]
    assert {(each.kind, each.method) for each in asked} == {("read", "GET")}


def test_once_named_its_fills_are_read_before_its_end() -> None:
    asked = path().lookups(ref(), SINCE)
    assert [each.path.removeprefix("/trade-api/v2") for each in asked] == [
        f"/portfolio/fills?order_id={VENUE_ORDER_ID}&limit=1000",
        f"/portfolio/orders/{VENUE_ORDER_ID}",
    ]


def test_a_lost_answer_is_found_by_client_id() -> None:
    found = path().looked_up(ref(None), 0, listed(NOBODY, ORDER), NOW)
    assert found.facts == (ACCEPTED, OrderClosed(ORDER_ID, Quantity(10_000_000), "filled"))
    resting = path().looked_up(ref(None), 0, listed(RESTING), NOW)
    assert resting.facts == (ACCEPTED,)


def test_a_killed_order_is_found_closed_without_fills() -> None:
    """Recorded 2026-06-11: what took nothing reads as canceled with nothing left."""
    row = changed(ORDER, status="canceled", fill_count_fp="0.00")
    found = path().looked_up(ref(None), 0, listed(row), NOW)
    assert found.facts[-1] == OrderClosed(ORDER_ID, Quantity(0), "the venue ended it")


def test_a_named_order_ends_with_its_fills() -> None:
    fills, state = asked_round(
        ref(), [answer(200, {"fills": [FILL], "cursor": ""}), answer(200, {"order": ORDER})]
    )
    assert [fill.quantity for fill in fills.fills] == [10_000_000]
    assert state.facts == (ACCEPTED, OrderClosed(ORDER_ID, Quantity(10_000_000), "filled"))


def test_fills_of_other_orders_are_not_ours_and_pages_go_on() -> None:
    other = changed(FILL, order_id="other", trade_id="t2")
    body = {"fills": [other, FILL], "cursor": "more"}
    found = path().looked_up(ref(), 0, answer(200, body), NOW)
    assert [fill.venue_order_id for fill in found.fills] == [VENUE_ORDER_ID]
    assert found.next is not None
    assert found.next.path.endswith(f"order_id={VENUE_ORDER_ID}&limit=1000&cursor=more")


def test_absence_needs_a_complete_and_fresh_list() -> None:
    steps = asked_round(ref(None), [listed(NOBODY), fresh(100_000), listed(), listed(NOBODY)])
    assert [step.is_absent for step in steps] == [False, False, True, True]
    assert all(step.facts == () for step in steps)


@pytest.mark.parametrize(
    "answers",
    [
        [listed(), fresh(LAG_MAX + 1), listed(), listed()],
        [listed(), None, listed(), listed()],
        [listed(), answer(500), listed(), listed()],
        [listed(), fresh(0), listed(), listed(cursor="more")],
        [listed(), fresh(0), listed(), None],
        [listed(), fresh(0), listed(), answer(404, NOT_FOUND)],
        [listed(), fresh(0), listed(), answer(200, b"{}")],
        [listed(), fresh(0), listed(), answer(200, {"orders": []})],
        [listed(), fresh(0), listed(), listed(changed(NOBODY, status="odd"))],
        [listed(), fresh(0), listed(), answer(503, {"orders": [], "cursor": ""})],
        [listed(), fresh(0), listed(), answer(206, {"orders": [], "cursor": ""})],
    ],
)
def test_nothing_else_proves_absence(answers: list[HttpResponse | None]) -> None:
    assert not asked_round(ref(None), answers)[-1].is_absent


def test_an_order_that_was_named_is_never_absent() -> None:
    orders = path()
    orders.looked_up(ref(), 1, fresh(0), NOW)
    assert not orders.looked_up(ref(), 0, listed(), NOW).is_absent
    assert orders.looked_up(ref(), 1, answer(404, NOT_FOUND), NOW) == Answer()


def test_freshness_told_long_ago_is_stale() -> None:
    orders = path()
    orders.looked_up(ref(None), 1, fresh(0), NOW)
    assert orders.looked_up(ref(None), 3, listed(), NOW).is_absent
    assert not orders.looked_up(ref(None), 3, listed(), Instant(NOW + LAG_MAX + 1)).is_absent


def test_a_list_from_our_future_proves_nothing_unless_the_venues_clock_is_known() -> None:
    behind_us = Instant(NOW - 10 * SECOND)
    for there_us, proves in ((behind_us, False), (NOW, True)):
        orders = KalshiOrders(there=lambda _, at_us=there_us: at_us)
        orders.looked_up(ref(None), 1, fresh(0), behind_us)
        assert orders.looked_up(ref(None), 3, listed(), behind_us).is_absent is proves


@pytest.mark.parametrize(
    "row",
    [
        changed(ORDER, client_order_id="else"),
        changed(ORDER, ticker="OTHER"),
        changed(ORDER, remaining_count_fp="1.00"),
        changed(ORDER, fill_count_fp="0.00"),
    ],
)
def test_an_order_that_contradicts_itself_says_nothing(row: Json) -> None:
    assert path().looked_up(ref(), 1, answer(200, {"order": row}), NOW) == Answer()


def test_a_name_learnt_between_question_and_answer_does_no_harm() -> None:
    """The list was asked for while the name was unknown; the stream told it meanwhile."""
    found = path().looked_up(ref(), 0, listed(NOBODY, ORDER), NOW)
    assert found.facts[0] == ACCEPTED


def test_a_refused_question_passes_on_the_wish_to_wait() -> None:
    found = path().looked_up(ref(), 0, answer(429, b"", retry_after="1"), NOW)
    assert found == Answer(retry_after_us=1_000_000)


def test_the_recorded_stale_read_after_a_cancel_ends_nothing(shared_wire: Path) -> None:
    """Recorded 2026-06-11: a read 360 ms after the cancel still said resting."""
    pages = {name: reply for name, _, reply in recorded(shared_wire, "")}
    client = "4a75a66e-ca85-4187-93cd-aac5e01ad982"
    order = OrderRef(ORDER_ID, client, None, market_id(_ticker(pages)))
    stale = path().looked_up(order, 0, pages["orders__get_after_cancel"], NOW)
    assert [type(fact) for fact in stale.facts] == [OrderAccepted]
    listed_later = path().looked_up(order, 0, pages["portfolio__orders_list"], NOW)
    assert [type(fact) for fact in listed_later.facts] == [OrderAccepted, OrderClosed]


def _ticker(pages: dict[str, HttpResponse]) -> str:
    return pages["orders__get_after_cancel"].body.decode().split('"ticker":"')[1].split('"')[0]
