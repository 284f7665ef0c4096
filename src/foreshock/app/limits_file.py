"""Which limits did the operator set? Reads `config/limits.toml` for one profile and bankroll."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import (
    Duration,
    Money,
    Price,
    Quantity,
    Rounding,
    parse_micros,
    share,
)
from foreshock.core.domain.unwinding import UnwindLimits
from foreshock.core.execution.gate import GateLimits
from foreshock.core.risk.calendar import ZONES
from foreshock.core.risk.limits import Freshness, HealthLimits, Limits

MILLISECOND = 1_000
PERCENT = 100
"""A percent, or a cent, is this many hundredths of the whole: 100 %, 1 dollar."""


def known_zone(name: str) -> str:
    """A zone whose midnight may begin a window. Raises ValueError naming those there are."""
    if name not in ZONES:
        raise ValueError(f"{name!r} is none of {', '.join(ZONES)}")
    return name


Dollars = Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,6})?$")]
Percent = Annotated[str, Field(pattern=r"^(100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?)$")]
Cents = Percent
"""Of a dollar: 0 to 100."""
Zone = Annotated[str, AfterValidator(known_zone)]
Milliseconds = Annotated[int, Field(ge=1, le=86_400_000)]


class Section(BaseModel):
    """Settings that belong together; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Profile(Section):
    """Ceilings as a share of the bankroll and, where given, as an amount: the tighter counts."""

    market_max_percent: Percent
    market_max_dollars: Dollars | None = None
    platform_max_percent: Percent
    platform_max_dollars: Dollars | None = None
    portfolio_max_percent: Percent
    category_max_percent: Percent
    correlated_max_percent: Percent
    packages_open_max: int = Field(ge=1, le=1_000)
    drawdown_max_percent: Percent
    daily_loss_max_percent: Percent
    weekly_loss_max_percent: Percent | None = None
    monthly_loss_max_percent: Percent | None = None


class RulesSection(Section):
    """Ceilings that are no share of anything."""

    slippage_max_cents: Cents
    unknown_orders_max: int = Field(ge=0, le=100)
    identical_rejects_max: int = Field(ge=1, le=100)
    correlation_min_percent: Percent
    daily_zone: Zone
    weekly_zone: Zone
    monthly_zone: Zone


class FreshnessSection(Section):
    """Ceilings of the clocks."""

    message_age_max_ms: Milliseconds
    data_age_max_ms: Milliseconds
    check_age_max_ms: Milliseconds
    quiet_max_ms: Milliseconds
    lag_max_ms: Milliseconds
    lag_pause_ms: Milliseconds


class HealthSection(Section):
    """When a venue is relied on less."""

    silence_max_ms: Milliseconds
    latency_max_ms: Milliseconds
    gaps_per_minute_max: int = Field(ge=0, le=10_000)
    errors_per_minute_max: int = Field(ge=0, le=10_000)
    mends_after_ms: Milliseconds


class UnwindSection(Section):
    """When an open package is evened out instead of completed."""

    adverse_max_cents: Cents
    adverse_for_ms: Milliseconds
    depth_min_percent: Percent
    exit_net_min_cents: Annotated[str, Field(pattern=r"^-?\d{1,2}(\.\d{1,4})?$")]
    mismatch_max_contracts: Dollars


class GateSection(Section):
    """The last look before an order leaves."""

    decision_age_max_ms: Milliseconds
    collar_cents: Cents
    collar_percent: Percent
    collar_floor_cents: Cents
    orders_per_minute_max: int = Field(ge=1, le=10_000)
    notional_per_minute_max_percent: Percent


class LimitsFile(Section):
    """The whole file."""

    profiles: dict[str, Profile]
    rules: RulesSection
    freshness: FreshnessSection
    health: HealthSection
    unwind: UnwindSection
    gate: GateSection


def load_limits(
    path: Path, profile: str, bankroll: Mapping[str, Money]
) -> tuple[Limits, GateLimits]:
    """Limits of the guardian and of the gate. bankroll: dollars by venue.

    Raises ConfigError saying what to change.
    """
    read = read_limits(path)
    chosen = read.profiles.get(profile)
    if chosen is None:
        known = ", ".join(sorted(read.profiles))
        raise ConfigError(f"limits.profile is {profile!r}; {path} has: {known}")
    if not bankroll or min(bankroll.values()) <= 0:
        raise ConfigError("limits.bankroll_dollars must give every venue more than nothing")
    return guardian_limits(read, profile, chosen, bankroll), gate_limits(read, bankroll)


