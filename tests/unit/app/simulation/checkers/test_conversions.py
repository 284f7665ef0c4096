"""Splits and merges in the eyes of those who judge a run: booked whole, sent once, told at rest."""

import hashlib

import pytest

from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import JOURNAL_NAME, Journal, Step, Told
from foreshock.app.simulation import observed as o
from foreshock.app.simulation.checkers.books import Books
from foreshock.app.simulation.checkers.conversions import ConvertedOnce
from foreshock.app.simulation.checkers.every import onlooker
from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.conversions import (
    ConversionClosed,
    ConversionKind,
    ConversionOutcome,
    ConversionPrepared,
    ConversionRefused,
    SendConversion,
)
from foreshock.core.domain.messages.decisions import Halted, IncidentOpened
from foreshock.core.domain.messages.operations import DeskStopping
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import USD, Account, Asset
from foreshock.core.domain.units import MICRO, Money, Quantity
from foreshock.core.engine import Entry
from tests.trading import START, A

BODY = b'{"type":"SAFE"}'
PREPARED = ConversionPrepared("c1", 0, hashlib.sha256(BODY).hexdigest())
SETS = Quantity(10 * MICRO)
CASH = 100 * MICRO


def closed(
    kind: ConversionKind = "split", outcome: ConversionOutcome = "confirmed", ours: int = SETS
) -> ConversionClosed:
    return ConversionClosed(
        conversion_id="c1",
        kind=kind,
        market=A,
        quantity=SETS,
        ours=Quantity(ours),
        outcome=outcome,
        words="",
    )


class Story:
    """One process, one deposit, and what is said and done with it."""

    def __init__(self) -> None:
        self.onlooker, self.reached = onlooker()
        self.numbers = self.steps_count = 0
        self.file = MemoryFile()
        self.journal = Journal(self.file)
        self.see(o.ProcessStarted(START, 1, "test", "live"))
        self.see(o.TrueTransfer(START, "polymarket", "deposit", Money(CASH)))

    def see(self, observed: o.Observed) -> None:
        self.onlooker.see(observed)

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.see(o.Said(START, 1, 1, "converter", message, is_input=False))

    def write(self, message: Message) -> None:
        """It is on the disk."""
        before = len(self.file.read())
        said = (Entry(1, 0, "converter", message),)
        self.steps_count += 1
        self.journal.append([Step(self.steps_count, START, Told(DeskStopping("")), said)])
        self.see(o.Durable(START, 1, JOURNAL_NAME, before, self.file.read()[before:]))

    def send(self) -> None:
        self.numbers += 1
        self.see(
            o.Sent(
                at_us=START,
                process=1,
                number=self.numbers,
                venue="polymarket",
                kind="settle",
                method="POST",
                path="/submit",
                body=BODY,
            )
        )

    def show(self, cash: int, *held: tuple[Outcome, int]) -> None:
        """The desk's own ledger, balanced against the venue."""
        ours: Account = ("settled", "polymarket")
        theirs: Account = ("venue", "polymarket")
        balances: dict[tuple[Account, Asset], int] = {(ours, USD): cash, (theirs, USD): -cash}
        for outcome, count in held:
            asset = Asset(f"{A}/{outcome}")
            balances |= {(ours, asset): count, (theirs, asset): -count}
        self.see(o.LedgerShown(START, 1, "bookkeeper", balances))

    def rest(self, cash: int, *held: tuple[MarketId, Outcome, Quantity]) -> None:
        self.see(o.TrueHoldings(at_us=START, venue="polymarket", cash=Money(cash), contracts=held))
        self.see(o.PhaseBegan(START, "rest"))

    @property
    def violated(self) -> set[str]:
        return {violation.invariant for violation in self.onlooker.violations}


def test_a_split_is_dollars_gone_and_both_outcomes_there() -> None:
    story = Story()
    story.say(closed())
    story.show(-SETS, ("yes", SETS), ("no", SETS))
    assert not story.violated
    assert story.reached.counts["conversion"] == 1


