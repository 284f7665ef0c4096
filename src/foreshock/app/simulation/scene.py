"""What is there in one simulated run? Venues, machines, desk processes and the person at them."""

import random
from collections.abc import Callable

from foreshock.adapters.sim.disk import SimDisk
from foreshock.adapters.sim.hosts import TEST_CASH
from foreshock.adapters.sim.kalshi_auth import DEFAULT_MEMBER
from foreshock.adapters.sim.world import WorldSettings
from foreshock.app.simulation.chronicle import Chronicle
from foreshock.app.simulation.ground import Ground, ground, with_reader, with_wallet
from foreshock.app.simulation.machines import Machine
from foreshock.app.simulation.mix import Mix
from foreshock.app.simulation.network import Wire
from foreshock.app.simulation.observed import Durable, PhaseBegan, TrueTransfer
from foreshock.app.simulation.person import EVERYWHERE, NAME, Person
from foreshock.app.simulation.process import SimProcess, Surroundings
from foreshock.app.simulation.sinks import tell_stored
from foreshock.app.simulation.truth import TruthReader
from foreshock.app.simulation.venues import Venues
from foreshock.app.simulation.virtual_loop import VirtualLoop
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.units import Instant, Money

MISPRICING_EVERY_S = 5.0
POWER_LOSS_SHARE = 0.5
PROCESSES_MAX = 60
WALLET_KINDS = (1, 2, 3)
FILED_COUNT = 2
"""Pairs that a file names where words matter: the others must be found, and be read once more."""
OFFLOADED_S = (0.0005, 0.004)
"""What a signature or an fsync takes on a quiet machine."""


class Costs:
    """How long a signature or an fsync takes. slow_s: how much longer at most, just now."""

    def __init__(self, seed: int) -> None:
        self.slow_s = 0.0
        self._rng = random.Random(f"{seed} costs")

    def __call__(self, _: object) -> float:
        """Of one call, in seconds."""
        return self._rng.uniform(*OFFLOADED_S) + self._rng.random() * self.slow_s


