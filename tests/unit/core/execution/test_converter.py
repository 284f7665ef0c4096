"""One conversion at a time, refused in words, followed to its end, and never believed too early."""

from typing import TypeVar

import pytest

from foreshock.core.domain.accounts import VenuePosition
from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import conversions as c
from foreshock.core.domain.messages.account import (
    BalanceRead,
    PositionsRead,
    VenueArmed,
    VenueDisarmed,
    VenueStateChanged,
)
from foreshock.core.domain.messages.decisions import (
    Halted,
    IncidentOpened,
    IncidentResolved,
    PackageClosed,
    PackageOpened,
    Resumed,
)
from foreshock.core.domain.messages.market_data import MarketListed, MarketResolved
from foreshock.core.domain.messages.operations import DeskStopping, ResumeRequested
from foreshock.core.domain.messages.trading import ReadAccount, SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import Ledger
from foreshock.core.domain.units import SECOND, Instant, Price
from foreshock.core.execution.converter import SEND_AGE_MAX, Converter
from tests.samples import market
from tests.trading import START, A, B, contracts, dollars, request
from tests.unit.dashboard.told import package_closed

Said = TypeVar("Said")
OTHER = MarketId("polymarket:0xother")
ARMED = VenueArmed("polymarket", Instant(START + 3_600 * SECOND), "a person", "a test")


class Desk:
    """A converter that is armed, reconciled, and has read 50 YES, 20 NO and 100 dollars."""

    def __init__(self) -> None:
        self.now = START
        self.ledger = Ledger()
        self.converter = Converter(
            {"polymarket": dollars(40)}, ("polymarket", "kalshi"), self.ledger
        )
        self.said: list[Message] = []
        for name in (A, OTHER):
            self.tell(MarketListed(market(name)))
        self.tell(VenueStateChanged("polymarket", "active", "all agrees"), ARMED)
        self.tell(BalanceRead("polymarket", START, START, dollars(100)))
        self.lists(50, 20)

    def tell(self, *messages: Message) -> None:
        """With everything that the converter itself says to it."""
        for message in messages:
            self.said.append(message)
            if type(message) in self.converter.hears:
                self.tell(*self.converter.handle(message, self.now))

    def lists(self, yes: int, no: int, of: MarketId = A) -> None:
        positions = (
            VenuePosition(of, "yes", contracts(yes)),
            VenuePosition(of, "no", contracts(no)),
        )
        self.tell(PositionsRead("polymarket", self.now, self.now, positions))

    def ask(
        self, kind: c.ConversionKind = "split", count: int = 10, name: str = "s1", of: MarketId = A
    ) -> None:
        self.tell(c.ConversionRequested(name, kind, of, contracts(count), "a person"))

    def send(self, kind: c.ConversionKind = "split", count: int = 10) -> None:
        self.ask(kind, count)
        self.tell(c.ConversionPrepared("s1", 7, "ab" * 32))

    def told(self, verdict: c.ConversionVerdict) -> None:
        self.tell(c.ConversionTold(conversion_id="s1", verdict=verdict, words="STATE"))

    def wait(self, seconds: int, timer: str) -> None:
        self.now = Instant(self.now + seconds * SECOND)
        self.tell(TimerFired(f"converter/s1/{timer}"))

    def heard(self, kind: type[Said]) -> list[Said]:
        return [message for message in self.said if isinstance(message, kind)]

    def code(self) -> str:
        return self.heard(c.ConversionRefused)[-1].refusal.code

    def closed(self) -> c.ConversionClosed:
        (found,) = self.heard(c.ConversionClosed)
        return found


def test_it_is_made_recorded_sent_and_closed() -> None:
    desk = Desk()
    desk.send()
    assert desk.heard(c.ConvertSets) == [
        c.ConvertSets("s1", "split", A, contracts(10), START, contracts(50), contracts(20))
    ]
    assert desk.heard(c.SendConversion) == [c.SendConversion("s1", A)]
    desk.told("pending")
    assert not desk.heard(c.ConversionClosed)
    desk.told("confirmed")
    closed = desk.closed()
    assert (closed.outcome, closed.quantity, closed.ours) == (
        "confirmed",
        contracts(10),
        contracts(10),
    )


def test_the_same_request_is_one_conversion() -> None:
    desk = Desk()
    desk.ask()
    desk.ask()
    desk.tell(c.ConversionPrepared("s1", 7, "ab" * 32), c.ConversionPrepared("s1", 7, "ab" * 32))
    assert len(desk.heard(c.ConvertSets)) == len(desk.heard(c.SendConversion)) == 1


