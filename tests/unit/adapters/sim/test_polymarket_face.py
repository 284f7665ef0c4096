"""Does the simulated Polymarket look like the real one from outside?"""

import json
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.polymarket_books import (
    HASHED_KEYS,
    book_frame,
    book_hash,
    book_object,
    depth_of,
)
from foreshock.adapters.sim.polymarket_clob import BOOKS_MAX, NO_BOOK
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_frames import LEGACY_FEE_BPS
from foreshock.adapters.sim.polymarket_gamma import PAGE_MAX, GammaFace
from foreshock.adapters.sim.polymarket_objects import market_object
from foreshock.adapters.sim.polymarket_stream import ASSETS_PER_STREAM_MAX
from foreshock.adapters.sim.polymarket_terms import question_id
from foreshock.core.domain.units import Instant, Price
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    STEPS,
    T0,
    TENTH,
    TOKENS,
    event_info,
    listing,
    order,
    play,
    polymarket_exchange,
    rest_some,
)

Json = dict[str, Any]
FIRST = CONDITIONS[0]
YES, NO = TOKENS[FIRST]
# The CLOB's answer for an untouched market, recorded in production on 2026-10-05.
RECORDED_EMPTY_BOOK: Json = {
    "market": "0x017791f201d5a788e0039e511fc1900e5f000000000000000000000000000000",
    "asset_id": "663574927012476832975694178961957910328055987427402067619466963999000625152",
    "timestamp": "1791238858575",
    "hash": "fc3846cab0c35a0977b6e5f605a4e5ff0d0b2277",
    "bids": [],
    "asks": [],
    "min_order_size": "5",
    "tick_size": "0.01",
    "neg_risk": False,
    "last_trade_price": "",
    "version": "v2",
}


@pytest.fixture
def exchange() -> Exchange:
    return polymarket_exchange()


@pytest.fixture
def clob(exchange: Exchange) -> ClobFace:
    return ClobFace(exchange)


@pytest.fixture
def gamma(exchange: Exchange) -> GammaFace:
    return GammaFace(exchange)


def get(face: ClobFace | GammaFace, path: str) -> HttpResponse:
    return face.handle(HttpRequest("GET", path), T0)


def read(face: ClobFace | GammaFace, path: str) -> Json:
    answer = get(face, path)
    assert answer.status == 200, answer
    return json.loads(answer.body)


def post(clob: ClobFace, path: str, body: object) -> HttpResponse:
    return clob.handle(HttpRequest("POST", path, (), json.dumps(body).encode()), T0)


def subscribe(clob: ClobFace, *assets: str, custom: bool = False, connection: int = 1) -> None:
    clob.open(connection, "/ws/market", (), T0)
    command = {"assets_ids": assets, "type": "market", "custom_feature_enabled": custom}
    clob.receive(connection, json.dumps(command), T0)


def told(clob: ClobFace, connection: int = 1) -> list[Json]:
    """Frames of one stream, arrays taken apart."""
    frames: list[Json] = []
    for to, text in clob.take_frames(T0):
        if to == connection:
            body = json.loads(text)
            frames += body if isinstance(body, list) else [body]
    return frames


def of_type(frames: list[Json], kind: str) -> list[Json]:
    return [frame for frame in frames if frame["event_type"] == kind]


# ---- books and their hash


def test_recomputes_the_hash_of_a_recorded_book() -> None:
    assert book_hash(RECORDED_EMPTY_BOOK) == RECORDED_EMPTY_BOOK["hash"]


@pytest.mark.parametrize("name", ["book-v1.json", "book-v2.json"])
def test_recomputes_the_hash_of_recorded_bodies(shared_wire: Path, name: str) -> None:
    body = json.loads((shared_wire / "polymarket" / "live_2026-10-05" / name).read_text())
    assert book_hash(body) == body["hash"]


