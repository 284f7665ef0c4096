"""Are numbers, moments and page marks written as the venues write them?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.wire_text import (
    Query,
    answer,
    answer_sorted,
    day,
    iso,
    number,
    page_mark,
    read_page_mark,
    whole_or_none,
)


@pytest.mark.parametrize(
    ("at_us", "text"),
    [
        # Moments of Kalshi bodies recorded on 2026-06-11: 0 to 6 digits, none of them idle zeros.
        (0, "1970-01-01T00:00:00Z"),
        (1_781_156_369_000_000, "2026-06-11T05:39:29Z"),
        (1_781_156_371_285_630, "2026-06-11T05:39:31.28563Z"),
        (1_781_154_742_338_653, "2026-06-11T05:12:22.338653Z"),
    ],
)
def test_moments_have_as_many_digits_as_they_need(at_us: int, text: str) -> None:
    assert iso(at_us) == text
    assert day(at_us) == text[:10]


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_numbers_are_exact(micros: int) -> None:
    assert round(float(bytes(number(micros))) * 1_000_000) == micros


@given(st.text())
def test_page_marks_come_back(text: str) -> None:
    assert read_page_mark(page_mark(text)) == text


@pytest.mark.parametrize("mark", ["!", "a", "not base64", "_w", "é"])
def test_strange_page_marks_are_none(mark: str) -> None:
    assert read_page_mark(mark) is None


def test_query_reads_repeated_and_listed_values() -> None:
    query = Query(HttpRequest("GET", "/a%20b/c?x=1&x=2,3&flag=true&empty="))
    assert query.parts == ("a b", "c")
    assert query.texts("x") == ["1", "2", "3"]
    assert (query.text("x"), query.text("nothing")) == ("2,3", "")
    assert query.flag("flag")
    assert not query.flag("empty", default=True)
    assert query.flag("nothing", default=True)


def test_answers_keep_or_sort_their_keys() -> None:
    body = {"b": {"d": 1, "c": 2}, "a": number(70_000)}
    assert answer(200, body).body == b'{"b":{"d":1,"c":2},"a":0.07}'
    assert answer_sorted(200, body).body == b'{"a":0.07,"b":{"c":2,"d":1}}'


@pytest.mark.parametrize("text", ["", "-1", "1.0", " 1", "1_0", "٣", "x", "9" * 19, "9" * 5_000])
def test_only_short_plain_digits_are_whole_numbers(text: str) -> None:
    assert whole_or_none(text) is None
    assert (whole_or_none("0"), whole_or_none("007"), whole_or_none("9" * 18)) == (0, 7, 10**18 - 1)
