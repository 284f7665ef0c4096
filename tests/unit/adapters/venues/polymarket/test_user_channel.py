"""What the private channel tells, each thing once, whatever is repeated or overtaken."""

import json
import random
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.seams import FRAME_BYTES_MAX, FeedProtocol
from foreshock.adapters.venues.polymarket.ours import Ours
from foreshock.adapters.venues.polymarket.signing import parse_credentials
from foreshock.adapters.venues.polymarket.user_channel import UserFeed
from foreshock.core.domain.messages.account import AccountFillSeen, AccountOrderSeen
from foreshock.core.domain.messages.market_data import PayloadQuarantined, ShapeUnknown
from foreshock.core.domain.messages.union import Message
from tests.unit.adapters.venues.polymarket.builders import NOW, market, token
from tests.unit.adapters.venues.polymarket.orders import API_KEY, CURVE, PACK, PASSPHRASE, PROXY
from tests.unit.adapters.venues.polymarket.vectors import SECRET, WALLET

HASH = "0x" + "1" * 64
MADE = "0x" + "2" * 64
MESSAGES = (
    "polymarket/nautilus_trader/tests/integration_tests/adapters/polymarket/resources/ws_messages"
)


def feed(*, is_replay: bool = False) -> UserFeed:
    credentials = None if is_replay else parse_credentials(API_KEY, SECRET, PASSPHRASE)
    opened = UserFeed(3, Ours(PROXY, PACK), credentials)
    opened.opened([market(fee=CURVE)], NOW)
    return opened


