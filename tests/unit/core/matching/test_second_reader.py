import json
from collections.abc import Sequence

import msgspec

from foreshock.core.domain.messages.advice import AskModel, ModelAnswered, ModelFailed, PairAdvised
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.matching import PairDecided, PairRelated
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.terms import Terms
from foreshock.core.domain.units import Instant, Money
from foreshock.core.matching.second_reader import DAY, TIMER, SecondReader, SecondReaderSettings
from tests.trading import START, A, B
from tests.unit.core.matching.told import found, kalshi, poly

SETTINGS = SecondReaderSettings(
    spend_per_day_max=Money(1_000_000),
    input_price=Money(3_000_000),
    output_price=Money(15_000_000),
    output_tokens_max=1_000,
    chars_per_token_min=3,
)
AGREED = json.dumps({
    "relation": "identity",
    "sure_percent": 99,
    "differences": [],
    "words": "same",
})
VETOED = json.dumps({
    "relation": "subset",
    "sure_percent": 80,
    "differences": ["b also pays on a tie"],
    "words": "ties",
})


def related(pair_id: str = "p1", **changes: object) -> PairRelated:
    return PairRelated(pair_id, "label", found(A, B, **changes), Terms("a1", "b1"))


def decided(pair_id: str = "p1") -> PairDecided:
    return PairDecided(
        pair_id=pair_id,
        a=A,
        b=B,
        relation="identity",
        label="label",
        verdict="accept",
        origin="person",
        by="Ada",
        note="",
        version=1,
        terms=Terms("a1", "b1"),
        decided_us=START,
    )


class Read:
    """A reader that knows both markets; `tell` returns what it said."""

    def __init__(self, **changes: object) -> None:
        self.reader = SecondReader(msgspec.structs.replace(SETTINGS, **changes))
        self.tell(MarketListed(poly()))
        self.tell(MarketListed(kalshi()))

    def tell(self, message: Message, at_us: int = START) -> list[Message]:
        return list(self.reader.handle(message, Instant(at_us)))


def asked(said: Sequence[Message]) -> list[AskModel]:
    return [message for message in said if isinstance(message, AskModel)]


def answered(question: AskModel, text: str, cost: int = 20_000) -> ModelAnswered:
    return ModelAnswered(
        ask_id=question.ask_id,
        model="m",
        text=text,
        cost=Money(cost),
        input_tokens_count=1,
        output_tokens_count=1,
    )


def test_a_pair_that_may_trade_is_read_once_more() -> None:
    read = Read()
    (question,) = asked(read.tell(related()))
    assert json.loads(question.material)["a"]["title"] == poly().title
    (advised,) = read.tell(answered(question, AGREED))
    assert isinstance(advised, PairAdvised)
    assert (advised.pair_id, advised.advice, advised.terms) == ("p1", "agrees", Terms("a1", "b1"))


def test_a_veto_names_its_claims() -> None:
    read = Read()
    (question,) = asked(read.tell(related()))
    (advised,) = read.tell(answered(question, VETOED))
    assert isinstance(advised, PairAdvised)
    assert advised.advice == "vetoes"
    assert advised.differences == ("b also pays on a tie",)


def test_an_answer_in_no_known_shape_is_told_as_such() -> None:
    read = Read()
    (question,) = asked(read.tell(related()))
    (advised,) = read.tell(answered(question, "Sure! I accept this pair."))
    assert isinstance(advised, PairAdvised)
    assert (advised.advice, advised.relation) == ("unreviewed", None)


def test_what_cannot_trade_is_not_worth_a_question() -> None:
    read = Read()
    assert read.tell(related(relation="subset", decision="review")) == []
    assert read.tell(related(decision="reject")) == []


def test_a_persons_word_needs_no_second_reader() -> None:
    read = Read()
    read.tell(decided())
    assert read.tell(related()) == []


def test_the_same_question_is_asked_once() -> None:
    read = Read()
    (question,) = asked(read.tell(related()))
    assert asked(read.tell(related(confidence_ppm=950_000))) == []
    read.tell(answered(question, AGREED))
    assert asked(read.tell(related(confidence_ppm=940_000))) == []


def test_changed_terms_are_a_new_question() -> None:
    read = Read()
    (first,) = asked(read.tell(related()))
    changed = msgspec.structs.replace(related(), terms=Terms("a2", "b1"))
    (second,) = asked(read.tell(changed))
    assert first.ask_id != second.ask_id


def test_no_more_questions_are_under_way_than_allowed() -> None:
    read = Read(under_way_max=2)
    said = [asked(read.tell(related(f"p{n}"))) for n in range(4)]
    assert [len(questions) for questions in said] == [1, 1, 0, 0]
    after = read.tell(answered(said[0][0], AGREED))
    assert [q.ask_id.partition("/")[0] for q in asked(after)] == ["p2"]


def test_the_days_spend_counts_questions_under_way_at_their_most() -> None:
    question = asked(Read().tell(related()))[0]
    read = Read(spend_per_day_max=Money(question.cost_max * 2 - 1))
    assert len(asked(read.tell(related("p1")))) == 1
    told, timer = read.tell(related("p2"))
    assert isinstance(told, PairAdvised)
    assert (told.pair_id, told.advice) == ("p2", "unreviewed")
    assert timer == SetTimer(TIMER, SETTINGS.retry_after)
    assert [type(m) for m in read.tell(TimerFired(TIMER))] == [SetTimer], "it is told once"


def test_a_new_day_has_a_new_budget() -> None:
    question = asked(Read().tell(related()))[0]
    read = Read(spend_per_day_max=question.cost_max)
    (first,) = asked(read.tell(related("p1")))
    read.tell(answered(first, AGREED, cost=question.cost_max))
    assert asked(read.tell(related("p2"))) == []
    assert asked(read.tell(TimerFired(TIMER))) == []
    (second,) = asked(read.tell(TimerFired(TIMER), START + DAY))
    assert second.ask_id.startswith("p2/")


def test_a_failure_is_tried_again_later_and_not_for_ever() -> None:
    read = Read(attempts_max=2)
    (question,) = asked(read.tell(related()))
    failed = ModelFailed(question.ask_id, "overloaded", Money(0))
    told, timer = read.tell(failed)
    assert isinstance(told, PairAdvised)
    assert (told.advice, told.words) == ("unreviewed", "overloaded")
    assert timer == SetTimer(TIMER, SETTINGS.retry_after)
    assert asked(read.tell(TimerFired(TIMER))) == [question]
    assert read.tell(failed) == []
    assert read.tell(TimerFired(TIMER)) == []


def test_an_answer_nobody_asked_for_changes_nothing_but_the_spend() -> None:
    read = Read()
    (question,) = asked(read.tell(related()))
    stray = msgspec.structs.replace(answered(question, AGREED), ask_id="other")
    assert read.tell(stray) == []
    assert len(read.tell(answered(question, AGREED))) == 1
