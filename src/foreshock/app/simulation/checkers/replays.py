"""Would it all happen again? I9 for one run's bytes, and I11 for a run and its twin.

Both compare whole runs, so they are asked once a run and not after each event.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from foreshock.app.baseline_store import recorded_past
from foreshock.app.feeds import ProtocolFactory
from foreshock.app.replay import replay, started
from foreshock.app.simulation.observed import Sent, Violation
from foreshock.app.wiring import build, recorded_config
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import Instant
from foreshock.core.ports import File

Wanted: TypeAlias = tuple[MarketId | None, str | None, str | None, int | None, int | None]
"""What an order asks for, whatever its name and moment."""


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


def twin_violations(with_text: Iterable[Sent], without: Iterable[Sent]) -> Iterator[Violation]:
    """I11: words of models, news and markets never cause an order that would not be sent anyway.

    with_text: what left while they were adversarial; without: what left while they were silent.
    """
    allowed = Counter(map(_wanted, _placed(without)))
    for sent in _placed(with_text):
        wanted = _wanted(sent)
        if allowed[wanted] == 0:
            words = f"{sent.order_id} left only because of words: {wanted}"
            yield Violation(sent.at_us, "I11", words)
        allowed[wanted] -= 1


def _placed(sent: Iterable[Sent]) -> Iterator[Sent]:
    return (one for one in sent if one.kind == "place")


def _wanted(sent: Sent) -> Wanted:
    return (sent.market, sent.outcome, sent.action, sent.limit, sent.quantity)
