"""Is a desk already running on this data folder, and how do other commands reach it?

`instance.lock` is held as long as the process lives; `instance.json` (0600) tells other commands
of the same user where it listens and which token it accepts.
"""

import fcntl
import os
import secrets
from pathlib import Path
from typing import IO

import msgspec

from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Instant

LOCK_NAME = "instance.lock"
FILE_NAME = "instance.json"
RUNS_NAME = "runs"
TOKEN_BYTES = 32


class Instance(msgspec.Struct, frozen=True):
    """The running desk of a data folder. The token commands it: keep it secret."""

    pid: int
    url: str
    token: str
    mode: str
    started_us: Instant

    def __repr__(self) -> str:
        """Everything but the token."""
        return f"Instance(pid={self.pid}, url={self.url!r}, mode={self.mode!r})"


class Claim:
    """A claimed data folder; `release` gives it back."""

    def __init__(self, home: Path, lock: IO[bytes]) -> None:
        self.home = home
        self.token = secrets.token_urlsafe(TOKEN_BYTES)
        self._lock = lock

    def publish(self, url: str, mode: str, started_us: Instant) -> None:
        """Tell other commands where this desk listens."""
        instance = Instance(os.getpid(), url, self.token, mode, started_us)
        path = self.home / FILE_NAME
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(instance))

    def release(self) -> None:
        """Forget this desk."""
        (self.home / FILE_NAME).unlink(missing_ok=True)
        self._lock.close()


def claim(home: Path) -> Claim | None:
    """Claim a data folder, making it if needed; None when another process holds it.

    Raises ConfigError when the folder cannot be used.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (home / LOCK_NAME).open("ab")
    except OSError as error:
        raise ConfigError(
            f"cannot use the data folder {home}: {error.strerror}; "
            "set FORESHOCK_HOME to a folder you may write"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    (home / FILE_NAME).unlink(missing_ok=True)  # of a desk that died: its pid may be another's now
    return Claim(home, lock)


def running(home: Path) -> Instance | None:
    """The desk that holds this data folder, None when there is none or it is just starting."""
    try:
        data = (home / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"cannot read {home / FILE_NAME}: {error.strerror}") from error
    try:
        instance = msgspec.json.decode(data, type=Instance)
        os.kill(instance.pid, 0)
    except (msgspec.MsgspecError, ProcessLookupError):
        return None
    except PermissionError:
        raise ConfigError(f"the desk of {home} belongs to another user") from None
    return instance
