"""What became of an order, by Kalshi's answer to it? One table; what is not in it is unknown.

    201 with an order   accepted; over when nothing of it may trade any more
    listed refusals     rejected for good, or killed without a fill
    anything else       unknown: no answer, 5xx, a 2xx without an order, a code nobody listed

`order_already_exists` is no refusal: it says that an order with this client id is there, and ours
may be the one. A cancel that finds no order proves nothing either: the venue answers in the same
bytes for one that is cancelled, one that traded and one that never was.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.seams import FRAME_BYTES_MAX, HttpResponse
from foreshock.adapters.venues.kalshi import wire
from foreshock.adapters.venues.kalshi.numbers import count
from foreshock.adapters.venues.kalshi.order_wire import (
    BatchBody,
    BatchItem,
    CancelledOrder,
    ChangedOrder,
    CreatedOrder,
    NewOrder,
)
from foreshock.adapters.venues.kalshi.orders import read_order
from foreshock.adapters.venues.kalshi.rest import TOO_MANY
from foreshock.adapters.venues.order_path import Answer, OrderRef, Prepared
from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.messages.account import AnsweredFact
from foreshock.core.domain.messages.trading import (
    OrderAccepted,
    OrderClosed,
    OrderRejected,
    OrderUnknown,
)
from foreshock.core.domain.units import SECOND, Duration, Quantity

Meaning: TypeAlias = Literal["rejected", "killed"]
OK = 200
CREATED = 201
BAD_REQUEST = 400
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
CONFLICT = 409
GONE = 410
VALIDATION = "Parameter validation failed"
WORDS_MAX = 200
RETRY_SECONDS_MAX = 3_600
DIGITS_MAX = 6
REFILL = Duration(100_000)
"""10 tokens at 100 a second, the smallest write bucket."""


class Refusal(msgspec.Struct, frozen=True):
    """A refusal whose meaning is documented or recorded, and the statuses it comes with."""

    statuses: tuple[int, ...]
    meaning: Meaning = "rejected"
    condition: VenueCondition | None = None


REFUSALS: Mapping[str, Refusal] = {
    "invalid_order": Refusal((BAD_REQUEST,)),
    "invalid_price": Refusal((BAD_REQUEST,)),
    "insufficient_balance": Refusal((BAD_REQUEST,)),
    "bad_request": Refusal((BAD_REQUEST,)),
    "missing_parameters": Refusal((BAD_REQUEST,)),
    "invalid_parameters": Refusal((BAD_REQUEST,)),
    "invalid_content_type": Refusal((BAD_REQUEST,)),
    "MARKET_NOT_ACTIVE": Refusal((BAD_REQUEST,)),
    "MARKET_INACTIVE": Refusal((BAD_REQUEST,)),
    "market_not_found": Refusal((NOT_FOUND,)),
    "insufficient_shard_balance": Refusal((NOT_FOUND,)),
    "header_timestamp_expired": Refusal((UNAUTHORIZED,), condition="not_ready"),
    "authentication_error": Refusal((UNAUTHORIZED,), condition="not_ready"),
    "signature_is_missing_from_headers": Refusal((UNAUTHORIZED,), condition="not_ready"),
    "fill_or_kill_insufficient_resting_volume": Refusal((CONFLICT,), "killed"),
    "trading_is_paused": Refusal((CONFLICT, BAD_REQUEST), condition="paused"),
    "deprecated_v1_order_endpoint": Refusal((GONE,), condition="not_ready"),
}
"""By code. Of the error table of the API documentation, October 2026, and the June recordings."""
BY_STATUS: Mapping[int, Refusal] = {
    FORBIDDEN: Refusal((FORBIDDEN,), condition="not_ready"),
    TOO_MANY: Refusal((TOO_MANY,)),
}
"""Documented by status alone, in any of the four shapes: scope, tier or region does not allow it;
the bucket lacks the tokens, and the request "is rejected". A body in no such shape is unknown."""


class Changed(msgspec.Struct, frozen=True):
    """What became of an amendment or a decrease. left: what rests after it, where the venue says.

    refused: the order is as it was. unknown: it counts as the larger of before and after.
    """

    outcome: Literal["done", "refused", "unknown"]
    words: str
    left: Quantity | None = None


class Said(msgspec.Struct, frozen=True):
    """What an error body says. code: "" where its shape has none."""

    code: str
    words: str


def read_placed(prepared: Prepared, answer: HttpResponse | None) -> Answer:
    """Read the answer to one placing request; None = there was no answer."""
    order_id = prepared.order_id
    if answer is None:
        return _unknown(order_id, "no answer")
    if answer.status == CREATED:
        return Answer(facts=_created(prepared, answer.body))
    said = error_said(answer.body)
    return _refused(prepared, answer, said)


def read_batch_placed(
    orders: Sequence[Prepared], answer: HttpResponse | None
) -> tuple[Answer, ...]:
    """Read the answer to a batch, one answer an order.

    Items are told apart by client id alone: an item without one, or a missing item, says nothing.
    """
    if answer is None or answer.status != CREATED:
        return tuple(_whole_batch(prepared, answer) for prepared in orders)
    try:
        items = wire.decoded(_short(answer.body), BatchBody).orders
    except DataError as error:
        return tuple(_unknown(prepared.order_id, f"201 unreadable: {error}") for prepared in orders)
    return tuple(_item(prepared, items) for prepared in orders)


def read_cancelled(orders: Sequence[OrderRef], answer: HttpResponse | None) -> Answer:
    """Read the answer to a cancel, which never says what an order traded: look that up.

    No facts where the order is cancelled or surely as before; OrderUnknown where it may be either.
    """
    if answer is None:
        return _all_unknown(orders, "no answer to the cancel")
    if answer.status == OK and len(orders) == 1:
        return _single_cancel(orders, answer.body)
    if answer.status == OK:
        return _batch_cancel(orders, answer.body)
    said = error_said(answer.body)
    refusal = None if said is None else refusal_of(answer.status, said)
    if refusal is not None and answer.status in {UNAUTHORIZED, FORBIDDEN, CONFLICT, TOO_MANY}:
        return Answer(condition=refusal.condition, retry_after_us=retry_after_us(answer))
    words = "" if said is None else f" {said.words}"
    return _all_unknown(orders, f"the cancel was answered {answer.status}{words}")


def read_changed(order: OrderRef, answer: HttpResponse | None) -> Changed:
    """Read the answer to an amendment or a decrease; what it filled is told by the fills."""
    if answer is None:
        return Changed("unknown", "no answer")
    if answer.status == OK:
        return _changed(order, answer.body)
    said = error_said(answer.body)
    refusal = None if said is None else refusal_of(answer.status, said)
    if said is None or refusal is None or refusal.meaning != "rejected":
        return Changed("unknown", f"answered {answer.status}")
    return Changed("refused", said.words)


def refusal_of(status: int, said: Said) -> Refusal | None:
    """What a refusal means, None when its code does not belong to this status."""
    if status in BY_STATUS:
        return BY_STATUS[status]
    if status == BAD_REQUEST and not said.code and said.words.startswith(VALIDATION):
        return Refusal((BAD_REQUEST,))
    refusal = REFUSALS.get(said.code)
    return refusal if refusal is not None and status in refusal.statuses else None


def error_said(body: bytes) -> Said | None:
    """What an error body says in one of the venue's four shapes, None for any other."""
    try:
        error = wire.decoded(_short(body), wire.ErrorBody)
    except DataError:
        return None
    if isinstance(error.error, str):
        return Said("", error.error[:WORDS_MAX]) if error.error else None
    detail = error.error or wire.ErrorDetail(error.code, error.message, error.details)
    if detail.code:
        words = f"{detail.code}: {detail.details or detail.message}"
        return Said(detail.code, words[:WORDS_MAX])
    return Said("", error.msg[:WORDS_MAX]) if error.msg else None


