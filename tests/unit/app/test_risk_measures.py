"""Does the configuration say what value at risk means?"""

import pytest

from foreshock.app.config import load_settings
from foreshock.app.risk_measures import measures
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import SECOND
from foreshock.core.risk.position_risk import Measures


def test_the_shipped_configuration_is_what_the_code_assumes() -> None:
    assert measures(load_settings({}).risk) == Measures()


@pytest.mark.parametrize(
    ("percent", "quantile_ppm"),
    [("50", 0), ("90", 1_281_552), ("95", 1_644_854), ("97.5", 1_959_964), ("99", 2_326_348)],
)
def test_the_quantile_is_that_of_the_normal_distribution(percent: str, quantile_ppm: int) -> None:
    """Source: any table of the standard normal distribution, rounded up."""
    settings = load_settings({"risk": {"confidence_percent": percent, "horizon_hours": 3}})
    found = measures(settings.risk)
    assert found.horizon == 3 * 3_600 * SECOND
    assert abs(found.quantile_ppm - quantile_ppm) <= 1


@pytest.mark.parametrize("percent", ["49.9", "100", "5", "-95", "much"])
def test_a_confidence_that_says_nothing_is_refused(percent: str) -> None:
    with pytest.raises(ConfigError, match="confidence_percent"):
        load_settings({"risk": {"confidence_percent": percent}})
