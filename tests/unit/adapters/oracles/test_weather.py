"""Bodies as the weather sources document them (read in November 2026), retyped."""

import json

import pytest

from foreshock.adapters.oracles.noaa import NoaaStation, fahrenheit
from foreshock.adapters.oracles.open_meteo import OpenMeteoHighs, Spot
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.oracles import OracleFrame
from tests.trading import START

PLACE = Spot("KNYC", "40.7789", "-73.9692", "America/New_York")


def observation(**temperature: object) -> bytes:
    found = {"unitCode": "wmoUnit:degC", "value": 11.7, "qualityControl": "V"} | temperature
    properties = {"timestamp": "2026-11-18T10:51:00+00:00", "temperature": found}
    return json.dumps({"type": "Feature", "properties": properties}).encode()


def forecast(**changes: object) -> bytes:
    body = {
        "latitude": 40.78,
        "daily_units": {"time": "iso8601", "temperature_2m_max": "°F"},
        "daily": {"time": ["2026-11-18", "2026-11-19"], "temperature_2m_max": [53.1, None]},
    }
    return json.dumps(body | changes).encode()


def test_an_observation_is_told_in_fahrenheit_at_its_own_time() -> None:
    (report,) = NoaaStation("KNYC").read(observation(), START).reports
    assert (report.symbol, report.value) == ("KNYC F", 53_060_000)
    assert report.event_us == 1_794_999_060_000_000


@pytest.mark.parametrize(("celsius", "expected"), [(0, 32), (100, 212), (-40, -40)])
def test_fahrenheit(celsius: int, expected: int) -> None:
    assert fahrenheit(celsius * 1_000_000) == expected * 1_000_000


@pytest.mark.parametrize("change", [{"value": None}, {"qualityControl": "X"}])
def test_a_missing_or_rejected_temperature_says_nothing(change: dict[str, object]) -> None:
    assert NoaaStation("KNYC").read(observation(**change), START) == OracleFrame()


@pytest.mark.parametrize(
    "change", [{"unitCode": "wmoUnit:K"}, {"value": "warm"}, {"value": 1e40}, {"value": [1]}]
)
def test_an_odd_temperature_is_an_error(change: dict[str, object]) -> None:
    with pytest.raises(DataError):
        NoaaStation("KNYC").read(observation(**change), START)


def test_a_forecast_tells_each_day_it_knows() -> None:
    (report,) = OpenMeteoHighs(PLACE).read(forecast(), START).reports
    assert (report.symbol, report.value) == ("KNYC max F 2026-11-18", 53_100_000)
    assert report.event_us == report.recv_us == START


def test_a_refusal_is_told_in_the_sources_own_words() -> None:
    body = b'{"error":true,"reason":"Latitude must be in range of -90 to 90. Given: 400."}'
    with pytest.raises(DataError, match="Latitude must be in range"):
        OpenMeteoHighs(PLACE).read(body, START)


@pytest.mark.parametrize(
    "changes",
    [
        {"daily_units": {"temperature_2m_max": "°C"}},
        {"daily": {"time": ["2026-11-18"], "temperature_2m_max": [53.1, 54.0]}},
        {"daily": {"time": ["tomorrow"], "temperature_2m_max": [53.1]}},
        {"daily": {"time": ["2026-11-18"] * 30, "temperature_2m_max": [53.1] * 30}},
        {"daily": None},
    ],
)
def test_an_odd_forecast_is_an_error(changes: dict[str, object]) -> None:
    with pytest.raises(DataError):
        OpenMeteoHighs(PLACE).read(forecast(**changes), START)
