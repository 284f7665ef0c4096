"""How does a desk start? The commands that run until they are stopped."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foreshock.app.cli.output import Format, emit
from foreshock.app.exits import CommandError, Exit

if TYPE_CHECKING:
    from foreshock.app.doctor import Finding

PortOption = Annotated[
    int | None,
    typer.Option(help="Port of the dashboard (8765); 0 picks a free one.", show_default=False),
]
HostOption = Annotated[
    str | None, typer.Option(help="Address of the dashboard (127.0.0.1).", show_default=False)
]
BrowserOption = Annotated[bool, typer.Option(help="Open the dashboard in a browser.")]
ReplaceOption = Annotated[
    bool, typer.Option("--replace", help="Stop the desk that runs on this data folder first.")
]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(demo)
    app.command()(watch)
    app.command()(paper)
    app.command(name="sim-venues")(sim_venues)
    app.command()(doctor)


def demo(
    host: HostOption = None,
    port: PortOption = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the simulated world.")] = None,
    *,
    browser: BrowserOption = True,
    realistic: Annotated[
        bool, typer.Option("--realistic", help="Mispricings as rare as in life.")
    ] = False,
    replace: ReplaceOption = False,
) -> None:
    """Simulated venues, the whole desk on paper, a dashboard. No key, no money, no network."""
    from foreshock.app.modes import run_demo

    flags = _flags(host, port)
    if seed is not None:
        flags["demo"] = {"seed": seed}
    run_demo(flags, browser=browser, realistic=realistic, replace=replace)


def watch(
    identifiers: Annotated[
        list[str] | None,
        typer.Argument(
            help="Markets, events or series by the venue's own names (kalshi:KXFED, "
            "polymarket:some-slug); without any, the busiest markets."
        ),
    ] = None,
    host: HostOption = None,
    port: PortOption = None,
    *,
    polymarket: Annotated[bool, typer.Option("--polymarket", help="Watch Polymarket.")] = False,
    kalshi: Annotated[bool, typer.Option("--kalshi", help="Watch Kalshi.")] = False,
    browser: BrowserOption = False,
    replace: ReplaceOption = False,
) -> None:
    """Live data, nobody trades. Polymarket needs no key; Kalshi without one is polled."""
    from foreshock.app.modes import run_live_data

    run_live_data(
        "watch",
        _flags(host, port),
        _venues(polymarket, kalshi),
        identifiers or (),
        browser=browser,
        replace=replace,
    )


def paper(
    host: HostOption = None,
    port: PortOption = None,
    *,
    browser: BrowserOption = False,
    replace: ReplaceOption = False,
) -> None:
    """Live data of both venues, fills simulated on their books."""
    from foreshock.app.modes import run_live_data

    run_live_data(
        "paper", _flags(host, port), ("polymarket", "kalshi"), browser=browser, replace=replace
    )


def sim_venues(
    seed: Annotated[int | None, typer.Option(help="Seed of the simulated world.")] = None,
    key_file: Annotated[
        Path | None, typer.Option(help="Where the Kalshi key for clients is written (0600).")
    ] = None,
    *,
    realistic: Annotated[
        bool, typer.Option("--realistic", help="Mispricings as rare as in life.")
    ] = False,
    until_input_ends: Annotated[
        bool, typer.Option("--until-input-ends", help="End when standard input does.")
    ] = False,
    rsa: Annotated[
        bool, typer.Option("--rsa", help="A Kalshi key for clients that know no other kind.")
    ] = False,
) -> None:
    """Only the simulated venues; prints their addresses as JSON."""
    from foreshock.app.sim_venues import run_sim_venues

    flags: dict[str, dict[str, object]] = {} if seed is None else {"demo": {"seed": seed}}
    run_sim_venues(
        flags, key_file, realistic=realistic, until_input_ends=until_input_ends, is_rsa=rsa
    )


def doctor(
    *,
    live: Annotated[
        bool, typer.Option("--live", help="Also what real money needs; asks the venues.")
    ] = False,
    output: Annotated[
        Format, typer.Option("-o", "--output", help="Shape of stdout.")
    ] = Format.TABLE,
) -> None:
    """Check what foreshock needs and say in words what is missing."""
    from foreshock.app.doctor import examine

    findings = examine()
    if live:
        from foreshock.app.config import load_settings
        from foreshock.app.doctor_live import examine_live

        findings += asyncio.run(examine_live(load_settings({})))
    emit(findings, _finding_columns(), output)
    problems = sum(finding.state == "problem" for finding in findings)
    if problems:
        raise CommandError(Exit.CONFIG, "NOT_READY", f"{problems} to mend before it runs", "")


def _finding_columns() -> "dict[str, Callable[[Finding], str]]":
    return {"": lambda f: f.state, "check": lambda f: f.check, "what": lambda f: f.words}


def _flags(host: str | None, port: int | None) -> dict[str, dict[str, object]]:
    given = {"host": host, "port": port}
    return {"dashboard": {key: value for key, value in given.items() if value is not None}}


def _venues(polymarket: bool, kalshi: bool) -> tuple[str, ...]:
    named = [n for n, on in (("polymarket", polymarket), ("kalshi", kalshi)) if on]
    return tuple(named) or ("polymarket", "kalshi")
