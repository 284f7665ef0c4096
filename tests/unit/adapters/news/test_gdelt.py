"""Answers as GDELT's documentation and its clients describe them (November 2026), retyped."""

import pytest

from foreshock.adapters.news.gdelt import GdeltArticles
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import SECOND
from tests.trading import START

ARTICLE = (
    b'{"articles":[{"url":"https://a.test/1","url_mobile":"","title":"Fed \x07cuts \\u0022rates\\u0022",'
    b'"seendate":"20261118T101500Z","socialimage":"","domain":"a.test","language":"English",'
    b'"sourcecountry":"United States"}]}'
)


def test_asks_for_the_newest_articles_of_a_query() -> None:
    path = GdeltArticles('("fed cut" OR cpi) sourcelang:english').path
    assert path.startswith("/api/v2/doc/doc?query=%28%22fed+cut%22+OR+cpi%29+sourcelang%3Aenglish&")
    assert "maxrecords=250" in path
    assert "sort=datedesc" in path


def test_reads_articles_through_illegal_characters() -> None:
    (item,) = GdeltArticles("x").read(ARTICLE, START)
    assert (item.title, item.url) == ('Fed cuts "rates"', "https://a.test/1")
    assert item.published_us == 1_794_996_900 * SECOND


def test_an_article_without_a_date_is_no_evidence() -> None:
    assert GdeltArticles("x").read(ARTICLE.replace(b"20261118T101500Z", b"soon"), START) == ()


def test_no_articles_is_an_answer() -> None:
    assert GdeltArticles("x").read(b"{}", START) == ()


def test_a_refusal_in_words_is_told_in_those_words() -> None:
    with pytest.raises(DataError, match="GDELT says: Please limit requests to one every 5 seconds"):
        GdeltArticles("x").read(b"Please limit requests to one every 5 seconds.\n", START)
    with pytest.raises(DataError, match="nothing"):
        GdeltArticles("x").read(b" \n", START)
