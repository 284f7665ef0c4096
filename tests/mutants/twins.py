"""Does a run send what its silent twin does not? For watched scenes, which have no record to run again."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from foreshock.app.simulation.observed import Sent, Violation
from foreshock.core.domain.markets import MarketId

Wanted: TypeAlias = tuple[MarketId | None, str | None, str | None, int | None, int | None]
"""What an order asks for, whatever its name and moment."""


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
