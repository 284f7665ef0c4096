"""What a channel's answer means."""

import pytest

from foreshock.adapters.notify.answers import (
    RETRY_AFTER_MAX,
    RETRY_AFTER_UNKNOWN,
    Later,
    Refused,
    Taken,
    outcome_of,
)
from foreshock.adapters.seams import HttpResponse
from foreshock.core.domain.units import SECOND


@pytest.mark.parametrize("status", [200, 204])
def test_success_is_taken(status: int) -> None:
    assert outcome_of(HttpResponse(status, b"")) == Taken()


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_failing_server_is_tried_again_at_our_own_pace(status: int) -> None:
    assert outcome_of(HttpResponse(status, b"")) == Later(f"answered {status}", None)


@pytest.mark.parametrize(
    ("status", "gone"),
    [(400, False), (413, False), (302, False)] + [(s, True) for s in (401, 403, 404, 410)],
)
def test_a_refusal_is_final_and_a_missing_webhook_ends_the_channel(status: int, gone: bool) -> None:
    outcome = outcome_of(HttpResponse(status, b"secret-ish body"))
    assert isinstance(outcome, Refused)
    assert outcome.is_gone is gone
    assert "secret" not in outcome.reason


@pytest.mark.parametrize(
    ("body", "header", "after"),
    [
        (b'{"retry_after": 1.5, "global": false}', None, 1.5),
        (b'{"retry_after": 1.5}', "2", 2),
        (b"rate_limited", "30", 30),
        (b"rate_limited", "0.3", 0.3),
        (b"", None, RETRY_AFTER_UNKNOWN / SECOND),
        (b"", "Wed, 21 Oct 2026 07:28:00 GMT", RETRY_AFTER_UNKNOWN / SECOND),
        (b"", "-5", RETRY_AFTER_UNKNOWN / SECOND),
        (b"", "nan", RETRY_AFTER_UNKNOWN / SECOND),
        (b"", "inf", RETRY_AFTER_MAX / SECOND),
        (b"", "1e300", RETRY_AFTER_MAX / SECOND),
        (b'{"retry_after": "soon"}', None, RETRY_AFTER_UNKNOWN / SECOND),
    ],
)
def test_patience_is_as_long_as_asked_for_within_bounds(
    body: bytes, header: str | None, after: float
) -> None:
    headers = () if header is None else (("Retry-After", header),)
    outcome = outcome_of(HttpResponse(429, body, headers))
    assert isinstance(outcome, Later)
    assert outcome.after == int(after * SECOND)
