"""Does the stream's fold keep only books it can stand behind, whatever the venue sends?"""

import json
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.adapters.sim.kalshi_fees import FeeBook
from foreshock.adapters.sim.kalshi_stream import KalshiStreams
from foreshock.adapters.venues.kalshi.protocol import QUARANTINED_MAX, KalshiStream
from foreshock.core.domain.books import Levels
from foreshock.core.domain.markets import Market, SeriesFee, uniform_grid
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookChecked,
    BookLost,
    FeedGapped,
    MarketStatusChanged,
    PayloadQuarantined,
    ShapeUnknown,
    Traded,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, PAYOUT, Instant, Price, format_micros
from tests.unit.adapters.sim.face_scenario import STEPS, TICKERS, kalshi_exchange, play
from tests.unit.adapters.sim.face_scenario import T0 as SIM_T0
from tests.unit.adapters.venues.kalshi.builders import (
    DELTA,
    SNAPSHOT,
    T0,
    TICKER,
    TICKER_A,
    TICKER_B,
    TRADE,
    Driven,
    Json,
    encoded,
    framed,
    market_of,
)

CAPTURE = "kalshi/josephsapinoso_kalshi-cockpit_2026-08/ws_orderbook_stream.json"
OTHER = market_of(ticker=TICKER_B)


def only(messages: list[Message], kind: type[Message]) -> list[Message]:
    return [message for message in messages if isinstance(message, kind)]


def is_valid(driven: Driven, market: Market | None = None) -> bool:
    book = driven.stream.book((market or market_of()).id)
    assert book is not None
    return book.is_valid


def levels(driven: Driven) -> tuple[Levels, Levels]:
    tracked = driven.stream.book(market_of().id)
    assert tracked is not None
    return tracked.book.bids.levels(), tracked.book.asks.levels()


def opened() -> Driven:
    """A stream with one valid book."""
    driven = Driven()
    driven.commands()
    driven.receive(
        encoded({"type": "subscribed", "id": 2, "msg": subscribed("orderbook_delta", 1)})
    )
    driven.receive(framed(SNAPSHOT))
    return driven


def subscribed(channel: str, sid: int) -> Json:
    return {"channel": channel, "sid": sid}


# ---- folding -------------------------------------------------------------------------------


def test_subscribes_each_channel_with_explicit_yes_prices() -> None:
    commands = Driven(market_of(), OTHER).commands()
    assert [command["params"]["channels"] for command in commands] == [
        ["market_lifecycle_v2"],
        ["orderbook_delta"],
        ["trade"],
        ["ticker"],
    ]
    assert commands[1]["params"]["use_yes_price"] is True
    assert commands[1]["params"]["market_tickers"] == [TICKER_A, TICKER_B]
    assert len({command["id"] for command in commands}) == 4


def test_snapshot_and_delta_make_a_book_seen_from_yes() -> None:
    driven = Driven()
    (first,) = only(driven.receive(framed(SNAPSHOT)), BookChanged)
    assert isinstance(first, BookChanged)
    assert first.bids == ((430_000, 2_005_350_000), (420_000, 500_000_000))
    assert first.asks == ((440_000, 800_000_000), (450_000, 12_000_000))
    (second,) = driven.receive(framed(DELTA))
    assert isinstance(second, BookChanged)
    assert second.bids[0] == (430_000, 1_905_350_000)
    assert (second.event_us, second.quality) == (DELTA["msg"]["ts_ms"] * 1_000, "live")
    assert second.epoch == first.epoch


def test_no_levels_come_in_yes_prices_when_asked_so() -> None:
    driven = Driven(no_in_yes_price=True)
    snapshot = framed(SNAPSHOT, {"no_dollars_fp": [["0.4400", "800.00"]]})
    delta = framed(DELTA, {"price_dollars": "0.4400", "delta_fp": "-1.00", "side": "no"})
    driven.receive(snapshot, delta)
    assert levels(driven)[1] == ((440_000, 799_000_000),)


def test_absent_sides_are_empty() -> None:
    driven = Driven()
    driven.receive(framed(SNAPSHOT, {"yes_dollars_fp": ..., "no_dollars_fp": ...}))
    assert is_valid(driven)
    assert levels(driven) == ((), ())


