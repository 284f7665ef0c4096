"""Numbers and times of sources are exact, or an error."""

import pytest

from foreshock.adapters.oracles.values import (
    VALUE_MAX,
    decoded,
    instant_of_iso,
    instant_of_ms,
    number,
    price,
)
from foreshock.core.domain.errors import DataError


def test_numbers_are_millionths_of_any_sign() -> None:
    assert number("-12.5") == -12_500_000
    assert number("97400.12000000") == 97_400_120_000


@pytest.mark.parametrize(
    "text", ["", "NaN", "1e30", "0.0000001", "1" * 60, "0x10", "1_000_000_001"]
)
def test_what_is_no_plausible_number_is_an_error(text: str) -> None:
    with pytest.raises(DataError):
        number(text)


def test_the_ceiling_itself_still_counts() -> None:
    assert number(str(VALUE_MAX // 1_000_000)) == VALUE_MAX


@pytest.mark.parametrize("text", ["0", "-1", "0.0"])
def test_a_price_is_positive(text: str) -> None:
    with pytest.raises(DataError):
        price(text)


def test_times_are_whole_microseconds_and_cut_beyond() -> None:
    assert instant_of_iso("2026-11-18T10:51:00.123456789Z") == 1_794_999_060_123_456
    assert instant_of_iso("2026-11-18T05:51:00-05:00") == 1_794_999_060_000_000
    assert instant_of_ms(1_794_999_060_123) == 1_794_999_060_123_000


@pytest.mark.parametrize(
    "text", ["2026-11-18T10:51:00", "soon", "", "0001-01-01T00:00:00Z", "2150-01-01T00:00:00Z"]
)
def test_a_time_without_a_zone_or_of_another_century_is_an_error(text: str) -> None:
    with pytest.raises(DataError):
        instant_of_iso(text)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_an_error(body: bytes) -> None:
    with pytest.raises(DataError):
        decoded(body, list[int])
