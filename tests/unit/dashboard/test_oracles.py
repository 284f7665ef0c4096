"""The page of the sources: values with their age, gaps that still stand, the model's own score."""

import msgspec

from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.units import MICRO, SECOND, Instant, Money, Price
from foreshock.dashboard.health import Health
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.oracles import Oracles, OraclesView
from tests.samples import market
from tests.trading import START, A, B, cents
from tests.unit.dashboard.signals_told import signal_messages

SCORE = {
    "evaluated": "2026-11-21",
    "data": "some markets",
    "rows_count": 100,
    "markets_count": 16,
    "model_brier": 0.18,
    "market_brier": 0.19,
    "difference": -0.01,
    "difference_low": -0.02,
}


def at(seconds: float) -> Instant:
    return Instant(START + round(seconds * SECOND))


def reported(symbol: str = "BTC-USD", source: str = "coinbase") -> s.OracleReported:
    return s.OracleReported(source, symbol, 97_400 * MICRO, START, START)


def gap(**changes: object) -> s.OracleGapMeasured:
    sample = next(x for x in signal_messages() if isinstance(x, s.OracleGapMeasured))
    plain = msgspec.structs.replace(sample, oracle="coinbase BTC-USD", ends_us=at(900))
    return msgspec.structs.replace(plain, **changes)


def page() -> Oracles:
    markets = Markets()
    markets.list_market(m.MarketListed(market(A, title="Bitcoin up or down?")))
    return Oracles(markets)


def started(high: float) -> DeskStarted:
    config = {"oracles": {"model": {**SCORE, "difference_high": high}}, "band": "x"}
    return DeskStarted("1", "b", "watch", msgspec.json.encode(config).decode())


def test_a_value_is_live_then_stale_and_lost_with_its_reason() -> None:
    found = page()
    found.hear(reported())
    assert [v.state for v in found.view(at(1)).values] == ["live"]
    assert [v.state for v in found.view(at(11)).values] == ["stale"]
    found.hear(s.OracleLost("coinbase", "BTC-USD", "frames 3 to 4 are missing"))
    (value,) = found.view(at(1)).values
    assert (value.state, value.words, value.age_us) == ("lost", "frames 3 to 4 are missing", SECOND)
    found.hear(reported())
    assert [v.state for v in found.view(at(1)).values] == ["live"]


def test_minutes_of_the_past_are_no_values() -> None:
    found = page()
    found.hear(reported(source="binance minutes"))
    assert found.view(START).values == []


def test_gaps_stand_largest_first_while_their_oracle_is_live() -> None:
    found = page()
    found.hear(reported())
    found.hear(gap(gap=Money(10_000)))
    found.hear(gap(market=B, gap=Money(30_000)))
    shown = found.view(at(1)).gaps
    assert [(g.market, g.is_current, g.gap_micros) for g in shown] == [
        (B, True, 30_000),
        (A, True, 10_000),
    ]
    assert [g.title for g in shown] == [B, "Bitcoin up or down?"]
    assert [g.is_current for g in found.view(at(20)).gaps] == [False, False]


def test_a_gap_goes_with_its_book_its_market_and_its_time() -> None:
    for end in (m.BookLost(A, 1, "gap"), m.MarketResolved(A, Price(MICRO), START)):
        found = page()
        found.hear(reported())
        found.hear(gap(ask=cents(40)))
        found.hear(end)
        assert found.view(at(1)).gaps == []
    over = page()
    over.hear(gap())
    assert over.view(at(901)).gaps == []


def test_the_models_score_stands_beside_the_markets_and_says_what_follows() -> None:
    found = page()
    assert found.view(START).model is None
    found.hear(started(0.01))
    model = found.view(START).model
    assert model is not None
    assert not model.beats_market
    assert "0.1800 against the market's own 0.1900" in model.words
    assert "never traded on" in model.words
    better = page()
    better.hear(started(-0.001))
    model = better.view(START).model
    assert model is not None
    assert model.beats_market
    assert "it beats the market" in model.words


def test_sources_say_whether_they_are_connected_and_what_went_wrong() -> None:
    found = page()
    found.hear(m.ConnectionOpened(1, "oracle:binance", "oracle:binance", ()))
    found.hear(m.ConnectionOpened(2, "kalshi", "kalshi", ()))
    found.hear(m.FeedGapped("oracle:binance", 1, "trades are missing"))
    found.hear(m.PayloadQuarantined("oracle:binance", 1, 3, "no price"))
    (source,) = found.view(START).sources
    assert (source.source, source.connections_open_count) == ("binance", 1)
    assert (source.gaps_count, source.quarantined_count, source.words) == (1, 1, "no price")
    found.hear(m.ConnectionClosed(1, "oracle:binance", "silent for 21 s"))
    found.hear(m.ConnectionFailed("oracle:binance", "refused", 1))
    (source,) = found.view(START).sources
    assert (source.connections_open_count, source.words) == (0, "refused")


def test_a_source_is_no_venue_that_could_be_halted() -> None:
    health = Health(Markets())
    health.open(m.ConnectionOpened(1, "oracle:binance", "oracle:binance", ()), START)
    health.open(m.ConnectionOpened(2, "kalshi", "kalshi", ()), START)
    assert health.venues() == ["kalshi"]


def test_the_page_encodes() -> None:
    found = page()
    for message in (started(0.01), reported(), gap()):
        found.hear(message)
    body = msgspec.json.encode(found.view(at(1)))
    assert msgspec.json.decode(body, type=OraclesView) == found.view(at(1))
