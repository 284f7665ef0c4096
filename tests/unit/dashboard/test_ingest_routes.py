"""Programs tell us something: with a token, bounded, once, and never as somebody else."""

import hmac
from hashlib import sha256
from http import HTTPStatus

import httpx2
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.messages.alerting import ObservationReceived
from foreshock.core.domain.units import MICRO, SECOND, Instant
from foreshock.dashboard.answers import Refused
from foreshock.dashboard.ingest import IngestDoor, IngestRules, TokenRule
from foreshock.dashboard.told_from_outside import EventBody, RelayBody, observation, relayed, shown
from tests.trading import START
from tests.unit.adapters.notify.told import HOSTILE
from tests.unit.dashboard.site import BEARER, HOST, ORIGIN, Site

TOKEN, RELAY_TOKEN = "ingest-token-1", "relay-token-1"
EVENT = {
    "source": "my-scraper",
    "platform": "polymarket",
    "market_id": "will-fed-cut-june",
    "title": "Will the Fed cut rates in June?",
    "yes_price": 0.58,
    "volume": 1450,
}
"""The example of the document that named this route, word for word."""
RELAYED = {"id": "a-1", "title": "Whale buys YES", "price": 0.42, "volume": 12000}
RULES = IngestRules(
    tokens=(TokenRule("", TOKEN), TokenRule("kalshi", "bound-token")), relay_token=RELAY_TOKEN
)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def told(
    site: Site, path: str, body: object, headers: dict[str, str] | None = None
) -> httpx2.Response:
    data = body if isinstance(body, bytes) else msgspec.json.encode(body)
    async with site.client() as client:
        return await client.post(path, content=data, headers=headers or {})


async def test_the_documented_example_is_taken_exactly() -> None:
    site = Site(ingest=RULES)
    answer = await told(site, "/api/events", EVENT, bearer(TOKEN))
    assert answer.status_code == HTTPStatus.OK
    (observed,) = site.operated.told
    assert isinstance(observed, ObservationReceived)
    assert observed.market == "polymarket:will-fed-cut-june"
    assert observed.yes_price == 580_000
    assert observed.volume == 1450 * MICRO
    assert observed.source == "my-scraper"
    assert not observed.is_simulated
    assert observed.event_us == observed.recv_us == START


@pytest.mark.parametrize("headers", [{}, bearer("wrong"), bearer(RELAY_TOKEN), BEARER])
async def test_without_its_token_nobody_tells_us_anything(headers: dict[str, str]) -> None:
    site = Site(ingest=RULES)
    answer = await told(site, "/api/events", EVENT, headers)
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert site.operated.told == []


async def test_with_no_token_configured_only_an_open_door_on_this_machine_lets_in() -> None:
    shut = Site(ingest=IngestRules())
    assert (await told(shut, "/api/events", EVENT)).status_code == HTTPStatus.UNAUTHORIZED
    opened = Site(ingest=IngestRules(is_open=True, is_simulated=True))
    assert (await told(opened, "/api/events", EVENT)).status_code == HTTPStatus.OK
    assert [
        each.is_simulated for each in opened.operated.told if isinstance(each, ObservationReceived)
    ] == [True]
    door = IngestDoor(IngestRules(is_open=True))
    assert door.sources("", is_local=False) is None
    assert door.sources("a-guess", is_local=True) is None


async def test_a_browser_cannot_be_made_to_tell_us_something() -> None:
    site = Site(ingest=IngestRules(is_open=True))
    for headers in (
        {"origin": "https://evil.test"},
        {"sec-fetch-site": "cross-site"},
        {"cookie": "foreshock_session=x"},
    ):
        answer = await told(site, "/api/events", EVENT, headers)
        assert answer.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED}
    rebound = await told(site, "/api/events", EVENT, {"host": "evil.test"})
    assert rebound.status_code == HTTPStatus.MISDIRECTED_REQUEST
    assert site.operated.told == []
    assert HOST in ORIGIN


async def test_a_source_is_bound_to_its_token() -> None:
    site = Site(ingest=RULES)
    as_kalshi = EVENT | {"source": "kalshi"}
    answer = await told(site, "/api/events", as_kalshi, bearer(TOKEN))
    assert answer.json()["code"] == "WRONG_SOURCE"
    answer = await told(site, "/api/events", EVENT, bearer("bound-token"))
    assert answer.json()["code"] == "WRONG_SOURCE"
    answer = await told(site, "/api/events", as_kalshi, bearer("bound-token"))
    assert answer.status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    "change",
    [
        {"yes_price": 1.01},
        {"yes_price": -0.1},
        {"yes_price": 0.1234567},
        {"yes_price": "NaN"},
        {"yes_price": "Infinity"},
        {"volume": -1},
        {"volume": 1e300},
        {"volume": 1e-30},
        {"volume": 10**13},
        {"market_id": ""},
        {"market_id": "a\nb"},
        {"market_id": "x" * 200},
        {"market_id": "<script>"},
        {"platform": "../etc"},
        {"source": "@everyone"},
        {"volume_kind": "guess"},
        {"event_us": 5},
        {"event_us": START + 3_600 * SECOND},
        {"surprise": 1},
    ],
)
async def test_what_is_no_observation_is_refused_with_the_field(change: dict[str, object]) -> None:
    site = Site(ingest=RULES)
    answer = await told(site, "/api/events", EVENT | change, bearer(TOKEN))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert site.operated.told == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", HTTPStatus.UNPROCESSABLE_ENTITY),
        (b"{", HTTPStatus.UNPROCESSABLE_ENTITY),
        (b"[" * 8_000, HTTPStatus.UNPROCESSABLE_ENTITY),
        (b'{"source":' * 1_500, HTTPStatus.UNPROCESSABLE_ENTITY),
        (b"x" * 20_000, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    ],
)
async def test_no_body_does_harm(body: bytes, status: HTTPStatus) -> None:
    site = Site(ingest=RULES)
    for path, token in (("/api/events", TOKEN), ("/api/alerts/polyalerthub", RELAY_TOKEN)):
        assert (await told(site, path, body, bearer(token))).status_code == status


