"""Does the simulated Kalshi look like the real one from outside?"""

import base64
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.kalshi_auth import KeyRing
from foreshock.adapters.sim.kalshi_commands import CHANNELS, ERROR_WORDS
from foreshock.adapters.sim.kalshi_face import STREAM, KalshiFace
from foreshock.adapters.sim.kalshi_fees import FeeBook
from foreshock.adapters.sim.kalshi_frames import orderbook_snapshot
from foreshock.adapters.sim.kalshi_limits import TokenBucket
from foreshock.adapters.sim.kalshi_objects import market_uuid
from foreshock.adapters.sim.kalshi_pages import flat_error
from foreshock.adapters.sim.kalshi_rest import BOOKS_MAX
from foreshock.adapters.sim.kalshi_stream import KalshiStreams
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.markets import SeriesFee
from foreshock.core.domain.units import Instant, Price
from tests.unit.adapters.sim.face_scenario import (
    DAY,
    STEPS,
    T0,
    TENTH,
    TICKERS,
    event_info,
    kalshi_exchange,
    listing,
    order,
    play,
    rest_some,
)

Json = dict[str, Any]
FIRST, SECOND_TICKER, ALONE = TICKERS
KEY_ID = "11111111-2222-3333-4444-555555555555"
SEED = bytes(range(32))
# Computed for the key with seed 00..1f: it signs `1700000000000GET/trade-api/ws/v2` like this.
SIGNED_AT_MS = 1_700_000_000_000
SIGNATURE = (
    "mEX39ZDAG0lHqY8vwK41t5ovOboMchtv9qt0ITZE2H5IZSqyTRDpfHYrXKe3jpPQWQUrkwT/pgAmmR8ghTUGBQ=="
)
# Fields that came after the recordings of summer 2026, by OpenAPI 3.34.0.
NEW_FIELDS = {"settlement_bounds_type"}
NO_NUMBERS = {"title", "yes_sub_title", "no_sub_title", "rules_primary", "rules_secondary"}


@pytest.fixture
def exchange() -> Exchange:
    return kalshi_exchange()


