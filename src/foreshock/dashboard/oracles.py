"""What do the sources outside the venues say, how fresh is it, and what would bets be worth by it?

The model's score stands beside the market's own wherever gaps are shown: a gap of a model that does
not beat the market is a difference of opinion, not an opportunity.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from starlette.routing import BaseRoute, Route

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.oracles import SOURCE_PREFIX
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.dashboard.answers import reader
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.markets import Markets

SYMBOLS_MAX = 500
GAPS_MAX = 1_000
GAPS_SHOWN_MAX = 200
MINUTES = " minutes"
FRESH_MAX: Mapping[str, Duration] = {
    "binance": Duration(10 * SECOND),
    "coinbase": Duration(10 * SECOND),
    "noaa": Duration(2 * 3_600 * SECOND),
    "open-meteo": Duration(3 * 3_600 * SECOND),
}
"""Age of receipt up to which a source's value counts as live."""


class ModelView(msgspec.Struct, frozen=True):
    """The shipped evaluation: Brier scores, lower is better; difference is model minus market."""

    evaluated: str
    data: str
    rows_count: int
    markets_count: int
    model_brier: float
    market_brier: float
    difference: float
    difference_low: float
    difference_high: float
    beats_market: bool
    words: str


class OracleView(msgspec.Struct, frozen=True, kw_only=True):
    """One value of one source. state: "live", "stale" (too old) or "lost" (words say why)."""

    source: str
    symbol: str
    value_micros: int
    event_us: Instant
    recv_us: Instant
    age_us: Duration
    state: str
    words: str


class OracleGapView(msgspec.Struct, frozen=True, kw_only=True):
    """A bet by the model's numbers. is_current: its book and its oracle still stand."""

    market: MarketId
    venue: str
    title: str
    outcome: str
    oracle: str
    fair_micros: int
    ask_micros: int
    fee_micros: int
    gap_micros: int
    spot_micros: int
    strike_micros: int
    volatility_ppm: int
    ends_us: Instant
    told_us: Instant
    is_trusted: bool
    is_current: bool


class OracleSourceView(msgspec.Struct, frozen=True, kw_only=True):
    """One source: whether it is connected, and what went wrong last. words are empty if nothing."""

    source: str
    connections_open_count: int
    gaps_count: int
    quarantined_count: int
    words: str


class OraclesView(msgspec.Struct, frozen=True, kw_only=True):
    """GET /api/oracles. gaps: the largest first, those that are not current last."""

    model: ModelView | None
    sources: list[OracleSourceView]
    values: list[OracleView]
    gaps: list[OracleGapView]


class _ModelPart(msgspec.Struct, frozen=True):
    evaluated: str
    data: str
    rows_count: int
    markets_count: int
    model_brier: float
    market_brier: float
    difference: float
    difference_low: float
    difference_high: float


class _OraclesPart(msgspec.Struct, frozen=True):
    model: _ModelPart | None = None


class _ConfigPart(msgspec.Struct, frozen=True):
    oracles: _OraclesPart = _OraclesPart()


class _Source(msgspec.Struct):
    connections: set[int] = msgspec.field(default_factory=set[int])
    gaps_count: int = 0
    quarantined_count: int = 0
    words: str = ""


