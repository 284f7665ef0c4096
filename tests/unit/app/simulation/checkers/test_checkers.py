"""Does each checker see what it is there for, and nothing else? One small story an invariant."""

import base64
import hashlib
from collections.abc import Sequence

import msgspec
import pytest

from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import JOURNAL_NAME, Journal, Step, Told
from foreshock.app.config import load_settings
from foreshock.app.simulation import observed as o
from foreshock.app.simulation.checkers.books import Books
from foreshock.app.simulation.checkers.bounds import INTENT_SENDS_MAX
from foreshock.app.simulation.checkers.conversions import ConvertedOnce
from foreshock.app.simulation.checkers.data import UsableData
from foreshock.app.simulation.checkers.every import INVARIANTS, onlooker
from foreshock.app.simulation.checkers.halts import HaltIsTotal
from foreshock.app.simulation.checkers.ledger import LedgerBalances, LedgerIsTheVenues
from foreshock.app.simulation.checkers.limits import basis
from foreshock.app.simulation.checkers.orders import NoSilentResidual, OneLiveOrder
from foreshock.app.simulation.checkers.reached import NOT_BUILT, SOMETIMES, Reached
from foreshock.app.simulation.checkers.records import DiskReader, whole
from foreshock.app.simulation.checkers.replays import replay_violations
from foreshock.app.simulation.checkers.rules import rules_of
from foreshock.app.simulation.checkers.secrets import TOGETHER_BYTES, SecretsStay
from foreshock.app.simulation.checkers.trace import LegTruth, Trace
from foreshock.app.wiring import VENUES, desk_config, start_message
from foreshock.core.domain.memory import Balance, LedgerMemory
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages.account import (
    OrderPrepared,
    VenueConditionTold,
    VenueStateChanged,
)
from foreshock.core.domain.messages.market_data import BookLost, ConnectionClosed, MarketListed
from foreshock.core.domain.messages.trading import OrderRejected, PlaceOrder
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import Account, Asset
from foreshock.core.domain.units import MICRO, Instant, Money
from foreshock.core.engine import Entry
from tests.mutants.twins import twin_violations
from tests.trading import START, A, B, book, contracts, filled, order, request
from tests.unit.dashboard.told import market, measured, opened

BODY = b'{"order":1}'
DIGEST = hashlib.sha256(BODY).hexdigest()
CANARY = bytes(range(7, 39))


class Story:
    """Observations of one imagined run, in order."""

    def __init__(self) -> None:
        self.onlooker, self.reached = onlooker([CANARY])
        self.file = MemoryFile()
        self.journal = Journal(self.file)
        self.steps_count = self.numbers = 0
        config = desk_config("paper", "TEST", load_settings({}))
        live = msgspec.structs.replace(config, mode="live", live_venues=VENUES)
        self.see(o.ProcessStarted(START, 1, "test", "live"))
        self.say(start_message(live, "test", "test"))

    def see(self, observed: o.Observed) -> None:
        self.onlooker.see(observed)

    def say(self, *messages: Message, write: bool = True) -> None:
        """One step of the desk; durable at once unless told."""
        for message in messages:
            self.see(o.Said(START, 1, self.steps_count + 1, "agent", message, is_input=False))
        self.steps_count += 1
        entries = tuple(Entry(n, 0, "agent", m) for n, m in enumerate(messages, 1))
        step = Step(self.steps_count, START, Told(messages[0]), entries)
        if write:
            self.write([step])

    def write(self, steps: Sequence[Step]) -> None:
        before = len(self.file.read())
        self.journal.append(steps)
        self.keep(before, self.file.read()[before:])

    def keep(self, offset: int, data: bytes) -> None:
        self.see(o.Durable(START, 1, JOURNAL_NAME, offset, data))

    def look_at_markets(self) -> None:
        """Everything an entry may rest on."""
        for number, name in enumerate((A, B), 1):
            venue = name.partition(":")[0]
            self.say(MarketListed(market(name)), opened(number, venue, name), book(name, 44, 45))
            self.say(VenueStateChanged(venue, "active", "reconciled"))
            self.say(measured(venue, number))
            for kind in ("data", "books"):
                self.see(o.FrameArrived(START, 1, number, kind))

    def approve(self) -> None:
        wanted = request()
        self.say(wanted, d.TradeApproved(wanted, Money(20 * MICRO)), d.PackageOpened("r1", wanted))

    def place(self, placed: PlaceOrder, *, write: bool = True, prepare: bool = True) -> None:
        self.say(placed, write=write)
        if prepare:
            self.say(OrderPrepared(placed.order_id, f"c-{placed.order_id}", None, DIGEST))

    def send(self, placed: PlaceOrder, key: str = "") -> None:
        self.see(self.request(placed, key))

    def request(self, placed: PlaceOrder, key: str = "") -> o.Sent:
        self.numbers += 1
        return o.Sent(
            at_us=START,
            process=1,
            number=self.numbers,
            venue=placed.market.partition(":")[0],
            kind="place",
            method="POST",
            path="/order",
            body=BODY,
            order_id=placed.order_id,
            keys=(key or f"c-{placed.order_id}",),
            market=placed.market,
            outcome=placed.outcome,
            action=placed.action,
            limit=placed.limit,
            quantity=placed.quantity,
        )

    def trade(self, placed: PlaceOrder, count: int, *, status: o.FillStatus = "settled") -> None:
        """The exchange has the order, and some of it traded."""
        venue, name = placed.market.partition(":")[0], f"v-{placed.order_id}"
        self.see(
            o.TrueOrder(
                at_us=START,
                venue=venue,
                venue_order_id=name,
                keys=(f"c-{placed.order_id}", name),
                market=placed.market,
                outcome=placed.outcome,
                action=placed.action,
                limit=placed.limit,
                quantity=placed.quantity,
                filled=contracts(count),
                can_trade=False,
            )
        )
        self.see(
            o.TrueFill(
                at_us=START,
                venue=venue,
                fill_id="1",
                venue_order_id=name,
                market=placed.market,
                outcome=placed.outcome,
                action=placed.action,
                quantity=contracts(count),
                price=placed.limit,
                fee=Money(0),
                cash=Money(-placed.limit * count),
                status=status,
            )
        )

    def rest(self) -> None:
        self.see(o.PhaseBegan(START, "rest"))

    @property
    def violated(self) -> set[str]:
        return {violation.invariant for violation in self.onlooker.violations}


