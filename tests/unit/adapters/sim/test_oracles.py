"""The stand-ins of the sources answer as their hosts do, from one walk that a seed makes."""

import json
from itertools import pairwise

import pytest

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.coin_paths import COINS, CoinPaths
from foreshock.adapters.sim.oracles import BinanceFace, CoinbaseFace
from foreshock.adapters.sim.oracles_weather import noaa, open_meteo
from foreshock.adapters.sim.rest_face import RestFace
from foreshock.core.domain.units import SECOND, Instant
from tests.trading import START

KLINES = "/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=90"


def after(seconds: int) -> Instant:
    return Instant(START + seconds * SECOND)


def test_one_seed_gives_one_walk_in_whatever_order_it_is_asked() -> None:
    forwards, backwards = CoinPaths(7, START), CoinPaths(7, START)
    times = [after(second) for second in range(0, 600, 60)]
    there = [forwards.price("BTC", at_us) for at_us in times]
    back = [backwards.price("BTC", at_us) for at_us in reversed(times)]
    assert there == back[::-1]
    assert there != [CoinPaths(8, START).price("BTC", at_us) for at_us in times]
    assert CoinPaths(7, START).price("BTC", START) == COINS["BTC"].start * 1_000_000


def test_a_walk_moves_about_as_much_as_its_coin_says() -> None:
    paths, coin = CoinPaths(1, START), COINS["ETH"]
    prices = [paths.price("ETH", after(10 * n)) for n in range(3_000)]
    squares = [(b / a - 1) ** 2 for a, b in pairwise(prices)]
    measured = (sum(squares) / len(squares) / 10) ** 0.5
    assert measured == pytest.approx(coin.per_root_second, rel=0.15)


def test_nothing_is_known_before_the_walk() -> None:
    paths = CoinPaths(7, START)
    with pytest.raises(ValueError, match="so early"):
        paths.price("BTC", Instant(paths.begins_us - SECOND))


def test_binance_serves_whole_minutes_and_the_open_one() -> None:
    paths = CoinPaths(7, START)
    face = BinanceFace(paths)
    rows = json.loads(face.handle(HttpRequest("GET", KLINES), START).body)
    assert len(rows) == 90
    assert all(row[0] % 60_000 == 0 and row[6] == row[0] + 59_999 for row in rows)
    assert all(float(row[3]) <= float(row[4]) <= float(row[2]) for row in rows)
    assert float(rows[-1][4]) * 1_000_000 == paths.price("BTC", START)


@pytest.mark.parametrize(
    "path",
    ["/api/v3/klines?symbol=NOPEUSDT&interval=1m", KLINES.replace("90", "x"), "/api/v3/other"],
)
def test_binance_refuses_what_it_does_not_know(path: str) -> None:
    answer = BinanceFace(CoinPaths(7, START)).handle(HttpRequest("GET", path), START)
    assert answer.status in {400, 404}
    assert json.loads(answer.body)["code"] < 0


def test_binance_streams_a_trade_a_second_until_it_shuts_down() -> None:
    face = BinanceFace(CoinPaths(7, START))
    assert face.open(1, "/stream?streams=btcusdt@aggTrade/solusdt@aggTrade", (), START) is None
    refusal = face.open(2, "/stream?streams=btcusdt@other", (), START)
    assert refusal is not None
    assert refusal.status == 404
    assert len(face.take_frames(START)) == 2
    assert face.take_frames(after(0)) == []
    assert len(face.take_frames(after(5))) == 10
    face.shut_down()
    assert "serverShutdown" in face.take_frames(after(5))[0][1]
    assert face.take_cuts() == [1]
    assert face.take_cuts() == []


def test_coinbase_answers_nonsense_with_an_error_and_goes_on() -> None:
    face = CoinbaseFace(CoinPaths(7, START))
    assert face.open(1, "/", (), START) is None
    for text in ("{", '{"type":"subscribe","channel":"ticker","product_ids":["X-USD"]}'):
        face.receive(1, text, START)
    frames = [json.loads(text) for _, text in face.take_frames(START)]
    assert [frame["type"] for frame in frames] == ["error", "error"]


def test_the_weather_service_wants_a_contact_and_remembers_what_we_hold() -> None:
    face, path = RestFace(noaa), "/stations/KNYC/observations/latest"
    assert face.handle(HttpRequest("GET", path), START).status == 403
    contact = ("user-agent", "foreshock (a@b.test)")
    first = face.handle(HttpRequest("GET", path, (contact,)), START)
    tag = dict(first.headers)["etag"]
    held = (contact, ("If-None-Match", tag))
    assert face.handle(HttpRequest("GET", path, held), START).status == 304
    assert face.handle(HttpRequest("GET", path, held), after(600)).status == 200
    unknown = HttpRequest("GET", "/stations/NOWHERE/observations/latest", (contact,))
    assert face.handle(unknown, START).status == 404


def test_the_forecaster_says_why_it_refuses() -> None:
    answer = open_meteo(HttpRequest("GET", "/v1/forecast?latitude=400&longitude=0"), START)
    assert answer.status == 400
    assert "Latitude" in json.loads(answer.body)["reason"]
