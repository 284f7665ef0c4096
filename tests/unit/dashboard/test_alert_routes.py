"""Alerts are listed, acknowledged and tried out; channels say how they do."""

from http import HTTPStatus
from pathlib import Path

import httpx2
import msgspec
import pytest

from foreshock.core.alerting.router import AlertSettings
from foreshock.core.alerting.tiers import SinkRule
from foreshock.core.domain.alerts import Figure
from foreshock.core.domain.messages import alerting as al
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.signals import AlertAcknowledged, AlertExplained
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.notices import Notice
from foreshock.core.domain.units import DAY, SECOND, Duration, Instant
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.dashboard.alert_views import HealthView, NoticeView, NotifierView
from foreshock.dashboard.alerts import ALERTS_MAX, LOUD_MAX, RUNBOOKS, score_of
from tests.trading import START
from tests.unit.dashboard.alerting_told import notice
from tests.unit.dashboard.site import BEARER, Site

MUTE = SinkRule(sink="discord", severity_min=1, hourly_max=20, hears_detectors=False)
SINKS = (SinkRule(sink="file", severity_min=1, hourly_max=1_000), MUTE)


def site_with(*messages: Message) -> Site:
    config = msgspec.json.encode({"alerts": AlertSettings(sinks=SINKS)}).decode()
    site = Site(begun=DeskStarted("0.1.0", "abc", "demo", config))
    for number, message in enumerate(messages, 2):
        site.model.listen(number, Entry(0, None, OUTSIDE, message), Instant(START + number))
    return site


def logged(number: int, **changes: object) -> al.Notify:
    told: Notice = msgspec.structs.replace(notice(), notice_id=f"n{number}", **changes)
    return al.Notify(f"file/n{number}", "file", told)


async def listed(site: Site, query: str = "") -> list[NoticeView]:
    async with site.client() as client:
        answer = await client.get(f"/api/alerts{query}", headers=BEARER)
    assert answer.status_code == HTTPStatus.OK
    return msgspec.json.decode(answer.content, type=list[NoticeView])


async def posted(site: Site, path: str, body: object) -> httpx2.Response:
    async with site.client() as client:
        return await client.post(path, json=body, headers=BEARER)


async def test_alerts_are_listed_newest_first_and_once() -> None:
    site = site_with(logged(1), logged(2), al.Notify("discord/n1", "discord", notice()), logged(1))
    assert [view.id for view in await listed(site)] == ["n2", "n1"]
    assert [view.id for view in await listed(site, "?limit=1")] == ["n2"]


async def test_they_can_be_sorted_by_score_and_narrowed() -> None:
    site = site_with(
        logged(1, figures=(Figure("score", "9.5"),), words="about rates"),
        logged(2, figures=(Figure("score", "1,000.0"),), severity=4),
        logged(3, kind="halt", level="emergency", severity=5, figures=()),
    )
    assert [v.id for v in await listed(site, "?sort=score")] == ["n2", "n1", "n3"]
    assert [v.id for v in await listed(site, "?kind=halt")] == ["n3"]
    assert [v.id for v in await listed(site, "?level=EMERGENCY")] == ["n3"]
    assert [v.id for v in await listed(site, "?severity_min=4")] == ["n3", "n2"]
    assert [v.id for v in await listed(site, "?detected=true&q=RATES")] == ["n1"]
    assert [v.id for v in await listed(site, "?state=acknowledged")] == []
    assert (await listed(site, "?kind=halt"))[0].runbook == "halt"


@pytest.mark.parametrize(
    "query", ["severity_min=6", "severity_min=x", "state=maybe", "sort=best", "detected=1"]
)
async def test_what_cannot_be_asked_is_refused(query: str) -> None:
    async with Site().client() as client:
        answer = await client.get(f"/api/alerts?{query}", headers=BEARER)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


async def test_an_alert_shows_who_saw_it_what_explains_it_and_what_became_of_it() -> None:
    explained = AlertExplained(
        alert_id="n1", explanation="preceded", items=("i1",), lead=Duration(60 * SECOND)
    )
    site = site_with(
        logged(1),
        al.Notify("discord/n1", "discord", notice()),
        al.Notified("discord/n1", "discord", 3),
        explained,
        AlertAcknowledged("n1#2", "dashboard"),
        AlertAcknowledged("n1", "command line"),
    )
    (view,) = await listed(site)
    assert view.acknowledged_by == "dashboard"
    assert (view.explanation, view.explained_by, view.lead_us) == ("preceded", ["i1"], 60 * SECOND)
    (delivery,) = view.deliveries
    assert (delivery.sink, delivery.state, delivery.words) == ("discord", "told", "at attempt 3")


