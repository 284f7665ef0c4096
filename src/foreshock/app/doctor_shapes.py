"""Do the venues still answer as we know them? Everything a live desk reads, field by field.

A needed field that is gone is a problem: what reads it refuses everything. A field that nobody
knows is noted: it may change what the others mean.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpResponse, HttpTransport
from foreshock.adapters.venues.kalshi import budgets, maintenance, order_groups
from foreshock.adapters.venues.kalshi import documented as kalshi
from foreshock.adapters.venues.kalshi.account import KalshiReader, freshness_reading, reading
from foreshock.adapters.venues.kalshi.rest import escaped, get, order_books_request
from foreshock.adapters.venues.order_path import AccountReader, Unsigned
from foreshock.adapters.venues.polymarket import account, discovery
from foreshock.adapters.venues.polymarket import documented as polymarket
from foreshock.adapters.venues.polymarket.inquiry import read_request
from foreshock.adapters.venues.server_time import time_request
from foreshock.adapters.venues.shapes import Drift, Endpoint, compare
from foreshock.app.doctor import Finding
from foreshock.core.domain.errors import ConfigError, DataError, VenueUnavailableError
from foreshock.core.domain.units import Instant

OK = 200
TOO_MANY = 429
ATTEMPTS_MAX = 4
PAUSE_S = 1.1
"""Kalshi gives the balance once a second."""
SHOWN_MAX = 6
ROWS = 5
FAILURES = (ConfigError, DataError, VenueUnavailableError)

Asked: TypeAlias = HttpRequest | Unsigned
Sign: TypeAlias = Callable[[Unsigned, Instant], HttpRequest]


class Sample(msgspec.Struct):
    """Names by which the single things are asked for; "" while none was met."""

    market: str = ""
    event: str = ""
    series: str = ""
    token: str = ""
    order: str = ""


class Look(msgspec.Struct, frozen=True):
    """One question: its endpoint, its host, and how it is asked; None without a sample."""

    of: str
    host: str
    ask: Callable[[Sample], Asked | None]


class Visited(msgspec.Struct, frozen=True):
    """How one venue is looked at. hosts: by the names that looks use."""

    venue: str
    hosts: Mapping[str, HttpTransport]
    sign: Sign
    reader: AccountReader


async def shapes_of(visited: Visited) -> list[Finding]:
    """What differs, an endpoint a line; then one line about the rest."""
    endpoints = {one.name: one for one in ENDPOINTS[visited.venue]}
    findings: list[Finding] = []
    unseen: list[str] = []
    sample = Sample()
    looks = looks_of(visited)
    for look in looks:
        asked = look.ask(sample)
        if asked is None:
            unseen.append(look.of)
            continue
        name = f"{visited.venue} {look.of}"
        try:
            answer = await _answer(visited, look, asked)
            found = compare(endpoints[look.of], answer.body)
        except FAILURES as error:
            words = f"cannot be looked at ({error}): check your connection and the key's rights"
            findings.append(Finding(name, "problem", words))
            continue
        _learn(sample, look.of, answer.body)
        findings += _differences(name, found)
        unseen += [f"{look.of} {path}" for path in found.unseen]
    return [*findings, _summary(visited.venue, len(looks), len(findings), unseen)]


def looks_of(visited: Visited) -> tuple[Look, ...]:
    """Every question of a venue, those that find samples first."""
    if visited.venue == "kalshi":
        return KALSHI
    return (*POLYMARKET, *_account_looks(visited.reader))


async def _answer(visited: Visited, look: Look, asked: Asked) -> HttpResponse:
    """Raises VenueUnavailableError for anything but a success, else as signer and transport."""
    if isinstance(asked, Unsigned) and asked.host == "website":
        asked = HttpRequest(asked.method, asked.path)
    answer = await patiently(visited.hosts[look.host], visited.sign, asked)
    if answer.status != OK:
        raise VenueUnavailableError(f"answered {answer.status}")
    return answer


async def patiently(host: HttpTransport, sign: Sign, asked: Asked) -> HttpResponse:
    """The answer to a question that only reads, asked again where the venue wants more time.

    Raises as signer and transport.
    """
    for _ in range(ATTEMPTS_MAX - 1):
        answer = await _once(host, sign, asked)
        if answer.status != TOO_MANY:
            return answer
        await asyncio.sleep(PAUSE_S)
    return await _once(host, sign, asked)


async def _once(host: HttpTransport, sign: Sign, asked: Asked) -> HttpResponse:
    if isinstance(asked, Unsigned):
        asked = await asyncio.to_thread(sign, asked, wall_clock_us())
    return await host.send(asked)


def _differences(name: str, found: Drift) -> list[Finding]:
    said: list[Finding] = []
    if found.missing:
        words = f"lacks {_shown(found.missing)}: what reads it is refused; update foreshock"
        said.append(Finding(name, "problem", words))
    if found.unknown:
        words = (
            f"has new fields {_shown(found.unknown)}: read in the venue's changelog whether they"
            " change what the others mean, and update foreshock"
        )
        said.append(Finding(name, "note", words))
    return said


def _summary(venue: str, asked: int, different: int, unseen: list[str]) -> Finding:
    words = f"{asked - different} of {asked} endpoints answer as documented"
    if unseen:
        words += f"; nothing to look at in {_shown(tuple(unseen))}"
    return Finding(f"{venue} shapes", "ok" if not different else "note", words)


def _shown(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - SHOWN_MAX} more" if len(names) > SHOWN_MAX else ""
    return ", ".join(names[:SHOWN_MAX]) + more


# ---- samples -------------------------------------------------------------------------------


class _KalshiMarket(msgspec.Struct):
    ticker: str = ""


class _KalshiEvent(msgspec.Struct):
    event_ticker: str = ""
    series_ticker: str = ""
    markets: list[_KalshiMarket] = []


class _Order(msgspec.Struct):
    order_id: str = ""
    id: str = ""


class _Gamma(msgspec.Struct, rename="camel"):
    condition_id: str = ""
    clob_token_ids: str | None = None
    position_ids: list[str] | None = None


class _Series(msgspec.Struct):
    slug: str = ""


class _Event(msgspec.Struct):
    series: list[_Series] = []


class _Lists(msgspec.Struct):
    """The lists in which samples are found."""

    events: list[msgspec.Raw] = []
    markets: list[msgspec.Raw] = []
    orders: list[_Order] = []
    data: list[_Order] = []


def _learn(sample: Sample, name: str, body: bytes) -> None:
    """Remember the first market, event, series, token and order of a list."""
    try:
        if name == "GET /events":
            _learn_kalshi(sample, body)
        elif name == "GET /markets/keyset":
            _learn_gamma(sample, body)
        elif name == "GET /events/keyset":
            lists = msgspec.json.decode(body, type=_Lists)
            event = msgspec.json.decode(lists.events[0], type=_Event) if lists.events else _Event()
            sample.series = event.series[0].slug if event.series else ""
        elif name in {"GET /portfolio/orders", "GET /data/orders"}:
            lists = msgspec.json.decode(body, type=_Lists)
            rows = [*lists.orders, *lists.data]
            sample.order = (rows[0].order_id or rows[0].id) if rows else ""
    except msgspec.MsgspecError:
        return  # the comparison has told what differs; what needs this sample stays unasked


def _learn_kalshi(sample: Sample, body: bytes) -> None:
    lists = msgspec.json.decode(body, type=_Lists)
    for raw in lists.events:
        event = msgspec.json.decode(raw, type=_KalshiEvent)
        if event.markets:
            sample.event, sample.series = event.event_ticker, event.series_ticker
            sample.market = event.markets[0].ticker
            return


def _learn_gamma(sample: Sample, body: bytes) -> None:
    for raw in msgspec.json.decode(body, type=_Lists).markets:
        gamma = msgspec.json.decode(raw, type=_Gamma)
        tokens = gamma.position_ids or msgspec.json.decode(
            gamma.clob_token_ids or "[]", type=list[str]
        )
        if gamma.condition_id and tokens:
            sample.market, sample.token = gamma.condition_id, tokens[0]
            return


# ---- questions -----------------------------------------------------------------------------


def _of(name: str, ask: Callable[[Sample], Asked | None]) -> Look:
    return Look(name, "kalshi", ask)


def _account_part(part: str) -> Callable[[Sample], Asked | None]:
    return lambda _: reading(f"/portfolio/{part}", limit=ROWS)


KALSHI: tuple[Look, ...] = (
    _of(
        "GET /events",
        lambda _: get("/events", limit=ROWS, status="open", with_nested_markets="true"),
    ),
    _of("GET /portfolio/orders", _account_part("orders")),
    _of("GET /exchange/status", lambda _: maintenance.status_reading()),
    _of("GET /exchange/schedule", lambda _: maintenance.schedule_reading()),
    _of("GET /exchange/user_data_timestamp", lambda _: freshness_reading()),
    _of("GET /series", lambda _: get("/series", category="Economics")),
    _of("GET /series/{id}", lambda s: get(f"/series/{escaped(s.series)}") if s.series else None),
    _of(
        "GET /events/{id}",
        lambda s: (
            get(f"/events/{escaped(s.event)}", with_nested_markets="true") if s.event else None
        ),
    ),
    _of("GET /markets", lambda s: get("/markets", tickers=s.market) if s.market else None),
    _of(
        "GET /markets/orderbooks",
        lambda s: order_books_request([s.market]) if s.market else None,
    ),
    _of("GET /historical/orders", lambda _: reading("/historical/orders", limit=ROWS)),
    _of(
        "GET /portfolio/orders/{id}",
        lambda s: reading(f"/portfolio/orders/{escaped(s.order)}") if s.order else None,
    ),
    _of("GET /portfolio/fills", _account_part("fills")),
    _of("GET /portfolio/positions", _account_part("positions")),
    _of("GET /portfolio/balance", lambda _: KalshiReader().read("balance", Instant(0), None)),
    _of("GET /portfolio/order_groups", lambda _: order_groups.groups_reading()),
    _of("GET /account/limits", lambda _: budgets.limits_reading()),
    _of("GET /account/endpoint_costs", lambda _: budgets.costs_reading()),
)
POLYMARKET: tuple[Look, ...] = (
    Look("GET /markets/keyset", "gamma", lambda _: discovery.markets_request(())),
    Look("GET /events/keyset", "gamma", lambda _: discovery.events_request(())),
    Look(
        "GET /series",
        "gamma",
        lambda s: discovery.series_request([s.series]) if s.series else None,
    ),
    Look("GET /time", "clob", lambda _: time_request("polymarket")),
    Look(
        "GET /clob-markets/{id}",
        "clob",
        lambda s: discovery.clob_market_request(s.market) if s.market else None,
    ),
    Look("POST /books", "clob", lambda s: discovery.books_request([s.token]) if s.token else None),
    Look("GET /auth/ban-status/closed-only", "clob", lambda _: account.closed_only_request()),
    Look("GET /api/geoblock", "website", lambda _: account.geoblock_request()),
)


def _account_looks(reader: AccountReader) -> tuple[Look, ...]:
    """What needs the account's own names."""
    return (
        Look("GET /data/orders", "clob", lambda _: reader.read("orders", Instant(0), None)),
        Look("GET /data/trades", "clob", lambda _: reader.read("fills", Instant(0), None)),
        Look("GET /balance-allowance", "clob", lambda _: reader.read("balance", Instant(0), None)),
        Look("GET /v2/positions", "data", lambda _: reader.read("positions", Instant(0), None)),
        Look(
            "GET /data/order/{id}",
            "clob",
            lambda s: read_request(f"/data/order/{s.order}") if s.order else None,
        ),
    )


ENDPOINTS: Mapping[str, tuple[Endpoint, ...]] = {
    "kalshi": kalshi.ENDPOINTS,
    "polymarket": polymarket.ENDPOINTS,
}
