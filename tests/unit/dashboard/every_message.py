"""One complete message of every type there is, for tests that must not forget any."""

from typing import get_args

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.markets import Pair, SeriesFee
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.messages import operations as o
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration, Instant, Money
from tests.samples import CENT, market
from tests.trading import START, A, B, book, cents, contracts, dollars, edge, order, request

REFUSAL = Refusal("TEST_RULE", "1 is more than 0")
PAIR = Pair(
    id="pair-1",
    a=A,
    b=B,
    relation="identity",
    label="the label",
    confirmed_by="a person",
    note="",
)
SECOND = Duration(1_000_000)

MARKET_DATA: tuple[Message, ...] = (
    m.MarketListed(market(A)),
    m.MarketStatusChanged(A, "paused", START),
    m.GridChanged(A, CENT, START),
    m.FeeChanged(A, SeriesFee("quadratic", 1_000_000)),
    m.MarketResolved(A, cents(100), START),
    book(A, 45, 46),
    m.BookLost(A, 1, "a gap"),
    m.Traded(A, "t1", cents(45), contracts(3), "yes", START, START),
    m.ConnectionOpened(1, "polymarket", "polymarket", (A,)),
    m.ConnectionClosed(1, "polymarket", "cut"),
    m.ConnectionFailed("polymarket", "refused", 2),
    m.MarketsWatched(1, (A,), ()),
    m.FeedGapped("polymarket", 1, "sequence 4 to 7"),
    m.ShapeUnknown("polymarket", "event_type", "surprise"),
    m.PayloadQuarantined("polymarket", 1, 7, "no price"),
    m.FeedMeasured("polymarket", 1, SECOND, SECOND, START, START, 10, 1, 2),
    m.BookChecked(A, agrees=False, detail="bid differs"),
)
DECISIONS: tuple[Message, ...] = (
    d.PairListed(PAIR),
    d.EdgeQuoted(edge(), (REFUSAL,)),
    d.EdgeWithdrawn("edge-1", "pair-1", "the label", REFUSAL),
    d.Opportunity("opportunity-1", edge(), START),
    request(),
    d.TradeApproved(request(), dollars(10)),  # a sample, not a decision
    d.TradeRefused(request(), REFUSAL),
    d.Halted("all", "dashboard", "looks odd"),
    d.Resumed("all", "dashboard"),
    d.PackageOpened("r1", request()),
    d.PackageMoved("r1", "second_leg", "the first leg is filled"),
    d.PackageClosed(
        "r1",
        "pair-1",
        "hedged",
        contracts(10),
        dollars(9),
        Money(100_000),
        dollars(10),
        Money(900_000),
        SECOND,
    ),
    d.PositionSettled(A, "yes", contracts(10), dollars(10)),
    d.LimitsMeasured("personal", (d.LimitUse("MARKET_LIMIT", A, 1, 2, "money"),)),
    d.IncidentOpened("i1", "o1", "the order is unknown since 30 s"),
)
TRADING: tuple[Message, ...] = (
    order(),
    t.CancelOrder("o1", A),
    t.SetTimer("timer-1", SECOND),
    t.TimerFired("timer-1"),
    t.SendRefused("o2", REFUSAL),
    t.OrderAccepted("o1", "venue-1"),
    t.OrderFilled("o1", "f1", contracts(10), cents(45), Money(100_000), is_provisional=True),
    t.FillSettled("o1", "f1"),
    t.FillReverted("o1", "f1", "nonce"),
    t.OrderClosed("o1", contracts(10), "filled"),
    t.OrderRejected("o3", "no such market"),
    t.OrderUnknown("o4", "no answer"),
)
OPERATIONS: tuple[Message, ...] = (
    o.DeskStarted(
        "0.1.0", "abc", "demo", '{"band": "SIMULATED", "limits": {"bankroll": {"kalshi": 5}}}'
    ),
    o.DeskStopped("SIGTERM"),
    o.HaltRequested("kalshi", "dashboard", "looks odd"),
    o.ResumeRequested("kalshi", "dashboard"),
    o.LoopLagged(SECOND),
)
EVERY_MESSAGE = (*MARKET_DATA, *DECISIONS, *TRADING, *OPERATIONS)
EVERY_TYPE: frozenset[type[Message]] = frozenset(get_args(Message))
AT = Instant(START + SECOND)
