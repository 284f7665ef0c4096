"""What goes wrong with computers and people? Clocks, crashes, disks, slowness, and hands."""

from collections.abc import Callable, Iterable, Mapping

from foreshock.adapters.sim.kalshi_auth import DEFAULT_MEMBER
from foreshock.app.simulation.mix import Strength
from foreshock.app.simulation.observed import Hearing, RequestKind, Sent, Violation
from foreshock.app.simulation.scene import Scene
from foreshock.app.simulation.troubles_venue import KALSHI, POLYMARKET, pull
from foreshock.app.wiring import VENUES
from foreshock.core.domain.messages.account import VenueDisarmed
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.units import SECOND

SKEWS_S = (0.0, 0.2, -0.2, 0.7, -0.7, 5.0, -5.0, 30.0, 3_600.0, -3_600.0)
ACTS_MAX = 120
"""A crash is ordered for one of so many acts of the disk."""
ROOM_MAX = 60_000
FLIGHT_S = 0.12
"""An order is there and its answer back within about so long."""
TURNING_S = 8.0
"""A transaction is final after about so long."""
IN_FLIGHT_SHARE = 0.3
"""Of orders, at full strength, during whose flight something happens."""
MEMORIES = ("halts.json", "open-packages.json", "verdicts.jsonl", "risk.json")
"""Files that a start reads; the newest journal is the other thing that can be damaged."""


class InFlight:
    """Does something, now and then, while a request of a kind is in flight; hears as a checker."""

    invariant = "in flight"

    def __init__(
        self, scene: Scene, kind: RequestKind, share: float, act: Callable[[], None]
    ) -> None:
        self._scene = scene
        self._kind = kind
        self._share = share
        self._act = act

    def hearings(self) -> Mapping[type, Hearing]:
        """Requests that leave."""
        return {Sent: self._hear}

    def _hear(self, sent: Sent) -> Iterable[Violation]:
        if sent.kind == self._kind and self._scene.rng.random() < self._share:
            self._act()
        return ()


def clock(scene: Scene, strength: Strength) -> None:
    """The wall clock is wrong, and steps."""

    def step() -> None:
        skew_s = scene.rng.choice(SKEWS_S) * scene.rng.uniform(0.5, 1.0)
        scene.fault("clock step", f"to {skew_s:+.1f} s")
        scene.machine.skew_us = int(skew_s * SECOND)

    scene.every(25 / strength, step)


def crash(scene: Scene, strength: Strength) -> None:
    """The process dies: at an act of the disk, at any moment, or politely."""

    def strike() -> None:
        kind = scene.rng.choice(("act", "act", "moment", "stop"))
        if kind == "act":
            scene.crash_at_act(scene.rng.randint(1, ACTS_MAX))
        elif kind == "moment":
            scene.crash("killed")
        elif scene.process is not None:
            scene.fault("stopped politely")
            scene.process.stop("a person stopped it")

    def strike_in_flight() -> None:
        scene.after(
            scene.rng.uniform(0.0, FLIGHT_S), lambda: scene.crash("with an order in flight")
        )

    def strike_while_turning() -> None:
        scene.after(
            scene.rng.uniform(0.0, TURNING_S), lambda: scene.crash("with sets being turned")
        )

    scene.every(30 / strength, strike)
    share = strength * IN_FLIGHT_SHARE
    scene.chronicle.watch(InFlight(scene, "place", share, strike_in_flight))
    scene.chronicle.watch(InFlight(scene, "settle", strength, strike_while_turning))


def disk(scene: Scene, strength: Strength) -> None:
    """The disk is full for a while, or turns a bit of what a start must read."""

    def fill() -> None:
        scene.fault("disk full")
        scene.machine.disk.rules.room = scene.rng.randrange(ROOM_MAX)
        scene.after(scene.rng.uniform(3.0, 25.0), lambda: _make_room(scene))

    def flip() -> None:
        scene.crash("killed")
        journals = [name for name in scene.machine.disk.contents if name.endswith(".fsj")]
        name = scene.rng.choice((*MEMORIES, *journals[-1:]))
        if scene.machine.disk.flip(name, scene.rng) is not None:
            scene.fault("bit flipped", name)
            scene.damaged.add(name)

    scene.every(45 / strength, fill)
    scene.every(60 / strength, flip)


def _make_room(scene: Scene) -> None:
    scene.machine.disk.rules.room = None


def slow(scene: Scene, strength: Strength) -> None:
    """The loop stalls; signing and fsync take long."""

    def stall() -> None:
        seconds = scene.rng.uniform(0.1, 3.0)
        scene.fault("loop stalled", f"{seconds:.1f} s")
        scene.loop.stall(seconds)

    def drag() -> None:
        scene.fault("slow disk and signer")
        scene.costs.slow_s = scene.rng.uniform(0.05, 2.5) * strength
        scene.after(scene.rng.uniform(1.0, 10.0), lambda: _hurry(scene))

    scene.every(20 / strength, stall)
    scene.every(25 / strength, drag)
    scene.on_heal(lambda: _hurry(scene))


def _hurry(scene: Scene) -> None:
    scene.costs.slow_s = 0.0


def people(scene: Scene, strength: Strength) -> None:
    """Somebody halts, resumes and disarms at any moment."""

    def meddle() -> None:
        process = scene.process
        if process is None:
            return
        scope = scene.rng.choice(("all", *VENUES))
        kind = scene.rng.choice(("halt", "halt", "resume", "disarm"))
        scene.fault(f"person: {kind}", scope)
        if kind == "halt":
            process.tell(HaltRequested(scope, "somebody", "a feeling"))
        elif kind == "resume":
            process.tell(ResumeRequested(scope, "somebody"))
        elif scope in VENUES:
            process.tell(VenueDisarmed(scope, "somebody"))

    def meddle_in_flight() -> None:
        scene.after(scene.rng.uniform(0.0, FLIGHT_S), meddle)

    scene.every(12 / strength, meddle)
    scene.chronicle.watch(InFlight(scene, "place", strength * IN_FLIGHT_SHARE, meddle_in_flight))


def hands(scene: Scene, strength: Strength) -> None:
    """Somebody trades by hand on the same account."""

    def trade() -> None:
        pair = scene.rng.choice(scene.pairs)
        count = str(scene.rng.randint(1, 5))
        scene.fault("traded by hand")
        is_kalshi = scene.rng.random() < 1 / 2
        scene.note_hand("kalshi" if is_kalshi else "polymarket")
        if is_kalshi:
            ticker = pair.b.partition(":")[2]
            order = {"ticker": ticker, "side": "bid", "price": "0.95", "count": count}
            pull(
                scene, KALSHI, "trade", {**order, "member": DEFAULT_MEMBER, "time_in_force": "ioc"}
            )
        else:
            market = scene.venues.world.polymarket.market(pair.a.partition(":")[2])
            token = market.listing.market.outcome_ids[0]
            order = {"token_id": token, "side": "BUY", "price": "0.99", "size": "5"}
            pull(scene, POLYMARKET, "trade", {**order, "wallet": scene.venues.wallet})

    scene.every(40 / strength, trade)
