"""Does the world repeat itself exactly, offer what the demo promises, and lose no dollar?"""

import hashlib
import itertools
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from foreshock.adapters.sim.catalogue import catalogue
from foreshock.adapters.sim.exchange_types import (
    ExchangeEvent,
    FeeChanged,
    GridChanged,
    LevelChanged,
    MarketCreated,
    Resolved,
    StatusChanged,
    Trade,
)
from foreshock.adapters.sim.makers import MAKER_CASH
from foreshock.adapters.sim.seats import CROWD_CASH
from foreshock.adapters.sim.world import FEE_OVERRIDE_MARKET, REALISTIC, World, WorldSettings
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant
from tests.unit.adapters.sim.world_judge import (
    NET_MIN,
    START,
    a_world,
    domain_pair,
    drained,
    exchange_of,
    sampled,
    spells_of,
)

SMALL = WorldSettings(markets_max=90)
HALF_SECOND = Duration(SECOND // 2)
MINUTES_8 = 8 * 60


@cache
def eight_minutes() -> tuple[World, tuple[ExchangeEvent, ...]]:
    """The default world after eight minutes, and all that happened in it."""
    world = a_world()
    world.advance(Instant(START + MINUTES_8 * SECOND))
    return world, tuple(drained(world))


def history(steps: Sequence[int], seed: int = 3) -> tuple[str, str]:
    """Both venues' events of a small world, told the time in the given steps (microseconds)."""
    world = a_world(seed, SMALL)
    told: dict[str, list[str]] = {"polymarket": [], "kalshi": []}
    now_us = START
    for step in steps:
        now_us = Instant(now_us + step)
        world.advance(now_us)
        for venue, lines in told.items():
            lines.extend(map(repr, exchange_of(world, venue).take_events()))
    assert min(map(len, told.values())) > 500
    polymarket, kalshi = (hashlib.sha256("\n".join(e).encode()).hexdigest() for e in told.values())
    return polymarket, kalshi


# ---- repeatable ----------------------------------------------------------------------------


def test_steps_of_time_do_not_change_history() -> None:
    total = 40 * SECOND
    rng = random.Random(11)
    cuts = sorted(rng.sample(range(1, total), 300))
    uneven = [b - a for a, b in itertools.pairwise([0, *cuts, total])]
    reference = history([20_000] * (total // 20_000))
    assert history([SECOND] * 40) == reference
    assert history(uneven) == reference
    assert history([total]) == reference


def test_another_seed_is_another_history() -> None:
    assert history([10 * SECOND] * 4, seed=3) != history([10 * SECOND] * 4, seed=4)


def test_the_hash_seed_of_the_process_does_not_matter() -> None:
    code = "from tests.unit.adapters.sim.test_world import history; print(history([10**7] * 3))"
    root = Path(__file__).resolve().parents[4]
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join((str(root), *sys.path))},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "424242")
    }
    assert len(said) == 1
    assert said == {f"{history([10**7] * 3)}\n"}


# ---- edges ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [7, 8])
def test_the_first_minute_of_the_demo_offers_trades_and_temptations(seed: int) -> None:
    spells = spells_of(a_world(seed), 60, HALF_SECOND)
    rich = [spell for spell in spells if spell.rich_us >= 2 * SECOND]
    assert len(rich) >= 5
    assert min(spell.began_us for spell in rich) < START + 20 * SECOND
    tempting = [spell for spell in spells if spell.net_best < 0]
    assert len(tempting) >= 2


def test_mispricings_have_a_realistic_size() -> None:
    spells = spells_of(a_world(9), 60, HALF_SECOND)
    assert max(spell.net_best for spell in spells) < 4 * NET_MIN


def test_the_realistic_world_hardly_ever_pays() -> None:
    spells = spells_of(a_world(7, REALISTIC), 120, Duration(SECOND))
    rich = [spell for spell in spells if spell.rich_us >= 2 * SECOND]
    assert len(rich) <= 1


