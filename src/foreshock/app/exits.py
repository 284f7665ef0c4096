"""With which code does a command end? Documented, stable, tested.

0 ok, 1 failed, 2 usage, 3 configuration, 4 not authorised, 5 venue unavailable, 6 refused by risk,
7 halted, 8 data gap, 9 left open, 130 interrupted.
"""

from enum import IntEnum

from foreshock.core.domain.errors import (
    ConfigError,
    DataError,
    ForeshockError,
    StorageError,
    VenueUnavailableError,
)


class Exit(IntEnum):
    """Exit codes of every command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    CONFIG = 3
    AUTH = 4
    VENUE = 5
    RISK = 6
    HALTED = 7
    DATA_GAP = 8
    LEFT_OPEN = 9
    INTERRUPTED = 130


class CommandError(ForeshockError):
    """A command cannot do what was asked; carries what the person reads and the exit code."""

    def __init__(self, exit_code: Exit, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.code = code
        self.hint = hint


_KINDS: tuple[tuple[type[ForeshockError], Exit, str, str], ...] = (
    (ConfigError, Exit.CONFIG, "CONFIG", "foreshock doctor"),
    (VenueUnavailableError, Exit.VENUE, "VENUE_UNAVAILABLE", "check the network, then try again"),
    (DataError, Exit.DATA_GAP, "DATA", "foreshock verify"),
    (StorageError, Exit.FAILED, "STORAGE", "foreshock verify"),
    (ForeshockError, Exit.FAILED, "FAILED", "run again with --debug and report what it prints"),
)


def describe(error: ForeshockError) -> CommandError:
    """Any error of ours as a command error: cause first, then what to do."""
    if isinstance(error, CommandError):
        return error
    for kind, exit_code, code, hint in _KINDS:
        if isinstance(error, kind):
            return CommandError(exit_code, code, str(error), hint)
    raise AssertionError("every error of ours is a ForeshockError")
