from foreshock.dashboard.advice_words import ADVICE_SAYINGS
from foreshock.dashboard.words import say
from tests.unit.dashboard.advice_told import advice_messages


def test_every_message_about_advice_has_a_sample() -> None:
    assert {type(message) for message in advice_messages()} == set(ADVICE_SAYINGS)


def test_a_veto_tells_what_the_model_claims_and_of_which_pair() -> None:
    vetoed = "a language model says that it is another bet"
    assert say(advice_messages()[-1]) == ("pair-1", f"{vetoed}: b ends a day later")


def test_a_question_tells_what_it_may_cost() -> None:
    assert say(advice_messages()[0])[1].endswith("for $0.03 at most")
