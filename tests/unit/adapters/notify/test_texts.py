"""Foreign text is shown and does nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.notify.texts import first_line, for_discord, for_slack, iso, plain
from foreshock.core.domain.units import Instant
from tests.unit.adapters.notify.told import HOSTILE, a_notice


def test_invisible_and_turning_characters_are_gone() -> None:
    assert plain(HOSTILE, 500).isprintable()
    assert "\u202e" not in plain(HOSTILE, 500)
    assert plain("a\u200b\u2066b\r\nc\u2028d", 500) == "ab c d"


@given(st.text(max_size=400), st.integers(10, 200))
def test_length_is_kept_whatever_comes(text: str, most: int) -> None:
    for shown in (plain(text, most), for_discord(text, most), for_slack(text, most)):
        assert len(shown) <= most
        assert "\n" not in shown


@given(st.text(alphabet="@<>*_`#[]()&! aé:/-~|\\", max_size=200))
def test_nothing_foreign_starts_markup_or_a_mention(text: str) -> None:
    for at, char in enumerate(discord := for_discord(text, 2_000)):
        if char in "@<*_`#[~|>":
            before = discord[:at]
            assert (len(before) - len(before.rstrip("\\"))) % 2 == 1
    assert "<" not in for_slack(text, 2_000)
    assert "://" not in for_slack(text, 2_000)


def test_the_first_line_says_that_it_is_simulated() -> None:
    line = first_line(a_notice())
    assert line.startswith("[SIMULATED] NOTABLE spike: B?")
    assert len(first_line(a_notice(words="w" * 5_000))) <= 280


@pytest.mark.parametrize(
    ("at_us", "text"),
    [(0, "1970-01-01T00:00:00.000Z"), (1_795_000_000_123_456, "2026-11-18T11:06:40.123Z")],
)
def test_time_is_utc_to_the_millisecond(at_us: int, text: str) -> None:
    assert iso(Instant(at_us)) == text
