"""In which shapes does the API tell of alerts, channels, the watch list and what is kept?"""

from typing import Literal

import msgspec

from foreshock.dashboard.views import VenueView


class NoticeFigureView(msgspec.Struct, frozen=True):
    """One number behind an alert: its name, and its value with unit."""

    name: str
    value: str


class DeliveryView(msgspec.Struct, frozen=True):
    """What became of a notice on one channel."""

    sink: str
    state: Literal["waiting", "told", "failed"]
    words: str


class NoticeView(msgspec.Struct, frozen=True, kw_only=True):
    """An alert of a detector, or something that the desk tells of itself.

    score: a number as text, "" where there is none. runbook: a page of docs/runbooks, "" for none.
    """

    id: str
    kind: str
    level: str
    severity: int
    is_detected: bool
    about: str
    title: str
    category: str
    words: str
    figures: list[NoticeFigureView]
    score: str
    related: list[str]
    count: int
    is_simulated: bool
    event_us: int
    acknowledged_by: str | None
    acknowledged_us: int | None
    explanation: Literal["explained", "unexplained", "preceded"] | None
    explained_by: list[str]
    lead_us: int | None
    deliveries: list[DeliveryView]
    runbook: str


class NotifierView(msgspec.Struct, frozen=True, kw_only=True):
    """A channel that is set up; its address is never shown."""

    sink: str
    state: Literal["works", "lost", "untried"]
    words: str
    severity_min: int
    hears_detectors: bool
    waiting_count: int
    told_count: int
    failed_count: int


class RetentionView(msgspec.Struct, frozen=True, kw_only=True):
    """How long recordings are kept: null days are for good, or not known before the first look."""

    days: int | None
    live_days: int | None
    looked_at_us: int | None
    removed_runs_count: int
    removed_rows_count: int
    removed_bytes_count: int


class HealthView(msgspec.Struct, frozen=True, kw_only=True):
    """GET /api/health."""

    venues: list[VenueView]
    notifiers: list[NotifierView]
    retention: RetentionView


class ListedView(msgspec.Struct, frozen=True, kw_only=True):
    """A market as it is listed."""

    market: str
    ticker: str
    title: str
    status: str
    volume_24h_micros: int | None


class WatchedView(msgspec.Struct, frozen=True, kw_only=True):
    """One name of the watch list. words: what was found, or why nothing was."""

    ticker: str
    state: Literal["watched", "looking", "unresolved"]
    words: str
    markets: list[ListedView]
    by: str
    since_us: int


class CategoryView(msgspec.Struct, frozen=True, kw_only=True):
    """Markets of one category that fit a search, the busiest first, as many as are shown."""

    category: str
    markets_count: int
    markets: list[ListedView]


class DemoSpikeView(msgspec.Struct, frozen=True):
    """What was made up."""

    market: str
    title: str
    words: str
