"""Fault rows C1-C15: market data that is silent, late, lost, doubled or wrong.

Feeds are the real protocols over what the simulated venues say, or over frames built like theirs;
decisions are those of a whole live desk.
"""

import asyncio
import itertools
import random
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.adapters.storage.tape import TapeFrame
from foreshock.adapters.venues.polymarket.protocol import MarketFeed
from foreshock.adapters.venues.polymarket.watched import MARKETS_MAX
from foreshock.app import inbox as inbox_module
from foreshock.app.feeds import Feeds
from foreshock.app.inbox import Inbox
from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.messages.account import VenueConditionTold
from foreshock.core.domain.messages.trading import CancelOrder, SendRefused
from foreshock.core.domain.units import MICRO, PAYOUT, Instant
from tests.conformance.test_feed_protocol import (
    BOOKS,
    Frame,
    Session,
    books,
    fold,
    messages,
    session,
)
from tests.mutants.stories import ask
from tests.scenarios.watched import WatchedScene
from tests.trading import START, A, book, order
from tests.unit.adapters.venues.kalshi.builders import DELTA, SNAPSHOT, Driven, framed
from tests.unit.adapters.venues.kalshi.test_protocol import opened
from tests.unit.adapters.venues.polymarket import builders as pm
from tests.unit.adapters.venues.polymarket.test_protocol import feed, say
from tests.unit.core.execution.test_gate import live_gate
from tests.unit.dashboard.told import measured

VENUES = ("polymarket", "kalshi")
each_venue = pytest.mark.parametrize("name", BOOKS)


def ready() -> WatchedScene:
    at = WatchedScene()
    at.offer_both()
    at.ready()
    return at


def refusal(at: WatchedScene) -> str | None:
    """Why the last request was refused; None when it was approved."""
    answers = [x for x in at.desk.heard if isinstance(x, d.TradeApproved | d.TradeRefused)]
    last = answers[-1]
    return last.refusal.code if isinstance(last, d.TradeRefused) else None


def measure(
    at: WatchedScene, *, data_s: float = 0, check_s: float = 0, p95_us: int = 20_000
) -> None:
    """Both connections are measured; the clocks show these ages."""
    now_us = at.desk.now_us
    for number, venue in enumerate(VENUES, 1):
        told = measured(venue, number, now_us, p95_us=p95_us)
        aged = msgspec.structs.replace(
            told,
            data_at_us=Instant(now_us - round(data_s * MICRO)),
            checked_at_us=Instant(now_us - round(check_s * MICRO)),
        )
        at.desk.tell(aged)


def test_C1_a_socket_that_only_answers_pings_is_not_traded_on() -> None:
    made = feed()
    before_us = made.stats.data_at_us
    made.receive(b"PONG", 9, Instant(pm.NOW + 60 * MICRO))
    assert made.stats.data_at_us == before_us, "a pong is no data"
    at = ready()
    at.desk.run(9)
    measure(at, data_s=9)
    ask(at, 10)
    assert refusal(at) == "STALE_PRICE"
    assert not at.violations


def test_C2_a_quiet_market_is_traded_while_all_clocks_are_green() -> None:
    at = ready()
    at.desk.run(590)
    measure(at)
    ask(at, 10)
    assert refusal(at) is None
    at.desk.run(11)
    measure(at)
    ask(at, 10)
    assert refusal(at) == "STALE_PRICE", "ten minutes are the most"
    assert not at.violations


@each_venue
async def test_C3_a_frame_that_is_missing_never_leaves_a_wrong_book(name: str) -> None:
    of = await session(name)
    _, whole = fold(of, of.frames)
    changing = [
        n for n, said in enumerate(whole) if any(isinstance(x, m.BookChanged) for x in said)
    ]
    assert len(changing) > 2
    for index in changing[:-1]:  # what nothing follows, only a look by REST can find: C7
        frames = [frame for number, frame in enumerate(of.frames) if number != index]
        _, said = fold(of, frames)
        for market, levels in books(said).items():
            assert levels is None or levels == books(whole)[market], f"without frame {index}"


