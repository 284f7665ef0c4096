"""Which requests exist at all, and what may stand in them? Method, path, query and body of each.

What is not listed is never signed. Orders and wallet transactions are read back by the signer
itself, because it writes into them; every other body is held to its one shape here.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

from foreshock.adapters.venues.order_path import RequestHost, RequestKind, Unsigned
from foreshock.adapters.venues.polymarket.heartbeat import ID_CHARS_MAX
from foreshock.adapters.venues.polymarket.path import CANCELS_MAX
from foreshock.core.domain.errors import InvariantError

HASH = r"0x[0-9a-f]{64}"
TRANSACTION = r"(?!params$)[0-9A-Za-z-]{1,80}"
VALUE = re.compile(r"[A-Za-z0-9._~%,+-]{0,2000}")
QUERY_CHARS_MAX = 20_000


class OneCancel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take one order off the book."""

    order: str = msgspec.field(name="orderID")


class MarketCancel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take all orders of one market off the book."""

    market: str


class Beat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The next link of the chain of heartbeats."""

    heartbeat_id: str


_ONE = msgspec.json.Decoder(OneCancel)
_MANY = msgspec.json.Decoder(list[str])
_MARKET = msgspec.json.Decoder(MarketCancel)
_BEAT = msgspec.json.Decoder(Beat)
_NAME = re.compile(HASH)
_CONDITION = re.compile(r"0x[0-9A-Fa-f]{64}")
Check = Callable[[bytes], bool]
"""Whether a body is one of ours, byte for byte. Raises ValueError for what cannot be read."""


def _is_empty(body: bytes) -> bool:
    return not body


def _is_read_later(body: bytes) -> bool:
    """The signer itself reads it back, field by field."""
    return bool(body)


def _is_one_cancel(body: bytes) -> bool:
    found = _ONE.decode(body)
    return _NAME.fullmatch(found.order) is not None and msgspec.json.encode(found) == body


def _is_many_cancels(body: bytes) -> bool:
    found = _MANY.decode(body)
    are_names = all(_NAME.fullmatch(name) for name in found)
    return 1 <= len(found) <= CANCELS_MAX and are_names and msgspec.json.encode(found) == body


def _is_market_cancel(body: bytes) -> bool:
    found = _MARKET.decode(body)
    return _CONDITION.fullmatch(found.market) is not None and msgspec.json.encode(found) == body


def _is_beat(body: bytes) -> bool:
    found = _BEAT.decode(body)
    return len(found.heartbeat_id) <= ID_CHARS_MAX and msgspec.json.encode(found) == body


class Route(msgspec.Struct, frozen=True):
    """One request. path: a pattern for all of it. queries: the names that may stand in it."""

    host: RequestHost
    method: str
    path: str
    kind: RequestKind
    check: Check = _is_empty
    queries: tuple[str, ...] = ()


ROUTES: tuple[Route, ...] = (
    Route("trading", "POST", "/order", "place", _is_read_later),
    Route("trading", "DELETE", "/order", "cancel", _is_one_cancel),
    Route("trading", "DELETE", "/orders", "cancel", _is_many_cancels),
    Route("trading", "DELETE", "/cancel-all", "cancel"),
    Route("trading", "DELETE", "/cancel-market-orders", "cancel", _is_market_cancel),
    Route("trading", "POST", "/v1/heartbeats", "heartbeat", _is_beat),
    Route("trading", "GET", "/data/orders", "read", queries=("next_cursor",)),
    Route("trading", "GET", f"/data/order/{HASH}", "read"),
    Route("trading", "GET", "/data/trades", "read", queries=("market", "after", "next_cursor")),
    Route(
        "trading",
        "GET",
        "/balance-allowance",
        "read",
        queries=("asset_type", "signature_type"),
    ),
    Route(
        "trading",
        "GET",
        "/balance-allowance/update",
        "read",
        queries=("asset_type", "signature_type"),
    ),
    Route("trading", "GET", "/auth/ban-status/closed-only", "read"),
    Route("data", "GET", "/v2/positions", "read", queries=("user", "limit", "cursor")),
    Route("relayer", "POST", "/submit", "settle", _is_read_later),
    Route("relayer", "GET", "/relay-payload", "read", queries=("address", "type")),
    Route("relayer", "GET", "/v1/account/transactions/params", "read", queries=("address", "type")),
    Route("relayer", "GET", f"/v1/account/transactions/{TRANSACTION}", "read"),
)
"""Everything there is: no route moves money out, none makes, lists or deletes keys."""
_PATTERNS: Mapping[str, re.Pattern[str]] = {r.path: re.compile(r.path) for r in ROUTES}


def route_of(unsigned: Unsigned) -> Route:
    """The route of a request, its query and its body in order. Raises InvariantError."""
    path, mark, query = unsigned.path.partition("?")
    route = _find(unsigned, path)
    if route is None or route.kind != unsigned.kind:
        raise InvariantError(
            f"{unsigned.method} {path[:80]} at the {unsigned.host} host"
            f" is not a request to {unsigned.kind}"
        )
    if mark and not _is_query(query, route.queries):
        raise InvariantError(f"a query that {path[:80]} does not have, or not encoded as ours are")
    try:
        is_ours = route.check(unsigned.body)
    except (ValueError, RecursionError):
        is_ours = False
    if not is_ours:
        raise InvariantError(f"a body that {unsigned.method} {path[:80]} does not have")
    return route


def _find(unsigned: Unsigned, path: str) -> Route | None:
    for route in ROUTES:
        is_asked = (route.host, route.method) == (unsigned.host, unsigned.method)
        if is_asked and _PATTERNS[route.path].fullmatch(path):
            return route
    return None


def _is_query(query: str, names: tuple[str, ...]) -> bool:
    """Whether every name is a known one, stands there once, and has a plain value."""
    if not names or len(query) > QUERY_CHARS_MAX:
        return False
    parts = [part.partition("=") for part in query.split("&")]
    given = [name for name, _, _ in parts]
    are_plain = all(equals and VALUE.fullmatch(value) for _, equals, value in parts)
    return are_plain and len({*given}) == len(given) and {*given} <= {*names}