def begun(placed: PlaceOrder | None = None) -> Story:
    """An approved package whose first order was decided on, recorded and sent."""
    story = Story()
    story.look_at_markets()
    story.approve()
    entry = placed or order()
    story.place(entry)
    story.send(entry)
    return story


def test_an_entry_that_keeps_every_rule_violates_nothing() -> None:
    story = begun()
    story.see(o.Arrived(START, 1))
    assert not story.violated, story.onlooker.violations


def test_i1_residual_without_an_incident() -> None:
    story = begun()
    story.trade(order(), 10)
    story.say(filled("o1", 1, 10))
    story.rest()
    assert "I1" in story.violated


def test_i1_an_incident_must_say_exactly_what_is_held() -> None:
    for words, is_silent in ((f"unhedged: 10 yes of {A}", False), (f"9 yes of {A}", True)):
        story = begun()
        story.trade(order(), 10)
        story.say(filled("o1", 1, 10))
        story.say(d.IncidentOpened("r1/residual/1", "r1", words))
        story.rest()
        assert ("I1" in story.violated) is is_silent


def test_i2_a_second_order_of_a_leg_under_another_key() -> None:
    story = begun()
    story.send(order(), key="another")
    assert "I2" in story.violated


def test_i2_the_same_bytes_once_more_are_one_order() -> None:
    story = begun()
    story.send(order())
    assert "I2" not in story.violated


def test_i2_more_filled_than_asked_for() -> None:
    story = begun()
    story.trade(order(), 11)
    assert "I2" in story.violated


def test_i3_an_asset_that_does_not_sum_to_zero() -> None:
    story = begun()
    balances: dict[tuple[Account, Asset], int] = {(("settled", "kalshi"), Asset("usd")): 5}
    story.see(o.LedgerShown(START, 1, "bookkeeper", balances))
    assert story.violated == {"I3"}


def test_i3_a_fee_that_nobody_booked() -> None:
    story = begun()
    story.say(filled("o1", 1, 10, fee=7))
    usd, token = Asset("usd"), Asset(f"{A}/yes")
    balances: dict[tuple[Account, Asset], int] = {
        (("settled", "polymarket"), usd): -4_500_000,
        (("venue", "polymarket"), usd): 4_500_000,
        (("settled", "polymarket"), token): 10_000_000,
        (("venue", "polymarket"), token): -10_000_000,
    }
    story.see(o.LedgerShown(START, 1, "bookkeeper", balances))
    assert story.violated == {"I3"}


def test_i4_a_fill_that_the_desk_never_booked() -> None:
    story = begun()
    story.trade(order(), 10)
    held = o.TrueHoldings(
        at_us=START, venue="polymarket", cash=Money(0), contracts=((A, "yes", contracts(10)),)
    )
    story.see(held)
    story.rest()
    assert "I4" in story.violated


