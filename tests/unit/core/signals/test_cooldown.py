from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.signals import cooldown as module
from foreshock.core.signals.cooldown import Cooldown
from tests.unit.core.signals.signal_feed import BEGIN

A, B = MarketId("kalshi:A"), MarketId("kalshi:B")


def later(seconds: int) -> Instant:
    return Instant(BEGIN + seconds * SECOND)


def test_the_same_is_told_again_only_after_the_cooldown() -> None:
    cooldown = Cooldown(Duration(60 * SECOND))
    assert cooldown.take(A, 3, later(0))
    assert not cooldown.take(A, 3, later(59))
    assert not cooldown.take(A, 1, later(59))
    assert cooldown.take(A, 3, later(60))


def test_what_is_louder_is_told_at_once_and_another_market_is_another_matter() -> None:
    cooldown = Cooldown(Duration(60 * SECOND))
    assert cooldown.take(A, 1, later(0))
    assert cooldown.take(A, 4, later(1))
    assert cooldown.take(B, 1, later(1))


def test_the_market_told_longest_ago_is_forgotten_first() -> None:
    cooldown = Cooldown(Duration(60 * SECOND))
    for number in range(module.MARKETS_MAX + 1):
        cooldown.take(MarketId(f"kalshi:{number}"), 1, later(0))
    assert cooldown.take(MarketId("kalshi:0"), 1, later(1))
    assert not cooldown.take(MarketId("kalshi:5"), 1, later(1))