@pytest.fixture
def keys() -> KeyRing:
    ring = KeyRing()
    private = ed25519.Ed25519PrivateKey.from_private_bytes(SEED)
    ring.register(
        KEY_ID, private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return ring


@pytest.fixture
def face(exchange: Exchange, keys: KeyRing) -> KalshiFace:
    return KalshiFace(exchange, keys)


def signed(method: str, path: str, now_us: int = T0) -> tuple[tuple[str, str], ...]:
    private = ed25519.Ed25519PrivateKey.from_private_bytes(SEED)
    text = f"{now_us // 1000}{method}{path}"
    return headers(KEY_ID, now_us // 1000, base64.b64encode(private.sign(text.encode())).decode())


def headers(key_id: str, at_ms: int, signature: str) -> tuple[tuple[str, str], ...]:
    return (
        ("KALSHI-ACCESS-KEY", key_id),
        ("KALSHI-ACCESS-TIMESTAMP", str(at_ms)),
        ("KALSHI-ACCESS-SIGNATURE", signature),
    )


def get(face: KalshiFace, path: str) -> HttpResponse:
    return face.handle(HttpRequest("GET", f"/trade-api/v2{path}"), T0)


def read(face: KalshiFace, path: str) -> Json:
    answer = get(face, path)
    assert answer.status == 200, answer
    return json.loads(answer.body)


def connect(face: KalshiFace, connection: int = 1) -> None:
    assert face.open(connection, STREAM, signed("GET", STREAM), T0) is None


def send(face: KalshiFace, cmd: str, command_id: int = 1, **params: object) -> None:
    face.receive(1, json.dumps({"id": command_id, "cmd": cmd, "params": params}), T0)


def told(face: KalshiFace, connection: int = 1) -> list[Json]:
    return [json.loads(text) for to, text in face.take_frames(T0) if to == connection]


def wire(shared_wire: Path, *parts: str) -> Json:
    return json.loads(shared_wire.joinpath("kalshi", *parts).read_text(encoding="utf8"))


# ---- the signature


def test_a_published_signature_opens_the_stream(face: KalshiFace) -> None:
    now_us = Instant(SIGNED_AT_MS * 1000)
    assert face.open(1, STREAM, headers(KEY_ID, SIGNED_AT_MS, SIGNATURE), now_us) is None


def test_an_rsa_pss_signature_opens_the_stream(exchange: Exchange) -> None:
    private, ring = rsa.generate_private_key(65537, 2048), KeyRing()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    ring.register(KEY_ID, public)
    text = f"{T0 // 1000}GET{STREAM}".encode()
    pss = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=32)
    longest = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=padding.PSS.MAX_LENGTH)
    face = KalshiFace(exchange, ring)
    for padded, status in ((pss, 0), (longest, 401), (padding.PKCS1v15(), 401)):
        signature = base64.b64encode(private.sign(text, padded, SHA256())).decode()
        refusal = face.open(1, STREAM, headers(KEY_ID, T0 // 1000, signature), T0)
        assert (0 if refusal is None else refusal.status) == status


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (headers(KEY_ID, T0 // 1000, "AAAA"), "auth__bad_signature.json"),
        (headers(KEY_ID, T0 // 1000, "not base64"), "auth__bad_signature.json"),
        (headers("00000000", T0 // 1000, "AAAA"), "auth__unknown_key_id.json"),
        (headers(KEY_ID, T0 // 1000, ""), "auth__missing_signature_header.json"),
        ((), "auth__missing_signature_header.json"),
        (signed("GET", STREAM, T0 - 30_000_000), "auth__skew_minus30s.json"),
        (signed("GET", STREAM, T0 + 300_000_000), "auth__skew_plus5min.json"),
        (headers(KEY_ID, T0 // 1_000_000, "AAAA"), "auth__skew_minus5min.json"),
    ],
    ids=["bad", "garbled", "unknown", "empty", "none", "late", "early", "seconds"],
)
def test_refusals_are_the_recorded_bodies(
    face: KalshiFace, given: tuple[tuple[str, str], ...], name: str, shared_wire: Path
) -> None:
    refusal = face.open(1, STREAM, given, T0)
    assert refusal is not None
    recorded = shared_wire / "kalshi" / "fortuna_demo_2026-06-11" / name
    assert (refusal.status, refusal.body) == (401, recorded.read_bytes().strip())


@pytest.mark.parametrize("skew_s", [-5, 5, 60])
def test_small_clock_errors_are_forgiven(face: KalshiFace, skew_s: int) -> None:
    assert face.open(1, STREAM, signed("GET", STREAM, T0 + skew_s * 1_000_000), T0) is None


def test_the_query_is_not_signed_but_the_path_is(face: KalshiFace) -> None:
    path = "/trade-api/v2/account/limits"
    given = signed("GET", path)
    assert face.handle(HttpRequest("GET", f"{path}?x=1", given), T0).status == 200
    other = signed("GET", "/account/limits")
    assert face.handle(HttpRequest("GET", path, other), T0).status == 401


def test_other_keys_and_papers_are_not_keys() -> None:
    with pytest.raises(ConfigError, match="PEM"):
        KeyRing().register(KEY_ID, b"nonsense")


def test_other_paths_have_no_stream(face: KalshiFace) -> None:
    refusal = face.open(1, "/trade-api/ws/v3", signed("GET", STREAM), T0)
    assert refusal is not None
    assert refusal.status == 404


# ---- REST


def test_market_has_the_recorded_keys_in_the_recorded_order(
    face: KalshiFace, exchange: Exchange, shared_wire: Path
) -> None:
    rest_some(exchange, FIRST)
    recorded = wire(shared_wire, "josephsapinoso_kalshi-cockpit_2026-08", "market_single.json")
    real = recorded["single"]["market"]
    ours = read(face, f"/markets/{FIRST}")["market"]
    assert list(ours) == sorted(ours)
    gone = {"liquidity_dollars", "custom_strike"}  # removed in October 2026; only for named strikes
    assert set(real) - gone <= set(ours)
    assert set(ours) - set(real) == NEW_FIELDS | {"floor_strike"}
    for key in (set(ours) & set(real)) - NO_NUMBERS:
        assert shape(ours[key]) == shape(real[key]), key


def shape(value: object) -> object:
    """A text as to its kind: how many decimals, a moment, or words."""
    if not isinstance(value, str):
        return type(value)
    try:
        return -int(Decimal(value).as_tuple().exponent)
    except ArithmeticError:
        return "moment" if value.endswith("Z") and value[4:5] == "-" else "words"


def test_an_empty_side_shows_nought_or_one(face: KalshiFace, exchange: Exchange) -> None:
    empty = read(face, f"/markets/{FIRST}")["market"]
    assert (empty["yes_bid_dollars"], empty["yes_ask_dollars"]) == ("0.0000", "1.0000")
    assert (empty["no_bid_dollars"], empty["no_ask_dollars"]) == ("0.0000", "1.0000")
    rest_some(exchange, FIRST)
    full = read(face, f"/markets/{FIRST}")["market"]
    assert (full["yes_bid_dollars"], full["yes_ask_dollars"]) == ("0.4500", "0.5500")
    assert (full["yes_bid_size_fp"], full["yes_ask_size_fp"]) == ("20.50", "30.00")


def test_orderbook_is_two_ladders_of_bids_best_last(
    face: KalshiFace, exchange: Exchange, shared_wire: Path
) -> None:
    rest_some(exchange, FIRST)
    book = read(face, f"/markets/{FIRST}/orderbook")
    assert book["orderbook_fp"] == {
        "no_dollars": [["0.4000", "1146.30"], ["0.4500", "30.00"]],
        "yes_dollars": [["0.4000", "100.00"], ["0.4500", "20.50"]],
    }
    recorded = wire(shared_wire, "fortuna_demo_2026-06-11", "orderbook__base.json")
    assert list(book["orderbook_fp"]) == list(recorded["orderbook_fp"])
    top = read(face, f"/markets/{FIRST}/orderbook?depth=1")["orderbook_fp"]
    assert top["yes_dollars"] == [["0.4500", "20.50"]]
    assert read(face, f"/markets/{ALONE}/orderbook")["orderbook_fp"]["yes_dollars"] == []


def test_many_orderbooks_at_once(face: KalshiFace, exchange: Exchange) -> None:
    rest_some(exchange, SECOND_TICKER)
    books = read(face, f"/markets/orderbooks?tickers={FIRST}&tickers={SECOND_TICKER}&tickers=X")
    assert [book["ticker"] for book in books["orderbooks"]] == [FIRST, SECOND_TICKER]
    refused = get(
        face, "/markets/orderbooks?" + "&".join(f"tickers=T{i}" for i in range(BOOKS_MAX + 1))
    )
    assert refused.status == 400
    assert set(json.loads(refused.body)) == {"code", "message", "details"}


def test_markets_come_newest_first_in_pages(face: KalshiFace, shared_wire: Path) -> None:
    first = read(face, "/markets?limit=2")
    assert [market["ticker"] for market in first["markets"]] == [ALONE, SECOND_TICKER]
    last = read(face, f"/markets?limit=2&cursor={first['cursor']}")
    assert [market["ticker"] for market in last["markets"]] == [FIRST]
    assert last["cursor"] == ""
    garbage = read(face, "/markets?limit=2&cursor=garbage")
    assert garbage == first, "a garbage cursor is the first page"
    recorded = wire(shared_wire, "fortuna_demo_2026-06-11", "markets__single_filter_lastpage.json")
    assert list(recorded) == list(last)


def test_a_limit_beyond_the_maximum_is_refused_in_the_recorded_words(
    face: KalshiFace, shared_wire: Path
) -> None:
    recorded = shared_wire / "kalshi" / "fortuna_demo_2026-06-11" / "markets__limit_over_max.json"
    answer = get(face, "/markets?limit=1001")
    assert (answer.status, answer.body) == (400, recorded.read_bytes().strip())
    assert get(face, "/events?limit=201").status == 400
    assert get(face, "/markets?limit=x").status == 400


def test_status_words_of_the_filter_are_not_those_of_the_body(
    face: KalshiFace, exchange: Exchange
) -> None:
    for step in range(STEPS - 1):
        play(exchange, FIRST, step, T0 + step)
    assert statuses(face, "closed") == ["determined"]
    assert statuses(face, "open") == ["active", "active"]
    exchange.settle(FIRST, Instant(T0 + STEPS))
    assert statuses(face, "settled") == ["finalized"]
    refused = get(face, "/markets?status=finalized")
    assert refused.status == 400
    assert json.loads(refused.body)["error"]["details"] == "invalid status filter"


def statuses(face: KalshiFace, word: str) -> list[str]:
    return [market["status"] for market in read(face, f"/markets?status={word}")["markets"]]


def test_result_comes_with_determination_and_cash_with_settlement(
    face: KalshiFace, exchange: Exchange
) -> None:
    assert "settlement_value_dollars" not in read(face, f"/markets/{FIRST}")["market"]
    for step in range(STEPS - 1):
        play(exchange, FIRST, step, T0 + step)
    market = read(face, f"/markets/{FIRST}")["market"]
    assert (market["result"], market["settlement_value_dollars"]) == ("yes", "1.0000")
    assert "settlement_ts" not in market
    exchange.settle(FIRST, Instant(T0 + STEPS))
    assert "settlement_ts" in read(face, f"/markets/{FIRST}")["market"]


def test_markets_are_filtered(face: KalshiFace) -> None:
    assert len(read(face, "/markets?event_ticker=KXFED-26DEC")["markets"]) == 2
    assert len(read(face, "/markets?series_ticker=KXRAIN")["markets"]) == 1
    assert len(read(face, f"/markets?tickers={FIRST},{ALONE}")["markets"]) == 2
    soon = (T0 + DAY) // 1_000_000
    assert len(read(face, f"/markets?min_close_ts={soon}")["markets"]) == 3
    assert read(face, f"/markets?max_close_ts={soon - 1}")["markets"] == []
    assert read(face, "/markets?min_settled_ts=1")["markets"] == []


def test_events_have_the_recorded_keys(face: KalshiFace, shared_wire: Path) -> None:
    folder = "josephsapinoso_kalshi-cockpit_2026-08"
    body = (shared_wire / "kalshi" / folder / "events_sports_nested.json").read_text("utf8")
    real = {key for event in json.loads(body) for key in event}
    events = read(face, "/events?with_nested_markets=true")["events"]
    gone = {"available_on_brokers", "product_metadata"}  # removed in September; optional
    assert real - gone <= set(events[0])
    assert set(events[0]) - real == {"strike_date"}
    assert [event["event_ticker"] for event in events] == ["KXRAIN-26DEC01", "KXFED-26DEC"]
    exclusive = events[1]
    assert (exclusive["mutually_exclusive"], exclusive["collateral_return_type"]) == (
        True,
        "MECNET",
    )
    assert [market["ticker"] for market in exclusive["markets"]] == [FIRST, SECOND_TICKER]


def test_events_are_filtered_by_the_state_of_their_markets(
    face: KalshiFace, exchange: Exchange
) -> None:
    play(exchange, ALONE, 5, T0)
    assert len(read(face, "/events?status=open")["events"]) == 1
    assert len(read(face, "/events?status=closed")["events"]) == 1
    assert read(face, "/events?status=settled")["events"] == []
    assert len(read(face, "/events?series_ticker=KXFED")["events"]) == 1


def test_one_event_has_its_markets_beside_or_inside(face: KalshiFace) -> None:
    beside = read(face, "/events/KXFED-26DEC")
    assert len(beside["markets"]) == 2
    inside = read(face, "/events/KXFED-26DEC?with_nested_markets=true")
    assert "markets" not in inside
    assert len(inside["event"]["markets"]) == 2
    assert list(read(face, "/events/KXFED-26DEC?exclude_markets=true")) == ["event"]


def test_series_have_the_recorded_keys(face: KalshiFace, shared_wire: Path) -> None:
    folder = "josephsapinoso_kalshi-cockpit_2026-08"
    recorded = wire(shared_wire, folder, "series_fee_fields.json")["payloads"]["KXMLBGAME"]
    ours = read(face, "/series/KXFED")["series"]
    assert set(recorded["series"]) - set(ours) == {"product_metadata"}
    assert set(ours) - set(recorded["series"]) == {"categories"}  # since September 2026
    assert (ours["fee_type"], ours["fee_multiplier"]) == ("quadratic", 1)
    assert len(read(face, "/series")["series"]) == 2
    assert read(face, "/series?category=Sports")["series"] == []


def test_a_fee_override_shows_on_the_event_and_among_its_changes(
    face: KalshiFace, exchange: Exchange
) -> None:
    connect(face)
    send(face, "subscribe", channels=["market_lifecycle_v2"])
    told(face)
    for ticker in (FIRST, SECOND_TICKER):
        exchange.change_fee(ticker, SeriesFee("quadratic_with_maker_fees", 500_000), T0)
    (frame,) = told(face)
    assert frame["type"] == "event_fee_update"
    assert frame["msg"] == {
        "event_ticker": "KXFED-26DEC",
        "fee_type_override": "quadratic_with_maker_fees",
        "fee_multiplier_override": 0.5,
    }
    event = read(face, "/events/KXFED-26DEC")["event"]
    assert event["fee_type_override"] == "quadratic_with_maker_fees"
    assert read(face, "/series/KXFED")["series"]["fee_type"] == "quadratic"
    exchange.change_fee(FIRST, None, T0)
    assert told(face)[0]["msg"]["fee_type_override"] is None
    changes = read(face, "/events/fee_changes")["event_fee_changes"]
    assert [change["fee_type_override"] for change in changes] == [
        None,
        "quadratic_with_maker_fees",
    ]
    assert FeeBook(exchange).series_fee("KXFED") == SeriesFee("quadratic", 1_000_000)


def test_trades_have_the_recorded_keys_and_come_newest_first(
    face: KalshiFace, exchange: Exchange, shared_wire: Path
) -> None:
    rest_some(exchange, FIRST)
    for index in range(3):
        now_us = T0 + index * 1_000_000
        order(exchange, FIRST, ("buy", "yes"), ("0.55", "1"), now_us, account="bob")
    page = read(face, f"/markets/trades?ticker={FIRST}&limit=2")
    recorded = wire(shared_wire, "fortuna_demo_2026-06-11", "trades__public_recorded.json")
    assert list(page) == list(recorded)
    assert list(page["trades"][0]) == list(recorded["trades"][0])
    for key, value in recorded["trades"][0].items():
        assert shape(page["trades"][0][key]) == shape(value) or key == "count_fp", key
    rest = read(face, f"/markets/trades?limit=2&cursor={page['cursor']}")
    times = [trade["created_time"] for trade in page["trades"] + rest["trades"]]
    assert times == sorted(times, reverse=True)
    assert (len(times), rest["cursor"]) == (3, "")
    assert len(read(face, f"/markets/trades?min_ts={T0 // 1_000_000 + 1}")["trades"]) == 2


def test_account_answers_have_the_recorded_keys(face: KalshiFace, shared_wire: Path) -> None:
    costs = wire(shared_wire, "fortuna_demo_2026-06-11", "account__endpoint_costs.json")
    assert list(read(face, "/account/endpoint_costs")) == list(costs)
    path = "/trade-api/v2/account/limits"
    answer = face.handle(HttpRequest("GET", path, signed("GET", path)), T0)
    limits = wire(shared_wire, "fortuna_demo_2026-06-11", "account__limits.json")
    assert list(json.loads(answer.body)) == list(limits)


def test_the_exchange_says_whether_it_trades(face: KalshiFace, shared_wire: Path) -> None:
    recorded = shared_wire / "kalshi" / "fortuna_demo_2026-06-11" / "exchange__status.json"
    wanted = json.loads(recorded.read_bytes())
    assert wanted.items() <= read(face, "/exchange/status").items()
    face.set_trading(is_trading=False)
    assert read(face, "/exchange/status")["trading_active"] is False
    hours = read(face, "/exchange/schedule")["schedule"]["standard_hours"][0]
    assert [len(hours[day]) for day in ("wednesday", "thursday")] == [1, 2]
    assert read(face, "/series/fee_changes") == {"series_fee_change_arr": []}


@pytest.mark.parametrize("path", ["/nope", "/markets/NOPE", "/events/NOPE", "/series/NOPE", ""])
def test_what_is_not_there_is_not_found(face: KalshiFace, path: str) -> None:
    answer = get(face, path)
    body = b'{"error":{"code":"not_found","message":"not found"}}'
    assert (answer.status, answer.body) == (404, body)


def test_too_many_requests_get_a_bare_text(exchange: Exchange, keys: KeyRing) -> None:
    face = KalshiFace(exchange, keys, TokenBucket(200, 400))
    answers = [get(face, "/exchange/status") for _ in range(41)]
    assert [answer.status for answer in answers] == [200] * 40 + [429]
    assert answers[-1].body == b'{"error":"too many requests"}'
    later = Instant(T0 + 50_000)
    request = HttpRequest("GET", "/trade-api/v2/exchange/status")
    assert [face.handle(request, later).status for _ in range(2)] == [200, 429]


def test_the_flat_shape_of_errors() -> None:
    body = json.loads(flat_error("bad_request", "no").body)
    assert body == {"code": "bad_request", "message": "bad request", "details": "no"}


# ---- the stream: commands


def test_each_channel_gets_its_own_sid(face: KalshiFace) -> None:
    connect(face)
    send(face, "subscribe", 7, channels=list(CHANNELS), market_ticker=FIRST)
    acks = [frame for frame in told(face) if frame["type"] == "subscribed"]
    assert [(ack["id"], ack["msg"]) for ack in acks] == [
        (7, {"channel": channel, "sid": sid}) for sid, channel in enumerate(CHANNELS, start=1)
    ]
    assert all("seq" not in ack for ack in acks)


def test_subscribing_again_merges_and_says_ok_with_every_ticker(
    face: KalshiFace, exchange: Exchange
) -> None:
    rest_some(exchange, FIRST)
    connect(face)
    send(face, "subscribe", 1, channels=["orderbook_delta"], market_tickers=[SECOND_TICKER])
    send(face, "subscribe", 2, channels=["orderbook_delta"], market_tickers=[FIRST])
    frames = told(face)
    assert [(f["type"], f.get("seq")) for f in frames] == [
        ("subscribed", None),
        ("orderbook_snapshot", 1),
        ("ok", 2),
        ("orderbook_snapshot", 3),
    ]
    assert frames[2]["msg"] == {"market_tickers": [FIRST, SECOND_TICKER]}
    assert frames[3]["msg"]["market_ticker"] == FIRST


def test_our_frames_have_the_recorded_keys(
    face: KalshiFace, exchange: Exchange, shared_wire: Path
) -> None:
    folder = "josephsapinoso_kalshi-cockpit_2026-08"
    recorded = wire(shared_wire, folder, "ws_orderbook_stream.json")["shape"]
    connect(face)
    send(face, "subscribe", 1, channels=["orderbook_delta"], market_tickers=[SECOND_TICKER])
    rest_some(exchange, FIRST)
    send(face, "subscribe", 2, channels=["orderbook_delta"], market_tickers=[FIRST])
    order(exchange, FIRST, ("buy", "yes"), ("0.30", "1"))
    for frame in told(face):
        kind = frame["type"]
        assert set(frame) - {"sending_ts_ms"} == set(recorded["frame_keys"][kind])
        body = set(frame["msg"])
        empty = kind == "orderbook_snapshot" and frame["msg"]["market_ticker"] == SECOND_TICKER
        missing = {"yes_dollars_fp", "no_dollars_fp"} if empty else set[str]()
        # `clock` came in October 2026, after the recording.
        assert body - {"clock"} == set(recorded["msg_keys"][kind]) - missing


def check_seq(frames: list[Json]) -> int:
    """The venue's rule: per sid, every frame with a seq is one more than the last."""
    last: dict[int, int] = defaultdict(int)
    for frame in frames:
        if "seq" in frame:
            assert frame["seq"] == last[frame["sid"]] + 1
            last[frame["sid"]] = frame["seq"]
    return sum(last.values())


def test_seq_counts_as_in_the_recorded_capture(
    face: KalshiFace, exchange: Exchange, shared_wire: Path
) -> None:
    folder = "josephsapinoso_kalshi-cockpit_2026-08"
    recorded = wire(shared_wire, folder, "ws_orderbook_stream.json")
    assert check_seq([row["frame"] for row in recorded["frames"]]) == 268
    connect(face)
    for index, ticker in enumerate(TICKERS, start=1):
        send(face, "subscribe", index, channels=["orderbook_delta", "trade"], market_ticker=ticker)
        rest_some(exchange, ticker)
    sid = 1
    send(face, "update_subscription", 8, sid=sid, action="delete_markets", market_ticker=FIRST)
    send(face, "update_subscription", 9, sid=sid, action="nonsense", market_ticker=FIRST)
    order(exchange, ALONE, ("buy", "yes"), ("0.55", "3"), account="bob")
    send(face, "unsubscribe", 10, sids=[sid])
    frames = told(face)
    assert check_seq(frames) > 15
    assert {"ok", "error", "unsubscribed", "trade"} <= {f["type"] for f in frames if "seq" in f}
    assert {f["type"] for f in frames if "seq" not in f} == {"subscribed"}


def test_a_snapshot_on_demand_carries_the_command_s_id(
    face: KalshiFace, exchange: Exchange
) -> None:
    connect(face)
    send(face, "subscribe", 1, channels=["orderbook_delta"], market_ticker=FIRST)
    rest_some(exchange, FIRST)
    told(face)
    send(face, "update_subscription", 5, sids=[1], action="get_snapshot", market_tickers=[FIRST])
    (frame,) = told(face)
    assert (frame["type"], frame["id"], frame["seq"]) == ("orderbook_snapshot", 5, 6)
    assert frame["msg"]["yes_dollars_fp"] == [["0.4000", "100.00"], ["0.4500", "20.50"]]


def test_added_markets_are_acknowledged_then_shown(face: KalshiFace, exchange: Exchange) -> None:
    connect(face)
    send(face, "subscribe", 1, channels=["orderbook_delta"], market_ticker=FIRST)
    told(face)
    send(face, "update_subscription", 2, sid=1, action="add_markets", market_tickers=[FIRST, ALONE])
    ok, snapshot = told(face)
    assert ok["msg"] == {"market_tickers": sorted([FIRST, ALONE])}
    assert snapshot["msg"]["market_ticker"] == ALONE
    send(face, "update_subscription", 3, sid=1, action="delete_markets", market_ticker=FIRST)
    told(face)
    rest_some(exchange, FIRST)
    assert told(face) == []


def test_subscriptions_are_listed(face: KalshiFace) -> None:
    connect(face)
    send(face, "subscribe", 1, channels=["trade", "ticker"])
    told(face)
    face.receive(1, '{"id":3,"cmd":"list_subscriptions"}', T0)
    (frame,) = told(face)
    assert frame["msg"] == [{"channel": "trade", "sid": 1}, {"channel": "ticker", "sid": 2}]
    assert "sid" not in frame


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nonsense", 1),
        ('{"id":1,"cmd":"subscribe"}', 2),
        ('{"id":1,"cmd":"subscribe","params":{}}', 3),
        ('{"id":1,"cmd":"unsubscribe","params":{}}', 4),
        ('{"id":1,"cmd":"dance"}', 5),
        ('{"id":1,"cmd":"unsubscribe","params":{"sids":[1,9]}}', 7),
        ('{"id":1,"cmd":"subscribe","params":{"channels":["ticker_v2"]}}', 8),
        ('{"id":1,"cmd":"subscribe","params":{"channels":"trade"}}', 11),
        ('{"id":1,"cmd":"subscribe","params":{"channels":["trade"],"market_id":"x"}}', 11),
        ('{"id":1,"cmd":"update_subscription","params":{"sids":[1,2],"action":"x"}}', 12),
        (
            '{"id":1,"cmd":"update_subscription","params":{"sid":1,"action":"x","market_ticker":"T"}}',
            13,
        ),
        ('{"id":1,"cmd":"subscribe","params":{"channels":["orderbook_delta"]}}', 14),
        ('{"id":1,"cmd":"update_subscription","params":{"sid":1,"market_ticker":"T"}}', 15),
    ],
)
def test_errors_have_codes(face: KalshiFace, text: str, code: int) -> None:
    connect(face)
    send(face, "subscribe", 1, channels=["trade"])
    told(face)
    face.receive(1, text, T0)
    (frame,) = told(face)
    assert frame["type"] == "error"
    assert frame["msg"] == {"code": code, "msg": ERROR_WORDS[code]}
    assert ("sid" in frame) is (code in {13, 15}), "errors of a subscription name it"


def test_a_refused_command_leaves_every_subscription_alone(face: KalshiFace) -> None:
    connect(face)
    send(face, "subscribe", 1, channels=["trade"])
    send(face, "unsubscribe", 2, sids=[1, 9])
    send(face, "subscribe", 3, channels=["ticker", "nothing"])
    told(face)
    face.receive(1, '{"cmd":"list_subscriptions"}', T0)
    (frame,) = told(face)
    assert frame["msg"] == [{"channel": "trade", "sid": 1}]
    assert "id" not in frame, "an id of 0 is no id"


def test_sids_and_seqs_start_again_with_each_connection(face: KalshiFace) -> None:
    connect(face)
    send(face, "subscribe", 1, channels=["orderbook_delta"], market_ticker=FIRST)
    face.close(1)
    told(face)
    connect(face)
    send(face, "subscribe", 1, channels=["orderbook_delta"], market_ticker=FIRST)
    ack, snapshot = told(face)
    assert (ack["msg"]["sid"], snapshot["seq"]) == (1, 1)


def test_an_unknown_ticker_gets_an_empty_book_without_id(
    face: KalshiFace, exchange: Exchange
) -> None:
    connect(face)
    send(face, "subscribe", 1, channels=["orderbook_delta"], market_ticker="NOPE")
    assert told(face)[1]["msg"] == {"market_ticker": "NOPE", "market_id": "", "clock": 0}
    assert orderbook_snapshot(exchange, "NOPE", use_yes_price=True)["market_id"] == ""


# ---- the stream: data


@pytest.mark.parametrize(("use_yes_price", "shown"), [(False, "0.4500"), (True, "0.5500")])
def test_no_orders_are_priced_as_asked(
    face: KalshiFace, exchange: Exchange, *, use_yes_price: bool, shown: str
) -> None:
    connect(face)
    params = {"market_ticker": FIRST, "use_yes_price": use_yes_price}
    send(face, "subscribe", 1, channels=["orderbook_delta"], **params)
    order(exchange, FIRST, ("buy", "no"), ("0.45", "30"))
    delta = told(face)[-1]["msg"]
    assert (delta["side"], delta["price_dollars"], delta["delta_fp"]) == ("no", shown, "30.00")
    send(face, "update_subscription", 2, sid=1, action="get_snapshot", market_ticker=FIRST)
    snapshot = told(face)[-1]["msg"]
    assert snapshot["no_dollars_fp"] == [[shown, "30.00"]]
    assert "yes_dollars_fp" not in snapshot, "a side without orders is absent"
    assert snapshot["clock"] >= delta["clock"] >= 1


def test_trades_go_to_who_asked(face: KalshiFace, exchange: Exchange) -> None:
    connect(face)
    send(face, "subscribe", 1, channels=["trade"], market_ticker=FIRST)
    told(face)
    for ticker in (FIRST, ALONE):
        rest_some(exchange, ticker)
        order(exchange, ticker, ("buy", "no"), ("0.55", "2"), account="bob")
    (frame,) = told(face)
    trade = frame["msg"]
    assert (trade["yes_price_dollars"], trade["no_price_dollars"]) == ("0.4500", "0.5500")
    assert (trade["taker_outcome_side"], trade["taker_book_side"]) == ("no", "ask")
    rest = read(face, f"/markets/trades?ticker={FIRST}")["trades"][0]
    assert (trade["trade_id"], trade["count_fp"]) == (rest["trade_id"], rest["count_fp"])


def test_ticker_tells_the_touch_once_and_without_seq(face: KalshiFace, exchange: Exchange) -> None:
    connect(face)
    send(face, "subscribe", 1, channels=["ticker"], market_ids=[market_uuid(FIRST)])
    told(face)
    rest_some(exchange, FIRST)
    rest_some(exchange, ALONE)
    (frame,) = told(face)
    assert "seq" not in frame
    assert (frame["msg"]["yes_bid_dollars"], frame["msg"]["yes_ask_dollars"]) == (
        "0.4500",
        "0.5500",
    )
    order(exchange, FIRST, ("buy", "yes"), ("0.30", "1"))
    assert told(face) == [], "nothing changed that the ticker shows"


def test_ticker_snapshot_on_request(face: KalshiFace) -> None:
    connect(face)
    params = {"market_ticker": FIRST, "send_initial_snapshot": True}
    send(face, "subscribe", 1, channels=["ticker"], **params)
    assert [frame["type"] for frame in told(face)] == ["subscribed", "ticker"]


def test_life_cycle_is_told_for_every_market(face: KalshiFace, exchange: Exchange) -> None:
    connect(face)
    send(face, "subscribe", 1, channels=["market_lifecycle_v2"])
    told(face)
    new = event_info(3, "KXNEW-26DEC", exclusive=False)
    exchange.list_market(listing("kalshi", "KXNEW-26DEC-A", 4, new, None), T0)
    exchange.open_market("KXNEW-26DEC-A", T0)
    exchange.pause(FIRST, T0)
    exchange.open_market(FIRST, T0)
    exchange.change_grid(FIRST, TENTH, "deci_cent", T0)
    exchange.close(FIRST, T0)
    exchange.propose(FIRST, Price(500_000), T0)
    exchange.settle(FIRST, T0)
    frames = told(face)
    assert [(f["type"], f["msg"].get("event_type")) for f in frames] == [
        ("event_lifecycle", None),
        ("market_lifecycle_v2", "created"),
        ("market_lifecycle_v2", "deactivated"),
        ("market_lifecycle_v2", "activated"),
        ("market_lifecycle_v2", "price_level_structure_updated"),
        ("market_lifecycle_v2", "close_date_updated"),
        ("market_lifecycle_v2", "determined"),
        ("market_lifecycle_v2", "settled"),
    ]
    check_seq(frames)
    determined = frames[6]["msg"]
    assert (determined["result"], determined["settlement_value"]) == ("scalar", "0.5000")
    assert frames[4]["msg"]["price_ranges"] == [
        {"start": "0.0000", "end": "1.0000", "step": "0.0010"}
    ]


@pytest.mark.parametrize("use_yes_price", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_snapshot_plus_deltas_is_the_exchange_s_own_book(
    face: KalshiFace, exchange: Exchange, seed: int, *, use_yes_price: bool
) -> None:
    """Any stream of orders, folded from the frames alone, ends at the book that REST shows."""
    rng = Random(seed)
    trade_randomly(rng, exchange, 40)
    connect(face)
    params = {"market_ticker": FIRST, "use_yes_price": use_yes_price}
    send(face, "subscribe", 1, channels=["orderbook_delta"], **params)
    book: dict[str, dict[Decimal, Decimal]] = {}
    clock = 0
    for _ in range(30):
        trade_randomly(rng, exchange, 5)
        for frame in told(face):
            clock = fold(book, frame, clock, use_yes_price=use_yes_price)
        rest = read(face, f"/markets/{FIRST}/orderbook")["orderbook_fp"]
        shown = {side: levels(rest[f"{side}_dollars"]) for side in ("yes", "no")}
        assert book == shown


def trade_randomly(rng: Random, exchange: Exchange, count: int) -> None:
    for _ in range(count):
        resting = [o for o in exchange.orders("ann") if o.status == "resting"]
        if resting and rng.random() < 0.3:
            exchange.cancel("ann", rng.choice(resting).order_id, T0)
            continue
        cents, size = rng.randrange(30, 71), rng.randrange(1, 5_000)
        outcome = "yes" if rng.random() < 0.5 else "no"
        at = (f"0.{cents:02d}", f"{size // 100}.{size % 100:02d}")
        order(exchange, FIRST, ("buy", outcome), at, account=rng.choice(("ann", "bob")))


def levels(rows: list[list[str]]) -> dict[Decimal, Decimal]:
    return {Decimal(price): Decimal(size) for price, size in rows}


def fold(
    book: dict[str, dict[Decimal, Decimal]], frame: Json, clock: int, *, use_yes_price: bool
) -> int:
    """Apply one frame to a book in the words of each leg; returns its clock."""
    body = frame["msg"]
    if frame["type"] == "orderbook_snapshot":
        for side in ("yes", "no"):
            rows = levels(body.get(f"{side}_dollars_fp", []))
            flip = side == "no" and use_yes_price
            book[side] = {1 - price if flip else price: size for price, size in rows.items()}
    elif frame["type"] == "orderbook_delta":
        price = Decimal(body["price_dollars"])
        if body["side"] == "no" and use_yes_price:
            price = 1 - price
        side = book[body["side"]]
        side[price] = side.get(price, Decimal(0)) + Decimal(body["delta_fp"])
        assert side[price] >= 0
        if not side[price]:
            del side[price]
    else:
        return clock
    assert body["clock"] >= clock
    return body["clock"]


def test_streams_can_stand_alone(exchange: Exchange) -> None:
    streams = KalshiStreams(exchange, FeeBook(exchange))
    streams.open(1)
    streams.close(1)
    streams.close(1)
    assert streams.take_frames(T0) == []
