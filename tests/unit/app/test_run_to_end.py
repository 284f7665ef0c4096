"""A program ends in order by signal, and fails with its own error."""

import asyncio
import os
import signal

import pytest

from foreshock.app.run_to_end import run_to_end
from foreshock.core.domain.errors import ConfigError, DataError


async def fail(error: Exception) -> None:
    await asyncio.sleep(0)
    raise error


async def fail_together(*errors: Exception) -> None:
    async with asyncio.TaskGroup() as tasks:
        for error in errors:
            tasks.create_task(fail(error))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_everything_was_given_back(number: signal.Signals) -> None:
    given_back: list[bool] = []

    async def work() -> None:
        os.kill(os.getpid(), number)
        try:
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(0)
            given_back.append(True)

    run_to_end(work())
    assert given_back == [True]


def test_an_error_of_ours_comes_out_alone() -> None:
    with pytest.raises(ConfigError, match="alone"):
        run_to_end(fail(ConfigError("alone")))
    with pytest.raises(DataError, match="first"):
        run_to_end(fail_together(DataError("first")))


def test_a_bug_is_never_hidden_behind_an_error_of_ours() -> None:
    with pytest.raises(BaseExceptionGroup):
        run_to_end(fail_together(DataError("ours"), ZeroDivisionError()))