def test_book_has_the_keys_order_and_number_texts_of_a_recorded_one(
    clob: ClobFace, exchange: Exchange, shared_wire: Path
) -> None:
    recorded = json.loads(
        (shared_wire / "polymarket" / "live_2026-10-05" / "book-v1.json").read_text()
    )
    rest_some(exchange, FIRST)
    ours = read(clob, f"/book?token_id={YES}")
    assert list(ours) == list(recorded)
    for book in (ours, recorded):
        texts = [level[key] for side in ("bids", "asks") for level in book[side] for key in level]
        assert all(text == plain(text) for text in texts)


def plain(text: str) -> str:
    """The same number without needless zeros."""
    return f"{Decimal(text).normalize():f}"


def test_bids_ascend_asks_descend_and_the_best_is_last(clob: ClobFace, exchange: Exchange) -> None:
    rest_some(exchange, FIRST)
    book = read(clob, f"/book?token_id={YES}")
    assert book["bids"] == [{"price": "0.4", "size": "100"}, {"price": "0.45", "size": "20.5"}]
    assert book["asks"] == [{"price": "0.6", "size": "1146.3"}, {"price": "0.55", "size": "30"}]
    assert book["hash"] == book_hash(book)


def test_no_book_is_the_mirror_with_the_same_moment(clob: ClobFace, exchange: Exchange) -> None:
    rest_some(exchange, FIRST)
    yes, no = read(clob, f"/book?token_id={YES}"), read(clob, f"/book?token_id={NO}")
    assert no["bids"] == [{"price": "0.4", "size": "1146.3"}, {"price": "0.45", "size": "30"}]
    assert no["asks"] == [{"price": "0.6", "size": "100"}, {"price": "0.55", "size": "20.5"}]
    assert (no["timestamp"], no["last_trade_price"]) == (yes["timestamp"], yes["last_trade_price"])
    assert no["hash"] != yes["hash"]


def test_last_trade_price_has_three_decimals_on_both_books(
    clob: ClobFace, exchange: Exchange
) -> None:
    play(exchange, FIRST, 0, T0)
    play(exchange, FIRST, 1, T0)
    assert read(clob, f"/book?token_id={YES}")["last_trade_price"] == "0.550"
    assert read(clob, f"/book?token_id={NO}")["last_trade_price"] == "0.550"


def test_stream_book_leaves_out_two_keys_but_hashes_them(exchange: Exchange) -> None:
    rest_some(exchange, FIRST)
    bids, asks = exchange.levels(FIRST, "bid"), exchange.levels(FIRST, "ask")
    depth = depth_of(exchange.market(FIRST), bids, asks)
    frame, book = book_frame(depth, 0), book_object(depth, 0)
    assert frame["hash"] == book["hash"]
    assert set(HASHED_KEYS) - set(frame) == {"min_order_size", "neg_risk", "version"}


# ---- CLOB reads


def test_books_are_read_many_at_once_and_unknown_ones_dropped(clob: ClobFace) -> None:
    asked = [{"token_id": token} for token in ("77777", YES, NO)]
    books = json.loads(post(clob, "/books", asked).body)
    assert {book["asset_id"] for book in books} == {YES, NO}
    assert [book["asset_id"] for book in books] != [YES, NO], "the order asked for is not kept"


def test_too_many_books_are_refused(clob: ClobFace) -> None:
    answer = post(clob, "/books", [{"token_id": YES}] * (BOOKS_MAX + 1))
    assert (answer.status, json.loads(answer.body)) == (400, {"error": "Payload exceeds the limit"})
    assert post(clob, "/books", [{"token_id": YES}] * BOOKS_MAX).status == 200


@pytest.mark.parametrize("body", [b"[", b"{}", b'[{"token_id":1}]', b""])
def test_unreadable_posts_are_refused(clob: ClobFace, body: bytes) -> None:
    assert clob.handle(HttpRequest("POST", "/books", (), body), T0).status == 400


