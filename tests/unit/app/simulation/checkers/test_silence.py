"""Foreign words are taken out of a record, and nothing else is."""

import msgspec
import pytest

from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import HASH_BYTES, JOURNAL_NAME, Journal, Step, Told
from foreshock.adapters.storage.records import frame
from foreshock.app.simulation.checkers.silence import (
    PLAIN,
    acts,
    silenced,
    silent_digests,
    word_violations,
)
from foreshock.app.simulation.ground import ground, with_reader
from foreshock.app.simulation.words import HOSTILE
from foreshock.app.wiring import build, start_message
from foreshock.core.domain.alerts import Alert, Detector
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.advice import ModelAnswered, ModelFailed
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.matching import PairDecided
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.signals import AlertRaised, NewsAsked
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.terms import Terms, terms_digest
from foreshock.core.domain.units import Instant, Money
from foreshock.core.engine import Entry
from tests.trading import START, order
from tests.unit.dashboard.told import market

LOUD = msgspec.structs.replace(market("kalshi:LOUD"), rules=HOSTILE[0] + "It rains.")
CALM = msgspec.structs.replace(LOUD, rules=PLAIN + "It rains.")


def step(message: Message, *said: Message, number: int = 1) -> Step:
    entries = tuple(
        Entry(index=index, cause=0, sender="executor", message=each)
        for index, each in enumerate(said, 1)
    )
    return Step(number, START, Told(message), entries)


def alert(detector: Detector) -> AlertRaised:
    return AlertRaised(
        Alert(
            alert_id="a1",
            detector=detector,
            level="notable",
            market=MarketId("kalshi:LOUD"),
            words=HOSTILE[0],
            figures=(),
            related=(),
            event_us=START,
        )
    )


def test_rules_want_nothing_any_more_and_their_digests_follow() -> None:
    digests = silent_digests([step(MarketListed(LOUD)), step(MarketListed(market("kalshi:B")))])
    assert digests == {terms_digest(LOUD): terms_digest(CALM)}
    assert silenced(MarketListed(LOUD), digests) == MarketListed(CALM)
    decided = PairDecided(
        pair_id="p",
        a=MarketId("polymarket:x"),
        b=LOUD.id,
        relation="identity",
        label="p",
        verdict="accept",
        origin="file",
        by="a person",
        note="",
        version=1,
        terms=Terms("x", terms_digest(LOUD)),
        decided_us=START,
    )
    quiet = silenced(decided, digests)
    assert isinstance(quiet, PairDecided)
    assert quiet.terms == Terms("x", terms_digest(CALM))


def test_a_model_says_nothing_to_the_question_that_silence_asks() -> None:
    answered = ModelAnswered(
        ask_id="p/loud/b/identity",
        model="m",
        text=HOSTILE[1],
        cost=Money(1),
        input_tokens_count=1,
        output_tokens_count=1,
    )
    quiet = silenced(answered, {"loud": "calm"})
    assert quiet == msgspec.structs.replace(answered, text="", ask_id="p/calm/b/identity")
    failed = ModelFailed("p/loud/b/identity", HOSTILE[0], Money(0))
    assert silenced(failed, {}) == ModelFailed("p/loud/b/identity", "", Money(0))


def test_papers_and_relays_are_gone_and_own_alerts_stay() -> None:
    assert silenced(NewsAsked("press", 1, ""), {}) is None
    assert silenced(alert("relay"), {}) is None
    assert silenced(alert("spike"), {}) == alert("spike")
    halted = HaltRequested("all", "a person", "enough")
    assert silenced(halted, {}) is halted


def test_only_what_leaves_is_an_act() -> None:
    placed = order()
    assert acts(step(NewsAsked("press", 1, ""), placed, alert("spike"))).total() == 1


def record(*steps: Step) -> MemoryFile:
    file = MemoryFile()
    journal = Journal(file)
    journal.append(steps)
    journal.fsync()
    return file


def begun() -> Step:
    """The first step as a desk really takes it."""
    config = with_reader(ground()).config
    start = start_message(config, "test", "test")
    return build(config, []).worker.repeat(step(start), ())


@pytest.mark.parametrize("said", [(), (order(),)])
def test_i11_an_order_that_silence_does_not_cause(said: tuple[Message, ...]) -> None:
    file = record(begun(), step(NewsAsked("press", 1, ""), *said, number=2))
    files = {JOURNAL_NAME: file}
    found = list(word_violations(lambda name: files.get(name, MemoryFile()), Instant(START)))
    assert [violation.invariant for violation in found] == ["I11"] * len(said)


def test_i11_a_record_that_cannot_be_run_again() -> None:
    changed = frame(bytes(HASH_BYTES) + b"a step under another hash")
    found = list(word_violations(lambda _: MemoryFile(changed), Instant(START)))
    assert "cannot be run again" in found[0].words


def test_i11_a_process_that_recorded_nothing_did_nothing() -> None:
    assert list(word_violations(lambda _: MemoryFile(), Instant(START))) == []
