"""Texts of the venue in our units, exactly or not at all."""

from decimal import Decimal

import pytest

from foreshock.adapters.venues.polymarket import values
from foreshock.adapters.venues.polymarket.values import (
    PriceTexts,
    QuantityTexts,
    book_stamp,
    event_stamp,
    exact_text,
    iso_instant,
    rounded_down,
    stamp,
    tick_grid,
)
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import DAY, SECOND, Instant
from tests.unit.adapters.venues.polymarket.builders import NOW, NOW_MS


@pytest.mark.parametrize(
    "text", ["0", "1", "1.01", "-0.1", "NaN", "1e309", "", "0.0000001", "9" * 99]
)
def test_refuses_a_price_no_level_can_have(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the words differ, the kind is what counts
        PriceTexts()[text]


@pytest.mark.parametrize("text", ["-1", "NaN", "Infinity", "1e309", "", "x"])
def test_refuses_a_quantity_that_is_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the words differ, the kind is what counts
        QuantityTexts()[text]


def test_prices_are_exact_however_padded() -> None:
    prices = PriceTexts()
    assert [prices[text] for text in ("0.1", "0.10", "0.980", "0.0001")] == [
        100_000, 100_000, 980_000, 100,
    ]  # fmt: skip
    assert QuantityTexts()["18351.52"] == 18_351_520_000


def test_caches_stop_at_their_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "CACHE_MAX", 3)
    prices, quantities = PriceTexts(), QuantityTexts()
    for n in range(1, 20):
        assert prices[f"0.{n:02d}"] == n * 10_000
        assert quantities[f"{n}"] == n * 1_000_000
        assert max(len(prices), len(quantities)) <= 3


def test_stamps_are_milliseconds_or_seconds() -> None:
    assert stamp("1791241810525") == 1_791_241_810_525_000
    assert stamp("1791241810") == 1_791_241_810_000_000


@pytest.mark.parametrize(
    "text", ["", "1.79e12", "-791241810525", "17912418105250", "١٧٩", "17912418105²5"]
)
def test_refuses_what_is_no_stamp(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the words differ, the kind is what counts
        event_stamp(text, NOW)


def test_an_event_is_neither_old_nor_from_the_future() -> None:
    text = str(NOW_MS)
    assert event_stamp(text, Instant(NOW - 300 * SECOND)) == NOW
    assert event_stamp(text, Instant(NOW + DAY)) == NOW
    for recv_us in (NOW - 301 * SECOND, NOW + DAY + SECOND):
        with pytest.raises(ValueError, match="stamped"):
            event_stamp(text, Instant(recv_us))


def test_a_book_may_have_been_quiet_for_years_but_not_before_the_venue_existed() -> None:
    assert book_stamp("1600000000000", NOW) == 1_600_000_000_000_000
    for text in ("1500000000000", str(NOW_MS + 301_000)):
        with pytest.raises(ValueError, match="stamped"):
            book_stamp(text, NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-05T23:15:00Z", 1_791_242_100_000_000),
        ("2026-10-04T23:08:46.486981Z", 1_791_155_326_486_981),
        ("2026-04-01T18:24:05.41Z", 1_775_067_845_410_000),
        ("2023-03-22 19:17:35.835+00", 1_679_512_655_835_000),
        (None, None),
        ("", None),
    ],
)
def test_reads_every_time_format_the_venue_uses(text: str | None, expected: int | None) -> None:
    assert iso_instant(text) == expected


@pytest.mark.parametrize("text", ["soon", "2026-10-05T23:15:00", "2026-13-05T23:15:00Z"])
def test_refuses_a_time_that_is_none_or_has_no_zone(text: str) -> None:
    with pytest.raises(DataError):
        iso_instant(text)


@pytest.mark.parametrize("text", ["0.1", "0.01", "0.005", "0.0025", "0.001", "0.0001"])
def test_knows_every_tick(text: str) -> None:
    assert tick_grid(text).finest() == int(Decimal(text) * 1_000_000)


@pytest.mark.parametrize("text", ["0", "0.00001", "0.03", "-0.01", "NaN", ""])
def test_refuses_a_tick_that_cannot_be(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the words differ, the kind is what counts
        tick_grid(text)


def test_an_absent_number_is_an_error_and_never_a_default() -> None:
    with pytest.raises(DataError, match="tick size"):
        exact_text(None, "tick size")


def test_a_statistic_is_cut_to_millionths() -> None:
    assert rounded_down(Decimal("5669354.2194469")) == 5_669_354_219_446
    assert rounded_down(None) is None
    for number in ("NaN", "-1", "1e309"):
        with pytest.raises(DataError):
            rounded_down(Decimal(number))
