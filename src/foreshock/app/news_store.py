"""Which alerts came before the news? A file beside the runs that grows; nothing in it is lost.

One JSON object a line: an alert, its market's title, what was said of its news, and the news that
bear it. The newest line of an alert counts. Simulated alerts have a file of their own.
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.signals import (
    AlertExplained,
    AlertRaised,
    AlertRemembered,
    NewsSeen,
)
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.core.ports import Folder

FILE_NAME = "news.jsonl"
SIMULATED_FILE_NAME = "news.demo.jsonl"
SUFFIX = ".jsonl"
FILE_BYTES_MAX = 64 * 1024 * 1024
"""A start that finds more puts the record aside and begins a new one."""
CARRIED_MAX = 2_000
NAMED_MAX, WORDS_MAX = 3, 200
"""Damaged lines that are named, and how long what is wrong with one may be told."""
NEWS_KEPT_MAX = 5_000


class NewsStore:
    """The record of a data folder."""

    def __init__(self, home: Folder, *, is_simulated: bool) -> None:
        self._home = home
        self._name = SIMULATED_FILE_NAME if is_simulated else FILE_NAME
        self._titles: dict[MarketId, str] = {}
        self._alerts: dict[str, tuple[Alert, str]] = {}
        self._news: dict[str, NewsSeen] = {}

    def carried(self, say: Callable[[str], None]) -> list[AlertRemembered]:
        """The newest alerts of earlier runs, oldest first; half a line at the end is cut off.

        A damaged line is named and left out: no trade depends on what came before the news.

        Raises ConfigError when the file cannot be read, StorageError when it cannot be put aside.
        """
        where = self._home.where(self._name)
        try:
            data = self._home.read(self._name) or b""
        except StorageError as error:
            raise ConfigError(f"cannot read {where}: {error}") from error
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            file = self._home.open(self._name)
            file.truncate(len(whole))
            file.close()
        newest = {each.alert.alert_id: each for each in self._decoded(whole, say)}
        kept = list(newest.values())[-CARRIED_MAX:]
        if len(whole) > FILE_BYTES_MAX and kept:
            self._put_aside(whole, kept)
        self._alerts = {each.alert.alert_id: (each.alert, each.title) for each in kept}
        return kept

    def _put_aside(self, whole: bytes, kept: Sequence[AlertRemembered]) -> None:
        """The record stays whole under another name; the newest alerts begin the next one."""
        ended_us = kept[-1].alert.event_us
        self._home.replace(f"{self._name.removesuffix(SUFFIX)}.until-{ended_us}{SUFFIX}", whole)
        self._home.replace(self._name, b"".join(map(_line_of, kept)))

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """Keep what is said of an alert's news. Raises StorageError when it cannot be kept."""
        match entry.message:
            case MarketListed(market=market):
                self._titles[market.id] = market.title
            case AlertRaised(alert=alert):
                title = self._titles.get(alert.market, "")
                self._alerts[alert.alert_id] = (alert, title)
                while len(self._alerts) > CARRIED_MAX:
                    del self._alerts[next(iter(self._alerts))]
            case NewsSeen(item_id=item_id):
                self._news[item_id] = entry.message
                while len(self._news) > NEWS_KEPT_MAX:
                    del self._news[next(iter(self._news))]
            case AlertExplained(alert_id=alert_id) if alert_id in self._alerts:
                self._keep(entry.message)
            case _:
                pass

    def _keep(self, explained: AlertExplained) -> None:
        alert, title = self._alerts[explained.alert_id]
        news = tuple(self._news[item] for item in explained.items if item in self._news)
        record = AlertRemembered(alert=alert, title=title, explained=explained, news=news)
        file = self._home.open(self._name)
        try:
            file.append(_line_of(record))
        finally:
            file.close()

    def _decoded(self, data: bytes, say: Callable[[str], None]) -> Iterator[AlertRemembered]:
        decoder = msgspec.json.Decoder(AlertRemembered)
        damaged_count, where = 0, self._home.where(self._name)
        for number, line in enumerate(data.splitlines(), 1):
            try:
                yield decoder.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                damaged_count += 1
                if damaged_count <= NAMED_MAX:
                    why = str(error)[:WORDS_MAX]
                    say(f"line {number} of {where} is damaged and left out: {why}")
        if damaged_count > NAMED_MAX:
            say(f"{damaged_count - NAMED_MAX} more lines of {where} are damaged and left out")


def _line_of(record: AlertRemembered) -> bytes:
    return msgspec.json.encode(record) + b"\n"
