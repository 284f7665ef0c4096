"""Which fees and frictions does the configuration name? TOML files into frozen, versioned packs.

Everything is checked before anything starts: an error names the file, what is wrong and what to
write instead. The version is a hash of the values, so a comment does not change it and a rate does.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

import msgspec

from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import (
    MICRO,
    SECOND,
    Duration,
    Instant,
    Money,
    Rounding,
    parse_micros,
)
from foreshock.core.pricing.fees import (
    CurveRule,
    FeePack,
    FeeRule,
    FeeSchedule,
    SeriesRule,
)
from foreshock.core.pricing.frictions import FrictionPack, VenueFriction

HOUR = Duration(3_600 * SECOND)
DAYS_MAX = 3_650
VERSION_DIGITS = 12

Membership: TypeAlias = Literal["direct", "non_direct"]
"""How the account holds cash at a venue that aligns it: a member's own, or through a broker."""


class _CurveSchedule(msgspec.Struct, forbid_unknown_fields=True):
    effective_from: date
    source: str
    unit: str
    rounding: Literal["up", "down"]
    fee_min: str
    rate_max: str
    exponents: list[int]


class _SeriesSchedule(msgspec.Struct, forbid_unknown_fields=True):
    effective_from: date
    source: str
    trade_unit: str
    rebate_unit: str
    taker_rate: dict[str, str]
    maker_rate: dict[str, str]


