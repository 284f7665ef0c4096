from http import HTTPStatus

import pytest

from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.union import Message
from foreshock.core.engine import OUTSIDE, Entry
from tests.samples import market
from tests.trading import START, A
from tests.unit.dashboard.signals_told import ALERT
from tests.unit.dashboard.site import BEARER, Site
from tests.unit.dashboard.test_signals import measured, row


def heard(*messages: Message) -> Site:
    """A dashboard whose desk has heard this."""
    site = Site()
    for step, message in enumerate(messages, start=2):
        site.model.listen(step, Entry(0, None, OUTSIDE, message), START)
    return site


@pytest.mark.parametrize("path", ["/api/signals", "/api/leads", "/api/volume", "/api/signals/a1"])
async def test_signals_can_be_read(path: str) -> None:
    async with heard(MarketListed(market(A)), s.AlertRaised(ALERT)).browser() as browser:
        assert (await browser.get(path)).status_code == HTTPStatus.OK


async def test_cards_come_by_score_when_asked_and_no_other_order_is_known() -> None:
    async with heard(s.AlertRaised(ALERT)).browser() as browser:
        answer = await browser.get("/api/signals?order=score&limit=1")
        assert answer.json()["alerts"][0]["id"] == "a1"
        assert (await browser.get("/api/signals?order=oldest")).status_code == 422


async def test_one_market_answers_and_an_unknown_one_does_not() -> None:
    async with heard(measured(row())).browser() as browser:
        assert (await browser.get(f"/api/volume/{A}")).json()["row"]["market"] == A
        assert (await browser.get("/api/volume/kalshi:none")).status_code == HTTPStatus.NOT_FOUND


async def test_baselines_are_discarded_for_one_market_or_all_and_a_person_is_named() -> None:
    site = heard(measured(row()))
    async with site.browser() as browser:
        one = await browser.post("/api/reset-baselines", json={"market": A}, headers=BEARER)
        everything = await browser.post("/api/reset-baselines", headers=BEARER)
    assert (one.status_code, everything.status_code) == (HTTPStatus.OK, HTTPStatus.OK)
    assert [getattr(asked, "market", "") for asked in site.operated.discarded] == [A, None]
    assert site.operated.discarded[0].by == "command line"
    assert one.json()["reset_id"] == f"reset-{START}"


async def test_a_listed_market_can_be_reset_however_quiet_it_is() -> None:
    site = heard(MarketListed(market(A)))
    async with site.browser() as browser:
        answer = await browser.post("/api/reset-baselines", json={"market": A}, headers=BEARER)
    assert answer.status_code == HTTPStatus.OK


async def test_a_market_nobody_counted_cannot_be_reset() -> None:
    async with heard(measured(row())).browser() as browser:
        body = {"market": "kalshi:none"}
        answer = await browser.post("/api/reset-baselines", json=body, headers=BEARER)
    assert answer.status_code == HTTPStatus.NOT_FOUND


async def test_the_newest_reset_that_stands_is_undone() -> None:
    site = heard(
        s.BaselinesReset("r1", None, "me"),
        s.BaselinesReset("r2", None, "me"),
        s.BaselinesRestored("r2", "me"),
    )
    async with site.browser() as browser:
        answer = await browser.post("/api/restore-baselines", headers=BEARER)
        again = await browser.post(
            "/api/restore-baselines", json={"reset_id": "r2"}, headers=BEARER
        )
    assert answer.json()["reset_id"] == "r1"
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


async def test_a_stranger_discards_nothing() -> None:
    site = heard(measured(row()))
    async with site.client() as stranger:
        answer = await stranger.post("/api/reset-baselines")
    assert answer.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    assert site.operated.discarded == []
