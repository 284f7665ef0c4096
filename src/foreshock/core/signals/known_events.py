"""Which high volume was to be expected, and of which markets? It is no baseline and no signal."""

from collections.abc import Iterable

import msgspec

from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.signals import NewsSeen
from foreshock.core.domain.units import Duration, Instant

SCHEDULED_MAX = 2_000
"""Entries of calendars kept; the earliest is forgotten first."""


class Concerned(msgspec.Struct, frozen=True, kw_only=True):
    """Which markets something is about: those that any of these names.

    markets: our ids. categories: as the venue writes them, in any case. titles: words of a title,
    in any case. everything: all markets.
    """

    markets: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    everything: bool = False

    def covers(self, market: Market) -> bool:
        """Whether a market is meant."""
        title, category = market.title.casefold(), market.category.casefold()
        return (
            self.everything
            or market.id in self.markets
            or category in {name.casefold() for name in self.categories}
            or any(words.casefold() in title for words in self.titles)
        )


class KnownWindow(msgspec.Struct, frozen=True, kw_only=True):
    """A time of high volume that everybody knows of."""

    name: str
    first_us: Instant
    after_us: Instant
    concerned: Concerned


class CalendarRule(msgspec.Struct, frozen=True, kw_only=True):
    """What a scheduled entry with these words in its title means for which markets."""

    words: str
    before: Duration
    after: Duration
    concerned: Concerned


class KnownEvents(msgspec.Struct, frozen=True):
    """What `config/events.yaml` says."""

    windows: tuple[KnownWindow, ...] = ()
    calendar: tuple[CalendarRule, ...] = ()


class EventList:
    """The windows known so far: those of the file, and what calendars announce."""

    def __init__(self, known: KnownEvents) -> None:
        self._calendar = known.calendar
        self._windows: dict[tuple[str, Instant], KnownWindow] = {
            (window.name, window.first_us): window for window in known.windows
        }
        self._scheduled: dict[tuple[str, Instant], None] = {}

    def hear(self, news: NewsSeen) -> bool:
        """Take in an entry of a calendar; whether it adds a window."""
        rules = [r for r in self._calendar if r.words.casefold() in news.title.casefold()]
        if not news.is_scheduled or not rules:
            return False
        for rule in rules:
            first_us = Instant(news.published_us - rule.before)
            key = f"{rule.words}: {news.title}", first_us
            after_us = Instant(news.published_us + rule.after)
            self._windows[key] = KnownWindow(
                name=key[0], first_us=first_us, after_us=after_us, concerned=rule.concerned
            )
            self._scheduled[key] = None
        while len(self._scheduled) > SCHEDULED_MAX:
            earliest = min(self._scheduled, key=lambda each: each[1])
            del self._scheduled[earliest], self._windows[earliest]
        return True

    def concerning(
        self, markets: Iterable[Market]
    ) -> list[tuple[KnownWindow, tuple[MarketId, ...]]]:
        """Every window with those of the markets that it is about, windows about none left out."""
        listed, meant = list(markets), dict[Concerned, tuple[MarketId, ...]]()
        for whom in {window.concerned: None for window in self._windows.values()}:
            meant[whom] = tuple(m.id for m in listed if whom.covers(m))
        found = ((window, meant[window.concerned]) for window in self._windows.values())
        return [(window, ids) for window, ids in found if ids]
