"""Do both venues still say what was compared? A digest of whatever decides how a market settles.

Prices, fees, volume and status change all the time and decide nothing. Nor does the closing time:
venues move it (Kalshi closes early once the answer is known), the deadline that counts is in the
rules.
"""

import hashlib

import msgspec

from foreshock.core.domain.markets import Market

DIGEST_CHARS = 16


class Terms(msgspec.Struct, frozen=True):
    """Digests of what the venues said of both markets of a pair, in the pair's order."""

    a: str
    b: str


def terms_digest(market: Market) -> str:
    """Digest of title, rules, source, labels and ids of a market's outcomes."""
    said = (
        market.title,
        market.rules,
        market.resolution_source,
        market.outcome_labels,
        market.outcome_ids,
        market.is_augmented,
    )
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:DIGEST_CHARS]
