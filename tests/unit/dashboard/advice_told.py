"""One valid message of every kind about the second reader."""

from foreshock.core.domain.messages import advice as v
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.terms import Terms
from foreshock.core.domain.units import Money


def advice_messages() -> list[Message]:
    return [
        v.AskModel(
            ask_id="q1",
            purpose="second-reading",
            instructions="compare",
            material="{}",
            output_tokens_max=10,
            cost_max=Money(30_000),
        ),
        v.ModelAnswered(
            ask_id="q1",
            model="a-model",
            text="{}",
            cost=Money(20_000),
            input_tokens_count=100,
            output_tokens_count=10,
        ),
        v.ModelFailed("q1", "overloaded", Money(0)),
        v.PairAdvised(
            pair_id="pair-1",
            terms=Terms("a", "b"),
            advice="vetoes",
            relation="subset",
            differences=("b ends a day later",),
            words="the deadlines differ",
            model="a-model",
            cost=Money(20_000),
        ),
    ]
