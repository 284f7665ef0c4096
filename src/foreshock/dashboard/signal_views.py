"""In which shapes are signals shown? Amounts in millionths, times in microseconds."""

from typing import Literal

import msgspec

from foreshock.core.domain.alerts import Detector, Level
from foreshock.core.domain.messages.signals import BaselineState, Explanation

ExplanationState = Literal["explained", "unexplained", "preceded", "open"]
"""open: nobody has said yet whether news explain it."""


class FigureView(msgspec.Struct, frozen=True):
    """One number that made a detector speak."""

    name: str
    value: str


class EvidenceView(msgspec.Struct, frozen=True):
    """A headline that bears a claim; title and url are foreign texts."""

    id: str
    source: str
    title: str
    url: str
    published_us: int | None


class GradeView(msgspec.Struct, frozen=True):
    """What came so long after an alert. price_micros: YES mid then, None where unknown."""

    after_us: int
    price_micros: int | None
    move_micros: int | None


class AlertMarketView(msgspec.Struct, frozen=True):
    """A market by name."""

    market: str
    venue: str
    title: str


class AlertView(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as a card.

    score_milli: what cards are sorted by: severity first, then the detector's own score.
    lead_us: how long before the news it came, where it preceded them.
    """

    id: str
    detector: Detector
    level: Level
    severity: int
    market: str
    venue: str
    title: str
    words: str
    figures: list[FigureView]
    related: list[AlertMarketView]
    event_us: int
    at_us: int
    price_micros: int | None
    score_milli: int
    explanation: ExplanationState
    evidence: list[EvidenceView]
    lead_us: int | None
    seen_by: str
    grades: list[GradeView]


class LeadView(msgspec.Struct, frozen=True, kw_only=True):
    """Who leads a pair, or a market beside its oracle; leader None: nobody does stably."""

    pair_id: str
    leader: str | None
    leader_title: str
    followed: str | None
    followed_title: str
    lag_us: int
    correlation_ppm: int | None
    windows_stable_count: int
    since_us: int


class GapView(msgspec.Struct, frozen=True):
    """VROC of a pair's first market less that of its second, in parts per million."""

    pair_id: str
    horizon: str
    gap_ppm: int
    event_us: int


class SignalsView(msgspec.Struct, frozen=True, kw_only=True):
    """What just happened. counts: alerts kept, by level."""

    now_us: int
    alerts: list[AlertView]
    counts: dict[str, int]
    leads: list[LeadView]
    gaps: list[GapView]
    preceded_count: int
    explained_count: int


class VolumeRowView(msgspec.Struct, frozen=True, kw_only=True):
    """A market's volume at the last close, one cell of the heatmap. Of three: 1 h, 4 h, 24 h.

    Amounts are contracts, each a bet of one dollar. expected_micros: None while warming up.
    """

    market: str
    venue: str
    title: str
    category: str
    state: BaselineState
    volume_micros: int
    expected_micros: int | None
    vroc_ppm: tuple[int | None, int | None, int | None]
    score_milli_sigma: tuple[int | None, int | None, int | None]
    acceleration_ppm_per_hour: int | None
    rvol_ppm: int | None
    vcv_ppm: int | None
    level: Level | None
    at_us: int


class ResetView(msgspec.Struct, frozen=True, kw_only=True):
    """Baselines that somebody discarded. market: None = all. restored_by: "" while it stands."""

    reset_id: str
    market: str | None
    by: str
    at_us: int
    restored_by: str


class VolumeView(msgspec.Struct, frozen=True, kw_only=True):
    """The heatmap. bucket_end_us: None before the first close. rows: most unusual first.

    refused: prints and totals that counted nowhere in the last bucket, by why.
    """

    now_us: int
    bucket_end_us: int | None
    next_close_us: int | None
    markets_count: int
    warming_count: int
    refused: dict[str, int]
    rows: list[VolumeRowView]
    gaps: list[GapView]
    resets: list[ResetView]


class VolumePointView(msgspec.Struct, frozen=True):
    """A market's trailing hour at a close: what was traded and what is usual then."""

    at_us: int
    volume_micros: int
    expected_micros: int | None
    level: Level | None


class VolumeMarketView(msgspec.Struct, frozen=True):
    """One market's picture: its last row, and what is known of its last day, oldest first.

    row: None where only alerts told of it. points: closes at which it was told, and the day before
    its newest alert.
    """

    row: VolumeRowView | None
    points: list[VolumePointView]
    alerts: list[AlertView]


class AlertExplanation(msgspec.Struct, frozen=True):
    """What was said last about an alert."""

    explanation: Explanation
    items: tuple[str, ...]
    lead_us: int | None