def test_prices_midpoint_spread(clob: ClobFace, exchange: Exchange) -> None:
    rest_some(exchange, FIRST)
    assert read(clob, f"/price?token_id={YES}&side=BUY") == {"price": "0.45"}
    assert read(clob, f"/price?token_id={YES}&side=SELL") == {"price": "0.55"}
    assert read(clob, f"/price?token_id={NO}&side=SELL") == {"price": "0.55"}
    assert read(clob, f"/midpoint?token_id={YES}") == {"mid": "0.5"}
    assert read(clob, f"/spread?token_id={YES}") == {"spread": "0.1"}
    many = json.loads(post(clob, "/prices", [{"token_id": YES, "side": "BUY"}]).body)
    assert many == {YES: {"BUY": "0.45"}}
    assert json.loads(post(clob, "/midpoints", [{"token_id": NO}]).body) == {NO: "0.5"}


def test_last_trade_price_before_and_after_a_trade(clob: ClobFace, exchange: Exchange) -> None:
    assert read(clob, f"/last-trade-price?token_id={YES}") == {"price": "0.5", "side": ""}
    play(exchange, FIRST, 0, T0)
    play(exchange, FIRST, 1, T0)
    assert read(clob, f"/last-trade-price?token_id={YES}") == {"price": "0.550", "side": "BUY"}


def test_bare_answers_of_the_host(clob: ClobFace) -> None:
    assert get(clob, "/ok").body == b'"OK"'
    assert get(clob, "/time").body == b"1791241200"
    assert get(clob, "/version").body == b'{"version":2}'


def test_terms_of_a_token_and_the_legacy_fee_trap(clob: ClobFace) -> None:
    assert get(clob, f"/tick-size?token_id={YES}").body == b'{"minimum_tick_size":0.01}'
    assert get(clob, f"/neg-risk?token_id={YES}").body == b'{"neg_risk":true}'
    assert read(clob, f"/fee-rate?token_id={YES}") == {"base_fee": LEGACY_FEE_BPS}
    terms = read(clob, f"/clob-markets/{FIRST}")
    assert terms["fd"] == {"r": 0.04, "e": 1, "to": True}


def test_compact_terms_use_recorded_keys_and_omit_what_is_false(
    clob: ClobFace, shared_wire: Path
) -> None:
    folder = shared_wire / "polymarket" / "live_2026-10-05"
    recorded = json.loads((folder / "clob-markets-v1.json").read_text())
    alone = read(clob, f"/clob-markets/{CONDITIONS[2]}")
    assert set(alone) <= set(recorded)
    assert "nr" not in alone
    assert read(clob, f"/clob-markets/{FIRST}")["nr"] is True


def test_primary_token_is_the_smaller_number_not_yes(clob: ClobFace) -> None:
    found = read(clob, f"/markets-by-token/{YES}")
    assert found == {"condition_id": FIRST, "primary_token_id": NO, "secondary_token_id": YES}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/book?token_id=123", 404, NO_BOOK),
        ("/book?token_id=0xabc", 400, "Invalid token id"),
        ("/book", 400, "Invalid token id"),
        ("/books?token_ids=1", 400, "Invalid payload"),
        ("/clob-markets/0x12", 404, "market not found"),
        ("/nothing", 404, "not found"),
    ],
)
def test_refusals_are_texts_under_error(clob: ClobFace, path: str, status: int, words: str) -> None:
    answer = get(clob, path)
    assert (answer.status, json.loads(answer.body)) == (status, {"error": words})


def test_book_is_gone_once_an_outcome_is_proposed(clob: ClobFace, exchange: Exchange) -> None:
    rest_some(exchange, FIRST)
    exchange.close(FIRST, T0)
    assert get(clob, f"/book?token_id={YES}").status == 200
    exchange.propose(FIRST, Price(0), T0)
    assert get(clob, f"/book?token_id={YES}").status == 404
    assert json.loads(post(clob, "/books", [{"token_id": YES}]).body) == []


