"""When does a venue take entries? After everything was read and agreed, and not before."""

from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.decisions import IncidentOpened
from foreshock.core.domain.messages.market_data import ConnectionClosed, ConnectionOpened
from foreshock.core.domain.messages.operations import ResumeRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant, Money
from foreshock.core.execution.reconcile import PARTS, Reconciler, timer_name
from tests.trading import START, A, contracts, order
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
