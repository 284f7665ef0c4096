"""Do our books agree with the venues'? At the start, after every interruption, and on a timer.

    reconciling --everything read and equal--> active --channel lost--> reconciling
         |                                        |
         '---------------- drift -----------------+--> reducing --a person resumes--> reconciling

The single mouth for what venues say about orders: answers, user channel and lists become facts
here, once each. While a venue is not active nothing adds risk there.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from foreshock.core.domain.accounts import AccountPart, VenueFill
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.conversions import (
    ConversionClosed,
    ConversionRefused,
    SendConversion,
)
from foreshock.core.domain.messages.decisions import IncidentOpened, PositionSettled
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionOpened,
    MarketListed,
    MarketResolved,
)
from foreshock.core.domain.messages.operations import DeskStarted, ResumeRequested
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.execution.conversion_books import Converting, convert, resume_conversion
from foreshock.core.execution.venue_account import OVERLAP, PARTS, VenueAccount

EVERY: dict[AccountPart, Duration] = {
    "orders": Duration(5 * SECOND),
    "fills": Duration(5 * SECOND),
    "positions": Duration(30 * SECOND),
    "balance": Duration(30 * SECOND),
}
DEEP_EVERY = Duration(600 * SECOND)
"""All fills since the start of the run are read again."""
RETRY_AFTER = Duration(SECOND)
UNREAD_MAX = Duration(90 * SECOND)
"""Three times the slowest interval: what was not read for so long may be anything."""
USER_FEED = "-user"
EVERYWHERE = "all"
NAME_OF_TIMERS = "reconcile"

Answers = Iterable[Message]
Handler = Callable[[Any, Instant], Answers]
Read = a.OpenOrdersRead | a.FillsRead | a.PositionsRead | a.BalanceRead


class Reconciler:
    """Asks, compares and tells; the venue's snapshot is the truth."""

    name = "reconciler"

    def __init__(self, live_venues: Iterable[str]) -> None:
        self._accounts = {venue: VenueAccount(venue) for venue in live_venues}
        self._owners: dict[str, VenueAccount] = {}
        self._started_us: Instant | None = None
        self._handlers = self._routes()
        self.hears = frozenset(self._handlers)

    def handle(self, message: Message, now_us: Instant) -> Answers:
        """Answer a message; the frequent ones cost one dictionary look."""
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    def _routes(self) -> dict[type[Message], Handler]:
        reads = (a.OpenOrdersRead, a.FillsRead, a.PositionsRead, a.BalanceRead)
        return {
            **dict.fromkeys(reads, self._hear_read),
            **dict.fromkeys((t.SendRefused, t.OrderUnknown), self._note),
            t.PlaceOrder: self._place,
            a.OrderPrepared: self._prepare,
            a.OrderAnswered: self._hear_answer,
            a.AccountOrderSeen: self._see_order,
            a.AccountFillSeen: self._see_fill,
            a.AccountPositionSeen: self._see_position,
            a.AccountReadFailed: self._retry,
            a.DustBooked: self._book_dust,
            MarketListed: self._list_market,
            MarketResolved: self._settle_external,
            PositionSettled: self._note_payout,
            **dict.fromkeys((SendConversion, ConversionRefused, ConversionClosed), self._convert),
            ConnectionOpened: self._connect,
            ConnectionClosed: self._disconnect,
            ResumeRequested: self._resume,
            t.TimerFired: self._fire,
            **dict.fromkeys((DeskStarted, DeskRestored), self._start),
        }

    def _start(self, message: DeskStarted | DeskRestored, now_us: Instant) -> Answers:
        self._started_us = now_us
        if isinstance(message, DeskRestored):
            for account in self._accounts.values():
                account.book.recall(message.memory.ledger)
                self._owners |= dict.fromkeys(account.book.orders, account)
                for words in message.memory.conversions:
                    resume_conversion(account.agreement, account.venue, words)
        return ()

    # ---- orders ------------------------------------------------------------------------------

    def _place(self, placed: t.PlaceOrder, now_us: Instant) -> Answers:
        account = self._accounts.get(venue_of(placed.market))
        if account is not None:
            account.book.place(placed)
            account.agreement.note_change(placed.market, now_us)
            self._owners[placed.order_id] = account
        return ()

    def _prepare(self, prepared: a.OrderPrepared, now_us: Instant) -> Answers:
        account = self._owners.get(prepared.order_id)
        if account is not None:
            account.book.prepare(prepared.order_id, prepared.client_id, prepared.venue_order_id)
        return ()

    def _note(self, fact: t.SendRefused | t.OrderUnknown, now_us: Instant) -> Answers:
        """What the desk itself says of an order; what this agent said is known already."""
        account = self._owners.get(fact.order_id)
        if account is not None and not account.book.orders[fact.order_id].is_over:
            account.book.note(fact)
        return ()

    def _hear_answer(self, answered: a.OrderAnswered, now_us: Instant) -> Answers:
        account = self._owners.get(answered.order_id)
        if account is None:
            return ()
        return self._conclude(account, account.book.answer(answered), now_us)

    def _see_order(self, seen: a.AccountOrderSeen, now_us: Instant) -> Answers:
        account = self._accounts.get(seen.venue)
        if account is None:
            return ()
        return self._conclude(account, account.book.see_order(seen.order), now_us)

    def _see_fill(self, seen: a.AccountFillSeen, now_us: Instant) -> Answers:
        account = self._accounts.get(seen.venue)
        if account is None:
            return ()
        return self._conclude(account, self._take_fill(account, seen.fill, now_us), now_us)

    def _see_position(self, seen: a.AccountPositionSeen, now_us: Instant) -> Answers:
        """No more than a hint, for fills overtake it: what differs is read again at once."""
        account = self._accounts.get(seen.venue)
        if account is None or account.agreement.agrees_on(seen.market, seen.held):
            return ()
        return self._ask_again(account)

    def _take_fill(self, account: VenueAccount, fill: VenueFill, now_us: Instant) -> list[Message]:
        """A fill that is new moves its market, whoever made it."""
        if not account.book.has_heard(fill):
            account.agreement.note_change(fill.market, now_us)
        return account.book.fill(fill)

    # ---- lists -------------------------------------------------------------------------------

    def _hear_read(self, read: Read, now_us: Instant) -> Answers:
        account = self._accounts.get(read.venue)
        if account is None:
            return ()
        said: list[Message] = []
        match read:
            case a.OpenOrdersRead():
                account.read_us["orders"] = read.asked_us
                said += self._compare_orders(account, read)
            case a.FillsRead():
                account.note_fills(read, Instant(self._started_us or 0))
                for fill in read.fills:
                    said += self._take_fill(account, fill, now_us)
            case _ if not account.is_explained(read.asked_us):
                return self._ask_again(account)
            case a.PositionsRead():
                account.read_us["positions"] = read.asked_us
                said += account.agreement.positions(read)
            case a.BalanceRead():
                account.read_us["balance"] = read.asked_us
                said += account.agreement.balance(read)
        return self._conclude(account, said, now_us)

    def _compare_orders(self, account: VenueAccount, read: a.OpenOrdersRead) -> Iterator[Message]:
        """Orders that are not ours count; ours that are open though over are called back."""
        foreign = [o for o in read.orders if account.book.order_of(o) is None]
        if not account.book.has_unnamed():
            yield from account.book.external.see_open(foreign)
        for venue_order in read.orders:
            order = account.book.order_of(venue_order)
            if order is None:
                continue
            if order.is_over and account.agreement.is_settled_before(order, read.asked_us):
                order_id = order.placed.order_id
                words = "the venue lists it as open, though it was told to be over"
                yield IncidentOpened(f"{account.venue}/drift/{order_id}", order_id, words)
                yield t.CancelOrder(order_id, order.placed.market)
            elif not order.is_over:
                yield from account.book.see_order(venue_order)

    def _ask_again(self, account: VenueAccount) -> Iterator[Message]:
        """Fills first: what they explain is neither adopted nor a difference."""
        if account.connection is None or account.is_asking_again:
            return
        account.is_asking_again = True
        for part in ("fills", "positions", "balance"):
            yield t.SetTimer(timer_name(account.venue, part, "again"), RETRY_AFTER)

    def _list_market(self, listed: MarketListed, now_us: Instant) -> Answers:
        """A market that is listed only now may be one that the account holds already."""
        account = self._accounts.get(listed.market.venue)
        if account is None or not account.list_market(listed.market.id, now_us):
            return ()
        return self._ask_again(account)

    def _settle_external(self, resolved: MarketResolved, now_us: Instant) -> Answers:
        """What was not bought by this run is paid out, too."""
        account = self._accounts.get(venue_of(resolved.market))
        if account is None:
            return ()
        account.agreement.note_resolution(resolved.market, resolved.payout_yes)
        received, said = account.book.external.settle(resolved.market, resolved.payout_yes)
        return [*said, *account.agreement.note_payout(resolved.market, received)]

    def _retry(self, failed: a.AccountReadFailed, now_us: Instant) -> Answers:
        account = self._accounts.get(failed.venue)
        if account is None or account.state == "active":
            return ()
        return (t.SetTimer(timer_name(failed.venue, failed.part, "again"), RETRY_AFTER),)

    def _book_dust(self, dust: a.DustBooked, now_us: Instant) -> Answers:
        account = self._accounts.get(venue_of(dust.market))
        if account is not None:
            account.book.ledger.book_dust(dust)
        return ()

    def _convert(self, message: Converting, now_us: Instant) -> Iterator[Message]:
        for account in self._accounts.values():
            yield from convert(account.book, account.agreement, message, now_us)

    def _note_payout(self, settled: PositionSettled, now_us: Instant) -> Answers:
        account = self._accounts.get(venue_of(settled.market))
        if account is None:
            return ()
        return account.agreement.note_payout(settled.market, settled.received)

    # ---- when --------------------------------------------------------------------------------

    def _connect(self, opened: ConnectionOpened, now_us: Instant) -> Iterator[Message]:
        account = self._accounts.get(opened.venue)
        if account is None or not opened.feed.endswith(USER_FEED):
            return
        account.connection = opened.connection
        yield from self._begin(account, now_us)
        if not account.has_timers:
            account.has_timers = True
            for part, every in EVERY.items():
                yield t.SetTimer(timer_name(account.venue, part, "timer"), every)
            yield t.SetTimer(timer_name(account.venue, "fills", "deep"), DEEP_EVERY)

    def _disconnect(self, closed: ConnectionClosed, now_us: Instant) -> Iterator[Message]:
        account = self._accounts.get(closed.venue)
        if account is None or account.connection != closed.connection:
            return
        account.connection = None
        yield from self._change(account, "reconciling", "the user channel is down")

    def _resume(self, request: ResumeRequested, now_us: Instant) -> Iterator[Message]:
        for account in self._accounts.values():
            if account.state == "reducing" and request.scope in {account.venue, EVERYWHERE}:
                account.state = "reconciling"
                yield a.VenueStateChanged(account.venue, "reconciling", f"{request.by} resumed")
                yield from self._begin(account, now_us)

    def _begin(self, account: VenueAccount, now_us: Instant) -> Iterator[Message]:
        account.since_us = now_us
        for part in PARTS:
            yield self._read(account, part)

    def _fire(self, fired: t.TimerFired, now_us: Instant) -> Iterator[Message]:
        kind, _, rest = fired.timer_id.partition("/")
        venue, _, what = rest.partition("/")
        account = self._accounts.get(venue)
        if kind != NAME_OF_TIMERS or account is None:
            return
        part, _, why = what.partition("/")
        for known in PARTS:
            if known == part:
                yield from self._read_again(account, known, why)
                yield from self._doubt_silence(account, known, now_us)

    def _doubt_silence(
        self, account: VenueAccount, part: AccountPart, now_us: Instant
    ) -> Iterator[Message]:
        """A list that cannot be read for long leaves nothing to agree with."""
        silent_us = now_us - account.read_us.get(part, now_us)
        if account.state == "active" and silent_us > UNREAD_MAX:
            account.since_us = now_us
            words = f"the {part} were not read for {silent_us // SECOND} s"
            yield from self._change(account, "reconciling", words)

    def _read_again(self, account: VenueAccount, part: AccountPart, why: str) -> Iterator[Message]:
        if why == "again":
            account.is_asking_again = False
        if why == "deep":
            yield t.ReadAccount(account.venue, part, Instant((self._started_us or 0) - OVERLAP))
            yield t.SetTimer(timer_name(account.venue, part, why), DEEP_EVERY)
            return
        yield self._read(account, part)
        if why == "timer":
            yield t.SetTimer(timer_name(account.venue, part, why), EVERY[part])

    def _read(self, account: VenueAccount, part: AccountPart) -> t.ReadAccount:
        since_us = account.fills_since(Instant(self._started_us or 0))
        return t.ReadAccount(account.venue, part, since_us)

    # ---- concluding --------------------------------------------------------------------------

    def _conclude(
        self, account: VenueAccount, said: list[Message], now_us: Instant
    ) -> Iterator[Message]:
        """Tell what was learnt, then where the venue stands."""
        for message in said:
            if isinstance(message, t.OrderFilled | t.FillReverted | t.OrderClosed | t.FillSettled):
                order = account.book.orders[message.order_id]
                account.agreement.note_change(order.placed.market, now_us)
            yield message
        drifts = [message for message in said if isinstance(message, IncidentOpened)]
        if drifts:
            yield from self._change(account, "reducing", drifts[0].words)
        elif account.state == "reconciling":
            if account.is_reconciled():
                yield from self._change(account, "active", "everything was read and agrees")
            elif account.agreement.is_doubtful:
                for part in ("positions", "balance"):
                    yield t.SetTimer(timer_name(account.venue, part, "again"), RETRY_AFTER)

    def _change(
        self, account: VenueAccount, state: a.VenueState, reason: str
    ) -> Iterator[a.VenueStateChanged]:
        """Enter a state; only a person leads out of reducing."""
        if account.state != state and account.state != "reducing":
            account.state = state
            yield a.VenueStateChanged(account.venue, state, reason)


def timer_name(venue: str, part: AccountPart, why: str) -> str:
    """The id of a timer, which says what to do when it fires."""
    return f"{NAME_OF_TIMERS}/{venue}/{part}/{why}"
