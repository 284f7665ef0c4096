"""Headlines and titles that are about the same thing share words; numbers and months prove nothing."""

import pytest

from foreshock.core.domain.meanings import Meaning
from foreshock.core.matching.meanings import meaning_of


@pytest.mark.parametrize(
    ("headline", "title", "shared"),
    [
        (
            "Federal Reserve cuts interest rates by 25 basis points",
            "Will the Fed cut interest rates by 25 bps in December?",
            {"fed", "cut", "rate"},
        ),
        (
            "Trump to host Putin at White House summit next week",
            "Will Trump and Putin meet in November?",
            {"trump", "putin"},
        ),
        (
            "CPI inflation rises 3.1% in November, hotter than expected",
            "Will CPI rise more than 2.9% in the year to November 2026?",
            {"cpi", "rise"},
        ),
        ("Bitcoin falls", "Ethereum up or down in the 15 minutes of window 1?", set[str]()),
    ],
)
def test_what_they_share(headline: str, title: str, shared: set[str]) -> None:
    assert meaning_of(headline).words & meaning_of(title).words == shared


def test_names_are_what_names_somebody() -> None:
    found = meaning_of("Will the Fed cut interest rates by 25 bps in December 2026?")
    assert "fed" in found.names
    assert "cut" not in found.names
    assert found.names <= found.words
    assert not any(word[0].isdigit() or word == "december" for word in found.words)


def test_capitals_in_a_sentence_are_names() -> None:
    assert meaning_of("Will Detroit beat Denver?").names == {"detroit", "denver"}
    assert meaning_of("Will the canal reopen to all traffic?").names == frozenset()


def test_days_are_kept_apart_from_words() -> None:
    found = meaning_of("Will the high in Austin be 48-49F on November 23, 2026?")
    assert found.days == {"11-23"}
    assert meaning_of("Will CPI rise in November 2026?").days == frozenset()


def test_an_endless_text_is_read_no_further_than_its_beginning() -> None:
    assert "unread" not in meaning_of("word " * 1_000 + "unread").words
    assert meaning_of("") == Meaning(frozenset(), frozenset())
