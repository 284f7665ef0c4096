"""Does every documented or recorded body mean at the port what it means at its venue?

Documented bodies are retyped: Polymarket's error page and clients as of October 2026 (the table of
its own tests), Kalshi's error table as of October 2026. Recorded ones are read where they are.
"""

import json
from itertools import product
from pathlib import Path

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Answer, OrderRef
from foreshock.core.domain.accounts import AccountPart, VenueCondition
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.messages.trading import (
    OrderAccepted,
    OrderClosed,
    OrderRejected,
    OrderUnknown,
    TimeInForce,
)
from foreshock.core.domain.units import Instant
from tests.conformance.trader import VENUES, Trader, ends_of
from tests.unit.adapters.venues.polymarket.test_outcomes import DOCUMENTED as POLYMARKET

BODY_BYTES_MAX = 150_000
STATUSES = (200, 201, 400, 401, 403, 404, 409, 429, 500, 503)
OTHER_ID = "0b8e5f0c-0000-4000-8000-000000000000"
UNRECORDED = {("polymarket", "positions"), ("polymarket", "balance")}
"""The samples of balances are of the older shape, with one allowance for all contracts."""
MEANINGS = {"rejected": OrderRejected, "killed": OrderClosed, "unknown": OrderUnknown}

Documented = tuple[int, str, str, VenueCondition | None]
KALSHI: list[Documented] = [
    (400, "invalid_order", "rejected", None),
    (400, "invalid_price", "rejected", None),
    (400, "insufficient_balance", "rejected", None),
    (400, "bad_request", "rejected", None),
    (400, "missing_parameters", "rejected", None),
    (400, "invalid_parameters", "rejected", None),
    (400, "invalid_content_type", "rejected", None),
    (400, "MARKET_NOT_ACTIVE", "rejected", None),
    (400, "MARKET_INACTIVE", "rejected", None),
    (401, "header_timestamp_expired", "rejected", "not_ready"),
    (401, "authentication_error", "rejected", "not_ready"),
    (401, "signature_is_missing_from_headers", "rejected", "not_ready"),
    (404, "market_not_found", "rejected", None),
    (404, "insufficient_shard_balance", "rejected", None),
    (404, "not_found", "unknown", None),
    (409, "order_already_exists", "unknown", None),
    (409, "fill_or_kill_insufficient_resting_volume", "killed", None),
    (409, "trading_is_paused", "rejected", "paused"),
    (410, "deprecated_v1_order_endpoint", "rejected", "not_ready"),
    (429, "too many requests", "rejected", None),
    (500, "internal_server_error", "unknown", None),
    (503, "service_unavailable", "unknown", None),
    (504, "timeout", "unknown", None),
]


def body_of(name: str, words: str) -> bytes:
    said: object = words
    if name == "kalshi" and " " not in words:
        said = {"code": words, "message": words.replace("_", " "), "service": "exchange"}
    return json.dumps({"error": said}).encode()


def placed(name: str, status: int, body: bytes, force: TimeInForce = "fok") -> Answer:
    trader = Trader(name)
    prepared = trader.prepare(time_in_force=force)
    return trader.path.placed(prepared, HttpResponse(status, body), trader.now_us)


@pytest.mark.parametrize(
    ("name", "documented"),
    [*(("polymarket", each) for each in POLYMARKET), *(("kalshi", each) for each in KALSHI)],
    ids=lambda each: each if isinstance(each, str) else f"{each[0]} {each[1][:40]}",
)
def test_every_documented_refusal_has_its_outcome(name: str, documented: Documented) -> None:
    status, words, meaning, condition = documented
    found = placed(name, status, body_of(name, words))
    assert [type(fact) for fact in found.facts] == [MEANINGS[meaning]]
    assert found.condition == condition
    assert not found.is_absent
    closed = [fact.filled for fact in found.facts if isinstance(fact, OrderClosed)]
    assert closed in ([], [0]), "killed: nothing traded"


@pytest.mark.parametrize("name", VENUES)
@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_that_a_venue_asks_for_is_kept(name: str, status: int) -> None:
    trader = Trader(name)
    answer = HttpResponse(status, body_of(name, "too many requests"), (("Retry-After", "7"),))
    found = trader.path.placed(trader.prepare(), answer, trader.now_us)
    assert found.retry_after_us == 7_000_000


def bodies(shared_wire: Path, name: str) -> list[tuple[str, bytes]]:
    """Every recorded or sampled body of a venue, of whatever endpoint."""
    paths = [p for p in sorted((shared_wire / name).rglob("*.json")) if ".meta." not in p.name]
    small = [p for p in paths if p.stat().st_size <= BODY_BYTES_MAX]
    assert len(small) > 30
    return [(path.name, path.read_bytes()) for path in small]


@pytest.mark.parametrize("name", VENUES)
def test_no_recorded_body_is_taken_for_a_word_on_our_order(name: str, shared_wire: Path) -> None:
    """They are of other orders, or of other endpoints altogether."""
    trader = Trader(name)
    prepared = trader.prepare()
    named = prepared.venue_order_id or OTHER_ID
    ref = OrderRef("o1", prepared.client_id, named, trader.market.id)
    for file, body in bodies(shared_wire, name):
        for status in STATUSES:
            answer = HttpResponse(status, body)
            found = trader.path.placed(prepared, answer, trader.now_us)
            assert len(found.facts) == 1, (file, status)
            assert not isinstance(found.facts[0], OrderAccepted | OrderClosed), (file, status)
            if status in {200, 201, 500, 503}:
                assert isinstance(found.facts[0], OrderUnknown), (file, status)
            assert not ends_of([trader.path.cancelled([ref], answer, trader.now_us)])


@pytest.mark.parametrize("is_named", [True, False])
@pytest.mark.parametrize("name", VENUES)
def test_no_recorded_body_answers_a_question_about_our_order(
    name: str, is_named: bool, shared_wire: Path
) -> None:
    trader = Trader(name)
    prepared = trader.prepare()
    named = prepared.venue_order_id or (OTHER_ID if is_named else None)
    ref = OrderRef("o1", prepared.client_id, named, trader.market.id)
    steps = range(len(trader.path.lookups(ref, Instant(0))))
    for (file, body), step, status in product(bodies(shared_wire, name), steps, (200, 500)):
        answer = HttpResponse(status, body)
        found = trader.path.looked_up(ref, step, answer, trader.now_us)
        assert not ends_of([found]), (file, step)
        assert not found.fills, (file, step)
        assert not found.is_absent, (file, step)


@pytest.mark.parametrize("part", ["orders", "fills", "positions", "balance"])
@pytest.mark.parametrize("name", VENUES)
def test_a_recorded_body_is_read_or_refused_in_words(
    name: str, part: AccountPart, shared_wire: Path
) -> None:
    trader = Trader(name)
    words: dict[str, str] = {}
    for file, body in bodies(shared_wire, name):
        try:
            trader.reader.heard(part, HttpResponse(200, body))
        except DataError as error:
            words[file] = str(error)
        else:
            words[file] = "read"
        with pytest.raises(VenueUnavailableError):
            trader.reader.heard(part, HttpResponse(503, body))
    assert all(words.values())
    assert "read" in words.values() or (name, part) in UNRECORDED
