"""Does the venue still hear us? The dead-man's switch: beats in a chain, one every 5 seconds.

    POST /v1/heartbeats {"heartbeat_id": last}  ->  {"heartbeat_id": next}

Once begun, 10 seconds without a beat cancel every open order of the credentials. So nothing is
submitted before the first acknowledgement, nor from the first missed one until the next: an order
sent into silence would be cancelled under us. Cancelling and asking stay allowed.
"""

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.listing import VENUE
from foreshock.adapters.venues.polymarket.outcomes import OK
from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.units import SECOND, Duration, Instant

BEAT_EVERY = Duration(5 * SECOND)
ACK_WITHIN = Duration(2 * SECOND)
"""A beat unanswered for longer is missed, though its answer may still come."""
WRONG_ID = 400
ID_CHARS_MAX = 200


class WireBeat(msgspec.Struct, frozen=True):
    """The id the next beat must carry."""

    heartbeat_id: str


_BEAT = msgspec.json.Decoder(WireBeat)


class Heartbeat:
    """The chain. Ask `due` often, send what it says, and tell `answered` what came of it."""

    def __init__(self) -> None:
        self._next_id = ""
        self._sent_us: Instant | None = None
        self._acked_us: Instant | None = None
        self._is_waiting = False
        self._is_missed = True
        self._is_corrected = False

    def due(self, now_us: Instant) -> Unsigned | None:
        """The beat to send now, None when none is due. One beat is under way at a time."""
        if self._sent_us is not None and 0 <= now_us - self._sent_us < self._pause():
            return None
        self._is_missed = self._is_missed or self._is_waiting
        self._sent_us, self._is_waiting = now_us, True
        body = msgspec.json.encode({"heartbeat_id": self._next_id})
        return Unsigned(
            venue=VENUE, kind="heartbeat", method="POST", path="/v1/heartbeats", body=body
        )

    def answered(self, answer: HttpResponse | None) -> None:
        """What came of the beat under way; None = no answer. An answer to none is ignored."""
        if not self._is_waiting:
            return
        self._is_waiting = False
        next_id = _next_id(answer)
        if answer is not None and answer.status == OK and next_id is not None:
            self._next_id, self._acked_us = next_id, self._sent_us
            self._is_missed = self._is_corrected = False
            return
        self._is_missed = True
        if answer is not None and answer.status == WRONG_ID and next_id is not None:
            self._next_id = next_id
            if not self._is_corrected:  # beat again at once, but only once in a row
                self._sent_us, self._is_corrected = None, True

    def may_submit(self, now_us: Instant) -> bool:
        """Whether an order sent now would be guarded by an acknowledged beat."""
        if self._is_missed or self._acked_us is None or self._sent_us is None:
            return False
        is_late = self._is_waiting and now_us - self._sent_us > ACK_WITHIN
        # A beat from our future was sent before the clock was set back: nobody knows its age.
        return not is_late and 0 <= now_us - self._acked_us <= BEAT_EVERY + ACK_WITHIN

    def condition(self, now_us: Instant) -> tuple[VenueCondition, str]:
        """Whether the venue can be sent orders, and why."""
        if self.may_submit(now_us):
            return "open", "the heartbeat is acknowledged again"
        return "not_ready", "the heartbeat was not acknowledged"

    def _pause(self) -> Duration:
        """A missed beat is repeated sooner: each second counts toward the venue's limit."""
        return ACK_WITHIN if self._is_missed or self._is_waiting else BEAT_EVERY


def _next_id(answer: HttpResponse | None) -> str | None:
    if answer is None:
        return None
    try:
        found = _BEAT.decode(answer.body).heartbeat_id
    except (ValueError, RecursionError):
        return None
    return found if len(found) <= ID_CHARS_MAX else None
