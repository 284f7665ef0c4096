from collections.abc import Mapping
from http import HTTPStatus

import msgspec
import pytest

from foreshock.core.domain.messages.decisions import EdgeQuoted, EdgeWithdrawn
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.union import Message
from foreshock.core.engine import Entry
from foreshock.dashboard.alert_views import HealthView
from foreshock.dashboard.security import ATTEMPTS_MAX, COOKIE
from foreshock.dashboard.views import (
    AuditView,
    EdgeDetailView,
    EdgeView,
    ErrorView,
    OrderView,
    PackageView,
    PairView,
    RiskView,
    StateView,
    WhyView,
)
from tests.samples import market
from tests.trading import START, A, edge
from tests.unit.dashboard.site import BEARER, CLIENTS_MAX, ORIGIN, Site
from tests.unit.dashboard.told import REFUSAL, one_of_each

OWN = {"origin": ORIGIN}
VIEWS: Mapping[str, object] = {
    "/api/state": StateView,
    "/api/edges": list[EdgeView],
    "/api/edges?status=open": list[EdgeView],
    "/api/pairs": list[PairView],
    "/api/packages": list[PackageView],
    "/api/orders": list[OrderView],
    "/api/risk": RiskView,
    "/api/health": HealthView,
    "/api/audit?q=halt": AuditView,
    "/api/why/edge-1": WhyView,
}


def heard(*messages: Message) -> Site:
    site = Site()
    for step, message in enumerate(messages, start=2):
        site.model.listen(step, Entry(0, None, "outside", message), START)
    return site


@pytest.mark.parametrize("path", VIEWS)
async def test_a_view_has_its_documented_shape(path: str) -> None:
    async with heard(*one_of_each()).browser() as browser:
        answer = await browser.get(path)
    assert answer.status_code == HTTPStatus.OK
    assert answer.headers["content-type"] == "application/json"
    msgspec.json.decode(answer.content, type=VIEWS[path], strict=True)


async def test_an_edge_comes_with_the_books_of_its_legs() -> None:
    async with heard(MarketListed(market(A)), EdgeQuoted(edge(), ())).browser() as browser:
        answer = await browser.get("/api/edges/edge-1")
    detail = msgspec.json.decode(answer.content, type=EdgeDetailView)
    assert detail.edge.status == "open"
    assert [book.market for book in detail.books] == [A]


async def test_edges_are_chosen_by_status() -> None:
    other = edge(id="edge-2")
    site = heard(
        EdgeQuoted(edge(), (REFUSAL,)),
        EdgeQuoted(other, ()),
        EdgeWithdrawn("edge-2", "pair-1", "gone", REFUSAL),
    )
    async with site.browser() as browser:
        for status, names in (("open", []), ("refused", ["edge-1"]), ("withdrawn", ["edge-2"])):
            answer = await browser.get(f"/api/edges?status={status}")
            assert [one["id"] for one in answer.json()] == names
        assert len((await browser.get("/api/edges?pair=pair-1")).json()) == 2
        assert (await browser.get("/api/edges?pair=pair-2")).json() == []
        wrong = await browser.get("/api/edges?status=best")
        assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize(
    "path", ["/api/edges/none", "/api/markets/kalshi:NONE/book", "/api/none", "/api/edges/a/b/c"]
)
async def test_what_is_not_there_is_an_error_in_words(path: str) -> None:
    async with Site().browser() as browser:
        answer = await browser.get(path)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert msgspec.json.decode(answer.content, type=ErrorView).message


@pytest.mark.parametrize("limit", ["0", "-1", "1e9", "99999999999999", "x", "", "\u0663"])
async def test_an_absurd_limit_is_refused(limit: str) -> None:
    async with Site().browser() as browser:
        for path in ("/api/packages", "/api/audit"):
            answer = await browser.get(path, params={"limit": limit})
            assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


async def test_a_halt_needs_the_word_and_reaches_the_desk() -> None:
    site = Site()
    body = {"scope": "all", "reason": "looks odd", "confirm": "halt"}
    async with site.browser() as browser:
        for word in ("", "HALT", "halt ", "resume"):
            refused = await browser.post("/api/halt", json={**body, "confirm": word}, headers=OWN)
            assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert site.operated.calls == []
        answer = await browser.post("/api/halt", json=body, headers=OWN)
        assert answer.json() == {"accepted": True}
        resume = {"scope": "kalshi", "confirm": "resume"}
        assert (await browser.post("/api/resume", json=resume, headers=BEARER)).is_success
    assert site.operated.calls == [
        ("halt", "all", "dashboard", "looks odd"),
        ("resume", "kalshi", "command line"),
    ]


