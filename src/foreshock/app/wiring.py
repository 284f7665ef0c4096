"""What runs? Agents, gate and venue built from one configuration value; paper unless told.

The value is journalled at the start of a run, so a replay builds the very same desk.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from foreshock.adapters.venues.paper import PaperTerms, PaperVenue, pack_fees
from foreshock.app.account_feeds import AccountFeeds
from foreshock.app.advice import second_reader_settings
from foreshock.app.baseline_store import BaselinesUsed
from foreshock.app.config import ScannerSection, Settings, config_folder, home_folder
from foreshock.app.embeddings import EmbeddingsUsed, embedder, embeddings_used
from foreshock.app.fee_packs import load_fee_packs, load_frictions
from foreshock.app.feeds import Feeds, ProtocolFactory
from foreshock.app.limits_file import load_limits, split_bankroll
from foreshock.app.notify_settings import alert_settings
from foreshock.app.oracle_settings import OracleConfig, oracle_config
from foreshock.app.oracles import oracle_feeds
from foreshock.app.risk_measures import measures
from foreshock.app.signal_desk import SignalSettings, signal_agents, signal_settings
from foreshock.app.signer_wire import PublicAccount
from foreshock.app.venues import FEEDS, KALSHI, POLYMARKET
from foreshock.app.worker import Ear, Listener, Worker
from foreshock.core.alerting.router import AlertRouter, AlertSettings
from foreshock.core.domain.messages.operations import DeskStarted, Mode
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import Ledger
from foreshock.core.domain.units import SECOND, Duration, Instant, Money, Price, parse_micros
from foreshock.core.engine import Agent, Engine, Entry
from foreshock.core.execution.bookkeeper import Bookkeeper
from foreshock.core.execution.converter import Converter
from foreshock.core.execution.executor import Executor, ExecutorSettings
from foreshock.core.execution.gate import Gate, GateLimits
from foreshock.core.execution.reconcile import Reconciler
from foreshock.core.execution.sender import Sender
from foreshock.core.matching.coin_bets import coin_bet
from foreshock.core.matching.compare import Comparer
from foreshock.core.matching.matcher import Matcher, MatcherSettings
from foreshock.core.matching.meanings import meaning_of
from foreshock.core.matching.second_reader import SecondReader, SecondReaderSettings
from foreshock.core.ports import TradingVenue
from foreshock.core.pricing.edge import Costs
from foreshock.core.pricing.fees import FeePack
from foreshock.core.pricing.frictions import FrictionPack
from foreshock.core.risk.clock_watch import ClockWatch
from foreshock.core.risk.guardian import RiskGuardian
from foreshock.core.risk.health import HealthWatch
from foreshock.core.risk.limits import Limits
from foreshock.core.risk.position_risk import Measures
from foreshock.core.signals.arbitrage import ArbitrageScanner, ScannerSettings
from foreshock.core.signals.news import NewsCorrelator, NewsSettings
from foreshock.core.signals.oracle_gap import OracleGaps
from foreshock.core.signals.volume_past import VolumePast
from foreshock.core.strategies.atomic_arb import AtomicArb, AtomicArbSettings

CENTS_A_DOLLAR = 100
MILLISECOND = 1_000
VENUES = (POLYMARKET, KALSHI)


class DeskConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a decision depends on besides messages. band: the words on every page.

    live_venues: where orders cost real money; none on paper. accounts: what is public of them.
    """

    mode: Mode
    band: str
    fees: dict[str, FeePack]
    frictions: FrictionPack
    matcher: MatcherSettings
    second_reader: SecondReaderSettings | None
    scanner: ScannerSettings
    atomic_arb: AtomicArbSettings
    limits: Limits
    gate: GateLimits
    paper: dict[str, PaperTerms]
    live_venues: tuple[str, ...] = ()
    embeddings: EmbeddingsUsed | None = None
    accounts: tuple[PublicAccount, ...] = ()
    signals: SignalSettings = SignalSettings()
    baselines: BaselinesUsed | None = None
    alerts: AlertSettings = AlertSettings()
    oracles: OracleConfig = OracleConfig()
    news: NewsSettings = NewsSettings()
    execution: ExecutorSettings = ExecutorSettings()
    measures: Measures = Measures()


class Parts(msgspec.Struct, frozen=True):
    """A desk without its shell."""

    worker: Worker
    feeds: Feeds
    gate: Gate
    venue: TradingVenue
    agents: tuple[Agent, ...]


MakeVenue = Callable[[Gate], TradingVenue]
"""Builds the venue of a live desk around the gate that judges each order right before it leaves."""


