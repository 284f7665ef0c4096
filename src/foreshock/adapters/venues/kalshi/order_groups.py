"""Which fuse at the exchange stops a strategy that trades too much? Order groups, pure.

A group counts what its orders trade in any 15 seconds. At its limit the exchange cancels them all
and takes no further one until the group is reset, whatever state our process is in. Each strategy
has one a shard, at twice the largest clip it means to send. Only entries are put in: a blown fuse
must never stop a hedge.
"""

from collections.abc import Callable, Mapping

import msgspec
from msgspec import UNSET, UnsetType

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.kalshi import order_wire, wire
from foreshock.adapters.venues.kalshi.account import reading
from foreshock.adapters.venues.kalshi.markets import QUANTITY_STEP, VENUE
from foreshock.adapters.venues.kalshi.numbers import count
from foreshock.adapters.venues.kalshi.orders import COUNT_DECIMALS, PLAIN, Style
from foreshock.adapters.venues.kalshi.outcomes import CREATED
from foreshock.adapters.venues.kalshi.path import StyleOf
from foreshock.adapters.venues.kalshi.rest import OK, body_of, error_words, escaped, get
from foreshock.adapters.venues.order_path import RequestKind, Unsigned
from foreshock.core.domain.errors import DataError, InvariantError, VenueUnavailableError
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.units import Quantity, Rounding, divide, format_micros

GROUPS = "/portfolio/order_groups"
CLIPS_A_FUSE = 2

ShardOf = Callable[[Market], int | None]
"""On which shard a market trades; None when nobody knows, and then no group may be named."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group as the venue states it. limit: None where it does not say."""

    id: str
    is_enabled: bool
    limit: Quantity | None
    shard: int | None
    orders: tuple[str, ...] | None = None


def fuse_limit(largest_clip: Quantity) -> Quantity:
    """Contracts a strategy may trade in 15 seconds. Raises InvariantError for no clip."""
    if largest_clip <= 0:
        raise InvariantError("a fuse for a strategy that trades nothing")
    steps = divide(CLIPS_A_FUSE * largest_clip, QUANTITY_STEP, Rounding.UP)
    return Quantity(steps * QUANTITY_STEP)


def strategy_of(order: PlaceOrder) -> str:
    """Whose order it is: packages are named `strategy:...`."""
    return order.package_id.partition(":")[0]


def grouped(groups: Mapping[tuple[str, int], str], shard_of: ShardOf) -> StyleOf:
    """Entries name the group of their strategy on the shard of their market."""

    def style(order: PlaceOrder, market: Market) -> Style:
        shard = shard_of(market)
        if order.purpose != "enter" or shard is None:
            return PLAIN
        return Style(group=groups.get((strategy_of(order), shard)))

    return style


def create(limit: Quantity, shard: int, subaccount: int | None = None) -> Unsigned:
    """A new group. When no answer comes, list the groups: a spare one does no harm."""
    body = order_wire.GroupLimit(_limit_text(limit), shard, _given(subaccount))
    return _asking("amend", "POST", f"{GROUPS}/create", msgspec.json.encode(body))


def change_limit(group: str, limit: Quantity, shard: int) -> Unsigned:
    """A lower limit than what was traded in the last 15 seconds trips the group at once."""
    body = msgspec.json.encode(order_wire.GroupLimit(_limit_text(limit)))
    return _asking("amend", "PUT", _of(group, "/limit"), body, shard)


def reset(group: str, shard: int) -> Unsigned:
    """Let a tripped group take orders again: only ever because a person said so."""
    return _asking("amend", "PUT", _of(group, "/reset"), shard=shard)


def trigger(group: str, shard: int) -> Unsigned:
    """Cancel the group's orders and take no more."""
    return _asking("cancel", "PUT", _of(group, "/trigger"), shard=shard)


def delete(group: str, shard: int) -> Unsigned:
    """Cancel the group's orders and forget it."""
    return _asking("cancel", "DELETE", _of(group), shard=shard)


def group_reading(group: str) -> Unsigned:
    """One group with its orders."""
    return reading(_of(group))


def groups_reading() -> Unsigned:
    """All groups of the account."""
    return reading(GROUPS)


def read_created(answer: HttpResponse) -> str:
    """The new group's name. Raises VenueUnavailableError for anything but a 201, DataError."""
    if answer.status != CREATED:
        raise VenueUnavailableError(
            f"Kalshi made no order group: {answer.status} {error_words(answer.body)}"
        )
    return wire.decoded(answer.body, order_wire.CreatedGroup).order_group_id


def read_done(answer: HttpResponse) -> None:
    """Raises VenueUnavailableError unless a reset, limit, trigger or delete was obeyed."""
    if answer.status != OK:
        raise VenueUnavailableError(
            f"Kalshi left the order group: {answer.status} {error_words(answer.body)}"
        )


def read_group(group: str, answer: HttpResponse) -> Group:
    """One group. Raises as `body_of`, and DataError."""
    found = wire.decoded(body_of(answer), order_wire.GroupBody)
    return Group(
        id=group,
        is_enabled=found.is_auto_cancel_enabled,
        limit=_limit(found.contracts_limit_fp),
        shard=found.exchange_index,
        orders=tuple(found.orders),
    )


def read_groups(answer: HttpResponse) -> tuple[Group, ...]:
    """All groups. Raises as `read_group`."""
    rows = wire.decoded(body_of(answer), order_wire.GroupsBody).order_groups
    return tuple(
        Group(
            id=row.id,
            is_enabled=row.is_auto_cancel_enabled,
            limit=_limit(row.contracts_limit_fp),
            shard=row.exchange_index,
        )
        for row in rows
    )


def _asking(
    kind: RequestKind, method: str, path: str, body: bytes = b"", shard: int | None = None
) -> Unsigned:
    query = {} if shard is None else {"exchange_index": shard}
    return Unsigned(venue=VENUE, kind=kind, method=method, path=get(path, **query).path, body=body)


def _of(group: str, action: str = "") -> str:
    return f"{GROUPS}/{escaped(group)}{action}"


def _limit_text(limit: Quantity) -> str:
    if limit <= 0 or limit % QUANTITY_STEP:
        raise InvariantError(f"a fuse at {format_micros(limit)} contracts")
    return format_micros(limit, COUNT_DECIMALS)


def _limit(text: str | None) -> Quantity | None:
    if text is None:
        return None
    limit = count(text)
    if limit == 0:
        raise DataError("an order group with a limit of nothing")
    return limit


def _given(number: int | None) -> int | UnsetType:
    return UNSET if number is None else number
