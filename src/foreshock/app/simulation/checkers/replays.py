"""Would it all happen again? I9, for the bytes of one run: asked once, not after each event."""

from collections.abc import Callable, Iterator, Mapping

from foreshock.app.baseline_store import recorded_past
from foreshock.app.feeds import ProtocolFactory
from foreshock.app.replay import replay, started
from foreshock.app.simulation.observed import Violation
from foreshock.app.wiring import build, recorded_config
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.units import Instant
from foreshock.core.ports import File


def replay_violations(
    open_file: Callable[[str], File],
    at_us: Instant,
    user_feeds: Mapping[str, ProtocolFactory] | None = None,
) -> Iterator[Violation]:
    """I9: the durable bytes alone say the same again, message by message.

    user_feeds: protocols of user channels that no configured account has.
    """
    try:
        config = recorded_config(started(open_file))
        past = recorded_past(open_file, config.baselines)
        parts = build(config, [], user_feeds=user_feeds, past=past)
        replayed = replay(open_file, parts.worker)
    except StorageError as error:
        yield Violation(at_us, "I9", f"the record cannot be replayed: {error}")
        return
    for difference in replayed.differences:
        words = f"step {difference.step}: {difference.recorded} became {difference.replayed}"
        yield Violation(at_us, "I9", words)