async def test_a_misspelt_venue_never_looks_halted() -> None:
    site = Site()
    async with site.browser() as browser:
        body = {"scope": "kalchi", "reason": "", "confirm": "halt"}
        answer = await browser.post("/api/halt", json=body, headers=OWN)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "kalshi" in answer.json()["hint"]
    assert site.operated.calls == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"scope":"all"}',
        b'{"scope":1,"reason":"","confirm":"halt"}',
        b'{"scope":"all","reason":"","confirm":"halt","more":1}',
        b'{"scope":"all","reason":"","confirm":"halt"',
        b"\xff\xfe",
        b"[" * 10_000,
    ],
)
async def test_a_body_of_another_shape_does_nothing(body: bytes) -> None:
    site = Site()
    async with site.browser() as browser:
        answer = await browser.post("/api/halt", content=body, headers=OWN)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert msgspec.json.decode(answer.content, type=ErrorView)
    assert site.operated.calls == []


async def test_a_huge_body_is_not_read() -> None:
    site = Site()
    async with site.browser() as browser:
        answer = await browser.post("/api/halt", content=b" " * 100_000, headers=OWN)
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


async def test_stopping_and_new_links_are_for_the_terminal() -> None:
    site = Site()
    async with site.browser() as browser:
        for path in ("/api/stop", "/api/login-link"):
            answer = await browser.post(path, json={}, headers=OWN)
            assert answer.status_code == HTTPStatus.FORBIDDEN
        assert site.operated.calls == []
        assert (await browser.post("/api/stop", headers=BEARER)).is_success
        link = (await browser.post("/api/login-link", json={}, headers=BEARER)).json()["url"]
    async with site.client() as other:
        assert (await other.get(link)).status_code == HTTPStatus.SEE_OTHER
        assert (await other.get("/api/state")).is_success
    assert site.operated.calls == [("stop", "command line")]


async def test_a_link_logs_one_browser_in_once() -> None:
    site = Site()
    link = site.link()
    async with site.client() as first, site.client() as second:
        answer = await first.get(link)
        assert answer.headers["location"] == "/"
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "path=/" in cookie
        assert "secure" not in cookie
        assert (await second.get(link)).status_code == HTTPStatus.UNAUTHORIZED
        assert (await second.get("/api/state")).status_code == HTTPStatus.UNAUTHORIZED
        assert (await first.get("/api/state")).is_success


async def test_behind_tls_the_cookie_never_travels_in_the_clear() -> None:
    site = Site(is_tls=True)
    async with site.client() as client:
        answer = await client.get(site.link())
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_looking_at_a_link_does_not_use_it_up() -> None:
    site = Site()
    link = site.link()
    async with site.client() as client:
        await client.head(link)
        assert (await client.get(link)).status_code == HTTPStatus.SEE_OTHER


async def test_guessing_tokens_closes_the_door_for_a_while() -> None:
    site = Site()
    link = site.link()
    async with site.client() as client:
        for number in range(ATTEMPTS_MAX):
            wrong = await client.get(f"/login?token={number}")
            assert wrong.status_code == HTTPStatus.UNAUTHORIZED
        late = await client.get(link)
        assert late.status_code == HTTPStatus.TOO_MANY_REQUESTS
        site.now_us += int(late.headers["retry-after"]) * 1_000_000
        assert (await client.get(link)).status_code == HTTPStatus.SEE_OTHER


async def test_logging_out_ends_the_session_at_the_server() -> None:
    site = Site()
    async with site.browser() as browser:
        stolen = browser.cookies[COOKIE]
        assert (await browser.post("/api/logout", headers=OWN)).is_success
        answer = await browser.get("/api/state", headers={"cookie": f"{COOKIE}={stolen}"})
        assert answer.status_code == HTTPStatus.UNAUTHORIZED


async def test_logging_in_again_ends_the_session_before() -> None:
    site = Site()
    async with site.browser() as browser:
        before = browser.cookies[COOKIE]
        await browser.get(site.link())
        assert browser.cookies[COOKIE] != before
        answer = await browser.get("/api/state", headers={"cookie": f"{COOKIE}={before}"})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED


async def test_a_full_house_says_so() -> None:
    site = Site()
    for _ in range(CLIENTS_MAX):
        assert site.stream.join(lambda: True)
    async with site.browser() as browser:
        answer = await browser.get("/api/stream")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert msgspec.json.decode(answer.content, type=ErrorView).retryable


async def test_a_fault_of_ours_tells_no_details_and_still_carries_the_policy() -> None:
    site = Site()

    async def broken() -> None:
        raise RuntimeError("a secret of the desk")

    site.api.add_api_route("/broken", broken)
    site.api.router.routes.insert(0, site.api.router.routes.pop())
    async with site.client(raises=False) as client:
        answer = await client.get("/broken")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "secret" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


async def test_long_answers_are_compressed() -> None:
    site = heard(*[EdgeQuoted(edge(id=f"edge-{n}"), ()) for n in range(20)])
    async with site.browser() as browser:
        assert (await browser.get("/api/edges")).headers["content-encoding"] == "gzip"


async def test_healthz_asks_for_no_session() -> None:
    async with Site().client() as client:
        assert (await client.get("/healthz")).json() == {"ok": True}
