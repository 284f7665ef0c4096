"""How does a person see a spike in the demo at once? Calm observations, then one that is none.

They are made up, labelled as simulated, and of a market of their own: no venue lists it, nobody
trades it, and the detector that speaks is the real one.
"""

from collections.abc import Callable

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.alerting import ObservationReceived
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Instant, Price, Quantity
from foreshock.dashboard.alert_views import DemoSpikeView

CALM_COUNT, CALM_EVERY = 12, 10 * SECOND
CALM_CONTRACTS = (90, 110, 100, 120, 80, 95)
CALM_PRICE, SPIKE_PRICE = Price(420_000), Price(560_000)
SPIKE_CONTRACTS = 1_600
SOURCE = "demo"


def make_spike(
    ticker: str | None, now_us: Instant, put: Callable[[Message], None]
) -> DemoSpikeView:
    """Tell the desk of a market that was calm for two minutes and then was not.

    ticker: what the made-up market is called after its time.
    """
    name = "".join(char for char in (ticker or "spike") if char.isalnum() or char in "-_.")[:40]
    market = MarketId(f"{SOURCE}:{name or 'spike'}-{now_us // SECOND}")
    title = f"Made up: does {name or 'a spike'} show?"
    for number in range(CALM_COUNT):
        contracts = CALM_CONTRACTS[number % len(CALM_CONTRACTS)]
        at_us = Instant(now_us - (CALM_COUNT - number) * CALM_EVERY)
        put(_point(market, title, (CALM_PRICE, contracts), at_us, now_us))
    put(_point(market, title, (SPIKE_PRICE, SPIKE_CONTRACTS), now_us, now_us))
    words = (
        f"{SPIKE_CONTRACTS} contracts after about 100 a point, from 42 to 56 cents; the alert is "
        "the detector's own"
    )
    return DemoSpikeView(market, title, words)


def _point(
    market: MarketId, title: str, seen: tuple[Price, int], at_us: Instant, now_us: Instant
) -> ObservationReceived:
    price, contracts = seen
    return ObservationReceived(
        observation_id=f"{market}@{at_us}",
        source=SOURCE,
        market=market,
        title=title,
        yes_price=price,
        volume=Quantity(contracts * MICRO),
        is_total=False,
        is_simulated=True,
        event_us=at_us,
        recv_us=now_us,
    )
