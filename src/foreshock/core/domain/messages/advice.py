"""What was a language model asked, and what did it advise? Advice may veto, it never authorises.

AskModel -> ModelAnswered -> PairAdvised
         -> ModelFailed   -> PairAdvised (unreviewed)
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.relations import RelationKind
from foreshock.core.domain.terms import Terms
from foreshock.core.domain.units import Money

Advice: TypeAlias = Literal["agrees", "doubts", "vetoes", "unreviewed"]
"""doubts: same relation, but not sure or with a difference. unreviewed: no usable answer came, so
the rules decide alone."""
Purpose: TypeAlias = Literal["second-reading"]
"""Names the shape of the answer; one shape each."""


class AskModel(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Have a language model read something. material: untrusted text, fenced and bounded.

    cost_max: what the answer may cost at most; it is reserved until the answer or the failure.
    """

    ask_id: str
    purpose: Purpose
    instructions: str
    material: str
    output_tokens_max: int
    cost_max: Money


class ModelAnswered(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A model's answer, unread: JSON text when it kept to the shape it was given."""

    ask_id: str
    model: str
    text: str
    cost: Money
    input_tokens_count: int
    output_tokens_count: int


class ModelFailed(msgspec.Struct, frozen=True, tag=True):
    """No model answered. cost: what was charged all the same."""

    ask_id: str
    reason: str
    cost: Money


class PairAdvised(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """What a second reader says of a pair on these terms. relation: None when it is unreviewed.

    differences: what it says may pay differently, each in a few words: claims, not findings.
    """

    pair_id: str
    terms: Terms
    advice: Advice
    relation: RelationKind | None
    differences: tuple[str, ...]
    words: str
    model: str
    cost: Money


AdviceFact: TypeAlias = ModelAnswered | ModelFailed | PairAdvised
