from http import HTTPStatus
from itertools import pairwise

import pytest
from starlette.routing import Route

from foreshock.core.domain.errors import ConfigError
from foreshock.dashboard.security import (
    ATTEMPTS_MAX,
    ATTEMPTS_WINDOW_US,
    HEADERS,
    SESSION_LIFE_US,
    SESSIONS_MAX,
    TOKEN_LIFE_US,
    TOKENS_MAX,
    Addresses,
    Attempts,
    OneTimeTokens,
    Sessions,
    make_keys,
)
from tests.unit.dashboard.site import BEARER, HOST, ORIGIN, PORT, TOKEN, Site

NOW = 1_795_000_000_000_000
EVIL_HOSTS = [
    "evil.example",
    f"evil.example:{PORT}",
    "127.0.0.1",
    "127.0.0.1:80",
    f"127.0.0.1.evil.example:{PORT}",
    f"127.0.0.1:{PORT}.evil.example",
    f"localhost.evil.example:{PORT}",
    f"0.0.0.0:{PORT}",
    f"user@127.0.0.1:{PORT}",
    f"169.254.169.254:{PORT}",
    f"[::ffff:127.0.0.1]:{PORT}",
    "",
]
EVIL_ORIGINS = [
    "http://evil.example",
    "https://evil.example",
    "null",
    "",
    "file://",
    f"https://{HOST}",
    "http://127.0.0.1:1",
    "http://127.0.0.1",
    f"http://{HOST}.evil.example",
    f"http://evil.example/{HOST}",
    f"chrome-extension://{HOST}",
]


def every_route(site: Site) -> list[tuple[str, str]]:
    """(method, path) of everything the router knows, parameters filled in."""
    found: list[tuple[str, str]] = []
    for route in site.api.routes:
        assert isinstance(route, Route)
        path = route.path.replace("{id:path}", "some:id").replace("{path:path}", "_app/start.js")
        found += [(method, path) for method in sorted(route.methods or ())]
    return found


def test_the_router_is_what_the_tests_below_think() -> None:
    routes = every_route(Site())
    for expected in (
        ("GET", "/api/stream"),
        ("GET", "/api/markets/some:id/book"),
        ("POST", "/api/halt"),
        ("GET", "/login"),
        ("GET", "/healthz"),
        ("GET", "/_app/start.js"),
    ):
        assert expected in routes
    assert not [path for _, path in routes if path.startswith(("/docs", "/redoc", "/openapi"))]


@pytest.mark.parametrize("host", EVIL_HOSTS)
async def test_no_route_answers_under_another_name(host: str) -> None:
    site = Site()
    async with site.browser() as browser:
        for method, path in every_route(site):
            headers = {"host": host, "origin": ORIGIN, **BEARER}
            answer = await browser.request(method, path, headers=headers)
            assert answer.status_code == HTTPStatus.MISDIRECTED_REQUEST, (method, path)
    assert site.operated.calls == []


@pytest.mark.parametrize("origin", EVIL_ORIGINS)
async def test_no_route_answers_another_sites_page(origin: str) -> None:
    site = Site()
    async with site.browser() as browser:
        for method, path in every_route(site):
            answer = await browser.request(method, path, headers={"origin": origin})
            assert answer.status_code == HTTPStatus.FORBIDDEN, (method, path)
            answer = await browser.request(method, path, headers={"origin": origin, **BEARER})
            assert answer.status_code == HTTPStatus.FORBIDDEN, (method, path)
    assert site.operated.calls == []


@pytest.mark.parametrize("site_of_origin", ["cross-site", "same-site"])
async def test_pictures_frames_and_scripts_of_other_sites_reach_nothing(
    site_of_origin: str,
) -> None:
    """Such requests need not carry an Origin; browsers say where they come from all the same."""
    site = Site()
    async with site.browser() as browser:
        for method, path in every_route(site):
            for destination in ("image", "iframe", "script", "empty"):
                headers = {"sec-fetch-site": site_of_origin, "sec-fetch-dest": destination}
                answer = await browser.request(method, path, headers=headers)
                assert answer.status_code == HTTPStatus.FORBIDDEN, (method, path)


async def test_a_link_from_elsewhere_may_lead_to_the_page() -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-dest": "document"}
    async with Site().client() as client:
        assert (await client.get("/", headers=headers)).status_code == HTTPStatus.OK


async def test_what_changes_something_must_say_which_page_asks() -> None:
    site = Site()
    async with site.browser() as browser:
        for method, path in every_route(site):
            if method == "POST":
                answer = await browser.post(path, json={})
                assert answer.status_code == HTTPStatus.FORBIDDEN, path
    assert site.operated.calls == []


