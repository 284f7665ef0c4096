"""When does a venue take entries? After everything was read and agreed, and not before."""

from foreshock.core.domain.accounts import VenuePosition
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.decisions import IncidentOpened
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionOpened,
    MarketListed,
    MarketResolved,
)
from foreshock.core.domain.messages.operations import ResumeRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant, Money
from foreshock.core.execution.reconcile import Reconciler, timer_name
from foreshock.core.execution.venue_account import OVERLAP, PARTS
from tests.samples import market
from tests.trading import START, A, cents, contracts, dollars, order
from tests.unit.core.execution.test_account_book import fill, listed

VENUE = "polymarket"


class Case:
    """One reconciler and everything it said."""

    def __init__(self) -> None:
        self.agent = Reconciler((VENUE,))
        self.now_us = START

    def tell(self, message: Message, after_s: float = 0) -> list[Message]:
        self.now_us = Instant(self.now_us + int(after_s * SECOND))
        return list(self.agent.handle(message, self.now_us))

    def open(self) -> list[Message]:
        return self.tell(ConnectionOpened(9, VENUE, f"{VENUE}-user", ()))

    def read_all(self, cash: int = 100) -> list[Message]:
        now = self.now_us
        said = self.tell(a.OpenOrdersRead(VENUE, now, now, ()))
        said += self.tell(a.FillsRead(VENUE, now, now, now, ()))
        said += self.tell(a.PositionsRead(VENUE, now, now, ()))
        return said + self.tell(a.BalanceRead(VENUE, now, now, Money(cash * 1_000_000)))


def states(said: list[Message]) -> list[str]:
    return [m.state for m in said if isinstance(m, a.VenueStateChanged)]


def test_everything_is_read_when_the_user_channel_opens() -> None:
    said = Case().open()
    assert [m.part for m in said if isinstance(m, t.ReadAccount)] == list(PARTS)
    assert {m.timer_id for m in said if isinstance(m, t.SetTimer)} == {
        *(timer_name(VENUE, part, "timer") for part in PARTS),
        timer_name(VENUE, "fills", "deep"),
    }


def test_active_only_after_the_last_part() -> None:
    case = Case()
    case.open()
    assert states(case.read_all()) == ["active"]


def test_lists_asked_for_before_the_channel_opened_do_not_count() -> None:
    case = Case()
    case.read_all()
    case.now_us = Instant(case.now_us + SECOND)
    case.open()
    assert states(case.tell(a.OpenOrdersRead(VENUE, START, START, ()))) == []


def test_a_lost_channel_stops_entries_until_everything_was_read_again() -> None:
    case = Case()
    case.open()
    case.read_all()
    assert states(case.tell(ConnectionClosed(9, VENUE, "reset"), 1)) == ["reconciling"]
    assert states(case.read_all()) == [], "no channel, no trading"
    case.now_us = Instant(case.now_us + SECOND)
    case.open()
    assert states(case.read_all()) == ["active"]


def again(said: list[Message]) -> set[str]:
    return {m.timer_id for m in said if isinstance(m, t.SetTimer)}


def test_a_told_position_that_differs_is_read_again_fills_first_and_one_that_agrees_is_not() -> (
    None
):
    case = Case()
    case.open()
    case.tell(a.FillsRead(VENUE, START, START, START, ()))
    assert again(case.tell(a.AccountPositionSeen(VENUE, A, 0))) == set()
    asked = case.tell(a.AccountPositionSeen(VENUE, A, contracts(3)))
    assert again(asked) == {
        timer_name(VENUE, part, "again") for part in ("fills", "positions", "balance")
    }
    assert case.tell(a.AccountPositionSeen(VENUE, A, contracts(4))) == [], "asked already"
    assert case.tell(a.AccountPositionSeen("elsewhere", A, contracts(4))) == []


def test_a_told_position_alone_is_no_drift() -> None:
    case = Case()
    case.open()
    case.read_all()
    said = case.tell(a.AccountPositionSeen(VENUE, A, contracts(3)))
    assert states(said) == []
    assert not [m for m in said if isinstance(m, IncidentOpened)]


def test_an_order_of_unknown_fate_keeps_a_venue_from_being_reconciled() -> None:
    case = Case()
    case.open()
    case.tell(order("o1"))
    case.tell(a.OrderPrepared("o1", "c1", "v1", "ab"))
    case.tell(t.OrderUnknown("o1", "no answer"))
    assert states(case.read_all()) == []
    ended = a.OrderAnswered("o1", (t.OrderClosed("o1", contracts(0), "killed"),), ())
    assert states(case.tell(ended)) == ["active"]


