"""Contracts for tests, written in the venues' manner."""

from datetime import UTC, datetime

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import Instant
from foreshock.core.matching.contract import ContractText


def poly(title: str, end: str | None = None, *, slug: str = "", rules: str = "") -> ContractText:
    """A Polymarket question; `end` as its end date."""
    return ContractText(
        id=MarketId(f"polymarket:{slug or 'question'}"),
        venue="polymarket",
        title=title,
        slug=slug,
        rules=rules,
        closes_us=at(end),
    )


def kalshi(
    ticker: str, title: str, end: str | None = None, *, label: str = "", rules: str = ""
) -> ContractText:
    """A Kalshi market; `label` as its yes_sub_title, `end` as its close."""
    return ContractText(
        id=MarketId(f"kalshi:{ticker}"),
        venue="kalshi",
        title=title,
        yes_label=label,
        rules=rules,
        closes_us=at(end),
    )


def at(text: str | None) -> Instant | None:
    """An instant from ISO text; UTC without a zone."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Instant(int(zoned.timestamp()) * 1_000_000)
