"""What does an onlooker of the simulated world see, who stands outside the desk?

The simulation tells each of these the moment it happens; the checkers read nothing else. Wire,
disk and the exchanges' own books are the truth; what the desk says is only ever compared with it.

    process    ProcessStarted ProcessEnded PhaseBegan FaultHappened
    desk       Said (every message, the moment it is folded), LedgerShown
    disk       Durable (bytes that a crash at this moment would spare)
    wire       Sent -> Arrived | Lost, Answered, FrameArrived
    venue      TrueOrder TrueFill TrueHoldings TrueTransfer TruePayout
    anywhere   SinkWritten (every byte that leaves: log, journal, HTTP answers, exception texts)

Orders are named as the venue names them; `keys` holds every name under which a place request may
be found there (client id, order hash). Prices are of the named outcome.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, Protocol, TypeAlias

import msgspec

from foreshock.core.domain.markets import Action, MarketId, Outcome
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.orders import FillStatus
from foreshock.core.domain.positions import Account, Asset
from foreshock.core.domain.units import Instant, Money, Price, Quantity

Phase: TypeAlias = Literal["hurt", "heal", "rest"]
"""hurt: faults happen. heal: no new fault, all links up. rest: converged, or it never will."""
RequestKind: TypeAlias = Literal["place", "cancel", "read", "beat", "reset", "settle", "other"]
FrameKind: TypeAlias = Literal["data", "alive", "books", "user"]
"""alive: says only that the socket is open. books: an answer of REST with order books."""
TransferKind: TypeAlias = Literal["deposit", "withdrawal", "split", "merge", "hand", "lie"]
"""hand: somebody else on the account. lie: the venue's books were made wrong on purpose."""


class ProcessStarted(msgspec.Struct, frozen=True):
    """A desk process began: after a crash, or a second one beside the first. Counts from 1."""

    at_us: Instant
    process: int
    build: str
    mode: str


class ProcessEnded(msgspec.Struct, frozen=True):
    """A desk process is gone. was_killed: without a last word."""

    at_us: Instant
    process: int
    was_killed: bool
    words: str


class PhaseBegan(msgspec.Struct, frozen=True):
    """The world entered another phase."""

    at_us: Instant
    phase: Phase


class FaultHappened(msgspec.Struct, frozen=True):
    """A fault took effect (not: was drawn). kind: as counted in the report."""

    at_us: Instant
    kind: str
    words: str


class Said(msgspec.Struct, frozen=True, gc=False):
    """A message of a step of the desk; is_input: it came from outside the agents."""

    at_us: Instant
    process: int
    step: int
    sender: str
    message: Message
    is_input: bool


class LedgerShown(msgspec.Struct, frozen=True):
    """The balances of a ledger of the desk after a step that changed it; owner: the agent."""

    at_us: Instant
    process: int
    owner: str
    balances: Mapping[tuple[Account, Asset], int]


class Durable(msgspec.Struct, frozen=True, gc=False):
    """`data` of a file became durable at `offset`: behind everything before it.

    name: of the file, with its run when there are several, ending in journal.fsj for a journal.
    A process that cuts a torn tail off says so with empty data and the new size as offset.
    """

    at_us: Instant
    process: int
    name: str
    offset: int
    data: bytes


