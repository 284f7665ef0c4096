"""What hangs together with a market, and which relations or prices contradict each other?"""

from typing import Annotated

import typer

from foreshock.app.cli.output import Format, emit_one
from foreshock.app.exits import CommandError, Exit

OutputOption = Annotated[Format, typer.Option("-o", "--output", help="Shape of stdout.")]
LIMIT_MAX = 200


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(related)


def related(
    market: Annotated[
        str, typer.Argument(help="Id of a market; without it, what is wrong in the whole run.")
    ] = "",
    hops: Annotated[int, typer.Option("--hops", min=1, max=4, help="Links away, at most.")] = 2,
    output: OutputOption = Format.TABLE,
) -> None:
    """Related markets with the reasons, contradictions, and bounds broken by the stored books."""
    from foreshock.app.config import home_folder
    from foreshock.app.projector import DATABASE_NAME
    from foreshock.app.recordings import newest_run
    from foreshock.app.related import lines, related_view

    home = home_folder()
    run = newest_run(home).name
    view = related_view(home / DATABASE_NAME, run, market, hops, LIMIT_MAX)
    if view is None:
        raise CommandError(
            Exit.FAILED,
            "UNKNOWN_MARKET",
            f"run {run} lists no market {market}",
            "foreshock pairs relations",
        )
    emit_one(view, lines(view), output)
