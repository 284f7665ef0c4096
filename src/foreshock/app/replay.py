"""Would we decide the same again? A run folder replayed step by step against its journal."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from foreshock.adapters.storage.journal import JOURNAL_NAME, Drained, Step, Told, read_journal
from foreshock.adapters.storage.tape import TapeFrame, read_tape
from foreshock.app.baseline_store import recorded_past
from foreshock.app.recordings import open_folder
from foreshock.app.wiring import build, recorded_config
from foreshock.app.worker import Worker
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.ports import File


class Difference(msgspec.Struct, frozen=True):
    """The first place of a step where recording and replay part."""

    step: int
    recorded: str
    replayed: str


class Replayed(msgspec.Struct, frozen=True):
    """What a replay found. entries_count: things said that were compared."""

    steps_count: int
    frames_count: int
    entries_count: int
    differences: tuple[Difference, ...]


DIFFERENCES_MAX = 20


def replay_folder(folder: Path) -> Replayed:
    """Replay a run folder with the desk that its own start describes. Raises StorageError."""
    open_file = open_folder(folder)
    if not (folder / JOURNAL_NAME).is_file():
        raise StorageError(f"{folder} is not a run folder: it holds no {JOURNAL_NAME}")
    try:
        config = recorded_config(started(open_file))
    except msgspec.MsgspecError as error:
        raise StorageError(f"{folder} was recorded by another version: {error}") from error
    past = recorded_past(open_file, config.baselines)
    return replay(open_file, build(config, [], past=past).worker)


def started(open_file: Callable[[str], File]) -> DeskStarted:
    """How the recorded run was configured. Raises StorageError when it never started."""
    for step in read_journal(open_file(JOURNAL_NAME)):
        if isinstance(step.input, Told) and isinstance(step.input.message, DeskStarted):
            return step.input.message
    raise StorageError("the journal holds no start of a desk: nothing to replay")


def replay(open_file: Callable[[str], File], worker: Worker) -> Replayed:
    """Run every recorded step again and compare what is said, line by line.

    Raises StorageError for damage, or when the tape lacks frames the journal cites.
    """
    frames = read_tape(open_file)
    steps_count = frames_count = entries_count = 0
    differences: list[Difference] = []
    for step in read_journal(open_file(JOURNAL_NAME)):
        arrived = cited(step, frames)
        frames_count += len(arrived)
        again = worker.repeat(step, arrived)
        steps_count += 1
        entries_count += len(step.said)
        if again.said != step.said and len(differences) < DIFFERENCES_MAX:
            differences.append(_difference(step, again))
    return Replayed(steps_count, frames_count, entries_count, tuple(differences))


def cited(step: Step, frames: Iterator[TapeFrame]) -> list[TapeFrame]:
    """The frames from the last position up to the one this step cites.

    Raises StorageError when the tape ends before it.
    """
    if not isinstance(step.input, Drained):
        return []
    arrived: list[TapeFrame] = []
    for frame in frames:
        arrived.append(frame)
        if frame.frame_seq == step.input.frame_seq:
            return arrived
    raise StorageError(f"step {step.step} cites frame {step.input.frame_seq}; the tape ends before")


def _difference(recorded: Step, replayed: Step) -> Difference:
    for ours, theirs in zip(recorded.said, replayed.said, strict=False):
        if ours != theirs:
            return Difference(recorded.step, repr(ours), repr(theirs))
    return Difference(
        recorded.step, f"{len(recorded.said)} entries", f"{len(replayed.said)} entries"
    )
