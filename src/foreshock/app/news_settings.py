"""Which sources of news does this desk ask, and how is each reached?"""

from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from foreshock.adapters.http import NetworkTransport
from foreshock.adapters.news.calendars import BlsCalendar, FredReleases, read_calendar_file
from foreshock.adapters.news.gdelt import GdeltArticles
from foreshock.adapters.news.rss import RssFeed
from foreshock.app.config import NewsSection
from foreshock.app.news import NewsLink
from foreshock.core.domain.errors import ConfigError, DataError
from foreshock.core.domain.messages.signals import NewsSeen
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant

CALENDAR_EVERY = Duration(6 * 3_600 * SECOND)
GDELT_EVERY_MIN = Duration(6 * SECOND)
"""GDELT wants no two questions within five seconds."""
FEEDS_MAX = 100


def news_links(section: NewsSection, now_us: Instant) -> list[NewsLink]:
    """Every source that is configured. Raises ConfigError for an address that is none."""
    every = Duration(section.interval_s * SECOND)
    links: list[NewsLink] = []
    if section.gdelt_query:
        gdelt = NetworkTransport(section.gdelt_url)
        gdelt_every = max(every, GDELT_EVERY_MIN)
        links.append(NewsLink(GdeltArticles(section.gdelt_query), gdelt, gdelt_every))
    feeds = [part.strip() for part in section.feeds.split(",") if part.strip()]
    links += [_feed(address, every) for address in feeds[:FEEDS_MAX]]
    if section.fred_key:
        today = f"{datetime.fromtimestamp(now_us / MICRO, UTC):%Y-%m-%d}"
        fred = NetworkTransport(section.fred_url)
        links.append(NewsLink(FredReleases(section.fred_key, today), fred, CALENDAR_EVERY))
    if section.bls_url:
        links.append(NewsLink(BlsCalendar(), NetworkTransport(section.bls_url), CALENDAR_EVERY))
    return links


def calendar_items(section: NewsSection, now_us: Instant) -> tuple[NewsSeen, ...]:
    """The events of a person's own file; none where none is named. Raises ConfigError."""
    if not section.calendar_file:
        return ()
    path = Path(section.calendar_file).expanduser()
    try:
        return read_calendar_file(path.read_text(encoding="utf8"), now_us)
    except (OSError, UnicodeDecodeError, DataError) as error:
        raise ConfigError(f"news.calendar_file {path}: {error}") from error


def _feed(address: str, every: Duration) -> NewsLink:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ConfigError(f"news.feeds: {address!r} is no http or https address")
    if find_spec("feedparser") is None:
        raise ConfigError("news.feeds needs the extra `news`: pip install 'foreshock[news]'")
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    base = f"{parts.scheme}://{parts.netloc}"
    return NewsLink(RssFeed(f"rss:{parts.hostname}", path), NetworkTransport(base), every)
