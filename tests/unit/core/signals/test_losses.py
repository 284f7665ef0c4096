"""Sure losses take turns and skip what cannot matter, and nothing said is different for it."""

from collections.abc import Callable

import msgspec
import pytest

from benchmarks.desk import shipped_config
from benchmarks.stream import KALSHI, START_US, Stream, make_stream
from foreshock.adapters.venues.kalshi.protocol import KalshiStream
from foreshock.adapters.venues.polymarket.protocol import MarketFeed
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import EdgeQuoted, Opportunity, PairListed
from foreshock.core.domain.messages.market_data import BookChanged, BookLost, MarketListed
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant, Money
from foreshock.core.pricing.edge import Costs
from foreshock.core.signals import arbitrage
from foreshock.core.signals.arbitrage import ArbitrageScanner
from foreshock.core.signals.touches import MOVED

Heard = list[tuple[Message, Instant]]
QUIET_US = Instant(START_US + 60 * SECOND)


@pytest.fixture(scope="module")
def heard() -> Heard:
    return all_messages(
        make_stream(seed=5, pairs_count=12, frames_count=3_000, strangers_share=0.2)
    )


def test_passing_over_what_cannot_matter_says_the_same(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    skipping = scan(heard, loss_interval=Duration(0))
    judged_count = count_sums(monkeypatch)
    scan(heard, loss_interval=Duration(0))
    few = judged_count()

    def always_moved(_before: BookChanged | None, _after: BookChanged) -> int:
        return MOVED

    monkeypatch.setattr(arbitrage, "steady_depth", always_moved)
    assert scan(heard, loss_interval=Duration(0)) == skipping
    assert judged_count() == 2 * few


def test_an_opportunity_never_waits_for_a_loss(heard: Heard) -> None:
    at_once = scan(heard, loss_interval=Duration(0))
    in_turns = scan(heard, loss_interval=Duration(SECOND))
    assert opportunities(at_once)
    assert opportunities(in_turns) == opportunities(at_once)


def test_what_waited_is_said_in_the_end(heard: Heard) -> None:
    at_once = last_quotes(scan(heard, loss_interval=Duration(0)))
    in_turns = last_quotes(scan(heard, loss_interval=Duration(SECOND // 100)))
    assert in_turns.keys() == at_once.keys()
    for package, quote in in_turns.items():
        other = at_once[package]
        assert [r.code for r in quote.refusals] == [r.code for r in other.refusals]
        assert abs(quote.edge.net_per_contract - other.edge.net_per_contract) < 2_000


def test_losses_in_turn_are_priced_less_often(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    sums = count_sums(monkeypatch)
    scan(heard, loss_interval=Duration(0))
    at_once = sums()
    scan(heard, loss_interval=Duration(SECOND // 100))
    assert sums() - at_once < at_once * 3 // 4


def all_messages(stream: Stream) -> Heard:
    """What a scanner hears: markets, pairs, books, and long after them something of no weight."""
    heard: Heard = []
    for wired in stream.connections:
        heard += [(MarketListed(market), START_US) for market in wired.markets]
    heard += [(PairListed(pair), START_US) for pair in stream.pairs]
    feeds: dict[int, KalshiStream | MarketFeed] = {}
    for wired in stream.connections:
        kind = KalshiStream if wired.venue == KALSHI else MarketFeed
        feeds[wired.connection] = feed = kind(wired.connection)
        feed.opened(wired.markets, START_US)
    for arrival in (*stream.opening, *stream.frames):
        feed = feeds[arrival.connection]
        feed.receive(arrival.payload, 0, arrival.recv_us)
        heard += [(message, arrival.recv_us) for message in feed.drain()]
    nothing = BookLost(MarketId("kalshi:elsewhere"), 1, "")
    return [*heard, *((nothing, Instant(QUIET_US + n * SECOND)) for n in range(60))]


def scan(heard: Heard, loss_interval: Duration) -> list[tuple[Message, Instant]]:
    config = shipped_config("watch")
    settings = msgspec.structs.replace(
        config.scanner, net_per_contract_min=Money(1), loss_interval_min=loss_interval
    )
    scanner = ArbitrageScanner(Costs(config.fees, config.frictions), settings)
    return [
        (answer, now_us) for message, now_us in heard for answer in scanner.handle(message, now_us)
    ]


def count_sums(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often a package was priced since now."""
    calls: list[str] = []
    priced = arbitrage.best_edge

    def counted(*args: object) -> object:
        calls.append("")
        return priced(*args)  # pyright: ignore[reportArgumentType] - passes on what it was given

    monkeypatch.setattr(arbitrage, "best_edge", counted)
    return lambda: len(calls)


def opportunities(said: list[tuple[Message, Instant]]) -> list[tuple[Message, Instant]]:
    return [(message, at) for message, at in said if isinstance(message, Opportunity)]


def last_quotes(said: list[tuple[Message, Instant]]) -> dict[str, EdgeQuoted]:
    return {m.edge.id: m for m, _ in said if isinstance(m, EdgeQuoted)}
