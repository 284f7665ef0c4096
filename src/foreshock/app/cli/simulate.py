"""Does the desk keep its promises under faults? The command that runs seeds of the simulation."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foreshock.app.cli.output import write
from foreshock.app.exits import CommandError, Exit

if TYPE_CHECKING:
    from foreshock.app.simulation.campaign import Progress
    from foreshock.app.simulation.story import SeedReport
    from foreshock.app.simulation.work import Task

WORKERS_COUNT = 2


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(name="sim")(sim)


def sim(
    seeds: Annotated[int, typer.Option(help="How many seeds to run.", min=1)] = 100,
    first: Annotated[int, typer.Option(help="The first of them.", min=0)] = 0,
    seed: Annotated[
        int | None, typer.Option(help="Run this seed alone.", min=0, show_default=False)
    ] = None,
    mix: Annotated[
        str,
        typer.Option(help="Which faults: swarm, calm, storm, patient, a trouble's name, or all."),
    ] = "swarm",
    report: Annotated[
        Path | None, typer.Option(help="Write everything there as JSON.", show_default=False)
    ] = None,
    progress: Annotated[
        Path | None,
        typer.Option(help="Remember finished seeds there and go on from it.", show_default=False),
    ] = None,
    *,
    trace: Annotated[
        bool, typer.Option("--trace", help="Print every event of the one seed.")
    ] = False,
    twice: Annotated[
        bool, typer.Option("--twice", help="Run each seed under two hash seeds; both must agree.")
    ] = False,
) -> None:
    """Run the whole desk against simulated venues and faults, on virtual time, and judge it."""
    from foreshock.app.simulation.campaign import Progress, left
    from foreshock.app.simulation.mix import MIXES
    from foreshock.app.simulation.work import Task

    if mix != "all" and mix not in MIXES:
        words = f"one of all, {', '.join(MIXES)}"
        raise CommandError(Exit.USAGE, "UNKNOWN_MIX", f"there is no mix {mix}", words)
    if trace:
        _show(first if seed is None else seed, mix)
        return
    numbers = range(first, first + seeds) if seed is None else [seed]
    mixes = MIXES if mix == "all" else (mix,)
    tasks = [Task(number, mixes[number % len(mixes)]) for number in numbers]
    kept = None if progress is None else Progress(progress)
    done = [] if kept is None else kept.done()
    _run(left(tasks, done), done, kept, report, twice=twice)


def _run(
    tasks: "list[Task]",
    done: "list[SeedReport]",
    kept: "Progress | None",
    path: Path | None,
    *,
    twice: bool,
) -> None:
    """Run what is left, add what was done, say it all; fails when anything did."""
    import asyncio

    import msgspec

    from foreshock.app.simulation.campaign import run_campaign

    heard = None if kept is None else kept.note
    found = asyncio.run(run_campaign(tasks, WORKERS_COUNT, twice=twice, heard=heard))
    for earlier in done:
        found.add(earlier)
    write("\n".join(found.lines()) + "\n")
    if path is not None:
        path.write_bytes(msgspec.json.encode(found))
    if not found.is_good:
        raise CommandError(Exit.FAILED, "VIOLATED", "an invariant does not hold", "see above")


def _show(seed: int, mix: str) -> None:
    """Every event of a seed, a line each; what it violated comes last."""
    from foreshock.app.simulation.story import run_seed

    report = run_seed(seed, mix, lambda line: write(line + "\n"))
    write(f"seed {seed} ({mix}): {', '.join(report.troubles) or 'no trouble'}, {report.digest}\n")
    for violation in report.violations:
        write(f"{violation.at_us} {violation.invariant} {violation.words}\n")
    for failure in report.failures:
        write(f"{failure}\n")
    if report.violations or report.failures:
        raise CommandError(Exit.FAILED, "VIOLATED", "an invariant does not hold", "see above")
