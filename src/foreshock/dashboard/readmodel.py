"""What does the desk look like now? A fold of every message it hears or says, kept in memory.

Pure: time comes with the messages and with the question. Reading is cheap for what is frequent:
a book costs two dictionary operations, views are built when somebody asks.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import advice as v
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.messages import matching as g
from foreshock.core.domain.messages import operations as o
from foreshock.core.domain.messages import risk as r
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import OrderFact
from foreshock.core.domain.positions import Ledger
from foreshock.core.domain.units import SECOND, Instant, Money
from foreshock.core.engine import Entry
from foreshock.dashboard.accounts import Accounts
from foreshock.dashboard.alerts import Alerts
from foreshock.dashboard.arming import Arming
from foreshock.dashboard.audit import Audit
from foreshock.dashboard.conversion_words import CONVERSION_SAYINGS
from foreshock.dashboard.conversions import Conversions
from foreshock.dashboard.edges import EDGES_MAX, Edges
from foreshock.dashboard.flow import Flow
from foreshock.dashboard.halts import Freshness, Halts
from foreshock.dashboard.health import Health
from foreshock.dashboard.limits import LimitsPage
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.news import News
from foreshock.dashboard.oracles import Oracles
from foreshock.dashboard.orders import Orders
from foreshock.dashboard.packages import PACKAGES_MAX, Packages
from foreshock.dashboard.pair_pages import PairPages
from foreshock.dashboard.pairs import Pairs
from foreshock.dashboard.position_risk import PositionRisks
from foreshock.dashboard.risk import Risk
from foreshock.dashboard.signals import Signals
from foreshock.dashboard.standing import Standings
from foreshock.dashboard.views import (
    AuditView,
    BookView,
    EdgeDetailView,
    EdgeView,
    OrderView,
    PackageView,
    PairView,
    RiskView,
    StateView,
    VenueView,
    WhyView,
)
from foreshock.dashboard.watching import Watching

LAG_SHOWN_FOR_US = 60 * SECOND
Handler = Callable[[Any, Instant], object]
"""One kind of message each; the key it stands under says which."""


class LimitsPart(msgspec.Struct, frozen=True):
    """What the read model needs of the limits: dollars by venue."""

    bankroll: dict[str, int] = msgspec.field(default_factory=dict[str, int])


class ConfigPart(msgspec.Struct, frozen=True):
    """What the read model needs of the run's configuration; other keys are not looked at."""

    band: str = ""
    live_venues: tuple[str, ...] = ()
    limits: LimitsPart = LimitsPart()