class _CurveFile(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", tag="curve"):
    venue: str
    schedule: list[_CurveSchedule]


class _SeriesFile(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", tag="series"):
    venue: str
    precision: dict[str, str]
    schedule: list[_SeriesSchedule]


class _VenueTable(msgspec.Struct, forbid_unknown_fields=True):
    gas_per_leg: str
    bridge_rate: str
    fx_rate: str
    onramp_rate: str
    settlement_delay_hours: int
    order_cost_min: str


class _FrictionFile(msgspec.Struct, forbid_unknown_fields=True):
    cash_rate_per_year: str
    lockup_unknown_days: int
    venue: dict[str, _VenueTable]


_File = TypeVar("_File")


def load_fee_packs(folder: Path, membership: Membership = "direct") -> dict[str, FeePack]:
    """Every `*.toml` of a folder, by venue name.

    Raises ConfigError when the folder holds none, a file is wrong or two name one venue.
    """
    packs: dict[str, FeePack] = {}
    for path in sorted(folder.glob("*.toml")):
        pack = load_fee_pack(path, membership)
        if pack.venue in packs:
            raise ConfigError(f"{path}: venue {pack.venue!r} has another file already: keep one")
        packs[pack.venue] = pack
    if not packs:
        raise ConfigError(
            f"{folder}: no fee schedules (*.toml): restore config/fees from the release"
        )
    return packs


def load_fee_pack(path: Path, membership: Membership = "direct") -> FeePack:
    """One venue's dated schedules. Raises ConfigError saying what to change."""
    table = _parsed(path)
    read = _shaped(path, table, _CurveFile if table.get("kind") == "curve" else _SeriesFile)
    schedules: list[FeeSchedule] = []
    for number, entry in enumerate(read.schedule, start=1):
        where = f"{path}: schedule {number}"
        effective_us = _instant(entry.effective_from)
        if schedules and effective_us <= schedules[-1].effective_us:
            raise ConfigError(f"{where}: effective_from must be later than the schedule before it")
        rule = _rule(read, entry, where, membership)
        schedules.append(FeeSchedule(effective_us, entry.source, rule))
    if not schedules:
        raise ConfigError(f"{path}: no [[schedule]]: add one with effective_from and its rates")
    return FeePack(read.venue, _version(read.venue, schedules), tuple(schedules))


def load_frictions(path: Path) -> FrictionPack:
    """The friction pack. Raises ConfigError saying what to change."""
    read = _shaped(path, _parsed(path), _FrictionFile)
    if not 1 <= read.lockup_unknown_days <= DAYS_MAX:
        raise ConfigError(f"{path}: lockup_unknown_days must be 1..{DAYS_MAX}")
    venues = {
        name: _venue_friction(table, f"{path}: [venue.{name}]")
        for name, table in read.venue.items()
    }
    cash_ppm = _rate(read.cash_rate_per_year, f"{path}: cash_rate_per_year")
    unknown = Duration(read.lockup_unknown_days * 24 * HOUR)
    return FrictionPack(
        version=_version("frictions", (cash_ppm, unknown, venues)),
        cash_ppm=cash_ppm,
        lockup_unknown=unknown,
        venues=venues,
    )


def _rule(
    read: _CurveFile | _SeriesFile,
    entry: _CurveSchedule | _SeriesSchedule,
    where: str,
    membership: Membership,
) -> FeeRule:
    if isinstance(read, _SeriesFile) and isinstance(entry, _SeriesSchedule):
        return _series_rule(read.precision, entry, where, membership)
    if isinstance(entry, _CurveSchedule):
        return _curve_rule(entry, where)
    raise ConfigError(f"{where}: does not fit the file's kind")


def _curve_rule(entry: _CurveSchedule, where: str) -> CurveRule:
    if not entry.exponents or min(entry.exponents) < 1:
        raise ConfigError(f"{where}: exponents must be a list of whole numbers from 1 on")
    return CurveRule(
        unit=_unit(entry.unit, f"{where}: unit"),
        rounding=Rounding(entry.rounding),
        fee_min=_amount(entry.fee_min, f"{where}: fee_min"),
        rate_ppm_max=_rate(entry.rate_max, f"{where}: rate_max"),
        exponents=tuple(entry.exponents),
    )


def _series_rule(
    precisions: Mapping[str, str], entry: _SeriesSchedule, where: str, membership: Membership
) -> SeriesRule:
    if membership not in precisions:
        raise ConfigError(f"{where}: [precision] has no {membership!r}: add it, in dollars")
    if entry.taker_rate.keys() != entry.maker_rate.keys():
        odd = ", ".join(sorted(entry.taker_rate.keys() ^ entry.maker_rate.keys()))
        raise ConfigError(f"{where}: give both a taker_rate and a maker_rate for {odd}")
    precision = _unit(precisions[membership], f"{where}: precision {membership}")
    follows = entry.rebate_unit == "precision"
    return SeriesRule(
        taker_ppm={t: _rate(r, f"{where}: taker_rate {t}") for t, r in entry.taker_rate.items()},
        maker_ppm={t: _rate(r, f"{where}: maker_rate {t}") for t, r in entry.maker_rate.items()},
        trade_unit=_unit(entry.trade_unit, f"{where}: trade_unit"),
        precision=precision,
        rebate_unit=precision if follows else _unit(entry.rebate_unit, f"{where}: rebate_unit"),
    )


def _venue_friction(table: _VenueTable, where: str) -> VenueFriction:
    if table.settlement_delay_hours < 0:
        raise ConfigError(f"{where} settlement_delay_hours must not be negative")
    return VenueFriction(
        gas_per_leg=_amount(table.gas_per_leg, f"{where} gas_per_leg"),
        bridge_ppm=_rate(table.bridge_rate, f"{where} bridge_rate"),
        fx_ppm=_rate(table.fx_rate, f"{where} fx_rate"),
        onramp_ppm=_rate(table.onramp_rate, f"{where} onramp_rate"),
        settlement_delay=Duration(table.settlement_delay_hours * HOUR),
        order_cost_min=_amount(table.order_cost_min, f"{where} order_cost_min"),
    )


def _parsed(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}): restore the file") from error
    except ValueError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error


def _shaped(path: Path, table: dict[str, object], shape: type[_File]) -> _File:
    try:
        return msgspec.convert(table, shape)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error}: correct or remove it") from error


def _rate(text: str, where: str) -> int:
    rate = _amount(text, where)
    if rate > MICRO:
        raise ConfigError(f'{where}: {text!r} is more than 100 %: write 7 % as "0.07"')
    return rate


def _unit(text: str, where: str) -> Money:
    unit = _amount(text, where)
    if unit == 0:
        raise ConfigError(f'{where}: a rounding unit cannot be 0: write for example "0.0001"')
    return unit


def _amount(text: str, where: str) -> Money:
    try:
        amount = parse_micros(text)
    except ValueError as error:
        raise ConfigError(f'{where}: {error}: write a decimal such as "0.07"') from error
    if amount < 0:
        raise ConfigError(f"{where}: {text!r} is negative: write 0 or more")
    return Money(amount)


def _instant(day: date) -> Instant:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Instant(int(start.timestamp()) * SECOND)


def _version(name: str, values: object) -> str:
    text = msgspec.json.encode(values, order="sorted")
    return f"{name}-{hashlib.sha256(text).hexdigest()[:VERSION_DIGITS]}"
