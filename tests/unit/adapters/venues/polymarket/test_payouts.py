"""A listing says what a market paid, in halves too; before the oracle has spoken it says a price."""

import json

import pytest

from foreshock.adapters.venues.polymarket.payouts import parse_payouts, payouts_requests
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.units import Instant, Price

NOW = Instant(7)
CONDITION = "0x" + "ab" * 32


def page(**changes: object) -> bytes:
    """A market as Gamma lists it after its end; prices are a text that holds an array."""
    market: dict[str, object] = {
        "conditionId": CONDITION,
        "slug": "will-it",
        "question": "Will it?",
        "outcomes": '["Yes", "No"]',
        "outcomePrices": '["0.5", "0.5"]',
        "active": True,
        "closed": True,
        "umaResolutionStatus": "resolved",
    }
    return json.dumps({"markets": [{**market, **changes}]}).encode()


@pytest.mark.parametrize(
    ("outcomes", "prices", "paid"),
    [
        ('["Yes", "No"]', '["1", "0"]', 1_000_000),
        ('["Yes", "No"]', '["0", "1"]', 0),
        ('["Yes", "No"]', '["0.5", "0.5"]', 500_000),
        ('["No", "Yes"]', '["1", "0"]', 0),
        ('["Boston", "Miami"]', '["1", "0"]', 1_000_000),
    ],
)
def test_the_payout_of_yes_is_read(outcomes: str, prices: str, paid: int) -> None:
    found = parse_payouts(page(outcomes=outcomes, outcomePrices=prices), NOW)
    assert found == [MarketResolved(MarketId(f"polymarket:{CONDITION}"), Price(paid), NOW)]


@pytest.mark.parametrize(
    "changes",
    [
        {"umaResolutionStatus": "proposed"},
        {"umaResolutionStatus": None},
        {"closed": False},
        {"outcomePrices": None},
    ],
)
def test_before_the_oracle_has_resolved_nothing_was_paid(changes: dict[str, object]) -> None:
    assert parse_payouts(page(**changes), NOW) == []


@pytest.mark.parametrize(
    "changes", [{"outcomePrices": '["0.5", "0.4"]'}, {"outcomePrices": '["1"]'}, {"outcomes": "x"}]
)
def test_a_payout_that_is_none_is_an_error(changes: dict[str, object]) -> None:
    with pytest.raises(DataError):
        parse_payouts(page(**changes), NOW)


def test_many_markets_are_asked_a_page_at_a_time() -> None:
    markets = [MarketId(f"polymarket:0x{number:064x}") for number in range(101)]
    first, second = payouts_requests(markets)
    assert first.path.count("condition_ids=") == 100
    assert second.path.count("condition_ids=") == 1
    assert "closed=true" in second.path
