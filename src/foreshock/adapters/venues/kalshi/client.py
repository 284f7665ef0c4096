"""How do questions to Kalshi's public REST API reach the venue? Over one HttpTransport."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from foreshock.adapters.seams import HttpRequest, HttpResponse, HttpTransport
from foreshock.adapters.venues.kalshi import discovery, wire
from foreshock.adapters.venues.kalshi.discovery import Answer, Asking, WatchList
from foreshock.adapters.venues.kalshi.rest import body_of, may_pass, order_books_request
from foreshock.adapters.venues.lookups import Lookup
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.units import Duration

ATTEMPTS_MAX = 5
FIRST_PAUSE = Duration(200_000)
"""Doubles after each refusal. A read bucket of 200 tokens a second is full again after one."""

Pause = Callable[[Duration], Awaitable[None]]


class KalshiClient:
    """Reads public data. Needs no key; asks again where that is safe, which for reads it is."""

    def __init__(self, transport: HttpTransport, pause: Pause) -> None:
        self._transport = transport
        self._pause = pause

    async def exchange_status(self) -> wire.ExchangeStatus:
        """Whether the exchange is up and trading is on."""
        return await self.ask(discovery.exchange_status())

    async def open_markets(self, series_tickers: Sequence[str] = ()) -> WatchList:
        """Every watchable market, of these series or of the whole exchange."""
        return await self.ask(discovery.open_markets(series_tickers))

    async def watch_list(self, identifiers: Iterable[str]) -> WatchList:
        """What the identifiers of a watch list mean."""
        return await self.ask(discovery.watch_list(identifiers))

    async def payouts(self, tickers: Sequence[str]) -> list[MarketResolved]:
        """What markets paid; those that have not are left out."""
        return await self.ask(discovery.payouts(tickers))

    async def lookup(self, tickers: Sequence[str]) -> Lookup:
        """Markets by ticker, whatever became of them."""
        return await self.ask(discovery.lookup(tickers))

    async def order_books(self, tickers: Sequence[str]) -> bytes:
        """The body for `receive_books`, at most 100 tickers, as it came."""
        return body_of(await self._send(order_books_request(tickers)))

    async def ask(self, question: Asking[Answer]) -> Answer:
        """Carry a question's requests and responses.

        Raises VenueUnavailableError when the venue stays unreachable or busy, DataError when it
        answers what cannot be used.
        """
        try:
            request = next(question)
            while True:
                request = question.send(await self._send(request))
        except StopIteration as done:
            return done.value

    async def _send(self, request: HttpRequest) -> HttpResponse:
        """Ask, again after a growing pause while the venue is busy; the last answer stands."""
        pause = FIRST_PAUSE
        for _ in range(ATTEMPTS_MAX - 1):
            response = await self._attempt(request)
            if response is not None and not may_pass(response):
                return response
            await self._pause(pause)
            pause = Duration(2 * pause)
        return await self._transport.send(request)

    async def _attempt(self, request: HttpRequest) -> HttpResponse | None:
        try:
            return await self._transport.send(request)
        except VenueUnavailableError:
            return None
