"""Are markets of the newer protocol told and traded as such?"""

import json

import msgspec
import pytest

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.polymarket_books import book_hash
from foreshock.adapters.sim.polymarket_eip712 import POSITIONS, STANDARD
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_gamma import GammaFace
from foreshock.adapters.sim.polymarket_terms import is_position
from foreshock.core.domain.markets import CurveFee
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    T0,
    TOKENS,
    event_info,
    listing,
    polymarket_exchange,
    rest_some,
)
from tests.unit.adapters.sim.polymarket_trader import Json, Trader

# A position of a market recorded in production on 2026-10-05; its low byte is the outcome.
POSITION = 663574927012476832975694178961957910328055987427402067619466963999000625152
NEWER = "0x017791f201d5a788e0039e511fc1900e5f000000000000000000000000000000"


@pytest.fixture
def exchange() -> Exchange:
    made = polymarket_exchange()
    listed = listing(
        "polymarket", NEWER, 4, event_info(3, "newer", exclusive=False), CurveFee(40_000, 1)
    )
    market = msgspec.structs.replace(listed.market, outcome_ids=(str(POSITION), str(POSITION + 1)))
    made.list_market(msgspec.structs.replace(listed, market=market), T0)
    made.open_market(NEWER, T0)
    rest_some(made, NEWER)
    return made


def read(face: ClobFace | GammaFace, path: str) -> Json:
    return json.loads(face.handle(HttpRequest("GET", path), T0).body)


def test_ids_tell_the_protocol() -> None:
    assert is_position(str(POSITION))
    assert not is_position(TOKENS[CONDITIONS[0]][0])
    assert not is_position("M:yes")


def test_a_newer_market_says_so_everywhere(exchange: Exchange) -> None:
    clob = ClobFace(exchange)
    gamma = read(GammaFace(exchange), "/markets/4")
    assert (gamma["version"], gamma["clobTokenIds"]) == ("v2", None)
    assert gamma["positionIds"] == [str(POSITION), str(POSITION + 1)]
    assert read(clob, f"/clob-markets/{NEWER}")["v"] == "v2"
    book = read(clob, f"/book?token_id={POSITION}")
    assert (book["version"], list(book)[-1]) == ("v2", "version")
    assert book["hash"] == book_hash(book)
    clob.open(1, "/ws/market", (), T0)
    clob.receive(1, json.dumps({"type": "market", "assets_ids": [str(POSITION)]}), T0)
    (told,) = json.loads(clob.take_frames(T0)[0][1])
    assert (told["version"], told["hash"]) == ("v2", book["hash"])


def test_an_older_market_says_nothing_of_versions_in_its_book(exchange: Exchange) -> None:
    clob = ClobFace(exchange)
    assert "version" not in read(clob, f"/book?token_id={TOKENS[CONDITIONS[0]][0]}")
    assert "positionIds" not in read(GammaFace(exchange), "/markets/1")


def test_its_orders_are_signed_for_its_own_exchange(exchange: Exchange) -> None:
    trader = Trader(ClobFace(exchange), exchange)
    terms = trader.terms("BUY", "0.55", "10", str(POSITION))
    assert trader.domain(terms) is POSITIONS
    assert trader.post(trader.body(terms))["status"] == "matched"
    older = trader.body(trader.terms("BUY", "0.55", "10", str(POSITION)), "GTC", STANDARD)
    assert trader.post(older) == {"http": 400, "error": "order_version_mismatch"}
    trader.wait(60)
    path = f"/balance-allowance?asset_type=CONDITIONAL-V2&token_id={POSITION}"
    assert trader.ask("GET", path)["balance"] == "10000000"