@pytest.mark.parametrize(
    ("cash", "yes", "no"), [(0, SETS, SETS), (-SETS, SETS, 0), (-SETS, 0, 0), (SETS, SETS, SETS)]
)
def test_i3_a_split_that_is_booked_in_part(cash: int, yes: int, no: int) -> None:
    story = Story()
    story.say(closed())
    story.show(cash, ("yes", yes), ("no", no))
    assert story.violated == {"I3"}


def test_only_what_was_booked_before_leaves_with_a_merge() -> None:
    books = Books()
    for message in (closed(), closed("merge", ours=4 * MICRO)):
        books.hear(message)
    assert books.contracts() == {(A, "yes"): 6 * MICRO, (A, "no"): 6 * MICRO}
    assert books.cash() == {"polymarket": -6 * MICRO}
    assert books.foreign_cash() == {"polymarket": 6 * MICRO}


@pytest.mark.parametrize("outcome", ["failed", "taken_over"])
def test_what_was_not_confirmed_is_not_booked(outcome: ConversionOutcome) -> None:
    books = Books()
    books.hear(closed(outcome=outcome))
    books.hear(closed("redeem"))
    assert books.cash() == books.contracts() == {}


def test_i4_a_split_that_never_was() -> None:
    story = Story()
    story.say(SendConversion("c1", A), closed())
    story.rest(CASH)
    assert story.violated == {"I4"}


def test_i4_a_split_that_was() -> None:
    story = Story()
    story.say(SendConversion("c1", A), closed())
    story.see(o.TrueTransfer(START, "polymarket", "split", Money(-SETS)))
    story.rest(CASH - SETS, (A, "yes", SETS), (A, "no", SETS))
    assert not story.violated


def test_what_a_person_took_over_may_have_happened_or_not() -> None:
    for happened in (False, True):
        story = Story()
        story.say(SendConversion("c1", A), IncidentOpened("c1/unknown", "c1", "nobody knows"))
        story.say(closed(outcome="taken_over"))
        held: tuple[tuple[MarketId, Outcome, Quantity], ...] = ()
        if happened:
            story.see(o.TrueTransfer(START, "polymarket", "split", Money(-SETS)))
            held = ((A, "yes", SETS), (A, "no", SETS))
        story.rest(CASH - SETS if happened else CASH, *held)
        assert not story.violated
        assert story.reached.counts["conversion taken over"] == 1


def test_i1_what_may_have_happened_must_have_been_told() -> None:
    story = Story()
    story.say(SendConversion("c1", A))
    story.rest(CASH)
    assert story.violated == {"I1"}


def test_whoever_takes_an_account_over_is_sent_to_the_computer_that_knows() -> None:
    story = Story()
    story.say(SendConversion("c1", A), Halted("all", "lease", "look there, then resume"))
    story.rest(CASH)
    assert not story.violated


def test_i2_a_transaction_leaves_once() -> None:
    checker = ConvertedOnce()
    story = Story()
    story.onlooker = o.Onlooker([checker])
    story.send()
    assert not story.violated
    story.send()
    assert story.violated == {"I2"}


def test_i8_none_leaves_without_its_record() -> None:
    story = Story()
    story.send()
    assert story.violated == {"I8"}


def test_one_on_record_may_leave_and_i5_none_while_halted() -> None:
    story = Story()
    story.write(PREPARED)
    story.send()
    assert not story.violated
    story.write(Halted("polymarket", "a person", "enough"))
    story.send()
    assert story.violated == {"I2", "I5"}


def test_a_crash_between_the_send_and_the_end_is_a_rare_state() -> None:
    story = Story()
    story.say(PREPARED, SendConversion("c1", A))
    story.see(o.ProcessEnded(START, 1, was_killed=True, words="killed"))
    assert story.reached.counts["conversion under way at a crash"] == 1
    story.say(ConversionRefused("c1", Refusal("HALTED", "all")))
    story.see(o.ProcessEnded(START, 1, was_killed=True, words="killed"))
    assert story.reached.counts["conversion under way at a crash"] == 1
