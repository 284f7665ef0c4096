"""Does every answer mean what is documented, and everything else that we do not know?"""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.seams import FRAME_BYTES_MAX, HttpResponse
from foreshock.adapters.venues.kalshi.outcomes import (
    BY_STATUS,
    REFUSALS,
    error_said,
    read_batch_placed,
    read_cancelled,
    read_changed,
    read_placed,
    retry_after_us,
)
from foreshock.adapters.venues.order_path import Answer, Prepared, Unsigned
from foreshock.core.domain.messages.trading import (
    OrderAccepted,
    OrderClosed,
    OrderRejected,
    OrderUnknown,
    TimeInForce,
)
from foreshock.core.domain.units import SECOND, Quantity
from tests.unit.adapters.venues.kalshi.builders import changed, encoded
from tests.unit.adapters.venues.kalshi.order_samples import (
    CANCELLED,
    CREATED,
    EXISTS,
    NOT_FOUND,
    NUMERIC,
    ORDER_ID,
    POST_ONLY_CROSS,
    TOO_MANY,
    VALIDATION,
    VENUE_ORDER_ID,
    answer,
    prepared,
    recorded,
    ref,
)

Kinds = list[type]


def kinds(found: Answer) -> Kinds:
    return [type(fact) for fact in found.facts]


def read(status: int, body: object, time_in_force: TimeInForce = "ioc") -> Answer:
    return read_placed(prepared(time_in_force=time_in_force), answer(status, body))


# ---- accepted ------------------------------------------------------------------------------


def test_what_filled_at_once_is_over_and_its_fills_follow() -> None:
    found = read(201, CREATED)
    assert found.facts == (
        OrderAccepted(ORDER_ID, VENUE_ORDER_ID),
        OrderClosed(ORDER_ID, Quantity(10_000_000), "filled"),
    )
    assert found.fills == ()


def test_what_filled_in_part_and_died_is_over_with_that_part() -> None:
    found = read(201, changed(CREATED, fill_count="2.50"))
    assert found.facts[1] == OrderClosed(
        ORDER_ID, Quantity(2_500_000), "the rest was not available"
    )


def test_what_rests_is_only_accepted() -> None:
    body = changed(CREATED, fill_count="0.00", remaining_count="10.00")
    assert read(201, body, time_in_force="gtc").facts == (OrderAccepted(ORDER_ID, VENUE_ORDER_ID),)


def test_a_self_cross_that_was_cancelled_at_once_is_over_unfilled() -> None:
    """Recorded 2026-06-11: 201 with nothing filled and nothing left."""
    body = changed(CREATED, fill_count="0.00", client_order_id=...)
    found = read(201, body, time_in_force="gtc")
    assert kinds(found) == [OrderAccepted, OrderClosed]
    assert found.facts[1] == OrderClosed(ORDER_ID, Quantity(0), "the rest was cancelled at once")


def test_what_may_not_rest_and_does_is_not_known() -> None:
    for force in ("ioc", "fok"):
        body = changed(CREATED, fill_count="1.00", remaining_count="9.00")
        assert kinds(read(201, body, time_in_force=force)) == [OrderAccepted, OrderUnknown]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<html>created</html>",
        b"null",
        b"[]",
        b'{"order_id":"x"',
        b"\xff\xfe",
        changed(CREATED, order_id=""),
        changed(CREATED, order_id=...),
        changed(CREATED, order_id=7),
        changed(CREATED, fill_count=...),
        changed(CREATED, fill_count=10),
        changed(CREATED, fill_count="-1.00"),
        changed(CREATED, fill_count="10.01"),
        changed(CREATED, fill_count="1e1"),
        changed(CREATED, remaining_count=None),
        changed(CREATED, remaining_count="0.01"),
        changed(CREATED, ts_ms="now"),
        changed(CREATED, client_order_id="somebody-else"),
        {"order": CREATED},
        EXISTS,
        b" " * (FRAME_BYTES_MAX + 1),
    ],
)
def test_a_success_without_our_order_is_not_known(body: object) -> None:
    assert kinds(read(201, body)) == [OrderUnknown]


