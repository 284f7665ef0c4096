"""How do questions reach the language models? Beside the loop, never in it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from foreshock.adapters.llm.cache import AnswerCache
from foreshock.app.config import Settings, config_folder
from foreshock.app.models_file import MODELS_FILE, load_keys, load_models
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.messages.advice import AskModel, ModelAnswered, ModelFailed
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Money, parse_micros
from foreshock.core.matching.second_reader import SecondReaderSettings

CACHE_FOLDER = "answers"
MISSING_EXTRA = (
    "advice.models asks for language models, which need more than the plain install: "
    "run `pip install 'foreshock[llm]'`, or leave advice.models empty"
)


def second_reader_settings(settings: Settings, home: Path) -> SecondReaderSettings | None:
    """None when no model is to be asked. Raises ConfigError saying what to change."""
    models = load_models(settings.advice.models, _files(home))
    if not models:
        return None
    return SecondReaderSettings(
        spend_per_day_max=Money(parse_micros(settings.advice.spend_per_day_dollars)),
        input_price=max(model.input_price for model in models),
        output_price=max(model.output_price for model in models),
    )


class Advisers:
    """Asks and puts what comes back into the inbox; every question ends in one message."""

    def __init__(self, settings: Settings, home: Path, put: Callable[[Message], None]) -> None:
        try:
            from foreshock.adapters.llm.chain import ModelChain  # noqa: PLC0415 - an extra, slow to load
        except ImportError as error:
            raise ConfigError(MISSING_EXTRA) from error
        models = load_models(settings.advice.models, _files(home))
        self._chain = ModelChain(models, load_keys(models, home), AnswerCache(home / CACHE_FOLDER))
        self._put = put
        self._tasks: set[asyncio.Task[None]] = set()

    def ask(self, question: AskModel) -> None:
        """Start asking."""
        task = asyncio.get_running_loop().create_task(self._ask(question))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up what is under way and drop the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._chain.close()

    async def _ask(self, question: AskModel) -> None:
        answer: ModelAnswered | ModelFailed
        try:
            answer = await self._chain.ask(question)
        except StorageError as error:
            answer = ModelFailed(question.ask_id, str(error), question.cost_max)
        except Exception as error:  # noqa: BLE001 - a library's slip must not leave a pair waiting
            reason = f"{type(error).__name__} while asking"
            answer = ModelFailed(question.ask_id, reason, question.cost_max)
        self._put(answer)


def _files(home: Path) -> tuple[Path, Path]:
    return config_folder() / MODELS_FILE, home / MODELS_FILE