async def test_a_person_acknowledges_what_there_is() -> None:
    site = site_with(logged(1))
    assert (await posted(site, "/api/alerts/ack", {"id": "n1"})).status_code == HTTPStatus.OK
    assert site.operated.calls == [("acknowledge", "n1", "command line")]
    assert (await posted(site, "/api/alerts/ack", {"id": "n9"})).json()["code"] == "NOT_FOUND"


async def test_a_test_notice_goes_to_channels_that_are_set_up() -> None:
    site = site_with()
    assert (await posted(site, "/api/alerts/test", {"sink": None})).status_code == HTTPStatus.OK
    await posted(site, "/api/alerts/test", {"sink": "discord"})
    assert site.operated.calls == [
        ("test", "all", "command line"),
        ("test", "discord", "command line"),
    ]
    for sink in ("slack", "pager"):
        answer = await posted(site, "/api/alerts/test", {"sink": sink})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


async def test_channels_say_how_they_do_and_what_they_hold_back() -> None:
    site = site_with(
        logged(1),
        al.Notified("file/n1", "file", 1),
        al.Notify("discord/n1", "discord", notice()),
        al.NotifierLost("discord", "answered 404"),
        al.NotifyFailed("discord/n1", "discord", "answered 404"),
    )
    async with site.client() as client:
        answer = await client.get("/api/notifiers", headers=BEARER)
    file, discord = msgspec.json.decode(answer.content, type=list[NotifierView])
    assert (file.state, file.told_count, file.waiting_count) == ("works", 1, 0)
    assert (discord.state, discord.failed_count, discord.waiting_count) == ("lost", 1, 0)
    assert "there is no analyst yet" in discord.words


async def test_health_tells_of_feeds_channels_and_what_was_deleted() -> None:
    removed = al.RecordingsRemoved(
        runs=("r1", "r2"),
        rows_count=10,
        bytes_count=100,
        older_than=Duration(7 * DAY),
        live_older_than=None,
        by="the desk",
    )
    site = site_with(removed, removed)
    async with site.client() as client:
        answer = await client.get("/api/health", headers=BEARER)
    health = msgspec.json.decode(answer.content, type=HealthView)
    assert (health.retention.days, health.retention.live_days) == (7, None)
    assert health.retention.removed_runs_count == 4
    assert [each.sink for each in health.notifiers] == ["file", "discord"]


def test_the_list_has_an_end_and_routine_goes_first() -> None:
    """Fills of an hour must not push out an incident that nobody has seen."""
    urgent, seen = logged(0, severity=4), logged(1, severity=4)
    fills = (logged(n, severity=1) for n in range(2, ALERTS_MAX + 5))
    site = site_with(urgent, seen, AlertAcknowledged("n1", "dashboard"), *fills)
    alerts = site.model.alerts
    assert len(alerts.newest(10_000)) == ALERTS_MAX
    assert [alerts.has(f"n{n}") for n in range(3)] == [True, True, False]
    site = site_with(
        urgent,
        seen,
        AlertAcknowledged("n1", "dashboard"),
        *(logged(n, severity=4) for n in range(2, LOUD_MAX + 1)),
    )
    assert [site.model.alerts.has(f"n{n}") for n in range(3)] == [True, False, True]
    site = site_with(*(logged(n, severity=5) for n in range(2 * LOUD_MAX + 5)))
    assert len(site.model.alerts.newest(10_000)) == 2 * LOUD_MAX


@pytest.mark.parametrize(
    ("name", "value", "score"),
    [
        ("score", "4.25", "4.25"),
        ("sigma", "3.1 sigma", "3.1"),
        ("score", "1,234.5", "1234.5"),
        ("score", "NaN", ""),
        ("score", "high", ""),
        ("price", "0.5", ""),
    ],
)
def test_a_score_is_a_number_or_nothing(name: str, value: str, score: str) -> None:
    assert score_of((Figure(name, value),)) == score


def test_every_runbook_that_an_alert_names_is_there_and_no_other() -> None:
    folder = Path(__file__).resolve().parents[3] / "docs" / "runbooks"
    assert {page.stem for page in folder.glob("*.md")} == RUNBOOKS | {"index"}
