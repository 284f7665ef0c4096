"""Which command did the person ask for? Heavy modules are imported inside the commands."""

import sys
from itertools import pairwise
from typing import Annotated, NoReturn

import typer

from foreshock import __version__
from foreshock.app.cli import (
    alerts,
    backup,
    control,
    detectors,
    evaluate,
    limits,
    live,
    news,
    oracles,
    pairs,
    positions,
    query,
    record,
    related,
    run,
    simulate,
    start,
)
from foreshock.app.cli.output import Format, say_error, write
from foreshock.app.exits import CommandError, Exit, describe
from foreshock.core.domain.errors import ForeshockError

HELP_COLUMNS_MAX = 120
"""A terminal that is as wide shows what a command does to its last word."""

app = typer.Typer(
    name="foreshock",
    help="Watch Polymarket and Kalshi, see edges after every cost, trade them on paper.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": HELP_COLUMNS_MAX},
    epilog="Start with: foreshock demo. Only `live` trades with real money, and only where armed.",
)
BEGINNING = (run, start, control)
READING = (query, pairs, positions, alerts, oracles, news, related, limits)
KEEPING = (record, backup, live, detectors, evaluate, simulate)
for module in (*BEGINNING, *READING, *KEEPING):
    module.add_to(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        write(f"foreshock {__version__}\n")
        raise typer.Exit


def _smoke_test(wanted: bool) -> None:
    if wanted:
        detectors.spike_test(Format.TABLE)
        raise typer.Exit


@app.callback()
def _options(
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback acts
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
    smoke_test: Annotated[  # noqa: ARG001 - its callback acts
        bool,
        typer.Option("--smoke-test", callback=_smoke_test, is_eager=True, help="As `spike-test`."),
    ] = False,
) -> None:
    """Options of every command."""
    _State.debug = debug


class _State:
    """What the options said, for `main`."""

    debug = False


def main() -> None:
    """Run a command; errors become one line of cause, one of help, and an exit code."""
    try:
        app(prog_name="foreshock")
    except ForeshockError as error:
        if _State.debug:
            raise
        _fail(describe(error))
    except KeyboardInterrupt:
        _fail(CommandError(Exit.INTERRUPTED, "INTERRUPTED", "interrupted", ""))


def _fail(error: CommandError) -> NoReturn:
    say_error(error, as_json=_wants_json(sys.argv[1:]))
    sys.exit(error.exit_code)


def _wants_json(arguments: list[str]) -> bool:
    """Whether the output was asked for as JSON; errors then are JSON too."""
    shapes = {Format.JSON.value, Format.JSONL.value}
    joined = {
        argument.partition("=")[2] for argument in arguments if argument.startswith("--output=")
    }
    apart = {after for before, after in pairwise(arguments) if before in {"-o", "--output"}}
    return bool(shapes & (joined | apart))
