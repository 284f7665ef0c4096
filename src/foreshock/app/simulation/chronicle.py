"""What happened in a simulated run, in which order, and how much of it? One hash over all of it.

Everything that is told to the onlooker passes here first. The hash covers what crossed a seam (the
wire without authentication headers, frames, bytes that became durable, faults): two runs of a seed
with equal hashes were the same run.
"""

import hashlib
from collections import Counter
from collections.abc import Callable

import msgspec

from foreshock.app.simulation.observed import (
    Answered,
    Checker,
    Durable,
    FaultHappened,
    Observed,
    Onlooker,
    PhaseBegan,
    ProcessEnded,
    ProcessStarted,
    Said,
    Sent,
    SinkWritten,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant

Trace = Callable[[str], None]
CROSSING = (Answered, FaultHappened, PhaseBegan, ProcessEnded, ProcessStarted)
"""Hashed as they are; `Sent`, frames and durable bytes in a way of their own."""


class Chronicle:
    """Counts, hashes and passes on. trace: gets a line for everything, None for silence."""

    def __init__(self, onlooker: Onlooker, trace: Trace | None = None) -> None:
        self.onlooker = onlooker
        self.events_count = 0
        self.faults: Counter[str] = Counter()
        self.reached: Counter[str] = Counter()
        self._trace = trace
        self._digest = hashlib.sha256()
        self._encoder = msgspec.msgpack.Encoder()

    def watch(self, checker: Checker) -> None:
        """One more who hears everything."""
        self.onlooker.add(checker)

    @property
    def digest(self) -> str:
        """The hash of everything so far."""
        return self._digest.hexdigest()

    def see(self, observed: Observed) -> None:
        """Count an observation and let the checkers judge it."""
        self.events_count += 1
        self._hash(observed)
        if self._trace is not None:
            self._trace(line(observed))
        self.onlooker.see(observed)

    def sink(self, at_us: Instant, sink: str, data: bytes) -> None:
        """Bytes left a process: for whoever looks for keys, and for nobody else."""
        self.onlooker.see(SinkWritten(at_us, sink, data))

    def is_heard(self, message: Message) -> bool:
        """Whether anybody would notice that it is said; if not, it is counted already."""
        kind = type(message)
        if self._trace is not None or self.onlooker.hears(kind) or self.onlooker.hears(Said):
            return True
        self.events_count += 1
        return False

    def frame(self, at_us: Instant, connection: int, data: bytes) -> None:
        """A frame left a venue: hashed here, told when the desk receives it."""
        self._digest.update(b"%d %d " % (at_us, connection))
        self._digest.update(data)

    def fault(self, at_us: Instant, kind: str, words: str = "") -> None:
        """A fault took effect."""
        self.faults[kind] += 1
        self.see(FaultHappened(at_us, kind, words))

    def reach(self, state: str) -> None:
        """A rare state was reached."""
        self.reached[state] += 1

    def _hash(self, observed: Observed) -> None:
        match observed:
            case Said():
                return  # its bytes are hashed when they become durable
            case Sent():
                where = f"{observed.at_us} {observed.method} {observed.path} "
                self._digest.update(where.encode())
                self._digest.update(observed.body)
            case Durable(name=name, offset=offset, data=data) if "tape" not in name:
                self._digest.update(f"{observed.at_us} {name} {offset} ".encode())
                self._digest.update(data)
            case _ if isinstance(observed, CROSSING):
                self._digest.update(self._encoder.encode(observed))
            case _:
                pass


def line(observed: Observed) -> str:
    """One line of a trace."""
    kind = type(observed).__name__
    match observed:
        case Said(sender=sender, step=step, message=message):
            return f"{observed.at_us} step {step} {sender}: {message}"
        case Durable(name=name, offset=offset, data=data):
            return f"{observed.at_us} durable {name} {offset}+{len(data)}"
        case Sent(method=method, path=path, number=number):
            words = observed.body.decode(errors="replace")
            return f"{observed.at_us} sent #{number} {observed.kind} {method} {path} {words}"
        case _:
            fields = msgspec.structs.asdict(observed)
            at_us = fields.pop("at_us")
            return f"{at_us} {kind} " + " ".join(f"{k}={v}" for k, v in fields.items())
