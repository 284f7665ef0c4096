"""Did news explain what a detector saw, or did it see it before the news?

    AlertRaised -> explained (news or a scheduled event before it) | unexplained
    later news  -> preceded, with its lead, while the window is open; or explained, if the news was
                   published before the alert and only reached us after it

A headline explains a market only by words they share: most of the names in its title, at least one
name or rare word, and together half of what it says; where both name days, one must be the same.
Every claim names its items and words. While no source answers nothing is said: the silence of the
deaf is no evidence.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.meanings import Meaning
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.signals import (
    AlertExplained,
    AlertRaised,
    AlertRemembered,
    Explanation,
    NewsAsked,
    NewsSeen,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant

HOUR = 3_600 * SECOND
MeaningOf = Callable[[str], Meaning]


class NewsSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How far apart, and how alike, an alert and its news may be.

    explains_for: news explain an alert for so long; precedes_for: and are preceded by one.
    before_event, after_event: a scheduled event explains alerts from so long before it to so long
    after it. names_min: share of a title's names that a headline must have too; coverage_min: of
    all it says, by weight. Entries of a calendar are short and exact, so they need less. rare_max:
    a word in titles of at most so many events is as good as a name. heard_max: so long after its
    last answer a source still counts as heard.
    """

    explains_for: Duration = Duration(6 * HOUR)
    precedes_for: Duration = Duration(24 * HOUR)
    before_event: Duration = Duration(2 * HOUR)
    after_event: Duration = Duration(2 * HOUR)
    coverage_min: float = 0.5
    names_min: float = 0.6
    shared_min: int = 2
    scheduled_coverage_min: float = 0.3
    scheduled_shared_min: int = 1
    rare_max: int = 3
    heard_max: Duration = Duration(HOUR)
    news_max: int = 5_000
    alerts_max: int = 2_000
    evidence_max: int = 3


class _Item(msgspec.Struct, frozen=True):
    news: NewsSeen
    meaning: Meaning


class _Open(msgspec.Struct):
    """An alert that no news explain yet; is_told: that this was said."""

    alert: Alert
    meaning: Meaning
    is_told: bool


class _Match(msgspec.Struct, frozen=True):
    """How well a headline fits a market."""

    coverage: float
    news: NewsSeen
    shared: tuple[str, ...]


