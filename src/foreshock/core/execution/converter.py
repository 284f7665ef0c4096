"""May dollars become contracts of both outcomes here and now, and what became of it? One at a time.

    asked -> refused
          -> preparing -> sent -> told: confirmed | failed | rejected -> closed
                               -> spent: the turn is over, the venue's own list decides
                               -> unknown: an incident, until it is proven or a person resumes

A split and a merge leave what we stand to win or lose as it is; what they need is everything that
spending real money needs: armed, reconciled, not halted, no package at work in that market.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.market_facts import STATUS_FACTS, StatusFact, status_of
from foreshock.core.domain.markets import MarketId, MarketStatus
from foreshock.core.domain.messages import conversions as c
from foreshock.core.domain.messages.account import (
    BalanceRead,
    PositionsRead,
    VenueArmed,
    VenueConditionTold,
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
from foreshock.core.domain.messages.operations import ClockJudged, DeskStopping, ResumeRequested
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.trading import ReadAccount, SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import Ledger, venue_of
from foreshock.core.domain.units import SECOND, Duration, Instant, Money, Quantity
from foreshock.core.domain.venue_states import VenueStates
from foreshock.core.execution.conversion_rules import (
    Holding,
    left_words,
    may_leave,
    size_refusal,
    work_words,
)

NAME = "converter"
SEND_AGE_MAX = Duration(30 * SECOND)
"""From the decision to the signed transaction: a relayer answers slower than an exchange."""
ALARMS = (Duration(60 * SECOND), Duration(540 * SECOND))
LIST_AFTER = Duration(5 * SECOND)
"""A list read this long after the turn was over shows what the transaction did."""
UNCHANGED_MIN = 2
EVERYWHERE = "all"

Answers = Iterable[Message]
Handler = Callable[[Any, Instant], Answers]


class Work:
    """One conversion that was let begin. before: what the venue listed when it began."""

    def __init__(self, command: c.ConvertSets) -> None:
        self.command = command
        self.before = Holding(command.held_yes, command.held_no)
        self.is_sent = False
        self.verdict: c.ConversionVerdict | None = None
        self.spent_us: Instant | None = None
        self.unchanged_count = 0
        self.incident: str | None = None


class Converter:
    """Judges every request, lets what is on record leave, and follows it to its end."""

    name = NAME

    def __init__(
        self, ceilings: Mapping[str, Money], live_venues: Iterable[str], ledger: Ledger
    ) -> None:
        self._ceilings = ceilings
        self._venues = VenueStates(live_venues)
        self._ledger = ledger
        self._halted: dict[str, Halted] = {}
        self._stopping: str | None = None
        self._statuses: dict[MarketId, MarketStatus] = {}
        self._packages: dict[str, tuple[MarketId, ...]] = {}
        self._holdings: dict[str, PositionsRead] = {}
        self._cash: dict[str, Money] = {}
        self._work: dict[str, Work] = {}
        self._seen: set[str] = set()
        self._handlers = self._routes()
        self.hears = frozenset(self._handlers)

    def handle(self, message: Message, now_us: Instant) -> Answers:
        """Answer a message."""
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    def _routes(self) -> dict[type[Message], Handler]:
        states = (VenueArmed, VenueDisarmed, VenueStateChanged, VenueConditionTold, ClockJudged)
        return {
            **dict.fromkeys(states, self._hear_venue),
            **dict.fromkeys(STATUS_FACTS, self._hear_market),
            **dict.fromkeys((PackageOpened, PackageClosed), self._hear_package),
            **dict.fromkeys((Halted, Resumed, DeskStopping), self._hear_halt),
            c.ConversionRequested: self._judge,
            c.ConversionPrepared: self._release,
            c.ConversionRefused: self._forget,
            c.ConversionTold: self._hear_told,
            PositionsRead: self._hear_positions,
            BalanceRead: self._hear_balance,
            ResumeRequested: self._take_over,
            TimerFired: self._fire,
            DeskRestored: self._recall,
        }

    def _recall(self, restored: DeskRestored, now_us: Instant) -> Iterator[Message]:
        """Go on with what an earlier desk let leave; what never left is over without us."""
        for words in restored.memory.conversions:
            command = next((word for word in words if isinstance(word, c.ConvertSets)), None)
            self._seen.add(words[0].conversion_id)
            if command is None or not any(isinstance(word, c.SendConversion) for word in words):
                continue
            work = self._work[command.conversion_id] = Work(command)
            work.is_sent = True
            yield _alarm(command.conversion_id, 0)
            for word in words:
                if isinstance(word, c.ConversionTold):
                    yield from self._hear_told(word, now_us)

    # ---- from the request to the send --------------------------------------------------------

    def _judge(self, request: c.ConversionRequested, now_us: Instant) -> Iterator[Message]:
        if request.conversion_id in self._seen:
            return
        self._seen.add(request.conversion_id)
        refusal = self._refusal(request, now_us)
        if refusal is not None:
            yield c.ConversionRefused(request.conversion_id, refusal)
            return
        held = self._holding(request.market)
        command = c.ConvertSets(
            request.conversion_id,
            request.kind,
            request.market,
            request.quantity,
            now_us,
            held.yes,
            held.no,
        )
        self._work[request.conversion_id] = Work(command)
        yield command
        yield _alarm(request.conversion_id, 0)

    def _refusal(self, request: c.ConversionRequested, now_us: Instant) -> Refusal | None:
        venue = venue_of(request.market)
        if venue not in self._ceilings:
            words = f"no split, merge or redemption is set up at {venue} (live.sets_max_dollars)"
            return Refusal("NOT_SET_UP", words)
        if request.market not in self._statuses:
            return Refusal("UNKNOWN_MARKET", f"{request.market} is not listed on this desk")
        refused = self.may_leave(venue, now_us)
        if refused is not None:
            return refused
        words = self._venues.state_words(venue)
        if words is not None:
            return Refusal("NOT_RECONCILED", words)
        return self._work_refusal(request) or self._size_refusal(request)

    def may_leave(self, venue: str, now_us: Instant) -> Refusal | None:
        """What is looked at again right before the write."""
        return may_leave(self._halted, self._venues, self._stopping, venue, now_us)

    def _work_refusal(self, request: c.ConversionRequested) -> Refusal | None:
        venue = venue_of(request.market)
        for work in self._work.values():
            if venue_of(work.command.market) == venue:
                words = f"one transaction of a wallet at a time: {work_words(work.command)}"
                return Refusal("CONVERSION_OPEN", words)
        for name, markets in self._packages.items():
            if request.market in markets:
                return Refusal("PACKAGE_OPEN", f"package {name} is at work in {request.market}")
        return None

    def _size_refusal(self, request: c.ConversionRequested) -> Refusal | None:
        venue = venue_of(request.market)
        if venue not in self._holdings or venue not in self._cash:
            return Refusal("NOT_READ", f"what {venue} holds for us was not read yet")
        status, held = self._statuses[request.market], self._holding(request.market)
        if request.kind == "redeem" and status != "settled":
            return Refusal("NOT_RESOLVED", f"{request.market} is {status}: it pays when it settles")
        return size_refusal(request, self._ceilings[venue], held, self._cash[venue])

    def _release(self, prepared: c.ConversionPrepared, now_us: Instant) -> Iterator[Message]:
        work = self._work.get(prepared.conversion_id)
        if work is None or work.is_sent:
            return
        command = work.command
        age = now_us - command.decided_us
        refusal = self.may_leave(venue_of(command.market), now_us)
        if age > SEND_AGE_MAX:
            refusal = Refusal("SIGNED_TOO_LATE", f"signed {age // SECOND} s after the decision")
        if refusal is not None:
            yield c.ConversionRefused(command.conversion_id, refusal)
            return
        work.is_sent = True
        yield c.SendConversion(command.conversion_id, command.market)

    def _forget(self, refused: c.ConversionRefused, now_us: Instant) -> Answers:
        self._work.pop(refused.conversion_id, None)
        return ()

    # ---- what became of it -------------------------------------------------------------------

    def _hear_told(self, told: c.ConversionTold, now_us: Instant) -> Iterator[Message]:
        work = self._work.get(told.conversion_id)
        if work is None:
            return
        work.verdict = told.verdict
        if told.verdict == "confirmed":
            yield from self._close(work, "confirmed", told.words)
        elif told.verdict in {"failed", "rejected"}:
            yield from self._close(work, "failed", told.words)
        elif told.verdict == "spent":
            work.spent_us = now_us
            yield SetTimer(f"{NAME}/{told.conversion_id}/list", LIST_AFTER)

    def _hear_positions(self, read: PositionsRead, now_us: Instant) -> Iterator[Message]:
        self._holdings[read.venue] = read
        for work in [*self._work.values()]:
            if venue_of(work.command.market) == read.venue and work.spent_us is not None:
                yield from self._compare(work, work.spent_us, read)

    def _compare(self, work: Work, spent_us: Instant, read: PositionsRead) -> Iterator[Message]:
        """Its turn is over, without its name: only the venue's list tells whether it was it."""
        if read.asked_us < spent_us + LIST_AFTER:
            return
        held = self._holding(work.command.market)
        if held == work.before.after(work.command):
            words = "its turn is over, and the venue lists what it should have made"
            yield from self._close(work, "confirmed", words)
        elif held != work.before:
            yield from self._doubt(work, "its turn is over, and the venue lists something else")
        else:
            work.unchanged_count += 1
            if work.unchanged_count < UNCHANGED_MIN:
                yield SetTimer(f"{NAME}/{work.command.conversion_id}/list", LIST_AFTER)
                return
            words = "its turn is over, and the venue lists what it listed before"
            yield from self._close(work, "failed", words)

    def _doubt(self, work: Work, words: str) -> Iterator[Message]:
        """An incident once; a person who resumes takes the venue's numbers over."""
        if work.incident is None:
            name = work.command.conversion_id
            work.incident = f"{name}/unknown"
            yield IncidentOpened(work.incident, name, f"{work_words(work.command)}: {words}")

    def _close(self, work: Work, outcome: c.ConversionOutcome, words: str) -> Iterator[Message]:
        command = work.command
        del self._work[command.conversion_id]
        yield c.ConversionClosed(
            conversion_id=command.conversion_id,
            kind=command.kind,
            market=command.market,
            quantity=work.before.most() if command.kind == "redeem" else command.quantity,
            ours=self._ours(command),
            outcome=outcome,
            words=words,
        )
        if work.incident is not None:
            yield IncidentResolved(work.incident, words)

    def _ours(self, command: c.ConvertSets) -> Quantity:
        """How much of it moves contracts that we booked: what we split, and merge of that."""
        if command.kind == "split":
            return command.quantity
        yes = self._ledger.tokens(command.market, "yes").settled
        no = self._ledger.tokens(command.market, "no").settled
        return Quantity(max(0, min(command.quantity, yes, no)))

    def _take_over(self, request: ResumeRequested, now_us: Instant) -> Iterator[Message]:
        for work in [*self._work.values()]:
            is_meant = request.scope in {EVERYWHERE, venue_of(work.command.market)}
            if is_meant and work.incident is not None:
                words = f"{request.by} resumed; the venue said: {left_words(work.verdict)}"
                yield from self._close(work, "taken_over", words)

    def _fire(self, fired: TimerFired, now_us: Instant) -> Iterator[Message]:
        kind, _, rest = fired.timer_id.partition("/")
        name, _, what = rest.rpartition("/")
        work = self._work.get(name)
        if kind != NAME or work is None:
            return
        if what == "list":
            yield ReadAccount(venue_of(work.command.market), "positions", now_us)
            return
        yield from self._alarm(work, int(what))

    def _alarm(self, work: Work, count: int) -> Iterator[Message]:
        """Not sent after a minute: given up. Not known after one, not final after ten: told."""
        name = work.command.conversion_id
        if not work.is_sent:
            words = f"it was not made ready within {ALARMS[0] // SECOND} s"
            yield c.ConversionRefused(name, Refusal("NOT_PREPARED", words))
            return
        if work.verdict != "pending" or count + 1 >= len(ALARMS):
            yield from self._doubt(work, f"the venue said: {left_words(work.verdict)}")
        if count + 1 < len(ALARMS):
            yield _alarm(name, count + 1)

    # ---- what is known -----------------------------------------------------------------------

    def _hear_venue(self, message: Message, now_us: Instant) -> Answers:
        self._venues.hear(message)
        return ()

    def _hear_market(self, message: StatusFact, now_us: Instant) -> Answers:
        market, status = status_of(message)
        self._statuses[market] = status
        return ()

    def _hear_package(self, message: PackageOpened | PackageClosed, now_us: Instant) -> Answers:
        if isinstance(message, PackageOpened):
            legs = message.request.edge.legs
            self._packages[message.package_id] = tuple(leg.market for leg in legs)
        else:
            self._packages.pop(message.package_id, None)
        return ()

    def _hear_halt(self, message: Halted | Resumed | DeskStopping, now_us: Instant) -> Answers:
        match message:
            case Halted(scope=scope):
                self._halted[scope] = message
            case Resumed(scope=scope):
                self._halted.pop(scope, None)
            case DeskStopping(reason=reason):
                self._stopping = reason
        return ()

    def _hear_balance(self, read: BalanceRead, now_us: Instant) -> Answers:
        self._cash[read.venue] = read.cash
        return ()

    def _holding(self, market: MarketId) -> Holding:
        read = self._holdings.get(venue_of(market))
        listed = () if read is None else read.positions
        sums = {"yes": 0, "no": 0}
        for position in listed:
            if position.market == market:
                sums[position.outcome] += position.quantity
        return Holding(sums["yes"], sums["no"])


def _alarm(name: str, count: int) -> SetTimer:
    return SetTimer(f"{NAME}/{name}/{count}", ALARMS[count])