class Oracles:
    """The fold of everything sources say, of what is said about them, and of the gaps."""

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._model: ModelView | None = None
        self._values: dict[tuple[str, str], s.OracleReported] = {}
        self._lost: dict[tuple[str, str], str] = {}
        self._gaps: dict[MarketId, s.OracleGapMeasured] = {}
        self._sources: dict[str, _Source] = {}
        self._handlers: Mapping[type[Message], Callable[[Any], object]] = {
            DeskStarted: self._start,
            s.OracleReported: self._report,
            s.OracleLost: self._lose,
            s.OracleGapMeasured: self._measure,
            m.BookLost: lambda x: self._gaps.pop(x.market, None),
            m.MarketResolved: lambda x: self._gaps.pop(x.market, None),
            m.ConnectionOpened: self._open,
            m.ConnectionClosed: self._close,
            m.ConnectionFailed: self._fail,
            m.FeedGapped: self._skip,
            m.PayloadQuarantined: self._quarantine,
        }

    def hear(self, message: Message) -> None:
        """Take in one message."""
        handler = self._handlers.get(type(message))
        if handler is not None:
            handler(message)

    def view(self, now_us: Instant) -> OraclesView:
        """Everything of the page."""
        gaps = [self._gap(gap, now_us) for gap in self._gaps.values() if gap.ends_us > now_us]
        gaps.sort(key=lambda gap: (not gap.is_current, -gap.gap_micros, gap.market))
        return OraclesView(
            model=self._model,
            sources=[_source(name, source) for name, source in sorted(self._sources.items())],
            values=[self._value(key, now_us) for key in sorted(self._values)],
            gaps=gaps[:GAPS_SHOWN_MAX],
        )

    def _start(self, message: DeskStarted) -> None:
        part = msgspec.json.decode(message.config, type=_ConfigPart).oracles.model
        if part is not None and self._model is None:
            beats = part.difference_high < 0
            self._model = ModelView(
                **msgspec.structs.asdict(part), beats_market=beats, words=_words(part, beats=beats)
            )

    def _report(self, message: s.OracleReported) -> None:
        if message.source.endswith(MINUTES):
            return  # the past, not a value of now
        key = (message.source, message.symbol)
        self._values[key] = message
        self._lost.pop(key, None)
        evict(self._values, SYMBOLS_MAX)

    def _lose(self, message: s.OracleLost) -> None:
        self._lost[message.source, message.symbol] = message.reason
        evict(self._lost, SYMBOLS_MAX)

    def _measure(self, message: s.OracleGapMeasured) -> None:
        self._gaps.pop(message.market, None)
        self._gaps[message.market] = message
        evict(self._gaps, GAPS_MAX)

    def _open(self, message: m.ConnectionOpened) -> None:
        if source := self._source(message.venue):
            source.connections.add(message.connection)
            source.words = ""

    def _close(self, message: m.ConnectionClosed) -> None:
        if source := self._source(message.venue):
            source.connections.discard(message.connection)
            source.words = message.reason

    def _fail(self, message: m.ConnectionFailed) -> None:
        if source := self._source(message.venue):
            source.words = message.reason

    def _skip(self, message: m.FeedGapped) -> None:
        if source := self._source(message.venue):
            source.gaps_count += 1

    def _quarantine(self, message: m.PayloadQuarantined) -> None:
        if source := self._source(message.venue):
            source.quarantined_count += 1
            source.words = message.reason

    def _source(self, venue: str) -> _Source | None:
        if not venue.startswith(SOURCE_PREFIX):
            return None
        return self._sources.setdefault(venue.removeprefix(SOURCE_PREFIX), _Source())

    def _value(self, key: tuple[str, str], now_us: Instant) -> OracleView:
        found, lost = self._values[key], self._lost.get(key)
        age = Duration(now_us - found.recv_us)
        is_stale = age > FRESH_MAX.get(found.source, Duration(0))
        return OracleView(
            source=found.source,
            symbol=found.symbol,
            value_micros=found.value,
            event_us=found.event_us,
            recv_us=found.recv_us,
            age_us=age,
            state="stale" if is_stale and lost is None else "live" if lost is None else "lost",
            words="" if lost is None else lost,
        )

    def _gap(self, gap: s.OracleGapMeasured, now_us: Instant) -> OracleGapView:
        source, _, symbol = gap.oracle.partition(" ")
        is_heard = (source, symbol) in self._values
        is_current = is_heard and self._value((source, symbol), now_us).state == "live"
        return OracleGapView(
            market=gap.market,
            venue=gap.market.partition(":")[0],
            title=self._markets.title(gap.market),
            outcome=gap.outcome,
            oracle=gap.oracle,
            fair_micros=gap.fair,
            ask_micros=gap.ask,
            fee_micros=gap.fee,
            gap_micros=gap.gap,
            spot_micros=gap.spot,
            strike_micros=gap.strike,
            volatility_ppm=gap.volatility_ppm,
            ends_us=gap.ends_us,
            told_us=gap.event_us,
            is_trusted=gap.is_trusted,
            is_current=is_current,
        )


def oracle_routes(oracles: Oracles, clock: Callable[[], Instant]) -> list[BaseRoute]:
    """GET /api/oracles."""
    return [Route("/api/oracles", reader(lambda _: oracles.view(clock())))]


def _source(name: str, source: _Source) -> OracleSourceView:
    return OracleSourceView(
        source=name,
        connections_open_count=len(source.connections),
        gaps_count=source.gaps_count,
        quarantined_count=source.quarantined_count,
        words=source.words[:200],
    )


def _words(part: _ModelPart, *, beats: bool) -> str:
    scores = f"Brier {part.model_brier:.4f} against the market's own {part.market_brier:.4f}"
    verdict = "it beats the market" if beats else "it does not beat the market: never traded on"
    return f"{scores} on {part.markets_count} markets; {verdict}"
