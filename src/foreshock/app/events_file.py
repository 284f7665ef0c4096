"""Which times of high volume did everybody know of beforehand? Reads files of known events."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import yaml

from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant
from foreshock.core.signals.known_events import (
    CalendarRule,
    Concerned,
    KnownEvents,
    KnownWindow,
)

EVENTS_FILE = "events.yaml"
FILE_BYTES_MAX = 1024 * 1024
ENTRIES_MAX = 5_000
WINDOW_DAYS_MAX = 14
MINUTES_MAX = 1_440
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = 60 * SECOND


class _Whom(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    markets: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    everything: bool = False

    def concerned(self, where: str) -> Concerned:
        if not (self.markets or self.categories or self.titles or self.everything):
            raise ConfigError(f"{where}: name markets, categories or titles, or everything: true")
        if not all(map(str.strip, (*self.markets, *self.categories, *self.titles))):
            raise ConfigError(f"{where}: an empty name would mean every market")
        return Concerned(
            markets=self.markets,
            categories=self.categories,
            titles=self.titles,
            everything=self.everything,
        )


class _Event(_Whom, forbid_unknown_fields=True, kw_only=True, rename={"since": "from"}):
    name: str
    since: datetime
    until: datetime


class _Rule(_Whom, forbid_unknown_fields=True, kw_only=True):
    words: str
    before_minutes: int
    after_minutes: int


class _File(msgspec.Struct, forbid_unknown_fields=True):
    events: list[object] = []
    calendar: list[object] = []


def load_events(paths: Sequence[Path]) -> KnownEvents:
    """What these files say together; one that does not exist says nothing.

    Raises ConfigError naming the entry and what to change.
    """
    files = [(path, _read(path)) for path in paths if path.exists()]
    windows = [_window(p, n, row) for p, file in files for n, row in enumerate(file.events, 1)]
    rules = [_rule(p, n, row) for p, file in files for n, row in enumerate(file.calendar, 1)]
    if len(windows) + len(rules) > ENTRIES_MAX:
        raise ConfigError(f"{len(windows) + len(rules)} known events, at most {ENTRIES_MAX}")
    return KnownEvents(tuple(windows), tuple(rules))


def _read(path: Path) -> _File:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise ConfigError(f"{path} is longer than {FILE_BYTES_MAX} bytes")
        content: object = yaml.safe_load(path.read_text(encoding="utf8"))
        return msgspec.convert(content or {}, _File)
    except OSError as error:
        raise ConfigError(f"cannot read the events in {path}: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not valid YAML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error} (it has two lists, events and calendar)") from error


def _window(path: Path, number: int, row: object) -> KnownWindow:
    where = f"{path}, event {number}"
    try:
        read = msgspec.convert(row, _Event)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {error}") from error
    first_us, after_us = _instant(where, read.since), _instant(where, read.until)
    if not 0 < after_us - first_us <= WINDOW_DAYS_MAX * 86_400 * SECOND:
        raise ConfigError(f"{where}: until must come after from, within {WINDOW_DAYS_MAX} days")
    return KnownWindow(
        name=read.name, first_us=first_us, after_us=after_us, concerned=read.concerned(where)
    )


def _rule(path: Path, number: int, row: object) -> CalendarRule:
    where = f"{path}, calendar {number}"
    try:
        read = msgspec.convert(row, _Rule)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {error}") from error
    minutes = read.before_minutes, read.after_minutes
    if not read.words.strip() or min(minutes) < 0 or not 0 < sum(minutes) <= MINUTES_MAX:
        minutes_words = f"1 to {MINUTES_MAX} minutes before and after"
        raise ConfigError(f"{where}: it needs words, and {minutes_words}")
    return CalendarRule(
        words=read.words,
        before=Duration(read.before_minutes * MINUTE),
        after=Duration(read.after_minutes * MINUTE),
        concerned=read.concerned(where),
    )


def _instant(where: str, moment: datetime) -> Instant:
    if moment.tzinfo is None:
        raise ConfigError(f"{where}: a moment needs its zone, such as 2026-12-09T18:30:00Z")
    return Instant(int((moment - EPOCH).total_seconds()) * MICRO)
