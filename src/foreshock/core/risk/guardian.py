"""Who decides whether a trade may be made? Judging a request and reserving its cost is one act.

The single writer of exposure and of halts. Nothing leaves the desk that it did not approve, and
what it approved counts against every limit until the package closes and its positions settle.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from foreshock.core.domain.messages.account import (
    DustBooked,
    ExternalHeld,
    VenueArmed,
    VenueConditionTold,
    VenueDisarmed,
    VenueStateChanged,
)
from foreshock.core.domain.messages.decisions import (
    Halted,
    LimitsMeasured,
    LimitUse,
    PackageClosed,
    PositionSettled,
    Resumed,
    TradeApproved,
    TradeRefused,
    TradeRequest,
)
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
from foreshock.core.domain.messages.operations import (
    ClockJudged,
    DeskStarted,
    HaltRequested,
    LoopLagged,
    ResumeRequested,
)
from foreshock.core.domain.messages.trading import (
    FillReverted,
    FillSettled,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderRejected,
    OrderUnknown,
    PlaceOrder,
    SendRefused,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import OrderFact
from foreshock.core.domain.positions import Ledger, venue_of
from foreshock.core.domain.units import Instant, Money
from foreshock.core.domain.venue_states import VenueStates
from foreshock.core.risk.exposure import Exposure
from foreshock.core.risk.feeds import Feeds
from foreshock.core.risk.halts import EVERYWHERE, Halts, Rejects
from foreshock.core.risk.limits import Limits
from foreshock.core.risk.losses import Losses, Window
from foreshock.core.risk.rules import Facts, dollars, judge, sum_by_venue

NAME = "risk-guardian"
Answers = Iterable[Message]
Handler = Callable[[Any, Instant], Answers]
"""One kind of message each; the key it stands under says which."""


class RiskGuardian:
    """Approves by reserving capital, refuses by naming the rule, halts and resumes."""

    name = NAME

    def __init__(self, limits: Limits, live_venues: Iterable[str] = ()) -> None:
        self._limits = limits
        self._facts = opening_facts(limits, live_venues)
        self._rejects = Rejects(limits.identical_rejects_max)
        self._said: LimitsMeasured | None = None
        self._handlers = self._routes()
        self.hears = frozenset((BookChanged, *self._handlers))

    def handle(self, message: Message, now_us: Instant) -> Answers:
        """Answer a message; the frequent ones cost one dictionary entry."""
        if type(message) is BookChanged:
            self._facts.books[message.market] = message
            return ()
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    def _routes(self) -> dict[type[Message], Handler]:
        feeds = (ConnectionOpened, ConnectionClosed, MarketsWatched, FeedMeasured, LoopLagged)
        facts = (OrderFilled, FillSettled, FillReverted, OrderClosed, SendRefused, OrderUnknown)
        venue_words = (
            VenueArmed,
            VenueDisarmed,
            VenueStateChanged,
            VenueConditionTold,
            ClockJudged,
        )
        return {
            **dict.fromkeys(feeds, self._observe_feed),
            **dict.fromkeys(facts, self._observe_order),
            OrderAccepted: self._observe_order,
            OrderRejected: self._count_reject,
            TradeRequest: self._judge,
            PlaceOrder: self._place,
            PackageClosed: self._release,
            PositionSettled: self._settle,
            HaltRequested: self._halt,
            ResumeRequested: self._resume,
            BookLost: self._lose_book,
            MarketListed: self._list_market,
            MarketStatusChanged: self._change_status,
            MarketResolved: self._resolve,
            DeskStarted: self._measure,
            ExternalHeld: self._count_external,
            DustBooked: self._book_dust,
            **dict.fromkeys(venue_words, self._observe_venue),
        }

    def _judge(self, request: TradeRequest, now_us: Instant) -> Iterator[Message]:
        refusal = judge(self._facts, request, now_us)
        if refusal is not None:
            yield TradeRefused(request, refusal)
            return
        yield TradeApproved(request, self._facts.exposure.reserve(request))
        yield from self._measure(request, now_us)

    def _place(self, placed: PlaceOrder, now_us: Instant) -> Answers:
        self._facts.exposure.place(placed)
        return ()

    def _observe_order(self, fact: OrderFact, now_us: Instant) -> Answers:
        order = self._facts.exposure.apply(fact)
        if order is None:
            return ()
        venue = venue_of(order.placed.market)
        if order.state == "unknown":
            self._facts.unknown[fact.order_id] = venue
        elif order.is_over:
            self._facts.unknown.pop(fact.order_id, None)
        if isinstance(fact, OrderAccepted | OrderFilled):
            self._rejects.clear(venue)
        return ()

    def _count_reject(self, rejected: OrderRejected, now_us: Instant) -> Iterator[Message]:
        order = self._facts.exposure.order(rejected.order_id)
        if order is None or order.state == "rejected":
            return
        yield from self._observe_order(rejected, now_us)
        venue = venue_of(order.placed.market)
        if self._rejects.add(venue, rejected.reason):
            count = self._limits.identical_rejects_max
            yield from self._stop(venue, NAME, f"{count} identical rejects: {rejected.reason}")

    def _release(self, closed: PackageClosed, now_us: Instant) -> Iterator[Message]:
        if not self._facts.exposure.release(closed.package_id):
            return
        self._facts.losses.add(closed.realised, now_us)
        lost, lost_max = self._facts.losses.lost("month", now_us), self._limits.monthly_loss_max
        if lost_max is not None and lost >= lost_max:
            reason = f"{dollars(lost)} lost this month: a person must review it"
            yield from self._stop(EVERYWHERE, NAME, reason)
        yield from self._measure(closed, now_us)

    def _settle(self, settled: PositionSettled, now_us: Instant) -> Answers:
        self._facts.exposure.settle(settled)
        return self._measure(settled, now_us)

    def _halt(self, request: HaltRequested, now_us: Instant) -> Answers:
        return self._stop(request.scope, request.by, request.reason)

    def _stop(self, scope: str, by: str, reason: str) -> Answers:
        """Halt a scope; one that is halted keeps its first reason, and nothing is said again."""
        halted = Halted(scope, by, reason)
        return (halted,) if self._facts.halts.halt(halted) else ()

    def _resume(self, request: ResumeRequested, now_us: Instant) -> Answers:
        self._facts.halts.resume(request.scope)
        self._rejects.clear(request.scope)
        return (Resumed(request.scope, request.by),)

    def _observe_feed(self, message: Message, now_us: Instant) -> Answers:
        self._facts.feeds.observe(message, now_us)
        return ()

    def _observe_venue(self, message: Message, now_us: Instant) -> Answers:
        self._facts.venues.hear(message)
        return ()

    def _count_external(self, held: ExternalHeld, now_us: Instant) -> Answers:
        self._facts.exposure.count_external(held)
        return self._measure(held, now_us)

    def _book_dust(self, dust: DustBooked, now_us: Instant) -> Answers:
        self._facts.exposure.book_dust(dust)
        return ()

    def _lose_book(self, lost: BookLost, now_us: Instant) -> Answers:
        self._facts.books.pop(lost.market, None)
        return ()

    def _list_market(self, listed: MarketListed, now_us: Instant) -> Answers:
        self._facts.statuses[listed.market.id] = listed.market.status
        return ()

    def _change_status(self, changed: MarketStatusChanged, now_us: Instant) -> Answers:
        self._facts.statuses[changed.market] = changed.status
        return ()

    def _resolve(self, resolved: MarketResolved, now_us: Instant) -> Answers:
        self._facts.statuses[resolved.market] = "settled"
        return ()

    def _measure(self, message: Message, now_us: Instant) -> Answers:
        """Tell the use of the limits when it changed."""
        measured = LimitsMeasured(self._limits.profile, tuple(limit_uses(self._facts, now_us)))
        if measured == self._said:
            return ()
        self._said = measured
        return (measured,)


def opening_facts(limits: Limits, live_venues: Iterable[str] = ()) -> Facts:
    """What is known before the first message: the bankroll lies at its venues."""
    ledger = Ledger()
    for venue, amount in limits.bankroll.items():
        ledger.deposit(venue, amount)
    feeds = Feeds(limits.freshness)
    venues = VenueStates(live_venues)
    return Facts(limits, Exposure(ledger), feeds, Halts(), Losses(), {}, {}, {}, venues)


def limit_uses(facts: Facts, now_us: Instant) -> Iterator[LimitUse]:
    """Every limit with its use, in a fixed order."""
    limits, exposure = facts.limits, facts.exposure
    by_market = exposure.by_market()
    by_venue = sum_by_venue(by_market)
    total = sum(by_market.values())
    open_count = exposure.packages_count()
    yield LimitUse("PORTFOLIO_LIMIT", EVERYWHERE, total, limits.portfolio_max, "money")
    yield LimitUse("PACKAGES_OPEN_MAX", EVERYWHERE, open_count, limits.packages_open_max, "count")
    loss_limits: tuple[tuple[str, Window, Money | None], ...] = (
        ("DAILY_LOSS", "day", limits.daily_loss_max),
        ("WEEKLY_LOSS", "week", limits.weekly_loss_max),
        ("MONTHLY_LOSS", "month", limits.monthly_loss_max),
    )
    for code, window, lost_max in loss_limits:
        if lost_max is not None:
            lost = facts.losses.lost(window, now_us)
            yield LimitUse(code, EVERYWHERE, lost, lost_max, "money")
    for venue in limits.bankroll:
        used = by_venue.get(venue, Money(0))
        yield LimitUse("PLATFORM_LIMIT", venue, used, limits.platform_max, "money")
        reserved, cash = exposure.reserved_at(venue), exposure.cash_at(venue)
        yield LimitUse("CASH_SHORT", venue, reserved, cash, "money")
    for market, used in sorted(by_market.items()):
        yield LimitUse("MARKET_LIMIT", market, used, limits.market_max, "money")