class Sent(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A request left a gateway: from here on nobody can take it back. `number` names it.

    order_id: ours, as in PlaceOrder or CancelOrder; "" for everything else. What follows it is
    read from the order behind a `place` and None otherwise.
    """

    at_us: Instant
    process: int
    number: int
    venue: str
    kind: RequestKind
    method: str
    path: str
    body: bytes
    order_id: str = ""
    keys: tuple[str, ...] = ()
    market: MarketId | None = None
    outcome: Outcome | None = None
    action: Action | None = None
    limit: Price | None = None
    quantity: Quantity | None = None


class Arrived(msgspec.Struct, frozen=True, gc=False):
    """A request reached the venue; a duplicated one arrives again under its number."""

    at_us: Instant
    number: int


class Lost(msgspec.Struct, frozen=True, gc=False):
    """A request will not reach the venue any more."""

    at_us: Instant
    number: int


class Answered(msgspec.Struct, frozen=True, gc=False):
    """The desk got the answer to a request; status None: it gave up waiting."""

    at_us: Instant
    process: int
    number: int
    status: int | None


class FrameArrived(msgspec.Struct, frozen=True, gc=False):
    """The desk received a frame of a connection, or an answer with books beside it."""

    at_us: Instant
    process: int
    connection: int
    kind: FrameKind


class TrueOrder(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An order of our account at the exchange, whenever it changes. keys: as in Sent."""

    at_us: Instant
    venue: str
    venue_order_id: str
    keys: tuple[str, ...]
    market: MarketId
    outcome: Outcome
    action: Action
    limit: Price
    quantity: Quantity
    filled: Quantity
    can_trade: bool


class TrueFill(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A fill of our account at the exchange, at the match and whenever its status changes.

    cash: signed change of our cash at the match, the fee included; undone by a revert.
    """

    at_us: Instant
    venue: str
    fill_id: str
    venue_order_id: str
    market: MarketId
    outcome: Outcome
    action: Action
    quantity: Quantity
    price: Price
    fee: Money
    cash: Money
    status: FillStatus


class TrueHoldings(msgspec.Struct, frozen=True, kw_only=True):
    """Cash and contracts of our account at the exchange, whenever they change.

    As of the match: what a revert may still take back is in. contracts: of each outcome, zero
    left out.
    """

    at_us: Instant
    venue: str
    cash: Money
    contracts: tuple[tuple[MarketId, Outcome, Quantity], ...]


class TrueTransfer(msgspec.Struct, frozen=True, gc=False):
    """Cash came to our account otherwise than by a fill or a payout; negative: it went.

    The first deposit of a run is one of these.
    """

    at_us: Instant
    venue: str
    kind: TransferKind
    amount: Money


class TruePayout(msgspec.Struct, frozen=True, gc=False):
    """A market was settled: YES pays `yes_payout`, and this is what our account got for it."""

    at_us: Instant
    venue: str
    market: MarketId
    yes_payout: Price
    received: Money


class SinkWritten(msgspec.Struct, frozen=True, gc=False):
    """Bytes left the process.

    sink: log, journal, tape, http, export, notification, prompt or exception.
    """

    at_us: Instant
    sink: str
    data: bytes


Observed: TypeAlias = (
    ProcessStarted
    | ProcessEnded
    | PhaseBegan
    | FaultHappened
    | Said
    | LedgerShown
    | Durable
    | Sent
    | Arrived
    | Lost
    | Answered
    | FrameArrived
    | TrueOrder
    | TrueFill
    | TrueHoldings
    | TrueTransfer
    | TruePayout
    | SinkWritten
)


class Violation(msgspec.Struct, frozen=True):
    """An invariant does not hold. invariant: I1 ... I12."""

    at_us: Instant
    invariant: str
    words: str


Hearing: TypeAlias = Callable[[Any], Iterable[Violation]]
"""Hears one kind of observation; the key it stands under says which."""


class Checker(Protocol):
    """One invariant, folded from observations alone: never from the code that it judges."""

    invariant: str

    def hearings(self) -> Mapping[type, Hearing]:
        """By observation type, and by message type for the `Said` that carries it."""
        ...


class Onlooker:
    """Passes each observation to the checkers that hear its kind, in their order."""

    def __init__(self, checkers: Iterable[Checker]) -> None:
        self._hearings: dict[type, tuple[Hearing, ...]] = {}
        self.violations: list[Violation] = []
        for checker in checkers:
            self.add(checker)

    def add(self, checker: Checker) -> None:
        """One more, who hears after the others."""
        for kind, hearing in checker.hearings().items():
            self._hearings[kind] = (*self._hearings.get(kind, ()), hearing)

    def see(self, observed: Observed) -> None:
        """What is violated by it is in `violations` afterwards."""
        for hearing in self._hearings.get(type(observed), ()):
            self.violations += hearing(observed)
        if isinstance(observed, Said):
            for hearing in self._hearings.get(type(observed.message), ()):
                self.violations += hearing(observed)

    def hears(self, kind: type) -> bool:
        """Whether anybody would notice: what nobody hears need not be built."""
        return kind in self._hearings
