"""What became of an order that left? One object an order: what to ask next, and what is proven.

    prepared -> released -> sent -> answered or silent -> looked up, ever less often -> over

An order that no complete round of questions finds, twice, and later than any request can still
arrive, is proven absent. Only then is it given up, or the very same bytes are sent once more.
"""

import hashlib
from collections.abc import Sequence

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.venues.order_path import OrderRef, Prepared, Unsigned
from foreshock.core.domain.memory import OrderWord
from foreshock.core.domain.messages.account import OrderPrepared
from foreshock.core.domain.messages.trading import OrderAccepted, PlaceOrder
from foreshock.core.domain.orders import Order
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.recollection import order_of
from foreshock.core.domain.units import SECOND, Duration, Instant

LOOK_WAIT = Duration(200_000)
LOOK_WAIT_MAX = Duration(3 * SECOND)
LATE_ARRIVAL = Duration(10 * SECOND)
"""A request may still arrive this long after it left; what was not found before proves nothing."""
ABSENCES_MIN = 2
RESENDS_MAX = 1
LOOK_BACK = Duration(600 * SECOND)
"""Questions reach this far behind the decision: our clock may have been wrong then.

What was filled in ten minutes fits on one page: the rates of the gate are far below."""


def resumed(words: Sequence[OrderWord], now_us: Instant) -> "Tracked | None":
    """An order that an earlier run may have sent, by what is on record; None: it never left.

    Its bytes are gone, so it is never sent again; it may have left just before this instant.
    """
    order = order_of(words)
    prepared = next((word for word in words if isinstance(word, OrderPrepared)), None)
    if order is None or prepared is None:
        return None
    venue = venue_of(order.placed.market)
    request = Unsigned(venue=venue, kind="place", method="POST", path="")
    tracked = Tracked(
        order.placed,
        Prepared(
            order_id=prepared.order_id,
            client_id=prepared.client_id,
            venue_order_id=prepared.venue_order_id,
            request=request,
        ),
    )
    tracked.order = order
    names = [word.venue_order_id for word in words if isinstance(word, OrderAccepted)]
    tracked.was_accepted = bool(names)
    tracked.venue_order_id = names[-1] if names else prepared.venue_order_id
    tracked.resends_count = RESENDS_MAX
    tracked.sent_us = now_us
    if not order.is_over:
        tracked.look_soon(now_us)
    return tracked


class Tracked:
    """One order on its way."""

    def __init__(self, placed: PlaceOrder, prepared: Prepared) -> None:
        self.order = Order(placed)
        self.prepared = prepared
        self.venue_order_id = prepared.venue_order_id
        self.request: HttpRequest | None = None
        self.digest = ""
        self.is_queued = False
        self.is_looking = False
        self.is_cancelling = False
        self.was_accepted = False
        self.sent_us: Instant | None = None
        self.look_us: Instant | None = None
        self.resends_count = 0
        self._wait = LOOK_WAIT
        self._round_us = Instant(0)
        self._found_something = False
        self._absences_count = 0

    @property
    def placed(self) -> PlaceOrder:
        """What was decided."""
        return self.order.placed

    @property
    def ref(self) -> OrderRef:
        """How to speak of it to the venue."""
        placed = self.placed
        client_id = self.prepared.client_id
        return OrderRef(placed.order_id, client_id, self.venue_order_id, placed.market)

    @property
    def next_look_us(self) -> Instant | None:
        """When to ask again; None while a round of questions is under way, or none is needed."""
        return None if self.is_looking else self.look_us

    def is_due(self, now_us: Instant) -> bool:
        """Whether to ask now: also when no wait is that long, for the clock was set back."""
        look_us = self.next_look_us
        return look_us is not None and not now_us < look_us <= now_us + LOOK_WAIT_MAX

    @property
    def since_us(self) -> Instant:
        """From when on its fills can be."""
        return Instant(self.placed.decided_us - LOOK_BACK)

    def sign(self, request: HttpRequest) -> bool:
        """Keep the signed request; False when its body differs from the one signed before."""
        digest = hashlib.sha256(request.body).hexdigest()
        if self.digest and digest != self.digest:
            return False
        self.request, self.digest = request, digest
        return True

    def send(self, now_us: Instant) -> None:
        """It leaves now: from now on it counts until proven otherwise."""
        self.sent_us = now_us
        self.is_queued = False
        self._absences_count = 0
        self.look_soon(now_us)

    def look_soon(self, now_us: Instant) -> None:
        """Ask again at the shortest interval."""
        self._wait = LOOK_WAIT
        self.look_us = Instant(now_us + LOOK_WAIT)

    def begin_round(self, now_us: Instant) -> None:
        """A complete round of questions begins."""
        self.is_looking = True
        self.look_us = None
        self._round_us = now_us
        self._found_something = False

    def find(self) -> None:
        """An answer of this round knew the order."""
        self._found_something = True

    def end_round(self, now_us: Instant, *, is_absent: bool) -> bool:
        """The round is over; True when the order is now proven absent."""
        self.is_looking = False
        self.look_us = Instant(now_us + self._wait)
        self._wait = min(Duration(2 * self._wait), LOOK_WAIT_MAX)
        if not is_absent or self._found_something:
            self._absences_count = 0
        elif self.sent_us is not None and self._round_us >= self.sent_us + LATE_ARRIVAL:
            self._absences_count += 1
        return self._absences_count >= ABSENCES_MIN
