"""Which run did the person ask for? Demo, live data, or the simulated venues alone."""

import os
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from foreshock.adapters.clock import wall_clock_us
from foreshock.app.build_hash import build_hash
from foreshock.app.cli.output import say, write
from foreshock.app.config import Settings, config_folder, home_folder, load_settings
from foreshock.app.desk_run import Plan
from foreshock.app.doctor_live import refuse_skew
from foreshock.app.instance import Claim
from foreshock.app.lease import Claimant, DiskLease, Lease, account_name, take_lease
from foreshock.app.live_mode import Live, spawned_signer
from foreshock.app.network import OpenNetwork
from foreshock.app.news_settings import calendar_items, news_links
from foreshock.app.oracles import oracle_links
from foreshock.app.pairs_file import DEMO_PAIRS_FILE, PAIRS_FILE, load_pairs
from foreshock.app.run_to_end import run_to_end
from foreshock.app.session import Voice, claim_home, run_session
from foreshock.app.signer_client import SignerClient
from foreshock.app.signer_wire import PublicAccount
from foreshock.app.sim_sources import with_demo_sources
from foreshock.app.sim_venues import SIM_KEY_FILE, Flags, spawned_venues
from foreshock.app.venues import VenueLink, live_links, network_links
from foreshock.app.wiring import VENUES, desk_config
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import dollar_text
from foreshock.core.strategies.atomic_arb import AtomicArb

DEMO_BAND = "SIMULATED - no real money; mispricings far more frequent than in life"
REALISTIC_BAND = "SIMULATED - no real money; mispricings about as rare as in life"
WATCH_BAND = "WATCH - live data, nobody trades"
LIVE_BAND = "LIVE - real money"
PAPER_BAND = "PAPER - live data, simulated fills, no real money"

CLIP_WORDS = "the smaller of scanner.leg_cost_max_dollars and live.clip_max_dollars"


def run_demo(flags: Flags, *, browser: bool, realistic: bool, replace: bool) -> None:
    """Simulated venues in a child process, the desk in this one."""
    run_to_end(_demo(load_settings(flags), browser=browser, realistic=realistic, replace=replace))


def run_live_data(
    mode: Literal["watch", "paper"],
    flags: Flags,
    venues: Sequence[str],
    identifiers: Sequence[str] = (),
    *,
    browser: bool,
    replace: bool,
) -> None:
    """The real venues' data; orders stay on paper, or are not made at all."""
    settings = load_settings(flags)
    links = [link for link in network_links(settings) if link.name in venues]
    path = home_folder() / PAIRS_FILE
    pairs = load_pairs(path) if path.exists() else []
    if mode == "paper" and not pairs:
        say(f"note: no pairs in {path}: what is not proven waits in `foreshock pairs review`")
    band = WATCH_BAND if mode == "watch" else PAPER_BAND
    config = desk_config(mode, band, settings)
    plan = Plan(config, settings, tuple(links), tuple(pairs), tuple(identifiers))
    plan = _informed(plan, settings)
    run_to_end(_live_data(plan, browser=browser, replace=replace))


def run_live(flags: Flags, *, browser: bool, replace: bool) -> None:
    """Real orders at the venues whose keys are configured, each once it is armed."""
    settings = load_settings(flags)
    keys = {"polymarket": settings.live.polymarket_key, "kalshi": settings.live.kalshi_key}
    venues = tuple(venue for venue, source in keys.items() if source)
    if not venues:
        raise ConfigError(
            "no key to trade with: set live.polymarket_key or live.kalshi_key, then look with "
            "`foreshock doctor --live`"
        )
    run_to_end(_live(settings, venues, browser=browser, replace=replace))


async def _live(
    settings: Settings, venues: tuple[str, ...], *, browser: bool, replace: bool
) -> None:
    await refuse_skew(settings, venues)
    held = await claim_home(home_folder(), replace=replace)
    try:
        async with spawned_signer() as ready:
            config = desk_config("live", LIVE_BAND, settings)
            accounts = tuple(a for a in ready.accounts if a.venue in venues)
            config = msgspec.structs.replace(config, live_venues=VENUES, accounts=accounts)
            leg_max = dollar_text(config.scanner.leg_cost_max)
            say(f"a leg costs at most {leg_max}: {CLIP_WORDS}")
            signer = SignerClient(Path(ready.socket))
            live = Live(settings, accounts, config.fees, signer, OpenNetwork())
            live.leases += _leases(settings, accounts)
            for words in await live.prepare((AtomicArb.name,), config.scanner.clip_quantity_max):
                say(words)
            links = live_links(settings, live.signer if "kalshi" in venues else None)
            path = home_folder() / PAIRS_FILE
            pairs = load_pairs(path) if path.exists() else []
            plan = Plan(config, settings, tuple(links), tuple(pairs), live=live)
            plan = _informed(plan, settings)
            await _session(plan, held, browser=browser)
    finally:
        held.release()


def _leases(settings: Settings, accounts: Sequence[PublicAccount]) -> list[Lease]:
    """One for each account, until this process ends. Raises ConfigError when a desk has one."""
    folder = Path(settings.live.lease_folder).expanduser()
    claimant = Claimant(build_hash(), f"pid {os.getpid()}", str(home_folder()))
    found: list[Lease] = []
    for account in accounts:
        name = account_name(account, settings.kalshi.key_id)
        file = DiskLease(folder / f"{name}.lease")
        found.append(take_lease(name, file, claimant, wall_clock_us()))
    return found


async def _demo(settings: Settings, *, browser: bool, realistic: bool, replace: bool) -> None:
    pairs = load_pairs(config_folder() / DEMO_PAIRS_FILE)
    settings = with_demo_sources(settings)
    config = desk_config("demo", REALISTIC_BAND if realistic else DEMO_BAND, settings)
    held = await claim_home(home_folder(), replace=replace)
    try:
        key_file = held.home / SIM_KEY_FILE
        async with spawned_venues(settings.demo, key_file, realistic=realistic) as addresses:
            say(
                "simulated venues: "
                f"{addresses.gamma_url} {addresses.clob_url} {addresses.kalshi_url}"
            )
            simulated = addresses.applied_to(settings)
            links: list[VenueLink] = network_links(simulated)
            plan = _informed(Plan(config, settings, tuple(links), tuple(pairs)), simulated)
            await _session(plan, held, browser=browser)
    finally:
        held.release()


def _informed(plan: Plan, settings: Settings) -> Plan:
    """The plan with its sources of values and of news, at the addresses of these settings."""
    now_us = wall_clock_us()
    return msgspec.structs.replace(
        plan,
        oracles=tuple(oracle_links(settings.oracles, plan.config.oracles)),
        news=tuple(news_links(settings.news, now_us)),
        calendar=calendar_items(settings.news, now_us),
    )


async def _live_data(plan: Plan, *, browser: bool, replace: bool) -> None:
    held = await claim_home(home_folder(), replace=replace)
    try:
        await _session(plan, held, browser=browser)
    finally:
        held.release()


async def _session(plan: Plan, held: Claim, *, browser: bool) -> None:
    def opened(url: str) -> None:
        say(plan.config.band)
        say("the dashboard opens with this link once; `foreshock login` makes another:")
        write(f"{url}\n")
        if browser:
            webbrowser.open(url)

    await run_session(plan, held, Voice(opened, say))