def test_winner_shows_after_settlement_only(clob: ClobFace, exchange: Exchange) -> None:
    for step in range(STEPS - 1):
        play(exchange, FIRST, step, T0 + step)
    assert not any(winners(read(clob, f"/markets/{FIRST}")))
    play(exchange, FIRST, STEPS - 1, T0 + STEPS)
    assert winners(read(clob, f"/markets/{FIRST}")) == [True, False]


def winners(market: Json) -> list[bool]:
    return [token["winner"] for token in market["tokens"]]


def test_all_markets_come_in_pages_that_end(clob: ClobFace) -> None:
    page = read(clob, "/markets?next_cursor=MA==")
    assert (page["count"], page["next_cursor"]) == (3, "LTE=")


# ---- Gamma


def test_market_has_only_recorded_keys(gamma: GammaFace, shared_wire: Path) -> None:
    folder = shared_wire / "polymarket"
    live = json.loads((folder / "live_2026-10-05" / "gamma-market-v1-btc15m.json").read_text())
    data = folder / "nautilus_trader" / "crates" / "adapters" / "polymarket" / "test_data"
    older = json.loads((data / "gamma_market.json").read_text())
    event = json.loads((data / "gamma_event.json").read_text())[0]
    negative = {key for market in event["markets"] for key in market}
    ours = read(gamma, "/markets/1")
    # The fact sheet names these; no recorded body here happens to have them.
    extra = {"category", "secondsDelay", "umaBond", "umaReward", "groupItemTitle"}
    assert set(ours) - set(live) - set(older) - negative <= extra
    for key in set(ours) & set(live):
        assert type(ours[key]) is type(live[key]) or {type(ours[key]), type(live[key])} == {
            int,
            float,
        }, key


def test_arrays_are_json_inside_texts(gamma: GammaFace) -> None:
    market = read(gamma, "/markets/slug/question-1")
    assert market["outcomes"] == '["Yes", "No"]'
    assert market["clobTokenIds"] == json.dumps(TOKENS[FIRST])
    assert market["outcomePrices"] == '["0.5", "0.5"]'
    assert market["umaResolutionStatuses"] == "[]"


def test_amounts_are_exact_numbers(gamma: GammaFace, exchange: Exchange) -> None:
    play(exchange, FIRST, 0, T0)
    play(exchange, FIRST, 1, T0)
    body = get(gamma, "/markets/1").body
    assert b'"volume":"6.6","volumeNum":6.6' in body
    assert b'"feeSchedule":{"exponent":1,"rate":0.04,"takerOnly":true,"rebateRate":0.25}' in body
    assert b'"bestBid":0.45,"bestAsk":0.55,"spread":0.1,"lastTradePrice":0.55' in body


def test_keyset_pages_walk_through_everything_once(gamma: GammaFace) -> None:
    seen: list[object] = []
    path = "/markets/keyset?limit=2"
    while path:
        page = read(gamma, path)
        seen += [row["id"] for row in page["markets"]]
        cursor = page.get("next_cursor")
        path = f"/markets/keyset?limit=2&after_cursor={cursor}" if cursor else ""
    assert seen == ["1", "2", "3"]


def test_keyset_limits_are_clamped_and_offsets_refused(gamma: GammaFace) -> None:
    assert len(rows_of(gamma, f"/markets/keyset?limit={PAGE_MAX * 9}")) == 3
    assert len(rows_of(gamma, "/markets/keyset?limit=0")) == 1
    answer = get(gamma, "/markets/keyset?offset=20")
    assert answer.status == 422
    assert json.loads(answer.body)["error"] == "offset is not allowed on keyset endpoints"
    assert get(gamma, "/markets/keyset?after_cursor=garbage").status == 422


def rows_of(gamma: GammaFace, path: str, name: str = "markets") -> list[Json]:
    return read(gamma, path)[name]


