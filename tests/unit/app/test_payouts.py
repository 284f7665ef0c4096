"""Is every market in which something is held asked for its payout, though nobody watches it?

Runs of the whole desk on paper with the real links to the simulated venues: what is held is of an
earlier run, and its market ended while no desk ran.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from foreshock.adapters.sim.kalshi_auth import KeyRing
from foreshock.adapters.sim.kalshi_face import KalshiFace
from foreshock.adapters.sim.loopback import Loopback
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_gamma import GammaFace
from foreshock.adapters.storage.files import DiskFolder
from foreshock.adapters.venues.lookups import Lookup
from foreshock.app import payouts, services
from foreshock.app.config import load_settings
from foreshock.app.desk_run import Plan, open_desk, run_desk
from foreshock.app.payouts import Held, PayoutService
from foreshock.app.simulation.virtual_loop import VirtualLoop
from foreshock.app.venues import KalshiLink, PolymarketLink, VenueLink
from foreshock.app.wiring import desk_config
from foreshock.core.alerting.thresholds import Thresholds
from foreshock.core.domain.accounts import VenuePosition
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.account import PositionsRead
from foreshock.core.domain.messages.decisions import (
    IncidentOpened,
    IncidentResolved,
    PositionSettled,
)
from foreshock.core.domain.messages.market_data import (
    ConnectionFailed,
    MarketListed,
    MarketResolved,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Instant, Price
from foreshock.core.engine import OUTSIDE, Entry
from tests.samples import market
from tests.trading import START, closed, contracts, dollars, filled, order
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    T0,
    TICKERS,
    kalshi_exchange,
    polymarket_exchange,
)

PM, KS = MarketId(f"polymarket:{CONDITIONS[0]}"), MarketId(f"kalshi:{TICKERS[0]}")
GONE = MarketId("polymarket:0x" + "e" * 64)
FLAGS = {"watch": {"catalogue_max": 0}, "matching": {"embeddings_folder": ""}}


def bought(name: str, held: MarketId, price: int) -> tuple[Message, ...]:
    """Ten contracts of YES, for good."""
    return (
        order(f"{name}/0.0", package_id=name, market=held, limit=Price(price * 10_000)),
        filled(f"{name}/0.0", 1, 10, price),
        closed(f"{name}/0.0", 10),
    )


class Venues:
    """Both simulated venues, and a paper desk that is started on them again and again."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.polymarket, self.kalshi = polymarket_exchange(), kalshi_exchange()
        self.heard: list[Message] = []
        self._home = home
        self._runs_count = 0
        self._settings = load_settings(FLAGS)
        monkeypatch.setattr(services, "FIRST_CHECK_S", 60.0)

    def links(self) -> tuple[VenueLink, ...]:
        def clock() -> Instant:
            return Instant(T0 + 60 * SECOND)

        async def wait() -> None:
            await asyncio.sleep(0.01)

        gamma = Loopback(GammaFace(self.polymarket), clock, wait)
        clob = Loopback(ClobFace(self.polymarket), clock, wait)
        rest = Loopback(KalshiFace(self.kalshi, KeyRing()), clock, wait)
        return PolymarketLink(gamma, clob, clob), KalshiLink(rest, rest, None)

    def end(self, payout: Price) -> None:
        """Both markets end and pay."""
        for exchange, name in ((self.polymarket, CONDITIONS[0]), (self.kalshi, TICKERS[0])):
            exchange.close(name, T0)
            exchange.propose(name, payout, T0)
            exchange.settle(name, T0)

    async def run(self, *told: Message, until: Callable[[], bool] | None = None) -> None:
        """One run of the desk; it ends when it has heard enough."""
        self._runs_count += 1
        self.heard.clear()
        links = () if until is None else self.links()
        plan = Plan(desk_config("paper", "TEST", self._settings), self._settings, links, ())
        folder = DiskFolder(self._home)
        opened = open_desk(plan, folder, f"runs/{self._runs_count:03d}", [self._listen])
        for message in told:
            opened.desk.inbox.put(message)

        async def end() -> None:
            while until is not None and not until():
                await asyncio.sleep(0.01)
            opened.desk.stop("a test")

        ending = asyncio.create_task(end())
        async with asyncio.timeout(10):
            await run_desk(opened, [], lambda _: None)
        await ending

    def said(self, kind: type[Message]) -> list[Message]:
        return [message for message in self.heard if isinstance(message, kind)]

    def _listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        self.heard.append(entry.message)


@pytest.fixture
def venues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Venues:
    return Venues(tmp_path, monkeypatch)


