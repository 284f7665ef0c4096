"""A guardian in a healthy world, which tests then make unhealthy one thing at a time."""

from collections.abc import Sequence

import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import TradeApproved, TradeRefused, TradeRequest
from foreshock.core.domain.messages.market_data import (
    ConnectionOpened,
    FeedMeasured,
    MarketListed,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration, Instant, Price
from foreshock.core.domain.unwinding import UnwindLimits
from foreshock.core.engine import Engine
from foreshock.core.risk.guardian import RiskGuardian
from foreshock.core.risk.limits import Freshness, HealthLimits, Limits
from tests.samples import market
from tests.trading import START, A, B, book, contracts, dollars

FRESHNESS = Freshness(
    message_age_max=Duration(2_000_000),
    data_age_max=Duration(8_000_000),
    check_age_max=Duration(60_000_000),
    quiet_max=Duration(600_000_000),
    lag_max=Duration(250_000),
    lag_pause=Duration(1_000_000),
)
HEALTH = HealthLimits(
    silence_max=Duration(10_000_000),
    latency_max=Duration(2_000_000),
    gaps_per_minute_max=5,
    errors_per_minute_max=5,
    mends_after=Duration(10_000_000),
)
UNWIND = UnwindLimits(
    adverse_max=Price(15_000),
    adverse_for=Duration(5_000_000),
    depth_min_ppm=500_000,
    exit_net_min=0,
    mismatch_max=contracts(1),
)
LIMITS = Limits(
    profile="test",
    bankroll={"polymarket": dollars(100), "kalshi": dollars(100)},
    portfolio_max=dollars(200),
    platform_max=dollars(100),
    market_max=dollars(100),
    category_max=dollars(200),
    correlated_max=dollars(200),
    correlation_min_ppm=700_000,
    packages_open_max=8,
    unknown_orders_max=0,
    identical_rejects_max=3,
    slippage_max=Price(20_000),
    daily_loss_max=dollars(20),
    weekly_loss_max=None,
    monthly_loss_max=None,
    daily_zone="UTC",
    weekly_zone="UTC",
    monthly_zone="UTC",
    drawdown_max_ppm=200_000,
    freshness=FRESHNESS,
    health=HEALTH,
    unwind=UNWIND,
)


def limits(**changes: object) -> Limits:
    return msgspec.structs.replace(LIMITS, **changes)


def measured(connection: int, venue: str, **changes: object) -> FeedMeasured:
    plain = FeedMeasured(
        venue=venue,
        connection=connection,
        message_age_p50=Duration(20_000),
        message_age_p95=Duration(90_000),
        data_at_us=START,
        checked_at_us=START,
        frames_count=100,
        gaps_count=0,
        conflated_count=0,
    )
    return msgspec.structs.replace(plain, **changes)


def healthy(markets: tuple[MarketId, ...] = (A, B)) -> list[Message]:
    """Everything that must have been heard before a trade may be approved."""
    world: list[Message] = [
        ConnectionOpened(1, "polymarket", "polymarket.market", tuple(m for m in markets if m != B)),
        ConnectionOpened(2, "kalshi", "kalshi.market", (B,)),
        measured(1, "polymarket"),
        measured(2, "kalshi"),
    ]
    for one in markets:
        world += [MarketListed(market(one)), book(one, 43, 45) if one != B else book(B, 52, 54)]
    return world


class RiskDesk:
    """The guardian alone; `say` returns what it answered."""

    def __init__(self, wanted: Limits = LIMITS, world: Sequence[Message] | None = None) -> None:
        self.engine = Engine([RiskGuardian(wanted)])
        self.say(*(healthy() if world is None else world))

    def say(self, *messages: Message, now_us: int = START) -> list[Message]:
        entries = self.engine.step(messages, Instant(now_us)).entries
        return [entry.message for entry in entries if entry.cause is not None]

    def ask(self, request: TradeRequest, now_us: int = START) -> str:
        """APPROVED, or the code of the refusal."""
        for answer in self.say(request, now_us=now_us):
            if isinstance(answer, TradeApproved):
                return "APPROVED"
            if isinstance(answer, TradeRefused):
                return answer.refusal.code
        raise AssertionError("the guardian did not answer")
