"""What do the simulated venues hold in truth? Asked over their own sockets, past every proxy."""

import http.client
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.polymarket_keys import KeyVault
from foreshock.adapters.sim.questions import token_ids
from foreshock.adapters.venues.kalshi.account import read_orders, read_positions, reading
from foreshock.adapters.venues.kalshi.signer import KalshiSigner
from foreshock.adapters.venues.kalshi.signing import parse_key
from foreshock.adapters.venues.polymarket.account import DataPage, ListPage, WirePosition, decoded
from foreshock.adapters.venues.polymarket.signing import l2_headers, parse_credentials
from foreshock.app.pairs_file import load_pairs
from foreshock.app.sim_venues import Addresses
from foreshock.core.domain.markets import Pair
from foreshock.core.domain.units import MICRO, parse_quantity

ANSWER_S_MAX = 10.0
ATTEMPTS_MAX = 8
PAUSE_S = 1.1
OK = 200

_PAGE = msgspec.json.Decoder(DataPage)
_POSITION = msgspec.json.Decoder(WirePosition)
_LIST = msgspec.json.Decoder(ListPage)
Found = TypeVar("Found")


class Held(msgspec.Struct):
    """YES less NO by market, in whole contracts and a rest, and how many orders can still trade."""

    nets: dict[str, int]
    open_orders_count: int


class Naked(msgspec.Struct, frozen=True):
    """A pair whose two sides do not offset each other, by how many millionths of a contract."""

    pair: Pair
    residual: int


class Truth:
    """Reads both accounts as their owner could."""

    def __init__(self, served: Addresses, pairs: Path) -> None:
        self._served = served
        self._pairs = load_pairs(pairs)
        pem = Path(served.kalshi_key_file).read_bytes()
        self._kalshi = KalshiSigner(parse_key(served.kalshi_key_id, pem))
        assert served.polymarket_account is not None
        self._wallet = served.polymarket_account

    def held(self) -> Held:
        """Both venues now."""
        nets, open_orders = self._at_kalshi()
        polymarket, resting = self._at_polymarket()
        return Held({**nets, **polymarket}, open_orders + resting)

    def naked(self, held: Held) -> list[Naked]:
        """Pairs of which more than a contract stands alone."""
        found: list[Naked] = []
        for pair in self._pairs:
            a, b = held.nets.get(pair.a, 0), held.nets.get(pair.b, 0)
            residual = a + b if pair.relation == "identity" else a - b
            if abs(residual) >= MICRO:
                found.append(Naked(pair, residual))
        return found

    def _at_kalshi(self) -> tuple[dict[str, int], int]:
        def ask(path: str, **query: str | int) -> HttpResponse:
            signed = self._kalshi.sign(reading(path, **query), wall_clock_us())
            return _answer(self._served.kalshi_url, signed)

        nets: dict[str, int] = {}
        for held in read_positions(ask("/portfolio/positions", limit=1_000)).positions:
            nets[held.market] = held.quantity if held.outcome == "yes" else -held.quantity
        orders = read_orders(ask("/portfolio/orders", limit=1_000, status="resting"))
        return nets, len(orders.orders)

    def _at_polymarket(self) -> tuple[dict[str, int], int]:
        """Tokens are named by their markets through the list, which needs no account."""
        path = f"/v2/positions?user={self._wallet.funder}&limit=1000"
        page = decoded(_PAGE, _answer(self._served.data_url, HttpRequest("GET", path)).body)
        nets: dict[str, int] = {}
        for raw in page.data:
            row = decoded(_POSITION, raw)
            market, sign = self._market_of(row.token_id)
            size = parse_quantity(f"{row.current_size:f}")
            nets[market] = nets.get(market, 0) + sign * size
        granted = KeyVault().grant(self._wallet.address)
        credentials = parse_credentials(granted.key, granted.secret, granted.passphrase)
        request = HttpRequest("GET", "/data/orders")
        headers = l2_headers(credentials, self._wallet.address, request, wall_clock_us())
        signed = msgspec.structs.replace(request, headers=headers)
        orders = decoded(_LIST, _answer(self._served.clob_url, signed).body)
        return nets, len(orders.data)

    def _market_of(self, token: str) -> tuple[str, int]:
        """(our market id, 1 for YES and -1 for NO)."""
        for pair in self._pairs:
            for market in (pair.a, pair.b):
                venue, _, native = market.partition(":")
                if venue == "polymarket" and token in token_ids(native):
                    return market, 1 if token == token_ids(native)[0] else -1
        return f"polymarket:token:{token}", 1


def at_rest(look: Callable[[], Found], seconds: float) -> Found:
    """What stays the same for some looks in a row."""
    deadline = time.monotonic() + seconds
    before, same = look(), 0
    while same < 3 and time.monotonic() < deadline:
        time.sleep(PAUSE_S)
        now = look()
        before, same = now, same + 1 if now == before else 0
    return before


def _answer(url: str, request: HttpRequest) -> HttpResponse:
    """The answer of a venue, asked again while it is busy."""
    host = urlsplit(url)
    answer = HttpResponse(0, b"")
    for _ in range(ATTEMPTS_MAX):
        connection = http.client.HTTPConnection(host.netloc, timeout=ANSWER_S_MAX)
        try:
            connection.request(request.method, request.path, headers=dict(request.headers))
            got = connection.getresponse()
            answer = HttpResponse(got.status, got.read())
        finally:
            connection.close()
        if answer.status == OK:
            return answer
        time.sleep(PAUSE_S)
    raise AssertionError(f"{request.path} answered {answer.status}: {answer.body[:200]!r}")
