"""Titles with the same words that say different things, and harmless changes of place."""

import pytest

from foreshock.core.matching.compare import Comparer
from foreshock.core.matching.reading import Reading, read
from foreshock.core.matching.wording import bound_numbers, doubtful_roles, other_roles
from tests.unit.core.matching.written import kalshi, poly

ACCEPTED_ONCE = [
    (
        "Will Intel be bought by Qualcomm in 2026?",
        "Will Intel buy Qualcomm in 2026?",
    ),
    (
        "Will Paramount be acquired by Skydance before 2027?",
        "Will Paramount acquire Skydance before 2027?",
    ),
    (
        "Will Trump be nominated by Pakistan in 2026?",
        "Will Trump nominate Pakistan in 2026?",
    ),
    (
        "Will Luka Doncic be traded from Dallas to Los Angeles in 2026?",
        "Will Luka Doncic be traded from Los Angeles to Dallas in 2026?",
    ),
    (
        "Will the US send troops to Mexico from Texas in 2026?",
        "Will the US send troops to Texas from Mexico in 2026?",
    ),
    (
        "Will Trump talk to Putin in December 2026?",
        "Will Trump talk about Putin in December 2026?",
    ),
    (
        "Will Trump's lawyer sue Biden in 2026?",
        "Will Trump sue Biden's lawyer in 2026?",
    ),
    (
        "Will the Senate pass the House bill in 2026?",
        "Will the House pass the Senate bill in 2026?",
    ),
    (
        "Will the House flip before the Senate in 2026?",
        "Will the Senate flip before the House in 2026?",
    ),
    (
        "Will Trump pick Vance, not Rubio, in 2028?",
        "Will Trump pick Rubio, not Vance, in 2028?",
    ),
    (
        "Will unemployment be above 4% and inflation above 3% in November 2026?",
        "Will unemployment be above 3% and inflation above 4% in November 2026?",
    ),
    (
        "Bitcoin up or down on December 1, 2026?",
        "Bitcoin down or up on December 1, 2026?",
    ),
    (
        'Will Powell say "inflation" in December 2026?',
        'Will Powell say "CPI" in December 2026?',
    ),
    (
        'Will Trump say "Bitcoin" in December 2026?',
        "Will Trump mention BTC in December 2026?",
    ),
    (
        "Will Putin leave Russia in 2026?",
        "Will Putin leave office in Russia in 2026?",
    ),
    (
        "Will Bitcoin be above $100k at the end of 2026?",
        "Will Bitcoin be above $100k in 2026?",
    ),
]
"""Every pair was accepted as identity when titles were compared as sets of words."""

HARMLESS = [
    (
        "Will Kevin Hassett be confirmed as Fed Chair in 2026?",
        "Will Hassett, Kevin be confirmed as Fed Chair in 2026?",
    ),
    (
        "Will Trump's approval rating be above 42% on December 1, 2026?",
        "Will the approval rating of Trump be above 42% on December 1, 2026?",
    ),
    (
        "Will Russia not invade Estonia in 2026?",
        "Will Russia not invade Estonia by the end of 2026?",
    ),
]


def readings(pair: tuple[str, str]) -> tuple[Reading, Reading]:
    return read(poly(pair[0])), read(kalshi("KXWORDS-26", pair[1]))


@pytest.mark.parametrize("pair", ACCEPTED_ONCE, ids=[pair[0] for pair in ACCEPTED_ONCE])
def test_the_same_words_in_other_places_are_not_accepted(pair: tuple[str, str]) -> None:
    a, b = poly(pair[0], "2026-12-31"), kalshi("KXWORDS-26", pair[1], "2026-12-31")

    compare = Comparer()

    assert compare(a, b).decision != "accept"
    assert compare(b, a).decision != "accept"


@pytest.mark.parametrize("pair", HARMLESS, ids=[pair[1] for pair in HARMLESS])
def test_a_change_of_place_that_changes_no_part_is_no_doubt(pair: tuple[str, str]) -> None:
    a, b = readings(pair)

    assert other_roles(a, b) == ""
    assert doubtful_roles(a, b) == ""


def test_says_which_word_makes_the_doubt() -> None:
    bought = readings(ACCEPTED_ONCE[0])
    lawyers = readings(ACCEPTED_ONCE[6])
    talks = readings(ACCEPTED_ONCE[5])

    assert doubtful_roles(*bought) == '"no word" against "by" before qualcomm'
    assert doubtful_roles(*lawyers) == "lawyer is trump's on one side, biden's on the other"
    assert doubtful_roles(*talks) == '"about" against "to" before putin'


def test_the_first_word_in_the_title_is_named_so_that_every_machine_says_the_same() -> None:
    a, b = readings((
        "Will Oracle be sold TikTok by ByteDance in 2026?",
        "Will ByteDance be sold TikTok by Oracle in 2026?",
    ))

    assert other_roles(a, b) == 'who comes before "sold" and who after is turned round'


def test_a_number_belongs_to_the_word_before_it() -> None:
    a, b = readings(ACCEPTED_ONCE[10])

    assert bound_numbers(a) != bound_numbers(b)
    assert bound_numbers(a) == bound_numbers(a)
