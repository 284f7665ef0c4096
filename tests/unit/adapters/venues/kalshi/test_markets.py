"""Does a listed market mean what the venue says, with nothing filled in by us?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from foreshock.adapters.venues.kalshi import wire
from foreshock.adapters.venues.kalshi.markets import (
    STATUSES,
    Listing,
    listing,
    price_grid,
    shard_index,
)
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import SeriesFee
from foreshock.core.domain.messages.market_data import MarketResolved, ShapeUnknown
from foreshock.core.domain.units import SECOND, Instant, Price
from tests.unit.adapters.venues.kalshi.builders import (
    EVENT,
    MARKET,
    SERIES,
    TICKER_A,
    Json,
    changed,
    encoded,
    market_of,
)

REQUIRED = [
    "ticker",
    "event_ticker",
    "market_type",
    "yes_sub_title",
    "no_sub_title",
    "open_time",
    "close_time",
    "settlement_timer_seconds",
    "status",
    "notional_value_dollars",
    "volume_24h_fp",
    "rules_primary",
    "rules_secondary",
    "price_ranges",
]


def listed(
    market: Json | None = None, event: Json | None = None, series: Json | None = None
) -> Listing:
    return listing(
        wire.decoded(encoded(changed(MARKET, **(market or {}))), wire.Market),
        wire.decoded(encoded(changed(EVENT, **(event or {}))), wire.Event),
        wire.decoded(encoded(changed(SERIES, **(series or {}))), wire.Series),
    )


def ranges(*rows: tuple[str, str, str]) -> list[wire.Range]:
    return [wire.Range(*row) for row in rows]


def test_reads_every_term_of_a_real_market() -> None:
    market = market_of()
    assert market.id == f"kalshi:{TICKER_A}"
    assert (market.status, market.category, market.event_id) == (
        "open",
        "Sports",
        EVENT["event_ticker"],
    )
    assert market.rules == f"{MARKET['rules_primary']}\n\n{MARKET['rules_secondary']}"
    assert market.resolution_source == "ESPN (https://www.espn.com)"
    assert (market.quantity_step, market.quantity_min) == (10_000, 10_000)
    assert market.volume_24h == 1_963_890_000
    assert market.fee == SeriesFee("quadratic_with_maker_fees", 500_000)
    assert market.closes_us == 1_786_401_600_000_000
    expected_expiration_us = 1_786_153_200_000_000
    assert market.settles_us == expected_expiration_us + 300 * SECOND


def test_no_label_says_no_where_the_venue_repeats_the_yes_label() -> None:
    assert market_of().outcome_labels == ("New York M", "Not New York M")
    assert market_of(no_sub_title="Pittsburgh").outcome_labels == ("New York M", "Pittsburgh")


@pytest.mark.parametrize("field", REQUIRED)
def test_a_missing_field_is_named_never_defaulted(field: str) -> None:
    with pytest.raises(DataError, match=f"`{field}`"):
        listed({field: ...})


@pytest.mark.parametrize("field", ["fee_type", "fee_multiplier", "category", "settlement_sources"])
def test_a_missing_field_of_the_series_is_named(field: str) -> None:
    with pytest.raises(DataError, match=f"`{field}`"):
        listed(series={field: ...})


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("initialized", "listed"),
        ("inactive", "paused"),
        ("active", "open"),
        ("closed", "closed"),
        ("determined", "proposed"),
        ("disputed", "disputed"),
        ("amended", "proposed"),
        ("finalized", "settled"),
    ],
)
def test_every_documented_status_has_its_word(word: str, status: str) -> None:
    assert listed({"status": word}).market.status == status
    assert word in STATUSES


def test_a_new_status_is_unknown_and_told() -> None:
    found = listed({"status": "hibernating"})
    assert found.market.status == "unknown"
    assert found.unknowns == (ShapeUnknown("kalshi", "market.status", "hibernating"),)


def test_mutually_exclusive_events_make_a_group_that_is_never_bought_whole() -> None:
    market = market_of()
    assert market.exclusive_group == EVENT["event_ticker"]
    assert (market.is_augmented, market.exclusive_count) == (True, None)
    for kind in ("", "DIRECNET"):
        alone = listed(event={"collateral_return_type": kind}).market
        assert (alone.exclusive_group, alone.is_augmented) == (None, False)


def test_event_override_beats_series_terms() -> None:
    override = {"fee_type_override": "quadratic", "fee_multiplier_override": 0}
    assert listed(event=override).market.fee == SeriesFee("quadratic", 0)


@pytest.mark.parametrize(
    "override", [{"fee_type_override": "quadratic"}, {"fee_multiplier_override": 0.5}]
)
def test_half_an_override_is_not_understood(override: Json) -> None:
    assert listed(event=override).market.fee is None


def test_a_new_fee_type_means_no_trade_and_is_told() -> None:
    found = listed(series={"fee_type": "cubic"})
    assert found.market.fee is None
    assert found.unknowns == (ShapeUnknown("kalshi", "fee_type", "cubic"),)
    flat = listed(series={"fee_type": "flat"})
    assert (flat.market.fee, flat.unknowns) == (None, ())


def test_a_payout_with_a_floor_is_shown_but_never_traded() -> None:
    assert listed({"settlement_bounds_type": "floor"}).market.fee is None
    assert listed({"settlement_bounds_type": "default"}).market.fee is not None


@pytest.mark.parametrize(
    "field", [{"market_type": "scalar"}, {"notional_value_dollars": "10.0000"}]
)
def test_what_does_not_pay_one_dollar_is_refused(field: Json) -> None:
    with pytest.raises(DataError, match=TICKER_A):
        listed(field)


def test_a_payout_counts_once_it_is_settled() -> None:
    named = {"settlement_value_dollars": "1.0000", "settlement_ts": "2026-08-08T02:00:00Z"}
    assert listed({"status": "determined"} | named).resolved is None
    settled = listed({"status": "finalized"} | named).resolved
    assert settled == MarketResolved(
        market_of().id, Price(1_000_000), Instant(1_786_154_400_000_000)
    )


def test_tapered_grid_has_finer_edges() -> None:
    grid = price_grid(
        ranges(
            ("0.9000", "1.0000", "0.0010"),
            ("0.0000", "0.1000", "0.0010"),
            ("0.1000", "0.9000", "0.0100"),
        )
    )
    assert [grid.accepts(Price(p)) for p in (51_000, 101_000, 110_000, 999_000)] == [
        True,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("0.0000", "0.9000", "0.0100")],
        [("0.0000", "0.5000", "0.0100"), ("0.6000", "1.0000", "0.0100")],
        [("0.0000", "1.0000", "0.0000")],
        [("0.0000", "1.0000", "0.000001")],
        [("0.0000", "1.0000", "0.0300")],
        [("0.5000", "0.5000", "0.0100"), ("0.0000", "1.0000", "0.0100")],
        [("0.0000", "2.0000", "0.0100")],
    ],
)
def test_a_grid_with_holes_or_absurd_steps_is_refused(rows: list[tuple[str, str, str]]) -> None:
    with pytest.raises(DataError, match="price"):
        price_grid(ranges(*rows))


def test_every_recorded_market_reads(shared_wire: Path) -> None:
    folder = shared_wire / "kalshi" / "josephsapinoso_kalshi-cockpit_2026-08"
    fees = json.loads((folder / "series_fee_fields.json").read_bytes())["payloads"]
    series = wire.decoded(encoded(fees["KXWNBAGAME"]), wire.SeriesBody).series
    found: list[Listing] = []
    for path in sorted(folder.glob("events_*.json")):
        for event in events_in(json.loads(path.read_bytes())):
            read = wire.decoded(encoded(event), wire.Event)
            found += [
                listing(wire.decoded(raw, wire.Market), read, series) for raw in read.markets or ()
            ]
    assert len(found) > 500
    assert all(one.unknowns == () for one in found)
    assert {one.market.status for one in found} <= {"open", "listed", "proposed", "closed"}


def test_recorded_fee_multipliers_are_exact(shared_wire: Path) -> None:
    folder = shared_wire / "kalshi" / "josephsapinoso_kalshi-cockpit_2026-08"
    fees = json.loads((folder / "series_fee_fields.json").read_bytes())["payloads"]
    terms = {
        ticker: listed(series=msgspec.to_builtins(body["series"])).market.fee
        for ticker, body in fees.items()
    }
    assert terms["KXMLBGAME"] == SeriesFee("quadratic_with_maker_fees", 500_000)
    assert terms["KXMLBSPREAD"] == SeriesFee("quadratic", 500_000)
    assert terms["KXATPDOUBLES"] == SeriesFee("quadratic", 1_000_000)


def test_recorded_single_and_nested_markets_read_alike(shared_wire: Path) -> None:
    folder = shared_wire / "kalshi" / "josephsapinoso_kalshi-cockpit_2026-08"
    recorded = json.loads((folder / "market_single.json").read_bytes())
    nested = wire.decoded(encoded(recorded["nested"]), wire.Market)
    single = wire.decoded(encoded(recorded["single"]["market"]), wire.Market)
    assert nested.ticker == single.ticker
    assert nested.price_ranges == single.price_ranges


def test_recorded_settled_markets_name_their_payout(shared_wire: Path) -> None:
    folder = shared_wire / "kalshi" / "josephsapinoso_kalshi-cockpit_2026-08"
    recorded = json.loads((folder / "markets_settled.json").read_bytes())["markets"]
    event = wire.decoded(encoded(EVENT), wire.Event)
    series = wire.decoded(encoded(SERIES), wire.Series)
    for body in recorded:
        resolved = listing(wire.decoded(encoded(body), wire.Market), event, series).resolved
        if body["status"] == "finalized":
            assert resolved is not None
            assert resolved.payout_yes == {"yes": 1_000_000, "no": 0}[body["result"]]
        else:
            assert resolved is None


def events_in(body: object) -> Iterator[Json]:
    """Every event with nested markets anywhere in a recording."""
    if isinstance(body, dict):
        fields = cast("dict[str, Any]", body)
        if "series_ticker" in fields and isinstance(fields.get("markets"), list):
            yield fields
        else:
            for value in fields.values():
                yield from events_in(value)
    elif isinstance(body, list):
        for value in cast("list[Any]", body):
            yield from events_in(value)


@pytest.mark.parametrize(
    ("told", "index"),
    [((), None), ((None, None, 3), 3), ((2, 0, 0), 2), ((-1, None, 1), 1), ((0,), 0)],
)
def test_the_shard_is_the_first_that_market_event_or_series_say(
    told: tuple[int | None, ...], index: int | None
) -> None:
    assert shard_index(*told) == index