def test_frames_within_a_drain_become_one_change() -> None:
    driven = Driven()
    messages = driven.receive(framed(SNAPSHOT), framed(DELTA), framed(DELTA, seq=3))
    assert len(only(messages, BookChanged)) == 1
    assert driven.stream.stats.conflated_count == 2


def test_ok_and_unsubscribed_and_scoped_errors_take_a_number() -> None:
    driven = opened()
    told = {"market_tickers": [TICKER_A]}
    driven.receive(
        encoded({"type": "ok", "id": 9, "sid": 1, "seq": 2, "msg": told}),
        encoded({"type": "error", "id": 8, "sid": 1, "seq": 3, "msg": {"code": 15, "msg": "x"}}),
        framed(DELTA, seq=4),
    )
    assert driven.stream.stats.gaps_count == 0
    assert is_valid(driven)


def test_channels_number_their_frames_apart() -> None:
    driven = opened()
    messages = driven.receive(framed(TRADE), framed(DELTA), framed(TRADE, seq=2))
    assert len(only(messages, Traded)) == 2
    assert driven.stream.stats.gaps_count == 0


# ---- gaps ----------------------------------------------------------------------------------


def test_a_gap_loses_every_book_of_the_subscription_at_once() -> None:
    driven = Driven(market_of(), OTHER)
    driven.receive(framed(SNAPSHOT), framed(SNAPSHOT, {"market_ticker": TICKER_B}, seq=2))
    driven.commands()
    driven.after(5)
    messages = driven.receive(framed(DELTA, seq=5))
    gapped, *lost = messages
    assert isinstance(gapped, FeedGapped)
    assert "2 frames missing before seq 5" in gapped.reason
    assert {message.market for message in lost if isinstance(message, BookLost)} == {
        market_of().id,
        OTHER.id,
    }
    (command,) = driven.commands()
    assert command["params"] == {
        "sids": [1],
        "action": "get_snapshot",
        "market_tickers": [TICKER_A, TICKER_B],
    }


def test_deltas_of_a_lost_book_are_dropped_until_its_snapshot() -> None:
    driven = opened()
    before = levels(driven)
    assert driven.receive(framed(DELTA, seq=3)) != []
    assert driven.receive(framed(DELTA, seq=4)) == []
    assert levels(driven) == before
    (change,) = driven.receive(framed(SNAPSHOT, seq=5))
    assert isinstance(change, BookChanged)
    assert is_valid(driven)
    driven.receive(framed(DELTA, seq=6))
    assert levels(driven)[0][0] == (430_000, 1_905_350_000)


def test_a_book_after_a_loss_is_of_a_later_epoch() -> None:
    driven = Driven()
    (first,) = driven.receive(framed(SNAPSHOT))
    driven.receive(framed(DELTA, seq=3))
    (second,) = driven.receive(framed(SNAPSHOT, seq=4))
    assert isinstance(first, BookChanged)
    assert isinstance(second, BookChanged)
    assert second.epoch > first.epoch


def test_repeated_frames_are_dropped_and_counted() -> None:
    driven = opened()
    driven.receive(framed(DELTA))
    before = levels(driven)
    assert driven.receive(framed(DELTA), framed(SNAPSHOT)) == []
    assert levels(driven) == before
    assert driven.stream.counts.repeated_count == 2


def test_a_gap_of_trades_is_told_but_books_stay() -> None:
    driven = opened()
    messages = driven.receive(framed(TRADE, seq=4))
    assert [type(message) for message in messages] == [FeedGapped, Traded]
    assert is_valid(driven)


def test_a_lost_book_is_asked_for_again_but_not_flooded() -> None:
    driven = opened()
    driven.after(2)
    driven.commands()
    for seq in range(3, 60, 2):
        driven.receive(framed(DELTA, seq=seq))
    assert len(driven.commands()) == 1
    driven.after(1)
    assert len(driven.commands()) == 1
    driven.after(5)
    assert driven.commands() == []
    driven.after(10)
    assert len(driven.commands()) == 1


# ---- clocks --------------------------------------------------------------------------------


