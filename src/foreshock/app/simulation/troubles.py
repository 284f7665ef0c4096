"""What goes wrong around the desk? Each trouble schedules its own faults for the hurt phase.

A trouble is a function of a scene and its strength. It may do whatever the world can do; what it
leaves broken is mended when healing begins.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from foreshock.app.simulation.mix import TROUBLES, Strength
from foreshock.app.simulation.network import Host
from foreshock.app.simulation.observed import Hearing, Said, Sent, Violation
from foreshock.app.simulation.scene import Scene
from foreshock.app.simulation.troubles_machine import clock, crash, disk, hands, people, slow
from foreshock.app.simulation.troubles_sets import sets
from foreshock.app.simulation.troubles_venue import conditions, markets, partials, settlement, text
from foreshock.core.domain.messages.trading import PlaceOrder

Trouble: TypeAlias = Callable[[Scene, Strength], None]
REQUEST_CHANCES = (
    "request_lost",
    "answer_lost",
    "request_late",
    "answer_late",
    "request_twice",
    "error_before",
    "error_after",
    "answer_spoiled",
    "connect_refused",
)
FRAME_CHANCES = ("frame_lost", "frame_twice", "frame_late")
REQUEST_CHANCE_MAX = 0.3
FRAME_CHANCE_MAX = 0.06
LIE_CHANCE_MAX = 0.2
LOST_SHARE = 0.7
SKEW = 2
"""Small chances are commoner than great ones: where every third request fails, nobody trades."""
TRADING_HOSTS = {"polymarket": "clob", "kalshi": "kalshi"}
CHANCE_SHARE = 0.5
"""Of the chances of a kind that a host gets."""


class LostOnTheWay:
    """Loses, now and then, an order that was to reduce risk; hears as a checker does.

    Only such an order is sent once more when it is proven absent, and that takes ten quiet seconds:
    by mere chance it hardly ever happens.
    """

    invariant = "lost on the way"

    def __init__(self, scene: Scene, share: float) -> None:
        self._scene = scene
        self._share = share
        self._reducing: set[str] = set()

    def hearings(self) -> Mapping[type, Hearing]:
        """What is decided, and what leaves."""
        return {PlaceOrder: self._note, Sent: self._lose}

    def _note(self, said: Said) -> Iterable[Violation]:
        if isinstance(said.message, PlaceOrder) and said.message.purpose != "enter":
            self._reducing.add(said.message.order_id)
        return ()

    def _lose(self, sent: Sent) -> Iterable[Violation]:
        scene = self._scene
        if sent.kind == "place" and sent.order_id in self._reducing and scene.is_hurting:
            self._reducing.discard(sent.order_id)
            if scene.rng.random() < self._share:
                scene.venues.hosts[TRADING_HOSTS[sent.venue]].lose_next()
        return ()


def begin(scene: Scene) -> None:
    """Let every trouble of the mix begin."""
    for name, strength in scene.mix.troubles:
        BY_NAME[name](scene, strength)


def requests(scene: Scene, strength: Strength) -> None:
    """Requests and answers are lost, late, doubled or spoiled."""
    for host in scene.venues.hosts.values():
        _worsen(scene, host, REQUEST_CHANCES, REQUEST_CHANCE_MAX * strength)


def hedges(scene: Scene, strength: Strength) -> None:
    """Orders that reduce risk are lost on their way, though nothing else is."""
    scene.chronicle.watch(LostOnTheWay(scene, LOST_SHARE * strength))


def frames(scene: Scene, strength: Strength) -> None:
    """Frames are lost, doubled or late."""
    for host in _streaming(scene):
        _worsen(scene, host, FRAME_CHANCES, FRAME_CHANCE_MAX * strength)


def lies(scene: Scene, strength: Strength) -> None:
    """Books by REST that never were; frames of another hour."""
    for host in _streaming(scene):
        _worsen(scene, host, ("book_lie", "frame_stamp"), LIE_CHANCE_MAX * strength)


def links(scene: Scene, strength: Strength) -> None:
    """A host is out of reach for a while, or all of them, one after the other and back again."""

    def lose() -> None:
        hosts = list(scene.venues.hosts.values())
        scene.rng.shuffle(hosts)
        count = len(hosts) if scene.rng.random() < strength / 3 else 1
        for number, host in enumerate(hosts[:count]):
            scene.after(number * scene.rng.uniform(0.1, 2.0), host.lose_link)
            scene.after(scene.rng.uniform(1.0, 45.0), host.restore_link)

    scene.every(30 / strength, lose)


def silence(scene: Scene, strength: Strength) -> None:
    """Streams say nothing any more, though their pongs still come; some are cut."""

    def hush() -> None:
        host = scene.rng.choice(_streaming(scene))
        if scene.rng.random() < CHANCE_SHARE:
            scene.fault("stream cut", host.name)
            host.cut_all("cut on the way")
            return
        scene.fault("zombie stream", host.name)
        host.weather.is_silent = True
        scene.after(scene.rng.uniform(4.0, 60.0), host.speak_again)

    scene.every(25 / strength, hush)


def twin(scene: Scene, strength: Strength) -> None:
    """Somebody starts a second desk on the same account, on another computer."""

    def second() -> None:
        scene.fault("second process")
        scene.start_twin()

    scene.after(scene.rng.uniform(10.0, 60.0), second)
    scene.every(60 / strength, second)


def _worsen(scene: Scene, host: Host, names: tuple[str, ...], chance_max: float) -> None:
    weather: Any = host.weather
    for name in names:
        if scene.rng.random() < CHANCE_SHARE:
            setattr(weather, name, chance_max * scene.rng.random() ** SKEW)


def _streaming(scene: Scene) -> list[Host]:
    return [scene.venues.hosts[name] for name in ("clob", "kalshi")]


BY_NAME: dict[str, Trouble] = dict(
    zip(
        TROUBLES,
        (
            requests,
            links,
            frames,
            silence,
            lies,
            settlement,
            partials,
            conditions,
            markets,
            clock,
            crash,
            disk,
            slow,
            people,
            hands,
            text,
            twin,
            sets,
            hedges,
        ),
        strict=True,
    )
)
