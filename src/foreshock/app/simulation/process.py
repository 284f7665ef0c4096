"""How does a desk process live in the simulation? It starts as a real one does, and may be killed.

A process has a context with the clocks of its machine. When it is killed everything around it stops
obeying: the disk refuses, the network does not answer, what it says is not heard. What its code
still does while it is torn down has no effect.
"""

import asyncio
import contextvars
import hashlib
import random
import traceback
from collections.abc import Iterator
from functools import partial
from typing import cast

import msgspec

from foreshock.adapters import clock
from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.disk import Mount
from foreshock.adapters.storage.tape import TapeFrame
from foreshock.adapters.venues.order_path import RequestKind as SignedKind
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.app.build_hash import build_hash
from foreshock.app.desk_run import OpenedDesk, Plan, open_desk, run_desk
from foreshock.app.inbox import Arrival
from foreshock.app.lease import Claimant, Lease, account_name, take_lease
from foreshock.app.live_mode import Live
from foreshock.app.signer import Vault
from foreshock.app.signer_wire import (
    Greeting,
    Headers,
    PublicAccount,
    Question,
    Refused,
    Signed,
    SignGreeting,
    SignHandshake,
    SignRequest,
)
from foreshock.app.simulation.chronicle import Chronicle
from foreshock.app.simulation.ground import URLS, Ground
from foreshock.app.simulation.ledgers import BOOKED, ledgers_of
from foreshock.app.simulation.machines import LeaseHandle, Machine, SimLease
from foreshock.app.simulation.network import ProcessNetwork
from foreshock.app.simulation.observed import (
    FrameArrived,
    FrameKind,
    ProcessEnded,
    ProcessStarted,
    RequestKind,
    Said,
    Sent,
)
from foreshock.app.simulation.sinks import tell_notice, tell_prompt, tell_request
from foreshock.app.simulation.venues import KEY_ID, Venues
from foreshock.app.simulation.virtual_loop import VirtualLoop
from foreshock.app.simulation.words import ANSWER_S, answer
from foreshock.app.venues import KalshiLink, PolymarketLink
from foreshock.core.domain.errors import ConfigError, ForeshockError, VenueUnavailableError
from foreshock.core.domain.markets import Pair
from foreshock.core.domain.messages.account import OrderPrepared
from foreshock.core.domain.messages.advice import AskModel
from foreshock.core.domain.messages.market_data import ConnectionOpened
from foreshock.core.domain.messages.trading import OrderAccepted, PlaceOrder
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.core.strategies.atomic_arb import AtomicArb

MODE = "live"
KINDS: dict[SignedKind, RequestKind] = {
    "place": "place",
    "cancel": "cancel",
    "amend": "reset",
    "read": "read",
    "heartbeat": "beat",
    "settle": "settle",
}


class VaultSigner:
    """The signer process, asked without a socket."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.kinds: dict[int, SignedKind] = {}

    def sign(self, unsigned: Unsigned, now_us: Instant) -> HttpRequest:
        """Raises ConfigError when the signer refuses."""
        answer = self._ask(SignRequest(unsigned, now_us))
        if not isinstance(answer, Signed):
            raise VenueUnavailableError("the signer answered something else")
        self.kinds[hash(answer.request)] = unsigned.kind
        return answer.request

    def handshake(self, venue: str, now_us: Instant) -> tuple[tuple[str, str], ...]:
        """Raises as `sign`."""
        answer = self._ask(SignHandshake(venue, now_us))
        return answer.headers if isinstance(answer, Headers) else ()

    def greeting(self, venue: str, text: str) -> str:
        """Raises as `sign`."""
        answer = self._ask(SignGreeting(venue, text))
        return answer.text if isinstance(answer, Greeting) else ""

    def _ask(self, question: Question) -> object:
        answer = self._vault.answer(question)
        if isinstance(answer, Refused):
            raise ConfigError(f"the signer refuses: {answer.words}")
        return answer


class Orders:
    """The orders behind what leaves, found by the digest of its body or by the venue's name."""

    def __init__(self) -> None:
        self._placed: dict[str, PlaceOrder] = {}
        self._by_digest: dict[str, OrderPrepared] = {}
        self._by_name: dict[str, str] = {}

    def hear(self, message: Message) -> None:
        """Follow what the desk says of its orders."""
        match message:
            case PlaceOrder(order_id=order_id):
                self._placed[order_id] = message
            case OrderPrepared(order_id=order_id, venue_order_id=name):
                self._by_digest[message.digest] = message
                if name is not None:
                    self._by_name[name] = order_id
            case OrderAccepted(order_id=order_id, venue_order_id=name):
                self._by_name[name] = order_id
            case _:
                pass

    def describe(self, sent: Sent) -> Sent:
        """The same with the order it is about."""
        if sent.kind == "cancel":
            words = f"{sent.path} {sent.body.decode(errors='replace')}"
            names = [order_id for name, order_id in self._by_name.items() if name in words]
            return msgspec.structs.replace(sent, order_id=names[0] if names else "")
        prepared = self._by_digest.get(hashlib.sha256(sent.body).hexdigest())
        if sent.kind != "place" or prepared is None:
            return sent
        placed = self._placed[prepared.order_id]
        names = (prepared.client_id, prepared.venue_order_id)
        return msgspec.structs.replace(
            sent,
            order_id=prepared.order_id,
            keys=tuple(name for name in names if name is not None),
            market=placed.market,
            outcome=placed.outcome,
            action=placed.action,
            limit=placed.limit,
            quantity=placed.quantity,
        )