@pytest.mark.parametrize("status", [200, 202, 204, 301, 302, 307])
def test_only_the_documented_success_is_one(status: int) -> None:
    assert kinds(read(status, CREATED)) == [OrderUnknown]


# ---- refused -------------------------------------------------------------------------------


def error(code: str) -> object:
    return {"error": {"code": code, "message": code.replace("_", " ")}}


@pytest.mark.parametrize("code", [c for c, r in REFUSALS.items() if r.meaning == "rejected"])
def test_listed_refusals_are_final_with_their_own_status_only(code: str) -> None:
    refusal = REFUSALS[code]
    for status in (400, 401, 404, 409, 410, 418, 422, 500, 503):
        found = read(status, error(code))
        expected = OrderRejected if status in refusal.statuses else OrderUnknown
        assert kinds(found) == [expected], (status, code)
        if expected is OrderRejected or status != 401:
            assert found.condition == (refusal.condition if expected is OrderRejected else None)


def test_all_four_shapes_of_an_error_are_read() -> None:
    assert read(400, POST_ONLY_CROSS).facts == (
        OrderRejected(ORDER_ID, "invalid_order: post only cross"),
    )
    assert kinds(read(400, NUMERIC)) == [OrderRejected]
    assert kinds(read(400, VALIDATION)) == [OrderRejected]
    assert read(429, TOO_MANY).facts == (OrderRejected(ORDER_ID, "too many requests"),)
    assert kinds(read(400, {"msg": "something else"})) == [OrderUnknown]


def test_an_order_that_exists_already_may_be_ours() -> None:
    found = read(409, EXISTS)
    assert kinds(found) == [OrderUnknown]
    assert not found.is_absent


def test_a_killed_order_traded_nothing() -> None:
    body = error("fill_or_kill_insufficient_resting_volume")
    found = read(409, body, time_in_force="fok")
    assert kinds(found) == [OrderClosed]
    assert isinstance(found.facts[0], OrderClosed)
    assert found.facts[0].filled == 0
    assert kinds(read(409, body, time_in_force="ioc")) == [OrderUnknown]


def test_a_pause_and_a_refused_key_are_conditions_of_the_venue() -> None:
    assert read(409, error("trading_is_paused")).condition == "paused"
    assert read(401, error("header_timestamp_expired")).condition == "not_ready"
    assert read(403, error("any_code")).condition == "not_ready"
    strange = read(401, error("any_code"))
    assert (kinds(strange), strange.condition) == ([OrderUnknown], "not_ready")


@pytest.mark.parametrize("status", [403, 429])
def test_gates_documented_by_status_need_a_body_of_the_venue(status: int) -> None:
    assert kinds(read(status, error("anything"))) == [OrderRejected]
    assert kinds(read(status, b"<html>blocked</html>")) == [OrderUnknown]
    assert kinds(read(status, b"")) == [OrderUnknown]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 599])
def test_no_server_error_ever_refuses(status: int) -> None:
    for code in (*REFUSALS, "internal_error"):
        assert kinds(read(status, error(code))) == [OrderUnknown]


def test_silence_is_not_known() -> None:
    assert read_placed(prepared(), None).facts == (OrderUnknown(ORDER_ID, "no answer"),)


@given(
    st.integers(100, 599).filter(lambda status: status not in BY_STATUS),
    st.text(max_size=40).filter(lambda code: code not in REFUSALS),
    st.sampled_from(["nested", "flat", "bare"]),
)
def test_unknown_codes_never_refuse(status: int, code: str, shape: str) -> None:
    detail = {"code": code, "message": "x", "details": "y"}
    bodies: dict[str, object] = {
        "nested": {"error": detail},
        "flat": detail,
        "bare": {"error": code},
    }
    assert OrderRejected not in kinds(read(status, bodies[shape]))
    assert OrderClosed not in kinds(read(status, bodies[shape]))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.integers(100, 599), st.binary(max_size=60) | json_values.map(encoded))