def split_bankroll(dollars: str, venues: tuple[str, ...]) -> dict[str, Money]:
    """The bankroll in even parts, rounded down. Raises ConfigError when it is no amount."""
    try:
        amount = parse_micros(dollars)
    except ValueError as error:
        raise ConfigError(f"limits.bankroll_dollars: {error}") from error
    return dict.fromkeys(venues, Money(amount // len(venues)))


def read_limits(path: Path) -> LimitsFile:
    """The file, checked. Raises ConfigError naming the key and what is wrong with it."""
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf8"))
        return LimitsFile(**content)
    except OSError as error:
        raise ConfigError(f"cannot read the limits in {path}: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}, {key}: {first['msg']}") from error


def guardian_limits(
    read: LimitsFile, name: str, profile: Profile, bankroll: Mapping[str, Money]
) -> Limits:
    """The ceilings of a profile in dollars of this bankroll."""
    whole = Money(sum(bankroll.values()))
    weekly, monthly = profile.weekly_loss_max_percent, profile.monthly_loss_max_percent
    return Limits(
        profile=name,
        bankroll=dict(bankroll),
        portfolio_max=part(whole, profile.portfolio_max_percent),
        platform_max=tighter(whole, profile.platform_max_percent, profile.platform_max_dollars),
        market_max=tighter(whole, profile.market_max_percent, profile.market_max_dollars),
        category_max=part(whole, profile.category_max_percent),
        correlated_max=part(whole, profile.correlated_max_percent),
        correlation_min_ppm=ppm(read.rules.correlation_min_percent),
        packages_open_max=profile.packages_open_max,
        unknown_orders_max=read.rules.unknown_orders_max,
        identical_rejects_max=read.rules.identical_rejects_max,
        slippage_max=cents(read.rules.slippage_max_cents),
        daily_loss_max=part(whole, profile.daily_loss_max_percent),
        weekly_loss_max=None if weekly is None else part(whole, weekly),
        monthly_loss_max=None if monthly is None else part(whole, monthly),
        daily_zone=read.rules.daily_zone,
        weekly_zone=read.rules.weekly_zone,
        monthly_zone=read.rules.monthly_zone,
        drawdown_max_ppm=ppm(profile.drawdown_max_percent),
        freshness=freshness(read.freshness),
        health=health(read.health),
        unwind=unwind(read.unwind),
    )


def freshness(section: FreshnessSection) -> Freshness:
    """The ceilings of the clocks."""
    return Freshness(
        message_age_max=milliseconds(section.message_age_max_ms),
        data_age_max=milliseconds(section.data_age_max_ms),
        check_age_max=milliseconds(section.check_age_max_ms),
        quiet_max=milliseconds(section.quiet_max_ms),
        lag_max=milliseconds(section.lag_max_ms),
        lag_pause=milliseconds(section.lag_pause_ms),
    )


def health(section: HealthSection) -> HealthLimits:
    """When a venue is relied on less."""
    return HealthLimits(
        silence_max=milliseconds(section.silence_max_ms),
        latency_max=milliseconds(section.latency_max_ms),
        gaps_per_minute_max=section.gaps_per_minute_max,
        errors_per_minute_max=section.errors_per_minute_max,
        mends_after=milliseconds(section.mends_after_ms),
    )


def unwind(section: UnwindSection) -> UnwindLimits:
    """When an open package is evened out."""
    return UnwindLimits(
        adverse_max=cents(section.adverse_max_cents),
        adverse_for=milliseconds(section.adverse_for_ms),
        depth_min_ppm=ppm(section.depth_min_percent),
        exit_net_min=cents(section.exit_net_min_cents),
        mismatch_max=Quantity(parse_micros(section.mismatch_max_contracts)),
    )


def gate_limits(read: LimitsFile, bankroll: Mapping[str, Money]) -> GateLimits:
    """What may pass the gate, in dollars of this bankroll."""
    gate = read.gate
    return GateLimits(
        decision_age_max=milliseconds(gate.decision_age_max_ms),
        book_age_max=milliseconds(read.freshness.quiet_max_ms),
        collar=cents(gate.collar_cents),
        collar_ppm=ppm(gate.collar_percent),
        collar_floor=cents(gate.collar_floor_cents),
        orders_per_minute_max=gate.orders_per_minute_max,
        notional_per_minute_max={
            venue: part(amount, gate.notional_per_minute_max_percent)
            for venue, amount in bankroll.items()
        },
    )


def tighter(whole: Money, percent: str, dollars: str | None) -> Money:
    """The smaller of a share and an amount."""
    shared = part(whole, percent)
    return shared if dollars is None else min(shared, Money(parse_micros(dollars)))


def part(whole: Money, percent: str) -> Money:
    """A percentage of an amount, rounded down."""
    return share(whole, ppm(percent), Rounding.DOWN)


def ppm(percent: str) -> int:
    """Percent as millionths; four decimals are exact."""
    return parse_micros(percent) // PERCENT


def cents(text: str) -> Price:
    """Cents as a price; four decimals are exact."""
    return Price(parse_micros(text) // PERCENT)


def milliseconds(count: int) -> Duration:
    """Milliseconds as a duration."""
    return Duration(count * MILLISECOND)
