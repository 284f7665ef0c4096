"""What do the messages of the second reader say, in plain English? Their rows of `words`."""

from collections.abc import Callable, Mapping
from typing import Any

from foreshock.core.domain.messages import advice as v
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import format_micros
from foreshock.dashboard.quoting import quoted

ADVICE = {
    "agrees": "a language model sees no difference",
    "doubts": "a language model is not sure that it is the same bet",
    "vetoes": "a language model says that it is another bet",
    "unreviewed": "no language model has read this pair, the rules decide alone",
}


def _ask_model(x: v.AskModel) -> tuple[str, str]:
    return x.ask_id, f"a language model is asked, for ${format_micros(x.cost_max, 2)} at most"


def _answered(x: v.ModelAnswered) -> tuple[str, str]:
    return x.ask_id, f"{quoted(x.model)} answered for ${format_micros(x.cost, 2)}"


def _failed(x: v.ModelFailed) -> tuple[str, str]:
    return x.ask_id, f"no language model answered: {quoted(x.reason)}"


def _advised(x: v.PairAdvised) -> tuple[str, str]:
    claims = "; ".join(x.differences) or x.words
    return x.pair_id, f"{ADVICE[x.advice]}: {quoted(claims)}"


ADVICE_SAYINGS: Mapping[type[Message], Callable[[Any], tuple[str, str]]] = {
    v.AskModel: _ask_model,
    v.ModelAnswered: _answered,
    v.ModelFailed: _failed,
    v.PairAdvised: _advised,
}
