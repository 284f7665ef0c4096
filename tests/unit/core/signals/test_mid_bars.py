"""A bar holds the last mid while it is fresh, and nothing once it is stale or lost."""

from foreshock.core.domain.units import Duration, Instant
from foreshock.core.signals.lead_lag_rolling import NO_MID
from foreshock.core.signals.mid_bars import MidBars

STALE = Duration(100)


def closes(bars: MidBars, at_us: int) -> list[int]:
    return bars.close(Instant(at_us)).tolist()


def test_the_last_mid_of_a_bar_stands_until_it_is_stale() -> None:
    bars = MidBars(2, STALE)
    bars.observe(0, 5, Instant(1_000))
    bars.observe(0, 6, Instant(1_010))
    assert closes(bars, 1_010) == [6, NO_MID]
    assert closes(bars, 1_110) == [6, NO_MID]
    assert closes(bars, 1_111) == [NO_MID, NO_MID]


def test_a_late_mid_changes_nothing() -> None:
    bars = MidBars(1, STALE)
    bars.observe(0, 6, Instant(1_010))
    bars.observe(0, 5, Instant(1_000))
    assert closes(bars, 1_010) == [6]


def test_a_book_that_was_heard_of_again_keeps_its_mid_fresh() -> None:
    bars = MidBars(1, STALE)
    bars.observe(0, 6, Instant(1_000))
    bars.confirm(0, Instant(1_100))
    bars.confirm(0, Instant(1_050))
    assert closes(bars, 1_200) == [6]


def test_a_lost_book_has_no_mid_until_the_next_one() -> None:
    bars = MidBars(1, STALE)
    bars.observe(0, 6, Instant(1_000))
    bars.lose(0)
    assert closes(bars, 1_001) == [NO_MID]
    bars.confirm(0, Instant(1_002))
    assert closes(bars, 1_002) == [NO_MID]
    bars.observe(0, 7, Instant(1_003))
    assert closes(bars, 1_003) == [7]
