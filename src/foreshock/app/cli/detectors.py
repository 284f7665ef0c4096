"""How does an operator try the detectors, or discard what they take for usual?"""

from typing import Annotated

import typer

from foreshock.app.cli.output import Columns, Format, emit, say
from foreshock.app.exits import CommandError, Exit

baselines = typer.Typer(
    name="baselines",
    help="What is usual in each market: discard it, or bring it back.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(name="spike-test")(spike_test)
    app.add_typer(baselines)


def spike_test(
    output: Annotated[
        Format, typer.Option("--output", "-o", help="Shape of stdout.")
    ] = Format.TABLE,
) -> None:
    """Inject synthetic events and confirm that the detectors speak. Needs no credentials."""
    from foreshock.app.config import load_settings
    from foreshock.app.signal_desk import signal_settings
    from foreshock.app.spike_test import Check
    from foreshock.app.spike_test import spike_test as check

    checks = check(signal_settings(load_settings({}), "demo"))
    columns: Columns[Check] = {
        "injected": lambda c: c.injected,
        "result": lambda c: c.result,
        "right": lambda c: "yes" if c.is_right else "NO",
    }
    emit(checks, columns, output)
    if not all(one.is_right for one in checks):
        raise CommandError(
            Exit.FAILED,
            "DETECTORS_DEAF",
            "a detector did not do what it should",
            "look at [spikes] and [volume] of your settings: they may silence it",
        )


@baselines.command(name="reset")
def reset(
    market: Annotated[str, typer.Argument(help="A market's id; all of them without it.")] = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Of every market, really.")] = False,
) -> None:
    """Discard what is usual: the baseline warms up again. `undo` brings it back."""
    from foreshock.app.client import require_running, send
    from foreshock.app.config import home_folder
    from foreshock.dashboard.signal_routes import ResetTaken

    instance = require_running(home_folder())
    if not market and not yes:
        raise CommandError(
            Exit.USAGE,
            "NOT_CONFIRMED",
            "this would discard the baselines of every market: nothing was changed",
            "name a market, or give --yes",
        )
    body = {"market": market or None}
    taken = send(instance, "/api/reset-baselines", body, ResetTaken)
    whose = market or "every market"
    say(f"discarded: {whose}. Undo with: foreshock baselines undo {taken.reset_id}")


@baselines.command(name="undo")
def undo(
    reset_id: Annotated[str, typer.Argument(help="Which reset; the newest without it.")] = "",
) -> None:
    """Bring discarded baselines back."""
    from foreshock.app.client import require_running, send
    from foreshock.app.config import home_folder
    from foreshock.dashboard.signal_routes import ResetTaken

    instance = require_running(home_folder())
    body = {"reset_id": reset_id or None}
    taken = send(instance, "/api/restore-baselines", body, ResetTaken)
    say(f"brought back: {taken.reset_id}")


@baselines.callback()
def list_resets(
    context: typer.Context,
    output: Annotated[
        Format, typer.Option("--output", "-o", help="Shape of stdout.")
    ] = Format.TABLE,
) -> None:
    """What was discarded in this run, newest first; or discard more, or bring it back."""
    if context.invoked_subcommand is not None:
        return
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.signal_views import ResetView, VolumeView

    view = ask(require_running(home_folder()), "/api/volume?limit=1", VolumeView)
    columns: Columns[ResetView] = {
        "reset": lambda r: r.reset_id,
        "market": lambda r: r.market or "all",
        "by": lambda r: r.by,
        "undone by": lambda r: r.restored_by or "-",
    }
    emit(view.resets, columns, output)
