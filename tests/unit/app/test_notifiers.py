"""Notices arrive once, whatever the channel, the network or the end of the process does."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.notify.guarded import GuardedSender, Resolve
from foreshock.adapters.notify.webhooks import Webhook
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.notify import DiscordStandIn, Failure, SlackStandIn
from foreshock.adapters.sim.rest_face import RestFace
from foreshock.adapters.sim.server import serve
from foreshock.adapters.storage.alert_log import AlertLog
from foreshock.adapters.storage.files import DiskFolder
from foreshock.app.config import AlertsSection, load_settings
from foreshock.app.notifiers import Channels, Notifiers
from foreshock.app.notify_settings import addresses, alert_settings
from foreshock.core.domain.errors import ConfigError, VenueUnavailableError
from foreshock.core.domain.messages.alerting import (
    Notified,
    NotifierLost,
    Notify,
    NotifyFailed,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from tests.unit.adapters.notify.told import HOSTILE, a_notice, notify

TOKEN = "a-secret-token"
HOOKS = {"1": TOKEN, "2": TOKEN}
SLACK_PATH = f"/services/T/B/{TOKEN}"


class Still:
    """A world in which nothing happens."""

    def advance(self, now_us: Instant) -> None:
        """Nothing."""


class Desk:
    """Notifiers on a folder, and what they tell the desk."""

    def __init__(self, home: Path, section: AlertsSection) -> None:
        self.facts: list[Message] = []
        self.console: list[str] = []
        self.said: list[str] = []
        log = AlertLog(home / "logs")
        channels = Channels(log, addresses(section), GuardedSender(), self.console.append)
        self.notifiers = Notifiers(DiskFolder(home), channels, is_simulated=False)
        self.notifiers.restore(self.facts.append, self.said.append)
        self.task: asyncio.Task[None] | None = None

    def tell(self, *told: Notify, released: bool = True) -> None:
        """What the loop does with a command: hear it, record it, release it."""
        for each in told:
            self.notifiers.listen(1, Entry(1, 0, "alert-router", each), wall_clock_us())
            if released:
                self.notifiers.release(each)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["Desk"]:
        self.task = asyncio.create_task(self.notifiers.run())
        try:
            yield self
        finally:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_so():
                await asyncio.sleep(0.005)

    async def ended(self, count: int) -> None:
        """Until so many messages were told or given up."""
        await self.until(
            lambda: sum(isinstance(f, Notified | NotifyFailed) for f in self.facts) >= count
        )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORESHOCK_HOME", str(tmp_path))
    return tmp_path


def section_with(**changes: object) -> AlertsSection:
    settings = load_settings({"alerts": {"allow_loopback": True, **changes}})
    return settings.alerts


@asynccontextmanager
async def stand_ins(
    discord: DiscordStandIn, slack: SlackStandIn
) -> AsyncGenerator[tuple[str, str]]:
    """Both services on loopback sockets; the addresses of a webhook each."""
    faces = {"discord": RestFace(discord.handle), "slack": RestFace(slack.handle)}
    served = await serve(Still(), faces)
    try:
        yield (
            f"{served.urls['discord']}/api/webhooks/1/{TOKEN}",
            f"{served.urls['slack']}{SLACK_PATH}",
        )
    finally:
        await served.stop()


def lines(home: Path) -> list[dict[str, Any]]:
    data = (home / "logs" / "alerts.jsonl").read_bytes()
    return [msgspec.json.decode(line) for line in data.splitlines()]


async def test_a_notice_reaches_every_channel_over_real_sockets(home: Path) -> None:
    discord, slack = DiscordStandIn(HOOKS), SlackStandIn({SLACK_PATH})
    async with stand_ins(discord, slack) as (discord_url, slack_url):
        section = section_with(discord_webhook=discord_url, slack_webhook=slack_url)
        async with Desk(home, section).running() as desk:
            for sink in ("file", "console", "discord", "slack"):
                desk.tell(notify(1, sink=sink))
            await desk.ended(4)
    assert {type(fact) for fact in desk.facts} == {Notified}
    assert [line["id"] for line in lines(home)] == ["n1"]
    assert desk.console == ["[SIMULATED] NOTABLE spike: B? - moved"]
    ((_, message),) = discord.messages
    assert message["allowed_mentions"] == {"parse": []}
    assert "id n1" in message["embeds"][0]["footer"]["text"]
    ((_, blocks),) = slack.messages
    assert blocks["blocks"][1]["text"]["text"] == "moved"


async def test_limits_and_failing_servers_delay_and_lose_nothing(home: Path) -> None:
    discord, slack = DiscordStandIn(HOOKS), SlackStandIn({SLACK_PATH}, is_patient=True)
    discord.failure = Failure(429, 2, 0.05)
    slack.failure = Failure(503, 1)
    async with stand_ins(discord, slack) as (discord_url, slack_url):
        section = section_with(discord_webhook=discord_url, slack_webhook=slack_url)
        async with Desk(home, section).running() as desk:
            desk.tell(notify(1), notify(2), notify(1, sink="slack"))
            await desk.ended(3)
    told = {f.dedupe_key: f.attempts_count for f in desk.facts if isinstance(f, Notified)}
    assert told == {"discord/n1": 3, "discord/n2": 1, "slack/n1": 2}
    assert len(discord.messages) == 2
    assert len(slack.messages) == 1


async def test_a_webhook_that_is_gone_is_told_and_others_go_on(home: Path) -> None:
    discord, slack = DiscordStandIn({}), SlackStandIn({SLACK_PATH})
    async with stand_ins(discord, slack) as (discord_url, slack_url):
        section = section_with(discord_webhook=discord_url, slack_webhook=slack_url)
        async with Desk(home, section).running() as desk:
            desk.tell(notify(1), notify(2, sink="slack"))
            await desk.ended(2)
    lost = [fact for fact in desk.facts if isinstance(fact, NotifierLost)]
    assert [each.sink for each in lost] == ["discord"]
    assert TOKEN not in repr(desk.facts)
    assert len(slack.messages) == 1


async def test_topics_lead_to_their_own_webhooks(home: Path) -> None:
    discord, slack = DiscordStandIn(HOOKS), SlackStandIn(set())
    async with stand_ins(discord, slack) as (url, _):
        routes = f"elections={url.replace('/1/', '/2/')}"
        async with Desk(home, section_with(discord_routes=routes)).running() as desk:
            desk.tell(
                Notify("discord/a", "discord", a_notice(1, topic="Elections")),
                Notify("discord/b", "discord", a_notice(2, topic="Sports")),
            )
            await desk.ended(2)
    assert [webhook for webhook, _ in discord.messages] == ["2"]
    failed = [fact for fact in desk.facts if isinstance(fact, NotifyFailed)]
    assert [each.reason for each in failed] == ["no route for its topic, and no default webhook"]


async def test_hostile_text_passes_both_services_and_does_nothing(home: Path) -> None:
    discord, slack = (
        DiscordStandIn(HOOKS, is_patient=True),
        SlackStandIn({SLACK_PATH}, is_patient=True),
    )
    hostile = msgspec.structs.replace(
        a_notice(1, words=HOSTILE * 40), subject=HOSTILE * 20, about=HOSTILE, topic=HOSTILE
    )
    async with stand_ins(discord, slack) as (discord_url, slack_url):
        section = section_with(discord_webhook=discord_url, slack_webhook=slack_url)
        async with Desk(home, section).running() as desk:
            desk.tell(
                Notify("discord/h", "discord", hostile),
                Notify("slack/h", "slack", hostile),
                Notify("file/h", "file", hostile),
                Notify("console/h", "console", hostile),
            )
            await desk.ended(4)
    assert {type(fact) for fact in desk.facts} == {Notified}
    (_, message) = discord.messages[0]
    assert "](" not in message["embeds"][0]["description"].replace("\\]\\(", "")
    (_, blocks) = slack.messages[0]
    assert "<!channel>" not in blocks["blocks"][1]["text"]["text"]
    assert len(lines(home)) == 1
    assert "\n" not in desk.console[0]


async def test_what_is_not_released_does_not_leave(home: Path) -> None:
    async with Desk(home, section_with()).running() as desk:
        desk.tell(notify(1, sink="console"), released=False)
        desk.tell(notify(2, sink="console"))
        await desk.ended(1)
        await asyncio.sleep(0.05)
    assert len(desk.console) == 1


async def test_what_was_not_told_before_the_end_is_told_after_the_next_start(home: Path) -> None:
    first = Desk(home, section_with())
    first.tell(notify(1, sink="console"), notify(2, sink="console"), released=False)
    async with Desk(home, section_with()).running() as second:
        await second.ended(2)
        assert len(second.console) == 2
    async with Desk(home, section_with()).running() as third:
        third.tell(notify(1, sink="console"))
        third.tell(notify(3, sink="console"))
        await third.ended(1)
    assert [fact.dedupe_key for fact in third.facts if isinstance(fact, Notified)] == ["console/n3"]


KILLED = """
import sys
from pathlib import Path
from foreshock.adapters.storage.files import DiskFolder
from foreshock.adapters.notify.kept import KeptOutbox
from tests.unit.adapters.notify.told import notify
kept = KeptOutbox(DiskFolder(Path(sys.argv[1])), is_simulated=False)
for number in range(100):
    kept.keep(notify(number, sink="console"))