class Surroundings(msgspec.Struct, frozen=True):
    """What a process finds when it starts. adviser: what a model answers is drawn from it."""

    loop: VirtualLoop
    chronicle: Chronicle
    ground: Ground
    venues: Venues
    pairs: tuple[Pair, ...]
    leases: dict[str, SimLease]
    adviser: random.Random | None = None


class SimProcess:
    """One desk from its start to its end. number: counts from 1 over the whole run."""

    def __init__(self, number: int, around: Surroundings, machine: Machine) -> None:
        self.number = number
        self.is_alive = True
        self.words = ""
        self.machine = machine
        self.opened: OpenedDesk | None = None
        self._around = around
        self._signer = VaultSigner(around.venues.vault())
        self._orders = Orders()
        self._user_connections: set[int] = set()
        self._has_booked = False
        self._task: asyncio.Task[None] | None = None

    # ---- living and dying --------------------------------------------------------------------

    def start(self) -> None:
        """Begin, in a context of its own."""
        context = contextvars.copy_context()
        context.run(clock.follow, self.machine)
        around = self._around
        self.machine.disk.rules.on_crash = self.kill
        self._task = around.loop.create_task(self._live(), context=context)

    def kill(self) -> None:
        """End it without a last word."""
        if not self.is_alive:
            return
        self._end(was_killed=True, words="killed")
        if self._task is not None:
            self._around.loop.call_soon(self._task.cancel)

    def stop(self, reason: str) -> None:
        """Ask it to end in order."""
        if self.opened is not None and self.is_alive:
            self.opened.desk.stop(reason)

    def tell(self, message: Message) -> None:
        """Something from outside reaches its inbox."""
        if self.opened is not None and self.is_alive:
            self.opened.desk.inbox.put(message)

    async def ended(self) -> None:
        """Until nothing of it runs any more."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _live(self) -> None:
        """What a person's `foreshock live` does, with other hosts and another disk."""
        words = "ended"
        try:
            await self._run()
        except asyncio.CancelledError:
            words = "cancelled"
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - what ends a process is told
            leaves = list(_leaves(error))
            words = "; ".join(f"{type(leaf).__name__}: {leaf}" for leaf in leaves)
            self._tell("exception", _where(error).encode())
            if self.is_alive:
                strange = [leaf for leaf in leaves if not isinstance(leaf, ForeshockError)]
                self._around.loop.failures += [_where(leaf) for leaf in strange]
        finally:
            self._end(was_killed=False, words=words)

    async def _run(self) -> None:
        around, config = self._around, self._around.ground.config
        settings = around.ground.settings
        network = ProcessNetwork(around.venues.by_url(), self)
        live = Live(settings, config.accounts, config.fees, self._signer, network)
        live.leases += [self._lease(account) for account in config.accounts]
        around.chronicle.see(ProcessStarted(self._now_us(), self.number, build_hash(), MODE))
        await live.prepare((AtomicArb.name,), config.scanner.clip_quantity_max)
        links = (
            PolymarketLink(
                network.transport(URLS["gamma"]),
                network.transport(URLS["clob"]),
                network.connector(settings.polymarket.stream_url),
            ),
            KalshiLink(
                network.transport(URLS["kalshi"]),
                network.connector(settings.kalshi.stream_url),
                self._signer,
            ),
        )
        plan = Plan(config, settings, links, around.pairs, live=live)
        home = Mount(self.machine.disk, lambda: self.is_alive)
        run = f"runs/{self.number:06d}-{MODE}"
        self.opened = open_desk(plan, home, run, [self._hear])
        self.opened.desk.inbox.overhear = self._overhear
        if around.adviser is not None:
            self.opened.desk.consult(partial(self._advise, around.adviser))
        self.opened.desk.notify(lambda notify: tell_notice(self._tell, notify))
        await run_desk(self.opened, [], lambda words: self._tell("log", words.encode()))

    def _lease(self, account: PublicAccount) -> Lease:
        """Raises ConfigError when another desk trades on the account."""
        name = account_name(account, KEY_ID)
        file = LeaseHandle(self._around.leases.setdefault(name, SimLease()), self)
        claimant = Claimant(build_hash(), f"process {self.number}", self.machine.name)
        return take_lease(name, file, claimant, self.machine.wall_us())

    def _end(self, *, was_killed: bool, words: str) -> None:
        if self.is_alive:
            self.is_alive = False
            self.words = words
            self._around.chronicle.see(ProcessEnded(self._now_us(), self.number, was_killed, words))

    # ---- what an onlooker sees ---------------------------------------------------------------

    def describe(self, venue: str, request: HttpRequest, number: int) -> Sent:
        """A request that leaves."""
        tell_request(self._tell, request)
        signed = self._signer.kinds.get(hash(request))
        sent = Sent(
            at_us=self._now_us(),
            process=self.number,
            number=number,
            venue=venue,
            kind="other" if signed is None else KINDS[signed],
            method=request.method,
            path=request.path,
            body=request.body,
        )
        return self._orders.describe(sent)

    def _hear(self, step: int, entry: Entry, _now_us: Instant) -> None:
        if not self.is_alive:
            return
        message = entry.message
        self._orders.hear(message)
        if isinstance(message, BOOKED) and not self._has_booked:
            self._has_booked = True
            self._around.loop.call_soon(self._show_ledger)
        chronicle = self._around.chronicle
        if chronicle.is_heard(message):
            is_input = entry.cause is None
            said = Said(self._now_us(), self.number, step, entry.sender, message, is_input)
            chronicle.see(said)

    def _show_ledger(self) -> None:
        """The books once the batch that touched them is worked through."""
        self._has_booked = False
        if self.opened is not None:
            for shown in ledgers_of(self.opened.agents, self._now_us(), self.number):
                self._around.chronicle.see(shown)

    def _overhear(self, arrival: Arrival) -> None:
        if isinstance(arrival, TapeFrame):
            if self.is_alive:
                self._around.chronicle.see(
                    FrameArrived(
                        self._now_us(), self.number, arrival.connection, self._kind(arrival)
                    )
                )
        elif isinstance(arrival, ConnectionOpened) and arrival.feed.endswith("-user"):
            self._user_connections.add(arrival.connection)

    def _kind(self, frame: TapeFrame) -> FrameKind:
        if frame.kind == "http":
            return "books"
        if frame.payload == b"PONG":
            return "alive"
        return "user" if frame.connection in self._user_connections else "data"

    def _advise(self, rng: random.Random, question: AskModel) -> None:
        """A model is asked, and says something a while later."""
        tell_prompt(self._tell, question)
        said = answer(question, rng)
        self._around.chronicle.fault(self._now_us(), "hostile advice")
        self._around.loop.call_later(rng.uniform(*ANSWER_S), self.tell, said)

    def _tell(self, sink: str, data: bytes) -> None:
        if self.is_alive:
            self._around.chronicle.sink(self._now_us(), sink, data)

    def _now_us(self) -> Instant:
        return self._around.loop.now_us()


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The errors within groups."""
    if isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        for inner in group.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _where(error: BaseException) -> str:
    """An error that nobody foresaw, with the place it came from."""
    return "".join(traceback.format_exception(error)).strip()
