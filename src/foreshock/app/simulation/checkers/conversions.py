"""Which splits, merges and redemptions left, and what can be proven of them? I1 and I2 for them.

One fold that the checkers of the books read, too. A conversion is proven when the desk says that it
was confirmed or changed nothing; one that a person took over, or that the desk lost sight of, may
have happened: the desk must have opened an incident, and books are compared as far as they can be.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from foreshock.app.simulation.observed import (
    Hearing,
    PhaseBegan,
    Said,
    Sent,
    TrueTransfer,
    Violation,
)
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.conversions import (
    ConversionClosed,
    ConversionRefused,
    SendConversion,
)
from foreshock.core.domain.messages.decisions import Halted, IncidentOpened
from foreshock.core.risk.halts import BY_LEASE

TURNED = frozenset({"split", "merge"})


class ConvertedOnce:
    """I2: a signed transaction leaves once, whatever comes back."""

    invariant = "I2"

    def __init__(self) -> None:
        self.unproven: dict[str, MarketId] = {}
        self.closed: list[ConversionClosed] = []
        self.true_cash: dict[str, int] = {}
        self._left: set[str] = set()
        self._told: set[str] = set()

    def hearings(self) -> Mapping[type, Hearing]:
        return {
            SendConversion: self._follow,
            ConversionRefused: self._follow,
            ConversionClosed: self._follow,
            TrueTransfer: self._turn,
            Sent: self._send,
            IncidentOpened: self._tell,
            Halted: self._send_there,
            PhaseBegan: self._judge,
        }

    @property
    def is_under_way(self) -> bool:
        """Whether the desk let one leave of which it does not know the end."""
        taken_over = {c.conversion_id for c in self.closed if c.outcome == "taken_over"}
        return bool(self.unproven.keys() - taken_over)

    def unproven_at(self, venue: str) -> set[MarketId]:
        """Markets of a venue in which something may have happened."""
        return {m for m in self.unproven.values() if m.partition(":")[0] == venue}

    def _follow(self, said: Said) -> Iterable[Violation]:
        match said.message:
            case SendConversion(conversion_id=name, market=market):
                self.unproven[name] = market
            case ConversionRefused(conversion_id=name):
                self.unproven.pop(name, None)
            case ConversionClosed(conversion_id=name):
                self.closed.append(said.message)
                if said.message.outcome != "taken_over":
                    self.unproven.pop(name, None)
            case _:
                pass
        return ()

    def _tell(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, IncidentOpened):
            self._told.add(said.message.about)
        return ()

    def _send_there(self, said: Said) -> Iterable[Violation]:
        """Another computer took the account over: a person is sent to the one that knows."""
        if isinstance(said.message, Halted) and said.message.by == BY_LEASE:
            self._told |= self.unproven.keys()
        return ()

    def _judge(self, began: PhaseBegan) -> Iterator[Violation]:
        """I1: at rest nothing may have happened of which nobody was told."""
        for name in sorted(self.unproven.keys() - self._told) if began.phase == "rest" else ():
            words = f"{name} left, may have happened, and stands in no incident"
            yield Violation(began.at_us, "I1", words)

    def _turn(self, moved: TrueTransfer) -> Iterable[Violation]:
        if moved.kind in TURNED:
            self.true_cash[moved.venue] = self.true_cash.get(moved.venue, 0) + moved.amount
        return ()

    def _send(self, sent: Sent) -> Iterator[Violation]:
        if sent.kind != "settle":
            return
        digest = hashlib.sha256(sent.body).hexdigest()
        if digest in self._left:
            yield Violation(sent.at_us, self.invariant, f"transaction {digest[:12]} left again")
        self._left.add(digest)