print("kept", flush=True)
sys.stdin.read()
"""


def keep_and_be_killed(home: Path) -> None:
    """A process that keeps a hundred notices and dies the hard way."""
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"kept\n"
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    child.communicate()


async def test_a_killed_process_loses_no_notice(home: Path) -> None:
    await asyncio.to_thread(keep_and_be_killed, home)
    with (home / "outbox.jsonl").open("ab") as file:
        file.write(b'{"type":"Notify","dedupe_key":"torn')
    desk = Desk(home, section_with())
    async with desk.running():
        await desk.ended(100)
    assert len(desk.console) == 100
    assert desk.said == ["note: 1 lines of the outbox could not be read and are left out"]


async def test_an_outbox_that_cannot_be_written_stops_nobody(home: Path) -> None:
    (home / "outbox.jsonl").mkdir()
    async with Desk(home, section_with()).running() as desk:
        desk.tell(notify(1, sink="console"))
        await desk.ended(1)
    assert len(desk.console) == 1


async def test_a_full_disk_delays_the_log_and_tells(home: Path) -> None:
    (home / "logs").write_text("a file where a folder should be")
    async with Desk(home, section_with()).running() as desk:
        desk.tell(notify(1, sink="file"), notify(2, sink="console"))
        await desk.ended(1)
        (home / "logs").unlink()
        await desk.ended(2)
    assert len(lines(home)) == 1


class Raising:
    """A sender with a fault nobody foresaw."""

    async def send(self, webhook: Webhook, request: HttpRequest) -> HttpResponse:
        raise RuntimeError("a slip")

    async def close(self) -> None:
        """Nothing to close."""


async def test_a_channel_that_raises_stops_no_other(home: Path) -> None:
    section = section_with(discord_webhook=f"http://127.0.0.1:9/api/webhooks/1/{TOKEN}")
    told: list[str] = []
    channels = Channels(AlertLog(home / "logs"), addresses(section), Raising(), told.append)
    facts: list[Message] = []
    notifiers = Notifiers(DiskFolder(home), channels, is_simulated=True)
    notifiers.restore(facts.append, told.append)
    task = asyncio.create_task(notifiers.run())
    for each in (notify(1), notify(2, sink="console")):
        notifiers.listen(1, Entry(1, 0, "alert-router", each), wall_clock_us())
        notifiers.release(each)
    async with asyncio.timeout(5):
        while not facts:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert facts == [Notified("console/n2", "console", 1)]
    assert (home / "outbox.demo.jsonl").exists()


def resolving_to(found: list[str]) -> Resolve:
    async def resolve(*_: object) -> list[str]:
        return found

    return resolve


async def test_names_that_lead_into_an_inner_network_are_not_followed() -> None:
    webhook = Webhook("discord", "discord", True, "discord.com", 443, f"/x/{TOKEN}")  # noqa: FBT003 - the struct's own order
    answers = {"private": ["10.0.0.5"], "mixed": ["162.159.137.232", "169.254.169.254"], "none": []}
    for name, found in answers.items():
        sender = GuardedSender(resolving_to(found))
        error = VenueUnavailableError if name == "none" else ConfigError
        with pytest.raises(error) as refused:
            await sender.send(webhook, HttpRequest("POST", webhook.path))
        assert TOKEN not in str(refused.value)
        await sender.close()


async def test_a_host_that_redirects_is_not_followed(home: Path) -> None:
    asked: list[str] = []

    def away(request: HttpRequest, _now_us: Instant) -> HttpResponse:
        asked.append(request.path)
        return HttpResponse(302, b"", (("location", "http://127.0.0.1:1/inner"),))

    served = await serve(Still(), {"host": RestFace(away)})
    url = f"{served.urls['host']}/api/webhooks/1/{TOKEN}"
    async with Desk(home, section_with(discord_webhook=url)).running() as desk:
        desk.tell(notify(1))
        await desk.ended(1)
    await served.stop()
    assert len(asked) == 1
    assert isinstance(desk.facts[0], NotifyFailed)


@pytest.mark.usefixtures("home")
def test_settings_become_rules_without_addresses() -> None:
    section = section_with(
        discord_webhook=f"https://discord.com/api/webhooks/1/{TOKEN}",
        discord_mode="analyst-signals-only",
        quiet=True,
    )
    rules = alert_settings(section, is_simulated=False)
    assert [rule.sink for rule in rules.sinks] == ["file", "discord"]
    assert not rules.sinks[1].hears_detectors
    assert TOKEN not in msgspec.json.encode(rules).decode()
    assert TOKEN not in repr(section)
    assert TOKEN not in repr(addresses(section))
    assert alert_settings(section_with(), is_simulated=True).sinks[1].sink == "console"


@pytest.mark.parametrize("hosts", ["https://x.test", "x", "x.test:80"])
@pytest.mark.usefixtures("home")
def test_an_allowed_host_is_a_plain_name(hosts: str) -> None:
    with pytest.raises(ConfigError, match="not the name of a host"):
        addresses(section_with(webhook_hosts=hosts))
