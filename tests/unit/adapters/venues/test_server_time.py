"""Is the time that a venue tells read, and an old one refused?"""

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.server_time import PRECISION, read_stamp, time_request
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import SECOND

DATE = ("Date", "Fri, 20 Nov 2026 14:03:07 GMT")
AT = 1_795_183_387 * SECOND


def test_a_bare_number_of_seconds_is_the_time() -> None:
    assert read_stamp(HttpResponse(200, b"1795183387\n")) == (AT, PRECISION)


@pytest.mark.parametrize("status", [200, 429, 503])
def test_elsewhere_the_date_of_any_answer_tells(status: int) -> None:
    assert read_stamp(HttpResponse(status, b"{}", (DATE,))) == (AT, PRECISION)
    assert read_stamp(HttpResponse(status, b"{}", (DATE, ("age", "0")))) == (AT, PRECISION)


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
