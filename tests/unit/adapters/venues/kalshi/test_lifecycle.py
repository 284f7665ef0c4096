"""Do life-cycle frames change exactly the terms they name?"""

import pytest

from foreshock.adapters.venues.kalshi.lifecycle import STEPS
from foreshock.core.domain.markets import SeriesFee
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    FeeChanged,
    GridChanged,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
    PayloadQuarantined,
    ShapeUnknown,
)
from foreshock.core.domain.units import SECOND
from tests.unit.adapters.venues.kalshi.builders import (
    EVENT_TICKER,
    SNAPSHOT,
    T0,
    TICKER_B,
    Driven,
    Json,
    encoded,
    framed,
    lifecycle,
    market_of,
)

FINE = [{"start": "0.0000", "end": "1.0000", "step": "0.0010"}]
CREATED: Json = {
    "market_ticker": TICKER_B,
    "open_ts": T0 // SECOND,
    "close_ts": T0 // SECOND + 86_400,
    "price_level_structure": "deci_cent",
    "price_ranges": FINE,
    "additional_metadata": {
        "name": "Pittsburgh",
        "title": "New York M vs Pittsburgh Winner?",
        "yes_sub_title": "Pittsburgh",
        "no_sub_title": "Pittsburgh",
        "rules_primary": "If Pittsburgh wins, then the market resolves to Yes.",
        "rules_secondary": "",
        "can_close_early": True,
        "event_ticker": EVENT_TICKER,
        "expected_expiration_ts": T0 // SECOND + 90_000,
    },
}


def fee_update(fee_type: str | None, multiplier: float | None) -> bytes:
    msg = {
        "event_ticker": EVENT_TICKER,
        "fee_type_override": fee_type,
        "fee_multiplier_override": multiplier,
    }
    return encoded({"type": "event_fee_update", "sid": 4, "seq": 1, "msg": msg})


def test_pauses_and_resumes() -> None:
    driven = Driven()
    told = driven.receive(
        lifecycle(1, "deactivated", is_deactivated=True),
        lifecycle(2, "activated", is_deactivated=False),
    )
    market = market_of().id
    assert told == [
        MarketStatusChanged(market, "paused", T0),
        MarketStatusChanged(market, "open", T0),
    ]


def test_a_named_payout_counts_once_settled() -> None:
    driven = Driven()
    at_s = T0 // SECOND + 60
    (proposed,) = driven.receive(
        lifecycle(1, "determined", determination_ts=at_s, result="yes", settlement_value="1.0000")
    )
    assert isinstance(proposed, MarketStatusChanged)
    assert (proposed.status, proposed.event_us) == ("proposed", at_s * SECOND)
    status, resolved = driven.receive(lifecycle(2, "settled", settled_ts=at_s + 120))
    assert isinstance(status, MarketStatusChanged)
    assert isinstance(resolved, MarketResolved)
    assert (status.status, resolved.payout_yes) == ("settled", 1_000_000)


def test_an_amended_payout_replaces_the_first() -> None:
    driven = Driven()
    driven.receive(lifecycle(1, "determined", settlement_value="1.0000"))
    driven.receive(lifecycle(2, "determined", settlement_value="0.5000"))
    resolved = driven.receive(lifecycle(3, "settled"))[-1]
    assert isinstance(resolved, MarketResolved)
    assert resolved.payout_yes == 500_000


def test_a_settlement_without_a_known_payout_invents_none() -> None:
    told = Driven().receive(lifecycle(1, "settled"))
    assert [type(message) for message in told] == [MarketStatusChanged]


def test_another_grid_starts_another_epoch_of_the_same_book() -> None:
    driven = Driven()
    (before,) = driven.receive(framed(SNAPSHOT))
    grid, after = driven.receive(lifecycle(1, "price_level_structure_updated", price_ranges=FINE))
    assert isinstance(grid, GridChanged)
    assert grid.grid.finest() == 1_000
    assert isinstance(before, BookChanged)
    assert isinstance(after, BookChanged)
    assert (after.bids, after.asks) == (before.bids, before.asks)
    assert after.epoch > before.epoch


