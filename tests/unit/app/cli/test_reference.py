"""The reference page names what there is, and nothing that is not."""

import re
from pathlib import Path
from typing import Any

import typer.core
import typer.main
from starlette.routing import Route

from foreshock.app.cli.main import app
from foreshock.app.config import DOCUMENTED_VARIABLES, HOME_VARIABLE
from foreshock.app.exits import Exit
from tests.unit.dashboard.site import Site

ROOT = Path(__file__).resolve().parents[4]
PAGE = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf8")


def options() -> set[str]:
    """Every spelling of every option of the program and its commands."""
    commands = [group(), *commands_by_name().values()]
    return {"-h", "--help"} | {
        word
        for command in commands
        for parameter in command.params
        for word in (*parameter.opts, *parameter.secondary_opts)
        if word.startswith("-")
    }


def group() -> typer.core.TyperGroup:
    command = typer.main.get_command(app)
    assert isinstance(command, typer.core.TyperGroup)
    return command


def commands_by_name() -> dict[str, Any]:
    """Every command under the words that call it, those of a group behind the group's name."""
    found = dict(group().commands)
    for name, command in group().commands.items():
        if isinstance(command, typer.core.TyperGroup):
            found |= {f"{name} {word}": inner for word, inner in command.commands.items()}
    return found


def test_every_command_is_there_and_no_other() -> None:
    words = r"[a-z][a-z-]*(?: [a-z][a-z-]*)?"
    rows = set(re.findall(rf"^\| `({words})(?: [\[A-Z][^`]*)?` \|", PAGE, re.MULTILINE))
    assert rows == set(commands_by_name())


def test_every_option_is_there_and_no_other() -> None:
    named = set(re.findall(r"`(--?[a-z][a-z-]*)`", PAGE))
    assert named == options()


def test_every_exit_code_is_there_and_no_other() -> None:
    rows = re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", PAGE, re.MULTILINE)
    assert {name: int(code) for code, name in rows} == {code.name: code.value for code in Exit}


def test_every_address_of_the_api_is_there_and_no_other() -> None:
    routes = {
        (method, re.sub(r":path", "", route.path))
        for route in Site().api.routes
        if isinstance(route, Route) and route.path.startswith(("/api/", "/login", "/healthz"))
        for method in (route.methods or set[str]()) - {"HEAD"}
    }
    named = set(re.findall(r"`(GET|POST) (/[^`?]*)[^`]*`", PAGE))
    assert named == routes


def test_every_variable_is_there() -> None:
    for name in (HOME_VARIABLE, *DOCUMENTED_VARIABLES):
        assert f"`{name}`" in PAGE
