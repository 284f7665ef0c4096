"""What do the weather service and a forecaster answer, in a world that we know? Two hosts; pure.

Days are warm in the afternoon and cold before dawn; every station has its own mean. An answer that
has not changed is `304 Not Modified` to who holds it.
"""

import hashlib
import math
from datetime import timedelta
from typing import Final

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.wire_text import EPOCH, Query, answer
from foreshock.core.domain.units import SECOND, Instant

OBSERVED_EVERY_S: Final = 300
DAY_S: Final = 86_400
MEAN_C, SWING_C, SPREAD_C = 9.0, 5.0, 8.0
PEAK_S: Final = 20 * 3_600
"""Second of the UTC day at which it is warmest: the American afternoon."""
DAYS_MAX: Final = 16
LATITUDE_MAX, LONGITUDE_MAX = 90.0, 180.0
STATION_CHARS: Final = 4
FORBIDDEN, NOT_FOUND, NOT_MODIFIED = 403, 404, 304


def noaa(request: HttpRequest, now_us: Instant) -> HttpResponse:
    """api.weather.gov: the newest observation of a station, for who says who it is."""
    headers = {name.lower(): value for name, value in request.headers}
    if "@" not in headers.get("user-agent", ""):
        return _problem(FORBIDDEN, "Forbidden", "User-Agent with a contact required")
    parts = Query(request).parts
    station = parts[1] if len(parts) == len(("stations", "id", "observations", "latest")) else ""
    if len(station) != STATION_CHARS or parts[2:] != ("observations", "latest"):
        return _problem(NOT_FOUND, "Not Found", "no such station")
    at_us = Instant(now_us // (OBSERVED_EVERY_S * SECOND) * OBSERVED_EVERY_S * SECOND)
    tag = f'"{station}-{at_us // SECOND}"'
    cached = (("etag", tag), ("cache-control", f"public, max-age={OBSERVED_EVERY_S}"))
    if headers.get("if-none-match") == tag:
        return HttpResponse(NOT_MODIFIED, b"", cached)
    temperature = {
        "unitCode": "wmoUnit:degC",
        "value": round(celsius(station, at_us), 1),
        "qualityControl": "V",
    }
    body = {
        "type": "Feature",
        "properties": {
            "station": f"https://api.weather.gov/stations/{station}",
            "timestamp": (EPOCH + timedelta(microseconds=at_us)).isoformat(),
            "textDescription": "Clear",
            "temperature": temperature,
        },
    }
    answered = answer(200, body)
    return HttpResponse(200, answered.body, (*answered.headers, *cached))


def open_meteo(request: HttpRequest, now_us: Instant) -> HttpResponse:
    """api.open-meteo.com: the highs of the next days at a place."""
    query = Query(request)
    if query.parts != ("v1", "forecast"):
        return answer(NOT_FOUND, {"error": True, "reason": "Not Found"})
    latitude, longitude = _degrees(query.text("latitude")), _degrees(query.text("longitude"))
    days = query.text("forecast_days") or "7"
    if not (abs(latitude) <= LATITUDE_MAX and abs(longitude) <= LONGITUDE_MAX):
        reason = f"Latitude must be in range of -90 to 90°. Given: {query.text('latitude')[:20]}."
        return answer(400, {"error": True, "reason": reason})
    if not (days.isdecimal() and 1 <= int(days[:9]) <= DAYS_MAX):
        return answer(400, {"error": True, "reason": "Forecast days is invalid."})
    first = EPOCH + timedelta(microseconds=now_us)
    dates = [f"{first + timedelta(days=number):%Y-%m-%d}" for number in range(int(days))]
    warm_us = [now_us // (DAY_S * SECOND) * DAY_S * SECOND + PEAK_S * SECOND] * len(dates)
    place = f"{latitude:.2f} {longitude:.2f}"
    highs = [
        round(celsius(f"{place} {n}", Instant(at)) * 1.8 + 32, 1) for n, at in enumerate(warm_us)
    ]
    return answer(
        200,
        {
            "latitude": latitude,
            "longitude": longitude,
            "timezone": query.text("timezone") or "GMT",
            "daily_units": {"time": "iso8601", "temperature_2m_max": "°F"},
            "daily": {"time": dates, "temperature_2m_max": highs},
        },
    )


def celsius(station: str, at_us: Instant) -> float:
    """The temperature at a station."""
    seed = int.from_bytes(hashlib.sha256(station.encode()).digest()[:4])
    mean = MEAN_C + SPREAD_C * (seed / 2**32 - 0.5)
    phase = (at_us / SECOND - PEAK_S) / DAY_S * 2 * math.pi
    return mean + SWING_C * math.cos(phase)


def _degrees(text: str) -> float:
    """What cannot be read is out of range."""
    try:
        return float(text)
    except ValueError:
        return math.inf


def _problem(status: int, title: str, detail: str) -> HttpResponse:
    """Errors are RFC 7807 problems."""
    answered = answer(status, {"title": title, "status": status, "detail": detail})
    return HttpResponse(status, answered.body, (("content-type", "application/problem+json"),))
