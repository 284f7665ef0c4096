"""What does the account look like at the venue? All pages of a part, then one message."""

from collections.abc import Mapping

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.jobs import About, Job, Jobs
from foreshock.adapters.venues.order_path import AccountReader, Unsigned
from foreshock.core.domain.accounts import AccountPart
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.messages.account import (
    AccountReadFailed,
    BalanceRead,
    FillsRead,
    OpenOrdersRead,
    PositionsRead,
)
from foreshock.core.domain.messages.decisions import IncidentOpened, IncidentResolved
from foreshock.core.domain.messages.trading import ReadAccount
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant

PAGES_MAX = 100
OK = 200


class Readings:
    """Reads venue accounts; one read of a part at a time."""

    def __init__(self, readers: Mapping[str, AccountReader]) -> None:
        self._readers = readers
        self._unreadable: dict[tuple[str, AccountPart], tuple[list[str], int]] = {}

    def ask(self, command: ReadAccount, jobs: Jobs) -> None:
        """Begin to read; a part that is being read already is not asked for twice."""
        if jobs.is_reading(command.venue, command.part):
            return
        unsigned = self._readers[command.venue].read(command.part, command.since_us, None)
        about = About(what="read", part=command.part, since_us=command.since_us)
        jobs.put(_call(command.venue, unsigned, about))

    def heard(
        self, job: Job, answer: HttpResponse | None, jobs: Jobs, now_us: Instant
    ) -> list[Message]:
        """Take a page; the message when it was the last one."""
        venue, part = job.venue, job.about.part
        if answer is None:
            return [AccountReadFailed(venue, part, "no answer")]
        reader = self._readers[venue]
        wait_us = None if answer.status == OK else reader.wait_us(answer)
        if wait_us is not None:
            jobs.pause(venue, job.unsigned.kind, Instant(now_us + wait_us))
        try:
            page = reader.heard(part, answer)
        except (DataError, VenueUnavailableError) as error:
            return [AccountReadFailed(venue, part, str(error))]
        about = msgspec.structs.replace(job.about, pages=(*job.about.pages, page))
        if page.cursor is None:
            return [*self._doubts(venue, about), _message(venue, about, now_us)]
        if len(about.pages) >= PAGES_MAX:
            return [AccountReadFailed(venue, part, f"more than {PAGES_MAX} pages")]
        unsigned = reader.read(part, about.since_us or Instant(0), page.cursor)
        jobs.put(_call(venue, unsigned, about))
        return []

    def lost(self, job: Job, words: str) -> Message:
        """A page broke something; the part is read again when it is next due."""
        return AccountReadFailed(job.venue, job.about.part, words)

    def _doubts(self, venue: str, about: About) -> list[Message]:
        """Rows of ours that nobody could read: a person must know that they are not counted.

        An incident for each set of rows; it is resolved once all of them can be read, as after
        their markets were listed.
        """
        rows = sorted({row for page in about.pages for row in page.unreadable})
        known, count = self._unreadable.get((venue, about.part), ([], 0))
        if rows == known:
            return []
        count += 1
        self._unreadable[venue, about.part] = (rows, count)
        said: list[Message] = []
        if known:
            words = "all rows can be read" if not rows else "other rows cannot be read now"
            said.append(IncidentResolved(_incident(venue, about, count - 1), words))
        if rows:
            words = f"{len(rows)} {about.part} cannot be read and are not counted: {rows[0]}"
            said.append(IncidentOpened(_incident(venue, about, count), venue, words))
        return said


def _incident(venue: str, about: About, count: int) -> str:
    return f"{venue}/unreadable/{about.part}/{count}"


def _call(venue: str, unsigned: Unsigned, about: About) -> Job:
    return Job(venue=venue, lane="scan", task="call", unsigned=unsigned, about=about)


def _message(venue: str, about: About, now_us: Instant) -> Message:
    asked_us = now_us if about.asked_us is None else about.asked_us
    match about.part:
        case "orders":
            orders = tuple(order for page in about.pages for order in page.orders)
            return OpenOrdersRead(venue, asked_us, now_us, orders)
        case "fills":
            fills = tuple(fill for page in about.pages for fill in page.fills)
            since_us = about.since_us or Instant(0)
            return FillsRead(venue, asked_us, now_us, since_us, fills)
        case "positions":
            positions = tuple(position for page in about.pages for position in page.positions)
            unlisted = tuple(market for page in about.pages for market in page.unlisted)
            return PositionsRead(venue, asked_us, now_us, positions, unlisted)
        case "balance":
            cash = about.pages[-1].cash
            if cash is None:
                return AccountReadFailed(venue, "balance", "the answer holds no balance")
            return BalanceRead(venue, asked_us, now_us, cash)
