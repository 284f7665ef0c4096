"""Whose orders end because nobody vouched for them? The venue's dead man's switch.

Opt-in: nothing happens before the first heartbeat. Each answer names the id to send next.
"""

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.wire_text import answer, uuid_of
from foreshock.core.domain.units import SECOND, Duration, Instant

SILENCE_MAX = Duration(10 * SECOND)
SWEEP = Duration(5 * SECOND)


class Beat(msgspec.Struct):
    """What a client sends."""

    heartbeat_id: str = ""


class Heartbeats:
    """Per API key: the id expected next and when it was last heard."""

    def __init__(self) -> None:
        self._expected: dict[str, str] = {}
        self._heard_us: dict[str, Instant] = {}
        self._count = 0
        self._swept_us = Instant(0)

    def beat(self, key: str, body: bytes, now_us: Instant) -> HttpResponse:
        """The next id; 400 with the expected one, and no more time, for any other id."""
        try:
            given = msgspec.json.decode(body or b"{}", type=Beat).heartbeat_id
        except msgspec.DecodeError:
            return answer(400, {"error": "Invalid payload"})
        expected = self._expected.get(key, "")
        if given != expected:
            return answer(400, {"error_msg": "Invalid Heartbeat ID", "heartbeat_id": expected})
        self._count += 1
        following = uuid_of(f"{key}/{self._count}")
        self._expected[key] = following
        self._heard_us[key] = now_us
        return answer(200, {"heartbeat_id": following})

    def take_silent(self, now_us: Instant) -> list[str]:
        """Keys that were silent for too long, at most once per sweep; their watch ends."""
        if now_us - self._swept_us < SWEEP:
            return []
        self._swept_us = now_us
        silent = [key for key, heard in self._heard_us.items() if now_us - heard >= SILENCE_MAX]
        for key in silent:
            del self._expected[key], self._heard_us[key]
        return silent
