"""Is a wallet deployed on the chain? Clients ask Polymarket's relayer before they trade."""

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.polymarket_wallets import Wallets
from foreshock.adapters.sim.wire_text import Query, answer
from foreshock.core.domain.units import Instant


class RelayerFace:
    """The relayer host: whether a wallet is there. Transactions are not simulated."""

    heartbeat: bytes | None = None

    def __init__(self, wallets: Wallets) -> None:
        self._wallets = wallets

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """GET /deployed; anything else is not there."""
        query = Query(request)
        if (request.method, query.parts) != ("GET", ("deployed",)):
            return answer(404, {"error": "not found"})
        is_known = self._wallets.get(query.text("address")) is not None
        return answer(200, {"deployed": is_known})

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """This host has no streams."""
        return answer(404, {"error": "not found"})

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """Never called: no stream is ever open."""

    def close(self, connection: int) -> None:
        """Nothing to forget."""

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """Nothing to say."""
        return []

    def take_cuts(self) -> list[int]:
        """Nothing to cut."""
        return []
