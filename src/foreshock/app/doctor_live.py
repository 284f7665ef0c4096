"""Could this machine trade with real money? Clocks, credentials, allowances, shapes; with the fix.

Nothing is placed: every request only reads. The signer is started for it, so a key that is typed
is asked for.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path

import msgspec

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.http import NetworkTransport, read_with_retry
from foreshock.adapters.seams import HttpRequest, HttpResponse, HttpTransport
from foreshock.adapters.venues.kalshi.account import KalshiReader
from foreshock.adapters.venues.order_path import AccountReader, Unsigned
from foreshock.adapters.venues.polymarket.account import (
    PolymarketAccount,
    closed_only_request,
    geoblock_request,
    read_allowance,
    read_closed_only,
    read_geoblock,
    refresh_request,
    succeeded,
)
from foreshock.adapters.venues.polymarket.ours import Ours
from foreshock.app.account_feeds import holder_of
from foreshock.app.config import Settings, config_folder, home_folder
from foreshock.app.doctor import Finding
from foreshock.app.doctor_relayer import relayer_of
from foreshock.app.doctor_shapes import Visited, shapes_of
from foreshock.app.doctor_terms import examine_terms, tier_of
from foreshock.app.fee_packs import load_fee_packs
from foreshock.app.instance import running
from foreshock.app.live_mode import spawned_signer
from foreshock.app.signer_client import SignerClient
from foreshock.app.signer_wire import PublicAccount
from foreshock.core.domain.accounts import AccountPart
from foreshock.core.domain.errors import ConfigError, DataError, VenueUnavailableError
from foreshock.core.domain.units import (
    SECOND,
    Duration,
    Instant,
    Money,
    format_micros,
    parse_micros,
)

SKEW_MAX = Duration(500_000)
STAMP_PRECISION = SECOND
"""Venues tell whole seconds: within one, any instant may be meant."""
CLOCK_LOOKS_MAX = 5
CLOCK_PAUSE_S = 0.3
"""Five looks at this distance meet each part of a second: a stamp is fresh in one of them."""
PARTS: tuple[AccountPart, ...] = ("orders", "fills", "positions", "balance")
Sign = Callable[[Unsigned, Instant], HttpRequest]


class Visit(msgspec.Struct, frozen=True):
    """One venue account, and how to read it. data: the host of positions, where it is another."""

    venue: str
    reader: AccountReader
    sign: Sign
    trading: HttpTransport
    data: HttpTransport
    website: HttpTransport | None = None


async def examine_live(settings: Settings) -> list[Finding]:
    """Every check of a live desk. Raises ConfigError when no key is configured."""
    if not settings.live.polymarket_key and not settings.live.kalshi_key:
        words = "no key to trade with: set live.polymarket_key or live.kalshi_key"
        return [Finding("keys", "problem", words)]
    findings = [_lease()]
    transports = {
        "polymarket": NetworkTransport(settings.polymarket.clob_url),
        "kalshi": NetworkTransport(settings.kalshi.rest_url),
        "data": NetworkTransport(settings.live.polymarket_data_url),
        "gamma": NetworkTransport(settings.polymarket.gamma_url),
        "relayer": NetworkTransport(settings.live.polymarket_relayer_url),
        "website": NetworkTransport(settings.live.polymarket_website_url),
    }
    hosts: dict[str, HttpTransport] = {**transports, "clob": transports["polymarket"]}
    try:
        async with spawned_signer() as ready:
            sign = SignerClient(Path(ready.socket)).sign
            for account in ready.accounts:
                visit = _visit(account, sign, hosts)
                findings += await examine_venue(visit, settings)
                findings += await relayer_of(account, sign, transports["relayer"])
                findings += await shapes_of(Visited(visit.venue, hosts, sign, visit.reader))
            findings += await examine_terms(settings, hosts, sign)
    except ConfigError as error:
        findings.append(Finding("signer", "problem", str(error)))
    finally:
        for transport in transports.values():
            await transport.close()
    return findings


async def examine_venue(visit: Visit, settings: Settings) -> list[Finding]:
    """Clock, credentials, standing, allowances and rate limits of one venue."""
    findings = [await clock_of(visit.venue, visit.trading)]
    for part in PARTS:
        findings.append(await _part(visit, part))
        if findings[-1].state == "problem":
            break
    if visit.venue == "polymarket" and findings[-1].state == "ok":
        findings.append(await _allowances(visit, settings))
        findings += await standing_of(visit)
    if visit.venue == "kalshi" and findings[-1].state != "problem":
        findings.append(await tier_of(visit.trading, visit.sign))
    return findings


async def refuse_skew(settings: Settings, venues: Sequence[str]) -> None:
    """Raises ConfigError when a venue's clock and ours are too far apart to trade."""
    urls = {"polymarket": settings.polymarket.clob_url, "kalshi": settings.kalshi.rest_url}
    for venue in venues:
        transport = NetworkTransport(urls[venue])
        try:
            finding = await clock_of(venue, transport)
        finally:
            await transport.close()
        if finding.state == "problem":
            raise ConfigError(f"{finding.check}: {finding.words}")


def skew_of(stamp_us: int, before_us: int, after_us: int) -> int:
    """How far our clock lies outside what a stamp of whole seconds allows; 0 inside."""
    earliest, latest = stamp_us - after_us, stamp_us + STAMP_PRECISION - before_us
    if earliest > 0:
        return -earliest
    return -latest if latest < 0 else 0


