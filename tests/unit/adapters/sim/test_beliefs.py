"""Are chances honest forecasts, and do outcomes never contradict one another?"""

import random

import msgspec
import pytest

from foreshock.adapters.sim.beliefs import CLIMAX_S, Beliefs
from foreshock.adapters.sim.catalogue import catalogue
from foreshock.adapters.sim.coin_paths import CoinPaths
from foreshock.adapters.sim.questions import Question
from foreshock.core.domain.units import SECOND, Instant

START = Instant(1_795_287_600_000_000)
QUESTIONS = {question.key: question for question in catalogue(10_000).questions}


def at(seconds: float) -> Instant:
    return Instant(START + int(seconds * SECOND))


def family_of(name: str) -> list[Question]:
    """Likeliest first."""
    members = [question for question in QUESTIONS.values() if question.family == name]
    return sorted(members, key=lambda question: -question.offset)


def beliefs_over(questions: list[Question], seed: int) -> Beliefs:
    beliefs = Beliefs(random.Random(seed), CoinPaths(seed, START))
    beliefs.add(questions, START)
    return beliefs


@pytest.mark.parametrize("seed", range(40))
def test_a_ladder_never_contradicts_itself(seed: int) -> None:
    ladder = family_of("cpi-26NOV")
    beliefs = beliefs_over(ladder, seed)
    beliefs.jump("cpi-26NOV", 0.4 * (seed % 5 - 2))
    outcomes = [beliefs.outcome(question) for question in ladder]
    assert outcomes == sorted(outcomes, reverse=True)
    chances = [beliefs.chance(question) for question in ladder]
    assert chances == sorted(chances, reverse=True)


@pytest.mark.parametrize("seed", range(40))
def test_exactly_one_of_an_exclusive_set_happens(seed: int) -> None:
    race = family_of("race-GOVOH")
    beliefs = beliefs_over(race, seed)
    beliefs.drift("race-GOVOH", at(9 * 3_600))
    assert sum(beliefs.outcome(question) for question in race) == 1
    assert sum(map(beliefs.chance, race)) == pytest.approx(1.0)


def test_outcomes_happen_as_often_as_their_chance_said() -> None:
    question = QUESTIONS["game-30-miami-orlando"]
    runs = [beliefs_over([question], seed) for seed in range(2_000)]
    happened = sum(beliefs.outcome(question) for beliefs in runs) / len(runs)
    assert happened == pytest.approx(runs[0].chance(question), abs=0.03)


def test_a_game_is_an_honest_forecast_while_it_is_being_decided() -> None:
    """Among the games that stand at 60 to 80 % with three minutes to go, 60 to 80 % are won."""
    question = QUESTIONS["game-30-miami-orlando"]
    wins: list[bool] = []
    for seed in range(3_000):
        beliefs = beliefs_over([question], seed)
        for second in range(0, question.closes_s - 180, 20):
            beliefs.drift(question.family, at(second))
        if 0.6 <= beliefs.chance(question) <= 0.8:
            wins.append(beliefs.outcome(question))
    assert len(wins) > 200
    assert 0.60 <= sum(wins) / len(wins) <= 0.80


def test_a_game_is_decided_when_it_closes() -> None:
    question = QUESTIONS["game-30-miami-orlando"]
    right = 0
    for seed in range(300):
        beliefs = beliefs_over([question], seed)
        beliefs.drift(question.family, at(question.closes_s))
        right += (beliefs.chance(question) > 0.5) == beliefs.outcome(question)
    assert right >= 285


def test_deciding_begins_before_the_close_and_only_in_the_open() -> None:
    game, rate = QUESTIONS["game-30-miami-orlando"], QUESTIONS["fed-27JAN-3.50"]
    beliefs = beliefs_over([game, rate], 1)
    assert not beliefs.is_deciding(game, at(game.closes_s - CLIMAX_S - 1))
    assert beliefs.is_deciding(game, at(game.closes_s - CLIMAX_S))
    assert not beliefs.is_deciding(rate, at(rate.closes_s))


def test_the_level_does_not_move_back_in_time_or_twice_at_once() -> None:
    question = QUESTIONS["fed-27JAN-3.50"]
    beliefs = beliefs_over([question], 1)
    beliefs.drift(question.family, at(60))
    after = beliefs.chance(question)
    beliefs.drift(question.family, at(60))
    beliefs.drift(question.family, at(30))
    assert beliefs.chance(question) == after


def test_news_moves_members_the_way_they_lean() -> None:
    for name in ("fed-27JAN", "race-GOVOH"):
        members = family_of(name)
        beliefs = beliefs_over(members, 1)
        before = {question.key: beliefs.chance(question) for question in members}
        beliefs.jump(name, 0.01)
        for question in members:
            moved = beliefs.chance(question) - before[question.key]
            assert moved * beliefs.lean(question) > 0


def test_deadlines_of_one_thing_agree() -> None:
    """What happens by December has also happened by March."""
    deadlines = sorted(family_of("topic-00"), key=lambda question: question.closes_s)
    for seed in range(50):
        outcomes = [beliefs_over(deadlines, seed).outcome(question) for question in deadlines]
        assert outcomes == sorted(outcomes)


def test_families_keep_the_order_of_the_questions() -> None:
    names = ("topic-00-40", "fed-27JAN-3.50", "fed-27JAN-3.75")
    questions = [QUESTIONS[name] for name in names]
    beliefs = beliefs_over(questions, 1)
    assert beliefs.families() == ["topic-00", "fed-27JAN"]
    assert [q.key for q in beliefs.members("fed-27JAN")] == list(names[1:])
    assert msgspec.json.encode(beliefs.members("topic-00")) == msgspec.json.encode(questions[:1])


def test_news_moves_no_coin() -> None:
    coins = [q for q in QUESTIONS.values() if q.family in {"btc-15m-0", "btc-close-0"}]
    assert len(coins) == 5
    assert beliefs_over(coins, 1).families() == []


@pytest.mark.parametrize("seed", range(10))
def test_a_coins_questions_follow_its_price_and_end_as_it_does(seed: int) -> None:
    ladder = family_of("btc-close-0")
    window = family_of("btc-15m-0")[0]
    paths, beliefs = CoinPaths(seed, START), beliefs_over([*ladder, window], seed)
    chances: list[float] = []
    for second in range(0, window.closes_s + 1, 30):
        for family in ("btc-close-0", "btc-15m-0"):
            beliefs.drift(family, at(second))
        by_strike = [beliefs.chance(question) for question in ladder]
        assert by_strike == sorted(by_strike, reverse=True)
        chances.append(beliefs.chance(window))
    assert window.coin is not None
    begin = paths.price("BTC", at(window.coin.starts_s))
    end = paths.price("BTC", at(window.closes_s))
    assert beliefs.outcome(window) == (end >= begin) == (chances[-1] == 1.0)
    assert len(set(chances)) > len(chances) // 2
    for question in ladder:
        assert question.coin is not None
        assert question.coin.strike is not None
        assert beliefs.outcome(question) == (end >= question.coin.strike * 1_000_000)
