"""What each event does to the watched books."""

from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.polymarket.events import (
    CHECK_TRIES_MAX,
    HASH_TRIES_MAX,
    TOUCH_TRIES_MAX,
    UNKNOWNS_MAX,
)
from foreshock.adapters.venues.polymarket.protocol import MarketFeed
from foreshock.core.domain.books import BOOK_LEVELS_MAX, Levels, mirrored
from foreshock.core.domain.markets import uniform_grid
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookChecked,
    BookLost,
    GridChanged,
    MarketResolved,
    MarketStatusChanged,
    ShapeUnknown,
    Traded,
)
from foreshock.core.domain.units import PAYOUT, SECOND, Instant, Price, Quantity
from tests.unit.adapters.venues.polymarket.builders import (
    NOW,
    NOW_MS,
    Level,
    change,
    condition,
    encode,
    market,
    price_change,
    rest_book,
    token,
    trade,
    ws_book,
)
from tests.unit.adapters.venues.polymarket.test_protocol import book_of, feed, kinds, say

MARKET = market().id
STAMP = {"timestamp": str(NOW_MS)}


def only_change(of: MarketFeed) -> BookChanged:
    (message,) = of.drain()
    assert isinstance(message, BookChanged)
    return message


def touch_event(bid: str, ask: str, outcome: str = "yes") -> dict[str, str]:
    return STAMP | {
        "event_type": "best_bid_ask",
        "market": condition(),
        "asset_id": token(1, outcome),
        "best_bid": bid,
        "best_ask": ask,
        "spread": "",
    }


def tick_event(tick: str, outcome: str = "yes") -> dict[str, str]:
    return STAMP | {
        "event_type": "tick_size_change",
        "market": condition(),
        "asset_id": token(1, outcome),
        "old_tick_size": "0.01",
        "new_tick_size": tick,
    }


def resolved_event(winner: str) -> dict[str, object]:
    event: dict[str, object] = {
        **STAMP,
        "event_type": "market_resolved",
        "market": condition(),
        "assets_ids": [token(1, "yes"), token(1, "no")],
        "winning_asset_id": winner,
        "winning_outcome": "",
    }
    return event


# ---- books and changes ----------------------------------------------------------------------


def test_a_snapshot_is_told_best_first_whatever_the_wire_order() -> None:
    told = only_change(feed())
    assert told.bids == ((490_000, 20_500_000), (400_000, 100_000_000))
    assert told.asks == ((510_000, 30_000_000), (600_000, 70_000_000))
    assert (told.event_us, told.recv_us, told.quality) == (NOW, NOW, "live")


def test_a_change_is_the_new_total_and_zero_removes_the_level() -> None:
    made = feed()
    say(
        made,
        price_change(change("0.49", "3"), change("0.51", "0", "SELL"), change("0.55", "8", "SELL")),
    )
    told = only_change(made)
    assert told.bids[0] == (490_000, 3_000_000)
    assert told.asks == ((550_000, 8_000_000), (600_000, 70_000_000))


def test_a_frame_with_both_tokens_is_applied_once() -> None:
    made = feed()
    say(made, price_change(change("0.42", "9"), change("0.58", "9", "SELL", outcome="no")))
    assert book_of(made).book.bids.size_at(Price(420_000)) == 9_000_000
    assert book_of(made).book.asks.size_at(Price(580_000)) == 0
    assert made.stats.conflated_count == 0
    made.drain()
    assert made.stats.conflated_count == 1  # the snapshot and one change


def test_changes_of_the_other_token_alone_do_not_touch_the_book() -> None:
    made = feed()
    made.drain()
    say(made, price_change(change("0.58", "9", "SELL", outcome="no")))
    assert made.drain() == []


def test_changes_before_the_snapshot_are_not_folded() -> None:
    made = feed(with_books=False)
    say(made, price_change(change("0.42", "9")))
    assert made.drain() == []
    say(made, [ws_book()])
    assert (420_000, 9_000_000) not in only_change(made).bids