def test_only_a_person_leads_out_of_reducing() -> None:
    case = Case()
    case.open()
    case.read_all()
    case.now_us = Instant(case.now_us + 60 * SECOND)
    case.read_all(cash=90)
    said = case.read_all(cash=90)
    assert states(said) == ["reducing"]
    assert [type(m) for m in said if isinstance(m, IncidentOpened)] == [IncidentOpened]
    assert states(case.read_all(cash=90)) == []
    assert states(case.tell(ResumeRequested("kalshi", "a person"))) == []
    assert states(case.tell(ResumeRequested(VENUE, "a person"))) == ["reconciling"]
    assert states(case.read_all(cash=90)) == ["active"]


def test_an_order_told_to_be_over_that_the_venue_lists_as_open_is_called_back() -> None:
    case = Case()
    case.open()
    case.tell(order("o1"))
    case.tell(a.OrderPrepared("o1", "c1", "v1", "ab"))
    case.tell(a.OrderAnswered("o1", (t.OrderClosed("o1", contracts(0), "killed"),), ()))
    late = Instant(case.now_us + 60 * SECOND)
    said = case.tell(a.OpenOrdersRead(VENUE, late, late, (listed(is_open=True),)))
    assert [type(m) for m in said] == [IncidentOpened, t.CancelOrder, a.VenueStateChanged]


def test_a_failed_read_is_tried_again_while_it_is_needed() -> None:
    case = Case()
    case.open()
    failed = a.AccountReadFailed(VENUE, "fills", "answered 503")
    assert [type(m) for m in case.tell(failed)] == [t.SetTimer]
    fired = case.tell(t.TimerFired(timer_name(VENUE, "fills", "again")))
    assert isinstance(fired[0], t.ReadAccount)
    case.read_all()
    assert case.tell(failed) == [], "the timer asks again soon enough"


def test_a_list_that_cannot_be_read_for_long_stops_entries() -> None:
    case = Case()
    case.open()
    case.read_all()
    fired = t.TimerFired(timer_name(VENUE, "orders", "timer"))
    assert states(case.tell(fired, 90)) == []
    assert states(case.tell(fired, 5)) == ["reconciling"]
    assert states(case.read_all()) == ["active"]


def test_fills_are_read_back_to_the_oldest_order_that_is_not_final() -> None:
    case = Case()
    case.open()
    case.tell(order("o1"))
    case.tell(a.OrderPrepared("o1", "c1", "v1", "ab"))
    case.tell(a.AccountFillSeen(VENUE, fill(1, 10, status="provisional")))
    case.now_us = Instant(case.now_us + 600 * SECOND)
    case.read_all()
    said = case.tell(t.TimerFired(timer_name(VENUE, "fills", "timer")))
    assert isinstance(said[0], t.ReadAccount)
    assert said[0].since_us < START


def test_what_happens_elsewhere_is_not_ours() -> None:
    case = Case()
    assert case.tell(order("o1", market=A.replace("polymarket", "kalshi"))) == []
    assert case.tell(a.AccountFillSeen("kalshi", fill())) == []
    assert case.tell(ConnectionOpened(3, "kalshi", "kalshi-user", ())) == []


def test_what_an_earlier_run_bought_is_no_difference_whichever_list_comes_first() -> None:
    case = Case()
    case.open()
    now = case.now_us
    held = (VenuePosition(A, "yes", contracts(4)),)
    bought = fill(1, 4, status="provisional", event_us=now)
    case.tell(a.OpenOrdersRead(VENUE, now, now, ()))
    said = case.tell(a.PositionsRead(VENUE, now, now, held))
    said += case.tell(a.BalanceRead(VENUE, now, now, dollars(98)))
    assert not [m for m in said if isinstance(m, a.ExternalHeld)], "its fills may explain it"
    case.tell(a.FillsRead(VENUE, now, now, now, (bought,)))
    case.tell(a.AccountFillSeen(VENUE, fill(1, 4, event_us=now)), 3)
    said = list[Message]()
    for _ in range(3):
        case.now_us = Instant(case.now_us + 30 * SECOND)
        at = case.now_us
        said += case.tell(a.FillsRead(VENUE, at, at, now, (fill(1, 4, event_us=now),)))
        said += case.tell(a.PositionsRead(VENUE, at, at, held))
        said += case.tell(a.BalanceRead(VENUE, at, at, dollars(98)))
    assert not [m for m in said if isinstance(m, IncidentOpened)]
    assert "reducing" not in states(said)


def test_a_position_in_a_market_that_is_listed_later_is_taken_over_after_its_fills() -> None:
    case = Case()
    case.open()
    assert states(case.read_all()) == ["active"]
    asked = case.tell(MarketListed(market(A)), 1)
    assert timer_name(VENUE, "fills", "again") in {
        m.timer_id for m in asked if isinstance(m, t.SetTimer)
    }
    assert case.tell(MarketListed(market(A))) == [], "once"
    case.now_us = Instant(case.now_us + SECOND)
    now, held = case.now_us, (VenuePosition(A, "yes", contracts(4)),)
    assert not _held(case.tell(a.PositionsRead(VENUE, now, now, held))), "its fills come first"
    case.tell(a.FillsRead(VENUE, now, now, Instant(-OVERLAP), ()))
    said = case.tell(a.PositionsRead(VENUE, now, now, held))
    assert _held(said) == [a.ExternalHeld(A, "yes", contracts(4), dollars(4))]
    assert not [m for m in said if isinstance(m, IncidentOpened)]


