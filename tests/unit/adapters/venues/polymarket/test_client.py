"""Reading a whole venue over a transport: the simulated one, and ones that misbehave."""

import contextlib
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.loopback import Loopback
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_gamma import GammaFace
from foreshock.adapters.venues.polymarket.client import PolymarketClient
from foreshock.adapters.venues.polymarket.discovery import BOOKS_MAX
from foreshock.adapters.venues.polymarket.protocol import MarketFeed
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import CurveFee, MarketId
from foreshock.core.domain.messages.market_data import BookChanged, BookChecked, Traded
from foreshock.core.domain.units import Instant
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    T0,
    TOKENS,
    order,
    play,
    polymarket_exchange,
    rest_some,
)
from tests.unit.adapters.venues.polymarket.builders import condition, encode, gamma, token

ALONE = CONDITIONS[2]


class QuietError(Exception):
    """The simulated venue has nothing to say right now."""


class Scripted:
    """A host that answers by a function and remembers what it was asked."""

    def __init__(self, answer: Callable[[HttpRequest], object], status: int = 200) -> None:
        self.asked: list[HttpRequest] = []
        self._answer = answer
        self._status = status

    async def send(self, request: HttpRequest) -> HttpResponse:
        self.asked.append(request)
        answer = self._answer(request)
        body = answer if isinstance(answer, bytes) else encode(answer)
        return HttpResponse(self._status, body)


class Venue:
    """A simulated Polymarket with three open markets."""

    def __init__(self) -> None:
        self.exchange = polymarket_exchange()
        self.clob = Loopback(ClobFace(self.exchange), lambda: T0, self.wait)
        gamma_host = Loopback(GammaFace(self.exchange), lambda: T0, self.wait)
        self.client = PolymarketClient(gamma_host, self.clob)

    async def wait(self) -> None:
        raise QuietError


async def test_all_open_markets_are_listed() -> None:
    listing = await Venue().client.markets()
    assert {market.native_id for market in listing.markets} == set(CONDITIONS)
    assert {market.status for market in listing.markets} == {"open"}
    assert {market.fee for market in listing.markets} == {CurveFee(40_000, 1)}
    assert (listing.pages_count, listing.is_truncated, listing.refused) == (1, False, ())


async def test_events_list_the_same_markets() -> None:
    client = Venue().client
    from_events, from_markets = await client.events(), await client.markets()
    assert {m.id: m for m in from_events.markets} == {m.id: m for m in from_markets.markets}
    assert [m.exclusive_group is not None for m in from_events.markets] == [True, True, False]


@pytest.mark.parametrize(
    ("identifier", "count"),
    [
        (CONDITIONS[0], 1),
        (TOKENS[ALONE][1], 1),
        ("question-2", 1),
        ("fed-decision-in-december", 2),
        ("fed", 2),
        ("https://polymarket.com/event/rain-nyc", 1),
    ],
    ids=["condition", "token", "market", "event", "series", "page"],
)
async def test_identifiers_of_every_kind_resolve_by_themselves(identifier: str, count: int) -> None:
    resolution = await Venue().client.resolve([identifier])
    assert len(resolution.markets) == count
    assert (resolution.expired, resolution.unresolved) == ((), ())


async def test_what_is_over_or_unknown_is_skipped_and_named() -> None:
    venue = Venue()
    for step in (5, 6):
        play(venue.exchange, ALONE, step, T0)
    resolution = await venue.client.resolve([
        "question-1",
        "question-3",
        "rain-nyc",
        ALONE,
        "nowhere",
    ])
    assert [market.native_id for market in resolution.markets] == [CONDITIONS[0]]
    assert set(resolution.expired) == {"question-3", "rain-nyc", ALONE}
    assert resolution.unresolved == ("nowhere",)
    assert resolution.summary() == "1 active, 1 unresolved, 3 expired"


async def test_the_engines_terms_are_those_of_the_listing() -> None:
    client = Venue().client
    for market in (await client.markets()).markets:
        assert await client.with_engine_terms(market) == market


