"""How does a desk trade with real money? Start it, arm a venue, disarm it; and the key holder."""

import sys
from typing import Annotated

import typer

from foreshock.app.cli.output import say
from foreshock.app.exits import CommandError, Exit

HostOption = Annotated[
    str | None, typer.Option(help="Address of the dashboard (127.0.0.1).", show_default=False)
]
PortOption = Annotated[
    int | None,
    typer.Option(help="Port of the dashboard (8765); 0 picks a free one.", show_default=False),
]
HOURS_MAX = 24


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(live)
    app.command()(arm)
    app.command()(disarm)
    app.command()(signer)


def live(
    host: HostOption = None,
    port: PortOption = None,
    *,
    browser: Annotated[bool, typer.Option(help="Open the dashboard in a browser.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Stop the desk that runs on this data folder first.")
    ] = False,
) -> None:
    """Live data and REAL orders, at venues that you arm; nothing is spent before `arm`."""
    from foreshock.app.modes import run_live

    given = {"host": host, "port": port}
    flags = {"dashboard": {key: value for key, value in given.items() if value is not None}}
    run_live(flags, browser=browser, replace=replace)


def arm(
    venue: Annotated[str, typer.Argument(help="polymarket or kalshi.")],
    span: Annotated[
        str, typer.Option("--for", help="For how long, in hours: 8h. At most 24h.")
    ] = "8h",
    *,
    override: Annotated[
        bool,
        typer.Option("--override-paper-days", help="Arm with less than 7 days on paper."),
    ] = False,
) -> None:
    """Let the running live desk spend real money at a venue, for some hours."""
    from foreshock.app.client import require_running, tell
    from foreshock.app.config import home_folder
    from foreshock.app.paper_record import DAYS_MIN, paper_record
    from foreshock.app.projector import DATABASE_NAME
    from foreshock.dashboard.arm_routes import phrase

    hours = _hours(span)
    home = home_folder()
    instance = require_running(home)
    record = paper_record(home / DATABASE_NAME)
    say(f"record: {record.words()}")
    if not record.is_long_enough and not override:
        raise CommandError(
            Exit.USAGE,
            "TOO_LITTLE_PAPER",
            f"{record.days_count} days on paper, {DAYS_MIN} are asked for: nothing was armed",
            "trade on paper first, or give --override-paper-days",
        )
    typed = _typed(f"Real money. Type `{phrase(venue)}` to arm it for {hours} h")
    body = {"venue": venue, "hours": hours, "confirm": typed, "words": record.words()}
    tell(instance, "/api/arm", body)
    say(f"armed: {venue} for {hours} h. Undo with: foreshock disarm {venue}")


def disarm(
    venue: Annotated[str, typer.Argument(help="polymarket or kalshi.")],
) -> None:
    """Spend no more real money at a venue; hedges of open packages still pass."""
    from foreshock.app.client import require_running, tell
    from foreshock.app.config import home_folder

    tell(require_running(home_folder()), "/api/disarm", {"venue": venue})
    say(f"disarmed: {venue}")


def signer() -> None:
    """Hold the keys and sign what the policy allows; `live` starts it by itself."""
    from foreshock.app.signer_start import run_signer

    run_signer()


def _hours(span: str) -> int:
    """`8h` or `8`. Raises CommandError for anything else."""
    number = span.strip().removesuffix("h")
    if not (number.isascii() and number.isdecimal() and 1 <= int(number[:4]) <= HOURS_MAX):
        raise CommandError(
            Exit.USAGE, "BAD_HOURS", f"{span!r} is no time to arm for", "give 1h to 24h"
        )
    return int(number)


def _typed(question: str) -> str:
    """What the person typed, asked on stderr; nothing where nobody sits at the terminal."""
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()