def test_deltas_that_the_snapshot_contains_are_ignored() -> None:
    driven = Driven()
    driven.receive(
        framed(SNAPSHOT, {"clock": 100}),
        framed(DELTA, {"clock": 99}),
        framed(DELTA, {"clock": 100}, seq=3),
    )
    assert levels(driven)[0][0] == (430_000, 2_005_350_000)
    driven.receive(framed(DELTA, {"clock": 101}, seq=4), framed(DELTA, {"clock": 101}, seq=5))
    assert levels(driven)[0][0] == (430_000, 1_805_350_000)


def test_an_old_snapshot_does_not_undo_newer_deltas() -> None:
    driven = Driven()
    driven.receive(framed(SNAPSHOT, {"clock": 100}), framed(DELTA, {"clock": 105}))
    driven.receive(framed(SNAPSHOT, {"clock": 104}, seq=3))
    assert levels(driven)[0][0] == (430_000, 1_905_350_000)
    driven.receive(framed(DELTA, {"clock": 110}, seq=9))
    assert not is_valid(driven)
    driven.receive(framed(SNAPSHOT, {"clock": 109}, seq=10))
    assert not is_valid(driven)
    driven.receive(framed(SNAPSHOT, {"clock": 110}, seq=11))
    assert is_valid(driven)


def test_an_exchange_clock_that_starts_anew_loses_the_book_rather_than_freezing_it() -> None:
    driven = Driven()
    driven.receive(framed(SNAPSHOT, {"clock": 100}), framed(DELTA, {"clock": 105}))
    messages = driven.receive(framed(DELTA, {"clock": 3}, seq=3))
    assert len(only(messages, BookLost)) == 1
    driven.receive(framed(SNAPSHOT, {"clock": 4}, seq=4))
    assert is_valid(driven)
    driven.after(31)
    late = driven.receive(framed(DELTA, {"clock": 4}, seq=5))
    assert len(only(late, BookLost)) == 1


def test_a_clock_that_stays_back_is_taken_after_some_snapshots() -> None:
    driven = Driven()
    driven.receive(framed(SNAPSHOT, {"clock": 1_000}), framed(DELTA, {"clock": 1_001}, seq=5))
    for seq in (6, 7):
        driven.receive(framed(SNAPSHOT, {"clock": 2}, seq=seq))
        assert not is_valid(driven)
    driven.receive(framed(SNAPSHOT, {"clock": 2}, seq=8))
    assert is_valid(driven)


# ---- nonsense ------------------------------------------------------------------------------


def test_a_level_below_zero_loses_the_book_and_asks_again() -> None:
    driven = opened()
    driven.after(2)
    messages = driven.receive(framed(DELTA, {"delta_fp": "-9999.00"}))
    assert [type(message) for message in messages] == [PayloadQuarantined, BookLost]
    (command,) = driven.commands()
    assert command["params"]["action"] == "get_snapshot"


@pytest.mark.parametrize(
    "msg",
    [
        {"price_dollars": "1.0000"},
        {"price_dollars": "0.0000"},
        {"price_dollars": "NaN"},
        {"price_dollars": "1e309"},
        {"price_dollars": 0.43},
        {"price_dollars": ...},
        {"delta_fp": "ten"},
        {"delta_fp": ...},
        {"side": "maybe"},
        {"side": ...},
        {"ts_ms": -5},
    ],
)
def test_an_impossible_delta_is_quarantined_and_its_book_lost(msg: Json) -> None:
    driven = Driven(market_of(), OTHER)
    driven.receive(framed(SNAPSHOT), framed(SNAPSHOT, {"market_ticker": TICKER_B}, seq=2))
    messages = driven.receive(framed(DELTA, msg, seq=3))
    (quarantined,) = only(messages, PayloadQuarantined)
    assert isinstance(quarantined, PayloadQuarantined)
    assert (quarantined.connection, quarantined.frame_seq) == (7, 3)
    assert not is_valid(driven)
    assert is_valid(driven, OTHER)
    driven.receive(framed(DELTA, {"market_ticker": TICKER_B}, seq=4))
    assert driven.stream.stats.gaps_count == 0