def test_any_bytes_are_one_answer_and_never_an_acceptance(status: int, body: bytes) -> None:
    found = read_placed(prepared(), HttpResponse(status, body))
    assert len(found.facts) == 1
    assert kinds(found)[0] in {OrderUnknown, OrderRejected}


@given(st.integers(0, 2_000), st.integers(0, 2_000), st.sampled_from(["ioc", "fok", "gtc"]))
def test_an_order_never_closes_with_more_than_was_asked_for(
    filled: int, left: int, force: TimeInForce
) -> None:
    body = changed(
        CREATED,
        fill_count=f"{filled // 100}.{filled % 100:02d}",
        remaining_count=f"{left // 100}.{left % 100:02d}",
    )
    for fact in read(201, body, time_in_force=force).facts:
        if isinstance(fact, OrderClosed):
            assert left == 0
            assert fact.filled == filled * 10_000 <= 10_000_000
    if filled + left > 1_000:
        assert kinds(read(201, body, time_in_force=force)) == [OrderUnknown]


# ---- recorded ------------------------------------------------------------------------------

EXPECTED: dict[str, tuple[Kinds, str]] = {
    "orders__create_v2_maker": ([OrderAccepted], ""),
    "orders__create_v2_taker_ioc": ([OrderAccepted, OrderClosed], "filled"),
    "orders__settlement_seed": ([OrderAccepted, OrderClosed], "filled"),
    "orders__stp_setup": ([OrderAccepted], ""),
    "orders__stp_self_cross": ([OrderAccepted, OrderClosed], "the rest was not available"),
    "orders__duplicate_client_order_id": ([OrderUnknown], ""),
    "orders__reuse_canceled_client_id": ([OrderUnknown], ""),
    "orders__insufficient_balance": ([OrderRejected], "insufficient_balance: insufficient balance"),
    "orders__invalid_price_structure": ([OrderRejected], "invalid_price: invalid price"),
    "orders__post_only_cross": ([OrderRejected], "invalid_order: post only cross"),
    "orders__numeric_field_types": ([OrderRejected], ""),
    "auth__bad_signature": ([OrderRejected], ""),
    "auth__missing_signature_header": ([OrderRejected], ""),
    "auth__skew_minus30s": ([OrderRejected], ""),
    "auth__skew_minus5min": ([OrderRejected], ""),
    "auth__skew_plus5min": ([OrderRejected], ""),
    "auth__unknown_key_id": ([OrderRejected], ""),
}


def recorded_request(asked: dict[str, Any]) -> Prepared:
    """The recorded order as if we had sent it."""
    body = dict(asked["request_body"] or prepared_body())
    if not body.get("post_only"):
        body.pop("post_only", None)
    body["count"], body["price"] = str(body["count"]), str(body["price"])
    ours = msgspec.json.decode(prepared().request.body, type=dict[str, Any])
    ordered = {key: body[key] for key in (*ours, "post_only") if key in body}
    request = Unsigned(venue="kalshi", kind="place", method="POST", path="", body=encoded(ordered))
    return Prepared(
        order_id=ORDER_ID,
        client_id=str(body["client_order_id"]),
        venue_order_id=None,
        request=request,
    )


def prepared_body() -> dict[str, Any]:
    return msgspec.json.decode(prepared().request.body, type=dict[str, Any])


def test_every_recorded_answer_to_a_placing_request_is_read(shared_wire: Path) -> None:
    seen: set[str] = set()
    for name, asked, reply in [
        *recorded(shared_wire, "orders__"),
        *recorded(shared_wire, "auth__"),
    ]:
        is_placing = asked["path"].endswith("/portfolio/events/orders")
        if not (is_placing or (name.startswith("auth__") and reply.status != 200)):
            continue
        found = read_placed(recorded_request(asked), reply)
        expected, words = EXPECTED[name]
        assert kinds(found) == expected, name
        assert not words or getattr(found.facts[-1], "reason", "") == words, name
        seen.add(name)
    assert seen == set(EXPECTED)