def test_order_takes_camel_case_names_only(gamma: GammaFace, exchange: Exchange) -> None:
    for native_id, size in zip(CONDITIONS, ("5", "20", "10"), strict=True):
        order(exchange, native_id, ("sell", "yes"), ("0.5", size))
        order(exchange, native_id, ("buy", "yes"), ("0.5", size), account="bob")
    ranked = rows_of(gamma, "/markets/keyset?order=volumeNum&limit=2")
    assert [row["id"] for row in ranked] == ["2", "3"]
    rising = rows_of(gamma, "/markets/keyset?order=volumeNum&ascending=true")
    assert [row["id"] for row in rising] == ["1", "3", "2"]
    assert get(gamma, "/markets/keyset?order=volume_num").status == 422


def test_closed_markets_are_left_out_unless_asked_for(gamma: GammaFace, exchange: Exchange) -> None:
    for step in range(STEPS):
        play(exchange, FIRST, step, T0 + step)
    assert [row["id"] for row in rows_of(gamma, "/markets/keyset")] == ["2", "3"]
    closed = rows_of(gamma, "/markets/keyset?closed=true")[0]
    assert (closed["id"], closed["closed"]) == ("1", True)
    assert closed["outcomePrices"] == '["1", "0"]'
    assert closed["umaResolutionStatus"] == "resolved"
    assert len(rows_of(gamma, "/events/keyset", "events")) == 2, "an event lives while a child does"


def test_state_follows_the_life_cycle(gamma: GammaFace, exchange: Exchange) -> None:
    assert read(gamma, "/markets/1")["acceptingOrders"] is True
    exchange.close(FIRST, T0)
    assert read(gamma, "/markets/1")["acceptingOrders"] is False
    exchange.propose(FIRST, Price(0), T0)
    exchange.dispute(FIRST, T0)
    disputed = read(gamma, "/markets/1")
    assert (disputed["closed"], disputed["umaResolutionStatus"]) == (False, "disputed")


def test_filters_name_markets(gamma: GammaFace) -> None:
    assert len(rows_of(gamma, "/markets/keyset?slug=question-1&slug=question-3")) == 2
    assert rows_of(gamma, f"/markets/keyset?clob_token_ids={NO}")[0]["id"] == "1"
    assert rows_of(gamma, f"/markets/keyset?condition_ids={CONDITIONS[1]}")[0]["id"] == "2"
    assert rows_of(gamma, "/events/keyset?tag_slug=nothing", "events") == []


def test_the_older_lists_are_still_served_and_say_that_they_end(gamma: GammaFace) -> None:
    answer = get(gamma, "/markets?limit=2&ascending=false")
    names = {name for name, _ in answer.headers}
    assert names == {"content-type", "deprecation", "sunset"}
    assert [market["id"] for market in json.loads(answer.body)] == ["3", "2"]
    rest = json.loads(get(gamma, "/markets?limit=2&offset=2&ascending=false").body)
    assert [market["id"] for market in rest] == ["1"]
    events = json.loads(get(gamma, "/events?order=volume&ascending=false").body)
    assert [len(event["markets"]) for event in events] == [1, 2]
    assert json.loads(get(gamma, f"/markets?clob_token_ids={YES}").body)[0]["id"] == "1"
    for query in ("limit=101", "offset=2001"):
        assert get(gamma, f"/events?{query}").status == 422


def test_events_nest_their_markets_and_name_the_group(gamma: GammaFace) -> None:
    event = read(gamma, "/events/slug/fed-decision-in-december")
    nested, group = event["markets"], event["negRiskMarketID"]
    assert [market["negRiskMarketID"] for market in nested] == [group, group]
    assert [market["questionID"] for market in nested] == [f"{group[:-2]}00", f"{group[:-2]}01"]
    assert len(group) == 66


def test_a_market_alone_has_its_own_question(exchange: Exchange) -> None:
    alone = exchange.market(CONDITIONS[2]).listing
    assert question_id(alone, 0) == question_id(alone, 7)
    body = market_object(exchange, CONDITIONS[2], with_events=False)
    assert "negRiskMarketID" not in body


