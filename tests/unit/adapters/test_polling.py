"""A question asked for ever obeys what the source says about asking again."""

import pytest

from foreshock.adapters.polling import BACKOFF_MAX, Poll, Terms
from foreshock.adapters.seams import HttpResponse
from foreshock.core.domain.units import SECOND, Duration, Instant
from tests.trading import START

EVERY = Duration(60 * SECOND)


def poll() -> Poll:
    return Poll(Terms(path="/a?b=c", every=EVERY, headers=(("user-agent", "us"),)))


def answered(status: int, *headers: tuple[str, str], body: bytes = b"news") -> HttpResponse:
    return HttpResponse(status, body, headers)


def test_asks_at_once_and_then_no_sooner_than_agreed() -> None:
    asked = poll()
    assert asked.due_us <= START
    assert asked.answered(answered(200), START).body == b"news"
    assert asked.due_us == START + EVERY


def test_says_which_version_it_holds_and_takes_unchanged_for_no_news() -> None:
    asked = poll()
    assert asked.request().headers == (("user-agent", "us"),)
    asked.answered(answered(200, ("ETag", '"v1"'), ("Last-Modified", "yesterday")), START)
    assert asked.request().headers[1:] == (
        ("if-none-match", '"v1"'),
        ("if-modified-since", "yesterday"),
    )
    outcome = asked.answered(answered(304, body=b""), START)
    assert outcome.body is None
    assert outcome.problem == ""


def test_an_answer_nobody_could_read_is_asked_for_whole_again() -> None:
    asked = poll()
    asked.answered(answered(200, ("etag", '"v1"')), START)
    asked.failed("not understood", START)
    assert asked.request().headers == (("user-agent", "us"),)


def test_a_longer_life_than_our_interval_is_honoured() -> None:
    asked = poll()
    asked.answered(answered(200, ("cache-control", "public, max-age=300")), START)
    assert asked.due_us == START + 300 * SECOND
    asked.answered(answered(200, ("cache-control", "max-age=1")), START)
    assert asked.due_us == START + EVERY


@pytest.mark.parametrize("status", [202, 418, 425, 429, 500, 503])
def test_a_busy_source_is_left_alone_longer_each_time(status: int) -> None:
    asked = poll()
    waits: list[int] = []
    for _ in range(12):
        outcome = asked.answered(answered(status), START)
        assert outcome.body is None
        assert outcome.problem == f"/a answered {status}"
        assert not outcome.is_final
        waits.append(asked.due_us - START)
    assert waits[:4] == [EVERY, 2 * EVERY, 4 * EVERY, 8 * EVERY]
    assert waits[-1] == BACKOFF_MAX
    asked.answered(answered(200), START)
    assert asked.due_us == START + EVERY


def test_it_waits_as_long_as_it_is_told_to() -> None:
    asked = poll()
    asked.answered(answered(429, ("Retry-After", "900")), START)
    assert asked.due_us == START + 900 * SECOND
    asked.answered(answered(429, ("Retry-After", "Wed, 18 Nov 2026 12:00:00 GMT")), START)
    assert asked.due_us == 1_795_003_200 * SECOND
    asked.answered(answered(429, ("Retry-After", "soon")), Instant(START))
    assert asked.due_us == START + 4 * EVERY


def test_a_refusal_tells_the_sources_own_words() -> None:
    asked = poll()
    outcome = asked.answered(answered(403, body=b'{"detail": "contact\n required"}\x00'), START)
    assert outcome.is_final
    assert outcome.problem == '/a answered 403: {"detail": "contact required"}'
    assert asked.due_us == START + BACKOFF_MAX
