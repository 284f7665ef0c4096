"""Would the same orders leave if nobody had said a word? I11, from a run's own record.

The recorded inputs are run again, each at its own moment, with every foreign text silent: models
answer nothing, no paper and no stranger speaks, what stands in the rules of a market wants nothing.
So neither time nor chance can differ, only what is concluded. An order of the record that silence
does not cause is there because of words. Where words kept an order back, what follows in the record
follows from that, and is compared no further.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from foreshock.adapters.storage.journal import JOURNAL_NAME, Step, Told, read_journal
from foreshock.adapters.storage.tape import TapeFrame, read_tape
from foreshock.app.baseline_store import recorded_past
from foreshock.app.replay import cited, started
from foreshock.app.simulation.observed import Violation
from foreshock.app.simulation.words import HOSTILE
from foreshock.app.wiring import build, recorded_config
from foreshock.app.worker import Worker
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.advice import ModelAnswered, ModelFailed
from foreshock.core.domain.messages.alerting import ObservationReceived
from foreshock.core.domain.messages.conversions import ConvertSets
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.matching import PairDecided, PairReopened
from foreshock.core.domain.messages.signals import AlertRaised, NewsAsked, NewsSeen
from foreshock.core.domain.messages.trading import PlaceOrder, SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.terms import Terms, terms_digest
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.ports import File

Act: TypeAlias = tuple[object, ...]
"""What leaves, whatever its name."""
Digests: TypeAlias = Mapping[str, str]
"""Of a market's terms: with words, and without."""
PLAIN = "Edited for clarity. "
"""What stands in silent rules where words stood."""
VOICES = (NewsSeen, NewsAsked, ObservationReceived)
RELAY = "relay"
OVERDUE = Duration(5 * SECOND)
"""A timer that the record does not know and silence set, because less or more was to be done."""


def word_violations(open_file: Callable[[str], File], at_us: Instant) -> Iterator[Violation]:
    """Compare step by step until words kept something back."""
    try:
        steps = list(read_journal(open_file(JOURNAL_NAME)))
        if not steps:
            return  # the process died before its first record was whole: it did nothing
        config = recorded_config(started(open_file))
        past = recorded_past(open_file, config.baselines)
        silent = Silent(build(config, [], past=past).worker, silent_digests(steps))
        frames = read_tape(open_file)
        for step in steps:
            with_words, without = acts(step), silent.acts(step, cited(step, frames))
            for act in (with_words - without).elements():
                words = f"step {step.step}: only words asked for {act}"
                yield Violation(at_us, "I11", words)
            if with_words != without:
                return
    except StorageError as error:
        yield Violation(at_us, "I11", f"the record cannot be run again: {error}")


class Silent:
    """The desk of a record, run again in silence."""

    def __init__(self, worker: Worker, digests: Digests) -> None:
        self._worker = worker
        self._digests = digests
        self._timers: dict[str, Instant] = {}

    def acts(self, step: Step, frames: Sequence[TapeFrame]) -> Counter[Act]:
        """What leaves because of a step, and of timers that only silence set."""
        left: Counter[Act] = Counter()
        for timer_id in [name for name, due_us in self._timers.items() if due_us < step.now_us]:
            left += self._run(step, TimerFired(timer_id), ())
        if not isinstance(step.input, Told):
            return left + self._take(step, frames)
        message = silenced(step.input.message, self._digests)
        return left if message is None else left + self._run(step, message, frames)

    def _run(self, step: Step, message: Message, frames: Sequence[TapeFrame]) -> Counter[Act]:
        if isinstance(message, TimerFired):
            self._timers.pop(message.timer_id, None)
        return self._take(msgspec.structs.replace(step, input=Told(message)), frames)

    def _take(self, step: Step, frames: Sequence[TapeFrame]) -> Counter[Act]:
        again = self._worker.repeat(step, frames)
        for entry in again.said:
            if isinstance(entry.message, SetTimer):
                due_us = step.now_us + entry.message.after + OVERDUE
                self._timers[entry.message.timer_id] = Instant(due_us)
        return acts(again)


def silent_digests(steps: Iterable[Step]) -> Digests:
    """Every digest of terms that words are in, and what it would be without them."""
    digests: dict[str, str] = {}
    for step in steps:
        if isinstance(step.input, Told) and isinstance(step.input.message, MarketListed):
            market = step.input.message.market
            plain = _plain(market)
            if plain is not market:
                digests[terms_digest(market)] = terms_digest(plain)
    return digests


def silenced(message: Message, digests: Digests) -> Message | None:
    """The same without what it wants of anybody; None when nothing is left of it."""
    if isinstance(message, VOICES) or _is_relayed(message):
        return None
    changed: dict[str, object] = {}
    match message:
        case ModelAnswered():
            changed = {"text": "", "ask_id": _renamed(message.ask_id, digests)}
        case ModelFailed():
            changed = {"reason": "", "ask_id": _renamed(message.ask_id, digests)}
        case MarketListed(market=market):
            changed = {"market": _plain(market)}
        case PairDecided(terms=terms) | PairReopened(terms=terms):
            a, b = (digests.get(digest, digest) for digest in (terms.a, terms.b))
            changed = {"terms": Terms(a, b)}
        case _:
            pass
    return msgspec.structs.replace(message, **changed) if changed else message


def _renamed(ask_id: str, digests: Digests) -> str:
    """A question is named after the terms that it is about."""
    return "/".join(digests.get(part, part) for part in ask_id.split("/"))


def _is_relayed(message: Message) -> bool:
    return isinstance(message, AlertRaised) and message.alert.detector == RELAY


def _plain(market: Market) -> Market:
    rules = market.rules
    for words in HOSTILE:
        rules = rules.replace(words, PLAIN)
    return market if rules == market.rules else msgspec.structs.replace(market, rules=rules)


def acts(step: Step) -> Counter[Act]:
    """What a step let leave."""
    return Counter(act for entry in step.said if (act := _act(entry.message)) is not None)


def _act(message: Message) -> Act | None:
    match message:
        case PlaceOrder():
            placed = message
            return (placed.market, placed.outcome, placed.action, placed.limit, placed.quantity)
        case ConvertSets():
            return (message.kind, message.market, message.quantity)
        case _:
            return None
