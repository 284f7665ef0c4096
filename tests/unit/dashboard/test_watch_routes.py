"""The watch list over HTTP, the search for what could be on it, and spikes of the demo."""

from http import HTTPStatus

import msgspec
import pytest

from foreshock.core.domain.messages.alerting import WatchListChanged, WatchListFound
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.union import Message
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.dashboard.alert_views import CategoryView, DemoSpikeView, WatchedView
from foreshock.dashboard.spike_routes import SpikeBody
from foreshock.dashboard.watching import WATCHED_MAX
from tests.samples import market
from tests.trading import START
from tests.unit.dashboard.site import BEARER, ORIGIN, Site

A = msgspec.structs.replace(
    market("kalshi:KXBTC-1"), category="Crypto", title="Bitcoin above $100,000?", venue="kalshi"
)
B = msgspec.structs.replace(
    market("kalshi:KXFED-1"), category="Economics", title="Fed cuts?", venue="kalshi"
)


def site_with(*messages: Message) -> Site:
    site = Site()
    for number, message in enumerate(messages, 2):
        site.model.listen(number, Entry(0, None, OUTSIDE, message), START)
    return site


def watched(identifier: str, *, is_watched: bool = True) -> WatchListChanged:
    return WatchListChanged("kalshi", identifier, is_watched, "dashboard")


async def test_the_list_shows_what_each_name_stands_for() -> None:
    site = site_with(
        MarketListed(A),
        watched("KXBTC"),
        WatchListFound("kalshi", "KXBTC", (A.id,), "1 active"),
        watched("KXNEW"),
        watched("KXNONE"),
        WatchListFound("kalshi", "KXNONE", (), "1 unresolved"),
        watched("KXGONE"),
        watched("KXGONE", is_watched=False),
    )
    async with site.client() as client:
        answer = await client.get("/api/kalshi/markets", headers=BEARER)
    views = msgspec.json.decode(answer.content, type=list[WatchedView])
    assert [(view.ticker, view.state) for view in views] == [
        ("KXBTC", "watched"),
        ("KXNEW", "looking"),
        ("KXNONE", "unresolved"),
    ]
    assert [each.title for each in views[0].markets] == [A.title]


@pytest.mark.parametrize("ticker", ["KXBTC15M", "kalshi:KXBTC15M", " kxbtc15m "])
async def test_a_name_is_added_and_removed_in_the_venues_spelling(ticker: str) -> None:
    site = site_with()
    async with site.client() as client:
        answer = await client.post("/api/kalshi/markets", json={"ticker": ticker}, headers=BEARER)
    assert answer.status_code == HTTPStatus.OK
    assert site.operated.calls == [("watch", "kalshi", "KXBTC15M", "command line")]
    site = site_with(watched("KXBTC15M"))
    async with site.client() as client:
        path = "/api/kalshi/markets/remove"
        answer = await client.post(path, json={"ticker": ticker}, headers=BEARER)
    assert site.operated.calls == [("unwatch", "kalshi", "KXBTC15M", "command line")]


@pytest.mark.parametrize(
    ("path", "ticker", "code"),
    [
        ("", "", "BAD_TICKER"),
        ("", "KX BTC", "BAD_TICKER"),
        ("", "<script>", "BAD_TICKER"),
        ("", "K" * 101, "BAD_TICKER"),
        ("", "KXOLD", "ALREADY_WATCHED"),
        ("/remove", "KXNEW", "NOT_FOUND"),
    ],
)
async def test_what_cannot_be_is_refused(path: str, ticker: str, code: str) -> None:
    site = site_with(watched("KXOLD"))
    async with site.client() as client:
        full = f"/api/kalshi/markets{path}"
        answer = await client.post(full, json={"ticker": ticker}, headers=BEARER)
    assert answer.json()["code"] == code
    assert site.operated.calls == []


async def test_a_full_list_takes_no_more() -> None:
    site = site_with(*(watched(f"KX{n}") for n in range(WATCHED_MAX)))
    async with site.client() as client:
        answer = await client.post("/api/kalshi/markets", json={"ticker": "KXA"}, headers=BEARER)
    assert answer.json()["code"] == "LIST_FULL"


@pytest.mark.parametrize(
    "path",
    ["/api/kalshi/markets", "/api/kalshi/markets/remove", "/api/demo/spike", "/api/alerts/ack"],
)
async def test_strangers_and_other_sites_change_nothing(path: str) -> None:
    site = site_with()
    async with site.client() as client:
        stranger = await client.post(path, json={"ticker": "KXA"}, headers={"origin": ORIGIN})
    async with site.browser() as browser:
        other = await browser.post(
            path, json={"ticker": "KXA"}, headers={"origin": "https://evil.test"}
        )
    assert stranger.status_code == HTTPStatus.UNAUTHORIZED
    assert other.status_code == HTTPStatus.FORBIDDEN
    assert site.operated.calls == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("crypto", ["Crypto"]),
        ("BITCOIN 100,000", ["Crypto"]),
        ("", ["Crypto", "Economics"]),
        ("sports", []),
    ],
)
async def test_markets_are_found_by_category_and_title(query: str, names: list[str]) -> None:
    other = msgspec.structs.replace(market("polymarket:0xa"), category="Crypto", title="Bitcoin")
    site = site_with(MarketListed(A), MarketListed(B), MarketListed(other))
    async with site.client() as client:
        path = "/api/kalshi/categories"
        answer = await client.get(path, params={"q": query}, headers=BEARER)
    views = msgspec.json.decode(answer.content, type=list[CategoryView])
    assert sorted(view.category for view in views) == names
    assert all(each.market.startswith("kalshi:") for view in views for each in view.markets)


async def test_a_spike_is_made_up_in_the_demo_only_and_needs_no_body() -> None:
    site = site_with()
    async with site.client() as client:
        bare = await client.post("/api/demo/spike", headers=BEARER)
        live = await client.post("/api/demo/spike", json={"ticker": "LIVE"}, headers=BEARER)
    assert msgspec.json.decode(bare.content, type=DemoSpikeView).market == "demo:spike"
    assert (live.status_code, live.json()["code"]) == (HTTPStatus.NOT_FOUND, "NOT_A_DEMO")
    assert SpikeBody().ticker is None
