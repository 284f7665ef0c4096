import random

import pytest

from foreshock.core.domain.markets import MarketId, Pair, Relation
from foreshock.core.domain.messages.decisions import PairListed, PairUnlisted
from foreshock.core.domain.messages.market_data import BookLost, ConnectionOpened
from foreshock.core.domain.messages.signals import (
    LeadMeasured,
    OracleGapMeasured,
    OracleReported,
)
from foreshock.core.domain.units import MICRO, SECOND, Instant, Money, Price
from foreshock.core.signals.lead_lag_agent import LeadLagAgent, LeadLagSettings
from tests.unit.core.signals.driven import Driven
from tests.unit.core.signals.signal_feed import BEGIN, STARTED, book

A, B = "polymarket:0xa", "kalshi:A"
BAR = 5 * SECOND
LAG_BARS = 2


def pair(number: int = 1, relation: Relation = "identity") -> Pair:
    return Pair(
        id=f"pair-{number}",
        a=MarketId(A),
        b=MarketId(B),
        relation=relation,
        label="A is B",
        confirmed_by="a test",
        note="",
    )


def desk_with(listed: Pair, settings: LeadLagSettings | None = None) -> Driven:
    desk = Driven([LeadLagAgent(settings or LeadLagSettings())], BEGIN)
    both = (MarketId(A), MarketId(B))
    desk.tell(STARTED, ConnectionOpened(1, "polymarket", "polymarket", both), PairListed(listed))
    return desk


def walk(bars: int, seed: int = 1) -> list[float]:
    """A mid that moves a cent or two in every bar."""
    rng = random.Random(seed)
    mids = [0.5]
    for _ in range(bars):
        mids.append(min(0.9, max(0.1, mids[-1] + rng.choice((-2, -1, 1, 2)) / 100)))
    return mids


def follow(desk: Driven, bars: int, *, is_mirrored: bool = False) -> None:
    """A moves; B does the same two bars later."""
    mids = walk(bars)
    for number in range(LAG_BARS, bars):
        at_us = Instant(BEGIN + number * BAR)
        desk.until(at_us)
        later = mids[number - LAG_BARS]
        desk.tell(book(A, mids[number], at_us), book(B, 1 - later if is_mirrored else later, at_us))


@pytest.mark.parametrize("relation", ["identity", "complement"])
def test_the_side_that_moves_first_leads_by_its_lag(relation: Relation) -> None:
    desk = desk_with(pair(relation=relation))
    follow(desk, 400, is_mirrored=relation == "complement")
    first = desk.of(LeadMeasured)[0]
    assert (first.pair_id, first.leader, first.followed) == ("pair-1", A, B)
    assert first.lag == LAG_BARS * BAR
    assert first.correlation_ppm is not None
    assert first.correlation_ppm > 900_000
    assert first.windows_stable_count >= 3
    assert first.event_us <= BEGIN + 20 * 60 * SECOND


def test_a_leader_is_told_when_it_changes_and_not_every_bar() -> None:
    desk = desk_with(pair())
    follow(desk, 1_000)
    assert len(desk.of(LeadMeasured)) <= 3


def test_nobody_leads_where_books_are_lost() -> None:
    desk = desk_with(pair())
    mids = walk(400)
    for number in range(LAG_BARS, 400):
        at_us = Instant(BEGIN + number * BAR)
        desk.until(at_us)
        desk.tell(book(A, mids[number], at_us), book(B, mids[number - LAG_BARS], at_us))
        desk.tell(BookLost(MarketId(B), 1, "gap"))
    assert desk.of(LeadMeasured) == []


def test_a_leader_of_a_pair_that_ends_is_forgotten() -> None:
    desk = desk_with(pair())
    follow(desk, 400)
    told = len(desk.of(LeadMeasured))
    desk.tell(PairUnlisted("pair-1", "reopened"), PairListed(pair(2)))
    desk.until(Instant(desk.now_us + 600 * SECOND))
    assert len(desk.of(LeadMeasured)) == told


def test_more_pairs_than_places_make_room_and_the_first_keeps_its_windows() -> None:
    desk = desk_with(pair())
    desk.tell(*(PairListed(pair(number)) for number in range(2, 100)))
    follow(desk, 400)
    assert {told.pair_id for told in desk.of(LeadMeasured)} == {f"pair-{n}" for n in range(1, 100)}


def test_an_oracle_ahead_of_its_market_leads_it() -> None:
    desk = desk_with(pair())
    gap = OracleGapMeasured(
        market=MarketId(A),
        outcome="yes",
        oracle="binance BTC-USD",
        fair=Price(500_000),
        ask=Price(500_000),
        fee=Money(0),
        gap=Money(0),
        spot=90_000 * MICRO,
        strike=90_000 * MICRO,
        volatility_ppm=1_000,
        ends_us=BEGIN,
        is_trusted=False,
        event_us=BEGIN,
    )
    desk.tell(gap, gap)
    mids = walk(400)
    for number in range(LAG_BARS, 400):
        at_us = Instant(BEGIN + number * BAR)
        desk.until(at_us)
        value = int((90_000 + 1_000 * mids[number]) * MICRO)
        desk.tell(
            OracleReported("binance", "BTC-USD", value, at_us, at_us),
            book(A, mids[number - LAG_BARS], at_us),
        )
    told = desk.of(LeadMeasured)[0]
    assert (told.pair_id, told.leader, told.followed) == (f"{gap.oracle}~{A}", gap.oracle, A)
    assert told.lag == LAG_BARS * BAR


def test_bars_that_nobody_saw_are_unknown_and_not_still() -> None:
    desk = desk_with(pair())
    follow(desk, 400)
    said = len(desk.of(LeadMeasured))
    asleep_us = desk.now_us + 3_600 * SECOND
    desk.now_us = Instant(asleep_us)
    desk.until(Instant(asleep_us + 300 * SECOND))
    ended = desk.of(LeadMeasured)[said:]
    assert [told.leader for told in ended[:1]] == [None]
