"""Do our fee schedules explain what the venues charge, and how often may we ask? With the fix.

The markets of the pairs are read as a desk reads them, or the busiest ones where there is no pair;
what the strict readers refuse is told in their words.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpTransport
from foreshock.adapters.venues.kalshi.account import KalshiReader, read_balances
from foreshock.adapters.venues.kalshi.budgets import (
    costs_reading,
    limits_reading,
    read_costs,
    read_terms,
)
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.client import PolymarketClient
from foreshock.app.config import Settings, config_folder, home_folder
from foreshock.app.doctor import Finding
from foreshock.app.doctor_shapes import patiently
from foreshock.app.doctor_ticks import kalshi_grids, polymarket_terms
from foreshock.app.fee_packs import load_fee_packs
from foreshock.app.pairs_file import PAIRS_FILE, load_pairs
from foreshock.app.venues import Found, VenueLink, network_links
from foreshock.core.domain.errors import ConfigError, DataError, VenueUnavailableError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    Instant,
    Price,
    Quantity,
    format_micros,
)
from foreshock.core.pricing.fees import FeePack, FeeUnknown, Fill, fill_fee

BUSIEST_MAX = 20
"""Markets looked at where there is no pair."""
SHOWN_MAX = 3
FAILURES = (ConfigError, DataError, VenueUnavailableError)

Sign = Callable[[Unsigned, Instant], HttpRequest]


async def examine_terms(
    settings: Settings, hosts: Mapping[str, HttpTransport], sign: Sign
) -> list[Finding]:
    """Fee schedules and ticks of both venues, for the markets that would be traded.

    hosts: `clob`, `gamma` and `kalshi`.
    """
    path = home_folder() / PAIRS_FILE
    pairs = load_pairs(path) if path.exists() else []
    wanted = [market for pair in pairs for market in (pair.a, pair.b)]
    packs = load_fee_packs(config_folder() / "fees")
    findings: list[Finding] = []
    for link in network_links(settings):
        named = [market for market in wanted if venue_of(market) == link.name]
        found = await _discovered(link, named)
        if isinstance(found, Finding):
            findings.append(found)
            continue
        pack = packs.get(link.name)
        findings.append(_fees_among(link.name, found, named, pack, wall_clock_us()))
        if link.name == "polymarket":
            client = PolymarketClient(hosts["gamma"], hosts["clob"])
            findings.append(await polymarket_terms(client, found.markets))
        else:
            findings.append(await kalshi_grids(hosts["kalshi"], found.markets))
        if link.name == "kalshi" and settings.live.kalshi_key:
            findings.append(await shard_cash_of(hosts["kalshi"], sign, found.markets))
    return findings


async def shard_cash_of(host: HttpTransport, sign: Sign, markets: Sequence[Market]) -> Finding:
    """Whether there is money on every shard of Kalshi where these markets trade."""
    name = "kalshi cash by shard"
    try:
        asked = KalshiReader().read("balance", Instant(0), None)
        balances = read_balances(await patiently(host, sign, asked))
    except FAILURES as error:
        return Finding(name, "problem", f"{error}: check the key and its permissions")
    told = ", ".join(f"{i}: ${format_micros(m, 2)}" for i, m in sorted(balances.by_shard.items()))
    wanted = {market.shard for market in markets if market.shard is not None}
    poor = sorted(shard for shard in wanted if balances.by_shard.get(shard, 0) <= 0)
    if balances.by_shard and poor:
        words = f"nothing on shard {', '.join(map(str, poor))} ({told}), where markets of yours"
        return Finding(name, "problem", f"{words} trade: move cash there on the venue's site")
    return Finding(name, "ok", told or "not told for this key")


async def fees_of(
    link: VenueLink, wanted: Sequence[MarketId], pack: FeePack | None, now_us: Instant
) -> Finding:
    """Whether every market of interest at a venue has a fee that we can tell."""
    found = await _discovered(link, wanted)
    if isinstance(found, Finding):
        return found
    return _fees_among(link.name, found, wanted, pack, now_us)


async def _discovered(link: VenueLink, wanted: Sequence[MarketId]) -> Found | Finding:
    """The markets of interest, or why they cannot be read."""
    name = f"{link.name} fees"
    try:
        return await link.discover(wanted, 0 if wanted else BUSIEST_MAX)
    except VenueUnavailableError as error:
        return Finding(name, "problem", f"{error}: look at your connection")
    except DataError as error:
        return Finding(name, "problem", f"a list has another shape ({error}): update foreshock")


def _fees_among(
    venue: str, found: Found, wanted: Sequence[MarketId], pack: FeePack | None, now_us: Instant
) -> Finding:
    unknown = [words for market in found.markets if (words := _unknown(market, pack, now_us))]
    return _explained(f"{venue} fees", found, wanted, unknown)


async def tier_of(host: HttpTransport, sign: Sign) -> Finding:
    """How many requests Kalshi takes from the account."""
    name = "kalshi rate limits"

    async def ask(unsigned: Unsigned) -> HttpRequest:
        return await asyncio.to_thread(sign, unsigned, wall_clock_us())

    try:
        costs = read_costs(await host.send(await ask(costs_reading())))
        terms = read_terms(await host.send(await ask(limits_reading())), costs)
    except FAILURES as error:
        words = f"{error}: the lowest tier is assumed; check the key's permissions"
        return Finding(name, "note", words)
    orders = terms.write.per_second // terms.costs["place"]
    words = f"{terms.write.per_second} write tokens a second, {orders} orders; with a reserve"
    return Finding(name, "ok", f"{words} of {terms.write.left_by_entries} for hedges and cancels")


def _explained(
    name: str, found: Found, wanted: Sequence[MarketId], unknown: Sequence[str]
) -> Finding:
    """The finding about markets that were read. unknown: why the fee of each such is not told."""
    file = f"fees/{name.partition(' ')[0]}.toml"
    if not found.markets:
        return Finding(name, "note", f"no market to look at: {found.summary}")
    if unknown:
        shown = "; ".join(unknown[:SHOWN_MAX])
        words = (
            f"{len(unknown)} of {len(found.markets)} markets have no fee that {file}"
            f" explains, and are never traded ({shown}): compare that file with the venue's fee"
            " page, or update foreshock"
        )
        return Finding(name, "problem", words)
    missing = set(wanted) - {market.id for market in found.markets}
    if missing:
        words = (
            f"{len(missing)} markets of your pairs are not offered: {', '.join(sorted(missing))}"
        )
        return Finding(name, "note", words)
    return Finding(name, "ok", f"{len(found.markets)} markets are explained by {file}")


def _unknown(market: Market, pack: FeePack | None, now_us: Instant) -> str | None:
    """Why the fee of a contract at half a dollar cannot be told, None when it can."""
    fill = Fill(price=Price(PAYOUT // 2), quantity=Quantity(MICRO), action="buy", is_taker=True)
    fee = fill_fee(pack, market.fee, fill, now_us)
    return f"{market.id}: {fee.words}" if isinstance(fee, FeeUnknown) else None
