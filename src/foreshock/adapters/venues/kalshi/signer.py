"""What may leave for Kalshi with our credentials on it? The one place that holds the account's key.

A request is signed only if its method and path are known to do what it declares: no route moves
money, none makes or deletes keys. Whatever can spend is read back first: nothing in it but our own
fields, and at most the cost it declares.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.venues.kalshi.markets import VENUE
from foreshock.adapters.venues.kalshi.order_wire import (
    Amendment,
    CancelItems,
    Decrease,
    GroupLimit,
    NewOrder,
    NewOrders,
)
from foreshock.adapters.venues.kalshi.orders import BATCH_MAX, CANCELS_MAX, read_back, spend_of
from foreshock.adapters.venues.kalshi.rest import BASE
from foreshock.adapters.venues.kalshi.signing import ApiKey, auth_headers
from foreshock.adapters.venues.order_path import RequestKind, Unsigned
from foreshock.core.domain.errors import ConfigError, DataError, InvariantError
from foreshock.core.domain.units import NOTHING, Instant, Money

SEGMENT = r"(?!\.\.?(?:/|$))(?:[A-Za-z0-9._~-]|%(?!2[EeFf])[0-9A-Fa-f]{2}){1,200}"
"""One name. No dots that lead elsewhere, and neither dot nor slash in disguise."""
QUERY = re.compile(r"[A-Za-z0-9._~%=&,+-]{1,20000}")
JSON = ("content-type", "application/json")

Check = Callable[[bytes], Money]
"""Reads a body back and says what it can cost. Raises InvariantError or DataError."""


class Route(msgspec.Struct, frozen=True):
    """One kind of request; `{id}` in its path stands for one segment."""

    method: str
    path: str
    kind: RequestKind
    check: Check


def _empty(body: bytes) -> Money:
    if body:
        raise InvariantError("a body where none belongs")
    return NOTHING


def _order(body: bytes) -> Money:
    return spend_of(_counted(read_back(body, NewOrder)))


def _orders(body: bytes) -> Money:
    found = read_back(body, NewOrders).orders
    if not 1 <= len(found) <= BATCH_MAX:
        raise InvariantError(f"{len(found)} orders in one request")
    return Money(sum(spend_of(_counted(order)) for order in found))


def _amendment(body: bytes) -> Money:
    return spend_of(read_back(body, Amendment))


def _decrease(body: bytes) -> Money:
    read_back(body, Decrease)
    return NOTHING


def _cancels(body: bytes) -> Money:
    found = read_back(body, CancelItems).orders
    if not 1 <= len(found) <= CANCELS_MAX:
        raise InvariantError(f"{len(found)} cancels in one request")
    return NOTHING


def _group(body: bytes) -> Money:
    read_back(body, GroupLimit)
    return NOTHING


def _counted(order: NewOrder) -> NewOrder:
    """Only what cannot rest may claim to be capped by what we hold: the venue refuses the rest."""
    if order.reduce_only and order.time_in_force != "immediate_or_cancel":
        raise InvariantError("a capped order that could rest")
    return order


ROUTES: tuple[Route, ...] = (
    Route("POST", "/portfolio/events/orders", "place", _order),
    Route("POST", "/portfolio/events/orders/batched", "place", _orders),
    Route("DELETE", "/portfolio/events/orders", "cancel", _empty),
    Route("DELETE", "/portfolio/events/orders/batched", "cancel", _cancels),
    Route("DELETE", "/portfolio/events/orders/{id}", "cancel", _empty),
    Route("POST", "/portfolio/events/orders/{id}/amend", "amend", _amendment),
    Route("POST", "/portfolio/events/orders/{id}/decrease", "amend", _decrease),
    Route("POST", "/portfolio/order_groups/create", "amend", _group),
    Route("PUT", "/portfolio/order_groups/{id}/limit", "amend", _group),
    Route("PUT", "/portfolio/order_groups/{id}/reset", "amend", _empty),
    Route("PUT", "/portfolio/order_groups/{id}/trigger", "cancel", _empty),
    Route("DELETE", "/portfolio/order_groups/{id}", "cancel", _empty),
    *(
        Route("GET", path, "read", _empty)
        for path in (
            "/portfolio/balance",
            "/portfolio/orders",
            "/portfolio/orders/queue_positions",
            "/portfolio/orders/{id}",
            "/portfolio/fills",
            "/portfolio/positions",
            "/portfolio/settlements",
            "/portfolio/order_groups",
            "/portfolio/order_groups/{id}",
            "/historical/orders",
            "/account/limits",
            "/account/endpoint_costs",
            "/exchange/status",
            "/exchange/schedule",
            "/exchange/user_data_timestamp",
        )
    ),
)
"""Everything that is ever signed; what is not here is refused. A fixed path goes before `{id}`."""

_PATTERNS: Mapping[Route, re.Pattern[str]] = {
    route: re.compile(re.escape(BASE + route.path).replace(re.escape("{id}"), SEGMENT))
    for route in ROUTES
}


class KalshiSigner:
    """A `RequestSigner` of one account; the key stays inside. key: None signs nothing."""

    def __init__(self, key: ApiKey | None) -> None:
        self._key = key

    def __repr__(self) -> str:
        return f"KalshiSigner({self._key!r})"

    def sign(self, unsigned: Unsigned, now_us: Instant) -> HttpRequest:
        """The request with its three headers; the bytes of its body are never changed.

        Raises ConfigError without a key, InvariantError for what is not as declared.
        """
        refuse_undeclared(unsigned)
        if self._key is None:
            raise ConfigError("there is no Kalshi key: requests of the account cannot be signed")
        headers = auth_headers(self._key, unsigned.method, unsigned.path, now_us)
        content = (JSON,) if unsigned.body else ()
        return HttpRequest(unsigned.method, unsigned.path, (*content, *headers), unsigned.body)


def refuse_undeclared(unsigned: Unsigned) -> None:
    """Raises InvariantError unless the request is of the kind, and at the cost, it declares."""
    if unsigned.venue != VENUE:
        raise InvariantError(f"a request for {unsigned.venue} at the signer of {VENUE}")
    if unsigned.host != "trading" or unsigned.signed_for:
        raise InvariantError("Kalshi has one host and signs no orders")
    path, mark, query = unsigned.path.partition("?")
    route = route_of(unsigned.method, path)
    if route is None or route.kind != unsigned.kind:
        raise InvariantError(f"{unsigned.method} {path[:80]} is not a request to {unsigned.kind}")
    if mark and not QUERY.fullmatch(query):
        raise InvariantError("a query that is not encoded as ours are")
    try:
        spend = route.check(unsigned.body)
    except DataError as error:
        raise InvariantError("a request with impossible numbers") from error
    if spend != unsigned.spend:
        raise InvariantError("a request that costs something else than it declares")


def route_of(method: str, path: str) -> Route | None:
    """The route of a path without its query, None for one that is never signed."""
    for route in ROUTES:
        if route.method == method and _PATTERNS[route].fullmatch(path):
            return route
    return None