def desk_config(mode: Mode, band: str, settings: Settings) -> DeskConfig:
    """Read every configuration file. Raises ConfigError saying what to change."""
    folder = config_folder()
    section = settings.demo if mode == "demo" else settings.limits
    bankroll = split_bankroll(section.bankroll_dollars, VENUES)
    clip_max = Money(parse_micros(settings.live.clip_max_dollars) if mode == "live" else 0)
    limits, gate = load_limits(folder / "limits.toml", settings.limits.profile, bankroll)
    second_reader = second_reader_settings(settings, home_folder())
    return DeskConfig(
        mode=mode,
        band=band,
        fees=load_fee_packs(folder / "fees"),
        frictions=load_frictions(folder / "frictions.toml"),
        matcher=MatcherSettings(
            trade_proven=settings.matching.trade_proven,
            await_reader=second_reader is not None,
            comparisons_max=settings.matching.comparisons_max,
            candidates_max=settings.matching.candidates_max,
            relations_max=settings.matching.relations_max,
            pause=_milliseconds(settings.matching.pause_ms),
            venue_order=VENUES,
        ),
        embeddings=embeddings_used(settings.matching.embeddings_folder),
        second_reader=second_reader,
        scanner=_scanner(settings.scanner, limits.slippage_max, clip_max),
        atomic_arb=AtomicArbSettings(),
        signals=signal_settings(settings, mode),
        execution=ExecutorSettings(
            Price(_cents(settings.execution.fee_variance_max_cents)),
            limits.unwind,
            Money(parse_micros(settings.execution.dust_max_dollars)),
            clip_max,
        ),
        limits=limits,
        measures=measures(settings.risk),
        gate=gate,
        paper={
            POLYMARKET: PaperTerms(
                latency=_milliseconds(settings.paper.polymarket_latency_ms),
                settlement=_milliseconds(settings.paper.polymarket_settlement_ms),
            ),
            KALSHI: PaperTerms(
                latency=_milliseconds(settings.paper.kalshi_latency_ms), settlement=None
            ),
        },
        alerts=alert_settings(settings.alerts, is_simulated=mode == "demo"),
        oracles=oracle_config(settings, folder),
        news=NewsSettings(precedes_for=Duration(settings.news.precedes_for_s * SECOND)),
    )


def build(
    config: DeskConfig,
    listeners: Sequence[Listener | Ear],
    make_venue: MakeVenue | None = None,
    user_feeds: Mapping[str, ProtocolFactory] | None = None,
    past: VolumePast | None = None,
) -> Parts:
    """Build a desk around its agents.

    make_venue: where the orders of a live desk go; a replay needs none. user_feeds: protocols of
    the user channels in place of those that the configured accounts have. past: the volume that
    earlier runs observed, as `config.baselines` names it.
    """
    gate = Gate(config.gate, config.live_venues)
    paper = PaperVenue(config.paper, pack_fees(config.fees))
    venue = paper if make_venue is None else make_venue(gate)
    accounts = AccountFeeds(config.accounts, config.fees)
    oracles = oracle_feeds(config.oracles)
    feeds = Feeds({**FEEDS, **oracles, **(user_feeds or accounts.factories)})

    def know(_: int, entry: Entry, _now_us: Instant) -> None:
        accounts.hear(entry.message)

    def observe(_: int, entry: Entry, now_us: Instant) -> None:
        venue.observe(entry.message, now_us)

    agents = tuple(desk_agents(config, gate, past))
    hearing = [Ear(know, accounts.hears), observe, *listeners]
    worker = Worker(Engine(agents), feeds, hearing)
    return Parts(worker, feeds, gate, venue, agents)


def desk_agents(config: DeskConfig, gate: Gate, past: VolumePast | None = None) -> list[Agent]:
    """The agents in the order in which they hear; `watch` has nobody who could trade."""
    matcher = Matcher(config.matcher, Comparer(), embedder(config.embeddings))
    readers = () if config.second_reader is None else (SecondReader(config.second_reader),)
    scanner = ArbitrageScanner(Costs(config.fees, config.frictions), config.scanner)
    guardian = RiskGuardian(config.limits, config.live_venues, config.gate, config.measures)
    traders = () if config.mode == "watch" else _traders(config)
    ledger = Ledger()
    live = _live(config, ledger) if config.live_venues else ()
    health = HealthWatch(config.limits.health, config.limits.bankroll)
    watchers = (scanner, ClockWatch(), health, guardian)
    detectors = signal_agents(config.signals, past)
    traded = [matcher, *readers, *watchers, *traders, *live, Bookkeeper(ledger), gate]
    gaps = OracleGaps(config.oracles.gaps, config.fees, coin_bet)
    news = NewsCorrelator(config.news, meaning_of)
    return [*traded, *detectors, gaps, news, AlertRouter(config.alerts)]


def _traders(config: DeskConfig) -> tuple[Agent, ...]:
    return (AtomicArb(config.atomic_arb), Executor(config.execution))


def _live(config: DeskConfig, ledger: Ledger) -> tuple[Agent, ...]:
    """Who speaks with real venues."""
    ceilings = {account.venue: account.sets_max for account in config.accounts if account.sets_max}
    converter = Converter(ceilings, config.live_venues, ledger)
    return (Reconciler(config.live_venues), Sender(), converter)


def start_message(config: DeskConfig, version: str, build_hash: str) -> Message:
    """The first message of a run."""
    return DeskStarted(version, build_hash, config.mode, msgspec.json.encode(config).decode())


def recorded_config(started: DeskStarted) -> DeskConfig:
    """The configuration of a recorded run. Raises msgspec.MsgspecError for another version's."""
    return msgspec.json.decode(started.config, type=DeskConfig)


def _scanner(section: ScannerSection, slippage_max: Price, clip_max: Money) -> ScannerSettings:
    """clip_max: the most one order may cost, 0 for no ceiling: no leg is sized beyond it."""
    leg_cost_max = Money(parse_micros(section.leg_cost_max_dollars))
    return ScannerSettings(
        net_per_contract_min=_cents(section.net_min_cents),
        completion_ppm_min=_cents(section.completion_min_percent),
        leg_cost_max=min(leg_cost_max, clip_max) if clip_max else leg_cost_max,
        slippage_max=slippage_max,
        venue_order=VENUES,
        lead_min=_milliseconds(section.lead_min_ms) if section.follower_first else None,
    )


def _cents(text: str) -> Money:
    """Hundredths of a whole in millionths: cents of a dollar, percent of one."""
    return Money(parse_micros(text) // CENTS_A_DOLLAR)


def _milliseconds(count: int) -> Duration:
    return Duration(count * MILLISECOND)