def test_a_change_older_than_the_snapshot_is_in_it_already() -> None:
    made = feed()
    made.drain()
    say(made, price_change(change("0.49", "1"), at_ms=NOW_MS - 1))
    assert made.drain() == []
    assert made.doubts.superseded_count == 1
    say(made, price_change(change("0.49", "1"), at_ms=NOW_MS))
    assert only_change(made).bids[0] == (490_000, 1_000_000)


def test_a_later_snapshot_replaces_the_book_within_its_epoch() -> None:
    made = feed()
    first = only_change(made)
    say(made, ws_book(bids=[("0.3", "1")], asks=[]))
    second = only_change(made)
    assert (second.bids, second.asks, second.epoch) == (((300_000, 1_000_000),), (), first.epoch)


def test_a_level_off_the_grid_is_kept_exactly() -> None:
    made = feed()
    say(made, price_change(change("0.495", "9")))
    assert only_change(made).bids[0] == (495_000, 9_000_000)


def test_a_crossed_book_is_kept_and_flagged() -> None:
    made = feed()
    say(made, price_change(change("0.55", "1")))
    assert only_change(made).quality == "crossed"


def test_message_ages_are_those_of_changes_not_of_quiet_snapshots() -> None:
    made = feed(with_books=False)
    say(made, [ws_book(timestamp=str(NOW_MS - 3_600_000))])
    assert made.stats.ages == []
    say(made, price_change(change("0.42", "9"), at_ms=NOW_MS - 40))
    assert made.stats.ages == [40_000]


# ---- hashes ---------------------------------------------------------------------------------


def wrong() -> dict[str, object]:
    return ws_book(hash="0" * 40)


def test_a_snapshot_with_another_hash_loses_the_book_and_asks_again() -> None:
    made = feed()
    made.drain()
    say(made, wrong(), recv_us=NOW + 10 * SECOND)
    assert kinds(made.drain()) == ["BookLost"]
    assert made.doubts.hash_differs_count == 1
    operations = [msgspec.json.decode(frame)["operation"] for frame in made.take_outgoing()]
    assert operations == ["unsubscribe", "subscribe"]
    say(made, [ws_book()])
    assert kinds(made.drain()) == ["BookChanged"]
    assert made.missing() == []


def test_when_the_hash_never_fits_our_recipe_is_at_fault_and_that_is_said() -> None:
    made = feed(with_books=False)
    for _ in range(HASH_TRIES_MAX - 1):
        say(made, wrong())
        assert made.drain() == []
    say(made, wrong())
    unknown, told = made.drain()
    assert unknown == ShapeUnknown("polymarket", "snapshot hash", MARKET)
    assert isinstance(told, BookChanged)


def test_a_hash_that_fits_once_starts_the_count_anew() -> None:
    made = feed(with_books=False)
    for _ in range(2 * HASH_TRIES_MAX):
        say(made, wrong())
        assert made.missing() == [MARKET]
        say(made, ws_book())
        assert made.missing() == []


def test_neg_risk_and_minimum_size_come_from_the_market() -> None:
    body = rest_book(neg_risk=True, min_order_size="15")
    frame = {key: value for key, value in body.items() if key not in {"neg_risk", "min_order_size"}}
    made = MarketFeed(connection=1)
    made.opened([market(exclusive_group="0xabc", quantity_min=Quantity(15_000_000))], NOW)
    say(made, frame | {"event_type": "book"})
    assert made.doubts.hash_differs_count == 0
    assert made.missing() == []


@pytest.mark.parametrize("key", ["hash", "tick_size", "last_trade_price"])
def test_a_snapshot_that_lacks_an_ingredient_counts_unchecked(key: str) -> None:
    made = feed(with_books=False)
    say(made, {k: v for k, v in ws_book().items() if k != key})
    assert made.missing() == []
    assert made.doubts.hash_differs_count == 0


# ---- the mirror -----------------------------------------------------------------------------

NO_BIDS: list[Level] = [("0.4", "70"), ("0.49", "30")]
NO_ASKS: list[Level] = [("0.6", "100"), ("0.51", "20.5")]


