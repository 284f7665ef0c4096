"""Is the shipped configuration read as it stands, and a wrong one refused with what to do?"""

from pathlib import Path

import pytest

from foreshock.app.fee_packs import load_fee_pack, load_fee_packs, load_frictions
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import DAY, Money, Rounding
from foreshock.core.pricing.fees import CurveRule, SeriesRule

CONFIG = Path(__file__).resolve().parents[3] / "config"
KALSHI = CONFIG / "fees" / "kalshi.toml"
POLYMARKET = CONFIG / "fees" / "polymarket.toml"
FRICTIONS = CONFIG / "frictions.toml"


def changed(path: Path, folder: Path, old: str, new: str) -> Path:
    """A copy of a shipped file with one text replaced everywhere."""
    text = path.read_text(encoding="utf8")
    assert old in text
    copy = folder / path.name
    copy.write_text(text.replace(old, new), encoding="utf8")
    return copy


def test_the_shipped_schedules_are_dated_and_carry_their_source() -> None:
    packs = load_fee_packs(CONFIG / "fees")
    assert list(packs) == ["kalshi", "polymarket"]
    for pack in packs.values():
        days = [schedule.effective_us for schedule in pack.schedules]
        assert days == sorted(set(days))
        assert all(day % DAY == 0 for day in days)
        assert all(schedule.source for schedule in pack.schedules)


def test_kalshi_is_read_to_the_micro_dollar() -> None:
    rule = load_fee_pack(KALSHI).schedules[-1].rule
    assert isinstance(rule, SeriesRule)
    assert (rule.trade_unit, rule.precision, rule.rebate_unit) == (1, 100, 100)
    assert rule.taker_ppm["quadratic"] == 70_000
    assert rule.maker_ppm["quadratic_with_maker_fees"] == 17_500


def test_membership_sets_the_precision_and_the_version() -> None:
    direct, brokered = load_fee_pack(KALSHI), load_fee_pack(KALSHI, "non_direct")
    rule = brokered.schedules[-1].rule
    assert isinstance(rule, SeriesRule)
    assert (rule.precision, rule.rebate_unit) == (10_000, 10_000)
    assert direct.version != brokered.version


def test_polymarket_is_read_to_the_micro_dollar() -> None:
    rules = [schedule.rule for schedule in load_fee_pack(POLYMARKET).schedules]
    assert rules == [
        CurveRule(
            unit=Money(unit),
            rounding=Rounding.UP,
            fee_min=Money(unit),
            rate_ppm_max=250_000,
            exponents=(1, 2),
        )
        for unit in (100, 10)
    ]


def test_the_shipped_frictions_are_read() -> None:
    pack = load_frictions(FRICTIONS)
    assert pack.cash_ppm == 40_000
    assert pack.venues["polymarket"].order_cost_min == 1_000_000
    assert pack.venues["kalshi"].settlement_delay == DAY


def test_the_version_follows_the_values_and_not_the_comments(tmp_path: Path) -> None:
    plain = load_fee_pack(KALSHI).version
    assert plain.startswith("kalshi-")
    assert (
        load_fee_pack(changed(KALSHI, tmp_path, "# What Kalshi", "# How Kalshi")).version == plain
    )
    dearer = changed(KALSHI, tmp_path, 'quadratic = "0.07"', 'quadratic = "0.08"')
    assert load_fee_pack(dearer).version != plain
    frictions = load_frictions(FRICTIONS).version
    other = changed(FRICTIONS, tmp_path, 'gas_per_leg = "0.005"', 'gas_per_leg = "0.006"')
    assert load_frictions(other).version != frictions


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        (
            KALSHI,
            'quadratic = "0.07"',
            'quadratic = "seven"',
            "taker_rate quadratic: not a decimal",
        ),
        (KALSHI, 'quadratic = "0.07"', 'quadratic = "7"', 'write 7 % as "0.07"'),
        (KALSHI, 'quadratic = "0.07"', 'quadratic = "-0.07"', "is negative: write 0 or more"),
        (KALSHI, 'quadratic = "0.07"', 'quadratic = "0.00000001"', "finer than a millionth"),
        (KALSHI, 'quadratic = "0.07"', 'quadratic = "nan"', "not a finite number"),
        (KALSHI, 'quadratic = "0.07"', "quadratic = 0.07", "Expected `str`, got `float`"),
        (KALSHI, 'quadratic = "0.07"', 'flat = "0.07"', "give both a taker_rate and a maker_rate"),
        (KALSHI, 'trade_unit = "0.0001"', 'trade_unit = "0"', "a rounding unit cannot be 0"),
        (KALSHI, "trade_unit", "trade_units", "unknown field `trade_units`"),
        (KALSHI, 'direct = "0.0001"', 'member = "0.0001"', "has no 'direct'"),
        (KALSHI, "2026-08-20", "2026-01-01", "must be later than the schedule before it"),
        (KALSHI, "2026-08-20", '"soon"', "encoded date"),
        (KALSHI, 'kind = "series"', 'kind = "other"', "Invalid value 'other'"),
        (KALSHI, 'venue = "kalshi"', "venue = ", "is not TOML"),
        (KALSHI, 'kind = "series"', 'kind = "series"\nschedule = []', "is not TOML"),
        (POLYMARKET, "exponents = [1, 2]", "exponents = []", "whole numbers from 1 on"),
        (POLYMARKET, "exponents = [1, 2]", "exponents = [0]", "whole numbers from 1 on"),
        (POLYMARKET, 'rounding = "up"', 'rounding = "nearest"', "Invalid enum value 'nearest'"),
        (POLYMARKET, 'unit = "0.00001"', 'unit = "0"', "a rounding unit cannot be 0"),
    ],
)
def test_a_wrong_schedule_is_refused_with_what_to_write(
    path: Path, old: str, new: str, words: str, tmp_path: Path
) -> None:
    wrong = changed(path, tmp_path, old, new)
    with pytest.raises(ConfigError) as caught:
        load_fee_pack(wrong)
    assert words in str(caught.value)
    assert str(wrong) in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('cash_rate_per_year = "0.04"', 'cash_rate_per_year = "4"', "more than 100 %"),
        ("lockup_unknown_days = 180", "lockup_unknown_days = 0", "must be 1..3650"),
        ("settlement_delay_hours = 24", "settlement_delay_hours = -1", "must not be negative"),
        ('bridge_rate = "0.0005"', "", "missing required field `bridge_rate`"),
        ('fx_rate = "0.0002"', 'fx_rate = "much"', "[venue.polymarket] fx_rate: not a decimal"),
    ],
)
def test_wrong_frictions_are_refused_with_what_to_write(
    old: str, new: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="frictions") as caught:
        load_frictions(changed(FRICTIONS, tmp_path, old, new))
    assert words in str(caught.value)


def test_a_missing_or_empty_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_frictions(tmp_path / "frictions.toml")
    bare = tmp_path / "bare.toml"
    bare.write_text('venue = "x"\nkind = "curve"\nschedule = []\n', encoding="utf8")
    with pytest.raises(ConfigError, match=r"no \[\[schedule\]\]"):
        load_fee_pack(bare)


def test_a_folder_without_schedules_or_with_a_venue_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no fee schedules"):
        load_fee_packs(tmp_path)
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text(KALSHI.read_text(encoding="utf8"), encoding="utf8")
    with pytest.raises(ConfigError, match="has another file already"):
        load_fee_packs(tmp_path)
