"""How is a language model spoken to, and what does it charge?"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.units import Money

Wire: TypeAlias = Literal["anthropic", "openai"]


class ModelTerms(msgspec.Struct, frozen=True):
    """One model: its wire, whose key it needs, and micro-dollars for a million tokens."""

    name: str
    wire: Wire
    provider: str
    base_url: str
    input_price: Money
    output_price: Money