@pytest.mark.parametrize("scope", ["all", "polymarket"])
def test_i5_an_entry_after_the_halt_is_on_the_disk(scope: str) -> None:
    story = begun()
    story.say(d.Halted(scope, "a person", "enough"))
    story.send(order())
    assert story.violated == {"I5"}
    after = begun()
    after.say(d.Halted(scope, "a person", "enough"))
    after.say(d.Resumed(scope, "a person"))
    after.send(order())
    assert not after.violated


def test_i5_a_halt_is_over_only_by_its_record_and_survives_the_process() -> None:
    story = begun()
    story.say(d.Halted("all", "a person", "enough"))
    story.see(o.ProcessEnded(START, 1, was_killed=True, words="kill -9"))
    story.see(o.ProcessStarted(START, 2, "test", "live"))
    story.send(order())
    assert "I5" in story.violated


def test_i5_an_order_that_calls_itself_a_hedge_and_adds_risk() -> None:
    story = begun()
    liar = order("o2", purpose="hedge", market=B, outcome="no")
    story.place(liar)
    story.say(d.Halted("all", "a person", "enough"))
    story.send(liar)
    assert "I5" in story.violated


@pytest.mark.parametrize(
    "spoiling",
    [
        book(A, 44, 45, epoch=2),
        book(A, 44, 45, quality="crossed"),
        BookLost(A, 1, "a gap"),
        measured("polymarket", 1, p95_us=2_000_001),
        VenueStateChanged("polymarket", "reducing", "drift"),
        VenueConditionTold("polymarket", "cancel_only", "says so"),
        ConnectionClosed(1, "polymarket", "broke"),
    ],
)
def test_i6_an_entry_on_data_that_is_not_usable(spoiling: Message) -> None:
    story = Story()
    story.look_at_markets()
    story.approve()
    story.place(order())
    story.say(spoiling)
    story.send(order())
    assert story.violated == {"I6"}


def test_i6_the_last_tick_alone_is_no_freshness() -> None:
    story = begun()
    late = Instant(START + 9 * MICRO)
    story.see(o.Said(late, 1, 9, "agent", book(A, 44, 45, at_us=late), is_input=False))
    story.see(msgspec.structs.replace(story.request(order()), at_us=late))
    assert story.violated == {"I6"}


def test_i7_more_approved_than_the_market_may_hold() -> None:
    story = Story()
    for number in range(40):
        wanted = request(f"r{number}")
        story.say(wanted, d.TradeApproved(wanted, Money(20 * MICRO)))
    assert "I7" in story.violated


def test_i7_a_second_order_while_the_first_may_still_trade() -> None:
    story = begun()
    story.send(order(quantity=contracts(10)), key="another")
    again = order("o2")
    story.place(again)
    story.send(again)
    assert "I7" in story.violated


def test_i7_cost_of_what_is_still_held() -> None:
    truth = LegTruth(bought=10, sold=4, cost=100, received=50, fees=1)
    assert basis(truth) == 60
    assert basis(LegTruth()) == 0


def test_i8_an_order_that_left_before_its_record() -> None:
    story = Story()
    story.look_at_markets()
    story.approve()
    story.place(order(), write=False)
    story.send(order())
    assert story.violated == {"I8"}


def test_i8_other_bytes_than_promised() -> None:
    story = Story()
    story.look_at_markets()
    story.approve()
    story.place(order(), prepare=False)
    story.send(order())
    assert story.violated == {"I8"}


def test_i8_a_changed_byte_breaks_the_chain() -> None:
    story = Story()
    before = len(story.file.read())
    step = Step(9, START, Told(d.Resumed("all", "me")), ())
    story.journal.append([step])
    data = bytearray(story.file.read()[before:])
    data[-1] ^= 1
    story.keep(before, bytes(data))
    assert story.violated == {"I8"}


def test_i8_half_a_record_counts_once_it_is_whole() -> None:
    story = Story()
    before = len(story.file.read())
    story.journal.append([Step(9, START, Told(d.Halted("all", "me", "x")), ())])
    data = story.file.read()[before:]
    story.keep(before, data[:20])
    assert whole(data[:20], 0) is None
    story.keep(before + 20, data[20:])
    assert not story.violated


def test_i8_a_request_without_an_answer() -> None:
    story = Story()
    story.say(request())
    story.rest()
    assert "I8" in story.violated


def test_i9_a_journal_without_a_start_cannot_be_replayed() -> None:
    found = list(replay_violations(lambda _: MemoryFile(), START))
    assert [v.invariant for v in found] == ["I9"]


