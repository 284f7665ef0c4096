from foreshock.core.domain.messages.decisions import Halted, Resumed
from foreshock.core.domain.messages.market_data import BookLost
from foreshock.core.domain.units import SECOND, Instant
from foreshock.dashboard.halts import Halts
from tests.trading import START, A, B
from tests.unit.dashboard.told import watching

LATER = Instant(START + SECOND)


def test_a_halt_keeps_its_first_reason_until_its_own_scope_is_resumed() -> None:
    halts = Halts()
    halts.halt(Halted("all", "dashboard", "first"), START)
    halts.halt(Halted("all", "guardian", "second"), LATER)
    halts.halt(Halted("kalshi", "guardian", "rejects"), LATER)
    assert [(one.scope, one.reason, one.since_us) for one in halts.views()] == [
        ("all", "first", START),
        ("kalshi", "rejects", LATER),
    ]
    halts.resume(Resumed("all", "dashboard"))
    assert [one.scope for one in halts.views()] == ["kalshi"]
    assert halts.of("polymarket") is None


def test_a_halted_venue_says_so_on_its_books_and_the_other_one_does_not() -> None:
    told = watching()
    told.tell(Halted("kalshi", "dashboard", "odd"))
    halted, free = told.model.book(B, told.now_us), told.model.book(A, told.now_us)
    assert halted is not None
    assert halted.badge.words.startswith("HALTED by dashboard")
    assert free is not None
    assert free.badge.state == "LIVE"


def test_a_halt_does_not_hide_a_lost_book() -> None:
    told = watching()
    told.tell(Halted("all", "dashboard", "odd"), BookLost(A, 1, "gap"))
    book = told.model.book(A, told.now_us)
    assert book is not None
    assert book.badge.state == "GAP"
