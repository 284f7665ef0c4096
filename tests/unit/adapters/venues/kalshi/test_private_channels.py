"""Is everything told about our account passed on exactly once, whatever the order of its frames?"""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.seams import FRAME_BYTES_MAX, FeedProtocol
from foreshock.adapters.venues.kalshi.account import read_fills, read_orders
from foreshock.adapters.venues.kalshi.markets import market_id
from foreshock.adapters.venues.kalshi.orders import client_id
from foreshock.adapters.venues.kalshi.private_channels import (
    CHANNELS,
    QUARANTINED_MAX,
    KalshiUserFeed,
)
from foreshock.core.domain.accounts import VenueFill, VenueOrder
from foreshock.core.domain.messages.account import (
    AccountFillSeen,
    AccountOrderSeen,
    AccountPositionSeen,
)
from foreshock.core.domain.messages.market_data import (
    FeedGapped,
    PayloadQuarantined,
    ShapeUnknown,
)
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant, Money, Price, Quantity
from tests.unit.adapters.venues.kalshi.builders import TICKER_A, Json, encoded, framed
from tests.unit.adapters.venues.kalshi.order_samples import (
    FILL,
    NOW,
    ORDER,
    ORDER_ID,
    TRADE_ID,
    VENUE_ORDER_ID,
    answer,
)
from tests.unit.adapters.venues.kalshi.private_samples import (
    FILL_FRAME,
    GROUP_FRAME,
    ORDER_FRAME,
    POSITION_FRAME,
)


def feed() -> KalshiUserFeed:
    found = KalshiUserFeed(9)
    protocol: FeedProtocol = found
    protocol.opened((), NOW)
    return found


def heard(*frames: bytes) -> list[Message]:
    found = feed()
    for number, frame in enumerate(frames):
        found.receive(frame, number, NOW)
    return found.drain()


def states(messages: list[Message]) -> list[tuple[bool, int]]:
    told = [m.order for m in messages if isinstance(m, AccountOrderSeen)]
    assert len(told) == len(messages)
    return [(order.is_open, order.filled) for order in told]


def order_frame(status: str, filled: str, left: str, **msg: object) -> bytes:
    counts = {"status": status, "fill_count_fp": filled, "remaining_count_fp": left}
    return framed(ORDER_FRAME, counts | msg)


def test_every_private_channel_is_opened_for_all_markets() -> None:
    commands = [json.loads(text) for text in feed().take_outgoing()]
    assert [command["params"] for command in commands] == [
        {"channels": [channel]} for channel in CHANNELS
    ]
    assert [command["cmd"] for command in commands] == ["subscribe"] * 4


def test_a_fill_is_told_exactly_and_is_final() -> None:
    assert heard(framed(FILL_FRAME)) == [
        AccountFillSeen(
            "kalshi",
            VenueFill(
                id=TRADE_ID,
                venue_order_id=VENUE_ORDER_ID,
                market=market_id(TICKER_A),
                outcome="yes",
                action="buy",
                quantity=Quantity(2_500_000),
                price=Price(410_000),
                fee=Money(21_200),
                status="settled",
                event_us=Instant(1_786_085_188_100_000),
            ),
        )
    ]


def test_a_sale_of_yes_is_a_purchase_of_no() -> None:
    (told,) = heard(framed(FILL_FRAME, {"outcome_side": "no", "book_side": "ask"}))
    assert isinstance(told, AccountFillSeen)
    assert (told.fill.outcome, told.fill.action, told.fill.price) == ("no", "buy", 590_000)


def test_an_order_is_told_in_the_venues_keys() -> None:
    assert heard(framed(ORDER_FRAME)) == [
        AccountOrderSeen(
            "kalshi",
            VenueOrder(
                venue_order_id=VENUE_ORDER_ID,
                client_id=client_id(ORDER_ID),
                market=market_id(TICKER_A),
                outcome="yes",
                action="buy",
                limit=Price(420_000),
                quantity=Quantity(10_000_000),
                filled=Quantity(0),
                is_open=True,
            ),
        )
    ]


