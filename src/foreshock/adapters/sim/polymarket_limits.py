"""How many orders may one signer send, and what do the answers say of it?

Token buckets per signer, one for placing and one for cancelling, of the standard tier. The venue
began in warning mode: what would be refused is answered, with a warning. Source: the venue's
documentation as of October 2026; which of its figures are for cancelling is a reading of it.
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.wire_text import answer
from foreshock.core.domain.units import MICRO, SECOND, Instant

BucketKind: TypeAlias = Literal["place", "cancel"]
TIER = "Standard"
RATES: dict[BucketKind, tuple[int, int]] = {"place": (40, 60), "cancel": (80, 120)}
"""Requests a second, and at once."""
Headers: TypeAlias = tuple[tuple[str, str], ...]


class Bucket(msgspec.Struct):
    """Tokens in millionths, as of a moment."""

    tokens: int
    at_us: Instant


class RateLimits:
    """Every signer's buckets. is_enforced: refuse with 429 instead of warning."""

    def __init__(self) -> None:
        self.is_enforced = False
        self._buckets: dict[tuple[str, BucketKind], Bucket] = {}

    def spend(
        self, signer: str, kind: BucketKind, cost: int, now_us: Instant
    ) -> tuple[Headers, HttpResponse | None]:
        """Headers for the answer, and the 429 to give instead of one. All of the cost, or none."""
        rate, burst = RATES[kind]
        fresh = Bucket(burst * MICRO, now_us)
        bucket = self._buckets.setdefault((signer, kind), fresh)
        grown = bucket.tokens + (now_us - bucket.at_us) * rate
        bucket.tokens, bucket.at_us = min(grown, burst * MICRO), now_us
        missing = cost * MICRO - bucket.tokens
        if missing <= 0:
            bucket.tokens -= cost * MICRO
            return _headers(bucket, now_us, 0), None
        wait_us = -(-missing // rate)
        if not self.is_enforced:
            return (*_headers(bucket, now_us, wait_us), ("poly-ratelimit-warning", "true")), None
        retry_s = -(-wait_us // SECOND)
        refused = answer(429, {"error": "Too Many Requests"})
        headers = (*_headers(bucket, now_us, wait_us), ("retry-after", str(retry_s)))
        return headers, refused


def with_headers(response: HttpResponse, headers: Headers) -> HttpResponse:
    """The same answer, saying more."""
    return HttpResponse(response.status, response.body, (*response.headers, *headers))


def _headers(bucket: Bucket, now_us: Instant, wait_us: int) -> Headers:
    """What is left, and when the wait ends, in seconds."""
    return (
        ("poly-ratelimit-remaining", str(bucket.tokens // MICRO)),
        ("poly-ratelimit-reset", str(-(-(now_us + wait_us) // SECOND))),
        ("poly-ratelimit-tier", TIER),
    )