@pytest.mark.parametrize(
    ("before", "asked", "code"),
    [
        ([], {"of": B}, "NOT_SET_UP"),
        ([], {"of": MarketId("polymarket:0xnobody")}, "UNKNOWN_MARKET"),
        ([Halted("all", "a person", "odd")], {}, "HALTED"),
        ([Halted("polymarket", "a person", "odd")], {}, "HALTED"),
        ([DeskStopping("SIGTERM")], {}, "STOPPING"),
        ([VenueDisarmed("polymarket", "a person")], {}, "NOT_ARMED"),
        ([VenueArmed("polymarket", START, "a person", "")], {}, "NOT_ARMED"),
        ([VenueStateChanged("polymarket", "reducing", "drift")], {}, "NOT_RECONCILED"),
        ([PackageOpened("p1", request())], {}, "PACKAGE_OPEN"),
        ([], {"count": 0}, "BAD_COUNT"),
        ([], {"count": -1}, "BAD_COUNT"),
        ([], {"count": 41}, "TOO_MUCH"),
        ([], {"kind": "merge", "count": 41}, "TOO_MUCH"),
        ([], {"kind": "merge", "count": 21}, "NOT_HELD"),
        ([BalanceRead("polymarket", START, START, dollars(5))], {}, "CASH_SHORT"),
        ([], {"kind": "redeem", "count": 0}, "NOT_RESOLVED"),
        ([MarketResolved(A, Price(0), START)], {"kind": "redeem", "count": 1}, "BAD_COUNT"),
        (
            [MarketResolved(OTHER, Price(0), START)],
            {"kind": "redeem", "count": 0, "of": OTHER},
            "NOT_HELD",
        ),
    ],
)
def test_what_may_not_be_is_refused_in_words(
    before: list[Message], asked: dict[str, object], code: str
) -> None:
    desk = Desk()
    desk.tell(*before)
    desk.ask(**asked)  # pyright: ignore[reportArgumentType] - rows of one table
    assert desk.code() == code
    assert desk.heard(c.ConversionRefused)[-1].refusal.words
    assert not desk.heard(c.ConvertSets)


def test_nothing_begins_before_the_account_was_read() -> None:
    converter = Converter({"polymarket": dollars(40)}, ("polymarket",), Ledger())
    for message in (
        MarketListed(market(A)),
        VenueStateChanged("polymarket", "active", "all agrees"),
        ARMED,
    ):
        assert list(converter.handle(message, START)) == []
    asked = c.ConversionRequested("s1", "split", A, contracts(10), "a person")
    (refused,) = converter.handle(asked, START)
    assert isinstance(refused, c.ConversionRefused)
    assert refused.refusal.code == "NOT_READ"


def test_a_wallet_has_one_transaction_at_a_time() -> None:
    desk = Desk()
    desk.send()
    desk.ask(name="s2", of=OTHER)
    assert desk.code() == "CONVERSION_OPEN"
    desk.told("failed")
    desk.ask(name="s3", of=OTHER)
    assert desk.heard(c.ConvertSets)[-1].conversion_id == "s3"


def test_a_resumed_halt_and_a_closed_package_stand_in_nobodys_way() -> None:
    desk = Desk()
    desk.tell(Halted("all", "a person", "odd"), Resumed("all", "a person"))
    desk.tell(PackageOpened("r1", request()), package_closed())
    desk.ask()
    assert desk.heard(c.ConvertSets)


@pytest.mark.parametrize(
    ("between", "code"),
    [
        (Halted("all", "a person", "odd"), "HALTED"),
        (VenueDisarmed("polymarket", "a person"), "NOT_ARMED"),
        (DeskStopping("SIGTERM"), "STOPPING"),
    ],
)
def test_what_changes_between_the_request_and_the_send_holds_it_back(
    between: Message, code: str
) -> None:
    desk = Desk()
    desk.ask()
    desk.tell(between)
    desk.tell(c.ConversionPrepared("s1", 7, "ab" * 32))
    assert desk.code() == code
    assert not desk.heard(c.SendConversion)


def test_what_is_signed_too_late_is_not_sent() -> None:
    desk = Desk()
    desk.ask()
    desk.now = Instant(START + SEND_AGE_MAX + 1)
    desk.tell(c.ConversionPrepared("s1", 7, "ab" * 32))
    assert desk.code() == "SIGNED_TOO_LATE"


def test_what_is_never_made_ready_is_given_up_and_never_sent_later() -> None:
    desk = Desk()
    desk.ask()
    desk.wait(60, "0")
    assert desk.code() == "NOT_PREPARED"
    desk.tell(c.ConversionPrepared("s1", 7, "ab" * 32))
    assert not desk.heard(c.SendConversion)