def test_the_stream_and_the_lists_say_the_same() -> None:
    """The same order and fill by both ways differ in nothing but the precision of the time."""
    (fill,) = read_fills(answer(200, {"fills": [FILL], "cursor": ""})).fills
    (told,) = heard(framed(FILL_FRAME, {"count_fp": "10.00", "fee_cost": "0.017500"}))
    assert isinstance(told, AccountFillSeen)
    assert (told.fill.id, told.fill.venue_order_id) == (fill.id, fill.venue_order_id)
    assert (told.fill.outcome, told.fill.quantity, told.fill.price, told.fill.fee) == (
        fill.outcome,
        fill.quantity,
        fill.price,
        fill.fee,
    )
    (order,) = read_orders(answer(200, {"orders": [ORDER], "cursor": ""})).orders
    (seen,) = heard(order_frame("executed", "10.00", "0.00"))
    assert seen == AccountOrderSeen("kalshi", order)


def test_orders_of_others_hands_are_told_too() -> None:
    """Traded by hand on the website: no client id of ours, yet part of the account."""
    (told,) = heard(framed(ORDER_FRAME, {"client_order_id": "", "order_id": "by-hand"}))
    assert isinstance(told, AccountOrderSeen)
    assert told.order.client_id is None


LIFE = [
    order_frame("resting", "0.00", "10.00"),
    order_frame("resting", "2.50", "7.50"),
    order_frame("resting", "4.00", "6.00"),
    order_frame("canceled", "4.00", "0.00", last_update_reason="HaltCancel"),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_frames_in_any_order_never_go_back(order: tuple[int, ...]) -> None:
    frames = [LIFE[index] for index in order]
    told = states(heard(*frames, *frames))
    assert told[-1] == (False, 4_000_000)
    assert told == sorted(told, key=lambda state: (not state[0], state[1]))
    assert len(told) == len(set(told))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_repeats_of_fills_change_nothing(picks: list[int]) -> None:
    frames = [framed(FILL_FRAME, {"trade_id": f"t{pick}"}) for pick in picks]
    told = heard(*frames)
    assert len(told) == len(set(picks))


def test_a_fill_may_precede_its_order() -> None:
    told = heard(framed(FILL_FRAME), framed(ORDER_FRAME))
    assert [type(message) for message in told] == [AccountFillSeen, AccountOrderSeen]


def test_one_fill_told_in_two_ways_is_no_second_fill() -> None:
    told = heard(framed(FILL_FRAME), framed(FILL_FRAME, {"count_fp": "9.00"}))
    assert [type(message) for message in told] == [AccountFillSeen, PayloadQuarantined]


def test_an_amended_order_is_told_again_and_its_older_terms_are_not() -> None:
    later = order_frame("resting", "0.00", "8.00", last_updated_ts_ms=1_786_085_190_000)
    again = order_frame("resting", "0.00", "12.00", last_updated_ts_ms=1_786_085_189_000)
    told = heard(framed(ORDER_FRAME), later, again)
    assert [m.order.quantity for m in told if isinstance(m, AccountOrderSeen)] == [
        10_000_000,
        8_000_000,
    ]
    larger = order_frame("resting", "0.00", "12.00", last_updated_ts_ms=1_786_085_191_000)
    assert len(heard(framed(ORDER_FRAME), later, larger)) == 3


ODD: list[tuple[Json, Json]] = [
    (FILL_FRAME, {"count_fp": "0.00"}),
    (FILL_FRAME, {"count_fp": ...}),
    (FILL_FRAME, {"fee_cost": "free"}),
    (FILL_FRAME, {"yes_price_dollars": "1.0000"}),
    (FILL_FRAME, {"outcome_side": "no"}),
    (ORDER_FRAME, {"status": "executed"}),
    (ORDER_FRAME, {"fill_count_fp": ...}),
    (ORDER_FRAME, {"client_order_id": ...}),
    (ORDER_FRAME, {"book_side": "ask"}),
    (POSITION_FRAME, {"position_fp": "many"}),
    (GROUP_FRAME, {"ts_ms": ...}),
]


@pytest.mark.parametrize(("sample", "odd"), ODD)
def test_what_cannot_be_read_is_quarantined_aloud(sample: Json, odd: Json) -> None:
    (told,) = heard(framed(sample, odd))
    assert isinstance(told, PayloadQuarantined)


@pytest.mark.parametrize("frame", [b"", b"{", b"\xff", b"[]", b" " * (FRAME_BYTES_MAX + 1)])
def test_no_bytes_break_the_stream(frame: bytes) -> None:
    (told,) = heard(frame)
    assert isinstance(told, PayloadQuarantined)


def test_words_nobody_knows_are_told() -> None:
    told = heard(
        order_frame("unknown", "0.00", "10.00"),
        framed(GROUP_FRAME, {"event_type": "melted"}),
        encoded({"type": "user_portfolio", "sid": 3, "msg": {}}),
    )
    assert [type(message) for message in told] == [ShapeUnknown] * 3


def test_what_is_held_is_told_once_per_change() -> None:
    flat = framed(POSITION_FRAME, {"position_fp": "0.00"})
    told = heard(framed(POSITION_FRAME), framed(POSITION_FRAME), flat)
    market = market_id(TICKER_A)
    assert told == [
        AccountPositionSeen("kalshi", market, -100_000_000),
        AccountPositionSeen("kalshi", market, 0),
    ]


def test_a_tripped_group_halts_the_venue_once() -> None:
    tripped = framed(GROUP_FRAME, {"event_type": "triggered", "contracts_limit_fp": ...})
    (told,) = heard(tripped, tripped)
    assert isinstance(told, HaltRequested)
    assert (told.scope, told.by) == ("kalshi", "order group og_123")


def test_missing_group_frames_are_a_gap_and_answers_count() -> None:
    ok = encoded({"type": "ok", "id": 9, "sid": 21, "seq": 2})
    assert heard(framed(GROUP_FRAME), ok, framed(GROUP_FRAME, seq=3)) == []
    (told,) = heard(framed(GROUP_FRAME), framed(GROUP_FRAME, seq=4))
    assert isinstance(told, FeedGapped)


def subscribed(found: KalshiUserFeed) -> None:
    for number, channel in enumerate(CHANNELS, 1):
        frame = {"type": "subscribed", "id": number, "msg": {"channel": channel, "sid": number}}
        found.receive(encoded(frame), number, NOW)


def test_a_stream_without_answers_is_of_no_use() -> None:
    late = Instant(NOW + 11 * SECOND)
    silent, answered = feed(), feed()
    subscribed(answered)
    assert answered.dead_reason(late) is None
    assert silent.dead_reason(NOW) is None
    assert "no answer" in str(silent.dead_reason(late))


@pytest.mark.parametrize(
    ("command", "code", "is_dead"),
    [(1, 8, True), (2, 8, True), (3, 8, False), (4, 8, False), (3, 9, True), (4, 10, True)],
)
def test_only_needed_channels_are_needed(command: int, code: int, is_dead: bool) -> None:
    found = feed()
    error = {"type": "error", "id": command, "msg": {"code": code, "msg": "no"}}
    found.receive(encoded(error), 1, NOW)
    assert [type(message) for message in found.drain()] == [FeedGapped]
    assert (found.dead_reason(NOW) is not None) is is_dead


def test_a_channel_closed_by_the_venue_ends_the_stream() -> None:
    found = feed()
    subscribed(found)
    found.receive(encoded({"type": "unsubscribed", "sid": 2, "seq": 1}), 9, NOW)
    assert found.dead_reason(NOW) == "Kalshi closed the channel user_orders"


def test_a_stream_of_nonsense_is_reopened() -> None:
    found = feed()
    for number in range(QUARANTINED_MAX):
        found.receive(b"{", number, NOW)
    assert "unusable" in str(found.dead_reason(NOW))
