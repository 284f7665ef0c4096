"""May a signed order leave now? Only once it is on record, and only as long as it is fresh.

    PlaceOrder -> (signed) -> OrderPrepared -> SendOrder, or SendRefused when it took too long

The deadline counts from the decision: an order signed too late is not sent, and one that was
cancelled before it left never leaves.
"""

from collections.abc import Iterable

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.messages.account import OrderAnswered, OrderPrepared
from foreshock.core.domain.messages.trading import (
    CancelOrder,
    PlaceOrder,
    SendOrder,
    SendRefused,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration, Instant, span_text

SEND_AGE_MAX = Duration(250_000)
"""The first deadline of an order: what has not left by then would be asked to come back."""


class Sender:
    """Holds every decided order until it is prepared; live venues only."""

    name = "sender"
    hears = frozenset({
        PlaceOrder,
        OrderPrepared,
        CancelOrder,
        SendRefused,
        OrderAnswered,
    })

    def __init__(self) -> None:
        self._waiting: dict[str, PlaceOrder] = {}

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        """Release an order once, or refuse it once."""
        match message:
            case PlaceOrder(order_id=order_id):
                self._waiting[order_id] = message
            case OrderPrepared(order_id=order_id):
                return self._release(order_id, now_us)
            case CancelOrder(order_id=order_id) if self._waiting.pop(order_id, None):
                words = "cancelled before it was sent"
                return (SendRefused(order_id, Refusal("CANCELLED_UNSENT", words)),)
            case SendRefused(order_id=order_id) | OrderAnswered(order_id=order_id):
                self._waiting.pop(order_id, None)
            case _:
                pass
        return ()

    def _release(self, order_id: str, now_us: Instant) -> Iterable[Message]:
        placed = self._waiting.pop(order_id, None)
        if placed is None:
            return ()
        age = now_us - placed.decided_us
        if age > SEND_AGE_MAX:
            words = f"signed {span_text(age)} after the decision, at most {span_text(SEND_AGE_MAX)}"
            return (SendRefused(order_id, Refusal("SIGNED_TOO_LATE", words)),)
        return (SendOrder(order_id, placed.market),)
