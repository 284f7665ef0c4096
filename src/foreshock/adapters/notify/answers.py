"""What does a channel's answer mean for the message? Taken, later, refused, or the channel gone."""

from typing import TypeAlias

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.core.domain.units import MICRO, SECOND, Duration

TOO_MANY = 429
TIMED_OUT = 408
GONE = frozenset({401, 403, 404, 410})
"""The webhook was deleted or its token changed: going on would get the address blocked."""
SUCCESS = range(200, 300)
SERVER_ERRORS = range(500, 600)
RETRY_AFTER_MAX = Duration(3_600 * SECOND)
RETRY_AFTER_UNKNOWN = Duration(60 * SECOND)
"""For an answer that asks for patience without saying how much."""


class Taken(msgspec.Struct, frozen=True):
    """The channel has it."""


class Later(msgspec.Struct, frozen=True):
    """Try again. after: the channel said when; None leaves it to our own back-off."""

    reason: str
    after: Duration | None


class Refused(msgspec.Struct, frozen=True):
    """Never again with this message. is_gone: nor with any other, until the channel is back."""

    reason: str
    is_gone: bool


Outcome: TypeAlias = Taken | Later | Refused


class _DiscordLimit(msgspec.Struct):
    retry_after: float = 0.0


def outcome_of(answer: HttpResponse) -> Outcome:
    """What an answer of a webhook means."""
    status = answer.status
    if status in SUCCESS:
        return Taken()
    if status == TOO_MANY:
        return Later("answered 429: too many messages", retry_after(answer))
    if status == TIMED_OUT or status in SERVER_ERRORS:
        return Later(f"answered {status}", None)
    if status in GONE:
        return Refused(
            f"answered {status}: the webhook is gone or its token is wrong", is_gone=True
        )
    return Refused(f"answered {status}: the message was not understood", is_gone=False)


def retry_after(answer: HttpResponse) -> Duration:
    """How long to wait: the longer of header and body, bounded. Seconds, with a fraction or not."""
    said = [_microseconds(value) for name, value in answer.headers if name.lower() == "retry-after"]
    try:
        body = msgspec.json.decode(answer.body, type=_DiscordLimit)
    except msgspec.MsgspecError:
        pass
    else:
        said.append(_microseconds(str(body.retry_after)))
    known = [wait for wait in said if wait is not None and wait > 0]
    wait = max(known) if known else RETRY_AFTER_UNKNOWN
    return min(RETRY_AFTER_MAX, Duration(wait))


def _microseconds(seconds: str) -> int | None:
    try:
        wait = float(seconds) * MICRO
    except ValueError:
        return None
    return int(min(wait, RETRY_AFTER_MAX)) if wait == wait else None
