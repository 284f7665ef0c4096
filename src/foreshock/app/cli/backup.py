"""How does a person keep the data folder safe, and get it back?"""

from pathlib import Path
from typing import Annotated

import typer

from foreshock.app.cli.output import Format, emit_one, say
from foreshock.app.exits import CommandError, Exit

OutputOption = Annotated[Format, typer.Option("-o", "--output", help="Shape of stdout.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(backup)
    app.command()(restore)


def backup(
    path: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    output: OutputOption = Format.TABLE,
) -> None:
    """Copy the data folder into one checked file, also while the desk runs. Holds no keys."""
    from foreshock.adapters.clock import wall_clock_us
    from foreshock.app.backups import back_up, check_backup
    from foreshock.app.config import home_folder

    made = back_up(home_folder(), path, wall_clock_us())
    check_backup(path)
    emit_one(made, [f"{path}: {line}" for line in made.lines()], output)


def restore(
    path: Annotated[Path, typer.Argument(help="A file that `foreshock backup` wrote.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Set aside what is in the data folder.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only look whether the file is whole.")
    ] = False,
    output: OutputOption = Format.TABLE,
) -> None:
    """Put a backup in place of the data folder. Refused while a desk runs on it."""
    from foreshock.adapters.clock import wall_clock_us
    from foreshock.app.backups import check_backup
    from foreshock.app.backups import restore as put_back
    from foreshock.app.config import home_folder
    from foreshock.app.instance import claim

    if check:
        found = check_backup(path)
        emit_one(found, [f"{path}: {line}, whole" for line in found.lines()], output)
        return
    home = home_folder()
    held = claim(home)
    if held is None:
        raise CommandError(
            Exit.FAILED,
            "DESK_RUNNING",
            f"a desk is running on {home}: nothing was restored",
            "stop it with: foreshock stop",
        )
    try:
        found = put_back(path, held, wall_clock_us(), replace=replace)
    finally:
        held.release()
    emit_one(found, [f"{home}: {line}" for line in found.lines()], output)
    say("the next start carries on from there: look with foreshock verify")