async def test_hostile_titles_lose_what_cannot_be_seen() -> None:
    site = Site(ingest=RULES)
    await told(site, "/api/events", EVENT | {"title": HOSTILE * 40}, bearer(TOKEN))
    (observed,) = site.operated.told
    assert isinstance(observed, ObservationReceived)
    assert observed.title.isprintable()
    assert len(observed.title) <= 300


async def test_the_same_observation_counts_once() -> None:
    site = Site(ingest=RULES)
    event = EVENT | {"event_us": START}
    for _ in range(3):
        assert (await told(site, "/api/events", event, bearer(TOKEN))).status_code == 200
    assert len(site.operated.told) == 1


async def test_too_many_are_told_to_wait() -> None:
    site = Site(ingest=IngestRules(tokens=RULES.tokens, per_minute_max=3))
    statuses: list[int] = []
    for number in range(5):
        answer = await told(site, "/api/events", EVENT | {"volume": number}, bearer(TOKEN))
        statuses.append(answer.status_code)
    assert statuses == [200, 200, 200, 429, 429]
    site.now_us += 61 * SECOND
    assert (await told(site, "/api/events", EVENT, bearer(TOKEN))).status_code == 200


async def test_a_relayed_alert_is_notable_and_never_louder() -> None:
    site = Site(ingest=RULES)
    loud = RELAYED | {"severity": "CRITICAL", "level": "critical", "nested": {"deep": [1]}}
    answer = await told(site, "/api/alerts/polyalerthub", loud, bearer(RELAY_TOKEN))
    assert answer.status_code == HTTPStatus.OK
    (alert,) = site.operated.told
    assert isinstance(alert, Alert)
    assert (alert.detector, alert.level, alert.severity) == ("relay", "notable", 2)
    assert alert.words == "polyalerthub says: Whale buys YES"
    assert {figure.name: figure.value for figure in alert.figures} == {
        "price": "0.42",
        "volume": "12000",
    }


async def test_a_relayed_alert_told_twice_is_a_conflict() -> None:
    site = Site(ingest=RULES)
    first = await told(site, "/api/alerts/polyalerthub", RELAYED, bearer(RELAY_TOKEN))
    again = await told(site, "/api/alerts/polyalerthub", RELAYED, bearer(RELAY_TOKEN))
    changed = RELAYED | {"title": "another text, the same id"}
    third = await told(site, "/api/alerts/polyalerthub", changed, bearer(RELAY_TOKEN))
    assert [first.status_code, again.status_code, third.status_code] == [200, 409, 409]
    assert again.json()["code"] == "REPEATED"
    assert len(site.operated.told) == 1


async def test_without_the_relays_token_nothing_is_relayed() -> None:
    for rules in (RULES, IngestRules(is_open=True)):
        site = Site(ingest=rules)
        answer = await told(site, "/api/alerts/polyalerthub", RELAYED, bearer(TOKEN))
        assert answer.status_code == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    ("offset_s", "spoils", "status"),
    [(0, False, 200), (0, True, 401), (301, False, 401), (-301, False, 401)],
)
async def test_a_signature_covers_time_and_body(offset_s: int, spoils: bool, status: int) -> None:
    site = Site(ingest=IngestRules(relay_token=RELAY_TOKEN, is_relay_signed=True))
    body, stamp = msgspec.json.encode(RELAYED), str(START // SECOND + offset_s)
    signature = hmac.new(RELAY_TOKEN.encode(), stamp.encode() + b"." + body, sha256).hexdigest()
    headers = bearer(RELAY_TOKEN) | {
        "x-signature-timestamp": stamp,
        "x-signature": "0" * 64 if spoils else signature,
    }
    answer = await told(site, "/api/alerts/polyalerthub", body, headers)
    assert answer.status_code == status
    unsigned = await told(site, "/api/alerts/polyalerthub", RELAYED, bearer(RELAY_TOKEN))
    assert unsigned.status_code == 401


def test_no_token_shows() -> None:
    assert TOKEN not in repr(RULES)
    assert RELAY_TOKEN not in repr(RULES)
    assert "bound-token" not in repr(RULES.tokens)


@given(st.text(max_size=500), st.integers(1, 300))
def test_shown_text_is_one_bounded_line(text: str, most: int) -> None:
    found = shown(text, most)
    assert len(found) <= most
    assert found.isprintable()


@given(st.decimals(allow_nan=True, allow_infinity=True), st.decimals(allow_nan=True))
def test_a_number_is_exact_or_refused(price: object, volume: object) -> None:
    body = msgspec.convert(EVENT | {"yes_price": price, "volume": volume}, EventBody, strict=False)
    try:
        observed = observation(body, START, is_simulated=False)
    except Refused:
        return
    assert observed.yes_price == body.yes_price * MICRO
    assert observed.volume == body.volume * MICRO


@given(
    st.dictionaries(
        st.sampled_from(RelayBody.__struct_fields__),
        st.text(max_size=80) | st.integers() | st.none(),
    )
)
def test_whatever_a_relay_says_is_an_alert_or_refused(fields: dict[str, object]) -> None:
    body = msgspec.convert(fields, RelayBody)
    try:
        alert = relayed(body, "d" * 24, Instant(START))
    except Refused:
        return
    assert alert.words.isprintable()
    assert len(alert.words) <= 600
    assert alert.market.partition(":")[2]