def test_a_book_frame_without_its_market_loses_them_all() -> None:
    driven = opened()
    driven.receive(framed(DELTA, {"market_ticker": ...}))
    assert not is_valid(driven)


@pytest.mark.parametrize(
    "frame",
    [b"", b"not json", b"{", b"\xff\xfe", b'{"type":"orderbook_delta","sid":NaN}', b"[" * 100_000],
)
def test_an_unreadable_frame_loses_every_book(frame: bytes) -> None:
    driven = opened()
    messages = driven.receive(frame)
    assert [type(message) for message in messages] == [PayloadQuarantined, BookLost]


def test_a_frame_too_long_is_not_read() -> None:
    driven = opened()
    messages = driven.receive(b" " * (FRAME_BYTES_MAX + 1))
    assert [type(message) for message in messages] == [PayloadQuarantined, BookLost]


def test_an_unknown_type_is_told_once_counted_always_and_takes_its_number() -> None:
    driven = opened()
    frame = {"type": "weather", "sid": 1, "msg": {"rain": True}}
    messages = driven.receive(
        *(encoded(frame | {"seq": seq}) for seq in (2, 3, 4)), framed(DELTA, seq=5)
    )
    assert only(messages, ShapeUnknown) == [ShapeUnknown("kalshi", "frame.type", "weather")]
    assert driven.stream.stats.unknown_count == 3
    assert is_valid(driven)


def test_an_unknown_market_gets_no_valid_book_from_its_empty_snapshot() -> None:
    driven = Driven()
    empty = {"market_id": "", "yes_dollars_fp": ..., "no_dollars_fp": ...}
    messages = driven.receive(framed(SNAPSHOT, empty))
    assert [type(message) for message in messages] == [ShapeUnknown]
    assert driven.stream.missing() == [market_of().id]


def test_endless_nonsense_ends_the_stream() -> None:
    driven = opened()
    told = driven.receive(*[b"nonsense"] * (QUARANTINED_MAX + 5))
    assert len(only(told, PayloadQuarantined)) == QUARANTINED_MAX
    assert driven.stream.dead_reason(driven.now_us) == f"{QUARANTINED_MAX} unusable frames"


# ---- trades and tickers --------------------------------------------------------------------


def test_a_trade_tells_who_took() -> None:
    driven = opened()
    sold = {"taker_outcome_side": "no", "taker_book_side": "ask", "taker_side": "yes"}
    first, second = driven.receive(framed(TRADE), framed(TRADE, sold, seq=2))
    assert isinstance(first, Traded)
    assert isinstance(second, Traded)
    assert (first.price, first.quantity, first.taker) == (440_000, 136_500_000, "yes")
    assert second.taker == "no"


def test_a_block_trade_is_counted_not_told() -> None:
    driven = opened()
    assert driven.receive(framed(TRADE, {"is_block_trade": True})) == []
    assert driven.stream.counts.block_trades_count == 1


def test_a_trade_whose_two_prices_do_not_fit_is_quarantined() -> None:
    driven = opened()
    messages = driven.receive(framed(TRADE, {"no_price_dollars": "0.5700"}))
    assert [type(message) for message in messages] == [PayloadQuarantined]
    assert is_valid(driven)


@pytest.mark.parametrize("sides", [("yes", "ask"), ("maybe", "bid")])
def test_a_taker_we_do_not_understand_is_told(sides: tuple[str, str]) -> None:
    driven = opened()
    msg = {"taker_outcome_side": sides[0], "taker_book_side": sides[1]}
    assert driven.receive(framed(TRADE, msg)) == [
        ShapeUnknown("kalshi", "trade.taker", "/".join(sides))
    ]


def test_a_sign_of_life_opens_a_listed_market() -> None:
    driven = Driven(market_of(status="initialized"))
    messages = driven.receive(framed(SNAPSHOT), framed(TRADE))
    (opening,) = only(messages, MarketStatusChanged)
    assert isinstance(opening, MarketStatusChanged)
    assert opening.status == "open"
    assert only(driven.receive(framed(TRADE, seq=2)), MarketStatusChanged) == []


