"""The stand-ins of Discord and Slack answer as the services are documented to."""

import msgspec
import pytest

from foreshock.adapters.notify.discord import discord_request
from foreshock.adapters.notify.slack import slack_request
from foreshock.adapters.notify.webhooks import Webhook
from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.notify import DiscordStandIn, Failure, SlackStandIn
from foreshock.core.domain.units import SECOND, Instant
from tests.trading import START
from tests.unit.adapters.notify.told import a_notice

DISCORD = Webhook(
    "discord", "discord", is_tls=True, host="discord.com", port=443, path="/api/webhooks/1/t"
)
SLACK = Webhook(
    "slack", "slack", is_tls=True, host="hooks.slack.com", port=443, path="/services/T/B/t"
)


def post(path: str, body: object) -> HttpRequest:
    return HttpRequest("POST", path, (), msgspec.json.encode(body))


def test_discord_keeps_a_message_and_says_so_when_asked_to_wait() -> None:
    host = DiscordStandIn({"1": "t"})
    assert host.handle(discord_request(DISCORD, a_notice()), START).status == 200
    assert host.handle(post("/api/v10/webhooks/1/t", {"content": "x"}), START).status == 204
    assert len(host.messages) == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/webhooks/1/other", 401), ("/api/webhooks/2/t", 404), ("/elsewhere", 404)],
)
def test_discord_knows_its_webhooks(path: str, status: int) -> None:
    assert DiscordStandIn({"1": "t"}).handle(post(path, {"content": "x"}), START).status == status


TOO_MUCH: list[dict[str, object]] = [
    {},
    {"content": "x" * 2_001},
    {"content": "x", "embeds": [{"title": "x"}] * 11},
    {"embeds": [{"title": "x" * 257}]},
    {"embeds": [{"description": "x" * 4_097}]},
    {"embeds": [{"description": "x" * 4_000, "footer": {"text": "y" * 2_001}}]},
    {"embeds": [{"fields": [{"name": "", "value": "x"}]}]},
    {"embeds": [{"fields": [{"name": "x", "value": "x"}] * 26}]},
]


@pytest.mark.parametrize("body", TOO_MUCH)
def test_discord_refuses_what_is_too_long_or_empty(body: object) -> None:
    assert DiscordStandIn({"1": "t"}).handle(post("/api/webhooks/1/t", body), START).status == 400


def test_discord_takes_five_in_two_seconds_and_says_how_long_to_wait() -> None:
    host = DiscordStandIn({"1": "t"})
    answers = [host.handle(post("/api/webhooks/1/t", {"content": "x"}), START) for _ in range(6)]
    assert [answer.status for answer in answers] == [204] * 5 + [429]
    assert ("retry-after", "2") in answers[5].headers
    assert msgspec.json.decode(answers[5].body)["retry_after"] == 2.0
    later = Instant(START + 2 * SECOND)
    assert host.handle(post("/api/webhooks/1/t", {"content": "x"}), later).status == 204


def test_slack_takes_one_a_second_and_answers_in_plain_text() -> None:
    host = SlackStandIn({"/services/T/B/t"})
    taken = host.handle(slack_request(SLACK, a_notice()), START)
    limited = host.handle(slack_request(SLACK, a_notice()), START)
    assert (taken.status, taken.body) == (200, b"ok")
    assert (limited.status, limited.headers) == (429, (("retry-after", "1"),))


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/services/T/B/gone", b"{}", 404, b"no_service"),
        ("/services/T/B/t", b"{", 400, b"invalid_payload"),
        ("/services/T/B/t", b"{}", 400, b"invalid_blocks"),
        (
            "/services/T/B/t",
            msgspec.json.encode({
                "text": "x",
                "blocks": [{"type": "header", "text": {"text": "x" * 151}}],
            }),
            400,
            b"invalid_blocks",
        ),
    ],
)
def test_slack_refuses_in_its_own_words(path: str, body: bytes, status: int, said: bytes) -> None:
    answer = SlackStandIn({"/services/T/B/t"}).handle(HttpRequest("POST", path, (), body), START)
    assert (answer.status, answer.body) == (status, said)


def test_failures_come_on_order_and_end() -> None:
    host = DiscordStandIn({"1": "t"}, is_patient=True)
    host.failure = Failure(503, 2)
    statuses = [
        host.handle(post("/api/webhooks/1/t", {"content": "x"}), START).status for _ in range(3)
    ]
    assert statuses == [503, 503, 204]
