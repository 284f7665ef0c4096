"""What is said when news explain an alert that was told before? One more message, with evidence."""

from collections import OrderedDict

import msgspec

from foreshock.core.alerting.events import WORDS_MAX
from foreshock.core.alerting.tiers import is_detected
from foreshock.core.domain.messages.signals import AlertExplained, NewsSeen
from foreshock.core.domain.notices import Notice
from foreshock.core.domain.units import SECOND, Instant

TOLD_MAX, NEWS_MAX = 2_000, 5_000
ITEMS_SHOWN_MAX = 3
MINUTE = 60 * SECOND


class Explanations:
    """Alerts that were told lately, and headlines by their ids."""

    def __init__(self) -> None:
        self._told: OrderedDict[str, Notice] = OrderedDict()
        self._news: OrderedDict[str, NewsSeen] = OrderedDict()

    def see(self, news: NewsSeen) -> None:
        """A headline that may explain something."""
        self._news[news.item_id] = news
        if len(self._news) > NEWS_MAX:
            self._news.popitem(last=False)

    def tell(self, notice: Notice) -> None:
        """A notice that channels hear of."""
        if is_detected(notice.kind):
            self._told[notice.notice_id] = notice
            if len(self._told) > TOLD_MAX:
                self._told.popitem(last=False)

    def notice_of(self, explained: AlertExplained, now_us: Instant) -> Notice | None:
        """The second message; None when the alert was not told or nothing explains it."""
        notice = self._told.get(explained.alert_id)
        if notice is None or explained.explanation == "unexplained":
            return None
        return msgspec.structs.replace(
            notice,
            notice_id=f"{explained.alert_id}:explained",
            words=self._words(explained)[:WORDS_MAX],
            event_us=now_us,
            count=1,
        )

    def _words(self, explained: AlertExplained) -> str:
        """Never a claim without what it rests on."""
        shown = [self._headline(item) for item in explained.items[:ITEMS_SHOWN_MAX]]
        more = len(explained.items) - len(shown)
        evidence = " | ".join(shown) + (f" and {more} more" if more > 0 else "")
        if explained.explanation == "explained":
            return f"News explain the alert: {evidence}"
        lead = "" if explained.lead is None else f"{explained.lead // MINUTE} minutes "
        return f"The alert came {lead}before the news: {evidence}"

    def _headline(self, item_id: str) -> str:
        news = self._news.get(item_id)
        return f"item {item_id}" if news is None else f"{news.source}: {news.title}"