def retry_after_us(answer: HttpResponse) -> int | None:
    """How long an answer asks us to wait, None when it does not.

    Kalshi documents no such header, proxies send one. A 429 without it means that tokens are
    missing: one order's worth is back after `REFILL`.
    """
    for name, value in answer.headers:
        text = value.strip()
        if name.lower() == "retry-after" and text.isascii() and text.isdecimal():
            seconds = int(text[:DIGITS_MAX])
            return min(seconds, RETRY_SECONDS_MAX) * SECOND
    return REFILL if answer.status == TOO_MANY else None


def _created(prepared: Prepared, body: bytes) -> tuple[AnsweredFact, ...]:
    order_id = prepared.order_id
    try:
        created = wire.decoded(_short(body), CreatedOrder)
        return _judged(prepared, created)
    except DataError as error:
        return (OrderUnknown(order_id, f"201 unreadable: {error}"),)


def _judged(prepared: Prepared, created: CreatedOrder) -> tuple[AnsweredFact, ...]:
    """The facts in a created order. Raises DataError when its numbers cannot be."""
    order_id = prepared.order_id
    new = read_order(prepared.request.body)
    filled, left, asked = (
        count(created.fill_count),
        count(created.remaining_count),
        count(new.count),
    )
    if created.client_order_id not in {None, prepared.client_id}:
        raise DataError("it names another client id")
    if filled + left > asked:
        raise DataError(f"{filled} filled and {left} left of {asked} micro-contracts")
    accepted = OrderAccepted(order_id, created.order_id)
    if left == 0:
        return (accepted, OrderClosed(order_id, filled, _closing_words(new, filled, asked)))
    if new.time_in_force != "good_till_canceled":
        return (accepted, OrderUnknown(order_id, "it rests although it may not"))
    return (accepted,)