def test_C3_a_gap_takes_the_books_at_once_and_a_snapshot_brings_them_back() -> None:
    driven = opened()
    said = driven.receive(framed(DELTA, seq=4))
    assert {m.FeedGapped, m.BookLost} <= {type(message) for message in said}
    later = driven.receive(framed(DELTA, seq=5))
    assert not [x for x in later if isinstance(x, m.BookChanged)]
    back = driven.receive(framed(SNAPSHOT, seq=6))
    assert [x.quality for x in back if isinstance(x, m.BookChanged)] == ["live"]


@each_venue
async def test_C4_a_snapshot_after_a_reconnect_replaces_the_book(name: str) -> None:
    of = await session(name)
    _, first = fold(of, of.frames)
    before = {x.market: x for x in messages(first) if isinstance(x, m.BookChanged)}
    snapshots = snapshot_frames(of)
    again = of.make()
    again.opened(of.markets, START)
    for number, frame in enumerate(snapshots, 1):
        again.receive(frame.data, number, frame.recv_us)
    after = {x.market: x for x in again.drain() if isinstance(x, m.BookChanged)}
    assert set(after) == set(before)
    for market, changed in after.items():
        levels = {price for price, _ in (*changed.bids, *changed.asks)}
        assert levels <= prices_in(snapshots), f"{market} keeps a level of the old stream"


def snapshot_frames(of: Session) -> list[Frame]:
    """The frames up to and with the first one that is a whole book."""
    for index, frame in enumerate(of.frames):
        if b"snapshot" in frame.data or b'"event_type":"book"' in frame.data:
            return of.frames[: index + 1]
    raise AssertionError("a session begins with a snapshot")


def prices_in(frames: list[Frame]) -> set[int]:
    """Every price that the frames mention, of YES or of its complement."""
    found: set[int] = set()
    for frame in frames:
        for part in frame.data.replace(b'"', b" ").split():
            text = part.decode(errors="ignore").strip("[],")
            if text.startswith(("0.", ".")):
                found |= {round(float(text) * MICRO), PAYOUT - round(float(text) * MICRO)}
    return found


async def test_C4_another_connection_is_another_epoch() -> None:
    of = await session("polymarket books")
    told: list[m.BookChanged] = []
    feeds = Feeds({"polymarket": MarketFeed})
    feeds.hear(m.MarketListed(of.markets[0]), START)
    for connection in (1, 2):
        ids = (of.markets[0].id,)
        feeds.hear(m.ConnectionOpened(connection, "polymarket", "polymarket", ids), START)
        for number, frame in enumerate(snapshot_frames(of), 1):
            feeds.fold(TapeFrame(number, frame.recv_us, connection, "ws", frame.data))
        told += [x for x in feeds.drain() if isinstance(x, m.BookChanged)]
        lost = feeds.hear(m.ConnectionClosed(connection, "polymarket", "cut"), START)
        assert [type(x) for x in lost] == [m.BookLost]
    assert told[1].epoch > told[0].epoch


@each_venue
async def test_C5_doubled_and_reordered_frames_never_make_a_wrong_book(name: str) -> None:
    of = await session(name)
    _, whole = fold(of, of.frames)
    rng = random.Random(5)
    for _ in range(20):
        frames = [frame for frame in of.frames for _ in range(rng.choice((1, 1, 2)))]
        index = rng.randrange(len(frames) - 1)
        if rng.random() < 0.5:
            frames[index], frames[index + 1] = frames[index + 1], frames[index]
        _, said = fold(of, frames)
        for market, levels in books(said).items():
            assert levels is None or levels == books(whole)[market]


async def test_C6_a_slow_consumer_stops_the_reading_and_is_not_traded_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox_module, "FRAMES_MAX", 10)
    inbox = Inbox()
    producers = [asyncio.create_task(inbox.put_frame(1, "ws", b"x")) for _ in range(100)]
    await asyncio.sleep(0)
    assert sum(task.done() for task in producers) == 10, "ten times the load waits outside"
    taken = 0
    while taken < 100:
        taken += len(await inbox.take())
        await asyncio.sleep(0)
    at = ready()
    measure(at, p95_us=2_000_001)
    ask(at, 10)
    assert refusal(at) in {"STALE_PRICE", "VENUE_HEALTH"}


