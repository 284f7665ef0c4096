"""What does a start without a command do? What the documented variables of the environment say."""

import sys
from typing import Literal

import typer

from foreshock.app.cli.output import say
from foreshock.app.config import Settings

NAME = "start"


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(name=NAME)(start)


def start() -> None:
    """The demo, or live data to watch: as ACTIVE_MODE, ENABLE_KALSHI, ENABLE_SIMULATION say."""
    from foreshock.app.config import load_settings
    from foreshock.app.modes import run_demo, run_live_data

    settings = load_settings({})
    if meant(settings) == "demo":
        run_demo({}, browser=False, realistic=False, replace=False)
        return
    venues = ("polymarket", "kalshi") if settings.start.kalshi else ("polymarket",)
    say(f"live data of {' and '.join(venues)}, nobody trades")
    run_live_data("watch", {}, venues, browser=False, replace=False)


def meant(settings: Settings) -> Literal["demo", "watch"]:
    """Real and simulated data never mix: with Kalshi on, simulation is off. Neither one trades."""
    section = settings.start
    if section.active_mode:
        return "demo" if section.active_mode == "simulation" and not section.kalshi else "watch"
    return "demo" if section.simulation and not section.kalshi else "watch"


def without_command() -> None:
    """`python -m foreshock` alone starts; with more behind it, it is the `foreshock` command."""
    if len(sys.argv) == 1:
        sys.argv.append(NAME)
