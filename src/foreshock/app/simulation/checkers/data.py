"""Was every entry decided and sent on data that could be trusted at that moment? I6.

The age of data is what arrived on the wire, not what the desk measured; what is asked of it stands
in the desk's own start record.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from foreshock.app.simulation.checkers.rules import Rules, rules_of
from foreshock.app.simulation.checkers.trace import Trace
from foreshock.app.simulation.observed import FrameArrived, Hearing, Said, Sent, Violation
from foreshock.core.domain.markets import MarketId, MarketStatus
from foreshock.core.domain.messages.account import VenueConditionTold, VenueStateChanged
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookLost,
    ConnectionClosed,
    ConnectionOpened,
    FeedMeasured,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
    MarketsWatched,
)
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.units import Instant


class View(msgspec.Struct):
    """What one process was shown."""

    rules: Rules | None = None
    books: dict[MarketId, BookChanged] = {}
    statuses: dict[MarketId, MarketStatus] = {}
    conditions: dict[str, str] = {}
    states: dict[str, str] = {}
    carriers: dict[MarketId, int] = {}
    open: set[int] = set()
    data_us: dict[int, Instant] = {}
    checked_us: dict[int, Instant] = {}
    message_ages: dict[int, int | None] = {}


class UsableData:
    """I6: an entry that leaves rests on a whole, fresh book of an open market."""

    invariant = "I6"

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._views: dict[int, View] = {}

    def hearings(self) -> Mapping[type, Hearing]:
        learning: dict[type, Callable[[View, Said], None]] = {
            DeskStarted: _start,
            BookChanged: _book,
            BookLost: _lose,
            MarketListed: _list,
            MarketStatusChanged: _status,
            MarketResolved: _resolve,
            VenueConditionTold: _condition,
            VenueStateChanged: _state,
            ConnectionOpened: _connect,
            ConnectionClosed: _disconnect,
            MarketsWatched: _watch,
            FeedMeasured: _measure,
        }
        hearings: dict[type, Hearing] = {
            kind: self._learner(learn) for kind, learn in learning.items()
        }
        return {**hearings, FrameArrived: self._frame, Sent: self._judge}

    def _learner(self, learn: Callable[[View, Said], None]) -> Hearing:
        def hear(said: Said) -> Iterable[Violation]:
            learn(self._view(said.process), said)
            return ()

        return hear

    def _view(self, process: int) -> View:
        return self._views.setdefault(process, View())

    def _frame(self, frame: FrameArrived) -> Iterable[Violation]:
        view = self._view(frame.process)
        if frame.kind == "data":
            view.data_us[frame.connection] = frame.at_us
        elif frame.kind == "books":
            view.data_us[frame.connection] = frame.at_us
            view.checked_us[frame.connection] = frame.at_us
        return ()

    def _judge(self, sent: Sent) -> Iterator[Violation]:
        if sent.kind != "place":
            return
        placed = self._trace.placed.get(sent.order_id)
        if placed is None or placed.purpose != "enter":
            return
        view = self._view(sent.process)
        for words in (*_book_faults(view, placed, sent.at_us), *_venue_faults(view, placed)):
            yield Violation(sent.at_us, self.invariant, f"{sent.order_id} left: {words}")


def _book_faults(view: View, placed: PlaceOrder, at_us: Instant) -> Iterator[str]:
    """What is wrong with the book that an entry cites."""
    book = view.books.get(placed.market)
    if book is None:
        yield "its market has no book"
        return
    if book.quality != "live":
        yield f"its book is {book.quality}"
    if book.epoch != placed.book_epoch:
        yield f"it cites epoch {placed.book_epoch}, the book's is {book.epoch}"
    status = view.statuses.get(placed.market)
    if status != "open":
        yield f"its market is {status}"
    if view.rules is None:
        yield "no start record says what is fresh"
        return
    yield from _ages(view, view.rules, book, at_us)


def _ages(view: View, rules: Rules, book: BookChanged, at_us: Instant) -> Iterator[str]:
    """Which of the clocks is red."""
    fresh, connection = rules.limits.freshness, view.carriers.get(book.market, -1)
    if connection not in view.open:
        yield "no open connection carries its market"
        return
    measured: tuple[tuple[str, int | None, int], ...] = (
        ("book", at_us - book.recv_us, fresh.quiet_max),
        ("data", _since(view.data_us.get(connection), at_us), fresh.data_age_max),
        ("REST check", _since(view.checked_us.get(connection), at_us), fresh.check_age_max),
        ("message", view.message_ages.get(connection, 0) or 0, fresh.message_age_max),
    )
    for name, age, age_max in measured:
        if age is None or age > age_max:
            yield f"{name} age {age} us, at most {age_max}"


def _venue_faults(view: View, placed: PlaceOrder) -> Iterator[str]:
    venue = placed.market.partition(":")[0]
    condition = view.conditions.get(venue, "open")
    if condition != "open":
        yield f"{venue} said it is {condition}"
    if view.rules is not None and venue in view.rules.live_venues:
        state = view.states.get(venue, "reconciling")
        if state != "active":
            yield f"{venue} is {state}"


def _since(then_us: Instant | None, at_us: Instant) -> int | None:
    return None if then_us is None else at_us - then_us


# ---- learning: one function a message; the dictionary above says which ---------------------------


def _start(view: View, said: Said) -> None:
    view.rules = rules_of(said)


def _book(view: View, said: Said) -> None:
    if isinstance(said.message, BookChanged):
        view.books[said.message.market] = said.message


def _lose(view: View, said: Said) -> None:
    if isinstance(said.message, BookLost):
        view.books.pop(said.message.market, None)


def _list(view: View, said: Said) -> None:
    if isinstance(said.message, MarketListed):
        view.statuses[said.message.market.id] = said.message.market.status


def _status(view: View, said: Said) -> None:
    if isinstance(said.message, MarketStatusChanged):
        view.statuses[said.message.market] = said.message.status


def _resolve(view: View, said: Said) -> None:
    if isinstance(said.message, MarketResolved):
        view.statuses[said.message.market] = "settled"


def _condition(view: View, said: Said) -> None:
    if isinstance(said.message, VenueConditionTold):
        view.conditions[said.message.venue] = said.message.condition


def _state(view: View, said: Said) -> None:
    if isinstance(said.message, VenueStateChanged):
        view.states[said.message.venue] = said.message.state


def _connect(view: View, said: Said) -> None:
    if isinstance(said.message, ConnectionOpened):
        view.open.add(said.message.connection)
        for market in said.message.markets:
            view.carriers[market] = said.message.connection


def _disconnect(view: View, said: Said) -> None:
    if isinstance(said.message, ConnectionClosed):
        view.open.discard(said.message.connection)


def _watch(view: View, said: Said) -> None:
    if isinstance(said.message, MarketsWatched):
        for market in said.message.removed:
            if view.carriers.get(market) == said.message.connection:
                del view.carriers[market]
        for market in said.message.added:
            view.carriers[market] = said.message.connection


def _measure(view: View, said: Said) -> None:
    if isinstance(said.message, FeedMeasured):
        view.message_ages[said.message.connection] = said.message.message_age_p95