def test_C7_a_rest_book_that_lies_is_told_and_confirms_nothing() -> None:
    made = feed()
    made.drain()
    before_us = made.stats.checked_at_us
    lie = pm.rest_book(bids=[("0.01", "5")], asks=[("0.99", "5")])
    made.receive_books(pm.encode([lie]), 8, Instant(pm.NOW + 1))
    checked = [x for x in made.drain() if isinstance(x, m.BookChecked)]
    assert not any(x.agrees for x in checked)
    assert made.stats.checked_at_us == before_us
    at = ready()
    at.desk.run(61)
    measure(at, check_s=61)
    at.desk.tell(book(at.a, 44, 45, at_us=at.desk.now_us), book(at.b, 52, 53, at_us=at.desk.now_us))
    ask(at, 10)
    assert refusal(at) == "STALE_PRICE"


BAD_PRICES = ("0", "1", "-0.2", "1.01", "NaN", "1e309", "abc", "")
BAD_SIZES = ("-1", "NaN", "1e309", "x")


@given(
    price=st.sampled_from(BAD_PRICES),
    size=st.sampled_from(("10", *BAD_SIZES)),
    side=st.sampled_from(("bids", "asks")),
)
def test_C8_impossible_levels_never_reach_a_live_book(price: str, size: str, side: str) -> None:
    made = feed(with_books=False)
    sides = {"bids": [("0.4", "10")], "asks": [("0.6", "10")]}
    sides[side] = [(price, size)]
    say(made, [pm.ws_book(1, "yes", **sides)])
    for message in made.drain():
        if isinstance(message, m.BookChanged) and message.quality == "live":
            assert all(0 < p < PAYOUT and q > 0 for p, q in (*message.bids, *message.asks))
            assert float(price or "nan") in {0.0, 1.0}, "only an empty end of the range is left out"


@pytest.mark.parametrize(("bid", "ask"), [("0.6", "0.5"), ("0.5", "0.5")])
def test_C8_a_crossed_or_locked_book_is_shown_and_not_traded_on(bid: str, ask: str) -> None:
    made = feed(with_books=False)
    say(made, [pm.ws_book(1, "yes", [(bid, "10")], [(ask, "10")])])
    changed = [x for x in made.drain() if isinstance(x, m.BookChanged)]
    assert all(x.quality == "crossed" for x in changed)


def test_C9_a_new_grid_is_a_new_epoch_and_an_order_of_the_old_one_stays() -> None:
    made = feed()
    before = [x for x in made.drain() if isinstance(x, m.BookChanged)]
    changed = {
        "event_type": "tick_size_change",
        "market": pm.condition(),
        "asset_id": pm.token(1, "yes"),
        "old_tick_size": "0.01",
        "new_tick_size": "0.001",
        "timestamp": str(pm.NOW_MS),
    }
    say(made, changed)
    said = made.drain()
    assert any(isinstance(x, m.GridChanged) for x in said)
    epochs = [x.epoch for x in said if isinstance(x, m.BookChanged | m.BookLost)]
    assert epochs
    assert min(epochs) >= before[0].epoch
    at = ready()
    at.desk.sign_takes = msgspec.convert(100_000, type(at.desk.sign_takes))
    ask(at, 10)
    at.desk.run(0.01)
    at.desk.tell(book(at.a, 44, 45, epoch=2, at_us=at.desk.now_us))
    at.desk.run(1)
    assert [x.refusal.code for x in at.desk.said(SendRefused)] == ["BOOK_CHANGED"]
    assert not at.violations


