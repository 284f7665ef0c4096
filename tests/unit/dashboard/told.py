"""One valid message of every kind, and a desk that hears what a test tells it."""

import itertools
from collections.abc import Iterable

import msgspec

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.markets import MarketId, Pair, SeriesFee, uniform_grid
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.messages import matching as g
from foreshock.core.domain.messages import operations as o
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.relations import ClauseComparison, Comparison, PayoffCell, Span
from foreshock.core.domain.terms import Terms
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant, Money, Price
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.dashboard.readmodel import ReadModel
from tests.samples import market
from tests.trading import (
    START,
    A,
    B,
    book,
    cents,
    closed,
    contracts,
    dollars,
    edge,
    filled,
    order,
    request,
)
from tests.unit.dashboard.account_told import account_messages
from tests.unit.dashboard.advice_told import advice_messages
from tests.unit.dashboard.alerting_told import alerting_messages
from tests.unit.dashboard.conversions_told import conversion_messages
from tests.unit.dashboard.risk_told import risk_messages
from tests.unit.dashboard.signals_told import signal_messages

CONFIG = msgspec.json.encode({
    "band": "SIMULATED",
    "limits": {"bankroll": {"polymarket": 500 * MICRO, "kalshi": 500 * MICRO}, "profile": "test"},
    "other": {"keys": "are not looked at"},
}).decode()
PAIR = Pair(
    id="pair-1", a=A, b=B, relation="identity", label="A is B", confirmed_by="a test", note=""
)
REFUSAL = Refusal("DAILY_LOSS", "$10.00 lost today, at most $5.00")
SETTLED = d.PositionSettled(A, "yes", contracts(4), dollars(4))


TERMS = Terms("terms of A", "terms of B")
SOURCES = ("https://a.test", "https://b.test")
MEASURED = g.MatchingMeasured(
    contracts_count=2,
    compared_count=1,
    relations={"identity": 1},
    waiting_count=0,
    untold_count=0,
)


def related(**changes: object) -> g.PairRelated:
    """A is B, as far as the clauses show; any field of the comparison can be replaced."""
    plain = Comparison(
        a=A,
        b=B,
        relation="identity",
        decision="review",
        confidence_ppm=800_000,
        clauses=(
            ClauseComparison(
                "source", "unknown", "the official source", "", (Span("source", 0, 8),), (), "one"
            ),
        ),
        payoffs=(PayoffCell("yes", "yes", is_possible=True, words="both pay"),),
        reason="the sources differ",
        is_tradable=False,
        refusals=("the source of B is unknown",),
        matcher="rules 1",
    )
    return g.PairRelated("pair-1", "A is B", msgspec.structs.replace(plain, **changes), TERMS)


def verdict_requested(**changes: object) -> g.VerdictRequested:
    plain = g.VerdictRequested(
        pair_id="pair-1", verdict="accept", relation=None, by="dashboard", note="", terms=TERMS
    )
    return msgspec.structs.replace(plain, **changes)


def decided(**changes: object) -> g.PairDecided:
    """A person accepted the pair; any field can be replaced."""
    plain = g.PairDecided(
        pair_id="pair-1",
        a=A,
        b=B,
        relation="identity",
        label="A is B",
        verdict="accept",
        origin="person",
        by="dashboard",
        note="both read to the end",
        version=1,
        terms=TERMS,
        decided_us=START,
    )
    return msgspec.structs.replace(plain, **changes)


def reopened(**changes: object) -> g.PairReopened:
    plain = g.PairReopened(
        pair_id="pair-1",
        a=A,
        b=B,
        version=1,
        market=A,
        reason="the rules of A changed",
        terms=Terms("other terms of A", TERMS.b),
        reopened_us=START,
    )
    return msgspec.structs.replace(plain, **changes)


def sources_ruled(*, are_same: bool = True) -> g.SourcesRuled:
    return g.SourcesRuled(
        sources=SOURCES, are_same=are_same, by="dashboard", note="one agency", ruled_us=START
    )


def started(mode: o.Mode = "demo") -> o.DeskStarted:
    return o.DeskStarted("0.1.0", "abcdef", mode, CONFIG)


def package_closed(
    outcome: d.PackageOutcome = "hedged", package_id: str = "r1", realised: int = 500_000
) -> d.PackageClosed:
    return d.PackageClosed(
        package_id=package_id,
        pair_id="pair-1",
        outcome=outcome,
        quantity=contracts(10),
        paid=Money(9_300_000),
        fees=Money(200_000),
        locked=dollars(10),
        realised=Money(realised),
        naked_for=Duration(120_000),
    )


def measured(
    venue: str = "polymarket", connection: int = 1, at_us: int = START, p95_us: int = 20_000
) -> m.FeedMeasured:
    """All three clocks green at `at_us`."""
    return m.FeedMeasured(
        venue=venue,
        connection=connection,
        message_age_p50=Duration(10_000),
        message_age_p95=Duration(p95_us),
        data_at_us=Instant(at_us),
        checked_at_us=Instant(at_us),
        frames_count=50,
        gaps_count=2,
        conflated_count=5,
    )