def test_the_no_book_of_the_same_moment_confirms_the_mirror() -> None:
    made = feed()
    made.drain()
    say(made, ws_book(outcome="no", bids=NO_BIDS, asks=NO_ASKS))
    assert made.drain() == []
    assert made.doubts.mirror_differs_count == 0


def test_a_no_book_that_is_no_mirror_is_counted_and_changes_nothing() -> None:
    made = feed()
    made.drain()
    say(made, ws_book(outcome="no", bids=NO_BIDS, asks=[("0.6", "1")]))
    assert made.drain() == []
    assert made.doubts.mirror_differs_count == 1
    say(made, ws_book(outcome="no", bids=[], asks=[], timestamp=str(NOW_MS + 1)))
    assert made.doubts.mirror_differs_count == 1  # another moment proves nothing


# ---- ticks, touches, trades, life -----------------------------------------------------------


def test_a_new_tick_is_a_new_grid_and_a_new_epoch_once_for_both_tokens() -> None:
    made = feed()
    before = only_change(made)
    say(made, tick_event("0.001"))
    say(made, tick_event("0.001", "no"))
    grid, after = made.drain()
    assert grid == GridChanged(MARKET, uniform_grid(Price(1_000)), NOW)
    assert isinstance(after, BookChanged)
    assert after.epoch > before.epoch
    assert (after.bids, after.asks) == (before.bids, before.asks)


def test_a_tick_that_changed_unseen_is_learnt_from_the_snapshot() -> None:
    made = feed(with_books=False)
    say(made, ws_book(tick_size="0.001"))
    grid, told = made.drain()
    assert isinstance(grid, GridChanged)
    assert grid.grid.finest() == 1_000
    assert isinstance(told, BookChanged)


def test_a_touch_told_otherwise_for_long_loses_the_book() -> None:
    made = feed()
    made.drain()
    for _ in range(TOUCH_TRIES_MAX - 1):
        say(made, touch_event("0.48", "0.51"))
    say(made, touch_event("0.49", "0.51"))
    for _ in range(TOUCH_TRIES_MAX - 1):
        say(made, touch_event("0.48", "0.51"))
    assert made.drain() == []
    say(made, touch_event("0.48", "0.51"))
    (lost,) = made.drain()
    assert isinstance(lost, BookLost)
    assert made.doubts.touch_differs_count == 2 * TOUCH_TRIES_MAX - 1


@pytest.mark.parametrize(("bid", "ask"), [("0", "1"), ("", "")])
def test_the_touch_of_an_empty_book_agrees(bid: str, ask: str) -> None:
    made = feed(with_books=False)
    say(made, ws_book(bids=[], asks=[]))
    say(made, touch_event(bid, ask))
    say(made, touch_event("0.1", "0.2", outcome="no"))
    assert made.doubts.touch_differs_count == 0


def test_a_trade_is_told_with_what_the_taker_gained() -> None:
    made = feed()
    made.drain()
    say(made, trade("0.16", "BUY", outcome="no", tx="0xabc"))
    (traded,) = made.drain()
    assert isinstance(traded, Traded)
    assert (traded.price, traded.taker, traded.market) == (840_000, "no", MARKET)


@pytest.mark.parametrize(("outcome", "payout"), [("yes", PAYOUT), ("no", 0)])
def test_a_resolved_market_says_its_payout_and_its_book_is_gone_for_good(
    outcome: str, payout: int
) -> None:
    made = feed()
    made.drain()
    say(made, resolved_event(token(1, outcome)))
    say(made, resolved_event(token(1, outcome)))
    lost, resolved = made.drain()
    assert isinstance(lost, BookLost)
    assert resolved == MarketResolved(MARKET, Price(payout), NOW)
    made.tick(Instant(NOW + 600 * SECOND))
    assert made.take_outgoing() == ["PING"]
    say(made, ws_book())
    assert made.drain() == []


