"""One valid message of every kind about the venue accounts."""

from foreshock.core.domain.accounts import VenueFill, VenueOrder, VenuePosition
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import operations as o
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant, Money
from tests.trading import START, A, cents, contracts, dollars

VENUE_ORDER = VenueOrder(
    venue_order_id="0xhash",
    client_id=None,
    market=A,
    outcome="yes",
    action="buy",
    limit=cents(45),
    quantity=contracts(10),
    filled=contracts(4),
    is_open=False,
)
VENUE_FILL = VenueFill(
    id="o1#1",
    venue_order_id="0xhash",
    market=A,
    outcome="yes",
    action="buy",
    quantity=contracts(4),
    price=cents(45),
    fee=Money(10_000),
    status="settled",
    event_us=START,
)


def account_messages() -> list[Message]:
    """In an order in which they could come."""
    asked, heard = START, Instant(START + SECOND)
    return [
        a.VenueConditionTold("polymarket", "open", "it answers"),
        a.VenueStateChanged("polymarket", "active", "everything agrees"),
        a.VenueArmed("polymarket", Instant(START + 3_600 * SECOND), "a person", "9 days on paper"),
        a.OrderPrepared("o1", "c1", "0xhash", "ab" * 32),
        t.SendOrder("o1", A),
        a.OrderAnswered("o1", (t.OrderAccepted("o1", "0xhash"),), (VENUE_FILL,)),
        a.AccountOrderSeen("polymarket", VENUE_ORDER),
        a.AccountFillSeen("polymarket", VENUE_FILL),
        a.AccountPositionSeen("polymarket", A, -4_000_000),
        a.OpenOrdersRead("polymarket", asked, heard, (VENUE_ORDER,)),
        a.FillsRead("polymarket", asked, heard, asked, (VENUE_FILL,)),
        a.PositionsRead("polymarket", asked, heard, (VenuePosition(A, "yes", contracts(4)),)),
        a.BalanceRead("polymarket", asked, heard, dollars(490)),
        t.ReadAccount("polymarket", "fills", START),
        a.AccountReadFailed("polymarket", "fills", "answered 503"),
        a.ExternalHeld(A, "yes", contracts(3), dollars(2)),
        a.DustBooked(A, "yes", -5_000),
        a.FeesVaried("r1", "pair-1", A, dollars(1), dollars(2)),
        a.VenueDisarmed("polymarket", "a person"),
        d.IncidentResolved("polymarket/unreadable/orders", "all rows can be read again"),
        o.ClockRead("polymarket", asked, heard, asked, Duration(SECOND)),
        o.ClockJudged("polymarket", "warned", 260_000, 300_000, "we are 260 ms behind"),
    ]
