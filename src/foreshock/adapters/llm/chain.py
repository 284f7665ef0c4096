"""Which language model answers, and what did it cost? The first of a chain that can.

A model that is overloaded, slow or refuses its key passes the question on to the next; only when
none answers is there a ModelFailed. No tools are offered in the call, and the answer is returned
unread: its shape is checked by whoever asked. Needs the extra `llm`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
import msgspec
from pydantic_ai import Agent, NativeOutput, StructuredDict, UsageLimits
from pydantic_ai.exceptions import AgentRunError, ModelAPIError
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

from foreshock.adapters.llm.cache import AnswerCache
from foreshock.adapters.llm.terms import ModelTerms
from foreshock.core.domain.messages.advice import AskModel, ModelAnswered, ModelFailed, Purpose
from foreshock.core.domain.units import MICRO, NOTHING, Money
from foreshock.core.matching.second_reading import Reading

TIMEOUT_S = 60.0
REASON_CHARS_MAX = 200
SHAPES: Mapping[Purpose, type[msgspec.Struct]] = {"second-reading": Reading}


class ModelChain:
    """Asks one model after the other. Close it when done."""

    def __init__(
        self,
        terms: Sequence[ModelTerms],
        keys: Mapping[str, str],
        cache: AnswerCache,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._client = httpx2.AsyncClient(
            transport=transport, timeout=TIMEOUT_S, follow_redirects=False, trust_env=False
        )
        self._cache = cache
        self._models = [(one, _model(one, keys[one.provider], self._client)) for one in terms]

    async def ask(self, question: AskModel) -> ModelAnswered | ModelFailed:
        """The first answer; a question asked before is answered from the cache, for nothing."""
        digest = _digest(question)
        known = self._cache.get(digest)
        if known is not None:
            return msgspec.structs.replace(known, ask_id=question.ask_id, cost=NOTHING)
        reasons: list[str] = []
        charged = NOTHING
        for terms, model in self._models:
            found = await _ask_one(terms, model, question)
            if isinstance(found, ModelAnswered):
                self._cache.put(digest, found)
                return msgspec.structs.replace(found, cost=Money(found.cost + charged))
            charged = Money(charged + found.cost)
            reasons.append(f"{terms.name}: {found.reason}")
        return ModelFailed(question.ask_id, "; ".join(reasons), charged)

    async def close(self) -> None:
        """Drop the connections."""
        await self._client.aclose()


async def _ask_one(
    terms: ModelTerms, model: Model, question: AskModel
) -> ModelAnswered | ModelFailed:
    """Ask one model once. An answer that is no JSON may have cost anything: the most is charged."""
    shape = msgspec.json.schema(SHAPES[question.purpose])
    agent = Agent(
        model,
        output_type=NativeOutput(StructuredDict(_inlined(shape), name="answer")),
        instructions=question.instructions,
        retries=0,
    )
    try:
        done = await agent.run(
            question.material,
            usage_limits=UsageLimits(request_limit=1),
            model_settings={"max_tokens": question.output_tokens_max, "timeout": TIMEOUT_S},
        )
    except ModelAPIError as error:
        return ModelFailed(question.ask_id, str(error)[:REASON_CHARS_MAX], NOTHING)
    except (AgentRunError, httpx2.HTTPError) as error:
        reason = f"{type(error).__name__}: {error}"[:REASON_CHARS_MAX]
        return ModelFailed(question.ask_id, reason, question.cost_max)
    used = done.usage
    return ModelAnswered(
        ask_id=question.ask_id,
        model=terms.name,
        text=msgspec.json.encode(done.output).decode(),
        cost=_cost(terms, used.input_tokens, used.output_tokens),
        input_tokens_count=used.input_tokens,
        output_tokens_count=used.output_tokens,
    )


def _model(terms: ModelTerms, key: str, client: httpx2.AsyncClient) -> Model:
    if terms.wire == "anthropic":
        provider = AnthropicProvider(api_key=key, base_url=terms.base_url, http_client=client)
        return AnthropicModel(terms.name, provider=provider)
    speaker = OpenAIProvider(base_url=terms.base_url, api_key=key, http_client=client)
    return OpenAIChatModel(terms.name, provider=speaker)


def _cost(terms: ModelTerms, input_tokens: int, output_tokens: int) -> Money:
    """Rounded up to the micro-dollar."""
    micros = input_tokens * terms.input_price + output_tokens * terms.output_price
    return Money(-(-micros // MICRO))


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """The object itself in place of a reference, without the bounds that no provider promises."""
    (shape,) = schema["$defs"].values()
    properties = {
        name: {key: value for key, value in told.items() if key in {"type", "enum", "items"}}
        for name, told in shape["properties"].items()
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _digest(question: AskModel) -> str:
    said = (question.purpose, question.instructions, question.material)
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()
