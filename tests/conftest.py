"""What every test may rely on: no network beyond loopback, repeatable examples, the recordings."""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
WIRE = REPOSITORY.parent / "shared" / "wire"
BROWSER_HINT = "install Debian's `chromium` package"

Rest = ParamSpec("Rest")
Answer = TypeVar("Answer")
Host = str | bytes | None
Address = tuple[object, ...]  # host first, in both Internet families

# The same examples on every run; `--hypothesis-profile=explore` looks for new ones.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=2_000)
hypothesis.settings.load_profile("repeatable")


class NetworkForbiddenError(RuntimeError):
    """A test tried to leave this machine. Not an OSError: reconnect loops must not swallow it."""


class NetworkGuard:
    """Refuses what is not loopback and remembers it, in case the code under test hid the refusal.

    Covers Python's own sockets and therefore asyncio's default loop. uvloop and child processes
    connect below this level, so tests run on the default loop.
    """

    def __init__(self) -> None:
        self.attempts: list[str] = []

    def check(self, host: object) -> None:
        """Raises: NetworkForbiddenError for a host outside this machine."""
        if not is_loopback(host):
            self.attempts.append(str(host))
            raise NetworkForbiddenError(f"tests reach loopback only, not {host!r}")


def is_loopback(host: object) -> bool:
    """Names other than localhost count as remote: asking for their address already leaves."""
    if host is None or host in {"", "localhost", b"", b"localhost"}:
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(scope="session", autouse=True)
def network_guard() -> Iterator[NetworkGuard]:
    """The guard, in force for the whole session, fixtures included."""
    guard = NetworkGuard()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded_connect(guard, getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", guarded_lookup(guard, socket.getaddrinfo))
        yield guard


def guarded_lookup(
    guard: NetworkGuard, lookup: Callable[Concatenate[Host, Rest], Answer]
) -> Callable[Concatenate[Host, Rest], Answer]:
    """`getaddrinfo` that looks at the host first."""

    def checked(host: Host, *rest: Rest.args, **options: Rest.kwargs) -> Answer:
        guard.check(host)
        return lookup(host, *rest, **options)

    return checked


def guarded_connect(
    guard: NetworkGuard, connect: Callable[[socket.socket, Address], Answer]
) -> Callable[[socket.socket, Address], Answer]:
    """`connect` that looks at the address first; Unix sockets pass."""

    def checked(self: socket.socket, address: Address) -> Answer:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            guard.check(address[0])
        return connect(self, address)

    return checked


@pytest.fixture(autouse=True)
def stays_on_this_machine(network_guard: NetworkGuard) -> Iterator[None]:
    """Fails a test whose code swallowed the refusal."""
    network_guard.attempts.clear()
    yield
    assert not network_guard.attempts, f"tried to reach {network_guard.attempts}"


@pytest.fixture(scope="session")
def shared_wire() -> Path:
    """The folder of real recordings beside the repository; skips where there is none."""
    if not WIRE.is_dir():
        pytest.skip(f"no recordings at {WIRE}: this test reads real venue traffic")
    return WIRE


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The system's Chromium. Skips without one, unless FORESHOCK_REQUIRE_BROWSER demands it."""
    for folder in os.get_exec_path():
        program = Path(folder) / "chromium"
        if os.access(program, os.X_OK):
            return program
    if os.environ.get("FORESHOCK_REQUIRE_BROWSER"):
        pytest.fail(f"no Chromium on PATH, and this run requires it: {BROWSER_HINT}")
    pytest.skip(f"no Chromium on PATH, the browser was NOT tested: {BROWSER_HINT}")
