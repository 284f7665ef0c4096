"""With which confidence and over which time is value at risk told? As the configuration says."""

from math import ceil
from statistics import NormalDist

from foreshock.app.config import RiskSection
from foreshock.core.domain.units import MICRO, SECOND, Duration, parse_micros
from foreshock.core.risk.position_risk import Measures

HOUR = 3_600 * SECOND
PERCENT = 100


def measures(section: RiskSection) -> Measures:
    """The quantile is computed here and recorded, so a replay has the very same one."""
    confidence_ppm = parse_micros(section.confidence_percent) // PERCENT
    quantile = NormalDist().inv_cdf(confidence_ppm / MICRO)
    horizon = Duration(section.horizon_hours * HOUR)
    return Measures(confidence_ppm, max(0, ceil(quantile * MICRO)), horizon)
