"""What does a venue charge for one fill, exactly, or is that not known?

    curve (Polymarket)  fee = C x rate x (p(1-p))^exponent, takers only, rounded to a unit
    series (Kalshi)     model = M x k x C x p(1-p); trade fee = model up to a unit; then the change
                        of cash is aligned down to the account's precision, and what the alignment
                        took is given back in whole units once an order has gathered enough of it

The parameters are dated and come from `config/fees`; the terms come from the market itself. Terms
that no schedule explains give `FeeUnknown`, never a number: such a market is shown, not traded.

Source: Polymarket "Fees" and Kalshi "Fee rounding" documentation pages and Kalshi's fee schedule
PDF, read in the autumn of 2026; checked against 36 real fills of June to August 2026.
"""

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from foreshock.core.domain.markets import Action, CurveFee, FeeTerms, SeriesFee
from foreshock.core.domain.units import (
    MICRO,
    NOTHING,
    Instant,
    Money,
    Price,
    Quantity,
    Rounding,
    complement,
    divide,
    notional,
)

CENT = Money(10_000)


class Fill(msgspec.Struct, frozen=True, gc=False):
    """What traded at one price: everything about it that the fee depends on.

    price: of the outcome traded, YES or NO (the fee is the same seen from either).
    """

    price: Price
    quantity: Quantity
    is_taker: bool = True
    action: Action = "buy"


class CurveRule(msgspec.Struct, frozen=True, tag=True):
    """How a per-market curve is rounded, and which curves are understood.

    A fee of less than `fee_min` is not charged. A rate above `rate_ppm_max` or another exponent is
    a misread field or a new rule, so the fee counts as unknown.
    """

    unit: Money
    rounding: Rounding
    fee_min: Money
    rate_ppm_max: int
    exponents: tuple[int, ...]


class SeriesRule(msgspec.Struct, frozen=True, tag=True):
    """Rates by fee type (millionths), the rounding units and the account's precision.

    rebate_unit: alignment losses of one order are given back in whole multiples of it.
    """

    taker_ppm: dict[str, int]
    maker_ppm: dict[str, int]
    trade_unit: Money
    precision: Money
    rebate_unit: Money


FeeRule: TypeAlias = CurveRule | SeriesRule


class FeeSchedule(msgspec.Struct, frozen=True):
    """The rule of one venue from `effective_us` until the next schedule begins."""

    effective_us: Instant
    source: str
    rule: FeeRule


class FeePack(msgspec.Struct, frozen=True):
    """All dated schedules of a venue, oldest first. version: a hash of what they say."""

    venue: str
    version: str
    schedules: tuple[FeeSchedule, ...]

    def rule_at(self, at_us: Instant) -> FeeRule | None:
        """The rule in force at an instant; None before the first schedule."""
        for schedule in reversed(self.schedules):
            if schedule.effective_us <= at_us:
                return schedule.rule
        return None


FeePacks: TypeAlias = Mapping[str, FeePack]
"""By venue name."""


class FillFee(msgspec.Struct, frozen=True, gc=False):
    """What one fill costs. carried: hand it to the next fill of the same order."""

    fee: Money
    carried: Money
    version: str


class FeeUnknown(msgspec.Struct, frozen=True):
    """No fee can be told; the words say why. No trade."""

    words: str


def fill_fee(
    pack: FeePack | None,
    terms: FeeTerms | None,
    fill: Fill,
    at_us: Instant,
    carried: Money = NOTHING,
) -> FillFee | FeeUnknown:
    """Fee of one fill at an instant.

    pack: the venue's, None when there is none. carried: `FillFee.carried` of the order's fill
    before, nothing for its first one.
    """
    if pack is None:
        return FeeUnknown("no fee schedule is configured for this venue")
    match pack.rule_at(at_us), terms:
        case CurveRule() as rule, CurveFee():
            return _curve_fill(pack, rule, terms, fill)
        case SeriesRule() as rule, SeriesFee():
            return _series_fill(pack, rule, terms, fill, carried)
        case rule, _:
            return FeeUnknown(_why_unknown(pack.venue, rule, terms))


def order_fee(
    pack: FeePack | None, terms: FeeTerms | None, fills: tuple[Fill, ...], at_us: Instant
) -> FillFee | FeeUnknown:
    """Fee of one order that fills at several prices, one fill after the other."""
    total, carried = 0, NOTHING
    for fill in fills:
        result = fill_fee(pack, terms, fill, at_us, carried)
        if isinstance(result, FeeUnknown):
            return result
        total, carried = total + result.fee, result.carried
    return FillFee(Money(total), carried, pack.version if pack else "")