async def test_nothing_under_api_answers_strangers() -> None:
    site = Site()
    async with site.client() as client:
        api = [(method, path) for method, path in every_route(site) if path.startswith("/api")]
        assert len(api) > 15
        for method, path in [*api, ("GET", "/api/unknown")]:
            answer = await client.request(method, path, headers={"origin": ORIGIN})
            assert answer.status_code == HTTPStatus.UNAUTHORIZED, (method, path)
    assert site.operated.calls == []


@pytest.mark.parametrize(
    "authorization",
    [
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer ",
        "Bearer",
        f"Basic {TOKEN}",
        f"Bearer  {TOKEN}",
        TOKEN,
    ],
)
async def test_a_wrong_token_is_not_made_good_by_a_cookie(authorization: str) -> None:
    site = Site()
    async with site.browser() as browser:
        answer = await browser.get("/api/state", headers={"authorization": authorization})
        assert answer.status_code == HTTPStatus.UNAUTHORIZED


async def test_every_answer_carries_the_policy() -> None:
    site = Site()
    async with site.browser() as browser:
        for path in ("/", "/api/state", "/api/unknown", "/healthz", "/login?token=wrong"):
            headers = (await browser.get(path)).headers
            assert HEADERS.items() <= dict(headers).items(), path
        refused = await browser.get("/", headers={"host": "evil.example"})
        assert HEADERS.items() <= dict(refused.headers).items()
    policy = HEADERS["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_data_is_never_kept_by_a_browser() -> None:
    async with Site().browser() as browser:
        assert (await browser.get("/api/state")).headers["cache-control"] == "no-store"


def test_a_token_works_once() -> None:
    tokens = OneTimeTokens()
    token = tokens.mint(NOW)
    assert len(token) * 6 >= 128  # six bits a character
    assert not tokens.redeem(token[:-1], NOW)
    assert tokens.redeem(token, NOW)
    assert not tokens.redeem(token, NOW)


def test_a_token_does_not_live_for_ever() -> None:
    tokens = OneTimeTokens()
    assert not tokens.redeem(tokens.mint(NOW), NOW + TOKEN_LIFE_US)


def test_only_the_newest_tokens_are_good() -> None:
    tokens = OneTimeTokens()
    minted = [tokens.mint(NOW) for _ in range(TOKENS_MAX + 1)]
    assert len(set(minted)) == len(minted)
    assert not tokens.redeem(minted[0], NOW)
    assert tokens.redeem(minted[1], NOW)


def test_a_session_ends_by_closing_by_time_and_by_too_many_others() -> None:
    sessions = Sessions(b"s" * 32)
    cookie = sessions.open(NOW)
    assert sessions.is_open(cookie, NOW)
    assert not sessions.is_open(cookie, NOW + SESSION_LIFE_US)
    sessions.close(cookie)
    assert not sessions.is_open(cookie, NOW)
    first = sessions.open(NOW)
    for _ in range(SESSIONS_MAX):
        sessions.open(NOW)
    assert not sessions.is_open(first, NOW)


def test_a_cookie_cannot_be_forged_or_moved_to_another_desk() -> None:
    sessions = Sessions(b"s" * 32)
    cookie = sessions.open(NOW)
    name, _, signature = cookie.rpartition(".")
    for forged in (
        "",
        ".",
        name,
        f"{name}x.{signature}",
        f"{name}.{signature[:-2]}aa",
        "a" * 5_000,
    ):
        assert not sessions.is_open(forged, NOW)
    assert not Sessions(b"t" * 32).is_open(cookie, NOW)


def test_wrong_tokens_make_everybody_wait() -> None:
    attempts = Attempts()
    for _ in range(ATTEMPTS_MAX):
        assert attempts.wait_us(NOW) == 0
        attempts.fail(NOW)
    assert attempts.wait_us(NOW) == ATTEMPTS_WINDOW_US
    assert attempts.wait_us(NOW + ATTEMPTS_WINDOW_US) == 0


@pytest.mark.parametrize(("token", "secret"), [("", None), ("short", None), (TOKEN, b"")])
def test_a_secret_that_could_be_guessed_ends_the_start(token: str, secret: bytes | None) -> None:
    with pytest.raises(ConfigError, match="at least"):
        make_keys(token, secret)


def test_keys_differ_from_run_to_run() -> None:
    cookies = [make_keys(TOKEN).sessions.open(NOW) for _ in range(3)]
    assert all(one != other for one, other in pairwise(cookies))


def test_behind_tls_only_its_origin_counts() -> None:
    addresses = Addresses(("desk.example",), is_tls=True)
    addresses.listen("127.0.0.1", PORT)
    assert addresses.has_host("DESK.example")
    assert addresses.has_origin("https://desk.example")
    assert not addresses.has_origin("http://desk.example")


@pytest.mark.parametrize("host", [HOST, f"localhost:{PORT}", f"LOCALHOST:{PORT}", f"[::1]:{PORT}"])
async def test_this_machine_has_three_names(host: str) -> None:
    async with Site().client() as client:
        assert (await client.get("/healthz", headers={"host": host})).status_code == HTTPStatus.OK