def test_i10_one_intent_sent_without_end() -> None:
    story = begun()
    for _ in range(INTENT_SENDS_MAX):
        story.send(order())
    assert "I10" in story.violated


def test_i10_an_entry_after_identical_rejects() -> None:
    story = begun()
    for _ in range(3):
        story.say(OrderRejected("o1", "no"))
    story.send(order())
    assert "I10" in story.violated


def test_i10_a_package_that_neither_ends_nor_is_told() -> None:
    story = begun()
    story.rest()
    assert "I10" in story.violated


def test_i11_an_order_that_only_words_caused() -> None:
    story = begun()
    with_words = [story.request(order()), story.request(order())]
    assert [v.invariant for v in twin_violations(with_words, with_words[:1])] == ["I11"]
    assert not list(twin_violations(with_words[:1], with_words))


@pytest.mark.parametrize(
    "leak",
    [
        CANARY,
        CANARY.hex().encode(),
        b"x-" + CANARY.hex().upper().encode()[:40],
        CANARY[:20],
        CANARY[9:25],
        base64.b64encode(b"user:" + CANARY + b":more"),
        base64.urlsafe_b64encode(b"x" + CANARY)[:-4],
    ],
)
@pytest.mark.parametrize("before", range(8))
def test_i12_a_part_of_a_key_in_any_spelling_and_place(leak: bytes, before: int) -> None:
    story = Story()
    story.see(o.SinkWritten(START, "log", b"-" * before + leak + b"\n"))
    assert story.violated == {"I12"}


def test_i12_what_is_much_is_looked_through_when_a_process_ends() -> None:
    story = Story()
    for part in (CANARY[:10], CANARY[10:]):
        story.see(o.SinkWritten(START, "journal", part))
    assert not story.violated
    story.see(o.ProcessEnded(START, 1, was_killed=True, words="killed"))
    assert story.violated == {"I12"}


def test_i12_or_when_it_is_enough() -> None:
    story = Story()
    story.see(o.SinkWritten(START, "tape", bytes(TOGETHER_BYTES) + CANARY))
    assert story.violated == {"I12"}


@pytest.mark.parametrize("harmless", [b"", b"short", CANARY[:15], bytes(4_000)])
def test_i12_nothing_else_is_a_key(harmless: bytes) -> None:
    story = Story()
    story.see(o.SinkWritten(START, "log", harmless))
    assert not story.violated


def test_i12_a_key_too_short_to_be_found_for_certain_is_refused() -> None:
    with pytest.raises(ValueError, match="14 bytes"):
        SecretsStay((CANARY[:14],))


def test_every_invariant_has_its_words_and_every_rare_state_starts_at_zero() -> None:
    assert list(INVARIANTS) == [f"I{number}" for number in range(1, 13)]
    reached = Reached(Trace(), ConvertedOnce())
    assert reached.missing() == list(SOMETIMES)
    assert NOT_BUILT


def test_each_checker_says_which_invariant_it_keeps() -> None:
    trace = Trace()
    checkers = (
        NoSilentResidual(trace),
        OneLiveOrder(trace),
        LedgerBalances(),
        LedgerIsTheVenues(trace, frozenset(), ConvertedOnce()),
        HaltIsTotal(trace, DiskReader()),
        UsableData(trace),
        SecretsStay(()),
    )
    assert [checker.invariant for checker in checkers] == [
        "I1",
        "I2",
        "I3",
        "I4",
        "I5",
        "I6",
        "I12",
    ]
    assert all(checker.hearings() for checker in checkers)


def test_books_of_a_restart_begin_with_what_was_left() -> None:
    left = LedgerMemory(
        balances=(
            Balance("settled", "polymarket", "usd", -4_600_000),
            Balance("fees", "polymarket", "usd", 100_000),
            Balance("settled", "polymarket", f"{A}/yes", 10_000_000),
        )
    )
    books = Books()
    books.recall(left)
    assert books.cash() == {"polymarket": -4_600_000}
    assert books.fees() == {"polymarket": 100_000}
    assert books.contracts() == {(A, "yes"): 10_000_000}


def test_rare_states_add_up_over_runs() -> None:
    story = begun()
    story.trade(order(), 4)
    total = Reached(Trace(), ConvertedOnce())
    total.add(story.reached)
    total.add(story.reached)
    assert total.counts["partial fill"] == 2


def test_the_rules_are_read_from_the_start_record_alone() -> None:
    said = o.Said(START, 1, 1, "outside", d.Resumed("all", "me"), is_input=True)
    assert rules_of(said) is None