def test_series_are_listed(gamma: GammaFace) -> None:
    found = json.loads(get(gamma, "/series?slug=fed").body)
    assert [series["slug"] for series in found] == ["fed"]
    assert found[0]["id"].isdecimal()
    events = rows_of(gamma, f"/events/keyset?series_id={found[0]['id']}", "events")
    assert [event["seriesSlug"] for event in events] == ["fed"]


@pytest.mark.parametrize(
    ("path", "status"), [("/markets/99", 404), ("/markets/abc", 422), ("/events/slug/x", 404)]
)
def test_unknown_metadata_is_not_found(gamma: GammaFace, path: str, status: int) -> None:
    assert get(gamma, path).status == status


def test_gamma_has_no_streams_and_takes_no_orders(gamma: GammaFace) -> None:
    refusal = gamma.open(1, "/ws/market", (), T0)
    assert refusal is not None
    assert refusal.status == 404
    assert gamma.handle(HttpRequest("POST", "/markets"), T0).status == 405
    assert (gamma.take_frames(T0), gamma.take_cuts()) == ([], [])


# ---- the market stream


def test_first_answer_is_one_array_of_books_with_a_line_end(
    clob: ClobFace, exchange: Exchange, shared_wire: Path
) -> None:
    rest_some(exchange, FIRST)
    subscribe(clob, YES, NO, "404")
    ((_, text),) = clob.take_frames(T0)
    assert text.endswith("]\n")
    books = json.loads(text)
    assert [book["asset_id"] for book in books] == [YES, NO]
    session = shared_wire / "polymarket" / "live_2026-10-05" / "ws-market-v2-session.jsonl"
    lines = [json.loads(line) for line in session.read_text().splitlines()]
    dump = next(line["data"] for line in lines if line["dir"] == "recv")
    recorded = json.loads(dump)[0]
    assert dump.endswith("]\n")
    assert list(books[0]) == [key for key in recorded if key != "version"]


def test_new_market_frame_has_the_recorded_keys(
    clob: ClobFace, exchange: Exchange, shared_wire: Path
) -> None:
    subscribe(clob, YES, custom=True)
    told(clob)
    added = listing(
        "polymarket", "0x" + "d" * 64, 4, event_info(2, "rain-nyc", exclusive=False), None
    )
    exchange.list_market(added, T0)
    (frame,) = told(clob)
    session = shared_wire / "polymarket" / "live_2026-10-05" / "ws-market-v2-session.jsonl"
    lines = [json.loads(line) for line in session.read_text().splitlines()]
    recorded = next(json.loads(x["data"]) for x in lines if "new_market" in str(x["data"]))
    assert [key for key in recorded if key != "fee_schedule"] == list(frame)


def test_every_change_shows_both_tokens_mirrored(clob: ClobFace, exchange: Exchange) -> None:
    subscribe(clob, YES)
    told(clob)
    order(exchange, FIRST, ("buy", "no"), ("0.45", "30"), T0 + 525_000)
    (frame,) = told(clob)
    assert frame["event_type"] == "price_change"
    assert frame["timestamp"] == "1791241200525"
    yes, no = frame["price_changes"]
    assert {
        key: yes[key] for key in ("asset_id", "price", "size", "side", "best_bid", "best_ask")
    } == {
        "asset_id": YES,
        "price": "0.55",
        "size": "30",
        "side": "SELL",
        "best_bid": "0",
        "best_ask": "0.55",
    }
    assert (no["asset_id"], no["price"], no["side"], no["best_bid"]) == (NO, "0.45", "BUY", "0.45")
    assert yes["hash"] == no["hash"]
    assert len(yes["hash"]) == 40


