"""How warm will it become at a place? The forecast highs of the next days by REST; pure.

Source: open-meteo.com, `/v1/forecast` with `daily=temperature_2m_max`, read in November 2026. Free
for non-commercial use. A forecast carries no time of its own: it counts from when it was read.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

import msgspec

from foreshock.adapters.oracles.values import decoded, number
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.messages.signals import OracleReported
from foreshock.core.domain.oracles import OracleFrame
from foreshock.core.domain.units import SECOND, Duration, Instant

SOURCE: Final = "open-meteo"
SILENCE_MAX: Final = Duration(3 * 3_600 * SECOND)
DAYS_COUNT: Final = 3
FAHRENHEIT: Final = "°F"
DAY_CHARS: Final = 10


class Spot(msgspec.Struct, frozen=True):
    """A place: its name in symbols, decimal degrees, and the IANA zone of its days."""

    name: str
    latitude: str
    longitude: str
    zone: str


class _Units(msgspec.Struct):
    temperature_2m_max: str


class _Daily(msgspec.Struct):
    time: list[str]
    temperature_2m_max: list[msgspec.Raw]


class _Forecast(msgspec.Struct):
    daily: _Daily | None = None
    daily_units: _Units | None = None
    error: bool = False
    reason: str = ""


class OpenMeteoHighs:
    """Highs of today and the days after it at one place: `KNYC max F 2026-11-22`."""

    name = SOURCE
    silence_max = SILENCE_MAX
    is_conflated = False

    def __init__(self, spot: Spot) -> None:
        self.symbols = (f"{spot.name} max F",)
        """What its symbols begin with; the day follows."""
        asked = {
            "latitude": spot.latitude,
            "longitude": spot.longitude,
            "daily": "temperature_2m_max",
            "temperature_unit": "fahrenheit",
            "timezone": spot.zone,
            "forecast_days": str(DAYS_COUNT),
        }
        self.path = f"/v1/forecast?{urlencode(asked)}"

    def opening(self) -> Sequence[str]:
        """Nothing is sent: it is asked by REST."""
        return ()

    def read(self, body: bytes, recv_us: Instant) -> OracleFrame:
        """The days of one forecast. Raises DataError, with the source's own words where it has."""
        found = decoded(body, _Forecast)
        if found.error:
            raise DataError(f"open-meteo refused: {found.reason[:200]}")
        if found.daily is None or found.daily_units is None:
            raise DataError("a forecast without days")
        if found.daily_units.temperature_2m_max != FAHRENHEIT:
            raise DataError(f"a forecast in {found.daily_units.temperature_2m_max[:20]!r}")
        days, highs = found.daily.time, found.daily.temperature_2m_max
        if len(days) != len(highs) or len(days) > DAYS_COUNT:
            raise DataError(f"{len(highs)} highs for {len(days)} days")
        told = [
            (day, bytes(raw).decode(errors="replace")) for day, raw in zip(days, highs, strict=True)
        ]
        return OracleFrame(
            reports=tuple(self._high(day, text, recv_us) for day, text in told if text != "null")
        )

    def _high(self, day: str, text: str, recv_us: Instant) -> OracleReported:
        if len(day) != DAY_CHARS:
            raise DataError(f"not a day: {day[:20]!r}")
        symbol = f"{self.symbols[0]} {day}"
        return OracleReported(SOURCE, symbol, number(text), recv_us, recv_us)