def test_an_early_close_closes_and_a_later_date_reopens() -> None:
    driven = Driven()
    listed, closed = driven.receive(lifecycle(1, "close_date_updated", close_ts=T0 // SECOND))
    assert isinstance(listed, MarketListed)
    assert listed.market.closes_us == T0
    assert isinstance(closed, MarketStatusChanged)
    assert closed.status == "closed"
    later = T0 // SECOND + 3_600
    (reopened,) = driven.receive(lifecycle(2, "close_date_updated", close_ts=later))
    assert isinstance(reopened, MarketListed)
    assert (reopened.market.status, reopened.market.closes_us) == ("open", later * SECOND)


def test_a_later_change_builds_on_the_earlier_one() -> None:
    driven = Driven()
    driven.receive(lifecycle(1, "deactivated"))
    (renamed,) = driven.receive(lifecycle(2, "metadata_updated", yes_sub_title="above $95,000"))
    assert isinstance(renamed, MarketListed)
    assert renamed.market.status == "paused"
    assert renamed.market.outcome_labels == ("above $95,000", "Not above $95,000")
    assert driven.receive(lifecycle(3, "metadata_updated", floor_strike=95_000)) == []


def test_a_new_market_of_a_known_event_is_listed_with_what_the_event_shares() -> None:
    (listed,) = Driven().receive(lifecycle(1, "created", **CREATED))
    assert isinstance(listed, MarketListed)
    market, sibling = listed.market, market_of()
    assert (market.id, market.status) == (f"kalshi:{TICKER_B}", "listed")
    assert (market.fee, market.exclusive_group) == (sibling.fee, sibling.exclusive_group)
    assert market.grid.finest() == 1_000
    assert (market.settles_us, market.volume_24h) == (None, None)
    assert market.outcome_labels == ("Pittsburgh", "Not Pittsburgh")


def test_markets_of_others_are_counted_only() -> None:
    driven = Driven()
    elsewhere = CREATED["additional_metadata"] | {"event_ticker": "KXELSE"}
    told = driven.receive(
        lifecycle(1, "created", **CREATED | {"additional_metadata": elsewhere}),
        lifecycle(2, "settled", market_ticker="KXELSE-1"),
        encoded({"type": "event_lifecycle", "sid": 4, "seq": 3, "msg": {}}),
    )
    assert told == []
    assert driven.stream.counts.foreign_count == 3


@pytest.mark.parametrize(
    "frame",
    [
        lifecycle(1, "close_date_updated"),
        lifecycle(1, "determined", result="yes"),
        lifecycle(1, "determined", settlement_value="1.5"),
        lifecycle(1, "price_level_structure_updated"),
        lifecycle(1, "price_level_structure_updated", price_ranges=[]),
        lifecycle(1, "created", **CREATED | {"price_ranges": None}),
    ],
)
def test_a_frame_that_lacks_its_part_is_quarantined(frame: bytes) -> None:
    told = Driven().receive(frame)
    assert [type(message) for message in told] == [PayloadQuarantined]


def test_a_new_kind_of_event_is_told() -> None:
    told = Driven().receive(lifecycle(1, "hibernated"))
    assert told == [ShapeUnknown("kalshi", "market_lifecycle_v2.event_type", "hibernated")]
    assert "hibernated" not in STEPS


@pytest.mark.parametrize(
    ("fee_type", "multiplier", "terms"),
    [
        ("quadratic", 1, SeriesFee("quadratic", 1_000_000)),
        ("quadratic", 0.5, SeriesFee("quadratic", 500_000)),
        (None, None, None),
        ("quadratic", None, None),
        ("margin_market_maker_program_fees", 1, None),
    ],
)
def test_fee_overrides_are_exact_or_not_understood(
    fee_type: str | None, multiplier: float | None, terms: SeriesFee | None
) -> None:
    told = Driven().receive(fee_update(fee_type, multiplier))
    assert told == [FeeChanged(market_of().id, terms)]
