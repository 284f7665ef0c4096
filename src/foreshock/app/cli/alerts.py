"""What was a person told, and who has seen it? Alerts, signals, channels and old recordings."""

import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

import typer

from foreshock.app.cli.output import Columns, Format, emit, say
from foreshock.app.exits import CommandError, Exit

if TYPE_CHECKING:
    from foreshock.adapters.storage.removal import OldRun
    from foreshock.dashboard.alert_views import NoticeView
    from foreshock.dashboard.signal_views import AlertView

OutputOption = Annotated[Format, typer.Option("-o", "--output", help="Shape of stdout.")]
LIMIT_DEFAULT, LIMIT_MAX = 50, 500
URGENT_MIN = 4
"""From here on a notice is repeated until somebody has seen it."""
FOLLOW_EVERY_S = 2.0
TRIES_MAX, PAUSE_S = 40, 0.25
MICRO = 1_000_000
MILLI = 1_000

alerts = typer.Typer(
    name="alerts",
    help="What the desk told: list it, say that you have seen it, try the channels.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Sort(StrEnum):
    """What `--sort` accepts."""

    NEWEST = "newest"
    SCORE = "score"


class SinkName(StrEnum):
    """What `--sink` accepts."""

    FILE = "file"
    CONSOLE = "console"
    DISCORD = "discord"
    SLACK = "slack"


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(alerts)
    app.command()(signals)
    app.command()(retention)


@alerts.command(name="list")
def list_alerts(
    output: OutputOption = Format.TABLE,
    *,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Only what nobody has acknowledged.")
    ] = False,
    severity: Annotated[
        int, typer.Option("--severity", min=1, max=5, help="This loud or louder.")
    ] = 1,
    limit: Annotated[int, typer.Option("--limit", min=1, max=LIMIT_MAX)] = LIMIT_DEFAULT,
) -> None:
    """Alerts and what the desk tells of itself, newest first."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.alert_views import NoticeView

    asked = {"severity_min": severity, "limit": limit} | ({"state": "open"} if unseen else {})
    path = f"/api/alerts?{urlencode(asked)}"
    emit(ask(require_running(home_folder()), path, list[NoticeView]), _alert_columns(), output)


@alerts.command()
def ack(
    about: Annotated[str, typer.Argument(help="Id of an alert, as `alerts list` shows it.")] = "",
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="All that is severity 4 or 5 and that nobody has seen.")
    ] = False,
) -> None:
    """Say that a person has seen an alert: it is not repeated any more."""
    from foreshock.app.client import ask, require_running, tell
    from foreshock.app.config import home_folder
    from foreshock.dashboard.alert_views import NoticeView

    if bool(about) == everything:
        raise CommandError(
            Exit.USAGE, "NO_ALERT", "which alert has been seen?", "give its id, or --all"
        )
    instance = require_running(home_folder())
    names = [about]
    if everything:
        path = f"/api/alerts?severity_min={URGENT_MIN}&state=open&limit={LIMIT_MAX}"
        names = [view.id for view in ask(instance, path, list[NoticeView])]
    for name in names:
        tell(instance, "/api/alerts/ack", {"id": name})
    say(f"acknowledged: {about or len(names)}")


@alerts.command(name="test-send")
def send_test(
    sink: Annotated[
        SinkName | None, typer.Option("--sink", help="One channel; all of them without it.")
    ] = None,
) -> None:
    """Have the running desk tell a test notice, and say whether it arrived."""
    from foreshock.app.client import ask, require_running, tell
    from foreshock.app.config import home_folder
    from foreshock.dashboard.alert_views import NotifierView

    instance = require_running(home_folder())

    def channels() -> list[NotifierView]:
        found = ask(instance, "/api/notifiers", list[NotifierView])
        return [each for each in found if sink in {None, each.sink}]

    before = {each.sink: each.told_count for each in channels()}
    tell(instance, "/api/alerts/test", {"sink": sink})
    silent = channels()
    for _ in range(TRIES_MAX):
        silent = [each for each in channels() if each.told_count <= before.get(each.sink, 0)]
        if not silent:
            say(f"told by: {', '.join(before)}")
            return
        time.sleep(PAUSE_S)
    raise CommandError(
        Exit.FAILED,
        "NOT_TOLD",
        "; ".join(f"{each.sink}: {each.words}" for each in silent),
        "see docs/how-to/alerts.md; the message stays in the outbox and is tried again",
    )


def signals(
    output: OutputOption = Format.TABLE,
    *,
    sort: Annotated[Sort, typer.Option("--sort", help="newest or score.")] = Sort.NEWEST,
    json: Annotated[bool, typer.Option("--json", help="The same as -o json.")] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on telling what is new, until interrupted.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=LIMIT_MAX)] = LIMIT_DEFAULT,
) -> None:
    """What detectors said of markets: volume, spikes, bursts, oracle gaps, relayed alerts."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.signal_views import SignalsView

    instance = require_running(home_folder())
    shape = Format.JSON if json else output
    path = f"/api/signals?{urlencode({'order': sort, 'limit': limit})}"
    found = ask(instance, path, SignalsView).alerts
    if not follow:
        emit(found, _signal_columns(), shape)
        return
    _follow(found, lambda: ask(instance, path, SignalsView).alerts, shape)


