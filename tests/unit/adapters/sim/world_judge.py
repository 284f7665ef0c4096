"""What would the desk's own pricing say of the simulated world's books?"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_fees import packed_fees
from foreshock.adapters.sim.exchange_types import ExchangeEvent
from foreshock.adapters.sim.questions import TruePair
from foreshock.adapters.sim.world import World, WorldSettings
from foreshock.app.fee_packs import load_fee_packs, load_frictions
from foreshock.core.domain.books import BOOK_LEVELS_MAX
from foreshock.core.domain.edges import Edge, Refusal
from foreshock.core.domain.markets import Market, MarketId, Pair
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.units import MICRO, PAYOUT, SECOND, Duration, Instant, Money, Quantity
from foreshock.core.pricing.depth import best_offer
from foreshock.core.pricing.edge import Costs, best_edge, leg_of, smallest_clip
from foreshock.core.pricing.packages import pair_packages
from foreshock.core.pricing.sizing import ClipLimits

CONFIG = Path(__file__).resolve().parents[4] / "config"
PACKS = load_fee_packs(CONFIG / "fees")
COSTS = Costs(PACKS, load_frictions(CONFIG / "frictions.toml"))
FEES = packed_fees(PACKS)
START = Instant(1_795_287_600_000_000)  # 2026-11-21 19:00 UTC, the busiest hour
NET_MIN = Money(25_000)
CONTRACTS_MIN = Quantity(20 * MICRO)
CLIP = ClipLimits(
    quantity_max=Quantity(500 * MICRO),
    leg_cost_max=Money(250 * MICRO),
    net_per_contract_min=NET_MIN,
    completion_ppm_min=990_000,
)


class Spell(msgspec.Struct):
    """A package was cheap, fees and all else apart, without a break.

    rich_us: the longest time it stayed worth taking. net_best: per contract, after all costs.
    """

    package: str
    began_us: Instant
    net_best: Money
    rich_us: int = 0
    rich_since_us: int | None = None


def a_world(
    seed: int = 7, settings: WorldSettings | None = None, start_us: Instant = START
) -> World:
    return World(seed, start_us, FEES, settings or WorldSettings())


def drained(world: World) -> list[ExchangeEvent]:
    """Everything that happened at either venue since the last call."""
    return [*world.polymarket.take_events(), *world.kalshi.take_events()]


def sampled(world: World, seconds: int, every: Duration) -> Iterator[Instant]:
    """Advance step by step; each moment reached."""
    for now_us in range(START + every, START + seconds * SECOND + 1, every):
        world.advance(Instant(now_us))
        drained(world)
        yield Instant(now_us)


def spells_of(world: World, seconds: int, every: Duration) -> list[Spell]:
    """Every spell in which one of the true pairs' packages cost less than it pays."""
    running: dict[str, Spell] = {}
    found: list[Spell] = []
    for now_us in sampled(world, seconds, every):
        seen: set[str] = set()
        for edge in gross_edges(world, now_us):
            seen.add(edge.id)
            if edge.id not in running:
                running[edge.id] = Spell(edge.id, now_us, edge.net_per_contract)
                found.append(running[edge.id])
            _note(running[edge.id], edge, now_us)
        for package in running.keys() - seen:
            del running[package]
    return found


def gross_edges(world: World, now_us: Instant) -> Iterator[Edge]:
    """Priced packages of the true pairs whose best offers cost less than a dollar."""
    for pair in map(domain_pair, world.pairs):
        books = {market: _book(world, market, now_us) for market in (pair.a, pair.b)}
        for package, choices in pair_packages(pair, ("polymarket", "kalshi")):
            best = [best_offer(books[market], outcome) for market, outcome in choices]
            if None in best or sum(offer[0] for offer in best if offer) >= PAYOUT:
                continue
            legs = [leg_of(_market(world, m), outcome, books[m]) for m, outcome in choices]
            if any(leg.market.status != "open" for leg in legs):
                continue
            smallest = smallest_clip(legs, COSTS.frictions)
            assert not isinstance(smallest, Refusal)
            edge = best_edge(package, legs, smallest, CLIP, COSTS, now_us)
            assert not isinstance(edge, Refusal), edge
            yield edge


def domain_pair(pair: TruePair) -> Pair:
    """The pair as the desk reads it from its file."""
    return Pair(
        id=pair.id,
        a=MarketId(f"polymarket:{pair.polymarket}"),
        b=MarketId(f"kalshi:{pair.kalshi}"),
        relation=pair.relation,
        label=pair.label,
        confirmed_by="the simulated world",
        note="",
    )


def exchange_of(world: World, venue: str) -> Exchange:
    return world.polymarket if venue == "polymarket" else world.kalshi


def _book(world: World, market: MarketId, now_us: Instant) -> BookChanged:
    venue, _, native_id = market.partition(":")
    exchange = exchange_of(world, venue)
    return BookChanged(
        market=market,
        epoch=1,
        quality="live",
        event_us=now_us,
        recv_us=now_us,
        bids=exchange.levels(native_id, "bid", BOOK_LEVELS_MAX),
        asks=exchange.levels(native_id, "ask", BOOK_LEVELS_MAX),
    )


def _market(world: World, market: MarketId) -> Market:
    venue, _, native_id = market.partition(":")
    return exchange_of(world, venue).market(native_id).listing.market


def _note(spell: Spell, edge: Edge, now_us: Instant) -> None:
    spell.net_best = max(spell.net_best, edge.net_per_contract)
    passes = edge.net_per_contract >= NET_MIN and edge.quantity >= CONTRACTS_MIN
    if not passes or edge.completion_ppm < CLIP.completion_ppm_min:
        spell.rich_since_us = None
        return
    if spell.rich_since_us is None:
        spell.rich_since_us = now_us
    spell.rich_us = max(spell.rich_us, now_us - spell.rich_since_us)