def test_a_trade_tells_price_change_and_fresh_books(clob: ClobFace, exchange: Exchange) -> None:
    subscribe(clob, YES, NO)
    play(exchange, FIRST, 0, T0)
    told(clob)
    play(exchange, FIRST, 1, T0)
    frames = told(clob)
    (trade,) = of_type(frames, "last_trade_price")
    assert (trade["asset_id"], trade["price"], trade["size"], trade["side"]) == (
        YES,
        "0.55",
        "12",
        "BUY",
    )
    assert [f["event_type"] for f in frames] == ["last_trade_price", "price_change", "book", "book"]
    rest = [read(clob, f"/book?token_id={token}") for token in (YES, NO)]
    assert [f["hash"] for f in of_type(frames, "book")] == [book["hash"] for book in rest]


def test_a_no_buyer_is_told_in_no_prices(clob: ClobFace, exchange: Exchange) -> None:
    subscribe(clob, YES)
    rest_some(exchange, FIRST)
    told(clob)
    order(exchange, FIRST, ("buy", "no"), ("0.55", "5"), account="bob")
    (trade,) = of_type(told(clob), "last_trade_price")
    assert (trade["asset_id"], trade["price"], trade["side"]) == (NO, "0.55", "BUY")


def test_custom_messages_need_the_flag(clob: ClobFace, exchange: Exchange) -> None:
    subscribe(clob, YES)
    subscribe(clob, YES, custom=True, connection=2)
    for step in range(STEPS):
        play(exchange, FIRST, step, T0 + step)
    plain_frames: list[Json] = []
    custom: list[Json] = []
    for to, text in clob.take_frames(T0):
        if not text.startswith("["):
            (plain_frames if to == 1 else custom).append(json.loads(text))
    extra = {str(f["event_type"]) for f in custom} - {str(f["event_type"]) for f in plain_frames}
    assert extra == {"best_bid_ask", "market_resolved"}
    resolved = of_type(custom, "market_resolved")[0]
    assert (resolved["winning_asset_id"], resolved["winning_outcome"]) == (YES, "Yes")


def test_resolution_reaches_streams_that_did_not_ask_for_the_market(
    clob: ClobFace, exchange: Exchange
) -> None:
    subscribe(clob, TOKENS[CONDITIONS[2]][0], custom=True)
    told(clob)
    for step in (5, 6):
        play(exchange, FIRST, step, T0)
    assert [frame["event_type"] for frame in told(clob)] == ["market_resolved"]


def test_tick_size_change_names_both_steps(clob: ClobFace, exchange: Exchange) -> None:
    subscribe(clob, NO)
    told(clob)
    exchange.change_grid(FIRST, TENTH, "deci_cent", T0)
    (frame,) = told(clob)
    assert (frame["asset_id"], frame["old_tick_size"], frame["new_tick_size"]) == (
        NO,
        "0.01",
        "0.001",
    )


def test_ping_is_text_and_so_is_pong(clob: ClobFace) -> None:
    clob.open(1, "/ws/market", (), T0)
    clob.receive(1, "PING", T0)
    assert clob.take_frames(T0) == [(1, "PONG")]


def test_asking_again_gives_no_second_book_but_sets_the_flag(
    clob: ClobFace, exchange: Exchange
) -> None:
    subscribe(clob, YES)
    told(clob)
    again = {"operation": "subscribe", "assets_ids": [YES], "custom_feature_enabled": True}
    clob.receive(1, json.dumps(again), T0)
    assert told(clob) == []
    rest_some(exchange, FIRST)
    assert of_type(told(clob), "best_bid_ask")


def test_unsubscribed_assets_fall_silent(clob: ClobFace, exchange: Exchange) -> None:
    subscribe(clob, YES, NO)
    clob.receive(1, json.dumps({"operation": "unsubscribe", "assets_ids": [YES, NO]}), T0)
    told(clob)
    play(exchange, FIRST, 0, T0)
    assert told(clob) == []


def test_no_dump_when_none_is_wanted(clob: ClobFace) -> None:
    clob.open(1, "/ws/market", (), T0)
    command = {"assets_ids": [YES], "type": "market", "initial_dump": False}
    clob.receive(1, json.dumps(command), T0)
    assert told(clob) == []


