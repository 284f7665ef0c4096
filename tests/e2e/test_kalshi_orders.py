"""Do the served venues take Kalshi orders, and go wrong over real sockets exactly as ordered?"""

import http.client
import json
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.venues.kalshi.signing import ApiKey, auth_headers, parse_key
from foreshock.app.sim_venues import Addresses
from tests.e2e.program import Program, decoded, never_mind, until

ROOT = "/trade-api/v2"
ORDERS = f"{ROOT}/portfolio/events/orders"
WAIT_S_MAX = 5.0
Json = dict[str, Any]


class Client:
    """Signed calls to the served Kalshi, and orders to its control host."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        pem = Path(addresses.kalshi_key_file).read_bytes()
        self._key: ApiKey = parse_key(addresses.kalshi_key_id, pem)

    def call(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json, Json]:
        """Status, body and headers. Raises OSError when no answer comes."""
        signed = auth_headers(self._key, method, path.partition("?")[0], wall_clock_us())
        return self._send(self._addresses.kalshi_url, method, path, body, dict(signed))

    def spoil(self, lever: str, **order: object) -> Json:
        status, told, _ = self._send(
            self._addresses.control_url, "POST", f"/sim/control/kalshi/{lever}", order, {}
        )
        assert status == 200, told
        return told

    def orders(self, query: str = "") -> list[Json]:
        """The list, newest first."""
        return self.call("GET", f"{ROOT}/portfolio/orders{query}")[1]["orders"]

    def is_caught_up(self) -> bool:
        """Whether reads show all that happened by now."""
        now_us = wall_clock_us()
        told = self.call("GET", f"{ROOT}/exchange/user_data_timestamp")[1]["as_of_time"]
        return datetime.fromisoformat(told).timestamp() * 1_000_000 >= now_us

    def _send(
        self, url: str, method: str, path: str, body: Json | None, headers: dict[str, str]
    ) -> tuple[int, Json, Json]:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=WAIT_S_MAX)
        try:
            raw = None if body is None else json.dumps(body)
            connection.request(method, path, raw, headers | {"content-type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            told = json.loads(text) if text.startswith((b"{", b"[")) else {"text": text.decode()}
            return answer.status, told, {k.lower(): v for k, v in answer.getheaders()}
        finally:
            connection.close()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("venues")
    arguments = ("sim-venues", "--rsa", "--key-file", str(folder / "key.pem"))
    with Program(folder / "home", *arguments) as program:
        yield Client(decoded(program.first_line(), Addresses))
        assert program.end(signal.SIGTERM)[0] == 0


@pytest.fixture
def ticker(client: Client) -> Iterator[str]:
    """A market of the default shard; after the test nothing is spoilt and nothing rests."""
    client.spoil("rules", is_throttled=False)
    until(client.is_caught_up, never_mind)
    markets = client.call("GET", f"{ROOT}/markets?status=open&series_ticker=KXFED")[1]["markets"]
    yield next(m["ticker"] for m in markets if float(m["yes_bid_dollars"]) > 0.05)
    client.spoil("clear")
    client.spoil("rules", is_throttled=False)
    assert client.call("DELETE", ORDERS)[0] == 204


def order(ticker: str, name: str, price: str = "0.0100", count: str = "3.00") -> Json:
    return {
        "ticker": ticker,
        "client_order_id": name,
        "side": "bid",
        "count": count,
        "price": price,
        "time_in_force": "good_till_canceled",
        "self_trade_prevention_type": "taker_at_cross",
    }


def named(client: Client, name: str) -> list[Json]:
    return [o for o in client.orders() if o["client_order_id"] == name]


def test_a_funded_account_trades_with_an_rsa_key(client: Client, ticker: str) -> None:
    balance = client.call("GET", f"{ROOT}/portfolio/balance")[1]
    assert balance["balance_breakdown"][1]["exchange_index"] == 2
    client.spoil("fill", ticker=ticker, side="ask", price="0.0100", count="2")
    status, placed, _ = client.call("POST", ORDERS, order(ticker, "trades", "0.9900", "5.00"))
    assert (status, placed["fill_count"]) == (201, "5.00")
    fills = client.call("GET", f"{ROOT}/portfolio/fills?order_id={placed['order_id']}")[1]["fills"]
    assert sum(float(fill["count_fp"]) for fill in fills) == 5
    positions = client.call("GET", f"{ROOT}/portfolio/positions?ticker={ticker}")[1]
    assert positions["market_positions"][0]["position_fp"] == "3.00"


@pytest.mark.parametrize(
    ("rule", "is_placed"),
    [
        ({"effect": "drop_answer"}, True),
        ({"effect": "drop_request"}, False),
        ({"effect": "replace_answer", "status": 502, "body": "<html>bad gateway</html>"}, True),
        ({"effect": "answer_instead", "status": 503, "body": ""}, False),
        ({"effect": "replace_answer", "status": 201, "body": "{}"}, True),
    ],
)
def test_what_became_of_an_order_is_seen_in_the_list_alone(
    client: Client, ticker: str, rule: Json, is_placed: bool
) -> None:
    name = f"{rule['effect']}-{rule.get('status', 0)}"
    client.spoil("requests", method="POST", path=ORDERS, **rule)
    if rule["effect"].startswith("drop"):
        with pytest.raises((OSError, http.client.HTTPException)):
            client.call("POST", ORDERS, order(ticker, name))
    else:
        status, told, _ = client.call("POST", ORDERS, order(ticker, name))
        assert status == rule["status"]
        assert "order_id" not in told
    assert [o["status"] for o in named(client, name)] == ["resting"] * is_placed
    status, told, _ = client.call("POST", ORDERS, order(ticker, name))
    assert status == (409 if is_placed else 201)


def test_a_429_says_how_long_when_it_is_told_to(client: Client, ticker: str) -> None:
    client.spoil(
        "requests",
        effect="answer_instead",
        method="POST",
        status=429,
        headers=[["retry-after", "2"], ["content-type", "application/json"]],
        body='{"error":"too many requests"}',
    )
    status, told, headers = client.call("POST", ORDERS, order(ticker, "limited"))
    assert (status, told, headers["retry-after"]) == (429, {"error": "too many requests"}, "2")
    assert named(client, "limited") == []


def test_a_slow_answer_is_still_an_answer(client: Client, ticker: str) -> None:
    client.spoil("requests", effect="delay_answer", method="POST", path=ORDERS, delay_us=300_000)
    before_us = wall_clock_us()
    assert client.call("POST", ORDERS, order(ticker, "slow"))[0] == 201
    assert wall_clock_us() - before_us >= 300_000


def test_reads_lag_behind_writes_when_told_to(client: Client, ticker: str) -> None:
    client.spoil("rules", lag_max=60_000_000)
    assert client.call("POST", ORDERS, order(ticker, "unseen"))[0] == 201
    assert named(client, "unseen") == []
