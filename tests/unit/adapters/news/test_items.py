"""Foreign text becomes an item that a page may show, or none."""

import pytest

from foreshock.adapters.news.items import ITEMS_MAX, TITLE_CHARS_MAX, item, known, link, printable
from foreshock.core.domain.units import SECOND, Instant
from tests.trading import START


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  Fed\n cuts\trates ", "Fed cuts rates"),
        ("a\u202ehidden\u202c b", "a hidden b"),
        ("\x00\x07", ""),
        ("x" * 10_000, "x" * TITLE_CHARS_MAX),
    ],
)
def test_titles_are_one_printable_line(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//host/x",
        "http://",
        "https://[",
        "x" * 2_000,
        "file:///etc/passwd",
        "https://a\n.test",
    ],
)
def test_an_address_that_no_page_may_link_to_is_dropped(url: str) -> None:
    assert link(url) == ""


def test_an_ordinary_address_stays() -> None:
    assert link("https://a.test/b?c=d#e") == "https://a.test/b?c=d#e"


def test_news_from_the_future_are_none_but_what_is_scheduled_may_be() -> None:
    later = Instant(START + 3_600 * SECOND)
    assert item("a", ("title", ""), later, START) is None
    assert item("a", ("title", ""), later, START, is_scheduled=True) is not None


def test_a_date_that_was_moved_is_another_item() -> None:
    first = item("a", ("CPI", ""), START, START, is_scheduled=True)
    moved = item("a", ("CPI", ""), Instant(START + SECOND), START, is_scheduled=True)
    plain = item("a", ("CPI", ""), START, START)
    again = item("a", ("CPI", ""), Instant(START - SECOND), START)
    assert first is not None
    assert moved is not None
    assert first.item_id != moved.item_id
    assert plain is not None
    assert again is not None
    assert plain.item_id == again.item_id


def test_items_are_told_once_and_not_without_end() -> None:
    many = [item("a", (f"title {n % 600}", ""), START, START) for n in range(2_000)]
    assert len(known(many)) == ITEMS_MAX
    assert known([None, many[0], many[0]]) == (many[0],)
