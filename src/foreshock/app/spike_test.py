"""Do the detectors speak when they should, and are they silent otherwise? By synthetic events.

The very agents of a desk are told made-up prints on a made-up clock: quiet points and a spike for
the one, a steady million dollars a day and one that becomes five for the other.
"""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from foreshock.app.signal_desk import SignalSettings
from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import ConnectionOpened, Traded
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.signals import AlertRaised, VolumeRecalled
from foreshock.core.domain.messages.trading import TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import DAY, MICRO, Instant, Price, Quantity
from foreshock.core.engine import Engine
from foreshock.core.signals import spike_agent, volume_agent
from foreshock.core.signals.packed import pack
from foreshock.core.signals.spike_agent import SpikeAgent
from foreshock.core.signals.volume_agent import VolumeAgent
from foreshock.core.signals.volume_buckets import DAY_BUCKETS, HISTORY_BUCKETS, bucket_of

MARKET = MarketId("synthetic:market")
BEGIN = Instant(20_000 * DAY)
QUIET_POINTS = 24
QUIET_CONTRACTS, QUIET_PRICE = 20, 500_000
SPIKE_CONTRACTS, SPIKE_PRICE = 400, 620_000
MILLION = 1_000_000
RISING_BUCKETS = 48
"""Four hours."""
RISEN = 5
PRINTS = 12
PRICE_MOVE = 120_000


class Check(msgspec.Struct, frozen=True):
    """What was injected, what came of it, and whether that is right."""

    injected: str
    result: str
    is_right: bool


def spike_test(settings: SignalSettings) -> list[Check]:
    """Every check; the settings are those of the desk."""
    return [*_spikes(settings), *_volumes(settings)]


def _spikes(settings: SignalSettings) -> Iterator[Check]:
    engine = Engine([SpikeAgent(settings.spikes)])
    point = settings.spikes.point
    engine.step([_started()], BEGIN)
    quiet: list[Alert] = []
    for number in range(QUIET_POINTS):
        quiet += _point(engine, number, point, (QUIET_CONTRACTS, QUIET_PRICE))
    yield _check(f"{QUIET_POINTS} quiet points", quiet, is_signal=False)
    spike = _point(engine, QUIET_POINTS, point, (SPIKE_CONTRACTS, SPIKE_PRICE))
    yield _check(f"{SPIKE_CONTRACTS} contracts that move the price", spike, is_signal=True)


def _point(engine: Engine, number: int, point: int, print_: tuple[int, int]) -> list[Alert]:
    at_us = Instant(BEGIN + number * point)
    contracts, price = print_
    traded = Traded(
        MARKET,
        f"t{number}",
        Price(price),
        Quantity(contracts * MICRO),
        "yes",
        at_us,
        at_us,
    )
    told: list[Message] = [traded, TimerFired(spike_agent.TIMER)]
    return _alerts(engine, told, Instant(at_us + point))


def _volumes(settings: SignalSettings) -> Iterator[Check]:
    steady = _recalled(np.ones(HISTORY_BUCKETS), np.zeros(HISTORY_BUCKETS))
    yield _check("$1M a day, steadily", _volume(settings, steady), is_signal=False)
    rate, move = np.ones(HISTORY_BUCKETS), np.zeros(HISTORY_BUCKETS)
    rate[-RISING_BUCKETS:] = np.linspace(1, RISEN, RISING_BUCKETS)
    move[-RISING_BUCKETS:] = np.linspace(0, PRICE_MOVE, RISING_BUCKETS)
    rising = _recalled(rate, move)
    words = "$1M a day that becomes $5M in four hours"
    yield _check(words, _volume(settings, rising), is_signal=True)


def _volume(settings: SignalSettings, past: VolumeRecalled) -> list[Alert]:
    engine = Engine([VolumeAgent(settings.volume)])
    feed = settings.volume.feeds[0]
    told: list[Message] = [_started(), ConnectionOpened(1, feed, feed, (MARKET,)), past]
    engine.step(told, BEGIN)
    return _alerts(engine, [TimerFired(volume_agent.RECALL_TIMER)], BEGIN)


def _recalled(
    rate: np.ndarray[tuple[int], np.dtype[np.float64]],
    move: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> VolumeRecalled:
    volume = (rate * MILLION / DAY_BUCKETS * MICRO).astype(np.int64)
    return VolumeRecalled(
        market=MARKET,
        source="a test",
        first_bucket=bucket_of(BEGIN) - HISTORY_BUCKETS,
        volume=pack(volume.tolist()),
        taker_yes=pack((volume * 2 // 3).tolist()),
        trades=pack([PRINTS] * HISTORY_BUCKETS),
        largest=pack((volume // PRINTS).tolist()),
        price=pack((QUIET_PRICE + move).astype(np.int64).tolist()),
    )


def _started() -> DeskStarted:
    return DeskStarted("", "", "demo", "")


def _alerts(engine: Engine, told: Sequence[Message], now_us: Instant) -> list[Alert]:
    entries = engine.step(told, now_us).entries
    return [e.message.alert for e in entries if isinstance(e.message, AlertRaised)]


def _check(injected: str, alerts: Sequence[Alert], *, is_signal: bool) -> Check:
    told = "; ".join(f"{alert.level}: {alert.words}" for alert in alerts) or "silent"
    return Check(injected, told, bool(alerts) == is_signal)
