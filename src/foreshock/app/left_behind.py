"""What does a run find of the ones before it, and what must it keep for the next? All in one value.

Halts, verdicts and open packages have files of their own; this is about limits and about books.
"""

from collections.abc import Callable

import msgspec

from foreshock.app.desk_memory import DeskMemory
from foreshock.app.limits_record import LimitsRecord
from foreshock.app.recorder import Recorded
from foreshock.app.wiring import DeskConfig
from foreshock.app.worker import Ear
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.ports import Folder


class LeftBehind(msgspec.Struct, frozen=True):
    """config: with the limits that hold. messages: heard right after the start, in this order.

    listeners and recorded keep it up to date. markets: where something is held; booked: where by
    now.
    """

    config: DeskConfig
    messages: tuple[Message, ...]
    listeners: tuple[Ear, ...]
    recorded: tuple[Recorded, ...]
    markets: tuple[MarketId, ...]
    booked: Callable[[], tuple[MarketId, ...]]

    def followed(self) -> frozenset[str]:
        """Conversions of earlier runs whose end this one finds out."""
        restored = (each.memory for each in self.messages if isinstance(each, DeskRestored))
        words = (words for memory in restored for words in memory.conversions)
        return frozenset(word.conversion_id for each in words for word in each)


def left_behind(config: DeskConfig, home: Folder, run: str, now_us: Instant) -> LeftBehind:
    """Read it. Raises ConfigError when it cannot be read: nobody may trade past it."""
    memory, limits = DeskMemory(home, config, run), LimitsRecord(home, config.mode)
    restored = memory.restored(now_us)
    adopted, told = limits.adopt(config)
    return LeftBehind(
        adopted,
        (*restored, *told),
        (Ear(memory.listen, memory.hears), Ear(limits.listen, limits.hears)),
        (memory.recorded, limits.recorded),
        memory.markets(),
        memory.markets,
    )
