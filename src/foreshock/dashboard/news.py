"""Did alerts come before the news? The record with its rate, each claim with its evidence.

The share of alerts that came before their news is taken over those whose whole window has closed,
however they ended: else the quickly explained would count before the others. Its interval says how
little a few alerts prove.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec
from starlette.routing import BaseRoute, Route

from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant
from foreshock.dashboard.answers import limit_of, reader
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.markets import Markets

ALERTS_MAX: Final = 2_000
NEWS_MAX: Final = 5_000
NEWS_SLACK: Final = 500
"""Items beyond the ceiling before some are dropped: looking for those in use costs time."""
LIMIT_DEFAULT: Final = 100
WINDOW: Final = Duration(24 * 3_600 * SECOND)
"""As long as news may come after an alert and still be preceded by it, if nothing else is set."""
Z_95: Final = 1.96


class NewsItemView(msgspec.Struct, frozen=True, kw_only=True):
    """A headline, a release, an entry of a calendar. shared: words it has in common with a market.

    url: "" or http(s); it is foreign, as the title is.
    """

    id: str
    source: str
    title: str
    url: str
    published_us: Instant
    recv_us: Instant
    is_scheduled: bool
    shared: list[str]


class AlertNewsView(msgspec.Struct, frozen=True, kw_only=True):
    """An alert and its news. explanation "waiting": none yet, and the window is open.

    graded_us: when its window closed, None while it is open. lead_us: how long before the news it
    came.
    """

    alert_id: str
    market: str
    venue: str
    title: str
    detector: str
    level: str
    words: str
    event_us: Instant
    explanation: str
    lead_us: Duration | None
    graded_us: Instant | None
    items: list[NewsItemView]


class RecordView(msgspec.Struct, frozen=True, kw_only=True):
    """How alerts fared. graded_count: of how many the window has closed.

    preceded_ppm: the share of these that came before their news, with its 95 % Wilson interval.
    """

    alerts_count: int
    graded_count: int
    graded_preceded_count: int
    explained_count: int
    preceded_count: int
    unexplained_count: int
    waiting_count: int
    preceded_ppm: int | None
    preceded_low_ppm: int | None
    preceded_high_ppm: int | None
    lead_median_us: Duration | None
    words: str


class NewsSourceView(msgspec.Struct, frozen=True, kw_only=True):
    """One source: how many items it gave at last, when it last answered, and what went wrong."""

    source: str
    items_count: int
    heard_us: Instant | None
    words: str


class NewsView(msgspec.Struct, frozen=True, kw_only=True):
    """GET /api/news."""

    record: RecordView
    history: list[AlertNewsView]
    items: list[NewsItemView]
    sources: list[NewsSourceView]


class _NewsPart(msgspec.Struct, frozen=True):
    precedes_for: Duration = WINDOW


class _ConfigPart(msgspec.Struct, frozen=True):
    news: _NewsPart = _NewsPart()


class _Known(msgspec.Struct):
    alert: Alert
    title: str = ""
    explained: s.AlertExplained | None = None


class _Source(msgspec.Struct):
    items_count: int = 0
    heard_us: Instant | None = None
    words: str = ""


class News:
    """The fold of alerts, of news, and of what connects them."""

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._alerts: dict[str, _Known] = {}
        self._news: dict[str, s.NewsSeen] = {}
        self._sources: dict[str, _Source] = {}
        self._window: Duration = WINDOW
        self._handlers: Mapping[type[Message], Callable[[Any, Instant], object]] = {
            DeskStarted: lambda x, _: self._start(x),
            s.AlertRaised: self._raise,
            s.AlertExplained: self._explain,
            s.AlertRemembered: self._remember,
            s.NewsSeen: lambda x, _: self._see(x),
            s.NewsAsked: self._ask,
        }

    def hear(self, message: Message, now_us: Instant) -> None:
        """Take in one message."""
        handler = self._handlers.get(type(message))
        if handler is not None:
            handler(message, now_us)

    def view(self, now_us: Instant, limit: int = LIMIT_DEFAULT) -> NewsView:
        """The whole page."""
        known = sorted(self._alerts.values(), key=lambda k: -k.alert.event_us)
        views = [self._alert(each, now_us) for each in known]
        items = sorted(self._news.values(), key=lambda x: -x.published_us)
        return NewsView(
            record=_record(views),
            history=views[:limit],
            items=[_item(x, ()) for x in items[:limit]],
            sources=[
                NewsSourceView(
                    source=name, items_count=x.items_count, heard_us=x.heard_us, words=x.words
                )
                for name, x in sorted(self._sources.items())
            ],
        )

    def _start(self, message: DeskStarted) -> None:
        self._window = msgspec.json.decode(message.config, type=_ConfigPart).news.precedes_for

    def _raise(self, message: s.AlertRaised, _now_us: Instant) -> None:
        alert = message.alert
        self._alerts.setdefault(alert.alert_id, _Known(alert, self._markets.title(alert.market)))
        evict(self._alerts, ALERTS_MAX)

    def _explain(self, message: s.AlertExplained, _now_us: Instant) -> None:
        known = self._alerts.get(message.alert_id)
        if known is not None:
            known.explained = message

    def _remember(self, message: s.AlertRemembered, _now_us: Instant) -> None:
        alert = message.alert
        self._alerts[alert.alert_id] = _Known(alert, message.title, message.explained)
        evict(self._alerts, ALERTS_MAX)
        for item in message.news:
            self._see(item)

    def _see(self, item: s.NewsSeen) -> None:
        self._news[item.item_id] = item
        if len(self._news) > NEWS_MAX + NEWS_SLACK:
            used = {x for k in self._alerts.values() if k.explained for x in k.explained.items}
            evict(self._news, NEWS_MAX, lambda x: x.item_id not in used)

    def _ask(self, message: s.NewsAsked, now_us: Instant) -> None:
        source = self._sources.setdefault(message.source, _Source())
        source.words = message.problem[:200]
        if not message.problem:
            source.heard_us, source.items_count = now_us, message.items_count

    def _alert(self, known: _Known, now_us: Instant) -> AlertNewsView:
        alert, explained = known.alert, known.explained
        said = "unexplained" if explained is None else explained.explanation
        closes_us = Instant(alert.event_us + self._window)
        is_open = now_us < closes_us
        items = () if explained is None else explained.items
        shared = () if explained is None else explained.shared
        return AlertNewsView(
            alert_id=alert.alert_id,
            market=alert.market,
            venue=alert.market.partition(":")[0],
            title=known.title or self._markets.title(alert.market),
            detector=alert.detector,
            level=alert.level,
            words=alert.words,
            event_us=alert.event_us,
            explanation="waiting" if said == "unexplained" and is_open else said,
            lead_us=None if explained is None else explained.lead,
            graded_us=None if is_open else closes_us,
            items=[_item(self._news[x], shared) for x in items if x in self._news],
        )


def news_routes(news: News, clock: Callable[[], Instant]) -> list[BaseRoute]:
    """GET /api/news."""
    view = reader(lambda r: news.view(clock(), limit_of(r, LIMIT_DEFAULT)))
    return [Route("/api/news", view)]


def _item(item: s.NewsSeen, shared: Iterable[str]) -> NewsItemView:
    return NewsItemView(
        id=item.item_id,
        source=item.source,
        title=item.title,
        url=item.url,
        published_us=item.published_us,
        recv_us=item.recv_us,
        is_scheduled=item.is_scheduled,
        shared=list(shared),
    )


def _record(views: list[AlertNewsView]) -> RecordView:
    counts = Counter(view.explanation for view in views)
    graded = [view for view in views if view.graded_us is not None]
    hits = sum(view.explanation == "preceded" for view in graded)
    leads = sorted(v.lead_us for v in views if v.lead_us is not None)
    low, high = _wilson(hits, len(graded))
    return RecordView(
        alerts_count=len(views),
        graded_count=len(graded),
        graded_preceded_count=hits,
        explained_count=counts["explained"],
        preceded_count=counts["preceded"],
        unexplained_count=counts["unexplained"],
        waiting_count=counts["waiting"],
        preceded_ppm=hits * MICRO // len(graded) if graded else None,
        preceded_low_ppm=low,
        preceded_high_ppm=high,
        lead_median_us=leads[len(leads) // 2] if leads else None,
        words=_words(hits, len(graded), (low, high)),
    )


def _wilson(hits: int, total: int) -> tuple[int | None, int | None]:
    """The 95 % Wilson interval in millionths; None without anything to count.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    1927.
    """
    if not total:
        return None, None
    share, z2 = hits / total, Z_95**2
    middle = share + z2 / (2 * total)
    spread = Z_95 * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    low, high = (middle - spread) / (1 + z2 / total), (middle + spread) / (1 + z2 / total)
    return round(max(0.0, low) * MICRO), round(min(1.0, high) * MICRO)


def _words(hits: int, total: int, interval: tuple[int | None, int | None]) -> str:
    low, high = interval
    if low is None or high is None:
        return "no alert's window has closed yet: nothing can be said"
    span = f"{low / MICRO:.0%} to {high / MICRO:.0%}"
    return f"{hits} of {total} alerts came before their news (95 %: {span})"