def test_a_refusal_of_the_gateway_ends_it() -> None:
    desk = Desk()
    desk.ask()
    desk.tell(c.ConversionRefused("s1", Refusal("NO_TURN", "status 503")))
    desk.ask(name="s2")
    assert len(desk.heard(c.ConvertSets)) == 2


@pytest.mark.parametrize("verdict", ["failed", "rejected"])
def test_what_changed_nothing_is_closed_as_that(verdict: c.ConversionVerdict) -> None:
    desk = Desk()
    desk.send()
    desk.told(verdict)
    assert desk.closed().outcome == "failed"


def test_of_a_merge_only_what_we_booked_is_ours() -> None:
    desk = Desk()
    desk.send(count=4)
    desk.told("confirmed")
    desk.ledger.convert(desk.closed())
    desk.ask("merge", 10, "m1")
    desk.tell(c.ConversionPrepared("m1", 8, "cd" * 32))
    desk.tell(c.ConversionTold(conversion_id="m1", verdict="confirmed", words="STATE"))
    merged = desk.heard(c.ConversionClosed)[-1]
    assert (merged.quantity, merged.ours) == (contracts(10), contracts(4))


def test_a_redemption_says_the_most_it_can_pay() -> None:
    desk = Desk()
    desk.tell(MarketResolved(A, Price(0), START))
    desk.send("redeem", 0)
    desk.told("confirmed")
    assert (desk.closed().quantity, desk.closed().ours) == (contracts(50), 0)


@pytest.mark.parametrize(
    ("kind", "count", "after"),
    [("split", 10, (60, 30)), ("merge", 10, (40, 10)), ("redeem", 0, (0, 0))],
)
def test_one_without_a_name_is_proven_by_the_venues_own_list(
    kind: c.ConversionKind, count: int, after: tuple[int, int]
) -> None:
    desk = Desk()
    if kind == "redeem":
        desk.tell(MarketResolved(A, Price(0), START))
    desk.send(kind, count)
    desk.told("unknown")
    desk.told("spent")
    desk.lists(*after)
    assert not desk.heard(c.ConversionClosed), "a list of that moment may be of before"
    desk.wait(6, "list")
    assert desk.heard(ReadAccount)[-1].part == "positions"
    desk.lists(*after)
    assert desk.closed().outcome == "confirmed"


def test_an_unchanged_list_must_be_seen_twice() -> None:
    desk = Desk()
    desk.send()
    desk.told("spent")
    desk.wait(6, "list")
    desk.lists(50, 20)
    assert not desk.heard(c.ConversionClosed)
    desk.wait(6, "list")
    desk.lists(50, 20)
    assert desk.closed().outcome == "failed"


def test_what_nobody_can_explain_waits_for_a_person() -> None:
    desk = Desk()
    desk.send()
    desk.told("spent")
    desk.wait(6, "list")
    desk.lists(55, 20)
    desk.lists(56, 20)
    (incident,) = desk.heard(IncidentOpened)
    assert incident.id == "s1/unknown"
    desk.tell(ResumeRequested("kalshi", "a person"))
    assert not desk.heard(c.ConversionClosed)
    desk.tell(ResumeRequested("polymarket", "a person"))
    assert desk.closed().outcome == "taken_over"
    assert desk.heard(IncidentResolved)[0].id == "s1/unknown"


def test_silence_becomes_an_incident_and_its_end_resolves_it() -> None:
    desk = Desk()
    desk.send()
    desk.told("unknown")
    assert not desk.heard(IncidentOpened)
    desk.wait(60, "0")
    desk.wait(540, "1")
    assert len(desk.heard(IncidentOpened)) == 1
    desk.told("confirmed")
    assert desk.closed().outcome == "confirmed"
    assert len(desk.heard(IncidentResolved)) == 1


def test_what_is_on_its_way_may_take_ten_minutes() -> None:
    desk = Desk()
    desk.send()
    desk.told("pending")
    desk.wait(60, "0")
    assert not desk.heard(IncidentOpened)
    desk.wait(540, "1")
    assert len(desk.heard(IncidentOpened)) == 1


def test_a_resume_takes_nothing_over_that_no_person_was_told_of() -> None:
    desk = Desk()
    desk.send()
    desk.told("pending")
    desk.tell(ResumeRequested("all", "a person"))
    assert not desk.heard(c.ConversionClosed)


def test_words_about_others_change_nothing() -> None:
    desk = Desk()
    desk.told("confirmed")
    desk.tell(TimerFired("reconcile/polymarket/orders/timer"), TimerFired("converter/s9/0"))
    assert not desk.heard(c.ConversionClosed)
    assert not desk.heard(SetTimer)
    assert not desk.heard(PackageClosed)
