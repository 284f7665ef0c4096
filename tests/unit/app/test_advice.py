"""Questions leave the loop and come back as one message each, whatever happens."""

import asyncio
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.llm import ModelStandIn
from foreshock.app.advice import Advisers, second_reader_settings
from foreshock.app.config import Settings, load_settings
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.advice import AskModel, ModelAnswered, ModelFailed
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Money
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.second_reading import INSTRUCTIONS, material

TABLE = """
[local]
wire = "openai"
provider = "local"
base_url = "{url}"
input_dollars = "1"
output_dollars = "2"
"""


@pytest.fixture
def stand_in() -> Iterator[tuple[ModelStandIn, str]]:
    """A language model on loopback, and its address."""
    model = ModelStandIn()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            answer = model.handle(HttpRequest("POST", self.path, (), body))
            self.send_response(answer.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield model, f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def home_with(tmp_path: Path, url: str) -> Path:
    (tmp_path / "models.toml").write_text(TABLE.format(url=url))
    key = tmp_path / "keys" / "local.key"
    key.parent.mkdir()
    key.write_text("not-a-real-key")
    key.chmod(0o600)
    return tmp_path


def settings(models: str = "local") -> Settings:
    return load_settings({"advice": {"models": models}})


def question() -> AskModel:
    contract = ContractText(id=MarketId("a:1"), venue="a", title="BTC above 90?")
    return AskModel(
        ask_id="q1",
        purpose="second-reading",
        instructions=INSTRUCTIONS,
        material=material(contract, contract),
        output_tokens_max=100,
        cost_max=Money(1_000),
    )


async def asked(home: Path) -> list[Message]:
    heard: list[Message] = []
    done = asyncio.Event()

    def put(message: Message) -> None:
        heard.append(message)
        done.set()

    advisers = Advisers(settings(), home, put)
    advisers.ask(question())
    await asyncio.wait_for(done.wait(), 30)
    await advisers.close()
    return heard


def test_without_a_name_nobody_reads(tmp_path: Path) -> None:
    assert second_reader_settings(settings(""), tmp_path) is None


def test_the_dearest_model_sets_what_is_reserved(tmp_path: Path) -> None:
    found = second_reader_settings(settings("claude-haiku-5-5,claude-sonnet-5-5"), tmp_path)
    assert found is not None
    assert (found.input_price, found.output_price) == (Money(2_000_000), Money(10_000_000))
    assert found.spend_per_day_max == Money(1_000_000)


async def test_an_answer_comes_back_over_the_wire(
    tmp_path: Path, stand_in: tuple[ModelStandIn, str]
) -> None:
    (answer,) = await asked(home_with(tmp_path, stand_in[1]))
    assert isinstance(answer, ModelAnswered)
    assert (answer.ask_id, answer.model) == ("q1", "local")
    assert answer.cost > 0


async def test_a_refusal_comes_back_as_one_failure(
    tmp_path: Path, stand_in: tuple[ModelStandIn, str]
) -> None:
    stand_in[0].failure = (401, b'{"error":{"message":"bad key"}}')
    (answer,) = await asked(home_with(tmp_path, stand_in[1]))
    assert isinstance(answer, ModelFailed)
    assert answer.cost == 0
    assert "not-a-real-key" not in answer.reason


async def test_a_disk_that_refuses_leaves_no_pair_waiting(
    tmp_path: Path, stand_in: tuple[ModelStandIn, str]
) -> None:
    home = home_with(tmp_path, stand_in[1])
    (home / "answers").write_text("a file where a folder should be")
    (answer,) = await asked(home)
    assert isinstance(answer, ModelFailed)
    assert answer.cost == question().cost_max


def test_a_missing_key_is_told_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text(TABLE.format(url="http://127.0.0.1:1/v1"))
    with pytest.raises(ConfigError, match=r"local\.key"):
        Advisers(settings(), tmp_path, print)
