"""What is in a recording, does it replay, and was it changed?"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foreshock.app.cli.output import Format, emit_one, say
from foreshock.app.exits import CommandError, Exit

if TYPE_CHECKING:
    from foreshock.app.replay import Replayed

OutputOption = Annotated[Format, typer.Option("-o", "--output", help="Shape of stdout.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(replay)
    app.command()(verify)
    app.command()(rebuild)


def replay(
    recording: Annotated[
        Path | None,
        typer.Argument(
            help="A run folder, or a captured stream of a venue (JSON, JSONL); "
            "default: the newest run."
        ),
    ] = None,
    output: OutputOption = Format.TABLE,
) -> None:
    """Decide a run again and compare each line; or fold a captured stream."""
    from foreshock.app.config import home_folder
    from foreshock.app.recordings import RUNS_NAME, fold_capture, newest_run
    from foreshock.app.replay import replay_folder

    if recording is None:
        recording = newest_run(home_folder())
    if not recording.exists():
        raise CommandError(
            Exit.USAGE,
            "NO_SUCH_FILE",
            f"{recording} does not exist",
            f"ls {home_folder() / RUNS_NAME}",
        )
    if recording.is_file() and recording.suffix in {".json", ".jsonl"}:
        folded = fold_capture(recording)
        emit_one(folded, folded.lines(), output)
        return
    folder = recording if recording.is_dir() else recording.parent
    replayed = replay_folder(folder)
    emit_one(replayed, _replayed_lines(replayed), output)
    if replayed.differences:
        raise CommandError(
            Exit.FAILED,
            "REPLAY_DIFFERS",
            f"{len(replayed.differences)} steps were decided differently",
            "replay with the version that recorded the run; if it is this one, report it as a bug",
        )


def verify(
    run: Annotated[Path | None, typer.Argument(help="A run folder; default: the newest.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every run of the data folder.")] = False,
) -> None:
    """Check that a run's journal and tape are whole and unchanged; say where they are not."""
    from foreshock.app.config import home_folder
    from foreshock.app.recordings import newest_run, runs

    if every:
        _verify_all(runs(home_folder()))
        return
    _verify_run(run if run is not None else newest_run(home_folder()))


def _verify_run(folder: Path) -> None:
    from foreshock.app.recordings import check_run

    checked = check_run(folder)
    say(
        f"{folder}: chain of {checked.steps_count} steps and {checked.frames_count} frames is whole"
    )
    if checked.ended is None:
        say("note: its end is not on record: the desk still runs, or it crashed or was killed")


def _verify_all(folders: Sequence[Path]) -> None:
    """Look at every run, whatever is wrong with one of them."""
    from foreshock.core.domain.errors import StorageError

    broken: list[str] = []
    for folder in folders:
        try:
            _verify_run(folder)
        except StorageError as error:
            broken.append(folder.name)
            say(f"{folder}: BROKEN: {error}")
    if broken:
        raise CommandError(
            Exit.FAILED,
            "CHAIN_BROKEN",
            f"{len(broken)} of {len(folders)} runs are damaged: {', '.join(broken)}",
            "keep them as they are; a backup may hold them whole: foreshock restore --check PATH",
        )


def rebuild(
    run: Annotated[Path | None, typer.Argument(help="A run folder; default: the newest.")] = None,
) -> None:
    """Write the SQL tables of a run anew from its journal."""
    from foreshock.app.config import home_folder
    from foreshock.app.projector import DATABASE_NAME
    from foreshock.app.projector import rebuild as project_again
    from foreshock.app.recordings import check_run, newest_run, open_folder

    folder = run if run is not None else newest_run(home_folder())
    check_run(folder)
    database = home_folder() / DATABASE_NAME
    steps_count = project_again(folder.name, open_folder(folder), database)
    say(f"{database}: the tables of {folder.name} hold what its {steps_count} steps say")


def _replayed_lines(replayed: "Replayed") -> list[str]:
    lines = [
        f"{replayed.steps_count} steps, {replayed.frames_count} frames, "
        f"{replayed.entries_count} decisions and facts compared",
        "identical" if not replayed.differences else "NOT identical",
    ]
    for difference in replayed.differences:
        lines += [
            f"step {difference.step}:",
            f"  recorded {difference.recorded}",
            f"  replayed {difference.replayed}",
        ]
    return lines