def test_without_mispricings_a_pair_agrees_to_a_few_cents() -> None:
    """The same bet drifts together: whatever parts the venues is the world's doing, and ends."""
    calm = WorldSettings(markets_max=90, mispricing_every_s=1e9, refused_every_s=1e9)
    world = a_world(5, calm)
    gaps: list[float] = []
    for _ in sampled(world, 30, Duration(3 * SECOND)):
        gaps += [gap for pair in world.pairs if (gap := middle_gap(world, pair.id)) is not None]
    assert len(gaps) > 300
    assert sum(gap > 40_000 for gap in gaps) < len(gaps) / 20


def middle_gap(world: World, pair_id: str) -> float | None:
    """Distance of the two middles of a pair, seen from the same outcome, in micro-dollars."""
    pair = next(domain_pair(pair) for pair in world.pairs if pair.id == pair_id)
    middles: list[float] = []
    for market in (pair.a, pair.b):
        venue, _, native_id = market.partition(":")
        view = exchange_of(world, venue).market(native_id)
        if view.best_bid is None or view.best_ask is None:
            return None
        middles.append((view.best_bid + view.best_ask) / 2)
    other = middles[1] if pair.relation == "identity" else MICRO - middles[1]
    return abs(middles[0] - other)


def test_one_venue_leads_a_pair_and_the_other_follows() -> None:
    world = a_world(5, WorldSettings(markets_max=1, mispricing_every_s=1e9, refused_every_s=1e9))
    drained(world)
    world.advance(Instant(START + 80 * SECOND))
    told: dict[str, set[int]] = {}
    for event in drained(world):
        if isinstance(event, LevelChanged) and event.delta > 0:
            told.setdefault(event.native_id, set()).add(event.event_us)
    leading: Counter[str] = Counter()
    for pair in world.pairs:
        polymarket, kalshi = told[pair.polymarket], told[pair.kalshi]
        assert not polymarket & kalshi
        shares = (followed(polymarket, kalshi), followed(kalshi, polymarket))
        assert max(shares) > 0.9
        leading["polymarket" if shares[0] > shares[1] else "kalshi"] += 1
    assert min(leading["polymarket"], leading["kalshi"]) >= 3


