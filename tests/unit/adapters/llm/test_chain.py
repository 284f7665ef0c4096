import json
from pathlib import Path

import httpx2
import pytest

from foreshock.adapters.llm.cache import AnswerCache
from foreshock.adapters.llm.chain import ModelChain
from foreshock.adapters.llm.terms import ModelTerms
from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.llm import ModelStandIn
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.advice import AskModel, ModelAnswered, ModelFailed
from foreshock.core.domain.units import Money
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.second_reading import INSTRUCTIONS, judged, material, read

CANARY = "canary-5f2d"
FIRST = ModelTerms(
    "claude-haiku-5-5", "anthropic", "anthropic", "http://a.test", Money(100_000), Money(500_000)
)
SECOND = ModelTerms(
    "deepseek-v4-flash", "openai", "deepseek", "http://b.test", Money(150_000), Money(600_000)
)
KEYS = {"anthropic": CANARY, "deepseek": CANARY}
OVERLOADED = (529, b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}')
REFUSED = (401, b'{"error":{"message":"bad key"}}')


class Models:
    """A chain of two whose hosts are stand-ins in memory."""

    def __init__(self, folder: Path) -> None:
        self.hosts = {"a.test": ModelStandIn(), "b.test": ModelStandIn()}
        transport = httpx2.MockTransport(self._handle)
        self.chain = ModelChain([FIRST, SECOND], KEYS, AnswerCache(folder), transport)

    @property
    def first(self) -> ModelStandIn:
        return self.hosts["a.test"]

    @property
    def second(self) -> ModelStandIn:
        return self.hosts["b.test"]

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        headers = tuple((name.lower(), value) for name, value in request.headers.items())
        asked = HttpRequest(request.method, request.url.path, headers, request.content)
        answer = self.hosts[request.url.host].handle(asked)
        return httpx2.Response(answer.status, headers=list(answer.headers), content=answer.body)


def contract(title: str) -> ContractText:
    return ContractText(id=MarketId("polymarket:0x1"), venue="polymarket", title=title)


def question(a: str = "Will BTC be above 90 in May?", b: str = "BTC above 90 in May?") -> AskModel:
    return AskModel(
        ask_id="q1",
        purpose="second-reading",
        instructions=INSTRUCTIONS,
        material=material(contract(a), contract(b)),
        output_tokens_max=500,
        cost_max=Money(50_000),
    )


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(tmp_path / "answers")


async def test_the_first_model_answers_and_its_cost_is_rounded_up(models: Models) -> None:
    found = await models.chain.ask(question())
    assert isinstance(found, ModelAnswered)
    assert found.model == "claude-haiku-5-5"
    micros = found.input_tokens_count * 100_000 + found.output_tokens_count * 500_000
    assert found.cost == -(-micros // 1_000_000) > 0
    assert judged(read(found.text), "identity") == "agrees"
    assert models.second.requests == []


async def test_a_difference_comes_through_as_a_veto(models: Models) -> None:
    found = await models.chain.ask(question(b="Will BTC be above 95 in May?"))
    assert isinstance(found, ModelAnswered)
    reading = read(found.text)
    assert reading is not None
    assert judged(reading, "identity") == "vetoes"
    assert "only one says 95" in reading.differences


@pytest.mark.parametrize("failure", [OVERLOADED, REFUSED, (500, b"<html>"), (200, b"<html>")])
async def test_the_next_model_is_asked_when_one_fails(
    models: Models, failure: tuple[int, bytes]
) -> None:
    models.first.failure = failure
    found = await models.chain.ask(question())
    assert isinstance(found, ModelAnswered)
    assert found.model == "deepseek-v4-flash"


async def test_no_model_left_is_a_failure_that_names_each(models: Models) -> None:
    models.first.failure = OVERLOADED
    models.second.failure = REFUSED
    found = await models.chain.ask(question())
    assert isinstance(found, ModelFailed)
    assert "claude-haiku-5-5" in found.reason
    assert "deepseek-v4-flash" in found.reason


async def test_an_answer_that_is_no_json_is_charged_at_its_most(models: Models) -> None:
    models.first.answer = models.second.answer = "I cannot help with that."
    found = await models.chain.ask(question())
    assert isinstance(found, ModelFailed)
    assert found.cost == 2 * question().cost_max


async def test_a_question_asked_before_costs_nothing(models: Models) -> None:
    before = await models.chain.ask(question())
    again = await models.chain.ask(question())
    assert isinstance(before, ModelAnswered)
    assert isinstance(again, ModelAnswered)
    assert (again.text, again.cost) == (before.text, 0)
    assert len(models.first.requests) == 1


async def test_a_spoilt_cache_file_is_asked_again(models: Models, tmp_path: Path) -> None:
    await models.chain.ask(question())
    for path in (tmp_path / "answers").iterdir():
        path.write_bytes(b"{")
    await models.chain.ask(question())
    assert len(models.first.requests) == 2


async def test_no_tools_are_offered_and_the_shape_is_asked_for(models: Models) -> None:
    models.first.failure = OVERLOADED
    await models.chain.ask(question())
    sent = [json.loads(host.requests[-1].body) for host in (models.first, models.second)]
    assert not any("tools" in body for body in sent)
    shapes = (
        sent[0]["output_config"]["format"]["schema"],
        sent[1]["response_format"]["json_schema"]["schema"],
    )
    for shape in shapes:
        assert sorted(shape["required"]) == ["differences", "relation", "sure_percent", "words"]


async def test_keys_go_nowhere_but_into_their_header(models: Models, tmp_path: Path) -> None:
    models.first.failure = REFUSED
    models.second.failure = (500, b"no")
    found = await models.chain.ask(question())
    assert CANARY not in str(found)
    models.second.failure = None
    await models.chain.ask(question())
    assert all(CANARY not in file.read_text() for file in (tmp_path / "answers").iterdir())
    assert models.second.requests[-1].body.find(CANARY.encode()) == -1
    assert dict(models.second.requests[-1].headers)["authorization"] == f"Bearer {CANARY}"
