"""What does Kalshi look like from outside? REST for everybody, a stream for who holds a key."""

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.kalshi_auth import KeyRing
from foreshock.adapters.sim.kalshi_fees import FeeBook
from foreshock.adapters.sim.kalshi_pages import nested_error
from foreshock.adapters.sim.kalshi_rest import KalshiReads, ReadBudget
from foreshock.adapters.sim.kalshi_stream import KalshiStreams
from foreshock.core.domain.units import Instant

STREAM = "/trade-api/ws/v2"


class KalshiFace:
    """Kalshi's one host. It takes the exchange's events: give each exchange to one face only.

    budget: None answers every read, whatever the pace.
    """

    heartbeat: bytes | None = b"heartbeat"

    def __init__(self, exchange: Exchange, keys: KeyRing, budget: ReadBudget | None = None) -> None:
        fees = FeeBook(exchange)
        self._keys = keys
        self._reads = KalshiReads(exchange, fees, keys, budget)
        self._streams = KalshiStreams(exchange, fees)

    def set_trading(self, *, is_trading: bool) -> None:
        """Pause or resume the whole exchange, as its status page tells it."""
        self._reads.is_trading = is_trading

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """A read."""
        return self._reads.handle(request, now_us)

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """The handshake is always signed, public channels or not."""
        if path.partition("?")[0] != STREAM:
            return nested_error(404, "not_found")
        refusal = self._keys.refusal("GET", path, headers, now_us)
        if refusal is None:
            self._streams.open(connection)
        return refusal

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """A command of an open stream."""
        self._streams.receive(connection, text, now_us)

    def close(self, connection: int) -> None:
        """The stream ended."""
        self._streams.close(connection)

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """Everything said since the last call."""
        return self._streams.take_frames(now_us)

    def take_cuts(self) -> list[int]:
        """The venue never hangs up by itself."""
        return []