async def clock_of(venue: str, transport: HttpTransport) -> Finding:
    """How far a venue's clock and ours are apart, asked again before a clock is accused.

    A server may stamp its answers with a second that it looked up a while ago.
    """
    finding = await _clock_once(venue, transport)
    for _ in range(CLOCK_LOOKS_MAX - 1):
        if finding.state == "ok":
            break
        await asyncio.sleep(CLOCK_PAUSE_S)
        finding = await _clock_once(venue, transport)
    return finding


async def _clock_once(venue: str, transport: HttpTransport) -> Finding:
    name = f"{venue} clock"
    path = "/time" if venue == "polymarket" else "/trade-api/v2/exchange/status"
    before_us = wall_clock_us()
    try:
        answer = await read_with_retry(transport, HttpRequest("GET", path))
        stamp_us = _stamp(answer)
    except (VenueUnavailableError, ValueError) as error:
        return Finding(name, "problem", f"{error}: look at your connection")
    skew_us = abs(skew_of(stamp_us, before_us, wall_clock_us()))
    if skew_us > SKEW_MAX:
        words = f"{skew_us // 1_000} ms off, at most {SKEW_MAX // 1_000}: switch time sync (NTP) on"
        return Finding(name, "problem", words)
    return Finding(name, "ok", "agrees with ours to the second")


def _stamp(answer: HttpResponse) -> int:
    """The venue's time. Raises ValueError when it tells none."""
    headers = {name.lower(): value for name, value in answer.headers}
    text = answer.body.strip()
    if text.isdigit():
        return int(text) * SECOND
    if "date" not in headers:
        raise ValueError("the venue tells no time")
    return int(parsedate_to_datetime(headers["date"]).timestamp()) * SECOND


async def _part(visit: Visit, part: AccountPart) -> Finding:
    name = f"{visit.venue} {part}"
    now_us = wall_clock_us()
    unsigned = visit.reader.read(part, Instant(now_us - 60 * SECOND), None)
    host = visit.data if unsigned.host == "data" else visit.trading
    try:
        answer = await host.send(visit.sign(unsigned, now_us))
        page = visit.reader.heard(part, answer)
    except VenueUnavailableError as error:
        return Finding(name, "problem", f"{error}: check the key and its permissions")
    except ConfigError as error:
        return Finding(name, "problem", str(error))
    except DataError as error:
        return Finding(name, "problem", f"its shape has changed ({error}): update foreshock")
    if page.unreadable:
        return Finding(name, "note", f"{len(page.unreadable)} rows are of markets not watched")
    cash = "" if page.cash is None else f", ${format_micros(page.cash, 2)}"
    return Finding(name, "ok", f"readable{cash}")


async def _allowances(visit: Visit, settings: Settings) -> Finding:
    name = "polymarket allowances"
    unsigned = visit.reader.read("balance", Instant(0), None)
    again = refresh_request(unsigned)
    clip = Money(parse_micros(settings.live.clip_max_dollars))
    try:
        # What was approved since the venue last looked at the chain is else reported as missing.
        succeeded(await visit.trading.send(visit.sign(again, wall_clock_us())))
        answer = await visit.trading.send(visit.sign(unsigned, wall_clock_us()))
        found = read_allowance(answer)
    except (VenueUnavailableError, DataError, ConfigError) as error:
        return Finding(name, "problem", str(error))
    short = [spender for spender, amount in found.allowances.items() if amount < clip]
    if short or not found.allowances:
        words = f"{len(short)} exchange contracts may not spend ${format_micros(clip, 2)}: approve"
        return Finding(name, "problem", f"{words} trading in your wallet on the venue's site")
    return Finding(name, "ok", "the exchange contracts may spend")


async def standing_of(visit: Visit) -> list[Finding]:
    """Whether the account may buy, and whether it may from here."""
    findings: list[Finding] = []
    name = "polymarket account"
    try:
        signed = await asyncio.to_thread(visit.sign, closed_only_request(), wall_clock_us())
        allowed = read_closed_only(await visit.trading.send(signed)) == "open"
    except (VenueUnavailableError, DataError, ConfigError) as error:
        findings.append(Finding(name, "problem", f"{error}: check the key and its permissions"))
    else:
        words = "may buy" if allowed else "may only close positions: ask the venue why"
        findings.append(Finding(name, "ok" if allowed else "problem", words))
    if visit.website is None:
        return findings
    name = "polymarket place"
    try:
        asked = HttpRequest("GET", geoblock_request().path)
        is_open = read_geoblock(await visit.website.send(asked)) == "open"
    except (VenueUnavailableError, DataError) as error:
        words = f"not told ({error}): the venue refuses blocked places in its answers to orders"
        findings.append(Finding(name, "note", words))
    else:
        words = "orders are taken" if is_open else "orders from here are refused: do not trade here"
        findings.append(Finding(name, "ok" if is_open else "problem", words))
    return findings


def _lease() -> Finding:
    other = running(home_folder())
    if other is not None and other.mode == "live":
        words = f"a live desk already runs (pid {other.pid}): one account, one desk"
        return Finding("lease", "problem", words)
    return Finding("lease", "ok", f"nobody trades from {home_folder()}")


def _visit(account: PublicAccount, sign: Sign, hosts: Mapping[str, HttpTransport]) -> Visit:
    reader: AccountReader = KalshiReader()
    if account.venue == "polymarket":
        holder = holder_of(account)
        pack = load_fee_packs(config_folder() / "fees").get("polymarket")
        reader = PolymarketAccount(holder, Ours(holder, pack))
    here = hosts[account.venue]
    return Visit(account.venue, reader, sign, here, hosts["data"], hosts["website"])
