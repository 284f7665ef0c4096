"""Which numbers do Kalshi's strike fields and tickers stand for, and on which grid do they lie?"""

from foreshock.core.domain.units import MICRO
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.evidence import Evidence
from foreshock.core.matching.lexicon import COUNTED, CRYPTO
from foreshock.core.matching.quantities import (
    Threshold,
    above,
    at_least,
    at_most,
    below,
    between,
    micros_of,
)

CENT = MICRO // 100
_LAST_CENT = 99 * CENT
"""A ticker's strike of .99 means above it: at or above the next dollar."""
_STEPS = {
    "unemployment": MICRO // 10,
    "cpi": MICRO // 10,
    "core cpi": MICRO // 10,
    "pce": MICRO // 10,
    "core pce": MICRO // 10,
    "gdp": MICRO // 10,
    "tempmax": MICRO,
    "tempmin": MICRO,
    "tomatometer": MICRO,
    "jobs": 1000 * MICRO,
}
"""Finest step in which the official number is published, in millionths of its unit."""
_RATE_STEP = 25 * MICRO
"""Central banks of this table move in quarters of a percent: "> 25 bps" is "50 bps or more"."""


def strike_threshold(contract: ContractText) -> Threshold | None:
    """The numbers of the strike fields; None when they name none."""
    kind = contract.strike_type
    low = micros_of(contract.strike_floor) if contract.strike_floor else None
    high = micros_of(contract.strike_cap) if contract.strike_cap else None
    match kind:
        case "greater" | "greater_or_equal" if low is not None:
            return at_least(low) if kind == "greater_or_equal" else above(low)
        case "less" | "less_or_equal" if high is not None:
            return at_most(high) if kind == "less_or_equal" else below(high)
        case "between" if low is not None and high is not None:
            return between(low, high)
        case _:
            return None


def ticker_threshold(evidence: Evidence) -> Threshold | None:
    """The numbers of a ticker's strike when its form says which side pays; None otherwise."""
    strike = evidence.strike
    if strike is None or evidence.strike_kind != "t" or strike % MICRO != _LAST_CENT:
        return None
    return above(strike, "$")


def step_of(names: frozenset[str], unit: str) -> int | None:
    """Distance between possible values of what is measured, in millionths; None if not known.

    names: the concepts of the contract.
    """
    if names & COUNTED:
        return MICRO
    if "rate" in names and unit == "bps":
        return _RATE_STEP
    if names & CRYPTO and unit == "$":
        return CENT
    steps = [_STEPS[name] for name in names if name in _STEPS]
    return steps[0] if len(steps) == 1 else None
