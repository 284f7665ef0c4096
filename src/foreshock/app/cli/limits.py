"""How much may be at risk, and who says so? Limits shown, tightened, loosened; losses reviewed."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from foreshock.app.cli.output import Format, emit, say
from foreshock.app.exits import CommandError, Exit

if TYPE_CHECKING:
    from foreshock.app.instance import Instance
    from foreshock.dashboard.limits import LimitSettingView

OutputOption = Annotated[Format, typer.Option("-o", "--output", help="Shape of stdout.")]
limits_app = typer.Typer(
    name="limits", help="Limits in force: show them, tighten or loosen one.", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    limits_app.command("show")(show)
    limits_app.command("set")(set_limit)
    app.add_typer(limits_app)
    app.command()(review)


def show(output: OutputOption = Format.TABLE) -> None:
    """Every limit of the running desk: in force, what waits to be confirmed, how often it spoke."""
    from foreshock.app.client import require_running
    from foreshock.app.config import home_folder
    from foreshock.app.limit_amounts import shown
    from foreshock.app.limits_client import limits_of
    from foreshock.dashboard.limits import LimitSettingView

    def wanted(row: LimitSettingView) -> str:
        return "" if not row.wanted_words else shown(row.wanted, row.unit)

    columns: dict[str, Callable[[LimitSettingView], str]] = {
        "limit": lambda row: row.key,
        "in force": lambda row: shown(row.in_force, row.unit),
        "used": lambda row: "" if row.used is None else shown(row.used, row.unit),
        "wanted": wanted,
        "refused": lambda row: str(row.refused_count),
        "rule": lambda row: row.code,
        "what": lambda row: row.words,
    }
    view = limits_of(require_running(home_folder()))
    emit(view.settings, columns, output)
    waiting = [setting for setting in view.settings if setting.wanted_words]
    for setting in waiting:
        said = f"{shown(setting.in_force, setting.unit)}, not {shown(setting.wanted, setting.unit)}"
        say(f"{setting.key} stays {said}: {setting.wanted_words}")


def set_limit(
    key: Annotated[str, typer.Argument(help="As `limits show` names it.")],
    value: Annotated[
        str, typer.Argument(help="In its unit: 40, 2.5, 1500; none: no longer watched.")
    ],
    confirm: Annotated[
        str, typer.Option(help='"loosen KEY", instead of typing it, to loosen.')
    ] = "",
) -> None:
    """Tighten a limit at once; a looser one is shown and must be typed to be meant."""
    from foreshock.app.client import require_running
    from foreshock.app.config import home_folder
    from foreshock.app.limit_amounts import shown
    from foreshock.app.limits_client import (
        UNCHANGED,
        change_limit,
        is_looser,
        limits_of,
        setting_of,
    )

    instance = require_running(home_folder())
    setting = setting_of(limits_of(instance), key)
    wanted = _parsed(value, setting)
    looser = is_looser(setting, wanted)
    before, after = shown(setting.in_force, setting.unit), shown(wanted, setting.unit)
    if looser:
        say(f"{key} ({setting.words}) becomes LOOSER:\n  - {before}\n  + {after}")
        _confirm(key, confirm)
    answer = change_limit(instance, key, wanted, is_confirmed=looser)
    if answer.words and answer.words != UNCHANGED:
        raise CommandError(Exit.RISK, "LIMIT_KEPT", f"{key} stays {before}: {answer.words}", "")
    say(f"{key}: {before} -> {after}, in force and on record")


def review(
    note: Annotated[
        str, typer.Option(prompt="What was lost, why, and why may it go on", help="Kept on record.")
    ],
) -> None:
    """Record that a person looked at what was lost; the stops begin anew. Then resume."""
    from foreshock.app.client import require_running, tell
    from foreshock.app.config import home_folder

    instance = require_running(home_folder())
    tell(instance, "/api/review", {"note": note})
    _prove_review(instance, note)
    say("reviewed and on record; trade again with: foreshock resume")


def _prove_review(instance: "Instance", note: str) -> None:
    import time

    from foreshock.app import client
    from foreshock.app.limits_client import limits_of

    for _ in range(client.PROOF_TRIES):
        if any(told.words == note.strip() for told in limits_of(instance).reviews):
            return
        time.sleep(client.PROOF_PAUSE_S)
    raise CommandError(
        Exit.FAILED,
        "REVIEW_NOT_PROVEN",
        "the review was sent, but the desk has not put it on record yet",
        "look with: foreshock status",
    )


def _parsed(value: str, setting: "LimitSettingView") -> int | None:
    from foreshock.app.limit_amounts import parsed

    try:
        return parsed(value, setting.unit)
    except ValueError as error:
        raise CommandError(
            Exit.USAGE, "BAD_AMOUNT", f"{setting.key}: {error}", f"in {setting.unit}"
        ) from error


def _confirm(key: str, given: str) -> None:
    """Raises CommandError unless the phrase was given or is typed now."""
    from foreshock.dashboard.limit_routes import phrase

    wanted = phrase(key)
    typed = given
    if not typed:
        sys.stderr.write(f"Type: {wanted}\n> ")
        sys.stderr.flush()
        typed = sys.stdin.readline()
    if typed.strip() != wanted:
        raise CommandError(
            Exit.USAGE, "NOT_CONFIRMED", "not confirmed: nothing was changed", f"type: {wanted}"
        )