def order(**fields: object) -> dict[str, object]:
    return {
        "event_type": "order",
        "id": HASH,
        "owner": API_KEY,
        "market": market().native_id,
        "asset_id": token(1, "yes"),
        "side": "BUY",
        "original_size": "10",
        "size_matched": "0",
        "price": "0.52",
        "type": "PLACEMENT",
        "status": "LIVE",
        "associate_trades": None,
        "timestamp": str(NOW // 1_000),
    } | fields


def trade(status: str = "MATCHED", **fields: object) -> dict[str, object]:
    return {
        "event_type": "trade",
        "type": "TRADE",
        "id": "trade-1",
        "taker_order_id": HASH,
        "market": market().native_id,
        "asset_id": token(1, "yes"),
        "side": "BUY",
        "size": "4",
        "price": "0.52",
        "status": status,
        "owner": API_KEY,
        "timestamp": str(NOW // 1_000),
        "match_time": str(NOW // 1_000_000),
        "maker_address": WALLET,
        "trader_side": "TAKER",
        "fee_rate_bps": "",
        "transaction_hash": None,
        "maker_orders": list[object](),
    } | fields


def told(to: UserFeed, *events: dict[str, object]) -> list[Message]:
    for number, event in enumerate(events):
        to.receive(json.dumps(event).encode(), number + 1, NOW)
    return to.drain()


def statuses(messages: list[Message]) -> list[str]:
    return [m.fill.status for m in messages if isinstance(m, AccountFillSeen)]


def ends(messages: list[Message]) -> list[tuple[bool, int]]:
    seen = [m.order for m in messages if isinstance(m, AccountOrderSeen)]
    return [(o.is_open, o.filled) for o in seen]


def test_it_is_a_feed_that_greets_with_its_credentials() -> None:
    opened: FeedProtocol = feed()
    (greeting,) = opened.take_outgoing()
    assert json.loads(greeting) == {
        "type": "user",
        "auth": {"apiKey": API_KEY, "secret": SECRET, "passphrase": PASSPHRASE},
    }
    assert opened.take_outgoing() == []


def test_a_replay_needs_no_credentials() -> None:
    assert feed(is_replay=True).take_outgoing() == ['{"type":"user"}']


def test_keep_alives_are_sent_and_missed_as_on_the_market_channel() -> None:
    opened = feed()
    opened.take_outgoing()
    opened.tick(NOW)
    assert opened.take_outgoing() == []
    later = type(NOW)(NOW + 10_000_000)
    opened.tick(later)
    assert opened.take_outgoing() == ["PING"]
    opened.receive(b"PONG", 1, later)
    assert opened.dead_reason(type(NOW)(NOW + 40_000_000)) is None
    assert opened.dead_reason(type(NOW)(NOW + 41_000_000)) is not None
    assert opened.drain() == []


def test_an_order_and_its_fill_are_told_through_all_states() -> None:
    messages = told(
        feed(),
        order(),
        trade("MATCHED"),
        order(type="UPDATE", size_matched="4"),
        trade("MINED"),
        trade("RETRYING"),
        trade("CONFIRMED"),
        order(type="CANCELLATION", status="CANCELED", size_matched="4"),
    )
    assert statuses(messages) == ["provisional", "settled"]
    assert ends(messages) == [(True, 0), (True, 4_000_000), (False, 4_000_000)]
    assert not [m for m in messages if isinstance(m, PayloadQuarantined)]


def test_a_failed_match_is_told_reverted() -> None:
    messages = told(feed(), trade("MATCHED"), trade("RETRYING"), trade("FAILED"))
    assert statuses(messages) == ["provisional", "reverted"]


@pytest.mark.parametrize("end", ["CONFIRMED", "FAILED"])
def test_in_any_order_and_however_often_a_fill_ends_as_it_ended(end: str) -> None:
    frames = [trade("MATCHED"), trade("MINED"), trade(end)]
    expected = "settled" if end == "CONFIRMED" else "reverted"
    for arrangement in permutations(frames):
        messages = told(feed(), *arrangement, *arrangement)
        assert statuses(messages)[-1] == expected
        assert statuses(messages).count(expected) == 1
        assert len(statuses(messages)) <= 2


def test_in_any_order_and_however_often_an_order_ends_once() -> None:
    frames = [
        order(),
        order(type="UPDATE", size_matched="4"),
        order(type="CANCELLATION", status="CANCELED", size_matched="4"),
    ]
    rng = random.Random(7)
    for _ in range(50):
        shuffled = rng.sample(frames * 2, 6)
        found = ends(told(feed(), *shuffled))
        assert found[-1] == (False, 4_000_000)
        assert [is_open for is_open, _ in found].count(False) == 1
        assert found == sorted(found, key=lambda each: (not each[0], each[1]))


def test_a_wholly_matched_order_is_over_without_a_cancellation() -> None:
    messages = told(feed(), order(type="UPDATE", status="MATCHED", size_matched="10"))
    assert ends(messages) == [(False, 10_000_000)]


def test_what_we_made_is_told_of_our_own_order_on_its_own_token() -> None:
    part = {
        "order_id": MADE,
        "owner": API_KEY,
        "maker_address": WALLET,
        "matched_amount": "4",
        "price": "0.48",
        "asset_id": token(1, "no"),
        "outcome": "No",
        "fee_rate_bps": "",
    }
    event = trade(trader_side="MAKER", maker_address="0x" + "ab" * 20, maker_orders=[part])
    (message,) = told(feed(), event)
    assert isinstance(message, AccountFillSeen)
    fill = message.fill
    assert (fill.venue_order_id, fill.outcome, fill.action) == (MADE, "no", "buy")
    assert (fill.price, fill.fee) == (480_000, 0)


def test_several_events_may_share_a_frame() -> None:
    opened = feed()
    opened.receive(json.dumps([order(), trade()]).encode() + b"\n", 1, NOW)
    assert [type(m) for m in opened.drain()] == [AccountOrderSeen, AccountFillSeen]


@pytest.mark.parametrize(
    "event",
    [
        order(asset_id="7"),
        order(size_matched="", type="CANCELLATION", status="CANCELED"),
        trade(asset_id="7"),
        trade("PONDERING"),
        trade(size=None),
        trade(trader_side="MAKER"),
    ],
)
def test_what_is_ours_but_cannot_be_told_is_quarantined_never_dropped(
    event: dict[str, object],
) -> None:
    opened = feed()
    (message,) = told(opened, event)
    assert isinstance(message, PayloadQuarantined)
    assert (message.connection, message.frame_seq) == (3, 1)
    assert opened.stats.quarantined_count == 1


@pytest.mark.parametrize(
    "second", [trade("FAILED"), trade("CONFIRMED", size="5"), trade("MATCHED", price="0.5")]
)
def test_a_fill_that_contradicts_itself_is_quarantined(second: dict[str, object]) -> None:
    messages = told(feed(), trade("CONFIRMED"), second)
    assert [type(m) for m in messages] == [AccountFillSeen, PayloadQuarantined]


@pytest.mark.parametrize("frame", [b"{", b"INVALID", b"[1]", b"null", b"{}"])
def test_an_unreadable_frame_is_quarantined(frame: bytes) -> None:
    opened = feed()
    opened.receive(frame, 9, NOW)
    (message,) = opened.drain()
    assert isinstance(message, PayloadQuarantined)


def test_a_frame_too_long_to_read_is_quarantined() -> None:
    opened = feed()
    opened.receive(b" " * (FRAME_BYTES_MAX + 1), 9, NOW)
    assert len(opened.drain()) == 1


@given(
    st.dictionaries(
        st.sampled_from([*order(), *trade()]),
        st.none() | st.text(max_size=12) | st.integers() | st.lists(st.text(max_size=4)),
    )
)
def test_no_frame_however_spoiled_breaks_the_feed_or_vanishes(spoiled: dict[str, object]) -> None:
    for event in (order() | spoiled, trade() | spoiled):
        assert told(feed(), event)


def test_an_event_nobody_knows_is_told() -> None:
    (message,) = told(feed(), {"event_type": "weather"})
    assert isinstance(message, ShapeUnknown)


def test_markets_may_become_known_later() -> None:
    opened = feed()
    event = order(asset_id=token(2, "yes"))
    assert isinstance(told(opened, event)[0], PayloadQuarantined)
    opened.watch([market(2)], [])
    assert isinstance(told(opened, event)[0], AccountOrderSeen)
    opened.relist(market(3))
    assert isinstance(told(opened, order(asset_id=token(3, "no"), id=MADE))[0], AccountOrderSeen)


def test_closing_and_books_say_nothing() -> None:
    opened = feed()
    opened.receive_books(b"{}", 1, NOW)
    opened.closed("gone")
    assert opened.drain() == []


def test_sampled_frames_of_other_accounts_are_quarantined_not_fatal(shared_wire: Path) -> None:
    opened = feed()
    paths = sorted((shared_wire / MESSAGES).glob("user_*.json"))
    assert paths
    for number, path in enumerate(paths):
        opened.receive(path.read_bytes(), number, NOW)
    assert {type(m) for m in opened.drain()} == {PayloadQuarantined}
