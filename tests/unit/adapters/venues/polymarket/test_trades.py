"""Public trades seen from YES, each once."""

import msgspec
import pytest

from foreshock.adapters.venues.polymarket import trades
from foreshock.adapters.venues.polymarket.trades import TradeReader
from foreshock.adapters.venues.polymarket.values import PriceTexts, QuantityTexts
from foreshock.adapters.venues.polymarket.wire import LastTradeEvent
from foreshock.core.domain.markets import Outcome
from foreshock.core.domain.messages.market_data import Traded
from tests.unit.adapters.venues.polymarket.builders import NOW, encode, market, trade


def reader() -> TradeReader:
    return TradeReader(PriceTexts(), QuantityTexts())


def read(
    by: TradeReader, price: str, side: str, outcome: Outcome, tx: str | None = "0xabc"
) -> Traded | None:
    body = encode(trade(price, side, outcome=outcome, tx=tx))
    return by.read(msgspec.json.decode(body, type=LastTradeEvent), market().id, outcome, NOW)


@pytest.mark.parametrize(
    ("price", "side", "outcome", "taker"),
    [
        ("0.84", "BUY", "yes", "yes"),
        ("0.84", "SELL", "yes", "no"),
        ("0.16", "BUY", "no", "no"),
        ("0.16", "SELL", "no", "yes"),
    ],
)
def test_every_trade_is_told_at_its_yes_price(
    price: str, side: str, outcome: Outcome, taker: Outcome
) -> None:
    traded = read(reader(), price, side, outcome)
    assert traded is not None
    assert (traded.price, traded.quantity, traded.taker) == (840_000, 25_000_000, taker)
    assert (traded.event_us, traded.recv_us) == (NOW, NOW)


@pytest.mark.parametrize("tx", ["0xabc", "", None])
def test_one_match_told_on_both_tokens_is_one_trade(tx: str | None) -> None:
    by = reader()
    assert read(by, "0.84", "BUY", "yes", tx) is not None
    assert read(by, "0.16", "SELL", "no", tx) is None


@pytest.mark.parametrize("tx", ["0xabc", "", None])
def test_two_like_matches_are_two_trades_with_two_names(tx: str | None) -> None:
    by = reader()
    first, second = (read(by, "0.84", "BUY", "yes", tx) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.trade_id != second.trade_id
    assert read(by, "0.16", "SELL", "no", tx) is None
    assert read(by, "0.16", "SELL", "no", tx) is None


def test_names_follow_from_the_frame_alone() -> None:
    assert read(reader(), "0.84", "BUY", "yes", "") == read(reader(), "0.84", "BUY", "yes", "")


def test_forgets_old_trades(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trades, "RECENT_MAX", 2)
    by = reader()
    for n in range(5):
        assert read(by, "0.84", "BUY", "yes", f"0x{n}") is not None
    assert read(by, "0.16", "SELL", "no", "0x4") is None
    assert read(by, "0.16", "SELL", "no", "0x0") is not None


def test_a_trade_of_nothing_is_refused() -> None:
    event = msgspec.json.decode(encode(trade("0.5", "BUY", size="0")), type=LastTradeEvent)
    with pytest.raises(ValueError, match="nothing"):
        reader().read(event, market().id, "yes", NOW)