def opened(connection: int, venue: str, *markets: MarketId, feed: str = "") -> m.ConnectionOpened:
    return m.ConnectionOpened(connection, venue, feed or venue, markets)


def one_of_each() -> list[Message]:
    """Every message there is, in an order in which they could come."""
    return [
        started(),
        m.MarketListed(market(A)),
        m.MarketListed(market(B)),
        g.PairFiled(PAIR),
        related(),
        g.PairNeedsReview("pair-1", A, B, "the sources differ"),
        verdict_requested(),
        g.VerdictRefused("pair-1", "dashboard", "a text changed"),
        decided(),
        d.PairListed(PAIR),
        reopened(),
        d.PairUnlisted("pair-1", "the rules of A changed"),
        g.SourcesRequested(sources=SOURCES, are_same=True, by="dashboard", note=""),
        sources_ruled(),
        MEASURED,
        d.PairListed(PAIR),
        opened(1, "polymarket", A),
        m.MarketsWatched(1, (B,), ()),
        m.ConnectionFailed("kalshi", "refused", 1),
        book(A, 44, 45),
        book(B, 51, 52),
        m.Traded(A, "t1", cents(45), contracts(3), "yes", START, START),
        measured(),
        m.BookChecked(A, agrees=True, detail=""),
        m.ShapeUnknown("polymarket", "event_type", "surprise"),
        m.PayloadQuarantined("polymarket", 1, 17, "no price"),
        m.FeeChanged(A, SeriesFee("quadratic", MICRO)),
        m.GridChanged(A, uniform_grid(Price(1_000)), START),
        m.MarketStatusChanged(A, "open", START),
        d.EdgeQuoted(edge(), ()),
        d.Opportunity("edge-1@1", edge(), START),
        request(),
        d.TradeApproved(request(), dollars(10)),
        d.TradeRefused(request("r2"), REFUSAL),
        d.LimitsMeasured("test", (d.LimitUse("PORTFOLIO_LIMIT", "all", 5, 10, "money"),)),
        d.PackageOpened("r1", request()),
        order("o1"),
        t.SetTimer("o1/deadline/0", Duration(250_000)),
        t.OrderAccepted("o1", "venue-1"),
        filled("o1", 1, 4, final=False),
        t.FillSettled("o1", "o1#1"),
        t.TimerFired("o1/deadline/0"),
        t.OrderUnknown("o1", "no final word"),
        t.CancelOrder("o1", A),
        d.IncidentOpened("o1/unknown", "o1", "no final word"),
        closed("o1", 4),
        order("o2", market=B, outcome="no"),
        t.OrderRejected("o2", "no funds"),
        order("o3"),
        t.SendRefused("o3", REFUSAL),
        order("o4"),
        filled("o4", 1, 10, final=False),
        t.FillReverted("o4", "o4#1", "the chain said no"),
        d.PackageMoved("r1", "second_leg", "filled"),
        package_closed(),
        SETTLED,
        d.EdgeWithdrawn("edge-1", "pair-1", "A is B", Refusal("BOOK_MISSING", "gone")),
        m.FeedGapped("polymarket", 1, "sequence 5 after 3"),
        m.BookLost(A, 1, "gap"),
        m.MarketResolved(A, Price(MICRO), START),
        m.ConnectionClosed(1, "polymarket", "reset"),
        o.HaltRequested("all", "dashboard", "looks odd"),
        d.Halted("all", "dashboard", "looks odd"),
        o.ResumeRequested("all", "dashboard"),
        d.Resumed("all", "dashboard"),
        o.LoopLagged(Duration(150_000)),
        *account_messages(),
        *advice_messages(),
        *signal_messages(),
        *alerting_messages(),
        *risk_messages(),
        *conversion_messages(),
        o.DeskStopping("SIGINT"),
        o.DeskStopped("SIGINT", ("package r1: second leg",)),
    ]


class Told:
    """A read model that is told messages, each a step of its own, at the time on its clock."""

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self.model = ReadModel()
        self.now_us = START
        self._steps = itertools.count(1)
        self.tell(*messages)

    def tell(self, *messages: Message) -> int:
        """Each message from outside; returns the last step."""
        step = 0
        for message in messages:
            step = next(self._steps)
            self.model.listen(step, Entry(0, None, OUTSIDE, message), self.now_us)
        return step

    def tell_step(self, *entries: tuple[int | None, str, Message]) -> int:
        """One step of (cause, sender, message); returns its number."""
        step = next(self._steps)
        for index, (cause, sender, message) in enumerate(entries):
            self.model.listen(step, Entry(index, cause, sender, message), self.now_us)
        return step

    def later(self, seconds: float) -> "Told":
        """Let time pass."""
        self.now_us = Instant(self.now_us + int(seconds * SECOND))
        return self


def watching() -> Told:
    """A demo that watches A and B, each over its own connection, with fresh books."""
    return Told([
        started(),
        m.MarketListed(market(A)),
        m.MarketListed(market(B)),
        d.PairListed(PAIR),
        opened(1, "polymarket", A),
        opened(2, "kalshi", B),
        book(A, 44, 45),
        book(B, 51, 52),
        measured("polymarket", 1),
        measured("kalshi", 2),
    ])