def test_a_winner_we_do_not_know_is_no_payout() -> None:
    made = feed()
    made.drain()
    say(made, resolved_event(""))
    assert made.drain()[1:] == [
        ShapeUnknown("polymarket", "winning_asset_id", ""),
        MarketStatusChanged(MARKET, "settled", NOW),
    ]


def test_a_new_market_is_announced_without_inventing_its_terms() -> None:
    made = feed()
    made.drain()
    event = STAMP | {"event_type": "new_market", "condition_id": condition(9), "question": "?"}
    say(made, event)
    assert made.drain() == [MarketStatusChanged(market(9).id, "listed", NOW)]
    say(made, event | {"condition_id": condition(1)})
    assert made.drain() == []


def test_what_is_said_of_markets_not_watched_changes_nothing() -> None:
    made = feed()
    made.drain()
    say(
        made,
        [
            ws_book(5),
            price_change(change("0.4", "1", n=5), n=5),
            resolved_event("1") | {"market": condition(5)},
        ],
    )
    say(made, tick_event("0.001") | {"asset_id": token(5, "yes")})
    say(made, touch_event("0.1", "0.2") | {"asset_id": token(5, "yes")})
    say(made, trade("0.5", "BUY") | {"asset_id": token(5, "yes")})
    assert made.drain() == []


def test_distinct_unknowns_are_said_up_to_a_ceiling() -> None:
    made = feed()
    made.drain()
    for n in range(UNKNOWNS_MAX + 10):
        say(made, {"event_type": f"type-{n}"})
    assert len(made.drain()) == UNKNOWNS_MAX
    assert made.stats.unknown_count == UNKNOWNS_MAX + 10


# ---- REST spot checks -----------------------------------------------------------------------


def check(of: MarketFeed, *bodies: dict[str, object], recv_us: int = NOW) -> None:
    body = encode(bodies[0] if len(bodies) == 1 else bodies)
    of.receive_books(body, 8, Instant(recv_us))


def test_a_rest_book_of_the_same_moment_agrees() -> None:
    made = feed()
    made.drain()
    check(made, rest_book(), recv_us=NOW + 5)
    (checked,) = made.drain()
    assert isinstance(checked, BookChecked)
    assert checked.agrees
    assert made.stats.checked_at_us == NOW + 5


def test_the_no_book_by_rest_checks_as_well() -> None:
    made = feed(1, 2)
    made.drain()
    check(made, rest_book(outcome="no", bids=NO_BIDS, asks=NO_ASKS), rest_book(2))
    assert [m.agrees for m in made.drain() if isinstance(m, BookChecked)] == [True, True]


def test_two_disagreements_in_a_row_lose_the_book() -> None:
    made = feed()
    made.drain()
    other = rest_book(bids=[("0.4", "100")])
    for _ in range(CHECK_TRIES_MAX - 1):
        check(made, other)
    check(made, rest_book())
    for _ in range(CHECK_TRIES_MAX):
        check(made, other)
    messages = made.drain()
    assert [m.agrees for m in messages if isinstance(m, BookChecked)] == [False, True, False, False]
    assert kinds(messages)[-1] == "BookLost"


def test_a_rest_book_of_another_moment_proves_little() -> None:
    made = feed()
    made.drain()
    check(made, rest_book(bids=[("0.48", "1")], timestamp=str(NOW_MS + 50)))
    check(made, rest_book(bids=[("0.48", "1")], timestamp=str(NOW_MS - 50)))
    assert made.drain() == []
    assert made.doubts.check_inconclusive_count == 2
    for _ in range(CHECK_TRIES_MAX):
        check(made, rest_book(bids=[("0.2", "1")], timestamp=str(NOW_MS + 50)))
    assert kinds(made.drain())[-1] == "BookLost"


def test_the_ghost_book_of_rest_is_not_believed() -> None:
    made = feed()
    made.drain()
    for _ in range(5):
        check(made, rest_book(bids=[("0.01", "500")], asks=[("0.99", "500")]))
    assert made.drain() == []
    assert made.doubts.check_inconclusive_count == 5


