"""How does an async program run and fail? On uvloop; a group of one error is that error."""

from collections.abc import Coroutine
from typing import Any

import uvloop

from foreshock.core.domain.errors import ForeshockError


def run_to_end(main: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop where there is one; a group of one error is that error."""
    try:
        uvloop.run(main)
    except BaseExceptionGroup as group:
        ours, rest = group.split(ForeshockError)
        if ours is None or rest is not None:
            raise
        raise _first(ours) from group


def _first(group: BaseExceptionGroup[ForeshockError]) -> ForeshockError:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