def test_C10_what_does_not_fit_is_refused_and_what_got_no_book_is_not_traded() -> None:
    with pytest.raises(InvariantError):
        MarketFeed(1).opened([pm.market(n) for n in range(1, MARKETS_MAX + 2)], pm.NOW)
    made = feed(1, 2, with_books=False)
    say(made, [pm.ws_book(1)])
    shown = {x.market for x in made.drain() if isinstance(x, m.BookChanged)}
    assert shown == {pm.market(1).id}
    at = WatchedScene()
    at.offer_both()
    at.ready()
    at.desk.tell(m.BookLost(at.b, 1, "no first snapshot"))
    ask(at, 10)
    assert refusal(at) == "BOOK_LOST"


def test_C11_a_list_that_is_suddenly_empty_is_not_believed() -> None:
    at = ready()
    name = at.trade(10)
    at.desk.run(30)
    assert at.outcome(name) == "hedged"
    path = "/trade-api/v2/portfolio/positions"
    empty = '{"market_positions":[],"event_positions":[],"cursor":""}'
    at.desk.rule(
        "kalshi", effect="replace_answer", method="GET", path=path, status=200, body=empty, count=10
    )
    at.desk.run(120)
    told = [x for x in at.desk.said(d.IncidentOpened) if "/drift/" in x.id]
    assert told, "contracts that vanish are an incident"
    assert at.state("kalshi") == "reducing"


@pytest.mark.parametrize(
    "levels",
    [[[42, 500], [43, 2005]], [["42", "500"]], [[0.42, 500.0]], "0.42", None, [{"price": 42}]],
)
def test_C12_another_shape_of_prices_is_quarantined(levels: object) -> None:
    """Cents became dollar texts in 2025: neither is ever taken for the other."""
    driven = Driven()
    driven.commands()
    said = driven.receive(framed(SNAPSHOT, {"yes_dollars_fp": levels, "yes": levels}))
    live = [x for x in said if isinstance(x, m.BookChanged) and x.quality == "live" and x.bids]
    assert not live


CONDITIONS: tuple[VenueCondition, ...] = (
    "open",
    "cancel_only",
    "trading_disabled",
    "paused",
    "restarting",
    "geoblocked",
    "not_ready",
)


@pytest.mark.parametrize(
    ("condition", "purpose"), [*itertools.product(CONDITIONS, ("enter", "hedge", "cancel"))]
)
def test_C13_each_state_of_a_venue_lets_through_what_it_can_take(
    condition: VenueCondition, purpose: str
) -> None:
    live = live_gate(book(A, 44, 45), VenueConditionTold("polymarket", condition, "says so"))
    if purpose == "cancel":
        assert live.judge(CancelOrder("o1", order().market), START) is None
        return
    refused = live.judge(order(purpose=purpose), START)
    may_leave = condition == "open" or (purpose == "hedge" and condition != "paused")
    assert (refused is None) is may_leave


def test_C14_what_a_stream_did_not_bring_is_told_with_its_cause_and_never_made_up() -> None:
    driven = opened()
    driven.stream.drain()
    driven.stream.closed("the network broke")
    (lost,) = [x for x in driven.stream.drain() if isinstance(x, m.BookLost)]
    assert "the network broke" in lost.reason
    assert not [x for x in driven.stream.drain() if isinstance(x, m.BookChanged)]


HOSTILE = (
    b'{"x":"' + b"a" * 10_000_000 + b'"}',
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'[{"event_type":"book","asset_id":1e309}]',
    b'{"type":"orderbook_delta","sid":1,"seq":2,"msg":{"price_dollars":"1e309","delta_fp":"1e309"}}',
    b'{"type":"orderbook_snapshot","sid":1,"seq":1e309}',
    b"9" * 100_000,
)


@each_venue
@pytest.mark.parametrize("frame", HOSTILE, ids=range(len(HOSTILE)))
async def test_C15_hostile_numbers_cost_no_time_and_leave_no_book(name: str, frame: bytes) -> None:
    of = await session(name)
    feed_, _ = fold(of, of.frames)
    began = time.process_time()
    feed_.receive(frame, 999, START)
    assert time.process_time() - began < 2, f"{len(frame)} of at most {FRAME_BYTES_MAX} bytes"
    assert not [x for x in feed_.drain() if isinstance(x, m.BookChanged)]