def followed(first: set[int], second: set[int]) -> float:
    """Share of the moments in `first` with one in `second` 0.3 to 2 seconds later."""
    late = START + 77 * SECOND  # what begins later is followed after the end
    counted = [moment for moment in first if moment < late]
    lags = range(3 * SECOND // 10, 2 * SECOND + 1)
    hits = [any(other - moment in lags for other in second) for moment in counted]
    return sum(hits) / len(hits)


# ---- life ----------------------------------------------------------------------------------


def test_markets_close_are_proposed_and_paid() -> None:
    world, events = eight_minutes()
    ended = {event.native_id for event in events if isinstance(event, Resolved)}
    assert sum("BTC15M-W00" in native_id for native_id in ended) == 1
    assert sum("G30" in native_id or "G31" in native_id for native_id in ended) >= 3
    for native_id in ended:
        path = [
            e.status for e in events if isinstance(e, StatusChanged) and e.native_id == native_id
        ]
        assert [status for status in path if status not in {"paused", "disputed"}][-3:] == [
            "closed",
            "proposed",
            "settled",
        ]
        exchange = world.kalshi if world.kalshi.has_market(native_id) else world.polymarket
        view = exchange.market(native_id)
        assert view.open_interest == 0
        assert not exchange.levels(native_id, "bid")
        assert not exchange.levels(native_id, "ask")


def test_a_pair_settles_within_minutes_and_both_venues_agree() -> None:
    world, _ = eight_minutes()
    pair = next(pair for pair in world.pairs if pair.id == "game-30-miami-orlando")
    payouts = {
        world.polymarket.market(pair.polymarket).yes_payout,
        world.kalshi.market(pair.kalshi).yes_payout,
    }
    assert payouts in ({0}, {MICRO})
    assert world.kalshi.market(pair.kalshi).status == "settled"


def test_every_kind_of_happening_occurs() -> None:
    _, events = eight_minutes()
    statuses = [event.status for event in events if isinstance(event, StatusChanged)]
    late = [e for e in events if isinstance(e, MarketCreated) and e.event_us > START]
    fees = [event for event in events if isinstance(event, FeeChanged)]
    assert "paused" in statuses
    assert {event.listing.market.venue for event in late} == {"polymarket", "kalshi"}
    assert [event.native_id for event in fees] == [FEE_OVERRIDE_MARKET]
    assert fees[0].is_override
    assert any(isinstance(event, GridChanged) for event in events)


def test_a_paused_market_trades_again_with_a_full_book() -> None:
    _, events = eight_minutes()
    pauses = [e for e in events if isinstance(e, StatusChanged) and e.status == "paused"]
    native_id, paused_us = pauses[0].native_id, pauses[0].event_us
    after = [e for e in events if e.native_id == native_id and e.event_us > paused_us]
    resumed = next(e for e in after if isinstance(e, StatusChanged))
    assert resumed.status == "open"
    assert any(isinstance(e, LevelChanged) and e.delta > 0 for e in after)


def test_the_step_gets_finer_when_a_price_nears_the_edge() -> None:
    _, events = eight_minutes()
    changed = [event for event in events if isinstance(event, GridChanged)]
    assert changed
    for event in changed:
        assert event.native_id.startswith("0x")
        assert event.before.finest() == 10 * event.grid.finest()


def test_traffic_is_as_busy_as_promised_and_quieter_at_night() -> None:
    _, events = eight_minutes()
    levels = sum(isinstance(event, LevelChanged) for event in events) / MINUTES_8
    assert 100 <= levels <= 250
    assert sum(isinstance(event, Trade) for event in events) / MINUTES_8 >= 2
    half_a_day = 12 * 3_600 * SECOND
    assert happenings(Instant(START + half_a_day)) * 1.5 < happenings(START)


def happenings(start_us: Instant) -> int:
    """Events of a small world's first minute, the listing of its markets apart."""
    world = a_world(7, SMALL, start_us)
    drained(world)
    world.advance(Instant(start_us + 60 * SECOND))
    return len(drained(world))


def test_those_who_know_trade_before_the_news() -> None:
    world, events = eight_minutes()
    news = next(n for n in world.news if n.at_us < START + MINUTES_8 * SECOND)
    family = {
        place.native_id
        for question in catalogue(300).questions
        if question.family == news.family
        for place in question.places
    }
    window = 45 * SECOND
    trades = [e for e in events if isinstance(e, Trade) and e.native_id in family]
    knowing = sum(e.quantity for e in trades if 0 <= news.at_us - e.event_us <= window)
    before = sum(e.quantity for e in trades if window < news.at_us - e.event_us <= 2 * window)
    assert news.jump
    assert knowing > 2 * before
    assert knowing > 300 * MICRO


# ---- money ---------------------------------------------------------------------------------


def test_no_dollar_is_made_or_lost() -> None:
    world, _ = eight_minutes()
    for exchange in (world.polymarket, world.kalshi):
        makers = len(exchange.accounts()) - 1
        assert sum(exchange.totals()) == CROWD_CASH + makers * MAKER_CASH
        assert exchange.totals()[2] > 0
        assert all(exchange.balances(account).available >= 0 for account in exchange.accounts())


def test_no_book_is_ever_crossed() -> None:
    world = a_world(12)
    for _ in sampled(world, 20, Duration(SECOND)):
        for view in (
            exchange.market(native_id)
            for exchange in (world.polymarket, world.kalshi)
            for native_id in exchange.native_ids()
        ):
            assert (view.best_bid or 0) < (view.best_ask or MICRO)


def test_books_differ_in_depth_and_width_by_liquidity() -> None:
    world, _ = eight_minutes()
    depths = Counter(
        len(world.kalshi.levels(native_id, "bid"))
        for native_id in world.kalshi.native_ids()
        if world.kalshi.market(native_id).status == "open"
    )
    assert len(depths) >= 4
    one_sided = [
        native_id
        for native_id in world.kalshi.native_ids()
        if world.kalshi.levels(native_id, "bid") and not world.kalshi.levels(native_id, "ask")
    ]
    assert one_sided