def test_a_rest_book_whose_hash_differs_is_not_believed() -> None:
    made = feed()
    made.drain()
    check(made, rest_book(bids=[], hash="0" * 40))
    assert made.drain() == []
    assert made.doubts.hash_differs_count == 1


def test_a_bad_rest_body_is_quarantined_and_harms_no_book() -> None:
    made = feed()
    made.drain()
    for body in (b"", b"[{]", b"[1]", encode([rest_book(timestamp="x")]), b"[" * 100_000, b"null"):
        made.receive_books(body, 8, NOW)
    assert set(kinds(made.drain())) == {"PayloadQuarantined"}
    assert made.stats.quarantined_count == 6
    assert made.missing() == []


def test_a_check_of_a_book_that_is_lost_or_not_watched_says_nothing() -> None:
    made = feed(with_books=False)
    check(made, rest_book(), rest_book(7))
    assert made.drain() == []


# ---- the fold against a plain model ---------------------------------------------------------


class Step(NamedTuple):
    side: str
    cents: int
    size: int


SIDES = st.dictionaries(st.integers(1, 99), st.integers(1, 10**6), max_size=20)
STEPS = st.lists(
    st.builds(Step, st.sampled_from(["BUY", "SELL"]), st.integers(1, 99), st.integers(0, 10**6)),
    max_size=40,
)


@given(SIDES, SIDES, STEPS, st.sets(st.integers(0, 40)))
def test_any_stream_folds_to_a_plain_dict_and_its_mirror(
    bids: dict[int, int], asks: dict[int, int], steps: list[Step], drains: set[int]
) -> None:
    made = feed(with_books=False)
    say(made, ws_book(bids=texts(bids), asks=texts(asks)))
    plain = {"BUY": dict(bids), "SELL": dict(asks)}
    told: BookChanged | None = None
    for n, step in enumerate(steps):
        if n in drains:
            told = newest(made, told)
        price, mirror = f"0.{step.cents:02d}", f"0.{100 - step.cents:02d}"
        other = "SELL" if step.side == "BUY" else "BUY"
        say(made, price_change(
            change(price, f"{step.size}.5" if step.size else "0", step.side),
            change(mirror, f"{step.size}.5" if step.size else "0", other, outcome="no"),
            at_ms=NOW_MS + n,
        ))  # fmt: skip
        plain[step.side][step.cents] = step.size
    told = newest(made, told)
    expected = (in_units(plain["BUY"], steps, "BUY"), in_units(plain["SELL"], steps, "SELL"))
    book = book_of(made).book
    assert (book.bids.levels(), book.asks.levels()) == expected
    assert told is not None
    assert (told.bids, told.asks) == tuple(side[:BOOK_LEVELS_MAX] for side in expected)
    no_bids, no_asks = mirrored(expected[1]), mirrored(expected[0])
    check(made, rest_book(
        outcome="no", bids=as_texts(no_bids), asks=as_texts(no_asks),
        timestamp=str(NOW_MS + max(len(steps) - 1, 0)),
    ))  # fmt: skip
    (checked,) = made.drain()
    assert isinstance(checked, BookChecked)
    assert checked.agrees


def newest(of: MarketFeed, told: BookChanged | None) -> BookChanged | None:
    for message in of.drain():
        assert isinstance(message, BookChanged)
        told = message
    return told


def texts(side: dict[int, int]) -> list[Level]:
    return [(f"0.{cents:02d}", str(size)) for cents, size in side.items()]


def as_texts(side: Levels) -> list[Level]:
    return [
        (f"0.{price:06d}", f"{size // 1_000_000}.{size % 1_000_000:06d}") for price, size in side
    ]


def in_units(side: dict[int, int], steps: list[Step], name: str) -> Levels:
    changed = {step.cents for step in steps if step.side == name}
    levels = [
        (Price(cents * 10_000), Quantity(size * 1_000_000 + (500_000 if cents in changed else 0)))
        for cents, size in side.items()
        if size
    ]
    return tuple(sorted(levels, reverse=name == "BUY"))