def _closing_words(new: NewOrder, filled: Quantity, asked: Quantity) -> str:
    if filled == asked:
        return "filled"
    if new.time_in_force == "good_till_canceled":
        return "the rest was cancelled at once"
    return "the rest was not available"


def _refused(prepared: Prepared, answer: HttpResponse, said: Said | None) -> Answer:
    order_id, status = prepared.order_id, answer.status
    refusal = None if said is None else refusal_of(status, said)
    if said is None or refusal is None:
        words = "" if said is None else f": {said.words}"
        return Answer(
            facts=(OrderUnknown(order_id, f"answered {status}{words}"),),
            condition="not_ready" if status == UNAUTHORIZED else None,
            retry_after_us=retry_after_us(answer),
        )
    return Answer(
        facts=(_refusal_fact(prepared, refusal, said),),
        condition=refusal.condition,
        retry_after_us=retry_after_us(answer),
    )


def _refusal_fact(prepared: Prepared, refusal: Refusal, said: Said) -> AnsweredFact:
    if refusal.meaning == "rejected":
        return OrderRejected(prepared.order_id, said.words)
    if read_order(prepared.request.body).time_in_force != "fill_or_kill":
        return OrderUnknown(prepared.order_id, f"not fill-or-kill, yet {said.words}")
    return OrderClosed(prepared.order_id, Quantity(0), said.words)


def _whole_batch(prepared: Prepared, answer: HttpResponse | None) -> Answer:
    """Only what is refused before any item is looked at is refused for all."""
    found = read_placed(prepared, answer)
    if answer is not None and answer.status in {UNAUTHORIZED, FORBIDDEN, TOO_MANY}:
        return found
    words = (
        "no answer to the batch" if answer is None else f"the batch was answered {answer.status}"
    )
    return Answer(
        facts=(OrderUnknown(prepared.order_id, words),),
        condition=found.condition,
        retry_after_us=found.retry_after_us,
    )


def _item(prepared: Prepared, items: Sequence[BatchItem]) -> Answer:
    mine = [item for item in items if item.client_order_id == prepared.client_id]
    if len(mine) != 1:
        return _unknown(prepared.order_id, f"{len(mine)} items of the batch are about it")
    item = mine[0]
    if item.error is None:
        return Answer(facts=_created(prepared, msgspec.json.encode(_without_nulls(item))))
    words = f"{item.error.code}: {item.error.details or item.error.message}"[:WORDS_MAX]
    refusal = REFUSALS.get(item.error.code)
    if refusal is None or item.order_id:
        return _unknown(prepared.order_id, f"its item of the batch says {words}")
    fact = _refusal_fact(prepared, refusal, Said(item.error.code, words))
    return Answer(facts=(fact,), condition=refusal.condition)


def _without_nulls(item: BatchItem) -> dict[str, object]:
    return {k: v for k, v in msgspec.structs.asdict(item).items() if v is not None}


def _changed(order: OrderRef, body: bytes) -> Changed:
    try:
        done = wire.decoded(_short(body), ChangedOrder)
        left = None if done.remaining_count is None else count(done.remaining_count)
    except DataError as error:
        return Changed("unknown", f"200 unreadable: {error}")
    if done.order_id != order.venue_order_id:
        return Changed("unknown", "answered for another order")
    return Changed("done", "", left)


def _single_cancel(orders: Sequence[OrderRef], body: bytes) -> Answer:
    try:
        done = wire.decoded(_short(body), CancelledOrder)
        count(done.reduced_by)
    except DataError as error:
        return _all_unknown(orders, f"the cancel was answered unreadably: {error}")
    if done.order_id != orders[0].venue_order_id:
        return _all_unknown(orders, "the cancel was answered for another order")
    return Answer()


def _batch_cancel(orders: Sequence[OrderRef], body: bytes) -> Answer:
    try:
        items = wire.decoded(_short(body), BatchBody).orders
    except DataError as error:
        return _all_unknown(orders, f"the cancels were answered unreadably: {error}")
    done = {item.order_id for item in items if item.error is None and item.reduced_by is not None}
    left = [order for order in orders if order.venue_order_id not in done]
    return _all_unknown(left, "its cancel did not find it, or was not answered")


def _unknown(order_id: str, words: str) -> Answer:
    return Answer(facts=(OrderUnknown(order_id, words),))


def _all_unknown(orders: Sequence[OrderRef], words: str) -> Answer:
    return Answer(facts=tuple(OrderUnknown(order.order_id, words) for order in orders))


def _short(body: bytes) -> bytes:
    if len(body) > FRAME_BYTES_MAX:
        raise DataError(f"a body of {len(body)} bytes is too long to read")
    return body
