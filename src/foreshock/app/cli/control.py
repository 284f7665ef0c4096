"""How does an operator halt, resume or open the running desk from a terminal?"""

import sys
from typing import Annotated

import typer

from foreshock.app.cli.output import say, write
from foreshock.app.exits import CommandError, Exit

SCOPE_HELP = "all, polymarket or kalshi."


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(halt)
    app.command()(resume)
    app.command()(login)
    app.command()(stop)


def halt(
    scope: Annotated[str, typer.Argument(help=SCOPE_HELP)] = "all",
    reason: Annotated[str, typer.Option(help="Kept in the audit.")] = "from the command line",
) -> None:
    """Stop adding risk, at once and until resumed. Cancels and hedges still pass."""
    from foreshock.app.client import halt_is_on_record, require_running, tell
    from foreshock.app.config import home_folder

    instance = require_running(home_folder())
    tell(instance, "/api/halt", {"scope": scope, "reason": reason, "confirm": "halt"})
    if not halt_is_on_record(instance, scope):
        raise CommandError(
            Exit.FAILED,
            "HALT_NOT_PROVEN",
            f"asked to halt {scope}, but the desk has not put it on record yet",
            f"look with: foreshock status; end the desk with: kill {instance.pid}",
        )
    say(f"halted: {scope}. Undo with: foreshock resume {scope}")


def resume(
    scope: Annotated[str, typer.Argument(help=SCOPE_HELP)] = "all",
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Trade again after a halt."""
    from foreshock.app.client import halt_of, halted_again, require_running, tell
    from foreshock.app.config import home_folder

    instance = require_running(home_folder())
    if not yes and _typed(f"Type resume to trade again ({scope})") != "resume":
        raise CommandError(
            Exit.USAGE,
            "NOT_CONFIRMED",
            "not confirmed: nothing was changed",
            "type resume, or give --yes",
        )
    before = halt_of(instance, scope)
    tell(instance, "/api/resume", {"scope": scope, "confirm": "resume"})
    again = halted_again(instance, scope, before)
    if again is not None:
        raise CommandError(
            Exit.HALTED,
            "HALTED_AGAIN",
            f"{scope} was halted again by {again.by}: {again.reason}",
            "foreshock review --note ..., then resume",
        )
    say(f"resumed: {scope}")


def _typed(question: str) -> str:
    """What the person typed, asked on stderr; nothing where nobody sits at the terminal."""
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    typed = sys.stdin.readline()
    if not typed.endswith("\n"):
        say("")
    return typed.strip()


def login() -> None:
    """Print a fresh one-time link to the dashboard of the running desk."""
    from foreshock.app.client import mint_link, require_running
    from foreshock.app.config import home_folder

    write(mint_link(require_running(home_folder())) + "\n")


def stop() -> None:
    """End the running desk in order."""
    from foreshock.app.client import require_running, tell
    from foreshock.app.config import home_folder

    instance = require_running(home_folder())
    tell(instance, "/api/stop", {})
    say(f"stopping the desk (pid {instance.pid})")