@pytest.mark.parametrize("payout", [Price(MICRO), Price(500_000)])
async def test_a_market_that_ended_while_the_desk_was_off_pays_at_the_next_start(
    venues: Venues, payout: Price
) -> None:
    await venues.run(*bought("r1", PM, 45), *bought("r2", KS, 48))
    venues.end(payout)
    await venues.run(until=lambda: len(venues.said(PositionSettled)) == 2)
    paid = {m.market: m.received for m in venues.heard if isinstance(m, PositionSettled)}
    assert paid == dict.fromkeys((PM, KS), dollars(10) * payout // MICRO)
    listed = {m.market.id: m.market for m in venues.heard if isinstance(m, MarketListed)}
    assert listed[PM].status == listed[KS].status == "settled", "what it was is still shown"
    await venues.run(until=lambda: len(venues.said(MarketListed)) > 1)
    assert not venues.said(PositionSettled)
    assert not venues.said(IncidentOpened)
    assert PM not in {m.market.id for m in venues.heard if isinstance(m, MarketListed)}


async def test_a_market_that_no_venue_knows_any_more_is_an_incident_and_stays_booked(
    venues: Venues,
) -> None:
    await venues.run(*bought("r1", GONE, 45))
    for _ in range(2):
        await venues.run(until=lambda: bool(venues.said(IncidentOpened)))
        (incident,) = [m for m in venues.heard if isinstance(m, IncidentOpened)]
        assert incident.about == GONE
        assert "polymarket does not say what it pays" in incident.words


class ForgetfulLink(PolymarketLink):
    """Knows nothing at first, is unreachable once, and finds the market after that."""

    def __init__(self) -> None:
        self.asked_count = 0

    async def lookup(self, markets: Sequence[MarketId]) -> Lookup:
        self.asked_count += 1
        if self.asked_count == 2:
            raise VenueUnavailableError("reset")
        if self.asked_count < 4:
            return Lookup((), (), dict.fromkeys(markets, "nobody knows it"))
        return Lookup(tuple(market(name) for name in markets), (), {})

    async def payouts(self, markets: Sequence[MarketId]) -> list[MarketResolved]:
        return [MarketResolved(name, Price(MICRO), START) for name in markets]


async def test_a_missing_market_is_told_once_and_resolved_when_it_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def at_once(*_: object) -> float:
        return 0.001

    monkeypatch.setattr(payouts, "jittered_s", at_once)
    held, said = Held(lambda: (GONE,)), list[Message]()

    def put(message: Message) -> None:
        said.append(message)
        held.listen(1, entry(message), START)

    task = asyncio.create_task(PayoutService(ForgetfulLink(), held, put, 0.001).run())
    async with asyncio.timeout(5):
        while not any(isinstance(message, IncidentResolved) for message in said):
            await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    kinds = [type(message) for message in said]
    assert kinds[:5] == [
        IncidentOpened,
        ConnectionFailed,
        MarketListed,
        MarketResolved,
        IncidentResolved,
    ]
    assert kinds.count(IncidentOpened) == 1


class LostLink(ForgetfulLink):
    """Is out of reach."""

    async def lookup(self, markets: Sequence[MarketId]) -> Lookup:
        raise VenueUnavailableError("no route")


def test_a_host_that_cannot_say_what_paid_stops_no_trading() -> None:
    """So many errors a minute, and a venue counts as one that cannot be relied on.

    Nor is it said that its books are lost: streams are told of by attempts, and open as they did.
    """
    loop, said = VirtualLoop(START, lambda _: 0.0), list[Message]()
    service = PayoutService(LostLink(), Held(lambda: (GONE,)), said.append, 60.0)

    async def minute() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(service.run(), 60)

    loop.run_until_complete(minute())
    loop.close()
    limits = desk_config("paper", "TEST", load_settings({})).limits
    assert 2 <= len(said) <= limits.health.errors_per_minute_max
    failures, thresholds = [m for m in said if isinstance(m, ConnectionFailed)], Thresholds()
    assert not [told for m in failures for told in thresholds.connection_failed(m, START)]


def entry(message: Message) -> Entry:
    return Entry(0, None, OUTSIDE, message)


def test_what_the_account_holds_beside_our_books_is_asked_for_at_its_own_venue() -> None:
    held = Held(lambda: (KS,))
    read = PositionsRead(
        "polymarket", START, START, (VenuePosition(PM, "yes", contracts(1)),), (GONE,)
    )
    assert held.unlisted("polymarket") == []
    held.listen(1, entry(read), START)
    assert held.grown("polymarket").is_set()
    assert not held.grown("kalshi").is_set()
    assert (held.unlisted("polymarket"), held.unlisted("kalshi")) == ([PM, GONE], [KS])
    held.grown("polymarket").clear()
    held.listen(2, entry(read), START)
    assert not held.grown("polymarket").is_set(), "the same list once more is nothing new"


def test_what_has_paid_is_not_asked_again() -> None:
    held = Held(lambda: (PM,))
    held.listen(1, entry(MarketListed(market(PM))), START)
    assert (held.unlisted("polymarket"), held.unpaid("polymarket")) == ([], [PM])
    held.listen(2, entry(MarketResolved(PM, Price(0), START)), START)
    assert held.unpaid("polymarket") == []
