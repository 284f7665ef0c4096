"""Who may tighten, who may loosen, and who may say that a loss was reviewed?"""

from http import HTTPStatus

import msgspec
import pytest

from foreshock.dashboard.limit_routes import phrase
from foreshock.dashboard.limits import LimitsView
from foreshock.dashboard.views import ErrorView
from tests.trading import dollars
from tests.unit.dashboard.site import BEARER, ORIGIN, Site
from tests.unit.dashboard.test_limits import STARTED

OWN = {"origin": ORIGIN}
NOTE = "a market was voided; both accounts were compared with the books"


def site() -> Site:
    return Site(begun=STARTED)


def body(**changes: object) -> dict[str, object]:
    return {"key": "market_max", "value": dollars(40), **changes}


async def test_the_limits_have_their_documented_shape() -> None:
    async with site().browser() as browser:
        answer = await browser.get("/api/limits")
    view = msgspec.json.decode(answer.content, type=LimitsView, strict=True)
    assert len(view.settings) > 30


async def test_a_browser_may_tighten() -> None:
    made = site()
    async with made.browser() as browser:
        answer = await browser.post("/api/limits", json=body(), headers=OWN)
    assert answer.status_code == HTTPStatus.OK
    assert made.operated.calls == [("limit", "market_max", str(dollars(40)), "dashboard", "False")]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (body(confirm=phrase("market_max")), "TOKEN_ONLY"),
        (body(key="market_min"), "UNKNOWN_LIMIT"),
    ],
)
async def test_a_browser_may_not_loosen(sent: dict[str, object], code: str) -> None:
    made = site()
    async with made.browser() as browser:
        answer = await browser.post("/api/limits", json=sent, headers=OWN)
    assert msgspec.json.decode(answer.content, type=ErrorView).code == code
    assert made.operated.calls == []


async def test_the_command_line_loosens_by_the_phrase_of_this_key() -> None:
    made = site()
    async with made.client() as client:
        wrong = await client.post("/api/limits", json=body(confirm="loosen"), headers=BEARER)
        assert msgspec.json.decode(wrong.content, type=ErrorView).code == "NOT_CONFIRMED"
        sent = body(confirm=phrase("market_max"))
        answer = await client.post("/api/limits", json=sent, headers=BEARER)
    assert answer.status_code == HTTPStatus.OK
    assert [call[-1] for call in made.operated.calls] == ["True"]


async def test_a_review_needs_the_token_and_a_note() -> None:
    made = site()
    async with made.browser() as browser:
        answer = await browser.post("/api/review", json={"note": NOTE}, headers=OWN)
        assert msgspec.json.decode(answer.content, type=ErrorView).code == "TOKEN_ONLY"
    async with made.client() as client:
        short = await client.post("/api/review", json={"note": "fine"}, headers=BEARER)
        assert msgspec.json.decode(short.content, type=ErrorView).code == "NOTE_NEEDED"
        answer = await client.post("/api/review", json={"note": NOTE}, headers=BEARER)
    assert answer.status_code == HTTPStatus.OK
    assert made.operated.calls == [("review", "command line", NOTE)]