def test_no_book_is_dumped_for_a_proposed_market(clob: ClobFace, exchange: Exchange) -> None:
    play(exchange, FIRST, 5, T0)
    subscribe(clob, YES, TOKENS[CONDITIONS[1]][0])
    assert [book["market"] for book in told(clob)] == [CONDITIONS[1]]


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"assets_ids":7}', '{"type":"user"}'])
def test_frames_that_make_no_sense_are_passed_over(clob: ClobFace, text: str) -> None:
    clob.open(1, "/ws/market", (), T0)
    clob.receive(1, text, T0)
    assert clob.take_frames(T0) == []


def test_other_streams_are_not_there(clob: ClobFace) -> None:
    refusal = clob.open(1, "/ws/other", (), T0)
    assert refusal is not None
    assert refusal.status == 404


def test_assets_beyond_the_ceiling_get_nothing(exchange: Exchange) -> None:
    event = event_info(2, "rain-nyc", exclusive=False)
    for number in range(4, 4 + ASSETS_PER_STREAM_MAX // 2 + 1):
        added = listing("polymarket", f"0x{number:064x}", number, event, None)
        exchange.list_market(added, T0)
    clob = ClobFace(exchange)
    assets = [
        token
        for i in exchange.native_ids()
        for token in exchange.market(i).listing.market.outcome_ids
    ]
    subscribe(clob, *assets)
    assert len(told(clob)) == ASSETS_PER_STREAM_MAX < len(assets)


def test_a_closed_stream_hears_nothing_more(clob: ClobFace, exchange: Exchange) -> None:
    subscribe(clob, YES)
    told(clob)
    clob.close(1)
    play(exchange, FIRST, 0, T0)
    assert clob.take_frames(T0) == []


@pytest.mark.parametrize("seed", range(5))
def test_snapshot_plus_changes_is_the_exchange_s_own_book(seed: int) -> None:
    """Any stream of orders, folded from the frames alone, ends at the book that REST shows."""
    rng, exchange = Random(seed), polymarket_exchange()
    trade_randomly(rng, exchange, T0, 40)
    clob = ClobFace(exchange)
    subscribe(clob, YES, NO)
    books: dict[str, dict[str, dict[str, str]]] = {}
    for round_number in range(30):
        trade_randomly(rng, exchange, T0 + round_number * 1_000, 5)
        for frame in told(clob):
            fold(books, frame)
        for token in (YES, NO):
            assert books[token] == sides(read(clob, f"/book?token_id={token}"))


def trade_randomly(rng: Random, exchange: Exchange, now_us: int, count: int) -> None:
    for _ in range(count):
        resting = [o for o in exchange.orders("ann") if o.status == "resting"]
        if resting and rng.random() < 0.3:
            exchange.cancel("ann", rng.choice(resting).order_id, Instant(now_us))
            continue
        cents, size = rng.randrange(30, 71), rng.randrange(500, 5_000)
        outcome = "yes" if rng.random() < 0.5 else "no"
        at = (f"0.{cents:02d}", f"{size // 100}.{size % 100:02d}")
        account = rng.choice(("ann", "bob"))
        order(exchange, FIRST, ("buy", outcome), at, now_us, account=account)


def sides(book: Json) -> dict[str, dict[str, str]]:
    return {name: {x["price"]: x["size"] for x in book[name]} for name in ("bids", "asks")}


def fold(books: dict[str, dict[str, dict[str, str]]], frame: Json) -> None:
    if frame["event_type"] == "book":
        books[str(frame["asset_id"])] = sides(frame)
    elif frame["event_type"] == "price_change":
        for change in frame["price_changes"]:
            side = books[change["asset_id"]]["bids" if change["side"] == "BUY" else "asks"]
            side[change["price"]] = change["size"]
            if change["size"] == "0":
                del side[change["price"]]
            best = [max(books[change["asset_id"]]["bids"], key=Decimal, default="0")]
            best.append(min(books[change["asset_id"]]["asks"], key=Decimal, default="1"))
            assert best == [change["best_bid"], change["best_ask"]]
