"""How does a command ask the running desk? Over its own API, with the token of the data folder."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import httpx2
import msgspec

from foreshock.app.exits import CommandError, Exit
from foreshock.app.instance import Instance, running
from foreshock.dashboard.views import ErrorView, HaltView

TIMEOUT_S = 5.0
PROOF_TRIES, PROOF_PAUSE_S = 30, 0.1
T = TypeVar("T")


class LoginLink(msgspec.Struct, frozen=True):
    """A link that opens the dashboard once."""

    url: str


def require_running(home: Path) -> Instance:
    """The desk of this data folder. Raises CommandError when none runs."""
    instance = running(home)
    if instance is None:
        raise CommandError(
            Exit.FAILED,
            "NOT_RUNNING",
            f"no desk is running on {home}",
            "start one with: foreshock demo   (or point FORESHOCK_HOME at its folder)",
        )
    return instance


def ask(instance: Instance, path: str, shape: type[T]) -> T:
    """Read a view from the desk. Raises CommandError when it does not answer."""
    return _decoded(_send(instance, "GET", path, None), shape)


def tell(instance: Instance, path: str, body: Mapping[str, object]) -> None:
    """Send an operator's command to the desk. Raises CommandError when it is refused."""
    _send(instance, "POST", path, body)


def send(instance: Instance, path: str, body: Mapping[str, object], shape: type[T]) -> T:
    """Send an operator's command and read what it answers. Raises CommandError as `tell`."""
    return _decoded(_send(instance, "POST", path, body), shape)


class HaltsInForce(msgspec.Struct, frozen=True):
    """What a halt is proven by: the part of the desk's state that names them."""

    halts: list[HaltView]


def halt_is_on_record(instance: Instance, scope: str) -> bool:
    """Whether a scope is halted, asked until it is or PROOF_TRIES are over."""
    for _ in range(PROOF_TRIES):
        if any(halt.scope == scope for halt in ask(instance, "/api/state", HaltsInForce).halts):
            return True
        time.sleep(PROOF_PAUSE_S)
    return False


def halt_of(instance: Instance, scope: str) -> HaltView | None:
    """The halt of exactly this scope, None when there is none."""
    halts = ask(instance, "/api/state", HaltsInForce).halts
    return next((halt for halt in halts if halt.scope == scope), None)


def halted_again(instance: Instance, scope: str, before: HaltView | None) -> HaltView | None:
    """After a resume: the halt that stands anew, None when it was lifted.

    Raises CommandError when neither is on record after PROOF_TRIES.
    """
    if before is None:
        return None
    for _ in range(PROOF_TRIES):
        halt = halt_of(instance, scope)
        if halt is None or halt.since_us != before.since_us:
            return halt
        time.sleep(PROOF_PAUSE_S)
    raise CommandError(
        Exit.FAILED,
        "RESUME_NOT_PROVEN",
        f"asked to resume {scope}, but the desk has not put it on record yet",
        "look with: foreshock status",
    )


def mint_link(instance: Instance) -> str:
    """A fresh one-time link to the dashboard."""
    return _decoded(_send(instance, "POST", "/api/login-link", {}), LoginLink).url


def _send(instance: Instance, method: str, path: str, body: Mapping[str, object] | None) -> bytes:
    headers = {"authorization": f"Bearer {instance.token}"}
    try:
        with httpx2.Client(timeout=TIMEOUT_S, trust_env=False) as client:
            answer = client.request(method, instance.url + path, headers=headers, json=body)
    except httpx2.HTTPError as error:
        raise CommandError(
            Exit.FAILED,
            "NO_ANSWER",
            f"the desk at {instance.url} (pid {instance.pid}) does not answer: {error}",
            f"look at its output, or end it with: kill {instance.pid}",
        ) from error
    if answer.is_success:
        return answer.content
    raise _refused(answer)


def _refused(answer: httpx2.Response) -> CommandError:
    try:
        view = msgspec.json.decode(answer.content, type=ErrorView)
    except msgspec.MsgspecError:
        view = ErrorView("REFUSED", f"the desk answered {answer.status_code}", "", retryable=False)
    unauthorised = answer.status_code in (httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN)
    return CommandError(
        Exit.AUTH if unauthorised else Exit.FAILED, view.code, view.message, view.hint
    )


def _decoded(data: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=shape)
    except msgspec.MsgspecError as error:
        raise CommandError(
            Exit.FAILED,
            "VERSIONS_DIFFER",
            f"the desk's answer is not understood: {error}",
            "run this command with the version of foreshock that started the desk",
        ) from error
