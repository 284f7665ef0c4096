"""What do the venues themselves do to a desk? Settle late or not at all, pause, restart, end."""

from collections.abc import Mapping

from foreshock.app.simulation.mix import Strength
from foreshock.app.simulation.scene import Scene
from foreshock.app.simulation.words import HOSTILE, Voices
from foreshock.core.domain.errors import ForeshockError
from foreshock.core.domain.units import MICRO

POLYMARKET, KALSHI = "clob", "kalshi"
FATES = ("fail", "fail", "retry", "confirm")
SPOKEN_S = 6.0
"""Between two voices, at full strength."""


def settlement(scene: Scene, strength: Strength) -> None:
    """Matches fail or are sent again; settling takes its time; reads show trades late."""
    longest_us = int(strength * 20 * MICRO)
    pace = {"step_us_min": 300_000, "step_us_max": 300_000 + longest_us}
    pull(scene, POLYMARKET, "settlement", {"pace": pace})
    pull(scene, POLYMARKET, "lag", {"shortest_us": 50_000, "longest_us": 50_000 + longest_us // 4})
    pull(scene, KALSHI, "rules", {"is_throttled": True, "lag_max": longest_us // 4})

    def draw() -> None:
        fates = [scene.rng.choice(FATES) for _ in range(3)]
        for fate in fates:
            if fate != "confirm":
                scene.fault(f"match to {fate}")
        pull(scene, POLYMARKET, "settlement", {"fates": fates})

    scene.every(12 / strength, draw)
    scene.on_heal(lambda: _settle_well(scene))


def _settle_well(scene: Scene) -> None:
    scene.venues.parts.clob.private.desk.settlements.fates.clear()
    pace = {"step_us_min": 1_000_000, "step_us_max": 4_000_000}
    pull(scene, POLYMARKET, "settlement", {"pace": pace})
    pull(scene, POLYMARKET, "lag", {"shortest_us": 50_000, "longest_us": 250_000})
    pull(scene, KALSHI, "rules", {"is_throttled": True, "lag_max": 250_000})


def partials(scene: Scene, strength: Strength) -> None:
    """Others were faster: part of an order finds nothing to trade with."""

    def spoil() -> None:
        scene.fault("others were faster")
        if scene.rng.random() < 1 / 2:
            shares = [scene.rng.randrange(MICRO) for _ in range(2)]
            pull(scene, POLYMARKET, "partial", {"shares_ppm": shares})
        else:
            counts = [str(scene.rng.randrange(40)) for _ in range(2)]
            pull(scene, KALSHI, "partial", {"counts": counts})

    scene.every(6 / strength, spoil)


def conditions(scene: Scene, strength: Strength) -> None:
    """A venue pauses, takes cancels only, or its engine restarts."""

    def change() -> None:
        what = scene.rng.choice(("cancel_only", "disabled", "restart", "trading", "exchange"))
        scene.fault(f"venue {what}")
        for_s = scene.rng.uniform(2.0, 40.0)
        if what == "restart":
            pull(scene, POLYMARKET, "restart", {"for_us": int(for_s * MICRO)})
        elif what in {"trading", "exchange"}:
            pull(scene, KALSHI, "venue", {f"{what}_active": False})
            scene.after(for_s, lambda: _reopen(scene))
        else:
            pull(scene, POLYMARKET, "condition", {"name": what})
            scene.after(for_s, lambda: _reopen(scene))

    scene.every(25 / strength, change)
    scene.on_heal(lambda: _reopen(scene))


def _reopen(scene: Scene) -> None:
    pull(scene, POLYMARKET, "condition", {"name": "open"})
    pull(scene, KALSHI, "venue", {"trading_active": True, "exchange_active": True})


def markets(scene: Scene, strength: Strength) -> None:
    """A market pauses, its fee changes, or its pair ends: with one payout a leg, equal or not."""

    def change() -> None:
        pair = scene.rng.choice(scene.pairs)
        condition_id, ticker = pair.a.partition(":")[2], pair.b.partition(":")[2]
        what = scene.rng.choice(("pause", "fee", "end", "pause"))
        scene.fault(f"market {what}")
        if what == "pause":
            _pause(scene, condition_id, ticker)
        elif what == "fee":
            rate = scene.rng.choice((0, 20_000, 40_000, 70_000))
            pull(scene, POLYMARKET, "fee", {"condition_id": condition_id, "rate_ppm": rate})
        else:
            payouts = [scene.rng.choice(("1", "0", "0.5")) for _ in range(2)]
            ended = {"condition_id": condition_id, "action": "resolve", "yes_payout": payouts[0]}
            pull(scene, POLYMARKET, "market", ended)
            paid = {"ticker": ticker, "action": "settle", "yes_payout": payouts[1]}
            scene.after(scene.rng.uniform(0, 40), lambda: pull(scene, KALSHI, "market", paid))

    scene.every(30 / strength, change)


def _pause(scene: Scene, condition_id: str, ticker: str) -> None:
    is_kalshi = scene.rng.random() < 1 / 2
    host = KALSHI if is_kalshi else POLYMARKET
    name = {"ticker": ticker} if is_kalshi else {"condition_id": condition_id}
    pull(scene, host, "market", {**name, "action": "pause"})
    resume = {**name, "action": "resume"}
    scene.whenever(scene.rng.uniform(1, 20), lambda: pull(scene, host, "market", resume))


def text(scene: Scene, strength: Strength) -> None:
    """Words that want something of whoever reads them: rules of markets, papers, strangers.

    What a model answers, where it is asked, is the process's part.
    """
    world, titles = scene.venues.world, list[tuple[str, str]]()
    for host, exchange in ((POLYMARKET, world.polymarket), (KALSHI, world.kalshi)):
        for native_id in exchange.native_ids():
            market = exchange.market(native_id).listing.market
            titles.append((market.id, market.title))
            if scene.rng.random() < strength:
                scene.fault("hostile words")
                words = scene.rng.choice(HOSTILE) + market.rules
                pull(scene, host, "wording", {"market": native_id, "rules": words})
    voices = Voices(titles, scene.rng)

    def speak() -> None:
        if scene.process is not None:
            scene.fault("hostile voice")
            for message in voices.speak(scene.machine.wall_us()):
                scene.process.tell(message)

    scene.every(SPOKEN_S / strength, speak)


def pull(scene: Scene, host: str, lever: str, body: Mapping[str, object]) -> None:
    """Pull a lever; what a venue refuses in its state does not happen."""
    try:
        scene.venues.lever(host, lever, body)
    except (ForeshockError, ValueError, KeyError):
        scene.chronicle.reach("lever refused")