def displayed_fee(rule: SeriesRule, terms: SeriesFee, fill: Fill) -> Money | FeeUnknown:
    """Kalshi's fee table: the model for a whole order, up to the cent. For people, not for money.

    Source: Kalshi fee schedule PDF, February and July 2026.
    """
    rate = _series_rate(rule, terms, is_taker=fill.is_taker)
    if isinstance(rate, FeeUnknown):
        return rate
    return _series_model(rate * terms.multiplier_ppm, fill, CENT)


def settle_rounding(
    rule: SeriesRule, trade_fee: Money, revenue: Money, carried: Money
) -> tuple[Money, Money]:
    """Net fee of a fill and what the order carries on, from the trade fee and the cash it moves.

    revenue: negative when buying. The rebate is capped so that the net fee is never negative; the
    documentation promises that without saying how, so the cap is our reading.
    """
    due = revenue - trade_fee
    rounding = due % rule.precision
    gathered = carried + rounding
    unit = rule.rebate_unit
    rebate = min(gathered // unit, (trade_fee + rounding) // unit) * unit
    return Money(trade_fee + rounding - rebate), Money(gathered - rebate)


def _why_unknown(venue: str, rule: FeeRule | None, terms: FeeTerms | None) -> str:
    if terms is None:
        return f"the {venue} fee terms of this market are not understood"
    if rule is None:
        return f"no {venue} fee schedule is in force on that day"
    return f"the {venue} schedule does not explain {type(terms).__name__} terms"


def _curve_fill(
    pack: FeePack, rule: CurveRule, terms: CurveFee, fill: Fill
) -> FillFee | FeeUnknown:
    if terms.exponent not in rule.exponents:
        return FeeUnknown(f"a fee exponent of {terms.exponent} is not known at {pack.venue}")
    if not 0 <= terms.rate_ppm <= rule.rate_ppm_max:
        return FeeUnknown(f"a fee rate of {terms.rate_ppm} ppm is not plausible at {pack.venue}")
    if not fill.is_taker:
        return FillFee(NOTHING, NOTHING, pack.version)
    curve = fill.price * complement(fill.price)
    numerator = fill.quantity * terms.rate_ppm * curve**terms.exponent
    denominator = MICRO * (MICRO * MICRO) ** terms.exponent
    if numerator < denominator * rule.fee_min:
        return FillFee(NOTHING, NOTHING, pack.version)
    units = divide(numerator, denominator * rule.unit, rule.rounding)
    return FillFee(Money(units * rule.unit), NOTHING, pack.version)


def _series_fill(
    pack: FeePack, rule: SeriesRule, terms: SeriesFee, fill: Fill, carried: Money
) -> FillFee | FeeUnknown:
    rate = _series_rate(rule, terms, is_taker=fill.is_taker)
    if isinstance(rate, FeeUnknown):
        return rate
    trade_fee = _series_model(rate * terms.multiplier_ppm, fill, rule.trade_unit)
    fee, carried = settle_rounding(rule, trade_fee, _revenue(fill), carried)
    return FillFee(fee, carried, pack.version)


def _series_rate(rule: SeriesRule, terms: SeriesFee, *, is_taker: bool) -> int | FeeUnknown:
    rates = rule.taker_ppm if is_taker else rule.maker_ppm
    rate = rates.get(terms.fee_type)
    if rate is None:
        return FeeUnknown(f"fee type {terms.fee_type!r} is not in the schedule in force")
    if terms.multiplier_ppm < 0:
        return FeeUnknown(f"a fee multiplier of {terms.multiplier_ppm} ppm makes no sense")
    return rate


def _series_model(rate_and_multiplier: int, fill: Fill, unit: Money) -> Money:
    numerator = rate_and_multiplier * fill.quantity * fill.price * complement(fill.price)
    return Money(divide(numerator, MICRO**4 * unit, Rounding.UP) * unit)


def _revenue(fill: Fill) -> Money:
    """Cash the leg moves, a fraction of a micro-dollar going against us."""
    if fill.action == "buy":
        return Money(-notional(fill.price, fill.quantity, Rounding.UP))
    return notional(fill.price, fill.quantity, Rounding.DOWN)
