"""What just happened, as pages show it? A fold of alerts, volume, leads and what came of them."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.signals.packed import UNKNOWN, unpack
from foreshock.core.signals.volume_buckets import BUCKET
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.signal_views import (
    AlertExplanation,
    AlertMarketView,
    AlertView,
    EvidenceView,
    FigureView,
    GapView,
    GradeView,
    LeadView,
    ResetView,
    SignalsView,
    VolumeMarketView,
    VolumePointView,
    VolumeRowView,
    VolumeView,
)

ALERTS_MAX = 2_000
NEWS_MAX = 5_000
ROWS_MAX = 2_000
POINTS_MAX = 288
LEADS_MAX = 2_000
GAPS_MAX = 3_000
RESETS_MAX = 100
SHOWN_DEFAULT = 100
ROW_AGE_MAX_US = 3_600 * SECOND
"""A row that was not told for so long is no news."""
CLOSE_AFTER_US = 330 * SECOND
"""From the end of a bucket to the close of the next one."""
SEVERITY_WEIGHT = 1_000_000
NOBODY = -1


class _Kept(msgspec.Struct):
    alert: Alert
    at_us: Instant
    grades: dict[int, GradeView] = msgspec.field(default_factory=dict[int, GradeView])
    explained: AlertExplanation | None = None
    seen_by: str = ""


class Signals:
    """The newest of everything that detectors said."""

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._alerts: OrderedDict[str, _Kept] = OrderedDict()
        self._news: OrderedDict[str, s.NewsSeen] = OrderedDict()
        self._rows: dict[MarketId, tuple[s.VolumeRow, Instant]] = {}
        self._points: dict[MarketId, list[VolumePointView]] = {}
        self._leads: dict[str, tuple[s.LeadMeasured, Instant]] = {}
        self._gaps: dict[tuple[str, str], GapView] = {}
        self._resets: OrderedDict[str, ResetView] = OrderedDict()
        self._measured: s.VolumeMeasured | None = None

    def routes(self) -> Mapping[type[Message], Callable[[Any, Instant], object]]:
        """What each kind of message changes."""
        return {
            s.AlertRaised: self._raise,
            s.AlertExplained: lambda x, _: self._explain(x),
            s.AlertAcknowledged: lambda x, _: self._see(x),
            s.AlertGraded: lambda x, _: self._grade(x),
            s.NewsSeen: lambda x, _: self._note(x),
            s.VolumeMeasured: lambda x, _: self._measure(x),
            s.VolumePictured: lambda x, _: self._picture(x),
            s.VolumeGapMeasured: lambda x, _: self._gap(x),
            s.LeadMeasured: self._lead,
            s.BaselinesReset: self._reset,
            s.BaselinesRestored: lambda x, _: self._restore(x),
        }

    # ---- what is shown -------------------------------------------------------------------------

    def view(
        self, now_us: Instant, order: str = "newest", limit: int = SHOWN_DEFAULT
    ) -> SignalsView:
        """Alerts by newest or by score, leaders and gaps."""
        counts: dict[str, int] = {}
        for kept in self._alerts.values():
            counts[kept.alert.level] = counts.get(kept.alert.level, 0) + 1
        said = [kept.explained.explanation for kept in self._alerts.values() if kept.explained]
        return SignalsView(
            now_us=now_us,
            alerts=self.alerts(order, limit),
            counts=counts,
            leads=self.leads(),
            gaps=self.gaps(limit),
            preceded_count=said.count("preceded"),
            explained_count=said.count("explained"),
        )

    def alerts(self, order: str = "newest", limit: int = SHOWN_DEFAULT) -> list[AlertView]:
        """Cards, the newest or the highest first."""
        kept = list(reversed(self._alerts.values()))
        if order == "score":
            kept.sort(key=lambda each: -_score(each.alert))
        return [self._alert(each) for each in kept[:limit]]

    def alert(self, alert_id: str) -> AlertView | None:
        """One alert."""
        kept = self._alerts.get(alert_id)
        return None if kept is None else self._alert(kept)

    def leads(self) -> list[LeadView]:
        """Pairs somebody leads first, the surest first."""
        views = [self._lead_view(*each) for each in self._leads.values()]
        views.sort(key=lambda view: (view.leader is None, -(view.correlation_ppm or 0)))
        return views

    def lead(self, pair_id: str) -> LeadView | None:
        """Who leads one pair."""
        found = self._leads.get(pair_id)
        return None if found is None else self._lead_view(*found)

    def gaps(self, limit: int) -> list[GapView]:
        """How differently pairs accelerate, the largest first."""
        return sorted(self._gaps.values(), key=lambda gap: -abs(gap.gap_ppm))[:limit]

    def volume(self, now_us: Instant, query: str = "", limit: int = SHOWN_DEFAULT) -> VolumeView:
        """The heatmap: rows of the last hour whose title or id holds the query."""
        measured = self._measured
        wanted = query.strip().casefold()
        fresh_us = now_us - ROW_AGE_MAX_US
        rows = [
            self._row(row, at_us)
            for row, at_us in self._rows.values()
            if at_us >= fresh_us and wanted in self._text(row.market)
        ]
        rows.sort(key=_unusual)
        end_us = None if measured is None else measured.bucket_end_us
        return VolumeView(
            now_us=now_us,
            bucket_end_us=end_us,
            next_close_us=None if end_us is None else end_us + CLOSE_AFTER_US,
            markets_count=0 if measured is None else measured.markets_count,
            warming_count=0 if measured is None else measured.warming_count,
            refused={} if measured is None else measured.refused,
            rows=rows[:limit],
            gaps=self.gaps(limit),
            resets=self.resets(),
        )

    def market(self, market: MarketId) -> VolumeMarketView | None:
        """One market's picture; None when it was never told."""
        found, points = self._rows.get(market), self._points.get(market)
        if found is None and points is None:
            return None
        alerts = [self._alert(k) for k in self._alerts.values() if k.alert.market == market]
        row = None if found is None else self._row(*found)
        return VolumeMarketView(row, list(points or ()), list(reversed(alerts)))

    def is_known(self, market: MarketId) -> bool:
        """Whether a market is listed, or its volume was ever told."""
        is_listed = self._markets.market(market) is not None
        return is_listed or market in self._rows or market in self._points

    def resets(self) -> list[ResetView]:
        """Discarded baselines, newest first."""
        return list(reversed(self._resets.values()))

    # ---- what is heard -------------------------------------------------------------------------

    def _raise(self, message: s.AlertRaised, now_us: Instant) -> None:
        self._alerts[message.alert.alert_id] = _Kept(message.alert, now_us)
        evict(self._alerts, ALERTS_MAX)

    def _explain(self, message: s.AlertExplained) -> None:
        kept = self._alerts.get(message.alert_id)
        if kept is not None:
            kept.explained = AlertExplanation(message.explanation, message.items, message.lead)

    def _see(self, message: s.AlertAcknowledged) -> None:
        kept = self._alerts.get(message.alert_id)
        if kept is not None:
            kept.seen_by = message.by

    def _grade(self, message: s.AlertGraded) -> None:
        kept = self._alerts.get(message.alert_id)
        if kept is None:
            return
        then, after = message.price_then, message.price_after
        move = None if then is None or after is None else after - then
        kept.grades[message.after] = GradeView(message.after, after, move)

    def _note(self, message: s.NewsSeen) -> None:
        self._news[message.item_id] = message
        evict(self._news, NEWS_MAX)

    def _measure(self, message: s.VolumeMeasured) -> None:
        if not message.is_recalled or self._measured is None:
            self._measured = message
        at_us = message.bucket_end_us
        for row in message.rows:
            self._rows.pop(row.market, None)
            self._rows[row.market] = row, at_us
            point = VolumePointView(at_us, row.volume, row.expected, row.level)
            self._draw(row.market, [point])
        evict(self._rows, ROWS_MAX)

    def _picture(self, message: s.VolumePictured) -> None:
        volumes, usual = unpack(message.volume).tolist(), unpack(message.expected).tolist()
        step_us = message.step_buckets * BUCKET
        begin_us = message.end_us - step_us * (len(volumes) - 1)
        told = enumerate(zip(volumes, usual, strict=True))
        self._draw(
            message.market,
            [
                VolumePointView(begin_us + n * step_us, volume, _known(expected), None)
                for n, (volume, expected) in told
                if volume != UNKNOWN
            ],
        )

    def _draw(self, market: MarketId, points: Sequence[VolumePointView]) -> None:
        """Put points in their place; a close that was told with its level stays as it is."""
        drawn = {point.at_us: point for point in self._points.pop(market, ())}
        for point in points:
            before = drawn.get(point.at_us)
            if before is None or point.level is not None or before.level is None:
                drawn[point.at_us] = point
        newest = sorted(drawn.values(), key=lambda point: point.at_us)[-POINTS_MAX:]
        self._points[market] = newest
        evict(self._points, ROWS_MAX)

    def _gap(self, message: s.VolumeGapMeasured) -> None:
        gap = GapView(message.pair_id, message.horizon, message.gap_ppm, message.event_us)
        self._gaps[message.pair_id, message.horizon] = gap
        evict(self._gaps, GAPS_MAX)

    def _lead(self, message: s.LeadMeasured, now_us: Instant) -> None:
        before = self._leads.pop(message.pair_id, None)
        is_same = before is not None and before[0].leader == message.leader
        self._leads[message.pair_id] = message, before[1] if before and is_same else now_us
        evict(self._leads, LEADS_MAX)

    def _reset(self, message: s.BaselinesReset, now_us: Instant) -> None:
        self._resets[message.reset_id] = ResetView(
            reset_id=message.reset_id,
            market=message.market,
            by=message.by,
            at_us=now_us,
            restored_by="",
        )
        evict(self._resets, RESETS_MAX)

    def _restore(self, message: s.BaselinesRestored) -> None:
        reset = self._resets.get(message.reset_id)
        if reset is not None:
            done = msgspec.structs.replace(reset, restored_by=message.by)
            self._resets[message.reset_id] = done

    # ---- views ---------------------------------------------------------------------------------

    def _alert(self, kept: _Kept) -> AlertView:
        alert, said = kept.alert, kept.explained
        return AlertView(
            id=alert.alert_id,
            detector=alert.detector,
            level=alert.level,
            severity=alert.severity,
            market=alert.market,
            venue=venue_of(alert.market),
            title=self._markets.title(alert.market),
            words=alert.words,
            figures=[FigureView(figure.name, figure.value) for figure in alert.figures],
            related=[self._named(market) for market in alert.related],
            event_us=alert.event_us,
            at_us=kept.at_us,
            price_micros=alert.price,
            score_milli=_score(alert),
            explanation="open" if said is None else said.explanation,
            evidence=[] if said is None else [self._evidence(item) for item in said.items],
            lead_us=None if said is None else said.lead_us,
            seen_by=kept.seen_by,
            grades=[kept.grades[after] for after in sorted(kept.grades)],
        )

    def _named(self, market: MarketId) -> AlertMarketView:
        return AlertMarketView(market, venue_of(market), self._markets.title(market))

    def _evidence(self, item_id: str) -> EvidenceView:
        news = self._news.get(item_id)
        if news is None:
            return EvidenceView(item_id, "", item_id, "", None)
        return EvidenceView(item_id, news.source, news.title, news.url, news.published_us)

    def _lead_view(self, lead: s.LeadMeasured, since_us: Instant) -> LeadView:
        return LeadView(
            pair_id=lead.pair_id,
            leader=lead.leader,
            leader_title=self._title(lead.leader),
            followed=lead.followed,
            followed_title=self._title(lead.followed),
            lag_us=lead.lag,
            correlation_ppm=lead.correlation_ppm,
            windows_stable_count=lead.windows_stable_count,
            since_us=since_us,
        )

    def _title(self, name: str | None) -> str:
        return "" if name is None else self._markets.title(MarketId(name))

    def _text(self, market: MarketId) -> str:
        return f"{market} {self._markets.title(market)}".casefold()

    def _row(self, row: s.VolumeRow, at_us: Instant) -> VolumeRowView:
        listed = self._markets.market(row.market)
        return VolumeRowView(
            market=row.market,
            venue=venue_of(row.market),
            title=self._markets.title(row.market),
            category="" if listed is None else listed.category,
            state=row.state,
            volume_micros=row.volume,
            expected_micros=row.expected,
            vroc_ppm=row.vroc_ppm,
            score_milli_sigma=row.score_milli_sigma,
            acceleration_ppm_per_hour=row.acceleration_ppm_per_hour,
            rvol_ppm=row.rvol_ppm,
            vcv_ppm=row.vcv_ppm,
            level=row.level,
            at_us=at_us,
        )


def _score(alert: Alert) -> int:
    """Severity, then the first figure called score, in thousandths."""
    for figure in alert.figures:
        if figure.name == "score":
            digits = figure.value.partition(" ")[0].replace(".", "", 1)
            if digits.isdecimal():
                return alert.severity * SEVERITY_WEIGHT + _thousandths(figure.value)
    return alert.severity * SEVERITY_WEIGHT


def _known(number: int) -> int | None:
    return None if number == UNKNOWN else number


def _thousandths(text: str) -> int:
    whole, _, fraction = text.partition(" ")[0].partition(".")
    return min(SEVERITY_WEIGHT - 1, int(whole or "0") * 1_000 + int(fraction.ljust(3, "0")[:3]))


def _unusual(row: VolumeRowView) -> tuple[int, int]:
    """The highest level first, then the highest score, unknown scores last."""
    levels = {None: 0, "watch": 1, "elevated": 2, "critical": 3}
    known = [score for score in row.score_milli_sigma if score is not None]
    return -levels.get(row.level, 0), -max(known, default=NOBODY * SEVERITY_WEIGHT)
