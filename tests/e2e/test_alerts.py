"""Is a person told? A demo with Discord beside it that fails, a kill, another start."""

import signal
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.notify import DiscordStandIn, Failure
from foreshock.app.client import ask, tell
from foreshock.app.exits import Exit
from foreshock.app.replay import Replayed
from foreshock.dashboard.alert_views import HealthView, NoticeView, WatchedView
from foreshock.dashboard.signal_views import SignalsView
from tests.e2e.program import Program, decoded, run, until

SECRET = "a-secret-of-the-webhook"
INGEST_TOKEN = "a-token-of-the-ingest"
EVENT = {
    "source": "a",
    "platform": "elsewhere",
    "market_id": "m",
    "yes_price": 0.5,
    "volume": 10,
}
DEMO = ("demo", "--no-browser", "--port", "0")
SMALL = {"FORESHOCK_DEMO__MARKETS": "60", "FORESHOCK_ALERTS__ALLOW_LOOPBACK": "true"}


class Discord:
    """The stand-in on a socket of its own, out of the program's reach when that is killed."""

    def __init__(self) -> None:
        self.service = service = DiscordStandIn({"1": SECRET}, is_patient=True)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                answer = service.handle(HttpRequest("POST", self.path, (), body), wall_clock_us())
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/api/webhooks/1/{SECRET}"

    def told(self, text: str) -> list[dict[str, Any]]:
        """Messages with this text in their footer."""
        found = [body for _, body in list(self.service.messages)]
        return [body for body in found if text in body["embeds"][0]["footer"]["text"]]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def discord() -> Iterator[Discord]:
    running = Discord()
    yield running
    running.close()


def extra(discord: Discord) -> dict[str, str]:
    return {**SMALL, "DISCORD_WEBHOOK_URL": discord.url, "INGEST_API_TOKEN": INGEST_TOKEN}


def spike(program: Program) -> str:
    """Make a spike up; the id of the alert that the detector raised."""
    tell(program.instance, "/api/demo/spike", {})

    def raised() -> str | None:
        found = ask(program.instance, "/api/signals", SignalsView).alerts
        return next((alert.id for alert in found if alert.market.startswith("demo:")), None)

    return until(raised, program.alive)


def watched(program: Program, state: str = "watched") -> list[str]:
    """The names of the watch list that are so far."""
    views = ask(program.instance, "/api/kalshi/markets", list[WatchedView])
    return [
        view.ticker
        for view in views
        if view.state == state and (view.markets or state != "watched")
    ]


def test_a_kill_while_discord_fails_loses_no_alert_and_shows_no_secret(
    tmp_path: Path, discord: Discord
) -> None:
    home = tmp_path / "home"
    discord.service.failure = Failure(503, 1_000_000)
    with Program(home, *DEMO, extra=extra(discord)) as program:
        program.first_line()
        alert_id = spike(program)
        until(lambda: discord.service.requests_count >= 2, program.alive)
        argv = Path(f"/proc/{program.process.pid}/cmdline").read_bytes()
        assert SECRET.encode() not in argv
        health = ask(program.instance, "/api/health", HealthView)
        assert {each.sink for each in health.notifiers} == {"file", "console", "discord"}
        assert SECRET not in msgspec.json.encode(health).decode()
        tell(program.instance, "/api/kalshi/markets", {"ticker": "KXBTCD"})
        assert until(lambda: watched(program), program.alive) == ["KXBTCD"]
        program.end(signal.SIGKILL)
    assert discord.told(alert_id) == []
    discord.service.failure = None
    with Program(home, *DEMO, extra=extra(discord)) as again:
        again.first_line()
        (message,) = until(lambda: discord.told(alert_id), again.alive)
        assert message["content"].startswith("\\[SIMULATED\\]")
        assert until(lambda: watched(again), again.alive) == ["KXBTCD"]
        tell(again.instance, "/api/kalshi/markets/remove", {"ticker": "KXBTCD"})
        until(lambda: not watched(again), again.alive)
        assert again.end(signal.SIGTERM)[0] == 0
        assert SECRET not in again.err
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert not [path for path in kept if SECRET.encode() in path.read_bytes()]
    assert not [path for path in kept if INGEST_TOKEN.encode() in path.read_bytes()]
    replayed = run(home, "replay", "-o", "json")
    assert decoded(replayed.stdout, Replayed).differences == ()


def test_alerts_are_listed_acknowledged_logged_and_tried_from_another_process(
    tmp_path: Path, discord: Discord
) -> None:
    home = tmp_path / "home"
    with Program(home, *DEMO, extra=extra(discord)) as program:
        program.first_line()
        alert_id = spike(program)
        until(lambda: discord.told(alert_id), program.alive)
        url, body = f"{program.instance.url}/api/events", EVENT
        bearer = {"authorization": f"Bearer {INGEST_TOKEN}"}
        assert httpx2.post(url, json=body).status_code == HTTPStatus.UNAUTHORIZED
        assert httpx2.post(url, json=body, headers=bearer).status_code == HTTPStatus.OK
        assert run(home, "alerts", "test-send", extra=SMALL).returncode == 0
        assert run(home, "alerts", "ack", alert_id, extra=SMALL).returncode == 0

        def seen() -> NoticeView | None:
            found = run(home, "alerts", "list", "-o", "json", "--limit", "500", extra=SMALL)
            views = decoded(found.stdout, list[NoticeView])
            return next((v for v in views if v.id == alert_id and v.acknowledged_by), None)

        view = until(seen, program.alive)
        assert view.acknowledged_by == "command line"
        assert run(home, "alerts", "ack", extra=SMALL).returncode == Exit.USAGE
        assert run(home, "alerts", "ack", alert_id, "--all", extra=SMALL).returncode == Exit.USAGE
        assert run(home, "alerts", "ack", "--all", extra=SMALL).stderr.startswith("acknowledged: ")
        assert [each.state for each in view.deliveries if each.sink == "discord"] == ["told"]
        found = run(home, "signals", "--sort", "score", "--json", extra=SMALL)
        assert alert_id in found.stdout
        lines = (home / "logs" / "alerts.jsonl").read_bytes().splitlines()
        assert alert_id in {msgspec.json.decode(line)["id"] for line in lines}
