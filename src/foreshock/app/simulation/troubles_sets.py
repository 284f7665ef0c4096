"""What goes wrong with splits, merges and redemptions? They are asked for while all else fails."""

from foreshock.adapters.sim.corrections import pay_by_hand
from foreshock.app.simulation.mix import Strength
from foreshock.app.simulation.scene import Scene
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.conversions import ConversionKind, ConversionRequested
from foreshock.core.domain.units import MICRO, Quantity

ASKED_S = 18.0
"""Between two wishes, at full strength."""
SETS_COUNT_MAX = 103
"""A little more than may be turned at once."""
MARKETS_COUNT = 2
"""Of how many markets sets are turned: what was split there can be merged."""
KINDS: tuple[ConversionKind, ...] = ("split", "split", "split", "merge", "merge", "redeem")
FATES = ("fail", "confirm", "confirm")
LOST_SHARE = 0.25
"""Of the relayer's answers and questions, at full strength, while it is asked."""
STORM_S = (0.5, 20.0)


def sets(scene: Scene, strength: Strength) -> None:
    """A person turns dollars into sets and back; transactions fail, answers stay out.

    What resolved markets pay is paid to who asks for it.
    """
    relayer = scene.venues.hosts["relayer"]
    asked: list[str] = []
    polymarket = scene.venues.world.polymarket
    pay_by_hand(polymarket, scene.venues.wallet.lower(), is_on=True)

    def ask() -> None:
        kind = scene.rng.choice(KINDS) if asked else KINDS[0]
        market = MarketId(scene.rng.choice(scene.pairs[:MARKETS_COUNT]).a)
        count = 0 if kind == "redeem" else scene.rng.randint(1, SETS_COUNT_MAX)
        asked.append(kind)
        name = f"{kind}-{len(asked)}"
        if scene.process is not None:
            scene.fault("sets asked for", kind)
            quantity = Quantity(count * MICRO)
            scene.process.tell(ConversionRequested(name, kind, market, quantity, "somebody"))

    def fail() -> None:
        scene.venues.parts.clob.private.transactions.fates[:] = [scene.rng.choice(FATES)]

    def lose() -> None:
        relayer.weather.answer_lost = relayer.weather.request_lost = LOST_SHARE * strength
        scene.after(scene.rng.uniform(*STORM_S), find)

    def find() -> None:
        relayer.weather.answer_lost = relayer.weather.request_lost = 0.0

    scene.every(ASKED_S / strength, ask)
    scene.every(2 * ASKED_S / strength, fail)
    scene.every(ASKED_S / strength, lose)
    scene.on_heal(scene.venues.parts.clob.private.transactions.fates.clear)