class Scene:
    """One run. is_hurting: whether faults may happen. damaged: files in which a bit was turned."""

    def __init__(
        self, seed: int, mix: Mix, loop: VirtualLoop, costs: Costs, chronicle: Chronicle
    ) -> None:
        self.rng = random.Random(f"{seed} scene")
        self.mix = mix
        self.loop = loop
        self.chronicle = chronicle
        self.is_hurting = True
        self.costs = costs
        self.damaged: set[str] = set()
        self._mending: list[Callable[[], None]] = []
        self.person = Person(random.Random(f"{seed} person"))
        base = ground_of(mix, seed)
        wire = Wire(loop, chronicle)
        settings = WorldSettings(
            markets_max=0, mispricing_every_s=MISPRICING_EVERY_S, pair_ids=mix.pair_ids
        )
        self.venues = Venues(seed, base, settings, wire)
        self.pairs = tuple(base.pairs[name] for name in mix.pair_ids)
        self._machines_count = 0
        self.machine = self.new_machine()
        self.processes: list[SimProcess] = []
        filed, adviser = self.pairs, None
        if any(name == "text" for name, _ in mix.troubles):
            filed, adviser = filed[:FILED_COUNT], random.Random(f"{seed} adviser")
        self._around = Surroundings(loop, chronicle, base, self.venues, filed, {}, adviser)
        self._truths = self._readers(base)
        self.venues.touched = self.read_truth

    # ---- time --------------------------------------------------------------------------------

    @property
    def now_us(self) -> Instant:
        """True time."""
        return self.loop.now_us()

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Something happens later, if faults may still happen then."""
        self.loop.call_later(seconds, self._if_hurting, act)

    def every(self, mean_s: float, act: Callable[[], None]) -> None:
        """Something happens again and again, at random, while faults may happen."""

        def again() -> None:
            act()
            self.after(self.rng.expovariate(1 / mean_s), again)

        self.after(self.rng.expovariate(1 / mean_s), again)

    def whenever(self, seconds: float, act: Callable[[], None]) -> None:
        """Something happens later, in whatever phase."""
        self.loop.call_later(seconds, act)

    def on_heal(self, act: Callable[[], None]) -> None:
        """Mend this when healing begins."""
        self._mending.append(act)

    def note_hand(self, venue: str) -> None:
        """Somebody else used the account."""
        self.chronicle.see(TrueTransfer(self.now_us, venue, "hand", Money(0)))

    def tell_sink(self, sink: str, data: bytes) -> None:
        """Bytes left a process."""
        self.chronicle.sink(self.now_us, sink, data)

    def fault(self, kind: str, words: str = "") -> None:
        """A fault takes effect now."""
        self.chronicle.fault(self.now_us, kind, words)

    def _if_hurting(self, act: Callable[[], None]) -> None:
        if self.is_hurting:
            act()

    # ---- processes ---------------------------------------------------------------------------

    @property
    def process(self) -> SimProcess | None:
        """The process that the person sees: the newest one that lives."""
        living = [process for process in self.processes if process.is_alive]
        return living[-1] if living else None

    def new_machine(self) -> Machine:
        """Another computer with a disk of its own."""

        def witness(name: str, offset: int, data: bytes) -> None:
            number = self.processes[-1].number if self.processes else 0
            self.chronicle.see(Durable(self.now_us, number, name, offset, data))
            tell_stored(self.tell_sink, name, data)

        self._machines_count += 1
        return Machine(f"computer {self._machines_count}", self.loop, SimDisk(witness))

    def start(self, machine: Machine) -> SimProcess:
        """Start the desk."""
        process = SimProcess(len(self.processes) + 1, self._around, machine)
        self.processes.append(process)
        process.start()
        return process

    def crash(self, words: str) -> None:
        """The process dies now; with it, every other time, the computer."""
        process = self.process
        if process is None:
            return
        process.kill()
        disk = process.machine.disk
        if self.rng.random() < POWER_LOSS_SHARE:
            lost = disk.lose_power(self.rng)
            self.fault("power lost", f"{words}, {lost} bytes gone")
        else:
            disk.survive()
            self.fault("process killed", words)

    def crash_at_act(self, count: int) -> None:
        """The process dies in the middle of a coming act of the disk."""
        rules = self.machine.disk.rules
        rules.crash_in = count
        rules.on_crash = lambda: self.crash(f"at act {self.machine.disk.acts_count} of the disk")

    def start_twin(self) -> None:
        """A second desk on the same account, on a computer of its own."""
        if len(self.processes) < PROCESSES_MAX:
            self.start(self.new_machine())

    def attend(self) -> None:
        """The person looks, again and again."""
        process = self.process
        if process is None:
            self._repair()
            self.start(self.machine)
        else:
            self.person.look(process, self.now_us)
        self.loop.call_later(self.person.pause_s(), self.attend)

    def _repair(self) -> None:
        """What a start refused to read is removed, or moved away, where the refusal says so."""
        words = self.processes[-1].words if self.processes else ""
        for name in list(self.machine.disk.contents):
            if name in words and "ConfigError" in words and "move" in words:
                del self.machine.disk.contents[name]
                self.chronicle.reach("damaged file refused")
                self.person.doubt()

    # ---- the venues' own truth ---------------------------------------------------------------

    def read_truth(self) -> None:
        """Tell what changed for our account at the exchanges."""
        for reader in self._truths:
            for observed in reader.read(self.now_us):
                self.chronicle.see(observed)

    def _readers(self, base: Ground) -> list[TruthReader]:
        parts, world = self.venues.parts, self.venues.world
        clob, kalshi = parts.clob, parts.kalshi
        wallet, private = base.holder.wallet.lower(), clob.private
        for venue in (world.polymarket, world.kalshi):
            name = venue.policy.venue
            self.chronicle.see(TrueTransfer(self.now_us, name, "deposit", TEST_CASH))
        return [
            TruthReader(world.polymarket, wallet, private.desk.settlements, private.chain),
            TruthReader(world.kalshi, kalshi.members.account(DEFAULT_MEMBER, 0)),
        ]

    # ---- phases ------------------------------------------------------------------------------

    def enter_healing(self) -> None:
        """No new fault, all links up, nobody plays tricks."""
        self.is_hurting = False
        self.chronicle.see(PhaseBegan(self.now_us, "heal"))
        self.venues.world.calm()
        for host in self.venues.hosts.values():
            host.calm_down()
        for mend in self._mending:
            mend()
        self.machine.skew_us = 0
        self.machine.disk.rules.room = None
        self.machine.disk.rules.crash_in = None

    def close_up(self) -> None:
        """The person halts everything and resumes nothing any more."""
        self.person.is_closing = True
        if self.process is not None:
            self.process.tell(HaltRequested(EVERYWHERE, NAME, "closing time"))

    def enter_rest(self) -> None:
        """Whatever was to converge has."""
        self.read_truth()
        self.chronicle.see(PhaseBegan(self.now_us, "rest"))


def ground_of(mix: Mix, seed: int) -> Ground:
    """What the desk of a seed is: read by a model where words matter, a wallet where sets do."""
    names = {name for name, _ in mix.troubles}
    base = ground()
    if "sets" in names:
        base = with_wallet(base, random.Random(f"{seed} wallet").choice(WALLET_KINDS))
    return with_reader(base) if "text" in names else base