async def test_books_are_read_and_missing_ones_named() -> None:
    venue = Venue()
    rest_some(venue.exchange, ALONE)
    yes, no = TOKENS[ALONE]
    books = await venue.client.books([yes, no, "12345"])
    assert len(books.bodies) == 1
    assert books.missing == ("12345",)


async def test_the_stream_and_the_rest_books_of_the_simulated_venue_agree() -> None:
    """Snapshots, changes, trades and a new tick; every hash verifies, every check agrees."""
    venue = Venue()
    markets = (await venue.client.markets()).markets
    stream = await venue.clob.connect("/ws/market", ())
    feed = MarketFeed(connection=1)
    feed.opened(markets, T0)
    checks: list[bool] = []
    told: dict[str, BookChanged] = {}
    trades: list[Traded] = []
    for step in range(5):
        now_us = Instant(T0 + (step + 1) * 1_000_000)
        for text in feed.take_outgoing():
            await stream.send(text)
        play(venue.exchange, ALONE, step, now_us)
        await drink(venue, stream.connection, feed, now_us)
        for body in (await venue.client.books([m.outcome_ids[0] for m in markets])).bodies:
            feed.receive_books(body, 0, now_us)
        messages = feed.drain()
        checks += [m.agrees for m in messages if isinstance(m, BookChecked)]
        told |= {m.market: m for m in messages if isinstance(m, BookChanged)}
        trades += [m for m in messages if isinstance(m, Traded)]
    assert len(checks) == 15
    assert all(checks)
    assert feed.missing() == []
    assert len(trades) == 1
    assert (trades[0].price, trades[0].quantity, trades[0].taker) == (550_000, 12_000_000, "yes")
    assert told[f"polymarket:{ALONE}"].bids[0] == (505_000, 9_000_000)
    doubts = feed.doubts
    assert (doubts.hash_differs_count, doubts.mirror_differs_count) == (0, 0)
    assert (feed.stats.unknown_count, feed.stats.quarantined_count) == (0, 0)


async def test_the_feed_recovers_a_book_it_lost() -> None:
    venue = Venue()
    rest_some(venue.exchange, ALONE)
    (market,) = (await venue.client.resolve([ALONE])).markets
    stream = await venue.clob.connect("/ws/market", ())
    feed = MarketFeed(connection=1)
    feed.opened([market], T0)
    await stream.send(feed.take_outgoing()[0])
    await drink(venue, stream.connection, feed, T0)
    feed.receive(b"[damaged", 0, Instant(T0 + 10_000_000))
    assert feed.missing() == [market.id]
    order(venue.exchange, ALONE, ("buy", "yes"), ("0.46", "50"), T0 + 11_000_000)
    for text in feed.take_outgoing():
        await stream.send(text)
    await drink(venue, stream.connection, feed, Instant(T0 + 12_000_000))
    assert feed.missing() == []
    last = feed.drain()[-1]
    assert isinstance(last, BookChanged)
    assert last.bids[0] == (460_000, 50_000_000)


async def drink(venue: Venue, connection: int, feed: MarketFeed, now_us: Instant) -> None:
    """Everything the venue has to say right now."""
    with contextlib.suppress(QuietError):
        while True:
            feed.receive((await venue.clob.next_frame(connection)).encode(), 0, now_us)


async def test_pages_are_followed_to_the_end() -> None:
    pages = {"": ("a", 1), "a": ("b", 2), "b": (None, 3)}

    def answer(request: HttpRequest) -> object:
        after, n = pages[request.path.partition("after_cursor=")[2]]
        return {"markets": [gamma(n)]} | ({"next_cursor": after} if after else {})

    host = Scripted(answer)
    listing = await PolymarketClient(host, host).markets()
    assert len(listing.markets) == 3
    assert not listing.is_truncated