class NewsCorrelator:
    """Holds alerts against news, at once and until their window closes."""

    name = "news-correlator"

    def __init__(self, settings: NewsSettings, meaning_of: MeaningOf) -> None:
        self._settings = settings
        self._meaning_of = meaning_of
        self._titles: dict[MarketId, Meaning] = {}
        self._events: dict[str, set[str]] = {}
        self._spread: dict[str, int] = {}
        self._news: dict[str, _Item] = {}
        self._order: deque[str] = deque()
        self._open: dict[str, _Open] = {}
        self._heard_us: Instant | None = None
        self._handlers: Mapping[type[Message], Callable[[Any, Instant], Iterable[Message]]] = {
            MarketListed: self._list,
            NewsSeen: self._hear,
            NewsAsked: self._listen,
            AlertRaised: self._raise,
            AlertRemembered: self._remember,
        }
        self.hears = frozenset(self._handlers)

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    # ---- what is known ---------------------------------------------------------------------

    def _list(self, message: MarketListed, _now_us: Instant) -> Iterable[Message]:
        """Learn a title, and in how many events each of its words stands."""
        market = message.market
        meaning = self._meaning_of(market.title)
        self._titles[market.id] = meaning
        known = self._events.setdefault(market.event_id or market.id, set())
        for word in meaning.words - known:
            self._spread[word] = self._spread.get(word, 0) + 1
        known |= meaning.words
        return ()

    def _hear(self, news: NewsSeen, now_us: Instant) -> Iterator[Message]:
        """Keep an item once, and hold it against the alerts that wait."""
        if news.item_id in self._news:
            return
        item = _Item(news, self._meaning_of(news.title))
        self._news[news.item_id] = item
        self._order.append(news.item_id)
        if len(self._order) > self._settings.news_max:
            del self._news[self._order.popleft()]
        self._close_old(now_us)
        for waiting in list(self._open.values()):
            match = self._match(waiting.meaning, item)
            said = None if match is None else self._judge_late(waiting, match)
            if said is not None:
                yield said

    def _listen(self, asked: NewsAsked, now_us: Instant) -> Iterator[Message]:
        """A source answered: what was raised while nobody listened is unexplained from now on."""
        if asked.problem:
            return
        self._heard_us = now_us
        for waiting in self._open.values():
            if not waiting.is_told:
                waiting.is_told = True
                yield _unexplained(waiting.alert)

    def _raise(self, message: AlertRaised, now_us: Instant) -> Iterator[Message]:
        alert = message.alert
        if alert.alert_id in self._open:
            return
        meaning = self._titles.get(alert.market, Meaning(frozenset(), frozenset()))
        found = [self._match(meaning, item) for item in self._news.values()]
        matches = sorted(
            (m for m in found if m is not None and self._explains(m.news, alert.event_us)),
            key=lambda m: (-m.coverage, m.news.item_id),
        )[: self._settings.evidence_max]
        if matches:
            yield AlertExplained(
                alert_id=alert.alert_id,
                explanation="explained",
                items=tuple(m.news.item_id for m in matches),
                lead=None,
                shared=matches[0].shared,
            )
            return
        heard_us = self._heard_us
        is_heard = heard_us is not None and now_us - heard_us <= self._settings.heard_max
        self._keep(_Open(alert, meaning, is_heard), now_us)
        if is_heard:
            yield _unexplained(alert)

    def _remember(self, message: AlertRemembered, now_us: Instant) -> Iterable[Message]:
        """An alert of an earlier run waits on, unless its news have come."""
        if message.explained.explanation == "unexplained":
            meaning = self._meaning_of(message.title)
            self._keep(_Open(message.alert, meaning, is_told=True), now_us)
        return ()

    def _keep(self, waiting: _Open, now_us: Instant) -> None:
        self._close_old(now_us)
        self._open[waiting.alert.alert_id] = waiting
        while len(self._open) > self._settings.alerts_max:
            del self._open[next(iter(self._open))]

    def _close_old(self, now_us: Instant) -> None:
        limit_us = now_us - self._settings.precedes_for
        over = [key for key, each in self._open.items() if each.alert.event_us < limit_us]
        for key in over:
            del self._open[key]

    # ---- judging ---------------------------------------------------------------------------

    def _explains(self, news: NewsSeen, alert_us: Instant) -> bool:
        """Whether the news were known, or the event was due, when the alert fired."""
        if news.is_scheduled:
            starts_us = news.published_us - self._settings.before_event
            return starts_us <= alert_us <= news.published_us + self._settings.after_event
        return 0 <= alert_us - news.published_us <= self._settings.explains_for

    def _judge_late(self, waiting: _Open, match: _Match) -> AlertExplained | None:
        """News that came after the alert was raised: they explain it, or were preceded by it."""
        alert, news = waiting.alert, match.news
        lead = Duration(news.published_us - alert.event_us)
        if self._explains(news, alert.event_us):
            explanation: Explanation = "explained"
        elif not news.is_scheduled and 0 < lead <= self._settings.precedes_for:
            explanation = "preceded"
        else:
            return None
        del self._open[alert.alert_id]
        return AlertExplained(
            alert_id=alert.alert_id,
            explanation=explanation,
            items=(news.item_id,),
            lead=lead if explanation == "preceded" else None,
            shared=match.shared,
        )

    def _match(self, market: Meaning, item: _Item) -> _Match | None:
        """None unless they share enough, and a name or a rare word among it."""
        settings, shared = self._settings, market.words & item.meaning.words
        shared_min, coverage_min = settings.shared_min, settings.coverage_min
        if item.news.is_scheduled:
            shared_min = settings.scheduled_shared_min
            coverage_min = settings.scheduled_coverage_min
        is_other_day = market.days and item.meaning.days and not market.days & item.meaning.days
        if len(shared) < shared_min or is_other_day:
            return None
        rare_max = settings.rare_max
        named = len(market.names & shared)
        if not named and not any(self._spread.get(word, 0) <= rare_max for word in shared):
            return None
        if not item.news.is_scheduled and named < settings.names_min * len(market.names):
            return None
        weight = sum(map(self._weight, sorted(shared)))
        coverage = weight / sum(map(self._weight, sorted(market.words)))
        if coverage < coverage_min:
            return None
        return _Match(coverage, item.news, tuple(sorted(shared)))

    def _weight(self, word: str) -> float:
        """A word that stands in every event's title says nothing."""
        return math.log((len(self._events) + 2) / (self._spread.get(word, 0) + 1))


def _unexplained(alert: Alert) -> AlertExplained:
    return AlertExplained(alert_id=alert.alert_id, explanation="unexplained", items=(), lead=None)
