"""What became of an order, by the answer to placing it or to cancelling it? Pure.

An answer counts contracts but does not name its trades, so it closes orders and brings no fills:
those come with their ids from the user channel and from the list of trades. An order is accepted
only under the hash that was computed before the send. A cancel that worked does not say what
traded before it, so it proves nothing: the channel or a look at the order does.
"""

from collections.abc import Iterator

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Answer, Prepared
from foreshock.adapters.venues.polymarket.outcomes import (
    OK,
    Judgement,
    judge,
    judge_answer,
    retry_after_us,
)
from foreshock.adapters.venues.polymarket.placement import TAKE_OR_DIE, WirePlacement
from foreshock.core.domain.messages.account import AnsweredFact
from foreshock.core.domain.messages.trading import (
    OrderAccepted,
    OrderClosed,
    OrderRejected,
    OrderUnknown,
)
from foreshock.core.domain.units import Quantity, parse_quantity

ACCEPTED_WORDS = ("live", "matched", "delayed", "unmatched")
"""unmatched: it was held back and met nobody; whether it rests or died is looked up."""


class WirePlaced(msgspec.Struct, frozen=True, kw_only=True):
    """The venue's word on a placed order. It can say success of what it refused."""

    success: bool
    order_id: str | None = msgspec.field(name="orderID", default=None)
    error: str | None = msgspec.field(name="errorMsg", default=None)
    status: str | None = None
    making_amount: str | None = msgspec.field(name="makingAmount", default=None)
    taking_amount: str | None = msgspec.field(name="takingAmount", default=None)


_PLACED = msgspec.json.Decoder(WirePlaced)
_PLACEMENT = msgspec.json.Decoder(WirePlacement)


def read_placed(prepared: Prepared, answer: HttpResponse | None) -> Answer:
    """The answer to placing one order; None when none came."""
    if answer is None:
        return _unknown(prepared, "no answer came")
    if answer.status != OK:
        return _judged(prepared, judge_answer(answer), retry_after_us(answer))
    return _read_one(prepared, answer.body)


def read_cancelled(answer: HttpResponse | None) -> Answer:
    """The answer to cancelling: only what it tells of the venue, for nothing ends by it."""
    if answer is None or answer.status == OK:
        return Answer()
    condition = judge_answer(answer).condition
    return Answer(condition=condition, retry_after_us=retry_after_us(answer))


def _read_one(prepared: Prepared, body: bytes) -> Answer:
    try:
        wire = _PLACED.decode(body)
    except (ValueError, RecursionError):
        return _unknown(prepared, "an answer that cannot be read")
    if wire.error and wire.order_id == prepared.venue_order_id:
        return _unknown(prepared, "an answer that names our order beside an error")
    if wire.error:
        return _judged(prepared, judge(OK, wire.error), None)
    if not wire.success or wire.order_id != prepared.venue_order_id or not wire.order_id:
        return _unknown(prepared, f"an answer without our order: {wire.order_id!r:.80}")
    return Answer(facts=tuple(_accepted_facts(prepared, wire, wire.order_id)), condition="open")


def _accepted_facts(prepared: Prepared, wire: WirePlaced, name: str) -> Iterator[AnsweredFact]:
    yield OrderAccepted(prepared.order_id, name)
    if wire.status not in ACCEPTED_WORDS:
        yield OrderUnknown(prepared.order_id, f"accepted as {wire.status!r:.80}")
    if wire.status != "matched":
        return
    placement = _PLACEMENT.decode(prepared.request.body)
    is_purchase = placement.order.side == "BUY"
    asked = placement.order.taker_amount if is_purchase else placement.order.maker_amount
    filled = _contracts(wire.taking_amount if is_purchase else wire.making_amount)
    dies = placement.order_type in TAKE_OR_DIE
    if filled and (dies or filled == int(asked)):
        words = "filled" if filled == int(asked) else "matched, the rest was killed"
        yield OrderClosed(prepared.order_id, filled, words)
    elif not filled and dies:
        yield OrderUnknown(prepared.order_id, "matched, but not how much")


def _judged(prepared: Prepared, judgement: Judgement, wait_us: int | None) -> Answer:
    fact: AnsweredFact
    match judgement.verdict:
        case "rejected":
            fact = OrderRejected(prepared.order_id, judgement.words)
        case "killed":
            fact = OrderClosed(prepared.order_id, Quantity(0), judgement.words)
        case "unknown":
            fact = OrderUnknown(prepared.order_id, judgement.words)
    return Answer(facts=(fact,), condition=judgement.condition, retry_after_us=wait_us)


def _unknown(prepared: Prepared, words: str) -> Answer:
    return Answer(facts=(OrderUnknown(prepared.order_id, words),))


def _contracts(text: str | None) -> Quantity | None:
    """Contracts that traded; None when the venue does not say or not plainly."""
    try:
        return parse_quantity(text) if text else None
    except ValueError:
        return None