async def test_a_listing_that_goes_in_circles_is_cut_off_and_says_so() -> None:
    host = Scripted(lambda _: {"markets": [gamma(1)], "next_cursor": "again"})
    listing = await PolymarketClient(host, host).markets()
    assert (len(listing.markets), len(host.asked), listing.is_truncated) == (1, 2, True)


async def test_no_more_pages_are_read_than_allowed() -> None:
    numbers = iter(range(1, 100))
    host = Scripted(lambda _: {"markets": [gamma(n := next(numbers))], "next_cursor": str(n)})
    listing = await PolymarketClient(host, host).markets(pages_max=7)
    assert (len(listing.markets), len(host.asked), listing.is_truncated) == (7, 7, True)


async def test_more_books_than_one_call_allows_are_asked_for_in_several() -> None:
    host = Scripted(lambda _: [])
    tokens = [token(n, "yes") for n in range(2 * BOOKS_MAX + 1)]
    books = await PolymarketClient(host, host).books(tokens)
    assert [request.body.count(b"token_id") for request in host.asked] == [BOOKS_MAX, BOOKS_MAX, 1]
    assert books.missing == tuple(tokens)


async def test_a_refusal_is_an_error_that_quotes_the_venue() -> None:
    host = Scripted(lambda _: {"error": "order fields are not valid"}, status=422)
    client = PolymarketClient(host, host)
    with pytest.raises(DataError, match=r"answered 422.*not valid"):
        await client.markets()
    with pytest.raises(DataError, match="422"):
        await client.books(["7"])


async def test_a_venue_without_anything_resolves_nothing() -> None:
    bodies: dict[str, object] = {
        "/markets/keyset": {"markets": []},
        "/events/keyset": {"events": []},
        "/series": [],
    }
    host = Scripted(lambda request: bodies[request.path.partition("?")[0]])
    resolution = await PolymarketClient(host, host).resolve([condition(1), "nowhere"])
    assert resolution.markets == ()
    assert resolution.unresolved == (condition(1), "nowhere")
    assert len(host.asked) == 8


async def test_markets_are_looked_up_open_or_closed_and_one_that_is_odd_hides_no_other() -> None:
    over: dict[str, object] = {"closed": True, "active": False, "umaResolutionStatus": "resolved"}
    closed = {
        condition(1): gamma(1, outcomePrices='["1", "0"]', **over),
        condition(2): gamma(2, outcomePrices='["0.5", "0.4"]', **over),
        condition(3): gamma(3, clobTokenIds="odd", **over),
    }

    def answer(request: HttpRequest) -> object:
        query = dict(parse_qsl(urlsplit(request.path).query))
        rows = closed if query["closed"] == "true" else {condition(4): gamma(4)}
        name = query["condition_ids"]
        return {"markets": [rows[name]] if name in rows else []}

    host = Scripted(answer)
    names = [MarketId(f"polymarket:{condition(n)}") for n in range(1, 6)]
    found = await PolymarketClient(host, host).lookup(names, T0)
    assert [market.id for market in found.markets] == [names[0], names[1], names[3]]
    assert [market.status for market in found.markets] == ["settled", "settled", "open"]
    assert [paid.market for paid in found.paid] == [names[0]]
    assert list(found.missing) == [names[1], names[2], names[4]]
    assert "paid" in found.missing[names[1]]
    assert "listed" in found.missing[names[4]]


async def test_a_market_that_is_answered_oddly_hides_no_other() -> None:
    """Were the whole question given up, nothing that is held would be asked for ever again."""
    names = [MarketId(f"polymarket:{condition(n)}") for n in (1, 2)]

    def answer(request: HttpRequest) -> object:
        query = dict(parse_qsl(urlsplit(request.path).query))
        if query["condition_ids"] == condition(1):
            return b"not this one"
        return {"markets": [gamma(2)] if query["closed"] == "false" else []}

    host = Scripted(answer)
    found = await PolymarketClient(host, host).lookup(names, T0)
    assert [market.id for market in found.markets] == [names[1]]
    assert list(found.missing) == [names[0]]
