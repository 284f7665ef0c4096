"""Every error of ours ends a command with its documented code and a line of help."""

import pytest

from foreshock.app.exits import CommandError, Exit, describe
from foreshock.core.domain.errors import (
    ConfigError,
    DataError,
    ForeshockError,
    InvariantError,
    StorageError,
    VenueUnavailableError,
)


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (ConfigError("x"), Exit.CONFIG),
        (VenueUnavailableError("x"), Exit.VENUE),
        (DataError("x"), Exit.DATA_GAP),
        (StorageError("x"), Exit.FAILED),
        (InvariantError("x"), Exit.FAILED),
    ],
)
def test_kinds_of_errors_have_their_codes(error: ForeshockError, exit_code: Exit) -> None:
    described = describe(error)
    assert described.exit_code is exit_code
    assert str(described) == "x"
    assert described.hint


def test_a_command_error_stays_itself() -> None:
    error = CommandError(Exit.AUTH, "CODE", "message", "hint")
    assert describe(error) is error
