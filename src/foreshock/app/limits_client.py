"""How do commands read and change the limits of the running desk, and how is a change proven?"""

import time

from foreshock.app import client
from foreshock.app.exits import CommandError, Exit
from foreshock.app.instance import Instance
from foreshock.dashboard.limit_routes import phrase
from foreshock.dashboard.limits import LimitChangeView, LimitSettingView, LimitsView

UNCHANGED = "it is that already"


def limits_of(instance: Instance) -> LimitsView:
    """Every limit of the running desk."""
    return client.ask(instance, "/api/limits", LimitsView)


def setting_of(view: LimitsView, key: str) -> LimitSettingView:
    """One limit. Raises CommandError naming those there are."""
    found = next((setting for setting in view.settings if setting.key == key), None)
    if found is None:
        raise CommandError(
            Exit.USAGE, "UNKNOWN_LIMIT", f"there is no limit {key!r}", "foreshock limits show"
        )
    return found


def is_looser(setting: LimitSettingView, value: int | None) -> bool:
    """Whether a value allows more than the one in force."""
    before = setting.in_force
    if before is None or value is None:
        return before is not None
    return value > before if setting.is_looser_above else value < before


def change_limit(
    instance: Instance, key: str, value: int | None, *, is_confirmed: bool
) -> LimitChangeView:
    """Ask for another limit and wait until the answer is on record. Raises CommandError."""
    before = len(limits_of(instance).changes), _newest(limits_of(instance))
    confirm = phrase(key) if is_confirmed else ""
    client.tell(instance, "/api/limits", {"key": key, "value": value, "confirm": confirm})
    for _ in range(client.PROOF_TRIES):
        view = limits_of(instance)
        if (len(view.changes), _newest(view)) != before:
            answer = next((change for change in view.changes if change.key == key), None)
            if answer is not None:
                return answer
        time.sleep(client.PROOF_PAUSE_S)
    raise CommandError(
        Exit.FAILED,
        "CHANGE_NOT_PROVEN",
        f"asked to change {key}, but the desk has not put it on record yet",
        "look with: foreshock limits show",
    )


def _newest(view: LimitsView) -> int:
    return view.changes[0].at_us if view.changes else 0
