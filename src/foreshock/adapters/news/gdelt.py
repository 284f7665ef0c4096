"""Which articles does GDELT name for a query? Its DOC 2.0 list as JSON; pure.

Errors come with status 200 and a line of text, and JSON may hold illegal control characters.

Source: GDELT DOC 2.0 API documentation, read in November 2026. It wants a question every 5 seconds
at most; `seendate` is when GDELT saw the article, in steps of 15 minutes.
"""

import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import msgspec

from foreshock.adapters.news.items import ITEMS_MAX, check_size, item, known
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.messages.signals import NewsSeen
from foreshock.core.domain.units import SECOND, Instant

RECORDS_MAX: Final = 250
TIMESPAN: Final = "1h"
_CONTROLS: Final = re.compile(rb"[\x00-\x1f]")
_SAID_CHARS: Final = 100


class _Article(msgspec.Struct):
    title: str = ""
    url: str = ""
    seendate: str = ""


class _Answer(msgspec.Struct):
    articles: list[_Article] = []


class GdeltArticles:
    """The newest articles for one query, in GDELT's own words for queries."""

    name = "gdelt"

    def __init__(self, query: str) -> None:
        asked = {
            "query": query,
            "mode": "artlist",
            "format": "json",
            "maxrecords": str(RECORDS_MAX),
            "timespan": TIMESPAN,
            "sort": "datedesc",
        }
        self.path = f"/api/v2/doc/doc?{urlencode(asked)}"

    def read(self, body: bytes, recv_us: Instant) -> tuple[NewsSeen, ...]:
        """Raises DataError with GDELT's words where it says why it has none."""
        check_size(body)
        text = _CONTROLS.sub(b" ", body).strip()
        if not text.startswith(b"{"):
            said = " ".join(text[:_SAID_CHARS].decode(errors="replace").split())
            raise DataError(f"GDELT says: {said}" if said else "GDELT says nothing")
        try:
            articles = msgspec.json.decode(text, type=_Answer).articles
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise DataError(str(error)[:200]) from error
        return known(
            item(self.name, (article.title, article.url), seen_us, recv_us)
            for article in articles[:ITEMS_MAX]
            if (seen_us := _instant(article.seendate)) is not None
        )


def _instant(seendate: str) -> Instant | None:
    """None for an article that does not say when: it would be no evidence."""
    try:
        moment = datetime.strptime(seendate[:20], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Instant(int(moment.timestamp()) * SECOND)