class ReadModel:
    """Every page of the dashboard from one fold."""

    def __init__(self) -> None:
        ledger = Ledger()
        self._markets = Markets()
        self._health = Health(self._markets)
        self._halts = Halts()
        self._freshness = Freshness(self._markets, self._health, self._halts)
        self._edges = Edges(self._markets, self._freshness)
        self._orders = Orders(ledger, self._markets)
        self._packages = Packages(self._orders)
        self._accounts = Accounts(ledger, self._orders, self._markets)
        self.conversions = Conversions(ledger, self._markets)
        self._risk = Risk(self._orders, self._packages)
        self._position_risks = PositionRisks(self._markets)
        self._audit = Audit()
        self._arming = Arming()
        self._standings = Standings()
        self._pairs = Pairs()
        self.limits = LimitsPage()
        self.oracles = Oracles(self._markets)
        self.news = News(self._markets)
        self.pair_pages = PairPages(self._pairs, self._markets, self._edges, self._freshness)
        self.signals = Signals(self._markets)
        self.flow = Flow(self._markets)
        self.alerts = Alerts()
        self.watching = Watching(self._markets)
        self._started: tuple[o.DeskStarted, Instant] | None = None
        self._config = ConfigPart()
        self._lagged: tuple[int, Instant] | None = None
        self._steps_count = 0
        self._handlers = self._routes()

    def listen(self, step: int, entry: Entry, now_us: Instant) -> None:
        """Take in one message of the desk."""
        self._steps_count = step
        self._audit.hear(step, entry, now_us)
        message = entry.message
        if type(message) is m.BookChanged:
            self._markets.see_book(message)
            return
        handler = self._handlers.get(type(message))
        if handler is not None:
            self._fold(handler, message, now_us)
        self.pair_pages.hear(message)
        self.alerts.hear(message, now_us)
        self.watching.hear(message, now_us)
        self.limits.hear(message, now_us)
        self.oracles.hear(message)
        self.news.hear(message, now_us)
        self._accounts.note_value(now_us)

    def _fold(self, handler: Handler, message: Message, now_us: Instant) -> None:
        """Pages that cannot follow say so; what they show must never stop what they watch."""
        try:
            handler(message, now_us)
        except InvariantError as impossible:
            words = f"the pages do not add up since a {type(message).__name__}: {impossible}"
            self._risk.open_incident(d.IncidentOpened("dashboard", "dashboard", words), now_us)

    def live_venues(self) -> tuple[str, ...]:
        """Where this desk trades with real money; none on paper."""
        return self._config.live_venues

    # ---- what is shown -----------------------------------------------------------------------

    def state(self, now_us: Instant) -> StateView:
        """The band and the overview's numbers."""
        started, started_us = self._started or (o.DeskStarted("", "", "watch", ""), now_us)
        accounts, packages, outcomes = self._accounts, self._packages, self._packages.outcomes
        return StateView(
            now_us=now_us,
            started_us=started_us,
            version=started.version,
            build=started.build,
            mode=started.mode,
            band=self._arming.band(self._config.band, self._config.live_venues, now_us),
            halts=self._halts.views(),
            venues=self.health(now_us),
            accounts=accounts.views(),
            value_micros=accounts.value(),
            value_start_micros=accounts.start(),
            value_high_micros=accounts.history.high,
            value_history=list(accounts.history.points),
            realised_micros=packages.realised,
            fees_paid_micros=accounts.fees(),
            edges_open_count=self._edges.count("open"),
            edges_refused_count=self._edges.count("refused"),
            packages_open_count=packages.open_count(),
            packages_hedged_count=outcomes["hedged"],
            packages_missed_count=outcomes["missed"],
            packages_unwound_count=outcomes["unwound"],
            packages_residual_count=outcomes["residual"],
            orders_unknown_count=self._orders.unknown_count(),
            incidents_open_count=self._risk.incidents_open_count(),
            first_package_closed_us=packages.first_closed_us,
            steps_count=self._steps_count,
            loop_lag_us=self._lag_us(now_us),
        )

    def edges(
        self,
        now_us: Instant,
        status: str | None = None,
        pair: str | None = None,
        limit: int = EDGES_MAX,
    ) -> list[EdgeView]:
        """Packages with their sums, best net first, withdrawn ones last."""
        return self._edges.views(now_us, status, pair, limit)

    def edge(self, edge_id: str, now_us: Instant) -> EdgeDetailView | None:
        """One package and the books of its legs."""
        view = self._edges.view(edge_id, now_us)
        if view is None:
            return None
        markets = dict.fromkeys(MarketId(leg.market) for leg in view.legs)
        books = [self._freshness.book(market, now_us) for market in markets]
        return EdgeDetailView(view, [book for book in books if book is not None])

    def pairs(self, now_us: Instant) -> list[PairView]:
        """Pairs that take part or were confirmed, in the order in which they became known."""
        return self.pair_pages.confirmed(now_us)

    def packages(self, _now_us: Instant, limit: int = PACKAGES_MAX) -> list[PackageView]:
        """Packages with their orders, newest first."""
        return self._packages.views(limit)

    def orders(self, _now_us: Instant) -> list[OrderView]:
        """Orders of unknown fate first, then the newest."""
        return self._orders.views()

    def risk(self, _now_us: Instant) -> RiskView:
        """Limits, vetoes, incidents and positions."""
        return RiskView(
            profile=self._risk.profile(),
            limits=self._risk.limits(),
            refusals=self._risk.refusals(),
            incidents=self._risk.incidents(),
            positions=self._accounts.positions(),
            measured=self._position_risks.view(),
        )

    def health(self, now_us: Instant) -> list[VenueView]:
        """How well each venue is heard, and where the desk stands with it."""
        return [self._with_standing(view) for view in self._freshness.venues(now_us)]

    def _with_standing(self, view: VenueView) -> VenueView:
        is_live = view.venue in self._config.live_venues
        standing = self._standings.view(view.venue) if is_live else None
        clock = self._standings.clock(view.venue)
        return msgspec.structs.replace(view, standing=standing, clock=clock)

    def venues(self) -> list[str]:
        """Every venue with capital or a feed."""
        return list(dict.fromkeys((*self._config.limits.bankroll, *self._health.venues())))

    def audit(self, query: str = "", before: str | None = None, limit: int = 100) -> AuditView:
        """The newest messages that contain the query."""
        return self._audit.page(query, before, limit)

    def why(self, name: str) -> WhyView:
        """The chain of causes behind an edge, request, package, order or entry."""
        return self._audit.why(name)

    def book(self, market: MarketId, now_us: Instant) -> BookView | None:
        """A market with its book; None when it was never listed."""
        return self._freshness.book(market, now_us)

    # ---- what is heard -----------------------------------------------------------------------

    def _routes(self) -> Mapping[type[Message], Handler]:
        """What each kind of message changes; kinds that only stand in the audit are not here."""
        return {
            **self._market_routes(),
            **self._pair_routes(),
            a.VenueArmed: lambda x, _now_us: self._arming.arm(x),
            a.VenueDisarmed: lambda x, _now_us: self._arming.disarm(x),
            a.VenueStateChanged: self._standings.change,
            a.VenueConditionTold: lambda x, _now_us: self._standings.tell(x),
            a.BalanceRead: lambda x, _now_us: self._accounts.read_balance(x),
            a.ExternalHeld: lambda x, _now_us: self._accounts.hold_external(x),
            o.ClockJudged: lambda x, _now_us: self._standings.judge(x),
            **dict.fromkeys(CONVERSION_SAYINGS, self.conversions.hear),
            **self._decision_routes(),
            **self._trading_routes(),
            **self.signals.routes(),
        }

    def _market_routes(self) -> dict[type[Message], Handler]:
        health, markets = self._health, self._markets
        terms = (m.MarketStatusChanged, m.GridChanged, m.FeeChanged, m.MarketResolved)
        change: Handler = lambda x, _: markets.change(x)  # noqa: E731 - one of many like it
        return {
            **dict.fromkeys(terms, change),
            m.MarketListed: lambda x, _: markets.list_market(x),
            m.BookLost: markets.lose_book,
            m.ConnectionOpened: health.open,
            m.ConnectionClosed: health.close,
            m.ConnectionFailed: lambda x, _: health.fail(x),
            m.MarketsWatched: lambda x, _: health.watch(x),
            m.FeedGapped: health.gap,
            m.FeedMeasured: self._measure_feed,
            m.Traded: lambda x, _: self.flow.trade(x),
            m.PayloadQuarantined: lambda x, _: health.quarantine(x),
            m.ShapeUnknown: lambda x, _: health.count_shape(x),
        }

    def _pair_routes(self) -> dict[type[Message], Handler]:
        pairs = self._pairs
        return {
            g.PairFiled: pairs.file,
            g.PairRelated: pairs.relate,
            g.PairNeedsReview: pairs.ask,
            g.VerdictRefused: pairs.refuse,
            g.PairDecided: pairs.decide,
            g.PairReopened: pairs.reopen,
            g.SourcesRuled: lambda x, _: pairs.rule(x),
            g.MatchingMeasured: lambda x, _: pairs.measure(x),
            v.PairAdvised: lambda x, _: pairs.advise(x),
            d.PairListed: pairs.list_pair,
            d.PairUnlisted: pairs.unlist,
        }

    def _decision_routes(self) -> dict[type[Message], Handler]:
        return {
            o.DeskStarted: self._start,
            r.DeskRestored: self._restore,
            o.LoopLagged: self._lag,
            d.EdgeQuoted: self._edges.quote,
            d.EdgeWithdrawn: lambda x, _: self._edges.withdraw(x),
            d.Halted: self._halts.halt,
            d.Resumed: lambda x, _: self._halts.resume(x),
            d.TradeApproved: lambda x, _: self._accounts.reserve(x),
            d.TradeRefused: self._risk.refuse,
            d.LimitsMeasured: lambda x, _: self._risk.measure(x),
            r.PositionsMeasured: lambda x, _: self._position_risks.measure(x),
            d.IncidentOpened: self._risk.open_incident,
            d.IncidentResolved: lambda x, _: self._risk.resolve(x),
            d.PositionSettled: lambda x, _: self._accounts.settle(x),
        }

    def _trading_routes(self) -> dict[type[Message], Handler]:
        facts = (t.SendRefused, t.OrderAccepted, t.OrderFilled, t.FillSettled, t.FillReverted)
        ends = (t.OrderClosed, t.OrderRejected, t.OrderUnknown)
        packages, orders = self._packages, self._orders
        return {
            **dict.fromkeys((*facts, *ends), self._hear_order),
            t.PlaceOrder: self._place,
            t.CancelOrder: lambda x, _: orders.ask_cancel(x),
            d.PackageOpened: packages.open,
            d.PackageMoved: lambda x, _: packages.move(x),
            d.PackageClosed: self._close_package,
        }

    def _measure_feed(self, measured: m.FeedMeasured, now_us: Instant) -> None:
        self._health.measure(measured)
        self.flow.sample(now_us)

    def _restore(self, restored: r.DeskRestored, now_us: Instant) -> None:
        """Carry on with the books of an earlier run, and with conversions that are not over."""
        self._accounts.restore(restored.memory.ledger)
        for words in restored.memory.conversions:
            for word in words:
                self.conversions.hear(word, now_us)

    def _start(self, message: o.DeskStarted, now_us: Instant) -> None:
        if self._started is not None:
            return
        self._started = (message, now_us)
        self._config = msgspec.json.decode(message.config, type=ConfigPart)
        if message.mode == "watch":  # nobody trades, so there is no account to show
            return
        for venue, amount in self._config.limits.bankroll.items():
            self._accounts.deposit(venue, Money(amount))
        for venue in self._config.live_venues:
            self._accounts.go_live(venue)

    def _lag(self, message: o.LoopLagged, now_us: Instant) -> None:
        self._lagged = (message.lag, now_us)

    def _lag_us(self, now_us: Instant) -> int | None:
        """The last lag that was told, while it is news; None: nothing was told."""
        if self._lagged is None or now_us - self._lagged[1] > LAG_SHOWN_FOR_US:
            return None
        return self._lagged[0]

    def _place(self, message: t.PlaceOrder, _now_us: Instant) -> None:
        self._orders.place(message)
        self._packages.place(message)

    def _hear_order(self, fact: OrderFact, now_us: Instant) -> None:
        self._accounts.apply(fact)
        self._orders.hear(fact, now_us)

    def _close_package(self, message: d.PackageClosed, now_us: Instant) -> None:
        self._packages.close(message, now_us)
        self._accounts.release(message.package_id)
