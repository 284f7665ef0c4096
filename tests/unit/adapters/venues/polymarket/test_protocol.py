"""The market stream of one connection: frames in, messages and frames out."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.seams import FRAME_BYTES_MAX, FeedProtocol
from foreshock.adapters.venues.fold import TrackedBook
from foreshock.adapters.venues.polymarket.protocol import EVENTS_MAX, MarketFeed
from foreshock.adapters.venues.polymarket.watched import MARKETS_MAX
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import MarketId, uniform_grid
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookLost,
    FeedGapped,
    MarketStatusChanged,
    PayloadQuarantined,
    ShapeUnknown,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant, Price
from tests.unit.adapters.venues.polymarket.builders import (
    NOW,
    NOW_MS,
    change,
    condition,
    encode,
    levels,
    market,
    price_change,
    rest_book,
    token,
    trade,
    ws_book,
)

# First frame of a session with wss://ws-subscriptions-clob.polymarket.com/ws/market, 2026-10-05;
# the trailing line feed was on the wire.
REAL_DUMP = (
    b'[{"market":"0x017791f201d5a788e0039e511fc1900e5f000000000000000000000000000000","asset_id":'
    b'"663574927012476832975694178961957910328055987427402067619466963999000625152","timestamp":"17'
    b'91238858575","hash":"fc3846cab0c35a0977b6e5f605a4e5ff0d0b2277","bids":[],"asks":[],"tick_size'
    b'":"0.01","event_type":"book","last_trade_price":"","version":"v2"}]\n'
)
REAL_MARKET = market(
    native_id="0x017791f201d5a788e0039e511fc1900e5f000000000000000000000000000000",
    id=MarketId("polymarket:0x017791f201d5a788e0039e511fc1900e5f000000000000000000000000000000"),
    outcome_ids=(
        "663574927012476832975694178961957910328055987427402067619466963999000625152",
        "663574927012476832975694178961957910328055987427402067619466963999000625153",
    ),
)


def feed(*numbers: int, with_books: bool = True) -> MarketFeed:
    """A feed of these markets whose first frame has been taken and, with_books, answered."""
    made = MarketFeed(connection=4)
    markets = [market(n) for n in numbers or (1,)]
    made.opened(markets, NOW)
    made.take_outgoing()
    if with_books:
        say(made, [ws_book(n, outcome) for n in numbers or (1,) for outcome in ("yes",)])
    return made


def say(to: MarketFeed, event: object, recv_us: int = NOW) -> None:
    to.receive(encode(event), 7, Instant(recv_us))


def book_of(of: MarketFeed, n: int = 1) -> TrackedBook:
    tracked = of.book(market(n).id)
    assert tracked is not None
    return tracked


def kinds(messages: list[Message]) -> list[str]:
    return [type(message).__name__ for message in messages]


# ---- opening, watching, keeping alive -------------------------------------------------------


def test_it_is_a_feed_protocol() -> None:
    protocol: FeedProtocol = MarketFeed(connection=1)
    assert protocol.stats.frames_count == 0


def test_opening_subscribes_both_tokens_of_every_market() -> None:
    made = MarketFeed(connection=1)
    made.opened([market(1), market(2)], NOW)
    (frame,) = made.take_outgoing()
    assert msgspec.json.decode(frame) == {
        "assets_ids": [token(1, "yes"), token(1, "no"), token(2, "yes"), token(2, "no")],
        "type": "market",
        "custom_feature_enabled": True,
    }
    assert made.missing() == [market(1).id, market(2).id]


def test_the_watch_list_changes_on_the_open_stream() -> None:
    made = feed(1, 2)
    made.drain()
    made.watch([market(3), market(2)], [market(1).id, MarketId("polymarket:other")])
    leave, join = (msgspec.json.decode(frame) for frame in made.take_outgoing())
    assert (leave["operation"], leave["assets_ids"]) == (
        "unsubscribe",
        [token(1, "yes"), token(1, "no")],
    )
    assert (join["operation"], join["assets_ids"]) == (
        "subscribe",
        [token(3, "yes"), token(3, "no")],
    )
    say(made, price_change(change("0.5", "1"), n=1))
    assert made.drain() == []
    say(made, [ws_book(3)])
    assert kinds(made.drain()) == ["BookChanged"]


def test_a_market_watched_anew_starts_a_later_epoch() -> None:
    made = feed()
    (first,) = made.drain()
    made.watch([], [market().id])
    made.watch([market()], [])
    say(made, [ws_book()])
    (second,) = made.drain()
    assert isinstance(first, BookChanged)
    assert isinstance(second, BookChanged)
    assert second.epoch > first.epoch


def test_more_markets_than_fit_are_refused() -> None:
    made = MarketFeed(connection=1)
    with pytest.raises(InvariantError):
        made.opened([market(n) for n in range(1, MARKETS_MAX + 2)], NOW)
    with pytest.raises(InvariantError):
        feed().watch([market(n) for n in range(2, MARKETS_MAX + 2)], [])


def test_a_pong_is_life_but_no_data() -> None:
    made = feed(with_books=False)
    made.tick(Instant(NOW + 10 * SECOND))
    assert "PING" in made.take_outgoing()
    made.receive(b"PONG", 1, Instant(NOW + 11 * SECOND))
    assert made.stats.data_at_us == 0
    assert made.dead_reason(Instant(NOW + 41 * SECOND)) is None
    assert made.dead_reason(Instant(NOW + 42 * SECOND)) == "no PONG for 31 s"
    assert made.drain() == []


def test_a_book_that_never_came_is_asked_for_again() -> None:
    made = feed(1, 2, with_books=False)
    say(made, [ws_book(1)])
    made.tick(Instant(NOW + 5 * SECOND))
    _leave, join = (msgspec.json.decode(frame) for frame in made.take_outgoing())
    assert join["assets_ids"] == [token(2, "yes"), token(2, "no")]
    assert made.missing() == [market(2).id]


def test_time_says_no_message() -> None:
    made = feed(with_books=False)
    for second in range(0, 300, 7):
        made.tick(Instant(NOW + second * SECOND))
    assert made.drain() == []


def test_closing_loses_every_book() -> None:
    made = feed(1, 2)
    made.drain()
    made.closed("reset")
    assert [type(message) for message in made.drain()] == [BookLost, BookLost]


# ---- frames ---------------------------------------------------------------------------------


def test_the_first_frame_is_an_array_that_ends_in_a_line_feed() -> None:
    made = MarketFeed(connection=1)
    made.opened([REAL_MARKET], NOW)
    made.receive(REAL_DUMP, 1, NOW)
    (change_,) = made.drain()
    assert isinstance(change_, BookChanged)
    assert (change_.quality, change_.bids, change_.asks) == ("live", (), ())
    assert change_.event_us == 1_791_238_858_575_000
    assert made.doubts.hash_differs_count == made.stats.quarantined_count == 0


def test_the_recorded_session_folds_without_a_doubt(shared_wire: Path) -> None:
    path = shared_wire / "polymarket" / "live_2026-10-05" / "ws-market-v2-session.jsonl"
    lines = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
    made = MarketFeed(connection=1)
    made.opened([REAL_MARKET], NOW)
    received = [line["data"].encode() for line in lines if line["dir"] == "recv"]
    for seq, data in enumerate(received):
        made.receive(data, seq, Instant(NOW + 300 * SECOND))
    messages = made.drain()
    assert kinds(messages) == ["MarketStatusChanged", "BookChanged"]
    announced = messages[0]
    assert isinstance(announced, MarketStatusChanged)
    assert announced.status == "listed"
    assert made.stats.frames_count == len(received)
    assert (made.stats.unknown_count, made.stats.quarantined_count) == (0, 0)
    assert made.doubts.hash_differs_count == 0


def test_one_frame_may_hold_many_events() -> None:
    made = feed()
    say(made, [price_change(change("0.42", "9")), trade("0.5", "BUY")])
    assert kinds(made.drain()) == ["Traded", "BookChanged"]


def test_an_unknown_event_type_is_said_once_and_counted_always() -> None:
    made = feed()
    made.drain()
    for _ in range(3):
        say(made, {"event_type": "book_v3", "market": condition()})
    assert made.drain() == [ShapeUnknown("polymarket", "event_type", "book_v3")]
    assert made.stats.unknown_count == 3
    assert made.missing() == []


def test_a_text_that_is_no_json_is_unknown_and_harms_no_book() -> None:
    made = feed()
    made.drain()
    made.receive(b"INVALID OPERATION", 1, NOW)
    made.receive(b"", 2, NOW)
    assert kinds(made.drain()) == ["ShapeUnknown", "ShapeUnknown"]
    assert made.missing() == []


DAMAGES: dict[str, dict[str, object]] = {
    "no price": {"price": None},
    "price NaN": {"price": "NaN"},
    "price huge": {"price": "1e309"},
    "price 0": {"price": "0"},
    "price 1": {"price": "1"},
    "price above": {"price": "1.01"},
    "price negative": {"price": "-0.5"},
    "price empty": {"price": ""},
    "price a number": {"price": 0.5},
    "price endless": {"price": "0." + "1" * 5_000},
    "price too fine": {"price": "0.12345678"},
    "size negative": {"size": "-1"},
    "size NaN": {"size": "NaN"},
    "size infinite": {"size": "Infinity"},
    "size empty": {"size": ""},
    "size absent": {"size": None},
    "side unknown": {"side": "HOLD"},
    "side absent": {"side": None},
    "token absent": {"asset_id": None},
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("as_array", [False, True], ids=["alone", "in an array"])
def test_an_impossible_change_is_quarantined_and_costs_its_book_alone(
    damage: dict[str, object], as_array: bool
) -> None:
    made = feed(1, 2)
    made.drain()
    entry = {
        key: value for key, value in (change("0.42", "9") | damage).items() if value is not None
    }
    event = price_change() | {"price_changes": [entry]}
    say(made, [event] if as_array else event)
    messages = made.drain()
    assert sorted(kinds(messages)) == ["BookLost", "PayloadQuarantined"]
    assert made.missing() == [market(1).id]
    quarantined = [m for m in messages if isinstance(m, PayloadQuarantined)]
    assert (quarantined[0].connection, quarantined[0].frame_seq) == (4, 7)
    assert len(quarantined[0].reason) < 500


@pytest.mark.parametrize(
    "event",
    [
        price_change(change("0.42", "9"), at_ms=NOW_MS + 301_000),
        price_change(change("0.42", "9"), at_ms=NOW_MS - 90_000_000),
        price_change(change("0.42", "9")) | {"timestamp": ""},
        {"event_type": "price_change", "market": condition(), "timestamp": str(NOW_MS)},
        ws_book() | {"bids": levels([("1.5", "1")])},
        ws_book(timestamp=str(NOW_MS + 301_000)),
        ws_book(timestamp="1"),
        ws_book(tick_size="0.03"),
        ws_book() | {"market": condition(9)},
        trade("1.5", "BUY"),
        trade("0.5", "HOLD"),
    ],
    ids=[
        "future", "ancient", "no stamp", "no changes", "bad level", "future book", "ancient book",
        "bad tick", "other market", "bad trade", "bad side",
    ],
)  # fmt: skip
def test_an_impossible_event_is_quarantined_and_costs_its_book_alone(event: object) -> None:
    made = feed(1, 2)
    made.drain()
    say(made, event)
    assert sorted(kinds(made.drain())) == ["BookLost", "PayloadQuarantined"]
    assert made.missing() == [market(1).id]


def test_many_bad_events_of_a_frame_are_one_message() -> None:
    made = feed()
    made.drain()
    say(made, [price_change(change("9", "9"))] * 50)
    messages = made.drain()
    assert sorted(kinds(messages)) == ["BookLost", "PayloadQuarantined"]
    assert made.stats.quarantined_count == 1


def test_the_good_events_of_a_frame_with_a_bad_one_count() -> None:
    made = feed(1, 2)
    made.drain()
    say(made, [price_change(change("9", "9")), price_change(change("0.42", "9", n=2), n=2)])
    assert book_of(made, 2).book.bids.size_at(Price(420_000)) == 9_000_000
    assert made.missing() == [market(1).id]
    assert sorted(kinds(made.drain())) == ["BookChanged", "BookLost", "PayloadQuarantined"]


@pytest.mark.parametrize(
    "frame",
    [b'[{"a":1},', b'{"event_type":', b"[" * 100_000, b'{"x":' + b"[" * 100_000, b'{"event_type":"\xff"}', b"[{}]x"],
    ids=["array cut", "object cut", "deep array", "deep object", "not UTF-8", "rest after it"],
)  # fmt: skip
def test_what_cannot_be_read_at_all_costs_every_book(frame: bytes) -> None:
    made = feed(1, 2)
    made.drain()
    made.receive(frame, 9, Instant(NOW + 10 * SECOND))
    messages = made.drain()
    assert sorted(kinds(messages)) == ["BookLost", "BookLost", "FeedGapped", "PayloadQuarantined"]
    assert made.stats.gaps_count == 1
    _leave, join = (msgspec.json.decode(text) for text in made.take_outgoing())
    assert len(join["assets_ids"]) == 4


def test_a_cut_frame_that_names_its_market_costs_that_book_alone() -> None:
    made = feed(1, 2)
    made.drain()
    made.receive(encode(price_change(change("0.42", "9", n=2), n=2))[:-30], 9, NOW)
    assert made.missing() == [market(2).id]
    assert FeedGapped not in map(type, made.drain())


def test_a_frame_too_long_is_not_read() -> None:
    made = feed()
    made.drain()
    made.receive(b"[" + b" " * FRAME_BYTES_MAX + b"]", 9, NOW)
    assert sorted(kinds(made.drain())) == ["BookLost", "FeedGapped", "PayloadQuarantined"]


def test_a_frame_of_too_many_events_is_not_folded() -> None:
    made = feed()
    made.drain()
    made.receive(b"[" + b",".join([b"{}"] * (EVENTS_MAX + 1)) + b"]", 9, NOW)
    assert sorted(kinds(made.drain())) == ["BookLost", "FeedGapped", "PayloadQuarantined"]


def test_losses_come_in_the_same_order_on_every_run() -> None:
    made = feed(3, 1, 2)
    made.drain()
    names = " ".join(condition(n) for n in (2, 3, 1))
    made.receive(f'{{"event_type":"book","x":"{names}"}}'.encode(), 9, NOW)
    lost = [m.market for m in made.drain() if isinstance(m, BookLost)]
    assert lost == [market(n).id for n in (2, 3, 1)]


# ---- chaos ----------------------------------------------------------------------------------

GOOD = [
    encode([ws_book(), ws_book(outcome="no", bids=[("0.49", "30")], asks=[("0.51", "20.5")])]),
    encode(price_change(change("0.42", "9"), change("0.58", "9", "SELL", outcome="no"))),
    encode(trade("0.5", "BUY")),
    encode({"event_type": "tick_size_change", "market": condition(), "asset_id": token(1, "yes"),
            "old_tick_size": "0.01", "new_tick_size": "0.001", "timestamp": str(NOW_MS)}),
    encode({"event_type": "best_bid_ask", "market": condition(), "asset_id": token(1, "yes"),
            "best_bid": "0.49", "best_ask": "0.51", "spread": "0.02", "timestamp": str(NOW_MS)}),
    encode({"event_type": "market_resolved", "market": condition(), "winning_asset_id": token(1, "no"),
            "timestamp": str(NOW_MS)}),
    encode({"event_type": "new_market", "condition_id": condition(8), "timestamp": str(NOW_MS)}),
    encode([rest_book()]),
]  # fmt: skip


@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from(GOOD)), max_size=8))
def test_no_bytes_ever_raise(frames: list[bytes]) -> None:
    made = feed()
    for seq, frame in enumerate(frames):
        made.receive(frame, seq, NOW)
        made.receive_books(frame, seq, NOW)
    made.drain()


@given(
    st.sampled_from(GOOD),
    st.binary(max_size=12),
    st.integers(0, 700),
    st.integers(0, 700),
    st.sampled_from([b"", b"NaN", b"1e309", b'"', b"-", b"null", b"[" * 2_000]),
)
def test_no_damage_to_a_real_shape_ever_raises(
    frame: bytes, noise: bytes, start: int, end: int, poison: bytes
) -> None:
    made = feed()
    damaged = frame[:start] + noise + poison + frame[end:]
    made.receive(damaged, 1, NOW)
    made.receive_books(damaged, 2, NOW)
    tracked = book_of(made)
    for price, size in (*tracked.book.bids.levels(), *tracked.book.asks.levels()):
        assert 0 < price < 1_000_000
        assert size > 0
    made.drain()


@given(st.lists(st.sampled_from(GOOD), max_size=10))
def test_the_same_frames_say_the_same(frames: list[bytes]) -> None:
    """However the clock ticks in between, as it does live and does not in a replay."""
    live, replayed = feed(), feed()
    for seq, frame in enumerate(frames):
        recv_us = Instant(NOW + seq * SECOND)
        live.tick(recv_us)
        live.take_outgoing()
        live.receive(frame, seq, recv_us)
        replayed.receive(frame, seq, recv_us)
    assert live.drain() == replayed.drain()


def test_terms_read_again_start_an_epoch_only_when_the_grid_is_another() -> None:
    to = feed(1)
    epoch = book_of(to).epoch
    to.relist(msgspec.structs.replace(market(1), status="paused"))
    assert book_of(to).epoch == epoch
    to.relist(msgspec.structs.replace(market(1), grid=uniform_grid(Price(1_000))))
    assert book_of(to).epoch > epoch
    to.relist(market(2))  # not watched here: nothing to keep