def test_no_recorded_body_is_taken_for_an_accepted_order_by_mistake(shared_wire: Path) -> None:
    """Every recorded body of any endpoint, as the answer to one placing request of ours."""
    for name, _, reply in recorded(shared_wire, ""):
        found = read_placed(prepared(), reply)
        assert set(kinds(found)) <= {OrderUnknown, OrderRejected}, name


def test_every_recorded_answer_to_a_cancel_is_read(shared_wire: Path) -> None:
    count = 0
    for name, asked, reply in [
        *recorded(shared_wire, "orders__c"),
        *recorded(shared_wire, "cleanup__"),
    ]:
        if asked["method"] != "DELETE":
            continue
        order = ref(asked["path"].rpartition("/")[2])
        found = read_cancelled([order], reply)
        assert kinds(found) == ([] if reply.status == 200 else [OrderUnknown]), name
        count += 1
    assert count == 8


# ---- batches -------------------------------------------------------------------------------


def pair() -> list[Prepared]:
    return [prepared(), prepared(order_id="second")]


def item(of: Prepared, **changes: object) -> dict[str, Any]:
    return changed(CREATED, client_order_id=of.client_id, order_id=f"v-{of.order_id}", **changes)


def test_items_of_a_batch_are_told_apart_by_client_id() -> None:
    one, two = pair()
    refused = {
        "client_order_id": two.client_id,
        "order_id": "",
        "error": {"code": "insufficient_balance", "message": "insufficient balance"},
    }
    found = read_batch_placed([one, two], answer(201, {"orders": [refused, item(one)]}))
    assert [kinds(each) for each in found] == [[OrderAccepted, OrderClosed], [OrderRejected]]


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"error": {"code": "insufficient_balance"}}, {"order_id": "x"}],
        [{"client_order_id": None, "order_id": "x", "fill_count": "1.00"}],
    ],
)
def test_items_without_a_name_say_nothing(items: list[object]) -> None:
    found = read_batch_placed(pair(), answer(201, {"orders": items}))
    assert [kinds(each) for each in found] == [[OrderUnknown], [OrderUnknown]]


def test_an_item_told_twice_or_with_an_unlisted_error_is_not_known() -> None:
    one, two = pair()
    odd = {"client_order_id": two.client_id, "error": {"code": "who_knows"}}
    found = read_batch_placed([one, two], answer(201, {"orders": [item(one), item(one), odd]}))
    assert [kinds(each) for each in found] == [[OrderUnknown], [OrderUnknown]]


def test_a_batch_is_refused_whole_only_by_the_gates() -> None:
    one, two = pair()
    for status, body, expected in (
        (429, TOO_MANY, OrderRejected),
        (401, error("authentication_error"), OrderRejected),
        (400, NUMERIC, OrderUnknown),
        (500, b"", OrderUnknown),
        (201, b"{}", OrderUnknown),
    ):
        found = read_batch_placed([one, two], answer(status, body))
        assert [kinds(each) for each in found] == [[expected], [expected]], status
    assert [kinds(each) for each in read_batch_placed([one], None)] == [[OrderUnknown]]


# ---- cancels -------------------------------------------------------------------------------


def test_a_cancel_that_did_its_work_says_nothing_of_what_traded() -> None:
    assert read_cancelled([ref()], answer(200, CANCELLED)) == Answer()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, NOT_FOUND),
        (500, b""),
        (503, NOT_FOUND),
        (200, b"{}"),
        (200, changed(CANCELLED, order_id="another")),
        (200, changed(CANCELLED, reduced_by="-1")),
        (204, b""),
        (401, error("who_knows")),
    ],
)
def test_a_cancel_that_may_have_failed_proves_nothing(status: int, body: object) -> None:
    assert kinds(read_cancelled([ref()], answer(status, body))) == [OrderUnknown]


