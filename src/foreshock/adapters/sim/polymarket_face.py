"""What does Polymarket's CLOB host look like from outside, its streams included?

One face serves the public reads, what is behind a signature, `/ws/market` and `/ws/user`: their
paths never meet. Gamma and the data host are hosts of their own (`polymarket_gamma`,
`polymarket_data`), because paths repeat there.
"""

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.polymarket_clob import ClobReads
from foreshock.adapters.sim.polymarket_private import PrivateSide
from foreshock.adapters.sim.polymarket_stream import MarketStreams
from foreshock.adapters.sim.wire_text import answer
from foreshock.core.domain.units import Duration, Instant

MARKET_STREAM = "/ws/market"
USER_STREAM = "/ws/user"


class ClobFace:
    """The CLOB host. It takes the exchange's events: give each exchange to one such face only.

    private: what stands behind a signature; its levers are in `polymarket_levers`.
    seed: of settlement times and of how late reads are.
    """

    heartbeat: bytes | None = None
    """The venue sends no pings; clients send the text PING."""

    def __init__(self, exchange: Exchange, seed: int = 0) -> None:
        self.private = PrivateSide(exchange, seed)
        self._reads = ClobReads(exchange)
        self._streams = MarketStreams(exchange)
        self._streams.listener = self.private.fold
        self.private.desk.refresh = self._streams.publish_news

    def hold(self, request: HttpRequest) -> Duration:
        """Takers wait a moment in some markets; the call waits with them."""
        self._streams.publish_news()
        return self.private.hold(request)

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """A signed request, or a public read."""
        self._streams.publish_news()
        self.private.advance(now_us)
        answered = self.private.handle(request, now_us)
        return self._reads.handle(request, now_us) if answered is None else answered

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """Streams need no key to be opened; other paths are not there."""
        bare = path.partition("?")[0]
        if bare not in {MARKET_STREAM, USER_STREAM}:
            return answer(404, {"error": "not found"})
        if bare == MARKET_STREAM:
            self._streams.open(connection)
        else:
            self.private.streams.open(connection)
        return None

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """A frame of an open stream."""
        if self.private.streams.has(connection):
            self.private.streams.receive(connection, text)
        else:
            self._streams.receive(connection, text)

    def close(self, connection: int) -> None:
        """The stream ended."""
        self._streams.close(connection)
        self.private.streams.close(connection)

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """Everything said since the last call."""
        self._streams.publish_news()
        self.private.advance(now_us)
        return self._streams.take_frames() + self.private.streams.take_frames()

    def take_cuts(self) -> list[int]:
        """The venue hangs up on user streams with bad keys only."""
        return self.private.streams.take_cuts()