def ticker(bid: str, ask: str, ts_ms: int) -> bytes:
    return framed(TICKER, {"yes_bid_dollars": bid, "yes_ask_dollars": ask, "ts_ms": ts_ms})


def test_a_ticker_that_keeps_contradicting_loses_the_book() -> None:
    driven = opened()
    later_ms = T0 // 1_000 + 60_000
    for _ in range(3):
        assert is_valid(driven)
        driven.receive(ticker("0.4000", "0.4400", later_ms))
        driven.after(3)
    assert not is_valid(driven)


def test_a_ticker_that_runs_ahead_is_no_contradiction() -> None:
    driven = opened()
    later_ms = T0 // 1_000 + 60_000
    for turn in range(20):
        ahead = ("0.4200", "-2005.35") if turn % 2 == 0 else ("0.4300", "2005.35")
        driven.receive(ticker(ahead[0], "0.4400", later_ms + turn))
        msg = {"delta_fp": ahead[1], "ts_ms": later_ms + turn}
        driven.receive(framed(DELTA, msg, seq=2 + turn))
        driven.after(3)
        assert is_valid(driven)


def test_a_late_or_empty_ticker_proves_nothing() -> None:
    driven = opened()
    for _ in range(5):
        driven.receive(ticker("0.1000", "0.9000", T0 // 1_000 - 60_000))
        driven.receive(ticker("0.0000", "1.0000", T0 // 1_000 + 60_000))
        driven.after(3)
    assert is_valid(driven)


# ---- spot checks ---------------------------------------------------------------------------


def rest_body(yes: str, no: str) -> bytes:
    book = {"yes_dollars": [["0.0100", "1.00"], [yes, "5.00"]], "no_dollars": [[no, "7.00"]]}
    return encoded({"orderbooks": [{"ticker": TICKER_A, "orderbook_fp": book}]})


def test_a_rest_book_with_the_same_touch_confirms() -> None:
    driven = opened()
    driven.stream.receive_books(rest_body("0.4300", "0.5600"), 9, T0)
    (checked,) = driven.stream.drain()
    assert isinstance(checked, BookChecked)
    assert checked.agrees
    assert driven.stream.stats.checked_at_us == T0


def test_a_rest_book_of_another_moment_says_nothing() -> None:
    driven = opened()
    driven.stream.receive_books(rest_body("0.4200", "0.5600"), 9, T0)
    assert driven.stream.drain() == []


def test_a_rest_book_that_keeps_differing_loses_ours() -> None:
    driven = opened()
    for _ in range(3):
        assert is_valid(driven)
        driven.stream.receive_books(rest_body("0.1000", "0.5600"), 9, T0)
    told = driven.stream.drain()
    assert [type(message) for message in told] == [BookChecked] * 3 + [BookLost]


@pytest.mark.parametrize("body", [b"", b"{}", rest_body("9", "1"), b" " * (FRAME_BYTES_MAX + 1)])
def test_an_unusable_rest_body_is_quarantined(body: bytes) -> None:
    driven = opened()
    driven.stream.receive_books(body, 9, T0)
    assert [type(message) for message in driven.stream.drain()] == [PayloadQuarantined]
    assert is_valid(driven)


# ---- the watch list ------------------------------------------------------------------------


def test_added_markets_merge_and_removed_ones_leave_every_channel() -> None:
    driven = opened()
    driven.commands()
    driven.stream.watch([OTHER], [])
    joined = driven.commands()
    assert [command["cmd"] for command in joined] == ["subscribe"] * 3
    assert all(command["params"]["market_tickers"] == [TICKER_B] for command in joined)
    driven.receive(
        encoded({"type": "subscribed", "id": 3, "msg": subscribed("trade", 2)}),
        encoded({"type": "subscribed", "id": 4, "msg": subscribed("ticker", 3)}),
    )
    driven.stream.watch([], [market_of().id])
    left = driven.commands()
    assert [command["params"]["sids"] for command in left] == [[1], [2], [3]]
    assert {command["params"]["action"] for command in left} == {"delete_markets"}
    assert driven.receive(framed(DELTA)) == []


def test_the_last_market_closes_its_channels_rather_than_opening_them_to_all() -> None:
    driven = opened()
    driven.commands()
    driven.stream.watch([], [market_of().id])
    (unsubscribe,) = driven.commands()
    assert (unsubscribe["cmd"], unsubscribe["params"]) == ("unsubscribe", {"sids": [1]})
    driven.receive(
        encoded({"type": "unsubscribed", "id": unsubscribe["id"], "sid": 1, "seq": 2}),
        encoded({"type": "subscribed", "id": 3, "msg": subscribed("trade", 2)}),
    )
    assert [command["params"] for command in driven.commands()] == [{"sids": [2]}]
    assert driven.stream.dead_reason(driven.now_us) is None


def test_closing_loses_every_book() -> None:
    driven = opened()
    driven.stream.closed("socket cut")
    (lost,) = driven.stream.drain()
    assert isinstance(lost, BookLost)
    assert lost.reason == "socket cut"


# ---- properties ----------------------------------------------------------------------------

STEP = st.tuples(st.sampled_from(["yes", "no"]), st.integers(1, 99), st.integers(-300, 300))


@given(st.lists(STEP, max_size=80), st.booleans())
@settings(max_examples=60)
def test_random_deltas_fold_as_a_plain_dictionary_does(
    steps: list[tuple[str, int, int]], no_in_yes: bool
) -> None:
    driven = Driven(no_in_yes_price=no_in_yes)
    driven.receive(framed(SNAPSHOT, {"yes_dollars_fp": ..., "no_dollars_fp": ...}))
    model: dict[str, dict[int, int]] = {"yes": {}, "no": {}}
    for seq, (side, cents, change) in enumerate(steps, start=2):
        before = model[side].get(cents, 0)
        total = max(0, before + change)
        model[side] |= {cents: total}
        told = {
            "side": side,
            "price_dollars": f"0.{cents:02}00",
            "delta_fp": format_micros((total - before) * 10_000, 2),
        }
        driven.receive(framed(DELTA, told, seq=seq))
    bids, asks = levels(driven)
    assert is_valid(driven)
    assert dict(bids) == {c * 10_000: q * 10_000 for c, q in model["yes"].items() if q}
    assert dict(asks) == {
        (c * 10_000 if no_in_yes else PAYOUT - c * 10_000): q * 10_000
        for c, q in model["no"].items()
        if q
    }


@given(st.binary(max_size=300))
def test_random_bytes_never_raise(frame: bytes) -> None:
    driven = opened()
    driven.receive(frame)
    driven.stream.receive_books(frame, 1, T0)
    driven.stream.drain()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
SAMPLES = [SNAPSHOT, DELTA, TRADE, TICKER] + [
    {"type": kind, "id": 2, "sid": 1, "seq": 2, "msg": {"code": 1, "channel": "trade", "sid": 2}}
    for kind in (
        "ok",
        "error",
        "subscribed",
        "unsubscribed",
        "event_lifecycle",
        "event_fee_update",
        "market_lifecycle_v2",
    )
]


@given(st.sampled_from(SAMPLES), st.data())
@settings(max_examples=300)
def test_frames_with_any_field_replaced_never_raise(sample: Json, data: st.DataObject) -> None:
    frame = json.loads(json.dumps(sample))
    target = data.draw(st.sampled_from([frame, frame["msg"]]))
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(JSON)
    driven = opened()
    driven.receive(encoded(frame))
    driven.after(11)
    driven.stream.dead_reason(driven.now_us)


# ---- recordings and the simulated venue ----------------------------------------------------


def capture(shared_wire: Path) -> tuple[list[str], list[tuple[Instant, bytes]]]:
    recorded = json.loads((shared_wire / CAPTURE).read_bytes())
    frames = [(Instant(f["received_ms"] * 1_000), encoded(f["frame"])) for f in recorded["frames"]]
    return recorded["tickers"], frames


def captured_stream(tickers: list[str], at_us: Instant) -> KalshiStream:
    stream = KalshiStream(1, no_in_yes_price=False)
    stream.opened([market_of(ticker=ticker) for ticker in tickers], at_us)
    return stream


def test_the_recorded_capture_folds_without_gap_or_contradiction(shared_wire: Path) -> None:
    tickers, frames = capture(shared_wire)
    stream = captured_stream(tickers, frames[0][0])
    for frame_seq, (recv_us, frame) in enumerate(frames, start=1):
        stream.receive(frame, frame_seq, recv_us)
        for message in stream.drain():
            assert isinstance(message, BookChanged)
            assert message.quality == "live"
            assert all(size > 0 for _, size in (*message.bids, *message.asks))
            if message.bids and message.asks:
                best_no_bid = PAYOUT - message.asks[0][0]
                assert message.bids[0][0] + best_no_bid < PAYOUT
    kinds = [json.loads(frame)["type"] for _, frame in frames]
    assert (kinds.count("ok"), kinds.count("orderbook_delta")) == (11, 245)
    assert stream.missing() == []
    stats = stream.stats
    assert (stats.gaps_count, stats.quarantined_count, stats.unknown_count) == (0, 0, 0)
    assert stats.frames_count == 269


def test_deleting_any_sequenced_frame_of_the_capture_is_noticed(shared_wire: Path) -> None:
    tickers, frames = capture(shared_wire)
    sequenced = [n for n, (_, frame) in enumerate(frames) if b'"seq":' in frame]
    assert len(sequenced) == 268
    for missing in sequenced[:-1]:
        stream = captured_stream(tickers, frames[0][0])
        had_book = False
        for frame_seq, (recv_us, frame) in enumerate(frames[: missing + 2], start=1):
            if frame_seq - 1 == missing:
                had_book = len(stream.missing()) < len(tickers)
                stream.drain()
                continue
            stream.receive(frame, frame_seq, recv_us)
        told = stream.drain()
        assert len(only(told, FeedGapped)) == 1
        assert bool(only(told, BookLost)) == had_book
        is_snapshot = b"orderbook_snapshot" in frames[missing + 1][1]
        assert len(stream.missing()) == len(tickers) - is_snapshot


def test_folds_the_simulated_venue_exactly() -> None:
    exchange = kalshi_exchange()
    streams = KalshiStreams(exchange, FeeBook(exchange))
    streams.open(1)
    driven = KalshiStream(1)
    known = {ticker: market_of(ticker=ticker, event_ticker="E") for ticker in TICKERS}
    driven.opened(list(known.values()), SIM_T0)
    now_us, frame_seq, rng = int(SIM_T0), 0, Random(3)
    for turn in range(2 * STEPS):
        now_us += 1_000_000
        if turn < STEPS:
            play(exchange, rng.choice(TICKERS[:1]), turn, now_us)
        driven.tick(Instant(now_us))
        for text in driven.take_outgoing():
            streams.receive(1, text, Instant(now_us))
        for _, frame in streams.take_frames(Instant(now_us)):
            frame_seq += 1
            driven.receive(frame.encode(), frame_seq, Instant(now_us))
        driven.drain()
    assert driven.stats.gaps_count == driven.stats.quarantined_count == 0
    assert driven.stats.unknown_count == 0
    assert driven.missing() == []
    for ticker, market in known.items():
        tracked = driven.book(market.id)
        assert tracked is not None
        assert tracked.book.bids.levels() == tuple(exchange.levels(ticker, "bid"))
        assert tracked.book.asks.levels() == tuple(exchange.levels(ticker, "ask"))
    assert driven.dead_reason(Instant(now_us + 60_000_000)) is None


def test_terms_read_again_are_built_on_and_another_grid_starts_an_epoch() -> None:
    driven = opened()
    before = driven.stream.book(market_of().id)
    assert before is not None
    epoch = before.epoch
    finer = msgspec.structs.replace(
        market_of(), fee=SeriesFee("quadratic", 2 * MICRO), grid=uniform_grid(Price(1_000))
    )
    driven.stream.relist(finer)
    assert before.epoch > epoch
    assert driven.stream.book(market_of().id) is before
    assert before.is_valid


@pytest.mark.parametrize("code", [9, 10, 25])
def test_a_terminal_error_loses_every_book_at_once(code: int) -> None:
    driven = opened()
    assert is_valid(driven)
    driven.receive(encoded({"type": "error", "id": 2, "msg": {"code": code, "msg": "over"}}))
    assert not is_valid(driven)
