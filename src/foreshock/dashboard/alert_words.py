"""What do notices, their delivery and what was given from outside say? Their rows of `words`."""

from collections.abc import Callable, Mapping
from typing import Any

from foreshock.core.domain.messages import alerting as al
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import DAY, format_micros
from foreshock.dashboard.quoting import quoted

ROUTINE_NOTICES: tuple[type[Message], ...] = (al.Notify, al.Notified, al.ObservationReceived)
"""Too many for the long audit, which decisions need; what they are about stands there itself."""


def _notify(x: al.Notify) -> tuple[str, str]:
    return x.notice.notice_id, f"{x.sink} is to tell ({x.notice.level}): {quoted(x.notice.words)}"


def _notified(x: al.Notified) -> tuple[str, str]:
    tries = "" if x.attempts_count == 1 else f" at attempt {x.attempts_count}"
    return x.dedupe_key, f"{x.sink} took it{tries}"


def _failed(x: al.NotifyFailed) -> tuple[str, str]:
    return x.dedupe_key, f"{x.sink} was not told: {quoted(x.reason)}"


def _lost(x: al.NotifierLost) -> tuple[str, str]:
    return x.sink, f"{x.sink} takes no notices any more: {quoted(x.reason)}"


def _found(x: al.NotifierFound) -> tuple[str, str]:
    return x.sink, f"{x.sink} takes notices again"


def _test(x: al.NoticeTestRequested) -> tuple[str, str]:
    return x.request_id, f"{quoted(x.by)} asks for a test notice on {x.sink or 'every channel'}"


def _observation(x: al.ObservationReceived) -> tuple[str, str]:
    what = "in all" if x.is_total else "traded"
    made_up = ", simulated" if x.is_simulated else ""
    price, volume = format_micros(x.yes_price), format_micros(x.volume)
    words = f"{quoted(x.source)} says: YES at {price}, {volume} {what}{made_up}"
    return quoted(x.market), words


def _watch_list(x: al.WatchListChanged) -> tuple[str, str]:
    verb = "is watched from now on" if x.is_watched else "is watched no longer"
    return x.identifier, f"{quoted(x.identifier)} of {x.venue} {verb}, says {quoted(x.by)}"


def _watch_found(x: al.WatchListFound) -> tuple[str, str]:
    found = f"{quoted(x.identifier)} of {x.venue}: {len(x.markets)} markets"
    return x.identifier, f"{found}; {quoted(x.words)}"


def _removed(x: al.RecordingsRemoved) -> tuple[str, str]:
    kept = "kept for good" if x.older_than is None else f"kept for {x.older_than // DAY} days"
    freed = f"{len(x.runs)} runs and {x.rows_count} rows, {x.bytes_count} bytes"
    return "recordings", f"recordings are {kept}: {freed}, were deleted by {quoted(x.by)}"


ALERTING_SAYINGS: Mapping[type[Message], Callable[[Any], tuple[str, str]]] = {
    al.Notify: _notify,
    al.Notified: _notified,
    al.NotifyFailed: _failed,
    al.NotifierLost: _lost,
    al.NotifierFound: _found,
    al.NoticeTestRequested: _test,
    al.ObservationReceived: _observation,
    al.WatchListChanged: _watch_list,
    al.WatchListFound: _watch_found,
    al.RecordingsRemoved: _removed,
}
