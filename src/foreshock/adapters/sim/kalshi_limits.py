"""How fast may a member of Kalshi ask and write?

Token buckets, one for reads and one for writes, refilled by the second; balances have a bucket of
their own. There is no cooldown and no Retry-After: a refused request only lacks tokens.
"""

from typing import Literal

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.wire_text import answer
from foreshock.core.domain.units import SECOND, Instant

TierName = Literal["basic", "advanced", "expert", "premier", "paragon", "prime"]
Budget = Literal["read", "write", "balance"]
COST_DEFAULT = 10
CANCEL_COST = 2
ORDER_READ_COST = 2
BALANCE_COST = 1
ROOT = "/trade-api/v2"
ENDPOINT_COSTS: tuple[tuple[str, str, int], ...] = (
    ("POST", f"{ROOT}/account/api_usage_level/upgrade", 30),
    ("DELETE", f"{ROOT}/portfolio/events/orders", CANCEL_COST),
    ("DELETE", f"{ROOT}/portfolio/events/orders/:order_id", CANCEL_COST),
    ("DELETE", f"{ROOT}/portfolio/events/orders/batched", CANCEL_COST),
    ("GET", f"{ROOT}/portfolio/orders/:order_id", ORDER_READ_COST),
)
"""What does not cost COST_DEFAULT. Batches cost as much an item."""


class Tier(msgspec.Struct, frozen=True):
    """Tokens a second and the most that wait; balance: reads of the balance a second."""

    read: int
    read_max: int
    write: int
    write_max: int
    balance: int


TIERS: dict[TierName, Tier] = {
    "basic": Tier(200, 400, 100, 100, 1),
    "advanced": Tier(300, 600, 300, 600, 1),
    "expert": Tier(600, 600, 600, 1_200, 5),
    "premier": Tier(1_000, 1_000, 1_000, 2_000, 5),
    "paragon": Tier(2_000, 2_000, 2_000, 4_000, 5),
    "prime": Tier(4_000, 4_000, 4_000, 8_000, 5),
}
"""As published before the raise of September 2026, whose numbers nobody has seen."""


class TokenBucket:
    """Tokens counted in millionths, so that no refill is ever rounded."""

    __slots__ = ("_at_us", "_micro_tokens", "_micro_tokens_max", "_rate")

    def __init__(self, rate: int, tokens_max: int) -> None:
        self._rate = rate
        self._micro_tokens_max = tokens_max * SECOND
        self._micro_tokens = self._micro_tokens_max
        self._at_us = 0

    def spend(self, cost: int, now_us: Instant) -> bool:
        """Whether the request may pass; nothing is taken when not."""
        earned = max(0, now_us - self._at_us) * self._rate
        self._micro_tokens = min(self._micro_tokens_max, self._micro_tokens + earned)
        self._at_us = max(now_us, self._at_us)
        if self._micro_tokens < cost * SECOND:
            return False
        self._micro_tokens -= cost * SECOND
        return True


class MemberBudget:
    """The buckets of one member."""

    def __init__(self, tier: Tier) -> None:
        self._buckets: dict[Budget, TokenBucket] = {
            "read": TokenBucket(tier.read, tier.read_max),
            "write": TokenBucket(tier.write, tier.write_max),
            "balance": TokenBucket(tier.balance, tier.balance),
        }

    def refusal(self, budget: Budget, cost: int, now_us: Instant) -> HttpResponse | None:
        """The 429 to answer with, None when there are tokens."""
        return None if self._buckets[budget].spend(cost, now_us) else too_many_requests()


def too_many_requests() -> HttpResponse:
    """The one error that is a bare text."""
    return answer(429, {"error": "too many requests"})


def limits_body(name: TierName) -> dict[str, object]:
    """What `/account/limits` says of a tier."""
    tier = TIERS[name]
    return {
        "grants": [],
        "read": {"bucket_capacity": tier.read_max, "refill_rate": tier.read},
        "usage_tier": name,
        "write": {"bucket_capacity": tier.write_max, "refill_rate": tier.write},
    }
