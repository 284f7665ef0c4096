"""What do Polymarket's CLOB host and its market stream look like from outside?

One face serves both, as their paths never meet: the public reads and `/ws/market`. Gamma is a
host of its own (`polymarket_gamma`), because both have a `/markets/{id}`.
"""

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.polymarket_clob import ClobReads
from foreshock.adapters.sim.polymarket_stream import MarketStreams
from foreshock.adapters.sim.wire_text import answer
from foreshock.core.domain.units import Instant

MARKET_STREAM = "/ws/market"


class ClobFace:
    """The CLOB host. It takes the exchange's events: give each exchange to one such face only."""

    heartbeat: bytes | None = None
    """The venue sends no pings; clients send the text PING."""

    def __init__(self, exchange: Exchange) -> None:
        self._reads = ClobReads(exchange)
        self._streams = MarketStreams(exchange)

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """A public read."""
        return self._reads.handle(request, now_us)

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """The market stream needs no key; other paths are not there."""
        if path.partition("?")[0] != MARKET_STREAM:
            return answer(404, {"error": "not found"})
        self._streams.open(connection)
        return None

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """A frame of an open stream."""
        self._streams.receive(connection, text)

    def close(self, connection: int) -> None:
        """The stream ended."""
        self._streams.close(connection)

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """Everything said since the last call."""
        return self._streams.take_frames()

    def take_cuts(self) -> list[int]:
        """The venue never hangs up by itself."""
        return []
