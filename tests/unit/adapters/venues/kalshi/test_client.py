"""Do questions get through a busy venue, and does the client read the simulated one?"""

import pytest

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.kalshi_auth import KeyRing
from foreshock.adapters.sim.kalshi_face import KalshiFace
from foreshock.adapters.venues.kalshi.books import parse_books
from foreshock.adapters.venues.kalshi.client import ATTEMPTS_MAX, KalshiClient
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.markets import SeriesFee
from foreshock.core.domain.units import Duration
from tests.unit.adapters.sim.face_scenario import T0, TICKERS, kalshi_exchange, rest_some
from tests.unit.adapters.venues.kalshi.builders import AnsweringVenue, encoded

BUSY = HttpResponse(429, encoded({"error": "too many requests"}))
STATUS = {"exchange_active": True, "trading_active": True}


class Pauses:
    """Remembers the pauses instead of making them."""

    def __init__(self) -> None:
        self.taken: list[Duration] = []

    async def __call__(self, duration: Duration) -> None:
        self.taken.append(duration)


class Flaky:
    """Fails a number of times in a given way, then answers."""

    def __init__(self, failures: list[HttpResponse | VenueUnavailableError]) -> None:
        self._failures = failures

    async def send(self, request: HttpRequest) -> HttpResponse:
        if not self._failures:
            return HttpResponse(200, encoded(STATUS))
        failure = self._failures.pop(0)
        if isinstance(failure, VenueUnavailableError):
            raise failure
        return failure


class SimulatedRest:
    """The simulated venue in memory."""

    def __init__(self) -> None:
        exchange = kalshi_exchange()
        rest_some(exchange, TICKERS[0])
        self._face = KalshiFace(exchange, KeyRing())

    async def send(self, request: HttpRequest) -> HttpResponse:
        return self._face.handle(request, T0)


async def test_asks_again_after_growing_pauses() -> None:
    pauses = Pauses()
    flaky = Flaky([BUSY, VenueUnavailableError("reset"), HttpResponse(502, b"")])
    status = await KalshiClient(flaky, pauses).exchange_status()
    assert status.trading_active
    assert pauses.taken == [200_000, 400_000, 800_000]


@pytest.mark.parametrize("failure", [BUSY, VenueUnavailableError("refused")])
async def test_gives_up_after_some_attempts(failure: HttpResponse | VenueUnavailableError) -> None:
    pauses = Pauses()
    client = KalshiClient(Flaky([failure] * ATTEMPTS_MAX), pauses)
    with pytest.raises(VenueUnavailableError):
        await client.exchange_status()
    assert len(pauses.taken) == ATTEMPTS_MAX - 1


async def test_a_final_refusal_is_not_asked_again() -> None:
    venue = AnsweringVenue({"/exchange/status": HttpResponse(400, b"{}")})
    pauses = Pauses()
    with pytest.raises(DataError, match="400"):
        await KalshiClient(venue, pauses).exchange_status()
    assert (len(venue.asked), pauses.taken) == (1, [])


async def test_reads_the_simulated_venue() -> None:
    client = KalshiClient(SimulatedRest(), Pauses())
    everything = await client.open_markets()
    assert {one.market.native_id for one in everything.listings} == set(TICKERS)
    assert everything.skipped == ()
    wanted = await client.watch_list([TICKERS[0], "KXRAIN-26DEC01", "KXFED", "KXNOTHING"])
    assert wanted.summary() == "3 active, 1 unresolved"
    fed = wanted.listings[0].market
    assert fed.fee == SeriesFee("quadratic", 1_000_000)
    assert fed.exclusive_group == "KXFED-26DEC"
    books = parse_books(await client.order_books([TICKERS[0]]))
    assert dict(books.books)[TICKERS[0]][0] == ((400_000, 100_000_000), (450_000, 20_500_000))
