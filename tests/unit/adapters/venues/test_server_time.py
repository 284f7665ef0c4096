"""Is the time that a venue tells read, and an old one refused?"""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.server_time import (
    DATE_AGE_MAX,
    PRECISION,
    read_stamp,
    time_request,
)
from foreshock.core.domain.clocks import Offsets
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.messages.operations import ClockRead
from foreshock.core.domain.units import SECOND, Instant

DATE = ("Date", "Fri, 20 Nov 2026 14:03:07 GMT")
AT = 1_795_183_387 * SECOND


def test_a_bare_number_of_seconds_is_the_time() -> None:
    assert read_stamp(HttpResponse(200, b"1795183387\n")) == (AT, PRECISION)


@pytest.mark.parametrize("status", [200, 429, 503])
def test_elsewhere_the_date_of_any_answer_tells(status: int) -> None:
    told = (AT, PRECISION + DATE_AGE_MAX)
    assert read_stamp(HttpResponse(status, b"{}", (DATE,))) == told
    assert read_stamp(HttpResponse(status, b"{}", (DATE, ("age", "0")))) == told


def test_a_server_that_looks_its_date_up_once_a_second_accuses_no_right_clock() -> None:
    offsets = Offsets()
    for number in range(16):
        now_us = AT + number * 1_370_000
        looked_up = (now_us - 557_000) // SECOND * SECOND + 557_000
        date = format_datetime(datetime.fromtimestamp(looked_up // SECOND, UTC), usegmt=True)
        stamp = read_stamp(HttpResponse(200, b"{}", (("date", date),)))
        at_us = Instant(now_us)
        offsets.add(ClockRead("kalshi", at_us, at_us, stamp.at_us, stamp.precision))
        bounds = offsets.bounds()
        assert bounds is None or bounds.apart == 0


@pytest.mark.parametrize(
    "headers",
    [(), (DATE, ("Age", "7")), (("date", "yesterday"),), (("date", ""),)],
)
def test_an_answer_without_a_date_of_its_own_tells_nothing(
    headers: tuple[tuple[str, str], ...],
) -> None:
    with pytest.raises(DataError):
        read_stamp(HttpResponse(200, b"{}", headers))


def test_each_venue_is_asked_where_no_key_is_needed() -> None:
    assert time_request("polymarket").path == "/time"
    assert time_request("kalshi").path == "/trade-api/v2/exchange/status"
