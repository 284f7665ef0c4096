"""What does a weather station of the United States report? Its newest observation by REST; pure.

Source: api.weather.gov, `/stations/{id}/observations/latest`, read in November 2026. A report may
be 20 minutes late. What a market settles by is the daily climate report, which this is not.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from foreshock.adapters.oracles.values import decoded, instant_of_iso, number
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.messages.signals import OracleReported
from foreshock.core.domain.oracles import NOTHING_SAID, OracleFrame
from foreshock.core.domain.units import SECOND, Duration, Instant, Rounding, divide

SOURCE: Final = "noaa"
SILENCE_MAX: Final = Duration(2 * 3_600 * SECOND)
CELSIUS: Final = "wmoUnit:degC"
REJECTED: Final = frozenset({"X", "B"})
"""Quality marks of values that failed their checks."""
FREEZING_F: Final = 32_000_000


class _Number(msgspec.Struct):
    unitCode: str  # noqa: N815 - the wire's name
    value: msgspec.Raw
    qualityControl: str = ""  # noqa: N815 - the wire's name


class _Properties(msgspec.Struct):
    timestamp: str
    temperature: _Number


class _Observation(msgspec.Struct):
    properties: _Properties


class NoaaStation:
    """The temperature at one station, in degrees Fahrenheit."""

    name = SOURCE
    silence_max = SILENCE_MAX
    is_conflated = True

    def __init__(self, station: str) -> None:
        self.symbols = (f"{station} F",)
        self.path = f"/stations/{station}/observations/latest"

    def opening(self) -> Sequence[str]:
        """Nothing is sent: it is asked by REST."""
        return ()

    def read(self, body: bytes, recv_us: Instant) -> OracleFrame:
        """One observation; one without a temperature says nothing. Raises DataError."""
        found = decoded(body, _Observation).properties
        temperature = found.temperature
        text = bytes(temperature.value).decode(errors="replace")
        if text == "null" or temperature.qualityControl in REJECTED:
            return NOTHING_SAID
        if temperature.unitCode != CELSIUS:
            raise DataError(f"a temperature in {temperature.unitCode[:40]!r}")
        value = fahrenheit(number(text))
        event_us = instant_of_iso(found.timestamp)
        return OracleFrame(
            reports=(OracleReported(SOURCE, self.symbols[0], value, event_us, recv_us),)
        )


def fahrenheit(celsius: int) -> int:
    """Millionths of a degree; a rest of a fifth of a millionth is dropped."""
    return divide(celsius * 9, 5, Rounding.DOWN) + FREEZING_F
