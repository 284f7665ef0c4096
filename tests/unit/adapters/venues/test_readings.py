"""An account is read page by page, and nothing unreadable goes unsaid."""

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.budget import Budget, BudgetTerms
from foreshock.adapters.venues.jobs import Job, Jobs
from foreshock.adapters.venues.order_path import Reading, Unsigned
from foreshock.adapters.venues.readings import PAGES_MAX, Readings
from foreshock.core.domain.accounts import AccountPart
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages.decisions import IncidentOpened, IncidentResolved
from foreshock.core.domain.messages.trading import ReadAccount
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant, Money
from tests.trading import START
from tests.unit.adapters.venues.test_jobs import COSTS as PLAIN
from tests.unit.adapters.venues.test_jobs import TERMS
from tests.unit.core.execution.test_account_book import fill

CALL = ReadAccount("kalshi", "fills", START)
EMPTY = HttpResponse(200, b"")


class Book:
    """A reader whose pages a test writes."""

    def __init__(self, *pages: Reading | DataError) -> None:
        self._pages = list(pages)
        self.cursors: list[str | None] = []

    def read(self, part: AccountPart, since_us: Instant, cursor: str | None) -> Unsigned:
        self.cursors.append(cursor)
        return Unsigned(venue="kalshi", kind="read", method="GET", path=f"/{part}")

    def wait_us(self, answer: HttpResponse) -> int | None:
        return 7 * SECOND if answer.status == 429 else None

    def heard(self, part: AccountPart, answer: HttpResponse) -> Reading:
        page = self._pages.pop(0)
        if isinstance(page, DataError):
            raise page
        return page


def jobs() -> Jobs:
    return Jobs({
        "kalshi": Budget(BudgetTerms(read=TERMS, write=TERMS, costs={**PLAIN, "read": 0}))
    })


def read(book: Book, command: ReadAccount = CALL) -> list[Message]:
    readings, waiting = Readings({"kalshi": book}), jobs()
    readings.ask(command, waiting)
    now_us, said = START, list[Message]()
    while taken := waiting.take(now_us):
        now_us = Instant(now_us + SECOND)
        said += readings.heard(waiting.done(taken[0].id), EMPTY, waiting, now_us)
    return said


def test_all_pages_become_one_message_that_spans_them() -> None:
    book = Book(Reading(fills=(fill(1),), cursor="next"), Reading(fills=(fill(2),)))
    told = read(book)
    assert told == [
        a.FillsRead("kalshi", START, Instant(START + 2 * SECOND), START, (fill(1), fill(2)))
    ]
    assert book.cursors == [None, "next"]


def test_a_part_that_is_being_read_is_not_asked_for_twice() -> None:
    readings, waiting = Readings({"kalshi": Book()}), jobs()
    readings.ask(CALL, waiting)
    readings.ask(CALL, waiting)
    taken: list[Job] = waiting.take(START)
    assert len(taken) == 1


def test_a_page_that_cannot_be_read_ends_it() -> None:
    told = read(Book(Reading(cursor="next"), DataError("no price")))
    assert told == [a.AccountReadFailed("kalshi", "fills", "no price")]


def test_a_list_without_end_is_given_up() -> None:
    told = read(Book(*[Reading(cursor="again")] * PAGES_MAX))
    assert told == [a.AccountReadFailed("kalshi", "fills", f"more than {PAGES_MAX} pages")]


def test_no_answer_is_a_failure_and_no_balance_too() -> None:
    readings, waiting = Readings({"kalshi": Book()}), jobs()
    readings.ask(CALL, waiting)
    job = waiting.done(waiting.take(START)[0].id)
    assert readings.heard(job, None, waiting, START) == [
        a.AccountReadFailed("kalshi", "fills", "no answer")
    ]
    balance = ReadAccount("kalshi", "balance", START)
    assert isinstance(read(Book(Reading()), balance)[0], a.AccountReadFailed)
    told = read(Book(Reading(cash=Money(5))), balance)[0]
    assert isinstance(told, a.BalanceRead)
    assert told.cash == 5


def read_all(*unreadable: tuple[str, ...]) -> list[Message]:
    """What is said, the lists aside, when one read after the other leaves these rows unread."""
    book = Book(*(Reading(unreadable=rows) for rows in unreadable))
    readings, waiting, said = Readings({"kalshi": book}), jobs(), list[Message]()
    for _ in unreadable:
        readings.ask(CALL, waiting)
        job = waiting.done(waiting.take(START)[0].id)
        said += readings.heard(job, EMPTY, waiting, START)
    assert sum(isinstance(m, a.FillsRead) for m in said) == len(unreadable)
    return [m for m in said if not isinstance(m, a.FillsRead)]


def test_rows_that_nobody_could_read_are_told_once() -> None:
    (told,) = read_all(("an unknown market",), ("an unknown market",))
    assert isinstance(told, IncidentOpened)
    assert told.words == "1 fills cannot be read and are not counted: an unknown market"


def test_the_incident_is_resolved_once_the_rows_can_be_read_and_opens_anew_after_that() -> None:
    opened, resolved, again = read_all(("x",), (), (), ("x",))
    assert isinstance(opened, IncidentOpened)
    assert resolved == IncidentResolved(opened.id, "all rows can be read")
    assert isinstance(again, IncidentOpened)
    assert again.id != opened.id


def test_other_rows_are_another_incident() -> None:
    first, resolved, second = read_all(("x", "y"), ("y",))
    assert isinstance(first, IncidentOpened)
    assert isinstance(second, IncidentOpened)
    assert resolved == IncidentResolved(first.id, "other rows cannot be read now")
    assert second.words.startswith("1 fills")


def test_after_too_many_reads_none_leaves_for_as_long_as_the_venue_asks() -> None:
    readings, waiting = Readings({"kalshi": Book(DataError("too many requests"))}), jobs()
    readings.ask(CALL, waiting)
    job = waiting.done(waiting.take(START)[0].id)
    readings.heard(job, HttpResponse(429, b""), waiting, START)
    readings.ask(CALL, waiting)
    assert waiting.take(Instant(START + 7 * SECOND - 1)) == []
    assert waiting.next_us() == START + 7 * SECOND
    assert len(waiting.take(Instant(START + 7 * SECOND))) == 1