def _follow(
    found: "Sequence[AlertView]", again: "Callable[[], Sequence[AlertView]]", shape: Format
) -> None:
    """Print what is there, then what comes, oldest first; JSON as one line each."""
    shape = Format.JSONL if shape is Format.JSON else shape
    seen: dict[str, None] = {}
    while True:
        new = sorted((each for each in found if each.id not in seen), key=lambda a: a.event_us)
        if new:
            emit(new, _signal_columns(), shape)
        seen |= dict.fromkeys(each.id for each in new)
        for old in [*seen][:-LIMIT_MAX]:
            del seen[old]
        time.sleep(FOLLOW_EVERY_S)
        found = again()


def retention(
    output: OutputOption = Format.TABLE,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be deleted.")
    ] = False,
) -> None:
    """Delete recordings older than `retention.days`; a running desk does so by itself."""
    from foreshock.app.config import home_folder, load_settings
    from foreshock.app.instance import claim, running
    from foreshock.app.retention import Broom, retention_rules

    home = home_folder()
    broom = Broom(home, "", retention_rules(load_settings({}).retention))
    emit(broom.old(), _run_columns(), output)
    if dry_run:
        return
    held = None if running(home) is not None else claim(home)
    if held is None:
        raise CommandError(
            Exit.FAILED,
            "DESK_RUNS",
            "a desk runs on this data folder and deletes what is old by itself",
            "look with: foreshock retention --dry-run",
        )
    try:
        removed = broom.sweep("command line")
    finally:
        held.release()
    say(f"deleted {len(removed.runs)} runs, {removed.bytes_count} bytes, {removed.rows_count} rows")


def _alert_columns() -> "Columns[NoticeView]":
    return {
        "when (UTC)": lambda a: _moment(a.event_us),
        "level": lambda a: a.level,
        "kind": lambda a: a.kind,
        "what": lambda a: a.title,
        "in words": lambda a: a.words,
        "seen by": lambda a: a.acknowledged_by or "",
        "id": lambda a: a.id,
    }


def _signal_columns() -> "Columns[AlertView]":
    return {
        "when (UTC)": lambda a: _moment(a.event_us),
        "level": lambda a: a.level,
        "detector": lambda a: a.detector,
        "score": lambda a: f"{a.score_milli / MILLI:,.1f}",
        "market": lambda a: a.title or a.market,
        "in words": lambda a: a.words,
        "news": lambda a: a.explanation,
        "id": lambda a: a.id,
    }


def _run_columns() -> "Columns[OldRun]":
    return {
        "run": lambda r: r.name,
        "ended (UTC)": lambda r: _moment(r.ended_us),
        "bytes": lambda r: f"{r.bytes_count:,}",
    }


def _moment(at_us: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(at_us / MICRO, UTC):%Y-%m-%d %H:%M:%S}"
