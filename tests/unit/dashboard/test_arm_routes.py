from http import HTTPStatus

import msgspec
import pytest

from foreshock.core.domain.messages.account import VenueArmed, VenueDisarmed
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.units import SECOND, Instant
from foreshock.dashboard.arm_routes import HOUR, phrase
from foreshock.dashboard.arming import Arming
from tests.trading import START
from tests.unit.dashboard.site import BEARER, Site

BODY = {
    "venue": "kalshi",
    "hours": 8,
    "confirm": phrase("kalshi"),
    "words": "9 days on paper, $12.00",
}


def live_site() -> Site:
    config = {"band": "LIVE - real money", "live_venues": ["kalshi"]}
    started = DeskStarted("0.1.0", "abc", "live", msgspec.json.encode(config).decode())
    return Site(begun=started)


async def test_a_venue_is_armed_for_some_hours_by_its_phrase() -> None:
    site = live_site()
    async with site.client() as client:
        answer = await client.post("/api/arm", json=BODY, headers=BEARER)
    assert answer.status_code == HTTPStatus.OK
    until = str(START + 8 * HOUR)
    assert site.operated.calls == [("arm", "kalshi", until, "command line", BODY["words"])]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"confirm": "yes"}, "NOT_CONFIRMED"),
        ({"confirm": phrase("polymarket")}, "NOT_CONFIRMED"),
        ({"hours": 25}, "BAD_HOURS"),
        ({"hours": 0}, "BAD_HOURS"),
        ({"venue": "polymarket"}, "UNKNOWN_VENUE"),
    ],
)
async def test_anything_else_arms_nothing(change: dict[str, object], code: str) -> None:
    site = live_site()
    async with site.client() as client:
        answer = await client.post("/api/arm", json=BODY | change, headers=BEARER)
    assert answer.json()["code"] == code
    assert site.operated.calls == []


async def test_a_desk_on_paper_cannot_be_armed() -> None:
    site = Site()
    async with site.client() as client:
        answer = await client.post("/api/arm", json=BODY, headers=BEARER)
    assert answer.json()["code"] == "UNKNOWN_VENUE"


async def test_a_browser_session_arms_nothing() -> None:
    site = live_site()
    async with site.browser() as client:
        headers = {"origin": "http://127.0.0.1:8765"}
        answer = await client.post("/api/arm", json=BODY, headers=headers)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert site.operated.calls == []


async def test_a_venue_is_disarmed_at_once() -> None:
    site = live_site()
    async with site.client() as client:
        await client.post("/api/disarm", json={"venue": "kalshi"}, headers=BEARER)
    assert site.operated.calls == [("disarm", "kalshi", "command line")]


def test_the_band_names_every_venue_and_when_it_ends() -> None:
    arming = Arming()
    venues = ("polymarket", "kalshi")
    assert arming.band("PAPER", (), START) == "PAPER"
    arming.arm(VenueArmed("kalshi", Instant(START + 60 * SECOND), "a person", ""))
    words = arming.band("LIVE", venues, START)
    assert words == "LIVE: polymarket not armed, kalshi armed until 2026-11-18 11:07 UTC"
    assert "kalshi expired" in arming.band("LIVE", venues, Instant(START + 61 * SECOND))
    arming.disarm(VenueDisarmed("kalshi", "a person"))
    assert arming.band("LIVE", venues, START).endswith("kalshi not armed")


def test_the_state_shows_the_band() -> None:
    site = live_site()
    assert site.model.state(START).band == "LIVE - real money: kalshi not armed"
