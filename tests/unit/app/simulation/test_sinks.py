"""What leaves a simulated process is seen whole, save for what authenticates it."""

import logging

import pytest

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.tape import Tape, TapeFrame
from foreshock.app.simulation.checkers.secrets import SecretsStay
from foreshock.app.simulation.observed import SinkWritten
from foreshock.app.simulation.sinks import logged, tell_prompt, tell_request, tell_stored
from foreshock.app.simulation.venues import CREDENTIAL_HEADERS, canaries
from foreshock.core.domain.messages.advice import AskModel
from foreshock.core.domain.units import Instant, Money

NOW = Instant(1_795_000_000_000_000)


class Ear:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []

    def tell(self, sink: str, data: bytes) -> None:
        self.heard.append((sink, data))


def test_a_log_line_is_heard_with_what_was_given_beside_its_words() -> None:
    ear = Ear()
    log, level = logging.getLogger("some.library"), logging.getLogger().level
    with logged(ear.tell):
        log.debug("sent %s", "this", extra={"headers": {"authorization": "Bearer that"}})
    log.warning("and nothing afterwards")
    ((sink, line),) = ear.heard
    assert sink == "log"
    assert b"sent this" in line
    assert b"Bearer that" in line
    assert logging.getLogger().level == level


def test_a_request_is_told_without_what_authenticates_it() -> None:
    ear = Ear()
    headers = (("POLY_PASSPHRASE", "secret"), ("KALSHI-ACCESS-KEY", "key"), ("X-Note", "hello"))
    tell_request(ear.tell, HttpRequest("POST", "/order?a=1", headers, b"{}"))
    assert ear.heard == [("request", b"/order?a=1\nX-Note: hello\n{}")]


def test_a_tape_is_told_unpacked_and_a_torn_end_as_it_is() -> None:
    ear, file = Ear(), MemoryFile()
    tape = Tape(lambda _: file)
    tape.append([TapeFrame(1, NOW, 1, "ws", b"hello " * 40)])
    block = file.read()
    tell_stored(ear.tell, "runs/1/tape-000001.fst", block + block[:20])
    ((sink, data),) = ear.heard
    assert sink == "tape"
    assert b"hello " * 40 in data
    assert data.endswith(block[:20])
    tell_stored(ear.tell, "runs/1/journal.fsj", b"abc")
    tell_stored(ear.tell, "halts.json", b"{}")
    assert ear.heard[1:] == [("journal", b"abc"), ("halts.json", b"{}")]


def test_a_prompt_is_told_with_its_material() -> None:
    ear = Ear()
    question = AskModel(
        ask_id="a",
        purpose="second-reading",
        instructions="compare",
        material="two contracts",
        output_tokens_max=1,
        cost_max=Money(1),
    )
    tell_prompt(ear.tell, question)
    assert [sink for sink, _ in ear.heard] == ["prompt"]
    assert b"two contracts" in ear.heard[0][1]


@pytest.mark.parametrize("canary", canaries())
def test_every_key_of_the_simulated_accounts_is_looked_for(canary: bytes) -> None:
    checker = SecretsStay(canaries())
    written = SinkWritten(NOW, "log", b"x " + canary + b" y")
    (violation,) = list(checker.hearings()[SinkWritten](written))
    assert violation.invariant == "I12"


def test_there_are_two_private_keys_and_what_polymarket_and_its_relayer_gave() -> None:
    assert len(canaries()) == 5 + len(CREDENTIAL_HEADERS)
