"""What do the detectors, the news and the oracles say?

Statistics travel as whole numbers, so that a record of them is the same everywhere: `_ppm` are
millionths of one, `_milli_sigma` thousandths of a sigma.
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.alerts import Alert, Level
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.units import Duration, Instant, Money, Price

BaselineState: TypeAlias = Literal["ready", "warming", "gap"]
Explanation: TypeAlias = Literal["explained", "unexplained", "preceded"]
"""preceded: no news when it fired, and news came after it."""


class VolumeRow(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One market's volume at a bucket's close. Of three: 1 h, 4 h, 24 h. None = not known.

    volume, expected: dollars within the hour and usual at this time of day.
    """

    market: MarketId
    state: BaselineState
    volume: Money
    expected: Money | None
    vroc_ppm: tuple[int | None, int | None, int | None]
    score_milli_sigma: tuple[int | None, int | None, int | None]
    acceleration_ppm_per_hour: int | None
    rvol_ppm: int | None
    vcv_ppm: int | None
    level: Level | None


class VolumeMeasured(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A five-minute bucket closed. rows: the most unusual markets, at most as many as are shown.

    is_recalled: none closed; these are the markets whose past has just become known. refused:
    prints and totals that counted nowhere since the last close, by why; `no room`: markets beyond
    the most there may be.
    """

    bucket_end_us: Instant
    markets_count: int
    warming_count: int
    rows: tuple[VolumeRow, ...]
    is_recalled: bool = False
    refused: dict[str, int] = {}


class VolumeRecalled(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """What a venue says was traded before we watched, 5-minute bucket by bucket, oldest first.

    first_bucket: counted since 1970. source: how the venue told it. The rest are packed integers
    (`core/signals/packed.py`), one a bucket and -1 where unknown, or empty where the venue tells
    none: contracts and those that takers of YES gained in millionths, prints, the largest print in
    millionths of a contract, the last YES price.
    """

    market: MarketId
    source: str
    first_bucket: int
    volume: bytes
    taker_yes: bytes = b""
    trades: bytes = b""
    largest: bytes = b""
    price: bytes = b""


class VolumePictured(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A market's trailing hours over the last day, told with an alert so that it has a past.

    One hour every step_buckets, the last one ends at end_us. volume: dollars within each, expected:
    usual at that time of day; packed as in `VolumeRecalled`, in millionths.
    """

    market: MarketId
    end_us: Instant
    step_buckets: int
    volume: bytes
    expected: bytes


class VolumeGapMeasured(msgspec.Struct, frozen=True, tag=True):
    """How differently two markets of one pair accelerate: VROC of the first less the second's."""

    pair_id: str
    horizon: Literal["1 h", "4 h", "24 h"]
    gap_ppm: int
    event_us: Instant


class LeadMeasured(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Who moves first in a pair, told when it changes. leader: None when nobody leads stably.

    followed: what it leads, a market or an oracle's name. correlation_ppm: at that lag.
    """

    pair_id: str
    leader: str | None
    followed: str | None
    lag: Duration
    correlation_ppm: int | None
    windows_stable_count: int
    event_us: Instant


class AlertRaised(msgspec.Struct, frozen=True, tag=True):
    """A detector fired, and its cooldown lets it be told."""

    alert: Alert


class AlertAcknowledged(msgspec.Struct, frozen=True, tag=True):
    """A person has seen an alert."""

    alert_id: str
    by: str


class AlertExplained(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Whether news explain an alert. lead: how long before the news it fired, when preceded.

    items: ids of the news that bear the claim, never empty unless it is unexplained. shared: the
    words that the first of them and the market have in common.
    """

    alert_id: str
    explanation: Explanation
    items: tuple[str, ...]
    lead: Duration | None
    shared: tuple[str, ...] = ()


class AlertGraded(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """What happened after an alert: YES mid when it fired, and `after` later. None = not known."""

    alert_id: str
    after: Duration
    price_then: Price | None
    price_after: Price | None


class NewsSeen(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A headline, a release, or an entry of a calendar. published_us: as its source says.

    is_scheduled: it was known before when it would come. item_id follows from source and content.
    """

    item_id: str
    source: str
    title: str
    url: str
    published_us: Instant
    recv_us: Instant
    is_scheduled: bool


class AlertRemembered(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """An alert of an earlier run and what was last said of its news, with the news themselves.

    title: of its market, which may not be listed yet.
    """

    alert: Alert
    title: str
    explained: AlertExplained
    news: tuple[NewsSeen, ...]


class NewsAsked(msgspec.Struct, frozen=True, tag=True):
    """A source of news was asked. items_count: of its answer. problem: why there is none, or ""."""

    source: str
    items_count: int
    problem: str


class OracleReported(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A source outside the venues told a value. symbol: `BTC-USD`, a station's `KNYC max F`.

    value: in millionths of the symbol's unit.
    """

    source: str
    symbol: str
    value: int
    event_us: Instant
    recv_us: Instant


class OracleLost(msgspec.Struct, frozen=True, tag=True):
    """A source is silent, stale or skipped messages: its last value counts no more."""

    source: str
    symbol: str
    reason: str


class OracleGapMeasured(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """What a model thinks an outcome worth against what it costs. gap: fair less ask and fees.

    outcome: the one that is worth more than it costs, or loses less. spot, strike: of the oracle,
    in millionths; a bet between two strikes has the nearer one here. volatility_ppm: of an hour.
    is_trusted: whether the model beats the market's own price in the shipped evaluation.
    """

    market: MarketId
    outcome: Outcome
    oracle: str
    fair: Price
    ask: Price
    fee: Money
    gap: Money
    spot: int
    strike: int
    volatility_ppm: int
    ends_us: Instant
    is_trusted: bool
    event_us: Instant


class BaselinesReset(msgspec.Struct, frozen=True, tag=True):
    """Somebody discarded what is usual, of all markets when market is None; reset_id undoes it."""

    reset_id: str
    market: MarketId | None
    by: str


class BaselinesRestored(msgspec.Struct, frozen=True, tag=True):
    """A reset was undone."""

    reset_id: str
    by: str


SignalFact: TypeAlias = (
    VolumeMeasured
    | VolumeRecalled
    | VolumePictured
    | VolumeGapMeasured
    | LeadMeasured
    | AlertRaised
    | AlertAcknowledged
    | AlertExplained
    | AlertGraded
    | AlertRemembered
    | NewsSeen
    | NewsAsked
    | OracleReported
    | OracleLost
    | OracleGapMeasured
    | BaselinesReset
    | BaselinesRestored
)