def test_a_cancel_that_surely_failed_leaves_the_order_as_it_was() -> None:
    found = read_cancelled([ref()], answer(429, TOO_MANY, Retry_After="2"))
    assert (found.facts, found.retry_after_us) == ((), 2 * SECOND)
    paused = read_cancelled([ref()], answer(409, error("trading_is_paused")))
    assert (paused.facts, paused.condition) == ((), "paused")


def test_of_several_cancels_only_the_answered_ones_did_their_work() -> None:
    items = [
        changed(CANCELLED, order_id="a"),
        {"order_id": "b", "reduced_by": "0.00", "error": {"code": "not_found"}},
    ]
    orders = [ref("a", "1"), ref("b", "2"), ref("c", "3")]
    found = read_cancelled(orders, answer(200, {"orders": items}))
    assert [fact.order_id for fact in found.facts] == ["2", "3"]
    assert [fact.order_id for fact in read_cancelled(orders, None).facts] == ["1", "2", "3"]


# ---- amendments ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "outcome", "left"),
    [
        (200, CANCELLED | {"remaining_count": "2.50"}, "done", 2_500_000),
        (200, CANCELLED, "done", None),
        (200, CANCELLED | {"order_id": "another"}, "unknown", None),
        (200, CANCELLED | {"remaining_count": "-1"}, "unknown", None),
        (200, b"{}", "unknown", None),
        (400, POST_ONLY_CROSS, "refused", None),
        (429, TOO_MANY, "refused", None),
        (404, NOT_FOUND, "unknown", None),
        (503, POST_ONLY_CROSS, "unknown", None),
        (204, b"", "unknown", None),
    ],
)
def test_a_change_is_done_refused_or_not_known(
    status: int, body: object, outcome: str, left: int | None
) -> None:
    found = read_changed(ref(), answer(status, body))
    assert (found.outcome, found.left) == (outcome, left)
    assert read_changed(ref(), None).outcome == "unknown"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3", 3), (" 0 ", 0), ("99999999", 3_600), ("-1", None), ("soon", None), ("²", None)],
)
def test_a_wish_to_wait_is_bounded(text: str, expected: int | None) -> None:
    found = retry_after_us(answer(503, b"", retry_after=text))
    assert found == (None if expected is None else expected * SECOND)


def test_missing_tokens_are_waited_for() -> None:
    assert read(429, TOO_MANY).retry_after_us == 100_000
    found = read_placed(prepared(), answer(429, TOO_MANY, Retry_After="2"))
    assert found.retry_after_us == 2 * SECOND


def test_what_no_shape_explains_is_no_error_of_the_venue() -> None:
    for body in (b"", b"{}", b"[]", b'{"error":{}}', b'{"error":""}', b'{"error":{"code":null}}'):
        assert error_said(body) is None


# ---- the written table ---------------------------------------------------------------------


def test_the_written_table_says_what_the_code_does() -> None:
    page = Path(__file__).parents[5] / "docs" / "reference" / "kalshi-orders.md"
    rows = [
        line.split("|")[1:3] for line in page.read_text(encoding="utf8").splitlines() if "|" in line
    ]
    for code, refusal in REFUSALS.items():
        (written,) = [row for row in rows if f"`{code}`" in row[0]]
        assert all(str(status) in written[0] for status in refusal.statuses), code
        assert refusal.meaning in written[1], code
        conditions = {"not_ready": "not ready", "paused": "paused", None: ""}
        assert conditions.get(refusal.condition, "?") in written[1], code
    (exists,) = [row for row in rows if "`order_already_exists`" in row[0]]
    assert "unknown" in exists[1]
    assert "order_already_exists" not in REFUSALS
