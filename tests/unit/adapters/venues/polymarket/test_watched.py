"""Frames out: subscriptions, keep-alives, and asking again with patience."""

import msgspec
import pytest

from foreshock.adapters.venues.fold import BookFold
from foreshock.adapters.venues.polymarket.watched import (
    ASSETS_MAX,
    MARKETS_MAX,
    Outbox,
    Watched,
    both_tokens,
    refuse_too_many,
    shards,
)
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import SECOND, Instant
from tests.unit.adapters.venues.polymarket.builders import NOW, market, token


def after(seconds: int) -> Instant:
    return Instant(NOW + seconds * SECOND)


def watched(asked_us: Instant | None = NOW) -> Watched:
    one = market()
    return Watched(one, BookFold(1).track(one.id, one.grid), asked_us)


def test_shards_carry_both_tokens_of_every_market_in_even_shares() -> None:
    markets = [market(n) for n in range(1, 2 * MARKETS_MAX + 8)]
    parts = shards(markets)
    assert {m.id for part in parts for m in part} == {m.id for m in markets}
    assert sum(len(part) for part in parts) == len(markets)
    assert max(len(part) for part in parts) - min(len(part) for part in parts) <= 1
    assert max(len(both_tokens(part)) for part in parts) <= ASSETS_MAX
    assert shards([]) == []


def test_more_than_a_connection_carries_is_refused() -> None:
    refuse_too_many(MARKETS_MAX)
    with pytest.raises(InvariantError, match="126"):
        refuse_too_many(MARKETS_MAX + 1)


def test_the_first_frame_asks_for_the_custom_events() -> None:
    outbox = Outbox()
    outbox.opened(["7", "8"], NOW)
    (frame,) = outbox.take()
    assert frame == '{"assets_ids":["7","8"],"type":"market","custom_feature_enabled":true}'
    assert outbox.take() == []


def test_later_frames_are_operations() -> None:
    outbox = Outbox()
    outbox.subscribe(["7"])
    outbox.unsubscribe(["8"])
    assert [msgspec.json.decode(frame) for frame in outbox.take()] == [
        {"operation": "subscribe", "assets_ids": ["7"], "custom_feature_enabled": True},
        {"operation": "unsubscribe", "assets_ids": ["8"]},
    ]


def test_a_ping_every_ten_seconds() -> None:
    outbox = Outbox()
    outbox.opened([], NOW)
    outbox.take()
    sent: list[tuple[int, str]] = []
    for second in range(31):
        outbox.ping(after(second))
        sent += [(second, frame) for frame in outbox.take()]
    assert sent == [(10, "PING"), (20, "PING"), (30, "PING")]


def test_a_stream_without_a_pong_for_thirty_seconds_is_dead() -> None:
    outbox = Outbox()
    outbox.opened([], NOW)
    assert outbox.dead_reason(after(30)) is None
    assert outbox.dead_reason(after(31)) == "no PONG for 31 s"
    outbox.pong(after(31))
    assert outbox.dead_reason(after(61)) is None


def test_a_lost_book_is_left_and_joined_again() -> None:
    outbox = Outbox()
    assert outbox.ask_again([watched()], after(5)) == 1
    tokens = [token(1, "yes"), token(1, "no")]
    leave, join = (msgspec.json.decode(frame) for frame in outbox.take())
    assert (leave["operation"], leave["assets_ids"]) == ("unsubscribe", tokens)
    assert (join["operation"], join["assets_ids"]) == ("subscribe", tokens)


def test_whoever_keeps_failing_is_asked_ever_more_rarely() -> None:
    outbox, book = Outbox(), watched()
    asked = [second for second in range(301) if outbox.ask_again([book], after(second))]
    assert asked == [5, 15, 35, 75, 135, 195, 255]


def test_a_book_that_was_fine_for_long_is_asked_for_at_once() -> None:
    outbox, book = Outbox(), watched()
    assert outbox.ask_again([book], after(600)) == 1
    assert book.ask_after == 5 * SECOND


def test_a_valid_or_finished_book_is_never_asked_for() -> None:
    outbox, valid, over = Outbox(), watched(), watched()
    valid.tracked.is_valid = True
    over.is_over = True
    assert outbox.ask_again([valid, over], after(600)) == 0
    assert outbox.take() == []


def test_the_wait_of_a_book_just_subscribed_starts_at_the_first_look() -> None:
    outbox, book = Outbox(), watched(asked_us=None)
    assert outbox.ask_again([book], after(100)) == 0
    assert outbox.ask_again([book], after(104)) == 0
    assert outbox.ask_again([book], after(105)) == 1