def test_fills_of_a_market_that_is_listed_later_are_read_from_the_start_and_count_once() -> None:
    """A row about a market that nobody listed cannot be read; its contracts are held all the same."""
    case = Case()
    case.open()
    case.read_all()
    case.tell(MarketListed(market(A)), 100)
    recent = Instant(case.now_us - 60 * SECOND)
    now = case.now_us = Instant(case.now_us + SECOND)
    held = (VenuePosition(A, "yes", contracts(4)),)
    case.tell(a.FillsRead(VENUE, now, now, recent, ()))
    assert not _held(case.tell(a.PositionsRead(VENUE, now, now, held))), "asked too late"
    said = case.tell(t.TimerFired(timer_name(VENUE, "fills", "again")))
    (since_us,) = [m.since_us for m in said if isinstance(m, t.ReadAccount)]
    assert since_us <= 0
    bought = fill(1, 4, event_us=START)
    told = case.tell(a.FillsRead(VENUE, now, now, since_us, (bought,)))
    told += case.tell(a.PositionsRead(VENUE, now, now, held), 30)
    assert [m.quantity for m in _held(told)] == [contracts(4)]
    case.tell(a.PositionsRead(VENUE, case.now_us, case.now_us, held))
    deep = case.tell(a.FillsRead(VENUE, case.now_us, case.now_us, since_us, (bought,)))
    assert not _held(deep), "known already"


def test_what_was_bought_before_the_first_balance_is_not_paid_for_again() -> None:
    """Its market was listed later than the balance was taken over, so its fill is heard late."""
    case = Case()
    case.open()
    assert states(case.read_all(98)) == ["active"]
    bought = fill(1, 4, event_us=Instant(START - 10 * SECOND))
    case.tell(MarketListed(market(A)), 10)
    said = list[Message]()
    for _ in range(3):
        now = case.now_us = Instant(case.now_us + 30 * SECOND)
        said += case.tell(a.FillsRead(VENUE, now, now, Instant(-OVERLAP), (bought,)))
        said += case.tell(
            a.PositionsRead(VENUE, now, now, (VenuePosition(A, "yes", contracts(4)),))
        )
        said += case.tell(a.BalanceRead(VENUE, now, now, dollars(98)))
    assert [m.quantity for m in _held(said)] == [contracts(4)]
    assert not [m for m in said if isinstance(m, IncidentOpened)]


def test_a_fill_from_long_before_a_position_was_taken_over_is_part_of_it() -> None:
    case = Case()
    case.open()
    case.tell(MarketListed(market(A)))
    now, held = case.now_us, (VenuePosition(A, "yes", contracts(4)),)
    case.tell(a.FillsRead(VENUE, now, now, Instant(-OVERLAP), ()))
    assert _held(case.tell(a.PositionsRead(VENUE, now, now, held)))
    old, recent = fill(1, 4, event_us=Instant(now - 2 * OVERLAP)), fill(2, 3, event_us=now)
    deep = case.tell(a.FillsRead(VENUE, now, now, Instant(-OVERLAP), (old,)), 600)
    assert not _held(deep), "the list that was taken over counted it"
    said = case.tell(a.AccountFillSeen(VENUE, recent))
    assert [m.quantity for m in _held(said)] == [contracts(7)]


def test_what_an_earlier_run_held_is_paid_out_without_a_difference() -> None:
    case = Case()
    case.open()
    now = case.now_us
    case.tell(a.FillsRead(VENUE, now, now, now, ()))
    case.tell(a.PositionsRead(VENUE, now, now, (VenuePosition(A, "yes", contracts(4)),)))
    case.tell(a.BalanceRead(VENUE, now, now, dollars(10)))
    said = case.tell(MarketResolved(A, cents(100), now), 60)
    assert _held(said) == [a.ExternalHeld(A, "yes", contracts(0), Money(0))]
    for _ in range(3):
        case.now_us = Instant(case.now_us + 30 * SECOND)
        at = case.now_us
        said += case.tell(a.PositionsRead(VENUE, at, at, ()))
        said += case.tell(a.BalanceRead(VENUE, at, at, dollars(14)))
    assert not [m for m in said if isinstance(m, IncidentOpened)]


def _held(said: list[Message]) -> list[a.ExternalHeld]:
    return [m for m in said if isinstance(m, a.ExternalHeld)]
