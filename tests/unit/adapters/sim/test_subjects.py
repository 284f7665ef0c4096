"""Are the world's questions complete sentences with sensible terms?"""

import pytest

from foreshock.adapters.sim.quantities import FIRST_WINDOW_S
from foreshock.adapters.sim.questions import Question
from foreshock.adapters.sim.subjects import all_questions

QUESTIONS = list(all_questions())


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_texts_are_whole(question: Question) -> None:
    for place in question.places:
        texts = (place.title, place.short_title, place.rules, place.event_title)
        assert all(texts)
        assert not any("{" in text or "}" in text or ".." in text for text in texts)
        assert place.title.endswith("?")
        assert place.rules.endswith(".")
        assert place.labels[0] != place.labels[1]


def test_the_order_is_always_the_same() -> None:
    assert [question.key for question in all_questions()] == [q.key for q in QUESTIONS]


def test_one_family_is_one_kind_of_question_with_one_subject() -> None:
    families: dict[str, set[tuple[str, str]]] = {}
    for question in QUESTIONS:
        families.setdefault(question.family, set()).add((question.shape, question.subject.name))
    assert all(len(kinds) == 1 for kinds in families.values())


def test_higher_strikes_are_less_likely() -> None:
    ladders: dict[str, list[tuple[float, float]]] = {}
    for question in QUESTIONS:
        strike = question.places[0].floor_strike or question.places[-1].floor_strike
        if strike is not None:
            ladders.setdefault(question.family, []).append((float(strike), question.offset))
    assert len(ladders) >= 10
    for rungs in ladders.values():
        offsets = [offset for _, offset in sorted(rungs)]
        assert offsets == sorted(offsets, reverse=True)


def test_every_grid_liquidity_and_a_free_subject_occur() -> None:
    ticks = {(place.venue, place.tick) for q in QUESTIONS for place in q.places}
    assert {("kalshi", "cent"), ("kalshi", "tenth"), ("kalshi", "tapered")} <= ticks
    assert {("polymarket", "cent"), ("polymarket", "tenth")} <= ticks
    kinds = {question.liquidity for question in QUESTIONS}
    assert kinds == {"deep", "normal", "thin", "one_sided", "stale"}
    assert 0 in {question.subject.fee_rate_ppm for question in QUESTIONS}


def test_one_window_opens_while_the_world_runs() -> None:
    late = [question for question in QUESTIONS if question.opens_s]
    assert {question.opens_s for question in late} == {FIRST_WINDOW_S}
    assert {place.venue for question in late for place in question.places} == {
        "polymarket",
        "kalshi",
    }
    assert all(question.opens_s < question.closes_s for question in QUESTIONS)
